/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes into the redactor: valid, bounded, and stable when done again. */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "fuzz.h"
#include "till-redact.h"

/* Behind these nothing of the text may be left: an unknown value that begins
 * here is hidden to the end of its line at least. */
static void
check_hidden (const uint8_t *data,
              size_t         size)
{
  static const char begin[] = "\nAuthorization: ";
  g_autofree char *line = g_malloc (size + sizeof begin);
  g_autofree char *redacted = NULL;
  const char *found;
  gsize length = 0;

  /* A value without line ends, blanks or a marker of its own. */
  memcpy (line, begin, sizeof begin - 1);
  for (size_t i = 0; i < size && length < 100; i++)
    if (g_ascii_isgraph (data[i]) && data[i] != '[')
      line[sizeof begin - 1 + length++] = (char) data[i];
  if (length == 0)
    return;

  redacted = till_redact (line, (gssize) (sizeof begin - 1 + length));
  found = strstr (redacted, begin);
  g_assert (found != NULL);
  g_assert (g_str_has_prefix (found + sizeof begin - 1, "[redacted "));
  g_assert (g_str_has_suffix (redacted, "]"));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *once = till_redact ((const char *) data, (gssize) size);
  g_autofree char *twice = till_redact (once, -1);

  g_assert (g_utf8_validate (once, -1, NULL));
  g_assert (strlen (once) <= 4 * size + 32);
  if (strcmp (once, twice) != 0)
    g_error ("'%s' becomes '%s'", once, twice);

  check_hidden (data, size);

  return 0;
}
