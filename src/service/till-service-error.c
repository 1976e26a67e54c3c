/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers that are failures, as errors. */
#include "config.h"

#include "till-service-error.h"

#include <string.h>

#include "till-limits.h"
#include "till-service-private.h"

/* What an older wallet service answers with status 500, or 406, where Basic can't be read (API.md 6.2). */
#define BAD_BASIC "Error reading the api key"

#define CODE_CHARS 64
#define TRACE_CHARS 128

/* Everything that goes into the error of one answer; all texts are fit to be shown. */
typedef struct
{
  TillService       service;
  const TillAnswer *answer;
  gboolean          changes;
  gboolean          is_page;
  gboolean          is_known;
  gboolean          is_bad_basic;
  char             *field;      /* (owned) (nullable) */
  char             *message;    /* (owned) (nullable) */
  char             *code;       /* (owned) (nullable) */
  char             *trace_id;   /* (owned) (nullable) */
} Failure;

static char *
clean (const char         *text,
       gsize               max_chars,
       TillSecret * const *secrets,
       guint               n_secrets)
{
  return text != NULL ? till_service_clean (text, max_chars, secrets, n_secrets) : NULL;
}

static void
failure_init (Failure            *self,
              TillService         service,
              const TillAnswer   *answer,
              gboolean            changes,
              TillSecret * const *secrets,
              guint               n_secrets)
{
  g_auto(TillServiceProblem) problem = { 0 };
  const char *trace;

  till_service_problem_read (&problem, service, answer);
  trace = problem.trace_id != NULL ? problem.trace_id : answer->trace_id;

  *self = (Failure) {
    .service = service,
    .answer = answer,
    .changes = changes,
    .is_page = problem.is_page,
    .is_known = problem.is_known,
    .is_bad_basic = service == TILL_SERVICE_WALLET && problem.message != NULL &&
                    strstr (problem.message, BAD_BASIC) != NULL,
    .field = clean (problem.field, TILL_SERVICE_FIELD_CHARS, secrets, n_secrets),
    .message = clean (problem.message, TILL_SERVICE_MESSAGE_CHARS, secrets, n_secrets),
    .code = clean (problem.code, CODE_CHARS, secrets, n_secrets),
    .trace_id = clean (trace, TRACE_CHARS, secrets, n_secrets),
  };
}

static void
failure_clear (Failure *self)
{
  g_free (self->field);
  g_free (self->message);
  g_free (self->code);
  g_free (self->trace_id);
}

/* ": what the service says", or the status where it says nothing. */
static char *
dup_words (const Failure *self)
{
  if (self->message != NULL)
    return g_strdup_printf (": %s", self->message);

  return g_strdup_printf (" (status %u)", self->answer->status);
}

/* What is signed counts only near the time of the service: API.md 1.4, 5.5. */
static gboolean
is_clock (const Failure *self)
{
  gint64 skew = self->answer->skew;

  return self->service != TILL_SERVICE_WALLET && skew != G_MININT64 &&
         (skew > TILL_LIMIT_SKEW_BLAME_SECONDS || skew < -TILL_LIMIT_SKEW_BLAME_SECONDS);
}

static void
set_clock (const Failure  *self,
           GError        **error)
{
  gint64 skew = self->answer->skew;
  gint64 size = skew < 0 ? -skew : skew;
  gint64 minutes = (size + 30) / 60;
  g_autofree char *amount = NULL;

  if (minutes < 120)
    amount = g_strdup_printf ("%" G_GINT64_FORMAT " min", minutes);
  else if (minutes < 48 * 60)
    amount = g_strdup_printf ("%" G_GINT64_FORMAT " hours", (minutes + 30) / 60);
  else
    amount = g_strdup_printf ("%" G_GINT64_FORMAT " days", (minutes + 12 * 60) / (24 * 60));

  till_set_error (error, TILL_ERROR_CLOCK_SKEW, TILL_REASON_CLOCK, NULL, (const gint64[2]) { skew, -1 },
                  "this computer's clock is %s %s; signed requests are refused until it is right",
                  amount, skew < 0 ? "slow" : "fast");
}

static void
set_unauthorized (const Failure  *self,
                  GError        **error)
{
  const char *checks = NULL;

  switch (self->service)
    {
    case TILL_SERVICE_HUB:
      checks = "the service does not accept the API key or its secret; check that the secret belongs to the key, "
               "that both belong to this environment, and that the key has the product that the call needs "
               "(Value Added Services, for credentials)";
      break;

    case TILL_SERVICE_WALLET:
      checks = "the service does not accept the user name or its secret; check both, "
               "and that they belong to the region of this address";
      break;

    case TILL_SERVICE_DEVICES:
    default:
      checks = "the service does not accept the key or its shared secret; check organization and key id, "
               "that the secret belongs to the key, and that the key is not older than three years";
      break;
    }

  till_set_error (error, TILL_ERROR_UNAUTHORIZED, TILL_REASON_NONE, NULL, NULL, "%s", checks);
}

/* RELIABILITY.md 5.2, row 50. */
static void
set_refused (const Failure  *self,
             TillError       code,
             GError        **error)
{
  g_autofree char *words = dup_words (self);

  if (self->field != NULL)
    till_set_error (error, code, TILL_REASON_FIELD, self->field, NULL, "the provider refused %s%s", self->field, words);
  else
    till_set_error (error, code, TILL_REASON_NONE, NULL, NULL, "the provider refused the request%s", words);
}

static void
set_not_found (const Failure  *self,
               GError        **error)
{
  g_autofree char *words = dup_words (self);

  if (self->service == TILL_SERVICE_WALLET && self->is_known)
    till_set_error (error, TILL_ERROR_NOT_FOUND, TILL_REASON_NONE, NULL, NULL,
                    "the service has no such certificate%s", words);
  else
    till_set_error (error, TILL_ERROR_NOT_FOUND, TILL_REASON_NONE, NULL, NULL,
                    "the service has nothing at this address%s; check its base address", words);
}

/* Whether a change may have been made all the same (RELIABILITY.md 5.2, row 55). */
static TillOutcome
get_outcome (const Failure *self)
{
  guint status = self->answer->status;

  if (!self->changes || self->is_bad_basic)
    return TILL_OUTCOME_REFUSED;

  /* The first of two with one request id is still at work. */
  if (status == 408 || status == 425)
    return TILL_OUTCOME_UNKNOWN;

  /* Busy is a refusal where the service itself says so; a proxy also says it of a connection that it has lost. */
  if (status == 503)
    return self->is_known || self->answer->retry_after >= 0 ? TILL_OUTCOME_REFUSED : TILL_OUTCOME_UNKNOWN;

  if (status >= 400 && status < 500)
    return TILL_OUTCOME_REFUSED;

  return TILL_OUTCOME_UNKNOWN;
}

static const char *
get_doubt (const Failure *self)
{
  return get_outcome (self) == TILL_OUTCOME_UNKNOWN ? "; the result is unknown" : "";
}

static void
set_busy (const Failure  *self,
          GError        **error)
{
  const gint64 wait = self->answer->retry_after;
  const gint64 numbers[2] = { wait, -1 };

  if (wait > 0)
    till_set_error (error, TILL_ERROR_UNAVAILABLE, TILL_REASON_BUSY, NULL, numbers,
                    "the service is busy (status %u); try again in %" G_GINT64_FORMAT " s%s",
                    self->answer->status, wait, get_doubt (self));
  else
    till_set_error (error, TILL_ERROR_UNAVAILABLE, TILL_REASON_BUSY, NULL, numbers,
                    "the service is busy (status %u); try again in a while%s", self->answer->status, get_doubt (self));
}

/* A filter, a firewall or a login page of the network has answered in the place of the service. */
static void
set_web_page (const Failure  *self,
              GError        **error)
{
  till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_WEB_PAGE, NULL, NULL,
                  "the answer is a web page (status %u), not data: is it a login page of this network, "
                  "or is the address of the service not right?", self->answer->status);
}

static void
set_fault (const Failure  *self,
           GError        **error)
{
  g_autofree char *words = dup_words (self);

  till_set_error (error, TILL_ERROR_UNAVAILABLE, TILL_REASON_SERVICE_FAULT, NULL, NULL,
                  "the service could not answer%s%s", words, get_doubt (self));
}

static void
set_status (const Failure  *self,
            GError        **error)
{
  till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_UNEXPECTED_STATUS, NULL, NULL,
                  "the service answers with status %u, which is not expected here%s", self->answer->status,
                  get_doubt (self));
}

static void
set_error (const Failure  *self,
           GError        **error)
{
  guint status = self->answer->status;

  /* The words come from the network, so their status must be one of the service. */
  if (self->is_bad_basic && (status == 500 || status == 406 || status == 401))
    {
      set_unauthorized (self, error);
      return;
    }

  if (self->is_page && status >= 400 && status < 500 &&
      status != 401 && status != 408 && status != 425 && status != 429)
    {
      set_web_page (self, error);
      return;
    }

  switch (status)
    {
    case 401:
      if (is_clock (self))
        set_clock (self, error);
      else
        set_unauthorized (self, error);
      break;

    case 403:
      {
        g_autofree char *words = dup_words (self);

        till_set_error (error, TILL_ERROR_UNAUTHORIZED, TILL_REASON_NONE, NULL, NULL,
                        "the service does not allow this with these credentials%s", words);
        break;
      }

    case 404:
    case 410:
      set_not_found (self, error);
      break;

    case 408:
      set_fault (self, error);
      break;

    case 409:
      set_refused (self, TILL_ERROR_CONFLICT, error);
      break;

    case 412:
      /* The one code that is known has to do with the account, not with a state (API.md 5.6). */
      set_refused (self, self->service == TILL_SERVICE_DEVICES ? TILL_ERROR_REJECTED : TILL_ERROR_CONFLICT, error);
      break;

    case 425:
    case 429:
    case 503:
      set_busy (self, error);
      break;

    default:
      if (status >= 400 && status < 500)
        set_refused (self, TILL_ERROR_REJECTED, error);
      else if (status >= 500 && status < 600)
        set_fault (self, error);
      else
        set_status (self, error);
      break;
    }
}

static gboolean
is_success (TillService service,
            guint       status)
{
  switch (service)
    {
    case TILL_SERVICE_HUB:
      /* Which of the two differs from page to page (API.md 2.1, 3.1); 204 is a success with an empty answer. */
      return status == 200 || status == 201 || status == 204;

    case TILL_SERVICE_WALLET:
      return status == 200 || status == 201 || status == 204;

    case TILL_SERVICE_DEVICES:
    default:
      return status == 200;
    }
}

/**
 * till_service_judge:
 * @service: which one
 * @answer: what came back
 * @changes: whether the call was to change something
 * @secrets: (nullable) (array length=n_secrets): what was sent or signed with;
 *   no message repeats it, should the service do so
 * @n_secrets: how many
 * @error: (out) (optional): see till_service_check_answer()
 *
 * Like till_service_check_answer().
 *
 * Returns: whether the status is a success
 */
gboolean
till_service_judge (TillService         service,
                    const TillAnswer   *answer,
                    gboolean            changes,
                    TillSecret * const *secrets,
                    guint               n_secrets,
                    GError            **error)
{
  Failure failure;
  GError *made = NULL;

  if (is_success (service, answer->status))
    return TRUE;

  failure_init (&failure, service, answer, changes, secrets, n_secrets);
  set_error (&failure, &made);
  till_error_set_answer (made, get_outcome (&failure), (int) answer->status, failure.code, failure.trace_id);
  g_propagate_error (error, made);
  failure_clear (&failure);

  return FALSE;
}

/**
 * till_service_check_answer:
 * @service: which one
 * @answer: what came back
 * @changes: whether the call was to change something, so that a fault leaves its result unknown
 * @error: (out) (optional): %TILL_ERROR_REJECTED, %TILL_ERROR_UNAUTHORIZED,
 *   %TILL_ERROR_CLOCK_SKEW, %TILL_ERROR_NOT_FOUND, %TILL_ERROR_CONFLICT,
 *   %TILL_ERROR_UNAVAILABLE or %TILL_ERROR_PROTOCOL, with status, outcome, the
 *   service's code and its trace id
 *
 * Judges an answer by its status and says in one sentence what it means
 * (RELIABILITY.md 5.2, rows 50 to 55). Words of the service stand in it without
 * secrets, escaped, at most 300 characters.
 *
 * Returns: whether the status is a success
 */
gboolean
till_service_check_answer (TillService        service,
                           const TillAnswer  *answer,
                           gboolean           changes,
                           GError           **error)
{
  g_return_val_if_fail (answer != NULL && answer->body != NULL, FALSE);

  return till_service_judge (service, answer, changes, NULL, 0, error);
}
