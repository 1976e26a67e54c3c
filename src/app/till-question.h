/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks before an act that can't be taken back (RELIABILITY.md G31, G36). */
#pragma once

#include <adwaita.h>

#include "till-record.h"

G_BEGIN_DECLS

/* With the response "cancel", which is also that of Enter and Escape, and the environment of @profile.
 * typed: (nullable): what has to be typed before the act. */
AdwMessageDialog *till_question_new (GtkWidget        *widget,
                                     const TillProfile *profile,
                                     const char       *heading,
                                     const char       *body,
                                     const char       *typed);
/* response: that of the act. It can be chosen a second after the dialog has come up, when what is wanted is typed. */
void              till_question_ask (AdwMessageDialog *dialog,
                                     const char       *response);

G_END_DECLS
