/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deleting and switching off: says what it does, asks, waits, and only then sends (UX.md 1.11, 2.3; G31, G36). */
#include "config.h"

#include "till-wallet-detail-private.h"

#include <glib/gi18n.h>

#include "till-question.h"
#include "till-text.h"
#include "till-wallet-facts.h"

#define ITEM_KEY "till-item"
#define SHOP_KEY "till-shop"

static void
over_cb (const char *id,
         gpointer    user_data)
{
  TillWalletDetail *self = user_data;
  static const TillWalletChange off = { .enabled = TILL_TRI_FALSE };
  g_autofree char *title = NULL;
  g_autofree char *done = NULL;

  if (self->leave == TILL_LEAVE_REMOVE)
    {
      till_wallet_detail_send_removal (self, id);
      return;
    }

  title = till_wallet_facts_dup_title (self->leave_item);
  /* Translators: %s is the name of a certificate. */
  done = g_strdup_printf (_("“%s” is switched off"), title);
  till_wallet_detail_send (self, id, &off, self->leave_item->wallet->updated_at, _("Switching off…"), done);
}

/**
 * till_wallet_detail_leave:
 * @self: a page
 * @leave: what is to be done
 * @item: to which certificate
 *
 * Begins the time to undo; nothing is sent before it is over. What waited
 * before is not done.
 */
void
till_wallet_detail_leave (TillWalletDetail *self,
                          TillLeave         leave,
                          TillItem         *item)
{
  g_autofree char *title = till_text_dup_display (item->title, 60);
  g_autofree char *text = NULL;
  guint n = self->undo_seconds;

  if (leave == TILL_LEAVE_REMOVE)
    /* Translators: the name of a certificate, and for how long that can be undone. */
    text = g_strdup_printf (ngettext ("Deleting “%s” in %u second", "Deleting “%s” in %u seconds", n), title, n);
  else
    /* Translators: the name of a certificate, and for how long that can be undone. */
    text = g_strdup_printf (ngettext ("Switching off “%s” in %u second", "Switching off “%s” in %u seconds", n), title, n);

  if (till_undo_get_waiting (self->undo) != NULL)
    {
      g_autofree char *other = till_text_dup_display (self->leave_item->title, 60);
      /* Translators: %s is the name of a certificate; something else is to be done now. */
      g_autofree char *kept = g_strdup_printf (_("“%s” stays as it is; only one thing can wait"), other);

      till_wallet_detail_toast (self, kept);
    }

  till_item_ref (item);
  g_clear_pointer (&self->leave_item, till_item_unref);
  self->leave_item = item;
  self->leave = leave;
  till_undo_start (self->undo, item->id, text, n, over_cb, self);
}

static void
response_cb (TillWalletDetail *self,
             const char       *response,
             AdwMessageDialog *dialog)
{
  /* The profile may be another by now. */
  if (g_str_equal (response, "delete") && self->session != NULL &&
      self->shop == g_object_get_data (G_OBJECT (dialog), SHOP_KEY))
    till_wallet_detail_leave (self, TILL_LEAVE_REMOVE, g_object_get_data (G_OBJECT (dialog), ITEM_KEY));
}

static char *
dup_body (const TillItem *item)
{
  g_autofree char *uses = till_wallet_facts_dup_uses (item);
  const char *end = _("Passes on phones can no longer be updated. Airship keeps no copy.");

  return uses != NULL ? g_strconcat (uses, " ", end, NULL) : g_strdup (end);
}

/**
 * till_wallet_detail_ask_remove:
 * @self: a page with a certificate of the wallet
 *
 * Asks whether to delete it; in Live its name has to be typed.
 */
void
till_wallet_detail_ask_remove (TillWalletDetail *self)
{
  const TillProfile *profile = till_shop_get_profile (self->shop);
  gboolean live = profile->environment == TILL_ENVIRONMENT_LIVE;
  g_autofree char *title = till_wallet_facts_dup_title (self->item);
  g_autofree char *body = dup_body (self->item);
  g_autofree char *heading = NULL;
  AdwMessageDialog *dialog;

  /* Translators: %s is the name of a certificate. */
  heading = g_strdup_printf (_("Delete “%s”?"), title);
  /* What is typed is what can be seen, not what can't be typed. */
  dialog = till_question_new (GTK_WIDGET (self), profile, heading, body, live ? title : NULL);
  g_object_set_data_full (G_OBJECT (dialog), ITEM_KEY, till_item_ref (self->item), (GDestroyNotify) till_item_unref);
  g_object_set_data_full (G_OBJECT (dialog), SHOP_KEY, g_object_ref (self->shop), g_object_unref);
  adw_message_dialog_add_response (dialog, "delete", _("Delete"));
  adw_message_dialog_set_response_appearance (dialog, "delete", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  till_question_ask (dialog, "delete");
}
