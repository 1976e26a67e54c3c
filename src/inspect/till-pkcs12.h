/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The integrity check of a PKCS #12 file (RFC 7292 4, RFC 9579). */
#pragma once

#include <glib.h>
#include <nettle/nettle-meta.h>

#include "till-cancel.h"
#include "till-der.h"
#include "till-password.h"

G_BEGIN_DECLS

/**
 * TillPkcs12Mac:
 * @there: the file has one
 * @pbmac1: RFC 9579 rather than RFC 7292 appendix B
 * @kdf_hash: of the derivation
 * @mac_hash: of the HMAC
 * @name: (static): name of @mac_hash
 * @salt: points into the file, or to one of the strings that were put together
 * @digest: the same
 * @key_size: of the key that is derived
 *
 * MacData, read and found to be one that can be checked within the bounds.
 */
typedef struct
{
  gboolean                  there;
  gboolean                  pbmac1;
  const struct nettle_hash *kdf_hash;
  const struct nettle_hash *mac_hash;
  const char               *name;
  TillDer                   salt;
  TillDer                   digest;
  guint64                   iterations;
  gsize                     key_size;
} TillPkcs12Mac;

gboolean  till_pkcs12_mac_read   (TillPkcs12Mac        *self,
                                  TillDer               mac_data,
                                  guint64               max_iterations,
                                  GPtrArray            *owned,
                                  GError              **error);
/* A MAC that does not fit is %TILL_ERROR_WRONG_PASSWORD. */
gboolean  till_pkcs12_mac_verify (const TillPkcs12Mac  *self,
                                  const TillPassword   *password,
                                  const TillDer        *content,
                                  const TillCancel     *cancel,
                                  GError              **error);

G_END_DECLS
