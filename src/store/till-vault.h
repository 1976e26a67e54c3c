/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where secrets are kept: the Secret Service, or this session only (RELIABILITY.md G35, FLATPAK.md 5). */
#pragma once

#include <gio/gio.h>

#include "till-secret.h"

G_BEGIN_DECLS

/**
 * TillVaultState:
 *
 * What is known of the vault since it was last used.
 */
typedef enum
{
  TILL_VAULT_READY,
  TILL_VAULT_LOCKED,         /* it is there and did not open in time */
  TILL_VAULT_DISMISSED,      /* the person closed the question for the password */
  TILL_VAULT_ABSENT,         /* no such service */
  TILL_VAULT_UNREADABLE,     /* it is there, and what it holds can't be decrypted */
} TillVaultState;

const char *till_vault_state_to_word (TillVaultState state);

#define TILL_TYPE_VAULT (till_vault_get_type ())

/**
 * TillVault:
 *
 * Secrets by the random id of a profile and a name ("hub", "wallet",
 * "devices", "ca"). Attributes hold nothing else. Where the vault is absent a
 * secret is kept for this session only, and till_vault_is_session_only() says so.
 */
G_DECLARE_FINAL_TYPE (TillVault, till_vault, TILL, VAULT, GObject)

TillVault      *till_vault_new             (void) G_GNUC_WARN_UNUSED_RESULT;
/* Keeps secrets in memory only; for tests, and for a profile that must leave no trace. */
TillVault      *till_vault_new_memory      (void) G_GNUC_WARN_UNUSED_RESULT;
/* Seconds after which a silent vault counts as locked; 20 by default. */
void            till_vault_set_deadline    (TillVault            *self,
                                            guint                 seconds);
TillVaultState  till_vault_get_state       (TillVault            *self);
gboolean        till_vault_is_session_only (TillVault            *self,
                                            const char           *profile_id,
                                            const char           *name);
void            till_vault_store_async     (TillVault            *self,
                                            const char           *profile_id,
                                            const char           *name,
                                            TillSecret           *secret,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
/* %TRUE also where it is kept for the session only. */
gboolean        till_vault_store_finish    (TillVault            *self,
                                            GAsyncResult         *result,
                                            GError              **error);
void            till_vault_load_async      (TillVault            *self,
                                            const char           *profile_id,
                                            const char           *name,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
/* Nothing found is %TILL_ERROR_VAULT_UNAVAILABLE with %TILL_REASON_SECRET_MISSING: it never means "make a new one". */
TillSecret     *till_vault_load_finish     (TillVault            *self,
                                            GAsyncResult         *result,
                                            GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* Which of the names have a secret, without reading any: a strv. */
void            till_vault_list_async      (TillVault            *self,
                                            const char           *profile_id,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
char          **till_vault_list_finish     (TillVault            *self,
                                            GAsyncResult         *result,
                                            GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* name: (nullable) %NULL for all of the profile. */
void            till_vault_remove_async    (TillVault            *self,
                                            const char           *profile_id,
                                            const char           *name,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean        till_vault_remove_finish   (TillVault            *self,
                                            GAsyncResult         *result,
                                            GError              **error);

G_END_DECLS
