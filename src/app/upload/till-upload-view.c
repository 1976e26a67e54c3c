/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the upload window is made of. */
#include "config.h"

#include <glib/gi18n.h>

#include "till-flip-box.h"
#include "till-label.h"
#include "till-profile-words.h"
#include "till-upload-private.h"

/* As many characters as a name or comment may have here; the services say nothing of a limit. */
#define MAX_NAME 255

/* Characters that the service takes of a key ID (services/commerce-hub-client-certificate.md). */
#define MAX_KEY_ID 64

static GtkWidget *
new_list (const char *label)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  return list;
}

static GtkWidget *
add_group (GtkWidget  *box,
           const char *title,
           GtkWidget **list)
{
  GtkWidget *group = adw_preferences_group_new ();

  *list = new_list (title);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), *list);
  gtk_box_append (GTK_BOX (box), group);

  return group;
}

static GtkWidget *
add_label (GtkWidget  *box,
           const char *style)
{
  GtkWidget *label = till_label_new ("");

  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (box), label);

  return label;
}

/* A heading with a sign before it, which colour only helps. */
static GtkWidget *
add_heading (GtkWidget  *box,
             const char *text,
             const char *icon_name,
             const char *style)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_name);
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, "label", text,
                                   "wrap", TRUE, "xalign", 0.0, NULL);

  gtk_widget_add_css_class (icon, style);
  gtk_widget_set_valign (icon, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (label, "heading");
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (box), row);

  return label;
}

static GtkWidget *
add_column (GtkWidget *box,
            int        spacing)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, spacing);

  gtk_box_append (GTK_BOX (box), column);

  return column;
}

static void
build_file (TillUploadWindow *self,
            GtkWidget        *box)
{
  GtkWidget *column = add_column (box, 12);
  GtkWidget *list = new_list (_("File"));

  self->file_row = ADW_ACTION_ROW (adw_action_row_new ());
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->file_row), FALSE);
  adw_action_row_set_title_lines (self->file_row, 0);
  adw_action_row_set_subtitle_lines (self->file_row, 0);
  self->choose_button = gtk_button_new_with_mnemonic (_("_Choose…"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->choose_button), "upload.choose");
  gtk_widget_set_valign (self->choose_button, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (self->file_row, self->choose_button);
  gtk_list_box_append (GTK_LIST_BOX (list), GTK_WIDGET (self->file_row));
  gtk_box_append (GTK_BOX (column), list);

  self->password = TILL_UPLOAD_PASSWORD (till_upload_password_new ());
  g_signal_connect_object (self->password, "changed", G_CALLBACK (till_upload_window_check_soon), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->password, "activate", G_CALLBACK (till_upload_window_check), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->password));
}

static void
build_findings (TillUploadWindow *self,
                GtkWidget        *box)
{
  self->failure_box = add_column (box, 6);
  self->failure_title = GTK_LABEL (add_heading (self->failure_box, "", "dialog-error-symbolic", "error"));
  self->failure_body = GTK_LABEL (add_label (self->failure_box, NULL));
  self->retry_button = gtk_button_new_with_label (_("Try Again"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->retry_button), "upload.retry");
  gtk_widget_set_halign (self->retry_button, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (self->failure_box), self->retry_button);
  self->failure_details = TILL_ERROR_DETAILS (till_error_details_new (NULL));
  gtk_box_append (GTK_BOX (self->failure_box), GTK_WIDGET (self->failure_details));

  self->lost_box = add_column (box, 6);
  add_heading (self->lost_box, _("These Passes Would Be Lost"), "dialog-warning-symbolic", "error");
  self->lost_body = GTK_LABEL (add_label (self->lost_box, NULL));

  self->renewal_box = add_column (box, 6);
  self->renewal_label = GTK_LABEL (add_heading (self->renewal_box, "", "view-refresh-symbolic", "accent"));

  self->checklist = TILL_CHECKLIST (till_checklist_new ());
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->checklist));

  self->current_group = add_group (box, _("Current Certificate"), (GtkWidget **) &self->current_list);
}

static GtkEditable *
add_entry (GtkWidget  *list,
           const char *title,
           int         max_length)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_text_set_max_length (GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (row))), max_length);
  gtk_list_box_append (GTK_LIST_BOX (list), row);

  return GTK_EDITABLE (row);
}

static AdwActionRow *
add_switch (GtkWidget  *list,
            const char *title,
            GtkSwitch **toggle)
{
  GtkWidget *row = adw_action_row_new ();

  *toggle = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (*toggle), GTK_ALIGN_CENTER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), GTK_WIDGET (*toggle));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), GTK_WIDGET (*toggle));
  gtk_accessible_update_property (GTK_ACCESSIBLE (*toggle), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_list_box_append (GTK_LIST_BOX (list), row);

  return ADW_ACTION_ROW (row);
}

static void
build_naming (TillUploadWindow *self,
              GtkWidget        *box)
{
  GtkWidget *list;

  self->naming_group = add_group (box, _("At Airship"), &list);
  self->name_row = add_entry (list, _("Name"), MAX_NAME);
  self->comment_row = add_entry (list, _("Comment"), MAX_NAME);
  add_switch (list, _("Enabled"), &self->enabled_switch);
  gtk_switch_set_active (self->enabled_switch, TRUE);
  self->default_row = add_switch (list, _("Make Default"), &self->default_switch);
}

static void
build_hub (TillUploadWindow *self,
           GtkWidget        *box)
{
  /* As the provider's own example has it first (UX.md 2.9). */
  static const char * const algorithms[] = { "JWE", "JWT", "RSA", "DUKPT", NULL };
  g_autoptr(GtkStringList) model = gtk_string_list_new (algorithms);
  GtkWidget *expander = adw_expander_row_new ();
  GtkWidget *purpose = adw_action_row_new ();
  GtkWidget *advanced = new_list (_("Advanced"));
  GtkWidget *list;

  self->hub_group = add_group (box, _("At Commerce Hub"), &list);
  self->key_id_row = add_entry (list, _("Key ID"), MAX_KEY_ID);
  g_signal_connect_object (self->key_id_row, "changed", G_CALLBACK (till_upload_window_update), self, G_CONNECT_SWAPPED);
  self->key_id_hint = GTK_LABEL (till_label_new (""));
  gtk_widget_add_css_class (GTK_WIDGET (self->key_id_hint), "caption");
  gtk_widget_set_margin_top (GTK_WIDGET (self->key_id_hint), 9);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->key_id_hint), 12);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->hub_group), GTK_WIDGET (self->key_id_hint));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (expander), _("Advanced"));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (expander), _("As it is, unless the provider told you otherwise"));
  self->algorithm_row = ADW_COMBO_ROW (adw_combo_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->algorithm_row), _("Algorithm"));
  adw_combo_row_set_model (self->algorithm_row, G_LIST_MODEL (model));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), GTK_WIDGET (self->algorithm_row));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (purpose), _("Used For"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (purpose), _("Real-time account updater (RTAU)"));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), purpose);
  gtk_list_box_append (GTK_LIST_BOX (advanced), expander);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->hub_group), advanced);
}

static void
add_outcome_button (GtkWidget  *box,
                    const char *label,
                    const char *action,
                    GtkWidget **button)
{
  GtkWidget *widget = gtk_button_new_with_label (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (widget), action);
  gtk_widget_set_parent (widget, box);
  if (button != NULL)
    *button = widget;
}

static void
build_outcome (TillUploadWindow *self,
               GtkWidget        *box)
{
  self->outcome_title = GTK_LABEL (add_heading (box, "", "dialog-warning-symbolic", "warning"));
  gtk_widget_remove_css_class (GTK_WIDGET (self->outcome_title), "heading");
  gtk_widget_add_css_class (GTK_WIDGET (self->outcome_title), "title-2");
  self->outcome_body = GTK_LABEL (add_label (box, NULL));
  self->outcome_list = GTK_LIST_BOX (new_list (_("What Differs")));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->outcome_list));
  self->outcome_buttons = till_flip_box_new (6, 0);
  add_outcome_button (self->outcome_buttons, _("Check Again"), "upload.look", &self->outcome_check);
  add_outcome_button (self->outcome_buttons, _("Mark as Done"), "upload.mark-done", NULL);
  add_outcome_button (self->outcome_buttons, _("Mark as Not Done"), "upload.mark-not-done", NULL);
  gtk_box_append (GTK_BOX (box), self->outcome_buttons);
  self->outcome_details = TILL_ERROR_DETAILS (till_error_details_new (NULL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->outcome_details));
}

/* A column that scrolls, in the stack. */
static GtkWidget *
add_page (TillUploadWindow *self,
          const char       *name)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);

  gtk_widget_set_margin_top (column, 18);
  gtk_widget_set_margin_bottom (column, 18);
  gtk_widget_set_margin_start (column, 12);
  gtk_widget_set_margin_end (column, 12);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 560);
  adw_clamp_set_child (ADW_CLAMP (clamp), column);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_stack_add_named (self->stack, scroller, name);

  return column;
}

static GtkWidget *
add_button (GtkWidget  *box,
            const char *action,
            const char *style)
{
  GtkWidget *button = gtk_button_new_with_label ("");

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  if (style != NULL)
    gtk_widget_add_css_class (button, style);
  gtk_box_append (GTK_BOX (box), button);

  return button;
}

static void
build_bar (TillUploadWindow *self,
           GtkWidget        *box)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *says = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_widget_set_margin_top (bar, 12);
  gtk_widget_set_margin_bottom (bar, 12);
  gtk_widget_set_margin_start (bar, 12);
  gtk_widget_set_margin_end (bar, 12);

  gtk_widget_set_halign (buttons, GTK_ALIGN_END);
  self->cancel_button = add_button (buttons, "upload.cancel", NULL);
  self->as_new_button = add_button (buttons, "upload.as-new", "suggested-action");
  self->send_button = add_button (buttons, "upload.send", "suggested-action");
  gtk_button_set_label (GTK_BUTTON (self->as_new_button), _("Add as New"));
  gtk_box_append (GTK_BOX (bar), buttons);

  self->spinner = GTK_SPINNER (g_object_new (GTK_TYPE_SPINNER, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
  self->reason = GTK_LABEL (g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, "wrap", TRUE,
                                          "wrap-mode", PANGO_WRAP_WORD_CHAR, "xalign", 1.0, NULL));
  gtk_widget_set_halign (says, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (says), GTK_WIDGET (self->spinner));
  gtk_box_append (GTK_BOX (says), GTK_WIDGET (self->reason));
  gtk_box_append (GTK_BOX (bar), says);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->send_button), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  self->reason, NULL, -1);
  gtk_box_append (GTK_BOX (box), bar);
}

static void
build_header (TillUploadWindow *self,
              GtkWidget        *box)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (till_profile_words_get_icon_name (TILL_ENVIRONMENT_LIVE));
  GtkWidget *label = gtk_label_new (_("Live: real shops, real customers"));

  self->title = ADW_WINDOW_TITLE (adw_window_title_new ("", ""));
  self->environment_icon = GTK_IMAGE (gtk_image_new ());
  gtk_widget_set_margin_start (GTK_WIDGET (self->environment_icon), 6);
  gtk_widget_set_margin_end (GTK_WIDGET (self->environment_icon), 6);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), GTK_WIDGET (self->title));
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), GTK_WIDGET (self->environment_icon));
  gtk_box_append (GTK_BOX (box), header);

  self->live_band = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_halign (icon, GTK_ALIGN_END);
  gtk_widget_set_hexpand (icon, TRUE);
  gtk_widget_set_halign (label, GTK_ALIGN_START);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (self->live_band), icon);
  gtk_box_append (GTK_BOX (self->live_band), label);
  gtk_widget_add_css_class (self->live_band, "live-band");
  gtk_box_append (GTK_BOX (box), self->live_band);
}

static GdkDragAction
drop_enter_cb (GtkDropTarget *target,
               double         x,
               double         y,
               gpointer       user_data)
{
  gtk_widget_set_visible (TILL_UPLOAD_WINDOW (user_data)->drop_highlight, TRUE);
  return GDK_ACTION_COPY;
}

static void
drop_leave_cb (GtkDropTarget *target,
               gpointer       user_data)
{
  gtk_widget_set_visible (TILL_UPLOAD_WINDOW (user_data)->drop_highlight, FALSE);
}

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         gpointer       user_data)
{
  TillUploadWindow *self = user_data;
  GSList *files = G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST) ? g_value_get_boxed (value) : NULL;

  gtk_widget_set_visible (self->drop_highlight, FALSE);
  if (files == NULL)
    return FALSE;

  if (files->next != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", _("One file at a time can be sent"));
  else
    till_upload_window_set_file (self, files->data);

  return TRUE;
}

static GtkWidget *
build_drop (TillUploadWindow *self,
            GtkWidget        *child)
{
  GtkWidget *overlay = gtk_overlay_new ();
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->drop_highlight = gtk_label_new (_("Drop the File to Check It"));
  gtk_widget_add_css_class (self->drop_highlight, "drop-highlight");
  gtk_widget_add_css_class (self->drop_highlight, "title-2");
  gtk_widget_set_can_target (self->drop_highlight, FALSE);
  gtk_widget_set_visible (self->drop_highlight, FALSE);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), child);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->drop_highlight);

  g_signal_connect (target, "enter", G_CALLBACK (drop_enter_cb), self);
  g_signal_connect (target, "leave", G_CALLBACK (drop_leave_cb), self);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));

  return overlay;
}

/**
 * till_upload_window_build:
 * @self: a new window
 *
 * Makes its widgets.
 */
void
till_upload_window_build (TillUploadWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *form;

  build_header (self, box);
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));

  form = add_page (self, "form");
  build_file (self, form);
  build_findings (self, form);
  build_naming (self, form);
  build_hub (self, form);
  build_outcome (self, add_page (self, "outcome"));
  build_bar (self, box);

  self->toasts = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  adw_toast_overlay_set_child (self->toasts, build_drop (self, box));
  adw_window_set_content (ADW_WINDOW (self), GTK_WIDGET (self->toasts));
}
