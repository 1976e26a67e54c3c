/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs tillkeeperctl as a child, and makes files for it to read. */
#include "config.h"

#include "cli-child.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

/* Nothing here takes a second; what takes this long hangs. */
#define LIMIT_SECONDS 60

typedef struct
{
  GSubprocess  *process;
  GBytes       *output;
  GBytes       *errors;
  gboolean      done;
} Wait;

/**
 * cli_program:
 *
 * Returns: (transfer none): path of the tillkeeperctl under test
 */
const char *
cli_program (void)
{
  const char *path = g_getenv ("TILLKEEPERCTL");

  g_assert_nonnull (path);

  return path;
}

static void
communicated_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  Wait *wait = user_data;

  g_subprocess_communicate_finish (wait->process, result, &wait->output, &wait->errors, &error);
  g_assert_no_error (error);
  wait->done = TRUE;
}

static gboolean
too_long_cb (gpointer user_data)
{
  g_error ("tillkeeperctl did not end within %d seconds", LIMIT_SECONDS);

  return G_SOURCE_REMOVE;
}

static int
make_password_pipe (const char *password)
{
  gsize size = strlen (password);
  int fds[2];

  g_assert_true (g_unix_open_pipe (fds, FD_CLOEXEC, NULL));
  g_assert_cmpuint (size, <, 60000);
  g_assert_cmpint (write (fds[1], password, size), ==, (gssize) size);
  close (fds[1]);

  return fds[0];
}

static char *
dup_text (GBytes *bytes,
          gsize  *size)
{
  gconstpointer data = g_bytes_get_data (bytes, size);

  return g_strndup (data != NULL ? data : "", *size);
}

/**
 * cli_run:
 * @input: (nullable): what it is given
 * @first: the first argument; the others follow, then %NULL
 *
 * Runs tillkeeperctl to its end.
 *
 * Returns: (transfer full): what came of it
 */
CliChild *
cli_run (const CliInput *input,
         const char     *first,
         ...)
{
  static const CliInput nothing = { 0 };
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  CliChild *self = g_new0 (CliChild, 1);
  Wait wait = { 0 };
  const char *argument;
  va_list args;
  gsize size;
  guint limit;

  if (input == NULL)
    input = &nothing;

  g_ptr_array_add (argv, (char *) cli_program ());
  va_start (args, first);
  for (argument = first; argument != NULL; argument = va_arg (args, const char *))
    g_ptr_array_add (argv, (char *) argument);
  va_end (args);
  g_ptr_array_add (argv, NULL);

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE |
                                        (input->input != NULL ? G_SUBPROCESS_FLAGS_STDIN_PIPE : 0));

  if (input->input != NULL)
    bytes = g_bytes_new (input->input, input->input_size < 0 ? strlen (input->input) : (gsize) input->input_size);

  if (input->password != NULL)
    g_subprocess_launcher_take_fd (launcher, make_password_pipe (input->password), 3);

  for (guint i = 0; input->environment != NULL && input->environment[i] != NULL; i++)
    {
      g_auto(GStrv) parts = g_strsplit (input->environment[i], "=", 2);

      g_subprocess_launcher_setenv (launcher, parts[0], parts[1], TRUE);
    }

  wait.process = g_subprocess_launcher_spawnv (launcher, (const char * const *) argv->pdata, &error);
  g_assert_no_error (error);

  limit = g_timeout_add_seconds (LIMIT_SECONDS, too_long_cb, NULL);
  g_subprocess_communicate_async (wait.process, bytes, NULL, communicated_cb, &wait);
  while (!wait.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_subprocess_wait (wait.process, NULL, NULL));
  g_source_remove (limit);

  if (g_subprocess_get_if_signaled (wait.process))
    self->status = 128 + g_subprocess_get_term_sig (wait.process);
  else
    self->status = g_subprocess_get_exit_status (wait.process);

  self->output = dup_text (wait.output, &self->output_size);
  self->errors = dup_text (wait.errors, &size);

  /* Wherever a password was given, it went nowhere. */
  g_assert_null (memmem (self->output, self->output_size, CLI_PASSWORD, strlen (CLI_PASSWORD)));
  g_assert_null (strstr (self->errors, CLI_PASSWORD));
  g_assert_true (g_utf8_validate (self->output, self->output_size, NULL));
  g_assert_true (g_utf8_validate (self->errors, -1, NULL));

  g_clear_pointer (&wait.output, g_bytes_unref);
  g_clear_pointer (&wait.errors, g_bytes_unref);
  g_object_unref (wait.process);

  return self;
}

/**
 * cli_child_free:
 * @self: (transfer full): a run
 */
void
cli_child_free (CliChild *self)
{
  g_clear_object (&self->json);
  g_free (self->output);
  g_free (self->errors);
  g_free (self);
}

/**
 * cli_child_get_root:
 * @self: a run whose standard output must be one JSON document, and a line break
 *
 * Returns: (transfer none): its root
 */
JsonNode *
cli_child_get_root (CliChild *self)
{
  g_autoptr(GError) error = NULL;

  if (self->json == NULL)
    {
      self->json = json_parser_new_immutable ();
      json_parser_load_from_data (self->json, self->output, self->output_size, &error);
      g_assert_no_error (error);
      g_assert_true (g_str_has_suffix (self->output, "\n"));
    }

  return json_parser_get_root (self->json);
}

/**
 * cli_child_get_object:
 * @self: a run that must have succeeded without a word, with one JSON object
 *
 * Returns: (transfer none): the object
 */
JsonObject *
cli_child_get_object (CliChild *self)
{
  g_assert_cmpstr (self->errors, ==, "");
  g_assert_cmpint (self->status, ==, 0);

  return json_node_get_object (cli_child_get_root (self));
}

/**
 * cli_child_get_error:
 * @self: a run with --json that must have failed
 *
 * Checks that standard error is one line with one JSON object.
 *
 * Returns: (transfer none): its member "error"
 */
JsonObject *
cli_child_get_error (CliChild *self)
{
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (self->status, ==, 1);
  g_assert_true (strchr (self->errors, '\n') == self->errors + strlen (self->errors) - 1);

  g_clear_object (&self->json);
  self->json = json_parser_new_immutable ();
  json_parser_load_from_data (self->json, self->errors, -1, &error);
  g_assert_no_error (error);

  return json_object_get_object_member (json_node_get_object (json_parser_get_root (self->json)), "error");
}

/**
 * cli_execute:
 * @dir: where it runs
 * @first: a program; its arguments follow, then %NULL
 *
 * Runs a program that must succeed.
 */
void
cli_execute (TillTestDir *dir,
             const char  *first,
             ...)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(TillTestRun) run = NULL;
  const char *argument;
  va_list args;

  va_start (args, first);
  for (argument = first; argument != NULL; argument = va_arg (args, const char *))
    g_ptr_array_add (argv, (char *) argument);
  va_end (args);
  g_ptr_array_add (argv, NULL);

  run = till_test_run ((const char * const *) argv->pdata, NULL, dir->path);
  if (run->status != 0)
    g_error ("%s failed: %s%s", first, run->output, run->errors);
}

static void
make_template (TillTestDir *dir,
               const char  *name,
               const char  *text)
{
  g_autofree char *path = till_test_dir_write (dir, name, text, -1);

  g_assert_nonnull (path);
}

static void
make_key (TillTestDir *dir,
          const char  *name)
{
  cli_execute (dir, "certtool", "--generate-privkey", "--key-type", "ecdsa", "--curve", "secp256r1",
               "--no-text", "--outfile", name, NULL);
}

static void
join_files (TillTestDir *dir,
            const char  *name,
            ...)
{
  g_autoptr(GString) joined = g_string_new (NULL);
  g_autofree char *path = NULL;
  const char *part;
  va_list args;

  va_start (args, name);
  while ((part = va_arg (args, const char *)) != NULL)
    {
      g_autofree char *from = till_test_dir_file (dir, part);
      g_autofree char *text = NULL;
      g_autoptr(GError) error = NULL;

      g_file_get_contents (from, &text, NULL, &error);
      g_assert_no_error (error);
      g_string_append (joined, text);
    }
  va_end (args);

  path = till_test_dir_write (dir, name, joined->str, joined->len);
  g_assert_nonnull (path);
}

/* "2026-11-22 03:00:00" */
static char *
format_days_from_now (int days)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) then = g_date_time_add_days (now, days);

  return g_date_time_format (then, "%Y-%m-%d %H:%M:%S");
}

/**
 * cli_make_fixtures:
 * @dir: where to make them
 *
 * Makes, with certtool and openssl: a chain root.pem, issuing.pem, leaf.pem
 * (an Apple-like pass certificate that outlives its issuer) with leaf.key;
 * chain.pem (leaf, root, issuing), mixed.pem; shop.p12 (all of it, with the
 * password); ended.pem; act.pem; request.csr; list.crl; public.pem;
 * encrypted.key; leaf.der; evil.pem, whose name holds control characters.
 */
void
cli_make_fixtures (TillTestDir *dir)
{
  g_autofree char *from = format_days_from_now (-300);
  g_autofree char *to = format_days_from_now (5);
  g_autofree char *act = g_strdup_printf ("cn = \"Act now\"\nserial = 9\nactivation_date = \"%s\"\n"
                                          "expiration_date = \"%s\"\n", from, to);

  make_template (dir, "root.cfg",
                 "cn = \"Example Root CA\"\nserial = 1\nca\ncert_signing_key\ncrl_signing_key\n"
                 "activation_date = \"2020-01-01 00:00:00\"\nexpiration_date = \"2095-01-01 00:00:00\"\n"
                 "crl_next_update = 30\ncrl_number = 5\n");
  make_template (dir, "issuing.cfg",
                 "cn = \"Example Issuing CA\"\nserial = 2\nca\ncert_signing_key\n"
                 "activation_date = \"2020-01-01 00:00:00\"\nexpiration_date = \"2080-03-03 12:30:00\"\n");
  make_template (dir, "leaf.cfg",
                 "cn = \"Pass Type ID: pass.com.example.shop\"\nuid = \"pass.com.example.shop\"\n"
                 "unit = \"ABCDE12345\"\norganization = \"Example Shop\"\ncountry = DE\nserial = 4660\n"
                 "activation_date = \"2020-01-01 00:00:00\"\nexpiration_date = \"2090-01-01 00:00:00\"\n"
                 "dns_name = \"shop.example\"\nsigning_key\ntls_www_client\n"
                 "key_purpose_oid = \"1.2.840.113635.100.4.14\"\n"
                 "ocsp_uri = \"http://ocsp.example/\"\n");
  make_template (dir, "ended.cfg",
                 "cn = \"Ended\"\nserial = 7\n"
                 "activation_date = \"2020-01-01 00:00:00\"\nexpiration_date = \"2021-02-03 04:05:06\"\n");
  make_template (dir, "act.cfg", act);

  make_key (dir, "root.key");
  make_key (dir, "issuing.key");
  cli_execute (dir, "openssl", "genrsa", "-out", "leaf.key", "2048", NULL);

  cli_execute (dir, "certtool", "--generate-self-signed", "--load-privkey", "root.key", "--template", "root.cfg",
               "--no-text", "--outfile", "root.pem", NULL);
  cli_execute (dir, "certtool", "--generate-certificate", "--load-privkey", "issuing.key",
               "--load-ca-certificate", "root.pem", "--load-ca-privkey", "root.key", "--template", "issuing.cfg",
               "--no-text", "--outfile", "issuing.pem", NULL);
  cli_execute (dir, "certtool", "--generate-certificate", "--load-privkey", "leaf.key",
               "--load-ca-certificate", "issuing.pem", "--load-ca-privkey", "issuing.key", "--template", "leaf.cfg",
               "--no-text", "--outfile", "leaf.pem", NULL);
  cli_execute (dir, "certtool", "--generate-self-signed", "--load-privkey", "root.key", "--template", "ended.cfg",
               "--no-text", "--outfile", "ended.pem", NULL);
  cli_execute (dir, "certtool", "--generate-self-signed", "--load-privkey", "root.key", "--template", "act.cfg",
               "--no-text", "--outfile", "act.pem", NULL);
  cli_execute (dir, "certtool", "--generate-crl", "--load-ca-privkey", "root.key", "--load-ca-certificate", "root.pem",
               "--load-certificate", "issuing.pem", "--template", "root.cfg", "--outfile", "list.crl", NULL);

  cli_execute (dir, "openssl", "req", "-new", "-key", "leaf.key", "-subj", "/O=Example Shop/CN=shop.example",
               "-addext", "subjectAltName=DNS:shop.example,DNS:www.shop.example", "-out", "request.csr", NULL);
  cli_execute (dir, "openssl", "req", "-x509", "-key", "root.key", "-subj", "/CN=evil\x1b[31m\nname",
               "-out", "evil.pem", NULL);
  cli_execute (dir, "openssl", "pkey", "-in", "leaf.key", "-pubout", "-out", "public.pem", NULL);
  cli_execute (dir, "openssl", "pkey", "-in", "leaf.key", "-aes-256-cbc", "-passout", "pass:" CLI_PASSWORD,
               "-out", "encrypted.key", NULL);
  cli_execute (dir, "openssl", "x509", "-in", "leaf.pem", "-outform", "DER", "-out", "leaf.der", NULL);
  join_files (dir, "above.pem", "issuing.pem", "root.pem", NULL);
  cli_execute (dir, "openssl", "pkcs12", "-export", "-in", "leaf.pem", "-inkey", "leaf.key", "-certfile", "above.pem",
               "-name", "The shop", "-passout", "pass:" CLI_PASSWORD, "-out", "shop.p12", NULL);
  join_files (dir, "chain.pem", "leaf.pem", "root.pem", "issuing.pem", NULL);
  join_files (dir, "mixed.pem", "leaf.pem", "leaf.key", NULL);
}
