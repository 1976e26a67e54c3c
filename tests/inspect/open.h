/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening files in tests of documents. */
#pragma once

#include <glib.h>

#include "fixture.h"
#include "till-document.h"
#include "till-error.h"

G_BEGIN_DECLS

TillDocument *open_bytes      (GBytes          *bytes,
                               const char      *password,
                               GError         **error) G_GNUC_WARN_UNUSED_RESULT;
TillDocument *open_file       (TillTestDir     *dir,
                               const char      *name,
                               const char      *password) G_GNUC_WARN_UNUSED_RESULT;
TillDocument *open_text       (const char      *text,
                               const char      *password) G_GNUC_WARN_UNUSED_RESULT;

void          assert_counts   (TillDocument    *document,
                               const char      *kind,
                               guint            certificates,
                               guint            private_keys);
void          assert_fails    (GBytes          *bytes,
                               const char      *password,
                               TillError        code,
                               TillErrorReason  reason,
                               const char      *words);
void          assert_file_fails (TillTestDir   *dir,
                               const char      *name,
                               const char      *password,
                               TillError        code,
                               TillErrorReason  reason,
                               const char      *words);

void          write_file      (TillTestDir     *dir,
                               const char      *name,
                               const void      *data,
                               gssize           size);

/* What openssl says that the file holds: SHA-256 of a certificate, of a public key. */
char         *openssl_fingerprint (TillTestDir *dir,
                                   const char  *name) G_GNUC_WARN_UNUSED_RESULT;
char         *openssl_key_hash    (TillTestDir *dir,
                                   const char  *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
