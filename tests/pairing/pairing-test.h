/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of pairing share: a store with a profile, and waiting. */
#pragma once

#include <gio/gio.h>

#include "till-error.h"
#include "till-sqlite-store.h"
#include "till-store-ca.h"
#include "till-test.h"
#include "till-vault.h"

G_BEGIN_DECLS

/* 2026-11-22T09:00:00Z */
#define TEST_NOW G_GINT64_CONSTANT (1795338000)

/* A test that waits gives up after this. */
#define TEST_PATIENCE_SECONDS 60

/**
 * TestShop:
 *
 * A store of its own with one profile, a vault in memory, a clock that stands.
 */
typedef struct
{
  TillTestDir *dir;
  TillClock   *clock;
  TillStore   *store;
  TillVault   *vault;
  TillProfile *profile;
} TestShop;

TestShop      *test_shop_new      (void) G_GNUC_WARN_UNUSED_RESULT;
TestShop      *test_shop_new_with (TillClock           *clock) G_GNUC_WARN_UNUSED_RESULT;
void           test_shop_free     (TestShop            *self);
TillStoreCa   *test_shop_open_ca  (TestShop            *self,
                                   GError             **error) G_GNUC_WARN_UNUSED_RESULT;
guint          test_shop_count    (TestShop            *self,
                                   const char          *event);

void           test_done_cb       (GObject             *source,
                                   GAsyncResult        *result,
                                   gpointer             user_data);
GAsyncResult  *test_wait_result   (GAsyncResult       **result);
/* Runs the main loop until it holds; ends the test where it does not. */
#define test_wait_until(condition) \
  G_STMT_START { \
    gint64 test_end = g_get_monotonic_time () + TEST_PATIENCE_SECONDS * G_USEC_PER_SEC; \
    guint test_tick = g_timeout_add (5, test_tick_cb, NULL); \
    while (!(condition)) \
      { \
        g_assert_cmpint (g_get_monotonic_time (), <, test_end); \
        g_main_context_iteration (NULL, TRUE); \
      } \
    g_source_remove (test_tick); \
  } G_STMT_END
gboolean       test_tick_cb       (gpointer             data);
void           test_drain         (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestShop, test_shop_free)

G_END_DECLS
