/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the store knows of the secrets in the vault, and holding one against the other (RELIABILITY.md G28). */
#pragma once

#include <gio/gio.h>

#include "till-store.h"
#include "till-vault.h"

G_BEGIN_DECLS

/**
 * TillSecretRecord:
 * @TILL_SECRET_NONE: the store knows of none
 * @TILL_SECRET_KEPT: it was put into the vault
 * @TILL_SECRET_LOST: it was, and is not there any more: a person has to enter it again
 */
typedef enum
{
  TILL_SECRET_NONE,
  TILL_SECRET_KEPT,
  TILL_SECRET_LOST,
} TillSecretRecord;

gboolean till_secret_record_get             (TillTransaction      *transaction,
                                             const char           *profile_id,
                                             const char           *service,
                                             TillSecretRecord     *record,
                                             GError              **error);
gboolean till_secret_record_set             (TillTransaction      *transaction,
                                             const char           *profile_id,
                                             const char           *service,
                                             TillSecretRecord      record,
                                             GError              **error);

/* A profile whose secrets are to go, noted before the first one does and until the last one has. */
gboolean till_secrets_mark_removal          (TillTransaction      *transaction,
                                             const char           *profile_id,
                                             gboolean              wanted,
                                             GError              **error);
/* Ids of such profiles: a strv. */
char   **till_secrets_dup_removals          (TillTransaction      *transaction,
                                             GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes the row, what the store knows of its secrets, and writes the log. gone: the vault has none of them any more. */
gboolean till_secrets_remove_profile        (TillTransaction      *transaction,
                                             const TillProfile    *profile,
                                             gboolean              gone,
                                             GError              **error);

/**
 * TillReconciled:
 * @finished: removals that had been interrupted and were brought to their end
 * @adopted: secrets that were in the vault without a record, and have one now
 * @lost: records whose secret is not in the vault
 * @found: of those that were, secrets that are there again
 * @undecided: the vault did not say all, so that something may be left to do
 */
typedef struct
{
  guint    finished;
  guint    adopted;
  guint    lost;
  guint    found;
  gboolean undecided;
} TillReconciled;

/* profile_id: (nullable) %NULL for every profile. */
void     till_secrets_reconcile_async       (TillStore            *store,
                                             TillVault            *vault,
                                             const char           *profile_id,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
void     till_secrets_finish_removals_async (TillStore            *store,
                                             TillVault            *vault,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
/* Of both. */
gboolean till_secrets_reconcile_finish      (GAsyncResult         *result,
                                             TillReconciled       *reconciled,
                                             GError              **error);

G_END_DECLS
