/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The details page of a certificate at a service: the wallet's or an upload for point of sale (UX.md 2.3). */
#pragma once

#include <gtk/gtk.h>

#include "till-item.h"
#include "till-session.h"

G_BEGIN_DECLS

#define TILL_TYPE_WALLET_DETAIL (till_wallet_detail_get_type ())

/**
 * TillWalletDetail:
 *
 * What the service knows of one certificate, and what can be done with it:
 * name and comment, enable, make default, replace, remove after the time to
 * undo, history, raw answer. Actions, enabled as they make sense, each with a
 * visible reason where not: wallet.replace, wallet.edit, wallet.enable
 * (stateful), wallet.make-default, wallet.remove, wallet.undo, wallet.copy-identifier,
 * wallet.add-to-calendar, wallet.history, wallet.raw. Those that wait for the time to undo
 * go on while another item is shown, and are not sent where the window closes.
 * After a change it calls till_session_tell_changed(). Signal "leaving-changed": what waits to be
 * removed is another, or none. F2 and Ctrl+Z are its keys where it has the focus.
 */
G_DECLARE_FINAL_TYPE (TillWalletDetail, till_wallet_detail, TILL, WALLET_DETAIL, GtkWidget)

GtkWidget *till_wallet_detail_new              (TillSession      *session) G_GNUC_WARN_UNUSED_RESULT;
/* item: (nullable): of TILL_ENDING_WALLET or TILL_ENDING_UPLOAD. seen_at: %TILL_TIME_UNKNOWN where the service was
 * asked just now, else when this was last known: then nothing can be changed, and the page says why. */
void       till_wallet_detail_set_item         (TillWalletDetail *self,
                                                TillItem         *item,
                                                gint64            seen_at);
TillItem  *till_wallet_detail_get_item         (TillWalletDetail *self);  /* (nullable) */
/* What waits for the time to undo is not sent. */
void       till_wallet_detail_undo             (TillWalletDetail *self);
gboolean   till_wallet_detail_can_undo         (TillWalletDetail *self);
/* Whether the thing with this id waits to be removed: its row is shown as leaving. */
gboolean   till_wallet_detail_is_leaving       (TillWalletDetail *self,
                                                const char       *id);
void       till_wallet_detail_set_undo_seconds (TillWalletDetail *self,
                                                guint             seconds);

G_END_DECLS
