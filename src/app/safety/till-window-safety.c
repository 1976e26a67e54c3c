/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window has of its safety: the cover, the keys that still work, the toasts. */
#include "config.h"

#include "till-window-private.h"

#include "till-credentials-pane.h"
#include "till-keys-pane.h"
#include "till-question.h"
#include "till-session-view.h"

/* (nullable) before the panes are there */
static GtkWidget *
get_pane (TillWindow *self,
          const char *name)
{
  GtkWidget *view = adw_view_stack_get_child_by_name (self->stack, name);

  return TILL_IS_SESSION_VIEW (view) ? till_session_view_get_child (TILL_SESSION_VIEW (view)) : NULL;
}

static void
forget_cb (TillWindow *self)
{
  GtkWidget *pane = get_pane (self, "credentials");

  if (pane != NULL)
    till_credentials_pane_forget (TILL_CREDENTIALS_PANE (pane));
}

static void
settings_changed_cb (TillWindow *self)
{
  GtkWidget *credentials = get_pane (self, "credentials");
  GtkWidget *keys = get_pane (self, "keys");

  till_question_set_typing (g_settings_get_boolean (self->settings, "ask-name"));
  if (credentials != NULL)
    till_credentials_pane_set_clipboard_seconds (TILL_CREDENTIALS_PANE (credentials),
                                                 g_settings_get_uint (self->settings, "clipboard-seconds"));
  if (keys != NULL)
    till_keys_pane_set_undo_seconds (TILL_KEYS_PANE (keys), g_settings_get_uint (self->settings, "undo-seconds"));
}

static void
clock_jumped_cb (TillWindow *self)
{
  till_certificates_pane_look_at_clock (self->pane);
}

static void
asking_changed_cb (TillWindow *self)
{
  gboolean asking = till_safety_get_asking (self->safety);
  gboolean had_focus = self->lock_page != NULL && gtk_widget_get_focus_child (GTK_WIDGET (self->lock_page)) != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.unlock", !asking && till_safety_get_locked (self->safety));
  if (self->lock_page == NULL)
    return;

  till_lock_page_set_asking (self->lock_page, asking, till_safety_get_problem (self->safety));
  if (!asking && had_focus)
    gtk_widget_grab_focus (GTK_WIDGET (self->lock_page));
}

static void
locked_changed_cb (TillWindow *self)
{
  gboolean locked = till_safety_get_locked (self->safety);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (locked && self->lock_page == NULL)
    {
      self->lock_page = TILL_LOCK_PAGE (till_lock_page_new ());
      gtk_stack_add_named (self->cover, GTK_WIDGET (self->lock_page), "locked");
    }

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.lock", !locked);
  asking_changed_cb (self);
  if (locked)
    {
      g_set_weak_pointer (&self->focus_before, focus);
      till_lock_page_set_profile (self->lock_page, till_session_get_current (self->session));
      gtk_stack_set_visible_child (self->cover, GTK_WIDGET (self->lock_page));
      gtk_widget_grab_focus (GTK_WIDGET (self->lock_page));
      return;
    }

  gtk_stack_set_visible_child (self->cover, GTK_WIDGET (self->toasts));
  if (self->focus_before == NULL || !gtk_widget_grab_focus (self->focus_before))
    gtk_widget_grab_focus (adw_view_stack_get_visible_child (self->stack));
  g_clear_weak_pointer (&self->focus_before);
}

/* Before all shortcuts: behind the cover nothing can be done, but it can be left, and the program can be ended. */
static gboolean
key_cb (GtkEventControllerKey *controller,
        guint                  key,
        guint                  code,
        GdkModifierType        state,
        gpointer               user_data)
{
  static const guint plain[] = {
    GDK_KEY_Tab, GDK_KEY_ISO_Left_Tab, GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_ISO_Enter, GDK_KEY_space,
    GDK_KEY_Up, GDK_KEY_Down, GDK_KEY_Left, GDK_KEY_Right, GDK_KEY_Page_Up, GDK_KEY_Page_Down,
  };
  TillWindow *self = user_data;
  GdkModifierType modifiers = state & gtk_accelerator_get_default_mod_mask ();

  if (!till_safety_get_locked (self->safety))
    return GDK_EVENT_PROPAGATE;

  if (modifiers == GDK_CONTROL_MASK && (key == GDK_KEY_q || key == GDK_KEY_w))
    return GDK_EVENT_PROPAGATE;

  if ((modifiers & ~GDK_SHIFT_MASK) == 0)
    for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
      if (plain[i] == key)
        return GDK_EVENT_PROPAGATE;

  return GDK_EVENT_STOP;
}

static void
lock_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TillWindow *self = TILL_WINDOW (widget);

  if (self->safety != NULL)
    till_safety_lock (self->safety);
}

static void
unlock_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  TillWindow *self = TILL_WINDOW (widget);

  if (self->safety != NULL)
    till_safety_unlock (self->safety);
}

/**
 * till_window_class_install_safety:
 * @widget_class: of the window
 *
 * Installs the actions that lock and unlock.
 */
void
till_window_class_install_safety (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.lock", NULL, lock_action);
  gtk_widget_class_install_action (widget_class, "win.unlock", NULL, unlock_action);
}

/**
 * till_window_start_safety:
 * @self: a window that has its panes
 *
 * Begins to look after it.
 */
void
till_window_start_safety (TillWindow *self)
{
  GtkEventController *controller = gtk_event_controller_key_new ();

  self->safety = till_safety_new (GTK_WINDOW (self), self->session, self->settings);
  g_signal_connect_object (self->safety, "notify::locked", G_CALLBACK (locked_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->safety, "notify::asking", G_CALLBACK (asking_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->safety, "forget", G_CALLBACK (forget_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->safety, "say", G_CALLBACK (till_window_say), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->safety, "clock-jumped", G_CALLBACK (clock_jumped_cb), self, G_CONNECT_SWAPPED);

  g_signal_connect_object (self->settings, "changed", G_CALLBACK (settings_changed_cb), self, G_CONNECT_SWAPPED);
  settings_changed_cb (self);

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect (controller, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  asking_changed_cb (self);
}

/**
 * till_window_end_safety:
 * @self: a window that goes
 *
 * Looks no longer after it.
 */
void
till_window_end_safety (TillWindow *self)
{
  if (self->safety != NULL)
    g_signal_handlers_disconnect_by_data (self->safety, self);
  g_clear_object (&self->safety);
  g_clear_weak_pointer (&self->focus_before);
  self->lock_page = NULL;
}

/**
 * till_window_get_safety:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): what looks after it; %NULL before it has been painted
 */
TillSafety *
till_window_get_safety (TillWindow *self)
{
  g_return_val_if_fail (TILL_IS_WINDOW (self), NULL);

  return self->safety;
}
