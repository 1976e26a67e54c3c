/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Amounts of money as people write them: an integer of minor units, and its currency (ISO 4217). */
#include "config.h"

#include "till-money.h"

#include <string.h>

/* 12 digits are more than any till takes, and far from overflowing. */
#define MAX_DIGITS 12

/* Digits behind the point (ISO 4217). */
static guint
get_decimals (const char *currency)
{
  static const char none[] = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
  static const char three[] = "BHD IQD JOD KWD LYD OMR TND";

  if (strstr (none, currency) != NULL)
    return 0;

  return strstr (three, currency) != NULL ? 3 : 2;
}

/**
 * till_money_is_currency:
 * @text: what may be a code of ISO 4217
 *
 * Returns: whether it is three capitals
 */
gboolean
till_money_is_currency (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return strlen (text) == 3 && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

/**
 * till_money_parse:
 * @text: an amount: "25", "25.00"
 * @currency: its ISO 4217 code
 * @minor_units: (out): the amount
 *
 * Returns: whether both are what they should be
 */
gboolean
till_money_parse (const char *text,
                  const char *currency,
                  gint64     *minor_units)
{
  gint64 value = 0;
  guint decimals;
  gsize whole, part;
  gboolean point;

  g_return_val_if_fail (text != NULL && currency != NULL && minor_units != NULL, FALSE);

  if (!till_money_is_currency (currency))
    return FALSE;

  decimals = get_decimals (currency);
  whole = strspn (text, "0123456789");
  point = text[whole] == '.';
  part = point ? strspn (text + whole + 1, "0123456789") : 0;
  if (whole == 0 || whole > MAX_DIGITS || part > decimals || (point && part == 0) || text[whole + point + part] != '\0')
    return FALSE;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p != '.')
        value = value * 10 + (*p - '0');
    }

  for (gsize i = part; i < decimals; i++)
    value *= 10;

  *minor_units = value;

  return TRUE;
}

/**
 * till_money_format:
 * @minor_units: an amount
 * @currency: its ISO 4217 code
 *
 * Returns: (transfer full): the amount without its currency: "25.00"
 */
char *
till_money_format (gint64      minor_units,
                   const char *currency)
{
  guint decimals;
  gint64 unit;

  g_return_val_if_fail (currency != NULL, NULL);

  decimals = get_decimals (currency);
  unit = decimals == 0 ? 1 : decimals == 2 ? 100 : 1000;
  if (decimals == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT, minor_units);

  return g_strdup_printf ("%" G_GINT64_FORMAT ".%0*" G_GINT64_FORMAT, minor_units / unit, (int) decimals,
                          minor_units % unit);
}
