/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commerce Hub: keys, client certificates, credentials (services/commerce-hub-*.md, API.md 1-4). */
#pragma once

#include <gio/gio.h>

#include "till-key.h"
#include "till-secret.h"
#include "till-transport.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_HUB_GENERATE,       /* POST /security/v1/keys/generate */
  TILL_HUB_REVOKE,         /* POST /security/v1/keys/{keyId}/revoke */
  TILL_HUB_UPLOAD,         /* POST /tms/v1/client-certificate */
  TILL_HUB_CREDENTIALS,    /* POST /payments-vas/v1/security/credentials */
  TILL_HUB_STATUS,         /* GET /status: asks nothing, tells whether key and secret count */
} TillHubOperation;

/**
 * TillHubRequest:
 * @operation: which call
 * @path: below the base URL
 * @request_id: Client-Request-Id: nonce and idempotency key (API.md 1.5)
 * @body: (nullable): exactly what is signed and sent; holds no secret, so that
 *   it can be kept in the journal and sent again as it is (RELIABILITY.md G17)
 *
 * A request as it is written to the journal before it is sent.
 */
typedef struct
{
  TillHubOperation  operation;
  char             *path;
  char             *request_id;
  char             *body;
} TillHubRequest;

/**
 * TillHubAnswer:
 * @status: 200 or 201; everything else is an error
 * @body: JSON; of credentials a secret
 * @trace_id: (nullable): apiTraceId
 * @skew: as in #TillAnswer
 * @milliseconds: that it took
 * @tries: how often it was sent
 * @certificate_not_after: of the server's certificate; 0 unknown
 * @asked_id: (nullable): the key id or client key id that the answer must be about
 */
typedef struct
{
  guint       status;
  TillSecret *body;
  char       *trace_id;
  gint64      skew;
  gint64      milliseconds;
  guint       tries;
  gint64      certificate_not_after;
  char       *asked_id;
} TillHubAnswer;

/**
 * TillHubKey:
 * @status: as the service says it: ACTIVE, REVOKED, INACTIVE, LEGACY, or a word that is not known yet
 * @public_key: (nullable): what encodedPublicKey holds, hex or Base64 (API.md 3.3); %NULL where it can't be decoded too
 * @answer: the JSON it was read from, for the inventory and "Raw Answer"; a private key, should one ever be in it,
 *   is cut out
 * @had_private_key: the answer held one (API.md 3.2): warn
 *
 * asymmetricKeyDetails. Times in seconds since 1970, rounded down.
 */
typedef struct
{
  char     *key_id;
  char     *encryption_type;
  gint64    modulus;                /* bits; 0 not said */
  TillKey  *public_key;
  gint64    valid_from;
  gint64    valid_to;
  char     *status;
  char     *source;                 /* (nullable) */
  char     *trace_id;               /* (nullable) */
  char     *client_request_id;      /* (nullable) echo */
  char     *answer;
  gboolean  had_private_key;
} TillHubKey;

/**
 * TillHubUpload:
 * @resource: DER of the certificate or of the SubjectPublicKeyInfo
 * @is_certificate: which of the two
 * @key_id: (nullable): %NULL for the hex SHA-256 of the SubjectPublicKeyInfo (API.md 2.2)
 * @algorithm: (nullable): JWE (the default), JWT, RSA, DUKPT
 * @used_for: (nullable): RTAU, the default
 * @length: bits of the key
 * @old_spelling: ".pemEncoded" rather than ".pem" (API.md 2.4)
 * @public_key_sha256: hex SHA-256 of the SubjectPublicKeyInfo
 */
typedef struct
{
  GBytes     *resource;
  gboolean    is_certificate;
  const char *key_id;
  const char *algorithm;
  const char *used_for;
  int         length;
  gboolean    old_spelling;
  const char *public_key_sha256;
} TillHubUpload;

/**
 * TillHubUploaded:
 *
 * What the service says of an upload. @public_key_hash is (nullable) and opaque (API.md 2.3).
 */
typedef struct
{
  char *client_key_id;
  char *public_key_hash;
  char *algorithm;
  char *trace_id;
  char *answer;
} TillHubUploaded;

/**
 * TillHubCredentials:
 * @access_token: secret
 * @session_id: (nullable): secret
 * @issued_at: by the service's clock; %G_MININT64 where it can't be read
 * @time_to_live: seconds, 1 to 1800; 0 where the service says nothing that makes sense: used until refused (API.md 4.4)
 * @raw_time_to_live: (nullable): as the service wrote it
 * @public_key: (nullable): decoded, Base64 of Base64 included (API.md 4.3)
 */
typedef struct
{
  TillSecret *access_token;
  TillSecret *session_id;
  char       *token_type;           /* (nullable) */
  char       *key_id;               /* (nullable) */
  gint64      issued_at;
  gint64      time_to_live;
  char       *raw_time_to_live;
  TillKey    *public_key;
  char       *symmetric_algorithm;  /* (nullable) */
  char       *asymmetric_algorithm; /* (nullable) */
  char       *trace_id;             /* (nullable) */
} TillHubCredentials;

#define TILL_TYPE_HUB (till_hub_get_type ())
G_DECLARE_FINAL_TYPE (TillHub, till_hub, TILL, HUB, GObject)

TillHub            *till_hub_new                     (TillTransport        *transport,
                                                      const char           *url,
                                                      const char           *merchant_id,
                                                      const char           *terminal_id,
                                                      const char           *api_key,
                                                      TillSecret           *api_secret,
                                                      GError              **error) G_GNUC_WARN_UNUSED_RESULT;
gint64              till_hub_get_skew                (TillHub              *self);

/* Requests. request_id: (nullable) %NULL makes a new UUIDv4. */
TillHubRequest     *till_hub_request_generate        (TillHub              *self,
                                                      const char           *request_id) G_GNUC_WARN_UNUSED_RESULT;
TillHubRequest     *till_hub_request_revoke          (TillHub              *self,
                                                      const char           *key_id,
                                                      const char           *request_id,
                                                      GError              **error) G_GNUC_WARN_UNUSED_RESULT;
TillHubRequest     *till_hub_request_upload          (TillHub              *self,
                                                      const TillHubUpload  *upload,
                                                      const char           *request_id,
                                                      GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* minutes: 1 to 30, 0 leaves the member out; redirect: (nullable) absolute https URL */
TillHubRequest     *till_hub_request_credentials     (TillHub              *self,
                                                      guint                 minutes,
                                                      const char           *redirect,
                                                      const char           *request_id,
                                                      GError              **error) G_GNUC_WARN_UNUSED_RESULT;
TillHubRequest     *till_hub_request_status          (TillHub              *self) G_GNUC_WARN_UNUSED_RESULT;
/* One from the journal. */
TillHubRequest     *till_hub_request_again           (TillHubOperation      operation,
                                                      const char           *path,
                                                      const char           *request_id,
                                                      const char           *body) G_GNUC_WARN_UNUSED_RESULT;
void                till_hub_request_free            (TillHubRequest       *self);

/* repeat: whether an unknown outcome may be asked for again by itself (G17). */
void                till_hub_send_async              (TillHub              *self,
                                                      const TillHubRequest *request,
                                                      gboolean              repeat,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
TillHubAnswer      *till_hub_send_finish             (TillHub              *self,
                                                      GAsyncResult         *result,
                                                      GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void                till_hub_answer_free             (TillHubAnswer        *self);

/* Answers. */
TillHubKey         *till_hub_key_new                 (const TillHubAnswer  *answer,
                                                      GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* A service answer that a person pastes (keys import); may be the whole answer or only asymmetricKeyDetails. */
TillHubKey         *till_hub_key_new_from_json       (const char           *json,
                                                      gsize                 length,
                                                      GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void                till_hub_key_free                (TillHubKey           *self);
TillHubUploaded    *till_hub_uploaded_new            (const TillHubAnswer  *answer,
                                                      GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void                till_hub_uploaded_free           (TillHubUploaded      *self);
TillHubCredentials *till_hub_credentials_new         (const TillHubAnswer  *answer,
                                                      GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void                till_hub_credentials_free        (TillHubCredentials   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillHubRequest, till_hub_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillHubAnswer, till_hub_answer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillHubKey, till_hub_key_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillHubUploaded, till_hub_uploaded_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillHubCredentials, till_hub_credentials_free)

G_END_DECLS
