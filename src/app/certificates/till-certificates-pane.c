/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Certificates pane: what services have and what is in files on this computer, as a list and in detail. */
#include "config.h"

#include "till-certificates-pane-private.h"

#include <glib/gi18n.h>

#include "till-intake.h"

/**
 * TillCertificatesPane:
 *
 * List and detail beside each other where there is room for both, else one
 * after the other. Both are made when there is something to show in them: an
 * empty pane is on the screen at once.
 *
 * The detail follows the current row of the list; while the two are folded,
 * only once somebody goes there.
 */

/* While a key is held down, rows pass faster than anybody reads. */
#define DETAIL_PAUSE_MS 120

typedef enum
{
  PROP_CAN_GO_BACK = 1,
  PROP_TITLE,
  PROP_CAN_SEARCH,
  PROP_BUSY,
  PROP_ATTENTION,
  PROP_SEARCH_MODE,
} TillCertificatesPaneProperty;

static GParamSpec *properties[PROP_SEARCH_MODE + 1];

G_DEFINE_TYPE (TillCertificatesPane, till_certificates_pane, GTK_TYPE_WIDGET)

/**
 * till_certificates_pane_has_rows:
 * @self: a pane
 *
 * Returns: whether there is anything to show
 */
gboolean
till_certificates_pane_has_rows (TillCertificatesPane *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->rows)) > 0;
}

/**
 * till_certificates_pane_get_current:
 * @self: a pane
 *
 * Returns: (transfer none) (nullable): the current row
 */
TillCertificateItem *
till_certificates_pane_get_current (TillCertificatesPane *self)
{
  return self->list != NULL ? till_certificate_list_get_current (self->list) : NULL;
}

static gboolean
is_on_detail_page (TillCertificatesPane *self)
{
  return g_strcmp0 (adw_leaflet_get_visible_child_name (self->leaflet), "detail") == 0;
}

/**
 * till_certificates_pane_can_go_back:
 * @self: a pane
 *
 * Returns: whether the detail page hides the list
 */
gboolean
till_certificates_pane_can_go_back (TillCertificatesPane *self)
{
  return till_certificates_pane_has_rows (self) && adw_leaflet_get_folded (self->leaflet) && is_on_detail_page (self);
}

static void
notify_page (TillCertificatesPane *self)
{
  till_certificates_pane_update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_GO_BACK]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

/* The page of files, and that of services. */
static void
show_detail (TillCertificatesPane *self,
             TillCertificateItem  *item)
{
  gboolean is_file = item != NULL && till_certificate_item_get_entry (item) != NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->detail_holder), item != NULL);
  till_certificates_pane_show_service (self, is_file ? NULL : item);
  if (!is_file && self->detail == NULL)
    return;

  if (self->detail == NULL)
    {
      self->detail = till_certificate_detail_new ();
      gtk_stack_add_named (self->detail_holder, GTK_WIDGET (self->detail), "file");
    }

  till_certificate_detail_set_item (self->detail, is_file ? item : NULL);
  if (is_file)
    gtk_stack_set_visible_child (self->detail_holder, GTK_WIDGET (self->detail));
}

static void
update_detail (TillCertificatesPane *self)
{
  if (!adw_leaflet_get_folded (self->leaflet) || is_on_detail_page (self))
    show_detail (self, till_certificates_pane_get_current (self));
}

/**
 * till_certificates_pane_refresh_detail:
 * @self: a pane
 *
 * Shows what the current row says now, unless somebody pages through rows.
 */
void
till_certificates_pane_refresh_detail (TillCertificatesPane *self)
{
  if (!self->detail_waits)
    update_detail (self);
}

static gboolean
pause_over_cb (gpointer user_data)
{
  TillCertificatesPane *self = user_data;

  if (!self->detail_waits)
    {
      self->pause_id = 0;
      return G_SOURCE_REMOVE;
    }

  self->detail_waits = FALSE;
  update_detail (self);

  return G_SOURCE_CONTINUE;
}

static void
current_changed_cb (TillCertificatesPane *self)
{
  notify_page (self);

  if (self->pause_id != 0)
    {
      self->detail_waits = TRUE;
      return;
    }

  update_detail (self);
  self->pause_id = g_timeout_add (DETAIL_PAUSE_MS, pause_over_cb, self);
}

/**
 * till_certificates_pane_sync_detail:
 * @self: a pane
 *
 * Makes the detail be about the current row now, as its actions need it.
 */
void
till_certificates_pane_sync_detail (TillCertificatesPane *self)
{
  self->detail_waits = FALSE;
  show_detail (self, till_certificates_pane_get_current (self));
}

static void
focus_detail (TillCertificatesPane *self)
{
  if (till_certificates_pane_get_service (self) != NULL)
    gtk_widget_child_focus (GTK_WIDGET (self->wallet), GTK_DIR_TAB_FORWARD);
  else
    till_certificate_detail_focus (self->detail);
}

/**
 * till_certificates_pane_go_to_detail:
 * @self: a pane
 *
 * Shows the details of the current row and moves the focus there.
 */
void
till_certificates_pane_go_to_detail (TillCertificatesPane *self)
{
  if (till_certificates_pane_get_current (self) == NULL)
    return;

  adw_leaflet_set_visible_child_name (self->leaflet, "detail");
  till_certificates_pane_sync_detail (self);
  focus_detail (self);
}

/**
 * till_certificates_pane_go_back:
 * @self: a pane
 *
 * Goes back to the list.
 */
void
till_certificates_pane_go_back (TillCertificatesPane *self)
{
  adw_leaflet_set_visible_child_name (self->leaflet, "list");
  if (self->list != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static gboolean
folded_cb (gpointer user_data)
{
  TillCertificatesPane *self = user_data;

  self->folded_id = 0;
  if (self->list != NULL)
    till_certificate_list_set_one_click (self->list, adw_leaflet_get_folded (self->leaflet));
  till_certificates_pane_select_something (self);
  update_detail (self);
  notify_page (self);

  return G_SOURCE_REMOVE;
}

/* The leaflet says so while it is given its size: too late for widgets that have theirs already. */
static void
folded_changed_cb (TillCertificatesPane *self)
{
  if (self->folded_id == 0)
    self->folded_id = g_idle_add_full (G_PRIORITY_HIGH, folded_cb, self, NULL);
}

static void
page_changed_cb (TillCertificatesPane *self)
{
  update_detail (self);
  notify_page (self);
}

static void
activated_cb (TillCertificatesPane *self)
{
  till_certificates_pane_go_to_detail (self);
}

static void
menu_asked_cb (TillCertificatesPane *self,
               GtkWidget            *relative_to,
               double                x,
               double                y)
{
  double at_x, at_y;

  if (!gtk_widget_translate_coordinates (relative_to, GTK_WIDGET (self), x, y, &at_x, &at_y))
    return;

  if (self->menu == NULL)
    {
      self->menu = gtk_popover_menu_new_from_model (self->row_menu);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
      gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
      gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
    }

  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->menu), till_certificates_pane_get_service (self) != NULL
                                                                    ? self->service_menu : self->row_menu);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle) { (int) at_x, (int) at_y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
ensure_list (TillCertificatesPane *self)
{
  if (self->list != NULL)
    return;

  self->list = TILL_CERTIFICATE_LIST (till_certificate_list_new (self->rows, self->settings));
  till_certificate_list_set_one_click (self->list, adw_leaflet_get_folded (self->leaflet));
  g_signal_connect_swapped (self->list, "notify::current", G_CALLBACK (current_changed_cb), self);
  g_signal_connect_swapped (self->list, "activated", G_CALLBACK (activated_cb), self);
  g_signal_connect_swapped (self->list, "menu-asked", G_CALLBACK (menu_asked_cb), self);
  g_object_bind_property (self, "search-mode", self->list, "search-mode",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  if (self->session != NULL)
    till_certificate_list_set_add_menu (self->list, G_MENU_MODEL (self->add_menu));
  till_adaptive_bin_set_child (self->list_bin, GTK_WIDGET (self->list));
  till_certificates_pane_update_services (self);
}

static void
show_page (TillCertificatesPane *self)
{
  gboolean any = till_certificates_pane_has_rows (self);
  gboolean known = till_watched_files_get_known (self->files);

  if (any)
    {
      ensure_list (self);
    }
  else if (known && adw_bin_get_child (self->empty_bin) == NULL)
    {
      adw_bin_set_child (self->empty_bin, till_certificates_pane_make_empty_page (self));
    }

  if (!any)
    adw_leaflet_set_visible_child_name (self->leaflet, "list");
  /* Nobody is told that there is nothing before that is known. */
  gtk_stack_set_visible_child_name (self->stack, any || !known ? "list" : "empty");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_SEARCH]);
}

/* Rows came, went, or were made anew. */
static void
rows_changed_cb (TillCertificatesPane *self)
{
  TillCertificateItem *current;

  show_page (self);

  current = till_certificates_pane_get_current (self);
  if (current != NULL)
    {
      TillCertificateItem *successor = till_certificate_rows_find_successor (self->rows, current);

      till_certificate_list_set_current (self->list, successor);
      /* Nobody is paging through rows here. */
      if (self->detail_waits)
        {
          self->detail_waits = FALSE;
          update_detail (self);
        }
    }
  notify_page (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ATTENTION]);
}

/**
 * till_certificates_pane_notify_busy:
 * @self: a pane
 *
 * Tells that a service is being asked, or that none is any more.
 */
void
till_certificates_pane_notify_busy (TillCertificatesPane *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static void
busy_changed_cb (TillCertificatesPane *self)
{
  till_certificates_pane_select_something (self);
}

/* RELIABILITY.md 5.1, row 30. */
static void
opened_entry_changed_cb (TillFileEntry *entry,
                         gpointer       user_data)
{
  TillCertificatesPane *self = user_data;
  TillDocument *document = till_file_entry_get_document (entry);
  TillCertificateItem *same;

  g_signal_handlers_disconnect_by_func (entry, opened_entry_changed_cb, self);
  if (document == NULL || document->leaves->len != 1)
    return;

  same = till_certificate_rows_find_same (self->rows,
                                          g_ptr_array_index (document->certificates,
                                                             g_array_index (document->leaves, guint, 0)),
                                          entry);
  if (same != NULL)
    {
      const char *title = till_file_entry_get_title (till_certificate_item_get_entry (same));
      /* Translators: %s is the name of another file with the same certificate. */
      g_autofree char *text = g_strdup_printf (_("“%s” has the same certificate"), title);

      till_certificates_pane_say (self, text);
    }
}

/**
 * till_certificates_pane_show_entry:
 * @self: a pane
 * @entry: one of its files
 * @alone: whether it is the only one somebody asked for: then go to its details
 *
 * Makes the first row of a file the current one, whatever is searched for.
 */
void
till_certificates_pane_show_entry (TillCertificatesPane *self,
                                   TillFileEntry        *entry,
                                   gboolean              alone)
{
  TillCertificateItem *item = till_certificate_rows_get_first (self->rows, entry);

  if (item == NULL)
    return;

  till_certificate_list_show_all (self->list);
  till_certificate_list_set_current (self->list, item);
  if (alone)
    till_certificates_pane_go_to_detail (self);
}

static void
add_files (TillCertificatesPane *self,
           GPtrArray            *files)
{
  g_autoptr(GPtrArray) entries = NULL;
  guint n_already = 0;
  guint i;

  if (files->len == 0)
    return;

  entries = till_watched_files_add_files (self->files, files, &n_already);
  for (i = 0; i < entries->len; i++)
    {
      TillFileEntry *entry = g_ptr_array_index (entries, i);

      if (till_file_entry_get_state (entry) == TILL_FILE_LOADING)
        {
          g_signal_handlers_disconnect_by_func (entry, opened_entry_changed_cb, self);
          g_signal_connect_object (entry, "changed", G_CALLBACK (opened_entry_changed_cb), self, 0);
        }
    }

  if (n_already == files->len)
    till_certificates_pane_say (self, ngettext ("Already here", "All of them are already here", files->len));
  till_certificates_pane_show_entry (self, g_ptr_array_index (entries, 0), files->len == 1);
}

static void
told_apart_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(TillCertificatesPane) self = user_data;
  g_autoptr(GPtrArray) files = NULL;
  g_autoptr(GPtrArray) folders = NULL;
  g_autofree char *text = NULL;

  /* Cancelled means disposed. */
  if (!till_intake_tell_apart_finish (result, &files, &folders, NULL))
    return;

  if (folders->len == 1)
    {
      g_autoptr(TillFileEntry) folder = till_file_entry_new_for_file (g_ptr_array_index (folders, 0));

      /* Translators: %s is the name of a folder. */
      text = g_strdup_printf (_("“%s” is a folder. Open the files in it instead."),
                              till_file_entry_get_title (folder));
    }
  else if (folders->len > 1)
    {
      text = g_strdup_printf (ngettext ("%u folder was left out. Open the files in it instead.",
                                        "%u folders were left out. Open the files in them instead.",
                                        folders->len),
                              folders->len);
    }

  if (text != NULL)
    till_certificates_pane_say (self, text);
  add_files (self, files);
}

static char *
dup_pasted_title (TillCertificatesPane *self)
{
  if (self->n_pasted == 0)
    return g_strdup (_("Pasted text"));

  /* Translators: the name of text that was pasted; %u counts them: “Pasted text 2”. */
  return g_strdup_printf (_("Pasted text %u"), self->n_pasted + 1);
}

static gboolean
till_certificates_pane_grab_focus (GtkWidget *widget)
{
  TillCertificatesPane *self = TILL_CERTIFICATES_PANE (widget);

  if (!till_certificates_pane_has_rows (self))
    return gtk_widget_child_focus (GTK_WIDGET (self->empty_bin), GTK_DIR_TAB_FORWARD);

  if (till_certificates_pane_can_go_back (self))
    {
      focus_detail (self);
      return TRUE;
    }

  return gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
till_certificates_pane_get_property (GObject    *object,
                                     guint       prop_id,
                                     GValue     *value,
                                     GParamSpec *pspec)
{
  TillCertificatesPane *self = TILL_CERTIFICATES_PANE (object);
  TillCertificateItem *item = till_certificates_pane_get_current (self);

  switch ((TillCertificatesPaneProperty) prop_id)
    {
    case PROP_CAN_GO_BACK:
      g_value_set_boolean (value, till_certificates_pane_can_go_back (self));
      break;

    case PROP_TITLE:
      if (item != NULL && till_certificates_pane_can_go_back (self))
        g_value_set_string (value, till_certificate_item_get_name (item));
      else
        g_value_set_string (value, "");
      break;

    case PROP_CAN_SEARCH:
      g_value_set_boolean (value, till_certificates_pane_has_rows (self));
      break;

    case PROP_BUSY:
      g_value_set_boolean (value, self->services != NULL && till_service_rows_get_busy (self->services));
      break;

    case PROP_ATTENTION:
      g_value_set_uint (value, till_certificate_rows_get_n_attention (self->rows));
      break;

    case PROP_SEARCH_MODE:
      g_value_set_boolean (value, self->list != NULL && till_certificate_list_get_search_mode (self->list));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_certificates_pane_set_property (GObject      *object,
                                     guint         prop_id,
                                     const GValue *value,
                                     GParamSpec   *pspec)
{
  TillCertificatesPane *self = TILL_CERTIFICATES_PANE (object);

  switch ((TillCertificatesPaneProperty) prop_id)
    {
    case PROP_SEARCH_MODE:
      if (self->list != NULL && g_value_get_boolean (value) != till_certificate_list_get_search_mode (self->list))
        {
          if (g_value_get_boolean (value) && till_certificates_pane_can_go_back (self))
            till_certificates_pane_go_back (self);
          till_certificate_list_set_search_mode (self->list, g_value_get_boolean (value));
        }
      g_object_notify_by_pspec (object, properties[PROP_SEARCH_MODE]);
      break;

    case PROP_CAN_GO_BACK:
    case PROP_TITLE:
    case PROP_CAN_SEARCH:
    case PROP_BUSY:
    case PROP_ATTENTION:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_certificates_pane_dispose (GObject *object)
{
  TillCertificatesPane *self = TILL_CERTIFICATES_PANE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->pause_id, g_source_remove);
  g_clear_handle_id (&self->folded_id, g_source_remove);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  if (self->files != NULL)
    g_signal_handlers_disconnect_by_data (self->files, self);
  if (self->rows != NULL)
    g_signal_handlers_disconnect_by_data (self->rows, self);
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  if (self->services != NULL)
    g_signal_handlers_disconnect_by_data (self->services, self);
  if (self->wallet != NULL)
    g_signal_handlers_disconnect_by_data (self->wallet, self);
  self->list = NULL;
  self->detail = NULL;
  self->wallet = NULL;
  self->empty_page = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), TILL_TYPE_CERTIFICATES_PANE);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->services);
  g_clear_object (&self->session);
  g_clear_object (&self->add_menu);
  g_clear_pointer (&self->wanted, till_item_unref);
  g_clear_object (&self->removed);
  g_clear_object (&self->undo_toast);
  g_clear_object (&self->rows);
  g_clear_object (&self->files);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->clock, till_clock_unref);

  G_OBJECT_CLASS (till_certificates_pane_parent_class)->dispose (object);
}

static void
till_certificates_pane_class_init (TillCertificatesPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = till_certificates_pane_get_property;
  object_class->set_property = till_certificates_pane_set_property;
  object_class->dispose = till_certificates_pane_dispose;

  widget_class->grab_focus = till_certificates_pane_grab_focus;

  properties[PROP_CAN_GO_BACK] =
    g_param_spec_boolean ("can-go-back", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CAN_SEARCH] =
    g_param_spec_boolean ("can-search", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ATTENTION] =
    g_param_spec_uint ("attention", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SEARCH_MODE] =
    g_param_spec_boolean ("search-mode", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  till_certificates_pane_class_install_actions (widget_class);

  g_type_ensure (TILL_TYPE_ADAPTIVE_BIN);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tillkeeper/Tillkeeper/till-certificates-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, TillCertificatesPane, banner_bin);
  gtk_widget_class_bind_template_child (widget_class, TillCertificatesPane, stack);
  gtk_widget_class_bind_template_child (widget_class, TillCertificatesPane, empty_bin);
  gtk_widget_class_bind_template_child (widget_class, TillCertificatesPane, leaflet);
  gtk_widget_class_bind_template_child (widget_class, TillCertificatesPane, list_bin);
  gtk_widget_class_bind_template_child (widget_class, TillCertificatesPane, detail_holder);
  gtk_widget_class_bind_template_child (widget_class, TillCertificatesPane, action_bar);
  gtk_widget_class_bind_template_child (widget_class, TillCertificatesPane, choose_again_button);
  gtk_widget_class_bind_template_child (widget_class, TillCertificatesPane, row_menu);
  gtk_widget_class_bind_template_child (widget_class, TillCertificatesPane, service_menu);
  gtk_widget_class_bind_template_callback (widget_class, folded_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, page_changed_cb);
}

static void
till_certificates_pane_init (TillCertificatesPane *self)
{
  self->cancellable = g_cancellable_new ();
  self->add_menu = g_menu_new ();
  self->offers = -1;
  self->wallet_seen_at = TILL_TIME_UNKNOWN;
}

/**
 * till_certificates_pane_new:
 * @files: what is looked after
 * @clock: what time it is
 * @settings: the application's
 *
 * Returns: (transfer floating): a pane
 */
GtkWidget *
till_certificates_pane_new (TillWatchedFiles *files,
                            TillClock        *clock,
                            GSettings        *settings)
{
  TillCertificatesPane *self;

  g_return_val_if_fail (TILL_IS_WATCHED_FILES (files), NULL);
  g_return_val_if_fail (clock != NULL, NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (TILL_TYPE_CERTIFICATES_PANE, NULL);
  self->files = g_object_ref (files);
  self->clock = till_clock_ref (clock);
  self->settings = g_object_ref (settings);
  self->rows = till_certificate_rows_new (files, clock);
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_swapped (self->rows, "counts-changed", G_CALLBACK (rows_changed_cb), self);
  g_signal_connect_swapped (files, "notify::busy", G_CALLBACK (busy_changed_cb), self);
  g_signal_connect_swapped (files, "notify::known", G_CALLBACK (show_page), self);
  rows_changed_cb (self);

  return GTK_WIDGET (self);
}

/**
 * till_certificates_pane_open_files:
 * @self: a pane
 * @files: (element-type GFile): what to look into; folders are refused in words
 */
void
till_certificates_pane_open_files (TillCertificatesPane *self,
                                   GPtrArray            *files)
{
  g_return_if_fail (TILL_IS_CERTIFICATES_PANE (self));

  till_intake_tell_apart_async (files, self->cancellable, told_apart_cb, g_object_ref (self));
}

/**
 * till_certificates_pane_open_text:
 * @self: a pane
 * @text: pasted or dropped; it is not remembered
 */
void
till_certificates_pane_open_text (TillCertificatesPane *self,
                                  const char           *text)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *title = NULL;
  TillFileEntry *entry;
  gboolean already;

  g_return_if_fail (TILL_IS_CERTIFICATES_PANE (self));

  if (!till_intake_is_certificate_text (text))
    {
      till_certificates_pane_say (self, _("That is not the text of a certificate, key or request"));
      return;
    }

  bytes = till_intake_new_bytes (text);
  title = dup_pasted_title (self);
  entry = till_watched_files_add_bytes (self->files, bytes, title, &already);
  if (already)
    {
      till_certificates_pane_say (self, ngettext ("Already here", "All of them are already here", 1));
    }
  else
    {
      self->n_pasted++;
      g_signal_connect_object (entry, "changed", G_CALLBACK (opened_entry_changed_cb), self, 0);
    }

  till_certificates_pane_show_entry (self, entry, TRUE);
}

/**
 * till_certificates_pane_get_list:
 * @self: a pane
 *
 * Returns: (transfer none) (nullable): the list, once there is something in it
 */
TillCertificateList *
till_certificates_pane_get_list (TillCertificatesPane *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATES_PANE (self), NULL);

  return self->list;
}

/**
 * till_certificates_pane_set_first_run:
 * @self: a pane
 * @first_run: whether nothing was ever connected
 *
 * An empty pane then offers to connect a provider, or to practise.
 */
void
till_certificates_pane_set_first_run (TillCertificatesPane *self,
                                      gboolean              first_run)
{
  g_return_if_fail (TILL_IS_CERTIFICATES_PANE (self));

  self->first_run = first_run;
  till_certificates_pane_update_empty_page (self);
}
