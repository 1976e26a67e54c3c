/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes in, a document out: everything that a certificate file holds. */
#include "config.h"

#include "till-document.h"

#include <string.h>

#include "till-build.h"
#include "till-der.h"
#include "till-limits.h"
#include "till-sniff.h"

/* As many bytes without a mark as it takes to be sure of UTF-16. */
#define WIDE_BYTES 16

static TillDocument *
document_new (void)
{
  TillDocument *self = g_new0 (TillDocument, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) till_certificate_unref);
  self->private_keys = g_array_new (FALSE, TRUE, sizeof (TillPrivateKeyEntry));
  self->public_keys = g_ptr_array_new_with_free_func ((GDestroyNotify) till_key_unref);
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) till_request_free);
  self->crls = g_ptr_array_new_with_free_func ((GDestroyNotify) till_crl_free);
  self->skipped = g_ptr_array_new_with_free_func (g_free);
  self->leaves = g_array_new (FALSE, FALSE, sizeof (guint));

  return self;
}

/* ASCII written as UTF-16, with the high byte first (0) or second (1)? */
static gboolean
is_wide_ascii (const guint8 *data,
               gsize         size,
               gsize         high)
{
  if (size < WIDE_BYTES)
    return FALSE;

  for (gsize i = 0; i < WIDE_BYTES; i += 2)
    {
      guint8 low = data[i + 1 - high];

      if (data[i + high] != 0 || !(g_ascii_isprint (low) || g_ascii_isspace (low)))
        return FALSE;
    }

  return TRUE;
}

/* The high byte of each code unit in UTF-16 text that holds PEM; -1 where it is
 * none. Editors on Windows write a byte order mark, redirections do not always. */
static int
get_utf16_high (const guint8 *data,
                gsize         size)
{
  if (size < 4)
    return -1;
  if ((data[0] == 0xff && data[1] == 0xfe) || is_wide_ascii (data, size, 1))
    return 1;
  if ((data[0] == 0xfe && data[1] == 0xff) || is_wide_ascii (data, size, 0))
    return 0;

  return -1;
}

/* PEM and Base64 are ASCII; whatever else the text says is not read. */
static TillSecret *
convert_utf16 (const guint8 *data,
               gsize         size,
               int           high)
{
  TillSecret *text = till_secret_new (size / 2);
  guint8 *out = till_secret_get_buffer (text);
  gsize n = 0;

  for (gsize i = data[high] == 0 ? 0 : 2; i + 1 < size; i += 2)
    {
      guint8 low = data[i + (gsize) (1 - high)];

      out[n++] = data[i + (gsize) high] == 0 && low < 0x80 ? low : '?';
    }

  till_secret_shrink (text, n);
  return text;
}

/* A program or database may well have PEM text inside; that makes it no PEM file. */
static gboolean
is_binary (const guint8 *data,
           gsize         size)
{
  const guint8 *begin = memmem (data, size, "-----BEGIN ", 11);

  return memchr (data, 0, begin != NULL ? (gsize) (begin - data) : MIN (size, 4096)) != NULL;
}

/* A SEQUENCE has the letter "0" for its tag; what follows shows that it is no text. */
static gboolean
begins_like_der (const guint8 *data,
                 gsize         size)
{
  if (size < 2 || data[0] != TILL_DER_SEQUENCE)
    return FALSE;

  for (gsize i = 1; i < MIN (size, 16); i++)
    {
      if (data[i] >= 0x80 || (data[i] < 0x20 && !g_ascii_isspace (data[i])))
        return TRUE;
    }

  return till_der_whole_size (data, size) == size;
}

static gboolean
read_file (TillBuild     *build,
           const guint8  *data,
           gsize          size,
           GError       **error)
{
  g_autoptr(TillSecret) text = NULL;
  int high = get_utf16_high (data, size);

  if (high >= 0)
    {
      text = convert_utf16 (data, size, high);
      data = till_secret_get_data (text);
      size = till_secret_get_size (text);
      build->document->notes |= TILL_NOTE_WAS_UTF16;
    }
  else if (size >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    {
      data += 3;
      size -= 3;
    }

  if (begins_like_der (data, size))
    return till_read_der (build, data, size, error);

  if (size == 0 || is_binary (data, size))
    {
      till_sniff_set_error (data, size, error);
      return FALSE;
    }

  return till_read_text (build, (const char *) data, size, error);
}

static TillDocumentKind
get_kind (const TillDocument *self,
          TillDocumentKind    container)
{
  if (container != TILL_DOCUMENT_MIXED)
    return container;
  if (self->certificates->len > 0 && self->private_keys->len > 0)
    return TILL_DOCUMENT_MIXED;
  if (self->certificates->len > 0)
    return self->certificates->len > 1 ? TILL_DOCUMENT_CHAIN : TILL_DOCUMENT_CERTIFICATE;
  if (self->requests->len > 0)
    return TILL_DOCUMENT_CSR;
  if (self->private_keys->len > 0)
    return TILL_DOCUMENT_PRIVATE_KEY;
  if (self->crls->len > 0)
    return TILL_DOCUMENT_CRL;

  return TILL_DOCUMENT_PUBLIC_KEY;
}

static void
note_oddities (TillDocument *self)
{
  for (guint i = 0; i < self->certificates->len; i++)
    {
      const TillCertificate *certificate = g_ptr_array_index (self->certificates, i);

      if (certificate->inner_signature_differs)
        self->notes |= TILL_NOTE_SIGNATURE_ALGORITHMS_DIFFER;
      if (certificate->not_before == TILL_TIME_INVALID || certificate->not_after < certificate->not_before)
        self->notes |= TILL_NOTE_TIMES_ODD;
    }
}

/* One private key and nothing around it that would make it worth showing by its mere name. */
static gboolean
is_lone_key (const TillDocument *self,
             TillDocumentKind    container)
{
  return container == TILL_DOCUMENT_MIXED && self->private_keys->len == 1 && self->certificates->len == 0 &&
         self->public_keys->len == 0 && self->requests->len == 0 && self->crls->len == 0;
}

/**
 * till_document_parse:
 * @data: (array length=size): the bytes of a file
 * @size: how many; the caller has bounded them
 * @options: (nullable): password, cancelling
 * @error: return location: %TILL_ERROR_WRONG_PASSWORD, %TILL_ERROR_PASSWORD_REQUIRED,
 *   %TILL_ERROR_OLD_PROTECTION, %TILL_ERROR_NEWER_PROTECTION, %TILL_ERROR_DAMAGED,
 *   %TILL_ERROR_NOT_A_CERTIFICATE_FILE, %TILL_ERROR_CANCELLED, %TILL_ERROR_TIMED_OUT
 *
 * Reads everything that a certificate file holds, whatever its name says:
 * PEM (RFC 7468) and DER, PKCS #12 (RFC 7292), PKCS #7 (RFC 2315), keys, requests
 * and revocation lists. Safe to call on any thread, for any bytes.
 *
 * Without a password an empty one is tried. One that nothing needs is ignored.
 * One damaged part makes the whole fail: what is shown is what the file holds.
 * A private key of an algorithm that is not supported is listed by that alone;
 * where the file is nothing but such a key, the error says so.
 *
 * Returns: (transfer full) (nullable): the document
 */
TillDocument *
till_document_parse (const guint8              *data,
                     gsize                      size,
                     const TillInspectOptions  *options,
                     GError                   **error)
{
  g_autoptr(TillDocument) self = NULL;
  g_autoptr(GPtrArray) passwords = NULL;
  g_autoptr(GPtrArray) encryption = NULL;
  g_autoptr(GError) unsupported = NULL;
  guint64 limit;
  TillBuild build = { .container = TILL_DOCUMENT_MIXED };

  g_return_val_if_fail (data != NULL || size == 0, NULL);

  limit = options != NULL && options->max_iterations > 0 ? options->max_iterations : G_MAXUINT64;
  self = document_new ();
  passwords = till_password_list (options != NULL ? options->password : NULL);
  encryption = g_ptr_array_new ();

  build.document = self;
  build.cancel = options != NULL ? options->cancel : NULL;
  build.passwords = passwords;
  build.given = options != NULL && options->password != NULL;
  build.max_mac_iterations = MIN (limit, TILL_LIMIT_MAC_ITERATIONS);
  build.max_kdf_iterations = MIN (limit, TILL_LIMIT_KDF_ITERATIONS);
  build.encryption = encryption;
  build.unsupported = &unsupported;

  if (!till_cancel_check (build.cancel, error) || !read_file (&build, data, size, error))
    return NULL;

  if (unsupported != NULL && is_lone_key (self, build.container))
    {
      g_propagate_error (error, g_steal_pointer (&unsupported));
      return NULL;
    }

  if (self->protection != NULL)
    {
      g_strfreev (self->protection->encryption);
      self->protection->encryption = g_new0 (char *, encryption->len + 1);
      for (guint i = 0; i < encryption->len; i++)
        self->protection->encryption[i] = g_strdup (g_ptr_array_index (encryption, i));
    }

  self->kind = get_kind (self, build.container);
  note_oddities (self);
  till_document_link (self);

  return g_steal_pointer (&self);
}

/**
 * till_document_ref:
 * @self: a document
 *
 * Returns: (transfer full): @self
 */
TillDocument *
till_document_ref (TillDocument *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
protection_free (TillProtection *protection)
{
  g_free (protection->mac);
  g_strfreev (protection->encryption);
  g_free (protection);
}

/**
 * till_document_unref:
 * @self: (transfer full): a document
 *
 * Gives one reference back.
 */
void
till_document_unref (TillDocument *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  for (guint i = 0; i < self->private_keys->len; i++)
    till_key_unref (g_array_index (self->private_keys, TillPrivateKeyEntry, i).key);

  g_ptr_array_unref (self->certificates);
  g_array_unref (self->private_keys);
  g_ptr_array_unref (self->public_keys);
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->crls);
  g_clear_pointer (&self->protection, protection_free);
  g_ptr_array_unref (self->skipped);
  g_array_unref (self->leaves);
  g_clear_pointer (&self->by_subject, g_array_unref);
  g_free (self);
}

static const char * const kind_words[] = {
  [TILL_DOCUMENT_CERTIFICATE] = "certificate",
  [TILL_DOCUMENT_CHAIN] = "chain",
  [TILL_DOCUMENT_PRIVATE_KEY] = "private-key",
  [TILL_DOCUMENT_PUBLIC_KEY] = "public-key",
  [TILL_DOCUMENT_PKCS12] = "pkcs12",
  [TILL_DOCUMENT_PKCS7] = "pkcs7",
  [TILL_DOCUMENT_CSR] = "csr",
  [TILL_DOCUMENT_CRL] = "crl",
  [TILL_DOCUMENT_MIXED] = "mixed",
};

/**
 * till_document_kind_to_word:
 * @kind: a kind
 *
 * Returns: (transfer none): the word of CLI.md
 */
const char *
till_document_kind_to_word (TillDocumentKind kind)
{
  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (kind_words), NULL);

  return kind_words[kind];
}
