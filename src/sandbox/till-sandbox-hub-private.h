/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the calls of the pretended Commerce Hub share. */
#pragma once

#include <json-glib/json-glib.h>

#include "till-sandbox-hub.h"

G_BEGIN_DECLS

/**
 * TillHubKey:
 * @id: its keyId
 * @merchant: whose it is
 * @der: the SubjectPublicKeyInfo
 * @valid_from: seconds since 1970
 * @valid_to: likewise
 * @revoked: whether it was revoked
 * @example: whether it was there from the first start
 */
typedef struct
{
  char     *id;
  char     *merchant;
  GBytes   *der;
  gint64    valid_from;
  gint64    valid_to;
  gboolean  revoked;
  gboolean  example;
} TillHubKey;

/**
 * TillHubUpload:
 * @id: its clientKeyID
 * @key_sha256: of the SubjectPublicKeyInfo, lower-case hex
 * @uploaded: seconds since 1970
 */
typedef struct
{
  char   *id;
  char   *key_sha256;
  gint64  uploaded;
} TillHubUpload;

/**
 * TillHubReplay:
 * @id: a Client-Request-Id
 * @digest: SHA-256 over method, path and body of the request, hex
 * @at: when it came, seconds since 1970
 * @running: it has no answer yet
 * @effect: it changed the state, so its record is kept together with that
 * @status: of the answer
 * @trace_id: of the answer
 * @body: (nullable): of the answer
 */
typedef struct
{
  char     *id;
  char     *digest;
  gint64    at;
  gboolean  running;
  gboolean  effect;
  guint     status;
  char     *trace_id;
  char     *body;
} TillHubReplay;

struct _TillHub
{
  TillSandboxServer *server;
  GPtrArray         *keys;           /* (element-type TillHubKey) */
  GHashTable        *uploads;        /* clientKeyID to TillHubUpload */
  GHashTable        *replays;        /* Client-Request-Id to TillHubReplay */
  GBytes            *session_key;    /* what credentials give */
  char              *session_key_id;
  gboolean           dirty;          /* there is more than on the disk */
  gint64             pruned;         /* when old replays were last looked for */
  gint64             minute;         /* of the rate limit */
  gint64             calls;          /* in it */
};

/**
 * TillHubCall:
 * @work: what is done once the request is found good
 * @request_id: (nullable): its Client-Request-Id
 * @digest: (nullable): of the request
 * @taken: it stands in the table of replays as running
 * @key_id: (nullable): of the path, decoded
 * @root: (nullable): the body
 * @object: (nullable): the body
 *
 * What a call of this service has in its details.
 */
typedef struct
{
  TillCallFunc  work;
  char         *request_id;
  char         *digest;
  gboolean      taken;
  char         *key_id;
  JsonNode     *root;
  JsonObject   *object;
} TillHubCall;

/* till-sandbox-hub.c */
void        till_hub_refuse         (TillCall           *call,
                                     guint               status,
                                     const char         *code,
                                     const char         *field);
void        till_hub_begin          (TillCall           *call,
                                     guint               status,
                                     const char         *type,
                                     const char         *state,
                                     TillJsonWriter     *writer);
void        till_hub_write_details  (TillHub            *self,
                                     TillJsonWriter     *writer,
                                     const char         *trace_id,
                                     const char         *request_id,
                                     gint64              when);
void        till_hub_answer         (TillCall           *call,
                                     gboolean            effect);

/* till-sandbox-hub-auth.c */
gboolean    till_hub_check_login    (TillCall           *call);

/* till-sandbox-hub-replay.c */
gboolean    till_hub_take_id        (TillCall           *call);
gboolean    till_hub_keep_answer    (TillCall           *call,
                                     gboolean            effect,
                                     GError            **error);
gboolean    till_hub_load_replays   (TillHub            *self,
                                     GError            **error);
void        till_hub_replay_free    (TillHubReplay      *replay);
void        till_hub_write_replay   (TillHubReplay      *replay,
                                     TillJsonWriter     *writer);
TillHubReplay *
            till_hub_read_replay    (JsonNode           *node);

/* till-sandbox-hub-fields.c */
gboolean    till_hub_get_string     (TillCall           *call,
                                     JsonObject         *object,
                                     const char         *place,
                                     const char         *member,
                                     gboolean            required,
                                     gsize               max_chars,
                                     const char        **value);
gboolean    till_hub_get_int        (TillCall           *call,
                                     JsonObject         *object,
                                     const char         *place,
                                     const char         *member,
                                     gint64             *value);
gboolean    till_hub_get_object     (TillCall           *call,
                                     const char         *member,
                                     JsonObject        **value);
gboolean    till_hub_check_members  (TillCall           *call,
                                     JsonObject         *object,
                                     const char         *place,
                                     const char * const *known);
gboolean    till_hub_check_merchant (TillCall           *call,
                                     gboolean            required);

/* till-sandbox-hub-state.c */
gboolean    till_hub_save           (TillHub            *self,
                                     GError            **error);
TillHubKey *till_hub_find_key       (TillHub            *self,
                                     const char         *id);
void        till_sandbox_key_free       (TillHubKey         *key);
void        till_hub_upload_free    (TillHubUpload      *upload);

/* till-sandbox-hub-keys.c */
void        till_hub_generate       (TillCall           *call);
void        till_hub_revoke         (TillCall           *call);
void        till_hub_tell_examples  (TillHub            *self);

/* till-sandbox-hub-upload.c, till-sandbox-hub-credentials.c */
void        till_hub_upload         (TillCall           *call);
void        till_hub_credentials    (TillCall           *call);
gboolean    till_hub_check_token    (TillHub            *self,
                                     const char         *token);

/* till-sandbox-material.c */
char       *till_material_read      (const char         *text,
                                     gint64              now,
                                     gint64             *bits,
                                     gboolean           *current,
                                     gboolean           *private) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
