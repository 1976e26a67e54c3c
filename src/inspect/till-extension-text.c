/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extensions of certificates as lists and in words (RFC 5280 4.2). */
#include "config.h"

#include "till-extension-text.h"

#include <string.h>

#include "till-name.h"
#include "till-oid.h"
#include "till-x509.h"

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
