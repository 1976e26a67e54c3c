/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says above all panes what keeps a profile from working as it should: locked secrets, a wrong clock. */
#include "config.h"

#include "till-session-banner.h"

#include <glib/gi18n.h>

#include "till-error-text.h"
#include "till-error.h"

/**
 * TillSessionBanner:
 *
 * The four states of the vault (RELIABILITY.md G35) never keep anybody from
 * looking: they are said here, each with what helps. AdwBanner needs
 * libadwaita 1.3.
 */

/* A clock that is further off than this is said (G19). */
#define SKEW_SECONDS 120

struct _TillSessionBanner
{
  GtkWidget    parent_instance;

  TillSession *session;
  GtkInfoBar  *bar;
  GtkLabel    *title;
  GtkLabel    *label;
  GtkWidget   *button;
  gboolean     failures;
};

G_DEFINE_FINAL_TYPE (TillSessionBanner, till_session_banner, GTK_TYPE_WIDGET)

static GError *
new_error (TillError        code,
           TillErrorReason  reason,
           gint64           have)
{
  GError *error = NULL;

  till_set_error (&error, code, reason, NULL, (const gint64[2]) { have, -1 }, "%s", till_error_code_to_word (code));

  return error;
}

/* button: (nullable), action: (nullable) */
static void
say (TillSessionBanner *self,
     const GError      *error,
     const char        *body,
     const char        *button,
     const char        *action)
{
  g_autofree char *text = body != NULL ? g_strdup (body) : till_error_text_dup_body (error);

  gtk_label_set_label (self->title, till_error_text_get_title (error));
  gtk_label_set_label (self->label, text);
  gtk_info_bar_set_message_type (self->bar, GTK_MESSAGE_WARNING);
  gtk_widget_set_visible (self->button, button != NULL);
  if (button != NULL)
    {
      gtk_button_set_label (GTK_BUTTON (self->button), button);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), action);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, button, -1);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

static gboolean
say_vault (TillSessionBanner *self)
{
  g_autoptr(GError) error = NULL;

  switch (till_vault_get_state (till_session_get_vault (self->session)))
    {
    case TILL_VAULT_LOCKED:
      error = new_error (TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_VAULT_LOCKED, -1);
      say (self, error, _("The keyring did not open. What is known is shown; asking a service needs the secrets."),
           _("Unlock"), "win.try-again");
      return TRUE;

    case TILL_VAULT_DISMISSED:
      error = new_error (TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_VAULT_DISMISSED, -1);
      say (self, error, _("The keyring’s question was closed. What is known is shown; asking a service needs the secrets."),
           _("Ask Again"), "win.try-again");
      return TRUE;

    case TILL_VAULT_ABSENT:
      error = new_error (TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_VAULT_ABSENT, -1);
      say (self, error, _("This computer has no password store. Secrets that you enter are kept for this session only: "
                          "they are gone when Tillkeeper is closed."),
           _("How to Set It Up"), "win.vault-help");
      return TRUE;

    case TILL_VAULT_UNREADABLE:
      error = new_error (TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_VAULT_UNREADABLE, -1);
      say (self, error, NULL, _("Open Profile"), "win.edit-profile");
      return TRUE;

    case TILL_VAULT_READY:
    default:
      return FALSE;
    }
}

static gboolean
say_skew (TillSessionBanner *self)
{
  TillShop *shop = till_session_get_shop (self->session);
  gint64 skew = shop != NULL ? till_shop_get_skew (shop) : G_MININT64;
  g_autoptr(GError) error = NULL;

  if (skew == G_MININT64 || ABS (skew) <= SKEW_SECONDS)
    return FALSE;

  error = new_error (TILL_ERROR_CLOCK_SKEW, TILL_REASON_CLOCK, skew);
  say (self, error, NULL, NULL, NULL);

  return TRUE;
}

static gboolean
say_failure (TillSessionBanner *self)
{
  const GError *error = till_session_get_error (self->session);

  if (!self->failures || error == NULL)
    return FALSE;

  say (self, error, NULL, _("Try Again"), "win.try-again");

  return TRUE;
}

static void
till_session_banner_dispose (GObject *object)
{
  TillSessionBanner *self = TILL_SESSION_BANNER (object);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  if (self->bar != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->bar));
  self->bar = NULL;

  G_OBJECT_CLASS (till_session_banner_parent_class)->dispose (object);
}

static void
till_session_banner_class_init (TillSessionBannerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = till_session_banner_dispose;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
till_session_banner_init (TillSessionBanner *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  self->title = GTK_LABEL (gtk_label_new (NULL));
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->title, 0);
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_wrap (self->title, TRUE);
  gtk_label_set_wrap (self->label, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "heading");
  gtk_widget_set_hexpand (box, TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->label));

  self->button = gtk_button_new ();
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);

  self->bar = GTK_INFO_BAR (gtk_info_bar_new ());
  gtk_info_bar_add_child (self->bar, box);
  gtk_info_bar_add_action_widget (self->bar, self->button, GTK_RESPONSE_ACCEPT);
  gtk_widget_set_parent (GTK_WIDGET (self->bar), GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * till_session_banner_new:
 * @session: what it is about
 *
 * Returns: (transfer floating): a banner; invisible where all is well
 */
GtkWidget *
till_session_banner_new (TillSession *session)
{
  TillSessionBanner *self;

  g_return_val_if_fail (TILL_IS_SESSION (session), NULL);

  self = g_object_new (TILL_TYPE_SESSION_BANNER, NULL);
  self->session = g_object_ref (session);
  g_signal_connect_swapped (session, "notify::state", G_CALLBACK (till_session_banner_update), self);
  g_signal_connect_swapped (session, "notify::error", G_CALLBACK (till_session_banner_update), self);
  g_signal_connect_swapped (session, "notify::vault-state", G_CALLBACK (till_session_banner_update), self);
  g_signal_connect_swapped (session, "changed", G_CALLBACK (till_session_banner_update), self);
  till_session_banner_update (self);

  return GTK_WIDGET (self);
}

/**
 * till_session_banner_set_failures:
 * @self: a banner
 * @failures: whether to say that a profile or the store could not be opened
 *
 * For a pane that shows something else all the same.
 */
void
till_session_banner_set_failures (TillSessionBanner *self,
                                  gboolean           failures)
{
  g_return_if_fail (TILL_IS_SESSION_BANNER (self));

  if (self->failures == failures)
    return;

  self->failures = failures;
  till_session_banner_update (self);
}

/**
 * till_session_banner_update:
 * @self: a banner
 *
 * Says what has to be said now. Practice needs no vault.
 */
void
till_session_banner_update (TillSessionBanner *self)
{
  const TillProfile *profile;

  g_return_if_fail (TILL_IS_SESSION_BANNER (self));

  profile = till_session_get_current (self->session);
  if (say_failure (self) ||
      (profile != NULL && profile->environment != TILL_ENVIRONMENT_PRACTICE && (say_vault (self) || say_skew (self))))
    return;

  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
