/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two certificates side by side, the differences marked by a sign and a word. */
#include "config.h"

#include "till-compare-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "till-compare.h"
#include "till-flip-box.h"
#include "till-label.h"
#include "till-text.h"

/**
 * TillCompareView:
 *
 * Each fact is a row with both values, side by side where there is room and
 * else one below the other; the numbers 1 and 2 say whose value it is in both
 * layouts. A difference has a sign and a word, what is the same stands back.
 */

/* From this width on the values stand side by side. */
#define BREAK_WIDTH 400

struct _TillCompareView
{
  GtkWidget       parent_instance;

  GtkWidget      *scroller;       /* bound, so that it goes with the template */
  GtkWidget      *heads;
  GtkLabel       *verdict;
  GtkLabel       *count;
  GtkCheckButton *only_differences;
  GtkListBox     *list;
};

G_DEFINE_FINAL_TYPE (TillCompareView, till_compare_view, GTK_TYPE_WIDGET)

static GQuark
differs_quark (void)
{
  return g_quark_from_static_string ("till-compare-differs");
}

/* Whose value it is; the row's accessible label says it in words. */
static GtkWidget *
new_number (int number)
{
  g_autofree char *text = g_strdup_printf ("%d", number);
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL,
                                   "label", text,
                                   "valign", GTK_ALIGN_START,
                                   "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                   NULL);

  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "heading");

  return label;
}

static GtkWidget *
new_value (int         number,
           const char *text,
           gboolean    dimmed)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  /* Translators: stands for a value that a certificate does not have. */
  GtkWidget *label = till_label_new (*text != '\0' ? text : _("None"));

  if (dimmed || *text == '\0')
    gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), new_number (number));
  gtk_box_append (GTK_BOX (box), label);

  return box;
}

static GtkWidget *
new_mark (gboolean differs)
{
  GtkWidget *label = gtk_label_new (differs ? _("≠ Different") : _("= Same"));

  gtk_widget_set_valign (label, GTK_ALIGN_START);
  if (differs)
    gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (label, differs ? "warning" : "dim-label");

  return label;
}

static void
set_row_label (GtkWidget             *row,
               const TillCompareFact *fact)
{
  const char *first = *fact->first != '\0' ? fact->first : _("None");
  const char *second = *fact->second != '\0' ? fact->second : _("None");
  g_autofree char *label = NULL;

  if (fact->differs)
    /* Translators: for screen readers: the name of a fact, then both values. */
    label = g_strdup_printf (_("%s: different. First: %s. Second: %s."), fact->title, first, second);
  else
    /* Translators: for screen readers: the name of a fact, then its value. */
    label = g_strdup_printf (_("%s: same. %s."), fact->title, first);

  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static GtkWidget *
new_row (const TillCompareFact *fact)
{
  GtkWidget *row = g_object_new (GTK_TYPE_LIST_BOX_ROW, "activatable", FALSE, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = till_label_new (fact->title);
  GtkWidget *values = till_flip_box_new (12, BREAK_WIDTH);

  gtk_widget_add_css_class (title, "caption");
  gtk_widget_add_css_class (title, "dim-label");
  gtk_widget_set_hexpand (title, TRUE);
  gtk_box_append (GTK_BOX (top), title);
  gtk_box_append (GTK_BOX (top), new_mark (fact->differs));

  gtk_widget_set_parent (new_value (1, fact->first, !fact->differs), values);
  gtk_widget_set_parent (new_value (2, fact->second, !fact->differs), values);

  gtk_box_append (GTK_BOX (box), top);
  gtk_box_append (GTK_BOX (box), values);
  gtk_widget_set_margin_top (box, 8);
  gtk_widget_set_margin_bottom (box, 8);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_qdata (G_OBJECT (row), differs_quark (), GINT_TO_POINTER (fact->differs));
  set_row_label (row, fact);

  return row;
}

static GtkWidget *
new_head (int                  number,
          TillCertificateItem *item)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *inner = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *name = till_label_new (till_certificate_item_get_name (item));
  g_autofree char *file = till_text_dup_display (till_file_entry_get_title (till_certificate_item_get_entry (item)),
                                                 TILL_TEXT_MAX_CHARS);
  GtkWidget *place = till_label_new (file);
  g_autofree char *words = till_certificate_item_dup_status_text (item);
  GtkWidget *status = till_label_new (words);

  gtk_widget_add_css_class (name, "heading");
  gtk_widget_add_css_class (place, "caption");
  gtk_widget_add_css_class (place, "dim-label");
  gtk_box_append (GTK_BOX (texts), name);
  gtk_box_append (GTK_BOX (texts), place);
  gtk_box_append (GTK_BOX (texts), status);

  gtk_widget_set_hexpand (inner, TRUE);
  gtk_widget_set_margin_top (inner, 12);
  gtk_widget_set_margin_bottom (inner, 12);
  gtk_widget_set_margin_start (inner, 12);
  gtk_widget_set_margin_end (inner, 12);
  gtk_box_append (GTK_BOX (inner), new_number (number));
  gtk_box_append (GTK_BOX (inner), texts);

  gtk_widget_add_css_class (card, "card");
  gtk_box_append (GTK_BOX (card), inner);

  return card;
}

static gboolean
filter_row_cb (GtkListBoxRow *row,
               gpointer       user_data)
{
  TillCompareView *self = TILL_COMPARE_VIEW (user_data);

  return !gtk_check_button_get_active (self->only_differences) ||
         GPOINTER_TO_INT (g_object_get_qdata (G_OBJECT (row), differs_quark ()));
}

static void
only_differences_cb (TillCompareView *self)
{
  gtk_list_box_invalidate_filter (self->list);
}

static void
clear (TillCompareView *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->heads)) != NULL)
    gtk_widget_unparent (child);

  while ((child = GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, 0))) != NULL)
    gtk_list_box_remove (self->list, child);
}

static void
till_compare_view_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TILL_TYPE_COMPARE_VIEW);

  G_OBJECT_CLASS (till_compare_view_parent_class)->dispose (object);
}

static void
till_compare_view_class_init (TillCompareViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = till_compare_view_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tillkeeper/Tillkeeper/till-compare-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TillCompareView, scroller);
  gtk_widget_class_bind_template_child (widget_class, TillCompareView, heads);
  gtk_widget_class_bind_template_child (widget_class, TillCompareView, verdict);
  gtk_widget_class_bind_template_child (widget_class, TillCompareView, count);
  gtk_widget_class_bind_template_child (widget_class, TillCompareView, only_differences);
  gtk_widget_class_bind_template_child (widget_class, TillCompareView, list);
  gtk_widget_class_bind_template_callback (widget_class, only_differences_cb);
}

static void
till_compare_view_init (TillCompareView *self)
{
  g_type_ensure (TILL_TYPE_FLIP_BOX);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_filter_func (self->list, filter_row_cb, self, NULL);
}

/**
 * till_compare_view_new:
 *
 * Returns: (transfer floating): a view that compares nothing yet
 */
TillCompareView *
till_compare_view_new (void)
{
  return g_object_new (TILL_TYPE_COMPARE_VIEW, NULL);
}

/**
 * till_compare_view_set_items:
 * @self: a view
 * @left: (nullable): the first certificate
 * @right: (nullable): the second certificate
 *
 * Compares two rows as they are now; nothing of them is kept. Where one is
 * %NULL the view is empty.
 */
void
till_compare_view_set_items (TillCompareView     *self,
                             TillCertificateItem *left,
                             TillCertificateItem *right)
{
  g_autoptr(GPtrArray) facts = NULL;
  g_autofree char *verdict = NULL;
  g_autofree char *count = NULL;
  guint n_different = 0;
  guint i;

  g_return_if_fail (TILL_IS_COMPARE_VIEW (self));
  g_return_if_fail (left == NULL || TILL_IS_CERTIFICATE_ITEM (left));
  g_return_if_fail (right == NULL || TILL_IS_CERTIFICATE_ITEM (right));

  clear (self);
  gtk_label_set_label (self->verdict, "");
  gtk_label_set_label (self->count, "");
  if (left == NULL || right == NULL)
    return;

  gtk_widget_set_parent (new_head (1, left), self->heads);
  gtk_widget_set_parent (new_head (2, right), self->heads);

  facts = till_compare_new_facts (left, right);
  for (i = 0; i < facts->len; i++)
    {
      const TillCompareFact *fact = facts->pdata[i];

      n_different += fact->differs ? 1 : 0;
      gtk_list_box_append (self->list, new_row (fact));
    }

  verdict = till_compare_dup_verdict (left, right);
  gtk_label_set_label (self->verdict, verdict);
  /* Translators: the first number is how many facts differ, the second how many were compared. */
  count = g_strdup_printf (ngettext ("%u of %u fact differs", "%u of %u facts differ", facts->len),
                           n_different, facts->len);
  gtk_label_set_label (self->count, count);
}
