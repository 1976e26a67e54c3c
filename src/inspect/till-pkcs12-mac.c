/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The integrity check of a PKCS #12 file (RFC 7292 4, RFC 9579). */
#include "config.h"

#include "till-pkcs12.h"

#include <nettle/memops.h>
#include <string.h>

#include "till-error.h"
#include "till-kdf.h"
#include "till-pbe.h"

#define OID_PBMAC1 "1.2.840.113549.1.5.14"
#define OID_PBKDF2 "1.2.840.113549.1.5.12"

/* RFC 9579 6: keys of less than 20 octets are not taken. Beyond the block of the
 * widest hash a key is only hashed down again, so nobody writes longer ones. */
#define PBMAC1_MIN_KEY 20
#define PBMAC1_MAX_KEY 144

static gboolean
set_damaged (GError **error)
{
  till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "integrity check", NULL,
                  "the file is damaged: its integrity check (MAC) can't be read");
  return FALSE;
}

/* An OCTET STRING, put together where BER has cut it. */
static gboolean
read_octets (TillDer   *der,
             GPtrArray *owned,
             TillDer   *octets)
{
  TillDerElement element;
  TillSecret *joined;

  if (!till_der_read (der, &element) || (element.tag & ~0x20) != TILL_DER_OCTET_STRING ||
      !till_der_join_octets (&element, &joined, octets))
    return FALSE;

  if (joined != NULL)
    g_ptr_array_add (owned, joined);
  return TRUE;
}

/* PBMAC1-params (RFC 8018 A.5) as RFC 9579 narrows them. */
static gboolean
read_pbmac1 (TillPkcs12Mac  *self,
             TillDer         parameters,
             guint64         max_iterations,
             GError        **error)
{
  TillDerElement sequence;
  TillDerElement kdf;
  TillDerElement oid;
  TillPbe pbkdf2 = { 0 };
  guint64 key_size;

  self->pbmac1 = TRUE;

  if (!till_der_read_tag (&parameters, TILL_DER_SEQUENCE, &sequence) ||
      !till_der_read_tag (&sequence.content, TILL_DER_SEQUENCE, &kdf) ||
      !till_der_read_tag (&kdf.content, TILL_DER_OID, &oid))
    return set_damaged (error);

  if (!till_der_oid_is (&oid, OID_PBKDF2))
    {
      till_set_error (error, TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, "PBMAC1", NULL,
                      "the file's integrity check is PBMAC1 with an unknown key derivation, which is not supported");
      return FALSE;
    }

  if (!till_pbe_read_pbkdf2 (&pbkdf2, kdf.content, &key_size, max_iterations, error))
    return FALSE;

  if (key_size < PBMAC1_MIN_KEY || key_size > PBMAC1_MAX_KEY)
    {
      till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "integrity check", NULL,
                      "the file is damaged: its integrity check (PBMAC1) %s",
                      key_size == 0 ? "leaves out the length of its key" : "has a key of an invalid length");
      return FALSE;
    }

  self->kdf_hash = pbkdf2.hash;
  self->salt = pbkdf2.salt;
  self->iterations = pbkdf2.iterations;
  self->key_size = (gsize) key_size;

  self->mac_hash = till_pbe_read_hmac (&sequence.content, &self->name, error);
  return self->mac_hash != NULL;
}

/**
 * till_pkcs12_mac_read:
 * @self: (out): the MAC; points into the file and into @owned
 * @mac_data: a cursor in front of MacData
 * @max_iterations: how many rounds are taken
 * @owned: (element-type TillSecret): takes strings that were put together from parts
 * @error: return location
 *
 * Reads how the file can be checked. Nothing is derived yet.
 *
 * Returns: whether it can be checked
 */
gboolean
till_pkcs12_mac_read (TillPkcs12Mac  *self,
                      TillDer         mac_data,
                      guint64         max_iterations,
                      GPtrArray      *owned,
                      GError        **error)
{
  TillDerElement sequence;
  TillDerElement info;
  TillDerElement algorithm;
  TillDerElement oid;
  TillDer whole;
  TillDer peek;

  memset (self, 0, sizeof *self);

  if (!till_der_read_tag (&mac_data, TILL_DER_SEQUENCE, &sequence) ||
      !till_der_read_tag (&sequence.content, TILL_DER_SEQUENCE, &info))
    return set_damaged (error);

  whole = info.content;
  if (!till_der_read_tag (&info.content, TILL_DER_SEQUENCE, &algorithm) ||
      !read_octets (&info.content, owned, &self->digest))
    return set_damaged (error);

  peek = algorithm.content;
  if (!till_der_read_tag (&peek, TILL_DER_OID, &oid))
    return set_damaged (error);

  self->there = TRUE;

  /* RFC 9579 5: salt and iterations of MacData mean nothing then. */
  if (till_der_oid_is (&oid, OID_PBMAC1))
    return read_pbmac1 (self, peek, max_iterations, error);

  self->mac_hash = till_pbe_read_digest (&whole, &self->name, error);
  if (self->mac_hash == NULL)
    return FALSE;

  if (!read_octets (&sequence.content, owned, &self->salt))
    return set_damaged (error);

  self->kdf_hash = self->mac_hash;
  self->key_size = self->mac_hash->digest_size;
  self->iterations = 1;

  if (till_der_left (&sequence.content) > 0)
    {
      TillDer cursor = sequence.content;
      TillDerElement number;

      if (!till_der_read_tag (&cursor, TILL_DER_INTEGER, &number) ||
          number.content.data == number.content.end || (*number.content.data & 0x80))
        return set_damaged (error);
      if (!till_der_read_uint (&sequence.content, &self->iterations))
        self->iterations = G_MAXUINT64;
    }

  return till_pbe_check_iterations (self->iterations, max_iterations, error);
}

/**
 * till_pkcs12_mac_verify:
 * @self: a MAC that is there
 * @password: the password
 * @content: what it is made over: the content of the AuthenticatedSafe
 * @cancel: (nullable): asked every few milliseconds
 * @error: return location: %TILL_ERROR_WRONG_PASSWORD, or what @cancel says
 *
 * Compares in constant time.
 *
 * Returns: whether the MAC fits
 */
gboolean
till_pkcs12_mac_verify (const TillPkcs12Mac  *self,
                        const TillPassword   *password,
                        const TillDer        *content,
                        const TillCancel     *cancel,
                        GError              **error)
{
  g_autoptr(TillSecret) key = till_secret_new (self->key_size);
  guint8 digest[TILL_KDF_DIGEST_BYTES];
  gboolean good;

  good = self->pbmac1
         ? till_kdf_pbkdf2 (self->kdf_hash, password->bytes, &self->salt, self->iterations, key, cancel, error)
         : till_kdf_pkcs12 (self->kdf_hash, TILL_KDF_FOR_MAC, password->bmp, &self->salt, self->iterations, key,
                            cancel, error);
  if (!good)
    return FALSE;

  till_kdf_hmac (self->mac_hash, key, content, digest);
  good = till_der_left (&self->digest) == self->mac_hash->digest_size &&
         memeql_sec (digest, self->digest.data, self->mac_hash->digest_size);
  till_wipe (digest, sizeof digest);

  if (!good)
    till_set_error (error, TILL_ERROR_WRONG_PASSWORD, TILL_REASON_MAC_MISMATCH, NULL, NULL,
                    "the password does not open this file, or the file is damaged");

  return good;
}
