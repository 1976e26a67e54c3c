/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks before an act that can't be taken back (RELIABILITY.md G31, G36). */
#pragma once

#include <adwaita.h>

#include "till-record.h"

G_BEGIN_DECLS

/* profile: (nullable): what it is done to belongs to none.
 * With the response "cancel", which is also that of Enter and Escape, and the environment of @profile.
 * typed: (nullable): what has to be typed before the act. */
AdwMessageDialog *till_question_new (GtkWidget        *widget,
                                     const TillProfile *profile,
                                     const char       *heading,
                                     const char       *body,
                                     const char       *typed);
/* Whether anything has to be typed at all; it has to by default. For the whole program: a preference. */
void              till_question_set_typing (gboolean     typing);
/* response: that of the act. It can be chosen a second after the dialog has come up, when what is wanted is typed. */
void              till_question_ask (AdwMessageDialog *dialog,
                                     const char       *response);

G_END_DECLS
