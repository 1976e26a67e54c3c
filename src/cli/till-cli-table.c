/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table for people: columns aligned, text made safe for a terminal. */
#include "config.h"

#include "till-cli-table.h"

#include "till-cli-report.h"

/**
 * till_cli_table_new:
 * @first: the first heading
 * @...: the other headings, ended by %NULL
 *
 * Returns: (transfer full): a table without rows
 */
TillCliTable *
till_cli_table_new (const char *first,
                    ...)
{
  TillCliTable *self = g_new0 (TillCliTable, 1);
  va_list args;

  self->cells = g_ptr_array_new_with_free_func (g_free);

  va_start (args, first);
  for (const char *heading = first; heading != NULL; heading = va_arg (args, const char *))
    {
      till_cli_table_add (self, heading);
      self->n_columns++;
    }
  va_end (args);

  return self;
}

/**
 * till_cli_table_free:
 * @self: (transfer full): a table
 *
 * Frees it.
 */
void
till_cli_table_free (TillCliTable *self)
{
  g_ptr_array_unref (self->cells);
  g_free (self);
}

/**
 * till_cli_table_add:
 * @self: a table
 * @text: (nullable): what the next cell holds; may come from a service
 *
 * Adds a cell; as many as there are headings make a row.
 */
void
till_cli_table_add (TillCliTable *self,
                    const char   *text)
{
  GString *safe = g_string_new (NULL);

  till_cli_append_safe (safe, text != NULL && *text != '\0' ? text : "–");
  g_ptr_array_add (self->cells, g_string_free (safe, FALSE));
}

/* How many columns of a terminal it takes. */
static guint
get_width (const char *text)
{
  guint width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (!g_unichar_iszerowidth (c))
        width += g_unichar_iswide (c) ? 2 : 1;
    }

  return width;
}

/**
 * till_cli_table_append:
 * @self: a table whose last row is whole
 * @out: where to append it
 *
 * Appends the table; nothing at all where it has no rows.
 */
void
till_cli_table_append (TillCliTable *self,
                       GString      *out)
{
  g_autofree guint *widths = g_new0 (guint, self->n_columns);

  if (self->cells->len <= self->n_columns)
    return;

  for (guint i = 0; i < self->cells->len; i++)
    widths[i % self->n_columns] = MAX (widths[i % self->n_columns], get_width (self->cells->pdata[i]));

  for (guint i = 0; i < self->cells->len; i++)
    {
      const char *text = self->cells->pdata[i];
      guint column = i % self->n_columns;

      g_string_append (out, text);

      if (column + 1 == self->n_columns)
        {
          g_string_append_c (out, '\n');
          continue;
        }

      for (guint n = get_width (text); n < widths[column] + 2; n++)
        g_string_append_c (out, ' ');
    }
}
