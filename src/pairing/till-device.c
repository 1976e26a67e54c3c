/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One paired till or terminal, for lists. */
#include "config.h"

#include "till-device.h"

struct _TillDevice
{
  GObject           parent_instance;

  TillDeviceRecord *record;
};

G_DEFINE_FINAL_TYPE (TillDevice, till_device, G_TYPE_OBJECT)

static const char * const state_words[] = {
  [TILL_DEVICE_PENDING] = "pending",
  [TILL_DEVICE_ACTIVE] = "active",
  [TILL_DEVICE_REVOKED] = "revoked",
};

static const char * const kind_words[] = {
  [TILL_DEVICE_TILL] = "till",
  [TILL_DEVICE_TERMINAL] = "terminal",
};

/**
 * till_device_state_to_word:
 * @state: a state
 *
 * Returns: (transfer none): its stable word, as in the store
 */
const char *
till_device_state_to_word (TillDeviceState state)
{
  return state_words[state];
}

/**
 * till_device_kind_to_word:
 * @kind: a kind
 *
 * Returns: (transfer none): its stable word, as in the store
 */
const char *
till_device_kind_to_word (TillDeviceKind kind)
{
  return kind_words[kind];
}

static void
till_device_finalize (GObject *object)
{
  till_device_record_free (TILL_DEVICE (object)->record);

  G_OBJECT_CLASS (till_device_parent_class)->finalize (object);
}

static void
till_device_class_init (TillDeviceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = till_device_finalize;
}

static void
till_device_init (TillDevice *self)
{
}

/**
 * till_device_new:
 * @record: (transfer full): of the store
 *
 * Returns: (transfer full): it as an object
 */
TillDevice *
till_device_new (TillDeviceRecord *record)
{
  TillDevice *self = g_object_new (TILL_TYPE_DEVICE, NULL);

  self->record = record;

  return self;
}

/**
 * till_device_get_record:
 * @self: a device
 *
 * Returns: (transfer none): all that the store knows of it
 */
const TillDeviceRecord *
till_device_get_record (TillDevice *self)
{
  g_return_val_if_fail (TILL_IS_DEVICE (self), NULL);

  return self->record;
}

/**
 * till_device_get_state:
 * @self: a device
 *
 * Returns: its state; a word that nobody knows counts as revoked
 */
TillDeviceState
till_device_get_state (TillDevice *self)
{
  g_return_val_if_fail (TILL_IS_DEVICE (self), TILL_DEVICE_REVOKED);

  for (guint i = 0; i < G_N_ELEMENTS (state_words); i++)
    if (g_strcmp0 (self->record->state, state_words[i]) == 0)
      return (TillDeviceState) i;

  return TILL_DEVICE_REVOKED;
}

/**
 * till_device_get_kind:
 * @self: a device
 *
 * Returns: who gave whom the identity
 */
TillDeviceKind
till_device_get_kind (TillDevice *self)
{
  g_return_val_if_fail (TILL_IS_DEVICE (self), TILL_DEVICE_TILL);

  return g_strcmp0 (self->record->kind, kind_words[TILL_DEVICE_TERMINAL]) == 0 ? TILL_DEVICE_TERMINAL : TILL_DEVICE_TILL;
}

/**
 * till_device_get_pos_id:
 * @self: a device
 *
 * Returns: (transfer none): what the till is called
 */
const char *
till_device_get_pos_id (TillDevice *self)
{
  g_return_val_if_fail (TILL_IS_DEVICE (self), NULL);

  return self->record->pos_id;
}

/**
 * till_device_get_serial:
 * @self: a device
 *
 * Returns: (transfer none): serial number of the certificate, lower-case hex
 */
const char *
till_device_get_serial (TillDevice *self)
{
  g_return_val_if_fail (TILL_IS_DEVICE (self), NULL);

  return self->record->serial;
}

/**
 * till_device_get_address:
 * @self: a device
 *
 * Returns: (transfer none) (nullable): of a till: where it came from last; of a terminal: where to reach it
 */
const char *
till_device_get_address (TillDevice *self)
{
  g_return_val_if_fail (TILL_IS_DEVICE (self), NULL);

  return self->record->address;
}

/**
 * till_device_get_terminal_serial:
 * @self: a device
 *
 * Returns: (transfer none) (nullable): of a terminal: the number on its back
 */
const char *
till_device_get_terminal_serial (TillDevice *self)
{
  g_return_val_if_fail (TILL_IS_DEVICE (self), NULL);

  return self->record->terminal_serial;
}

/**
 * till_device_get_not_after:
 * @self: a device
 *
 * Returns: when its certificate ends
 */
gint64
till_device_get_not_after (TillDevice *self)
{
  g_return_val_if_fail (TILL_IS_DEVICE (self), TILL_TIME_UNKNOWN);

  return self->record->not_after;
}

/**
 * till_device_get_last_contact:
 * @self: a device
 *
 * Returns: when its identity was last seen to work; %TILL_TIME_UNKNOWN for never
 */
gint64
till_device_get_last_contact (TillDevice *self)
{
  g_return_val_if_fail (TILL_IS_DEVICE (self), TILL_TIME_UNKNOWN);

  return self->record->last_contact;
}
