/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window in which a profile is made, changed, tested and removed. */
#include "config.h"

#include "till-profile-editor.h"

#include <glib/gi18n.h>

#include "till-connection-test.h"
#include "till-error-details.h"
#include "till-error-text.h"
#include "till-error.h"
#include "till-profile-form.h"
#include "till-profile-remove.h"
#include "till-profiles.h"

/**
 * TillProfileEditor:
 *
 * Saving is one row of steps: the profile, then each secret that was typed,
 * then what it was saved for. A step that fails ends the row, says why at the
 * entry that it is about, and leaves everything that was typed where it is.
 *
 * The session is told when the window closes, so that the panes behind it
 * change once.
 */

static const char *const services[] = { "hub", "wallet", "devices" };

struct _TillProfileEditor
{
  AdwWindow           parent_instance;

  TillSession        *session;
  TillProfile        *profile;       /* (nullable): as it is kept; %NULL until a new one is */
  gboolean            was_new;
  gboolean            saved;         /* something was written: the session has to know */
  gboolean            live_agreed;
  gboolean            busy;
  gboolean            testing;       /* what saving is for */
  guint               service;       /* whose secret is being kept */
  GCancellable       *cancellable;

  TillProfileForm    *form;
  TillConnectionTest *test;
  GtkWidget          *failure;       /* what no entry is to blame for */
  GtkLabel           *failure_label;
  TillErrorDetails   *failure_details;
  GtkWidget          *remove_group;
  GtkButton          *close_button;
};

G_DEFINE_FINAL_TYPE (TillProfileEditor, till_profile_editor, ADW_TYPE_WINDOW)

static void
set_busy (TillProfileEditor *self,
          gboolean           busy)
{
  self->busy = busy;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save", !busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.test", !busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.remove", !busy && self->profile != NULL);
  /* An entry that has the focus would not hear that it goes. */
  if (busy)
    gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->form), !busy);
}

/* The words that belong to an entry; the core's own are for the command line. */
static char *
dup_entry_text (const char   *member,
                const GError *error)
{
  const char *words = error->message;
  gsize length = member != NULL ? strlen (member) : 0;

  if (g_strcmp0 (member, "name") == 0)
    return g_strdup (g_error_matches (error, TILL_ERROR, TILL_ERROR_CONFLICT)
                     ? _("Another profile has this name already.")
                     : _("A name has 1 to 64 characters, no line breaks, and no blank at its beginning or end."));

  if (g_strcmp0 (member, "ca") == 0)
    return g_strdup (_("It must hold certificates of an authority, and no private key."));

  if (g_str_has_suffix (member, "-url"))
    {
      /* Why an address is refused is said by the core: there are many reasons. */
      if (g_str_has_prefix (words, member) && g_str_has_prefix (words + length, ": "))
        words += length + 2;
      /* Translators: %s says why, such as “the address begins with http://, …”. */
      return g_strdup_printf (_("This address cannot be used: %s."), words);
    }

  return g_strdup (_("It has 1 to 1024 letters, digits or signs, and no blanks. Copy it again."));
}

static void
show_error (TillProfileEditor *self,
            const GError      *error)
{
  const char *member = till_error_get_detail (error);
  g_autofree char *text = NULL;

  set_busy (self, FALSE);

  if (g_error_matches (error, TILL_ERROR, TILL_ERROR_CONFLICT))
    member = "name";
  if (member != NULL && (g_error_matches (error, TILL_ERROR, TILL_ERROR_REJECTED) ||
                         g_error_matches (error, TILL_ERROR, TILL_ERROR_CONFLICT)))
    {
      text = dup_entry_text (member, error);
      if (till_profile_form_show_error (self->form, member, text))
        return;
      g_clear_pointer (&text, g_free);
    }

  text = till_error_text_dup_body (error);
  gtk_label_set_label (self->failure_label, text);
  till_error_details_set_error (self->failure_details, error);
  gtk_widget_set_visible (self->failure, TRUE);
}

static void
opened_for_test_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(TillProfileEditor) self = user_data;
  g_autoptr(TillShop) shop = NULL;
  g_autoptr(GError) error = NULL;

  shop = till_shop_open_finish (result, &error);
  if (self->form == NULL)
    return;

  set_busy (self, FALSE);
  if (shop != NULL)
    till_connection_test_run (self->test, shop);
  else
    till_connection_test_show_error (self->test, error);
}

static void
begin_test (TillProfileEditor *self)
{
  TillShop *shop = till_session_get_shop (self->session);
  const TillProfile *open = shop != NULL ? till_shop_get_profile (shop) : NULL;

  /* The built-in services can't be started a second time beside those that run. */
  if (open != NULL && g_str_equal (open->id, self->profile->id) && self->profile->environment == TILL_ENVIRONMENT_PRACTICE)
    {
      set_busy (self, FALSE);
      till_connection_test_run (self->test, shop);
      return;
    }

  till_connection_test_set_busy (self->test, TRUE);
  till_shop_open_async (till_session_get_store (self->session), till_session_get_vault (self->session),
                        till_session_get_clock (self->session), till_session_get_folder (self->session),
                        self->profile->name, self->cancellable, opened_for_test_cb, g_object_ref (self));
}

static void store_next_secret (TillProfileEditor *self);

static void
secret_stored_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(TillProfileEditor) self = user_data;
  g_autoptr(TillProfile) profile = NULL;
  g_autoptr(GError) error = NULL;
  const char *service = services[self->service];

  profile = till_profiles_done_finish (result, &error);
  if (self->form == NULL)
    return;

  if (profile == NULL)
    {
      if (g_error_matches (error, TILL_ERROR, TILL_ERROR_REJECTED))
        {
          set_busy (self, FALSE);
          till_profile_form_show_error (self->form, service,
                                        _("It is empty, or has a character that secrets never have. Copy it again."));
        }
      else
        {
          show_error (self, error);
        }
      return;
    }

  till_profile_form_secret_kept (self->form, service,
                                 till_vault_is_session_only (till_session_get_vault (self->session), profile->id, service));
  self->service++;
  store_next_secret (self);
}

static void
store_next_secret (TillProfileEditor *self)
{
  for (; self->service < G_N_ELEMENTS (services); self->service++)
    {
      g_autoptr(TillSecret) secret = till_profile_form_dup_secret (self->form, services[self->service]);

      if (secret == NULL)
        continue;

      till_profiles_secret_async (till_session_get_store (self->session), till_session_get_vault (self->session),
                                  self->profile->name, services[self->service], secret, self->cancellable,
                                  secret_stored_cb, g_object_ref (self));
      return;
    }

  if (self->testing)
    begin_test (self);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(TillProfileEditor) self = user_data;
  g_autoptr(TillProfile) profile = NULL;
  g_autoptr(GError) error = NULL;

  profile = till_profiles_done_finish (result, &error);
  if (self->form == NULL)
    return;

  if (profile == NULL)
    {
      show_error (self, error);
      return;
    }

  g_clear_pointer (&self->profile, till_profile_free);
  self->profile = g_steal_pointer (&profile);
  self->saved = TRUE;
  till_profile_form_set_saved (self->form, self->profile);
  gtk_widget_set_visible (self->remove_group, TRUE);
  /* What is kept can't be called back by this button any more. */
  gtk_button_set_label (self->close_button, _("Close"));

  self->service = 0;
  store_next_secret (self);
}

static void
put (TillProfileEditor *self)
{
  g_autoptr(TillProfile) profile = till_profile_form_dup_profile (self->form);

  set_busy (self, TRUE);
  till_profiles_put_async (till_session_get_store (self->session), profile,
                           till_clock_get_now (till_session_get_clock (self->session)), self->cancellable,
                           saved_cb, g_object_ref (self));
}

static void
live_answered_cb (AdwMessageDialog *dialog,
                  const char       *response,
                  gpointer          user_data)
{
  TillProfileEditor *self = user_data;

  if (!g_str_equal (response, "connect"))
    return;

  self->live_agreed = TRUE;
  put (self);
}

static void
ask_for_live (TillProfileEditor *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Connect to Live?"),
                                              _("What you change in this profile counts at once, for real shops and real "
                                                "customers. To try things out, choose Test."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("Cancel"),
                                    "connect", _("Connect to Live"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (live_answered_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
save (TillProfileEditor *self,
      gboolean           testing)
{
  g_autoptr(TillProfile) profile = till_profile_form_dup_profile (self->form);

  if (self->busy || till_session_get_store (self->session) == NULL)
    return;

  self->testing = testing;
  gtk_widget_set_visible (self->failure, FALSE);
  till_profile_form_clear_errors (self->form);
  till_connection_test_clear (self->test);

  if (self->profile == NULL && profile->environment == TILL_ENVIRONMENT_LIVE && !self->live_agreed)
    ask_for_live (self);
  else
    put (self);
}

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  save (TILL_PROFILE_EDITOR (widget), FALSE);
}

static void
test_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  save (TILL_PROFILE_EDITOR (widget), TRUE);
}

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(TillProfileEditor) self = user_data;
  g_autoptr(TillProfile) profile = NULL;
  g_autoptr(GError) error = NULL;

  profile = till_profiles_done_finish (result, &error);
  if (self->form == NULL)
    return;

  if (profile == NULL)
    {
      show_error (self, error);
      return;
    }

  self->saved = TRUE;
  self->was_new = FALSE;
  gtk_window_close (GTK_WINDOW (self));
}

static void
remove_agreed_cb (gpointer user_data)
{
  TillProfileEditor *self = user_data;

  set_busy (self, TRUE);
  till_profiles_remove_async (till_session_get_store (self->session), till_session_get_vault (self->session),
                              self->profile->name, self->cancellable, removed_cb, g_object_ref (self));
}

static void
remove_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  TillProfileEditor *self = TILL_PROFILE_EDITOR (widget);

  if (self->profile != NULL)
    till_profile_remove_ask (GTK_WINDOW (self), self->profile, remove_agreed_cb, self);
}

/* What was found out is no longer about what is entered. */
static void
form_changed_cb (TillProfileEditor *self)
{
  if (!self->busy)
    till_connection_test_clear (self->test);
}

static void
secrets_listed_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(TillProfileEditor) self = user_data;
  g_auto(GStrv) names = till_vault_list_finish (TILL_VAULT (source), result, NULL);
  guint i;

  if (self->form == NULL || names == NULL)
    return;

  for (i = 0; i < G_N_ELEMENTS (services); i++)
    {
      g_autoptr(TillSecret) typed = till_profile_form_dup_secret (self->form, services[i]);

      if (typed == NULL && g_strv_contains ((const char *const *) names, services[i]))
        till_profile_form_secret_kept (self->form, services[i],
                                       till_vault_is_session_only (TILL_VAULT (source), self->profile->id, services[i]));
    }
}

static gboolean
till_profile_editor_close_request (GtkWindow *window)
{
  TillProfileEditor *self = TILL_PROFILE_EDITOR (window);

  if (self->saved && self->session != NULL)
    {
      self->saved = FALSE;
      if (self->was_new)
        till_session_use (self->session, self->profile->name);
      else
        till_session_reload (self->session);
    }

  return GTK_WINDOW_CLASS (till_profile_editor_parent_class)->close_request (window);
}

static void
till_profile_editor_dispose (GObject *object)
{
  TillProfileEditor *self = TILL_PROFILE_EDITOR (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->profile, till_profile_free);
  self->form = NULL;

  G_OBJECT_CLASS (till_profile_editor_parent_class)->dispose (object);
}

static void
till_profile_editor_class_init (TillProfileEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = till_profile_editor_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = till_profile_editor_close_request;

  gtk_widget_class_install_action (widget_class, "editor.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "editor.test", NULL, test_action);
  gtk_widget_class_install_action (widget_class, "editor.remove", NULL, remove_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "editor.save", NULL);
}

static void
till_profile_editor_init (TillProfileEditor *self)
{
  self->cancellable = g_cancellable_new ();
}

static GtkWidget *
new_header (TillProfileEditor *self)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *save_button = gtk_button_new_with_label (_("Save"));

  self->close_button = GTK_BUTTON (gtk_button_new_with_label (_("Cancel")));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->close_button), "window.close");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (save_button), "editor.save");
  gtk_widget_add_css_class (save_button, "suggested-action");
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), GTK_WIDGET (self->close_button));
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), save_button);

  return header;
}

static GtkWidget *
new_failure (TillProfileEditor *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *clamp = adw_clamp_new ();

  self->failure_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->failure_label, TRUE);
  gtk_label_set_xalign (self->failure_label, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->failure_label), "error");
  self->failure_details = TILL_ERROR_DETAILS (till_error_details_new (NULL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->failure_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->failure_details));
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_widget_set_visible (clamp, FALSE);
  self->failure = clamp;

  return clamp;
}

static GtkWidget *
new_remove_group (TillProfileEditor *self)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *button = gtk_button_new_with_label (_("Remove Profile…"));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "editor.remove");
  gtk_widget_add_css_class (button, "destructive-action");
  gtk_widget_add_css_class (button, "pill");
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), button);
  gtk_widget_set_visible (group, self->profile != NULL);
  self->remove_group = group;

  return group;
}

static void
build (TillProfileEditor *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->form = TILL_PROFILE_FORM (till_profile_form_new (self->profile));
  self->test = TILL_CONNECTION_TEST (till_connection_test_new ());
  till_profile_form_add (self->form, GTK_WIDGET (self->test));
  till_profile_form_add (self->form, new_remove_group (self));
  gtk_widget_set_vexpand (GTK_WIDGET (self->form), TRUE);
  g_signal_connect_swapped (self->form, "changed", G_CALLBACK (form_changed_cb), self);

  gtk_box_append (GTK_BOX (box), new_header (self));
  gtk_box_append (GTK_BOX (box), new_failure (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->form));
  adw_window_set_content (ADW_WINDOW (self), box);
  set_busy (self, FALSE);
}

/**
 * till_profile_editor_show:
 * @parent: (nullable): the window that it stands in front of
 * @session: whose profiles; with a store
 * @profile: (nullable): what to change; %NULL for a new one
 *
 * Shows an editor. A new profile is the one at work once the window closes.
 *
 * Returns: (transfer none): the window
 */
GtkWidget *
till_profile_editor_show (GtkWindow         *parent,
                          TillSession       *session,
                          const TillProfile *profile)
{
  TillProfileEditor *self;

  g_return_val_if_fail (TILL_IS_SESSION (session), NULL);

  self = g_object_new (TILL_TYPE_PROFILE_EDITOR, NULL);
  self->session = g_object_ref (session);
  self->profile = profile != NULL ? till_profile_copy (profile) : NULL;
  self->was_new = profile == NULL;
  build (self);

  if (profile != NULL)
    till_vault_list_async (till_session_get_vault (session), profile->id, self->cancellable, secrets_listed_cb,
                           g_object_ref (self));

  gtk_window_set_title (GTK_WINDOW (self), profile != NULL ? _("Edit Profile") : _("Add Profile"));
  gtk_window_set_default_size (GTK_WINDOW (self), 560, 680);
  gtk_widget_set_size_request (GTK_WIDGET (self), 340, 240);
  gtk_window_set_transient_for (GTK_WINDOW (self), parent);
  gtk_window_set_modal (GTK_WINDOW (self), parent != NULL);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
  gtk_window_present (GTK_WINDOW (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->form));

  return GTK_WIDGET (self);
}
