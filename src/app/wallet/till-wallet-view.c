/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fills the details page of a certificate at a service. */
#include "config.h"

#include "till-wallet-detail-private.h"

#include <glib/gi18n.h>

#include "till-certificate-words.h"
#include "till-fact-row.h"
#include "till-fact.h"
#include "till-json-writer.h"
#include "till-label.h"
#include "till-text.h"
#include "till-wallet-facts.h"
#include "till-wallet-json.h"

/* Rows in one expander; the raw answer has all templates, the activity log all lines. */
#define MAX_ROWS 50

/* Made at a stroke; more would be felt as a jolt on a slow computer. */
#define ROWS_AT_ONCE 5

/* Of the raw answer on the screen; Copy gives all of it. */
#define MAX_RAW_CHARS 3000
#define MAX_RAW_LINES 90

static void
set_text (GtkLabel   *label,
          const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static void
set_style (GtkWidget  *widget,
           const char *style)
{
  const char *classes[] = { style, NULL };

  gtk_widget_set_css_classes (widget, classes);
}

static TillItemStatus
dup_status (const TillItem  *item,
            gint64           now,
            char           **words)
{
  gint64 until = item->ending.until;
  gint64 from = item->ending.from;

  if (until == TILL_TIME_UNKNOWN)
    {
      *words = g_strdup (_("End not known"));
      return TILL_STATUS_PROBLEM;
    }

  /* Where only its beginning is not known, that is not impossible. */
  if (from == TILL_TIME_UNKNOWN)
    from = MIN (until, now);

  return till_words_dup_status (from, until, now, words);
}

/**
 * till_wallet_detail_update_card:
 * @self: a page
 *
 * How it stands with the validity at this moment.
 */
void
till_wallet_detail_update_card (TillWalletDetail *self)
{
  gint64 now = till_clock_get_now (till_session_get_clock (self->session));
  g_autofree char *words = NULL;
  g_autofree char *date = NULL;
  g_autofree char *note = NULL;
  TillItemStatus status;
  gint64 until;
  gboolean ended;

  if (self->item == NULL)
    return;

  until = self->item->ending.until;
  ended = until != TILL_TIME_UNKNOWN && until != TILL_TIME_NEVER && now > until;
  status = dup_status (self->item, now, &words);
  note = till_wallet_facts_dup_note (self->item, now);
  if (self->item->wallet != NULL && self->item->wallet->enabled == TILL_TRI_FALSE)
    {
      g_autofree char *validity = g_steal_pointer (&words);

      /* Translators: the state of a certificate that is not in use at its service; %s is such as “Ends in 12 days”. */
      words = g_strdup_printf (_("Switched off · %s"), validity);
      if (!ended)
        status = TILL_STATUS_OFF;
    }
  if (until != TILL_TIME_UNKNOWN && until != TILL_TIME_NEVER)
    date = till_text_dup_date_time (until);

  till_status_shape_set_status (self->shape, status);
  set_text (self->status, words);
  set_text (self->date, date);
  set_style (GTK_WIDGET (self->bar), till_words_get_status_style (status));
  till_validity_bar_set (self->bar, self->item->ending.from, until, now);
  set_text (self->used, date != NULL ? till_validity_bar_get_text (self->bar) : NULL);
  set_text (self->note, note);
  set_text (self->consequence, !ended                       ? NULL
                               : self->item->wallet != NULL ? _("New passes cannot be added and existing ones cannot be "
                                                                "updated.")
                                                            : _("Commerce Hub no longer accepts it."));
}

static void
fill_list (GtkListBox *list,
           GPtrArray  *facts)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, child);
  for (guint i = 0; i < facts->len; i++)
    gtk_list_box_append (list, till_fact_row_new (facts->pdata[i]));
}

static GtkWidget *
new_words_row (const char *words)
{
  return g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", words, NULL);
}

static GtkWidget *
make_template (TillWalletDetail *self,
               guint             index)
{
  GPtrArray *templates = self->item->wallet->templates;
  const TillWalletTemplate *one = templates->pdata[index];
  g_autofree char *name = till_text_dup_display (one->name, TILL_TEXT_MAX_CHARS);
  g_autofree char *id = till_text_dup_display (one->id, 60);
  g_autoptr(GPtrArray) facts = till_facts_new ();
  g_autofree char *title = NULL;

  if (index == MAX_ROWS)
    {
      guint n = templates->len - MAX_ROWS;
      g_autofree char *words = g_strdup_printf (ngettext ("And %u more; the raw answer has all of them",
                                                          "And %u more; the raw answer has all of them", n), n);

      return new_words_row (words);
    }

  /* Translators: %s is the number of a template of passes. */
  title = g_strdup_printf (_("Template %s"), id);
  till_facts_add (facts, title, *name != '\0' ? name : _("Without a name"), one->id);

  return till_fact_row_new (facts->pdata[0]);
}

static GtkWidget *
make_technical (TillWalletDetail *self,
                guint             index)
{
  g_autoptr(GPtrArray) facts = till_wallet_facts_new_technical (self->item);

  return till_fact_row_new (facts->pdata[index]);
}

static GtkWidget *
new_log_row (void)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW,
                                 "use-markup", FALSE,
                                 "title", _("Open the Activity Log"),
                                 "activatable", TRUE,
                                 "action-name", "win.activity-log",
                                 NULL);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE,
                                  "icon-name", "go-next-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                  NULL);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), icon);

  return row;
}

/* The last one leads to the whole log. */
static GtkWidget *
make_history (TillWalletDetail *self,
              guint             index)
{
  if (self->log == NULL)
    return new_words_row (_("Reading the activity log…"));

  if (index + 1 == self->history.n_wanted)
    return new_log_row ();

  if (self->log->len == 0)
    return new_words_row (_("Nothing was done with it from this computer"));

  return till_wallet_past_new_row (self->log->pdata[index], till_clock_get_now (till_session_get_clock (self->session)));
}

static char *
dup_raw (const TillWalletCertificate *certificate)
{
  GString *text = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, text, TRUE);
  till_json_writer_begin_object (&writer);
  till_wallet_json_write (&writer, certificate);
  till_json_writer_end_object (&writer);

  return g_string_free (text, FALSE);
}

static GtkWidget *
make_raw (TillWalletDetail *self,
          guint             index)
{
  g_autofree char *raw = dup_raw (self->item->wallet);
  g_autofree char *shown = till_text_dup_lines (raw, MAX_RAW_CHARS, MAX_RAW_LINES);
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *words = till_label_new (_("What Airship says, under its own names. What it does not say is null; times are in "
                                       "UTC."));
  GtkWidget *text = till_label_new (shown);
  GtkWidget *button = gtk_button_new_with_label (_("Copy Answer"));

  gtk_widget_add_css_class (words, "caption");
  gtk_widget_add_css_class (words, "dim-label");
  gtk_widget_add_css_class (text, "monospace");
  gtk_widget_set_direction (text, GTK_TEXT_DIR_LTR);
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", raw);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "detail.copy");
  gtk_widget_set_halign (button, GTK_ALIGN_START);

  gtk_box_append (GTK_BOX (box), words);
  gtk_box_append (GTK_BOX (box), text);
  gtk_box_append (GTK_BOX (box), button);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Raw Answer"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);

  return row;
}

static void
fold (TillUnfolded *unfolded)
{
  for (guint i = 0; unfolded->rows != NULL && i < unfolded->rows->len; i++)
    adw_expander_row_remove (unfolded->row, unfolded->rows->pdata[i]);
  g_clear_pointer (&unfolded->rows, g_ptr_array_unref);
}

static gboolean
make_some (TillWalletDetail *self,
           TillUnfolded     *unfolded)
{
  for (guint i = 0; unfolded->rows != NULL && i < ROWS_AT_ONCE && unfolded->rows->len < unfolded->n_wanted; i++)
    {
      GtkWidget *row = unfolded->make (self, unfolded->rows->len);

      adw_expander_row_add_row (unfolded->row, row);
      g_ptr_array_add (unfolded->rows, row);
    }

  return unfolded->rows != NULL && unfolded->rows->len < unfolded->n_wanted;
}

static gboolean
make_more_cb (gpointer user_data)
{
  TillWalletDetail *self = user_data;

  if (make_some (self, &self->templates) || make_some (self, &self->technical) || make_some (self, &self->history) ||
      make_some (self, &self->raw))
    return G_SOURCE_CONTINUE;

  self->unfolding_id = 0;

  return G_SOURCE_REMOVE;
}

static void
unfold (TillWalletDetail *self,
        TillUnfolded     *unfolded,
        guint             n_wanted,
        TillMakeRow       make)
{
  /* What does not apply is hidden, and filled when it applies again. */
  if (unfolded->rows != NULL || !adw_expander_row_get_expanded (unfolded->row) ||
      !gtk_widget_get_visible (GTK_WIDGET (unfolded->row)))
    return;

  unfolded->rows = g_ptr_array_new ();
  unfolded->n_wanted = n_wanted;
  unfolded->make = make;
  if (make_some (self, unfolded) && self->unfolding_id == 0)
    self->unfolding_id = g_idle_add (make_more_cb, self);
}

/**
 * till_wallet_detail_fold:
 * @self: a page
 *
 * Lets go of what is behind the expanders; they stay open.
 */
void
till_wallet_detail_fold (TillWalletDetail *self)
{
  g_clear_handle_id (&self->unfolding_id, g_source_remove);
  fold (&self->templates);
  fold (&self->technical);
  fold (&self->history);
  fold (&self->raw);
}

static guint
count_history (TillWalletDetail *self)
{
  return self->log != NULL ? MAX (1, MIN (self->log->len, MAX_ROWS)) + 1 : 1;
}

/**
 * till_wallet_detail_unfold:
 * @self: a page
 *
 * Makes what is behind the expanders that are open, so that going through a
 * list stays quick.
 */
void
till_wallet_detail_unfold (TillWalletDetail *self)
{
  g_autoptr(GPtrArray) facts = NULL;

  if (self->item == NULL)
    return;

  facts = till_wallet_facts_new_technical (self->item);
  unfold (self, &self->technical, facts->len, make_technical);
  unfold (self, &self->history, count_history (self), make_history);
  if (self->log == NULL && adw_expander_row_get_expanded (self->history_row))
    till_wallet_detail_look (self);
  if (self->item->wallet == NULL)
    return;

  unfold (self, &self->templates, MIN (self->item->wallet->templates->len, MAX_ROWS + 1), make_template);
  unfold (self, &self->raw, 1, make_raw);
}

/**
 * till_wallet_detail_refresh_history:
 * @self: a page whose log was read
 *
 * Shows the lines anew.
 */
void
till_wallet_detail_refresh_history (TillWalletDetail *self)
{
  fold (&self->history);
  till_wallet_detail_unfold (self);
}

static void
update_facts (TillWalletDetail *self)
{
  g_autoptr(GPtrArray) facts = till_wallet_facts_new_plain (self->item);
  g_autofree char *templates = till_wallet_facts_dup_templates (self->item);

  fill_list (self->facts_list, facts);
  gtk_widget_set_visible (GTK_WIDGET (self->templates_list), templates != NULL);
  adw_expander_row_set_subtitle (self->templates_row, templates != NULL ? templates : "");
}

static void
update_changeable (TillWalletDetail *self)
{
  const TillWalletCertificate *wallet = self->item->wallet;
  gboolean waits = self->leave == TILL_LEAVE_SWITCH_OFF &&
                   g_strcmp0 (till_undo_get_waiting (self->undo), self->item->id) == 0;

  gtk_widget_set_visible (self->default_button, wallet->is_default != TILL_TRI_TRUE);
  switch (wallet->is_default)
    {
    case TILL_TRI_TRUE:
      adw_action_row_set_subtitle (self->default_row, _("Yes — choose another certificate to change this"));
      break;

    case TILL_TRI_FALSE:
      adw_action_row_set_subtitle (self->default_row, _("No"));
      break;

    case TILL_TRI_UNKNOWN:
    default:
      adw_action_row_set_subtitle (self->default_row, _("Airship does not say"));
    }

  adw_action_row_set_subtitle (self->enabled_row,
                               waits                                  ? _("Will be switched off in a moment")
                               : wallet->enabled == TILL_TRI_UNKNOWN ? _("Airship does not say")
                                                                      : "");
}

static void
update_waiting (TillWalletDetail *self)
{
  gboolean waits = till_undo_get_waiting (self->undo) != NULL;
  g_autofree char *title = NULL;
  g_autofree char *uses = NULL;
  g_autofree char *what = NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->waiting_box, waits);
  if (!waits)
    return;

  title = till_wallet_facts_dup_title (self->leave_item);
  uses = till_wallet_facts_dup_uses (self->leave_item);
  if (self->leave == TILL_LEAVE_REMOVE)
    /* Translators: %s is the name of a certificate. */
    what = g_strdup_printf (_("“%s” will be deleted in a moment."), title);
  else
    /* Translators: %s is the name of a certificate. */
    what = g_strdup_printf (_("“%s” will be switched off in a moment."), title);
  text = g_strconcat (what, " ", uses != NULL ? uses : "", uses != NULL ? " " : "", _("Nothing has been sent yet."), NULL);
  gtk_label_set_label (self->waiting_label, text);
}

static void
update_reasons (TillWalletDetail *self)
{
  g_autofree char *lock = till_wallet_detail_dup_lock (self);
  gboolean is_default = self->item->wallet != NULL && self->item->wallet->is_default == TILL_TRI_TRUE;

  if (lock == NULL && till_wallet_detail_is_leaving (self, self->item->id))
    lock = g_strdup (_("It is about to be deleted."));
  set_text (self->replace_reason, lock);
  set_text (self->change_reason, lock);
  set_text (self->remove_reason, lock != NULL ? lock : is_default ? _("Make another certificate the default first.") : NULL);
}

/**
 * till_wallet_detail_update_view:
 * @self: a page
 *
 * Shows how things stand.
 */
void
till_wallet_detail_update_view (TillWalletDetail *self)
{
  gboolean wallet = self->item != NULL && self->item->wallet != NULL;
  g_autofree char *title = NULL;

  gtk_stack_set_visible_child_name (self->stack, self->item != NULL ? "content" : "empty");
  update_waiting (self);
  if (self->item == NULL)
    return;

  title = till_wallet_facts_dup_title (self->item);
  gtk_label_set_label (self->name, title);
  gtk_button_set_label (self->replace_button, wallet ? _("Replace…") : _("Upload Again…"));
  gtk_widget_set_visible (self->change_box, wallet);
  gtk_widget_set_visible (self->remove_box, wallet);
  gtk_widget_set_visible (GTK_WIDGET (self->raw_row), wallet);

  till_wallet_detail_update_card (self);
  update_facts (self);
  if (wallet)
    update_changeable (self);
  update_reasons (self);
  till_wallet_detail_update_pending (self);
}
