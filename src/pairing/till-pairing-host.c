/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This computer shows a set-up code and gives tills their identity. */
#include "config.h"

#include "till-pairing-host-private.h"

#include <string.h>

#include "till-error.h"
#include "till-lan.h"

#define TICK_MS 250

/* The address is looked for every so many ticks. */
#define TICKS_OF_ADDRESS 8

G_DEFINE_FINAL_TYPE (TillPairingHost, till_pairing_host, G_TYPE_OBJECT)

guint till_pairing_host_signals[TILL_HOST_N_SIGNALS];

static void
pending_free (TillPending *pending)
{
  g_free (pending->serial);
  g_free (pending);
}

static void
till_pairing_host_dispose (GObject *object)
{
  TillPairingHost *self = TILL_PAIRING_HOST (object);

  till_pairing_host_stop (self);
  g_clear_object (&self->gate);
  g_clear_object (&self->trust);
  g_clear_object (&self->keys);
  g_clear_object (&self->ca);
  g_clear_object (&self->devices);
  g_clear_object (&self->address);
  g_clear_object (&self->vault);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (till_pairing_host_parent_class)->dispose (object);
}

static void
till_pairing_host_finalize (GObject *object)
{
  TillPairingHost *self = TILL_PAIRING_HOST (object);

  g_clear_pointer (&self->code, till_setup_code_unref);
  g_clear_pointer (&self->clock, till_clock_unref);
  till_profile_free (self->profile);
  g_hash_table_unref (self->replaceable);
  g_ptr_array_unref (self->pending);
  g_free (self->https);
  g_free (self->wss);

  G_OBJECT_CLASS (till_pairing_host_parent_class)->finalize (object);
}

static guint
new_signal (TillPairingHostClass *klass,
            const char           *name,
            guint                 n,
            GType                 first,
            GType                 second)
{
  return g_signal_new (name, G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, n, first,
                       second);
}

static void
till_pairing_host_class_init (TillPairingHostClass *klass)
{
  guint *signals = till_pairing_host_signals;

  G_OBJECT_CLASS (klass)->dispose = till_pairing_host_dispose;
  G_OBJECT_CLASS (klass)->finalize = till_pairing_host_finalize;

  signals[TILL_HOST_CODE] = new_signal (klass, "code", 0, 0, 0);
  signals[TILL_HOST_WRONG_CODE] = new_signal (klass, "wrong-code", 2, G_TYPE_STRING, G_TYPE_UINT);
  signals[TILL_HOST_CODE_DEAD] = new_signal (klass, "code-dead", 0, 0, 0);
  signals[TILL_HOST_POS_ID_TAKEN] = new_signal (klass, "pos-id-taken", 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[TILL_HOST_ISSUED] = new_signal (klass, "issued", 1, TILL_TYPE_DEVICE, 0);
  signals[TILL_HOST_ACTIVATED] = new_signal (klass, "activated", 1, TILL_TYPE_DEVICE, 0);
  signals[TILL_HOST_NOT_CONFIRMED] = new_signal (klass, "not-confirmed", 1, TILL_TYPE_DEVICE, 0);
  signals[TILL_HOST_TURNED_AWAY] = new_signal (klass, "turned-away", 2, G_TYPE_STRING, G_TYPE_UINT);
  signals[TILL_HOST_ENDED] = new_signal (klass, "ended", 1, G_TYPE_ERROR, 0);
}

static void
till_pairing_host_init (TillPairingHost *self)
{
  self->days = TILL_CA_TILL_DAYS;
  self->replaceable = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->pending = g_ptr_array_new_with_free_func ((GDestroyNotify) pending_free);
  g_queue_init (&self->attempts);
}

/**
 * till_pairing_host_new:
 * @store: for the register
 * @vault: for the authority's key
 * @clock: asks for the time
 * @profile: whose tills
 *
 * Returns: (transfer full): a host that does not listen
 */
TillPairingHost *
till_pairing_host_new (TillStore         *store,
                       TillVault         *vault,
                       TillClock         *clock,
                       const TillProfile *profile)
{
  TillPairingHost *self = g_object_new (TILL_TYPE_PAIRING_HOST, NULL);

  self->store = g_object_ref (store);
  self->vault = g_object_ref (vault);
  self->clock = till_clock_ref (clock);
  self->profile = till_profile_copy (profile);
  self->devices = till_register_new (store, clock, profile);

  return self;
}

static void
show_code (TillPairingHost *self,
           guint            tries)
{
  if (self->code != NULL)
    till_setup_code_withdraw (self->code);
  g_clear_pointer (&self->code, till_setup_code_unref);
  self->code = till_setup_code_new (self->clock, tries);
  self->code_boot = till_clock_get_boot (self->clock);
  self->code_ended = FALSE;
  g_signal_emit (self, till_pairing_host_signals[TILL_HOST_CODE], 0);
}

static int
find_pending (TillPairingHost *self,
              const char      *serial)
{
  for (guint i = 0; i < self->pending->len; i++)
    if (g_str_equal (((TillPending *) self->pending->pdata[i])->serial, serial))
      return (int) i;

  return -1;
}

/**
 * till_pairing_host_add_pending:
 * @self: a host
 * @serial: of a certificate that is about to be handed out
 *
 * Waits for the till to show it.
 */
void
till_pairing_host_add_pending (TillPairingHost *self,
                               const char      *serial)
{
  TillPending *pending = g_new0 (TillPending, 1);

  pending->serial = g_strdup (serial);
  pending->ends_at = till_clock_get_boot (self->clock) + TILL_HOST_CONFIRM_SECONDS;
  g_ptr_array_add (self->pending, pending);
}

static void
withdrawn_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!till_register_finish (TILL_REGISTER (source), result, &error))
    g_info ("a certificate could not be withdrawn in the register: %s", error->message);
  g_object_unref (user_data);
}

/**
 * till_pairing_host_withdraw:
 * @self: a host
 * @serial: of a certificate that was not confirmed
 *
 * Puts it on the deny list.
 */
void
till_pairing_host_withdraw (TillPairingHost *self,
                            const char      *serial)
{
  int at = find_pending (self, serial);
  g_autoptr(TillDevice) device = NULL;
  TillDevice *found = till_register_find (self->devices, serial);

  till_client_trust_remove (self->trust, serial);
  if (at >= 0)
    g_ptr_array_remove_index (self->pending, (guint) at);
  if (found == NULL || till_device_get_state (found) != TILL_DEVICE_PENDING)
    return;

  device = g_object_ref (found);
  till_register_revoke_async (self->devices, serial, "the till did not confirm", NULL, withdrawn_cb, g_object_ref (self));
  g_signal_emit (self, till_pairing_host_signals[TILL_HOST_NOT_CONFIRMED], 0, device);
}

/* The till has a new certificate, and it works: the one before is of no use any more. */
static void
revoke_older (TillPairingHost *self,
              TillDevice      *device)
{
  GListModel *devices = G_LIST_MODEL (self->devices);

  for (guint i = 0; i < g_list_model_get_n_items (devices); i++)
    {
      g_autoptr(TillDevice) other = g_list_model_get_item (devices, i);

      if (other == device || till_device_get_kind (other) != TILL_DEVICE_TILL ||
          till_device_get_state (other) == TILL_DEVICE_REVOKED ||
          !g_str_equal (till_device_get_pos_id (other), till_device_get_pos_id (device)))
        continue;

      till_client_trust_remove (self->trust, till_device_get_serial (other));
      till_register_revoke_async (self->devices, till_device_get_serial (other), "replaced", NULL, withdrawn_cb,
                                  g_object_ref (self));
    }
}

typedef struct
{
  TillPairingHost *host;
  char            *serial;
  gboolean         was_pending;
} Confirmation;

static void
confirmed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autofree Confirmation *confirmation = user_data;
  g_autoptr(TillPairingHost) self = confirmation->host;
  g_autofree char *serial = confirmation->serial;
  g_autoptr(GError) error = NULL;
  TillDevice *found;
  g_autoptr(TillDevice) device = NULL;

  if (!till_register_finish (TILL_REGISTER (source), result, &error))
    {
      g_info ("a contact was not noted: %s", error->message);
      return;
    }

  found = till_register_find (self->devices, serial);
  if (!confirmation->was_pending || found == NULL)
    return;

  device = g_object_ref (found);
  g_hash_table_remove (self->replaceable, till_device_get_pos_id (device));
  revoke_older (self, device);
  g_signal_emit (self, till_pairing_host_signals[TILL_HOST_ACTIVATED], 0, device);
}

static void
gate_confirmed_cb (TillGate        *gate,
                   const char      *peer,
                   const char      *serial,
                   TillPairingHost *self)
{
  Confirmation *confirmation;
  int at = find_pending (self, serial);

  if (!till_client_trust_has (self->trust, serial))
    return;

  confirmation = g_new0 (Confirmation, 1);
  confirmation->host = g_object_ref (self);
  confirmation->serial = g_strdup (serial);
  confirmation->was_pending = at >= 0;
  if (at >= 0)
    g_ptr_array_remove_index (self->pending, (guint) at);
  till_register_confirm_async (self->devices, serial, peer, NULL, confirmed_cb, confirmation);
}

static void
gate_turned_away_cb (TillGate        *gate,
                     const char      *peer,
                     guint            why,
                     TillPairingHost *self)
{
  g_signal_emit (self, till_pairing_host_signals[TILL_HOST_TURNED_AWAY], 0, peer, why);
}

/* error: (transfer full) (nullable) */
static void
end_by_itself (TillPairingHost *self,
               GError          *error)
{
  g_autoptr(GError) owned = error;

  till_pairing_host_stop (self);
  g_signal_emit (self, till_pairing_host_signals[TILL_HOST_ENDED], 0, owned);
}

/* Returns: whether it listens on */
static gboolean
look_after_code (TillPairingHost *self)
{
  if (self->code == NULL)
    return TRUE;

  switch (till_setup_code_get_state (self->code))
    {
    case TILL_SETUP_CODE_EXPIRED:
      if (self->refreshes + 1 < TILL_HOST_REFRESHES)
        {
          self->refreshes++;
          show_code (self, 0);
          return TRUE;
        }
      if (self->pending->len > 0)
        return TRUE;
      end_by_itself (self, NULL);
      return FALSE;

    case TILL_SETUP_CODE_DEAD:
      {
        GError *error = NULL;

        /* It stays on the page until its time is over; nothing follows by itself. */
        if (till_clock_get_boot (self->clock) - self->code_boot < TILL_SETUP_CODE_SECONDS)
          return TRUE;

        till_set_error (&error, TILL_ERROR_WRONG_CODE, TILL_REASON_NONE, NULL, NULL,
                        "five wrong codes were typed, somebody else may be trying; ask for a new code when you are ready");
        end_by_itself (self, error);
        return FALSE;
      }

    case TILL_SETUP_CODE_ALIVE:
    case TILL_SETUP_CODE_USED:
    case TILL_SETUP_CODE_WITHDRAWN:
    default:
      return TRUE;
    }
}

static gboolean
look_after_address (TillPairingHost *self)
{
  GError *error = NULL;

  if (++self->ticks % TICKS_OF_ADDRESS != 0 || till_lan_has (self->address))
    return TRUE;

  till_set_error (&error, TILL_ERROR_UNAVAILABLE, TILL_REASON_NO_ROUTE, NULL, NULL,
                  "the network address of this computer has changed, so the code has ended; start again");
  end_by_itself (self, error);

  return FALSE;
}

static gboolean
tick_cb (gpointer data)
{
  g_autoptr(TillPairingHost) self = g_object_ref (TILL_PAIRING_HOST (data));
  gint64 boot = till_clock_get_boot (self->clock);

  for (guint i = 0; i < self->pending->len;)
    {
      TillPending *pending = self->pending->pdata[i];
      g_autofree char *serial = g_strdup (pending->serial);

      if (boot >= pending->ends_at)
        till_pairing_host_withdraw (self, serial);
      else
        i++;
    }

  return look_after_code (self) && look_after_address (self) && self->listening ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/**
 * till_pairing_host_shut_gate:
 * @self: a host
 *
 * Ends the listening, if it has begun.
 */
void
till_pairing_host_shut_gate (TillPairingHost *self)
{
  if (self->gate != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->gate, self);
      till_gate_stop (self->gate);
    }
  g_clear_object (&self->gate);
  g_clear_object (&self->address);
}

/**
 * till_pairing_host_follow_gate:
 * @self: a host whose gate is open
 *
 * Hears what comes of it.
 */
void
till_pairing_host_follow_gate (TillPairingHost *self)
{
  g_signal_connect (self->gate, "request", G_CALLBACK (till_pairing_host_request_cb), self);
  g_signal_connect (self->gate, "confirmed", G_CALLBACK (gate_confirmed_cb), self);
  g_signal_connect (self->gate, "turned-away", G_CALLBACK (gate_turned_away_cb), self);
}

/**
 * till_pairing_host_begin:
 * @self: a host that has all it needs
 *
 * Shows the first code.
 */
void
till_pairing_host_begin (TillPairingHost *self)
{
  self->listening = TRUE;
  self->refreshes = 0;
  if (self->keys == NULL)
    self->keys = till_rsa_pool_new ();
  self->tick = g_timeout_add (TICK_MS, tick_cb, self);
  show_code (self, till_register_get_tries (self->devices));
}

/**
 * till_pairing_host_stop:
 * @self: a host
 *
 * Ends the code and every connection, now. Who was given an identity and has
 * not shown it can't do so any more, so that is withdrawn.
 */
void
till_pairing_host_stop (TillPairingHost *self)
{
  g_return_if_fail (TILL_IS_PAIRING_HOST (self));

  if (!self->listening)
    return;

  self->listening = FALSE;
  g_clear_handle_id (&self->tick, g_source_remove);
  if (self->code != NULL)
    till_setup_code_withdraw (self->code);
  till_pairing_host_drop (self);
  till_pairing_host_shut_gate (self);

  while (self->pending->len > 0)
    {
      g_autofree char *serial = g_strdup (((TillPending *) self->pending->pdata[0])->serial);

      till_pairing_host_withdraw (self, serial);
    }
}

/**
 * till_pairing_host_is_listening:
 * @self: a host
 *
 * Returns: whether it listens
 */
gboolean
till_pairing_host_is_listening (TillPairingHost *self)
{
  g_return_val_if_fail (TILL_IS_PAIRING_HOST (self), FALSE);

  return self->listening;
}

/**
 * till_pairing_host_get_code:
 * @self: a host
 *
 * Returns: (transfer none) (nullable): the code that is shown, in whatever state
 */
TillSetupCode *
till_pairing_host_get_code (TillPairingHost *self)
{
  g_return_val_if_fail (TILL_IS_PAIRING_HOST (self), NULL);

  return self->code;
}

/**
 * till_pairing_host_new_code:
 * @self: a host that listens
 *
 * Shows another code.
 */
void
till_pairing_host_new_code (TillPairingHost *self)
{
  g_return_if_fail (TILL_IS_PAIRING_HOST (self));
  g_return_if_fail (self->listening);

  self->refreshes = 0;
  show_code (self, 0);
}

/**
 * till_pairing_host_allow_replacing:
 * @self: a host
 * @pos_id: a name that is in use
 *
 * A person has decided: the next till of that name takes its place.
 */
void
till_pairing_host_allow_replacing (TillPairingHost *self,
                                   const char      *pos_id)
{
  g_return_if_fail (TILL_IS_PAIRING_HOST (self));

  g_hash_table_add (self->replaceable, g_strdup (pos_id));
}

/**
 * till_pairing_host_replace_all:
 * @self: a host
 *
 * Every till takes the place of the one of its name, unasked: for scripts.
 */
void
till_pairing_host_replace_all (TillPairingHost *self)
{
  g_return_if_fail (TILL_IS_PAIRING_HOST (self));

  self->replace_all = TRUE;
}

/**
 * till_pairing_host_set_days:
 * @self: a host
 * @days: how long certificates last, at most %TILL_CA_TILL_DAYS
 *
 * Sets it for tills from now on.
 */
void
till_pairing_host_set_days (TillPairingHost *self,
                            guint            days)
{
  g_return_if_fail (TILL_IS_PAIRING_HOST (self));

  self->days = CLAMP (days, 1, TILL_CA_TILL_DAYS);
}

/**
 * till_pairing_host_is_confirming:
 * @self: a host
 *
 * Returns: whether it waits for a till to show its identity
 */
gboolean
till_pairing_host_is_confirming (TillPairingHost *self)
{
  g_return_val_if_fail (TILL_IS_PAIRING_HOST (self), FALSE);

  return self->pending->len > 0;
}

/**
 * till_pairing_host_get_https:
 * @self: a host
 *
 * Returns: (transfer none) (nullable): where tills post to
 */
const char *
till_pairing_host_get_https (TillPairingHost *self)
{
  g_return_val_if_fail (TILL_IS_PAIRING_HOST (self), NULL);

  return self->https;
}

/**
 * till_pairing_host_get_wss:
 * @self: a host
 *
 * Returns: (transfer none) (nullable): where tills open a WebSocket
 */
const char *
till_pairing_host_get_wss (TillPairingHost *self)
{
  g_return_val_if_fail (TILL_IS_PAIRING_HOST (self), NULL);

  return self->wss;
}

/**
 * till_pairing_host_get_port:
 * @self: a host
 *
 * Returns: the port, 0 where it does not listen
 */
guint16
till_pairing_host_get_port (TillPairingHost *self)
{
  g_return_val_if_fail (TILL_IS_PAIRING_HOST (self), 0);

  return self->gate == NULL ? 0 : till_gate_get_port (self->gate);
}

/**
 * till_pairing_host_get_ca:
 * @self: a host
 *
 * Returns: (transfer none) (nullable): the authority, once it listened
 */
TillStoreCa *
till_pairing_host_get_ca (TillPairingHost *self)
{
  g_return_val_if_fail (TILL_IS_PAIRING_HOST (self), NULL);

  return self->ca;
}

/**
 * till_pairing_host_get_register:
 * @self: a host
 *
 * Returns: (transfer none): the devices
 */
TillRegister *
till_pairing_host_get_register (TillPairingHost *self)
{
  g_return_val_if_fail (TILL_IS_PAIRING_HOST (self), NULL);

  return self->devices;
}

/**
 * till_pairing_host_revoke_async:
 * @self: a host
 * @serial: of the certificate
 * @cancellable: (nullable): to stop it
 * @callback: called when it is on disk
 * @user_data: for @callback
 *
 * Refuses a till from now on.
 */
void
till_pairing_host_revoke_async (TillPairingHost     *self,
                                const char          *serial,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_return_if_fail (TILL_IS_PAIRING_HOST (self));

  if (self->trust != NULL)
    till_client_trust_remove (self->trust, serial);
  till_register_revoke_async (self->devices, serial, "revoked", cancellable, callback, user_data);
}

/**
 * till_pairing_host_revoke_finish:
 * @self: a host
 * @result: of till_pairing_host_revoke_async()
 * @error: (out) (optional): as till_register_finish()
 *
 * Returns: whether it is on disk
 */
gboolean
till_pairing_host_revoke_finish (TillPairingHost  *self,
                                 GAsyncResult     *result,
                                 GError          **error)
{
  g_return_val_if_fail (TILL_IS_PAIRING_HOST (self), FALSE);

  return till_register_finish (self->devices, result, error);
}
