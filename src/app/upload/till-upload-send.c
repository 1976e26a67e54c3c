/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sends what was checked, once, and takes the answer. */
#include "config.h"

#include <glib/gi18n.h>

#include "till-error.h"
#include "till-upload-private.h"
#include "till-upload-words.h"

/* What is on its way outlives the window that sent it. */
typedef struct
{
  TillUploadWindow *self;        /* (owned) */
  TillSession      *session;     /* (owned) */
  gboolean          looks;       /* the service can be looked at */
} Send;

static void
send_free (Send *send)
{
  g_object_unref (send->self);
  g_object_unref (send->session);
  g_free (send);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Send, send_free)

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, TILL_ERROR, TILL_ERROR_CANCELLED);
}

/* Somebody closed the window: says where it can still be read what came of it. */
static void
leave (Send         *send,
       TillShop     *shop,
       const GError *error)
{
  TillUploadWindow *self = send->self;
  gboolean unknown = till_error_get_outcome (error) == TILL_OUTCOME_UNKNOWN;

  if (self->session != NULL)
    {
      till_upload_window_tell_parent (self, unknown ? _("Stopped. Whether it was done is not known.")
                                                    : _("Stopped. Nothing was changed."));
      gtk_window_destroy (GTK_WINDOW (self));
    }

  if (unknown && send->looks)
    till_upload_look_quietly (send->session, shop);
}

static void
take_error (Send         *send,
            TillShop     *shop,
            const GError *error)
{
  TillUploadWindow *self = send->self;
  gboolean unknown = till_error_get_outcome (error) == TILL_OUTCOME_UNKNOWN;

  if (self->session == NULL || self->closing)
    {
      leave (send, shop, error);
      return;
    }

  if (unknown)
    {
      /* Asking Commerce Hub is sending again: not against the word of who stopped it. */
      till_upload_window_set_failure (self, error);
      if (send->looks || !is_cancelled (error))
        till_upload_window_look (self);
      else
        till_upload_window_set_state (self, TILL_UPLOAD_STATE_UNKNOWN);
      return;
    }

  g_free (self->notice);
  self->notice = is_cancelled (error) ? g_strdup (_("Stopped. Nothing was changed.")) : NULL;
  till_upload_window_set_failure (self, is_cancelled (error) ? NULL : error);
  till_upload_window_set_state (self, TILL_UPLOAD_STATE_READY);
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Send) send = user_data;
  TillUploadWindow *self = send->self;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillShopChanged) changed = till_shop_change_finish (TILL_SHOP (source), result, &error);

  g_clear_object (&self->sending);
  if (changed == NULL)
    take_error (send, TILL_SHOP (source), error);
  else if (self->session != NULL && changed->differs != NULL)
    till_upload_window_doubt (self, g_steal_pointer (&changed));
  else if (self->session != NULL)
    till_upload_window_succeed (self, changed->item, changed->renewed);

  /* Also where it failed: what was there may be otherwise than it was shown. */
  till_session_tell_changed (send->session);
}

/* The record is made of what was read when it was sent: is it what was shown? */
static TillShopChanged *
compare_upload (TillUploadWindow       *self,
                const TillUploadRecord *record)
{
  const char *shown = self->document != NULL ? till_upload_words_get_public_key (self->document) : NULL;
  TillShopChanged *changed;

  if (shown == NULL || g_strcmp0 (record->public_key_sha256, shown) == 0)
    return NULL;

  changed = g_new0 (TillShopChanged, 1);
  changed->differs = g_strdup ("publicKey");

  return changed;
}

static void
uploaded_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Send) send = user_data;
  TillUploadWindow *self = send->self;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillUploadRecord) record = till_shop_upload_finish (TILL_SHOP (source), result, &error);
  g_autoptr(TillShopChanged) differing = NULL;

  g_clear_object (&self->sending);
  if (record == NULL)
    take_error (send, TILL_SHOP (source), error);
  else if (self->session != NULL && (differing = compare_upload (self, record)) != NULL)
    till_upload_window_doubt (self, g_steal_pointer (&differing));
  else if (self->session != NULL)
    till_upload_window_succeed (self, NULL, FALSE);

  till_session_tell_changed (send->session);
}

/* (nullable): %NULL for an empty one: then it is left to the service. */
static char *
dup_text (GtkEditable *row)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (row)));

  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

/**
 * till_upload_window_send:
 * @self: a window that is ready
 *
 * Sends it. Nothing else can be done meanwhile but to stop it.
 */
void
till_upload_window_send (TillUploadWindow *self)
{
  GtkStringList *algorithms = GTK_STRING_LIST (adw_combo_row_get_model (self->algorithm_row));
  Send *send;
  g_autofree char *name = NULL;
  g_autofree char *comment = NULL;

  g_return_if_fail (self->state == TILL_UPLOAD_STATE_READY);

  send = g_new0 (Send, 1);
  send->self = g_object_ref (self);
  send->session = g_object_ref (self->session);
  send->looks = self->kind != TILL_UPLOAD_HUB;
  self->sending = g_cancellable_new ();
  self->begun_at = till_clock_get_now (till_session_get_clock (self->session));
  self->intent_id = -1;
  g_clear_pointer (&self->notice, g_free);
  till_upload_window_set_failure (self, NULL);
  till_upload_window_set_state (self, TILL_UPLOAD_STATE_SENDING);

  switch (self->kind)
    {
    case TILL_UPLOAD_ADD:
      name = dup_text (self->name_row);
      comment = dup_text (self->comment_row);
      till_shop_add_async (self->shop, self->preflight, name, comment, gtk_switch_get_active (self->enabled_switch),
                           gtk_switch_get_active (self->default_switch), self->sending, changed_cb, send);
      break;

    case TILL_UPLOAD_REPLACE:
      till_shop_replace_async (self->shop, self->replaces->id, self->preflight, FALSE, self->sending, changed_cb, send);
      break;

    case TILL_UPLOAD_HUB:
    default:
      name = dup_text (self->key_id_row);
      till_shop_upload_async (self->shop, self->file, name,
                              gtk_string_list_get_string (algorithms, adw_combo_row_get_selected (self->algorithm_row)),
                              "RTAU", self->sending, uploaded_cb, send);
    }
}
