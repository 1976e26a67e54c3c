/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pane of the encryption keys: reads them, keeps time, says how it stands. */
#include "config.h"

#include "till-keys-pane.h"

#include <glib/gi18n.h>

#include "till-error-text.h"
#include "till-error.h"
#include "till-flip-box.h"
#include "till-key-row.h"
#include "till-key-shape.h"
#include "till-keys-pane-private.h"
#include "till-status-shape.h"

/**
 * TillKeysPane:
 *
 * The service has no list of keys: what is shown is the register of this
 * computer, which needs no network. It is read again after each change and when
 * another pane has changed something; what is known stays on screen meanwhile.
 * A timer runs only while a key counts down and the pane can be seen.
 */

/* Words such as “in 3 hours” are never older than that. */
#define TICK_SECONDS 60

#define FIRST_ROWS 25

typedef enum
{
  PROP_SESSION = 1,
  PROP_BUSY,
} TillKeysPaneProperty;

static GParamSpec *properties[PROP_BUSY + 1];

G_DEFINE_FINAL_TYPE (TillKeysPane, till_keys_pane, GTK_TYPE_WIDGET)

static void start_timer (TillKeysPane *self);

static gboolean
tick_cb (gpointer user_data)
{
  TillKeysPane *self = user_data;

  self->tick_id = 0;
  till_keys_pane_update (self);

  return G_SOURCE_REMOVE;
}

/* The next moment at which something else is to be said, at the latest in a minute. */
static guint
get_pause (TillKeysPane *self)
{
  const TillAdvice *advice = self->advice;
  gint64 next = advice->at + TICK_SECONDS;

  for (guint i = 0; i < self->keys->len; i++)
    {
      const TillKeyRecord *key = self->keys->pdata[i];

      if (key->valid_from > advice->at)
        next = MIN (next, key->valid_from);
      if (key->valid_to >= advice->at)
        next = MIN (next, key->valid_to + 1);
    }

  return (guint) CLAMP (next - advice->at, 1, TICK_SECONDS);
}

static gboolean
counts_down (TillKeysPane *self)
{
  for (guint i = 0; self->advice != NULL && i < self->advice->standings->len; i++)
    {
      TillKeyStanding standing = g_array_index (self->advice->standings, TillKeyStanding, i);

      if (standing == TILL_KEY_USE || standing == TILL_KEY_ACCEPTED || standing == TILL_KEY_NOT_YET)
        return TRUE;
    }

  return FALSE;
}

static void
start_timer (TillKeysPane *self)
{
  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && counts_down (self))
    self->tick_id = g_timeout_add_seconds (get_pause (self), tick_cb, self);
}

/**
 * till_keys_pane_update:
 * @self: a pane
 *
 * Judges the keys anew at this moment, and shows that.
 */
void
till_keys_pane_update (TillKeysPane *self)
{
  g_clear_pointer (&self->advice, till_advice_free);
  if (self->keys != NULL)
    self->advice = till_advice_new (self->keys, till_clock_get_now (till_session_get_clock (self->session)));

  till_keys_pane_update_view (self);
  till_keys_pane_update_actions (self);
  start_timer (self);
}

/**
 * till_keys_pane_toast:
 * @self: a pane
 * @text: what was done
 *
 * Says what was done.
 */
void
till_keys_pane_toast (TillKeysPane *self,
                      const char   *text)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), adw_toast_new (escaped));
}

/**
 * till_keys_pane_get_key:
 * @self: a pane
 * @key_id: of a key
 *
 * Returns: (transfer none) (nullable): that key as it was last read
 */
const TillKeyRecord *
till_keys_pane_get_key (TillKeysPane *self,
                        const char   *key_id)
{
  for (guint i = 0; self->keys != NULL && key_id != NULL && i < self->keys->len; i++)
    {
      const TillKeyRecord *key = self->keys->pdata[i];

      if (g_str_equal (key->key_id, key_id))
        return key;
    }

  return NULL;
}

/**
 * till_keys_pane_get_standing:
 * @self: a pane
 * @key: one of its keys
 *
 * Returns: what it is good for
 */
TillKeyStanding
till_keys_pane_get_standing (TillKeysPane        *self,
                             const TillKeyRecord *key)
{
  for (guint i = 0; self->advice != NULL && i < self->keys->len; i++)
    if (self->keys->pdata[i] == key)
      return g_array_index (self->advice->standings, TillKeyStanding, i);

  return TILL_KEY_UNUSABLE;
}

/**
 * till_keys_pane_get_focused:
 * @self: a pane
 *
 * Returns: (transfer none) (nullable): the key whose row has the focus, or something in it
 */
const TillKeyRecord *
till_keys_pane_get_focused (TillKeysPane *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *row = NULL;
  const TillKeyRecord *key;

  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list)))
    row = TILL_IS_KEY_ROW (focus) ? focus : gtk_widget_get_ancestor (focus, TILL_TYPE_KEY_ROW);
  if (row == NULL)
    return NULL;

  key = till_key_row_get_record (TILL_KEY_ROW (row));

  return key != NULL ? till_keys_pane_get_key (self, key->key_id) : NULL;
}

/**
 * till_keys_pane_begin:
 * @self: a pane
 * @text: what is being done: “Asking Commerce Hub for a new key…”
 * @cancellable: whether *Cancel* is offered
 *
 * Says that a service is being asked; till_keys_pane_end() ends it.
 *
 * Returns: (transfer none): to stop it
 */
GCancellable *
till_keys_pane_begin (TillKeysPane *self,
                      const char   *text,
                      gboolean      cancellable)
{
  if (self->changing == NULL)
    self->changing = g_cancellable_new ();
  till_undo_set_held (self->undo, TRUE);

  gtk_label_set_label (self->busy_label, text);
  gtk_widget_set_visible (self->busy_cancel, cancellable);
  gtk_widget_set_visible (self->busy_box, TRUE);
  gtk_spinner_start (self->busy_spinner);
  till_keys_pane_update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);

  return self->changing;
}

/**
 * till_keys_pane_end:
 * @self: a pane
 *
 * No service is being asked any more.
 */
void
till_keys_pane_end (TillKeysPane *self)
{
  g_clear_object (&self->changing);
  gtk_spinner_stop (self->busy_spinner);
  gtk_widget_set_visible (self->busy_box, FALSE);
  till_keys_pane_update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
  /* The next change may begin. */
  till_undo_set_held (self->undo, FALSE);
}

/**
 * till_keys_pane_fail:
 * @self: a pane
 * @error: (nullable): why something failed; %NULL: nothing failed
 *
 * Shows it above what is known; cancelled is no failure.
 */
void
till_keys_pane_fail (TillKeysPane *self,
                     const GError *error)
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
  gtk_label_set_label (self->failure_title, till_error_text_get_title (error));
  gtk_label_set_label (self->failure_body, body);
  till_error_details_set_error (self->failure_details, error);
  gtk_widget_set_visible (self->failure_profile,
                          g_error_matches (error, TILL_ERROR, TILL_ERROR_UNAUTHORIZED) ||
                          g_error_matches (error, TILL_ERROR, TILL_ERROR_VAULT_UNAVAILABLE));
}

typedef struct
{
  char      *profile_id;
  GPtrArray *intents;
} Query;

static void
free_query (gpointer data)
{
  Query *query = data;

  g_clear_pointer (&query->intents, g_ptr_array_unref);
  g_free (query->profile_id);
  g_free (query);
}

static gboolean
query_work (TillTransaction  *transaction,
            gpointer          data,
            GError          **error)
{
  Query *query = data;

  query->intents = till_transaction_list_intents (transaction, query->profile_id, TRUE, error);

  return query->intents != NULL;
}

typedef struct
{
  TillKeysPane *self;      /* (owned) */
  TillShop     *shop;      /* (owned) */
  Query        *query;     /* owned by the store's call */
} Load;

static void
free_load (Load *load)
{
  g_object_unref (load->self);
  g_object_unref (load->shop);
  g_free (load);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Load, free_load)

static void
queried_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Load) load = user_data;
  TillKeysPane *self = load->self;
  g_autoptr(GError) error = NULL;
  gboolean read = till_store_run_finish (TILL_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->shop != load->shop)
    return;

  g_clear_object (&self->loading);
  if (!read)
    {
      till_keys_pane_fail (self, error);
      return;
    }

  g_clear_pointer (&self->intents, g_ptr_array_unref);
  self->intents = g_ptr_array_ref (load->query->intents);
  till_keys_pane_update (self);
}

static void
keys_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Load) load = user_data;
  TillKeysPane *self = load->self;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) keys = till_shop_keys_finish (TILL_SHOP (source), result, &error);
  GCancellable *loading = self->loading;

  /* Cancelled means disposed, or another profile. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->shop != load->shop)
    return;

  if (keys == NULL)
    {
      g_clear_object (&self->loading);
      till_keys_pane_fail (self, error);
      till_keys_pane_update (self);
      return;
    }

  /* The advice points into the keys. */
  g_clear_pointer (&self->advice, till_advice_free);
  g_clear_pointer (&self->keys, g_ptr_array_unref);
  self->keys = g_steal_pointer (&keys);
  till_keys_pane_update (self);

  load->query = g_new0 (Query, 1);
  load->query->profile_id = g_strdup (till_shop_get_profile (self->shop)->id);
  till_store_run_async (till_session_get_store (self->session), query_work, load->query, free_query, loading,
                        queried_cb, load);
  g_steal_pointer (&load);
}

/**
 * till_keys_pane_load:
 * @self: a pane
 *
 * Reads the register again. What is shown stays until that is done.
 */
void
till_keys_pane_load (TillKeysPane *self)
{
  Load *load;

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  if (self->shop == NULL)
    return;

  self->loading = g_cancellable_new ();
  load = g_new0 (Load, 1);
  load->self = g_object_ref (self);
  load->shop = g_object_ref (self->shop);
  till_shop_keys_async (self->shop, self->loading, keys_cb, load);
}

/* Another profile: nothing of the last one stays, and what waited to be sent is not. */
static void
session_changed_cb (TillKeysPane *self)
{
  TillShop *shop = till_session_get_shop (self->session);

  if (shop != self->shop)
    {
      till_undo_undo (self->undo);
      till_keys_pane_fail (self, NULL);
      g_clear_pointer (&self->advice, till_advice_free);
      g_clear_pointer (&self->keys, g_ptr_array_unref);
      g_clear_pointer (&self->intents, g_ptr_array_unref);
      self->n_shown = FIRST_ROWS;
      g_set_object (&self->shop, shop);
      till_keys_pane_load (self);
    }

  till_keys_pane_update (self);
}

static void
narrow_changed_cb (TillKeysPane *self)
{
  if (self->as_list < 0)
    till_keys_pane_update_view (self);
}

static void
timeline_toggled_cb (TillKeysPane *self)
{
  int as_list = gtk_toggle_button_get_active (self->timeline_toggle);
  gboolean narrow = till_adaptive_bin_get_narrow (self->adaptive);

  /* What the width wants is not what a person has chosen. */
  if (as_list == (self->as_list < 0 ? narrow : self->as_list))
    return;

  self->as_list = as_list;
  till_keys_pane_update_view (self);
}

static void
more_clicked_cb (TillKeysPane *self)
{
  self->n_shown += FIRST_ROWS;
  till_keys_pane_update_view (self);
}

static void
till_keys_pane_map (GtkWidget *widget)
{
  TillKeysPane *self = TILL_KEYS_PANE (widget);

  GTK_WIDGET_CLASS (till_keys_pane_parent_class)->map (widget);
  till_keys_pane_update (self);
}

static void
till_keys_pane_unmap (GtkWidget *widget)
{
  TillKeysPane *self = TILL_KEYS_PANE (widget);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  GTK_WIDGET_CLASS (till_keys_pane_parent_class)->unmap (widget);
}

/* The window closes: what can still be undone is not sent. */
static void
till_keys_pane_unroot (GtkWidget *widget)
{
  till_undo_undo (TILL_KEYS_PANE (widget)->undo);
  GTK_WIDGET_CLASS (till_keys_pane_parent_class)->unroot (widget);
}

static void
till_keys_pane_constructed (GObject *object)
{
  TillKeysPane *self = TILL_KEYS_PANE (object);

  G_OBJECT_CLASS (till_keys_pane_parent_class)->constructed (object);

  g_signal_connect_object (self->session, "notify::state", G_CALLBACK (session_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::shop", G_CALLBACK (session_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "changed", G_CALLBACK (till_keys_pane_load), self, G_CONNECT_SWAPPED);
  session_changed_cb (self);
}

static void
till_keys_pane_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  TillKeysPane *self = TILL_KEYS_PANE (object);

  switch ((TillKeysPaneProperty) prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, self->changing != NULL);
      break;

    case PROP_SESSION:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_keys_pane_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  TillKeysPane *self = TILL_KEYS_PANE (object);

  switch ((TillKeysPaneProperty) prop_id)
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
till_keys_pane_dispose (GObject *object)
{
  TillKeysPane *self = TILL_KEYS_PANE (object);

  till_undo_undo (self->undo);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->grow_id, g_source_remove);
  g_cancellable_cancel (self->loading);
  g_cancellable_cancel (self->changing);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), TILL_TYPE_KEYS_PANE);

  g_clear_object (&self->loading);
  g_clear_object (&self->changing);
  g_clear_object (&self->shop);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (till_keys_pane_parent_class)->dispose (object);
}

static void
till_keys_pane_finalize (GObject *object)
{
  TillKeysPane *self = TILL_KEYS_PANE (object);

  g_clear_pointer (&self->advice, till_advice_free);
  g_clear_pointer (&self->keys, g_ptr_array_unref);
  g_clear_pointer (&self->intents, g_ptr_array_unref);
  g_clear_error (&self->failure);
  g_object_unref (self->undo);

  G_OBJECT_CLASS (till_keys_pane_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, TillKeysPane, name)
  BIND (adaptive);
  BIND (stack);
  BIND (failed_page);
  BIND (opening_spinner);
  BIND (title);
  BIND (busy_box);
  BIND (busy_spinner);
  BIND (busy_label);
  BIND (busy_cancel);
  BIND (failure_box);
  BIND (failure_title);
  BIND (failure_body);
  BIND (failure_profile);
  BIND (failure_details);
  BIND (pending_group);
  BIND (pending_list);
  BIND (empty_page);
  BIND (content);
  BIND (none_box);
  BIND (none_shape);
  BIND (none_title);
  BIND (none_body);
  BIND (card);
  BIND (card_shape);
  BIND (card_id);
  BIND (card_kind);
  BIND (card_ends);
  BIND (card_accepted);
  BIND (card_not_accepted);
  BIND (step_box);
  BIND (step_sign);
  BIND (step_label);
  BIND (timeline_group);
  BIND (timeline_frame);
  BIND (timeline);
  BIND (timeline_list);
  BIND (timeline_toggle);
  BIND (list);
  BIND (more_button);
#undef BIND
}

static void
till_keys_pane_class_init (TillKeysPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = till_keys_pane_constructed;
  object_class->get_property = till_keys_pane_get_property;
  object_class->set_property = till_keys_pane_set_property;
  object_class->dispose = till_keys_pane_dispose;
  object_class->finalize = till_keys_pane_finalize;
  widget_class->map = till_keys_pane_map;
  widget_class->unmap = till_keys_pane_unmap;
  widget_class->unroot = till_keys_pane_unroot;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, TILL_TYPE_SESSION,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (TILL_TYPE_ADAPTIVE_BIN);
  g_type_ensure (TILL_TYPE_ERROR_DETAILS);
  g_type_ensure (TILL_TYPE_FLIP_BOX);
  g_type_ensure (TILL_TYPE_KEY_SHAPE);
  g_type_ensure (TILL_TYPE_KEY_TIMELINE);
  g_type_ensure (TILL_TYPE_STATUS_SHAPE);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/tillkeeper/Tillkeeper/till-keys-pane.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, narrow_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, timeline_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, more_clicked_cb);
  till_keys_pane_class_install_actions (widget_class);
  gtk_widget_class_set_css_name (widget_class, "keyspane");
}

static void
till_keys_pane_init (TillKeysPane *self)
{
  self->rows = g_ptr_array_new ();
  self->n_shown = FIRST_ROWS;
  self->undo_seconds = 10;
  self->undo = till_undo_new (GTK_WIDGET (self), "pane.undo");
  self->as_list = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  till_key_shape_set_standing (self->none_shape, TILL_KEY_ENDED);
}

/**
 * till_keys_pane_new:
 * @session: which profile the window works with
 *
 * Returns: (transfer floating): the pane
 */
GtkWidget *
till_keys_pane_new (TillSession *session)
{
  g_return_val_if_fail (TILL_IS_SESSION (session), NULL);

  return g_object_new (TILL_TYPE_KEYS_PANE, "session", session, NULL);
}

/**
 * till_keys_pane_set_undo_seconds:
 * @self: a pane
 * @seconds: how long *Undo* is offered before anything is sent
 */
void
till_keys_pane_set_undo_seconds (TillKeysPane *self,
                                 guint         seconds)
{
  g_return_if_fail (TILL_IS_KEYS_PANE (self));

  self->undo_seconds = seconds;
}
