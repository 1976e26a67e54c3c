/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which encryption key to use when (services/commerce-hub-keys.md, "Multi-Use Public Key Expiry"). Pure rules. */
#pragma once

#include <glib.h>

#include "till-record.h"

G_BEGIN_DECLS

#define TILL_ROTATION_HOURS 48

/**
 * TillKeyStanding:
 *
 * What a key is good for at a moment.
 */
typedef enum
{
  TILL_KEY_USE,              /* the newest one that counts: use this */
  TILL_KEY_ACCEPTED,         /* still accepted, but there is a newer one */
  TILL_KEY_NOT_YET,          /* its validity has not begun */
  TILL_KEY_ENDED,            /* its validity is over */
  TILL_KEY_REVOKED,
  TILL_KEY_INACTIVE,         /* the service says INACTIVE */
  TILL_KEY_LEGACY,           /* the service says LEGACY: superseded, perhaps still decrypted, not for new payments */
  TILL_KEY_UNUSABLE,         /* a status that is not known, no readable times, or a validity that makes no sense */
} TillKeyStanding;

const char *till_key_standing_to_word (TillKeyStanding standing);

/**
 * TillAdvice:
 * @at: the moment it is about
 * @use: (nullable): the key to use; points into the keys that were given
 * @accepted: (element-type TillKeyRecord): still accepted besides @use, newest first; lent
 * @not_accepted: (element-type TillKeyRecord): all others, newest first; lent
 * @standings: (element-type TillKeyStanding): one for each key that was given, in the given order
 * @rotate_from: when a new key is due: 48 h before the newest usable key ends, its beginning where its whole
 *   validity is shorter; @at where no key is usable
 * @rotation_open: whether that moment has come, and no key that begins later carries on already
 * @rotation_late: whether the first reminder (47 h) has passed meanwhile
 * @reminders: when the service reminds: 47, 44 and 41 h before that end; %TILL_TIME_UNKNOWN where no key is usable
 * @ends: when the newest usable key ends; %TILL_TIME_UNKNOWN where none is usable
 */
typedef struct
{
  gint64         at;
  TillKeyRecord *use;
  GPtrArray     *accepted;
  GPtrArray     *not_accepted;
  GArray        *standings;
  gint64         rotate_from;
  gboolean       rotation_open;
  gboolean       rotation_late;
  gint64         reminders[3];
  gint64         ends;
} TillAdvice;

/* keys: (element-type TillKeyRecord), in any order; must outlive the advice. */
TillAdvice *till_advice_new  (GPtrArray  *keys,
                              gint64      at) G_GNUC_WARN_UNUSED_RESULT;
void        till_advice_free (TillAdvice *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillAdvice, till_advice_free)

G_END_DECLS
