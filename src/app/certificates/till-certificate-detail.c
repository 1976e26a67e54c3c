/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The detail side of the Certificates pane: one row's certificate, its file's password page, or why it did not open. */
#include "config.h"

#include "till-certificate-detail-private.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "till-certificate-words.h"
#include "till-text.h"

/**
 * TillCertificateDetail:
 *
 * Follows its item's source: what the source is doing decides the page. From a
 * certificate one can go on to those above it in the chain, and back; the way
 * is kept in a trail whose first step is the item's own certificate.
 */

/* A reading shorter than this shows nothing of itself. */
#define SPINNER_DELAY_MS 300

typedef enum
{
  PROP_ITEM = 1,
} TillCertificateDetailProperty;

static GParamSpec *properties[PROP_ITEM + 1];

G_DEFINE_FINAL_TYPE (TillCertificateDetail, till_certificate_detail, GTK_TYPE_WIDGET)

static TillDocument *
get_document (TillCertificateDetail *self)
{
  return self->entry != NULL ? till_file_entry_get_document (self->entry) : NULL;
}

static gboolean
is_busy (TillCertificateDetail *self)
{
  gboolean busy;

  g_object_get (self->entry, "busy", &busy, NULL);

  return busy;
}

static void
show_page (TillCertificateDetail *self,
           const char            *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_spinner_set_spinning (self->loading_spinner, g_strcmp0 (name, "loading") == 0);
  till_certificate_detail_update_actions (self);
}

/**
 * till_certificate_detail_show_current:
 * @self: a detail side whose trail has a step
 *
 * Shows the certificate that the trail has come to.
 */
void
till_certificate_detail_show_current (TillCertificateDetail *self)
{
  g_autofree char *back = NULL;

  if (self->trail->len > 1)
    {
      int previous = g_array_index (self->trail, int, self->trail->len - 2);

      back = till_words_dup_name (self->shown->certificates->pdata[previous]);
    }

  till_certificate_view_show (self->view, self->item, till_certificate_detail_get_current (self), back);
  till_certificate_detail_update_actions (self);
}

/* A row that stands for a whole file is shown by its first certificate, should it turn out to have one. */
static int
get_first_certificate (TillCertificateDetail *self,
                       TillDocument          *document)
{
  int leaf = till_certificate_item_get_leaf (self->item);

  if (leaf >= 0 && leaf < (int) document->certificates->len)
    return leaf;

  if (document->leaves->len > 0)
    return (int) g_array_index (document->leaves, guint, 0);

  return document->certificates->len > 0 ? 0 : -1;
}

static void
show_content (TillCertificateDetail *self)
{
  TillDocument *document = get_document (self);

  /* The trail leads through one document; another one begins another. */
  if (self->shown != document || self->trail->len == 0)
    {
      int first = get_first_certificate (self, document);

      till_document_ref (document);
      g_clear_pointer (&self->shown, till_document_unref);
      self->shown = document;
      g_array_set_size (self->trail, 0);
      g_array_append_val (self->trail, first);
      till_certificate_detail_show_current (self);
    }
  else
    till_certificate_view_update_status (self->view);

  show_page (self, "content");
}

/**
 * till_certificate_detail_clear_spinner:
 * @self: a detail side
 *
 * Takes away what says that a file is being read, and what would say so soon.
 */
void
till_certificate_detail_clear_spinner (TillCertificateDetail *self)
{
  g_clear_handle_id (&self->spinner_timeout, g_source_remove);
  till_certificate_view_set_reading (self->view, FALSE);
}

static gboolean
spinner_due_cb (gpointer user_data)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (user_data);

  self->spinner_timeout = 0;

  /* What was known before stays, with a word above it. */
  if (till_file_entry_get_state (self->entry) == TILL_FILE_READY)
    till_certificate_view_set_reading (self->view, TRUE);
  else
    {
      g_autofree char *name = till_text_dup_display (till_file_entry_get_title (self->entry), 80);
      /* Translators: %s is the name of a file. */
      g_autofree char *text = g_strdup_printf (_("Reading “%s”…"), name);

      gtk_label_set_label (self->loading_label, text);
      show_page (self, "loading");
    }

  return G_SOURCE_REMOVE;
}

static void
expect_spinner (TillCertificateDetail *self)
{
  if (self->spinner_timeout == 0)
    self->spinner_timeout = g_timeout_add (SPINNER_DELAY_MS, spinner_due_cb, self);
}

static void
update_loading (TillCertificateDetail *self)
{
  const char *page = gtk_stack_get_visible_child_name (self->stack);

  if (self->stopped && !is_busy (self))
    {
      till_certificate_detail_clear_spinner (self);
      till_failure_page_set (self->failure_page, till_file_entry_get_title (self->entry), _("Not Read"),
                             _("Reading was stopped. Try again, or choose another file."), NULL);
      show_page (self, "failed");
      return;
    }

  if (g_strcmp0 (page, "loading") == 0)
    return;

  show_page (self, "blank");
  expect_spinner (self);
}

/**
 * till_certificate_detail_update:
 * @self: a detail side
 *
 * What the source is doing decides what is seen.
 */
void
till_certificate_detail_update (TillCertificateDetail *self)
{
  TillFileState state;

  if (self->item == NULL)
    {
      till_certificate_detail_clear_spinner (self);
      show_page (self, "empty");
      return;
    }

  state = till_file_entry_get_state (self->entry);

  till_password_page_set_entry (self->password_page, state == TILL_FILE_NEEDS_PASSWORD ? self->entry : NULL);

  if (state == TILL_FILE_LOADING)
    {
      update_loading (self);
      return;
    }

  self->stopped = FALSE;
  if (state == TILL_FILE_READY && is_busy (self))
    expect_spinner (self);
  else
    till_certificate_detail_clear_spinner (self);

  switch (state)
    {
    case TILL_FILE_READY:
      show_content (self);
      break;

    case TILL_FILE_NEEDS_PASSWORD:
      show_page (self, "password");
      break;

    case TILL_FILE_FAILED:
    case TILL_FILE_MISSING:
    case TILL_FILE_LOADING:
    default:
      till_failure_page_set_error (self->failure_page, till_file_entry_get_title (self->entry),
                                   till_file_entry_get_error (self->entry));
      show_page (self, "failed");
      break;
    }
}

static void
status_changed_cb (TillCertificateDetail *self)
{
  till_certificate_view_update_status (self->view);
}

static void
till_certificate_detail_get_property (GObject    *object,
                                      guint       prop_id,
                                      GValue     *value,
                                      GParamSpec *pspec)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (object);

  switch ((TillCertificateDetailProperty) prop_id)
    {
    case PROP_ITEM:
      g_value_set_object (value, self->item);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_certificate_detail_set_property (GObject      *object,
                                      guint         prop_id,
                                      const GValue *value,
                                      GParamSpec   *pspec)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (object);

  switch ((TillCertificateDetailProperty) prop_id)
    {
    case PROP_ITEM:
      till_certificate_detail_set_item (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
forget_item (TillCertificateDetail *self)
{
  g_clear_handle_id (&self->spinner_timeout, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  if (self->entry != NULL)
    g_signal_handlers_disconnect_by_data (self->entry, self);

  g_clear_object (&self->item);
  g_clear_object (&self->entry);
  g_clear_pointer (&self->shown, till_document_unref);
  g_array_set_size (self->trail, 0);
  self->stopped = FALSE;
}

/* Out of the window: what waits for an answer holds us, so dispose would never come. */
static void
till_certificate_detail_unroot (GtkWidget *widget)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (widget);

  g_cancellable_cancel (self->saving);
  g_object_unref (self->saving);
  self->saving = g_cancellable_new ();
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);

  GTK_WIDGET_CLASS (till_certificate_detail_parent_class)->unroot (widget);
}

static void
till_certificate_detail_dispose (GObject *object)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (object);

  g_cancellable_cancel (self->saving);
  forget_item (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), TILL_TYPE_CERTIFICATE_DETAIL);

  G_OBJECT_CLASS (till_certificate_detail_parent_class)->dispose (object);
}

static void
till_certificate_detail_finalize (GObject *object)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (object);

  g_clear_object (&self->saving);
  g_array_unref (self->trail);

  G_OBJECT_CLASS (till_certificate_detail_parent_class)->finalize (object);
}

static void
till_certificate_detail_class_init (TillCertificateDetailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = till_certificate_detail_get_property;
  object_class->set_property = till_certificate_detail_set_property;
  object_class->dispose = till_certificate_detail_dispose;
  object_class->finalize = till_certificate_detail_finalize;
  widget_class->unroot = till_certificate_detail_unroot;

  properties[PROP_ITEM] =
    g_param_spec_object ("item", NULL, NULL, TILL_TYPE_CERTIFICATE_ITEM,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tillkeeper/Tillkeeper/till-certificate-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, TillCertificateDetail, stack);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateDetail, loading_spinner);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateDetail, loading_label);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateDetail, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateDetail, view);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateDetail, password_page);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateDetail, failure_page);

  till_certificate_detail_install_actions (widget_class);
}

static void
till_certificate_detail_init (TillCertificateDetail *self)
{
  g_type_ensure (TILL_TYPE_CERTIFICATE_VIEW);
  g_type_ensure (TILL_TYPE_PASSWORD_PAGE);
  g_type_ensure (TILL_TYPE_FAILURE_PAGE);

  self->trail = g_array_new (FALSE, FALSE, sizeof (int));
  self->saving = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  till_certificate_detail_update (self);
}

/**
 * till_certificate_detail_new:
 *
 * Returns: (transfer floating): a detail side without an item
 */
TillCertificateDetail *
till_certificate_detail_new (void)
{
  return g_object_new (TILL_TYPE_CERTIFICATE_DETAIL, NULL);
}

/**
 * till_certificate_detail_get_item:
 * @self: a detail side
 *
 * Returns: (transfer none) (nullable): the row that is shown
 */
TillCertificateItem *
till_certificate_detail_get_item (TillCertificateDetail *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_DETAIL (self), NULL);

  return self->item;
}

/**
 * till_certificate_detail_set_item:
 * @self: a detail side
 * @item: (nullable): the row to show
 *
 * Shows another row, from its own certificate. What was being done for the
 * last one is given up.
 */
void
till_certificate_detail_set_item (TillCertificateDetail *self,
                                  TillCertificateItem   *item)
{
  g_return_if_fail (TILL_IS_CERTIFICATE_DETAIL (self));
  g_return_if_fail (item == NULL || TILL_IS_CERTIFICATE_ITEM (item));

  if (self->item == item)
    return;

  forget_item (self);

  if (item != NULL)
    {
      self->item = g_object_ref (item);
      self->entry = g_object_ref (till_certificate_item_get_entry (item));
      g_signal_connect_swapped (self->item, "notify::status", G_CALLBACK (status_changed_cb), self);
      g_signal_connect_swapped (self->item, "notify::status-text", G_CALLBACK (status_changed_cb), self);
      g_signal_connect_swapped (self->entry, "notify::state", G_CALLBACK (till_certificate_detail_update), self);
      g_signal_connect_swapped (self->entry, "notify::busy", G_CALLBACK (till_certificate_detail_update), self);
      g_signal_connect_swapped (self->entry, "changed", G_CALLBACK (till_certificate_detail_update), self);
    }
  else
    till_certificate_view_clear (self->view);

  till_certificate_detail_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}

/**
 * till_certificate_detail_focus:
 * @self: a detail side
 *
 * Puts the focus where one would go on: the password row where it is asked
 * for, else the first control.
 */
void
till_certificate_detail_focus (TillCertificateDetail *self)
{
  const char *page;

  g_return_if_fail (TILL_IS_CERTIFICATE_DETAIL (self));

  page = gtk_stack_get_visible_child_name (self->stack);
  if (g_strcmp0 (page, "password") == 0)
    till_password_page_focus (self->password_page);
  else if (g_strcmp0 (page, "failed") == 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->failure_page));
  else if (g_strcmp0 (page, "loading") == 0)
    gtk_widget_grab_focus (self->cancel_button);
  else if (g_strcmp0 (page, "content") == 0)
    gtk_widget_child_focus (GTK_WIDGET (self->view), GTK_DIR_TAB_FORWARD);
}
