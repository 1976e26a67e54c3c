/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waiting for a shop. */
#include "config.h"

#include "shop-test.h"

static GAsyncResult *kept;

void
shop_result_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_set_object (&kept, result);
}

static gboolean
late_cb (gpointer user_data)
{
  g_error ("waited a minute in vain");

  return G_SOURCE_REMOVE;
}

static GAsyncResult *lent;

GAsyncResult *
shop_wait (void)
{
  guint late = g_timeout_add_seconds (60, late_cb, NULL);

  while (kept == NULL)
    g_main_context_iteration (NULL, TRUE);

  g_source_remove (late);
  g_clear_object (&lent);
  lent = g_steal_pointer (&kept);

  return lent;
}

void
shop_forget (void)
{
  g_clear_object (&lent);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

TillStore *
shop_open_store (TillTestDir *dir)
{
  g_autoptr(TillClock) clock = till_clock_new_fixed (TEST_NOW);
  g_autofree char *folder = till_test_dir_file (dir, "data");
  g_autoptr(GError) error = NULL;
  TillStore *store;

  till_sqlite_store_open_async (folder, TILL_STORE_WRITE, clock, NULL, shop_result_cb, NULL);
  store = till_sqlite_store_open_finish (shop_wait (), &error);
  g_assert_no_error (error);

  return store;
}

void
shop_close_store (TillStore *store)
{
  g_autoptr(GError) error = NULL;

  till_store_close_async (store, shop_result_cb, NULL);
  till_store_close_finish (store, shop_wait (), &error);
  g_assert_no_error (error);
  shop_forget ();
  g_assert_finalize_object (store);
}
