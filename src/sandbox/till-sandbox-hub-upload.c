/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commerce Hub, pretended: upload of a client certificate (API.md 2). */
#include "config.h"

#include <string.h>

#include "till-sandbox-hub-private.h"

#define LONGEST_ID 64
#define LONGEST_WORD 256
#define LONGEST_RESOURCE (64 * 1024)

/* More than a shop has; the state stays readable. */
#define MOST_UPLOADS 3000

static const char * const known[] = { "clientCryptographicDetails", "cryptographicDetails", "merchantDetails", NULL };
static const char * const known_details[] = {
  "clientKeyID", "clientKeyId", "cryptographicResource", "cryptographicAlgorithm", "cryptographicResourceEncoding",
  "cryptographicResourceType", "cryptographicResourceLength", "usedFor", "publicKeyHash", "email", NULL,
};
static const char * const algorithms[] = { "JWE", "JWT", "RSA", "DUKPT", NULL };
static const char * const encodings[] = { ".pem", ".cer", ".der", NULL };
static const char * const types[] = { "CERTIFICATE", "KEY", NULL };
static const char * const uses[] = { "RTAU", NULL };

/**
 * Upload:
 * @wrapper: the member that the details stand in
 * @id_member: the spelling of clientKeyID that was used
 *
 * What a request says; the strings belong to its body.
 */
typedef struct
{
  const char *wrapper;
  JsonObject *object;
  const char *id_member;
  const char *id;
  const char *resource;
  const char *algorithm;
  const char *encoding;
  const char *type;
  const char *used_for;
  const char *email;
  gint64      length;
} Upload;

static void
refuse_member (TillCall     *call,
               const Upload *upload,
               const char   *code,
               const char   *member)
{
  g_autofree char *path = g_strdup_printf ("%s.%s", upload->wrapper, member);

  till_hub_refuse (call, SOUP_STATUS_BAD_REQUEST, code, path);
}

static gboolean
get_word (TillCall           *call,
          const Upload       *upload,
          const char         *member,
          const char * const *words,
          const char        **value)
{
  g_autofree char *plain = NULL;

  if (!till_hub_get_string (call, upload->object, upload->wrapper, member, TRUE, LONGEST_WORD, value))
    return FALSE;

  /* ".pemEncoded" in the older table, ".pem" in the newer one (API.md 2.4). */
  plain = g_strdup (*value);
  if (words == encodings && g_str_has_suffix (plain, "Encoded"))
    plain[strlen (plain) - strlen ("Encoded")] = '\0';
  if (g_strv_contains (words, plain))
    return TRUE;

  refuse_member (call, upload, "100", member);
  return FALSE;
}

static gboolean
read_request (TillCall *call,
              Upload   *upload)
{
  TillHubCall *details = call->details;

  upload->wrapper = "clientCryptographicDetails";
  if (!json_object_has_member (details->object, upload->wrapper) &&
      json_object_has_member (details->object, "cryptographicDetails"))
    upload->wrapper = "cryptographicDetails";

  if (!till_hub_check_members (call, details->object, NULL, known) ||
      !till_hub_get_object (call, upload->wrapper, &upload->object))
    return FALSE;
  if (upload->object == NULL)
    {
      till_hub_refuse (call, SOUP_STATUS_BAD_REQUEST, "107", upload->wrapper);
      return FALSE;
    }

  upload->id_member = json_object_has_member (upload->object, "clientKeyId") &&
                      !json_object_has_member (upload->object, "clientKeyID") ? "clientKeyId" : "clientKeyID";

  return till_hub_check_members (call, upload->object, upload->wrapper, known_details) &&
         till_hub_get_string (call, upload->object, upload->wrapper, upload->id_member, TRUE, LONGEST_ID, &upload->id) &&
         till_hub_get_string (call, upload->object, upload->wrapper, "cryptographicResource", TRUE,
                              LONGEST_RESOURCE, &upload->resource) &&
         get_word (call, upload, "cryptographicAlgorithm", algorithms, &upload->algorithm) &&
         get_word (call, upload, "cryptographicResourceEncoding", encodings, &upload->encoding) &&
         get_word (call, upload, "cryptographicResourceType", types, &upload->type) &&
         till_hub_get_int (call, upload->object, upload->wrapper, "cryptographicResourceLength", &upload->length) &&
         get_word (call, upload, "usedFor", uses, &upload->used_for) &&
         till_hub_get_string (call, upload->object, upload->wrapper, "email", FALSE, LONGEST_WORD, &upload->email) &&
         till_hub_check_merchant (call, FALSE);
}

/* Business rules (API.md 2.5), all of them assumed. */
static char *
check_material (TillCall     *call,
                const Upload *upload)
{
  TillAssumptions *assumptions = &call->server->assumptions;
  g_autofree char *sha256 = NULL;
  gboolean current;
  gboolean private;
  gint64 bits;

  sha256 = till_material_read (upload->resource, till_clock_get_now (call->server->clock), &bits, &current, &private);
  if (sha256 == NULL || private)
    {
      till_call_explain (call, private ? "this is a private key: never send it anywhere"
                                       : "this is neither a certificate nor a public key");
      refuse_member (call, upload, "100", "cryptographicResource");
    }
  else if (!current && till_assumptions_is (assumptions, TILL_ASSUME_UPLOAD_EXPIRED, "refuse"))
    {
      till_call_explain (call, "the certificate has ended or not begun");
      refuse_member (call, upload, "100", "cryptographicResource");
    }
  else if (bits != upload->length && till_assumptions_is (assumptions, TILL_ASSUME_UPLOAD_LENGTH, "refuse"))
    {
      till_call_explain (call, "the key has %" G_GINT64_FORMAT " bits", bits);
      refuse_member (call, upload, "100", "cryptographicResourceLength");
    }
  else
    {
      return g_steal_pointer (&sha256);
    }

  return NULL;
}

static void
answer (TillCall     *call,
        const Upload *upload,
        const char   *sha256,
        gboolean      effect)
{
  TillAssumptions *assumptions = &call->server->assumptions;
  gboolean same = till_assumptions_is (assumptions, TILL_ASSUME_UPLOAD_ALGORITHM, "same") ||
                  strcmp (upload->algorithm, "JWE") != 0;
  g_autofree char *start = g_strndup (sha256, 32);
  g_autofree char *hash = g_ascii_strup (start, -1);
  TillHubCall *details = call->details;
  const char *merchant = NULL;
  const char *terminal = NULL;
  JsonObject *object = NULL;
  TillJsonWriter writer;

  till_hub_begin (call, (guint) g_ascii_strtoull (till_assumptions_word (assumptions, TILL_ASSUME_UPLOAD_STATUS),
                                                  NULL, 10), "UPLOAD", "UPLOADED", &writer);
  till_json_writer_member (&writer, upload->wrapper);
  till_json_writer_begin_object (&writer);
  till_sandbox_write_text (&writer, upload->id_member, upload->id);
  till_sandbox_write_text (&writer, "cryptographicResource", upload->resource);
  till_sandbox_write_text (&writer, "cryptographicAlgorithm", same ? upload->algorithm : "JWT");
  till_sandbox_write_text (&writer, "cryptographicResourceEncoding", upload->encoding);
  till_sandbox_write_text (&writer, "cryptographicResourceType", upload->type);
  till_sandbox_write_int (call->server, &writer, "cryptographicResourceLength", upload->length);
  till_sandbox_write_text (&writer, "usedFor", upload->used_for);
  till_sandbox_write_text (&writer, "publicKeyHash", hash);
  till_sandbox_write_text (&writer, "email", upload->email);
  till_json_writer_end_object (&writer);

  if (json_object_has_member (details->object, "merchantDetails") &&
      !json_object_get_null_member (details->object, "merchantDetails"))
    object = json_object_get_object_member (details->object, "merchantDetails");
  if (object != NULL)
    {
      merchant = json_object_get_string_member_with_default (object, "merchantId", NULL);
      terminal = json_object_get_string_member_with_default (object, "terminalId", NULL);
      till_json_writer_member (&writer, "merchantDetails");
      till_json_writer_begin_object (&writer);
      till_sandbox_write_text (&writer, "merchantId", merchant);
      till_sandbox_write_text (&writer, "terminalId", terminal);
      till_json_writer_end_object (&writer);
    }
  till_json_writer_end_object (&writer);

  till_hub_answer (call, effect);
}

static void
keep (TillHub    *self,
      const char *id,
      const char *sha256)
{
  TillHubUpload *entry = g_new0 (TillHubUpload, 1);

  entry->id = g_strdup (id);
  entry->key_sha256 = g_strdup (sha256);
  entry->uploaded = till_clock_get_now (self->server->clock);
  g_hash_table_replace (self->uploads, entry->id, entry);
}

/**
 * till_hub_upload:
 * @call: (transfer full): a call that came from who it says
 *
 * Takes a certificate.
 */
void
till_hub_upload (TillCall *call)
{
  TillAssumptions *assumptions = &call->server->assumptions;
  TillHub *self = call->server->hub;
  g_autofree char *sha256 = NULL;
  Upload upload = { NULL };
  const TillHubUpload *old;
  gboolean differs;

  if (!read_request (call, &upload))
    return;

  if (till_assumptions_is (assumptions, TILL_ASSUME_RTAU, "off"))
    {
      till_hub_refuse (call, SOUP_STATUS_BAD_REQUEST, "207", NULL);
      return;
    }

  sha256 = check_material (call, &upload);
  if (sha256 == NULL)
    return;

  old = g_hash_table_lookup (self->uploads, upload.id);
  differs = old != NULL && strcmp (old->key_sha256, sha256) != 0;
  if (differs && till_assumptions_is (assumptions, TILL_ASSUME_UPLOAD_OTHER_KEY, "refuse"))
    {
      refuse_member (call, &upload, "268", upload.id_member);
      return;
    }
  if (old == NULL && g_hash_table_size (self->uploads) >= MOST_UPLOADS)
    {
      till_call_explain (call, "the sandbox has %d uploads and takes no more", MOST_UPLOADS);
      till_hub_refuse (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, "703", NULL);
      return;
    }

  if (old == NULL || differs)
    keep (self, upload.id, sha256);
  answer (call, &upload, sha256, old == NULL || differs);
}
