/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which identifiers of encryptions, ciphers and hashes mean what. */
#include "config.h"

#include "till-pbe-oid.h"

#include <string.h>

#define PKCS5 "1.2.840.113549.1.5."
#define PKCS12 "1.2.840.113549.1.12.1."
#define RSADSI_DIGEST "1.2.840.113549.2."
#define NIST_AES "2.16.840.1.101.3.4.1."
#define NIST_HASH "2.16.840.1.101.3.4.2."
#define CAMELLIA "1.2.392.200011.61.1.1.1."

static const TillPbeHash digests[] = {
  { "1.3.14.3.2.26", "SHA1", &nettle_sha1 },
  { NIST_HASH "1", "SHA256", &nettle_sha256 },
  { NIST_HASH "2", "SHA384", &nettle_sha384 },
  { NIST_HASH "3", "SHA512", &nettle_sha512 },
  { NIST_HASH "4", "SHA224", &nettle_sha224 },
  { NIST_HASH "5", "SHA512-224", &nettle_sha512_224 },
  { NIST_HASH "6", "SHA512-256", &nettle_sha512_256 },
  { NIST_HASH "7", "SHA3-224", &nettle_sha3_224 },
  { NIST_HASH "8", "SHA3-256", &nettle_sha3_256 },
  { NIST_HASH "9", "SHA3-384", &nettle_sha3_384 },
  { NIST_HASH "10", "SHA3-512", &nettle_sha3_512 },
  { RSADSI_DIGEST "2", "MD2", &nettle_md2 },
  { RSADSI_DIGEST "5", "MD5", &nettle_md5 },
  { "1.3.36.3.2.1", "RIPEMD160", &nettle_ripemd160 },
  { "1.2.156.10197.1.401", "SM3", &nettle_sm3 },
};

/* RFC 8018 B.1, and what OpenSSL and NIST added. */
static const TillPbeHash hmacs[] = {
  { RSADSI_DIGEST "7", "SHA1", &nettle_sha1 },
  { RSADSI_DIGEST "9", "SHA256", &nettle_sha256 },
  { RSADSI_DIGEST "10", "SHA384", &nettle_sha384 },
  { RSADSI_DIGEST "11", "SHA512", &nettle_sha512 },
  { RSADSI_DIGEST "8", "SHA224", &nettle_sha224 },
  { RSADSI_DIGEST "12", "SHA512-224", &nettle_sha512_224 },
  { RSADSI_DIGEST "13", "SHA512-256", &nettle_sha512_256 },
  { RSADSI_DIGEST "6", "MD5", &nettle_md5 },
  { NIST_HASH "13", "SHA3-224", &nettle_sha3_224 },
  { NIST_HASH "14", "SHA3-256", &nettle_sha3_256 },
  { NIST_HASH "15", "SHA3-384", &nettle_sha3_384 },
  { NIST_HASH "16", "SHA3-512", &nettle_sha3_512 },
};

#define CIPHER_AES(size) { TILL_CIPHER_AES_CBC, size, 0, FALSE }
#define CIPHER_CAMELLIA(size) { TILL_CIPHER_CAMELLIA_CBC, size, 0, FALSE }
#define CIPHER_3DES(size) { TILL_CIPHER_3DES_CBC, size, 0, TRUE }
#define CIPHER_DES { TILL_CIPHER_DES_CBC, 8, 0, TRUE }
#define CIPHER_RC2(size, bits) { TILL_CIPHER_RC2_CBC, size, bits, TRUE }
#define CIPHER_RC4(size) { TILL_CIPHER_RC4, size, 0, TRUE }

/* Identifiers that name derivation and cipher at once (RFC 8018 A.3, RFC 7292 C). */
static const TillPbeOneStep one_steps[] = {
  { PKCS12 "3", TILL_PBE_PKCS12, &nettle_sha1, CIPHER_3DES (24) },
  { PKCS12 "6", TILL_PBE_PKCS12, &nettle_sha1, CIPHER_RC2 (5, 40) },
  { PKCS12 "5", TILL_PBE_PKCS12, &nettle_sha1, CIPHER_RC2 (16, 128) },
  { PKCS12 "4", TILL_PBE_PKCS12, &nettle_sha1, CIPHER_3DES (16) },
  { PKCS12 "1", TILL_PBE_PKCS12, &nettle_sha1, CIPHER_RC4 (16) },
  { PKCS12 "2", TILL_PBE_PKCS12, &nettle_sha1, CIPHER_RC4 (5) },
  { PKCS5 "1", TILL_PBE_PBKDF1, &nettle_md2, CIPHER_DES },
  { PKCS5 "3", TILL_PBE_PBKDF1, &nettle_md5, CIPHER_DES },
  { PKCS5 "4", TILL_PBE_PBKDF1, &nettle_md2, CIPHER_RC2 (8, 64) },
  { PKCS5 "6", TILL_PBE_PBKDF1, &nettle_md5, CIPHER_RC2 (8, 64) },
  { PKCS5 "10", TILL_PBE_PBKDF1, &nettle_sha1, CIPHER_DES },
  { PKCS5 "11", TILL_PBE_PBKDF1, &nettle_sha1, CIPHER_RC2 (8, 64) },
};

static const TillPbeCipher ciphers[] = {
  { NIST_AES "42", CIPHER_AES (32) },
  { NIST_AES "2", CIPHER_AES (16) },
  { NIST_AES "22", CIPHER_AES (24) },
  { "1.2.840.113549.3.7", CIPHER_3DES (24) },
  { "1.3.14.3.2.7", CIPHER_DES },
  { "1.2.840.113549.3.2", CIPHER_RC2 (0, 0) },
  { CAMELLIA "2", CIPHER_CAMELLIA (16) },
  { CAMELLIA "3", CIPHER_CAMELLIA (24) },
  { CAMELLIA "4", CIPHER_CAMELLIA (32) },
};

/* What stands in DEK-Info, in OpenSSL's words. */
static const TillPbeDek deks[] = {
  { "DES-EDE3-CBC", CIPHER_3DES (24) },
  { "AES-128-CBC", CIPHER_AES (16) },
  { "AES-192-CBC", CIPHER_AES (24) },
  { "AES-256-CBC", CIPHER_AES (32) },
  { "DES-CBC", CIPHER_DES },
  { "DES-EDE-CBC", CIPHER_3DES (16) },
  { "RC2-CBC", CIPHER_RC2 (16, 128) },
  { "RC2-40-CBC", CIPHER_RC2 (5, 40) },
  { "RC2-64-CBC", CIPHER_RC2 (8, 64) },
  { "CAMELLIA-128-CBC", CIPHER_CAMELLIA (16) },
  { "CAMELLIA-192-CBC", CIPHER_CAMELLIA (24) },
  { "CAMELLIA-256-CBC", CIPHER_CAMELLIA (32) },
};

/* What is known by name only. @older: superseded, rather than not yet there. A
 * name that ends in a dot covers all identifiers below it. */
static const struct
{
  const char *oid;
  const char *name;
  gboolean    older;
} refused[] = {
  { NIST_AES "1", "AES-128-ECB", TRUE },
  { NIST_AES "3", "AES-128-OFB", TRUE },
  { NIST_AES "4", "AES-128-CFB", TRUE },
  { NIST_AES "6", "AES-128-GCM", FALSE },
  { NIST_AES "7", "AES-128-CCM", FALSE },
  { NIST_AES "21", "AES-192-ECB", TRUE },
  { NIST_AES "23", "AES-192-OFB", TRUE },
  { NIST_AES "24", "AES-192-CFB", TRUE },
  { NIST_AES "26", "AES-192-GCM", FALSE },
  { NIST_AES "27", "AES-192-CCM", FALSE },
  { NIST_AES "41", "AES-256-ECB", TRUE },
  { NIST_AES "43", "AES-256-OFB", TRUE },
  { NIST_AES "44", "AES-256-CFB", TRUE },
  { NIST_AES "46", "AES-256-GCM", FALSE },
  { NIST_AES "47", "AES-256-CCM", FALSE },
  { NIST_AES, "a mode of AES", FALSE },
  { "1.2.840.113549.1.9.16.3.18", "ChaCha20-Poly1305", FALSE },
  { "1.2.840.113549.3.4", "RC4", TRUE },
  { "1.2.840.113549.3.8", "RC5-CBC", TRUE },
  { "1.2.840.113549.3.9", "RC5-CBC", TRUE },
  { "1.3.14.3.2.", "a mode of DES", TRUE },
  { "1.2.840.113533.7.66.10", "CAST5-CBC", TRUE },
  { "1.2.840.113533.7.66.12", "PBE with MD5 and CAST5", TRUE },
  { "1.3.6.1.4.1.188.7.1.1.", "IDEA", TRUE },
  { "1.3.6.1.4.1.3029.1.", "Blowfish", TRUE },
  { "1.2.410.200004.1.15", "PBE with SHA1 and SEED", TRUE },
  { "1.2.410.200004.1.", "SEED", TRUE },
  { "1.2.410.200046.1.1.", "ARIA", FALSE },
  { "1.2.156.10197.1.104.", "SM4", FALSE },
  { "1.2.156.10197.", "a Chinese national algorithm", FALSE },
  { CAMELLIA, "a mode of Camellia", FALSE },
  { "1.2.643.", "GOST", FALSE },
  { RSADSI_DIGEST "4", "MD4", TRUE },
  { "1.0.10118.3.0.55", "Whirlpool", TRUE },
  { "1.3.6.1.4.1.1722.12.2.", "BLAKE2", FALSE },
  { "1.3.6.1.4.1.11591.4.11", "scrypt", FALSE },
  { "1.3.6.1.4.1.22554.", "an algorithm of Bouncy Castle", FALSE },
  { "1.2.840.113549.1.5.14", "PBMAC1", FALSE },
  { "1.2.840.113549.1.1.", "RSA (encrypted for a certificate, not under a password)", FALSE },
  { "1.2.840.113549.1.5.", "an unknown scheme of PKCS #5", FALSE },
  { "1.2.840.113549.1.12.1.", "an unknown scheme of PKCS #12", FALSE },
};

static const TillPbeHash *
find_hash (const TillPbeHash    *list,
           gsize                 n,
           const TillDerElement *oid)
{
  for (gsize i = 0; i < n; i++)
    {
      if (till_der_oid_is (oid, list[i].oid))
        return &list[i];
    }

  return NULL;
}

/**
 * till_pbe_find_digest:
 * @oid: identifier of a hash
 *
 * Returns: (transfer none) (nullable): the hash
 */
const TillPbeHash *
till_pbe_find_digest (const TillDerElement *oid)
{
  return find_hash (digests, G_N_ELEMENTS (digests), oid);
}

/**
 * till_pbe_find_hmac:
 * @oid: identifier of an HMAC
 *
 * Returns: (transfer none) (nullable): its hash
 */
const TillPbeHash *
till_pbe_find_hmac (const TillDerElement *oid)
{
  return find_hash (hmacs, G_N_ELEMENTS (hmacs), oid);
}

/**
 * till_pbe_find_one_step:
 * @oid: identifier of an encryption
 *
 * Returns: (transfer none) (nullable): derivation and cipher
 */
const TillPbeOneStep *
till_pbe_find_one_step (const TillDerElement *oid)
{
  for (gsize i = 0; i < G_N_ELEMENTS (one_steps); i++)
    {
      if (till_der_oid_is (oid, one_steps[i].oid))
        return &one_steps[i];
    }

  return NULL;
}

/**
 * till_pbe_find_cipher:
 * @oid: identifier of a cipher inside PBES2
 *
 * Returns: (transfer none) (nullable): the cipher
 */
const TillPbeCipher *
till_pbe_find_cipher (const TillDerElement *oid)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ciphers); i++)
    {
      if (till_der_oid_is (oid, ciphers[i].oid))
        return &ciphers[i];
    }

  return NULL;
}

/**
 * till_pbe_find_dek:
 * @name: name of a cipher in DEK-Info, not terminated
 * @size: its length
 *
 * Returns: (transfer none) (nullable): the cipher
 */
const TillPbeDek *
till_pbe_find_dek (const char *name,
                   gsize       size)
{
  for (gsize i = 0; i < G_N_ELEMENTS (deks); i++)
    {
      if (strlen (deks[i].dek) == size && g_ascii_strncasecmp (deks[i].dek, name, size) == 0)
        return &deks[i];
    }

  return NULL;
}

/**
 * till_pbe_set_refused:
 * @oid: identifier of what can't be undone here
 * @error: return location
 *
 * Names what a file is protected with, and whether that is old or new.
 */
void
till_pbe_set_refused (const TillDerElement  *oid,
                      GError               **error)
{
  g_autofree char *dotted = till_der_dup_oid (oid);
  const char *name = dotted;
  gboolean older = FALSE;

  if (dotted == NULL)
    {
      till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, "encryption", NULL,
                      "the file is damaged: the name of its encryption can't be read");
      return;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      const char *known = refused[i].oid;

      if (g_str_has_suffix (known, ".") ? g_str_has_prefix (dotted, known) : g_str_equal (dotted, known))
        {
          name = refused[i].name;
          older = refused[i].older;
          break;
        }
    }

  till_set_error (error, older ? TILL_ERROR_OLD_PROTECTION : TILL_ERROR_NEWER_PROTECTION,
                  TILL_REASON_ALGORITHM, name, NULL,
                  name == dotted ? "the file is protected with the unknown algorithm %s, which is not supported"
                                 : "the file is protected with %s, which is not supported", name);
}
