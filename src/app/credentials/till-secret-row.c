/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row with a secret: masked, shown for 30 s on request, struck out at its end (RELIABILITY.md G3). */
#include "config.h"

#include "till-secret-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "till-countdown.h"

/* Always as many, whatever the length. */
#define DOTS "●●●●●●●●●●●●"

/* At most that much of its end is shown, and of a short one nothing. */
#define TAIL_BYTES 4
#define SHORT_BYTES 16

/**
 * TillSecretRow:
 *
 * The secret is in a #TillSecret only; while it is shown its text is in the
 * label, too, and never in the row's accessible name or description.
 */
struct _TillSecretRow
{
  AdwPreferencesRow  parent_instance;

  TillSecret        *secret;       /* (nullable) */
  char               tail[TAIL_BYTES + 1];
  gboolean           ended;
  TillCountdown     *countdown;    /* (nullable) while it is shown */

  GtkWidget         *title;
  GtkLabel          *value;
  GtkLabel          *note;
  GtkWidget         *reveal_button;
  GtkWidget         *copy_button;
};

G_DEFINE_FINAL_TYPE (TillSecretRow, till_secret_row, ADW_TYPE_PREFERENCES_ROW)

static void
set_button (GtkWidget  *button,
            const char *icon_name,
            const char *text)
{
  gtk_button_set_icon_name (GTK_BUTTON (button), icon_name);
  gtk_widget_set_tooltip_text (button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
update_buttons (TillSecretRow *self)
{
  const char *name = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self));
  g_autofree char *text = NULL;

  if (self->countdown != NULL)
    /* Translators: %s is what is hidden: “Hide Access Token”. */
    text = g_strdup_printf (_("Hide %s"), name);
  else
    /* Translators: %1$s is what is shown: “Show Access Token for 30 Seconds”. */
    text = g_strdup_printf (_("Show %1$s for %2$d Seconds"), name, TILL_REVEAL_SECONDS);

  set_button (self->reveal_button, self->countdown != NULL ? "view-conceal-symbolic" : "view-reveal-symbolic", text);
  gtk_widget_set_visible (self->reveal_button, self->secret != NULL);
  gtk_widget_set_visible (self->copy_button, self->secret != NULL);
}

static void
show_masked (TillSecretRow *self)
{
  g_autofree char *masked = g_strconcat (DOTS, self->tail, NULL);
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();
  g_autofree char *spoken = NULL;

  if (self->ended)
    pango_attr_list_insert (attributes, pango_attr_strikethrough_new (TRUE));
  gtk_label_set_attributes (self->value, attributes);
  gtk_label_set_text (self->value, masked);

  /* Twelve dots are nothing to listen to. */
  if (*self->tail != '\0')
    /* Translators: of a secret that is not shown; %s is its last characters. */
    spoken = g_strdup_printf (_("Hidden, ends in %s"), self->tail);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->value),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken != NULL ? spoken : _("Hidden"), -1);
}

/* Fit to be shown: what is no plain character becomes a question mark. */
static TillSecret *
new_shown (const TillSecret *secret)
{
  gsize size = till_secret_get_size (secret);
  TillSecret *shown = till_secret_new_copy (till_secret_get_data (secret), size);
  guint8 *data = till_secret_get_buffer (shown);

  for (gsize i = 0; i < size; i++)
    if (data[i] < 0x20 || data[i] >= 0x7f)
      data[i] = '?';

  return shown;
}

static void
show_plain (TillSecretRow *self)
{
  g_autoptr(TillSecret) shown = new_shown (self->secret);
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();

  /* A hyphen at the end of a line would be taken for a part of it. */
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (self->value, attributes);
  gtk_label_set_text (self->value, (const char *) till_secret_get_data (shown));
  gtk_accessible_reset_property (GTK_ACCESSIBLE (self->value), GTK_ACCESSIBLE_PROPERTY_LABEL);
}

static void
keep_tail (TillSecretRow *self)
{
  gsize size = till_secret_get_size (self->secret);
  const guint8 *data = till_secret_get_data (self->secret);

  memset (self->tail, 0, sizeof self->tail);
  if (size < SHORT_BYTES)
    return;

  for (gsize i = 0; i < TAIL_BYTES; i++)
    {
      guint8 c = data[size - TAIL_BYTES + i];

      self->tail[i] = c > 0x20 && c < 0x7f ? (char) c : '?';
    }
}

static void
countdown_cb (gpointer user_data)
{
  till_secret_row_mask (user_data);
}

static void
till_secret_row_dispose (GObject *object)
{
  TillSecretRow *self = TILL_SECRET_ROW (object);

  g_clear_pointer (&self->countdown, till_countdown_free);
  g_clear_pointer (&self->secret, till_secret_unref);

  G_OBJECT_CLASS (till_secret_row_parent_class)->dispose (object);
}

static void
till_secret_row_class_init (TillSecretRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = till_secret_row_dispose;
}

static GtkWidget *
new_text (const char *style,
          gboolean    wrap)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), wrap);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, style);

  return label;
}

static GtkWidget *
new_button (void)
{
  GtkWidget *button = gtk_button_new ();

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);

  return button;
}

static void
till_secret_row_init (TillSecretRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  self->title = new_text ("caption", TRUE);
  gtk_widget_add_css_class (self->title, "dim-label");
  self->value = GTK_LABEL (new_text ("monospace", TRUE));
  gtk_label_set_wrap_mode (self->value, PANGO_WRAP_CHAR);
  /* Read when it is looked at, but not each second. */
  self->note = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_TIMER, "xalign", 0.0f,
                             "visible", FALSE, "wrap", TRUE, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->note), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (self->note), "caption");
  self->reveal_button = new_button ();
  self->copy_button = new_button ();

  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (texts), self->title);
  gtk_box_append (GTK_BOX (texts), GTK_WIDGET (self->value));
  gtk_box_append (GTK_BOX (texts), GTK_WIDGET (self->note));
  gtk_box_append (GTK_BOX (box), texts);
  gtk_box_append (GTK_BOX (box), self->reveal_button);
  gtk_box_append (GTK_BOX (box), self->copy_button);
  gtk_widget_set_margin_top (box, 8);
  gtk_widget_set_margin_bottom (box, 8);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
}

static void
add_shortcut (TillSecretRow *self,
              const char    *copy)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_c,
                                                                                  GDK_CONTROL_MASK | GDK_SHIFT_MASK),
                                                          gtk_named_action_new (copy)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

/**
 * till_secret_row_new:
 * @title: what it is: “Access Token”
 * @reveal: the action that shows and hides it
 * @copy: the action that copies it
 *
 * Returns: (transfer floating): a row without a secret
 */
GtkWidget *
till_secret_row_new (const char *title,
                     const char *reveal,
                     const char *copy)
{
  TillSecretRow *self = g_object_new (TILL_TYPE_SECRET_ROW, "title", title, NULL);
  g_autofree char *copy_text = NULL;

  /* Translators: %s is the name of what is copied: “Copy Serial Number”. */
  copy_text = g_strdup_printf (_("Copy %s"), title);
  gtk_label_set_text (GTK_LABEL (self->title), title);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->reveal_button), reveal);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->copy_button), copy);
  set_button (self->copy_button, "edit-copy-symbolic", copy_text);
  add_shortcut (self, copy);
  update_buttons (self);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY, self->title, NULL, -1);

  return GTK_WIDGET (self);
}

/**
 * till_secret_row_set_secret:
 * @self: a row
 * @secret: (nullable): what to show, masked
 *
 * Shows another secret; the last one is let go.
 */
void
till_secret_row_set_secret (TillSecretRow *self,
                            TillSecret    *secret)
{
  g_return_if_fail (TILL_IS_SECRET_ROW (self));

  g_clear_pointer (&self->countdown, till_countdown_free);
  g_clear_pointer (&self->secret, till_secret_unref);
  self->ended = FALSE;
  memset (self->tail, 0, sizeof self->tail);
  if (secret != NULL)
    {
      self->secret = till_secret_ref (secret);
      keep_tail (self);
    }

  show_masked (self);
  update_buttons (self);
}

/**
 * till_secret_row_get_secret:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): its secret; %NULL once it has ended
 */
TillSecret *
till_secret_row_get_secret (TillSecretRow *self)
{
  g_return_val_if_fail (TILL_IS_SECRET_ROW (self), NULL);

  return self->secret;
}

/**
 * till_secret_row_end:
 * @self: a row
 *
 * Lets go of the secret and strikes out what is left of it.
 */
void
till_secret_row_end (TillSecretRow *self)
{
  g_return_if_fail (TILL_IS_SECRET_ROW (self));

  g_clear_pointer (&self->countdown, till_countdown_free);
  g_clear_pointer (&self->secret, till_secret_unref);
  self->ended = TRUE;
  show_masked (self);
  update_buttons (self);
}

/**
 * till_secret_row_set_note:
 * @self: a row
 * @note: (nullable): what stands beside the value
 *
 * Says how long it lasts.
 */
void
till_secret_row_set_note (TillSecretRow *self,
                          const char    *note)
{
  g_return_if_fail (TILL_IS_SECRET_ROW (self));

  gtk_label_set_text (self->note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
}

/**
 * till_secret_row_reveal:
 * @self: a row
 * @clock: whose boot time counts
 *
 * Shows the secret for 30 s. What ends it sooner is up to who owns the row.
 */
void
till_secret_row_reveal (TillSecretRow *self,
                        TillClock     *clock)
{
  g_return_if_fail (TILL_IS_SECRET_ROW (self));

  if (self->secret == NULL)
    return;

  g_clear_pointer (&self->countdown, till_countdown_free);
  self->countdown = till_countdown_new (clock, TILL_REVEAL_SECONDS, countdown_cb, self);
  show_plain (self);
  update_buttons (self);
}

/**
 * till_secret_row_mask:
 * @self: a row
 *
 * Shows no more of it than its end.
 */
void
till_secret_row_mask (TillSecretRow *self)
{
  g_return_if_fail (TILL_IS_SECRET_ROW (self));

  if (self->countdown == NULL)
    return;

  g_clear_pointer (&self->countdown, till_countdown_free);
  show_masked (self);
  update_buttons (self);
}

/**
 * till_secret_row_get_revealed:
 * @self: a row
 *
 * Returns: whether the secret can be read now
 */
gboolean
till_secret_row_get_revealed (TillSecretRow *self)
{
  g_return_val_if_fail (TILL_IS_SECRET_ROW (self), FALSE);

  return self->countdown != NULL;
}
