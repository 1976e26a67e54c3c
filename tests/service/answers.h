/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers made by hand, for tests that need no network. */
#pragma once

#include "till-hub.h"
#include "till-transport.h"

G_BEGIN_DECLS

TillAnswer    *answer_new     (guint       status,
                               const char *content_type,
                               const char *body) G_GNUC_WARN_UNUSED_RESULT;
void           answer_drop    (TillAnswer *self);
TillHubAnswer *hub_answer_new (guint       status,
                               const char *body) G_GNUC_WARN_UNUSED_RESULT;

/* A text with each ' made a ", so that tables of JSON can be read. */
char          *quoted         (const char *text) G_GNUC_WARN_UNUSED_RESULT;
TillSecret    *secret_of      (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
