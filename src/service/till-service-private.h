/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the clients share: reading of answers, and secrets kept out of what is said about them. */
#pragma once

#include <json-glib/json-glib.h>

#include "till-error.h"
#include "till-secret.h"
#include "till-service-error.h"

G_BEGIN_DECLS

/* The most characters of a service's own words in a message (RELIABILITY.md 5.2, row 50). */
#define TILL_SERVICE_MESSAGE_CHARS 300
#define TILL_SERVICE_FIELD_CHARS   100

/**
 * TillServiceCut:
 * @name: of a member, letter case apart
 * @value: (out) (nullable) (owned): what it held, where the member is one of the root
 * @found: (out): there was one, at any depth, and it was not null
 * @wrong_type: (out): the one of the root was neither text nor number
 *
 * A member whose value must not come into plain memory.
 */
typedef struct
{
  const char *name;
  TillSecret *value;
  gboolean    found;
  gboolean    wrong_type;
} TillServiceCut;

TillSecret *till_service_cut          (const TillSecret        *body,
                                       TillServiceCut          *cuts,
                                       guint                    n_cuts) G_GNUC_WARN_UNUSED_RESULT;
void        till_service_cuts_clear   (TillServiceCut          *cuts,
                                       guint                    n_cuts);

gboolean    till_service_scan         (const TillSecret        *body,
                                       gsize                    limit,
                                       GError                 **error);
/* text: (nullable) what is left of the document behind the cuts */
JsonNode   *till_service_parse        (const TillSecret        *body,
                                       gsize                    limit,
                                       TillServiceCut          *cuts,
                                       guint                    n_cuts,
                                       TillSecret             **text,
                                       GError                 **error) G_GNUC_WARN_UNUSED_RESULT;

/* Hands an error on with what the answer adds to it. Always FALSE. */
gboolean    till_service_fail_answer  (GError                 **error,
                                       GError                  *reason,
                                       gboolean                 changes,
                                       guint                    status,
                                       const char              *trace_id);

gboolean    till_service_is_web_page  (const char              *content_type,
                                       const TillSecret        *body);
gboolean    till_service_check_json   (const TillAnswer        *answer,
                                       gsize                    limit,
                                       gboolean                 changes,
                                       GError                 **error);

char       *till_service_clean        (const char              *text,
                                       gsize                    max_chars,
                                       TillSecret * const      *secrets,
                                       guint                    n_secrets) G_GNUC_WARN_UNUSED_RESULT;

/* till_service_check_answer(), with secrets that no message may repeat. */
gboolean    till_service_judge        (TillService              service,
                                       const TillAnswer        *answer,
                                       gboolean                 changes,
                                       TillSecret * const      *secrets,
                                       guint                    n_secrets,
                                       GError                 **error);

/**
 * TillServiceProblem:
 * @is_json: the body is JSON
 * @is_known: in one of the documented shapes
 * @is_page: the body is a web page
 * @code: (nullable)
 * @type: (nullable): Commerce Hub: HOST, GATEWAY, NETWORK, APIM
 * @field: (nullable)
 * @message: (nullable)
 * @trace_id: (nullable): apiTraceId of the body
 *
 * What the body of a failure says, in the service's own words: not fit to be shown yet.
 */
typedef struct
{
  gboolean  is_json;
  gboolean  is_known;
  gboolean  is_page;
  char     *code;
  char     *type;
  char     *field;
  char     *message;
  char     *trace_id;
} TillServiceProblem;

void        till_service_problem_read  (TillServiceProblem      *self,
                                        TillService              service,
                                        const TillAnswer        *answer);
void        till_service_problem_clear (TillServiceProblem      *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TillServiceProblem, till_service_problem_clear)

G_END_DECLS
