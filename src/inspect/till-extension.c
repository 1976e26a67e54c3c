/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extensions of certificates as lists (RFC 5280 4.2). */
#include "config.h"

#include "till-extension.h"

#include <string.h>

#include "till-name.h"
#include "till-oid.h"
#include "till-x509.h"

#define OID_CPS          "1.3.6.1.5.5.7.2.1"
#define OID_USER_NOTICE  "1.3.6.1.5.5.7.2.2"

#define TAG_0            0xa0
#define TAG_1            0xa1

/* In the order of the bits (RFC 5280 4.2.1.3). */
static const char * const key_usages[] = {
  "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
  "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
};

static char **
end_list (GPtrArray *list)
{
  g_ptr_array_add (list, NULL);
  return (char **) g_ptr_array_free (list, FALSE);
}

/**
 * till_extension_dup_names:
 * @value: of an extension that holds GeneralNames (RFC 5280 4.2.1.6)
 *
 * Returns: (transfer full): the names that can be read, such as "DNS:shop.example"
 */
char **
till_extension_dup_names (TillDer value)
{
  GPtrArray *list = g_ptr_array_new ();
  TillDerElement sequence;

  if (till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence))
    till_name_read_general_names (sequence.content, FALSE, list);

  return end_list (list);
}

/**
 * till_extension_dup_key_usage:
 * @value: of the extension (RFC 5280 4.2.1.3)
 *
 * Returns: (transfer full): names of the bits that are set
 */
char **
till_extension_dup_key_usage (TillDer value)
{
  GPtrArray *list = g_ptr_array_new ();
  TillDer bits;

  if (till_x509_read_bit_string (&value, &bits, NULL))
    for (gsize i = 0; i < G_N_ELEMENTS (key_usages) && i / 8 < till_der_left (&bits); i++)
      if ((bits.data[i / 8] & (0x80 >> (i % 8))) != 0)
        g_ptr_array_add (list, g_strdup (key_usages[i]));

  return end_list (list);
}

/**
 * till_extension_dup_purposes:
 * @value: of the extension (RFC 5280 4.2.1.12)
 * @marked: (nullable): a dotted OID to look for
 * @has_marked: (out) (optional): whether it is there
 *
 * Returns: (transfer full): names of the purposes, OIDs where they have none
 */
char **
till_extension_dup_purposes (TillDer     value,
                             const char *marked,
                             gboolean   *has_marked)
{
  GPtrArray *list = g_ptr_array_new ();
  TillDerElement sequence;

  if (has_marked != NULL)
    *has_marked = FALSE;

  if (till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence))
    while (till_der_left (&sequence.content) > 0)
      {
        TillDerElement oid;
        char dotted[TILL_OID_SIZE];
        const char *name;

        if (!till_der_read_tag (&sequence.content, TILL_DER_OID, &oid))
          break;

        if (!till_oid_format (&oid.content, dotted))
          continue;

        name = till_oid_purpose_name (dotted);
        g_ptr_array_add (list, g_strdup (name != NULL ? name : dotted));
        if (has_marked != NULL && marked != NULL && strcmp (dotted, marked) == 0)
          *has_marked = TRUE;
      }

  return end_list (list);
}

/**
 * till_extension_read_basic_constraints:
 * @value: of the extension (RFC 5280 4.2.1.9)
 * @is_ca: (out): whether certificates may be signed
 * @path_length: (out): how many more intermediates may follow; -1 for no bound
 *
 * Returns: %FALSE where it can't be read
 */
gboolean
till_extension_read_basic_constraints (TillDer   value,
                                       gboolean *is_ca,
                                       int      *path_length)
{
  TillDerElement sequence;
  guint64 number;

  *is_ca = FALSE;
  *path_length = -1;

  if (!till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence) ||
      !till_x509_read_boolean (&sequence.content, is_ca))
    return FALSE;

  if (till_der_left (&sequence.content) == 0)
    return TRUE;

  if (!till_der_read_uint (&sequence.content, &number))
    return FALSE;

  *path_length = (int) MIN (number, G_MAXINT);
  return till_der_left (&sequence.content) == 0;
}

/**
 * till_extension_strip_address:
 * @name: a general name in text
 *
 * Takes the label away from a URI, so that the address alone is left.
 *
 * Returns: (transfer none): @name
 */
char *
till_extension_strip_address (char *name)
{
  if (g_str_has_prefix (name, "URI:"))
    memmove (name, name + strlen ("URI:"), strlen (name + strlen ("URI:")) + 1);

  return name;
}

/**
 * till_extension_read_access:
 * @list: access descriptions; moved behind the first
 * @method: (out): dotted OID of what is offered
 * @location: (out) (transfer full): where
 *
 * Reads an AccessDescription (RFC 5280 4.2.2.1).
 *
 * Returns: %FALSE where none stands there
 */
gboolean
till_extension_read_access (TillDer  *list,
                            char      method[TILL_OID_SIZE],
                            char    **location)
{
  TillDerElement description;
  TillDerElement oid;

  if (!till_der_read_tag (list, TILL_DER_SEQUENCE, &description) ||
      !till_der_read_tag (&description.content, TILL_DER_OID, &oid) ||
      !till_oid_format (&oid.content, method))
    return FALSE;

  *location = till_name_read_general (&description.content, FALSE);
  return *location != NULL;
}

/**
 * till_extension_dup_access:
 * @value: of authority information access (RFC 5280 4.2.2.1)
 * @method: dotted OID of what is offered
 *
 * Returns: (transfer full): addresses
 */
char **
till_extension_dup_access (TillDer     value,
                           const char *method)
{
  GPtrArray *list = g_ptr_array_new ();
  TillDerElement sequence;
  char dotted[TILL_OID_SIZE];
  char *location;

  if (!till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence))
    return end_list (list);

  while (till_der_left (&sequence.content) > 0 &&
         till_extension_read_access (&sequence.content, dotted, &location))
    {
      if (strcmp (dotted, method) == 0)
        g_ptr_array_add (list, till_extension_strip_address (location));
      else
        g_free (location);
    }

  return end_list (list);
}

/**
 * till_extension_read_distribution_point:
 * @list: distribution points; moved behind the first
 * @names: (element-type utf8): gets its names
 * @rest: (out): what follows the names in it
 *
 * Reads a DistributionPoint (RFC 5280 4.2.1.13).
 *
 * Returns: %FALSE where none stands there, or a name of it can't be read
 */
gboolean
till_extension_read_distribution_point (TillDer   *list,
                                        GPtrArray *names,
                                        TillDer   *rest)
{
  TillDerElement point;
  TillDerElement name;
  TillDerElement full;

  if (!till_der_read_tag (list, TILL_DER_SEQUENCE, &point) ||
      !till_der_read_optional (&point.content, TAG_0, &name))
    return FALSE;

  *rest = point.content;

  if (name.tag == 0)
    return TRUE;

  if (till_der_read_tag (&name.content, TAG_0, &full))
    return till_name_read_general_names (full.content, FALSE, names);

  /* Relative to the issuer: an RDN. */
  if (till_der_read_tag (&name.content, TAG_1, &full))
    {
      g_autoptr(GByteArray) wrapped = g_byte_array_new ();
      g_autoptr(GByteArray) sequence = g_byte_array_new ();
      g_auto(TillName) relative = { NULL, };
      TillDer walk;
      TillDer whole;

      till_x509_append (wrapped, TILL_DER_SET, full.content.data, till_der_left (&full.content));
      till_x509_append (sequence, TILL_DER_SEQUENCE, wrapped->data, wrapped->len);
      till_der_init (&walk, sequence->data, sequence->len);
      if (!till_name_read (&walk, &relative, &whole))
        return FALSE;

      g_ptr_array_add (names, g_strconcat ("Relative to the issuer: ", relative.text, NULL));
      return TRUE;
    }

  return FALSE;
}

/**
 * till_extension_dup_crl_addresses:
 * @value: of CRL distribution points (RFC 5280 4.2.1.13)
 *
 * Returns: (transfer full): addresses
 */
char **
till_extension_dup_crl_addresses (TillDer value)
{
  GPtrArray *list = g_ptr_array_new ();
  TillDerElement sequence;
  TillDer rest;

  if (till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence))
    while (till_der_left (&sequence.content) > 0 &&
           till_extension_read_distribution_point (&sequence.content, list, &rest))
      ;

  for (guint i = 0; i < list->len; i++)
    till_extension_strip_address (list->pdata[i]);

  return end_list (list);
}

/* UserNotice (RFC 5280 4.2.1.4): organization, numbers and text. */
static void
append_notice (GString *to,
               TillDer  notice)
{
  TillDerElement element;

  while (till_der_read (&notice, &element))
    {
      g_autofree char *text = till_der_dup_text (&element);

      if (text == NULL && element.tag == TILL_DER_SEQUENCE)
        {
          TillDerElement organization;

          if (till_der_read (&element.content, &organization))
            text = till_der_dup_text (&organization);
        }

      if (text != NULL && *text != '\0')
        {
          g_autofree char *visible = till_name_dup_visible ((const guint8 *) text, strlen (text));

          g_string_append_printf (to, " — %s", visible);
        }
    }
}

/* PolicyInformation (RFC 5280 4.2.1.4). */
static char *
read_policy (TillDer *list)
{
  TillDerElement policy;
  TillDerElement oid;
  TillDerElement qualifiers;
  TillDerElement qualifier;
  GString *text;
  char dotted[TILL_OID_SIZE];
  const char *name;

  if (!till_der_read_tag (list, TILL_DER_SEQUENCE, &policy) ||
      !till_der_read_tag (&policy.content, TILL_DER_OID, &oid) ||
      !till_oid_format (&oid.content, dotted))
    return NULL;

  text = g_string_new (dotted);
  name = till_oid_policy_name (dotted);
  if (name != NULL)
    g_string_append_printf (text, " %s", name);

  if (till_der_read_tag (&policy.content, TILL_DER_SEQUENCE, &qualifiers))
    while (till_der_read_tag (&qualifiers.content, TILL_DER_SEQUENCE, &qualifier))
      {
        TillDerElement what;
        TillDerElement element;

        if (!till_der_read_tag (&qualifier.content, TILL_DER_OID, &what) ||
            !till_der_read (&qualifier.content, &element))
          continue;

        if (till_der_oid_is (&what, OID_CPS) && element.tag == TILL_DER_IA5_STRING)
          {
            g_autofree char *address = till_name_dup_visible (element.content.data,
                                                              till_der_left (&element.content));

            g_string_append_printf (text, " — %s", address);
          }
        else if (till_der_oid_is (&what, OID_USER_NOTICE) && element.tag == TILL_DER_SEQUENCE)
          append_notice (text, element.content);
      }

  return g_string_free (text, FALSE);
}

/**
 * till_extension_dup_policies:
 * @value: of certificate policies (RFC 5280 4.2.1.4)
 *
 * Returns: (transfer full): of each its OID, the name of a well-known one, the
 *   address of its practice statement and its notice
 */
char **
till_extension_dup_policies (TillDer value)
{
  GPtrArray *list = g_ptr_array_new ();
  TillDerElement sequence;
  char *policy;

  if (till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence))
    while ((policy = read_policy (&sequence.content)) != NULL)
      g_ptr_array_add (list, policy);

  return end_list (list);
}

/**
 * till_extension_dup_constraints:
 * @value: of name constraints (RFC 5280 4.2.1.10)
 * @excluded: those that are excluded, else those that are permitted
 *
 * Returns: (transfer full): the names
 */
char **
till_extension_dup_constraints (TillDer  value,
                                gboolean excluded)
{
  GPtrArray *list = g_ptr_array_new ();
  TillDerElement sequence;
  TillDerElement permitted;
  TillDerElement rest;

  if (till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence) &&
      till_der_read_optional (&sequence.content, TAG_0, &permitted) &&
      till_der_read_optional (&sequence.content, TAG_1, &rest))
    {
      TillDerElement *trees = excluded ? &rest : &permitted;
      TillDerElement tree;

      if (trees->tag != 0)
        while (till_der_read_tag (&trees->content, TILL_DER_SEQUENCE, &tree))
          {
            char *name = till_name_read_general (&tree.content, TRUE);

            if (name != NULL)
              g_ptr_array_add (list, name);
          }
    }

  return end_list (list);
}
