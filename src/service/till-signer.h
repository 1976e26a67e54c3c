/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who asks: the headers that sign a request, for each kind of service (API.md 1.3, 5.5, 6.2). */
#pragma once

#include <glib.h>

#include "till-secret.h"

G_BEGIN_DECLS

/**
 * TillSigner:
 *
 * Makes the authentication headers of one try of a request. Immutable, counted
 * atomically; keeps its secret in a #TillSecret.
 */
typedef struct _TillSigner TillSigner;

/**
 * TillSignatureSpelling:
 *
 * The three spellings of HTTP Signature in live use (API.md 5.5).
 */
typedef enum
{
  TILL_SIGNATURE_DATE_REQUEST_TARGET,      /* host date (request-target) …; the default */
  TILL_SIGNATURE_DATE_BARE_TARGET,         /* host date request-target … */
  TILL_SIGNATURE_VC_DATE_BARE_TARGET,      /* host v-c-date request-target … */
} TillSignatureSpelling;

/**
 * TillSignerInput:
 * @method: upper case
 * @authority: as the Host header says it
 * @target: path with query
 * @body: (nullable): exactly the bytes that are sent
 * @body_size: how many
 * @request_id: (nullable): Client-Request-Id, for Commerce Hub
 * @now_ms: wall time in milliseconds since 1970
 * @nonce: (nullable): the "jti" of a JWT; made where it is left out
 */
typedef struct
{
  const char   *method;
  const char   *authority;
  const char   *target;
  const guint8 *body;
  gsize         body_size;
  const char   *request_id;
  gint64        now_ms;
  const char   *nonce;
} TillSignerInput;

/**
 * TillSignerHeaderFunc:
 *
 * Called for each header. @value is only lent and may be secret: the callee
 * hands it on and keeps no copy.
 */
typedef void (*TillSignerHeaderFunc) (const char *name,
                                      const char *value,
                                      gpointer    user_data);

TillSigner *till_signer_new_hub            (const char             *api_key,
                                            TillSecret             *secret,
                                            GError                **error) G_GNUC_WARN_UNUSED_RESULT;
TillSigner *till_signer_new_basic          (const char             *user,
                                            TillSecret             *password,
                                            GError                **error) G_GNUC_WARN_UNUSED_RESULT;
TillSigner *till_signer_new_http_signature (const char             *organization,
                                            const char             *key_id,
                                            TillSecret             *shared_secret,
                                            TillSignatureSpelling   spelling,
                                            GError                **error) G_GNUC_WARN_UNUSED_RESULT;
TillSigner *till_signer_new_jwt            (const char             *organization,
                                            const char             *key_id,
                                            TillSecret             *shared_secret,
                                            GError                **error) G_GNUC_WARN_UNUSED_RESULT;
TillSigner *till_signer_ref                (TillSigner             *self);
void        till_signer_unref              (TillSigner             *self);
gboolean    till_signer_sign               (const TillSigner       *self,
                                            const TillSignerInput  *input,
                                            TillSignerHeaderFunc    func,
                                            gpointer                user_data,
                                            GError                **error);

/* What a person pasted, without the blanks at its ends; refuses what no secret has, by its code point. */
TillSecret *till_signer_check_secret       (TillSecret             *secret,
                                            const char             *what,
                                            const char             *detail,
                                            GError                **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSigner, till_signer_unref)

G_END_DECLS
