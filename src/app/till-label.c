/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A label for text of any length and origin: wraps anywhere, adds nothing, reads no markup. */
#include "config.h"

#include "till-label.h"

/**
 * till_label_new:
 * @text: plain text, made fit to be shown
 *
 * Pango would put a hyphen where it breaks a word, which reads as a part of an
 * identifier; here it does not.
 *
 * Returns: (transfer floating): a label that begins at the start of its line
 */
GtkWidget *
till_label_new (const char *text)
{
  PangoAttrList *attributes = pango_attr_list_new ();
  GtkWidget *label = gtk_label_new (text);

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  pango_attr_list_unref (attributes);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);

  return label;
}
