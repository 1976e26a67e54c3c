/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says above the list why a service could not be asked, and since when what is shown is known. */
#include "config.h"

#include "till-service-banner.h"

#include <glib/gi18n.h>

#include "till-error-details.h"
#include "till-error-text.h"
#include "till-error.h"
#include "till-key-words.h"
#include "till-text.h"

/**
 * TillServiceBanner:
 *
 * Follows the rows of the services: what was known stays on screen, and this
 * says so (UX.md 2.3). A locked vault is the window's to say, for all panes.
 * AdwBanner needs libadwaita 1.3.
 */

struct _TillServiceBanner
{
  GtkWidget         parent_instance;

  TillSession      *session;
  TillServiceRows  *rows;

  GtkInfoBar       *bar;
  GtkLabel         *title;
  GtkLabel         *label;
  GtkWidget        *more;        /* what happened at length, folded away */
  GtkLabel         *body;
  TillErrorDetails *details;
  GtkWidget        *again;
  GtkWidget        *profile;
};

G_DEFINE_FINAL_TYPE (TillServiceBanner, till_service_banner, GTK_TYPE_WIDGET)

/* Returns: (transfer full) (nullable): since when it is known, in a whole sentence */
static char *
dup_known (TillServiceBanner *self)
{
  gint64 seen_at = till_service_rows_get_seen_at (self->rows);
  gint64 now = till_clock_get_now (till_session_get_clock (self->session));
  g_autoptr(GDateTime) then = NULL;
  g_autoptr(GDateTime) today = NULL;
  g_autofree char *when = NULL;

  if (seen_at == TILL_TIME_UNKNOWN)
    return NULL;

  then = g_date_time_new_from_unix_local (seen_at);
  today = g_date_time_new_from_unix_local (now);
  if (then == NULL || today == NULL || g_date_time_get_year (then) != g_date_time_get_year (today) ||
      g_date_time_get_day_of_year (then) != g_date_time_get_day_of_year (today))
    {
      when = till_key_words_dup_moment (seen_at, now);
      /* Translators: %s is day and time. */
      return g_strdup_printf (_("Showing what was known on %s."), when);
    }

  /* Translators: a time of today, for g_date_time_format(): “09:12”. */
  when = g_date_time_format (then, _("%H:%M"));
  /* Translators: %s is a time of today. */
  return g_strdup_printf (_("Showing what was known at %s."), when);
}

static gboolean
is_said_elsewhere (const GError *error)
{
  switch (till_error_get_reason (error))
    {
    case TILL_REASON_VAULT_LOCKED:
    case TILL_REASON_VAULT_DISMISSED:
    case TILL_REASON_VAULT_ABSENT:
    case TILL_REASON_VAULT_UNREADABLE:
      return TRUE;

    default:
      return FALSE;
    }
}

/* Returns: (transfer full) (nullable): what happened, where a short sentence says it all */
static char *
dup_short (TillServiceBanner *self,
           const GError      *error)
{
  const TillProfile *profile = till_session_get_current (self->session);

  if (error == NULL)
    return g_strdup (_("Stopped before all was known."));

  if (g_error_matches (error, TILL_ERROR, TILL_ERROR_UNAUTHORIZED) && profile != NULL)
    {
      g_autofree char *name = till_text_dup_display (profile->name, 60);

      /* Translators: %s is the name of a profile. */
      return g_strdup_printf (_("Airship refused the sign-in. Check the key of “%s”."), name);
    }

  return till_error_get_reason (error) == TILL_REASON_OFFLINE ? g_strdup (_("Offline.")) : NULL;
}

static void
set_text (GtkLabel   *label,
          const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

/* In short what happened and since when what is shown is known; the rest is folded away. */
static void
say (TillServiceBanner *self,
     const GError      *error)
{
  g_autofree char *known = dup_known (self);
  g_autofree char *text = dup_short (self, error);
  g_autofree char *body = error != NULL ? till_error_text_dup_body (error) : NULL;
  g_autofree char *line = NULL;

  if (text != NULL && known != NULL)
    line = g_strdup_printf ("%s %s", text, known);
  else
    line = g_strdup (text != NULL ? text : known != NULL ? known : body);

  set_text (self->title, text == NULL ? till_error_text_get_title (error) : NULL);
  set_text (self->label, line);
  set_text (self->body, body);
  till_error_details_set_error (self->details, error);
  gtk_widget_set_visible (self->more, error != NULL);
}

static void
update (TillServiceBanner *self)
{
  gboolean stopped = till_service_rows_get_stopped (self->rows);
  const GError *error = stopped ? NULL : till_service_rows_get_error (self->rows);
  gboolean wants_profile;

  if (!stopped && (error == NULL || is_said_elsewhere (error)))
    {
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      till_error_details_set_error (self->details, NULL);
      return;
    }

  wants_profile = g_error_matches (error, TILL_ERROR, TILL_ERROR_UNAUTHORIZED) ||
                  till_error_get_reason (error) == TILL_REASON_SECRET_MISSING;
  say (self, error);
  gtk_widget_set_visible (self->profile, wants_profile);
  gtk_widget_set_visible (self->again, !wants_profile);
  gtk_widget_set_sensitive (self->again, !till_service_rows_get_busy (self->rows));
  gtk_info_bar_set_message_type (self->bar, stopped ? GTK_MESSAGE_INFO : GTK_MESSAGE_WARNING);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

static GtkWidget *
add_button (TillServiceBanner *self,
            const char        *label,
            const char        *action)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_info_bar_add_action_widget (self->bar, button, GTK_RESPONSE_ACCEPT);

  return button;
}

static GtkLabel *
add_label (GtkWidget *box)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_box_append (GTK_BOX (box), label);

  return GTK_LABEL (label);
}

static void
till_service_banner_dispose (GObject *object)
{
  TillServiceBanner *self = TILL_SERVICE_BANNER (object);

  if (self->rows != NULL)
    g_signal_handlers_disconnect_by_data (self->rows, self);
  g_clear_object (&self->rows);
  g_clear_object (&self->session);
  if (self->bar != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->bar));
  self->bar = NULL;

  G_OBJECT_CLASS (till_service_banner_parent_class)->dispose (object);
}

static void
till_service_banner_class_init (TillServiceBannerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = till_service_banner_dispose;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
till_service_banner_init (TillServiceBanner *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *folded = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->bar = GTK_INFO_BAR (gtk_info_bar_new ());
  self->title = add_label (box);
  self->label = add_label (box);
  self->details = TILL_ERROR_DETAILS (till_error_details_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "heading");
  gtk_widget_set_hexpand (box, TRUE);
  self->more = gtk_expander_new (_("Details"));
  self->body = add_label (folded);
  gtk_box_append (GTK_BOX (folded), GTK_WIDGET (self->details));
  gtk_expander_set_child (GTK_EXPANDER (self->more), folded);
  gtk_box_append (GTK_BOX (box), self->more);
  gtk_info_bar_add_child (self->bar, box);
  self->profile = add_button (self, _("Open Profile"), "win.edit-profile");
  self->again = add_button (self, _("Try Again"), "pane.refresh");
  gtk_widget_set_parent (GTK_WIDGET (self->bar), GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * till_service_banner_new:
 * @session: which profile is at work
 * @rows: of its services
 *
 * Returns: (transfer floating): a banner; invisible where all is well
 */
GtkWidget *
till_service_banner_new (TillSession     *session,
                         TillServiceRows *rows)
{
  TillServiceBanner *self;

  g_return_val_if_fail (TILL_IS_SESSION (session), NULL);
  g_return_val_if_fail (TILL_IS_SERVICE_ROWS (rows), NULL);

  self = g_object_new (TILL_TYPE_SERVICE_BANNER, NULL);
  self->session = g_object_ref (session);
  self->rows = g_object_ref (rows);
  g_signal_connect_swapped (rows, "state-changed", G_CALLBACK (update), self);
  update (self);

  return GTK_WIDGET (self);
}
