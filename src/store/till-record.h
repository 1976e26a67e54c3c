/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the store holds: profiles, keys, uploads, certificates last seen, files, devices, intents, log lines. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TILL_TIME_UNKNOWN G_MININT64

/**
 * TillEnvironment:
 *
 * Part of the identity of every record; environments never mix (RELIABILITY.md G31).
 */
typedef enum
{
  TILL_ENVIRONMENT_PRACTICE,
  TILL_ENVIRONMENT_TEST,
  TILL_ENVIRONMENT_LIVE,
} TillEnvironment;

const char *till_environment_to_word   (TillEnvironment  environment);
gboolean    till_environment_from_word (const char      *word,
                                        TillEnvironment *environment);

/**
 * TillProfile:
 * @id: random, 32 hex digits; the name can change, the id never
 * @name: what people call it; each once
 * @environment: never changes
 * @ca_pem: (nullable): a further certificate authority, as PEM
 * @repeat_lost: whether lost answers of Commerce Hub are asked for again by itself (G17)
 * @http_signature: 0 HTTP Signature, 1 JWT (API.md 5.5)
 *
 * One store's way to its services. Text members are (nullable) where they were
 * not given; secrets are in the vault under @id.
 */
typedef struct
{
  char            *id;
  char            *name;
  TillEnvironment  environment;
  char            *hub_url;
  char            *hub_merchant;
  char            *hub_terminal;
  char            *hub_key;
  char            *wallet_url;
  char            *wallet_user;
  char            *devices_url;
  char            *devices_organization;
  char            *devices_key_id;
  int              devices_signature;
  char            *ca_pem;
  gboolean         repeat_lost;
  gint64           created_at;
} TillProfile;

/**
 * TillKeyRecord:
 * @status: the service's word, or "REVOKED" once we revoked it
 * @spki: (nullable): DER SubjectPublicKeyInfo
 * @in_use: marked as in use on tills
 * @offline_limit: largest amount of an offline payment in minor units, -1 for none; with @offline_currency (ISO 4217)
 * @known_at: when it came into the inventory
 * @imported: it was pasted, not generated here
 *
 * A multi-use public key of Commerce Hub: the service has no list of them (API.md 3.1).
 */
typedef struct
{
  char     *profile_id;
  char     *key_id;
  char     *encryption_type;
  gint64    modulus;
  GBytes   *spki;
  char     *public_key_sha256;    /* (nullable) */
  gint64    valid_from;
  gint64    valid_to;
  char     *status;
  gboolean  in_use;
  gint64    offline_limit;
  char     *offline_currency;     /* (nullable) */
  char     *client_request_id;    /* (nullable) */
  char     *trace_id;             /* (nullable) */
  char     *answer;               /* (nullable) JSON as it came; never a private key */
  gint64    known_at;
  gint64    revoked_at;           /* TILL_TIME_UNKNOWN: not by us */
  gboolean  imported;
} TillKeyRecord;

/**
 * TillUploadRecord:
 *
 * A client certificate that was uploaded to Commerce Hub, which can't list them (API.md 2.1).
 */
typedef struct
{
  char   *profile_id;
  char   *client_key_id;
  char   *name;                   /* (nullable) file name or common name */
  char   *sha256;                 /* (nullable) of the certificate; NULL for a bare key */
  char   *public_key_sha256;
  char   *public_key_hash;        /* (nullable) as the service sent it */
  char   *algorithm;
  gint64  not_before;             /* TILL_TIME_UNKNOWN for a bare key */
  gint64  not_after;
  gint64  uploaded_at;
  char   *trace_id;               /* (nullable) */
} TillUploadRecord;

/**
 * TillSeenRecord:
 * @json: the certificate under the service's member names
 *
 * A wallet certificate as it was last seen, for when the service can't be asked.
 */
typedef struct
{
  char   *profile_id;
  char   *id;
  char   *json;
  gint64  seen_at;
} TillSeenRecord;

/**
 * TillFileRecord:
 *
 * A certificate file on this computer that is watched. Belongs to no profile.
 */
typedef struct
{
  char   *uri;
  char   *sha256;                 /* (nullable) of the leaf certificate when last read */
  gint64  not_after;              /* TILL_TIME_UNKNOWN */
  gint64  added_at;
} TillFileRecord;

/**
 * TillDeviceRecord:
 * @serial: of its certificate, lower-case hex
 * @kind: (nullable): "till", which has its identity from this computer; "terminal", which gave this computer one;
 *   %NULL counts as "till"
 * @terminal_serial: (nullable): of a terminal: the number on its back
 * @root_pem: (nullable): of a terminal: what its certificate is checked against
 *
 * A paired till or terminal.
 */
typedef struct
{
  char     *profile_id;
  char     *pos_id;
  char     *address;              /* (nullable) */
  char     *serial;
  gint64    not_before;
  gint64    not_after;
  gint64    paired_at;
  gint64    last_contact;         /* TILL_TIME_UNKNOWN */
  char     *state;                /* "pending", "active", "revoked" */
  char     *certificate_pem;      /* (nullable) */
  char     *kind;
  char     *terminal_serial;
  char     *root_pem;
} TillDeviceRecord;

/**
 * TillIntentState:
 * @TILL_INTENT_OPEN: written, perhaps sent; what a crash leaves behind
 * @TILL_INTENT_DONE: the service has done it
 * @TILL_INTENT_REFUSED: the service, or we before sending, did not do it
 * @TILL_INTENT_UNKNOWN: sent, and whether it was done can't be told; waits for a person
 */
typedef enum
{
  TILL_INTENT_OPEN,
  TILL_INTENT_DONE,
  TILL_INTENT_REFUSED,
  TILL_INTENT_UNKNOWN,
} TillIntentState;

const char *till_intent_state_to_word (TillIntentState state);

/**
 * TillIntentRecord:
 * @id: row number; 0 for one that is not stored yet
 * @operation: stable word: "keys.generate", "keys.revoke", "certificates.upload", "certificates.add",
 *   "certificates.replace", "certificates.update", "certificates.remove", "credentials.request"
 * @request_id: Client-Request-Id, or a UUIDv4 of our own where the service has none
 * @subject: (nullable): id of the thing it is done to
 * @path: (nullable): where it is sent
 * @body: (nullable): exactly what is sent, where it holds no secret
 * @body_sha256: (nullable): of what is sent
 * @tries: how often it was sent
 *
 * A change of the outside world, written before it is sent (RELIABILITY.md G17).
 */
typedef struct
{
  gint64           id;
  char            *profile_id;
  TillEnvironment  environment;
  char            *operation;
  char            *request_id;
  char            *subject;
  char            *path;
  char            *body;
  char            *body_sha256;
  TillIntentState  state;
  gint64           begun_at;
  gint64           ended_at;       /* TILL_TIME_UNKNOWN while open */
  guint            tries;
  char            *note;           /* (nullable) why it was refused or is unknown; no secret */
} TillIntentRecord;

/**
 * TillLogRecord:
 * @sequence: counts from 1 without a gap
 * @at: when
 * @actor: name of the operating system's user
 * @event: stable word, such as "keys.revoke"
 * @object: (nullable): what it was done to
 * @environment: (nullable): word of the environment; %NULL where none is meant
 * @peer: (nullable): host it was done at
 * @outcome: "done", "refused", "unknown", "begun"
 * @request_id: (nullable)
 * @trace_id: (nullable)
 * @detail: (nullable): a few words more
 * @hash: hex SHA-256 over the hash of the line before and this line's members
 *
 * One line of the activity log (G33). Holds no secret.
 */
typedef struct
{
  gint64  sequence;
  gint64  at;
  char   *actor;
  char   *event;
  char   *object;
  char   *profile;                 /* (nullable) name of the profile at that time */
  char   *environment;
  char   *peer;
  char   *outcome;
  char   *request_id;
  char   *trace_id;
  char   *detail;
  char   *hash;
} TillLogRecord;

TillProfile      *till_profile_new          (void) G_GNUC_WARN_UNUSED_RESULT;
TillProfile      *till_profile_copy         (const TillProfile      *self) G_GNUC_WARN_UNUSED_RESULT;
void              till_profile_free         (TillProfile            *self);
TillKeyRecord    *till_key_record_new       (void) G_GNUC_WARN_UNUSED_RESULT;
TillKeyRecord    *till_key_record_copy      (const TillKeyRecord    *self) G_GNUC_WARN_UNUSED_RESULT;
void              till_key_record_free      (TillKeyRecord          *self);
TillUploadRecord *till_upload_record_new    (void) G_GNUC_WARN_UNUSED_RESULT;
void              till_upload_record_free   (TillUploadRecord       *self);
TillSeenRecord   *till_seen_record_new      (void) G_GNUC_WARN_UNUSED_RESULT;
void              till_seen_record_free     (TillSeenRecord         *self);
TillFileRecord   *till_file_record_new      (void) G_GNUC_WARN_UNUSED_RESULT;
TillFileRecord   *till_file_record_copy     (const TillFileRecord   *self) G_GNUC_WARN_UNUSED_RESULT;
void              till_file_record_free     (TillFileRecord         *self);
TillDeviceRecord *till_device_record_new    (void) G_GNUC_WARN_UNUSED_RESULT;
void              till_device_record_free   (TillDeviceRecord       *self);
TillIntentRecord *till_intent_record_new    (void) G_GNUC_WARN_UNUSED_RESULT;
void              till_intent_record_free   (TillIntentRecord       *self);
TillLogRecord    *till_log_record_new       (void) G_GNUC_WARN_UNUSED_RESULT;
void              till_log_record_free      (TillLogRecord          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillProfile, till_profile_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillKeyRecord, till_key_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillUploadRecord, till_upload_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSeenRecord, till_seen_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillFileRecord, till_file_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillDeviceRecord, till_device_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillIntentRecord, till_intent_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillLogRecord, till_log_record_free)

G_END_DECLS
