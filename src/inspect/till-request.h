/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificate requests (PKCS #10, RFC 2986) and revocation lists (RFC 5280 5). */
#pragma once

#include <glib.h>

#include "till-key.h"

G_BEGIN_DECLS

typedef struct
{
  char        *subject;               /* RFC 4514 */
  char        *common_name;           /* (nullable) */
  TillKey     *key;                   /* (nullable) where it can't be read */
  const char  *key_algorithm;         /* (static) */
  int          key_bits;
  const char  *curve;                 /* (static) (nullable) */
  const char  *signature_algorithm;   /* (static) */
  char       **subject_alt_names;     /* never NULL */
  GBytes      *der;
} TillRequest;

typedef struct
{
  char        *issuer;                /* RFC 4514 */
  char        *issuer_name;           /* CN, else O, else whole */
  gint64       this_update;           /* seconds since 1970 or TILL_TIME_INVALID */
  gint64       next_update;           /* TILL_TIME_INVALID where there is none */
  char        *number;                /* (nullable) hex */
  const char  *signature_algorithm;   /* (static) */
  guint        n_revoked;
  char       **revoked_serials;       /* the first 1000, hex; never NULL */
  GBytes      *der;
} TillCrl;

TillRequest *till_request_new_from_der (GBytes       *der,
                                        GError      **error) G_GNUC_WARN_UNUSED_RESULT;
void         till_request_free         (TillRequest  *self);
TillCrl     *till_crl_new_from_der     (GBytes       *der,
                                        GError      **error) G_GNUC_WARN_UNUSED_RESULT;
void         till_crl_free             (TillCrl      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillRequest, till_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillCrl, till_crl_free)

G_END_DECLS
