/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Amounts, times and tables of the command line. */
#include "config.h"

#include "till-cli-table.h"
#include "till-cli-values.h"
#include "till-money.h"

static void
test_money (void)
{
  static const struct
  {
    const char *text;
    const char *currency;
    gint64      minor_units;      /* -1: refused */
    const char *shown;
  } rows[] = {
    { "25", "USD", 2500, "25.00 USD" },
    { "25.5", "USD", 2550, "25.50 USD" },
    { "25.05", "EUR", 2505, "25.05 EUR" },
    { "0", "USD", 0, "0.00 USD" },
    { "007", "USD", 700, "7.00 USD" },
    { "1200", "JPY", 1200, "1200 JPY" },
    { "1.234", "KWD", 1234, "1.234 KWD" },
    { "1.2", "KWD", 1200, "1.200 KWD" },
    { "999999999999.99", "USD", G_GINT64_CONSTANT (99999999999999), "999999999999.99 USD" },
    { "1000000000000", "USD", -1, NULL },
    { "25.005", "USD", -1, NULL },
    { "25.", "USD", -1, NULL },
    { ".5", "USD", -1, NULL },
    { "1.0", "JPY", -1, NULL },
    { "-1", "USD", -1, NULL },
    { "+1", "USD", -1, NULL },
    { "1,5", "USD", -1, NULL },
    { " 1", "USD", -1, NULL },
    { "1e3", "USD", -1, NULL },
    { "", "USD", -1, NULL },
    { "1", "usd", -1, NULL },
    { "1", "US", -1, NULL },
    { "1", "USDX", -1, NULL },
    { "1", "", -1, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *shown = NULL;
      gint64 value = -1;

      g_test_message ("“%s” %s", rows[i].text, rows[i].currency);
      g_assert_cmpint (till_money_parse (rows[i].text, rows[i].currency, &value), ==, rows[i].minor_units >= 0);
      g_assert_cmpint (value, ==, rows[i].minor_units);
      if (rows[i].shown == NULL)
        continue;

      shown = till_cli_format_money (value, rows[i].currency);
      g_assert_cmpstr (shown, ==, rows[i].shown);
    }
}

static void
test_time (void)
{
  static const struct
  {
    gint64      seconds;
    const char *text;
  } rows[] = {
    { 0, "1970-01-01 00:00:00 UTC" },
    { 1795332807, "2026-11-22 07:33:27 UTC" },
    { TILL_TIME_UNKNOWN, "–" },
    { TILL_TIME_NEVER, "no end" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = till_cli_format_time (rows[i].seconds);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_table (void)
{
  g_autoptr(TillCliTable) table = till_cli_table_new ("A", "LONGER", "C", NULL);
  g_autoptr(GString) out = g_string_new (NULL);

  till_cli_table_append (table, out);
  g_assert_cmpstr (out->str, ==, "");

  till_cli_table_add (table, "Käse");
  till_cli_table_add (table, "x");
  till_cli_table_add (table, "last");
  till_cli_table_add (table, "\xe5\xb1\x8b");
  till_cli_table_add (table, NULL);
  till_cli_table_add (table, "a\033[2Jb");
  till_cli_table_append (table, out);

  /* Wide characters take two columns; what steers a terminal does not get there. */
  g_assert_true (g_str_has_prefix (out->str, "A     LONGER  C\n"
                                             "Käse  x       last\n"
                                             "\xe5\xb1\x8b    –       a"));
  g_assert_null (strchr (out->str, '\033'));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli-values/money", test_money);
  g_test_add_func ("/cli-values/time", test_time);
  g_test_add_func ("/cli-values/table", test_table);

  return g_test_run ();
}
