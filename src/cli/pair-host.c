/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command `pair host` (CLI.md): this computer shows the code, a till asks for its identity. */
#include "config.h"

#include "pair.h"

#include <string.h>

#include "till-cli-report.h"
#include "till-cli-values.h"
#include "till-pairing-host.h"

/**
 * Hosting:
 * @port: -1 where none was given
 * @listening: the first event is out
 * @ended: nothing more is to come
 * @error: (nullable) (owned): why
 */
typedef struct
{
  TillCliSession  *session;
  TillPairingHost *host;
  GInetAddress    *address;
  int              port;
  gboolean         once;
  gboolean         replace;
  gboolean         listening;
  gboolean         ended;
  gboolean         activated;
  GError          *error;
} Hosting;

static void
begin (Hosting        *self,
       TillJsonWriter *writer,
       const char     *event)
{
  till_json_writer_init (writer, self->session->output.text, FALSE);
  till_json_writer_begin_object (writer);
  till_cli_write_text (writer, "event", event);
}

static void
finish (Hosting        *self,
        TillJsonWriter *writer)
{
  till_json_writer_end_object (writer);
  g_string_append_c (self->session->output.text, '\n');
  till_cli_session_flush (self->session);
}

/* Showing the code is what this command is for. */
static char *
dup_code (Hosting *self)
{
  const TillSecret *text = till_setup_code_get_text (till_pairing_host_get_code (self->host));

  return g_strndup ((const char *) till_secret_get_data (text), till_secret_get_size (text));
}

static void
write_code (Hosting        *self,
            TillJsonWriter *writer)
{
  g_autofree char *code = dup_code (self);

  till_cli_write_text (writer, "setupCode", code);
  till_cli_write_time (writer, "expiresAt", till_setup_code_get_expires_at (till_pairing_host_get_code (self->host)));
}

static void
say_code (Hosting *self)
{
  g_autofree char *code = dup_code (self);
  g_autofree char *until = till_cli_format_time (till_setup_code_get_expires_at (till_pairing_host_get_code (self->host)));

  g_string_append_printf (self->session->output.text, "Set-up code: %.4s-%s (until %s)\n", code, code + 4, until);
  till_cli_session_flush (self->session);
}

static void
write_listening (Hosting *self)
{
  TillStoreCa *ca = till_pairing_host_get_ca (self->host);
  GString *out = self->session->output.text;
  TillJsonWriter writer;

  self->listening = TRUE;
  if (!self->session->cli->json)
    {
      g_string_append_printf (out, "Address: %s or %s\n", till_pairing_host_get_https (self->host),
                              till_pairing_host_get_wss (self->host));
      g_string_append_printf (out, "Root certificate (SHA-256 %s), which the till needs first:\n%s",
                              till_store_ca_get_root_sha256 (ca), till_store_ca_get_root_pem (ca));
      say_code (self);
      return;
    }

  begin (self, &writer, "listening");
  write_code (self, &writer);
  till_cli_write_text (&writer, "https", till_pairing_host_get_https (self->host));
  till_cli_write_text (&writer, "wss", till_pairing_host_get_wss (self->host));
  till_cli_write_int (&writer, "port", till_pairing_host_get_port (self->host));
  till_cli_write_text (&writer, "rootCertificate", till_store_ca_get_root_pem (ca));
  till_cli_write_text (&writer, "rootSha256", till_store_ca_get_root_sha256 (ca));
  till_cli_write_bool (&writer, "rootIsForThisRunOnly", till_store_ca_is_session_only (ca));
  finish (self, &writer);
}

static void
code_cb (TillPairingHost *host,
         Hosting         *self)
{
  TillJsonWriter writer;

  /* The first one is part of the event that says where. */
  if (!self->listening)
    return;

  if (!self->session->cli->json)
    {
      say_code (self);
      return;
    }

  begin (self, &writer, "code");
  write_code (self, &writer);
  finish (self, &writer);
}

static void
wrong_code_cb (TillPairingHost *host,
               const char      *peer,
               guint            tries,
               Hosting         *self)
{
  TillJsonWriter writer;

  if (!self->session->cli->json)
    {
      till_cli_say ("somebody at %s typed a code that is not right (%u of %d tries)", peer, tries, TILL_SETUP_CODE_TRIES);
      return;
    }

  begin (self, &writer, "wrong-code");
  till_cli_write_text (&writer, "from", peer);
  till_cli_write_int (&writer, "tries", tries);
  finish (self, &writer);
}

static void
code_dead_cb (TillPairingHost *host,
              Hosting         *self)
{
  TillJsonWriter writer;

  if (!self->session->cli->json)
    {
      till_cli_say ("five wrong codes: this one is dead");
      return;
    }

  begin (self, &writer, "code-dead");
  finish (self, &writer);
}

static void
pos_id_taken_cb (TillPairingHost *host,
                 const char      *pos_id,
                 const char      *peer,
                 Hosting         *self)
{
  TillJsonWriter writer;

  if (!self->session->cli->json)
    {
      till_cli_say ("the till at %s calls itself %s, as another one that works does; with --replace it takes its place",
                    peer, pos_id);
      return;
    }

  begin (self, &writer, "pos-id-in-use");
  till_cli_write_text (&writer, "posId", pos_id);
  till_cli_write_text (&writer, "from", peer);
  finish (self, &writer);
}

static void
write_device (Hosting    *self,
              const char *event,
              TillDevice *device)
{
  const TillDeviceRecord *record = till_device_get_record (device);
  TillJsonWriter writer;

  begin (self, &writer, event);
  till_cli_write_text (&writer, "posId", record->pos_id);
  till_cli_write_text (&writer, "from", record->address);
  till_cli_write_text (&writer, "serial", record->serial);
  till_cli_write_time (&writer, "notAfter", record->not_after);
  finish (self, &writer);
}

static void
issued_cb (TillPairingHost *host,
           TillDevice      *device,
           Hosting         *self)
{
  if (self->session->cli->json)
    write_device (self, "issued", device);
  else
    till_cli_say ("%s has got its identity; waiting for it to connect with that", till_device_get_pos_id (device));
}

static void
activated_cb (TillPairingHost *host,
              TillDevice      *device,
              Hosting         *self)
{
  if (self->session->cli->json)
    {
      write_device (self, "activated", device);
    }
  else
    {
      g_autofree char *until = till_cli_format_time (till_device_get_not_after (device));

      g_string_append_printf (self->session->output.text, "POS Activation Successful: %s at %s, until %s\n",
                              till_device_get_pos_id (device), till_device_get_address (device), until);
      till_cli_session_flush (self->session);
    }

  self->activated = TRUE;
  if (self->once)
    self->ended = TRUE;
  else if (till_setup_code_get_state (till_pairing_host_get_code (host)) == TILL_SETUP_CODE_USED)
    till_pairing_host_new_code (host);
}

static void
not_confirmed_cb (TillPairingHost *host,
                  TillDevice      *device,
                  Hosting         *self)
{
  if (self->session->cli->json)
    write_device (self, "not-confirmed", device);
  else
    till_cli_say ("%s did not confirm; its certificate was withdrawn, pair it again", till_device_get_pos_id (device));

  if (till_pairing_host_is_listening (host) &&
      till_setup_code_get_state (till_pairing_host_get_code (host)) == TILL_SETUP_CODE_USED)
    till_pairing_host_new_code (host);
}

static const char *
get_why (TillTurnedAway why)
{
  switch (why)
    {
    case TILL_TURNED_AWAY_PUBLIC:
      return "it has a public address";
    case TILL_TURNED_AWAY_PLAIN:
      return "it speaks http or ws; it has to use https or wss";
    case TILL_TURNED_AWAY_OLD_TLS:
      return "it offers only outdated encryption";
    case TILL_TURNED_AWAY_HANDSHAKE:
      return "it does not trust the root certificate, or showed a certificate that is not registered";
    case TILL_TURNED_AWAY_REQUEST:
      return "it asked for something else";
    case TILL_TURNED_AWAY_SLOW:
      return "it was too slow";
    case TILL_TURNED_AWAY_CROWD:
    default:
      return "there were too many connections";
    }
}

static void
turned_away_cb (TillPairingHost *host,
                const char      *peer,
                guint            why,
                Hosting         *self)
{
  if (self->session->cli->verbose)
    till_cli_say ("a connection from %s came to nothing: %s", peer, get_why ((TillTurnedAway) why));
}

static void
ended_cb (TillPairingHost *host,
          GError          *error,
          Hosting         *self)
{
  self->ended = TRUE;
  if (error != NULL)
    self->error = g_error_copy (error);
}

static void
connect_host (Hosting *self)
{
  g_signal_connect (self->host, "code", G_CALLBACK (code_cb), self);
  g_signal_connect (self->host, "wrong-code", G_CALLBACK (wrong_code_cb), self);
  g_signal_connect (self->host, "code-dead", G_CALLBACK (code_dead_cb), self);
  g_signal_connect (self->host, "pos-id-taken", G_CALLBACK (pos_id_taken_cb), self);
  g_signal_connect (self->host, "issued", G_CALLBACK (issued_cb), self);
  g_signal_connect (self->host, "activated", G_CALLBACK (activated_cb), self);
  g_signal_connect (self->host, "not-confirmed", G_CALLBACK (not_confirmed_cb), self);
  g_signal_connect (self->host, "turned-away", G_CALLBACK (turned_away_cb), self);
  g_signal_connect (self->host, "ended", G_CALLBACK (ended_cb), self);
}

static void
say_about_ca (Hosting *self)
{
  TillStoreCa *ca = till_pairing_host_get_ca (self->host);

  if (till_store_ca_is_session_only (ca) && !self->session->cli->json)
    till_cli_say ("there is no keyring: the certificate authority of the store is for this run only");
}

static gboolean
host_tills (TillCliSession  *session,
            GError         **error)
{
  Hosting *self = session->data;

  self->session = session;
  self->host = till_pairing_host_new (session->store, session->vault, session->clock,
                                      till_shop_get_profile (session->shop));
  connect_host (self);
  if (self->replace)
    till_pairing_host_replace_all (self->host);

  till_pairing_host_start_async (self->host, self->address, self->port, session->cancellable, till_cli_session_done_cb,
                                 session);
  if (!till_pairing_host_start_finish (self->host, till_cli_session_wait (session), error))
    {
      g_clear_object (&self->host);
      return FALSE;
    }

  say_about_ca (self);
  write_listening (self);

  /* Whoever started it may have gone: then there is nobody to show a code to either. */
  while (!self->ended && !g_cancellable_is_cancelled (session->cancellable) && session->output.failure == 0)
    g_main_context_iteration (NULL, TRUE);

  till_pairing_host_stop (self->host);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_signal_handlers_disconnect_by_data (self->host, self);
  g_clear_object (&self->host);

  /* Lines that are out stay out; an error follows them. */
  session->keep_output = TRUE;
  if (self->error == NULL && self->once && !self->activated && !g_cancellable_is_cancelled (session->cancellable))
    till_set_error (&self->error, TILL_ERROR_TIMED_OUT, TILL_REASON_NONE, NULL, NULL,
                    "no till was paired while the codes were alive");
  if (self->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
      return FALSE;
    }

  return TRUE;
}

static TillCliStatus
run_host (TillCli *cli)
{
  const char *wrong = till_cli_check_arguments (cli, 0, NULL);
  const char *address = till_cli_get_option (cli, "address");
  Hosting hosting = { .port = -1 };
  TillCliStatus status;
  guint port = 0;

  if (wrong == NULL && till_cli_get_option (cli, "port") != NULL)
    {
      if (till_cli_get_number (cli, "port", 0, 65535, &port))
        hosting.port = (int) port;
      else
        wrong = "the value of “--port” is not a port number";
    }
  if (wrong == NULL && address != NULL)
    {
      hosting.address = g_inet_address_new_from_string (address);
      if (hosting.address == NULL || g_inet_address_get_is_any (hosting.address))
        wrong = "the value of “--address” is not one address of this computer";
    }

  if (wrong != NULL)
    {
      g_clear_object (&hosting.address);
      return till_cli_refuse (cli, wrong);
    }

  hosting.once = till_cli_get_option (cli, "once") != NULL;
  hosting.replace = till_cli_get_option (cli, "replace") != NULL;
  status = till_cli_session_run (cli, TILL_CLI_NEED_SHOP_WRITE, host_tills, &hosting);
  g_clear_object (&hosting.address);

  return status;
}

static const TillCliOption host_options[] = {
  { "address", "A", "Listen at this address; that of the default route by default" },
  { "port", "P", "Listen on this port, 0 for any free one; 8443 by default" },
  { "once", NULL, "End after the first till was activated" },
  { "replace", NULL, "A till takes the place of one that has its POS ID" },
  { NULL, NULL, NULL },
};

const TillCliCommand till_command_pair_host = {
  .name = "host",
  .group = "pair",
  .summary = "Show a set-up code and give tills their identity",
  .synopsis = "[OPTION…]",
  .help =
    "Shows a set-up code, and gives the till that sends it its private key and\n"
    "certificate. A code lives for 300 seconds, works once, and is dead after five\n"
    "wrong ones. Three codes follow each other, then it ends. A till counts as\n"
    "activated when it has connected with its certificate within ten minutes;\n"
    "until then it was only issued.\n"
    "\n"
    "With --json one event a line: listening, code, wrong-code, code-dead,\n"
    "pos-id-in-use, issued, activated, not-confirmed.\n",
  .options = host_options,
  .run = run_host,
};
