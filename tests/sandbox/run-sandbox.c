/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a sandbox for a stranger's client: prints how to reach it, obeys lines on standard input. */
#include "config.h"

#include <gio/gunixinputstream.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "till-json-writer.h"
#include "till-sandbox.h"

/*
 *     run-sandbox FOLDER PORT TIME [ASSUMPTION…]
 *
 * TERMINAL_PORT in the environment: where the terminal is to listen.
 * TIME: seconds since 1970 for a clock that stands still, 0 for the system's.
 * A line in: "assume NAME=VALUE", "fault …", "clear", "clock SECONDS", "keys",
 * "p12 PASS-TYPE TEAM NOT-BEFORE NOT-AFTER NFC PASSWORD", "advance SECONDS",
 * "generate", "close", "terminal" (its screen), "tables" (what can be assumed and
 * ordered); each is answered by a line. The end of the input ends the program.
 */
typedef struct
{
  TillSandbox *sandbox;
  TillClock   *clock;
  GMainLoop   *loop;
  int          status;
} Program;

static void
say (const char *text)
{
  g_autofree char *line = g_strconcat (text, "\n", NULL);

  if (write (STDOUT_FILENO, line, strlen (line)) < 0)
    exit (3);
}

static void
say_info (const TillSandboxInfo *info,
          TillSandbox           *sandbox)
{
  const struct
  {
    const char *name;
    const char *value;
  } members[] = {
    { "event", "ready" }, { "hubUrl", info->hub_url }, { "walletUrl", info->wallet_url },
    { "devicesUrl", info->devices_url }, { "caFile", info->ca_file }, { "merchantId", info->hub_merchant },
    { "terminalId", info->hub_terminal }, { "apiKey", info->hub_key }, { "apiSecret", info->hub_secret },
    { "walletUser", info->wallet_user }, { "walletSecret", info->wallet_secret },
    { "organizationId", info->devices_organization }, { "keyId", info->devices_key_id },
    { "sharedSecret", info->devices_secret }, { "terminalHttpsUrl", info->terminal_https },
    { "terminalWssUrl", info->terminal_wss }, { "terminalSerial", info->terminal_serial },
    { "terminalRootFile", info->terminal_root_file }, { "terminalRoot", info->terminal_root_pem },
  };
  g_autoptr(GString) text = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, text, FALSE);
  till_json_writer_begin_object (&writer);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      till_json_writer_member (&writer, members[i].name);
      till_json_writer_string (&writer, members[i].value);
    }
  till_json_writer_end_object (&writer);
  say (text->str);
}

static void
add_text (TillJsonWriter *writer,
          const char     *name,
          const char     *value)
{
  till_json_writer_member (writer, name);
  if (value != NULL)
    till_json_writer_string (writer, value);
  else
    till_json_writer_null (writer);
}

static void
add_int (TillJsonWriter *writer,
         const char     *name,
         gint64          value)
{
  till_json_writer_member (writer, name);
  till_json_writer_int (writer, value);
}

/* What a person would read off the screen. */
static char *
dup_screen (TillSandboxTerminal *terminal)
{
  g_autoptr(GEnumClass) states = g_type_class_ref (TILL_TYPE_TERMINAL_STATE);
  const TillTerminalActivation *activation = till_sandbox_terminal_get_activation (terminal);
  GString *text = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, text, FALSE);
  till_json_writer_begin_object (&writer);
  add_text (&writer, "state", g_enum_get_value (states, (gint) till_sandbox_terminal_get_state (terminal))->value_nick);
  add_text (&writer, "code", till_sandbox_terminal_get_code (terminal));
  add_int (&writer, "expiresAt", till_sandbox_terminal_get_expires_at (terminal));
  add_text (&writer, "https", till_sandbox_terminal_get_https (terminal));
  add_text (&writer, "wss", till_sandbox_terminal_get_wss (terminal));
  add_text (&writer, "serial", till_sandbox_terminal_get_serial (terminal));
  add_int (&writer, "tries", till_sandbox_terminal_get_wrong_tries (terminal));
  if (activation != NULL)
    {
      add_text (&writer, "posId", activation->pos_id);
      add_text (&writer, "from", activation->from);
      add_text (&writer, "over", activation->wss ? "wss" : "https");
      add_int (&writer, "at", activation->at);
      add_text (&writer, "crtSerial", activation->serial);
      add_text (&writer, "crtSha256", activation->sha256);
      add_int (&writer, "notAfter", activation->not_after);
    }
  till_json_writer_end_object (&writer);

  return g_string_free (text, FALSE);
}

static void
add_table (TillJsonWriter              *writer,
           const char                  *name,
           const TillSandboxAssumption *table)
{
  till_json_writer_member (writer, name);
  till_json_writer_begin_object (writer);
  for (; table->name != NULL; table++)
    {
      till_json_writer_member (writer, table->name);
      till_json_writer_begin_array (writer);
      for (guint i = 0; table->values != NULL && table->values[i] != NULL; i++)
        till_json_writer_string (writer, table->values[i]);
      till_json_writer_end_array (writer);
    }
  till_json_writer_end_object (writer);
}

static char *
dup_tables (void)
{
  GString *text = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, text, FALSE);
  till_json_writer_begin_object (&writer);
  add_table (&writer, "assumptions", till_sandbox_get_assumptions ());
  add_table (&writer, "faults", till_sandbox_get_faults ());
  till_json_writer_end_object (&writer);

  return g_string_free (text, FALSE);
}

static void
obey (Program    *program,
      const char *line)
{
  g_auto(GStrv) words = g_strsplit (line, " ", -1);
  g_autoptr(GError) error = NULL;
  g_autofree char *answer = NULL;

  if (strcmp (words[0], "assume") == 0 && words[1] != NULL)
    {
      till_sandbox_assume (program->sandbox, line + strlen ("assume "), &error);
    }
  else if (strcmp (words[0], "fault") == 0 && words[1] != NULL)
    {
      till_sandbox_order_fault (program->sandbox, line + strlen ("fault "), &error);
    }
  else if (strcmp (words[0], "clear") == 0)
    {
      till_sandbox_clear_faults (program->sandbox);
    }
  else if (strcmp (words[0], "clock") == 0 && words[1] != NULL)
    {
      till_clock_set (program->clock, g_ascii_strtoll (words[1], NULL, 10));
    }
  else if (strcmp (words[0], "advance") == 0 && words[1] != NULL)
    {
      till_clock_advance (program->clock, g_ascii_strtoll (words[1], NULL, 10));
    }
  else if (strcmp (words[0], "generate") == 0)
    {
      till_sandbox_terminal_generate (till_sandbox_get_terminal (program->sandbox));
    }
  else if (strcmp (words[0], "close") == 0)
    {
      till_sandbox_terminal_close (till_sandbox_get_terminal (program->sandbox));
    }
  else if (strcmp (words[0], "terminal") == 0)
    {
      /* What has happened so far is to be seen. */
      while (g_main_context_iteration (NULL, FALSE))
        ;
      answer = dup_screen (till_sandbox_get_terminal (program->sandbox));
    }
  else if (strcmp (words[0], "tables") == 0)
    {
      answer = dup_tables ();
    }
  else if (strcmp (words[0], "keys") == 0)
    {
      answer = till_sandbox_dup_example_keys (program->sandbox);
    }
  else if (strcmp (words[0], "p12") == 0 && g_strv_length (words) == 7)
    {
      g_autoptr(GBytes) p12 = till_sandbox_make_pass_p12 (program->sandbox, words[1], words[2],
                                                          g_ascii_strtoll (words[3], NULL, 10),
                                                          g_ascii_strtoll (words[4], NULL, 10),
                                                          words[5][0] == '1', words[6], &error);

      if (p12 != NULL)
        answer = g_base64_encode (g_bytes_get_data (p12, NULL), g_bytes_get_size (p12));
    }
  else
    {
      exit (2);
    }

  if (error != NULL)
    answer = g_strconcat ("error ", error->message, NULL);
  say (answer != NULL ? answer : "ok");
}

static void
line_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GDataInputStream *input = G_DATA_INPUT_STREAM (source);
  Program *program = user_data;
  g_autofree char *line = g_data_input_stream_read_line_finish (input, result, NULL, NULL);

  if (line == NULL)
    {
      g_main_loop_quit (program->loop);
      return;
    }

  obey (program, line);
  g_data_input_stream_read_line_async (input, G_PRIORITY_DEFAULT, NULL, line_cb, program);
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Program *program = user_data;
  g_autoptr(GError) error = NULL;

  if (till_sandbox_start_finish (TILL_SANDBOX (source), result, &error))
    {
      say_info (till_sandbox_get_info (program->sandbox), program->sandbox);
    }
  else
    {
      g_autofree char *text = g_strconcat ("error ", error->message, NULL);

      say (text);
      program->status = 1;
      g_main_loop_quit (program->loop);
    }
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GInputStream) stream = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr(GDataInputStream) input = g_data_input_stream_new (stream);
  Program program = { NULL };
  gint64 now;

  if (argc < 4)
    return 2;

  now = g_ascii_strtoll (argv[3], NULL, 10);
  program.clock = now != 0 ? till_clock_new_fixed (now) : till_clock_new_system ();
  program.sandbox = till_sandbox_new (argv[1], program.clock);
  program.loop = g_main_loop_new (NULL, FALSE);
  if (g_getenv ("TERMINAL_PORT") != NULL)
    till_sandbox_set_terminal_port (program.sandbox, (guint16) g_ascii_strtoull (g_getenv ("TERMINAL_PORT"), NULL, 10));

  for (int i = 4; i < argc && program.status == 0; i++)
    {
      g_autoptr(GError) error = NULL;

      if (!till_sandbox_assume (program.sandbox, argv[i], &error))
        {
          g_printerr ("%s\n", error->message);
          program.status = 2;
        }
    }

  if (program.status == 0)
    {
      till_sandbox_start_async (program.sandbox, (guint16) g_ascii_strtoull (argv[2], NULL, 10), NULL,
                                started_cb, &program);
      g_data_input_stream_read_line_async (input, G_PRIORITY_DEFAULT, NULL, line_cb, &program);
      g_main_loop_run (program.loop);
    }

  till_sandbox_stop (program.sandbox);
  g_object_unref (program.sandbox);
  g_main_loop_unref (program.loop);
  till_clock_unref (program.clock);

  return program.status;
}
