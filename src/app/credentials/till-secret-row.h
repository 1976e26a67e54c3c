/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row with a secret: masked, shown for 30 s on request, struck out at its end (RELIABILITY.md G3). */
#pragma once

#include <adwaita.h>

#include "till-clock.h"
#include "till-secret.h"

G_BEGIN_DECLS

/* How long a secret is shown. */
#define TILL_REVEAL_SECONDS 30

#define TILL_TYPE_SECRET_ROW (till_secret_row_get_type ())
G_DECLARE_FINAL_TYPE (TillSecretRow, till_secret_row, TILL, SECRET_ROW, AdwPreferencesRow)

/* title: "Access Token". reveal, copy: names of actions. With the focus in it, Ctrl+Shift+C copies. */
GtkWidget *till_secret_row_new          (const char    *title,
                                         const char    *reveal,
                                         const char    *copy) G_GNUC_WARN_UNUSED_RESULT;
/* secret: (nullable): nothing is shown, and the secret is let go. */
void       till_secret_row_set_secret   (TillSecretRow *self,
                                         TillSecret    *secret);
TillSecret *till_secret_row_get_secret  (TillSecretRow *self);
/* It has run out: what is left is its end, struck out. */
void       till_secret_row_end          (TillSecretRow *self);
/* What stands beside the value: "12:31 left". */
void       till_secret_row_set_note     (TillSecretRow *self,
                                         const char    *note);
void       till_secret_row_reveal       (TillSecretRow *self,
                                         TillClock     *clock);
void       till_secret_row_mask         (TillSecretRow *self);
gboolean   till_secret_row_get_revealed (TillSecretRow *self);

G_END_DECLS
