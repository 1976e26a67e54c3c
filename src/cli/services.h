/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that need network, vault or database: tillkeeperctl lists them, tillkeeperctl-services does them. */
#pragma once

#include "till-cli.h"

G_BEGIN_DECLS

/* What follows "tillkeeperctl-" in the name of the program. */
#define TILL_CLI_SERVICES "services"

#define TILL_SUMMARY_PROFILE      "Keep the ways to the services of a store"
#define TILL_SUMMARY_CERTIFICATES "List, add, replace and remove certificates"
#define TILL_SUMMARY_KEYS         "Generate, rotate and hand out encryption keys"
#define TILL_SUMMARY_CREDENTIALS  "Request an access token"
#define TILL_SUMMARY_PAIR         "Pair tills and terminals by a set-up code"
#define TILL_SUMMARY_DEVICES      "List, check and revoke paired devices"
#define TILL_SUMMARY_CHECK        "Say what ends soon, for a monitor"
#define TILL_SUMMARY_PENDING      "Settle changes whose outcome is not known"
#define TILL_SUMMARY_LOG          "Show and verify the record of what was done"
#define TILL_SUMMARY_SANDBOX      "Serve pretended services on this computer"

extern const TillCliCommand till_command_profile;
extern const TillCliCommand till_command_certificates;
extern const TillCliCommand till_command_keys;
extern const TillCliCommand till_command_credentials;
extern const TillCliCommand till_command_pair;
extern const TillCliCommand till_command_devices;
extern const TillCliCommand till_command_check;
extern const TillCliCommand till_command_pending;
extern const TillCliCommand till_command_log;
extern const TillCliCommand till_command_sandbox;

G_END_DECLS
