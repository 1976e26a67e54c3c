/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes on their way to the wallet, and what comes back. */
#include "config.h"

#include "till-wallet-detail-private.h"

#include <glib/gi18n.h>

#include "till-error.h"
#include "till-wallet-facts.h"

/* A change that was sent. */
typedef struct
{
  TillWalletDetail *self;    /* (owned) */
  char             *id;
  char             *done;    /* the toast */
} Sent;

static Sent *
sent_new (TillWalletDetail *self,
          const char       *id,
          const char       *done)
{
  Sent *sent = g_new0 (Sent, 1);

  sent->self = g_object_ref (self);
  sent->id = g_strdup (id);
  sent->done = g_strdup (done);

  return sent;
}

static void
sent_free (Sent *sent)
{
  g_object_unref (sent->self);
  g_free (sent->id);
  g_free (sent->done);
  g_free (sent);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sent, sent_free)

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, TILL_ERROR, TILL_ERROR_CANCELLED);
}

/* FALSE where the page has gone, or shows another profile: it is in the log all the same. */
static gboolean
is_ours (TillWalletDetail *self,
         GObject          *source)
{
  if (self->session == NULL)
    return FALSE;

  till_wallet_detail_end (self);

  return self->shop == TILL_SHOP (source);
}

static void
settled_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(TillWalletDetail) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) unknown = till_shop_settle_finish (TILL_SHOP (source), result, &error);
  guint n = 0;

  if (!is_ours (self, source))
    return;

  for (guint i = 0; unknown != NULL && i < unknown->len; i++)
    n += g_str_has_prefix (((const TillIntentRecord *) unknown->pdata[i])->operation, "certificates.");

  if (unknown == NULL)
    {
      till_wallet_detail_fail (self, error);
    }
  else if (n == 0)
    {
      till_wallet_detail_fail (self, NULL);
      till_wallet_detail_toast (self, _("The outcome is known now"));
    }
  else
    {
      till_wallet_detail_toast (self, _("The outcome is still not known"));
    }
  till_session_tell_changed (self->session);
}

/**
 * till_wallet_detail_settle:
 * @self: a page
 *
 * Asks what became of changes whose answer was lost (RELIABILITY.md G17).
 */
void
till_wallet_detail_settle (TillWalletDetail *self)
{
  GCancellable *cancellable;

  if (self->shop == NULL || self->changing != NULL)
    return;

  cancellable = till_wallet_detail_begin (self, _("Result unknown. Looking what became of it…"));
  till_shop_settle_async (self->shop, cancellable, settled_cb, g_object_ref (self));
}

static void
marked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TillWalletDetail) self = user_data;
  g_autoptr(GError) error = NULL;

  till_shop_mark_intent_finish (TILL_SHOP (source), result, &error);
  if (!is_ours (self, source))
    return;

  till_wallet_detail_fail (self, error);
  till_session_tell_changed (self->session);
}

/**
 * till_wallet_detail_mark:
 * @self: a page
 * @intent_id: a change whose outcome is unknown
 * @done: a person's word on it
 *
 * Settles it by hand.
 */
void
till_wallet_detail_mark (TillWalletDetail *self,
                         gint64            intent_id,
                         gboolean          done)
{
  GCancellable *cancellable;

  if (self->shop == NULL || self->changing != NULL)
    return;

  cancellable = till_wallet_detail_begin (self, _("Saving…"));
  till_shop_mark_intent_async (self->shop, intent_id, done, cancellable, marked_cb, g_object_ref (self));
}

static void
compared_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(TillWalletDetail) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillItem) now = till_shop_show_finish (TILL_SHOP (source), result, &error);
  g_autoptr(TillItem) before = NULL;

  if (!is_ours (self, source))
    return;

  if (now == NULL)
    {
      till_wallet_detail_fail (self, error);
    }
  else if (self->item != NULL && g_str_equal (self->item->id, now->id))
    {
      before = till_item_ref (self->item);
      till_wallet_detail_take (self, now);
      till_wallet_detail_show_conflict (self, before, TRUE);
      gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
    }
  till_session_tell_changed (self->session);
}

/* Somebody was quicker: both states are shown beside each other (RELIABILITY.md 5.2, row 65). */
static void
compare (TillWalletDetail *self,
         const char       *id)
{
  GCancellable *cancellable;

  if (self->changing != NULL)
    return;

  till_wallet_detail_fail (self, NULL);
  cancellable = till_wallet_detail_begin (self, _("Changed meanwhile by someone. Looking at it again…"));
  till_shop_show_async (self->shop, id, cancellable, compared_cb, g_object_ref (self));
}

static void
handle_error (TillWalletDetail *self,
              const char       *id,
              const GError     *error)
{
  gboolean unknown = till_error_get_outcome (error) == TILL_OUTCOME_UNKNOWN;

  /* What is not known has a row of its own, which does not say “try again”. */
  till_wallet_detail_fail (self, unknown ? NULL : error);
  if (is_cancelled (error))
    till_wallet_detail_toast (self, unknown ? _("Stopped waiting; the outcome is not known") : _("Cancelled"));
  else if (unknown)
    till_wallet_detail_settle (self);
  else if (till_error_get_reason (error) == TILL_REASON_CHANGED_MEANWHILE)
    compare (self, id);
}

/* An answer is no proof (UX.md 1.15). */
static void
fail_differs (TillWalletDetail *self,
              const char       *differs)
{
  g_autoptr(GError) error = NULL;

  till_set_error (&error, TILL_ERROR_PROTOCOL, TILL_REASON_DIFFERS, differs, NULL,
                  "the service says of %s otherwise than what was sent", differs);
  till_wallet_detail_fail (self, error);
}

static void
updated_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Sent) sent = user_data;
  TillWalletDetail *self = sent->self;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillShopChanged) changed = till_shop_change_finish (TILL_SHOP (source), result, &error);

  if (!is_ours (self, source))
    return;

  if (changed == NULL)
    {
      handle_error (self, sent->id, error);
    }
  else
    {
      if (self->item != NULL && g_str_equal (self->item->id, changed->item->id))
        g_clear_pointer (&self->before, till_item_unref);
      till_wallet_detail_take (self, changed->item);
      if (changed->differs != NULL)
        {
          fail_differs (self, changed->differs);
        }
      else
        {
          till_wallet_detail_fail (self, NULL);
          till_wallet_detail_toast (self, sent->done);
        }
    }

  till_wallet_detail_notify_enabled (self);
  till_session_tell_changed (self->session);
}

/**
 * till_wallet_detail_send:
 * @self: a page without a change that runs
 * @id: of a certificate
 * @change: what becomes of it
 * @known_updated_at: when it was last changed, as far as known here
 * @doing: what is said meanwhile
 * @done: the toast
 *
 * Sends a change.
 */
void
till_wallet_detail_send (TillWalletDetail       *self,
                         const char             *id,
                         const TillWalletChange *change,
                         gint64                  known_updated_at,
                         const char             *doing,
                         const char             *done)
{
  GCancellable *cancellable;

  g_return_if_fail (self->shop != NULL && self->changing == NULL);

  till_wallet_detail_fail (self, NULL);
  cancellable = till_wallet_detail_begin (self, doing);
  till_shop_update_async (self->shop, id, change, known_updated_at, cancellable, updated_cb, sent_new (self, id, done));
}

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Sent) sent = user_data;
  TillWalletDetail *self = sent->self;
  g_autoptr(GError) error = NULL;
  gboolean removed = till_shop_remove_finish (TILL_SHOP (source), result, &error);

  if (!is_ours (self, source))
    return;

  if (!removed)
    {
      handle_error (self, sent->id, error);
    }
  else
    {
      g_hash_table_remove (self->drafts, sent->id);
      till_wallet_detail_toast (self, sent->done);
      if (self->item != NULL && g_str_equal (self->item->id, sent->id))
        {
          till_wallet_detail_set_item (self, NULL, TILL_TIME_UNKNOWN);
          g_hash_table_remove (self->drafts, sent->id);
        }
    }

  till_session_tell_changed (self->session);
}

/**
 * till_wallet_detail_send_removal:
 * @self: a page without a change that runs
 * @id: of a certificate
 *
 * Sends it away.
 */
void
till_wallet_detail_send_removal (TillWalletDetail *self,
                                 const char       *id)
{
  g_autofree char *title = till_wallet_facts_dup_title (self->leave_item);
  /* Translators: %s is the name of a certificate. */
  g_autofree char *doing = g_strdup_printf (_("Deleting “%s”…"), title);
  /* Translators: %s is the name of a certificate. */
  g_autofree char *done = g_strdup_printf (_("“%s” is deleted"), title);
  GCancellable *cancellable;

  g_return_if_fail (self->shop != NULL && self->changing == NULL);

  till_wallet_detail_fail (self, NULL);
  cancellable = till_wallet_detail_begin (self, doing);
  till_shop_remove_async (self->shop, id, cancellable, removed_cb, sent_new (self, id, done));
}
