/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages to the terminal and their answers, over HTTPS and over WSS alike (API.md 5.2, 5.3). */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "till-json-reader.h"
#include "till-json-writer.h"
#include "till-sandbox-state.h"
#include "till-sandbox-terminal-private.h"

#define LONGEST_TEXT 1024
#define LONGEST_PLAIN_POS_ID 64

#define BAD_CODE "The set-up code is not valid."
#define BAD_CODE_MORE "setupCode is wrong or has expired; the terminal shows the one that is good"

static void
set_text (TillReply *reply,
          GString   *text)
{
  g_clear_pointer (&reply->text, till_secret_unref);
  reply->text = till_secret_new_copy (text->str, text->len);
  g_string_free (text, TRUE);
}

/**
 * till_reply_refuse:
 * @reply: an answer
 * @status: as over HTTPS
 * @message: what went wrong
 * @description: more of it, for developers
 *
 * Makes it the refusal that the vendor's guide shows.
 */
void
till_reply_refuse (TillReply  *reply,
                   guint       status,
                   const char *message,
                   const char *description)
{
  GString *text = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, text, FALSE);
  till_json_writer_begin_object (&writer);
  till_json_writer_member (&writer, "type");
  till_json_writer_string (&writer, "ErrorResponse");
  till_json_writer_member (&writer, "message");
  till_json_writer_string (&writer, message);
  till_json_writer_member (&writer, "developerDescription");
  till_json_writer_string (&writer, description);
  till_json_writer_end_object (&writer);

  reply->status = status;
  reply->content_type = "application/json";
  reply->refused = TRUE;
  set_text (reply, text);
}

/**
 * till_reply_clear:
 * @reply: an answer
 *
 * Frees what @reply holds.
 */
void
till_reply_clear (TillReply *reply)
{
  g_clear_pointer (&reply->text, till_secret_unref);
}

static guint
status_of (TillPeer    *peer,
           TillAssumed  which)
{
  return (guint) g_ascii_strtoull (till_assumptions_word (&peer->terminal->server->assumptions, which), NULL, 10);
}

static void
refuse_code (TillPeer      *peer,
             TillCodeMatch  match,
             TillReply     *reply)
{
  /* Wrong, expired and used up are told apart nowhere: that would help who guesses. */
  if (match == TILL_CODE_WRONG)
    till_reply_refuse (reply, status_of (peer, TILL_ASSUME_TERMINAL_BAD_CODE), BAD_CODE, BAD_CODE_MORE);
  else if (match == TILL_CODE_NONE)
    till_reply_refuse (reply, status_of (peer, TILL_ASSUME_TERMINAL_NO_CODE), "No set-up code is shown.",
                       "tap Generate Code on the terminal first");
  else
    till_reply_refuse (reply, status_of (peer, TILL_ASSUME_TERMINAL_LOCKED), "Too many wrong set-up codes.",
                       "the code was withdrawn; wait for a new one or tap Generate Code");
}

static void
refuse_duplicate (TillReply *reply)
{
  till_reply_refuse (reply, SOUP_STATUS_CONFLICT, "This POS ID is already used.", "posId must be unique");
}

/* What was ordered, whatever the code says. */
static gboolean
refuse_as_ordered (TillPeer   *peer,
                   const char *path,
                   TillReply  *reply)
{
  g_autofree char *fault = till_faults_take_one (&peer->terminal->server->faults, TILL_FAULT_TERMINAL_REFUSE, NULL, path);

  if (fault == NULL)
    return FALSE;

  if (strcmp (fault, "expired") == 0)
    refuse_code (peer, TILL_CODE_WRONG, reply);
  else if (strcmp (fault, "no-code") == 0)
    refuse_code (peer, TILL_CODE_NONE, reply);
  else if (strcmp (fault, "locked") == 0)
    refuse_code (peer, TILL_CODE_LOCKED, reply);
  else if (strcmp (fault, "duplicate") == 0)
    refuse_duplicate (reply);
  else
    till_reply_refuse (reply, SOUP_STATUS_SERVICE_UNAVAILABLE, "The terminal is starting.", "try again in 10 seconds");

  return TRUE;
}

static gboolean
is_pos_id (TillPeer   *peer,
           const char *pos_id)
{
  if (till_assumptions_is (&peer->terminal->server->assumptions, TILL_ASSUME_TERMINAL_POS_ID, "any"))
    return strlen (pos_id) <= TILL_TERMINAL_NAME_BYTES;

  return strlen (pos_id) <= LONGEST_PLAIN_POS_ID && strspn (pos_id, TILL_ALPHABET_62 "._-") == strlen (pos_id);
}

/* Makes key and certificates, keeps what must be kept, and only then gives them. */
static void
do_pairing (TillPeer   *peer,
            const char *path,
            gboolean    wss,
            const char *pos_id,
            TillReply  *reply)
{
  TillTerminal *terminal = peer->terminal;
  TillAssumptions *assumptions = &terminal->server->assumptions;
  g_autofree char *fault = till_faults_take_one (&terminal->server->faults, TILL_FAULT_TERMINAL_ANSWER, NULL, path);
  g_autoptr(TillSecret) text = NULL;
  TillTerminalActivation *activation;
  TillPos *pos = NULL;

  text = till_terminal_issue (terminal, pos_id, fault, &pos, NULL);
  if (text == NULL)
    {
      till_terminal_end_pairing (terminal, NULL);
      till_reply_refuse (reply, SOUP_STATUS_INTERNAL_SERVER_ERROR, "Something went wrong.", "no certificate could be made");
      return;
    }

  activation = g_new0 (TillTerminalActivation, 1);
  activation->pos_id = g_strdup (pos_id);
  activation->from = g_strdup (peer->from);
  activation->wss = wss;
  activation->at = till_clock_get_now (terminal->server->clock);
  activation->serial = g_strdup (pos->serial);
  activation->sha256 = g_strdup (pos->sha256);
  activation->not_after = pos->not_after;

  if (!till_terminal_add_pos (terminal, pos, NULL))
    {
      till_terminal_activation_free (activation);
      till_terminal_end_pairing (terminal, NULL);
      till_reply_refuse (reply, SOUP_STATUS_INTERNAL_SERVER_ERROR, "Something went wrong.", "the state can't be kept");
      return;
    }

  till_terminal_end_pairing (terminal, activation);
  reply->status = status_of (peer, TILL_ASSUME_TERMINAL_STATUS);
  reply->content_type = till_assumptions_is (assumptions, TILL_ASSUME_TERMINAL_LAYOUT, "json")
                          ? "application/json" : till_assumptions_word (assumptions, TILL_ASSUME_TERMINAL_CONTENT_TYPE);
  reply->text = g_steal_pointer (&text);
  reply->paired = TRUE;
}

static void
pair (TillPeer             *peer,
      const char           *path,
      gboolean              wss,
      const TillJsonReader *reader,
      guint                 members,
      TillReply            *reply)
{
  TillTerminal *terminal = peer->terminal;
  TillAssumptions *assumptions = &terminal->server->assumptions;
  const char *pos_id;
  const char *code;
  TillCodeMatch match;

  if (wss && till_assumptions_is (assumptions, TILL_ASSUME_TERMINAL_WSS_PAIRING, "discriminator"))
    {
      till_reply_refuse (reply, SOUP_STATUS_BAD_REQUEST, "Class discriminator was missing.", "the message has no type");
      return;
    }
  if (refuse_as_ordered (peer, path, reply))
    return;

  if (!till_json_reader_string (reader, "posId", 1, LONGEST_TEXT, &pos_id, NULL) || !is_pos_id (peer, pos_id))
    {
      till_reply_refuse (reply, SOUP_STATUS_BAD_REQUEST, "The POS ID is not valid.",
                         "posId must be a string: 1 to 64 letters, digits, dots, dashes or underscores");
      return;
    }
  if (!till_json_reader_string (reader, "setupCode", 1, LONGEST_TEXT, &code, NULL))
    {
      till_reply_refuse (reply, SOUP_STATUS_BAD_REQUEST, "The set-up code is missing.", "setupCode must be a string");
      return;
    }
  if (members > 2 && till_assumptions_is (assumptions, TILL_ASSUME_UNKNOWN_FIELDS, "refuse"))
    {
      till_reply_refuse (reply, SOUP_STATUS_BAD_REQUEST, "There are unknown fields.",
                         "posId and setupCode are all there is");
      return;
    }

  match = till_terminal_match_code (terminal, code, peer->from);
  if (match != TILL_CODE_RIGHT)
    {
      refuse_code (peer, match, reply);
    }
  else if (till_assumptions_is (assumptions, TILL_ASSUME_TERMINAL_SAME_POS_ID, "refuse") &&
           till_terminal_knows_pos_id (terminal, pos_id))
    {
      till_terminal_end_pairing (terminal, NULL);
      refuse_duplicate (reply);
    }
  else
    {
      do_pairing (peer, path, wss, pos_id, reply);
    }
}

static void
answer_status (TillReply *reply)
{
  GString *text = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, text, FALSE);
  till_json_writer_begin_object (&writer);
  till_json_writer_member (&writer, "type");
  till_json_writer_string (&writer, "TransactionStatusResponse");
  till_json_writer_member (&writer, "message");
  till_json_writer_string (&writer, "No transaction is running.");
  till_json_writer_member (&writer, "canBeAborted");
  till_json_writer_bool (&writer, FALSE);
  till_json_writer_end_object (&writer);

  reply->status = SOUP_STATUS_OK;
  reply->content_type = "application/json";
  set_text (reply, text);
}

/* All messages but that of pairing have a type, and are for who is paired. */
static void
answer_typed (TillPeer   *peer,
              gboolean    wss,
              const char *type,
              TillReply  *reply)
{
  TillAssumptions *assumptions = &peer->terminal->server->assumptions;

  if (peer->standing != TILL_STANDING_PAIRED && !till_assumptions_is (assumptions, TILL_ASSUME_TERMINAL_SECURITY, "tls"))
    till_reply_refuse (reply, SOUP_STATUS_FORBIDDEN, "This point of sale is not paired.",
                       "the certificate of a pairing is needed");
  else if (!wss && till_assumptions_is (assumptions, TILL_ASSUME_TERMINAL_HTTPS_MESSAGES, "404"))
    till_reply_refuse (reply, SOUP_STATUS_NOT_FOUND, "There is nothing here.", "messages go over the WebSocket");
  else if (strcmp (type, "StatusRequest") == 0)
    answer_status (reply);
  else
    {
      till_reply_refuse (reply, SOUP_STATUS_BAD_REQUEST, "This terminal only practises pairing.",
                         "of all messages it knows StatusRequest");
      /* An error of the application: the channel goes on. */
      reply->refused = FALSE;
    }
}

/**
 * till_peer_answer:
 * @peer: a connection
 * @path: that it asks
 * @wss: whether over a WebSocket
 * @text: (array length=size): a message
 * @size: its length
 * @reply: (out caller-allocates): the answer; free with till_reply_clear()
 *
 * Does what the message asks for.
 */
void
till_peer_answer (TillPeer   *peer,
                  const char *path,
                  gboolean    wss,
                  const char *text,
                  gsize       size,
                  TillReply  *reply)
{
  g_autoptr(JsonNode) root = till_json_parse (text, size, TILL_TERMINAL_BODY_BYTES, NULL);
  TillJsonReader reader;
  const char *type;

  memset (reply, 0, sizeof *reply);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      till_reply_refuse (reply, SOUP_STATUS_BAD_REQUEST, "This is no message.", "a message is one JSON object");
      return;
    }

  if (peer->standing == TILL_STANDING_OTHER)
    {
      till_reply_refuse (reply, SOUP_STATUS_FORBIDDEN, "This certificate belongs to another pairing.",
                         "pair again, without this certificate");
      return;
    }

  till_json_reader_init (&reader, root);
  if (till_json_reader_has (&reader, "type"))
    {
      if (till_json_reader_string (&reader, "type", 1, LONGEST_TEXT, &type, NULL))
        answer_typed (peer, wss, type, reply);
      else
        till_reply_refuse (reply, SOUP_STATUS_BAD_REQUEST, "This is no message.", "type must be a string");
    }
  else if (till_json_reader_has (&reader, "posId") || till_json_reader_has (&reader, "setupCode"))
    {
      pair (peer, path, wss, &reader, json_object_get_size (json_node_get_object (root)), reply);
    }
  else
    {
      till_reply_refuse (reply, SOUP_STATUS_BAD_REQUEST, "Class discriminator was missing.", "the message has no type");
    }
}
