/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text files: PEM blocks of all kinds, in any order, and bare Base64. */
#include "config.h"

#include "till-build.h"

#include <string.h>

#include "till-der-kind.h"
#include "till-error.h"
#include "till-limits.h"
#include "till-pem.h"
#include "till-read-bulk.h"
#include "till-sniff.h"

typedef enum
{
  BLOCK_CERTIFICATE,
  BLOCK_TRUSTED,
  BLOCK_PRIVATE_KEY,
  BLOCK_PUBLIC_KEY,
  BLOCK_REQUEST,
  BLOCK_CRL,
  BLOCK_PKCS7,
  BLOCK_PKCS12,
  BLOCK_OPENSSH,
  BLOCK_PARAMETERS,
  BLOCK_OTHER,
} BlockKind;

static const struct
{
  const char *label;
  BlockKind   kind;
} labels[] = {
  { "CERTIFICATE", BLOCK_CERTIFICATE },
  { "X509 CERTIFICATE", BLOCK_CERTIFICATE },
  { "TRUSTED CERTIFICATE", BLOCK_TRUSTED },
  { "CERTIFICATE REQUEST", BLOCK_REQUEST },
  { "NEW CERTIFICATE REQUEST", BLOCK_REQUEST },
  { "X509 CRL", BLOCK_CRL },
  { "CRL", BLOCK_CRL },
  { "PKCS7", BLOCK_PKCS7 },
  { "PKCS #7 SIGNED DATA", BLOCK_PKCS7 },
  { "CMS", BLOCK_PKCS7 },
  { "CERTIFICATE CHAIN", BLOCK_PKCS7 },
  { "PKCS12", BLOCK_PKCS12 },
  { "OPENSSH PRIVATE KEY", BLOCK_OPENSSH },
  { "SSH2 PUBLIC KEY", BLOCK_OTHER },
  { "SSH2 ENCRYPTED PRIVATE KEY", BLOCK_OTHER },
  { "PRIVATE KEY", BLOCK_PRIVATE_KEY },
  { "PUBLIC KEY", BLOCK_PUBLIC_KEY },
};

/* Blocks that are no concern of an inspector of certificates, for those who have
 * nothing else in their file. */
static const struct
{
  const char *label;
  const char *what;
} others[] = {
  { "PGP PUBLIC KEY BLOCK", "a PGP public key" },
  { "PGP PRIVATE KEY BLOCK", "a PGP private key" },
  { "PGP MESSAGE", "a PGP message" },
  { "PGP SIGNED MESSAGE", "a PGP message" },
  { "PGP SIGNATURE", "a PGP signature" },
  { "SSH2 PUBLIC KEY", "an SSH public key" },
  { "SSH2 ENCRYPTED PRIVATE KEY", "an SSH private key" },
  { "SSH SIGNATURE", "an OpenSSH signature" },
  { "ATTRIBUTE CERTIFICATE", "an attribute certificate" },
  { "SSL SESSION PARAMETERS", "a saved TLS session" },
  { "OpenVPN Static key V1", "an OpenVPN key" },
  { "AGE ENCRYPTED FILE", "a file encrypted with age" },
};

static gboolean
has_suffix (const TillPemBlock *block,
            const char         *suffix)
{
  gsize n = strlen (suffix);

  return block->label_size > n && memcmp (block->label + block->label_size - n, suffix, n) == 0;
}

static BlockKind
get_kind (const TillPemBlock *block)
{
  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      if (till_pem_label_is (block, labels[i].label))
        return labels[i].kind;
    }

  /* "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "ANY PRIVATE KEY", … */
  if (has_suffix (block, " PRIVATE KEY"))
    return BLOCK_PRIVATE_KEY;
  if (has_suffix (block, " PUBLIC KEY"))
    return BLOCK_PUBLIC_KEY;
  if (has_suffix (block, " PARAMETERS"))
    return BLOCK_PARAMETERS;

  return BLOCK_OTHER;
}

/* Names the block that an error is about, where there are several. */
static void
prefix_error (const TillPemBlock  *block,
              guint                number,
              gboolean             only,
              GError             **error)
{
  g_autofree char *label = NULL;

  if (only || error == NULL || *error == NULL || (*error)->domain != TILL_ERROR ||
      (*error)->code != TILL_ERROR_DAMAGED)
    return;

  label = till_pem_dup_label (block);
  g_prefix_error (error, "in block %u (%s): ", number, label);
}

/* A private key block: the shape of its bytes decides, not its label. */
static gboolean
add_private_key (TillBuild           *self,
                 const TillPemBlock  *block,
                 const TillDer       *der,
                 const char          *friendly_name,
                 GError             **error)
{
  g_autofree char *label = till_pem_dup_label (block);
  const char *what;

  if (block->encrypted || block->dek != NULL)
    {
      TillPbe pbe;

      return till_pbe_read_dek (&pbe, block->dek, block->dek_size, error) &&
             till_build_add_pem_key (self, &pbe, der, label, friendly_name, error);
    }

  if (till_pem_label_is (block, "ENCRYPTED PRIVATE KEY") ||
      till_der_kind (der->data, till_der_left (der), &what) == TILL_DER_KIND_ENCRYPTED_KEY)
    return till_build_add_encrypted_key (self, der, label, friendly_name, error);

  return till_build_add_private_key (self, der, label, friendly_name, error);
}

/* OpenSSL's TRUSTED CERTIFICATE: the certificate first, then what it is trusted for. */
static gboolean
add_trusted (TillBuild      *self,
             const TillDer  *der,
             const char     *friendly_name,
             GError        **error)
{
  TillDer cursor = *der;
  TillDerElement element;

  if (till_der_read (&cursor, &element))
    cursor.end = cursor.data;
  cursor.data = der->data;

  self->document->notes |= TILL_NOTE_TRUSTED_CERTIFICATE;
  return till_build_add_certificate (self, &cursor, friendly_name, error);
}

static gboolean
add_decoded (TillBuild           *self,
             BlockKind            kind,
             const TillPemBlock  *block,
             const TillDer       *der,
             const char          *friendly_name,
             GError             **error)
{
  g_autofree char *label = NULL;

  switch (kind)
    {
    case BLOCK_CERTIFICATE:
      return till_build_add_certificate (self, der, friendly_name, error);

    case BLOCK_TRUSTED:
      return add_trusted (self, der, friendly_name, error);

    case BLOCK_PRIVATE_KEY:
      return add_private_key (self, block, der, friendly_name, error);

    case BLOCK_PUBLIC_KEY:
      label = till_pem_dup_label (block);
      return till_build_add_public_key (self, der, label, error);

    case BLOCK_REQUEST:
      return till_build_add_request (self, der, error);

    case BLOCK_CRL:
      return till_build_add_crl (self, der, error);

    case BLOCK_PKCS7:
      return till_read_pkcs7 (self, der->data, till_der_left (der), error);

    case BLOCK_PKCS12:
      return till_read_pkcs12 (self, der->data, till_der_left (der), error);

    case BLOCK_OPENSSH:
      return till_read_openssh (self, der->data, till_der_left (der), error);

    case BLOCK_PARAMETERS:
    case BLOCK_OTHER:
    default:
      g_return_val_if_reached (FALSE);
    }
}

/* "friendlyName: …" among the bag attributes that openssl writes above a block. */
static char *
dup_friendly_name (const TillPemBlock *block)
{
  static const char key[] = "friendlyName: ";
  const char *begin = block->label - strlen ("-----BEGIN ");
  gsize size = (gsize) (begin - block->before);
  const char *found;
  const char *end;

  if (size < sizeof key || memmem (block->before, size, "Bag Attributes", 14) == NULL)
    return NULL;

  found = memmem (block->before, size, key, sizeof key - 1);
  if (found == NULL)
    return NULL;

  found += sizeof key - 1;
  for (end = found; end < begin && *end != '\n' && *end != '\r'; end++)
    ;

  return end > found ? g_utf8_make_valid (found, (gssize) (end - found)) : NULL;
}

static gboolean
add_block (TillBuild           *self,
           const TillPemBlock  *block,
           GError             **error)
{
  g_autoptr(TillSecret) buffer = NULL;
  g_autofree char *friendly_name = NULL;
  BlockKind kind = get_kind (block);
  TillDer der;

  if (kind == BLOCK_PARAMETERS)
    {
      self->ignored++;
      return TRUE;
    }

  if (kind == BLOCK_OTHER)
    {
      g_ptr_array_add (self->document->skipped, till_pem_dup_label (block));
      self->document->notes |= TILL_NOTE_BLOCKS_SKIPPED;
      return TRUE;
    }

  /* It may be a private key, so it is decoded into locked memory. */
  buffer = till_secret_new (TILL_BASE64_ROOM ((gsize) (block->body_end - block->body)));
  if (!till_pem_decode (block, till_secret_get_buffer (buffer), &der, error))
    return FALSE;

  if (!block->has_end)
    self->document->notes |= TILL_NOTE_NO_END_LINE;

  friendly_name = dup_friendly_name (block);
  return add_decoded (self, kind, block, &der, friendly_name, error);
}

static gboolean
is_empty (const TillDocument *document)
{
  return document->certificates->len == 0 && document->private_keys->len == 0 &&
         document->public_keys->len == 0 && document->requests->len == 0 && document->crls->len == 0;
}

/* Blocks were there, but none with anything in it for us. */
static void
set_nothing_found (TillBuild  *self,
                   GError    **error)
{
  const char *label = self->document->skipped->len > 0 ? g_ptr_array_index (self->document->skipped, 0) : NULL;

  for (gsize i = 0; label != NULL && i < G_N_ELEMENTS (others); i++)
    {
      if (g_str_equal (others[i].label, label))
        {
          till_set_error (error, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_LOOKS_LIKE, others[i].what, NULL,
                          "this is not a certificate file, it looks like %s", others[i].what);
          return;
        }
    }

  if (label != NULL)
    till_set_error (error, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_LOOKS_LIKE, label, NULL,
                    "this is not a certificate file: it holds only a block of the unknown kind '%s'", label);
  else if (self->ignored > 0)
    till_set_error (error, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_LOOKS_LIKE, "parameters of a key", NULL,
                    "this is not a certificate file: it holds only parameters for making keys");
  else
    till_set_error (error, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_UNRECOGNISED, NULL, NULL,
                    "there is no certificate and no key in this file");
}

/* Base64 in the alphabet for addresses, or without the padding (RFC 4648 3.2, 5),
 * written the usual way. */
static TillSecret *
convert_url_base64 (const char *text,
                    gsize       size)
{
  TillSecret *usual = till_secret_new (size + 3);
  char *out = (char *) till_secret_get_buffer (usual);
  gsize n = 0;

  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isspace (text[i]))
      out[n++] = text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i];
  while (n % 4 != 0 && n < size + 3)
    out[n++] = '=';

  till_secret_shrink (usual, n);
  return usual;
}

/* Bare Base64 of a file, as programs and web services hand it around. */
static gboolean
read_base64 (TillBuild   *self,
             const char  *text,
             gsize        size,
             gboolean    *was_base64,
             GError     **error)
{
  g_autoptr(TillSecret) buffer = NULL;
  const guint8 *data;
  gsize n;

  *was_base64 = FALSE;
  if (size > TILL_LIMIT_FILE_BYTES * 2)
    return FALSE;

  buffer = till_secret_new (TILL_BASE64_ROOM (size));
  if (!till_base64_decode (text, size, till_secret_get_buffer (buffer), &n, NULL))
    {
      g_autoptr(TillSecret) usual = convert_url_base64 (text, size);
      gsize usual_size = till_secret_get_size (usual);

      till_secret_unref (g_steal_pointer (&buffer));
      buffer = till_secret_new (TILL_BASE64_ROOM (usual_size));
      if (!till_base64_decode ((const char *) till_secret_get_data (usual), usual_size,
                               till_secret_get_buffer (buffer), &n, NULL))
        return FALSE;
    }
  if (n < 8)
    return FALSE;

  data = till_secret_get_data (buffer);
  if (memmem (data, n, "-----BEGIN ", 11) != NULL)
    {
      *was_base64 = TRUE;
      self->document->notes |= TILL_NOTE_WAS_BASE64;
      return till_read_text (self, (const char *) data, n, error);
    }

  /* Any word of a text may be Base64; only what begins like a file is one. */
  if (data[0] != TILL_DER_SEQUENCE || (data[1] < 0x80 && till_der_whole_size (data, n) != n))
    return FALSE;

  *was_base64 = TRUE;
  self->document->notes |= TILL_NOTE_WAS_BASE64;
  return till_read_der (self, data, n, error);
}

/**
 * till_read_text:
 * @self: a build
 * @text: a text in any encoding that has ASCII in it
 * @size: its length
 * @error: return location
 *
 * Reads all PEM blocks of a text, whatever stands around them; a text without
 * any may be bare Base64. Blocks of other kinds are left out and noted. A block
 * that is damaged makes the whole fail and is named: a bundle that silently
 * misses one of its certificates would be worse than none.
 *
 * Returns: whether it could be read and holds anything
 */
gboolean
till_read_text (TillBuild   *self,
                const char  *text,
                gsize        size,
                GError     **error)
{
  g_autoptr(GArray) blocks = g_array_new (FALSE, FALSE, sizeof (TillPemBlock));
  TillPemReader reader;
  TillPemBlock block;
  gboolean was_base64;

  till_pem_init (&reader, text, size);
  while (till_pem_next (&reader, &block))
    g_array_append_val (blocks, block);

  if (blocks->len == 0)
    {
      gboolean good = read_base64 (self, text, size, &was_base64, error);

      if (!was_base64)
        till_sniff_set_error ((const guint8 *) text, size, error);
      return good;
    }

  for (guint i = 0; i < blocks->len;)
    {
      const TillPemBlock *at = &g_array_index (blocks, TillPemBlock, i);
      guint n = till_read_bulk_count (at, blocks->len - i);

      if (n > 0)
        {
          guint failed;

          if (!till_read_bulk (self, at, n, &failed, error))
            {
              prefix_error (at + failed, i + failed + 1, FALSE, error);
              return FALSE;
            }
          i += n;
          continue;
        }

      if (!add_block (self, at, error))
        {
          prefix_error (at, i + 1, blocks->len == 1, error);
          return FALSE;
        }
      i++;
    }

  /* A bag may be empty, in PEM as in DER. */
  if (!is_empty (self->document) || self->container == TILL_DOCUMENT_PKCS7)
    return TRUE;

  set_nothing_found (self, error);
  return FALSE;
}
