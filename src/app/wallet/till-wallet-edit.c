/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Name and comment: typed, listed as what will change, compared where somebody else was quicker. */
#include "config.h"

#include "till-wallet-detail-private.h"

#include <glib/gi18n.h>

#include "till-fact-row.h"
#include "till-wallet-facts.h"

/* What was typed for one certificate and not sent. */
typedef struct
{
  char *name;         /* (nullable): as it is */
  char *comment;      /* (nullable): likewise */
} Draft;

static void
free_draft (gpointer data)
{
  Draft *draft = data;

  g_free (draft->name);
  g_free (draft->comment);
  g_free (draft);
}

/**
 * till_wallet_detail_new_drafts:
 *
 * Returns: (transfer full): a table from ids to what was typed
 */
GHashTable *
till_wallet_detail_new_drafts (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_draft);
}

/* What the service does not have shows as “”, and is not erased by that. */
static TillTextChange
get_text_change (GtkEditable  *row,
                 const char   *base,
                 const char  **text)
{
  *text = gtk_editable_get_text (row);
  if (g_strcmp0 (*text, base) == 0)
    {
      *text = NULL;
      return TILL_TEXT_KEEP;
    }

  return **text == '\0' ? TILL_TEXT_CLEAR : TILL_TEXT_SET;
}

/**
 * till_wallet_detail_get_change:
 * @self: a page
 * @change: (out caller-allocates): what was typed; its texts belong to the rows
 *
 * Compares with what the rows showed at first, not with what the service said:
 * a row may show less of a very long text, which must not cut it there.
 *
 * Returns: whether anything was typed
 */
gboolean
till_wallet_detail_get_change (TillWalletDetail *self,
                               TillWalletChange *change)
{
  *change = (TillWalletChange) { .enabled = TILL_TRI_UNKNOWN };
  if (self->item == NULL || self->item->wallet == NULL)
    return FALSE;

  change->name_change = get_text_change (self->name_row, self->base_name, &change->name);
  change->comment_change = get_text_change (self->comment_row, self->base_comment, &change->comment);
  /* The texts of TILL_TEXT_CLEAR are not sent. */

  return change->name_change != TILL_TEXT_KEEP || change->comment_change != TILL_TEXT_KEEP;
}

/**
 * till_wallet_detail_keep_draft:
 * @self: a page
 *
 * Keeps what was typed for the item, should another be shown.
 */
void
till_wallet_detail_keep_draft (TillWalletDetail *self)
{
  TillWalletChange change;
  Draft *draft;

  if (self->item == NULL)
    return;

  if (!till_wallet_detail_get_change (self, &change))
    {
      g_hash_table_remove (self->drafts, self->item->id);
      return;
    }

  draft = g_new0 (Draft, 1);
  draft->name = g_strdup (change.name);
  draft->comment = g_strdup (change.comment);
  g_hash_table_insert (self->drafts, g_strdup (self->item->id), draft);
}

static void
fill_row (GtkEditable  *row,
          const char   *text,
          const char   *typed,
          char        **base)
{
  gtk_editable_set_text (row, text != NULL ? text : "");
  g_free (*base);
  *base = g_strdup (gtk_editable_get_text (row));
  if (typed != NULL)
    gtk_editable_set_text (row, typed);
}

/**
 * till_wallet_detail_fill_edit:
 * @self: a page
 * @discard: whether what was typed is forgotten
 *
 * Fills the rows from the item, and from what was typed for it before.
 */
void
till_wallet_detail_fill_edit (TillWalletDetail *self,
                              gboolean          discard)
{
  const TillWalletCertificate *wallet = self->item != NULL ? self->item->wallet : NULL;
  const Draft *draft = NULL;
  int position = gtk_editable_get_position (self->name_row);

  if (self->item != NULL && discard)
    g_hash_table_remove (self->drafts, self->item->id);
  else if (self->item != NULL)
    draft = g_hash_table_lookup (self->drafts, self->item->id);

  self->filling = TRUE;
  fill_row (self->name_row, wallet != NULL ? wallet->name : NULL, draft != NULL ? draft->name : NULL, &self->base_name);
  gtk_editable_set_position (self->name_row, position);
  position = gtk_editable_get_position (self->comment_row);
  fill_row (self->comment_row, wallet != NULL ? wallet->comment : NULL, draft != NULL ? draft->comment : NULL,
            &self->base_comment);
  gtk_editable_set_position (self->comment_row, position);
  self->filling = FALSE;
  till_wallet_detail_update_edit (self);
}

static void
fill_list (GtkListBox *list,
           GPtrArray  *facts)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, child);
  for (guint i = 0; facts != NULL && i < facts->len; i++)
    gtk_list_box_append (list, till_fact_row_new (facts->pdata[i]));
}

static void
update_conflict (TillWalletDetail       *self,
                 gboolean                typed,
                 const TillWalletChange *change)
{
  g_autoptr(GPtrArray) facts = NULL;

  gtk_widget_set_visible (self->conflict_group, self->before != NULL);
  if (self->before == NULL)
    {
      fill_list (self->conflict_list, NULL);
      return;
    }

  facts = till_wallet_facts_new_differences (self->before, self->item, change->name, change->comment);
  fill_list (self->conflict_list, facts);
  gtk_widget_set_visible (self->conflict_mine, typed);
  gtk_button_set_label (self->conflict_theirs, typed ? _("Keep Theirs") : _("OK"));
}

/**
 * till_wallet_detail_update_edit:
 * @self: a page
 *
 * Lists what will change, before it is sent.
 */
void
till_wallet_detail_update_edit (TillWalletDetail *self)
{
  g_autoptr(GPtrArray) facts = NULL;
  TillWalletChange change;
  gboolean typed = till_wallet_detail_get_change (self, &change);

  if (typed)
    facts = till_wallet_facts_new_changes (self->item, &change);
  fill_list (self->edit_list, facts);
  gtk_widget_set_visible (self->edit_group, typed);
  update_conflict (self, typed, &change);
}

/* Whether somebody else has changed what is being changed here. */
static gboolean
concerns (const TillItem         *before,
          const TillItem         *now,
          const TillWalletChange *change)
{
  return (change->name_change != TILL_TEXT_KEEP && g_strcmp0 (before->wallet->name, now->wallet->name) != 0) ||
         (change->comment_change != TILL_TEXT_KEEP &&
          g_strcmp0 (before->wallet->comment, now->wallet->comment) != 0);
}

/**
 * till_wallet_detail_show_conflict:
 * @self: a page whose item is another than before
 * @before: as it was
 * @always: also where nothing that was typed is concerned
 *
 * Shows both states beside each other (RELIABILITY.md 5.2, row 65). A
 * comparison that is shown goes on from the first state.
 */
void
till_wallet_detail_show_conflict (TillWalletDetail *self,
                                  TillItem         *before,
                                  gboolean          always)
{
  TillWalletChange change;
  gboolean typed = till_wallet_detail_get_change (self, &change);

  if (self->before == NULL && (always || (typed && concerns (before, self->item, &change))))
    self->before = till_item_ref (before);
  till_wallet_detail_update_edit (self);
  till_wallet_detail_update_actions (self);
}
