/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One fact in a list: its name, what it is, and a button that copies it. */
#include "config.h"

#include "till-fact-row.h"

#include <glib/gi18n.h>

#include "till-label.h"
#include "till-status-shape.h"

/**
 * TillFactRow:
 *
 * A row for any list box below a widget that has the action "detail.copy".
 * AdwActionRow is not used: it reads markup, and cuts what does not fit.
 */
struct _TillFactRow
{
  AdwPreferencesRow  parent_instance;
};

G_DEFINE_FINAL_TYPE (TillFactRow, till_fact_row, ADW_TYPE_PREFERENCES_ROW)

static GtkWidget *
new_copy_button (const TillFact *fact)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  g_autofree char *label = NULL;

  /* Translators: %s is the name of what is copied: “Copy Serial Number”. */
  label = g_strdup_printf (_("Copy %s"), fact->title);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", fact->copy);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "detail.copy");

  return button;
}

static void
add_copy_shortcut (TillFactRow    *self,
                   const TillFact *fact)
{
  GtkShortcut *shortcut = gtk_shortcut_new_with_arguments (gtk_keyval_trigger_new (GDK_KEY_c, GDK_CONTROL_MASK),
                                                           gtk_named_action_new ("detail.copy"),
                                                           "s", fact->copy);
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
till_fact_row_class_init (TillFactRowClass *klass)
{
}

static void
till_fact_row_init (TillFactRow *self)
{
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
}

/**
 * till_fact_row_new:
 * @fact: what to show; not kept
 *
 * Returns: (transfer floating): a row. With the focus in it, Ctrl+C copies its
 *   value.
 */
GtkWidget *
till_fact_row_new (const TillFact *fact)
{
  TillFactRow *self = g_object_new (TILL_TYPE_FACT_ROW, "title", fact->title, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *title = till_label_new (fact->title);
  GtkWidget *value = till_label_new (fact->value);

  gtk_widget_add_css_class (title, "caption");
  gtk_widget_add_css_class (title, "dim-label");
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (texts), title);
  gtk_box_append (GTK_BOX (texts), value);

  gtk_widget_set_margin_top (box, 8);
  gtk_widget_set_margin_bottom (box, 8);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);

  if (fact->problem)
    {
      GtkWidget *sign = till_status_shape_new ();

      till_status_shape_set_status (TILL_STATUS_SHAPE (sign), TILL_STATUS_PROBLEM);
      gtk_box_append (GTK_BOX (box), sign);
    }

  gtk_box_append (GTK_BOX (box), texts);

  if (fact->copy != NULL)
    {
      gtk_box_append (GTK_BOX (box), new_copy_button (fact));
      add_copy_shortcut (self, fact);
    }

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY, title, NULL,
                                  GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, value, NULL,
                                  -1);

  return GTK_WIDGET (self);
}
