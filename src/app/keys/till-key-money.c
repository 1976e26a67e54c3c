/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limit for offline payments as a person types it. */
#include "config.h"

#include "till-key-money.h"

#include <string.h>

/**
 * till_key_money_parse:
 * @text: an amount as a person types it: "25", "25.00", "25,00"
 * @currency: its ISO 4217 code
 * @minor_units: (out): the amount
 *
 * Separators of thousands are refused rather than guessed.
 *
 * Returns: whether both are what they should be
 */
gboolean
till_key_money_parse (const char *text,
                      const char *currency,
                      gint64     *minor_units)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  char *comma = strchr (trimmed, ',');

  if (comma != NULL)
    {
      /* "1,000" in a currency with three decimals could be a thousand. */
      if (strlen (comma + 1) == 3)
        return FALSE;
      *comma = '.';
    }

  return till_money_parse (trimmed, currency, minor_units);
}
