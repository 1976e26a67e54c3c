/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was done with the certificate that is shown: what is not settled, and its lines in the activity log. */
#include "config.h"

#include "till-wallet-detail-private.h"

#include <glib/gi18n.h>

#include "till-activity-words.h"
#include "till-flip-box.h"
#include "till-key-words.h"
#include "till-label.h"
#include "till-text.h"

/* As many as the window of the activity log shows. */
#define MAX_LINES 5000

/* Filled in the store's thread. */
typedef struct
{
  char      *profile_id;
  char      *id;
  gboolean   with_log;
  GPtrArray *intents;      /* (nullable) */
  GPtrArray *log;          /* (nullable) */
} Lookup;

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  g_clear_pointer (&lookup->intents, g_ptr_array_unref);
  g_clear_pointer (&lookup->log, g_ptr_array_unref);
  g_free (lookup->profile_id);
  g_free (lookup->id);
  g_free (lookup);
}

static gboolean
lookup_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  Lookup *lookup = data;
  g_autoptr(GPtrArray) intents = till_transaction_list_intents (transaction, lookup->profile_id, TRUE, error);
  g_autoptr(GPtrArray) log = NULL;

  if (intents == NULL)
    return FALSE;

  for (guint i = intents->len; i > 0; i--)
    {
      const TillIntentRecord *intent = intents->pdata[i - 1];

      if (!g_str_has_prefix (intent->operation, "certificates.") || g_strcmp0 (intent->subject, lookup->id) != 0)
        g_ptr_array_remove_index (intents, i - 1);
    }
  lookup->intents = g_steal_pointer (&intents);
  if (!lookup->with_log)
    return TRUE;

  log = till_transaction_list_log (transaction, TILL_TIME_UNKNOWN, MAX_LINES, error);
  if (log == NULL)
    return FALSE;

  /* Newest first. */
  lookup->log = g_ptr_array_new_with_free_func ((GDestroyNotify) till_log_record_free);
  for (guint i = log->len; i > 0; i--)
    {
      const TillLogRecord *record = log->pdata[i - 1];

      if (g_str_has_prefix (record->event, "certificates.") && g_strcmp0 (record->object, lookup->id) == 0)
        g_ptr_array_add (lookup->log, g_ptr_array_steal_index (log, i - 1));
    }

  return TRUE;
}

typedef struct
{
  TillWalletDetail *self;       /* (owned) */
  GCancellable     *looking;    /* (owned) */
  Lookup           *lookup;     /* owned by the store's call */
} Look;

static void
look_free (Look *look)
{
  g_object_unref (look->self);
  g_object_unref (look->looking);
  g_free (look);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_free)

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Look) look = user_data;
  TillWalletDetail *self = look->self;
  g_autoptr(GError) error = NULL;

  /* Cancelled means disposed, or another item. */
  if (!till_store_run_finish (TILL_STORE (source), result, &error) || self->looking != look->looking)
    {
      if (error != NULL && self->session != NULL && self->looking == look->looking)
        till_wallet_detail_fail (self, error);
      return;
    }

  g_clear_pointer (&self->intents, g_ptr_array_unref);
  self->intents = g_ptr_array_ref (look->lookup->intents);
  if (look->lookup->log != NULL)
    {
      g_clear_pointer (&self->log, g_ptr_array_unref);
      self->log = g_ptr_array_ref (look->lookup->log);
      till_wallet_detail_refresh_history (self);
    }
  till_wallet_detail_update_pending (self);
}

/**
 * till_wallet_detail_look:
 * @self: a page
 *
 * Reads what is not settled about the item, and its history where that is
 * open. What is shown stays until that is done.
 */
void
till_wallet_detail_look (TillWalletDetail *self)
{
  Look *look;

  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  if (self->item == NULL || self->shop == NULL || till_session_get_store (self->session) == NULL)
    return;

  self->looking = g_cancellable_new ();
  look = g_new0 (Look, 1);
  look->self = g_object_ref (self);
  look->looking = g_object_ref (self->looking);
  look->lookup = g_new0 (Lookup, 1);
  look->lookup->profile_id = g_strdup (till_shop_get_profile (self->shop)->id);
  look->lookup->id = g_strdup (self->item->id);
  look->lookup->with_log = adw_expander_row_get_expanded (self->history_row);
  till_store_run_async (till_session_get_store (self->session), lookup_work, look->lookup, lookup_free, self->looking,
                        looked_cb, look);
}

/* What would come of it, had it been done. */
static const char *
get_question (const TillIntentRecord *intent)
{
  if (g_str_equal (intent->operation, "certificates.remove"))
    return _("Was it deleted?");
  if (g_str_equal (intent->operation, "certificates.replace"))
    return _("Was it replaced?");
  if (g_str_equal (intent->operation, "certificates.update"))
    return _("Was it changed?");

  return _("Was it uploaded?");
}

static void
add_button (GtkWidget  *box,
            const char *label,
            const char *action,
            gint64      id)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  if (id > 0)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x", id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_set_parent (button, box);
}

static GtkWidget *
new_row (const char *title)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);

  return row;
}

static GtkWidget *
new_pending_row (const TillIntentRecord *intent,
                 gint64                  now)
{
  const char *title = get_question (intent);
  g_autofree char *begun = till_key_words_dup_moment (intent->begun_at, now);
  /* Translators: %s is day and time. */
  g_autofree char *body = g_strdup_printf (_("The answer to the request of %s was lost. “Check Again” looks how the "
                                             "certificate is now."), begun);
  GtkWidget *row = new_row (title);
  GtkWidget *box = gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row));
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *sign = till_status_shape_new ();
  GtkWidget *heading = till_label_new (title);
  GtkWidget *buttons = till_flip_box_new (6, 0);

  till_status_shape_set_status (TILL_STATUS_SHAPE (sign), TILL_STATUS_PROBLEM);
  gtk_widget_add_css_class (heading, "heading");
  gtk_box_append (GTK_BOX (head), sign);
  gtk_box_append (GTK_BOX (head), heading);
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), till_label_new (body));

  add_button (buttons, _("Check Again"), "wallet.settle", 0);
  add_button (buttons, _("Mark as Done"), "wallet.mark-done", intent->id);
  add_button (buttons, _("Mark as Not Done"), "wallet.mark-not-done", intent->id);
  gtk_box_append (GTK_BOX (box), buttons);
  gtk_widget_set_focusable (row, FALSE);

  return row;
}

/**
 * till_wallet_detail_update_pending:
 * @self: a page
 *
 * Shows what is not settled. What runs is open, not lost.
 */
void
till_wallet_detail_update_pending (TillWalletDetail *self)
{
  gint64 now = till_clock_get_now (till_session_get_clock (self->session));
  GtkWidget *child;
  guint n = 0;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->pending_list))) != NULL)
    gtk_list_box_remove (self->pending_list, child);

  for (guint i = 0; self->intents != NULL && i < self->intents->len; i++)
    {
      const TillIntentRecord *intent = self->intents->pdata[i];

      if (intent->state == TILL_INTENT_OPEN && self->changing != NULL)
        continue;

      gtk_list_box_append (self->pending_list, new_pending_row (intent, now));
      n++;
    }

  gtk_widget_set_visible (self->pending_group, n > 0);
}

/**
 * till_wallet_past_new_row:
 * @record: a line of the activity log
 * @now: seconds since 1970
 *
 * Returns: (transfer floating): a row that says what happened, when, by whom and how it ended
 */
GtkWidget *
till_wallet_past_new_row (const TillLogRecord *record,
                          gint64               now)
{
  g_autofree char *event = till_activity_words_dup_event (record);
  g_autofree char *when = till_key_words_dup_moment (record->at, now);
  g_autofree char *actor = till_text_dup_display (record->actor, 40);
  g_autofree char *detail = till_text_dup_display (record->detail, 160);
  g_autofree char *line = NULL;
  GtkWidget *row = new_row (event);
  GtkWidget *box = gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row));
  GtkWidget *more;

  /* Translators: when it was, how it ended, who did it: “Tue 16 Apr, 13:55 · Done · anna”. */
  line = g_strdup_printf (_("%s · %s · %s"), when, till_activity_words_get_outcome (record), actor);
  gtk_box_append (GTK_BOX (box), till_label_new (event));
  more = till_label_new (line);
  gtk_widget_add_css_class (more, "caption");
  gtk_widget_add_css_class (more, "dim-label");
  gtk_box_append (GTK_BOX (box), more);
  if (*detail != '\0')
    gtk_box_append (GTK_BOX (box), till_label_new (detail));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, more, NULL, -1);

  return row;
}
