/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A secret on the clipboard: marked as one, never stored, and gone after 30 s (RELIABILITY.md G4). */
#include "config.h"

#include "till-clipboard.h"

#include <gio/gio.h>
#include <string.h>

#include "till-countdown.h"

/* KDE's Klipper, KeePassXC, CopyQ and GNOME's clipboard extensions leave alone what offers this. Some of them look at
 * its value, too, which GTK 4 gives nobody: gdk_intern_mime_type() knows only types with a slash in their names, and
 * requests for others are refused on X11 and on Wayland before the content is asked. No type with a slash means the
 * same to these programs. What is said here is what is given by a GDK that asks. */
#define HINT_TYPE "x-kde-passwordManagerHint"
#define HINT      "secret"

/*
 * TillSecretContent is what stands on the clipboard. It has no GValue, so that
 * the secret never is in a plain string of ours, and nothing that may be stored,
 * so that it ends with the program at the latest.
 */
#define TILL_TYPE_SECRET_CONTENT (till_secret_content_get_type ())
G_DECLARE_FINAL_TYPE (TillSecretContent, till_secret_content, TILL, SECRET_CONTENT, GdkContentProvider)

struct _TillSecretContent
{
  GdkContentProvider  parent_instance;

  TillSecret         *secret;
};

G_DEFINE_FINAL_TYPE (TillSecretContent, till_secret_content, GDK_TYPE_CONTENT_PROVIDER)

static GdkContentFormats *
till_secret_content_ref_formats (GdkContentProvider *provider)
{
  static const char *types[] = { "text/plain;charset=utf-8", "text/plain", HINT_TYPE };

  return gdk_content_formats_new (types, G_N_ELEMENTS (types));
}

static GdkContentFormats *
till_secret_content_ref_storable_formats (GdkContentProvider *provider)
{
  return gdk_content_formats_new (NULL, 0);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
unref_secret (gpointer data)
{
  till_secret_unref (data);
}

static void
till_secret_content_write_mime_type_async (GdkContentProvider  *provider,
                                           const char          *mime_type,
                                           GOutputStream       *stream,
                                           int                  io_priority,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data)
{
  TillSecretContent *self = TILL_SECRET_CONTENT (provider);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  const void *data = HINT;
  gsize size = strlen (HINT);

  g_task_set_source_tag (task, till_secret_content_write_mime_type_async);
  if (!g_str_equal (mime_type, HINT_TYPE))
    {
      data = till_secret_get_data (self->secret);
      size = till_secret_get_size (self->secret);
    }

  /* The secret stays for as long as it is written. */
  g_task_set_task_data (task, till_secret_ref (self->secret), unref_secret);
  g_output_stream_write_all_async (stream, data, size, io_priority, cancellable, written_cb, g_steal_pointer (&task));
}

static gboolean
till_secret_content_write_mime_type_finish (GdkContentProvider  *provider,
                                            GAsyncResult        *result,
                                            GError             **error)
{
  g_return_val_if_fail (g_task_is_valid (result, provider), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
till_secret_content_finalize (GObject *object)
{
  g_clear_pointer (&TILL_SECRET_CONTENT (object)->secret, till_secret_unref);

  G_OBJECT_CLASS (till_secret_content_parent_class)->finalize (object);
}

static void
till_secret_content_class_init (TillSecretContentClass *klass)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = till_secret_content_finalize;
  provider_class->ref_formats = till_secret_content_ref_formats;
  provider_class->ref_storable_formats = till_secret_content_ref_storable_formats;
  provider_class->write_mime_type_async = till_secret_content_write_mime_type_async;
  provider_class->write_mime_type_finish = till_secret_content_write_mime_type_finish;
}

static void
till_secret_content_init (TillSecretContent *self)
{
}

struct _TillClipboard
{
  GObject             parent_instance;

  GdkClipboard       *clipboard;
  TillClock          *clock;
  GdkContentProvider *content;    /* (nullable) ours, while it is there */
  TillCountdown      *countdown;  /* (nullable) while @content is there */
  guint               seconds;
};

enum
{
  ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TillClipboard, till_clipboard, G_TYPE_OBJECT)

static void
end (TillClipboard *self,
     gboolean       replaced)
{
  g_clear_pointer (&self->countdown, till_countdown_free);
  g_clear_object (&self->content);
  g_signal_emit (self, signals[ENDED], 0, replaced);
}

static void
changed_cb (TillClipboard *self)
{
  if (self->content != NULL && gdk_clipboard_get_content (self->clipboard) != self->content)
    end (self, TRUE);
}

static void
countdown_cb (gpointer user_data)
{
  till_clipboard_clear (user_data);
}

static void
till_clipboard_dispose (GObject *object)
{
  TillClipboard *self = TILL_CLIPBOARD (object);

  if (self->clipboard != NULL)
    {
      till_clipboard_clear (self);
      g_signal_handlers_disconnect_by_data (self->clipboard, self);
    }
  g_clear_object (&self->clipboard);
  g_clear_pointer (&self->clock, till_clock_unref);

  G_OBJECT_CLASS (till_clipboard_parent_class)->dispose (object);
}

static void
till_clipboard_class_init (TillClipboardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = till_clipboard_dispose;

  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
till_clipboard_init (TillClipboard *self)
{
  self->seconds = TILL_CLIPBOARD_SECONDS;
}

/**
 * till_clipboard_new:
 * @clipboard: where secrets are put
 * @clock: whose boot time counts
 *
 * Returns: (transfer full): a way to copy secrets
 */
TillClipboard *
till_clipboard_new (GdkClipboard *clipboard,
                    TillClock    *clock)
{
  GApplication *application = g_application_get_default ();
  TillClipboard *self;

  g_return_val_if_fail (GDK_IS_CLIPBOARD (clipboard), NULL);
  g_return_val_if_fail (clock != NULL, NULL);

  self = g_object_new (TILL_TYPE_CLIPBOARD, NULL);
  self->clipboard = g_object_ref (clipboard);
  self->clock = till_clock_ref (clock);
  g_signal_connect_swapped (clipboard, "changed", G_CALLBACK (changed_cb), self);
  if (application != NULL)
    g_signal_connect_object (application, "shutdown", G_CALLBACK (till_clipboard_clear), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * till_clipboard_copy:
 * @self: a clipboard
 * @secret: text
 *
 * Offers the secret to other programs for 30 s, or as long as was set. They are told that it is one;
 * those that keep what was copied and do not look for that may keep it.
 */
void
till_clipboard_copy (TillClipboard *self,
                     TillSecret    *secret)
{
  TillSecretContent *content;

  g_return_if_fail (TILL_IS_CLIPBOARD (self));
  g_return_if_fail (secret != NULL);

  content = g_object_new (TILL_TYPE_SECRET_CONTENT, NULL);
  content->secret = till_secret_ref (secret);

  g_clear_pointer (&self->countdown, till_countdown_free);
  g_clear_object (&self->content);
  if (!gdk_clipboard_set_content (self->clipboard, GDK_CONTENT_PROVIDER (content)))
    {
      g_object_unref (content);
      return;
    }

  self->content = GDK_CONTENT_PROVIDER (content);
  self->countdown = till_countdown_new (self->clock, self->seconds, countdown_cb, self);
}

/**
 * till_clipboard_set_seconds:
 * @self: a clipboard
 * @seconds: above 0
 *
 * Sets how long what is copied from now on stays.
 */
void
till_clipboard_set_seconds (TillClipboard *self,
                            guint          seconds)
{
  g_return_if_fail (TILL_IS_CLIPBOARD (self));
  g_return_if_fail (seconds > 0);

  self->seconds = seconds;
}

/**
 * till_clipboard_clear:
 * @self: a clipboard
 *
 * Takes away what was copied here, where it is still there.
 */
void
till_clipboard_clear (TillClipboard *self)
{
  g_autoptr(GdkContentProvider) content = NULL;

  g_return_if_fail (TILL_IS_CLIPBOARD (self));

  if (self->content == NULL)
    return;

  /* Nobody else has replaced it then. */
  content = g_steal_pointer (&self->content);
  if (gdk_clipboard_get_content (self->clipboard) == content)
    gdk_clipboard_set_content (self->clipboard, NULL);
  end (self, FALSE);
}

/**
 * till_clipboard_holds:
 * @self: a clipboard
 *
 * Returns: whether a secret that was copied here is still there
 */
gboolean
till_clipboard_holds (TillClipboard *self)
{
  g_return_val_if_fail (TILL_IS_CLIPBOARD (self), FALSE);

  return self->content != NULL;
}
