/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a till asks for, as JSON (services/acceptance-devices-pairing.md, API.md 5.2). */
#pragma once

#include "till-secret.h"

G_BEGIN_DECLS

/**
 * TillPairingBody:
 * @is_status: `{"type":"StatusRequest"}`; nothing else is set then
 * @pos_id: (nullable): checked: 1 to 64 of letters, digits, ".", "_", "-"
 * @code: (nullable): normalised; what can't be right is in it as "?"
 * @problem: (nullable): what is wrong with it, for the till
 */
typedef struct
{
  gboolean    is_status;
  char       *pos_id;
  TillSecret *code;
  const char *problem;
} TillPairingBody;

gboolean till_pairing_body_read  (TillPairingBody  *self,
                                  const guint8     *data,
                                  gsize             size);
void     till_pairing_body_clear (TillPairingBody  *self);
gboolean till_pos_id_is_valid    (const char       *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TillPairingBody, till_pairing_body_clear)

G_END_DECLS
