/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening files on a worker thread: results, errors, and cancelling before, during and after. */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "open.h"
#include "till-inspector.h"
#include "till-limits.h"

#define PASSWORD "Schlüssel 7"

/* No test waits longer than this for a callback. */
#define WAIT_SECONDS 30

typedef struct
{
  TillTestDir  *dir;
  TillSecret   *password;
  TillDocument *document;
  GError       *error;
  guint         calls;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->dir = till_test_dir_new ();
  fixture->password = till_secret_new_copy (PASSWORD, strlen (PASSWORD));
  fixture_make (fixture->dir, "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 100"
                              " -subj /CN=Shop -keyout shop.key -out shop.pem");
}

static void
clear (Fixture *fixture)
{
  g_clear_pointer (&fixture->document, till_document_unref);
  g_clear_error (&fixture->error);
  fixture->calls = 0;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  clear (fixture);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  till_secret_unref (fixture->password);
  till_test_dir_free (fixture->dir);
}

static void
file_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_assert_null (source);
  fixture->document = till_inspect_file_finish (result, &fixture->error);
  g_assert_true ((fixture->document != NULL) != (fixture->error != NULL));
  fixture->calls++;
}

static void
bytes_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->document = till_inspect_bytes_finish (result, &fixture->error);
  g_assert_true ((fixture->document != NULL) != (fixture->error != NULL));
  fixture->calls++;
}

static gboolean
timeout_cb (gpointer user_data)
{
  g_error ("no answer in %d s", WAIT_SECONDS);
  return G_SOURCE_REMOVE;
}

static void
wait (Fixture *fixture)
{
  guint source = g_timeout_add_seconds (WAIT_SECONDS, timeout_cb, NULL);

  g_assert_cmpuint (fixture->calls, ==, 0);
  while (fixture->calls == 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
  g_assert_cmpuint (fixture->calls, ==, 1);
}

static GFile *
get_file (Fixture    *fixture,
          const char *name)
{
  g_autofree char *path = till_test_dir_file (fixture->dir, name);

  return g_file_new_for_path (path);
}

static void
inspect (Fixture      *fixture,
         const char   *name,
         TillSecret   *password,
         GCancellable *cancellable)
{
  g_autoptr(GFile) file = get_file (fixture, name);

  clear (fixture);
  till_inspect_file_async (file, password, cancellable, file_cb, fixture);
  wait (fixture);
}

static void
make_p12 (Fixture *fixture,
          guint    iterations)
{
  fixture_make (fixture->dir, "openssl pkcs12 -export -inkey shop.key -in shop.pem -iter %u -passout 'pass:" PASSWORD "'"
                              " -out shop.p12", iterations);
}

static void
test_file (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(TillSecret) wrong = till_secret_new_copy ("another", 7);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  make_p12 (fixture, 2048);

  inspect (fixture, "shop.pem", NULL, NULL);
  g_assert_no_error (fixture->error);
  assert_counts (fixture->document, "certificate", 1, 0);

  inspect (fixture, "shop.p12", fixture->password, cancellable);
  g_assert_no_error (fixture->error);
  assert_counts (fixture->document, "pkcs12", 1, 1);

  inspect (fixture, "shop.p12", wrong, cancellable);
  g_assert_error (fixture->error, TILL_ERROR, TILL_ERROR_WRONG_PASSWORD);

  inspect (fixture, "shop.p12", NULL, cancellable);
  g_assert_error (fixture->error, TILL_ERROR, TILL_ERROR_PASSWORD_REQUIRED);

  /* Cancelled when it is over: nothing happens. */
  g_cancellable_cancel (cancellable);
  g_assert_error (fixture->error, TILL_ERROR, TILL_ERROR_PASSWORD_REQUIRED);
  g_assert_cmpuint (fixture->calls, ==, 1);
}

static void
test_bytes (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GBytes) good = fixture_load (fixture->dir, "shop.pem");
  g_autoptr(GBytes) empty = g_bytes_new (NULL, 0);

  till_inspect_bytes_async (good, NULL, NULL, bytes_cb, fixture);
  wait (fixture);
  g_assert_no_error (fixture->error);
  assert_counts (fixture->document, "certificate", 1, 0);

  clear (fixture);
  till_inspect_bytes_async (empty, NULL, NULL, bytes_cb, fixture);
  wait (fixture);
  g_assert_error (fixture->error, TILL_ERROR, TILL_ERROR_NOT_A_CERTIFICATE_FILE);
}

static void
test_unreadable (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *large = g_malloc0 (TILL_LIMIT_FILE_BYTES + 1);

  write_file (fixture->dir, "large.p12", large, TILL_LIMIT_FILE_BYTES + 1);

  inspect (fixture, "missing.pem", NULL, NULL);
  g_assert_error (fixture->error, TILL_ERROR, TILL_ERROR_UNREADABLE);
  g_assert_cmpint (till_error_get_reason (fixture->error), ==, TILL_REASON_MISSING);

  inspect (fixture, ".", NULL, NULL);
  g_assert_error (fixture->error, TILL_ERROR, TILL_ERROR_UNREADABLE);
  g_assert_cmpint (till_error_get_reason (fixture->error), ==, TILL_REASON_NOT_REGULAR);

  inspect (fixture, "large.p12", NULL, NULL);
  g_assert_error (fixture->error, TILL_ERROR, TILL_ERROR_UNREADABLE);
  g_assert_cmpint (till_error_get_reason (fixture->error), ==, TILL_REASON_TOO_LARGE);
}

/* A file without a path goes through GIO, within the same bounds. */
static void
test_no_path (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct
  {
    const char      *name;
    TillErrorReason  reason;      /* NONE: opens */
    guint            certificates;
  } cases[] = {
    { "shop.pem", TILL_REASON_NONE, 1 },
    { "bundle.pem", TILL_REASON_NONE, 1 },
    { "missing.pem", TILL_REASON_MISSING, 0 },
    { "large.p12", TILL_REASON_TOO_LARGE, 0 },
  };
  g_autofree char *large = g_malloc0 (TILL_LIMIT_FILE_BYTES + 1);
  static const char list[] = "<gresources><gresource prefix='/till'><file>shop.pem</file><file>bundle.pem</file>"
                             "<file>large.p12</file></gresource></gresources>";
  g_autofree char *path = till_test_dir_file (fixture->dir, "files.gresource");
  g_autoptr(GError) error = NULL;
  GResource *resource;

  write_file (fixture->dir, "large.p12", large, TILL_LIMIT_FILE_BYTES + 1);
  write_file (fixture->dir, "files.xml", list, -1);
  /* One certificate and two MiB of words, which text may have. */
  fixture_make (fixture->dir, "sh -c 'cat shop.pem >bundle.pem; head -c 2000000 /dev/zero | tr \"\\000\" x >>bundle.pem'");
  fixture_make (fixture->dir, "glib-compile-resources --target=files.gresource files.xml");
  resource = g_resource_load (path, &error);
  g_assert_no_error (error);
  g_resources_register (resource);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *uri = g_strconcat ("resource:///till/", cases[i].name, NULL);
      g_autoptr(GFile) file = g_file_new_for_uri (uri);

      g_assert_null (g_file_peek_path (file));
      clear (fixture);
      till_inspect_file_async (file, NULL, NULL, file_cb, fixture);
      wait (fixture);
      if (cases[i].reason == TILL_REASON_NONE)
        {
          g_assert_no_error (fixture->error);
          assert_counts (fixture->document, "certificate", cases[i].certificates, 0);
        }
      else
        {
          g_assert_error (fixture->error, TILL_ERROR, TILL_ERROR_UNREADABLE);
          g_assert_cmpint (till_error_get_reason (fixture->error), ==, cases[i].reason);
        }
    }

  g_resources_unregister (resource);
  g_resource_unref (resource);
}

static void
test_cancelled_before (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  inspect (fixture, "shop.pem", NULL, cancellable);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

/* The callback comes at once, whatever the thread is doing. */
static void
test_cancelled_during (Fixture       *fixture,
                       gconstpointer  data)
{
  guint at_once = 0;

  make_p12 (fixture, 1000000);

  for (guint delay = 0; delay < 100; delay += 33)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      gint64 start = g_get_monotonic_time ();

      g_timeout_add (delay, cancel_cb, cancellable);
      inspect (fixture, "shop.p12", fixture->password, cancellable);
      g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      /* Done to the end it takes longer than this on any machine of today. */
      if (g_get_monotonic_time () - start < (delay + 400) * 1000)
        at_once++;
    }

  /* A busy machine may hold up one or two; waiting for the thread would hold up all. */
  g_assert_cmpuint (at_once, >=, 2);
}

/* Several at once, each with its own result. */
static void
test_many (Fixture       *fixture,
           gconstpointer  data)
{
  Fixture others[8];

  make_p12 (fixture, 2048);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr(GFile) file = get_file (fixture, i % 2 ? "shop.p12" : "shop.pem");

      memset (&others[i], 0, sizeof others[i]);
      till_inspect_file_async (file, i % 4 == 1 ? fixture->password : NULL, NULL, file_cb, &others[i]);
    }

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      if (others[i].calls == 0)
        wait (&others[i]);
      g_assert_cmpuint (others[i].calls, ==, 1);
      if (i % 4 == 3)
        g_assert_error (others[i].error, TILL_ERROR, TILL_ERROR_PASSWORD_REQUIRED);
      else
        assert_counts (others[i].document, i % 2 ? "pkcs12" : "certificate", 1, i % 2);
      clear (&others[i]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/inspector/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("file", test_file);
  ADD ("bytes", test_bytes);
  ADD ("unreadable", test_unreadable);
  ADD ("no-path", test_no_path);
  ADD ("cancelled-before", test_cancelled_before);
  ADD ("cancelled-during", test_cancelled_during);
  ADD ("many", test_many);

  return g_test_run ();
}
