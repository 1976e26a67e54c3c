/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limit for offline payments as a person types it. */
#pragma once

#include "till-money.h"

G_BEGIN_DECLS

/* Also with spaces around it and a comma for the point: "25,00". */
gboolean till_key_money_parse (const char *text,
                               const char *currency,
                               gint64     *minor_units);

G_END_DECLS
