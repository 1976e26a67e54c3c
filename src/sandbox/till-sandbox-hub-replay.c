/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commerce Hub, pretended: what a Client-Request-Id that comes again gets (API.md 1.5). */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "till-certificate.h"
#include "till-file.h"
#include "till-json-reader.h"
#include "till-limits.h"
#include "till-sandbox-hub-private.h"
#include "till-sandbox-state.h"

/* API.md 1.2. */
#define LONGEST_ID 1024

/* How often it is looked for records that nobody can ask for any more. */
#define PRUNE_SECONDS 10

#define FOLDER "replays"
#define LONGEST_BODY (4 * 1024 * 1024)

/**
 * till_hub_replay_free:
 * @replay: (transfer full): a record
 *
 * Frees @replay.
 */
void
till_hub_replay_free (TillHubReplay *replay)
{
  g_free (replay->id);
  g_free (replay->digest);
  g_free (replay->trace_id);
  g_free (replay->body);
  g_free (replay);
}

/**
 * till_hub_write_replay:
 * @replay: a record with an answer
 * @writer: of a file of the state
 *
 * Writes @replay as an object.
 */
void
till_hub_write_replay (TillHubReplay  *replay,
                       TillJsonWriter *writer)
{
  till_json_writer_begin_object (writer);
  till_sandbox_write_text (writer, "id", replay->id);
  till_sandbox_write_text (writer, "digest", replay->digest);
  till_json_writer_member (writer, "at");
  till_json_writer_int (writer, replay->at);
  till_json_writer_member (writer, "status");
  till_json_writer_int (writer, replay->status);
  till_sandbox_write_text (writer, "traceId", replay->trace_id);
  till_sandbox_write_text (writer, "body", replay->body);
  till_json_writer_end_object (writer);
}

/**
 * till_hub_read_replay:
 * @node: what till_hub_write_replay() wrote
 *
 * Returns: (transfer full) (nullable): the record, %NULL where it makes no sense
 */
TillHubReplay *
till_hub_read_replay (JsonNode *node)
{
  TillHubReplay *replay = g_new0 (TillHubReplay, 1);
  TillJsonReader reader;
  gint64 status;

  till_json_reader_init (&reader, node);
  replay->id = till_json_reader_dup_text (&reader, "id", 1, LONGEST_ID, NULL);
  replay->digest = till_json_reader_dup_text (&reader, "digest", 64, 64, NULL);
  replay->trace_id = till_json_reader_dup_text (&reader, "traceId", 32, 32, NULL);
  replay->body = till_json_reader_dup_text (&reader, "body", 0, LONGEST_BODY, NULL);
  if (replay->id != NULL && replay->digest != NULL && replay->trace_id != NULL && replay->body != NULL &&
      till_json_reader_int (&reader, "at", 0, TILL_TIME_NEVER, &replay->at, NULL) &&
      till_json_reader_int (&reader, "status", 200, 599, &status, NULL))
    {
      replay->status = (guint) status;
      return replay;
    }

  till_hub_replay_free (replay);
  return NULL;
}

static char *
dup_file_name (const char *id)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, id, -1);

  return g_strconcat (digest, ".json", NULL);
}

static gboolean
is_over (TillHub             *self,
         const TillHubReplay *replay)
{
  gint64 window = till_assumptions_number (&self->server->assumptions, TILL_ASSUME_REPLAY_WINDOW);

  return !replay->running && replay->at + window <= till_clock_get_now (self->server->clock);
}

static void
remove_file (TillHub    *self,
             const char *id)
{
  g_autofree char *name = dup_file_name (id);
  g_autofree char *path = g_build_filename (self->server->folder, FOLDER, name, NULL);

  /* One that stays is met again when the server starts, and is too old then as well. */
  (void) g_unlink (path);
}

static void
prune (TillHub *self)
{
  gint64 now = till_clock_get_now (self->server->clock);
  TillHubReplay *replay;
  GHashTableIter iter;

  if (now < self->pruned + PRUNE_SECONDS && now >= self->pruned)
    return;
  self->pruned = now;

  g_hash_table_iter_init (&iter, self->replays);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &replay))
    {
      if (!is_over (self, replay))
        continue;
      if (!replay->effect)
        remove_file (self, replay->id);
      g_hash_table_iter_remove (&iter);
    }
}

static gboolean
is_id (const char *text)
{
  gsize length = strlen (text);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (!g_ascii_isprint (*p))
        return FALSE;
    }

  return length <= LONGEST_ID;
}

static char *
make_digest (TillCall *call)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize size;
  const guchar *body = g_bytes_get_data (call->body, &size);

  g_checksum_update (checksum, (const guchar *) call->method, -1);
  g_checksum_update (checksum, (const guchar *) "\n", 1);
  g_checksum_update (checksum, (const guchar *) call->path, -1);
  g_checksum_update (checksum, (const guchar *) "\n", 1);
  g_checksum_update (checksum, body, (gssize) size);

  return g_strdup (g_checksum_get_string (checksum));
}

/* The same request was here before: what becomes of this one. */
static void
answer_again (TillCall            *call,
              const TillHubReplay *replay)
{
  TillAssumptions *assumptions = &call->server->assumptions;
  TillHubCall *details = call->details;
  g_autoptr(GError) error = NULL;
  TillJsonWriter writer;

  if (strcmp (replay->digest, details->digest) != 0)
    {
      till_call_explain (call, "this Client-Request-Id was used for another request within the window");
      till_hub_refuse (call, SOUP_STATUS_UNAUTHORIZED, NULL, NULL);
    }
  else if (till_assumptions_is (assumptions, TILL_ASSUME_DUPLICATE_ID, "refuse"))
    {
      till_call_explain (call, "this Client-Request-Id was used before");
      till_hub_refuse (call, SOUP_STATUS_UNAUTHORIZED, NULL, NULL);
    }
  else if (replay->running)
    {
      if (till_assumptions_is (assumptions, TILL_ASSUME_RUNNING_ID, "425"))
        till_hub_refuse (call, 425, NULL, NULL);
      else
        till_hub_refuse (call, SOUP_STATUS_BAD_REQUEST, "136", NULL);
    }
  else if (call->server->hub->dirty && !till_hub_save (call->server->hub, &error))
    {
      till_call_explain (call, "%s", error->message);
      till_hub_refuse (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, "703", NULL);
    }
  else
    {
      till_call_begin (call, replay->status, &writer);
      g_string_assign (call->answer, replay->body);
      g_strlcpy (call->trace_id, replay->trace_id, sizeof call->trace_id);
      till_call_set_header (call, "X-Sandbox-Replayed", "yes");
      till_hub_answer (call, FALSE);
    }
}

/**
 * till_hub_take_id:
 * @call: a call that came from who it says
 *
 * Step 6 of API.md 1.10.
 *
 * Returns: whether it is to be done; otherwise it is answered and freed
 */
gboolean
till_hub_take_id (TillCall *call)
{
  const char *id = till_call_get_header (call, "Client-Request-Id");
  TillHubCall *details = call->details;
  TillHub *self = call->server->hub;
  TillHubReplay *replay;

  if (id == NULL || id[0] == '\0' || !is_id (id))
    {
      till_hub_refuse (call, SOUP_STATUS_BAD_REQUEST, id == NULL || id[0] == '\0' ? "138" : "100", "Client-Request-Id");
      return FALSE;
    }

  details->request_id = g_strdup (id);
  details->digest = make_digest (call);
  prune (self);

  replay = g_hash_table_lookup (self->replays, id);
  if (replay != NULL && !is_over (self, replay) &&
      !till_assumptions_is (&call->server->assumptions, TILL_ASSUME_DUPLICATE_ID, "process"))
    {
      answer_again (call, replay);
      return FALSE;
    }

  replay = g_new0 (TillHubReplay, 1);
  replay->id = g_strdup (id);
  replay->digest = g_strdup (details->digest);
  replay->at = till_clock_get_now (call->server->clock);
  replay->running = TRUE;
  g_hash_table_replace (self->replays, replay->id, replay);
  details->taken = TRUE;

  return TRUE;
}

static gboolean
save_replay (TillHub        *self,
             TillHubReplay  *replay,
             GError        **error)
{
  g_autofree char *folder = g_build_filename (self->server->folder, FOLDER, NULL);
  g_autofree char *name = dup_file_name (replay->id);
  g_autoptr(GString) text = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, text, FALSE);
  till_hub_write_replay (replay, &writer);

  return till_state_save (folder, name, text->str, text->len, error);
}

/**
 * till_hub_keep_answer:
 * @call: a call whose answer is written
 * @effect: whether it changed the state
 * @error: (out) (optional): why it could not be kept
 *
 * Keeps the answer for when the request comes again. That of a call with an
 * effect stands in one file with the effect, so that no crash parts them.
 *
 * Returns: whether all is on the disk
 */
gboolean
till_hub_keep_answer (TillCall  *call,
                      gboolean   effect,
                      GError   **error)
{
  TillHubCall *details = call->details;
  TillHub *self = call->server->hub;
  TillHubReplay *replay = g_hash_table_lookup (self->replays, details->request_id);

  g_assert (replay != NULL);
  replay->running = FALSE;
  replay->effect = effect;
  replay->status = call->status;
  g_free (replay->trace_id);
  replay->trace_id = g_strdup (call->trace_id);
  g_free (replay->body);
  replay->body = g_strndup (call->answer->str, call->answer->len);

  self->dirty |= effect;
  return (!self->dirty || till_hub_save (self, error)) && (effect || save_replay (self, replay, error));
}

/**
 * till_hub_load_replays:
 * @self: the service
 * @error: (out) (optional): %TILL_ERROR_DAMAGED or %TILL_ERROR_UNREADABLE
 *
 * Reads the answers that calls without effect got.
 *
 * Returns: whether all could be read
 */
gboolean
till_hub_load_replays (TillHub  *self,
                       GError  **error)
{
  g_autofree char *folder = g_build_filename (self->server->folder, FOLDER, NULL);
  g_autoptr(GError) reason = NULL;
  g_autoptr(GDir) dir = NULL;
  const char *name;

  if (!till_file_make_dir (folder, error) || (dir = g_dir_open (folder, 0, error)) == NULL)
    return FALSE;

  till_state_sweep (folder);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autoptr(JsonNode) root = NULL;
      TillHubReplay *replay = NULL;

      if (!g_str_has_suffix (name, ".json"))
        continue;
      if ((root = till_state_load (folder, name, &reason)) == NULL && reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      if (root == NULL)
        continue;
      if ((replay = till_hub_read_replay (root)) == NULL)
        {
          till_state_set_aside (folder, name, error);
          return FALSE;
        }
      /* One with an effect is newer than a file of the same id. */
      if (g_hash_table_contains (self->replays, replay->id))
        till_hub_replay_free (replay);
      else
        g_hash_table_insert (self->replays, replay->id, replay);
    }

  prune (self);
  return TRUE;
}
