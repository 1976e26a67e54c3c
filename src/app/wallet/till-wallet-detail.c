/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The details page of a certificate at a service: the wallet's or an upload for point of sale. */
#include "config.h"

#include "till-wallet-detail-private.h"

#include <glib/gi18n.h>

#include "till-error-text.h"
#include "till-error.h"
#include "till-flip-box.h"
#include "till-wallet-facts.h"
#include "till-wallet-json.h"

/**
 * TillWalletDetail:
 *
 * Shows one item and does what can be done with it, one change at a time. What
 * was typed and not sent is kept for each item until the page goes. A change
 * goes on when another item is shown; what still waits for the time to undo is
 * not sent when the window closes or another profile is opened. A timer runs
 * only while the page can be seen and its certificate has not ended.
 */

#define DAY G_GINT64_CONSTANT (86400)

/* Words such as “in 3 hours” are never older than that. */
#define TICK_SECONDS 60

/* Where only days are counted, and the computer may have slept. */
#define LONG_TICK_SECONDS 3600

typedef enum
{
  PROP_SESSION = 1,
  PROP_SWITCHED_ON,
} TillWalletDetailProperty;

static GParamSpec *properties[PROP_SWITCHED_ON + 1];

enum
{
  SIGNAL_LEAVING_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TillWalletDetail, till_wallet_detail, GTK_TYPE_WIDGET)

static void start_timer (TillWalletDetail *self);

static gboolean
tick_cb (gpointer user_data)
{
  TillWalletDetail *self = user_data;

  self->tick_id = 0;
  till_wallet_detail_update_card (self);
  start_timer (self);

  return G_SOURCE_REMOVE;
}

static void
start_timer (TillWalletDetail *self)
{
  gint64 left;

  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (self->item == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)) ||
      self->item->ending.until == TILL_TIME_UNKNOWN || self->item->ending.until == TILL_TIME_NEVER)
    return;

  left = self->item->ending.until - till_clock_get_now (till_session_get_clock (self->session));
  if (left >= 0)
    self->tick_id = g_timeout_add_seconds (left > 2 * DAY ? LONG_TICK_SECONDS : (guint) MIN (left + 1, TICK_SECONDS),
                                           tick_cb, self);
}

/**
 * till_wallet_detail_dup_lock:
 * @self: a page with an item
 *
 * Returns: (transfer full) (nullable): why nothing can be changed, in whole sentences; %NULL where it can
 */
char *
till_wallet_detail_dup_lock (TillWalletDetail *self)
{
  gint64 now = till_clock_get_now (till_session_get_clock (self->session));
  char *elsewhere = till_wallet_facts_dup_elsewhere (self->item);

  if (elsewhere != NULL)
    return elsewhere;

  if (self->seen_at != TILL_TIME_UNKNOWN)
    return till_wallet_facts_dup_offline (self->seen_at, now);

  if (self->shop == NULL || till_session_get_state (self->session) != TILL_SESSION_OPEN)
    return g_strdup (_("The profile is not open."));

  return NULL;
}

/**
 * till_wallet_detail_update:
 * @self: a page
 *
 * Shows how things stand, and what can be done.
 */
void
till_wallet_detail_update (TillWalletDetail *self)
{
  till_wallet_detail_update_view (self);
  till_wallet_detail_update_actions (self);
  start_timer (self);
}

/**
 * till_wallet_detail_toast:
 * @self: a page
 * @text: what was done
 *
 * Says what was done.
 */
void
till_wallet_detail_toast (TillWalletDetail *self,
                          const char       *text)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), adw_toast_new (escaped));
}

/**
 * till_wallet_detail_begin:
 * @self: a page
 * @text: what is being done: “Saving…”
 *
 * Says that a service is being asked; till_wallet_detail_end() ends it.
 *
 * Returns: (transfer none): to stop it
 */
GCancellable *
till_wallet_detail_begin (TillWalletDetail *self,
                          const char       *text)
{
  if (self->changing == NULL)
    self->changing = g_cancellable_new ();
  till_undo_set_held (self->undo, TRUE);

  gtk_label_set_label (self->busy_label, text);
  gtk_widget_set_visible (self->busy_box, TRUE);
  gtk_spinner_start (self->busy_spinner);
  till_wallet_detail_update_actions (self);

  return self->changing;
}

/**
 * till_wallet_detail_end:
 * @self: a page
 *
 * No service is being asked any more.
 */
void
till_wallet_detail_end (TillWalletDetail *self)
{
  g_clear_object (&self->changing);
  gtk_spinner_stop (self->busy_spinner);
  gtk_widget_set_visible (self->busy_box, FALSE);
  till_wallet_detail_update_actions (self);
  /* The next change may begin. */
  till_undo_set_held (self->undo, FALSE);
}

/**
 * till_wallet_detail_fail:
 * @self: a page
 * @error: (nullable): why something failed; %NULL: nothing failed
 *
 * Shows it above what is known; cancelled is no failure.
 */
void
till_wallet_detail_fail (TillWalletDetail *self,
                         const GError     *error)
{
  g_autofree char *body = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (error, TILL_ERROR, TILL_ERROR_CANCELLED))
    error = NULL;

  g_clear_error (&self->failure);
  gtk_widget_set_visible (self->failure_box, error != NULL);
  if (error == NULL)
    return;

  self->failure = g_error_copy (error);
  body = till_error_text_dup_body (error);
  till_status_shape_set_status (self->failure_shape, TILL_STATUS_PROBLEM);
  gtk_label_set_label (self->failure_title, till_error_text_get_title (error));
  gtk_label_set_label (self->failure_body, body);
  till_error_details_set_error (self->failure_details, error);
  gtk_widget_set_visible (self->failure_profile,
                          g_error_matches (error, TILL_ERROR, TILL_ERROR_UNAUTHORIZED) ||
                          g_error_matches (error, TILL_ERROR, TILL_ERROR_VAULT_UNAVAILABLE));
  /* What has to be read is not left below the edge. */
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

/**
 * till_wallet_detail_take:
 * @self: a page
 * @item: a fresh state of a certificate
 *
 * Shows it where it is the one that is shown.
 */
void
till_wallet_detail_take (TillWalletDetail *self,
                         TillItem         *item)
{
  if (self->item != NULL && g_str_equal (self->item->id, item->id))
    till_wallet_detail_set_item (self, item, TILL_TIME_UNKNOWN);
}

/**
 * till_wallet_detail_notify_enabled:
 * @self: a page
 *
 * The state of “wallet.enable” may be another.
 */
void
till_wallet_detail_notify_enabled (TillWalletDetail *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SWITCHED_ON]);
}

static void
undo_changed_cb (TillWalletDetail *self)
{
  /* The window may be falling apart. */
  if (self->session == NULL || gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;

  till_wallet_detail_update (self);
  till_wallet_detail_notify_enabled (self);
  g_signal_emit (self, signals[SIGNAL_LEAVING_CHANGED], 0);
}

/* Another profile: what waited to be sent is not. */
static void
session_changed_cb (TillWalletDetail *self)
{
  TillShop *shop = till_session_get_shop (self->session);

  if (shop != self->shop)
    {
      till_undo_undo (self->undo);
      till_wallet_detail_fail (self, NULL);
      g_hash_table_remove_all (self->drafts);
      g_set_object (&self->shop, shop);
      till_wallet_detail_set_item (self, NULL, TILL_TIME_UNKNOWN);
    }

  till_wallet_detail_update (self);
}

static void
edited_cb (TillWalletDetail *self)
{
  if (self->filling)
    return;

  till_wallet_detail_update_edit (self);
  till_wallet_detail_update_actions (self);
}

/* Enter leads to what will change, which is to be read before it is sent. */
static void
entry_activated_cb (TillWalletDetail *self)
{
  if (gtk_widget_get_visible (self->edit_group))
    gtk_widget_grab_focus (self->save_button);
}

static void
expanded_cb (TillWalletDetail *self)
{
  till_wallet_detail_unfold (self);
}

static void
till_wallet_detail_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (till_wallet_detail_parent_class)->map (widget);
  till_wallet_detail_update (TILL_WALLET_DETAIL (widget));
}

static void
till_wallet_detail_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&TILL_WALLET_DETAIL (widget)->tick_id, g_source_remove);
  GTK_WIDGET_CLASS (till_wallet_detail_parent_class)->unmap (widget);
}

/* The window closes: what can still be undone is not sent. */
static void
till_wallet_detail_unroot (GtkWidget *widget)
{
  TillWalletDetail *self = TILL_WALLET_DETAIL (widget);

  till_undo_undo (self->undo);
  g_cancellable_cancel (self->looking);
  g_cancellable_cancel (self->saving);
  g_object_unref (self->saving);
  self->saving = g_cancellable_new ();
  GTK_WIDGET_CLASS (till_wallet_detail_parent_class)->unroot (widget);
}

static void
till_wallet_detail_constructed (GObject *object)
{
  TillWalletDetail *self = TILL_WALLET_DETAIL (object);

  G_OBJECT_CLASS (till_wallet_detail_parent_class)->constructed (object);

  g_signal_connect_object (self->session, "notify::state", G_CALLBACK (session_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::shop", G_CALLBACK (session_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "changed", G_CALLBACK (till_wallet_detail_look), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->undo, "changed", G_CALLBACK (undo_changed_cb), self, G_CONNECT_SWAPPED);
  session_changed_cb (self);
}

/* What waits to be switched off is shown so already. */
static gboolean
is_switched_on (TillWalletDetail *self)
{
  if (self->item == NULL || self->item->wallet == NULL)
    return FALSE;

  if (self->leave == TILL_LEAVE_SWITCH_OFF && g_strcmp0 (till_undo_get_waiting (self->undo), self->item->id) == 0)
    return FALSE;

  return self->item->wallet->enabled == TILL_TRI_TRUE;
}

static void
till_wallet_detail_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  TillWalletDetail *self = TILL_WALLET_DETAIL (object);

  switch ((TillWalletDetailProperty) prop_id)
    {
    case PROP_SWITCHED_ON:
      g_value_set_boolean (value, is_switched_on (self));
      break;

    case PROP_SESSION:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_wallet_detail_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  TillWalletDetail *self = TILL_WALLET_DETAIL (object);

  switch ((TillWalletDetailProperty) prop_id)
    {
    case PROP_SESSION:
      self->session = g_value_dup_object (value);
      break;

    case PROP_SWITCHED_ON:
      till_wallet_detail_set_enabled (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_wallet_detail_dispose (GObject *object)
{
  TillWalletDetail *self = TILL_WALLET_DETAIL (object);

  till_undo_undo (self->undo);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_cancellable_cancel (self->looking);
  g_cancellable_cancel (self->saving);
  till_wallet_detail_fold (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), TILL_TYPE_WALLET_DETAIL);

  g_clear_object (&self->looking);
  g_clear_object (&self->changing);
  g_clear_object (&self->shop);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (till_wallet_detail_parent_class)->dispose (object);
}

static void
till_wallet_detail_finalize (GObject *object)
{
  TillWalletDetail *self = TILL_WALLET_DETAIL (object);

  g_clear_pointer (&self->item, till_item_unref);
  g_clear_pointer (&self->before, till_item_unref);
  g_clear_pointer (&self->leave_item, till_item_unref);
  g_clear_pointer (&self->intents, g_ptr_array_unref);
  g_clear_pointer (&self->log, g_ptr_array_unref);
  g_clear_error (&self->failure);
  g_hash_table_unref (self->drafts);
  g_object_unref (self->undo);
  g_object_unref (self->saving);
  g_free (self->base_name);
  g_free (self->base_comment);

  G_OBJECT_CLASS (till_wallet_detail_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillWalletDetail, child)
  BIND (stack);
  BIND (scroller);
  BIND (busy_box);
  BIND (busy_spinner);
  BIND (busy_label);
  BIND (waiting_box);
  BIND (waiting_label);
  BIND (failure_box);
  BIND (failure_shape);
  BIND (failure_title);
  BIND (failure_body);
  BIND (failure_profile);
  BIND (failure_details);
  BIND (pending_group);
  BIND (pending_list);
  BIND (name);
  BIND (shape);
  BIND (status);
  BIND (date);
  BIND (bar);
  BIND (used);
  BIND (note);
  BIND (consequence);
  BIND (replace_button);
  BIND (replace_reason);
  BIND (conflict_group);
  BIND (conflict_list);
  BIND (conflict_mine);
  BIND (conflict_theirs);
  BIND (templates_list);
  BIND (templates_row);
  BIND (facts_list);
  BIND (change_box);
  BIND (default_row);
  BIND (default_button);
  BIND (enabled_row);
  BIND (enabled_switch);
  BIND (name_row);
  BIND (comment_row);
  BIND (change_reason);
  BIND (edit_group);
  BIND (edit_list);
  BIND (save_button);
  BIND (technical_row);
  BIND (history_row);
  BIND (raw_row);
  BIND (remove_box);
  BIND (remove_reason);
#undef BIND
}

static void
till_wallet_detail_class_init (TillWalletDetailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = till_wallet_detail_constructed;
  object_class->get_property = till_wallet_detail_get_property;
  object_class->set_property = till_wallet_detail_set_property;
  object_class->dispose = till_wallet_detail_dispose;
  object_class->finalize = till_wallet_detail_finalize;
  widget_class->map = till_wallet_detail_map;
  widget_class->unmap = till_wallet_detail_unmap;
  widget_class->unroot = till_wallet_detail_unroot;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, TILL_TYPE_SESSION,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  /* Behind the action “wallet.enable”: to set it is to ask for it. */
  properties[PROP_SWITCHED_ON] =
    g_param_spec_boolean ("switched-on", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[SIGNAL_LEAVING_CHANGED] =
    g_signal_new ("leaving-changed", TILL_TYPE_WALLET_DETAIL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (TILL_TYPE_ERROR_DETAILS);
  g_type_ensure (TILL_TYPE_FLIP_BOX);
  g_type_ensure (TILL_TYPE_STATUS_SHAPE);
  g_type_ensure (TILL_TYPE_VALIDITY_BAR);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/tillkeeper/Tillkeeper/till-wallet-detail.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, expanded_cb);
  till_wallet_detail_class_install_actions (widget_class);
  gtk_widget_class_set_css_name (widget_class, "walletdetail");
}

static void
till_wallet_detail_init (TillWalletDetail *self)
{
  self->seen_at = TILL_TIME_UNKNOWN;
  self->undo_seconds = 10;
  self->saving = g_cancellable_new ();
  self->undo = till_undo_new (GTK_WIDGET (self), "wallet.undo");
  self->drafts = till_wallet_detail_new_drafts ();
  gtk_widget_init_template (GTK_WIDGET (self));

  self->templates.row = self->templates_row;
  self->technical.row = self->technical_row;
  self->history.row = self->history_row;
  self->raw.row = self->raw_row;
}

/**
 * till_wallet_detail_new:
 * @session: which profile the window works with
 *
 * Returns: (transfer floating): a page without an item
 */
GtkWidget *
till_wallet_detail_new (TillSession *session)
{
  g_return_val_if_fail (TILL_IS_SESSION (session), NULL);

  return g_object_new (TILL_TYPE_WALLET_DETAIL, "session", session, NULL);
}

static gboolean
is_same_content (const TillItem *a,
                 const TillItem *b)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (a->wallet == NULL || b->wallet == NULL)
    return a->upload != NULL && b->upload != NULL && a->upload->uploaded_at == b->upload->uploaded_at;

  first = till_wallet_json_dup (a->wallet);
  second = till_wallet_json_dup (b->wallet);

  return g_str_equal (first, second);
}

/**
 * till_wallet_detail_set_item:
 * @self: a page
 * @item: (nullable): of %TILL_ENDING_WALLET or %TILL_ENDING_UPLOAD
 * @seen_at: %TILL_TIME_UNKNOWN where the service was asked just now, else when this was last known
 *
 * Shows an item, or a newer state of the one that is shown: what is open stays
 * open then, and what was typed stays typed.
 */
void
till_wallet_detail_set_item (TillWalletDetail *self,
                             TillItem         *item,
                             gint64            seen_at)
{
  g_autoptr(TillItem) old = NULL;
  gboolean same;

  g_return_if_fail (TILL_IS_WALLET_DETAIL (self));
  g_return_if_fail (item == NULL || item->wallet != NULL || item->upload != NULL);

  if (self->item == item && self->seen_at == seen_at)
    return;

  till_wallet_detail_keep_draft (self);
  old = g_steal_pointer (&self->item);
  self->item = item != NULL ? till_item_ref (item) : NULL;
  self->seen_at = seen_at;
  same = old != NULL && item != NULL && g_str_equal (old->id, item->id) && old->ending.kind == item->ending.kind;

  if (!same)
    {
      g_clear_pointer (&self->before, till_item_unref);
      g_clear_pointer (&self->intents, g_ptr_array_unref);
      g_clear_pointer (&self->log, g_ptr_array_unref);
      till_wallet_detail_fail (self, NULL);
      gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
    }

  /* What is open is not made anew, under the hands of a person, for nothing. */
  if (!same || !is_same_content (old, item))
    till_wallet_detail_fold (self);
  till_wallet_detail_fill_edit (self, FALSE);
  if (same && item->wallet != NULL)
    till_wallet_detail_show_conflict (self, old, FALSE);
  till_wallet_detail_update (self);
  till_wallet_detail_notify_enabled (self);
  till_wallet_detail_look (self);
  till_wallet_detail_unfold (self);
}

/**
 * till_wallet_detail_get_item:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): what is shown, as it was last known
 */
TillItem *
till_wallet_detail_get_item (TillWalletDetail *self)
{
  g_return_val_if_fail (TILL_IS_WALLET_DETAIL (self), NULL);

  return self->item;
}

/**
 * till_wallet_detail_undo:
 * @self: a page
 *
 * What waits for the time to undo is not sent.
 */
void
till_wallet_detail_undo (TillWalletDetail *self)
{
  g_return_if_fail (TILL_IS_WALLET_DETAIL (self));

  till_undo_undo (self->undo);
}

/**
 * till_wallet_detail_can_undo:
 * @self: a page
 *
 * Returns: whether something waits for the time to undo
 */
gboolean
till_wallet_detail_can_undo (TillWalletDetail *self)
{
  g_return_val_if_fail (TILL_IS_WALLET_DETAIL (self), FALSE);

  return till_undo_get_waiting (self->undo) != NULL;
}

/**
 * till_wallet_detail_is_leaving:
 * @self: a page
 * @id: of a certificate
 *
 * Returns: whether it waits to be removed
 */
gboolean
till_wallet_detail_is_leaving (TillWalletDetail *self,
                               const char       *id)
{
  g_return_val_if_fail (TILL_IS_WALLET_DETAIL (self), FALSE);

  return id != NULL && self->leave == TILL_LEAVE_REMOVE && g_strcmp0 (till_undo_get_waiting (self->undo), id) == 0;
}

/**
 * till_wallet_detail_set_undo_seconds:
 * @self: a page
 * @seconds: how long *Undo* is offered before anything is sent
 */
void
till_wallet_detail_set_undo_seconds (TillWalletDetail *self,
                                     guint             seconds)
{
  g_return_if_fail (TILL_IS_WALLET_DETAIL (self));

  self->undo_seconds = seconds;
}
