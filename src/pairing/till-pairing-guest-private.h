/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes to a terminal, and what its answers mean. */
#pragma once

#include "till-error.h"
#include "till-pairing-guest.h"

G_BEGIN_DECLS

char       *till_guest_check_address  (const char        *address,
                                       GError           **error) G_GNUC_WARN_UNUSED_RESULT;
TillSecret *till_guest_make_body      (const char        *pos_id,
                                       const TillSecret  *code) G_GNUC_WARN_UNUSED_RESULT;
GError     *till_guest_make_error     (TillError          code,
                                       TillErrorReason    reason,
                                       const char        *detail,
                                       const char        *message) G_GNUC_WARN_UNUSED_RESULT;
GError     *till_guest_explain_status (guint              status,
                                       gboolean           mutual) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
