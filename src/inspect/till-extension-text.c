/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extensions of certificates in words (RFC 5280 4.2). */
#include "config.h"

#include "till-extension-text.h"

#include <stdarg.h>
#include <string.h>

#include "till-extension.h"
#include "till-name.h"
#include "till-oid.h"
#include "till-time.h"
#include "till-x509.h"

/* Bytes of an extension that nobody can put in words, at most. */
#define MAX_HEX_BYTES 256

#define TAG_1            0xa1
#define TAG_2            0xa2
#define TAG_0_PRIMITIVE  0x80
#define TAG_1_PRIMITIVE  0x81
#define TAG_2_PRIMITIVE  0x82

/* In the order of the bits (RFC 5280 4.2.1.13). */
static const char * const reasons[] = {
  "unused", "keyCompromise", "cACompromise", "affiliationChanged", "superseded",
  "cessationOfOperation", "certificateHold", "privilegeWithdrawn", "aACompromise",
};

static const TillOidName access_methods[] = {
  { TILL_OID_OCSP, "OCSP" },
  { TILL_OID_CA_ISSUERS, "CA issuers" },
  { "1.3.6.1.5.5.7.48.3", "Time stamping" },
  { "1.3.6.1.5.5.7.48.5", "CA repository" },
  { "1.3.6.1.5.5.7.48.10", "RPKI manifest" },
  { "1.3.6.1.5.5.7.48.11", "Signed object" },
};

/**
 * till_extension_add_line:
 * @to: text so far
 * @format: of the line
 *
 * Adds a line, with a line feed in front where it is not the first.
 */
void
till_extension_add_line (GString    *to,
                         const char *format,
                         ...)
{
  va_list args;

  if (to->len > 0)
    g_string_append_c (to, '\n');

  va_start (args, format);
  g_string_append_vprintf (to, format, args);
  va_end (args);
}

static gboolean
add_lines (GString     *to,
           const char  *label,
           char       **lines)
{
  gboolean any = lines[0] != NULL;

  for (char **line = lines; *line != NULL; line++)
    till_extension_add_line (to, "%s%s", label, *line);

  g_strfreev (lines);
  return any;
}

static gboolean
tell_names (GString *to,
            TillDer  value)
{
  TillDerElement sequence;
  TillDer walk = value;
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  gboolean all;

  if (!till_der_read_tag (&walk, TILL_DER_SEQUENCE, &sequence))
    return FALSE;

  all = till_name_read_general_names (sequence.content, FALSE, names);
  for (guint i = 0; i < names->len; i++)
    till_extension_add_line (to, "%s", (const char *) names->pdata[i]);
  if (!all)
    till_extension_add_line (to, "Some names can't be read");

  return to->len > 0;
}

static gboolean
tell_key_usage (GString *to,
                TillDer  value)
{
  return add_lines (to, "", till_extension_dup_key_usage (value));
}

static gboolean
tell_purposes (GString *to,
               TillDer  value)
{
  return add_lines (to, "", till_extension_dup_purposes (value, NULL, NULL));
}

static gboolean
tell_basic_constraints (GString *to,
                        TillDer  value)
{
  gboolean is_ca;
  int path_length;

  if (!till_extension_read_basic_constraints (value, &is_ca, &path_length))
    return FALSE;

  till_extension_add_line (to, "Certificate authority: %s", is_ca ? "yes" : "no");
  if (path_length >= 0)
    till_extension_add_line (to, "Path length: %d", path_length);
  return TRUE;
}

static gboolean
tell_octets (GString *to,
             TillDer  value)
{
  TillDerElement element;
  g_autofree char *hex = NULL;

  if (!till_der_read_tag (&value, TILL_DER_OCTET_STRING, &element))
    return FALSE;

  hex = till_x509_dup_hex (element.content.data, till_der_left (&element.content));
  till_extension_add_line (to, "%s", hex);
  return TRUE;
}

/* AuthorityKeyIdentifier (RFC 5280 4.2.1.1). */
static gboolean
tell_authority_key_id (GString *to,
                       TillDer  value)
{
  TillDerElement sequence;
  TillDerElement id;
  TillDerElement issuer;
  TillDerElement serial;

  if (!till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence) ||
      !till_der_read_optional (&sequence.content, TAG_0_PRIMITIVE, &id) ||
      !till_der_read_optional (&sequence.content, TAG_1, &issuer) ||
      !till_der_read_optional (&sequence.content, TAG_2_PRIMITIVE, &serial))
    return FALSE;

  if (id.tag != 0)
    {
      g_autofree char *hex = till_x509_dup_hex (id.content.data, till_der_left (&id.content));

      till_extension_add_line (to, "Key identifier: %s", hex);
    }

  if (issuer.tag != 0)
    {
      g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

      till_name_read_general_names (issuer.content, FALSE, names);
      for (guint i = 0; i < names->len; i++)
        till_extension_add_line (to, "Issuer: %s", (const char *) names->pdata[i]);
    }

  if (serial.tag != 0)
    {
      g_autofree char *hex = till_x509_dup_integer (&serial.content);

      till_extension_add_line (to, "Serial number: %s", hex);
    }

  return to->len > 0;
}

static gboolean
tell_access (GString *to,
             TillDer  value)
{
  TillDerElement sequence;
  char dotted[TILL_OID_SIZE];
  char *location;

  if (!till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence))
    return FALSE;

  while (till_der_left (&sequence.content) > 0)
    {
      const char *name = dotted;

      if (!till_extension_read_access (&sequence.content, dotted, &location))
        return FALSE;

      for (gsize i = 0; i < G_N_ELEMENTS (access_methods); i++)
        if (strcmp (dotted, access_methods[i].oid) == 0)
          name = access_methods[i].name;

      till_extension_add_line (to, "%s: %s", name, till_extension_strip_address (location));
      g_free (location);
    }

  return to->len > 0;
}

static void
tell_reasons (GString *to,
              TillDer  content)
{
  GString *line = g_string_new ("Reasons:");

  /* An implicit BIT STRING: one octet that counts unused bits stands in front. */
  for (gsize i = 0; i < G_N_ELEMENTS (reasons) && i / 8 + 1 < till_der_left (&content); i++)
    if ((content.data[i / 8 + 1] & (0x80 >> (i % 8))) != 0)
      g_string_append_printf (line, " %s", reasons[i]);

  till_extension_add_line (to, "%s", line->str);
  g_string_free (line, TRUE);
}

static gboolean
tell_distribution_points (GString *to,
                          TillDer  value)
{
  TillDerElement sequence;

  if (!till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence))
    return FALSE;

  while (till_der_left (&sequence.content) > 0)
    {
      g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
      g_autoptr(GPtrArray) issuers = g_ptr_array_new_with_free_func (g_free);
      TillDer rest;
      TillDerElement element;

      if (!till_extension_read_distribution_point (&sequence.content, names, &rest))
        return FALSE;

      for (guint i = 0; i < names->len; i++)
        till_extension_add_line (to, "%s", till_extension_strip_address (names->pdata[i]));

      if (till_der_read_optional (&rest, TAG_1_PRIMITIVE, &element) && element.tag != 0)
        tell_reasons (to, element.content);

      if (till_der_read_optional (&rest, TAG_2, &element) && element.tag != 0)
        till_name_read_general_names (element.content, FALSE, issuers);
      for (guint i = 0; i < issuers->len; i++)
        till_extension_add_line (to, "Issuer: %s", (const char *) issuers->pdata[i]);
    }

  return to->len > 0;
}

static gboolean
tell_policies (GString *to,
               TillDer  value)
{
  return add_lines (to, "", till_extension_dup_policies (value));
}

static gboolean
tell_name_constraints (GString *to,
                       TillDer  value)
{
  gboolean any = add_lines (to, "Permitted: ", till_extension_dup_constraints (value, FALSE));

  return add_lines (to, "Excluded: ", till_extension_dup_constraints (value, TRUE)) || any;
}

/* PolicyMappings (RFC 5280 4.2.1.5). */
static gboolean
tell_policy_mappings (GString *to,
                      TillDer  value)
{
  TillDerElement sequence;
  TillDerElement pair;

  if (!till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence))
    return FALSE;

  while (till_der_read_tag (&sequence.content, TILL_DER_SEQUENCE, &pair))
    {
      TillDerElement first;
      TillDerElement second;
      char issuer[TILL_OID_SIZE];
      char subject[TILL_OID_SIZE];

      if (!till_der_read_tag (&pair.content, TILL_DER_OID, &first) ||
          !till_der_read_tag (&pair.content, TILL_DER_OID, &second) ||
          !till_oid_format (&first.content, issuer) || !till_oid_format (&second.content, subject))
        return FALSE;

      till_extension_add_line (to, "%s counts as %s", subject, issuer);
    }

  return to->len > 0;
}

/* An INTEGER with a tag of its own, as a number of certificates. */
static gboolean
tell_skip (GString    *to,
           const char *what,
           TillDer     content)
{
  g_autoptr(GByteArray) integer = g_byte_array_new ();
  TillDer walk;
  guint64 number;

  till_x509_append (integer, TILL_DER_INTEGER, content.data, till_der_left (&content));
  till_der_init (&walk, integer->data, integer->len);
  if (!till_der_read_uint (&walk, &number))
    return FALSE;

  till_extension_add_line (to, "%s after certificates: %" G_GUINT64_FORMAT, what, number);
  return TRUE;
}

/* PolicyConstraints (RFC 5280 4.2.1.11). */
static gboolean
tell_policy_constraints (GString *to,
                         TillDer  value)
{
  TillDerElement sequence;
  TillDerElement require;
  TillDerElement inhibit;

  return till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence) &&
         till_der_read_optional (&sequence.content, TAG_0_PRIMITIVE, &require) &&
         till_der_read_optional (&sequence.content, TAG_1_PRIMITIVE, &inhibit) &&
         (require.tag == 0 || tell_skip (to, "A policy is required", require.content)) &&
         (inhibit.tag == 0 || tell_skip (to, "Policies may not be mapped", inhibit.content)) &&
         to->len > 0;
}

/* InhibitAnyPolicy (RFC 5280 4.2.1.14). */
static gboolean
tell_inhibit_any_policy (GString *to,
                         TillDer  value)
{
  TillDerElement element;

  return till_der_read_tag (&value, TILL_DER_INTEGER, &element) &&
         tell_skip (to, "Any policy does not count", element.content);
}

/* PrivateKeyUsagePeriod (RFC 3280 4.2.1.4). */
static gboolean
tell_key_period (GString *to,
                 TillDer  value)
{
  TillDerElement sequence;
  TillDerElement part;

  if (!till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence))
    return FALSE;

  while (till_der_read (&sequence.content, &part))
    {
      g_autoptr(GByteArray) time = g_byte_array_new ();
      g_autofree char *text = NULL;
      TillDer walk;
      gint64 seconds;

      till_x509_append (time, TILL_DER_GENERALIZED_TIME, part.content.data, till_der_left (&part.content));
      till_der_init (&walk, time->data, time->len);
      if (till_x509_read_time (&walk, &seconds) != TILL_TIME_OK)
        return FALSE;

      text = till_time_format (seconds);
      till_extension_add_line (to, "%s: %s", part.tag == TAG_0_PRIMITIVE ? "Not before" : "Not after", text);
    }

  return to->len > 0;
}

static const struct
{
  const char        *oid;
  TillExtensionText  tell;
} standard[] = {
  { "2.5.29.14", tell_octets },
  { "2.5.29.15", tell_key_usage },
  { "2.5.29.16", tell_key_period },
  { "2.5.29.17", tell_names },
  { "2.5.29.18", tell_names },
  { "2.5.29.19", tell_basic_constraints },
  { "2.5.29.30", tell_name_constraints },
  { "2.5.29.31", tell_distribution_points },
  { "2.5.29.32", tell_policies },
  { "2.5.29.33", tell_policy_mappings },
  { "2.5.29.35", tell_authority_key_id },
  { "2.5.29.36", tell_policy_constraints },
  { "2.5.29.37", tell_purposes },
  { "2.5.29.46", tell_distribution_points },
  { "2.5.29.54", tell_inhibit_any_policy },
  { "1.3.6.1.5.5.7.1.1", tell_access },
  { "1.3.6.1.5.5.7.1.11", tell_access },
  { "1.3.6.1.4.1.311.21.2", tell_octets },
  { "1.3.6.1.4.1.311.21.10", tell_policies },
};

/**
 * till_extension_dup_text:
 * @oid: dotted
 * @value: of the extension
 *
 * Puts an extension in words, a line a fact. One that is not known, or can't be
 * read, is shown as the first 256 of its bytes in hexadecimal.
 *
 * Returns: (transfer full): the words
 */
char *
till_extension_dup_text (const char *oid,
                         TillDer     value)
{
  TillExtensionText tell = NULL;
  GString *text = g_string_new (NULL);
  g_autofree char *hex = NULL;
  gsize size = till_der_left (&value);

  for (gsize i = 0; i < G_N_ELEMENTS (standard) && tell == NULL; i++)
    if (strcmp (oid, standard[i].oid) == 0)
      tell = standard[i].tell;

  if (tell == NULL)
    tell = till_extension_find_vendor (oid);

  if (tell != NULL && tell (text, value))
    return g_string_free (text, FALSE);

  hex = till_x509_dup_hex (value.data, MIN (size, MAX_HEX_BYTES));
  g_string_assign (text, hex);
  if (size > MAX_HEX_BYTES)
    g_string_append (text, "…");

  return g_string_free (text, FALSE);
}
