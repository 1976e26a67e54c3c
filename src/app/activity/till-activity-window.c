/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was done with keys, certificates and profiles: shown, verified, exported. */
#include "config.h"

#include "till-activity-window.h"

#include <glib/gi18n.h>

#include "till-activity-csv.h"
#include "till-activity-item.h"
#include "till-activity-words.h"
#include "till-error-text.h"
#include "till-error.h"
#include "till-save.h"
#include "till-text.h"

/**
 * TillActivityWindow:
 *
 * Lines are read in the store's thread and shown newest first; the rows are
 * made as they come into view. The log itself is never changed from here.
 */

/* Older ones are in the export. */
#define MAX_LINES 5000

struct _TillActivityWindow
{
  AdwWindow        parent_instance;

  TillSession     *session;
  GCancellable    *cancellable;
  GListStore      *lines;
  AdwToastOverlay *toasts;
  GtkStack        *stack;
  AdwStatusPage   *failure;
  GtkInfoBar      *verdict;
  GtkLabel        *verdict_label;
};

G_DEFINE_FINAL_TYPE (TillActivityWindow, till_activity_window, ADW_TYPE_WINDOW)

/* What the store's thread fills. */
typedef struct
{
  guint      limit;
  GPtrArray *records;       /* (nullable) */
  gboolean   verify;
  gint64     first_wrong;
} LogQuery;

static void
log_query_free (gpointer data)
{
  LogQuery *query = data;

  g_clear_pointer (&query->records, g_ptr_array_unref);
  g_free (query);
}

static gboolean
list_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  LogQuery *query = data;

  query->records = till_transaction_list_log (transaction, TILL_TIME_UNKNOWN, query->limit, error);

  return query->records != NULL;
}

static gboolean
verify_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  LogQuery *query = data;

  return till_transaction_verify_log (transaction, &query->first_wrong, error);
}

/* A call of the store that keeps what it fills until its callback has been called. */
typedef struct
{
  TillActivityWindow *window;
  LogQuery           *query;
} Call;

static Call *
call_new (TillActivityWindow *self,
          guint               limit)
{
  Call *call = g_new0 (Call, 1);

  call->window = g_object_ref (self);
  call->query = g_new0 (LogQuery, 1);
  call->query->limit = limit;

  return call;
}

static void
call_free (Call *call)
{
  g_object_unref (call->window);
  log_query_free (call->query);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static void
run (Call                *call,
     TillStoreWork        work,
     GAsyncReadyCallback  callback)
{
  till_store_run_async (till_session_get_store (call->window->session), work, call->query, NULL,
                        call->window->cancellable, callback, call);
}

static void
say (TillActivityWindow *self,
     const char         *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
show_failure (TillActivityWindow *self,
              const GError       *error)
{
  g_autofree char *body = till_error_text_dup_body (error);
  g_autofree char *escaped = g_markup_escape_text (body, -1);

  adw_status_page_set_title (self->failure, till_error_text_get_title (error));
  adw_status_page_set_description (self->failure, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failure");
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Call) call = user_data;
  TillActivityWindow *self = call->window;
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) error = NULL;
  guint i;

  if (!till_store_run_finish (TILL_STORE (source), result, &error))
    {
      /* Cancelled means disposed. */
      if (self->lines != NULL)
        show_failure (self, error);
      return;
    }

  if (self->lines == NULL)
    return;

  g_ptr_array_set_free_func (call->query->records, NULL);
  for (i = call->query->records->len; i > 0; i--)
    g_ptr_array_add (items, till_activity_item_new (call->query->records->pdata[i - 1]));
  g_list_store_splice (self->lines, 0, g_list_model_get_n_items (G_LIST_MODEL (self->lines)), items->pdata, items->len);

  gtk_stack_set_visible_child_name (self->stack, items->len > 0 ? "list" : "empty");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "activity.export", items->len > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "activity.verify", items->len > 0);
}

static void
load (TillActivityWindow *self)
{
  if (till_session_get_store (self->session) != NULL)
    run (call_new (self, MAX_LINES), list_work, listed_cb);
}

static void
show_verdict (TillActivityWindow *self,
              GtkMessageType      type,
              const char         *text)
{
  gtk_info_bar_set_message_type (self->verdict, type);
  gtk_label_set_label (self->verdict_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->verdict), TRUE);
}

static void
verified_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Call) call = user_data;
  TillActivityWindow *self = call->window;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  if (till_store_run_finish (TILL_STORE (source), result, &error))
    {
      if (self->lines != NULL)
        show_verdict (self, GTK_MESSAGE_INFO, _("Nothing was changed or removed: every line fits the one before it."));
      return;
    }

  if (self->lines == NULL)
    return;

  if (g_error_matches (error, TILL_ERROR, TILL_ERROR_DAMAGED) && call->query->first_wrong > 0)
    /* Translators: %s is the number of a line. */
    text = g_strdup_printf (_("The log was changed at line %" G_GINT64_FORMAT ". What stands before it can be relied upon."),
                            call->query->first_wrong);
  else
    text = till_error_text_dup_body (error);
  show_verdict (self, GTK_MESSAGE_ERROR, text);
}

static void
verify_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  run (call_new (TILL_ACTIVITY_WINDOW (widget), 0), verify_work, verified_cb);
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Call) call = user_data;
  TillActivityWindow *self = call->window;
  g_autoptr(GBytes) csv = NULL;
  g_autoptr(GError) error = NULL;

  if (!till_store_run_finish (TILL_STORE (source), result, &error))
    {
      g_autofree char *body = till_error_text_dup_body (error);

      if (self->lines != NULL)
        say (self, body);
      return;
    }

  if (self->lines == NULL)
    return;

  csv = till_activity_csv_format (call->query->records);
  till_save_ask (GTK_WIDGET (self), _("Export Activity Log"), "tillkeeper-activity.csv", TILL_FILE_KIND_CSV, csv,
                 self->cancellable);
}

static void
export_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  run (call_new (TILL_ACTIVITY_WINDOW (widget), 0), list_work, exported_cb);
}

static void
toast_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  say (TILL_ACTIVITY_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static GtkWidget *
new_row_label (const char *style_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (style_class != NULL)
    {
      gtk_widget_add_css_class (label, style_class);
      gtk_widget_add_css_class (label, "caption");
    }

  return label;
}

static void
setup_cb (GtkListItemFactory *factory,
          GtkListItem        *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *event = new_row_label (NULL);
  GtkWidget *outcome = gtk_label_new (NULL);

  gtk_widget_set_hexpand (event, TRUE);
  gtk_widget_set_valign (outcome, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (top), event);
  gtk_box_append (GTK_BOX (top), outcome);
  gtk_box_append (GTK_BOX (box), top);
  gtk_box_append (GTK_BOX (box), new_row_label ("dim-label"));
  gtk_box_append (GTK_BOX (box), new_row_label ("dim-label"));
  gtk_widget_add_css_class (box, "activity-row");
  gtk_list_item_set_child (item, box);
  gtk_list_item_set_activatable (item, FALSE);
}

static void
append_part (GString    *text,
             const char *title,
             const char *value)
{
  g_autofree char *shown = till_text_dup_display (value, 80);

  if (*shown == '\0')
    return;

  if (text->len > 0)
    g_string_append (text, " · ");
  if (title != NULL)
    g_string_append_printf (text, "%s ", title);
  g_string_append (text, shown);
}

static void
bind_cb (GtkListItemFactory *factory,
         GtkListItem        *item)
{
  const TillLogRecord *record = till_activity_item_get_record (gtk_list_item_get_item (item));
  GtkWidget *top = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *outcome = gtk_widget_get_last_child (top);
  GtkWidget *about = gtk_widget_get_next_sibling (top);
  GtkWidget *ids = gtk_widget_get_next_sibling (about);
  g_autofree char *event = till_activity_words_dup_event (record);
  g_autofree char *at = till_text_dup_date_time (record->at);
  g_autofree char *whose = till_activity_words_dup_about (record);
  g_autoptr(GString) about_text = g_string_new (at);
  g_autoptr(GString) ids_text = g_string_new (NULL);

  append_part (about_text, NULL, record->actor);
  if (*whose != '\0')
    g_string_append_printf (about_text, " · %s", whose);
  append_part (ids_text, NULL, record->object);
  append_part (ids_text, NULL, record->peer);
  /* Translators: stands before an id by which the support of a service finds a request. */
  append_part (ids_text, _("Trace ID"), record->trace_id);

  gtk_label_set_label (GTK_LABEL (gtk_widget_get_first_child (top)), event);
  gtk_label_set_label (GTK_LABEL (outcome), till_activity_words_get_outcome (record));
  if (g_strcmp0 (record->outcome, "done") == 0)
    gtk_widget_remove_css_class (outcome, "warning");
  else
    gtk_widget_add_css_class (outcome, "warning");
  gtk_label_set_label (GTK_LABEL (about), about_text->str);
  gtk_label_set_label (GTK_LABEL (ids), ids_text->str);
  gtk_widget_set_visible (ids, ids_text->len > 0);
}

static void
till_activity_window_dispose (GObject *object)
{
  TillActivityWindow *self = TILL_ACTIVITY_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_object (&self->lines);

  G_OBJECT_CLASS (till_activity_window_parent_class)->dispose (object);
}

static void
till_activity_window_finalize (GObject *object)
{
  g_clear_object (&TILL_ACTIVITY_WINDOW (object)->cancellable);

  G_OBJECT_CLASS (till_activity_window_parent_class)->finalize (object);
}

static void
till_activity_window_class_init (TillActivityWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = till_activity_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = till_activity_window_finalize;

  gtk_widget_class_install_action (widget_class, "activity.verify", NULL, verify_action);
  gtk_widget_class_install_action (widget_class, "activity.export", NULL, export_action);
  /* What saving says, it says to the window that it was asked from. */
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_e, GDK_CONTROL_MASK, "activity.export", NULL);
}

static GtkWidget *
new_header (void)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *verify = gtk_button_new_with_label (_("Verify"));
  GtkWidget *export = gtk_button_new_with_label (_("Export…"));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (verify), "activity.verify");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (export), "activity.export");
  gtk_widget_set_tooltip_text (verify, _("Check that no line was changed or removed"));
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), verify);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), export);

  return header;
}

static GtkWidget *
new_list (TillActivityWindow *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkNoSelection *selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->lines)));
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *view;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  view = gtk_list_view_new (GTK_SELECTION_MODEL (selection), factory);
  gtk_list_view_set_show_separators (GTK_LIST_VIEW (view), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Activity Log"), -1);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);

  return scrolled;
}

static void
till_activity_window_init (TillActivityWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *empty = adw_status_page_new ();

  self->cancellable = g_cancellable_new ();
  self->lines = g_list_store_new (TILL_TYPE_ACTIVITY_ITEM);

  self->verdict = GTK_INFO_BAR (gtk_info_bar_new ());
  self->verdict_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->verdict_label, TRUE);
  gtk_label_set_xalign (self->verdict_label, 0);
  gtk_info_bar_add_child (self->verdict, GTK_WIDGET (self->verdict_label));
  gtk_widget_set_visible (GTK_WIDGET (self->verdict), FALSE);

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (empty), "document-open-recent-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (empty), _("Nothing Done Yet"));
  adw_status_page_set_description (ADW_STATUS_PAGE (empty),
                                   _("What is done with keys, certificates and profiles is noted here."));
  self->failure = ADW_STATUS_PAGE (adw_status_page_new ());
  adw_status_page_set_icon_name (self->failure, "dialog-warning-symbolic");

  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_stack_add_named (self->stack, adw_bin_new (), "loading");
  gtk_stack_add_named (self->stack, empty, "empty");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->failure), "failure");
  gtk_stack_add_named (self->stack, new_list (self), "list");

  self->toasts = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  adw_toast_overlay_set_child (self->toasts, GTK_WIDGET (self->stack));
  gtk_box_append (GTK_BOX (box), new_header ());
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->verdict));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->toasts));
  adw_window_set_content (ADW_WINDOW (self), box);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "activity.export", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "activity.verify", FALSE);
}

/**
 * till_activity_window_show:
 * @parent: (nullable): the window that it belongs to
 * @session: whose log; with a store
 *
 * Shows the activity log, which follows what is done meanwhile.
 *
 * Returns: (transfer none): the window
 */
GtkWidget *
till_activity_window_show (GtkWindow   *parent,
                           TillSession *session)
{
  TillActivityWindow *self;

  g_return_val_if_fail (TILL_IS_SESSION (session), NULL);
  g_return_val_if_fail (till_session_get_store (session) != NULL, NULL);

  self = g_object_new (TILL_TYPE_ACTIVITY_WINDOW, NULL);
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (load), self, G_CONNECT_SWAPPED);
  load (self);

  gtk_window_set_title (GTK_WINDOW (self), _("Activity Log"));
  gtk_window_set_default_size (GTK_WINDOW (self), 640, 560);
  gtk_widget_set_size_request (GTK_WIDGET (self), 340, 240);
  gtk_window_set_transient_for (GTK_WINDOW (self), parent);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
  gtk_window_present (GTK_WINDOW (self));

  return GTK_WIDGET (self);
}

/**
 * till_activity_window_get_model:
 * @self: a window
 *
 * Returns: (transfer none) (element-type TillActivityItem): what is listed, newest first
 */
GListModel *
till_activity_window_get_model (TillActivityWindow *self)
{
  g_return_val_if_fail (TILL_IS_ACTIVITY_WINDOW (self), NULL);

  return G_LIST_MODEL (self->lines);
}
