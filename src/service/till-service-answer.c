/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies of answers: parsed with their secrets taken out, and what is wrong with them said. */
#include "config.h"

#include "till-service-private.h"

#include <string.h>

#include "till-escape.h"
#include "till-json-reader.h"
#include "till-json-scan.h"
#include "till-redact.h"

/* Shorter secrets are words of plain speech: taking them out would tell what they are. */
#define MASK_BYTES 4

/* How till_json_scan() says that a name stands twice in one object. */
#define SAME_NAME "the same name twice in one object"

#define CONTENT_TYPE_CHARS 60
#define TRACE_CHARS 128

/* The name that stands twice, as the document spells it. */
static char *
dup_name_at (const TillSecret *body,
             gint64            offset)
{
  const char *text = (const char *) till_secret_get_data (body);
  gsize size = till_secret_get_size (body);
  gsize start = (gsize) offset;
  gsize end;

  if (offset < 0 || start >= size)
    return NULL;
  if (text[start] == '"')
    start++;
  for (end = start; end < size && text[end] != '"'; end++)
    continue;

  return till_escape (text + start, (gssize) (end - start), TILL_SERVICE_FIELD_CHARS);
}

/* What the scanner says of any document, said of an answer (RELIABILITY.md 5.2, rows 42 to 44). */
static void
translate_scan_error (GError           **error,
                      const GError      *reason,
                      const TillSecret  *body)
{
  const gint64 numbers[2] = { till_error_get_have (reason), till_error_get_want (reason) };
  g_autofree char *name = NULL;

  switch (till_error_get_reason (reason))
    {
    case TILL_REASON_TRUNCATED:
      till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_CUT, NULL, numbers,
                      "the answer was damaged: it ends too early");
      break;

    case TILL_REASON_EMPTY:
      till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_EMPTY, NULL, NULL, "the answer is empty");
      break;

    case TILL_REASON_TOO_LARGE:
      till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_TOO_LARGE, NULL, numbers,
                      "the answer is too large");
      break;

    case TILL_REASON_TOO_MANY:
      till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_TOO_MANY, NULL, numbers,
                      "the answer is not understood: %s", till_error_get_detail (reason));
      break;

    default:
      if (g_strcmp0 (till_error_get_detail (reason), SAME_NAME) == 0)
        {
          name = dup_name_at (body, numbers[0]);
          till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_CONTRADICTS, name, NULL,
                          "the answer contradicts itself: it says \"%s\" twice", name != NULL ? name : "");
        }
      else
        {
          till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_MALFORMED, till_error_get_detail (reason), numbers,
                          "the answer was damaged: %s", reason->message);
        }
      break;
    }
}

/**
 * till_service_scan:
 * @body: of an answer
 * @limit: the most bytes it may have
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Returns: whether it is JSON that till_json_scan() lets through
 */
gboolean
till_service_scan (const TillSecret  *body,
                   gsize              limit,
                   GError           **error)
{
  g_autoptr(GError) reason = NULL;

  if (till_json_scan ((const char *) till_secret_get_data (body), till_secret_get_size (body), limit, &reason))
    return TRUE;

  translate_scan_error (error, reason, body);

  return FALSE;
}

/* What till_json_parse() does behind its scan: a long list is not scanned twice. */
static JsonNode *
parse_scanned (const TillSecret  *body,
               GError           **error)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autoptr(GError) reason = NULL;
  JsonNode *root = NULL;

  if (json_parser_load_from_data (parser, (const char *) till_secret_get_data (body),
                                  (gssize) till_secret_get_size (body), &reason))
    root = json_parser_steal_root (parser);

  if (root == NULL)
    till_set_error (error, TILL_ERROR_PROTOCOL, TILL_REASON_MALFORMED, NULL, NULL,
                    "the answer was damaged: %s", reason != NULL ? reason->message : "it has no root");

  return root;
}

/**
 * till_service_parse:
 * @body: of an answer
 * @limit: the most bytes it may have
 * @cuts: (nullable) (array length=n_cuts) (inout): members that are secret
 * @n_cuts: how many
 * @text: (out) (optional) (transfer full): the document without the values of @cuts
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Scans and parses an answer. The values of @cuts belong to the caller, on
 * failure as well, see till_service_cuts_clear().
 *
 * Returns: (transfer full) (nullable): the root, %NULL with @error set
 */
JsonNode *
till_service_parse (const TillSecret  *body,
                    gsize              limit,
                    TillServiceCut    *cuts,
                    guint              n_cuts,
                    TillSecret       **text,
                    GError           **error)
{
  g_autoptr(TillSecret) rest = NULL;
  JsonNode *root;

  if (!till_service_scan (body, limit, error))
    return NULL;

  rest = till_service_cut (body, cuts, n_cuts);
  root = rest == body ? parse_scanned (rest, error)
                      : till_json_parse ((const char *) till_secret_get_data (rest), till_secret_get_size (rest), limit,
                                         error);

  if (root != NULL && text != NULL)
    *text = g_steal_pointer (&rest);

  return root;
}

/**
 * till_service_fail_answer:
 * @error: (out) (optional): where to put it
 * @reason: (transfer full): what is wrong
 * @changes: whether the call was to change something
 * @status: of the answer
 * @trace_id: (nullable): of the answer
 *
 * Hands on that an answer makes no sense. The service has done something
 * then, and nobody can tell what (RELIABILITY.md 5.2, row 42). Errors that are
 * not ours, as "cancelled", stay as they are.
 *
 * Returns: %FALSE
 */
gboolean
till_service_fail_answer (GError     **error,
                          GError      *reason,
                          gboolean     changes,
                          guint        status,
                          const char  *trace_id)
{
  const gint64 numbers[2] = { till_error_get_have (reason), till_error_get_want (reason) };
  TillErrorReason why = till_error_get_reason (reason);
  g_autofree char *trace = trace_id != NULL ? till_service_clean (trace_id, TRACE_CHARS, NULL, 0) : NULL;
  GError *made = NULL;

  if (reason->domain != TILL_ERROR)
    {
      g_propagate_error (error, reason);
      return FALSE;
    }

  /* The reader's word for a field of another form. */
  if (reason->code == TILL_ERROR_PROTOCOL && why == TILL_REASON_MALFORMED &&
      g_str_has_prefix (reason->message, "field "))
    why = TILL_REASON_BAD_FIELD;

  till_set_error (&made, (TillError) reason->code, why, till_error_get_detail (reason), numbers,
                  "%s%s", reason->message, changes ? "; the result is unknown" : "");
  till_error_set_answer (made, changes ? TILL_OUTCOME_UNKNOWN : TILL_OUTCOME_REFUSED, (int) status,
                         till_error_get_service_code (reason), trace);
  g_propagate_error (error, made);
  g_error_free (reason);

  return FALSE;
}

static gboolean
starts_like_page (const TillSecret *body)
{
  static const char * const starts[] = { "<!doctype html", "<html", "<head", "<body", "<script", "<meta", "<title" };
  const char *p = (const char *) till_secret_get_data (body);

  if (g_str_has_prefix (p, "\xef\xbb\xbf"))
    p += 3;
  while (g_ascii_isspace (*p))
    p++;

  /* Comments and an XML declaration go before it on some pages. */
  if (g_str_has_prefix (p, "<!--") || g_str_has_prefix (p, "<?xml"))
    {
      const char *end = strstr (p, g_str_has_prefix (p, "<!--") ? "-->" : "?>");

      p = end != NULL ? strchr (end, '>') + 1 : p;
      while (g_ascii_isspace (*p))
        p++;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    if (g_ascii_strncasecmp (p, starts[i], strlen (starts[i])) == 0)
      return TRUE;

  return FALSE;
}

/* No page begins so, and some servers send JSON as whatever they send else. */
static gboolean
starts_like_json (const TillSecret *body)
{
  const char *p = (const char *) till_secret_get_data (body);

  while (g_ascii_isspace (*p))
    p++;

  return *p == '{' || *p == '[';
}

/**
 * till_service_is_web_page:
 * @content_type: (nullable): of an answer
 * @body: its body
 *
 * Returns: whether the answer is HTML, by its Content-Type or its first bytes
 */
gboolean
till_service_is_web_page (const char       *content_type,
                          const TillSecret *body)
{
  if (till_secret_get_size (body) == 0 || starts_like_json (body))
    return FALSE;

  return g_strcmp0 (content_type, "text/html") == 0 ||
         g_strcmp0 (content_type, "application/xhtml+xml") == 0 ||
         starts_like_page (body);
}

static gboolean
is_json_type (const char *content_type)
{
  return content_type != NULL &&
         (g_str_equal (content_type, "application/json") || g_str_equal (content_type, "text/json") ||
          g_str_has_suffix (content_type, "+json"));
}

/**
 * till_service_check_json:
 * @answer: one whose status is a success
 * @limit: the most bytes its body may have
 * @changes: whether the call was to change something
 * @error: (out) (optional): %TILL_ERROR_PROTOCOL
 *
 * Says what an answer is that should be JSON and is not (RELIABILITY.md 5.2,
 * rows 40 to 44). JSON counts whatever its Content-Type says.
 *
 * Returns: whether it is JSON
 */
gboolean
till_service_check_json (const TillAnswer  *answer,
                         gsize              limit,
                         gboolean           changes,
                         GError           **error)
{
  const char *text = (const char *) till_secret_get_data (answer->body);
  g_autoptr(GError) scan = NULL;
  GError *reason = NULL;

  if (till_secret_get_size (answer->body) == 0)
    {
      till_set_error (&reason, TILL_ERROR_PROTOCOL, TILL_REASON_ANSWER_EMPTY, NULL, NULL,
                      changes ? "the service says that it is done, but its answer is empty" : "the answer is empty");
    }
  else if (till_service_is_web_page (answer->content_type, answer->body))
    {
      till_set_error (&reason, TILL_ERROR_PROTOCOL, TILL_REASON_WEB_PAGE, NULL, NULL,
                      "the answer is a web page, not data: is it a login page of this network?");
    }
  else if (!till_json_scan (text, till_secret_get_size (answer->body), limit, &scan))
    {
      if (is_json_type (answer->content_type) || answer->content_type == NULL)
        {
          translate_scan_error (&reason, scan, answer->body);
        }
      else
        {
          g_autofree char *type = till_escape (answer->content_type, -1, CONTENT_TYPE_CHARS);

          till_set_error (&reason, TILL_ERROR_PROTOCOL, TILL_REASON_NOT_JSON, type, NULL,
                          "the answer is not data that can be read: it is of the type \"%s\"", type);
        }
    }

  if (reason == NULL)
    return TRUE;

  return till_service_fail_answer (error, reason, changes, answer->status, answer->trace_id);
}

/* Replaces each occurrence of a secret. */
static char *
mask (char             *text,
      const TillSecret *secret)
{
  const char *needle = (const char *) till_secret_get_data (secret);
  gsize size = till_secret_get_size (secret);
  GString *out;
  char *p = text;
  char *found;

  if (size < MASK_BYTES || strlen (needle) != size || strstr (text, needle) == NULL)
    return text;

  out = g_string_new (NULL);
  while ((found = strstr (p, needle)) != NULL)
    {
      g_string_append_len (out, p, found - p);
      g_string_append (out, "[redacted]");
      p = found + size;
    }
  g_string_append (out, p);

  till_wipe (text, strlen (text));
  g_free (text);

  return g_string_free (out, FALSE);
}

/**
 * till_service_clean:
 * @text: what a service says
 * @max_chars: the most characters of the result
 * @secrets: (nullable) (array length=n_secrets): what it must not repeat
 * @n_secrets: how many
 *
 * Makes a service's own words fit for a message: without secrets, on one line,
 * not too long.
 *
 * Returns: (transfer full): the text
 */
char *
till_service_clean (const char         *text,
                    gsize               max_chars,
                    TillSecret * const *secrets,
                    guint               n_secrets)
{
  g_autofree char *masked = g_strdup (text);
  g_autofree char *redacted = NULL;
  char *cleaned;

  for (guint i = 0; i < n_secrets; i++)
    if (secrets[i] != NULL)
      masked = mask (masked, secrets[i]);

  redacted = till_redact (masked, -1);
  cleaned = till_escape (redacted, -1, max_chars);
  till_wipe (masked, strlen (masked));

  return cleaned;
}
