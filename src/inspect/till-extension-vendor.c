/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extensions that RFC 5280 does not have, in words. */
#include "config.h"

#include <string.h>

#include "till-extension-text.h"
#include "till-extension.h"
#include "till-name.h"
#include "till-oid.h"
#include "till-time.h"
#include "till-x509.h"

#define APPLE_ARC "1.2.840.113635.100."

/* RFC 6962 3.2 and 3.3: version, log, milliseconds since 1970. */
#define SCT_LOG_OFFSET   1
#define SCT_LOG_SIZE     32
#define SCT_TIME_OFFSET  33
#define SCT_LEAST_SIZE   43

/* In the order of the bits. */
static const char * const netscape_types[] = {
  "SSL client", "SSL server", "S/MIME", "object signing", "reserved", "SSL CA", "S/MIME CA",
  "object signing CA",
};

/* ETSI EN 319 412-5 and, for payment services, ETSI TS 119 495. */
static const TillOidName statements[] = {
  { "0.4.0.1862.1.1", "EU qualified certificate" },
  { "0.4.0.1862.1.2", "Limit of transactions" },
  { "0.4.0.1862.1.3", "Years that records are kept" },
  { "0.4.0.1862.1.4", "Private key in a qualified device" },
  { "0.4.0.1862.1.5", "Disclosure statements" },
  { "0.4.0.1862.1.6", "Type" },
  { "0.4.0.1862.1.7", "Countries whose law it follows" },
  { "0.4.0.19495.2", "Payment service provider (PSD2)" },
  { "1.3.6.1.5.5.7.11.1", "Qualified certificate (RFC 3039)" },
  { "1.3.6.1.5.5.7.11.2", "Qualified certificate (RFC 3739)" },
  { "0.4.0.1862.1.6.1", "electronic signature" },
  { "0.4.0.1862.1.6.2", "electronic seal" },
  { "0.4.0.1862.1.6.3", "website authentication" },
};

static const char *
find_statement (const char *oid)
{
  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    if (strcmp (oid, statements[i].oid) == 0)
      return statements[i].name;

  return oid;
}

/* Any single string. */
static gboolean
tell_string (GString *to,
             TillDer  value)
{
  TillDerElement element;
  g_autofree char *text = NULL;
  g_autofree char *visible = NULL;

  if (!till_der_read (&value, &element) || till_der_left (&value) > 0)
    return FALSE;

  text = till_der_dup_text (&element);
  if (text == NULL)
    return FALSE;

  visible = till_name_dup_visible ((const guint8 *) text, strlen (text));
  till_extension_add_line (to, "%s", visible);
  return TRUE;
}

static gboolean
tell_mark (GString *to,
           TillDer  value)
{
  TillDerElement element;

  if (till_der_read_tag (&value, TILL_DER_NULL, &element) && till_der_left (&value) == 0)
    {
      till_extension_add_line (to, "Marked");
      return TRUE;
    }

  return tell_string (to, value);
}

static gboolean
tell_netscape_type (GString *to,
                    TillDer  value)
{
  TillDer bits;

  if (!till_x509_read_bit_string (&value, &bits, NULL))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (netscape_types) && till_der_left (&bits) > 0; i++)
    if ((bits.data[0] & (0x80 >> i)) != 0)
      till_extension_add_line (to, "%s", netscape_types[i]);

  return to->len > 0;
}

/* RFC 7633 4: numbers of TLS extensions. */
static gboolean
tell_tls_feature (GString *to,
                  TillDer  value)
{
  TillDerElement sequence;
  guint64 number;

  if (!till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence))
    return FALSE;

  while (till_der_read_uint (&sequence.content, &number))
    if (number == 5)
      till_extension_add_line (to, "OCSP must be stapled (status_request)");
    else if (number == 17)
      till_extension_add_line (to, "OCSP must be stapled for the chain (status_request_v2)");
    else
      till_extension_add_line (to, "TLS extension %" G_GUINT64_FORMAT, number);

  return to->len > 0;
}

static gboolean
tell_no_check (GString *to,
               TillDer  value)
{
  till_extension_add_line (to, "Whether it was revoked need not be checked");
  return TRUE;
}

static gboolean
tell_poison (GString *to,
             TillDer  value)
{
  till_extension_add_line (to, "Made for transparency logs only, not to be used");
  return TRUE;
}

static gsize
read_length (const guint8 *at)
{
  return (gsize) at[0] << 8 | at[1];
}

/* SignedCertificateTimestampList (RFC 6962 3.3). */
static gboolean
tell_timestamps (GString *to,
                 TillDer  value)
{
  TillDerElement element;
  const guint8 *at;
  const guint8 *end;
  guint n = 0;
  g_autoptr(GString) lines = g_string_new (NULL);

  if (!till_der_read_tag (&value, TILL_DER_OCTET_STRING, &element) ||
      till_der_left (&element.content) < 2 ||
      read_length (element.content.data) != till_der_left (&element.content) - 2)
    return FALSE;

  end = element.content.end;
  for (at = element.content.data + 2; at < end; n++)
    {
      gsize size;
      guint64 milliseconds = 0;
      g_autofree char *log = NULL;
      g_autofree char *time = NULL;

      if (end - at < 2)
        return FALSE;

      size = read_length (at);
      at += 2;
      if (size < SCT_LEAST_SIZE || size > (gsize) (end - at))
        return FALSE;

      for (guint i = 0; i < 8; i++)
        milliseconds = milliseconds << 8 | at[SCT_TIME_OFFSET + i];
      log = till_x509_dup_hex (at + SCT_LOG_OFFSET, SCT_LOG_SIZE);
      time = milliseconds / 1000 <= G_GUINT64_CONSTANT (253402300799)
        ? till_time_format ((gint64) (milliseconds / 1000))
        : g_strdup ("?");
      till_extension_add_line (lines, "Log %s: %s", log, time);
      at += size;
    }

  till_extension_add_line (to, "Timestamps: %u", n);
  if (lines->len > 0)
    till_extension_add_line (to, "%s", lines->str);
  return TRUE;
}

/* CertificateTemplate of Microsoft: OID and version. */
static gboolean
tell_template (GString *to,
               TillDer  value)
{
  TillDerElement sequence;
  TillDerElement oid;
  char dotted[TILL_OID_SIZE];
  guint64 major;
  guint64 minor;

  if (!till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence) ||
      !till_der_read_tag (&sequence.content, TILL_DER_OID, &oid) ||
      !till_oid_format (&oid.content, dotted))
    return FALSE;

  till_extension_add_line (to, "Template: %s", dotted);
  if (till_der_read_uint (&sequence.content, &major))
    {
      if (!till_der_read_uint (&sequence.content, &minor))
        minor = 0;
      till_extension_add_line (to, "Version: %" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT, major, minor);
    }

  return TRUE;
}

/* The number of the CA's certificate below, that of its key above. */
static gboolean
tell_ca_version (GString *to,
                 TillDer  value)
{
  guint64 number;

  if (!till_der_read_uint (&value, &number) || number > G_MAXUINT32)
    return FALSE;

  till_extension_add_line (to, "V%u.%u", (guint) (number & 0xffff), (guint) (number >> 16));
  return TRUE;
}

/* SMIMECapabilities (RFC 8551 2.5.2). */
static gboolean
tell_capabilities (GString *to,
                   TillDer  value)
{
  TillDerElement sequence;

  if (!till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence))
    return FALSE;

  while (till_der_left (&sequence.content) > 0)
    {
      TillAlgorithm capability;

      if (!till_x509_read_algorithm (&sequence.content, &capability))
        return FALSE;

      till_extension_add_line (to, "%s", capability.oid);
    }

  return to->len > 0;
}

/* The texts, numbers and names inside a statement, one after the other. */
static void
gather (GString *to,
        TillDer  value,
        guint    depth)
{
  TillDerElement element;

  while (till_der_read (&value, &element))
    {
      g_autofree char *text = till_der_dup_text (&element);
      char dotted[TILL_OID_SIZE];

      if (text != NULL)
        {
          g_autofree char *visible = till_name_dup_visible ((const guint8 *) text, strlen (text));

          g_string_append_printf (to, " %s", visible);
        }
      else if (element.tag == TILL_DER_OID && till_oid_format (&element.content, dotted))
        g_string_append_printf (to, " %s", find_statement (dotted));
      else if (element.tag == TILL_DER_INTEGER && till_der_left (&element.content) <= 8)
        {
          gint64 number = till_der_left (&element.content) > 0 && (element.content.data[0] & 0x80) != 0 ? -1 : 0;

          for (const guint8 *at = element.content.data; at < element.content.end; at++)
            number = (gint64) ((guint64) number << 8 | *at);
          g_string_append_printf (to, " %" G_GINT64_FORMAT, number);
        }
      else if ((element.tag == TILL_DER_SEQUENCE || element.tag == TILL_DER_SET) && depth > 0)
        gather (to, element.content, depth - 1);
    }
}

/* QCStatements (RFC 3739 3.2.6). */
static gboolean
tell_statements (GString *to,
                 TillDer  value)
{
  TillDerElement sequence;

  if (!till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence))
    return FALSE;

  while (till_der_left (&sequence.content) > 0)
    {
      TillDerElement statement;
      TillDerElement oid;
      char dotted[TILL_OID_SIZE];
      g_autoptr(GString) facts = g_string_new (NULL);

      if (!till_der_read_tag (&sequence.content, TILL_DER_SEQUENCE, &statement) ||
          !till_der_read_tag (&statement.content, TILL_DER_OID, &oid) ||
          !till_oid_format (&oid.content, dotted))
        return FALSE;

      gather (facts, statement.content, 6);
      till_extension_add_line (to, "%s%s%s", find_statement (dotted), facts->len > 0 ? ":" : "", facts->str);
    }

  return to->len > 0;
}

/* ProxyCertInfo (RFC 3820 3.8). */
static gboolean
tell_proxy (GString *to,
            TillDer  value)
{
  TillDerElement sequence;
  TillDerElement policy;
  TillDerElement oid;
  char dotted[TILL_OID_SIZE];
  guint64 number;

  if (!till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence))
    return FALSE;

  if (till_der_read_uint (&sequence.content, &number))
    till_extension_add_line (to, "Path length: %" G_GUINT64_FORMAT, number);

  if (!till_der_read_tag (&sequence.content, TILL_DER_SEQUENCE, &policy) ||
      !till_der_read_tag (&policy.content, TILL_DER_OID, &oid) ||
      !till_oid_format (&oid.content, dotted))
    return FALSE;

  till_extension_add_line (to, "Policy language: %s", dotted);
  return TRUE;
}

static const struct
{
  const char        *oid;
  TillExtensionText  tell;
} vendors[] = {
  { "1.3.6.1.5.5.7.1.3", tell_statements },
  { "1.3.6.1.5.5.7.1.14", tell_proxy },
  { "1.3.6.1.5.5.7.1.24", tell_tls_feature },
  { "1.3.6.1.5.5.7.48.1.5", tell_no_check },
  { "1.3.6.1.4.1.11129.2.4.2", tell_timestamps },
  { "1.3.6.1.4.1.11129.2.4.3", tell_poison },
  { "1.3.6.1.4.1.311.20.2", tell_string },
  { "1.3.6.1.4.1.311.21.1", tell_ca_version },
  { "1.3.6.1.4.1.311.21.7", tell_template },
  { "1.2.840.113549.1.9.15", tell_capabilities },
  { "2.16.840.1.113730.1.1", tell_netscape_type },
  { "2.16.840.1.113730.1.2", tell_string },
  { "2.16.840.1.113730.1.3", tell_string },
  { "2.16.840.1.113730.1.4", tell_string },
  { "2.16.840.1.113730.1.7", tell_string },
  { "2.16.840.1.113730.1.8", tell_string },
  { "2.16.840.1.113730.1.12", tell_string },
  { "2.16.840.1.113730.1.13", tell_string },
};

/**
 * till_extension_find_vendor:
 * @oid: dotted
 *
 * Returns: (nullable): what puts the extension in words
 */
TillExtensionText
till_extension_find_vendor (const char *oid)
{
  for (gsize i = 0; i < G_N_ELEMENTS (vendors); i++)
    if (strcmp (oid, vendors[i].oid) == 0)
      return vendors[i].tell;

  return g_str_has_prefix (oid, APPLE_ARC) ? tell_mark : NULL;
}
