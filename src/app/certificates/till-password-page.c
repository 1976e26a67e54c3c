/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks for the password of one file and tries it. Never keeps it. */
#include "config.h"

#include "till-password-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "till-error-text.h"
#include "till-limits.h"
#include "till-text.h"

/**
 * TillPasswordPage:
 *
 * What is typed stays in the row's own locked memory and goes from there
 * straight into a #TillSecret, which lives as long as the try. The row is
 * emptied when the file opens, when another file comes, when the page goes,
 * and after the third wrong password.
 */

#define TRIES_BEFORE_EMPTYING 3
#define MAX_TRIMMED           64

struct _TillPasswordPage
{
  GtkWidget      parent_instance;

  GtkWidget     *scroller;       /* bound, so that it goes with the template */
  GtkLabel      *file_name;
  AdwEntryRow   *row;
  GtkWidget     *caps_lock;
  GtkWidget     *trimmed;
  GtkWidget     *failure;
  GtkLabel      *failure_title;
  GtkLabel      *failure_body;
  GtkWidget     *open_button;
  GtkWidget     *progress;
  GtkSpinner    *spinner;

  TillFileEntry *entry;          /* (nullable) */
  GCancellable  *cancellable;    /* (nullable) of the try under way */
  GdkDevice     *keyboard;       /* (nullable) while on a screen */
  GtkWindow     *window;         /* (nullable) while on a screen */
  char          *title;          /* of the entry, fit to be shown */
  int            n_wrong;
  guint          reveal_seconds;
  guint          reveal_timeout;

  /* White space that was cut off a pasted text; nothing else of a password is ever kept. */
  char           white_space[MAX_TRIMMED + 1];
  gboolean       changing;       /* our own change of the text */
};

typedef enum
{
  PROP_ENTRY = 1,
  PROP_BUSY,
  PROP_REVEAL_SECONDS,
} TillPasswordPageProperty;

static GParamSpec *properties[PROP_REVEAL_SECONDS + 1];

G_DEFINE_FINAL_TYPE (TillPasswordPage, till_password_page, GTK_TYPE_WIDGET)

/* One try. It is still the page's own as long as the page has its cancellable. */
typedef struct
{
  TillPasswordPage *self;          /* (owned) */
  GCancellable     *cancellable;   /* (owned) */
} Try;

static void
try_free (Try *try)
{
  g_object_unref (try->self);
  g_object_unref (try->cancellable);
  g_free (try);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Try, try_free)

static GtkText *
get_text (TillPasswordPage *self)
{
  return GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (self->row)));
}

static gboolean
is_empty (TillPasswordPage *self)
{
  return gtk_text_get_text_length (get_text (self)) == 0;
}

static void
forget_white_space (TillPasswordPage *self)
{
  memset (self->white_space, 0, sizeof self->white_space);
  gtk_widget_set_visible (self->trimmed, FALSE);
}

static void
empty_row (TillPasswordPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->row), "");
  forget_white_space (self);
}

static void
update_actions (TillPasswordPage *self)
{
  gboolean busy = self->cancellable != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "password.open",
                                 !busy && self->entry != NULL && !is_empty (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "password.cancel", busy);
}

static void
set_cancellable (TillPasswordPage *self,
                 GCancellable     *cancellable)
{
  gboolean busy = cancellable != NULL;

  if (self->cancellable == cancellable)
    return;

  g_set_object (&self->cancellable, cancellable);

  gtk_editable_set_editable (GTK_EDITABLE (self->row), !busy);
  gtk_widget_set_visible (self->progress, busy);
  gtk_widget_set_visible (self->open_button, !busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static void
show_failure (TillPasswordPage *self,
              const GError     *error)
{
  g_autofree char *body = error != NULL ? till_error_text_dup_body (error) : NULL;

  if (error != NULL)
    {
      gtk_label_set_label (self->failure_title, till_error_text_get_title (error));
      gtk_label_set_label (self->failure_body, body);
    }

  gtk_widget_set_visible (self->failure, error != NULL);
}

/* Back to where one types, unless one has gone elsewhere meanwhile. */
static void
take_focus_back (TillPasswordPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus == NULL || gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    gtk_widget_grab_focus (GTK_WIDGET (self->row));
}

/* Leaves the text as it is, unless it has been wrong too often, and the focus in it. */
static void
take_wrong_password (TillPasswordPage *self,
                     const GError     *error)
{
  self->n_wrong++;
  show_failure (self, error);

  if (self->n_wrong >= TRIES_BEFORE_EMPTYING)
    {
      self->n_wrong = 0;
      empty_row (self);
    }

  take_focus_back (self);
  gtk_editable_select_region (GTK_EDITABLE (self->row), 0, -1);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Try) try = user_data;
  TillPasswordPage *self = try->self;
  g_autoptr(GError) error = NULL;
  gboolean opened = till_file_entry_load_finish (TILL_FILE_ENTRY (source), result, &error);

  /* The page has gone over to another file, or is gone itself. */
  if (self->cancellable != try->cancellable)
    return;

  set_cancellable (self, NULL);

  if (opened)
    empty_row (self);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    take_focus_back (self);
  else if (g_error_matches (error, TILL_ERROR, TILL_ERROR_WRONG_PASSWORD))
    take_wrong_password (self, error);
  else
    {
      /* Not a matter of this password: whoever shows us shows the reason instead. */
      show_failure (self, error);
      empty_row (self);
    }
}

static void
mask (TillPasswordPage *self)
{
  gtk_text_set_visibility (get_text (self), FALSE);
}

static void
open_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TillPasswordPage *self = TILL_PASSWORD_PAGE (widget);
  g_autoptr(TillSecret) password = NULL;
  const char *typed;
  Try *try;

  if (self->entry == NULL || self->cancellable != NULL || is_empty (self))
    return;

  typed = gtk_editable_get_text (GTK_EDITABLE (self->row));
  password = till_secret_new_copy (typed, strlen (typed));

  mask (self);
  forget_white_space (self);
  show_failure (self, NULL);

  try = g_new0 (Try, 1);
  try->self = g_object_ref (self);
  try->cancellable = g_cancellable_new ();
  set_cancellable (self, try->cancellable);
  till_file_entry_load_async (self->entry, password, try->cancellable, loaded_cb, try);
}

static void
cancel_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  TillPasswordPage *self = TILL_PASSWORD_PAGE (widget);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
restore_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  TillPasswordPage *self = TILL_PASSWORD_PAGE (widget);
  int position = -1;

  self->changing = TRUE;
  gtk_editable_set_position (GTK_EDITABLE (self->row), -1);
  position = gtk_editable_get_position (GTK_EDITABLE (self->row));
  gtk_editable_insert_text (GTK_EDITABLE (self->row), self->white_space, -1, &position);
  self->changing = FALSE;

  forget_white_space (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->row));
  gtk_editable_set_position (GTK_EDITABLE (self->row), -1);
}

static void
entry_activated_cb (TillPasswordPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "password.open", NULL);
}

/* How many bytes of white space a pasted text ends in. One typed character is meant as it is. */
static int
count_white_space (const char *text,
                   int         length)
{
  const char *end = text + length;
  const char *p = end;

  if (!g_utf8_validate (text, length, NULL) || g_utf8_strlen (text, length) < 2)
    return 0;

  while (p > text)
    {
      const char *previous = g_utf8_prev_char (p);
      gunichar c = g_utf8_get_char (previous);

      /* Zero-width space and byte order mark come along from web pages and mails. */
      if (!g_unichar_isspace (c) && c != 0x200b && c != 0xfeff)
        break;
      p = previous;
    }

  return p == text ? 0 : (int) (end - p);
}

/* A paste: white space at its end is nearly always an accident of copying (RELIABILITY.md 5.1, row 4). */
static void
insert_text_cb (GtkEditable *editable,
                const char  *text,
                int          length,
                int         *position,
                gpointer     user_data)
{
  TillPasswordPage *self = TILL_PASSWORD_PAGE (user_data);
  int n_bytes = length < 0 ? (int) strlen (text) : length;
  int n_trimmed;
  gboolean at_end;

  if (self->changing)
    return;

  at_end = *position < 0 || *position >= (int) gtk_text_get_text_length (get_text (self));
  n_trimmed = at_end ? count_white_space (text, n_bytes) : 0;
  if (n_trimmed == 0 || n_trimmed > MAX_TRIMMED)
    return;

  g_signal_stop_emission_by_name (editable, "insert-text");

  self->changing = TRUE;
  gtk_editable_insert_text (editable, text, n_bytes - n_trimmed, position);
  self->changing = FALSE;

  memset (self->white_space, 0, sizeof self->white_space);
  memcpy (self->white_space, text + n_bytes - n_trimmed, n_trimmed);
  gtk_widget_set_visible (self->trimmed, TRUE);
}

static void
changed_cb (GtkEditable *editable,
            gpointer     user_data)
{
  TillPasswordPage *self = TILL_PASSWORD_PAGE (user_data);

  /* Typing on makes the offer to put them back meaningless. */
  if (!self->changing)
    forget_white_space (self);

  update_actions (self);
}

static gboolean
reveal_ended_cb (gpointer user_data)
{
  TillPasswordPage *self = TILL_PASSWORD_PAGE (user_data);

  self->reveal_timeout = 0;
  mask (self);

  return G_SOURCE_REMOVE;
}

/* What was shown goes back behind dots by itself (RELIABILITY.md G3). */
static void
visibility_cb (GtkText    *text,
               GParamSpec *pspec,
               gpointer    user_data)
{
  TillPasswordPage *self = TILL_PASSWORD_PAGE (user_data);

  g_clear_handle_id (&self->reveal_timeout, g_source_remove);
  if (gtk_text_get_visibility (text))
    self->reveal_timeout = g_timeout_add_seconds (self->reveal_seconds, reveal_ended_cb, self);
}

static void
update_caps_lock (TillPasswordPage *self)
{
  gtk_widget_set_visible (self->caps_lock,
                          self->keyboard != NULL && gdk_device_get_caps_lock_state (self->keyboard));
}

static void
window_active_cb (GtkWindow  *window,
                  GParamSpec *pspec,
                  gpointer    user_data)
{
  TillPasswordPage *self = TILL_PASSWORD_PAGE (user_data);

  if (!gtk_window_is_active (window))
    mask (self);
}

static void
till_password_page_map (GtkWidget *widget)
{
  TillPasswordPage *self = TILL_PASSWORD_PAGE (widget);
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (widget));
  GtkRoot *root = gtk_widget_get_root (widget);

  GTK_WIDGET_CLASS (till_password_page_parent_class)->map (widget);

  if (seat != NULL && g_set_object (&self->keyboard, gdk_seat_get_keyboard (seat)) && self->keyboard != NULL)
    g_signal_connect_object (self->keyboard, "notify::caps-lock-state", G_CALLBACK (update_caps_lock),
                             self, G_CONNECT_SWAPPED);
  if (GTK_IS_WINDOW (root) && g_set_object (&self->window, GTK_WINDOW (root)))
    g_signal_connect_object (self->window, "notify::is-active", G_CALLBACK (window_active_cb), self, 0);

  update_caps_lock (self);
}

static void
till_password_page_unmap (GtkWidget *widget)
{
  TillPasswordPage *self = TILL_PASSWORD_PAGE (widget);

  mask (self);
  if (self->keyboard != NULL)
    g_signal_handlers_disconnect_by_data (self->keyboard, self);
  if (self->window != NULL)
    g_signal_handlers_disconnect_by_data (self->window, self);
  g_clear_object (&self->keyboard);
  g_clear_object (&self->window);

  GTK_WIDGET_CLASS (till_password_page_parent_class)->unmap (widget);
}

/* Out of the window: a try under way holds us, so dispose would have to wait for it. */
static void
till_password_page_unroot (GtkWidget *widget)
{
  TillPasswordPage *self = TILL_PASSWORD_PAGE (widget);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);

  GTK_WIDGET_CLASS (till_password_page_parent_class)->unroot (widget);
}

static void
till_password_page_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  TillPasswordPage *self = TILL_PASSWORD_PAGE (object);

  switch ((TillPasswordPageProperty) prop_id)
    {
    case PROP_ENTRY:
      g_value_set_object (value, self->entry);
      break;

    case PROP_BUSY:
      g_value_set_boolean (value, till_password_page_get_busy (self));
      break;

    case PROP_REVEAL_SECONDS:
      g_value_set_uint (value, self->reveal_seconds);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_password_page_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  TillPasswordPage *self = TILL_PASSWORD_PAGE (object);

  switch ((TillPasswordPageProperty) prop_id)
    {
    case PROP_ENTRY:
      till_password_page_set_entry (self, g_value_get_object (value));
      break;

    case PROP_REVEAL_SECONDS:
      self->reveal_seconds = g_value_get_uint (value);
      break;

    case PROP_BUSY:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_password_page_dispose (GObject *object)
{
  TillPasswordPage *self = TILL_PASSWORD_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->reveal_timeout, g_source_remove);
  if (self->row != NULL)
    g_signal_handlers_disconnect_by_data (get_text (self), self);

  gtk_widget_dispose_template (GTK_WIDGET (self), TILL_TYPE_PASSWORD_PAGE);

  g_clear_object (&self->entry);
  g_clear_object (&self->keyboard);
  g_clear_object (&self->window);

  G_OBJECT_CLASS (till_password_page_parent_class)->dispose (object);
}

static void
till_password_page_finalize (GObject *object)
{
  TillPasswordPage *self = TILL_PASSWORD_PAGE (object);

  g_free (self->title);

  G_OBJECT_CLASS (till_password_page_parent_class)->finalize (object);
}

static void
till_password_page_class_init (TillPasswordPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = till_password_page_get_property;
  object_class->set_property = till_password_page_set_property;
  object_class->dispose = till_password_page_dispose;
  object_class->finalize = till_password_page_finalize;
  widget_class->map = till_password_page_map;
  widget_class->unmap = till_password_page_unmap;
  widget_class->unroot = till_password_page_unroot;

  properties[PROP_ENTRY] =
    g_param_spec_object ("entry", NULL, NULL, TILL_TYPE_FILE_ENTRY,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_REVEAL_SECONDS] =
    g_param_spec_uint ("reveal-seconds", NULL, NULL, 1, 60, 30,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tillkeeper/Tillkeeper/till-password-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TillPasswordPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, TillPasswordPage, file_name);
  gtk_widget_class_bind_template_child (widget_class, TillPasswordPage, row);
  gtk_widget_class_bind_template_child (widget_class, TillPasswordPage, caps_lock);
  gtk_widget_class_bind_template_child (widget_class, TillPasswordPage, trimmed);
  gtk_widget_class_bind_template_child (widget_class, TillPasswordPage, failure);
  gtk_widget_class_bind_template_child (widget_class, TillPasswordPage, failure_title);
  gtk_widget_class_bind_template_child (widget_class, TillPasswordPage, failure_body);
  gtk_widget_class_bind_template_child (widget_class, TillPasswordPage, open_button);
  gtk_widget_class_bind_template_child (widget_class, TillPasswordPage, progress);
  gtk_widget_class_bind_template_child (widget_class, TillPasswordPage, spinner);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);

  gtk_widget_class_install_action (widget_class, "password.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "password.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "password.restore", NULL, restore_action);
}

static void
tooltip_changed_cb (GtkWidget *button)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, gtk_widget_get_tooltip_text (button), -1);
}

/* The row's buttons are the toolkit's own, the one that shows what is typed among them. A tooltip says what each does,
 * but without a label a screen reader has no name for it. */
static void
name_buttons (GtkWidget *widget)
{
  GtkWidget *child;

  if (GTK_IS_BUTTON (widget) && gtk_widget_get_tooltip_text (widget) != NULL)
    {
      g_signal_connect (widget, "notify::tooltip-text", G_CALLBACK (tooltip_changed_cb), NULL);
      tooltip_changed_cb (widget);
      return;
    }

  for (child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    name_buttons (child);
}

static void
till_password_page_init (TillPasswordPage *self)
{
  GtkText *text;

  g_type_ensure (ADW_TYPE_PASSWORD_ENTRY_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));

  text = get_text (self);
  gtk_text_set_max_length (text, TILL_LIMIT_PASSWORD_BYTES / 4);
  g_signal_connect (text, "insert-text", G_CALLBACK (insert_text_cb), self);
  g_signal_connect (text, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect (text, "notify::visibility", G_CALLBACK (visibility_cb), self);
  name_buttons (GTK_WIDGET (self->row));

  update_actions (self);
}

/**
 * till_password_page_new:
 *
 * Returns: (transfer floating): a page that asks for nothing yet
 */
TillPasswordPage *
till_password_page_new (void)
{
  return g_object_new (TILL_TYPE_PASSWORD_PAGE, NULL);
}

/**
 * till_password_page_get_entry:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the source whose password is asked for
 */
TillFileEntry *
till_password_page_get_entry (TillPasswordPage *self)
{
  g_return_val_if_fail (TILL_IS_PASSWORD_PAGE (self), NULL);

  return self->entry;
}

/**
 * till_password_page_set_entry:
 * @self: a page
 * @entry: (nullable): a source that needs a password
 *
 * Goes over to another source: a try under way is cancelled, and what was
 * typed for the last one is gone.
 */
void
till_password_page_set_entry (TillPasswordPage *self,
                              TillFileEntry    *entry)
{
  g_return_if_fail (TILL_IS_PASSWORD_PAGE (self));
  g_return_if_fail (entry == NULL || TILL_IS_FILE_ENTRY (entry));

  if (self->entry == entry)
    return;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  set_cancellable (self, NULL);
  g_set_object (&self->entry, entry);

  g_free (self->title);
  self->title = till_text_dup_display (entry != NULL ? till_file_entry_get_title (entry) : NULL, TILL_TEXT_MAX_CHARS);
  gtk_label_set_label (self->file_name, self->title);

  self->n_wrong = 0;
  mask (self);
  empty_row (self);
  show_failure (self, NULL);
  update_actions (self);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENTRY]);
}

/**
 * till_password_page_get_busy:
 * @self: a page
 *
 * Returns: %TRUE while a password is being tried
 */
gboolean
till_password_page_get_busy (TillPasswordPage *self)
{
  g_return_val_if_fail (TILL_IS_PASSWORD_PAGE (self), FALSE);

  return self->cancellable != NULL;
}

/**
 * till_password_page_focus:
 * @self: a page
 *
 * Puts the focus into the row, so that one can type at once.
 */
void
till_password_page_focus (TillPasswordPage *self)
{
  g_return_if_fail (TILL_IS_PASSWORD_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->row));
}
