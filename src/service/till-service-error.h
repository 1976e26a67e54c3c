/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers that are failures, as errors (API.md 1.7, 5.6, 6.9; RELIABILITY.md 5.2). */
#pragma once

#include "till-transport.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_SERVICE_HUB,
  TILL_SERVICE_WALLET,
  TILL_SERVICE_DEVICES,
} TillService;

/* Sets error where status is none of the successes; reads every documented shape of an error body. */
gboolean till_service_check_answer (TillService       service,
                                    const TillAnswer *answer,
                                    gboolean          changes,
                                    GError          **error);

G_END_DECLS
