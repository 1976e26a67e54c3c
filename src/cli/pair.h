/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sub-commands of `pair`, and what they share with `devices`. */
#pragma once

#include "till-cli-session.h"
#include "till-pairing-guest.h"
#include "till-register.h"

G_BEGIN_DECLS

extern const TillCliCommand till_command_pair_host;
extern const TillCliCommand till_command_pair_request;

TillRegister *till_pair_load_register (TillCliSession  *session,
                                       GError         **error) G_GNUC_WARN_UNUSED_RESULT;
/* Members of a device, without the braces. */
void          till_pair_write_device  (TillJsonWriter  *writer,
                                       TillDevice      *device);

char         *till_pair_dup_vault_name (const char     *serial) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
