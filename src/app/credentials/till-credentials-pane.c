/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pane of the credentials: asks for them, keeps time, and lets go of them. */
#include "config.h"

#include "till-credentials-pane.h"

#include <glib/gi18n.h>

#include "till-credentials-pane-private.h"
#include "till-credentials-words.h"
#include "till-error.h"
#include "till-flip-box.h"
#include "till-status-shape.h"

/**
 * TillCredentialsPane:
 *
 * Token and session are in memory only, as secrets, and go with their end, with
 * the profile, with till_credentials_pane_forget() and with the pane. Time is
 * counted from the moment of the answer on the boot time: neither clock of
 * service and computer needs to be right, and sleep counts. A timer runs only
 * while something counts down: each second where it can be seen, else once a
 * minute.
 */

#define HIDDEN_TICK_SECONDS 60

typedef enum
{
  PROP_SESSION = 1,
  PROP_BUSY,
} TillCredentialsPaneProperty;

static GParamSpec *properties[PROP_BUSY + 1];

G_DEFINE_FINAL_TYPE (TillCredentialsPane, till_credentials_pane, GTK_TYPE_WIDGET)

static const guint lives[] = { 0, 15, 5 };

/**
 * till_credentials_pane_get_minutes:
 * @self: a pane
 *
 * Returns: how many minutes to ask for; 0 for the longest, which is asked for by sending no number
 */
guint
till_credentials_pane_get_minutes (TillCredentialsPane *self)
{
  guint selected = adw_combo_row_get_selected (self->valid_for);

  return selected < G_N_ELEMENTS (lives) ? lives[selected] : (guint) gtk_spin_button_get_value_as_int (self->custom_spin);
}

/**
 * till_credentials_pane_redirect_is_fine:
 * @self: a pane
 *
 * Returns: whether the address to go on to can be sent, or is not given
 */
gboolean
till_credentials_pane_redirect_is_fine (TillCredentialsPane *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->redirect_row));
  g_autoptr(GUri) uri = NULL;

  if (*text == '\0')
    return TRUE;

  uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);

  return uri != NULL && g_str_equal (g_uri_get_scheme (uri), "https") && g_uri_get_userinfo (uri) == NULL &&
         g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0';
}

/**
 * till_credentials_pane_get_left:
 * @self: a pane
 *
 * Returns: seconds until the end, 0 after it; %G_MAXINT64 where nothing counts down
 */
gint64
till_credentials_pane_get_left (TillCredentialsPane *self)
{
  gint64 boot = till_clock_get_boot (till_session_get_clock (self->session));

  if (self->credentials == NULL || self->credentials->time_to_live == 0)
    return G_MAXINT64;

  return MAX (self->received_boot + self->credentials->time_to_live - boot, 0);
}

static gboolean
tick_cb (gpointer user_data)
{
  TillCredentialsPane *self = user_data;

  self->tick_id = 0;
  till_credentials_pane_update (self);

  return G_SOURCE_REMOVE;
}

/* When to get new ones; those that last only few minutes are not replaced as soon as they are there. */
static gint64
get_refresh_at (TillCredentialsPane *self)
{
  return MIN (TILL_CREDENTIALS_REFRESH_SECONDS, self->credentials->time_to_live / 2);
}

static void
start_timer (TillCredentialsPane *self,
             gint64               left)
{
  guint pause = 1;

  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (self->credentials == NULL || self->ended || left == G_MAXINT64)
    return;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      gint64 next = left;

      if (gtk_switch_get_active (self->auto_switch) && !self->refreshed)
        next = MIN (next, MAX (left - get_refresh_at (self), 1));
      pause = (guint) CLAMP (next, 1, HIDDEN_TICK_SECONDS);
    }

  self->tick_id = g_timeout_add (pause * 1000, tick_cb, self);
}

static void
drop_secrets (TillCredentialsPane *self)
{
  g_clear_pointer (&self->credentials->access_token, till_secret_unref);
  g_clear_pointer (&self->credentials->session_id, till_secret_unref);
}

static void
say (TillCredentialsPane *self,
     const char          *text,
     TillItemStatus       status)
{
  till_status_shape_set_status (TILL_STATUS_SHAPE (self->notice_sign), status);
  gtk_label_set_text (self->notice_label, text != NULL ? text : "");
  gtk_widget_set_visible (self->notice_box, text != NULL);
}

/* Only then: a countdown that is read out each second helps nobody. */
static void
announce (TillCredentialsPane *self,
          gint64               left)
{
  static const int minutes[] = { 1, 5 };

  if (left <= 0)
    {
      g_autofree char *time = till_credentials_words_dup_time (self->end_time);
      /* Translators: %s is a time of day: “Ended at 16:36.” */
      g_autofree char *text = g_strdup_printf (_("Ended at %s."), time);

      say (self, text, TILL_STATUS_EXPIRED);
      return;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (minutes); i++)
    if (left <= minutes[i] * 60 && self->last_left > minutes[i] * 60)
      {
        g_autofree char *text =
          g_strdup_printf (ngettext ("The access token ends in %d minute.", "The access token ends in %d minutes.",
                                     minutes[i]), minutes[i]);

        say (self, text, TILL_STATUS_SOON);
        return;
      }
}

/**
 * till_credentials_pane_update:
 * @self: a pane
 *
 * Looks at the clock.
 */
void
till_credentials_pane_update (TillCredentialsPane *self)
{
  gint64 left;

  /* The template sets its switch before there is a session. */
  if (self->session == NULL)
    return;

  left = till_credentials_pane_get_left (self);
  if (self->credentials != NULL && !self->ended && left != G_MAXINT64)
    {
      announce (self, left);
      self->last_left = left;
      if (left <= 0)
        {
          self->ended = TRUE;
          till_secret_row_end (self->token_row);
          till_secret_row_end (self->session_row);
          drop_secrets (self);
        }
      else if (gtk_switch_get_active (self->auto_switch) && !self->refreshed && self->asking == NULL &&
               left <= get_refresh_at (self))
        {
          /* Once for each: what is refused now would be refused again. */
          self->refreshed = TRUE;
          till_credentials_pane_get (self);
        }
      till_credentials_pane_show_left (self);
    }

  till_credentials_pane_update_actions (self);
  start_timer (self, left);
}

/**
 * till_credentials_pane_fail:
 * @self: a pane
 * @error: (nullable): why something failed; %NULL: nothing failed
 *
 * Shows it above what is known; cancelled is no failure.
 */
void
till_credentials_pane_fail (TillCredentialsPane *self,
                            const GError        *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (error, TILL_ERROR, TILL_ERROR_CANCELLED))
    error = NULL;

  g_clear_error (&self->failure);
  if (error != NULL)
    self->failure = g_error_copy (error);
  till_credentials_pane_show_failure (self);
}

static void
set_credentials (TillCredentialsPane *self,
                 TillHubCredentials  *credentials)
{
  TillClock *clock = till_session_get_clock (self->session);

  g_clear_pointer (&self->credentials, till_hub_credentials_free);
  self->credentials = credentials;
  self->ended = FALSE;
  self->refreshed = FALSE;
  self->received_boot = till_clock_get_boot (clock);
  if (credentials != NULL)
    {
      self->end_time = till_clock_get_now (clock) + credentials->time_to_live;
      self->last_left = credentials->time_to_live;
    }

  say (self, NULL, TILL_STATUS_VALID);
  till_credentials_pane_show_received (self);
  till_credentials_pane_update (self);
}

static void
set_busy (TillCredentialsPane *self,
          gboolean             busy)
{
  gtk_widget_set_visible (self->busy_box, busy);
  gtk_spinner_set_spinning (self->busy_spinner, busy);
  till_credentials_pane_update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

typedef struct
{
  TillCredentialsPane *self;
  GCancellable        *cancellable;
} Asking;

static void
free_asking (Asking *asking)
{
  g_object_unref (asking->cancellable);
  g_object_unref (asking->self);
  g_free (asking);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asking, free_asking)

static void
received_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Asking) asking = user_data;
  TillCredentialsPane *self = asking->self;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillHubCredentials) credentials = till_shop_credentials_finish (TILL_SHOP (source), result, &error);

  /* Disposed, forgotten, or another profile: what comes then is let go at once. */
  if (self->asking != asking->cancellable)
    return;

  g_clear_object (&self->asking);
  set_busy (self, FALSE);
  till_credentials_pane_fail (self, error);
  if (credentials != NULL)
    set_credentials (self, g_steal_pointer (&credentials));
  else
    till_credentials_pane_update (self);
  till_session_tell_changed (self->session);
}

/**
 * till_credentials_pane_get:
 * @self: a pane
 *
 * Asks the service for credentials. What is there stays until they come.
 */
void
till_credentials_pane_get (TillCredentialsPane *self)
{
  const char *redirect = gtk_editable_get_text (GTK_EDITABLE (self->redirect_row));
  Asking *asking;

  if (self->shop == NULL || self->asking != NULL || !till_credentials_pane_redirect_is_fine (self))
    return;

  till_credentials_pane_fail (self, NULL);
  self->asking = g_cancellable_new ();
  self->asked_minutes = till_credentials_pane_get_minutes (self);
  gtk_label_set_text (self->busy_label, _("Asking Commerce Hub for credentials…"));
  set_busy (self, TRUE);

  asking = g_new0 (Asking, 1);
  asking->self = g_object_ref (self);
  asking->cancellable = g_object_ref (self->asking);
  till_shop_credentials_async (self->shop, self->asked_minutes, *redirect != '\0' ? redirect : NULL, self->asking,
                               received_cb, asking);
}

/* Another profile: nothing of the last one stays. */
static void
session_changed_cb (TillCredentialsPane *self)
{
  TillShop *shop = till_session_get_shop (self->session);

  if (shop != self->shop)
    {
      till_credentials_pane_forget (self);
      gtk_editable_set_text (GTK_EDITABLE (self->redirect_row), "");
      g_set_object (&self->shop, shop);
      till_credentials_pane_show_request (self);
    }

  till_credentials_pane_update_actions (self);
}

static void
life_changed_cb (TillCredentialsPane *self)
{
  gtk_widget_set_visible (self->custom_row, adw_combo_row_get_selected (self->valid_for) >= G_N_ELEMENTS (lives));
  till_credentials_pane_show_units (self);
}

static void
redirect_changed_cb (TillCredentialsPane *self)
{
  gboolean fine = till_credentials_pane_redirect_is_fine (self);

  gtk_widget_set_visible (self->redirect_problem, !fine);
  if (fine)
    gtk_widget_remove_css_class (GTK_WIDGET (self->redirect_row), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->redirect_row), "error");
  till_credentials_pane_update_actions (self);
}

static void
active_changed_cb (TillCredentialsPane *self)
{
  if (self->window != NULL && !gtk_window_is_active (self->window))
    till_credentials_pane_mask (self);
}

static void
till_credentials_pane_root (GtkWidget *widget)
{
  TillCredentialsPane *self = TILL_CREDENTIALS_PANE (widget);
  GtkRoot *root;

  GTK_WIDGET_CLASS (till_credentials_pane_parent_class)->root (widget);

  root = gtk_widget_get_root (widget);
  if (!GTK_IS_WINDOW (root))
    return;

  self->window = GTK_WINDOW (root);
  self->active_id = g_signal_connect_swapped (root, "notify::is-active", G_CALLBACK (active_changed_cb), self);
}

static void
till_credentials_pane_unroot (GtkWidget *widget)
{
  TillCredentialsPane *self = TILL_CREDENTIALS_PANE (widget);

  if (self->window != NULL)
    g_clear_signal_handler (&self->active_id, self->window);
  self->window = NULL;

  GTK_WIDGET_CLASS (till_credentials_pane_parent_class)->unroot (widget);
}

static void
till_credentials_pane_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (till_credentials_pane_parent_class)->map (widget);
  till_credentials_pane_update (TILL_CREDENTIALS_PANE (widget));
}

static void
till_credentials_pane_unmap (GtkWidget *widget)
{
  TillCredentialsPane *self = TILL_CREDENTIALS_PANE (widget);

  till_credentials_pane_mask (self);
  GTK_WIDGET_CLASS (till_credentials_pane_parent_class)->unmap (widget);
  till_credentials_pane_update (self);
}

static void
till_credentials_pane_constructed (GObject *object)
{
  TillCredentialsPane *self = TILL_CREDENTIALS_PANE (object);

  G_OBJECT_CLASS (till_credentials_pane_parent_class)->constructed (object);

  g_signal_connect_object (self->session, "notify::state", G_CALLBACK (session_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::shop", G_CALLBACK (session_changed_cb), self, G_CONNECT_SWAPPED);
  till_credentials_pane_show_received (self);
  session_changed_cb (self);
  life_changed_cb (self);
}

static void
till_credentials_pane_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  TillCredentialsPane *self = TILL_CREDENTIALS_PANE (object);

  switch ((TillCredentialsPaneProperty) prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, self->asking != NULL);
      break;

    case PROP_SESSION:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_credentials_pane_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  TillCredentialsPane *self = TILL_CREDENTIALS_PANE (object);

  switch ((TillCredentialsPaneProperty) prop_id)
    {
    case PROP_SESSION:
      self->session = g_value_dup_object (value);
      break;

    case PROP_BUSY:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_credentials_pane_dispose (GObject *object)
{
  TillCredentialsPane *self = TILL_CREDENTIALS_PANE (object);
  g_autoptr(GCancellable) asking = g_steal_pointer (&self->asking);

  g_cancellable_cancel (asking);
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (self->clipboard != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->clipboard, self);
      till_clipboard_clear (self->clipboard);
    }
  if (self->clipboard_toast != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->clipboard_toast, self);
      adw_toast_dismiss (self->clipboard_toast);
    }
  g_clear_object (&self->clipboard_toast);
  g_clear_object (&self->clipboard);
  g_clear_pointer (&self->credentials, till_hub_credentials_free);
  g_clear_pointer (&self->request_facts, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), TILL_TYPE_CREDENTIALS_PANE);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->shop);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (till_credentials_pane_parent_class)->dispose (object);
}

static void
till_credentials_pane_finalize (GObject *object)
{
  g_clear_error (&TILL_CREDENTIALS_PANE (object)->failure);

  G_OBJECT_CLASS (till_credentials_pane_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, TillCredentialsPane, name)
  BIND (scroller);
  BIND (get_button);
  BIND (busy_box);
  BIND (busy_spinner);
  BIND (busy_label);
  BIND (failure_box);
  BIND (failure_sign);
  BIND (failure_title);
  BIND (failure_body);
  BIND (failure_again);
  BIND (failure_profile);
  BIND (failure_vault);
  BIND (failure_details);
  BIND (notice_box);
  BIND (notice_sign);
  BIND (notice_label);
  BIND (empty_page);
  BIND (content);
  BIND (list);
  BIND (header_row);
  BIND (key_row);
  BIND (key_kind);
  BIND (key_hash);
  BIND (facts_label);
  BIND (auto_switch);
  BIND (answer_list);
  BIND (answer_group);
  BIND (valid_for);
  BIND (custom_row);
  BIND (custom_spin);
  BIND (redirect_row);
  BIND (redirect_problem);
  BIND (request_row);
#undef BIND
}

static void
till_credentials_pane_class_init (TillCredentialsPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = till_credentials_pane_constructed;
  object_class->get_property = till_credentials_pane_get_property;
  object_class->set_property = till_credentials_pane_set_property;
  object_class->dispose = till_credentials_pane_dispose;
  object_class->finalize = till_credentials_pane_finalize;
  widget_class->root = till_credentials_pane_root;
  widget_class->unroot = till_credentials_pane_unroot;
  widget_class->map = till_credentials_pane_map;
  widget_class->unmap = till_credentials_pane_unmap;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, TILL_TYPE_SESSION,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (TILL_TYPE_ERROR_DETAILS);
  g_type_ensure (TILL_TYPE_FLIP_BOX);
  g_type_ensure (TILL_TYPE_STATUS_SHAPE);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tillkeeper/Tillkeeper/till-credentials-pane.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, till_credentials_pane_update);
  gtk_widget_class_bind_template_callback (widget_class, life_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, redirect_changed_cb);
  till_credentials_pane_class_install_actions (widget_class);
  gtk_widget_class_set_css_name (widget_class, "credentialspane");
}

static void
till_credentials_pane_init (TillCredentialsPane *self)
{
  self->cancellable = g_cancellable_new ();
  self->clipboard_seconds = TILL_CLIPBOARD_SECONDS;
  self->request_facts = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  self->token_row = TILL_SECRET_ROW (till_secret_row_new (_("Access Token"), "pane.reveal-token", "pane.copy-token"));
  self->session_row = TILL_SECRET_ROW (till_secret_row_new (_("Session ID"), "pane.reveal-session", "pane.copy-session"));
  gtk_list_box_prepend (self->list, GTK_WIDGET (self->session_row));
  gtk_list_box_prepend (self->list, GTK_WIDGET (self->token_row));
  till_status_shape_set_status (TILL_STATUS_SHAPE (self->failure_sign), TILL_STATUS_PROBLEM);
}

/**
 * till_credentials_pane_new:
 * @session: which profile the window works with
 *
 * Returns: (transfer floating): the pane
 */
GtkWidget *
till_credentials_pane_new (TillSession *session)
{
  g_return_val_if_fail (TILL_IS_SESSION (session), NULL);

  return g_object_new (TILL_TYPE_CREDENTIALS_PANE, "session", session, NULL);
}

/**
 * till_credentials_pane_forget:
 * @self: a pane
 *
 * Lets go of all that was received and of what was copied; an answer that is on
 * its way is not waited for.
 */
void
till_credentials_pane_forget (TillCredentialsPane *self)
{
  g_autoptr(GCancellable) asking = NULL;

  g_return_if_fail (TILL_IS_CREDENTIALS_PANE (self));

  asking = g_steal_pointer (&self->asking);
  g_cancellable_cancel (asking);
  set_busy (self, FALSE);
  till_credentials_pane_clear_clipboard (self);
  till_credentials_pane_fail (self, NULL);
  set_credentials (self, NULL);
}

/**
 * till_credentials_pane_set_clipboard_seconds:
 * @self: a pane
 * @seconds: above 0
 *
 * Sets how long what is copied from now on stays on the clipboard.
 */
void
till_credentials_pane_set_clipboard_seconds (TillCredentialsPane *self,
                                             guint                seconds)
{
  g_return_if_fail (TILL_IS_CREDENTIALS_PANE (self));
  g_return_if_fail (seconds > 0);

  self->clipboard_seconds = seconds;
}
