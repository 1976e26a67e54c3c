/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Amounts of money as people write them: an integer of minor units, and its currency (ISO 4217). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean  till_money_is_currency (const char *text);
gboolean  till_money_parse       (const char *text,
                                  const char *currency,
                                  gint64     *minor_units);
char     *till_money_format      (gint64      minor_units,
                                  const char *currency) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
