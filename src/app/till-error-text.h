/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns errors of the core into sentences for people: what happened, what it means, what to do (UX.md 2.3). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A heading such as "Wrong Password", in header capitals. */
const char *till_error_text_get_title     (const GError *error);
/* One or two sentences for below the heading. */
char       *till_error_text_dup_body      (const GError *error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for an error met while writing a file, where "cannot be read" would mislead. */
char       *till_error_text_dup_save_body (const GError *error) G_GNUC_WARN_UNUSED_RESULT;
/* For behind Details: the stable word and the core's own message, "damaged: the file ends after …". */
char       *till_error_text_dup_details   (const GError *error) G_GNUC_WARN_UNUSED_RESULT;
/* "Commerce Hub" of "hub": as people call a service. */
const char *till_error_text_get_service_name (const char *service);

G_END_DECLS
