/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window of its own for one thing to do with keys: title, environment, a column of rows. */
#include "config.h"

#include "till-key-dialog.h"

#include <glib/gi18n.h>

#include "till-label.h"
#include "till-text.h"

/**
 * TillKeyDialog:
 *
 * Modal to the window it belongs to, closed by Escape. Names the profile and
 * its environment (RELIABILITY.md G31). Rows of facts in it find the action
 * "detail.copy" here.
 */
struct _TillKeyDialog
{
  AdwWindow        parent_instance;

  AdwToastOverlay *toasts;
  GtkWidget       *content;
  AdwWindowTitle  *title;
  GCancellable    *cancellable;
};

G_DEFINE_FINAL_TYPE (TillKeyDialog, till_key_dialog, ADW_TYPE_WINDOW)

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), g_variant_get_string (parameter, NULL));
  till_key_dialog_toast (TILL_KEY_DIALOG (widget), _("Copied"));
}

/* What is saved from here says so here. */
static void
toast_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  till_key_dialog_toast (TILL_KEY_DIALOG (widget), g_variant_get_string (parameter, NULL));
}

static void
till_key_dialog_dispose (GObject *object)
{
  g_cancellable_cancel (TILL_KEY_DIALOG (object)->cancellable);

  G_OBJECT_CLASS (till_key_dialog_parent_class)->dispose (object);
}

static void
till_key_dialog_finalize (GObject *object)
{
  g_object_unref (TILL_KEY_DIALOG (object)->cancellable);

  G_OBJECT_CLASS (till_key_dialog_parent_class)->finalize (object);
}

static void
till_key_dialog_class_init (TillKeyDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = till_key_dialog_dispose;
  object_class->finalize = till_key_dialog_finalize;

  gtk_widget_class_install_action (widget_class, "detail.copy", "s", copy_action);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
till_key_dialog_init (TillKeyDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();

  self->cancellable = g_cancellable_new ();
  self->title = ADW_WINDOW_TITLE (adw_window_title_new ("", ""));
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (box), header);

  self->content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  gtk_widget_set_margin_top (self->content, 18);
  gtk_widget_set_margin_bottom (self->content, 24);
  gtk_widget_set_margin_start (self->content, 12);
  gtk_widget_set_margin_end (self->content, 12);

  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 560);
  adw_clamp_set_child (ADW_CLAMP (clamp), self->content);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (box), scroller);

  self->toasts = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  adw_toast_overlay_set_child (self->toasts, box);
  adw_window_set_content (ADW_WINDOW (self), GTK_WIDGET (self->toasts));

  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (self), 520, 700);
  gtk_widget_set_size_request (GTK_WIDGET (self), 320, 240);
}

/**
 * till_key_dialog_dup_environment:
 * @profile: a profile
 *
 * Returns: (transfer full): “Live — Acme Cafés”
 */
char *
till_key_dialog_dup_environment (const TillProfile *profile)
{
  g_autofree char *name = till_text_dup_display (profile->name, 60);
  const char *word;

  switch (profile->environment)
    {
    case TILL_ENVIRONMENT_LIVE:
      word = _("Live");
      break;

    case TILL_ENVIRONMENT_TEST:
      word = _("Test");
      break;

    case TILL_ENVIRONMENT_PRACTICE:
    default:
      word = _("Practice");
    }

  if (g_strcmp0 (word, name) == 0)
    return g_strdup (word);

  /* Translators: an environment (Practice, Test, Live), then the name of a profile. */
  return g_strdup_printf (_("%s — %s"), word, name);
}

/**
 * till_key_dialog_new_environment:
 * @profile: a profile
 *
 * Returns: (transfer floating): a label that names profile and environment, for a dialog that asks something
 */
GtkWidget *
till_key_dialog_new_environment (const TillProfile *profile)
{
  g_autofree char *text = till_key_dialog_dup_environment (profile);
  GtkWidget *label = till_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.5f);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (label, profile->environment == TILL_ENVIRONMENT_LIVE ? "error" : "dim-label");
  gtk_widget_add_css_class (label, "heading");

  return label;
}

/**
 * till_key_dialog_new:
 * @parent: the widget in whose window it opens
 * @title: what it is for
 * @profile: whose keys it is about
 *
 * Returns: (transfer none): a window; GTK owns it until it is closed
 */
TillKeyDialog *
till_key_dialog_new (GtkWidget         *parent,
                     const char        *title,
                     const TillProfile *profile)
{
  TillKeyDialog *self = g_object_new (TILL_TYPE_KEY_DIALOG, "title", title, NULL);
  GtkRoot *root = gtk_widget_get_root (parent);
  g_autofree char *environment = till_key_dialog_dup_environment (profile);

  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (self), GTK_WINDOW (root));
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
  adw_window_title_set_title (self->title, title);
  adw_window_title_set_subtitle (self->title, environment);

  return self;
}

/**
 * till_key_dialog_get_cancellable:
 * @self: a dialog
 *
 * Returns: (transfer none): for what it has begun; cancelled when its widgets go
 */
GCancellable *
till_key_dialog_get_cancellable (TillKeyDialog *self)
{
  g_return_val_if_fail (TILL_IS_KEY_DIALOG (self), NULL);

  return self->cancellable;
}

/**
 * till_key_dialog_get_content:
 * @self: a dialog
 *
 * Returns: (transfer none): the column that takes its rows
 */
GtkBox *
till_key_dialog_get_content (TillKeyDialog *self)
{
  g_return_val_if_fail (TILL_IS_KEY_DIALOG (self), NULL);

  return GTK_BOX (self->content);
}

/**
 * till_key_dialog_toast:
 * @self: a dialog
 * @text: what was done
 *
 * Says what was done.
 */
void
till_key_dialog_toast (TillKeyDialog *self,
                       const char    *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_return_if_fail (TILL_IS_KEY_DIALOG (self));

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

/**
 * till_key_dialog_add_list:
 * @self: a dialog
 * @title: (nullable): above the list
 * @description: (nullable): below @title
 *
 * Returns: (transfer none): a list for rows
 */
GtkWidget *
till_key_dialog_add_list (TillKeyDialog *self,
                          const char    *title,
                          const char    *description)
{
  GtkWidget *group;
  GtkWidget *list;

  g_return_val_if_fail (TILL_IS_KEY_DIALOG (self), NULL);

  group = adw_preferences_group_new ();
  list = gtk_list_box_new ();

  if (title != NULL)
    adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  if (description != NULL)
    adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), description);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  if (title != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), list);
  gtk_box_append (GTK_BOX (self->content), group);

  return list;
}

/**
 * till_key_dialog_add_text:
 * @self: a dialog
 * @text: a sentence or two
 * @style: (nullable): a style class
 *
 * Returns: (transfer none): its label
 */
GtkWidget *
till_key_dialog_add_text (TillKeyDialog *self,
                          const char    *text,
                          const char    *style)
{
  GtkWidget *label;

  g_return_val_if_fail (TILL_IS_KEY_DIALOG (self), NULL);

  label = till_label_new (text);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (self->content), label);

  return label;
}

/**
 * till_key_dialog_add_button:
 * @self: a dialog
 * @label: what it does, in header capitals
 * @style: (nullable): a style class
 *
 * Returns: (transfer none): a button below what is there
 */
GtkWidget *
till_key_dialog_add_button (TillKeyDialog *self,
                            const char    *label,
                            const char    *style)
{
  GtkWidget *button;

  g_return_val_if_fail (TILL_IS_KEY_DIALOG (self), NULL);

  button = gtk_button_new_with_label (label);
  gtk_widget_add_css_class (button, "pill");
  if (style != NULL)
    gtk_widget_add_css_class (button, style);
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self->content), button);

  return button;
}
