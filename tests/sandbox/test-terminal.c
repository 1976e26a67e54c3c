/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screen of the sandbox's terminal as a program holds it: properties, signals, taps, and a pairing from C. */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "till-document.h"
#include "till-sandbox.h"
#include "till-test.h"

#define NOW 1767225600
#define LIMIT_SECONDS 120

typedef struct
{
  TillTestDir         *dir;
  TillClock           *clock;
  TillSandbox         *sandbox;
  TillSandboxTerminal *terminal;
  GString             *seen;
  guint                limit;
} Fixture;

static gboolean
limit_cb (gpointer user_data)
{
  g_error ("nothing happened for %d seconds", LIMIT_SECONDS);
  return G_SOURCE_REMOVE;
}

static void
state_cb (TillSandboxTerminal *terminal,
          GParamSpec          *pspec,
          gpointer             user_data)
{
  Fixture *fixture = user_data;
  g_autoptr(GEnumClass) states = g_type_class_ref (TILL_TYPE_TERMINAL_STATE);

  g_string_append_printf (fixture->seen, "%s ",
                          g_enum_get_value (states, (gint) till_sandbox_terminal_get_state (terminal))->value_nick);
}

static void
wrong_code_cb (TillSandboxTerminal *terminal,
               const char          *from,
               guint                tries,
               gpointer             user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpstr (from, ==, "127.0.0.1");
  g_assert_cmpuint (tries, ==, till_sandbox_terminal_get_wrong_tries (terminal));
  g_string_append_printf (fixture->seen, "wrong-%u ", tries);
}

static void
activated_cb (TillSandboxTerminal *terminal,
              gpointer             user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpint (till_sandbox_terminal_get_state (terminal), ==, TILL_TERMINAL_ACTIVATED);
  g_string_append_printf (fixture->seen, "[%s] ", till_sandbox_terminal_get_activation (terminal)->pos_id);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->dir = till_test_dir_new ();
  fixture->clock = till_clock_new_fixed (NOW);
  fixture->sandbox = till_sandbox_new (fixture->dir->path, fixture->clock);
  fixture->terminal = till_sandbox_get_terminal (fixture->sandbox);
  fixture->seen = g_string_new (NULL);
  fixture->limit = g_timeout_add_seconds (LIMIT_SECONDS, limit_cb, NULL);
  g_signal_connect (fixture->terminal, "notify::state", G_CALLBACK (state_cb), fixture);
  g_signal_connect (fixture->terminal, "wrong-code", G_CALLBACK (wrong_code_cb), fixture);
  g_signal_connect (fixture->terminal, "activated", G_CALLBACK (activated_cb), fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_source_remove (fixture->limit);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  if (fixture->sandbox != NULL)
    {
      till_sandbox_stop (fixture->sandbox);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_object_ref (fixture->terminal);
      g_assert_finalize_object (fixture->sandbox);
      g_assert_finalize_object (fixture->terminal);
    }
  g_string_free (fixture->seen, TRUE);
  till_clock_unref (fixture->clock);
  till_test_dir_free (fixture->dir);
}

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static void
start (Fixture *fixture)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  till_sandbox_start_async (fixture->sandbox, 0, NULL, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (till_sandbox_start_finish (fixture->sandbox, result, &error));
  g_assert_no_error (error);
}

static void
wait_for_state (Fixture           *fixture,
                TillTerminalState  state)
{
  while (till_sandbox_terminal_get_state (fixture->terminal) != state)
    g_main_context_iteration (NULL, TRUE);
}

static char *
wait_for_code (Fixture    *fixture,
               const char *old)
{
  while (till_sandbox_terminal_get_code (fixture->terminal) == NULL ||
         g_strcmp0 (till_sandbox_terminal_get_code (fixture->terminal), old) == 0)
    g_main_context_iteration (NULL, TRUE);

  return g_strdup (till_sandbox_terminal_get_code (fixture->terminal));
}

/* The certificate's name is that of the serial number, not the address: only that may be wrong with it. */
static gboolean
accept_cb (SoupMessage          *message,
           GTlsCertificate      *certificate,
           GTlsCertificateFlags  errors,
           gpointer              user_data)
{
  const char *serial = user_data;
  g_autofree char *name = g_strconcat (serial, ".pgw.seclib.io", NULL);
  g_autoptr(GSocketConnectable) identity = g_network_address_new (name, 443);

  return errors == G_TLS_CERTIFICATE_BAD_IDENTITY &&
         (g_tls_certificate_verify (certificate, identity, NULL) & G_TLS_CERTIFICATE_BAD_IDENTITY) == 0;
}

static guint
pair (Fixture     *fixture,
      const char  *pos_id,
      const char  *code,
      GBytes     **answer)
{
  const TillSandboxInfo *info = till_sandbox_get_info (fixture->sandbox);
  g_autofree char *body = g_strdup_printf ("{\"posId\":\"%s\",\"setupCode\":\"%s\"}", pos_id, code);
  g_autofree char *url = g_strconcat (till_sandbox_terminal_get_https (fixture->terminal), "/", NULL);
  g_autoptr(GTlsDatabase) database = g_tls_file_database_new (info->terminal_root_file, NULL);
  g_autoptr(SoupSession) session = soup_session_new_with_options ("tls-database", database, NULL);
  g_autoptr(SoupMessage) message = soup_message_new ("POST", url);
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr(GBytes) got = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_cb), info->terminal_serial);
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  got = soup_session_send_and_read_finish (session, result, &error);
  g_assert_no_error (error);
  if (answer != NULL)
    *answer = g_steal_pointer (&got);

  return soup_message_get_status (message);
}

static void
test_off (Fixture       *fixture,
          gconstpointer  data)
{
  g_assert_cmpint (till_sandbox_terminal_get_state (fixture->terminal), ==, TILL_TERMINAL_OFF);
  g_assert_null (till_sandbox_terminal_get_code (fixture->terminal));
  g_assert_null (till_sandbox_terminal_get_https (fixture->terminal));
  g_assert_null (till_sandbox_terminal_get_activation (fixture->terminal));

  /* Nobody is there to be tapped. */
  till_sandbox_terminal_generate (fixture->terminal);
  till_sandbox_terminal_close (fixture->terminal);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (fixture->seen->str, ==, "");
}

static void
test_screen (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  g_autofree char *https = NULL;
  g_autofree char *wss = NULL;
  g_autofree char *serial = NULL;
  g_autofree char *code = NULL;
  TillTerminalState state;
  gint64 expires_at;
  guint tries;

  start (fixture);
  g_object_get (fixture->terminal, "state", &state, "code", &code, "expires-at", &expires_at, "https", &https,
                "wss", &wss, "serial", &serial, "wrong-tries", &tries, NULL);
  g_assert_cmpint (state, ==, TILL_TERMINAL_CODE);
  g_assert_cmpuint (strlen (code), ==, 8);
  g_assert_cmpuint (strspn (code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), ==, 8);
  g_assert_cmpint (expires_at, ==, NOW + 300);
  g_assert_true (g_str_has_prefix (https, "https://127.0.0.1:"));
  g_assert_true (g_str_has_prefix (wss, "wss://127.0.0.1:"));
  g_assert_cmpuint (strlen (serial), ==, 10);
  g_assert_cmpuint (tries, ==, 0);
  g_assert_cmpstr (serial, ==, till_sandbox_get_info (fixture->sandbox)->terminal_serial);

  /* 300 seconds go by: the timer is looked at each second. */
  first = wait_for_code (fixture, NULL);
  till_clock_advance (fixture->clock, 300);
  second = wait_for_code (fixture, first);
  g_assert_cmpint (till_sandbox_terminal_get_expires_at (fixture->terminal), ==, NOW + 600);

  till_sandbox_terminal_generate (fixture->terminal);
  third = wait_for_code (fixture, second);
  till_sandbox_terminal_close (fixture->terminal);
  wait_for_state (fixture, TILL_TERMINAL_IDLE);
  g_assert_null (till_sandbox_terminal_get_code (fixture->terminal));
  g_assert_cmpint (till_sandbox_terminal_get_expires_at (fixture->terminal), ==, 0);

  till_sandbox_stop (fixture->sandbox);
  g_assert_cmpint (till_sandbox_terminal_get_state (fixture->terminal), ==, TILL_TERMINAL_OFF);
  till_sandbox_terminal_generate (fixture->terminal);

  start (fixture);
  g_assert_cmpint (till_sandbox_terminal_get_state (fixture->terminal), ==, TILL_TERMINAL_CODE);
  g_assert_cmpstr (till_sandbox_terminal_get_code (fixture->terminal), !=, third);
  g_assert_cmpstr (till_sandbox_terminal_get_serial (fixture->terminal), ==, serial);
  g_assert_cmpstr (fixture->seen->str, ==, "code idle off code ");
}

static void
test_pair (Fixture       *fixture,
           gconstpointer  data)
{
  const TillTerminalActivation *activation;
  g_autofree char *code = NULL;
  g_autoptr(GBytes) answer = NULL;
  g_autoptr(TillDocument) document = NULL;
  TillInspectOptions options = { NULL, NULL, 0 };
  const TillCertificate *leaf;

  start (fixture);
  code = wait_for_code (fixture, NULL);
  g_assert_cmpuint (pair (fixture, "123", "--------", NULL), ==, 400);
  g_assert_cmpuint (pair (fixture, "COUNTER-03", code, &answer), ==, 200);
  wait_for_state (fixture, TILL_TERMINAL_ACTIVATED);
  g_assert_cmpstr (fixture->seen->str, ==, "code wrong-1 activated [COUNTER-03] ");

  document = till_document_parse (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), &options, NULL);
  g_assert_nonnull (document);
  g_assert_cmpuint (document->certificates->len, ==, 3);
  g_assert_cmpuint (document->private_keys->len, ==, 1);
  g_assert_cmpint (g_array_index (document->private_keys, TillPrivateKeyEntry, 0).matches, ==, 1);
  leaf = g_ptr_array_index (document->certificates, 0);
  g_assert_cmpint (leaf->key_bits, ==, 2048);

  activation = till_sandbox_terminal_get_activation (fixture->terminal);
  g_assert_cmpstr (activation->pos_id, ==, "COUNTER-03");
  g_assert_cmpstr (activation->from, ==, "127.0.0.1");
  g_assert_false (activation->wss);
  g_assert_cmpint (activation->at, ==, NOW);
  g_assert_cmpint (activation->not_after, ==, leaf->not_after);
  g_assert_cmpstr (activation->sha256, ==, leaf->sha256);

  /* It is still to be read when the sandbox has stopped, and when it is no more. */
  till_sandbox_stop (fixture->sandbox);
  g_assert_cmpstr (till_sandbox_terminal_get_activation (fixture->terminal)->pos_id, ==, "COUNTER-03");
}

static void
test_withdrawn (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *code = NULL;

  start (fixture);
  code = wait_for_code (fixture, NULL);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint (pair (fixture, "x", "wrong", NULL), ==, 400);
  g_assert_cmpuint (pair (fixture, "x", code, NULL), ==, 429);
  wait_for_state (fixture, TILL_TERMINAL_WITHDRAWN);
  g_assert_cmpuint (till_sandbox_terminal_get_wrong_tries (fixture->terminal), ==, 5);
  g_assert_cmpstr (fixture->seen->str, ==, "code wrong-1 wrong-2 wrong-3 wrong-4 withdrawn wrong-5 ");
}

static void
test_outlived (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(TillSandboxTerminal) kept = g_object_ref (fixture->terminal);

  /* Let go of while it runs: the screen is off, and taps are nobody's. */
  start (fixture);
  g_clear_object (&fixture->sandbox);
  g_assert_cmpint (till_sandbox_terminal_get_state (kept), ==, TILL_TERMINAL_OFF);
  till_sandbox_terminal_generate (kept);
  till_sandbox_terminal_close (kept);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (fixture->seen->str, ==, "code off ");
  g_signal_handlers_disconnect_by_data (kept, fixture);
  g_assert_finalize_object (g_steal_pointer (&kept));
}

static void
test_port (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autoptr(TillSandbox) other = till_sandbox_new (dir->path, fixture->clock);
  g_autoptr(GAsyncResult) result = NULL;
  const char *first;
  const char *second;

  start (fixture);
  first = till_sandbox_terminal_get_https (fixture->terminal);
  till_sandbox_set_terminal_port (other, (guint16) g_ascii_strtoull (strrchr (first, ':') + 1, NULL, 10));
  till_sandbox_start_async (other, 0, NULL, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (till_sandbox_start_finish (other, result, NULL));
  second = till_sandbox_terminal_get_https (till_sandbox_get_terminal (other));
  g_assert_cmpstr (second, !=, first);

  /* Free again, it is taken. */
  till_sandbox_stop (fixture->sandbox);
  till_sandbox_stop (other);
  g_clear_object (&result);
  till_sandbox_start_async (other, 0, NULL, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (till_sandbox_start_finish (other, result, NULL));
  g_assert_cmpstr (till_sandbox_terminal_get_https (till_sandbox_get_terminal (other)), ==, first);
  till_sandbox_stop (other);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

#define ADD(path, func) g_test_add ("/terminal/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("off", test_off);
  ADD ("screen", test_screen);
  ADD ("pair", test_pair);
  ADD ("withdrawn", test_withdrawn);
  ADD ("outlived", test_outlived);
  ADD ("port", test_port);

  return g_test_run ();
}
