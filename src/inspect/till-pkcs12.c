/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PKCS #12 files (RFC 7292), DER or BER: structure, password, contents. */
#include "config.h"

#include "till-pkcs12.h"

#include <string.h>

#include "till-build.h"
#include "till-error.h"
#include "till-limits.h"
#include "till-pkcs12-job.h"

#define OID_DATA           "1.2.840.113549.1.7.1"
#define OID_SIGNED_DATA    "1.2.840.113549.1.7.2"
#define OID_ENVELOPED_DATA "1.2.840.113549.1.7.3"
#define OID_ENCRYPTED_DATA "1.2.840.113549.1.7.6"
#define OID_BAG            "1.2.840.113549.1.12.10.1."
#define OID_X509           "1.2.840.113549.1.9.22.1"
#define OID_X509_CRL       "1.2.840.113549.1.9.23.1"
#define OID_FRIENDLY_NAME  "1.2.840.113549.1.9.20"

#define VERSION 3

typedef enum
{
  ITEM_CERTIFICATE,
  ITEM_CRL,
  ITEM_KEY,
  ITEM_SHROUDED_KEY,
  ITEM_ENCRYPTED_CONTENTS,
  ITEM_OTHER,
} ItemKind;

/* One thing in the file, in file order. */
typedef struct
{
  ItemKind       kind;
  TillDer        value;
  char          *name;      /* (nullable) (owned) */
  TillPkcs12Job *job;       /* (nullable) where it is encrypted */
} Item;

typedef struct
{
  TillBuild     *build;
  TillPkcs12Mac  mac;
  TillDer        content;   /* what the MAC is made over */
  GPtrArray     *owned;     /* (element-type TillSecret) strings put together from parts */
  guint          n_bags;
} Reader;

static void
item_clear (gpointer data)
{
  Item *item = data;

  g_free (item->name);
}

static gboolean
set_damaged (GError     **error,
             const char  *part)
{
  till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_MALFORMED, part, NULL,
                  "the PKCS #12 file is damaged: its %s can't be read", part);
  return FALSE;
}

/* An OCTET STRING whose parts are put together where BER has cut it. @tag: the
 * primitive form. */
static gboolean
read_octets (Reader   *self,
             TillDer  *der,
             guint8    tag,
             TillDer  *octets)
{
  TillDerElement element;
  TillSecret *joined;

  if (!till_der_read (der, &element) || (element.tag & ~0x20) != tag ||
      !till_der_join_octets (&element, &joined, octets))
    return FALSE;

  if (joined != NULL)
    g_ptr_array_add (self->owned, joined);
  return TRUE;
}

/* PKCS12Attribute set: only the name interests. */
static char *
dup_friendly_name (TillDer attributes)
{
  TillDerElement set;

  if (!till_der_read_tag (&attributes, TILL_DER_SET, &set))
    return NULL;

  while (till_der_left (&set.content) > 0)
    {
      TillDerElement attribute;
      TillDerElement oid;
      TillDerElement values;
      TillDerElement value;

      if (!till_der_read_tag (&set.content, TILL_DER_SEQUENCE, &attribute))
        return NULL;

      if (till_der_read_tag (&attribute.content, TILL_DER_OID, &oid) &&
          till_der_oid_is (&oid, OID_FRIENDLY_NAME) &&
          till_der_read_tag (&attribute.content, TILL_DER_SET, &values) &&
          till_der_read (&values.content, &value))
        return till_der_dup_text (&value);
    }

  return NULL;
}

/* CertBag and CRLBag (RFC 7292 4.2.3, 4.2.4). @known: the one type that is read. */
static gboolean
read_bag_value (Reader     *self,
                TillDer     value,
                const char *known,
                ItemKind    kind,
                Item       *item)
{
  TillDerElement sequence;
  TillDerElement oid;
  TillDerElement outer;

  if (!till_der_read_tag (&value, TILL_DER_SEQUENCE, &sequence) ||
      !till_der_read_tag (&sequence.content, TILL_DER_OID, &oid) ||
      !till_der_read_tag (&sequence.content, TILL_DER_CONTEXT_0, &outer))
    return FALSE;

  /* SDSI certificates and whatever else there may be. */
  if (!till_der_oid_is (&oid, known))
    return TRUE;

  item->kind = kind;
  return read_octets (self, &outer.content, TILL_DER_OCTET_STRING, &item->value);
}

static gboolean  read_safe_contents (Reader   *self,
                                     TillDer   der,
                                     guint     depth,
                                     GArray   *items,
                                     GError  **error);

/* EncryptedPrivateKeyInfo, or EncryptedContentInfo behind its content type. */
static TillPkcs12Job *
read_job (Reader      *self,
          TillDer      der,
          guint8       tag,
          gboolean     is_key,
          GError     **error)
{
  TillPbe pbe;
  TillDer input;

  if (!till_pbe_read (&pbe, &der, self->build->max_kdf_iterations, error))
    return NULL;

  if (!read_octets (self, &der, tag, &input) || till_der_left (&input) == 0)
    {
      set_damaged (error, is_key ? "encrypted key" : "encrypted contents");
      return NULL;
    }

  self->build->document->encrypted = TRUE;
  till_build_note_encryption (self->build, &pbe);
  return till_pkcs12_job_new (&pbe, &input);
}

/* SafeBag (RFC 7292 4.2). */
static gboolean
read_bag (Reader   *self,
          TillDer   bag,
          guint     depth,
          GArray   *items,
          GError  **error)
{
  TillDerElement oid;
  TillDerElement outer;
  TillDerElement inner;
  Item item = { ITEM_OTHER, { NULL, NULL }, NULL, NULL };
  gboolean good = TRUE;

  if (++self->n_bags > TILL_LIMIT_BAG_ELEMENTS)
    {
      const gint64 numbers[2] = { self->n_bags, TILL_LIMIT_BAG_ELEMENTS };

      till_set_error (error, TILL_ERROR_DAMAGED, TILL_REASON_TOO_MANY, NULL, numbers,
                      "the PKCS #12 file holds too many parts: more than %d", TILL_LIMIT_BAG_ELEMENTS);
      return FALSE;
    }

  if (!till_der_read_tag (&bag, TILL_DER_OID, &oid) || !till_der_read_tag (&bag, TILL_DER_CONTEXT_0, &outer))
    return set_damaged (error, "contents");

  if (till_der_oid_is (&oid, OID_BAG "6"))
    return read_safe_contents (self, outer.content, depth + 1, items, error);

  item.value = outer.content;
  if (till_der_oid_is (&oid, OID_BAG "1"))
    {
      item.kind = ITEM_KEY;
    }
  else if (till_der_oid_is (&oid, OID_BAG "2"))
    {
      item.kind = ITEM_SHROUDED_KEY;
      if (!till_der_read_tag (&outer.content, TILL_DER_SEQUENCE, &inner))
        return set_damaged (error, "encrypted key");
      item.job = read_job (self, inner.content, TILL_DER_OCTET_STRING, TRUE, error);
      if (item.job == NULL)
        return FALSE;
    }
  else if (till_der_oid_is (&oid, OID_BAG "3"))
    {
      good = read_bag_value (self, outer.content, OID_X509, ITEM_CERTIFICATE, &item);
    }
  else if (till_der_oid_is (&oid, OID_BAG "4"))
    {
      good = read_bag_value (self, outer.content, OID_X509_CRL, ITEM_CRL, &item);
    }

  if (!good)
    return set_damaged (error, "contents");

  item.name = dup_friendly_name (bag);
  g_array_append_val (items, item);
  return TRUE;
}

static gboolean
read_safe_contents (Reader   *self,
                    TillDer   der,
                    guint     depth,
                    GArray   *items,
                    GError  **error)
{
  TillDerElement sequence;

  if (depth > TILL_LIMIT_DER_DEPTH || !till_der_read_tag (&der, TILL_DER_SEQUENCE, &sequence))
    return set_damaged (error, "contents");

  while (till_der_left (&sequence.content) > 0)
    {
      TillDerElement bag;

      if (!till_der_read_tag (&sequence.content, TILL_DER_SEQUENCE, &bag))
        return set_damaged (error, "contents");
      if (!read_bag (self, bag.content, depth, items, error))
        return FALSE;
    }

  return TRUE;
}

/* EncryptedData (RFC 5652 8), of which PKCS #12 uses only the contents. */
static gboolean
read_encrypted_data (Reader   *self,
                     TillDer   outer,
                     GArray   *items,
                     GError  **error)
{
  TillDerElement data;
  TillDerElement info;
  TillDerElement oid;
  guint64 version;
  Item item = { ITEM_ENCRYPTED_CONTENTS, { NULL, NULL }, NULL, NULL };

  if (!till_der_read_tag (&outer, TILL_DER_SEQUENCE, &data) ||
      !till_der_read_uint (&data.content, &version) ||
      !till_der_read_tag (&data.content, TILL_DER_SEQUENCE, &info) ||
      !till_der_read_tag (&info.content, TILL_DER_OID, &oid))
    return set_damaged (error, "encrypted contents");

  item.job = read_job (self, info.content, 0x80, FALSE, error);
  if (item.job == NULL)
    return FALSE;

  g_array_append_val (items, item);
  return TRUE;
}

/* AuthenticatedSafe (RFC 7292 4.1): a sequence of ContentInfo. */
static gboolean
read_authenticated_safe (Reader   *self,
                         GArray   *items,
                         GError  **error)
{
  TillDer der = self->content;
  TillDerElement sequence;

  if (!till_der_read_tag (&der, TILL_DER_SEQUENCE, &sequence))
    return set_damaged (error, "contents");

  while (till_der_left (&sequence.content) > 0)
    {
      TillDerElement info;
      TillDerElement oid;
      TillDerElement outer;
      TillDer octets;

      if (!till_der_read_tag (&sequence.content, TILL_DER_SEQUENCE, &info) ||
          !till_der_read_tag (&info.content, TILL_DER_OID, &oid) ||
          !till_der_read_tag (&info.content, TILL_DER_CONTEXT_0, &outer))
        return set_damaged (error, "contents");

      if (till_der_oid_is (&oid, OID_DATA))
        {
          if (!read_octets (self, &outer.content, TILL_DER_OCTET_STRING, &octets))
            return set_damaged (error, "contents");
          if (!read_safe_contents (self, octets, 0, items, error))
            return FALSE;
        }
      else if (till_der_oid_is (&oid, OID_ENCRYPTED_DATA))
        {
          if (!read_encrypted_data (self, outer.content, items, error))
            return FALSE;
        }
      else if (till_der_oid_is (&oid, OID_ENVELOPED_DATA))
        {
          till_set_error (error, TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, "public-key privacy", NULL,
                          "the PKCS #12 file is encrypted for a certificate instead of under a password, "
                          "which is not supported");
          return FALSE;
        }
      else
        {
          return set_damaged (error, "contents");
        }
    }

  return TRUE;
}

/* PFX (RFC 7292 4). */
static gboolean
read_pfx (Reader        *self,
          const guint8  *data,
          gsize          size,
          GError       **error)
{
  TillDer der;
  TillDerElement pfx;
  TillDerElement safe;
  TillDerElement oid;
  TillDerElement outer;
  guint64 version;

  till_der_init (&der, data, size);
  if (!till_der_read_tag (&der, TILL_DER_SEQUENCE, &pfx) ||
      !till_der_read_uint (&pfx.content, &version) ||
      !till_der_read_tag (&pfx.content, TILL_DER_SEQUENCE, &safe) ||
      !till_der_read_tag (&safe.content, TILL_DER_OID, &oid))
    return set_damaged (error, "outer part");

  if (version != VERSION)
    {
      till_set_error (error, TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, "PKCS #12", NULL,
                      "the file is of version %" G_GUINT64_FORMAT " of PKCS #12, which is not supported", version);
      return FALSE;
    }

  if (till_der_oid_is (&oid, OID_SIGNED_DATA))
    {
      till_set_error (error, TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, "public-key integrity", NULL,
                      "the PKCS #12 file is signed instead of protected by a password, which is not supported");
      return FALSE;
    }

  if (!till_der_oid_is (&oid, OID_DATA) ||
      !till_der_read_tag (&safe.content, TILL_DER_CONTEXT_0, &outer) ||
      !read_octets (self, &outer.content, TILL_DER_OCTET_STRING, &self->content))
    return set_damaged (error, "outer part");

  return till_der_left (&pfx.content) == 0 ||
         till_pkcs12_mac_read (&self->mac, pfx.content, self->build->max_mac_iterations, self->owned, error);
}

static void
note_mac (Reader *self)
{
  TillProtection *protection = till_build_get_protection (self->build);

  if (!self->mac.there)
    {
      self->build->document->notes |= TILL_NOTE_NO_MAC;
      protection->weakness |= TILL_WEAK_NO_MAC;
      return;
    }

  protection->mac = g_strdup_printf ("%sHMAC-%s", self->mac.pbmac1 ? "PBMAC1-" : "", self->mac.name);
  protection->iterations = (gint64) self->mac.iterations;
  if (self->mac.iterations < 1000)
    protection->weakness |= TILL_WEAK_ITERATIONS;
  if (g_str_equal (self->mac.name, "SHA1") || g_str_has_prefix (self->mac.name, "MD"))
    protection->weakness |= TILL_WEAK_MAC;
}

/* The encrypted items of a list. */
static GPtrArray *
list_jobs (GArray *items)
{
  GPtrArray *jobs = g_ptr_array_new ();

  for (guint i = 0; i < items->len; i++)
    {
      Item *item = &g_array_index (items, Item, i);

      if (item->job != NULL)
        g_ptr_array_add (jobs, item->job);
    }

  return jobs;
}

/* Frees what decrypting has brought; the items themselves stay. */
static void
free_jobs (GArray *items)
{
  for (guint i = 0; i < items->len; i++)
    g_clear_pointer (&g_array_index (items, Item, i).job, till_pkcs12_job_free);
}

/* Puts the items into the document. @password: what opened the file; %NULL
 * where nothing is encrypted. */
static gboolean
add_items (Reader              *self,
           GArray              *items,
           const TillPassword  *password,
           guint                depth,
           GError             **error)
{
  for (guint i = 0; i < items->len; i++)
    {
      const Item *item = &g_array_index (items, Item, i);
      gboolean good = TRUE;

      switch (item->kind)
        {
        case ITEM_CERTIFICATE:
          good = till_build_add_certificate (self->build, &item->value, item->name, error);
          break;

        case ITEM_CRL:
          good = till_build_add_crl (self->build, &item->value, error);
          break;

        case ITEM_KEY:
          till_build_get_protection (self->build)->weakness |= TILL_WEAK_NO_PASSWORD;
          good = till_build_add_private_key (self->build, &item->value, NULL, item->name, error);
          break;

        case ITEM_SHROUDED_KEY:
          {
            TillDer plain = till_pkcs12_job_get_plain (item->job);

            good = till_build_add_private_key (self->build, &plain, NULL, item->name, error);
            break;
          }

        case ITEM_ENCRYPTED_CONTENTS:
          {
            g_autoptr(GArray) inner = g_array_new (FALSE, FALSE, sizeof (Item));
            g_autoptr(GPtrArray) jobs = NULL;

            g_array_set_clear_func (inner, item_clear);
            good = read_safe_contents (self, till_pkcs12_job_get_plain (item->job), depth, inner, error);
            if (good)
              {
                jobs = list_jobs (inner);
                good = till_pkcs12_jobs_run (jobs, password, self->build->cancel, error) &&
                       add_items (self, inner, password, depth + 1, error);
              }
            free_jobs (inner);
            break;
          }

        case ITEM_OTHER:
        default:
          g_ptr_array_add (self->build->document->skipped,
                           g_strdup (item->name != NULL ? item->name : "PKCS #12"));
          self->build->document->notes |= TILL_NOTE_BLOCKS_SKIPPED;
          break;
        }

      if (!good)
        return FALSE;
    }

  return TRUE;
}

/* Finds the way in which the password fits, with what it opens along the way. */
static gboolean
unlock (Reader              *self,
        GPtrArray           *jobs,
        const TillPassword **password,
        GError             **error)
{
  TillBuild *build = self->build;

  *password = NULL;

  for (guint i = 0; i < build->passwords->len; i++)
    {
      const TillPassword *candidate = g_ptr_array_index (build->passwords, i);
      gboolean last = i + 1 == build->passwords->len;
      g_autoptr(GError) local_error = NULL;

      if (till_pkcs12_jobs_open (&self->mac, &self->content, jobs, candidate,
                                 build->given && last, build->cancel, &local_error))
        {
          *password = candidate;
          if (!build->given)
            build->document->notes |= TILL_NOTE_EMPTY_PASSWORD;
          if (till_secret_get_size (candidate->bytes) == 0 && jobs->len > 0)
            till_build_get_protection (build)->weakness |= TILL_WEAK_NO_PASSWORD;
          return TRUE;
        }

      /* Where the MAC fits, no other way to read the password will do better. */
      if (!g_error_matches (local_error, TILL_ERROR, TILL_ERROR_WRONG_PASSWORD) ||
          (build->given && (last || (self->mac.there &&
                                     till_error_get_reason (local_error) != TILL_REASON_MAC_MISMATCH))))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  /* Nobody said a password, and there is nothing that it would have to open. */
  if (jobs->len == 0)
    {
      build->document->notes |= TILL_NOTE_MAC_NOT_CHECKED;
      return TRUE;
    }

  till_build_set_protected (build, error);
  return FALSE;
}

/**
 * till_read_pkcs12:
 * @self: a build
 * @data: a PFX
 * @size: how many bytes
 * @error: return location: %TILL_ERROR_WRONG_PASSWORD, %TILL_ERROR_PASSWORD_REQUIRED,
 *   %TILL_ERROR_OLD_PROTECTION, %TILL_ERROR_NEWER_PROTECTION, %TILL_ERROR_DAMAGED
 *
 * Reads the structure first, so that all that the file asks for is known and
 * bounded; then checks the MAC and decrypts; then reads what was in there.
 *
 * Returns: whether it could be read
 */
gboolean
till_read_pkcs12 (TillBuild     *self,
                  const guint8  *data,
                  gsize          size,
                  GError       **error)
{
  Reader reader = { .build = self };
  g_autoptr(GArray) items = g_array_new (FALSE, FALSE, sizeof (Item));
  g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func ((GDestroyNotify) till_secret_unref);
  g_autoptr(GPtrArray) jobs = NULL;
  const TillPassword *password = NULL;
  gboolean good;

  g_array_set_clear_func (items, item_clear);
  reader.owned = owned;
  self->container = TILL_DOCUMENT_PKCS12;

  good = read_pfx (&reader, data, size, error) &&
         read_authenticated_safe (&reader, items, error);

  if (good)
    {
      note_mac (&reader);
      jobs = list_jobs (items);
      if (reader.mac.there || jobs->len > 0)
        good = unlock (&reader, jobs, &password, error);
    }

  if (good)
    good = add_items (&reader, items, password, 0, error);

  free_jobs (items);
  return good;
}
