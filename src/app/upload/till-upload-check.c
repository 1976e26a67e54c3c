/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks at the file before it is sent: live, while the password is being typed. */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "till-error.h"
#include "till-inspector.h"
#include "till-upload-private.h"
#include "till-upload-words.h"

/* Between two keys of somebody who types. */
#define PAUSE_MS 350

/* One look. It is still the window's own as long as the window has its cancellable. */
typedef struct
{
  TillUploadWindow *self;          /* (owned) */
  GCancellable     *cancellable;   /* (owned) */
  TillSecret       *password;      /* (owned) (nullable) */
  TillDocument     *document;      /* (owned) (nullable) */
  gboolean          trimmed;
} Look;

static void
look_free (Look *look)
{
  g_object_unref (look->self);
  g_object_unref (look->cancellable);
  g_clear_pointer (&look->password, till_secret_unref);
  g_clear_pointer (&look->document, till_document_unref);
  g_free (look);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_free)

static void
stop_looking (TillUploadWindow *self)
{
  g_clear_handle_id (&self->check_id, g_source_remove);
  g_cancellable_cancel (self->checking);
  g_clear_object (&self->checking);
}

/**
 * till_upload_window_forget_check:
 * @self: a window
 *
 * Forgets what was found, and stops looking.
 */
void
till_upload_window_forget_check (TillUploadWindow *self)
{
  stop_looking (self);
  self->trimmed = FALSE;
  g_clear_pointer (&self->preflight, till_preflight_free);
  g_clear_pointer (&self->document, till_document_unref);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->notice, g_free);
  till_upload_window_set_failure (self, NULL);
}

static gboolean
is_own (Look *look)
{
  return look->self->checking == look->cancellable;
}

static gboolean
is_space (const guint8 *data)
{
  return g_ascii_isspace (*data);
}

/* White space around a pasted password is nearly always an accident (RELIABILITY.md 5.1, row 4). (nullable) */
static TillSecret *
new_trimmed (const TillSecret *password)
{
  const guint8 *data = till_secret_get_data (password);
  gsize start = 0;
  gsize end = till_secret_get_size (password);

  while (start < end && is_space (data + start))
    start++;
  while (end > start && is_space (data + end - 1))
    end--;

  if (start == end || end - start == till_secret_get_size (password))
    return NULL;

  return till_secret_new_sub (password, start, end - start);
}

static void begin_look (TillUploadWindow *self,
                        TillSecret       *password,
                        gboolean          trimmed);

static gboolean
wants_password (const GError *error)
{
  return g_error_matches (error, TILL_ERROR, TILL_ERROR_PASSWORD_REQUIRED) ||
         g_error_matches (error, TILL_ERROR, TILL_ERROR_WRONG_PASSWORD);
}

/* Did not open, or the service can't be asked. */
static void
take_failure (Look         *look,
              const GError *error)
{
  TillUploadWindow *self = look->self;
  g_autoptr(TillSecret) trimmed = NULL;

  if (g_error_matches (error, TILL_ERROR, TILL_ERROR_WRONG_PASSWORD) && look->password != NULL && !look->trimmed)
    trimmed = new_trimmed (look->password);
  if (trimmed != NULL)
    {
      begin_look (self, trimmed, TRUE);
      return;
    }

  if (wants_password (error) && look->password == NULL && self->kind != TILL_UPLOAD_HUB)
    {
      gboolean first = !self->needs_password;

      self->needs_password = TRUE;
      till_upload_window_set_state (self, TILL_UPLOAD_STATE_PASSWORD);
      if (first && self->session != NULL)
        gtk_widget_grab_focus (GTK_WIDGET (self->password));
      return;
    }

  till_upload_window_set_failure (self, error);
  till_upload_window_set_state (self, TILL_UPLOAD_STATE_FAILED);
}

/* What it opened with, and what it is not: said as when a file does not open. */
static const GError *
get_opening_failure (const TillPreflight *preflight)
{
  return preflight->certificate == NULL ? preflight->stop : NULL;
}

static void
checked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Look) look = user_data;
  TillUploadWindow *self = look->self;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillPreflight) preflight = till_shop_preflight_finish (TILL_SHOP (source), result, &error);
  gboolean stopped;

  if (!is_own (look))
    return;

  g_clear_object (&self->checking);
  if (preflight == NULL)
    {
      take_failure (look, error);
      return;
    }

  self->preflight = g_steal_pointer (&preflight);
  self->trimmed = look->trimmed;
  self->entries = till_upload_words_new_entries (self->preflight, self->trimmed);
  till_upload_window_set_failure (self, get_opening_failure (self->preflight));
  stopped = self->preflight->stop != NULL || till_upload_window_is_lost (self);
  till_upload_window_set_state (self, stopped ? TILL_UPLOAD_STATE_STOPPED : TILL_UPLOAD_STATE_READY);
}

static void
take_document (Look      *look,
               GPtrArray *known)
{
  TillUploadWindow *self = look->self;
  gint64 now = till_clock_get_now (till_session_get_clock (self->session));

  self->document = g_steal_pointer (&look->document);
  self->entries = till_upload_words_new_hub_entries (self->document, known, now);
  till_upload_window_set_state (self, till_checklist_entries_first (self->entries, TILL_CHECK_STOP) != NULL ?
                                      TILL_UPLOAD_STATE_STOPPED : TILL_UPLOAD_STATE_READY);
}

/* The register of what was uploaded is on this computer. */
static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Look) look = user_data;
  TillUploadWindow *self = look->self;
  g_autoptr(TillItemList) list = till_shop_list_finish (TILL_SHOP (source), result, NULL);
  g_autoptr(GPtrArray) known = g_ptr_array_new ();

  if (!is_own (look))
    return;

  g_clear_object (&self->checking);
  for (guint i = 0; list != NULL && i < list->items->len; i++)
    {
      TillItem *item = list->items->pdata[i];

      if (item->upload != NULL)
        g_ptr_array_add (known, item->upload);
    }
  take_document (look, known);
}

static void
inspected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(Look) look = user_data;
  TillUploadWindow *self = look->self;
  g_autoptr(GError) error = NULL;
  GCancellable *cancellable = look->cancellable;

  look->document = till_inspect_file_finish (result, &error);
  if (!is_own (look))
    return;

  if (look->document == NULL)
    {
      g_clear_object (&self->checking);
      take_failure (look, error);
      return;
    }

  till_shop_list_async (self->shop, TILL_SOURCE_HUB, NULL, cancellable, listed_cb, g_steal_pointer (&look));
}

/* password: (nullable) */
static void
begin_look (TillUploadWindow *self,
            TillSecret       *password,
            gboolean          trimmed)
{
  Look *look = g_new0 (Look, 1);

  look->self = g_object_ref (self);
  look->cancellable = g_cancellable_new ();
  look->password = password != NULL ? till_secret_ref (password) : NULL;
  look->trimmed = trimmed;
  g_set_object (&self->checking, look->cancellable);

  if (self->kind == TILL_UPLOAD_HUB)
    till_inspect_file_async (self->file, NULL, look->cancellable, inspected_cb, look);
  else
    till_shop_preflight_async (self->shop, self->file, password,
                               self->kind == TILL_UPLOAD_REPLACE ? self->replaces->id : NULL, look->cancellable,
                               checked_cb, look);
}

/**
 * till_upload_window_check:
 * @self: a window
 *
 * Looks at the file now: without a password first, which is the empty one too,
 * then with what is typed. What was under way is cancelled.
 */
void
till_upload_window_check (TillUploadWindow *self)
{
  g_autoptr(TillSecret) password = NULL;

  if (self->file == NULL || self->shop == NULL || till_upload_window_is_busy (self))
    return;

  till_upload_window_forget_check (self);
  if (self->needs_password)
    {
      password = till_upload_password_dup_secret (self->password);
      if (password == NULL)
        {
          till_upload_window_set_state (self, TILL_UPLOAD_STATE_PASSWORD);
          return;
        }
    }

  begin_look (self, password, FALSE);
  till_upload_window_set_state (self, TILL_UPLOAD_STATE_CHECKING);
}

static gboolean
pause_over_cb (gpointer user_data)
{
  TillUploadWindow *self = user_data;

  self->check_id = 0;
  till_upload_window_check (self);

  return G_SOURCE_REMOVE;
}

/**
 * till_upload_window_check_soon:
 * @self: a window
 *
 * Something is being typed: what was found for what stood there before counts
 * no more, and is looked at anew when no key was pressed for a moment.
 */
void
till_upload_window_check_soon (TillUploadWindow *self)
{
  if (self->file == NULL || till_upload_window_is_busy (self))
    return;

  till_upload_window_forget_check (self);
  if (till_upload_password_is_empty (self->password))
    {
      till_upload_window_set_state (self, TILL_UPLOAD_STATE_PASSWORD);
      return;
    }

  self->check_id = g_timeout_add (PAUSE_MS, pause_over_cb, self);
  till_upload_window_set_state (self, TILL_UPLOAD_STATE_CHECKING);
}
