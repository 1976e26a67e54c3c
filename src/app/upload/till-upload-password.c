/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the password of a file is typed: masked, with a word about Caps Lock; never kept. */
#include "config.h"

#include "till-upload-password.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "till-label.h"
#include "till-limits.h"

/* What was shown goes back behind dots by itself (RELIABILITY.md G3). */
#define REVEAL_SECONDS 30

struct _TillUploadPassword
{
  GtkWidget    parent_instance;

  GtkWidget   *box;
  AdwEntryRow *row;
  GtkWidget   *caps_lock;
  GdkDevice   *keyboard;         /* (nullable) while on a screen */
  GtkWindow   *window;           /* (nullable) while on a screen */
  guint        reveal_id;
  gboolean     clearing;
};

typedef enum
{
  SIGNAL_CHANGED,
  SIGNAL_ACTIVATE,
  N_SIGNALS,
} TillUploadPasswordSignal;

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TillUploadPassword, till_upload_password, GTK_TYPE_WIDGET)

static GtkText *
get_text (TillUploadPassword *self)
{
  return GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (self->row)));
}

static void
mask (TillUploadPassword *self)
{
  gtk_text_set_visibility (get_text (self), FALSE);
}

static void
changed_cb (TillUploadPassword *self)
{
  if (!self->clearing)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
activated_cb (TillUploadPassword *self)
{
  g_signal_emit (self, signals[SIGNAL_ACTIVATE], 0);
}

static gboolean
reveal_ended_cb (gpointer user_data)
{
  TillUploadPassword *self = user_data;

  self->reveal_id = 0;
  mask (self);

  return G_SOURCE_REMOVE;
}

static void
visibility_cb (TillUploadPassword *self)
{
  g_clear_handle_id (&self->reveal_id, g_source_remove);
  if (gtk_text_get_visibility (get_text (self)))
    self->reveal_id = g_timeout_add_seconds (REVEAL_SECONDS, reveal_ended_cb, self);
}

static void
update_caps_lock (TillUploadPassword *self)
{
  gtk_widget_set_visible (self->caps_lock,
                          self->keyboard != NULL && gdk_device_get_caps_lock_state (self->keyboard));
}

static void
window_active_cb (TillUploadPassword *self)
{
  if (self->window != NULL && !gtk_window_is_active (self->window))
    mask (self);
}

static void
till_upload_password_map (GtkWidget *widget)
{
  TillUploadPassword *self = TILL_UPLOAD_PASSWORD (widget);
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (widget));
  GtkRoot *root = gtk_widget_get_root (widget);

  GTK_WIDGET_CLASS (till_upload_password_parent_class)->map (widget);

  if (seat != NULL && g_set_object (&self->keyboard, gdk_seat_get_keyboard (seat)) && self->keyboard != NULL)
    g_signal_connect_object (self->keyboard, "notify::caps-lock-state", G_CALLBACK (update_caps_lock), self,
                             G_CONNECT_SWAPPED);
  if (GTK_IS_WINDOW (root) && g_set_object (&self->window, GTK_WINDOW (root)))
    g_signal_connect_object (self->window, "notify::is-active", G_CALLBACK (window_active_cb), self, G_CONNECT_SWAPPED);

  update_caps_lock (self);
}

static void
till_upload_password_unmap (GtkWidget *widget)
{
  TillUploadPassword *self = TILL_UPLOAD_PASSWORD (widget);

  mask (self);
  if (self->keyboard != NULL)
    g_signal_handlers_disconnect_by_data (self->keyboard, self);
  if (self->window != NULL)
    g_signal_handlers_disconnect_by_data (self->window, self);
  g_clear_object (&self->keyboard);
  g_clear_object (&self->window);

  GTK_WIDGET_CLASS (till_upload_password_parent_class)->unmap (widget);
}

static gboolean
till_upload_password_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (TILL_UPLOAD_PASSWORD (widget)->row));
}

static void
till_upload_password_dispose (GObject *object)
{
  TillUploadPassword *self = TILL_UPLOAD_PASSWORD (object);

  g_clear_handle_id (&self->reveal_id, g_source_remove);
  if (self->box != NULL)
    {
      g_signal_handlers_disconnect_by_data (get_text (self), self);
      till_upload_password_clear (self);
      gtk_widget_unparent (self->box);
    }
  self->box = NULL;
  g_clear_object (&self->keyboard);
  g_clear_object (&self->window);

  G_OBJECT_CLASS (till_upload_password_parent_class)->dispose (object);
}

static void
till_upload_password_class_init (TillUploadPasswordClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = till_upload_password_dispose;
  widget_class->map = till_upload_password_map;
  widget_class->unmap = till_upload_password_unmap;
  widget_class->grab_focus = till_upload_password_grab_focus;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
  signals[SIGNAL_ACTIVATE] = g_signal_new ("activate", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tooltip_changed_cb (GtkWidget *button)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, gtk_widget_get_tooltip_text (button), -1);
}

/* The row's buttons are the toolkit's own: a tooltip says what each does, but gives a screen reader no name. */
static void
name_buttons (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_tooltip_text (widget) != NULL)
    {
      g_signal_connect (widget, "notify::tooltip-text", G_CALLBACK (tooltip_changed_cb), NULL);
      tooltip_changed_cb (widget);
      return;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    name_buttons (child);
}

static void
till_upload_password_init (TillUploadPassword *self)
{
  GtkWidget *list = gtk_list_box_new ();

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->row = ADW_ENTRY_ROW (adw_password_entry_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), _("Password of the File"));
  gtk_editable_set_enable_undo (GTK_EDITABLE (self->row), FALSE);
  gtk_text_set_max_length (get_text (self), TILL_LIMIT_PASSWORD_BYTES / 4);
  name_buttons (GTK_WIDGET (self->row));

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), GTK_WIDGET (self->row));
  gtk_box_append (GTK_BOX (self->box), list);

  self->caps_lock = till_label_new (_("⇪ Caps Lock is on"));
  gtk_widget_add_css_class (self->caps_lock, "warning");
  gtk_widget_set_visible (self->caps_lock, FALSE);
  gtk_box_append (GTK_BOX (self->box), self->caps_lock);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));

  g_signal_connect_object (get_text (self), "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (get_text (self), "notify::visibility", G_CALLBACK (visibility_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->row, "entry-activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
}

/**
 * till_upload_password_new:
 *
 * Returns: (transfer floating): an empty one
 */
GtkWidget *
till_upload_password_new (void)
{
  return g_object_new (TILL_TYPE_UPLOAD_PASSWORD, NULL);
}

/**
 * till_upload_password_dup_secret:
 * @self: a password
 *
 * Straight from the row's own locked memory.
 *
 * Returns: (transfer full) (nullable): what is typed; %NULL for nothing
 */
TillSecret *
till_upload_password_dup_secret (TillUploadPassword *self)
{
  const char *typed;

  g_return_val_if_fail (TILL_IS_UPLOAD_PASSWORD (self), NULL);

  typed = gtk_editable_get_text (GTK_EDITABLE (self->row));

  return *typed != '\0' ? till_secret_new_copy (typed, strlen (typed)) : NULL;
}

/**
 * till_upload_password_is_empty:
 * @self: a password
 *
 * Returns: whether nothing is typed
 */
gboolean
till_upload_password_is_empty (TillUploadPassword *self)
{
  g_return_val_if_fail (TILL_IS_UPLOAD_PASSWORD (self), TRUE);

  return gtk_text_get_text_length (get_text (self)) == 0;
}

/**
 * till_upload_password_clear:
 * @self: a password
 *
 * Wipes what is typed, without "changed".
 */
void
till_upload_password_clear (TillUploadPassword *self)
{
  g_return_if_fail (TILL_IS_UPLOAD_PASSWORD (self));

  self->clearing = TRUE;
  mask (self);
  gtk_editable_set_text (GTK_EDITABLE (self->row), "");
  self->clearing = FALSE;
}
