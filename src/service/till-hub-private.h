/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the Commerce Hub client share. */
#pragma once

#include "till-hub.h"
#include "till-json-reader.h"

G_BEGIN_DECLS

const char *till_hub_get_merchant_id  (TillHub              *self);
const char *till_hub_get_terminal_id  (TillHub              *self);

/* What the answer must be about: key id or client key id; (nullable) for others. */
char       *till_hub_request_dup_asked (const TillHubRequest *request) G_GNUC_WARN_UNUSED_RESULT;

/* The apiTraceId of an envelope, else that of the answer's headers. (nullable) */
char       *till_hub_dup_trace        (const TillJsonReader *root,
                                       const char           *fallback) G_GNUC_WARN_UNUSED_RESULT;

/* (nullable): %NULL where it is no public key in any spelling of API.md 2.6, 3.3 and 4.3 */
TillKey    *till_hub_decode_key       (const char           *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
