/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The little arithmetic on keys that GnuTLS 3.7 does not offer. */
#include "config.h"

#include "till-key-math.h"

#include <gmp.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>
#include <string.h>

#include "till-secret.h"

static const struct
{
  const char                *name;
  const struct ecc_curve * (*get) (void);
} curves[] = {
  { "P-192", nettle_get_secp_192r1 },
  { "P-224", nettle_get_secp_224r1 },
  { "P-256", nettle_get_secp_256r1 },
  { "P-384", nettle_get_secp_384r1 },
  { "P-521", nettle_get_secp_521r1 },
};

static const struct ecc_curve *
find_curve (const char *name)
{
  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (curves); i++)
    if (strcmp (name, curves[i].name) == 0)
      return curves[i].get ();

  return NULL;
}

static void
init_number (mpz_t         number,
             const guint8 *data,
             gsize         size)
{
  mpz_init2 (number, (mp_bitcnt_t) size * 8 + GMP_NUMB_BITS);
  mpz_import (number, size, 1, 1, 1, 0, data);
}

static void
clear_secret_number (mpz_t number)
{
  gsize n = mpz_size (number);

  if (n > 0)
    till_wipe (mpz_limbs_modify (number, (mp_size_t) n), n * sizeof (mp_limb_t));
  mpz_clear (number);
}

static void
append_number (GByteArray  *to,
               const mpz_t  number,
               gsize        size)
{
  guint at = to->len;
  gsize octets = (mpz_sizeinbase (number, 2) + 7) / 8;
  gsize written;

  g_byte_array_set_size (to, at + (guint) size);
  memset (to->data + at, 0, size);
  if (mpz_sgn (number) != 0 && octets <= size)
    mpz_export (to->data + at + (size - octets), &written, 1, 1, 1, 0, number);
}

/**
 * till_key_math_derive_point:
 * @curve: name of a curve
 * @scalar: a private key (SEC 1 C.4)
 * @point: gets the public key, not compressed (SEC 1 2.3.3)
 *
 * Many programs (Java among them) write private keys without their public part,
 * which GnuTLS 3.7 does not take.
 *
 * Returns: %FALSE where the curve is not known or the scalar not below its order
 */
gboolean
till_key_math_derive_point (const char    *curve,
                            const TillDer *scalar,
                            GByteArray    *point)
{
  const struct ecc_curve *ecc = find_curve (curve);
  struct ecc_scalar secret;
  struct ecc_point result;
  mpz_t number;
  gboolean good;

  if (ecc == NULL)
    return FALSE;

  init_number (number, scalar->data, till_der_left (scalar));
  ecc_scalar_init (&secret, ecc);
  good = ecc_scalar_set (&secret, number) != 0;
  clear_secret_number (number);

  if (good)
    {
      const guint8 uncompressed = 0x04;
      gsize size = (ecc_bit_size (ecc) + 7) / 8;
      mpz_t x;
      mpz_t y;

      ecc_point_init (&result, ecc);
      ecc_point_mul_g (&result, &secret);
      mpz_init (x);
      mpz_init (y);
      ecc_point_get (&result, x, y);
      g_byte_array_append (point, &uncompressed, 1);
      append_number (point, x, size);
      append_number (point, y, size);
      mpz_clear (x);
      mpz_clear (y);
      ecc_point_clear (&result);
    }

  till_wipe (secret.p, ecc_size (ecc) * sizeof (mp_limb_t));
  ecc_scalar_clear (&secret);
  return good;
}

/**
 * till_key_math_is_on_curve:
 * @curve: name of a curve
 * @point: a public key (SEC 1 2.3.3)
 *
 * Returns: %FALSE for a point that is certainly not on the curve; of compressed
 *   ones and unknown curves nothing can be said
 */
gboolean
till_key_math_is_on_curve (const char    *curve,
                           const TillDer *point)
{
  const struct ecc_curve *ecc = find_curve (curve);
  gsize size;
  struct ecc_point result;
  mpz_t x;
  mpz_t y;
  gboolean good;

  if (ecc == NULL || till_der_left (point) == 0)
    return TRUE;

  size = (ecc_bit_size (ecc) + 7) / 8;
  switch (point->data[0])
    {
    case 0x02:
    case 0x03:
      return till_der_left (point) == size + 1;
    case 0x04:
    case 0x06:
    case 0x07:
      if (till_der_left (point) != 2 * size + 1)
        return FALSE;
      break;
    default:
      return FALSE;
    }

  init_number (x, point->data + 1, size);
  init_number (y, point->data + 1 + size, size);
  ecc_point_init (&result, ecc);
  good = ecc_point_set (&result, x, y) != 0;
  ecc_point_clear (&result);
  mpz_clear (x);
  mpz_clear (y);
  return good;
}

/**
 * till_key_math_check_product:
 * @modulus: of an RSA key
 * @first: a prime of it
 * @second: the other
 *
 * Tells a key that GnuTLS finds too small, or otherwise not to its taste, from
 * one that is damaged.
 *
 * Returns: whether the modulus is the product of the primes
 */
gboolean
till_key_math_check_product (const TillDer *modulus,
                             const TillDer *first,
                             const TillDer *second)
{
  mpz_t n;
  mpz_t p;
  mpz_t q;
  mpz_t product;
  gboolean good;

  init_number (n, modulus->data, till_der_left (modulus));
  init_number (p, first->data, till_der_left (first));
  init_number (q, second->data, till_der_left (second));
  mpz_init (product);

  mpz_mul (product, p, q);
  good = mpz_cmp (product, n) == 0 && mpz_cmp_ui (p, 1) > 0 && mpz_cmp_ui (q, 1) > 0;

  mpz_clear (product);
  clear_secret_number (q);
  clear_secret_number (p);
  mpz_clear (n);
  return good;
}
