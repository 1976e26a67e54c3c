/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of pairing share: a store with a profile, and waiting. */
#include "config.h"

#include "pairing-test.h"

/* Keeps what an asynchronous call gave. */
void
test_done_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  GAsyncResult **place = user_data;

  g_set_object (place, result);
}

/* (transfer full) */
GAsyncResult *
test_wait_result (GAsyncResult **result)
{
  test_wait_until (*result != NULL);

  return g_steal_pointer (result);
}

gboolean
test_tick_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
test_drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static gboolean
put_profile (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  return till_transaction_put_profile (transaction, data, error);
}

TestShop *
test_shop_new_with (TillClock *clock)
{
  TestShop *self = g_new0 (TestShop, 1);
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) put = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

  self->dir = till_test_dir_new ();
  self->clock = till_clock_ref (clock);
  self->vault = till_vault_new_memory ();

  till_sqlite_store_open_async (self->dir->path, TILL_STORE_WRITE, clock, NULL, test_done_cb, &result);
  opened = test_wait_result (&result);
  self->store = till_sqlite_store_open_finish (opened, &error);
  g_assert_no_error (error);

  self->profile = till_profile_new ();
  self->profile->id = g_strdup ("00112233445566778899aabbccddeeff");
  self->profile->name = g_strdup ("Käse am Eck");
  self->profile->environment = TILL_ENVIRONMENT_TEST;
  till_store_run_async (self->store, put_profile, self->profile, NULL, NULL, test_done_cb, &result);
  put = test_wait_result (&result);
  g_assert_true (till_store_run_finish (self->store, put, &error));
  g_assert_no_error (error);

  return self;
}

TestShop *
test_shop_new (void)
{
  g_autoptr(TillClock) clock = till_clock_new_fixed (TEST_NOW);

  return test_shop_new_with (clock);
}

void
test_shop_free (TestShop *self)
{
  g_autoptr(GAsyncResult) closed = NULL;
  GAsyncResult *result = NULL;

  till_store_close_async (self->store, test_done_cb, &result);
  closed = test_wait_result (&result);
  g_assert_true (till_store_close_finish (self->store, closed, NULL));
  g_clear_object (&closed);
  test_drain ();

  g_assert_finalize_object (self->store);
  g_object_unref (self->vault);
  till_profile_free (self->profile);
  till_clock_unref (self->clock);
  till_test_dir_free (self->dir);
  g_free (self);
}

TillStoreCa *
test_shop_open_ca (TestShop  *self,
                   GError   **error)
{
  g_autoptr(GAsyncResult) opened = NULL;
  GAsyncResult *result = NULL;

  till_store_ca_open_async (self->store, self->vault, self->clock, self->profile, NULL, test_done_cb, &result);
  opened = test_wait_result (&result);

  return till_store_ca_open_finish (opened, error);
}

typedef struct
{
  const char *event;
  guint       n;
} Count;

static gboolean
count_lines (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  Count *count = data;
  g_autoptr(GPtrArray) lines = till_transaction_list_log (transaction, TILL_TIME_UNKNOWN, 0, error);

  for (guint i = 0; lines != NULL && i < lines->len; i++)
    count->n += g_str_equal (((TillLogRecord *) lines->pdata[i])->event, count->event);

  return lines != NULL;
}

/* How many lines of the activity log name the event. */
guint
test_shop_count (TestShop   *self,
                 const char *event)
{
  g_autoptr(GAsyncResult) counted = NULL;
  GAsyncResult *result = NULL;
  Count count = { .event = event };

  till_store_run_async (self->store, count_lines, &count, NULL, NULL, test_done_cb, &result);
  counted = test_wait_result (&result);
  g_assert_true (till_store_run_finish (self->store, counted, NULL));

  return count.n;
}
