/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small readers and writers that certificates, requests, lists and keys share (RFC 5280). */
#include "config.h"

#include "till-x509.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "till-time.h"

#define TAG_PSS_DIGEST TILL_DER_CONTEXT_0
#define TAG_PSS_MGF    0xa1
#define TAG_PSS_SALT   0xa2

/**
 * till_x509_read_algorithm:
 * @der: the cursor; moved behind the element
 * @algorithm: (out): what was read
 *
 * Reads an AlgorithmIdentifier (RFC 5280 4.1.1.2).
 *
 * Returns: %FALSE where none stands there
 */
gboolean
till_x509_read_algorithm (TillDer       *der,
                          TillAlgorithm *algorithm)
{
  TillDerElement sequence;
  TillDerElement oid;
  TillDerElement parameters;

  if (!till_der_read_tag (der, TILL_DER_SEQUENCE, &sequence) ||
      !till_der_read_tag (&sequence.content, TILL_DER_OID, &oid) ||
      !till_oid_format (&oid.content, algorithm->oid))
    return FALSE;

  algorithm->parameters = sequence.content;

  /* At most one element may follow, and it has to be whole. */
  if (till_der_left (&sequence.content) > 0 &&
      (!till_der_read (&sequence.content, &parameters) || till_der_left (&sequence.content) > 0))
    return FALSE;

  algorithm->whole.data = sequence.start;
  algorithm->whole.end = sequence.next;
  return TRUE;
}

static gboolean
read_digits (const guint8 **at,
             const guint8  *end,
             guint          n,
             int           *value)
{
  *value = 0;

  if ((gsize) (end - *at) < n)
    return FALSE;

  for (guint i = 0; i < n; i++)
    {
      guint8 c = *(*at)++;

      if (c < '0' || c > '9')
        return FALSE;

      *value = *value * 10 + (c - '0');
    }

  return TRUE;
}

/* The zone: Z, or (in files older than RFC 2459) hours and minutes to take away. */
static gboolean
read_zone (const guint8 *at,
           const guint8 *end,
           int          *offset)
{
  int sign;
  int hours;
  int minutes;

  *offset = 0;

  if (at == end)
    return FALSE;

  if (*at == 'Z')
    return at + 1 == end;

  if (*at != '+' && *at != '-')
    return FALSE;

  sign = *at++ == '+' ? 1 : -1;
  if (!read_digits (&at, end, 2, &hours) || !read_digits (&at, end, 2, &minutes) ||
      at != end || hours > 23 || minutes > 59)
    return FALSE;

  *offset = sign * (hours * 3600 + minutes * 60);
  return TRUE;
}

static gboolean
is_leap (int year)
{
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
days_in_month (int year,
               int month)
{
  static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

  return days[month - 1] + (month == 2 && is_leap (year) ? 1 : 0);
}

/**
 * till_x509_read_time:
 * @der: the cursor; moved behind the element
 * @seconds: (out): since 1970
 *
 * Reads a Time (RFC 5280 4.1.2.5): UTCTime with two digits of the year, of which
 * 50 and above belong to the 20th century, or GeneralizedTime. Missing seconds
 * of a UTCTime and a zone instead of Z (X.680 47) are understood, as certificates
 * from before RFC 2459 have them; fractions of a second are not.
 *
 * Returns: how it went
 */
TillTimeResult
till_x509_read_time (TillDer *der,
                     gint64  *seconds)
{
  TillDerElement element;
  const guint8 *at;
  const guint8 *end;
  int year, month, day, hour, minute, second = 0, offset;

  if (!till_der_read (der, &element) ||
      (element.tag != TILL_DER_UTC_TIME && element.tag != TILL_DER_GENERALIZED_TIME))
    return TILL_TIME_NOT_THERE;

  at = element.content.data;
  end = element.content.end;

  if (!read_digits (&at, end, element.tag == TILL_DER_UTC_TIME ? 2 : 4, &year) ||
      !read_digits (&at, end, 2, &month) ||
      !read_digits (&at, end, 2, &day) ||
      !read_digits (&at, end, 2, &hour) ||
      !read_digits (&at, end, 2, &minute))
    return TILL_TIME_NOT_VALID;

  if (element.tag == TILL_DER_UTC_TIME)
    {
      year += year < 50 ? 2000 : 1900;
      if (at < end && g_ascii_isdigit (*at) && !read_digits (&at, end, 2, &second))
        return TILL_TIME_NOT_VALID;
    }
  else if (!read_digits (&at, end, 2, &second))
    return TILL_TIME_NOT_VALID;

  if (month < 1 || month > 12 || day < 1 || day > days_in_month (year, month) ||
      hour > 23 || minute > 59 || second > 59 ||
      !read_zone (at, end, &offset))
    return TILL_TIME_NOT_VALID;

  *seconds = till_time_from_civil (year, month, day, hour, minute, second) - offset;
  return TILL_TIME_OK;
}

/**
 * till_x509_read_bit_string:
 * @der: the cursor; moved behind the element
 * @bits: (out): the octets
 * @unused: (out) (optional): how many bits of the last octet do not count
 *
 * Returns: %FALSE where no primitive BIT STRING stands there (X.690 8.6)
 */
gboolean
till_x509_read_bit_string (TillDer *der,
                           TillDer *bits,
                           guint   *unused)
{
  TillDerElement element;

  if (!till_der_read_tag (der, TILL_DER_BIT_STRING, &element) ||
      element.content.data == element.content.end ||
      element.content.data[0] > 7)
    return FALSE;

  if (unused != NULL)
    *unused = element.content.data[0];

  bits->data = element.content.data + 1;
  bits->end = element.content.end;
  return TRUE;
}

/**
 * till_x509_read_boolean:
 * @der: the cursor; moved behind the element, where it is one
 * @value: (out): what it says; %FALSE, its usual default, where it is left out
 *
 * Returns: %FALSE where one stands there that can't be read
 */
gboolean
till_x509_read_boolean (TillDer  *der,
                        gboolean *value)
{
  TillDerElement element;
  guint8 tag;

  *value = FALSE;

  if (!till_der_peek_tag (der, &tag) || tag != TILL_DER_BOOLEAN)
    return TRUE;

  if (!till_der_read (der, &element) || till_der_left (&element.content) != 1)
    return FALSE;

  *value = element.content.data[0] != 0;
  return TRUE;
}

/* RSASSA-PSS-params (RFC 4055 3.1): the digest, SHA-1 where it is left out. */
static const TillOidSignature *
read_pss_digest (TillDer parameters)
{
  TillDerElement sequence;
  TillDerElement digest;
  TillAlgorithm algorithm;

  if (!till_der_read_tag (&parameters, TILL_DER_SEQUENCE, &sequence))
    return NULL;

  if (!till_der_read_optional (&sequence.content, TAG_PSS_DIGEST, &digest))
    return NULL;

  if (digest.tag == 0)
    return till_oid_find_digest ("1.3.14.3.2.26");

  if (!till_x509_read_algorithm (&digest.content, &algorithm))
    return NULL;

  return till_oid_find_digest (algorithm.oid);
}

/**
 * till_x509_check_pss:
 * @parameters: of an RSA-PSS key; empty where there are none
 *
 * Returns: whether they are written as RFC 4055 3.1 says, with a salt that has a length
 */
gboolean
till_x509_check_pss (TillDer parameters)
{
  TillDerElement sequence;
  TillDerElement element;
  TillDerElement number;

  if (till_der_left (&parameters) == 0)
    return TRUE;

  return till_der_read_tag (&parameters, TILL_DER_SEQUENCE, &sequence) &&
         till_der_read_optional (&sequence.content, TAG_PSS_DIGEST, &element) &&
         till_der_read_optional (&sequence.content, TAG_PSS_MGF, &element) &&
         till_der_read_optional (&sequence.content, TAG_PSS_SALT, &element) &&
         (element.tag == 0 ||
          (till_der_read_tag (&element.content, TILL_DER_INTEGER, &number) &&
           till_der_left (&number.content) > 0 && number.content.data[0] < 0x80));
}

/**
 * till_x509_signature_name:
 * @algorithm: of a signature
 * @weak: (out): its digest is SHA-1 or weaker
 *
 * Returns: (transfer none): a name that lives for ever, such as RSA-SHA256; the
 *   dotted OID for an algorithm that is not known
 */
const char *
till_x509_signature_name (const TillAlgorithm *algorithm,
                          gboolean            *weak)
{
  const TillOidSignature *known = till_oid_find_signature (algorithm->oid);

  *weak = FALSE;

  if (known == NULL)
    {
      /* Some old certificates name the digest alone. */
      const TillOidSignature *digest = till_oid_find_digest (algorithm->oid);

      *weak = digest != NULL && digest->weak;
      return g_intern_string (algorithm->oid);
    }

  *weak = known->weak;

  if (strcmp (known->name, "RSA-PSS") == 0)
    {
      const TillOidSignature *digest = read_pss_digest (algorithm->parameters);

      if (digest != NULL)
        {
          char name[64];

          *weak = digest->weak;
          g_snprintf (name, sizeof name, "RSA-PSS-%s", digest->name);
          return g_intern_string (name);
        }
    }

  return known->name;
}

/**
 * till_x509_integer_magnitude:
 * @content: content octets of an INTEGER
 *
 * Returns: a non-negative number without the zeros in front
 */
TillDer
till_x509_integer_magnitude (const TillDer *content)
{
  TillDer magnitude = *content;

  while (magnitude.data < magnitude.end && *magnitude.data == 0)
    magnitude.data++;

  return magnitude;
}

/**
 * till_x509_integer_bits:
 * @content: content octets of a non-negative INTEGER
 *
 * Returns: how many bits the number has; 0 for nought
 */
int
till_x509_integer_bits (const TillDer *content)
{
  TillDer magnitude = till_x509_integer_magnitude (content);
  gsize size = till_der_left (&magnitude);

  if (size == 0 || size > G_MAXINT / 8)
    return 0;

  return (int) (size - 1) * 8 + (int) g_bit_storage (magnitude.data[0]);
}

/**
 * till_x509_dup_integer:
 * @content: content octets of an INTEGER
 *
 * Two's complement (X.690 8.3) in hexadecimal: "00" for nought, "-" and the
 * magnitude for what is below it.
 *
 * Returns: (transfer full): lower case, two digits an octet, no zero octets in front
 */
char *
till_x509_dup_integer (const TillDer *content)
{
  TillDer magnitude;
  gsize size = till_der_left (content);

  if (size > 0 && (content->data[0] & 0x80) != 0)
    {
      g_autofree guint8 *negated = g_memdup2 (content->data, size);
      gsize from = 0;
      guint carry = 1;
      g_autofree char *hex = NULL;

      for (gsize i = size; i-- > 0;)
        {
          carry += (guint8) ~negated[i];
          negated[i] = (guint8) carry;
          carry >>= 8;
        }

      while (from < size && negated[from] == 0)
        from++;

      hex = till_x509_dup_hex (negated + from, size - from);
      return g_strconcat ("-", hex, NULL);
    }

  magnitude = till_x509_integer_magnitude (content);
  if (till_der_left (&magnitude) == 0)
    return g_strdup ("00");

  return till_x509_dup_hex (magnitude.data, till_der_left (&magnitude));
}

/**
 * till_x509_equal:
 * @a: some bytes
 * @b: other bytes
 *
 * Returns: whether they are the same; not for secrets
 */
gboolean
till_x509_equal (const TillDer *a,
                 const TillDer *b)
{
  gsize size = till_der_left (a);

  return size == till_der_left (b) && (size == 0 || memcmp (a->data, b->data, size) == 0);
}

static void
write_hex (char         *to,
           const guint8 *data,
           gsize         size)
{
  static const char digits[] = "0123456789abcdef";

  for (gsize i = 0; i < size; i++)
    {
      *to++ = digits[data[i] >> 4];
      *to++ = digits[data[i] & 0x0f];
    }

  *to = '\0';
}

/**
 * till_x509_dup_hex:
 * @data: (array length=size): any bytes
 * @size: how many
 *
 * Returns: (transfer full): lower-case hexadecimal
 */
char *
till_x509_dup_hex (const guint8 *data,
                   gsize         size)
{
  char *hex = g_malloc (size * 2 + 1);

  write_hex (hex, data, size);
  return hex;
}

/**
 * till_x509_digest_hex:
 * @algorithm: a `gnutls_digest_algorithm_t`
 * @data: (array length=size): any bytes
 * @size: how many
 * @hex: (out): room for twice the digest's size and a zero
 *
 * Writes a fingerprint in lower-case hexadecimal; the empty text where the
 * library does not offer the digest.
 */
void
till_x509_digest_hex (int           algorithm,
                      const guint8 *data,
                      gsize         size,
                      char         *hex)
{
  guint8 digest[64];
  int digest_size = gnutls_hash_get_len (algorithm);

  hex[0] = '\0';

  if (digest_size > 0 && (gsize) digest_size <= sizeof digest &&
      gnutls_hash_fast (algorithm, data, size, digest) == GNUTLS_E_SUCCESS)
    write_hex (hex, digest, (gsize) digest_size);
}

/**
 * till_x509_append:
 * @to: where the element goes
 * @tag: identifier octet
 * @content: (array length=size): content octets
 * @size: how many
 *
 * Writes one DER element (X.690 10.1).
 */
void
till_x509_append (GByteArray   *to,
                  guint8        tag,
                  const guint8 *content,
                  gsize         size)
{
  guint8 header[2 + sizeof (gsize)];
  guint n = 0;

  header[n++] = tag;

  if (size < 0x80)
    header[n++] = (guint8) size;
  else
    {
      guint octets = (guint) (g_bit_storage (size) + 7) / 8;

      header[n++] = (guint8) (0x80 | octets);
      for (guint i = octets; i-- > 0;)
        header[n++] = (guint8) (size >> (8 * i));
    }

  g_byte_array_append (to, header, n);
  if (size > 0)
    g_byte_array_append (to, content, (guint) size);
}
