/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window in which two certificates of the list are chosen and compared. */
#include "config.h"

#include "till-compare-window.h"

#include <glib/gi18n.h>
#include <string.h>

#include "till-compare-view.h"

struct _TillCompareWindow
{
  AdwWindow        parent_instance;

  GtkDropDown     *left;
  GtkDropDown     *right;
  TillCompareView *view;
  gboolean         swapping;
};

G_DEFINE_TYPE (TillCompareWindow, till_compare_window, ADW_TYPE_WINDOW)

static void
show_chosen (TillCompareWindow *self)
{
  TillCertificateItem *left = gtk_drop_down_get_selected_item (self->left);
  TillCertificateItem *right = gtk_drop_down_get_selected_item (self->right);

  if (left != NULL && right != NULL)
    till_compare_view_set_items (self->view, left, right);
}

static void
chosen_cb (TillCompareWindow *self)
{
  if (!self->swapping)
    show_chosen (self);
}

static void
swap_cb (TillCompareWindow *self)
{
  guint left = gtk_drop_down_get_selected (self->left);

  self->swapping = TRUE;
  gtk_drop_down_set_selected (self->left, gtk_drop_down_get_selected (self->right));
  gtk_drop_down_set_selected (self->right, left);
  self->swapping = FALSE;

  show_chosen (self);
}

/* Two lines: a name alone does not tell last year's certificate from this year's. */
static void
setup_cb (GtkListItemFactory *factory,
          GtkListItem        *list_item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  guint i;

  for (i = 0; i < 2; i++)
    {
      GtkWidget *label = g_object_new (GTK_TYPE_LABEL,
                                       "xalign", 0.0f,
                                       "ellipsize", PANGO_ELLIPSIZE_END,
                                       "max-width-chars", 32,
                                       NULL);

      if (i == 1)
        {
          gtk_widget_add_css_class (label, "caption");
          gtk_widget_add_css_class (label, "dim-label");
        }
      gtk_box_append (GTK_BOX (box), label);
    }

  gtk_list_item_set_child (list_item, box);
}

static void
bind_cb (GtkListItemFactory *factory,
         GtkListItem        *list_item)
{
  GtkWidget *name = gtk_widget_get_first_child (gtk_list_item_get_child (list_item));
  GtkWidget *facts = gtk_widget_get_next_sibling (name);
  TillCertificateItem *item = gtk_list_item_get_item (list_item);
  g_autofree char *ends = till_certificate_item_dup_ends_text (item);
  const char *title = till_file_entry_get_title (till_certificate_item_get_entry (item));
  g_autofree char *text = NULL;

  if (*ends != '\0')
    /* Translators: the day on which a certificate ends, and the file that it is in. */
    text = g_strdup_printf (_("Ends %s · %s"), ends, title);

  gtk_label_set_label (GTK_LABEL (name), till_certificate_item_get_name (item));
  gtk_label_set_label (GTK_LABEL (facts), text != NULL ? text : title);
}

/* What one most likely compares with: another certificate for the same thing; else the next one. */
static guint
find_counterpart (GListModel *certificates,
                  guint       left)
{
  g_autoptr(TillCertificateItem) item = g_list_model_get_item (certificates, left);
  guint n = g_list_model_get_n_items (certificates);
  guint i;

  for (i = 0; i < n && item != NULL; i++)
    {
      g_autoptr(TillCertificateItem) other = g_list_model_get_item (certificates, i);

      if (i != left &&
          g_str_equal (till_certificate_item_get_identifier (other), till_certificate_item_get_identifier (item)))
        return i;
    }

  return left + 1 < n ? left + 1 : left > 0 ? left - 1 : left;
}

static void
till_compare_window_class_init (TillCompareWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (TILL_TYPE_COMPARE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tillkeeper/Tillkeeper/till-compare-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TillCompareWindow, left);
  gtk_widget_class_bind_template_child (widget_class, TillCompareWindow, right);
  gtk_widget_class_bind_template_child (widget_class, TillCompareWindow, view);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, swap_cb);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
till_compare_window_init (TillCompareWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * till_compare_window_new:
 * @parent: (nullable): the window that it stands in front of
 * @certificates: of #TillCertificateItem with a certificate each, two or more
 * @left: the one to begin with
 *
 * Returns: (transfer none): a window, owned by GTK as all of them
 */
GtkWindow *
till_compare_window_new (GtkWindow           *parent,
                         GListModel          *certificates,
                         TillCertificateItem *left)
{
  TillCompareWindow *self = g_object_new (TILL_TYPE_COMPARE_WINDOW, "transient-for", parent, NULL);
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  guint n = g_list_model_get_n_items (certificates);
  guint position = 0;
  guint i;

  for (i = 0; i < n; i++)
    {
      g_autoptr(TillCertificateItem) item = g_list_model_get_item (certificates, i);

      if (item == left)
        position = i;
    }

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);

  self->swapping = TRUE;
  gtk_drop_down_set_factory (self->left, factory);
  gtk_drop_down_set_factory (self->right, factory);
  gtk_drop_down_set_model (self->left, certificates);
  gtk_drop_down_set_model (self->right, certificates);
  gtk_drop_down_set_selected (self->left, position);
  gtk_drop_down_set_selected (self->right, find_counterpart (certificates, position));
  self->swapping = FALSE;
  show_chosen (self);

  return GTK_WINDOW (self);
}
