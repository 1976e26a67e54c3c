/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a till asks for, as JSON. */
#include "config.h"

#include "till-pairing-body.h"

#include <string.h>

#include "till-json-scan.h"
#include "till-limits.h"
#include "till-pairing-limits.h"
#include "till-service-walk.h"
#include "till-setup-code.h"

/* Longer text is never right; what is shorter fits without allocation by size. */
#define MAX_TEXT TILL_LIMIT_JSON_PAIRING_BYTES

/**
 * till_pos_id_is_valid:
 * @text: what a till calls itself
 *
 * Returns: whether it is 1 to 64 of letters, digits, ".", "_", "-", and no folder's "." or ".."
 */
gboolean
till_pos_id_is_valid (const char *text)
{
  gsize size = strlen (text);

  if (size == 0 || size > TILL_POS_ID_CHARS || g_str_equal (text, ".") || g_str_equal (text, ".."))
    return FALSE;

  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("._-", *p) == NULL)
      return FALSE;

  return TRUE;
}

/* The text of a value, without its escapes; NULL where it is no string. */
static TillSecret *
dup_string (const TillServiceSpan *value)
{
  const TillServiceSpan inside = { value->text + 1, value->size - 2 };
  TillSecret *text;

  if (value->size < 2 || value->size > MAX_TEXT || value->text[0] != '"')
    return NULL;

  text = till_secret_new (inside.size);
  till_secret_shrink (text, till_service_unescape (&inside, till_secret_get_buffer (text)));

  return text;
}

/* Names may be written with escapes too. */
static gboolean
name_is (const TillServiceSpan *name,
         const char            *word)
{
  g_autoptr(TillSecret) text = NULL;

  if (name->size > MAX_TEXT)
    return FALSE;

  text = till_secret_new (name->size);
  till_secret_shrink (text, till_service_unescape (name, till_secret_get_buffer (text)));

  return till_secret_get_size (text) == strlen (word) && memcmp (till_secret_get_data (text), word, strlen (word)) == 0;
}

static void
read_pos_id (TillPairingBody       *self,
             const TillServiceSpan *value)
{
  g_autoptr(TillSecret) text = dup_string (value);
  const char *plain = text == NULL ? "" : (const char *) till_secret_get_data (text);

  if (text != NULL && strlen (plain) == till_secret_get_size (text) && till_pos_id_is_valid (plain))
    self->pos_id = g_strdup (plain);
  else
    self->problem = "posId: 1\xe2\x80\x93" "64 letters, digits, . _ -";
}

static void
read_code (TillPairingBody       *self,
           const TillServiceSpan *value)
{
  g_autoptr(TillSecret) text = dup_string (value);

  if (text != NULL)
    self->code = till_setup_code_normalise ((const char *) till_secret_get_data (text), till_secret_get_size (text));
  if (self->code == NULL)
    self->problem = "setupCode: 8 letters or digits";
}

/**
 * till_pairing_body_read:
 * @self: (out): what it says
 * @data: (nullable): the body
 * @size: its length
 *
 * Reads a request, strictly: one JSON object, no member twice (G10).
 *
 * Returns: whether it is one; else problem says why, without what was sent
 */
gboolean
till_pairing_body_read (TillPairingBody *self,
                        const guint8    *data,
                        gsize            size)
{
  TillServiceSpan value;
  TillServiceSpan name;
  TillServiceWalk walk;

  memset (self, 0, sizeof *self);
  if (size == 0 || !till_json_scan ((const char *) data, size, TILL_LIMIT_JSON_PAIRING_BYTES, NULL))
    {
      self->problem = "not JSON";
      return FALSE;
    }

  till_service_walk_init (&walk, data, size);
  if (!till_service_walk_enter (&walk, '{'))
    {
      self->problem = "not an object";
      return FALSE;
    }

  for (; self->problem == NULL && till_service_walk_name (&walk, &name); till_service_walk_next (&walk))
    {
      till_service_walk_value (&walk, &value);
      if (name_is (&name, "posId"))
        read_pos_id (self, &value);
      else if (name_is (&name, "setupCode"))
        read_code (self, &value);
      else if (name_is (&name, "type"))
        self->is_status |= till_service_span_is (&value, "\"StatusRequest\"");
    }

  if (self->problem == NULL && !self->is_status && self->pos_id == NULL)
    self->problem = "posId is missing";
  else if (self->problem == NULL && !self->is_status && self->code == NULL)
    self->problem = "setupCode is missing";

  return self->problem == NULL;
}

/**
 * till_pairing_body_clear:
 * @self: what was read
 *
 * Frees what it holds.
 */
void
till_pairing_body_clear (TillPairingBody *self)
{
  g_clear_pointer (&self->pos_id, g_free);
  g_clear_pointer (&self->code, till_secret_unref);
}
