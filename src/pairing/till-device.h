/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One paired till or terminal, for lists. */
#pragma once

#include <glib-object.h>

#include "till-record.h"

G_BEGIN_DECLS

/**
 * TillDeviceState:
 * @TILL_DEVICE_PENDING: it was given its identity and has not shown it yet (RELIABILITY.md G23)
 * @TILL_DEVICE_ACTIVE: it works
 * @TILL_DEVICE_REVOKED: its certificate is not taken any more
 */
typedef enum
{
  TILL_DEVICE_PENDING,
  TILL_DEVICE_ACTIVE,
  TILL_DEVICE_REVOKED,
} TillDeviceState;

/**
 * TillDeviceKind:
 * @TILL_DEVICE_TILL: has its identity from this computer
 * @TILL_DEVICE_TERMINAL: gave this computer an identity
 */
typedef enum
{
  TILL_DEVICE_TILL,
  TILL_DEVICE_TERMINAL,
} TillDeviceKind;

const char *till_device_state_to_word (TillDeviceState state);
const char *till_device_kind_to_word  (TillDeviceKind  kind);

#define TILL_TYPE_DEVICE (till_device_get_type ())

/**
 * TillDevice:
 *
 * As the register has it. Immutable: a change puts another one in its place.
 */
G_DECLARE_FINAL_TYPE (TillDevice, till_device, TILL, DEVICE, GObject)

/* record: (transfer full) */
TillDevice             *till_device_new                 (TillDeviceRecord *record) G_GNUC_WARN_UNUSED_RESULT;
const TillDeviceRecord *till_device_get_record          (TillDevice       *self);
TillDeviceState         till_device_get_state           (TillDevice       *self);
TillDeviceKind          till_device_get_kind            (TillDevice       *self);
const char             *till_device_get_pos_id          (TillDevice       *self);
const char             *till_device_get_serial          (TillDevice       *self);
const char             *till_device_get_address         (TillDevice       *self);
const char             *till_device_get_terminal_serial (TillDevice       *self);
gint64                  till_device_get_not_after       (TillDevice       *self);
gint64                  till_device_get_last_contact    (TillDevice       *self);

G_END_DECLS
