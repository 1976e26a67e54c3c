/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TillSandbox as a program holds it: its life, its tables, its passes, and a signed call from C. */
#include "config.h"

#include <gnutls/crypto.h>
#include <libsoup/soup.h>
#include <string.h>

#include "till-document.h"
#include "till-error.h"
#include "till-json-reader.h"
#include "till-sandbox.h"
#include "till-test.h"

#define NOW 1767225600
#define DAY 86400
#define LIMIT_SECONDS 60

typedef struct
{
  TillTestDir  *dir;
  TillClock    *clock;
  TillSandbox  *sandbox;
  GMainLoop    *loop;
  GError       *error;
  gboolean      started;
} Fixture;

static gboolean
limit_cb (gpointer user_data)
{
  g_error ("nothing happened for %d seconds", LIMIT_SECONDS);
  return G_SOURCE_REMOVE;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->dir = till_test_dir_new ();
  fixture->clock = till_clock_new_fixed (NOW);
  fixture->sandbox = till_sandbox_new (fixture->dir->path, fixture->clock);
  fixture->loop = g_main_loop_new (NULL, FALSE);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  if (fixture->sandbox != NULL)
    {
      till_sandbox_stop (fixture->sandbox);
      g_assert_finalize_object (fixture->sandbox);
    }
  g_clear_error (&fixture->error);
  g_main_loop_unref (fixture->loop);
  till_clock_unref (fixture->clock);
  till_test_dir_free (fixture->dir);
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_clear_error (&fixture->error);
  fixture->started = till_sandbox_start_finish (TILL_SANDBOX (source), result, &fixture->error);
  g_main_loop_quit (fixture->loop);
}

static gboolean
start (Fixture      *fixture,
       TillSandbox  *sandbox,
       guint16       port,
       GCancellable *cancellable)
{
  guint limit = g_timeout_add_seconds (LIMIT_SECONDS, limit_cb, NULL);

  till_sandbox_start_async (sandbox, port, cancellable, started_cb, fixture);
  g_main_loop_run (fixture->loop);
  g_source_remove (limit);

  return fixture->started;
}

static SoupSession *
make_session (const TillSandboxInfo *info)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GTlsDatabase) database = g_tls_file_database_new (info->ca_file, &error);
  SoupSession *session;

  g_assert_no_error (error);
  session = soup_session_new_with_options ("tls-database", database, "timeout", LIMIT_SECONDS, NULL);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);

  return session;
}

static guint
send_message (SoupSession  *session,
              SoupMessage  *message,
              GBytes      **body)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) got = soup_session_send_and_read (session, message, NULL, &error);

  g_assert_no_error (error);
  if (body != NULL)
    *body = g_steal_pointer (&got);

  return soup_message_get_status (message);
}

static guint
get_up (const TillSandboxInfo *info)
{
  g_autoptr(SoupSession) session = make_session (info);
  g_autofree char *url = g_strconcat (info->devices_url, "/up", NULL);
  g_autoptr(SoupMessage) message = soup_message_new ("GET", url);

  return send_message (session, message, NULL);
}

static void
test_life (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *first_key = NULL;
  guint16 port;

  g_assert_null (till_sandbox_get_info (fixture->sandbox));
  g_assert_null (till_sandbox_dup_example_keys (fixture->sandbox));
  till_sandbox_stop (fixture->sandbox);

  g_assert_true (start (fixture, fixture->sandbox, 0, NULL));
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (get_up (till_sandbox_get_info (fixture->sandbox)), ==, 200);
  g_assert_true (g_str_has_prefix (till_sandbox_get_info (fixture->sandbox)->ca_pem, "-----BEGIN CERTIFICATE-----"));
  first_key = g_strdup (till_sandbox_get_info (fixture->sandbox)->hub_key);

  g_assert_false (start (fixture, fixture->sandbox, 0, NULL));
  g_assert_error (fixture->error, TILL_ERROR, TILL_ERROR_CONFLICT);
  g_assert_nonnull (till_sandbox_get_info (fixture->sandbox));

  port = (guint16) g_ascii_strtoull (strrchr (till_sandbox_get_info (fixture->sandbox)->devices_url, ':') + 1, NULL, 10);
  till_sandbox_stop (fixture->sandbox);
  till_sandbox_stop (fixture->sandbox);
  g_assert_null (till_sandbox_get_info (fixture->sandbox));

  /* The same one again, where it was before. */
  g_assert_true (start (fixture, fixture->sandbox, port, NULL));
  g_assert_cmpstr (till_sandbox_get_info (fixture->sandbox)->hub_key, ==, first_key);
  g_assert_cmpuint (get_up (till_sandbox_get_info (fixture->sandbox)), ==, 200);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(TillTestDir) other_dir = till_test_dir_new ();
  g_autoptr(TillSandbox) same_folder = till_sandbox_new (fixture->dir->path, fixture->clock);
  g_autoptr(TillSandbox) same_port = till_sandbox_new (other_dir->path, fixture->clock);
  g_autoptr(TillSandbox) nowhere = till_sandbox_new ("/proc/nowhere", fixture->clock);
  guint16 port;

  g_assert_true (start (fixture, fixture->sandbox, 0, NULL));
  port = (guint16) g_ascii_strtoull (strrchr (till_sandbox_get_info (fixture->sandbox)->devices_url, ':') + 1, NULL, 10);

  g_assert_false (start (fixture, same_folder, 0, NULL));
  g_assert_error (fixture->error, TILL_ERROR, TILL_ERROR_STORE_LOCKED);
  g_assert_cmpint (till_error_get_reason (fixture->error), ==, TILL_REASON_STORE_IN_USE);

  g_assert_false (start (fixture, same_port, port, NULL));
  g_assert_error (fixture->error, TILL_ERROR, TILL_ERROR_CONFLICT);
  g_assert_cmpint (till_error_get_reason (fixture->error), ==, TILL_REASON_IN_USE);
  g_assert_null (till_sandbox_get_info (same_port));

  g_assert_false (start (fixture, nowhere, 0, NULL));
  g_assert_error (fixture->error, TILL_ERROR, TILL_ERROR_UNREADABLE);

  /* What was refused can be started when the way is free. */
  till_sandbox_stop (fixture->sandbox);
  g_assert_true (start (fixture, same_port, port, NULL));
  g_assert_true (start (fixture, same_folder, 0, NULL));
  till_sandbox_stop (same_folder);
}

static void
test_given_up (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  /* Before. */
  g_cancellable_cancel (cancellable);
  g_assert_false (start (fixture, fixture->sandbox, 0, cancellable));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* During: the start is under way in the thread. */
  g_cancellable_reset (cancellable);
  till_sandbox_start_async (fixture->sandbox, 0, cancellable, started_cb, fixture);
  g_cancellable_cancel (cancellable);
  g_main_loop_run (fixture->loop);
  g_assert_false (fixture->started);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (till_sandbox_get_info (fixture->sandbox));

  /* Stopped before it is told that it runs. */
  till_sandbox_start_async (fixture->sandbox, 0, NULL, started_cb, fixture);
  till_sandbox_stop (fixture->sandbox);
  g_main_loop_run (fixture->loop);
  g_assert_false (fixture->started);
  g_assert_error (fixture->error, TILL_ERROR, TILL_ERROR_CANCELLED);

  /* After: it runs, and nothing happens. */
  g_cancellable_reset (cancellable);
  g_assert_true (start (fixture, fixture->sandbox, 0, cancellable));
  g_cancellable_cancel (cancellable);
  g_assert_cmpuint (get_up (till_sandbox_get_info (fixture->sandbox)), ==, 200);
}

static void
test_dropped (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(TillSandbox) again = NULL;

  /* Let go of while it starts: it is over when the start is told. */
  till_sandbox_start_async (fixture->sandbox, 0, NULL, started_cb, fixture);
  g_clear_object (&fixture->sandbox);
  g_main_loop_run (fixture->loop);
  while (g_main_context_iteration (NULL, FALSE))
    ;

  /* And while it runs: the folder is free at once. */
  again = till_sandbox_new (fixture->dir->path, fixture->clock);
  g_assert_true (start (fixture, again, 0, NULL));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&again));

  fixture->sandbox = till_sandbox_new (fixture->dir->path, fixture->clock);
  g_assert_true (start (fixture, fixture->sandbox, 0, NULL));
}

static void
check_table (const TillSandboxAssumption *table)
{
  g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (; table->name != NULL; table++)
    {
      g_assert_true (g_hash_table_add (names, (gpointer) table->name));
      g_assert_cmpuint (strspn (table->name, "abcdefghijklmnopqrstuvwxyz-"), ==, strlen (table->name));
      g_assert_nonnull (table->summary);
      g_assert_cmpuint (strlen (table->summary), >, 10);
      g_assert_null (strchr (table->summary, '\n'));
      g_assert_false (g_str_has_suffix (table->summary, "."));
    }
  g_assert_cmpuint (g_hash_table_size (names), >, 10);
}

static void
test_tables (Fixture       *fixture,
             gconstpointer  data)
{
  check_table (till_sandbox_get_assumptions ());
  check_table (till_sandbox_get_faults ());

  for (const TillSandboxAssumption *one = till_sandbox_get_assumptions (); one->name != NULL; one++)
    {
      static const char * const numbers[] = { "1", "7", NULL };
      const char * const *values = one->values != NULL ? one->values : numbers;
      g_autofree char *wrong = g_strconcat (one->name, "=nonsense", NULL);
      g_autoptr(GError) error = NULL;

      g_assert_cmpuint (g_strv_length ((char **) values), >=, 2);
      for (guint i = 0; values[i] != NULL; i++)
        {
          g_autofree char *text = g_strconcat (one->name, "=", values[i], NULL);

          g_assert_true (till_sandbox_assume (fixture->sandbox, text, &error));
          g_assert_no_error (error);
        }
      g_assert_false (till_sandbox_assume (fixture->sandbox, wrong, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
      g_assert_nonnull (strstr (error->message, one->name));
    }

  for (const TillSandboxAssumption *one = till_sandbox_get_faults (); one->name != NULL; one++)
    {
      g_autofree char *bare = g_strconcat (one->name, "@/ch/*3", NULL);
      g_autoptr(GError) error = NULL;

      for (guint i = 0; one->values != NULL && one->values[i] != NULL; i++)
        {
          g_autofree char *text = g_strdup_printf ("%s=%s@/ch/*3", one->name, one->values[i]);

          g_assert_true (till_sandbox_order_fault (fixture->sandbox, text, &error));
          g_assert_no_error (error);
        }
      if (one->values != NULL)
        g_assert_true (till_sandbox_order_fault (fixture->sandbox, bare, NULL) == (one->values[0] == NULL));
    }
  till_sandbox_clear_faults (fixture->sandbox);
}

static TillDocument *
open_pass (GBytes     *p12,
           const char *password)
{
  g_autoptr(TillSecret) secret = till_secret_new_copy (password, strlen (password));
  TillInspectOptions options = { secret, NULL, 0 };
  gsize size;
  const guint8 *data = g_bytes_get_data (p12, &size);

  return till_document_parse (data, size, &options, NULL);
}

static gpointer
make_pass_thread (gpointer data)
{
  return till_sandbox_make_pass_p12 (data, "pass.com.example.thread", "TEAM123456", NOW, NOW + DAY, FALSE, "", NULL);
}

static void
test_pass (Fixture       *fixture,
           gconstpointer  data)
{
  GThread *threads[4];

  /* Before the first start as well. */
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("pass", make_pass_thread, fixture->sandbox);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr(GBytes) p12 = g_thread_join (threads[i]);
      g_autoptr(TillDocument) document = NULL;

      g_assert_nonnull (p12);
      document = open_pass (p12, "");
      g_assert_nonnull (document);
    }

  g_assert_true (start (fixture, fixture->sandbox, 0, NULL));
  for (guint nfc = 0; nfc < 2; nfc++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) p12 = till_sandbox_make_pass_p12 (fixture->sandbox, "pass.com.example.shop", "ABCDE12345",
                                                          NOW - DAY, NOW + 300 * DAY, nfc == 1, "pässword", &error);
      g_autoptr(TillDocument) document = NULL;
      g_autoptr(TillDocument) locked = NULL;
      const TillCertificate *certificate;

      g_assert_no_error (error);
      locked = open_pass (p12, "password");
      g_assert_null (locked);

      document = open_pass (p12, "pässword");
      g_assert_nonnull (document);
      g_assert_cmpint (document->kind, ==, TILL_DOCUMENT_PKCS12);
      g_assert_cmpuint (document->certificates->len, ==, 1);
      g_assert_cmpuint (document->private_keys->len, ==, 1);
      g_assert_cmpint (g_array_index (document->private_keys, TillPrivateKeyEntry, 0).matches, ==, 1);
      g_assert_cmpuint (document->protection->weakness, ==, TILL_WEAK_NONE);
      g_assert_cmpstr (document->protection->encryption[0], ==, "AES-256-CBC");

      certificate = g_ptr_array_index (document->certificates, 0);
      g_assert_cmpstr (certificate->pass_type_id, ==, "pass.com.example.shop");
      g_assert_cmpstr (certificate->team_id, ==, "ABCDE12345");
      g_assert_true (certificate->is_pass);
      g_assert_cmpint (certificate->nfc, ==, nfc);
      g_assert_cmpint (certificate->not_before, ==, NOW - DAY);
      g_assert_cmpint (certificate->not_after, ==, NOW + 300 * DAY);
      g_assert_cmpint (certificate->key_bits, ==, 2048);
      g_assert_null (certificate->apple_intermediate);
    }
}

/* As the guide has it: Base64 of HMAC-SHA256 over key, id, timestamp and body. */
static SoupMessage *
make_signed (const TillSandboxInfo *info,
             const char            *path,
             const char            *request_id,
             const char            *body)
{
  g_autofree char *url = g_strconcat (info->hub_url, path, NULL);
  g_autofree char *timestamp = g_strdup_printf ("%" G_GINT64_FORMAT, NOW * G_GINT64_CONSTANT (1000));
  g_autofree char *raw = g_strconcat (info->hub_key, request_id, timestamp, body, NULL);
  g_autofree char *signature = NULL;
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));
  SoupMessage *message = soup_message_new ("POST", url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  guint8 mac[32];

  g_assert_cmpint (gnutls_hmac_fast (GNUTLS_MAC_SHA256, info->hub_secret, strlen (info->hub_secret),
                                     raw, strlen (raw), mac), ==, 0);
  signature = g_base64_encode (mac, sizeof mac);
  soup_message_headers_append (headers, "Api-Key", info->hub_key);
  soup_message_headers_append (headers, "Client-Request-Id", request_id);
  soup_message_headers_append (headers, "Timestamp", timestamp);
  soup_message_headers_append (headers, "Auth-Token-Type", "HMAC");
  soup_message_headers_append (headers, "Authorization", signature);
  soup_message_set_request_body_from_bytes (message, "application/json", bytes);

  return message;
}

static char *
generate (SoupSession           *session,
          const TillSandboxInfo *info,
          const char            *request_id)
{
  g_autofree char *body = g_strdup_printf ("{\"merchantDetails\":{\"merchantId\":\"%s\"}}", info->hub_merchant);
  g_autoptr(SoupMessage) message = make_signed (info, "/security/v1/keys/generate", request_id, body);
  g_autoptr(GBytes) answer = NULL;
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(GError) error = NULL;
  TillJsonReader reader;
  TillJsonReader details;
  char *key_id;

  g_assert_cmpuint (send_message (session, message, &answer), ==, 201);
  root = till_json_parse_bytes (answer, 1024 * 1024, &error);
  g_assert_no_error (error);
  till_json_reader_init (&reader, root);
  g_assert_true (till_json_reader_object (&reader, "asymmetricKeyDetails", &details, &error));
  key_id = till_json_reader_dup_text (&details, "keyId", 36, 36, &error);
  g_assert_no_error (error);

  return key_id;
}

static void
test_call (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(SoupSession) session = NULL;
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;
  g_autofree char *later = NULL;
  g_autofree char *other = NULL;
  g_autofree char *examples = NULL;
  g_autoptr(JsonNode) root = NULL;
  const TillSandboxInfo *info;

  g_assert_true (start (fixture, fixture->sandbox, 0, NULL));
  info = till_sandbox_get_info (fixture->sandbox);
  session = make_session (info);

  first = generate (session, info, "one");
  again = generate (session, info, "one");
  other = generate (session, info, "two");
  g_assert_cmpstr (first, ==, again);
  g_assert_cmpstr (first, !=, other);

  examples = till_sandbox_dup_example_keys (fixture->sandbox);
  root = till_json_parse (examples, strlen (examples), 1024 * 1024, NULL);
  g_assert_nonnull (root);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (root)), ==, 3);

  /* A new process in everything but name. */
  till_sandbox_stop (fixture->sandbox);
  g_assert_finalize_object (fixture->sandbox);
  fixture->sandbox = till_sandbox_new (fixture->dir->path, fixture->clock);
  g_assert_true (start (fixture, fixture->sandbox, 0, NULL));
  later = generate (session, till_sandbox_get_info (fixture->sandbox), "one");
  g_assert_cmpstr (first, ==, later);
}

#define ADD(path, func) g_test_add ("/sandbox/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("life", test_life);
  ADD ("refused", test_refused);
  ADD ("given-up", test_given_up);
  ADD ("dropped", test_dropped);
  ADD ("tables", test_tables);
  ADD ("pass", test_pass);
  ADD ("call", test_call);

  return g_test_run ();
}
