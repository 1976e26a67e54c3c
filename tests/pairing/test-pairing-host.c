/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host against curl: codes, answers, honest delivery, the register (RELIABILITY.md G20 to G25). */
#include "config.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "pairing-test.h"
#include "till-pairing-host.h"

#define STATUS_BODY "{\"type\":\"StatusRequest\"}"

typedef struct
{
  TillClock       *clock;
  TestShop        *shop;
  TillPairingHost *host;
  char            *ca_file;
  GString         *events;
} Fixture;

/* What curl came to. */
typedef struct
{
  int   status;       /* of HTTP; 0 where there was none */
  char *body;
} Answer;

static void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->body, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static void
code_cb (TillPairingHost *host,
         Fixture         *fixture)
{
  g_string_append (fixture->events, "code ");
}

static void
wrong_code_cb (TillPairingHost *host,
               const char      *peer,
               guint            tries,
               Fixture         *fixture)
{
  g_assert_cmpstr (peer, ==, "127.0.0.1");
  g_string_append_printf (fixture->events, "wrong:%u ", tries);
}

static void
code_dead_cb (TillPairingHost *host,
              Fixture         *fixture)
{
  g_string_append (fixture->events, "dead ");
}

static void
pos_id_taken_cb (TillPairingHost *host,
                 const char      *pos_id,
                 const char      *peer,
                 Fixture         *fixture)
{
  g_string_append_printf (fixture->events, "taken:%s ", pos_id);
}

static void
issued_cb (TillPairingHost *host,
           TillDevice      *device,
           Fixture         *fixture)
{
  g_assert_cmpint (till_device_get_state (device), ==, TILL_DEVICE_PENDING);
  g_string_append_printf (fixture->events, "issued:%s ", till_device_get_pos_id (device));
}

static void
activated_cb (TillPairingHost *host,
              TillDevice      *device,
              Fixture         *fixture)
{
  g_assert_cmpint (till_device_get_state (device), ==, TILL_DEVICE_ACTIVE);
  g_string_append_printf (fixture->events, "activated:%s ", till_device_get_pos_id (device));
}

static void
not_confirmed_cb (TillPairingHost *host,
                  TillDevice      *device,
                  Fixture         *fixture)
{
  g_string_append_printf (fixture->events, "lost:%s ", till_device_get_pos_id (device));
}

static void
ended_cb (TillPairingHost *host,
          GError          *error,
          Fixture         *fixture)
{
  g_string_append (fixture->events, error != NULL ? "ended! " : "ended ");
}

static void
start (Fixture *fixture)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string ("127.0.0.1");
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

  fixture->host = till_pairing_host_new (fixture->shop->store, fixture->shop->vault, fixture->clock,
                                         fixture->shop->profile);
  g_signal_connect (fixture->host, "code", G_CALLBACK (code_cb), fixture);
  g_signal_connect (fixture->host, "wrong-code", G_CALLBACK (wrong_code_cb), fixture);
  g_signal_connect (fixture->host, "code-dead", G_CALLBACK (code_dead_cb), fixture);
  g_signal_connect (fixture->host, "pos-id-taken", G_CALLBACK (pos_id_taken_cb), fixture);
  g_signal_connect (fixture->host, "issued", G_CALLBACK (issued_cb), fixture);
  g_signal_connect (fixture->host, "activated", G_CALLBACK (activated_cb), fixture);
  g_signal_connect (fixture->host, "not-confirmed", G_CALLBACK (not_confirmed_cb), fixture);
  g_signal_connect (fixture->host, "ended", G_CALLBACK (ended_cb), fixture);

  till_pairing_host_start_async (fixture->host, address, 0, NULL, test_done_cb, &result);
  done = test_wait_result (&result);
  g_assert_true (till_pairing_host_start_finish (fixture->host, done, &error));
  g_assert_no_error (error);
  g_free (fixture->ca_file);
  fixture->ca_file = till_test_dir_write (fixture->shop->dir, "root.pem",
                                          till_store_ca_get_root_pem (till_pairing_host_get_ca (fixture->host)), -1);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  /* curl knows no other time. */
  fixture->clock = till_clock_new_fixed (g_get_real_time () / G_USEC_PER_SEC);
  fixture->shop = test_shop_new_with (fixture->clock);
  fixture->events = g_string_new (NULL);
  start (fixture);
}

static void
stop (Fixture *fixture)
{
  till_pairing_host_stop (fixture->host);
  /* A key that is being made in a thread, a connection that says goodbye. */
  test_wait_until (G_OBJECT (fixture->host)->ref_count == 1);
  g_assert_finalize_object (fixture->host);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  stop (fixture);
  test_drain ();
  test_shop_free (fixture->shop);
  till_clock_unref (fixture->clock);
  g_string_free (fixture->events, TRUE);
  g_free (fixture->ca_file);
}

static void
communicated_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  test_done_cb (source, result, user_data);
}

/* identity: (nullable) a file with key and certificates */
static GSubprocess *
launch (Fixture    *fixture,
        const char *body,
        const char *identity)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  GSubprocess *process;

  g_ptr_array_add (argv, (gpointer) "curl");
  g_ptr_array_add (argv, (gpointer) "-sS");
  g_ptr_array_add (argv, (gpointer) "--max-time");
  g_ptr_array_add (argv, (gpointer) "60");
  g_ptr_array_add (argv, (gpointer) "--noproxy");
  g_ptr_array_add (argv, (gpointer) "*");
  g_ptr_array_add (argv, (gpointer) "--cacert");
  g_ptr_array_add (argv, fixture->ca_file);
  g_ptr_array_add (argv, (gpointer) "-w");
  g_ptr_array_add (argv, (gpointer) "\n%{http_code}");
  if (identity != NULL)
    {
      g_ptr_array_add (argv, (gpointer) "--cert");
      g_ptr_array_add (argv, (gpointer) identity);
    }
  if (body != NULL)
    {
      g_ptr_array_add (argv, (gpointer) "-H");
      g_ptr_array_add (argv, (gpointer) "Content-Type: application/json");
      g_ptr_array_add (argv, (gpointer) "--data-binary");
      g_ptr_array_add (argv, (gpointer) body);
    }
  g_ptr_array_add (argv, (gpointer) till_pairing_host_get_https (fixture->host));
  g_ptr_array_add (argv, NULL);

  process = g_subprocess_newv ((const char * const *) argv->pdata,
                               G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);

  return process;
}

static Answer
receive (GSubprocess  *process,
         GAsyncResult *done)
{
  Answer answer = { 0 };
  g_autofree char *output = NULL;
  char *last;

  g_assert_true (g_subprocess_communicate_utf8_finish (process, done, &output, NULL, NULL));
  last = strrchr (output, '\n');
  g_assert_nonnull (last);
  answer.status = atoi (last + 1);
  answer.body = g_strndup (output, (gsize) (last - output));

  return answer;
}

static Answer
ask (Fixture    *fixture,
     const char *body,
     const char *identity)
{
  g_autoptr(GSubprocess) process = launch (fixture, body, identity);
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  g_subprocess_communicate_utf8_async (process, NULL, NULL, communicated_cb, &result);
  done = test_wait_result (&result);

  return receive (process, done);
}

static char *
make_body (Fixture    *fixture,
           const char *pos_id,
           gboolean    right)
{
  const guint8 *code = till_secret_get_data (till_setup_code_get_text (till_pairing_host_get_code (fixture->host)));
  g_autofree char *text = g_strndup ((const char *) code, 8);

  if (!right)
    text[7] = text[7] == 'A' ? 'B' : 'A';

  return g_strdup_printf ("{ \"posId\" : \"%s\", \"setupCode\" : \"%s\" }", pos_id, text);
}

/* Pairs; the file that the identity is in then. */
static char *
pair (Fixture    *fixture,
      const char *pos_id)
{
  g_autofree char *body = make_body (fixture, pos_id, TRUE);
  g_auto(Answer) answer = ask (fixture, body, NULL);

  g_assert_cmpint (answer.status, ==, 200);
  g_assert_true (g_str_has_prefix (answer.body, "-----BEGIN RSA PRIVATE KEY-----\n"));

  return till_test_dir_write (fixture->shop->dir, pos_id, answer.body, -1);
}

static TillDeviceState
get_state (Fixture *fixture,
           guint    position)
{
  g_autoptr(TillDevice) device = g_list_model_get_item (G_LIST_MODEL (till_pairing_host_get_register (fixture->host)),
                                                        position);

  g_assert_nonnull (device);

  return till_device_get_state (device);
}

static void
assert_events (Fixture    *fixture,
               const char *expected)
{
  test_wait_until (strlen (fixture->events->str) >= strlen (expected));
  g_assert_cmpstr (fixture->events->str, ==, expected);
}

static void
test_pair (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *identity = pair (fixture, "COUNTER-03");
  g_autofree char *again = make_body (fixture, "COUNTER-04", TRUE);
  g_auto(Answer) status = { 0 };
  g_auto(Answer) get = { 0 };
  g_auto(Answer) stranger = { 0 };
  g_auto(Answer) second = { 0 };

  assert_events (fixture, "code issued:COUNTER-03 ");
  g_assert_cmpint (get_state (fixture, 0), ==, TILL_DEVICE_PENDING);
  g_assert_true (till_pairing_host_is_confirming (fixture->host));

  /* Used is used. */
  second = ask (fixture, again, NULL);
  g_assert_cmpint (second.status, ==, 403);
  g_assert_cmpstr (second.body, ==, "{\"error\":\"refused\"}");

  status = ask (fixture, STATUS_BODY, identity);
  g_assert_cmpint (status.status, ==, 200);
  g_assert_nonnull (strstr (status.body, "\"type\":\"TransactionStatusResponse\""));
  g_assert_nonnull (strstr (status.body, "\"posId\":\"COUNTER-03\""));
  assert_events (fixture, "code issued:COUNTER-03 activated:COUNTER-03 ");
  g_assert_cmpint (get_state (fixture, 0), ==, TILL_DEVICE_ACTIVE);
  get = ask (fixture, NULL, identity);
  g_assert_cmpint (get.status, ==, 200);

  stranger = ask (fixture, STATUS_BODY, NULL);
  g_assert_cmpint (stranger.status, ==, 403);
  g_assert_cmpuint (test_shop_count (fixture->shop, "pairing.issue"), ==, 1);
  g_assert_cmpuint (test_shop_count (fixture->shop, "pairing.activated"), ==, 1);
}

/* Row 69, 70: the same answer for wrong and dead; five in all. */
static void
test_wrong (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *wrong = make_body (fixture, "a", FALSE);
  g_autofree char *right = make_body (fixture, "a", TRUE);
  g_auto(Answer) after = { 0 };

  for (guint i = 0; i < 5; i++)
    {
      g_auto(Answer) answer = ask (fixture, wrong, NULL);

      g_assert_cmpint (answer.status, ==, 403);
      g_assert_cmpstr (answer.body, ==, "{\"error\":\"refused\"}");
    }
  after = ask (fixture, right, NULL);
  g_assert_cmpint (after.status, ==, 403);
  g_assert_cmpstr (after.body, ==, "{\"error\":\"refused\"}");
  assert_events (fixture, "code wrong:1 wrong:2 wrong:3 wrong:4 wrong:5 dead ");
  g_assert_cmpuint (test_shop_count (fixture->shop, "pairing.wrong-code"), ==, 5);

  /* No new code by itself; after its time it is over. */
  till_clock_advance (fixture->clock, 301);
  assert_events (fixture, "code wrong:1 wrong:2 wrong:3 wrong:4 wrong:5 dead ended! ");
  g_assert_false (till_pairing_host_is_listening (fixture->host));
}

/* A restart does not give new tries. */
static void
test_restart (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *wrong = make_body (fixture, "a", FALSE);
  g_auto(Answer) first = ask (fixture, wrong, NULL);
  g_auto(Answer) second = ask (fixture, wrong, NULL);
  g_auto(Answer) third = { 0 };
  g_autofree char *other = NULL;

  g_assert_cmpint (first.status, ==, 403);
  g_assert_cmpint (second.status, ==, 403);
  stop (fixture);
  g_string_truncate (fixture->events, 0);
  start (fixture);
  g_assert_cmpuint (till_setup_code_get_tries (till_pairing_host_get_code (fixture->host)), ==, 2);
  other = make_body (fixture, "a", FALSE);
  third = ask (fixture, other, NULL);
  g_assert_cmpint (third.status, ==, 403);
  assert_events (fixture, "code wrong:3 ");

  till_pairing_host_new_code (fixture->host);
  g_assert_cmpuint (till_setup_code_get_tries (till_pairing_host_get_code (fixture->host)), ==, 0);
}

/* How many codes were shown so far. */
static guint
count_codes (Fixture *fixture)
{
  g_auto(GStrv) events = g_strsplit (fixture->events->str, " ", -1);
  guint n = 0;

  for (guint i = 0; events[i] != NULL; i++)
    n += g_str_equal (events[i], "code") ? 1 : 0;

  return n;
}

/* Row 71: too late is refused; three codes follow each other, then it ends. */
static void
test_expiry (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *late = make_body (fixture, "a", TRUE);
  g_auto(Answer) answer = { 0 };

  till_clock_advance (fixture->clock, 300);
  answer = ask (fixture, late, NULL);
  g_assert_cmpint (answer.status, ==, 403);
  test_wait_until (count_codes (fixture) == 2);
  till_clock_advance (fixture->clock, 300);
  test_wait_until (count_codes (fixture) == 3);
  till_clock_advance (fixture->clock, 300);
  test_wait_until (g_str_has_suffix (fixture->events->str, "ended "));
  g_assert_cmpuint (count_codes (fixture), ==, 3);
  g_assert_cmpint (till_register_get_tries (till_pairing_host_get_register (fixture->host)), <=, 1);
}

/* Row 84 and G23: what is not confirmed in ten minutes is withdrawn. */
static void
test_not_confirmed (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *identity = pair (fixture, "a");
  g_auto(Answer) answer = { 0 };

  till_clock_advance (fixture->clock, 600);
  test_wait_until (strstr (fixture->events->str, "lost:a ") != NULL);
  test_wait_until (get_state (fixture, 0) == TILL_DEVICE_REVOKED);
  if (!till_pairing_host_is_listening (fixture->host))
    return;

  answer = ask (fixture, STATUS_BODY, identity);
  g_assert_cmpint (answer.status, !=, 200);
}

/* Nobody can confirm once it has stopped. */
static void
test_stopped (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *identity = pair (fixture, "a");

  g_assert_nonnull (identity);
  till_pairing_host_stop (fixture->host);
  g_assert_cmpstr (fixture->events->str, ==, "code issued:a lost:a ");
  test_wait_until (get_state (fixture, 0) == TILL_DEVICE_REVOKED);
  g_assert_cmpint (till_setup_code_get_state (till_pairing_host_get_code (fixture->host)), ==, TILL_SETUP_CODE_USED);
}

/* Row 76: a name that is in use is asked about; the old certificate works until the new one does. */
static void
test_replace (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *first = pair (fixture, "a");
  g_autofree char *moved = till_test_dir_file (fixture->shop->dir, "first");
  g_autofree char *second = NULL;
  g_autofree char *body = NULL;
  g_auto(Answer) one = ask (fixture, STATUS_BODY, first);
  g_auto(Answer) taken = { 0 };
  g_auto(Answer) old = { 0 };
  g_auto(Answer) new = { 0 };
  g_auto(Answer) gone = { 0 };

  g_assert_cmpint (one.status, ==, 200);
  g_assert_cmpint (g_rename (first, moved), ==, 0);
  till_pairing_host_new_code (fixture->host);
  body = make_body (fixture, "a", TRUE);
  taken = ask (fixture, body, NULL);
  g_assert_cmpint (taken.status, ==, 409);
  test_wait_until (strstr (fixture->events->str, "taken:a ") != NULL);

  till_pairing_host_allow_replacing (fixture->host, "a");
  second = pair (fixture, "a");
  old = ask (fixture, STATUS_BODY, moved);
  g_assert_cmpint (old.status, ==, 200);
  new = ask (fixture, STATUS_BODY, second);
  g_assert_cmpint (new.status, ==, 200);
  gone = ask (fixture, STATUS_BODY, moved);
  g_assert_cmpint (gone.status, ==, 0);
  test_wait_until (test_shop_count (fixture->shop, "devices.revoke") == 1);
}

static void
test_revoke (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *identity = pair (fixture, "a");
  g_auto(Answer) before = ask (fixture, STATUS_BODY, identity);
  g_auto(Answer) after = { 0 };
  g_autoptr(TillDevice) device = g_list_model_get_item (G_LIST_MODEL (till_pairing_host_get_register (fixture->host)), 0);
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  g_assert_cmpint (before.status, ==, 200);
  till_pairing_host_revoke_async (fixture->host, till_device_get_serial (device), NULL, test_done_cb, &result);
  done = test_wait_result (&result);
  g_assert_true (till_pairing_host_revoke_finish (fixture->host, done, NULL));
  after = ask (fixture, STATUS_BODY, identity);
  g_assert_cmpint (after.status, ==, 0);
}

/* Row 72: 64 at once with the right code are one success. */
static void
test_crowd (Fixture       *fixture,
            gconstpointer  data)
{
  enum { CROWD = 64 };
  g_autofree char *body = make_body (fixture, "a", TRUE);
  g_autoptr(GPtrArray) processes = g_ptr_array_new_with_free_func (g_object_unref);
  GAsyncResult *results[CROWD] = { NULL };
  guint successes = 0;
  guint refusals = 0;

  for (guint i = 0; i < CROWD; i++)
    {
      GSubprocess *process = launch (fixture, body, NULL);

      g_subprocess_communicate_utf8_async (process, NULL, NULL, communicated_cb, &results[i]);
      g_ptr_array_add (processes, process);
    }

  for (guint i = 0; i < CROWD; i++)
    {
      g_autoptr(GAsyncResult) done = test_wait_result (&results[i]);
      g_auto(Answer) answer = receive (processes->pdata[i], done);

      successes += answer.status == 200;
      refusals += answer.status == 403;
    }
  g_test_message ("%u refused", refusals);
  g_assert_cmpuint (successes, ==, 1);
  /* Who got no turn within the limits of the gate was not served at all. */
  g_assert_cmpuint (refusals, >, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (till_pairing_host_get_register (fixture->host))), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/pairing-host/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("pair", test_pair);
  ADD ("wrong", test_wrong);
  ADD ("restart", test_restart);
  ADD ("expiry", test_expiry);
  ADD ("not-confirmed", test_not_confirmed);
  ADD ("stopped", test_stopped);
  ADD ("replace", test_replace);
  ADD ("revoke", test_revoke);
  ADD ("crowd", test_crowd);

  return g_test_run ();
}
