/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificates in columns: status, name, identifier, team, ends, used by, provider. */
#include "config.h"

#include "till-certificate-columns.h"

#include <glib/gi18n.h>

#include "till-certificate-item-private.h"
#include "till-certificate-sorter.h"
#include "till-status-cell.h"

/* A column view tells by its sorter that a header was clicked, and before GTK 4.10 there is no way to ask it which
 * one. So each column has a sorter that only notes that it was asked; asking the view's sorter to compare two
 * things then gives the first column and its direction. The rows themselves are sorted by TillCertificateSorter. */

typedef struct
{
  GtkColumnView       *view;       /* not owned: it owns this */
  GSettings           *settings;   /* (owned) */
  GtkColumnViewColumn *columns[TILL_N_SORT_COLUMNS];   /* owned by the view */
  int                  asked;      /* the column that was asked first, or -1 */
  gboolean             following;  /* the view is being told what the settings say */
} Headers;

typedef struct
{
  Headers        *headers;
  TillSortColumn  column;
} Probe;

static int
probe_cb (gconstpointer a,
          gconstpointer b,
          gpointer      user_data)
{
  Probe *probe = user_data;

  if (probe->headers->asked < 0)
    probe->headers->asked = (int) probe->column;

  return -1;
}

static void
view_sorter_changed_cb (GtkSorter       *sorter,
                        GtkSorterChange  change,
                        gpointer         user_data)
{
  Headers *headers = user_data;
  GtkOrdering ordering;

  if (headers->following)
    return;

  headers->asked = -1;
  ordering = gtk_sorter_compare (sorter, headers->view, headers->settings);
  if (headers->asked < 0)
    return;

  g_settings_set_enum (headers->settings, "sort-column", headers->asked);
  g_settings_set_boolean (headers->settings, "sort-descending", ordering == GTK_ORDERING_LARGER);
}

static void
follow_settings (Headers *headers)
{
  gboolean descending = g_settings_get_boolean (headers->settings, "sort-descending");
  int column = g_settings_get_enum (headers->settings, "sort-column");

  headers->following = TRUE;
  gtk_column_view_sort_by_column (headers->view, headers->columns[column],
                                  descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
  headers->following = FALSE;
}

static void
settings_changed_cb (GSettings  *settings,
                     const char *key,
                     gpointer    user_data)
{
  if (g_str_equal (key, "sort-column") || g_str_equal (key, "sort-descending"))
    follow_settings (user_data);
}

static void
headers_free (gpointer data)
{
  Headers *headers = data;

  g_signal_handlers_disconnect_by_data (headers->settings, headers);
  g_object_unref (headers->settings);
  g_free (headers);
}

static void
status_setup_cb (GtkListItemFactory *factory,
                 GtkListItem        *list_item)
{
  gtk_list_item_set_child (list_item, till_status_cell_new ());
}

static void
status_bind_cb (GtkListItemFactory *factory,
                GtkListItem        *list_item)
{
  till_status_cell_set_item (TILL_STATUS_CELL (gtk_list_item_get_child (list_item)),
                             gtk_list_item_get_item (list_item));
}

static void
status_unbind_cb (GtkListItemFactory *factory,
                  GtkListItem        *list_item)
{
  till_status_cell_set_item (TILL_STATUS_CELL (gtk_list_item_get_child (list_item)), NULL);
}

/* What does not fit is shown whole when pointed at. */
static gboolean
text_tooltip_cb (GtkWidget  *label,
                 int         x,
                 int         y,
                 gboolean    keyboard_mode,
                 GtkTooltip *tooltip)
{
  if (!pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (label))))
    return FALSE;

  gtk_tooltip_set_text (tooltip, gtk_label_get_label (GTK_LABEL (label)));
  return TRUE;
}

static void
text_setup (GtkListItem        *list_item,
            PangoEllipsizeMode  ellipsize)
{
  /* A width of its own, so that the column stays as wide while other rows scroll in. */
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL,
                                   "xalign", 0.0f,
                                   "ellipsize", ellipsize,
                                   "width-chars", 10,
                                   "max-width-chars", 10,
                                   "has-tooltip", TRUE,
                                   NULL);

  g_signal_connect (label, "query-tooltip", G_CALLBACK (text_tooltip_cb), NULL);
  gtk_list_item_set_child (list_item, label);
}

static void
name_setup_cb (GtkListItemFactory *factory,
               GtkListItem        *list_item)
{
  text_setup (list_item, PANGO_ELLIPSIZE_END);
}

static void
name_bind_cb (GtkListItemFactory *factory,
              GtkListItem        *list_item)
{
  TillCertificateItem *item = gtk_list_item_get_item (list_item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (list_item)), till_certificate_item_get_name (item));
}

static void
identifier_setup_cb (GtkListItemFactory *factory,
                     GtkListItem        *list_item)
{
  text_setup (list_item, PANGO_ELLIPSIZE_MIDDLE);
}

static void
identifier_bind_cb (GtkListItemFactory *factory,
                    GtkListItem        *list_item)
{
  TillCertificateItem *item = gtk_list_item_get_item (list_item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (list_item)), till_certificate_item_get_identifier (item));
}

/* A column of short words, as wide as most of them. */
static void
short_setup_cb (GtkListItemFactory *factory,
                GtkListItem        *list_item)
{
  text_setup (list_item, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (gtk_list_item_get_child (list_item), "dim-label");
}

static void
team_bind_cb (GtkListItemFactory *factory,
              GtkListItem        *list_item)
{
  TillCertificateItem *item = gtk_list_item_get_item (list_item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (list_item)), till_certificate_item_get_team (item));
}

static void
provider_setup_cb (GtkListItemFactory *factory,
                   GtkListItem        *list_item)
{
  short_setup_cb (factory, list_item);
  gtk_label_set_width_chars (GTK_LABEL (gtk_list_item_get_child (list_item)), 14);
  gtk_label_set_max_width_chars (GTK_LABEL (gtk_list_item_get_child (list_item)), 14);
}

static void
provider_bind_cb (GtkListItemFactory *factory,
                  GtkListItem        *list_item)
{
  TillCertificateItem *item = gtk_list_item_get_item (list_item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (list_item)), till_certificate_item_get_provider (item));
}

static gboolean
used_by_tooltip_cb (GtkWidget  *label,
                    int         x,
                    int         y,
                    gboolean    keyboard_mode,
                    GtkTooltip *tooltip,
                    gpointer    user_data)
{
  TillCertificateItem *item = gtk_list_item_get_item (GTK_LIST_ITEM (user_data));
  g_autofree char *text = item != NULL ? till_certificate_item_dup_used_by_tooltip (item) : NULL;

  if (text == NULL || *text == '\0')
    return text_tooltip_cb (label, x, y, keyboard_mode, tooltip);

  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
used_by_setup_cb (GtkListItemFactory *factory,
                  GtkListItem        *list_item)
{
  GtkWidget *label;

  short_setup_cb (factory, list_item);
  label = gtk_list_item_get_child (list_item);
  g_signal_handlers_disconnect_by_func (label, text_tooltip_cb, NULL);
  g_signal_connect (label, "query-tooltip", G_CALLBACK (used_by_tooltip_cb), list_item);
}

static void
used_by_bind_cb (GtkListItemFactory *factory,
                 GtkListItem        *list_item)
{
  TillCertificateItem *item = gtk_list_item_get_item (list_item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (list_item)), till_certificate_item_get_used_by (item));
}

static gboolean
ends_tooltip_cb (GtkWidget  *label,
                 int         x,
                 int         y,
                 gboolean    keyboard_mode,
                 GtkTooltip *tooltip,
                 gpointer    user_data)
{
  TillCertificateItem *item = gtk_list_item_get_item (GTK_LIST_ITEM (user_data));
  g_autofree char *text = NULL;

  if (item == NULL)
    return FALSE;

  text = till_certificate_item_dup_ends_tooltip (item);
  gtk_tooltip_set_text (tooltip, text);
  return *text != '\0';
}

static void
ends_setup_cb (GtkListItemFactory *factory,
               GtkListItem        *list_item)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL,
                                   "xalign", 0.0f,
                                   "width-chars", 11,
                                   "has-tooltip", TRUE,
                                   NULL);

  gtk_widget_add_css_class (label, "numeric");
  g_signal_connect (label, "query-tooltip", G_CALLBACK (ends_tooltip_cb), list_item);
  gtk_list_item_set_child (list_item, label);
}

static void
ends_bind_cb (GtkListItemFactory *factory,
              GtkListItem        *list_item)
{
  TillCertificateItem *item = gtk_list_item_get_item (list_item);
  g_autofree char *text = till_certificate_item_dup_ends_text (item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (list_item)), text);
}

static void
add_column (Headers        *headers,
            TillSortColumn  sort_column,
            const char     *title,
            gboolean        expand,
            GCallback       setup,
            GCallback       bind,
            GCallback       unbind)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *column;
  GtkCustomSorter *sorter;
  Probe *probe = g_new0 (Probe, 1);

  g_signal_connect (factory, "setup", setup, NULL);
  g_signal_connect (factory, "bind", bind, NULL);
  if (unbind != NULL)
    g_signal_connect (factory, "unbind", unbind, NULL);

  probe->headers = headers;
  probe->column = sort_column;
  sorter = gtk_custom_sorter_new (probe_cb, probe, g_free);

  column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_sorter (column, GTK_SORTER (sorter));
  gtk_column_view_column_set_expand (column, expand);
  gtk_column_view_append_column (headers->view, column);
  headers->columns[sort_column] = column;

  g_object_unref (sorter);
  g_object_unref (column);
}

/**
 * till_certificate_columns_new:
 * @settings: the application's; a click on a header changes "sort-column" and "sort-descending"
 *
 * Returns: (transfer floating): a #GtkColumnView for #TillCertificateItem, without a model
 */
GtkWidget *
till_certificate_columns_new (GSettings *settings)
{
  GtkWidget *view = gtk_column_view_new (NULL);
  Headers *headers = g_new0 (Headers, 1);

  headers->view = GTK_COLUMN_VIEW (view);
  headers->settings = g_object_ref (settings);
  g_object_set_data_full (G_OBJECT (view), "till-headers", headers, headers_free);

  add_column (headers, TILL_SORT_STATUS, _("Status"), FALSE,
              G_CALLBACK (status_setup_cb), G_CALLBACK (status_bind_cb), G_CALLBACK (status_unbind_cb));
  add_column (headers, TILL_SORT_NAME, _("Name"), TRUE,
              G_CALLBACK (name_setup_cb), G_CALLBACK (name_bind_cb), NULL);
  add_column (headers, TILL_SORT_IDENTIFIER, _("Identifier"), TRUE,
              G_CALLBACK (identifier_setup_cb), G_CALLBACK (identifier_bind_cb), NULL);
  /* Translators: title of a column: the team at Apple that a certificate belongs to. */
  add_column (headers, TILL_SORT_TEAM, _("Team"), FALSE,
              G_CALLBACK (short_setup_cb), G_CALLBACK (team_bind_cb), NULL);
  /* Translators: title of a column: the day on which a certificate ends. */
  add_column (headers, TILL_SORT_ENDS, _("Ends"), FALSE,
              G_CALLBACK (ends_setup_cb), G_CALLBACK (ends_bind_cb), NULL);
  /* Translators: title of a column: the templates of passes that a certificate is used by. */
  add_column (headers, TILL_SORT_USED_BY, _("Used By"), FALSE,
              G_CALLBACK (used_by_setup_cb), G_CALLBACK (used_by_bind_cb), NULL);
  /* Translators: title of a column: Airship, Commerce Hub or this computer. */
  add_column (headers, TILL_SORT_PROVIDER, _("Provider"), FALSE,
              G_CALLBACK (provider_setup_cb), G_CALLBACK (provider_bind_cb), NULL);
  till_certificate_columns_set_room (view, 0);

  follow_settings (headers);
  g_signal_connect (settings, "changed", G_CALLBACK (settings_changed_cb), headers);
  g_signal_connect (gtk_column_view_get_sorter (headers->view), "changed",
                    G_CALLBACK (view_sorter_changed_cb), headers);

  gtk_widget_add_css_class (view, "certificates");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Certificates"), -1);

  return view;
}

/**
 * till_certificate_columns_set_room:
 * @view: made by till_certificate_columns_new()
 * @room: 0 for what tells certificates apart, 1 for who has them as well, 2 for all
 *
 * Leaves out the columns that there is no room for: the details say the same.
 */
void
till_certificate_columns_set_room (GtkWidget *view,
                                   guint      room)
{
  Headers *headers = g_object_get_data (G_OBJECT (view), "till-headers");

  g_return_if_fail (headers != NULL);

  gtk_column_view_column_set_visible (headers->columns[TILL_SORT_PROVIDER], room >= 1);
  gtk_column_view_column_set_visible (headers->columns[TILL_SORT_TEAM], room >= 2);
  gtk_column_view_column_set_visible (headers->columns[TILL_SORT_USED_BY], room >= 2);
}

/**
 * till_certificate_columns_close:
 * @view: made by till_certificate_columns_new()
 *
 * To be called before @view is destroyed: it takes its columns apart then, and
 * its sorter tells of each as if somebody had clicked.
 */
void
till_certificate_columns_close (GtkWidget *view)
{
  Headers *headers = g_object_get_data (G_OBJECT (view), "till-headers");

  g_return_if_fail (headers != NULL);

  g_signal_handlers_disconnect_by_data (gtk_column_view_get_sorter (headers->view), headers);
}
