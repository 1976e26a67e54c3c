/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files about the store's authority share. */
#pragma once

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include "till-store-ca.h"

G_BEGIN_DECLS

struct _TillStoreCa
{
  GObject                parent_instance;

  gnutls_x509_crt_t      root;
  gnutls_x509_crt_t      issuing;
  gnutls_x509_privkey_t  root_key;
  gnutls_x509_privkey_t  issuing_key;
  char                  *root_pem;
  char                  *issuing_pem;
  char                  *root_sha256;
  gboolean               is_new;
  gboolean               session_only;
};

gboolean     till_ca_failed         (int                     code,
                                     const char             *what,
                                     GError                **error);
/* DER or PEM of a certificate; %NULL where GnuTLS can't. */
char        *till_ca_dup_pem        (gnutls_x509_crt_t       crt) G_GNUC_WARN_UNUSED_RESULT;
char        *till_ca_dup_sha256     (gnutls_x509_crt_t       crt) G_GNUC_WARN_UNUSED_RESULT;
/* PEM with keys: as it is in the vault. */
TillSecret  *till_ca_dup_secret     (TillStoreCa            *self,
                                     GError                **error) G_GNUC_WARN_UNUSED_RESULT;
TillStoreCa *till_ca_make           (const char             *shop,
                                     gint64                  now,
                                     GError                **error) G_GNUC_WARN_UNUSED_RESULT;
/* password: (nullable), for encrypted keys. Blocks where there is one. */
TillStoreCa *till_ca_read           (const char             *pem,
                                     gsize                   size,
                                     const TillSecret       *password,
                                     GError                **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes      *till_ca_write_backup   (TillStoreCa            *self,
                                     const TillSecret       *password,
                                     GError                **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes the exported text of GnuTLS into a secret, and wipes it. */
TillSecret  *till_ca_take_datum     (gnutls_datum_t         *datum) G_GNUC_WARN_UNUSED_RESULT;
int          till_ca_prepare        (gnutls_x509_crt_t       crt,
                                     gint64                  not_before,
                                     gint64                  not_after,
                                     char                  **serial);

G_END_DECLS
