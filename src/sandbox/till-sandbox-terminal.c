/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screen of the sandbox's terminal, in the thread of whoever looks at it. */
#include "config.h"

#include "till-sandbox-terminal.h"

#include <string.h>

#include "till-sandbox-terminal-screen.h"

/*
 * What always holds: the server's threads only put news into the queue, under
 * the lock; everything else is touched in the thread of @context alone. News
 * are shown in the order in which they came, none is left out, and none of an
 * earlier run of the sandbox is shown in a later one.
 */
struct _TillSandboxTerminal
{
  GObject                 parent_instance;

  TillTerminalTapFunc     tap;
  gpointer                tap_data;

  GMutex                  lock;
  GMainContext           *context;
  GQueue                  news;
  gboolean                called;

  TillTerminalState       state;
  char                    code[TILL_SETUP_CODE_CHARS + 1];
  gint64                  expires_at;
  guint                   wrong_tries;
  char                   *https;
  char                   *wss;
  char                   *serial;
  TillTerminalActivation *activation;
};

enum
{
  PROP_STATE = 1,
  PROP_CODE,
  PROP_EXPIRES_AT,
  PROP_HTTPS,
  PROP_WSS,
  PROP_SERIAL,
  PROP_WRONG_TRIES,
  N_PROPS,
};

enum
{
  SIGNAL_ACTIVATED,
  SIGNAL_WRONG_CODE,
  N_SIGNALS,
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TillSandboxTerminal, till_sandbox_terminal, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (TillTerminalState, till_terminal_state,
                    G_DEFINE_ENUM_VALUE (TILL_TERMINAL_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (TILL_TERMINAL_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (TILL_TERMINAL_CODE, "code"),
                    G_DEFINE_ENUM_VALUE (TILL_TERMINAL_WITHDRAWN, "withdrawn"),
                    G_DEFINE_ENUM_VALUE (TILL_TERMINAL_ACTIVATED, "activated"))

/**
 * till_terminal_activation_copy:
 * @self: an activation
 *
 * Returns: (transfer full): the same once more
 */
TillTerminalActivation *
till_terminal_activation_copy (const TillTerminalActivation *self)
{
  TillTerminalActivation *copy = g_new0 (TillTerminalActivation, 1);

  copy->pos_id = g_strdup (self->pos_id);
  copy->from = g_strdup (self->from);
  copy->wss = self->wss;
  copy->at = self->at;
  copy->serial = g_strdup (self->serial);
  copy->sha256 = g_strdup (self->sha256);
  copy->not_after = self->not_after;

  return copy;
}

/**
 * till_terminal_activation_free:
 * @self: (transfer full): an activation
 *
 * Frees @self.
 */
void
till_terminal_activation_free (TillTerminalActivation *self)
{
  g_free (self->pos_id);
  g_free (self->from);
  g_free (self->serial);
  g_free (self->sha256);
  g_free (self);
}

static void
news_free (TillTerminalNews *news)
{
  g_clear_pointer (&news->activation, till_terminal_activation_free);
  g_free (news->from);
  g_free (news);
}

static void
till_sandbox_terminal_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  TillSandboxTerminal *self = TILL_SANDBOX_TERMINAL (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, (gint) self->state);
      break;

    case PROP_CODE:
      g_value_set_string (value, till_sandbox_terminal_get_code (self));
      break;

    case PROP_EXPIRES_AT:
      g_value_set_int64 (value, self->expires_at);
      break;

    case PROP_HTTPS:
      g_value_set_string (value, self->https);
      break;

    case PROP_WSS:
      g_value_set_string (value, self->wss);
      break;

    case PROP_SERIAL:
      g_value_set_string (value, self->serial);
      break;

    case PROP_WRONG_TRIES:
      g_value_set_uint (value, self->wrong_tries);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_sandbox_terminal_finalize (GObject *object)
{
  TillSandboxTerminal *self = TILL_SANDBOX_TERMINAL (object);

  g_queue_clear_full (&self->news, (GDestroyNotify) news_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->activation, till_terminal_activation_free);
  g_clear_pointer (&self->https, g_free);
  g_clear_pointer (&self->wss, g_free);
  g_clear_pointer (&self->serial, g_free);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (till_sandbox_terminal_parent_class)->finalize (object);
}

static void
till_sandbox_terminal_class_init (TillSandboxTerminalClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = till_sandbox_terminal_get_property;
  object_class->finalize = till_sandbox_terminal_finalize;

  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, TILL_TYPE_TERMINAL_STATE, TILL_TERMINAL_OFF, flags);
  props[PROP_CODE] = g_param_spec_string ("code", NULL, NULL, NULL, flags);
  props[PROP_EXPIRES_AT] = g_param_spec_int64 ("expires-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_HTTPS] = g_param_spec_string ("https", NULL, NULL, NULL, flags);
  props[PROP_WSS] = g_param_spec_string ("wss", NULL, NULL, NULL, flags);
  props[PROP_SERIAL] = g_param_spec_string ("serial", NULL, NULL, NULL, flags);
  props[PROP_WRONG_TRIES] = g_param_spec_uint ("wrong-tries", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", TILL_TYPE_SANDBOX_TERMINAL, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_WRONG_CODE] = g_signal_new ("wrong-code", TILL_TYPE_SANDBOX_TERMINAL, G_SIGNAL_RUN_LAST, 0,
                                             NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_UINT);
}

static void
till_sandbox_terminal_init (TillSandboxTerminal *self)
{
  g_mutex_init (&self->lock);
  g_queue_init (&self->news);
}

/**
 * till_sandbox_terminal_new:
 * @tap: called for a tap
 * @user_data: for @tap
 *
 * Returns: (transfer full): a screen that is off
 */
TillSandboxTerminal *
till_sandbox_terminal_new (TillTerminalTapFunc tap,
                           gpointer            user_data)
{
  TillSandboxTerminal *self = g_object_new (TILL_TYPE_SANDBOX_TERMINAL, NULL);

  self->tap = tap;
  self->tap_data = user_data;

  return self;
}

/**
 * till_sandbox_terminal_detach:
 * @self: a screen that someone may go on holding
 *
 * The sandbox is no more: taps do nothing from here on.
 */
void
till_sandbox_terminal_detach (TillSandboxTerminal *self)
{
  self->tap = NULL;
}

static void
set_screen (TillSandboxTerminal *self,
            TillTerminalState    state,
            const char          *code,
            gint64               expires_at,
            guint                wrong_tries)
{
  g_object_freeze_notify (G_OBJECT (self));

  if (self->state != state)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  if (strcmp (self->code, code) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CODE]);
  if (self->expires_at != expires_at)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_EXPIRES_AT]);
  if (self->wrong_tries != wrong_tries)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_WRONG_TRIES]);

  self->state = state;
  g_strlcpy (self->code, code, sizeof self->code);
  self->expires_at = expires_at;
  self->wrong_tries = wrong_tries;

  g_object_thaw_notify (G_OBJECT (self));
}

static void
show (TillSandboxTerminal *self,
      TillTerminalNews    *news)
{
  if (news->activation != NULL)
    {
      g_clear_pointer (&self->activation, till_terminal_activation_free);
      self->activation = g_steal_pointer (&news->activation);
    }

  set_screen (self, news->state, news->code, news->expires_at, news->wrong_tries);

  if (news->kind == TILL_NEWS_ACTIVATED)
    g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
  else if (news->kind == TILL_NEWS_WRONG_CODE)
    g_signal_emit (self, signals[SIGNAL_WRONG_CODE], 0, news->from, news->wrong_tries);
}

static void
show_all (TillSandboxTerminal *self)
{
  TillTerminalNews *news;

  /* Whoever is told may let go of it. */
  g_object_ref (self);
  do
    {
      g_mutex_lock (&self->lock);
      news = g_queue_pop_head (&self->news);
      g_mutex_unlock (&self->lock);

      if (news != NULL)
        {
          show (self, news);
          news_free (news);
        }
    }
  while (news != NULL);
  g_object_unref (self);
}

static gboolean
called_cb (gpointer user_data)
{
  TillSandboxTerminal *self = user_data;

  g_mutex_lock (&self->lock);
  self->called = FALSE;
  g_mutex_unlock (&self->lock);
  show_all (self);

  return G_SOURCE_REMOVE;
}

/**
 * till_sandbox_terminal_begin:
 * @self: a screen that is off
 * @context: of the thread that it is looked at in
 *
 * The sandbox starts: news come to @context.
 */
void
till_sandbox_terminal_begin (TillSandboxTerminal *self,
                             GMainContext        *context)
{
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->context, g_main_context_unref);
  self->context = g_main_context_ref (context);
  self->called = FALSE;
  g_mutex_unlock (&self->lock);
}

/**
 * till_sandbox_terminal_opened:
 * @self: a screen
 * @https: where the terminal is reached
 * @wss: likewise
 * @serial: its serial number
 *
 * The sandbox runs: shows where, and what it shows so far.
 */
void
till_sandbox_terminal_opened (TillSandboxTerminal *self,
                              const char          *https,
                              const char          *wss,
                              const char          *serial)
{
  g_object_freeze_notify (G_OBJECT (self));

  g_free (self->https);
  self->https = g_strdup (https);
  g_free (self->wss);
  self->wss = g_strdup (wss);
  g_free (self->serial);
  self->serial = g_strdup (serial);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HTTPS]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_WSS]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SERIAL]);
  show_all (self);

  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * till_sandbox_terminal_ended:
 * @self: a screen whose sandbox has ended
 *
 * Shows what happened until then, and that it is off.
 */
void
till_sandbox_terminal_ended (TillSandboxTerminal *self)
{
  show_all (self);
  set_screen (self, TILL_TERMINAL_OFF, "", 0, 0);
}

/**
 * till_sandbox_terminal_post:
 * @self: a screen
 * @news: (transfer full): what has happened
 *
 * Shows it soon. From any thread.
 */
void
till_sandbox_terminal_post (TillSandboxTerminal *self,
                            TillTerminalNews    *news)
{
  g_autoptr(GSource) source = NULL;

  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->news, news);
  if (!self->called)
    {
      self->called = TRUE;
      source = g_idle_source_new ();
      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, called_cb, g_object_ref (self), g_object_unref);
      g_source_attach (source, self->context);
    }
  g_mutex_unlock (&self->lock);
}

/**
 * till_sandbox_terminal_get_state:
 * @self: a screen
 *
 * Returns: what it shows
 */
TillTerminalState
till_sandbox_terminal_get_state (TillSandboxTerminal *self)
{
  g_return_val_if_fail (TILL_IS_SANDBOX_TERMINAL (self), TILL_TERMINAL_OFF);

  return self->state;
}

/**
 * till_sandbox_terminal_get_code:
 * @self: a screen
 *
 * Returns: (transfer none) (nullable): the set-up code that it shows, that of a toy; %NULL for none
 */
const char *
till_sandbox_terminal_get_code (TillSandboxTerminal *self)
{
  g_return_val_if_fail (TILL_IS_SANDBOX_TERMINAL (self), NULL);

  return self->code[0] != '\0' ? self->code : NULL;
}

/**
 * till_sandbox_terminal_get_expires_at:
 * @self: a screen
 *
 * Returns: when another code is shown, seconds since 1970; 0 where none is shown
 */
gint64
till_sandbox_terminal_get_expires_at (TillSandboxTerminal *self)
{
  g_return_val_if_fail (TILL_IS_SANDBOX_TERMINAL (self), 0);

  return self->expires_at;
}

/**
 * till_sandbox_terminal_get_https:
 * @self: a screen
 *
 * Returns: (transfer none) (nullable): the HTTPS address that Details shows, %NULL before the first start
 */
const char *
till_sandbox_terminal_get_https (TillSandboxTerminal *self)
{
  g_return_val_if_fail (TILL_IS_SANDBOX_TERMINAL (self), NULL);

  return self->https;
}

/**
 * till_sandbox_terminal_get_wss:
 * @self: a screen
 *
 * Returns: (transfer none) (nullable): the WSS address that Details shows, %NULL before the first start
 */
const char *
till_sandbox_terminal_get_wss (TillSandboxTerminal *self)
{
  g_return_val_if_fail (TILL_IS_SANDBOX_TERMINAL (self), NULL);

  return self->wss;
}

/**
 * till_sandbox_terminal_get_serial:
 * @self: a screen
 *
 * Returns: (transfer none) (nullable): the serial number on the back, %NULL before the first start
 */
const char *
till_sandbox_terminal_get_serial (TillSandboxTerminal *self)
{
  g_return_val_if_fail (TILL_IS_SANDBOX_TERMINAL (self), NULL);

  return self->serial;
}

/**
 * till_sandbox_terminal_get_wrong_tries:
 * @self: a screen
 *
 * Returns: how many wrong codes were given since the last one came up
 */
guint
till_sandbox_terminal_get_wrong_tries (TillSandboxTerminal *self)
{
  g_return_val_if_fail (TILL_IS_SANDBOX_TERMINAL (self), 0);

  return self->wrong_tries;
}

/**
 * till_sandbox_terminal_get_activation:
 * @self: a screen
 *
 * Returns: (transfer none) (nullable): the last that was successful since the sandbox was made, %NULL for none
 */
const TillTerminalActivation *
till_sandbox_terminal_get_activation (TillSandboxTerminal *self)
{
  g_return_val_if_fail (TILL_IS_SANDBOX_TERMINAL (self), NULL);

  return self->activation;
}

/**
 * till_sandbox_terminal_generate:
 * @self: a screen
 *
 * Taps Generate Code: a new code replaces the one that is shown. It is there
 * when "code" changes.
 */
void
till_sandbox_terminal_generate (TillSandboxTerminal *self)
{
  g_return_if_fail (TILL_IS_SANDBOX_TERMINAL (self));

  if (self->tap != NULL)
    self->tap (TRUE, self->tap_data);
}

/**
 * till_sandbox_terminal_close:
 * @self: a screen
 *
 * Taps Close: no code is shown any more, and none is good.
 */
void
till_sandbox_terminal_close (TillSandboxTerminal *self)
{
  g_return_if_fail (TILL_IS_SANDBOX_TERMINAL (self));

  if (self->tap != NULL)
    self->tap (FALSE, self->tap_data);
}
