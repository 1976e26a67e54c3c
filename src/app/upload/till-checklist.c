/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was looked at, one row each: a shape, a sentence, and a word for how it came out. */
#include "config.h"

#include "till-checklist.h"

#include <glib/gi18n.h>

#include "till-label.h"

/**
 * TillChecklist:
 *
 * Colour only helps: shape and word say the same. A screen reader reads a row
 * as “Passed: …”, “Warning: …” or “Stops: …”.
 */
struct _TillChecklist
{
  GtkWidget   parent_instance;

  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (TillChecklist, till_checklist, GTK_TYPE_WIDGET)

static void
free_entry (gpointer data)
{
  TillChecklistEntry *entry = data;

  g_free (entry->text);
  g_free (entry);
}

static const char *
get_word (TillCheckState state)
{
  switch (state)
    {
    case TILL_CHECK_GOOD:
      /* Translators: something that was checked is as it should be. */
      return C_("check", "Passed");

    case TILL_CHECK_WARN:
      /* Translators: something that was checked is worth knowing. */
      return C_("check", "Warning");

    case TILL_CHECK_STOP:
    default:
      /* Translators: because of this the file cannot be sent. */
      return C_("check", "Stops");
    }
}

static char *
dup_accessible_name (const TillChecklistEntry *entry)
{
  switch (entry->state)
    {
    case TILL_CHECK_GOOD:
      /* Translators: read aloud; %s is a sentence, such as “Issued by …”. */
      return g_strdup_printf (_("Passed: %s"), entry->text);

    case TILL_CHECK_WARN:
      /* Translators: read aloud; %s is a sentence, such as “Loses NFC: …”. */
      return g_strdup_printf (_("Warning: %s"), entry->text);

    case TILL_CHECK_STOP:
    default:
      /* Translators: read aloud; %s is a sentence, such as “The certificate expired on …”. */
      return g_strdup_printf (_("Stops: %s"), entry->text);
    }
}

static const char *
get_icon_name (TillCheckState state)
{
  switch (state)
    {
    case TILL_CHECK_GOOD:
      return "emblem-ok-symbolic";

    case TILL_CHECK_WARN:
      return "dialog-warning-symbolic";

    case TILL_CHECK_STOP:
    default:
      return "process-stop-symbolic";
    }
}

static const char *
get_style_class (TillCheckState state)
{
  switch (state)
    {
    case TILL_CHECK_GOOD:
      return "success";

    case TILL_CHECK_WARN:
      return "warning";

    case TILL_CHECK_STOP:
    default:
      return "error";
    }
}

static GtkWidget *
new_row (const TillChecklistEntry *entry)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = gtk_image_new_from_icon_name (get_icon_name (entry->state));
  GtkWidget *text = till_label_new (entry->text);
  GtkWidget *word = gtk_label_new (get_word (entry->state));
  g_autofree char *name = dup_accessible_name (entry);

  gtk_widget_add_css_class (icon, get_style_class (entry->state));
  gtk_widget_set_valign (icon, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_widget_set_valign (text, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (word, "caption");
  gtk_widget_add_css_class (word, entry->state == TILL_CHECK_GOOD ? "dim-label" : "heading");
  gtk_widget_set_valign (word, GTK_ALIGN_CENTER);

  gtk_widget_set_margin_top (box, 8);
  gtk_widget_set_margin_bottom (box, 8);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), text);
  gtk_box_append (GTK_BOX (box), word);

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  return row;
}

static void
till_checklist_dispose (GObject *object)
{
  TillChecklist *self = TILL_CHECKLIST (object);

  if (self->list != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->list));
  self->list = NULL;

  G_OBJECT_CLASS (till_checklist_parent_class)->dispose (object);
}

static void
till_checklist_class_init (TillChecklistClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = till_checklist_dispose;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
till_checklist_init (TillChecklist *self)
{
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  /* Translators: read aloud: the list of what was looked at in a file before it is sent. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Checks"), -1);
  gtk_widget_set_parent (GTK_WIDGET (self->list), GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * till_checklist_new:
 *
 * Returns: (transfer floating): a list of nothing yet
 */
GtkWidget *
till_checklist_new (void)
{
  return g_object_new (TILL_TYPE_CHECKLIST, NULL);
}

/**
 * till_checklist_set_entries:
 * @self: a checklist
 * @entries: (element-type TillChecklistEntry) (nullable): %NULL for none
 *
 * Shows other rows. Without any it can't be seen.
 */
void
till_checklist_set_entries (TillChecklist *self,
                            GPtrArray     *entries)
{
  GtkWidget *child;

  g_return_if_fail (TILL_IS_CHECKLIST (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    gtk_list_box_append (self->list, new_row (entries->pdata[i]));

  gtk_widget_set_visible (GTK_WIDGET (self), entries != NULL && entries->len > 0);
}

/**
 * till_checklist_entries_new:
 *
 * Returns: (transfer full) (element-type TillChecklistEntry): none yet
 */
GPtrArray *
till_checklist_entries_new (void)
{
  return g_ptr_array_new_with_free_func (free_entry);
}

/**
 * till_checklist_entries_add:
 * @entries: (element-type TillChecklistEntry): what there is
 * @state: how it came out
 * @text: a sentence
 *
 * Adds one at the end.
 */
void
till_checklist_entries_add (GPtrArray      *entries,
                            TillCheckState  state,
                            const char     *text)
{
  TillChecklistEntry *entry = g_new0 (TillChecklistEntry, 1);

  entry->state = state;
  entry->text = g_strdup (text);
  g_ptr_array_add (entries, entry);
}

/**
 * till_checklist_entries_first:
 * @entries: (element-type TillChecklistEntry) (nullable): entries
 * @state: a state
 *
 * Returns: (transfer none) (nullable): the sentence of the first one in that state
 */
const char *
till_checklist_entries_first (GPtrArray      *entries,
                              TillCheckState  state)
{
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const TillChecklistEntry *entry = entries->pdata[i];

      if (entry->state == state)
        return entry->text;
    }

  return NULL;
}

/**
 * till_checklist_entries_count:
 * @entries: (element-type TillChecklistEntry) (nullable): entries
 * @state: a state
 *
 * Returns: how many are in that state
 */
guint
till_checklist_entries_count (GPtrArray      *entries,
                              TillCheckState  state)
{
  guint n = 0;

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    n += ((const TillChecklistEntry *) entries->pdata[i])->state == state;

  return n;
}
