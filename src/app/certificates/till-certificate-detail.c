/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The detail side of the Certificates pane: one row's certificate, its file's password page, or why it did not open. */
#include "config.h"

#include "till-certificate-detail.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "till-calendar.h"
#include "till-certificate-view.h"
#include "till-certificate-words.h"
#include "till-error-text.h"
#include "till-export.h"
#include "till-fact-row.h"
#include "till-flip-box.h"
#include "till-password-page.h"
#include "till-save.h"
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

struct _TillCertificateDetail
{
  GtkWidget             parent_instance;

  GtkStack             *stack;
  GtkSpinner           *loading_spinner;
  GtkLabel             *loading_label;
  GtkWidget            *cancel_button;
  TillCertificateView  *view;
  TillPasswordPage     *password_page;
  AdwStatusPage        *failed_page;
  GtkWidget            *retry_button;
  AdwExpanderRow       *details_row;
  GtkWidget            *failure_row;     /* (nullable) inside details_row */

  TillCertificateItem  *item;            /* (nullable) */
  TillFileEntry        *entry;           /* (nullable) the item's */
  GArray               *trail;           /* (element-type int) certificates gone through */
  TillDocument         *shown;           /* (nullable) document that the trail leads through */
  guint                 spinner_timeout;
  gboolean              stopped;         /* the first reading was given up */
  GCancellable         *cancellable;     /* (nullable) of our own reading */
  GCancellable         *saving;          /* closes dialogs when we go */
};

typedef enum
{
  PROP_ITEM = 1,
} TillCertificateDetailProperty;

static GParamSpec *properties[PROP_ITEM + 1];

G_DEFINE_FINAL_TYPE (TillCertificateDetail, till_certificate_detail, GTK_TYPE_WIDGET)

static void update (TillCertificateDetail *self);

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
say (TillCertificateDetail *self,
     const char            *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

/* The certificate that is shown; -1 for a file without one, or while nothing is shown. */
static int
get_current (TillCertificateDetail *self)
{
  if (self->trail->len == 0)
    return -1;

  return g_array_index (self->trail, int, self->trail->len - 1);
}

static const TillCertificate *
get_current_certificate (TillCertificateDetail *self)
{
  int current = get_current (self);

  if (current < 0 || self->shown == NULL)
    return NULL;

  return self->shown->certificates->pdata[current];
}

/* What a person would paste elsewhere: the item's identifier, or the name of an issuer. */
static const char *
get_current_identifier (TillCertificateDetail *self)
{
  const TillCertificate *certificate = get_current_certificate (self);

  if (certificate == NULL)
    return NULL;

  if (certificate->pass_type_id != NULL)
    return certificate->pass_type_id;

  if (self->trail->len == 1)
    return till_certificate_item_get_identifier (self->item);

  return certificate->common_name;
}

static void
update_actions (TillCertificateDetail *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean content = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "content") == 0;
  const TillCertificate *certificate = content ? get_current_certificate (self) : NULL;
  const char *identifier = certificate != NULL ? get_current_identifier (self) : NULL;
  g_autoptr(GBytes) part = NULL;

  if (content && self->shown != NULL)
    part = till_export_make (self->shown, get_current (self), TILL_EXPORT_DER);

  gtk_widget_action_set_enabled (widget, "detail.copy-identifier", identifier != NULL && *identifier != '\0');
  gtk_widget_action_set_enabled (widget, "detail.export", part != NULL);
  gtk_widget_action_set_enabled (widget, "detail.export-der", part != NULL);
  gtk_widget_action_set_enabled (widget, "detail.export-chain",
                                 certificate != NULL && self->shown->certificates->len > 1);
  gtk_widget_action_set_enabled (widget, "detail.add-to-calendar",
                                 certificate != NULL && certificate->not_after != TILL_TIME_INVALID &&
                                 certificate->not_after != TILL_TIME_NEVER);
  gtk_widget_action_set_enabled (widget, "detail.show-folder",
                                 self->entry != NULL && till_file_entry_get_file (self->entry) != NULL);
  gtk_widget_action_set_enabled (widget, "detail.back", content && self->trail->len > 1);
}

static void
show_page (TillCertificateDetail *self,
           const char            *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_spinner_set_spinning (self->loading_spinner, g_strcmp0 (name, "loading") == 0);
  update_actions (self);
}

static void
show_certificate (TillCertificateDetail *self)
{
  g_autofree char *back = NULL;

  if (self->trail->len > 1)
    {
      int previous = g_array_index (self->trail, int, self->trail->len - 2);

      back = till_words_dup_name (self->shown->certificates->pdata[previous]);
    }

  till_certificate_view_show (self->view, self->item, get_current (self), back);
  update_actions (self);
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
      show_certificate (self);
    }
  else
    till_certificate_view_update_status (self->view);

  show_page (self, "content");
}

static void
set_failure (TillCertificateDetail *self,
             const char            *title,
             const char            *body,
             const char            *details)
{
  g_autofree char *name = till_text_dup_display (till_file_entry_get_title (self->entry), TILL_TEXT_MAX_CHARS);
  g_autofree char *description = g_markup_printf_escaped ("%s\n\n%s", name, body);
  g_autofree char *heading = g_markup_escape_text (title, -1);

  adw_status_page_set_title (self->failed_page, heading);
  adw_status_page_set_description (self->failed_page, description);

  if (self->failure_row != NULL)
    adw_expander_row_remove (self->details_row, self->failure_row);
  self->failure_row = NULL;

  if (details != NULL)
    {
      /* Translators: title of a row with the technical words of an error. */
      TillFact fact = { _("Error Message"), (char *) details, (char *) details, FALSE };

      self->failure_row = till_fact_row_new (&fact);
      adw_expander_row_add_row (self->details_row, self->failure_row);
    }
  gtk_widget_set_visible (gtk_widget_get_ancestor (GTK_WIDGET (self->details_row), GTK_TYPE_LIST_BOX),
                          details != NULL);
}

static void
show_failure (TillCertificateDetail *self)
{
  const GError *error = till_file_entry_get_error (self->entry);
  g_autofree char *body = NULL;
  g_autofree char *details = NULL;

  if (error == NULL)
    {
      set_failure (self, _("File Cannot Be Read"), _("Try again, or choose another file."), NULL);
    }
  else
    {
      body = till_error_text_dup_body (error);
      details = till_error_text_dup_details (error);
      set_failure (self, till_error_text_get_title (error), body, details);
    }

  show_page (self, "failed");
}

static void
clear_spinner (TillCertificateDetail *self)
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
      clear_spinner (self);
      set_failure (self, _("Not Read"), _("Reading was stopped. Try again, or choose another file."), NULL);
      show_page (self, "failed");
      return;
    }

  if (g_strcmp0 (page, "loading") == 0)
    return;

  show_page (self, "blank");
  expect_spinner (self);
}

/* What the source is doing decides what is seen. */
static void
update (TillCertificateDetail *self)
{
  TillFileState state;

  if (self->item == NULL)
    {
      clear_spinner (self);
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
    clear_spinner (self);

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
      show_failure (self);
      break;
    }
}

static void
status_changed_cb (TillCertificateDetail *self)
{
  till_certificate_view_update_status (self->view);
}

static void
read_again_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(TillCertificateDetail) self = TILL_CERTIFICATE_DETAIL (user_data);

  /* The source's state says how it went, and we follow that. */
  till_file_entry_load_finish (TILL_FILE_ENTRY (source), result, NULL);

  if (self->entry == TILL_FILE_ENTRY (source))
    update (self);
}

static void
read_again (TillCertificateDetail *self)
{
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  till_file_entry_load_async (self->entry, NULL, self->cancellable, read_again_cb, g_object_ref (self));
}

static void
retry_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (widget);

  if (self->entry == NULL)
    return;

  self->stopped = FALSE;
  read_again (self);
  update (self);
}

static void
cancel_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (widget);

  if (self->entry == NULL)
    return;

  self->stopped = TRUE;
  clear_spinner (self);
  if (self->cancellable == NULL || g_cancellable_is_cancelled (self->cancellable))
    {
      /* Somebody else began this reading. A newer one takes its place, and ends at once. */
      read_again (self);
    }
  g_cancellable_cancel (self->cancellable);
}

static void
copy_text (TillCertificateDetail *self,
           const char            *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  say (self, _("Copied"));
}

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  copy_text (TILL_CERTIFICATE_DETAIL (widget), g_variant_get_string (parameter, NULL));
}

static void
copy_identifier_action (GtkWidget  *widget,
                        const char *name,
                        GVariant   *parameter)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (widget);
  const char *identifier = get_current_identifier (self);

  if (identifier != NULL)
    copy_text (self, identifier);
}

static void
export (TillCertificateDetail *self,
        TillExportFormat       format)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *name = NULL;

  if (self->shown == NULL)
    return;

  bytes = till_export_make (self->shown, get_current (self), format);
  if (bytes == NULL)
    return;

  name = till_export_dup_name (self->shown, get_current (self), format);
  till_save_ask (GTK_WIDGET (self), _("Export Public Part"), name,
                 format == TILL_EXPORT_DER ? TILL_FILE_KIND_DER : TILL_FILE_KIND_PEM,
                 bytes, self->saving);
}

static void
export_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  export (TILL_CERTIFICATE_DETAIL (widget), TILL_EXPORT_PEM);
}

static void
export_der_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  export (TILL_CERTIFICATE_DETAIL (widget), TILL_EXPORT_DER);
}

static void
export_chain_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  export (TILL_CERTIFICATE_DETAIL (widget), TILL_EXPORT_CHAIN);
}

static char *
dup_calendar (TillCertificateDetail *self,
              const TillCertificate *certificate)
{
  g_autoptr(TillChain) chain = till_document_build_chain (self->shown, (guint) get_current (self));
  gint64 end = chain != NULL ? chain->effective_not_after : certificate->not_after;
  g_autofree char *name = till_words_dup_name (certificate);
  g_autofree char *file = till_text_dup_display (till_file_entry_get_title (self->entry), 80);
  g_autofree char *date = till_text_dup_date_time (end);
  g_autofree char *consequence = till_words_dup_consequence (certificate);
  g_autofree char *uid = g_strdup_printf ("%s@tillkeeper.github.io", certificate->sha256);
  g_autofree char *summary = NULL;
  g_autofree char *description = NULL;
  TillCalendarEvent event;

  /* Translators: title of a calendar event; %s is the name of a certificate. */
  summary = g_strdup_printf (_("Certificate “%s” ends"), name);
  description = g_strdup_printf ("%s\n%s\n%s\n%s",
                                 date, consequence,
                                 get_current_identifier (self) != NULL ? get_current_identifier (self) : "",
                                 file);

  event.uid = uid;
  event.summary = summary;
  event.description = description;
  event.when = end;

  return till_calendar_format (&event, 1, till_clock_get_now (till_certificate_item_get_clock (self->item)));
}

static void
add_to_calendar_action (GtkWidget  *widget,
                        const char *action,
                        GVariant   *parameter)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (widget);
  const TillCertificate *certificate = get_current_certificate (self);
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *name = NULL;
  char *text;

  if (certificate == NULL)
    return;

  text = dup_calendar (self, certificate);
  bytes = g_bytes_new_take (text, strlen (text));
  name = till_save_dup_safe_name (get_current_identifier (self), ".ics");
  till_save_ask (widget, _("Add to Calendar"), name, TILL_FILE_KIND_CALENDAR, bytes, self->saving);
}

static void
folder_shown_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(TillCertificateDetail) self = TILL_CERTIFICATE_DETAIL (user_data);

  if (!g_app_info_launch_default_for_uri_finish (result, NULL))
    say (self, _("No program here can show the folder"));
}

static void
show_folder_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (widget);
  GFile *file = self->entry != NULL ? till_file_entry_get_file (self->entry) : NULL;
  g_autoptr(GFile) folder = file != NULL ? g_file_get_parent (file) : NULL;
  g_autoptr(GAppLaunchContext) context = NULL;
  g_autofree char *uri = NULL;

  if (folder == NULL)
    return;

  uri = g_file_get_uri (folder);
  context = G_APP_LAUNCH_CONTEXT (gdk_display_get_app_launch_context (gtk_widget_get_display (widget)));
  g_app_info_launch_default_for_uri_async (uri, context, self->saving, folder_shown_cb, g_object_ref (self));
}

static void
show_certificate_action (GtkWidget  *widget,
                         const char *name,
                         GVariant   *parameter)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (widget);
  int certificate = g_variant_get_int32 (parameter);

  if (self->shown == NULL || certificate < 0 || certificate >= (int) self->shown->certificates->len)
    return;

  g_array_append_val (self->trail, certificate);
  show_certificate (self);
  till_certificate_detail_focus (self);
}

static void
back_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (widget);

  if (self->trail->len < 2)
    return;

  g_array_set_size (self->trail, self->trail->len - 1);
  show_certificate (self);
  till_certificate_detail_focus (self);
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
  gtk_widget_class_bind_template_child (widget_class, TillCertificateDetail, failed_page);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateDetail, retry_button);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateDetail, details_row);

  gtk_widget_class_install_action (widget_class, "detail.copy", "s", copy_action);
  gtk_widget_class_install_action (widget_class, "detail.copy-identifier", NULL, copy_identifier_action);
  gtk_widget_class_install_action (widget_class, "detail.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "detail.export-der", NULL, export_der_action);
  gtk_widget_class_install_action (widget_class, "detail.export-chain", NULL, export_chain_action);
  gtk_widget_class_install_action (widget_class, "detail.add-to-calendar", NULL, add_to_calendar_action);
  gtk_widget_class_install_action (widget_class, "detail.show-folder", NULL, show_folder_action);
  gtk_widget_class_install_action (widget_class, "detail.show-certificate", "i", show_certificate_action);
  gtk_widget_class_install_action (widget_class, "detail.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "detail.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "detail.cancel", NULL, cancel_action);

  /* While there is a way back in the chain; else the key is the pane's. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "detail.back", NULL);
}

static void
till_certificate_detail_init (TillCertificateDetail *self)
{
  g_type_ensure (TILL_TYPE_CERTIFICATE_VIEW);
  g_type_ensure (TILL_TYPE_PASSWORD_PAGE);
  g_type_ensure (TILL_TYPE_FLIP_BOX);

  self->trail = g_array_new (FALSE, FALSE, sizeof (int));
  self->saving = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
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
      g_signal_connect_swapped (self->entry, "notify::state", G_CALLBACK (update), self);
      g_signal_connect_swapped (self->entry, "notify::busy", G_CALLBACK (update), self);
      g_signal_connect_swapped (self->entry, "changed", G_CALLBACK (update), self);
    }
  else
    till_certificate_view_clear (self->view);

  update (self);
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
    gtk_widget_grab_focus (self->retry_button);
  else if (g_strcmp0 (page, "loading") == 0)
    gtk_widget_grab_focus (self->cancel_button);
  else if (g_strcmp0 (page, "content") == 0)
    gtk_widget_child_focus (GTK_WIDGET (self->view), GTK_DIR_TAB_FORWARD);
}
