/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work on the store: all or nothing, in order, on the right thread, and what cancelling means. */
#include "config.h"

#include "store-test.h"

typedef struct
{
  TillTestDir *dir;
  TillStore   *store;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->dir = till_test_dir_new ();
  fixture->store = test_open (fixture->dir->path, TILL_STORE_WRITE, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->store != NULL)
    test_close (fixture->store);
  till_test_dir_free (fixture->dir);
}

static gboolean
get_work (TillTransaction  *transaction,
          gpointer          data,
          GError          **error)
{
  char **value = data;

  g_free (*value);
  *value = till_transaction_dup_setting (transaction, "x", error);

  return *error == NULL;
}

static void
assert_setting (Fixture    *fixture,
                const char *expected)
{
  g_autofree char *value = NULL;

  test_do (fixture->store, get_work, &value);
  g_assert_cmpstr (value, ==, expected);
}

static gboolean
set_work (TillTransaction  *transaction,
          gpointer          data,
          GError          **error)
{
  return till_transaction_set_setting (transaction, "x", data, error);
}

static gboolean
failing_work (TillTransaction  *transaction,
              gpointer          data,
              GError          **error)
{
  g_assert_true (till_transaction_set_setting (transaction, "x", "half", error));
  if (data != NULL)
    g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_PIPE, "of the work");

  return FALSE;
}

static void
test_all_or_nothing (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) silent = NULL;

  test_do (fixture->store, set_work, (char *) "before");

  g_assert_false (test_run (fixture->store, failing_work, fixture, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_PIPE);
  assert_setting (fixture, "before");

  g_assert_false (test_run (fixture->store, failing_work, NULL, &silent));
  g_assert_error (silent, TILL_ERROR, TILL_ERROR_INTERNAL);
  assert_setting (fixture, "before");
}

/* One refused record does not spoil what the work makes of it. */
static gboolean
tolerant_work (TillTransaction  *transaction,
               gpointer          data,
               GError          **error)
{
  g_autoptr(TillProfile) profile = test_profile (TEST_PROFILE, "Shop", TILL_ENVIRONMENT_TEST);
  g_autoptr(TillProfile) moved = test_profile (TEST_PROFILE, "Shop", TILL_ENVIRONMENT_LIVE);

  g_assert_true (till_transaction_set_setting (transaction, "x", "kept", error));
  g_assert_true (till_transaction_put_profile (transaction, profile, error));
  g_assert_false (till_transaction_put_profile (transaction, moved, NULL));

  return TRUE;
}

static void
test_tolerant (Fixture       *fixture,
               gconstpointer  data)
{
  test_do (fixture->store, tolerant_work, NULL);
  assert_setting (fixture, "kept");
}

static TillTransaction *escaped;

static gboolean
escape_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  escaped = g_object_ref (transaction);

  return TRUE;
}

static void
test_over (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  test_do (fixture->store, escape_work, NULL);
  g_assert_false (till_transaction_set_setting (escaped, "x", "late", &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INTERNAL);
  g_assert_finalize_object (escaped);
  assert_setting (fixture, NULL);
}

/* What a hundred jobs leave behind of their order, and of when their data was freed. */
typedef struct
{
  GPtrArray *done;
  GPtrArray *called;
  GPtrArray *freed;
  GThread   *main;
} Order;

typedef struct
{
  Order *order;
  guint  number;
} Numbered;

static gboolean
number_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  Numbered *numbered = data;

  g_assert_true (g_thread_self () != numbered->order->main);
  g_ptr_array_add (numbered->order->done, GUINT_TO_POINTER (numbered->number));

  return TRUE;
}

static void
number_called_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Numbered *numbered = user_data;
  g_autoptr(GError) error = NULL;

  till_store_run_finish (TILL_STORE (source), result, &error);
  g_assert_no_error (error);
  g_assert_true (g_thread_self () == numbered->order->main);
  g_assert_cmpuint (numbered->order->freed->len, ==, numbered->order->called->len);
  g_ptr_array_add (numbered->order->called, GUINT_TO_POINTER (numbered->number));
}

static void
number_free (gpointer data)
{
  Numbered *numbered = data;

  g_assert_true (g_thread_self () == numbered->order->main);
  g_ptr_array_add (numbered->order->freed, GUINT_TO_POINTER (numbered->number));
  g_free (numbered);
}

static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GPtrArray) done = g_ptr_array_new ();
  g_autoptr(GPtrArray) called = g_ptr_array_new ();
  g_autoptr(GPtrArray) freed = g_ptr_array_new ();
  Order order = { done, called, freed, g_thread_self () };

  for (guint i = 0; i < 100; i++)
    {
      Numbered *numbered = g_new (Numbered, 1);

      numbered->order = &order;
      numbered->number = i;
      till_store_run_async (fixture->store, number_work, numbered, number_free, NULL, number_called_cb, numbered);
    }

  while (freed->len < 100)
    g_main_context_iteration (NULL, TRUE);

  for (guint i = 0; i < 100; i++)
    {
      g_assert_cmpuint (GPOINTER_TO_UINT (done->pdata[i]), ==, i);
      g_assert_cmpuint (GPOINTER_TO_UINT (called->pdata[i]), ==, i);
      g_assert_cmpuint (GPOINTER_TO_UINT (freed->pdata[i]), ==, i);
    }
}

/* Work that waits until it is told to end. */
typedef struct
{
  GMutex   lock;
  GCond    changed;
  gboolean begun;
  gboolean go_on;
} Gate;

static gboolean
gate_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  Gate *gate = data;

  g_mutex_lock (&gate->lock);
  gate->begun = TRUE;
  g_cond_broadcast (&gate->changed);
  while (!gate->go_on)
    g_cond_wait (&gate->changed, &gate->lock);
  g_mutex_unlock (&gate->lock);

  return till_transaction_set_setting (transaction, "x", "through the gate", error);
}

static void
gate_wait (Gate *gate)
{
  g_mutex_lock (&gate->lock);
  while (!gate->begun)
    g_cond_wait (&gate->changed, &gate->lock);
  g_mutex_unlock (&gate->lock);
}

static void
gate_open (Gate *gate)
{
  g_mutex_lock (&gate->lock);
  gate->go_on = TRUE;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->lock);
}

static gboolean
never_work (TillTransaction  *transaction,
            gpointer          data,
            GError          **error)
{
  g_assert_not_reached ();
}

/* Before: nothing is done. During and after: it is done, and nobody says otherwise. */
static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GCancellable) before = g_cancellable_new ();
  g_autoptr(GCancellable) waiting = g_cancellable_new ();
  g_autoptr(GCancellable) during = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  TestWait first = { 0 };
  TestWait second = { 0 };
  TestWait third = { 0 };
  Gate gate = { 0 };

  g_cancellable_cancel (before);
  till_store_run_async (fixture->store, never_work, NULL, NULL, before, test_wait_cb, &first);
  test_wait (&first);
  g_assert_false (till_store_run_finish (fixture->store, first.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_object_unref (first.result);

  till_store_run_async (fixture->store, gate_work, &gate, NULL, during, test_wait_cb, &second);
  till_store_run_async (fixture->store, never_work, NULL, NULL, waiting, test_wait_cb, &third);
  gate_wait (&gate);
  g_cancellable_cancel (during);
  g_cancellable_cancel (waiting);
  gate_open (&gate);
  test_wait (&second);
  test_wait (&third);
  g_assert_true (till_store_run_finish (fixture->store, second.result, &error));
  g_assert_no_error (error);
  g_assert_false (till_store_run_finish (fixture->store, third.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_object_unref (second.result);
  g_object_unref (third.result);

  assert_setting (fixture, "through the gate");
}

static void
count_free (gpointer data)
{
  ++*(guint *) data;
}

/* Closing does what was asked for before; what comes later fails, and frees its data. */
static void
test_close_order (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  TestWait work = { 0 };
  TestWait closing = { 0 };
  TestWait again = { 0 };
  TestWait late = { 0 };
  Gate gate = { .go_on = TRUE };
  guint freed = 0;

  till_store_run_async (fixture->store, gate_work, &gate, NULL, NULL, test_wait_cb, &work);
  till_store_close_async (fixture->store, test_wait_cb, &closing);
  till_store_run_async (fixture->store, never_work, &freed, count_free, NULL, test_wait_cb, &late);
  till_store_close_async (fixture->store, test_wait_cb, &again);
  test_wait (&work);
  test_wait (&closing);
  test_wait (&late);
  test_wait (&again);

  g_assert_true (till_store_run_finish (fixture->store, work.result, NULL));
  g_assert_true (till_store_close_finish (fixture->store, closing.result, NULL));
  g_assert_false (till_store_run_finish (fixture->store, late.result, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INTERNAL);
  g_assert_cmpuint (freed, ==, 1);
  g_clear_error (&error);
  g_assert_false (till_store_close_finish (fixture->store, again.result, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INTERNAL);
  g_clear_error (&error);
  g_object_unref (work.result);
  g_object_unref (closing.result);
  g_object_unref (late.result);
  g_object_unref (again.result);
  g_assert_finalize_object (g_steal_pointer (&fixture->store));

  fixture->store = test_open (fixture->dir->path, TILL_STORE_WRITE, &error);
  g_assert_no_error (error);
  assert_setting (fixture, "through the gate");
}

/* Dropped without closing: the lock is free at once. */
static void
test_dropped (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_finalize_object (g_steal_pointer (&fixture->store));
  fixture->store = test_open (fixture->dir->path, TILL_STORE_WRITE, &error);
  g_assert_no_error (error);
}

/* Nobody waits for the outcome: it is done all the same. */
static void
test_forgotten (Fixture       *fixture,
                gconstpointer  data)
{
  till_store_run_async (fixture->store, set_work, (char *) "forgotten", NULL, NULL, NULL, NULL);
  assert_setting (fixture, "forgotten");
}

static void
test_context (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  TestWait wait = { 0 };

  g_main_context_push_thread_default (context);
  till_store_run_async (fixture->store, set_work, (char *) "there", NULL, NULL, test_wait_cb, &wait);
  while (wait.result == NULL)
    {
      g_assert_false (g_main_context_iteration (NULL, FALSE));
      g_main_context_iteration (context, FALSE);
    }
  g_main_context_pop_thread_default (context);

  g_assert_true (till_store_run_finish (fixture->store, wait.result, NULL));
  g_object_unref (wait.result);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/transaction/all-or-nothing", Fixture, NULL, set_up, test_all_or_nothing, tear_down);
  g_test_add ("/transaction/tolerant", Fixture, NULL, set_up, test_tolerant, tear_down);
  g_test_add ("/transaction/over", Fixture, NULL, set_up, test_over, tear_down);
  g_test_add ("/transaction/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/transaction/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  g_test_add ("/transaction/close", Fixture, NULL, set_up, test_close_order, tear_down);
  g_test_add ("/transaction/dropped", Fixture, NULL, set_up, test_dropped, tear_down);
  g_test_add ("/transaction/forgotten", Fixture, NULL, set_up, test_forgotten, tear_down);
  g_test_add ("/transaction/context", Fixture, NULL, set_up, test_context, tear_down);

  return g_test_run ();
}
