/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which profile the window works with: what every pane is handed. */
#pragma once

#include <gio/gio.h>

#include "till-shop.h"

G_BEGIN_DECLS

/**
 * TillSessionState:
 * @TILL_SESSION_IDLE: not started yet
 * @TILL_SESSION_NONE: the store is open and there is no profile: nothing was ever connected
 * @TILL_SESSION_OPENING: a profile is being opened; what was shown before may stay on screen
 * @TILL_SESSION_OPEN: there is a shop
 * @TILL_SESSION_FAILED: store or profile could not be opened; see "error"
 */
typedef enum
{
  TILL_SESSION_IDLE,
  TILL_SESSION_NONE,
  TILL_SESSION_OPENING,
  TILL_SESSION_OPEN,
  TILL_SESSION_FAILED,
} TillSessionState;

#define TILL_TYPE_SESSION (till_session_get_type ())

/**
 * TillSession:
 *
 * Opens the store and the current profile, changes between profiles, and tells
 * the panes. Properties, all read only and notified: "state" (int,
 * #TillSessionState), "shop" (TillShop, nullable), "error" (GError boxed,
 * nullable), "vault-state" (int, #TillVaultState), "attention" (uint: how many
 * things want to be acted on), "profiles" (GPtrArray boxed). Signal "changed": the inventory or a service was
 * changed by one pane; others look again. Signal "restored" (string: the name of the copy): the store is an older one
 * now. Lives on the main loop.
 */
G_DECLARE_FINAL_TYPE (TillSession, till_session, TILL, SESSION, GObject)

/* folder: of the user's data. Nothing is opened before till_session_start(). */
TillSession       *till_session_new          (const char           *folder,
                                              TillVault            *vault,
                                              TillClock            *clock) G_GNUC_WARN_UNUSED_RESULT;
/* Opens the store, then the current profile where there is one. */
void               till_session_start        (TillSession          *self);
/* name: (nullable) %NULL for Practice, which is made where there is none. */
void               till_session_use          (TillSession          *self,
                                              const char           *name);
/* Reads the profiles again, and opens the current one again: after one was changed. */
void               till_session_reload       (TillSession          *self);
TillSessionState   till_session_get_state    (TillSession          *self);
TillShop          *till_session_get_shop     (TillSession          *self);
const GError      *till_session_get_error    (TillSession          *self);
TillStore         *till_session_get_store    (TillSession          *self);
TillVault         *till_session_get_vault    (TillSession          *self);
TillClock         *till_session_get_clock    (TillSession          *self);
/* Of the user's data. */
const char        *till_session_get_folder   (TillSession          *self);
/* Names of the profiles, sorted; environments beside them. (element-type TillProfile), lent */
GPtrArray         *till_session_get_profiles (TillSession          *self);
/* The profile that is open, is being opened or could not be opened. (nullable), lent */
const TillProfile *till_session_get_current  (TillSession          *self);
/* How many of a kind want to be acted on, without asking a service; with "attention". */
guint              till_session_get_attention (TillSession         *self,
                                              TillEndingKind        kind);
/* Where the store is damaged: puts its newest copy that is whole in its place and opens that; signal "restored". The
 * damaged file is set aside. */
void               till_session_restore      (TillSession          *self);
/* Ends the shop, and with it every secret that was read, and opens nothing until it is unlocked; which profile is
 * asked for meanwhile is remembered. */
void               till_session_lock         (TillSession          *self);
void               till_session_unlock       (TillSession          *self);
/* Emits "changed". */
void               till_session_tell_changed (TillSession          *self);
/* Ends the shop and closes the store; callback when all is written. */
void               till_session_close_async  (TillSession          *self,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
gboolean           till_session_close_finish (TillSession          *self,
                                              GAsyncResult         *result,
                                              GError              **error);

G_END_DECLS
