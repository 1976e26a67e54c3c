/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The technical part of an error behind “Details”: status, code, trace id, the core's own words, and a way to copy all. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TILL_TYPE_ERROR_DETAILS (till_error_details_get_type ())
G_DECLARE_FINAL_TYPE (TillErrorDetails, till_error_details, TILL, ERROR_DETAILS, GtkWidget)

/* error: (nullable) %NULL shows nothing. */
GtkWidget *till_error_details_new       (const GError     *error) G_GNUC_WARN_UNUSED_RESULT;
void       till_error_details_set_error (TillErrorDetails *self,
                                         const GError     *error);
/* What the copy button gives; %NULL without an error. */
char      *till_error_details_dup_text  (TillErrorDetails *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
