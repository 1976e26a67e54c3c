/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the password of a file is typed: masked, with a word about Caps Lock; never kept. */
#pragma once

#include <gtk/gtk.h>

#include "till-secret.h"

G_BEGIN_DECLS

#define TILL_TYPE_UPLOAD_PASSWORD (till_upload_password_get_type ())

/**
 * TillUploadPassword:
 *
 * Signals: "changed": what is typed changed; "activate": Enter was pressed.
 */
G_DECLARE_FINAL_TYPE (TillUploadPassword, till_upload_password, TILL, UPLOAD_PASSWORD, GtkWidget)

GtkWidget  *till_upload_password_new        (void) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): %NULL where nothing is typed. */
TillSecret *till_upload_password_dup_secret (TillUploadPassword *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean    till_upload_password_is_empty   (TillUploadPassword *self);
/* Wipes what is typed, without "changed". */
void        till_upload_password_clear      (TillUploadPassword *self);

G_END_DECLS
