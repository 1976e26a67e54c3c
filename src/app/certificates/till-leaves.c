/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a source knows of each of its certificates, worked out on a thread; for the rows only. */
#include "config.h"

#include "till-file-entry-private.h"

#include <string.h>

#include "till-limits.h"

/* More certificates than this are not looked through for the issuer of another. */
#define MAX_NAMESAKES 64
#define NOBODY        G_MAXUINT

/* The certificates of a document by their raw subject: first one, then namesakes. */
typedef struct
{
  const TillDocument *document;
  GHashTable         *first;   /* (element-type GBytes guint) */
  guint              *next;    /* (array): by index */
} Subjects;

static void
subjects_init (Subjects           *self,
               const TillDocument *document)
{
  guint i;

  self->document = document;
  self->first = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  self->next = g_new (guint, document->certificates->len);

  /* From the end, so that each name leads to its certificates in file order. */
  for (i = document->certificates->len; i-- > 0;)
    {
      const guint8 *subject = NULL, *issuer = NULL;
      gsize subject_size = 0, issuer_size = 0;
      g_autoptr(GBytes) key = NULL;
      gpointer first = NULL;

      till_certificate_get_raw_names (g_ptr_array_index (document->certificates, i),
                                      &subject, &subject_size, &issuer, &issuer_size);
      key = g_bytes_new_static (subject, subject_size);
      self->next[i] = g_hash_table_lookup_extended (self->first, key, NULL, &first)
                        ? GPOINTER_TO_UINT (first) : NOBODY;
      g_hash_table_replace (self->first, g_steal_pointer (&key), GUINT_TO_POINTER (i));
    }
}

static void
subjects_clear (Subjects *self)
{
  g_hash_table_unref (self->first);
  g_free (self->next);
}

static guint
subjects_find_issuer (Subjects *self,
                      guint     index)
{
  const TillCertificate *certificate = g_ptr_array_index (self->document->certificates, index);
  const guint8 *subject = NULL, *issuer = NULL;
  gsize subject_size = 0, issuer_size = 0;
  g_autoptr(GBytes) key = NULL;
  gpointer first;
  guint candidate, n;

  if (certificate->self_signed)
    return NOBODY;

  till_certificate_get_raw_names (certificate, &subject, &subject_size, &issuer, &issuer_size);
  key = g_bytes_new_static (issuer, issuer_size);
  if (!g_hash_table_lookup_extended (self->first, key, NULL, &first))
    return NOBODY;

  for (candidate = GPOINTER_TO_UINT (first), n = 0;
       candidate != NOBODY && n < MAX_NAMESAKES;
       candidate = self->next[candidate], n++)
    {
      if (candidate != index &&
          till_certificate_is_issuer_of (g_ptr_array_index (self->document->certificates, candidate), certificate))
        return candidate;
    }

  return NOBODY;
}

/* The smallest end along the chain. Asking for the chain itself looks through the whole document for each issuer,
 * which is too long for each of very many leaves; there only names that agree byte for byte count. */
static gint64
find_end (Subjects *subjects,
          guint     leaf)
{
  gint64 ends = G_MAXINT64;
  guint index = leaf;
  guint n;

  if (subjects->document->certificates->len <= MAX_NAMESAKES)
    {
      g_autoptr(TillChain) chain = till_document_build_chain (subjects->document, leaf);

      return chain->effective_not_after;
    }

  for (n = 0; index != NOBODY && n < TILL_LIMIT_CHAIN; n++)
    {
      const TillCertificate *certificate = g_ptr_array_index (subjects->document->certificates, index);

      ends = MIN (ends, certificate->not_after);
      index = subjects_find_issuer (subjects, index);
    }

  return ends;
}

static const char *
pick_text (const char *first,
           const char *second)
{
  return first != NULL && *first != '\0' ? first : second;
}

/* The first alternative name that is an address of something, without its kind. */
static const char *
get_address (const TillCertificate *certificate)
{
  static const char *const kinds[] = { "DNS:", "email:", "URI:", "IP:" };
  guint kind, i;

  for (kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    for (i = 0; certificate->subject_alt_names[i] != NULL; i++)
      if (g_str_has_prefix (certificate->subject_alt_names[i], kinds[kind]))
        return pick_text (certificate->subject_alt_names[i] + strlen (kinds[kind]), NULL);

  return NULL;
}

/* Apple writes “Pass Type ID: pass.com.example.card”, and the key chain takes that for the friendly name: in a list
 * of them the difference would be the part that is cut off. */
static const char *
leave_out_pass_prefix (const TillCertificate *certificate,
                       const char            *name)
{
  const char *found;

  if (name == NULL || certificate->pass_type_id == NULL || !g_str_has_prefix (name, "Pass Type ID"))
    return name;

  found = strstr (name, certificate->pass_type_id);
  return found != NULL ? found : name;
}

static const char *
pick_name (const TillCertificate *certificate)
{
  const char *name = pick_text (certificate->friendly_name, NULL);

  name = leave_out_pass_prefix (certificate, pick_text (name, certificate->common_name));
  name = pick_text (name, certificate->organization);
  name = pick_text (name, get_address (certificate));
  return pick_text (name, pick_text (certificate->subject, NULL));
}

static const char *
pick_identifier (const TillCertificate *certificate)
{
  const char *identifier = pick_text (certificate->pass_type_id, NULL);

  identifier = pick_text (identifier, get_address (certificate));
  if (g_strcmp0 (certificate->common_name, pick_name (certificate)) != 0)
    identifier = pick_text (identifier, certificate->common_name);
  return pick_text (identifier, certificate->serial);
}

static gboolean
no_key_matches (const TillDocument *document)
{
  gboolean mismatch = FALSE;
  guint i;

  for (i = 0; i < document->private_keys->len; i++)
    {
      const TillPrivateKeyEntry *entry = &g_array_index (document->private_keys, TillPrivateKeyEntry, i);

      if (entry->matches == 1)
        return FALSE;
      if (entry->matches == 0)
        mismatch = TRUE;
    }

  return mismatch;
}

/**
 * till_leaves_new:
 * @document: what was read
 *
 * Works out what the rows of a document show. Long work for a big document:
 * belongs on a thread.
 *
 * Returns: (transfer full): one leaf a certificate
 */
TillLeaves *
till_leaves_new (TillDocument *document)
{
  TillLeaves *self = g_atomic_rc_box_new0 (TillLeaves);
  gboolean mismatch = no_key_matches (document);
  Subjects subjects;
  guint i;

  self->document = till_document_ref (document);
  self->n_items = document->certificates->len;
  self->items = g_new0 (TillLeaf, self->n_items);

  for (i = 0; i < self->n_items; i++)
    {
      const TillCertificate *certificate = g_ptr_array_index (document->certificates, i);

      self->items[i].name = pick_name (certificate);
      self->items[i].identifier = pick_identifier (certificate);
      self->items[i].ends = certificate->not_after;
    }

  subjects_init (&subjects, document);
  for (i = 0; i < document->leaves->len; i++)
    {
      guint index = g_array_index (document->leaves, guint, i);
      TillLeaf *leaf = &self->items[index];

      leaf->key_mismatch = mismatch;
      leaf->name_key = g_utf8_collate_key (leaf->name != NULL ? leaf->name : "", -1);
      leaf->ends = find_end (&subjects, index);
    }

  subjects_clear (&subjects);

  return self;
}

/**
 * till_leaves_ref:
 * @self: leaves
 *
 * Returns: @self
 */
TillLeaves *
till_leaves_ref (TillLeaves *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_leaves (gpointer data)
{
  TillLeaves *self = data;
  guint i;

  for (i = 0; i < self->n_items; i++)
    g_free (self->items[i].name_key);
  g_free (self->items);
  till_document_unref (self->document);
}

/**
 * till_leaves_unref:
 * @self: leaves
 *
 * Lets go of @self.
 */
void
till_leaves_unref (TillLeaves *self)
{
  g_atomic_rc_box_release_full (self, clear_leaves);
}

static gboolean
has_same_keys (const TillDocument *a,
               const TillDocument *b)
{
  guint i;

  if (a->private_keys->len != b->private_keys->len)
    return FALSE;

  for (i = 0; i < a->private_keys->len; i++)
    {
      const TillPrivateKeyEntry *one = &g_array_index (a->private_keys, TillPrivateKeyEntry, i);
      const TillPrivateKeyEntry *two = &g_array_index (b->private_keys, TillPrivateKeyEntry, i);

      if (one->matches != two->matches || one->certificate != two->certificate ||
          *one->key->key_proper_sha256 == '\0' ||
          !g_str_equal (one->key->key_proper_sha256, two->key->key_proper_sha256))
        return FALSE;
    }

  return TRUE;
}

/**
 * till_leaves_equal:
 * @self: leaves
 * @other: leaves of a newer reading
 *
 * Returns: whether it is certain that both documents hold the same; %FALSE
 *   where that takes a closer look, such as for requests
 */
gboolean
till_leaves_equal (const TillLeaves *self,
                   const TillLeaves *other)
{
  const TillDocument *a = self->document;
  const TillDocument *b = other->document;
  guint i;

  if (self->n_items == 0 || self->n_items != other->n_items ||
      a->kind != b->kind || a->notes != b->notes || a->encrypted != b->encrypted ||
      a->requests->len + b->requests->len + a->crls->len + b->crls->len != 0 ||
      a->public_keys->len + b->public_keys->len + a->skipped->len + b->skipped->len != 0 ||
      !has_same_keys (a, b))
    return FALSE;

  for (i = 0; i < self->n_items; i++)
    {
      const TillCertificate *one = g_ptr_array_index (a->certificates, i);
      const TillCertificate *two = g_ptr_array_index (b->certificates, i);

      if (!g_str_equal (one->sha256, two->sha256) || g_strcmp0 (one->friendly_name, two->friendly_name) != 0)
        return FALSE;
    }

  return TRUE;
}
