/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which identifiers of encryptions, ciphers and hashes mean what (for till-pbe). */
#pragma once

#include <glib.h>
#include <nettle/nettle-meta.h>

#include "till-cipher.h"
#include "till-der.h"
#include "till-error.h"
#include "till-pbe.h"

G_BEGIN_DECLS

typedef struct
{
  const char               *oid;
  const char               *name;       /* of the hash: "SHA256" */
  const struct nettle_hash *hash;
} TillPbeHash;

typedef struct
{
  const char               *oid;
  TillPbeScheme             scheme;     /* PBKDF1 or PKCS12 */
  const struct nettle_hash *hash;
  TillCipher                cipher;
} TillPbeOneStep;

typedef struct
{
  const char               *oid;
  TillCipher                cipher;
} TillPbeCipher;

typedef struct
{
  const char               *dek;
  TillCipher                cipher;
} TillPbeDek;

const TillPbeHash    *till_pbe_find_digest   (const TillDerElement *oid);
const TillPbeHash    *till_pbe_find_hmac     (const TillDerElement *oid);
const TillPbeOneStep *till_pbe_find_one_step (const TillDerElement *oid);
const TillPbeCipher  *till_pbe_find_cipher   (const TillDerElement *oid);
const TillPbeDek     *till_pbe_find_dek      (const char           *name,
                                              gsize                 size);
void                  till_pbe_set_refused   (const TillDerElement *oid,
                                              GError              **error);

G_END_DECLS
