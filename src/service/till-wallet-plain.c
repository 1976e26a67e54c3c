/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates as nearly all of them are written, read without a tree of nodes. */
#include "config.h"

#include "till-wallet-private.h"

#include <string.h>

#include "till-time.h"

typedef enum
{
  KIND_TEXT,
  KIND_TRUTH,
  KIND_TIME,
} Kind;

static const struct
{
  const char *name;
  Kind        kind;
  gsize       offset;
} members[] = {
  { "id", KIND_TEXT, G_STRUCT_OFFSET (TillWalletCertificate, id) },
  { "vendor", KIND_TEXT, G_STRUCT_OFFSET (TillWalletCertificate, vendor) },
  { "name", KIND_TEXT, G_STRUCT_OFFSET (TillWalletCertificate, name) },
  { "comment", KIND_TEXT, G_STRUCT_OFFSET (TillWalletCertificate, comment) },
  { "baseName", KIND_TEXT, G_STRUCT_OFFSET (TillWalletCertificate, base_name) },
  { "teamIdentifier", KIND_TEXT, G_STRUCT_OFFSET (TillWalletCertificate, team_identifier) },
  { "nfcSupport", KIND_TRUTH, G_STRUCT_OFFSET (TillWalletCertificate, nfc_support) },
  { "enabled", KIND_TRUTH, G_STRUCT_OFFSET (TillWalletCertificate, enabled) },
  { "default", KIND_TRUTH, G_STRUCT_OFFSET (TillWalletCertificate, is_default) },
  { "expired", KIND_TRUTH, G_STRUCT_OFFSET (TillWalletCertificate, expired) },
  { "createdAt", KIND_TIME, G_STRUCT_OFFSET (TillWalletCertificate, created_at) },
  { "updatedAt", KIND_TIME, G_STRUCT_OFFSET (TillWalletCertificate, updated_at) },
  { "validityStart", KIND_TIME, G_STRUCT_OFFSET (TillWalletCertificate, validity_start) },
  { "validityEnd", KIND_TIME, G_STRUCT_OFFSET (TillWalletCertificate, validity_end) },
};

/* No time is longer. */
#define TIME_BYTES 63

static gboolean
take_text (const TillServiceSpan  *value,
           gsize                   max_bytes,
           char                  **text)
{
  const TillServiceSpan inside = { value->text + 1, value->size - 2 };
  gsize size;

  /* As many bytes are never more characters. */
  if (value->text[0] != '"' || inside.size > max_bytes)
    return FALSE;

  *text = g_malloc (inside.size + 1);
  size = till_service_unescape (&inside, (guint8 *) *text);
  (*text)[size] = '\0';

  return TRUE;
}

static gboolean
take_truth (const TillServiceSpan *value,
            TillTri               *truth)
{
  if (till_service_span_is (value, "true"))
    *truth = TILL_TRI_TRUE;
  else if (till_service_span_is (value, "false"))
    *truth = TILL_TRI_FALSE;
  else
    return FALSE;

  return TRUE;
}

static gboolean
take_time (const TillServiceSpan *value,
           gint64                *seconds)
{
  char text[TIME_BYTES + 1];

  if (value->text[0] != '"' || value->size > TIME_BYTES)
    return FALSE;

  memcpy (text, value->text + 1, value->size - 2);
  text[value->size - 2] = '\0';

  return till_time_parse (text, seconds, NULL);
}

static gboolean
take_member (TillWalletCertificate *self,
             const TillServiceSpan *name,
             const TillServiceSpan *value)
{
  /* A name may be written with escapes; that is for the other way. */
  if (memchr (name->text, '\\', name->size) != NULL || till_service_span_is (name, "templates"))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      void *field = G_STRUCT_MEMBER_P (self, members[i].offset);

      if (!till_service_span_is (name, members[i].name))
        continue;

      switch (members[i].kind)
        {
        case KIND_TEXT:
          return take_text (value, i == 0 ? TILL_WALLET_ID_CHARS : TILL_WALLET_TEXT_CHARS, field);

        case KIND_TRUTH:
          return take_truth (value, field);

        case KIND_TIME:
        default:
          return take_time (value, field);
        }
    }

  return TRUE;
}

/**
 * till_wallet_certificate_read_plain:
 * @walk: at an element of the list, in a document that was found valid; behind
 *   it afterwards, where it is plain
 *
 * Reads a certificate whose members are all of the type that they should be,
 * without templates. All others are for till_wallet_certificate_read().
 *
 * Returns: (transfer full) (nullable): the certificate, %NULL where it is not plain
 */
TillWalletCertificate *
till_wallet_certificate_read_plain (TillServiceWalk *walk)
{
  g_autoptr(TillWalletCertificate) self = NULL;
  TillServiceWalk place = *walk;
  TillServiceSpan name;
  TillServiceSpan value;

  if (!till_service_walk_enter (&place, '{'))
    return NULL;

  self = till_wallet_certificate_alloc ();
  for (; till_service_walk_name (&place, &name); till_service_walk_next (&place))
    {
      till_service_walk_value (&place, &value);
      if (value.size == 0)
        return NULL;
      if (!till_service_span_is (&value, "null") && !take_member (self, &name, &value))
        return NULL;
    }

  if (!till_service_walk_leave (&place, '}') || self->id == NULL || self->id[0] == '\0')
    return NULL;

  *walk = place;

  return g_steal_pointer (&self);
}
