/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tills ask the host: one attempt after the other, each decided in one step. */
#include "config.h"

#include <string.h>

#include "till-json-writer.h"
#include "till-pairing-body.h"
#include "till-pairing-host-private.h"

#define CLOSE_NORMAL 1000
#define CLOSE_POLICY 1008

/*
 * An attempt with a code goes through: the count on disk, a key that is ready,
 * then – with nothing in between – the comparison, the use of the code, and the
 * certificate. What is wrong, used, expired and dead takes the same way to the
 * same answer. One is under way at a time, so 64 right codes at once are one
 * success and 63 refusals (G22).
 */
typedef struct
{
  TillPairingHost *host;         /* (owned) */
  TillGateRequest *request;      /* (owned) */
  TillPairingBody  body;
  TillSetupCode   *code;         /* (owned) (nullable): the try was begun with this one */
  TillIssued      *issued;       /* (owned) (nullable) */
} Attempt;

static void
attempt_free (Attempt *self)
{
  till_pairing_body_clear (&self->body);
  g_clear_pointer (&self->code, till_setup_code_unref);
  g_clear_pointer (&self->issued, till_issued_free);
  g_clear_object (&self->request);
  g_clear_object (&self->host);
  g_free (self);
}

static void
reply_text (TillGateRequest *request,
            guint            status,
            guint            close_code,
            const char      *text)
{
  g_autoptr(TillSecret) body = till_secret_new_copy (text, strlen (text));

  till_gate_request_reply (request, status, close_code, "application/json", body, NULL, NULL);
}

static void
reply_refused (TillGateRequest *request)
{
  reply_text (request, 403, CLOSE_POLICY, TILL_HOST_REFUSED);
}

static void
reply_problem (TillGateRequest *request,
               guint            status,
               const char      *problem)
{
  g_autoptr(GString) text = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, text, FALSE);
  till_json_writer_begin_object (&writer);
  till_json_writer_member (&writer, "error");
  till_json_writer_string (&writer, problem);
  till_json_writer_end_object (&writer);
  reply_text (request, status, CLOSE_POLICY, text->str);
}

/* The handshake has proved the certificate; what a person revoked since is refused. */
static void
reply_status (TillPairingHost *self,
              TillGateRequest *request)
{
  const char *serial = till_gate_request_get_serial (request);
  TillDevice *device = serial == NULL || !till_client_trust_has (self->trust, serial) ? NULL
                       : till_register_find (self->devices, serial);
  g_autoptr(GString) text = g_string_new (NULL);
  TillJsonWriter writer;

  if (device == NULL)
    {
      reply_refused (request);
      return;
    }

  till_json_writer_init (&writer, text, FALSE);
  till_json_writer_begin_object (&writer);
  till_json_writer_member (&writer, "type");
  till_json_writer_string (&writer, "TransactionStatusResponse");
  till_json_writer_member (&writer, "message");
  till_json_writer_string (&writer, "The identity of this till works.");
  till_json_writer_member (&writer, "canBeAborted");
  till_json_writer_bool (&writer, FALSE);
  till_json_writer_member (&writer, "posId");
  till_json_writer_string (&writer, till_device_get_pos_id (device));
  till_json_writer_end_object (&writer);
  reply_text (request, 200, CLOSE_NORMAL, text->str);
}

static void begin_next (TillPairingHost *self);

/* self: (transfer full). The next one begins. */
static void
end (Attempt *self)
{
  g_autoptr(TillPairingHost) host = g_object_ref (self->host);

  if (self->code != NULL)
    till_setup_code_drop_try (self->code);
  if (g_queue_peek_head (&host->attempts) == self)
    g_queue_pop_head (&host->attempts);
  attempt_free (self);

  begin_next (host);
}

static void
replied_cb (TillGateRequest *request,
            gboolean         written,
            gpointer         data)
{
  g_autoptr(TillPairingHost) host = g_object_ref (g_object_get_data (G_OBJECT (request), "till-host"));
  g_autofree char *serial = data;

  /* What could not even be written was not taken. */
  if (!written)
    till_pairing_host_withdraw (host, serial);
}

static void
recorded_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Attempt *self = user_data;
  TillPairingHost *host = self->host;
  const char *serial = self->issued->serial;
  g_autoptr(GError) error = NULL;
  TillDevice *device;

  if (!till_register_finish (TILL_REGISTER (source), result, &error) || !host->listening ||
      (device = till_register_find (host->devices, serial)) == NULL)
    {
      g_info ("a certificate was not handed out: %s", error != NULL ? error->message : "stopped meanwhile");
      if (error == NULL)
        till_pairing_host_withdraw (host, serial);
      reply_problem (self->request, 503, "try again");
      end (self);
      return;
    }

  till_client_trust_add (host->trust, serial);
  till_pairing_host_add_pending (host, serial);
  g_object_set_data_full (G_OBJECT (self->request), "till-host", g_object_ref (host), g_object_unref);
  g_signal_emit (host, till_pairing_host_signals[TILL_HOST_ISSUED], 0, device);
  till_gate_request_reply (self->request, 200, CLOSE_NORMAL, "application/x-pem-file", self->issued->pem, replied_cb,
                           g_strdup (serial));
  end (self);
}

static void
issue (Attempt    *self,
       const char *replaces)
{
  TillPairingHost *host = self->host;
  g_autoptr(TillSecret) key = till_rsa_pool_take (host->keys);
  g_autoptr(GError) error = NULL;
  TillDeviceRecord *record;

  self->issued = till_store_ca_issue (host->ca, key, self->body.pos_id, till_clock_get_now (host->clock), host->days,
                                      &error);
  if (self->issued == NULL)
    {
      g_info ("no certificate was issued: %s", error->message);
      reply_problem (self->request, 503, "try again");
      end (self);
      return;
    }

  record = till_device_record_new ();
  record->pos_id = g_strdup (self->body.pos_id);
  record->address = g_strdup (till_gate_request_get_peer (self->request));
  record->serial = g_strdup (self->issued->serial);
  record->not_before = self->issued->not_before;
  record->not_after = self->issued->not_after;
  record->paired_at = till_clock_get_now (host->clock);
  record->state = g_strdup (till_device_state_to_word (TILL_DEVICE_PENDING));
  record->kind = g_strdup (till_device_kind_to_word (TILL_DEVICE_TILL));
  record->certificate_pem = g_strdup (self->issued->certificate_pem);
  if (replaces != NULL)
    till_client_trust_remove (host->trust, replaces);

  /* Written down before it is handed out (G23). */
  till_register_add_async (host->devices, record, replaces, NULL, recorded_cb, self);
}

static void
tell_wrong (Attempt *self)
{
  TillPairingHost *host = self->host;
  const char *peer = till_gate_request_get_peer (self->request);

  till_register_note_async (host->devices, "pairing.wrong-code", peer, NULL, NULL, NULL, NULL);
  g_signal_emit (host, till_pairing_host_signals[TILL_HOST_WRONG_CODE], 0, peer, till_setup_code_get_tries (host->code));
  if (till_setup_code_get_state (host->code) == TILL_SETUP_CODE_DEAD && !host->code_ended)
    {
      host->code_ended = TRUE;
      g_signal_emit (host, till_pairing_host_signals[TILL_HOST_CODE_DEAD], 0);
    }
}

/* The one step: nothing else runs between its lines. */
static void
decide (Attempt *self)
{
  TillPairingHost *host = self->host;
  TillDevice *known = till_register_find_pos_id (host->devices, TILL_DEVICE_TILL, self->body.pos_id);
  gboolean works = known != NULL && till_device_get_state (known) == TILL_DEVICE_ACTIVE;
  gboolean taken = works && !host->replace_all && !g_hash_table_contains (host->replaceable, self->body.pos_id);
  g_autoptr(TillSetupCode) code = g_steal_pointer (&self->code);
  TillTry outcome = TILL_TRY_REFUSED;

  if (code != NULL)
    outcome = till_setup_code_end_try (code, self->body.code, !taken);

  if (outcome == TILL_TRY_RIGHT && !taken)
    {
      /* One that works goes on working until the new one has been seen to. */
      issue (self, known != NULL && !works ? till_device_get_serial (known) : NULL);
      return;
    }

  if (outcome == TILL_TRY_RIGHT)
    {
      reply_problem (self->request, 409, "posId is in use");
      g_signal_emit (host, till_pairing_host_signals[TILL_HOST_POS_ID_TAKEN], 0, self->body.pos_id,
                     till_gate_request_get_peer (self->request));
    }
  else
    {
      reply_refused (self->request);
      if (outcome == TILL_TRY_WRONG && code == host->code)
        tell_wrong (self);
    }

  end (self);
}

static void
key_ready_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Attempt *self = user_data;

  if (!till_rsa_pool_wait_finish (TILL_RSA_POOL (source), result, NULL) || !self->host->listening)
    {
      reply_refused (self->request);
      end (self);
    }
  else if (!till_gate_request_is_alive (self->request))
    {
      end (self);
    }
  else
    {
      decide (self);
    }
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Attempt *self = user_data;
  g_autoptr(GError) error = NULL;

  /* What can't be counted can't be tried. */
  if (!till_register_finish (TILL_REGISTER (source), result, &error) || !self->host->listening)
    {
      if (error != NULL)
        g_info ("a try was not counted: %s", error->message);
      reply_refused (self->request);
      end (self);
      return;
    }

  till_rsa_pool_wait_async (self->host->keys, NULL, key_ready_cb, self);
}

static void
begin_next (TillPairingHost *self)
{
  Attempt *attempt = g_queue_peek_head (&self->attempts);
  guint tries;

  if (attempt == NULL)
    return;

  if (self->code != NULL && till_setup_code_begin_try (self->code))
    attempt->code = till_setup_code_ref (self->code);
  tries = self->code == NULL ? till_register_get_tries (self->devices) : till_setup_code_get_tries (self->code);
  till_register_count_async (self->devices, tries, NULL, counted_cb, attempt);
}

static void
enqueue (TillPairingHost *self,
         TillGateRequest *request,
         TillPairingBody *body)
{
  Attempt *attempt = g_new0 (Attempt, 1);

  attempt->host = g_object_ref (self);
  attempt->request = g_object_ref (request);
  attempt->body = *body;
  memset (body, 0, sizeof *body);

  g_queue_push_tail (&self->attempts, attempt);
  if (g_queue_get_length (&self->attempts) == 1)
    begin_next (self);
}

/**
 * till_pairing_host_request_cb:
 * @gate: the gate
 * @request: what somebody asks
 * @self: the host
 *
 * Answers it, now or later.
 */
void
till_pairing_host_request_cb (TillGate        *gate,
                              TillGateRequest *request,
                              TillPairingHost *self)
{
  TillSecret *text = till_gate_request_get_body (request);
  g_auto(TillPairingBody) body = { 0 };

  if (text == NULL)
    {
      if (till_gate_request_get_serial (request) != NULL)
        reply_status (self, request);
      else
        reply_text (request, 405, CLOSE_POLICY, "");
      return;
    }

  if (!till_pairing_body_read (&body, till_secret_get_data (text), till_secret_get_size (text)))
    reply_problem (request, 400, body.problem);
  else if (body.is_status)
    reply_status (self, request);
  else
    enqueue (self, request, &body);
}

/**
 * till_pairing_host_drop:
 * @self: a host that stops
 *
 * Forgets who has not begun. The one under way ends by itself, refused.
 */
void
till_pairing_host_drop (TillPairingHost *self)
{
  while (g_queue_get_length (&self->attempts) > 1)
    attempt_free (g_queue_pop_tail (&self->attempts));
}
