/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes what is secret out of the widgets of a window. */
#include "config.h"

#include "till-wipe.h"

#include <adwaita.h>

#include "till-secret-row.h"

/* Also one whose text is shown for the moment. GTK wipes the memory of what it replaces in these. */
static gboolean
is_secret_entry (GtkWidget *widget)
{
  return GTK_IS_PASSWORD_ENTRY (widget) || ADW_IS_PASSWORD_ENTRY_ROW (widget) ||
         (GTK_IS_TEXT (widget) && !gtk_text_get_visibility (GTK_TEXT (widget)));
}

/**
 * till_wipe_secrets:
 * @root: a window, or a part of one
 *
 * Empties every entry for a password, a secret or a card number below it, and
 * masks every secret that is shown. What else was typed stays.
 */
void
till_wipe_secrets (GtkWidget *root)
{
  GtkWidget *child;

  g_return_if_fail (GTK_IS_WIDGET (root));

  if (TILL_IS_SECRET_ROW (root))
    till_secret_row_mask (TILL_SECRET_ROW (root));

  if (is_secret_entry (root))
    {
      gtk_editable_set_text (GTK_EDITABLE (root), "");
      return;
    }

  for (child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    till_wipe_secrets (child);
}
