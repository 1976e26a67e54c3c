/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store and the vault, waited for: what its tests share. */
#pragma once

#include <sqlite3.h>

#include "till-error.h"
#include "till-sqlite-store.h"
#include "till-test.h"
#include "till-vault.h"

G_BEGIN_DECLS

/* 2026-11-22T09:00:00Z */
#define TEST_NOW G_GINT64_CONSTANT (1795338000)

/* Seconds after which a test that waits gives up. */
#define TEST_PATIENCE 60

#define TEST_PROFILE "00112233445566778899aabbccddeeff"
#define TEST_OTHER   "ffeeddccbbaa99887766554433221100"

/* What an asynchronous call came to. */
typedef struct
{
  GAsyncResult *result;   /* (owned) (nullable) */
  gboolean      late;
} TestWait;

void        test_wait_cb     (GObject         *source,
                              GAsyncResult    *result,
                              gpointer         user_data);
void        test_wait        (TestWait        *wait);

TillStore  *test_open        (const char      *folder,
                              TillStoreAccess  access,
                              GError         **error) G_GNUC_WARN_UNUSED_RESULT;
TillStore  *test_open_at     (const char      *folder,
                              TillStoreAccess  access,
                              gint64           now,
                              GError         **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean    test_run         (TillStore       *store,
                              TillStoreWork    work,
                              gpointer         data,
                              GError         **error);
void        test_close       (TillStore       *store);
void        test_do          (TillStore       *store,
                              TillStoreWork    work,
                              gpointer         data);

/* The file, past the store. */
sqlite3    *test_raw_open    (const char      *folder);
void        test_raw_exec    (sqlite3         *db,
                              const char      *sql);
gint64      test_raw_int     (sqlite3         *db,
                              const char      *sql);

TillProfile *test_profile    (const char      *id,
                              const char      *name,
                              TillEnvironment  environment) G_GNUC_WARN_UNUSED_RESULT;

#define test_assert_reason(error, code, reason) \
  G_STMT_START { \
    g_assert_error (error, TILL_ERROR, (int) (code)); \
    g_assert_cmpint (till_error_get_reason (error), ==, reason); \
  } G_STMT_END

G_END_DECLS
