/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Locks the window, leaves Live when nobody is there, notices a clock that jumps (UX.md 2.7, RELIABILITY.md G8). */
#include "config.h"

#include "till-safety.h"

#include <glib/gi18n.h>

#include "till-clock-watch.h"
#include "till-desktop-watch.h"
#include "till-error.h"
#include "till-idle-watch.h"
#include "till-text.h"
#include "till-wipe.h"

/**
 * TillSafety:
 *
 * Locking lets go of every secret there is: the session drops its profile with
 * the services, the panes drop what they received, entries are emptied. Other
 * windows are hidden until it is unlocked: what was typed there and is no secret
 * stays, and so does a request that is on its way.
 *
 * It keeps nobody out who may use the account: that is the desktop's task. What
 * stands between is the vault, which is asked again.
 */

#define MINUTE 60

struct _TillSafety
{
  GObject           parent_instance;

  GtkWindow        *window;
  TillSession      *session;
  GSettings        *settings;
  TillDesktopWatch *desktop;
  TillIdleWatch    *idle;
  TillClockWatch   *clock;
  guint             timer_id;
  gboolean          locked;
  gint64            left_at;         /* boot time of the last event before it was locked */
  GPtrArray        *hidden;          /* (element-type GtkWindow): while locked */
  GCancellable     *asking;          /* (nullable) of the question to the vault */
  char             *problem;         /* (nullable) */
};

typedef enum
{
  PROP_LOCKED = 1,
  PROP_ASKING,
} TillSafetyProperty;

enum
{
  FORGET,
  SAY,
  CLOCK_JUMPED,
  N_SIGNALS,
};

static GParamSpec *properties[PROP_ASKING + 1];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TillSafety, till_safety, G_TYPE_OBJECT)

static const TillProfile *
get_live (TillSafety *self)
{
  const TillProfile *profile = till_session_get_current (self->session);

  return profile != NULL && profile->environment == TILL_ENVIRONMENT_LIVE ? profile : NULL;
}

/* Seconds after which nobody is there; 0 for never. */
static gint64
get_limit (TillSafety *self,
           const char *key)
{
  return (gint64) g_settings_get_uint (self->settings, key) * MINUTE;
}

/* Where to go from Live: never to another Live one, and Practice is not made unasked. */
static const TillProfile *
find_refuge (TillSafety *self)
{
  GPtrArray *profiles = till_session_get_profiles (self->session);
  const TillProfile *practice = NULL;

  for (guint i = 0; i < profiles->len; i++)
    {
      const TillProfile *profile = profiles->pdata[i];

      if (profile->environment == TILL_ENVIRONMENT_TEST)
        return profile;
      if (profile->environment == TILL_ENVIRONMENT_PRACTICE && practice == NULL)
        practice = profile;
    }

  return practice;
}

static void
leave_live (TillSafety *self,
            gint64      seconds)
{
  gint64 limit = get_limit (self, "return-to-test-minutes");
  const TillProfile *refuge = NULL;
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;
  int minutes = (int) (limit / MINUTE);

  if (limit > 0 && seconds >= limit && get_live (self) != NULL)
    refuge = find_refuge (self);
  if (refuge == NULL)
    return;

  name = till_text_dup_display (refuge->name, 64);
  /* Translators: %1$d is a number of minutes, %2$s the name of a profile. */
  text = g_strdup_printf (ngettext ("Nobody was here for %1$d minute: Live was left for “%2$s”",
                                    "Nobody was here for %1$d minutes: Live was left for “%2$s”", minutes),
                          minutes, name);
  till_session_use (self->session, refuge->name);
  g_signal_emit (self, signals[SAY], 0, text);
}

static void
write_log_done_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  /* A store that may only be read keeps nobody from locking. */
  if (!till_store_run_finish (TILL_STORE (source), result, &error))
    g_debug ("locking was not noted: %s", error->message);
}

static gboolean
log_work (TillTransaction  *transaction,
          gpointer          data,
          GError          **error)
{
  return till_transaction_append_log (transaction, data, error);
}

static void
free_record (gpointer data)
{
  till_log_record_free (data);
}

static void
write_log (TillSafety *self,
           const char *event)
{
  TillStore *store = till_session_get_store (self->session);
  const TillProfile *profile = till_session_get_current (self->session);
  TillLogRecord *record;

  if (store == NULL)
    return;

  record = till_log_record_new ();
  record->event = g_strdup (event);
  record->outcome = g_strdup ("done");
  if (profile != NULL)
    {
      record->profile = g_strdup (profile->name);
      record->environment = g_strdup (till_environment_to_word (profile->environment));
    }
  till_store_run_async (store, log_work, record, free_record, NULL, write_log_done_cb, NULL);
}

static gboolean
timer_cb (gpointer user_data)
{
  TillSafety *self = user_data;

  self->timer_id = 0;
  till_safety_check (self);

  return G_SOURCE_REMOVE;
}

/* One timer, for the first thing that is due; it is not touched by what a person does: it looks again when it ends. */
static void
arm (TillSafety *self)
{
  gint64 lock = get_limit (self, "lock-minutes");
  gint64 leave = get_live (self) != NULL && find_refuge (self) != NULL ? get_limit (self, "return-to-test-minutes") : 0;
  gint64 next = lock > 0 && leave > 0 ? MIN (lock, leave) : MAX (lock, leave);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  if (self->locked || next == 0 || till_session_get_shop (self->session) == NULL)
    return;

  next -= till_idle_watch_get_seconds (self->idle);
  self->timer_id = g_timeout_add_seconds ((guint) CLAMP (next, 1, G_MAXINT), timer_cb, self);
}

static gboolean
is_due (TillSafety *self,
        gint64      seconds)
{
  gint64 limit = get_limit (self, "lock-minutes");

  return limit > 0 && seconds >= limit && till_session_get_shop (self->session) != NULL;
}

/* seconds: for so long nobody was there. */
static void
look (TillSafety *self,
      gint64      seconds)
{
  if (self->locked)
    return;

  if (is_due (self, seconds))
    {
      self->left_at = till_clock_get_boot (till_session_get_clock (self->session)) - seconds;
      till_safety_lock (self);
      return;
    }

  leave_live (self, seconds);
}

/* The first event after the computer slept comes before any timer. */
static void
event_cb (gint64   seconds,
          gpointer user_data)
{
  look (user_data, seconds);
}

static void
forget (TillSafety *self)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      till_wipe_secrets (toplevel);
    }

  g_signal_emit (self, signals[FORGET], 0);
}

static void
desktop_cb (TillDesktopEvent event,
            gpointer         user_data)
{
  TillSafety *self = user_data;

  switch (event)
    {
    case TILL_DESKTOP_SCREEN_LOCKED:
    case TILL_DESKTOP_SLEEP:
      forget (self);
      if (g_settings_get_boolean (self->settings, "lock-with-screen"))
        till_safety_lock (self);
      break;

    case TILL_DESKTOP_RESUMED:
    default:
      till_safety_check (self);
      till_session_tell_changed (self->session);
      g_signal_emit (self, signals[CLOCK_JUMPED], 0);
      break;
    }
}

static void
jumped_cb (gint64   seconds,
           gpointer user_data)
{
  TillSafety *self = user_data;
  g_autofree char *span = till_text_dup_span (seconds);
  g_autofree char *text = NULL;

  if (seconds < 0)
    /* Translators: %s is a length of time: “1 day”. */
    text = g_strdup_printf (_("The clock jumped %s back; deadlines recalculated"), span);
  else
    /* Translators: %s is a length of time: “1 day”. */
    text = g_strdup_printf (_("The clock jumped %s ahead; deadlines recalculated"), span);

  till_session_tell_changed (self->session);
  g_signal_emit (self, signals[CLOCK_JUMPED], 0);
  g_signal_emit (self, signals[SAY], 0, text);
}

static void
active_changed_cb (TillSafety *self)
{
  if (gtk_window_is_active (self->window))
    till_safety_check (self);
}

static void
till_safety_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  TillSafety *self = TILL_SAFETY (object);

  switch ((TillSafetyProperty) prop_id)
    {
    case PROP_LOCKED:
      g_value_set_boolean (value, self->locked);
      break;

    case PROP_ASKING:
      g_value_set_boolean (value, self->asking != NULL);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_safety_dispose (GObject *object)
{
  TillSafety *self = TILL_SAFETY (object);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  g_clear_pointer (&self->desktop, till_desktop_watch_free);
  g_clear_pointer (&self->idle, till_idle_watch_free);
  g_clear_pointer (&self->clock, till_clock_watch_free);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  if (self->window != NULL)
    g_signal_handlers_disconnect_by_data (self->window, self);
  self->window = NULL;
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->hidden, g_ptr_array_unref);
  g_clear_pointer (&self->problem, g_free);

  G_OBJECT_CLASS (till_safety_parent_class)->dispose (object);
}

static void
till_safety_class_init (TillSafetyClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = till_safety_get_property;
  object_class->dispose = till_safety_dispose;

  properties[PROP_LOCKED] = g_param_spec_boolean ("locked", NULL, NULL, FALSE, flags);
  properties[PROP_ASKING] = g_param_spec_boolean ("asking", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[FORGET] = g_signal_new ("forget", TILL_TYPE_SAFETY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SAY] = g_signal_new ("say", TILL_TYPE_SAFETY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[CLOCK_JUMPED] = g_signal_new ("clock-jumped", TILL_TYPE_SAFETY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 0);
}

static void
till_safety_init (TillSafety *self)
{
  self->hidden = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * till_safety_new:
 * @window: that is covered while locked; must outlive this
 * @session: whose secrets are let go
 * @settings: the application's
 *
 * Returns: (transfer full): what watches from now on
 */
TillSafety *
till_safety_new (GtkWindow   *window,
                 TillSession *session,
                 GSettings   *settings)
{
  TillSafety *self;
  TillClock *clock;

  g_return_val_if_fail (GTK_IS_WINDOW (window), NULL);
  g_return_val_if_fail (TILL_IS_SESSION (session), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (TILL_TYPE_SAFETY, NULL);
  clock = till_session_get_clock (session);
  self->window = window;
  self->session = g_object_ref (session);
  self->settings = g_object_ref (settings);
  self->desktop = till_desktop_watch_new (desktop_cb, self);
  self->idle = till_idle_watch_new (clock, event_cb, self);
  self->clock = till_clock_watch_new (clock, jumped_cb, self);

  g_signal_connect_swapped (session, "notify::shop", G_CALLBACK (arm), self);
  g_signal_connect_swapped (session, "notify::profiles", G_CALLBACK (arm), self);
  g_signal_connect_swapped (settings, "changed::lock-minutes", G_CALLBACK (arm), self);
  g_signal_connect_swapped (settings, "changed::return-to-test-minutes", G_CALLBACK (arm), self);
  g_signal_connect_swapped (window, "notify::is-active", G_CALLBACK (active_changed_cb), self);
  arm (self);

  return self;
}

static void
set_asking (TillSafety *self,
            gboolean    asking)
{
  g_clear_object (&self->asking);
  if (asking)
    self->asking = g_cancellable_new ();
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ASKING]);
}

static void
hide_others (TillSafety *self)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      if (toplevel != GTK_WIDGET (self->window) && gtk_widget_get_visible (toplevel))
        g_ptr_array_add (self->hidden, g_object_ref (toplevel));
    }

  for (guint i = 0; i < self->hidden->len; i++)
    gtk_widget_set_visible (self->hidden->pdata[i], FALSE);
}

static void
show_others (TillSafety *self)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  g_autoptr(GPtrArray) hidden = g_steal_pointer (&self->hidden);

  self->hidden = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < hidden->len; i++)
    for (guint j = 0; j < g_list_model_get_n_items (toplevels); j++)
      {
        g_autoptr(GtkWindow) toplevel = g_list_model_get_item (toplevels, j);

        /* It may have ended by itself meanwhile. */
        if (toplevel == hidden->pdata[i])
          gtk_window_present (toplevel);
      }
}

/**
 * till_safety_lock:
 * @self: the safety of a window
 *
 * Lets go of all secrets and covers the window. Does nothing where it is locked.
 */
void
till_safety_lock (TillSafety *self)
{
  gint64 boot;

  g_return_if_fail (TILL_IS_SAFETY (self));

  if (self->locked)
    return;

  boot = till_clock_get_boot (till_session_get_clock (self->session));
  self->left_at = MIN (boot - till_idle_watch_get_seconds (self->idle), self->left_at > 0 ? self->left_at : boot);
  self->locked = TRUE;
  g_clear_pointer (&self->problem, g_free);
  forget (self);
  hide_others (self);
  write_log (self, "window.lock");
  till_session_lock (self->session);
  arm (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOCKED]);
}

static void
unlock (TillSafety *self)
{
  gint64 away = till_clock_get_boot (till_session_get_clock (self->session)) - self->left_at;

  self->locked = FALSE;
  self->left_at = 0;
  till_idle_watch_touch (self->idle);
  write_log (self, "window.unlock");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOCKED]);
  leave_live (self, away);
  till_session_unlock (self->session);
  show_others (self);
  till_safety_check (self);
}

/* error: (nullable) */
static void
answered (TillSafety   *self,
          const GError *error)
{
  TillErrorReason reason = error != NULL ? till_error_get_reason (error) : TILL_REASON_NONE;

  g_clear_pointer (&self->problem, g_free);
  if (reason == TILL_REASON_VAULT_LOCKED)
    self->problem = g_strdup (_("The password store did not open in time."));
  else if (reason == TILL_REASON_VAULT_DISMISSED)
    self->problem = g_strdup (_("The question of the password store was closed."));

  set_asking (self, FALSE);
  /* Whatever else may be wrong with it: there is nothing that could be asked, and the panes say it. */
  if (self->problem == NULL)
    unlock (self);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TillSafety) self = user_data;
  g_autoptr(GError) error = NULL;
  TillSecret *secret = till_vault_load_finish (TILL_VAULT (source), result, &error);

  /* That it can be had is all that is wanted. */
  g_clear_pointer (&secret, till_secret_unref);
  if (self->asking != NULL)
    answered (self, error);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TillSafety) self = user_data;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) names = till_vault_list_finish (TILL_VAULT (source), result, &error);
  const TillProfile *profile = NULL;

  if (self->asking == NULL)
    return;

  profile = till_session_get_current (self->session);
  if (names == NULL || *names == NULL || profile == NULL)
    answered (self, error);
  else
    till_vault_load_async (TILL_VAULT (source), profile->id, *names, self->asking, loaded_cb, g_object_ref (self));
}

/**
 * till_safety_unlock:
 * @self: the safety of a window
 *
 * Asks the vault for a secret of the profile, where it has one: a vault that
 * was locked, too, asks the person. Then all is as it was, without secrets.
 */
void
till_safety_unlock (TillSafety *self)
{
  const TillProfile *profile;

  g_return_if_fail (TILL_IS_SAFETY (self));

  if (!self->locked || self->asking != NULL)
    return;

  g_clear_pointer (&self->problem, g_free);
  set_asking (self, TRUE);
  profile = till_session_get_current (self->session);
  if (profile == NULL || profile->environment == TILL_ENVIRONMENT_PRACTICE)
    answered (self, NULL);
  else
    till_vault_list_async (till_session_get_vault (self->session), profile->id, self->asking,
                           listed_cb, g_object_ref (self));
}

/**
 * till_safety_get_locked:
 * @self: the safety of a window
 *
 * Returns: whether it is locked
 */
gboolean
till_safety_get_locked (TillSafety *self)
{
  g_return_val_if_fail (TILL_IS_SAFETY (self), FALSE);

  return self->locked;
}

/**
 * till_safety_get_asking:
 * @self: the safety of a window
 *
 * Returns: whether the vault is being asked before it is unlocked
 */
gboolean
till_safety_get_asking (TillSafety *self)
{
  g_return_val_if_fail (TILL_IS_SAFETY (self), FALSE);

  return self->asking != NULL;
}

/**
 * till_safety_get_problem:
 * @self: the safety of a window
 *
 * Returns: (transfer none) (nullable): why it could not be unlocked
 */
const char *
till_safety_get_problem (TillSafety *self)
{
  g_return_val_if_fail (TILL_IS_SAFETY (self), NULL);

  return self->problem;
}

/**
 * till_safety_check:
 * @self: the safety of a window
 *
 * Looks at the clocks now.
 */
void
till_safety_check (TillSafety *self)
{
  g_return_if_fail (TILL_IS_SAFETY (self));

  till_clock_watch_check (self->clock);
  look (self, till_idle_watch_get_seconds (self->idle));
  arm (self);
}
