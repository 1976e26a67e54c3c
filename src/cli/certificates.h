/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sub-commands of `certificates` that change something. */
#pragma once

#include "till-cli.h"

G_BEGIN_DECLS

extern const TillCliCommand till_command_certificates_add;
extern const TillCliCommand till_command_certificates_replace;
extern const TillCliCommand till_command_certificates_update;
extern const TillCliCommand till_command_certificates_remove;
extern const TillCliCommand till_command_certificates_upload;
extern const TillCliCommand till_command_certificates_watch;
extern const TillCliCommand till_command_certificates_forget;

G_END_DECLS
