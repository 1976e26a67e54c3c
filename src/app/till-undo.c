/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The time to undo: an act that is sent only when its toast has run out. */
#include "config.h"

#include "till-undo.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _TillUndo
{
  GObject       parent_instance;

  GtkWidget    *widget;        /* (nullable) weak: in whose window the toast is shown */
  char         *action_name;
  char         *id;            /* (nullable) of what waits */
  AdwToast     *toast;         /* (nullable) */
  guint         timeout_id;
  gboolean      due;           /* the time is over, but it is held */
  gboolean      held;
  TillUndoFunc  func;
  gpointer      user_data;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TillUndo, till_undo, G_TYPE_OBJECT)

static gboolean
dismiss_cb (gpointer user_data)
{
  adw_toast_dismiss (user_data);

  return G_SOURCE_REMOVE;
}

/* Ends the waiting, whatever comes of it. The toast goes a moment later: the window may be falling apart now. */
static char *
steal_waiting (TillUndo *self)
{
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  self->due = FALSE;
  if (self->toast != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT, dismiss_cb, g_steal_pointer (&self->toast), g_object_unref);

  return g_steal_pointer (&self->id);
}

static void
act (TillUndo *self)
{
  g_autoptr(TillUndo) keep = g_object_ref (self);
  g_autofree char *id = steal_waiting (self);

  g_signal_emit (keep, signals[SIGNAL_CHANGED], 0);
  self->func (id, self->user_data);
}

static gboolean
over_cb (gpointer user_data)
{
  TillUndo *self = user_data;

  self->timeout_id = 0;
  if (self->held)
    self->due = TRUE;
  else
    act (self);

  return G_SOURCE_REMOVE;
}

static void
clicked_cb (TillUndo *self)
{
  if (self->widget != NULL)
    gtk_widget_activate_action (self->widget, self->action_name, NULL);
}

static void
till_undo_dispose (GObject *object)
{
  TillUndo *self = TILL_UNDO (object);

  g_free (steal_waiting (self));
  g_clear_weak_pointer (&self->widget);

  G_OBJECT_CLASS (till_undo_parent_class)->dispose (object);
}

static void
till_undo_finalize (GObject *object)
{
  g_free (TILL_UNDO (object)->action_name);

  G_OBJECT_CLASS (till_undo_parent_class)->finalize (object);
}

static void
till_undo_class_init (TillUndoClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = till_undo_dispose;
  G_OBJECT_CLASS (klass)->finalize = till_undo_finalize;

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", TILL_TYPE_UNDO, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
till_undo_init (TillUndo *self)
{
}

/**
 * till_undo_new:
 * @widget: in whose window the toast is shown; not kept alive
 * @action_name: of the toast's button, activated on @widget
 *
 * Returns: (transfer full): a time to undo in which nothing waits yet
 */
TillUndo *
till_undo_new (GtkWidget  *widget,
               const char *action_name)
{
  TillUndo *self;

  g_return_val_if_fail (GTK_IS_WIDGET (widget) && action_name != NULL, NULL);

  self = g_object_new (TILL_TYPE_UNDO, NULL);
  g_set_weak_pointer (&self->widget, widget);
  self->action_name = g_strdup (action_name);

  return self;
}

/**
 * till_undo_start:
 * @self: a time to undo
 * @id: of the thing
 * @text: of the toast, not markup, with the seconds in it
 * @seconds: how long it waits
 * @func: what to do then
 * @user_data: for @func; must live as long as @self
 *
 * Does it when the time is over. What waited before is undone.
 */
void
till_undo_start (TillUndo     *self,
                 const char   *id,
                 const char   *text,
                 guint         seconds,
                 TillUndoFunc  func,
                 gpointer      user_data)
{
  GtkWidget *overlay = NULL;
  g_autofree char *escaped = NULL;

  g_return_if_fail (TILL_IS_UNDO (self) && id != NULL && text != NULL && func != NULL);

  g_free (steal_waiting (self));
  self->id = g_strdup (id);
  self->func = func;
  self->user_data = user_data;

  /* The text of a toast is markup. */
  escaped = g_markup_escape_text (text, -1);
  self->toast = adw_toast_new (escaped);
  adw_toast_set_timeout (self->toast, 0);
  adw_toast_set_priority (self->toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_set_button_label (self->toast, _("Undo"));
  g_signal_connect_object (self->toast, "button-clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
  if (self->widget != NULL)
    overlay = gtk_widget_get_ancestor (self->widget, ADW_TYPE_TOAST_OVERLAY);
  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), g_object_ref (self->toast));

  self->timeout_id = g_timeout_add_seconds (seconds, over_cb, self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * till_undo_undo:
 * @self: a time to undo
 *
 * What waits is not done. Touches no widget of the window, so that it may be
 * called while that goes away.
 */
void
till_undo_undo (TillUndo *self)
{
  g_return_if_fail (TILL_IS_UNDO (self));

  if (self->id == NULL)
    return;

  g_free (steal_waiting (self));
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * till_undo_do_now:
 * @self: a time to undo
 *
 * Does at once what waits, unless it is held: then as soon as it is not.
 */
void
till_undo_do_now (TillUndo *self)
{
  g_return_if_fail (TILL_IS_UNDO (self));

  if (self->id == NULL)
    return;

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  over_cb (self);
}

/**
 * till_undo_set_held:
 * @self: a time to undo
 * @held: whether something else is being done now
 *
 * One act at a time: what is due while it is held is done when it is no longer
 * held, and can be undone until then.
 */
void
till_undo_set_held (TillUndo *self,
                    gboolean  held)
{
  g_return_if_fail (TILL_IS_UNDO (self));

  self->held = held;
  if (!held && self->due)
    act (self);
}

/**
 * till_undo_get_waiting:
 * @self: a time to undo
 *
 * Returns: (transfer none) (nullable): the id of what waits
 */
const char *
till_undo_get_waiting (TillUndo *self)
{
  g_return_val_if_fail (TILL_IS_UNDO (self), NULL);

  return self->id;
}
