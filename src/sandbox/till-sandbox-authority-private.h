/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files that make certificates share. */
#pragma once

#include <gnutls/x509.h>

#include "till-sandbox-authority.h"

G_BEGIN_DECLS

struct _TillAuthority
{
  gnutls_x509_crt_t      crt;
  gnutls_x509_privkey_t  key;
  char                  *pem;
};

gboolean till_authority_failed   (int                     code,
                                  const char             *what,
                                  GError                **error);
int      till_authority_prepare  (gnutls_x509_crt_t       crt,
                                  gnutls_x509_privkey_t   key,
                                  gint64                  not_before,
                                  gint64                  not_after);
int      till_authority_set_name (gnutls_x509_crt_t       crt,
                                  const char             *oid,
                                  const char             *text);
int      till_authority_reread   (gnutls_x509_crt_t      *crt);
gboolean till_authority_load_pair (const char            *folder,
                                  const char             *file,
                                  gnutls_x509_crt_t       crt,
                                  gnutls_x509_privkey_t   key,
                                  gboolean               *found,
                                  GError                **error);
gboolean till_authority_save_pair (const char            *folder,
                                  const char             *file,
                                  gnutls_x509_crt_t       crt,
                                  gnutls_x509_privkey_t   key,
                                  GError                **error);
int      till_authority_sign     (TillAuthority          *self,
                                  gnutls_x509_crt_t       crt);

G_END_DECLS
