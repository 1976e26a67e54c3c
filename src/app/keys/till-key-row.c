/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A key in the list of all keys, with everything known of it behind it. */
#include "config.h"

#include "till-key-row.h"

#include <glib/gi18n.h>

#include "till-fact-row.h"
#include "till-flip-box.h"
#include "till-key-shape.h"
#include "till-key-words.h"
#include "till-money.h"
#include "till-text.h"

/**
 * TillKeyRow:
 *
 * What stands behind it is made when it is opened. Its buttons emit "act": the
 * pane knows what to do with the key.
 */
struct _TillKeyRow
{
  AdwExpanderRow    parent_instance;

  TillKeyRecord    *key;           /* (nullable) until set */
  TillKeyStanding   standing;
  gboolean          leaving;
  GtkWidget        *shape;
  GtkWidget        *mark;          /* “In use on tills” */
  GPtrArray        *details;       /* (element-type GtkWidget) (nullable) as long as it was not opened */
  GtkSwitch        *toggle;        /* (nullable) one of the details */
};

enum
{
  ACT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TillKeyRow, till_key_row, ADW_TYPE_EXPANDER_ROW)

#define MAX_ANSWER_LINES 60

static gboolean
is_usable (TillKeyStanding standing)
{
  return standing == TILL_KEY_USE || standing == TILL_KEY_ACCEPTED || standing == TILL_KEY_NOT_YET;
}

static void
add_time (GPtrArray  *facts,
          const char *title,
          gint64      seconds)
{
  g_autofree char *text = NULL;

  if (seconds == TILL_TIME_UNKNOWN)
    return;

  text = till_text_dup_date_time (seconds);
  till_facts_add (facts, title, text, NULL);
}

static void
add_limit (GPtrArray           *facts,
           const TillKeyRecord *key)
{
  g_autofree char *amount = NULL;
  g_autofree char *text = NULL;

  if (key->offline_limit < 0 || key->offline_currency == NULL)
    return;

  amount = till_money_format (key->offline_limit, key->offline_currency);
  text = g_strdup_printf ("%s %s", amount, key->offline_currency);
  till_facts_add (facts, _("Largest Offline Payment"), text, NULL);
}

static GPtrArray *
new_facts (TillKeyRow *self)
{
  const TillKeyRecord *key = self->key;
  GPtrArray *facts = till_facts_new ();
  g_autofree char *kind = till_key_words_dup_kind (key);
  g_autofree char *answer = till_text_dup_lines (key->answer, 200, MAX_ANSWER_LINES);

  till_facts_add_foreign (facts, _("Key ID"), key->key_id);
  till_facts_add (facts, _("Key"), kind, NULL);
  if (self->standing == TILL_KEY_UNUSABLE)
    till_facts_add_problem (facts, _("Not Usable"),
                            _("Its status or its times make no sense, so it is never proposed. Ask the provider."));
  add_time (facts, _("Valid From"), key->valid_from);
  add_time (facts, _("Valid Until"), key->valid_to);
  add_time (facts, _("Revoked"), key->revoked_at);
  till_facts_add_foreign (facts, _("Status at the Service"), key->status);
  till_facts_add_hex (facts, _("SHA-256 of the Public Key"), key->public_key_sha256);
  add_limit (facts, key);
  add_time (facts, key->imported ? _("Added Here") : _("Generated Here"), key->known_at);
  till_facts_add_foreign (facts, _("Request ID"), key->client_request_id);
  till_facts_add_foreign (facts, _("Trace ID"), key->trace_id);
  till_facts_add (facts, _("Raw Answer"), answer, key->answer);

  return facts;
}

static void
button_clicked_cb (TillKeyRow *self,
                   GtkButton  *button)
{
  g_signal_emit (self, signals[ACT], 0, g_object_get_data (G_OBJECT (button), "till-action"));
}

static void
switch_changed_cb (TillKeyRow *self,
                   GParamSpec *pspec,
                   GtkSwitch  *toggle)
{
  if (gtk_switch_get_active (toggle) != self->key->in_use)
    g_signal_emit (self, signals[ACT], 0, "pane.mark-in-use");
}

static void
add_button (TillKeyRow *self,
            GtkWidget  *box,
            const char *label,
            const char *action,
            gboolean    destructive)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  if (destructive)
    gtk_widget_add_css_class (button, "destructive-action");
  g_object_set_data (G_OBJECT (button), "till-action", (gpointer) action);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (button_clicked_cb), self);
  gtk_widget_set_parent (button, box);
}

static GtkWidget *
new_buttons (TillKeyRow *self)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = till_flip_box_new (6, 0);

  gtk_widget_set_margin_top (box, 9);
  gtk_widget_set_margin_bottom (box, 9);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);

  add_button (self, box, _("Copy ID"), "pane.copy-id", FALSE);
  if (self->key->spki != NULL)
    {
      add_button (self, box, _("Copy Key"), "pane.copy-key", FALSE);
      if (is_usable (self->standing))
        {
          add_button (self, box, _("Export for a Till…"), "pane.export", FALSE);
          add_button (self, box, _("Test Encryption…"), "pane.test-encryption", FALSE);
        }
    }
  if (self->standing != TILL_KEY_REVOKED && !self->leaving)
    add_button (self, box, _("Revoke…"), "pane.revoke", TRUE);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("What can be done with this key"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);

  return row;
}

static GtkWidget *
new_switch (TillKeyRow *self)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *toggle = gtk_switch_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("In Use on Tills"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _("A note for you: the service is told nothing"));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_switch_set_active (GTK_SWITCH (toggle), self->key->in_use);
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_LABEL, _("In Use on Tills"), -1);
  g_signal_connect_swapped (toggle, "notify::active", G_CALLBACK (switch_changed_cb), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
  self->toggle = GTK_SWITCH (toggle);

  return row;
}

static void
add_detail (TillKeyRow *self,
            GtkWidget  *widget)
{
  g_ptr_array_add (self->details, widget);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), widget);
}

static void
empty_details (TillKeyRow *self)
{
  if (self->details == NULL)
    return;

  for (guint i = 0; i < self->details->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), self->details->pdata[i]);
  g_clear_pointer (&self->details, g_ptr_array_unref);
  self->toggle = NULL;
}

static void
fill_details (TillKeyRow *self)
{
  g_autoptr(GPtrArray) facts = NULL;

  if (self->details != NULL || self->key == NULL)
    return;

  self->details = g_ptr_array_new ();
  add_detail (self, new_buttons (self));
  if (is_usable (self->standing) || self->key->in_use)
    add_detail (self, new_switch (self));

  facts = new_facts (self);
  for (guint i = 0; i < facts->len; i++)
    add_detail (self, till_fact_row_new (facts->pdata[i]));
}

static void
expanded_cb (TillKeyRow *self)
{
  if (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self)))
    fill_details (self);
}

static void
till_key_row_finalize (GObject *object)
{
  TillKeyRow *self = TILL_KEY_ROW (object);

  g_clear_pointer (&self->key, till_key_record_free);
  g_clear_pointer (&self->details, g_ptr_array_unref);

  G_OBJECT_CLASS (till_key_row_parent_class)->finalize (object);
}

static void
till_key_row_class_init (TillKeyRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = till_key_row_finalize;

  signals[ACT] = g_signal_new ("act", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                               0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
till_key_row_init (TillKeyRow *self)
{
  self->shape = till_key_shape_new (TILL_KEY_UNUSABLE);
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (self), self->shape);
  self->mark = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->mark, "caption");
  gtk_widget_add_css_class (self->mark, "dim-label");
  gtk_label_set_wrap (GTK_LABEL (self->mark), TRUE);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (self->mark), GTK_NATURAL_WRAP_NONE);
  gtk_label_set_xalign (GTK_LABEL (self->mark), 1);
  gtk_label_set_justify (GTK_LABEL (self->mark), GTK_JUSTIFY_RIGHT);
  adw_expander_row_add_action (ADW_EXPANDER_ROW (self), self->mark);
  g_object_set (self, "use-markup", FALSE, NULL);
  g_signal_connect (self, "notify::expanded", G_CALLBACK (expanded_cb), NULL);
}

/**
 * till_key_row_new:
 *
 * Returns: (transfer floating): a row without a key yet
 */
GtkWidget *
till_key_row_new (void)
{
  return g_object_new (TILL_TYPE_KEY_ROW, NULL);
}

/* But for the mark, which has a switch of its own. */
static gboolean
is_same (const TillKeyRecord *a,
         const TillKeyRecord *b)
{
  return a != NULL && g_str_equal (a->key_id, b->key_id) && g_strcmp0 (a->status, b->status) == 0 &&
         a->offline_limit == b->offline_limit &&
         g_strcmp0 (a->offline_currency, b->offline_currency) == 0 && a->revoked_at == b->revoked_at &&
         a->valid_from == b->valid_from && a->valid_to == b->valid_to && a->imported == b->imported &&
         g_strcmp0 (a->answer, b->answer) == 0;
}

/**
 * till_key_row_set:
 * @self: a row
 * @key: the key; copied
 * @standing: what it is good for
 * @now: the moment
 *
 * Says what to show. A row that is open stays open.
 */
void
till_key_row_set (TillKeyRow          *self,
                  const TillKeyRecord *key,
                  TillKeyStanding      standing,
                  gint64               now)
{
  g_autofree char *title = NULL;
  g_autofree char *validity = NULL;
  g_autofree char *subtitle = NULL;
  g_autofree char *tooltip = NULL;
  gboolean changed;

  g_return_if_fail (TILL_IS_KEY_ROW (self) && key != NULL);

  changed = !is_same (self->key, key) || self->standing != standing;
  if (changed)
    {
      TillKeyRecord *copy = till_key_record_copy (key);

      g_clear_pointer (&self->key, till_key_record_free);
      self->key = copy;
      self->standing = standing;
    }
  self->key->in_use = key->in_use;
  if (self->toggle != NULL)
    gtk_switch_set_active (self->toggle, key->in_use);

  title = till_key_words_dup_short_id (key->key_id);
  validity = till_key_words_dup_validity (key, standing, now);
  if (self->leaving)
    subtitle = g_strdup (_("Will be revoked in a moment"));
  else if (standing == TILL_KEY_ENDED || (standing == TILL_KEY_REVOKED && key->revoked_at != TILL_TIME_UNKNOWN))
    /* “Ended Thu 18 Apr, 13:55 (3 days ago)” says the state itself. */
    subtitle = g_strdup (validity);
  else
    /* Translators: the state of a key, then its times: “Use now · Ends Thu 18 Apr, 13:55 (in 3 days)”. */
    subtitle = g_strdup_printf (_("%s · %s"), till_key_words_get_standing (standing), validity);
  if (key->valid_to != TILL_TIME_UNKNOWN)
    tooltip = till_text_dup_date_time (key->valid_to);

  till_key_shape_set_standing (TILL_KEY_SHAPE (self->shape), standing);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), subtitle);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip);
  gtk_label_set_label (GTK_LABEL (self->mark), key->in_use ? _("In use on tills") : _("Known here"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle, -1);

  if (changed && self->details != NULL)
    {
      empty_details (self);
      if (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self)))
        fill_details (self);
    }
}

/**
 * till_key_row_get_record:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the key it shows
 */
const TillKeyRecord *
till_key_row_get_record (TillKeyRow *self)
{
  g_return_val_if_fail (TILL_IS_KEY_ROW (self), NULL);

  return self->key;
}

/**
 * till_key_row_set_leaving:
 * @self: a row
 * @leaving: whether its key is revoked when the time to undo is over
 *
 * Shows from the next till_key_row_set() on.
 */
void
till_key_row_set_leaving (TillKeyRow *self,
                          gboolean    leaving)
{
  g_return_if_fail (TILL_IS_KEY_ROW (self));

  if (self->leaving == leaving)
    return;

  self->leaving = leaving;
  /* Its buttons are made anew. */
  if (self->details != NULL)
    {
      empty_details (self);
      if (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self)))
        fill_details (self);
    }
}
