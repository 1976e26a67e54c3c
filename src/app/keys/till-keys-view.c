/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the keys pane shows of the keys: the card, the timeline and its twin in words, the list, what is not settled. */
#include "config.h"

#include <glib/gi18n.h>

#include "till-error-text.h"
#include "till-fact-row.h"
#include "till-flip-box.h"
#include "till-key-row.h"
#include "till-key-shape.h"
#include "till-key-words.h"
#include "till-keys-pane-private.h"
#include "till-label.h"
#include "till-status-shape.h"
#include "till-text.h"

#define ROWS_AT_ONCE 2
#define FRAME_MS     16

static void
set_text (GtkLabel   *label,
          const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static void
empty_list (GtkListBox *list)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, child);
}

/* “accb12d8…48ee until Thu 18 Apr, 13:55”, one a line. */
static char *
dup_accepted (const TillAdvice *advice)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < advice->accepted->len; i++)
    {
      const TillKeyRecord *key = advice->accepted->pdata[i];
      g_autofree char *id = till_key_words_dup_short_id (key->key_id);
      g_autofree char *moment = till_key_words_dup_moment (key->valid_to, advice->at);

      if (i > 0)
        g_string_append_c (text, '\n');
      /* Translators: the short id of a key, then day and time. */
      g_string_append_printf (text, _("%s may still be used until %s"), id, moment);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Those that wait for their time are no longer “no longer accepted”. */
static char *
dup_not_accepted (TillKeysPane *self)
{
  guint n = 0;
  g_autofree char *id = NULL;

  for (guint i = 0; i < self->advice->not_accepted->len; i++)
    {
      const TillKeyRecord *key = self->advice->not_accepted->pdata[i];

      if (till_keys_pane_get_standing (self, key) == TILL_KEY_NOT_YET)
        continue;

      if (n++ == 0)
        id = till_key_words_dup_short_id (key->key_id);
    }

  if (n == 0)
    return NULL;

  if (n == 1)
    /* Translators: the short id of a key. */
    return g_strdup_printf (_("%s is no longer accepted"), id);

  return g_strdup_printf (ngettext ("%u key is no longer accepted", "%u keys are no longer accepted", n), n);
}

static void
set_urgency (TillKeysPane   *self,
             TillKeyUrgency  urgency)
{
  static const char * const styles[] = { "warning", "error" };
  const char *style = NULL;
  TillItemStatus status = TILL_STATUS_VALID;

  for (gsize i = 0; i < G_N_ELEMENTS (styles); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->step_label), styles[i]);

  switch (urgency)
    {
    case TILL_KEY_SOON:
    case TILL_KEY_DUE:
      style = "warning";
      status = TILL_STATUS_SOON;
      break;

    case TILL_KEY_LATE:
    case TILL_KEY_NONE:
      style = "error";
      status = TILL_STATUS_PROBLEM;
      break;

    case TILL_KEY_FINE:
    default:
      break;
    }

  if (style != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->step_label), style);
  till_status_shape_set_status (TILL_STATUS_SHAPE (self->step_sign), status);
  gtk_widget_set_visible (self->step_sign, style != NULL);
}

static void
update_card (TillKeysPane *self)
{
  const TillAdvice *advice = self->advice;
  const TillKeyRecord *use = advice->use;
  g_autofree char *id = NULL;
  g_autofree char *kind = NULL;
  g_autofree char *ends = NULL;
  g_autofree char *exactly = NULL;
  g_autofree char *accepted = NULL;
  g_autofree char *not_accepted = NULL;
  g_autofree char *step = NULL;
  g_autofree char *reminders = NULL;

  gtk_widget_set_visible (self->card, use != NULL);
  gtk_widget_set_visible (self->none_box, use == NULL);
  if (use == NULL)
    {
      g_autofree char *title = till_key_words_dup_no_key (advice);
      g_autofree char *body = till_key_words_dup_next_step (advice, TRUE);

      gtk_label_set_label (self->none_title, title);
      gtk_label_set_label (self->none_body, body);
      return;
    }

  id = till_key_words_dup_short_id (use->key_id);
  kind = till_key_words_dup_kind (use);
  ends = till_key_words_dup_validity (use, TILL_KEY_USE, advice->at);
  exactly = till_text_dup_date_time (use->valid_to);
  accepted = dup_accepted (advice);
  not_accepted = dup_not_accepted (self);
  step = till_key_words_dup_next_step (advice, TRUE);
  reminders = till_key_words_dup_reminders (advice);

  till_key_shape_set_standing (self->card_shape, TILL_KEY_USE);
  gtk_label_set_label (self->card_id, id);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->card_id), use->key_id);
  set_text (self->card_kind, kind);
  set_text (self->card_ends, ends);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->card_ends), exactly);
  set_text (self->card_accepted, accepted);
  set_text (self->card_not_accepted, not_accepted);
  set_text (self->step_label, step);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->step_label), reminders);
  set_urgency (self, till_key_words_get_urgency (advice));
}

static void
add_twin (TillKeysPane *self,
          const char   *title,
          const char   *value,
          gint64        seconds)
{
  g_autofree char *exactly = till_text_dup_date_time (seconds);
  TillFact fact = { (char *) title, (char *) value, NULL, FALSE };
  GtkWidget *row = till_fact_row_new (&fact);

  gtk_widget_set_tooltip_text (row, exactly);
  gtk_list_box_append (self->timeline_list, row);
}

/* The same facts as the picture's, in the order of time. */
static void
update_twin (TillKeysPane *self)
{
  const TillAdvice *advice = self->advice;
  g_autofree char *now = till_key_words_dup_moment (advice->at, advice->at);

  empty_list (self->timeline_list);
  add_twin (self, _("Now"), now, advice->at);

  for (guint i = 0; i < self->keys->len; i++)
    {
      const TillKeyRecord *key = self->keys->pdata[i];
      TillKeyStanding standing = g_array_index (advice->standings, TillKeyStanding, i);
      g_autofree char *id = till_key_words_dup_short_id (key->key_id);
      g_autofree char *from = NULL;
      g_autofree char *to = NULL;
      g_autofree char *title = NULL;
      g_autofree char *value = NULL;

      if (standing != TILL_KEY_USE && standing != TILL_KEY_ACCEPTED && standing != TILL_KEY_NOT_YET)
        continue;

      from = till_key_words_dup_moment (key->valid_from, advice->at);
      to = till_key_words_dup_moment (key->valid_to, advice->at);
      /* Translators: the short id of a key, then its state. */
      title = g_strdup_printf (_("%s — %s"), id, till_key_words_get_standing (standing));
      /* Translators: both are day and time. */
      value = g_strdup_printf (_("From %s until %s"), from, to);
      add_twin (self, title, value, key->valid_to);
    }

  if (advice->use != NULL && (advice->rotation_open || advice->at < advice->rotate_from))
    {
      g_autofree char *due = till_key_words_dup_moment (advice->rotate_from, advice->at);
      g_autofree char *reminders = till_key_words_dup_reminders (advice);
      g_autofree char *end = till_key_words_dup_moment (advice->ends, advice->at);

      add_twin (self, _("Generate the Next Key By"), due, advice->rotate_from);
      add_twin (self, _("Reminders of Commerce Hub"), reminders, advice->reminders[0]);
      add_twin (self, _("The Key to Use Now Ends"), end, advice->ends);
    }
}

static void
update_timeline (TillKeysPane *self)
{
  gboolean as_list = self->as_list < 0 ? till_adaptive_bin_get_narrow (self->adaptive) : self->as_list;
  gboolean any;

  till_key_timeline_set (self->timeline, self->advice);
  any = till_key_timeline_get_bars (self->timeline) > 0;
  if (as_list)
    update_twin (self);

  gtk_widget_set_visible (self->timeline_group, any);
  gtk_widget_set_visible (self->timeline_frame, !as_list);
  gtk_widget_set_visible (GTK_WIDGET (self->timeline_list), as_list);
  gtk_toggle_button_set_active (self->timeline_toggle, as_list);
}

static void
act_cb (TillKeysPane *self,
        const char   *action,
        TillKeyRow   *row)
{
  const TillKeyRecord *key = till_key_row_get_record (row);

  if (key != NULL)
    till_keys_pane_act (self, key->key_id, action);
}

static void update_list (TillKeysPane *self,
                         guint         more);

static gboolean
grow_cb (gpointer user_data)
{
  TillKeysPane *self = user_data;

  self->grow_id = 0;
  if (self->keys != NULL && self->advice != NULL)
    update_list (self, ROWS_AT_ONCE);

  return G_SOURCE_REMOVE;
}

/* Rows are kept for as long as there are so many keys, so that one that is open or has the focus stays. New ones come
 * after the frame that shows the rest, a few at a time: more would be felt as a jolt. */
static void
update_list (TillKeysPane *self,
             guint         more)
{
  guint wanted = MIN (self->keys->len, self->n_shown);
  guint n = MIN (wanted, self->rows->len + more);
  guint left = self->keys->len - wanted;

  while (self->rows->len > n)
    {
      gtk_list_box_remove (self->list, self->rows->pdata[self->rows->len - 1]);
      g_ptr_array_remove_index (self->rows, self->rows->len - 1);
    }

  while (self->rows->len < n)
    {
      GtkWidget *row = till_key_row_new ();

      g_signal_connect_swapped (row, "act", G_CALLBACK (act_cb), self);
      gtk_list_box_append (self->list, row);
      g_ptr_array_add (self->rows, row);
    }

  for (guint i = 0; i < n; i++)
    {
      const TillKeyRecord *key = self->keys->pdata[i];

      till_key_row_set_leaving (self->rows->pdata[i], g_strcmp0 (till_undo_get_waiting (self->undo), key->key_id) == 0);
      till_key_row_set (self->rows->pdata[i], key, g_array_index (self->advice->standings, TillKeyStanding, i),
                        self->advice->at);
    }

  if (n < wanted && self->grow_id == 0)
    self->grow_id = g_timeout_add (FRAME_MS, grow_cb, self);

  gtk_widget_set_visible (self->more_button, left > 0);
  if (left > 0)
    {
      g_autofree char *label = g_strdup_printf (ngettext ("Show %u More", "Show %u More", left), left);

      gtk_button_set_label (GTK_BUTTON (self->more_button), label);
    }
}

static char *
dup_pending_title (const TillIntentRecord *intent)
{
  g_autofree char *id = till_key_words_dup_short_id (intent->subject);

  if (g_str_equal (intent->operation, "keys.revoke"))
    /* Translators: %s is the short id of a key. */
    return g_strdup_printf (_("Was the key %s revoked?"), id);

  return g_strdup (_("Was a key generated?"));
}

static char *
dup_pending_body (TillKeysPane           *self,
                  const TillIntentRecord *intent)
{
  gint64 now = till_clock_get_now (till_session_get_clock (self->session));
  g_autofree char *begun = till_key_words_dup_moment (intent->begun_at, now);

  if (g_str_equal (intent->operation, "keys.revoke"))
    /* Translators: %s is day and time. */
    return g_strdup_printf (_("The answer to the request of %s was lost. Ask Commerce Hub’s support, or revoke the key "
                              "again: that does no harm."), begun);

  /* Translators: %s is day and time. */
  return g_strdup_printf (_("The answer to the request of %s was lost. A key that was made there is lost to this "
                            "computer unless you add its answer; no second one was asked for."), begun);
}

static void
add_pending_button (GtkWidget  *box,
                    const char *label,
                    const char *action,
                    gint64      id)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  if (g_str_equal (action, "pane.settle"))
    {
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
    }
  else
    {
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x", id);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
    }
  gtk_widget_set_parent (button, box);
}

static GtkWidget *
new_pending_row (TillKeysPane           *self,
                 const TillIntentRecord *intent)
{
  g_autofree char *title = dup_pending_title (intent);
  g_autofree char *body = dup_pending_body (self, intent);
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *sign = till_status_shape_new ();
  GtkWidget *heading = till_label_new (title);
  GtkWidget *text = till_label_new (body);
  GtkWidget *buttons = till_flip_box_new (6, 0);

  till_status_shape_set_status (TILL_STATUS_SHAPE (sign), TILL_STATUS_PROBLEM);
  gtk_widget_add_css_class (heading, "heading");
  gtk_box_append (GTK_BOX (head), sign);
  gtk_box_append (GTK_BOX (head), heading);
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), text);

  add_pending_button (buttons, _("Check Again"), "pane.settle", intent->id);
  add_pending_button (buttons, _("Mark as Done"), "pane.mark-done", intent->id);
  add_pending_button (buttons, _("Mark as Not Done"), "pane.mark-not-done", intent->id);
  gtk_box_append (GTK_BOX (box), buttons);

  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);

  return row;
}

/* What runs is open, not lost. */
static void
update_pending (TillKeysPane *self)
{
  guint n = 0;

  empty_list (self->pending_list);
  for (guint i = 0; self->intents != NULL && i < self->intents->len; i++)
    {
      const TillIntentRecord *intent = self->intents->pdata[i];

      if (!g_str_has_prefix (intent->operation, "keys.") ||
          (intent->state == TILL_INTENT_OPEN && self->changing != NULL))
        continue;

      gtk_list_box_append (self->pending_list, new_pending_row (self, intent));
      n++;
    }

  gtk_widget_set_visible (self->pending_group, n > 0);
}

static void
update_title (TillKeysPane *self)
{
  const TillProfile *profile = till_shop_get_profile (self->shop);
  g_autofree char *merchant = till_text_dup_display (profile->hub_merchant, 40);
  g_autofree char *title = NULL;

  if (*merchant == '\0')
    {
      gtk_label_set_label (self->title, _("Keys"));
      return;
    }

  /* Translators: %s is the number that the provider gave the merchant. */
  title = g_strdup_printf (_("Keys — merchant %s"), merchant);
  gtk_label_set_label (self->title, title);
}

static const char *
get_page (TillKeysPane *self)
{
  switch (till_session_get_state (self->session))
    {
    case TILL_SESSION_NONE:
      return "none";

    case TILL_SESSION_FAILED:
      return "failed";

    case TILL_SESSION_OPEN:
      return self->shop != NULL && (self->keys != NULL || self->failure != NULL) ? "open" : "opening";

    case TILL_SESSION_IDLE:
    case TILL_SESSION_OPENING:
    default:
      return self->keys != NULL ? "open" : "opening";
    }
}

static void
update_failed_page (TillKeysPane *self)
{
  const GError *error = till_session_get_error (self->session);
  g_autofree char *body = NULL;
  g_autofree char *escaped = NULL;

  if (error == NULL)
    return;

  body = till_error_text_dup_body (error);
  escaped = g_markup_escape_text (body, -1);
  adw_status_page_set_title (self->failed_page, till_error_text_get_title (error));
  adw_status_page_set_description (self->failed_page, escaped);
}

/**
 * till_keys_pane_update_view:
 * @self: a pane
 *
 * Shows what is known at the moment of its advice.
 */
void
till_keys_pane_update_view (TillKeysPane *self)
{
  const char *page = get_page (self);
  gboolean any = self->keys != NULL && self->keys->len > 0;

  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_spinner_set_spinning (self->opening_spinner, g_str_equal (page, "opening"));
  update_failed_page (self);
  if (!g_str_equal (page, "open"))
    return;

  if (self->shop != NULL)
    update_title (self);
  gtk_widget_set_visible (self->content, any);
  gtk_widget_set_visible (self->empty_page, self->keys != NULL && !any);
  update_pending (self);
  if (!any || self->advice == NULL)
    return;

  update_card (self);
  update_timeline (self);
  update_list (self, 0);
}
