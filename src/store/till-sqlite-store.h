/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store in an SQLite file: one connection, rollback journal, full synchronisation (RELIABILITY.md G28, G29). */
#pragma once

#include "till-clock.h"
#include "till-store.h"

G_BEGIN_DECLS

#define TILL_TYPE_SQLITE_STORE (till_sqlite_store_get_type ())
G_DECLARE_FINAL_TYPE (TillSqliteStore, till_sqlite_store, TILL, SQLITE_STORE, GObject)

#define TILL_STORE_SCHEMA 4

/**
 * TillStoreAccess:
 * @TILL_STORE_WRITE: takes the lock of the folder; %TILL_ERROR_STORE_LOCKED with %TILL_REASON_STORE_IN_USE where it is taken
 * @TILL_STORE_WAIT: the same, but waits up to five seconds first: for short commands that run beside each other
 * @TILL_STORE_READ: takes no lock and changes nothing; where there is no store yet it is an empty one
 */
typedef enum
{
  TILL_STORE_WRITE,
  TILL_STORE_WAIT,
  TILL_STORE_READ,
} TillStoreAccess;

/* folder: made with mode 0700 where it is not there; holds tillkeeper.db and tillkeeper.lock. */
void       till_sqlite_store_open_async  (const char           *folder,
                                          TillStoreAccess       access,
                                          TillClock            *clock,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
TillStore *till_sqlite_store_open_finish (GAsyncResult         *result,
                                          GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* The store is on a disk of another computer: a person should know (RELIABILITY.md G29). */
gboolean   till_sqlite_store_is_on_network  (TillSqliteStore      *self);

/* Puts the newest copy that is whole in the place of a store that is damaged or gone, when a person asks for it.
 * The damaged file is set aside, never deleted. Finishing gives the name of the copy. */
void       till_sqlite_store_restore_async   (const char           *folder,
                                              TillClock            *clock,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
char      *till_sqlite_store_restore_finish  (GAsyncResult         *result,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
