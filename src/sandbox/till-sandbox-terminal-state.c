/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the terminal remembers: its serial number, and the certificates that it has issued. */
#include "config.h"

#include <string.h>

#include "till-json-reader.h"
#include "till-json-writer.h"
#include "till-sandbox-state.h"
#include "till-sandbox-terminal-private.h"

#define TERMINAL_FILE "terminal.json"
#define SERIAL_BEGINS "229"
#define SERIAL_CHARS 10
#define MOST_POS 10000
#define LONGEST_HEX 64

/**
 * till_pos_free:
 * @pos: (transfer full): a certificate that was issued
 *
 * Frees @pos.
 */
void
till_pos_free (TillPos *pos)
{
  g_free (pos->pos_id);
  g_free (pos->serial);
  g_free (pos->sha256);
  g_free (pos);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillPos, till_pos_free)

static gboolean
read_pos (TillTerminal         *self,
          const TillJsonReader *reader)
{
  g_autoptr(TillPos) pos = g_new0 (TillPos, 1);

  if ((pos->pos_id = till_json_reader_dup_text (reader, "posId", 1, TILL_TERMINAL_NAME_BYTES, NULL)) == NULL ||
      (pos->serial = till_json_reader_dup_text (reader, "serial", 1, LONGEST_HEX, NULL)) == NULL ||
      (pos->sha256 = till_json_reader_dup_text (reader, "sha256", LONGEST_HEX, LONGEST_HEX, NULL)) == NULL ||
      !till_json_reader_int (reader, "issuedAt", 0, G_MAXINT64, &pos->issued_at, NULL) ||
      !till_json_reader_int (reader, "notAfter", 0, G_MAXINT64, &pos->not_after, NULL) ||
      !till_json_reader_bool (reader, "replaced", &pos->replaced, NULL))
    return FALSE;

  g_ptr_array_add (self->issued, g_steal_pointer (&pos));
  return TRUE;
}

static gboolean
read_all (TillTerminal *self,
          JsonNode     *root)
{
  TillJsonReader reader;
  TillJsonReader list;

  till_json_reader_init (&reader, root);
  if ((self->serial = till_json_reader_dup_text (&reader, "serial", SERIAL_CHARS, SERIAL_CHARS, NULL)) == NULL ||
      strspn (self->serial, TILL_ALPHABET_DIGITS) != SERIAL_CHARS ||
      !till_json_reader_array (&reader, "pos", &list, NULL) || till_json_reader_get_length (&list) > MOST_POS)
    return FALSE;

  for (guint i = 0; i < till_json_reader_get_length (&list); i++)
    {
      TillJsonReader element;

      till_json_reader_element (&list, i, &element);
      if (!read_pos (self, &element))
        return FALSE;
    }

  return TRUE;
}

static gboolean
save (TillTerminal  *self,
      GError       **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, text, TRUE);
  till_json_writer_begin_object (&writer);
  till_json_writer_member (&writer, "serial");
  till_json_writer_string (&writer, self->serial);
  till_json_writer_member (&writer, "pos");
  till_json_writer_begin_array (&writer);
  for (guint i = 0; i < self->issued->len; i++)
    {
      const TillPos *pos = g_ptr_array_index (self->issued, i);

      till_json_writer_begin_object (&writer);
      till_json_writer_member (&writer, "posId");
      till_json_writer_string (&writer, pos->pos_id);
      till_json_writer_member (&writer, "serial");
      till_json_writer_string (&writer, pos->serial);
      till_json_writer_member (&writer, "sha256");
      till_json_writer_string (&writer, pos->sha256);
      till_json_writer_member (&writer, "issuedAt");
      till_json_writer_int (&writer, pos->issued_at);
      till_json_writer_member (&writer, "notAfter");
      till_json_writer_int (&writer, pos->not_after);
      till_json_writer_member (&writer, "replaced");
      till_json_writer_bool (&writer, pos->replaced);
      till_json_writer_end_object (&writer);
    }
  till_json_writer_end_array (&writer);
  till_json_writer_end_object (&writer);

  return till_state_save (self->server->folder, TERMINAL_FILE, text->str, text->len, error);
}

/**
 * till_terminal_load:
 * @self: a terminal that knows nothing yet
 * @error: (out) (optional): %TILL_ERROR_DAMAGED or %TILL_ERROR_UNREADABLE
 *
 * Reads what it remembers, or gives it a serial number.
 *
 * Returns: whether it is there
 */
gboolean
till_terminal_load (TillTerminal  *self,
                    GError       **error)
{
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(GError) reason = NULL;
  g_autofree char *digits = NULL;

  root = till_state_load (self->server->folder, TERMINAL_FILE, &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }

  if (root != NULL)
    {
      if (read_all (self, root))
        return TRUE;
      till_state_set_aside (self->server->folder, TERMINAL_FILE, error);
      return FALSE;
    }

  digits = till_random_text (TILL_ALPHABET_DIGITS, SERIAL_CHARS - strlen (SERIAL_BEGINS));
  self->serial = g_strconcat (SERIAL_BEGINS, digits, NULL);

  return save (self, error);
}

/**
 * till_terminal_add_pos:
 * @self: a terminal
 * @pos: (transfer full): a certificate that it has issued
 * @error: (out) (optional): %TILL_ERROR_UNREADABLE where it can't be kept
 *
 * Remembers a certificate. Others of the same name are over, unless the
 * assumption "terminal-same-pos-id" leaves both good. From any thread.
 *
 * Returns: whether it is on the disk
 */
gboolean
till_terminal_add_pos (TillTerminal  *self,
                       TillPos       *pos,
                       GError       **error)
{
  gboolean replace = !till_assumptions_is (&self->server->assumptions, TILL_ASSUME_TERMINAL_SAME_POS_ID, "both");
  g_autoptr(GPtrArray) replaced = g_ptr_array_new ();
  gboolean saved;

  g_mutex_lock (&self->lock);

  /* The oldest go; no shop has that many. */
  if (self->issued->len >= MOST_POS)
    g_ptr_array_remove_index (self->issued, 0);

  for (guint i = 0; i < self->issued->len; i++)
    {
      TillPos *other = g_ptr_array_index (self->issued, i);

      if (replace && !other->replaced && strcmp (other->pos_id, pos->pos_id) == 0)
        {
          other->replaced = TRUE;
          g_ptr_array_add (replaced, other);
        }
    }

  g_ptr_array_add (self->issued, pos);

  saved = save (self, error);
  if (!saved)
    {
      g_ptr_array_remove_index (self->issued, self->issued->len - 1);
      for (guint i = 0; i < replaced->len; i++)
        ((TillPos *) g_ptr_array_index (replaced, i))->replaced = FALSE;
    }

  g_mutex_unlock (&self->lock);

  return saved;
}

/**
 * till_terminal_knows_pos_id:
 * @self: a terminal
 * @pos_id: a name
 *
 * Returns: whether a certificate for it is good. From any thread
 */
gboolean
till_terminal_knows_pos_id (TillTerminal *self,
                            const char   *pos_id)
{
  gboolean known = FALSE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->issued->len && !known; i++)
    {
      const TillPos *pos = g_ptr_array_index (self->issued, i);

      known = !pos->replaced && strcmp (pos->pos_id, pos_id) == 0;
    }
  g_mutex_unlock (&self->lock);

  return known;
}

/**
 * till_terminal_knows_crt:
 * @self: a terminal
 * @sha256: of a certificate, lower-case hex
 *
 * Returns: whether it has issued that one and it is still good. From any thread
 */
gboolean
till_terminal_knows_crt (TillTerminal *self,
                         const char   *sha256)
{
  gboolean known = FALSE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->issued->len && !known; i++)
    {
      const TillPos *pos = g_ptr_array_index (self->issued, i);

      known = !pos->replaced && strcmp (pos->sha256, sha256) == 0;
    }
  g_mutex_unlock (&self->lock);

  return known;
}
