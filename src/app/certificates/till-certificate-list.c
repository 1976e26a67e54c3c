/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list side of the Certificates pane: rows that can be searched, filtered, sorted and chosen. */
#include "config.h"

#include "till-certificate-list-private.h"

#include <glib/gi18n.h>

#include "till-certificate-columns.h"
#include "till-certificate-hit.h"
#include "till-certificate-item-private.h"
#include "till-certificate-search.h"
#include "till-certificate-sorter.h"

/**
 * TillCertificateList:
 *
 * Columns where there is room for them, rows of two lines otherwise; one model
 * and one selection for both, and only the one that is shown has the model. The
 * current row stays the current one while a search hides it.
 *
 * Sorting and filters are settings, offered as actions "certificates.sort-column",
 * "certificates.sort-descending" and "certificates.filter".
 */

/* From so many rows on, filtering and sorting go on in slices between frames. Sorting compares numbers, and each
 * slice of it makes the view bind its rows anew: up to many more it is quicker in one go. */
#define MANY_TO_FILTER 2000
#define MANY_TO_SORT   20000


typedef enum
{
  PROP_CURRENT = 1,
  PROP_SEARCH_MODE,
} TillCertificateListProperty;

static GParamSpec *properties[PROP_SEARCH_MODE + 1];

enum
{
  ACTIVATED,
  MENU_ASKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TillCertificateList, till_certificate_list, GTK_TYPE_WIDGET)

/**
 * till_certificate_list_emit_activated:
 * @self: a list
 *
 * Somebody wants to see the details of the current row.
 */
void
till_certificate_list_emit_activated (TillCertificateList *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

/**
 * till_certificate_list_emit_menu_asked:
 * @self: a list
 * @relative_to: where @x and @y are counted from
 * @x: of the pointer, or of the row
 * @y: likewise
 *
 * Somebody wants the menu of the current row.
 */
void
till_certificate_list_emit_menu_asked (TillCertificateList *self,
                                       GtkWidget           *relative_to,
                                       double               x,
                                       double               y)
{
  g_signal_emit (self, signals[MENU_ASKED], 0, relative_to, x, y);
}

static gboolean
filter_cb (gpointer item,
           gpointer user_data)
{
  TillCertificateList *self = user_data;

  if (self->filter == FILTER_ATTENTION && !till_certificate_item_needs_attention (item))
    return FALSE;

  if (self->filter == FILTER_EXPIRED && till_certificate_item_get_status (item) != TILL_STATUS_EXPIRED)
    return FALSE;

  if (self->filter == FILTER_UNUSED && !till_certificate_item_is_unused (item))
    return FALSE;

  return self->terms == NULL || till_certificate_item_matches (item, (const char * const *) self->terms);
}

static gboolean
is_filtering (TillCertificateList *self)
{
  return self->filter != FILTER_ALL || self->terms != NULL;
}

/* Without a filter each row need not be asked. */
static void
apply_filter (TillCertificateList *self,
              GtkFilterChange      change)
{
  GtkFilter *wanted = is_filtering (self) ? GTK_FILTER (self->custom_filter) : NULL;

  if (gtk_filter_list_model_get_filter (self->filtered) != wanted)
    gtk_filter_list_model_set_filter (self->filtered, wanted);
  else if (wanted != NULL)
    gtk_filter_changed (wanted, change);
}

static GtkWidget *
make_no_results (TillCertificateList *self)
{
  GtkWidget *page = adw_status_page_new ();
  GtkWidget *button = gtk_button_new_with_label (_("Show All"));

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "system-search-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (page), _("No Results"));
  adw_status_page_set_description (ADW_STATUS_PAGE (page), _("Try another word or clear the filter."));
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "pill");
  g_signal_connect_object (button, "clicked", G_CALLBACK (till_certificate_list_show_all), self, G_CONNECT_SWAPPED);
  adw_status_page_set_child (ADW_STATUS_PAGE (page), button);
  gtk_widget_add_css_class (page, "compact");

  return page;
}

static gboolean
menu_key_cb (GtkWidget *widget,
             GVariant  *args,
             gpointer   user_data)
{
  TillCertificateList *self = TILL_CERTIFICATE_LIST (widget);
  GtkWidget *view = till_certificate_list_get_view (self);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *row;
  graphene_rect_t bounds;

  if (self->current == NULL || view == NULL || focus == NULL ||
      (focus != view && !gtk_widget_is_ancestor (focus, view)))
    return FALSE;

  row = till_certificate_hit_find_row (view, self->current);
  if (row == NULL || !gtk_widget_compute_bounds (row, widget, &bounds))
    return FALSE;

  g_signal_emit (self, signals[MENU_ASKED], 0, widget,
                 (double) (bounds.origin.x + bounds.size.width / 4),
                 (double) (bounds.origin.y + bounds.size.height));
  return TRUE;
}

static guint
find_position (TillCertificateList *self,
               TillCertificateItem *item)
{
  GListModel *model = G_LIST_MODEL (self->sorted);
  guint n = g_list_model_get_n_items (model);
  guint i;

  for (i = 0; i < n; i++)
    {
      g_autoptr(TillCertificateItem) other = g_list_model_get_item (model, i);

      if (other == item)
        return i;
    }

  return GTK_INVALID_LIST_POSITION;
}

static void
select_current (TillCertificateList *self)
{
  guint position;

  if (self->current == NULL ||
      gtk_single_selection_get_selected_item (self->selection) == (gpointer) self->current)
    return;

  position = find_position (self, self->current);
  gtk_single_selection_set_selected (self->selection, position);
  if (position != GTK_INVALID_LIST_POSITION)
    till_certificate_list_scroll_to (self, position);
}

static void
show_results (TillCertificateList *self)
{
  gboolean narrow = till_adaptive_bin_get_narrow (self->adaptive);
  gboolean pending = gtk_filter_list_model_get_pending (self->filtered) > 0;
  gboolean none = is_filtering (self) && !pending && g_list_model_get_n_items (G_LIST_MODEL (self->filtered)) == 0;
  GtkSelectionModel *model = GTK_SELECTION_MODEL (self->selection);

  till_certificate_list_ensure_view (self);
  if (self->columns != NULL)
    gtk_column_view_set_model (GTK_COLUMN_VIEW (self->columns), narrow ? NULL : model);
  if (self->list != NULL)
    gtk_list_view_set_model (GTK_LIST_VIEW (self->list), narrow ? model : NULL);

  if (none && adw_bin_get_child (self->no_results_bin) == NULL)
    adw_bin_set_child (self->no_results_bin, make_no_results (self));
  gtk_stack_set_visible_child_name (self->results, none ? "none" : narrow ? "rows" : "columns");
}

/* While rows come in, a list that nobody has touched begins with its first row: not with the one that came first. */
static void
stay_at_top (TillCertificateList *self)
{
  GtkWidget *view = till_certificate_list_get_view (self);
  gboolean narrow = till_adaptive_bin_get_narrow (self->adaptive);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (narrow ? self->rows_window : self->columns_window);

  if (view != NULL && gtk_widget_get_focus_child (view) == NULL && gtk_adjustment_get_value (adjustment) < 1.0 &&
      g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0)
    gtk_widget_activate_action (view, "list.scroll-to-item", "u", 0);
}

static gboolean
settle_cb (gpointer user_data)
{
  TillCertificateList *self = user_data;

  self->settle_id = 0;
  if (self->rows_came)
    stay_at_top (self);
  self->rows_came = FALSE;
  show_results (self);
  select_current (self);

  return G_SOURCE_REMOVE;
}

/* After the models have told everybody. */
static void
queue_settle (TillCertificateList *self)
{
  if (self->settle_id == 0)
    self->settle_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, settle_cb, self, NULL);
}

static void
selected_cb (TillCertificateList *self)
{
  TillCertificateItem *item = gtk_single_selection_get_selected_item (self->selection);

  if (item == NULL || item == self->current)
    return;

  g_set_object (&self->current, item);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURRENT]);
}

static void
sorted_changed_cb (TillCertificateList *self)
{
  self->rows_came = TRUE;
  queue_settle (self);
}

static void
rows_changed_cb (TillCertificateList *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rows));

  /* Never back: GTK 4.8 cannot end it while there is no filter. */
  if (n > MANY_TO_FILTER)
    gtk_filter_list_model_set_incremental (self->filtered, TRUE);
  gtk_sort_list_model_set_incremental (self->sorted, n > MANY_TO_SORT);
}

static void
counts_changed_cb (TillCertificateList *self)
{
  const guint counts[N_FILTERS] = {
    [FILTER_ALL] = g_list_model_get_n_items (G_LIST_MODEL (self->rows)),
    [FILTER_ATTENTION] = till_certificate_rows_get_n_attention (self->rows),
    [FILTER_EXPIRED] = till_certificate_rows_get_n_expired (self->rows),
    [FILTER_UNUSED] = till_certificate_rows_get_n_unused (self->rows),
  };

  for (guint i = 0; i < N_FILTERS; i++)
    {
      g_autofree char *count = g_strdup_printf ("%u", counts[i]);
      g_autofree char *spoken = NULL;

      if (g_str_equal (gtk_label_get_label (self->filter_counts[i]), count))
        continue;

      spoken = till_certificate_list_dup_filter ((Filter) i, counts[i]);
      gtk_label_set_label (self->filter_counts[i], count);
      gtk_widget_set_visible (GTK_WIDGET (self->filter_counts[i]), counts[i] > 0);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->filter_buttons[i]),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    }

  /* Only services have what can be unused. */
  gtk_widget_set_visible (self->filter_buttons[FILTER_UNUSED],
                          till_certificate_rows_get_n_services (self->rows) > 0 || self->filter == FILTER_UNUSED);

  if (self->filter != FILTER_ALL)
    apply_filter (self, GTK_FILTER_CHANGE_DIFFERENT);
  queue_settle (self);
}

static void
filter_setting_changed_cb (TillCertificateList *self)
{
  Filter filter = (Filter) g_settings_get_enum (self->settings, "filter");

  if (filter == self->filter)
    return;

  self->filter = filter;
  apply_filter (self, GTK_FILTER_CHANGE_DIFFERENT);
  queue_settle (self);
}

static void
search_changed_cb (TillCertificateList *self)
{
  g_auto(GStrv) terms = till_certificate_search_split (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));

  g_clear_pointer (&self->terms, g_strfreev);
  if (terms[0] != NULL)
    self->terms = g_steal_pointer (&terms);

  apply_filter (self, GTK_FILTER_CHANGE_DIFFERENT);
  queue_settle (self);
}

/* Enter in the search entry goes on to what was found. */
static void
search_activate_cb (TillCertificateList *self)
{
  GtkWidget *view = till_certificate_list_get_view (self);

  if (g_list_model_get_n_items (G_LIST_MODEL (self->sorted)) == 0 || view == NULL)
    return;

  if (gtk_single_selection_get_selected (self->selection) == GTK_INVALID_LIST_POSITION)
    gtk_single_selection_set_selected (self->selection, 0);
  till_certificate_list_scroll_to (self, gtk_single_selection_get_selected (self->selection));
  gtk_widget_grab_focus (view);
}

static void
narrow_changed_cb (TillCertificateList *self)
{
  if (self->rows != NULL)
    {
      show_results (self);
      if (gtk_single_selection_get_selected (self->selection) != GTK_INVALID_LIST_POSITION)
        till_certificate_list_scroll_to (self, gtk_single_selection_get_selected (self->selection));
    }
}

static void
room_changed_cb (TillCertificateList *self)
{
  till_certificate_list_update_room (self);
}

static void
search_mode_changed_cb (TillCertificateList *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCH_MODE]);
}

static gboolean
till_certificate_list_grab_focus (GtkWidget *widget)
{
  GtkWidget *view = till_certificate_list_get_view (TILL_CERTIFICATE_LIST (widget));

  return view != NULL && gtk_widget_grab_focus (view);
}

static void
till_certificate_list_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  TillCertificateList *self = TILL_CERTIFICATE_LIST (object);

  switch ((TillCertificateListProperty) prop_id)
    {
    case PROP_CURRENT:
      g_value_set_object (value, self->current);
      break;

    case PROP_SEARCH_MODE:
      g_value_set_boolean (value, gtk_search_bar_get_search_mode (self->search_bar));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_certificate_list_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  TillCertificateList *self = TILL_CERTIFICATE_LIST (object);

  switch ((TillCertificateListProperty) prop_id)
    {
    case PROP_SEARCH_MODE:
      till_certificate_list_set_search_mode (self, g_value_get_boolean (value));
      break;

    case PROP_CURRENT:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_certificate_list_dispose (GObject *object)
{
  TillCertificateList *self = TILL_CERTIFICATE_LIST (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (self->columns != NULL)
    till_certificate_columns_close (self->columns);
  self->columns = NULL;
  self->list = NULL;
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->rows != NULL)
    g_signal_handlers_disconnect_by_data (self->rows, self);
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  if (self->filtered != NULL)
    g_signal_handlers_disconnect_by_data (self->filtered, self);
  if (self->sorted != NULL)
    g_signal_handlers_disconnect_by_data (self->sorted, self);
  if (self->growing != NULL)
    g_signal_handlers_disconnect_by_data (self->growing, self);

  gtk_widget_dispose_template (GTK_WIDGET (self), TILL_TYPE_CERTIFICATE_LIST);

  g_clear_object (&self->selection);
  g_clear_object (&self->growing);
  g_clear_object (&self->sorted);
  g_clear_object (&self->filtered);
  g_clear_object (&self->custom_filter);
  g_clear_object (&self->current);
  g_clear_object (&self->rows);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->terms, g_strfreev);

  G_OBJECT_CLASS (till_certificate_list_parent_class)->dispose (object);
}

static void
bind_filters (GtkWidgetClass *widget_class)
{
  static const char *const names[N_FILTERS] = { "all", "attention", "expired", "unused" };

  for (guint i = 0; i < N_FILTERS; i++)
    {
      g_autofree char *button = g_strconcat ("filter_", names[i], NULL);
      g_autofree char *count = g_strconcat (names[i], "_count", NULL);

      gtk_widget_class_bind_template_child_full (widget_class, button, FALSE,
                                                 G_STRUCT_OFFSET (TillCertificateList, filter_buttons) +
                                                 (gssize) (i * sizeof (GtkWidget *)));
      gtk_widget_class_bind_template_child_full (widget_class, count, FALSE,
                                                 G_STRUCT_OFFSET (TillCertificateList, filter_counts) +
                                                 (gssize) (i * sizeof (GtkLabel *)));
    }
}

static void
till_certificate_list_class_init (TillCertificateListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = till_certificate_list_get_property;
  object_class->set_property = till_certificate_list_set_property;
  object_class->dispose = till_certificate_list_dispose;

  widget_class->grab_focus = till_certificate_list_grab_focus;

  properties[PROP_CURRENT] =
    g_param_spec_object ("current", NULL, NULL, TILL_TYPE_CERTIFICATE_ITEM,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SEARCH_MODE] =
    g_param_spec_boolean ("search-mode", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                     0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MENU_ASKED] = g_signal_new ("menu-asked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                      0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                                      GTK_TYPE_WIDGET, G_TYPE_DOUBLE, G_TYPE_DOUBLE);

  g_type_ensure (TILL_TYPE_ADAPTIVE_BIN);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tillkeeper/Tillkeeper/till-certificate-list.ui");
  gtk_widget_class_bind_template_child (widget_class, TillCertificateList, search_bar);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateList, search_entry);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateList, tools);
  bind_filters (widget_class);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateList, add_button);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateList, footer);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateList, footer_spinner);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateList, footer_label);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateList, footer_stop);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateList, adaptive);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateList, some_room);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateList, all_room);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateList, results);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateList, columns_window);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateList, rows_window);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateList, no_results_bin);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, narrow_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, room_changed_cb);

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, menu_key_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, menu_key_cb, NULL);
}

static void
till_certificate_list_init (TillCertificateList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  g_signal_connect_swapped (self->search_bar, "notify::search-mode-enabled",
                            G_CALLBACK (search_mode_changed_cb), self);
}

static void
insert_actions (TillCertificateList *self)
{
  static const char *const keys[] = { "sort-column", "sort-descending", "filter" };
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new ();
  guint i;

  for (i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr(GAction) action = g_settings_create_action (self->settings, keys[i]);

      g_action_map_add_action (G_ACTION_MAP (group), action);
    }

  gtk_widget_insert_action_group (GTK_WIDGET (self), "certificates", G_ACTION_GROUP (group));
}

/**
 * till_certificate_list_new:
 * @rows: what to show
 * @settings: the application's: sort order and filter
 *
 * Returns: (transfer floating): a list
 */
GtkWidget *
till_certificate_list_new (TillCertificateRows *rows,
                           GSettings           *settings)
{
  TillCertificateList *self;

  g_return_val_if_fail (TILL_IS_CERTIFICATE_ROWS (rows), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (TILL_TYPE_CERTIFICATE_LIST, NULL);
  self->rows = g_object_ref (rows);
  self->settings = g_object_ref (settings);
  self->filter = (Filter) g_settings_get_enum (settings, "filter");
  insert_actions (self);

  self->custom_filter = gtk_custom_filter_new (filter_cb, self, NULL);
  self->filtered = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (rows)), NULL);
  self->sorted = gtk_sort_list_model_new (G_LIST_MODEL (g_object_ref (self->filtered)),
                                          GTK_SORTER (till_certificate_sorter_new (settings)));
  self->growing = till_growing_rows_new (G_LIST_MODEL (self->sorted));
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, FALSE);
  gtk_single_selection_set_model (self->selection, till_growing_rows_get_model (self->growing));

  rows_changed_cb (self);
  apply_filter (self, GTK_FILTER_CHANGE_DIFFERENT);

  g_signal_connect_swapped (rows, "items-changed", G_CALLBACK (rows_changed_cb), self);
  g_signal_connect_swapped (rows, "counts-changed", G_CALLBACK (counts_changed_cb), self);
  g_signal_connect_swapped (settings, "changed::filter", G_CALLBACK (filter_setting_changed_cb), self);
  g_signal_connect_swapped (self->filtered, "notify::pending", G_CALLBACK (queue_settle), self);
  g_signal_connect_swapped (self->sorted, "items-changed", G_CALLBACK (sorted_changed_cb), self);
  g_signal_connect_swapped (self->growing, "grown", G_CALLBACK (queue_settle), self);
  g_signal_connect_swapped (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self);

  show_results (self);
  counts_changed_cb (self);

  return GTK_WIDGET (self);
}

/**
 * till_certificate_list_get_current:
 * @self: a list
 *
 * Returns: (transfer none) (nullable): the current row, even where a search hides it
 */
TillCertificateItem *
till_certificate_list_get_current (TillCertificateList *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_LIST (self), NULL);

  return self->current;
}

/**
 * till_certificate_list_set_current:
 * @self: a list
 * @item: (nullable): the row to select
 */
void
till_certificate_list_set_current (TillCertificateList *self,
                                   TillCertificateItem *item)
{
  g_return_if_fail (TILL_IS_CERTIFICATE_LIST (self));
  g_return_if_fail (item == NULL || TILL_IS_CERTIFICATE_ITEM (item));

  if (g_set_object (&self->current, item))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURRENT]);

  if (item == NULL)
    gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  else
    select_current (self);
}

/**
 * till_certificate_list_get_search_mode:
 * @self: a list
 *
 * Returns: whether the search bar is shown
 */
gboolean
till_certificate_list_get_search_mode (TillCertificateList *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_LIST (self), FALSE);

  return gtk_search_bar_get_search_mode (self->search_bar);
}

/**
 * till_certificate_list_set_search_mode:
 * @self: a list
 * @search_mode: whether to show the search bar, and to begin to search
 */
void
till_certificate_list_set_search_mode (TillCertificateList *self,
                                       gboolean             search_mode)
{
  g_return_if_fail (TILL_IS_CERTIFICATE_LIST (self));

  gtk_search_bar_set_search_mode (self->search_bar, search_mode);
  if (search_mode)
    gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/**
 * till_certificate_list_set_one_click:
 * @self: a list
 * @one_click: whether one click is enough to activate a row
 */
void
till_certificate_list_set_one_click (TillCertificateList *self,
                                     gboolean             one_click)
{
  g_return_if_fail (TILL_IS_CERTIFICATE_LIST (self));

  self->one_click = one_click;
}

/**
 * till_certificate_list_show_all:
 * @self: a list
 *
 * Ends search and filter.
 */
void
till_certificate_list_show_all (TillCertificateList *self)
{
  g_return_if_fail (TILL_IS_CERTIFICATE_LIST (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  /* The entry tells of it later; rows are wanted now. */
  search_changed_cb (self);
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  g_settings_set_enum (self->settings, "filter", FILTER_ALL);
}

/**
 * till_certificate_list_set_add_menu:
 * @self: a list
 * @menu: what can be added
 *
 * Offers it beside the filters.
 */
void
till_certificate_list_set_add_menu (TillCertificateList *self,
                                    GMenuModel          *menu)
{
  g_return_if_fail (TILL_IS_CERTIFICATE_LIST (self));
  g_return_if_fail (G_IS_MENU_MODEL (menu));

  gtk_menu_button_set_menu_model (self->add_button, menu);
  gtk_widget_set_visible (GTK_WIDGET (self->add_button), TRUE);
}

/**
 * till_certificate_list_popup_add:
 * @self: a list
 *
 * Opens the menu of what can be added.
 */
void
till_certificate_list_popup_add (TillCertificateList *self)
{
  g_return_if_fail (TILL_IS_CERTIFICATE_LIST (self));

  gtk_menu_button_popup (self->add_button);
}

/**
 * till_certificate_list_set_progress:
 * @self: a list
 * @text: (nullable): what goes on, or is to be said of the rows as a whole
 * @busy: whether it goes on, and can be stopped
 *
 * Says it below the rows, which stay where they are.
 */
void
till_certificate_list_set_progress (TillCertificateList *self,
                                    const char          *text,
                                    gboolean             busy)
{
  g_return_if_fail (TILL_IS_CERTIFICATE_LIST (self));

  if (text != NULL)
    gtk_label_set_label (self->footer_label, text);
  gtk_spinner_set_spinning (self->footer_spinner, text != NULL && busy);
  gtk_widget_set_visible (GTK_WIDGET (self->footer_spinner), busy);
  gtk_widget_set_visible (self->footer_stop, busy);
  gtk_widget_set_visible (self->footer, text != NULL);
}

/**
 * till_certificate_list_get_model:
 * @self: a list
 *
 * Returns: (transfer none): the rows as they are shown
 */
GtkSelectionModel *
till_certificate_list_get_model (TillCertificateList *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_LIST (self), NULL);

  return GTK_SELECTION_MODEL (self->selection);
}
