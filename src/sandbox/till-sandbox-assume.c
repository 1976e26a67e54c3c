/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What no document settles: the named assumptions and what they are set to. */
#include "config.h"

#include "till-sandbox-assume.h"

#include <string.h>

#include "till-error.h"
#include "till-escape.h"

/* The numbers' limits keep all sums of seconds within 64 bits. */
#define LARGEST_NUMBER G_GINT64_CONSTANT (1000000000)
#define SHOWN_CHARS 60

#define WORDS(...) ((const char * const[]) { __VA_ARGS__, NULL })

static const TillSandboxAssumption table[TILL_N_ASSUMED + 1] = {
  [TILL_ASSUME_TIMES] = { "times", WORDS ("plain", "fraction3", "fraction6", "fraction9"),
    "digits of the fraction in times; examples have none, 3, 6 or 9" },
  [TILL_ASSUME_NUMBERS_AS_TEXT] = { "numbers-as-text", WORDS ("no", "yes"),
    "numbers in answers as strings; the documents show both" },
  [TILL_ASSUME_WRONG_METHOD] = { "wrong-method", WORDS ("404", "405"),
    "a known path with another method; no document says what happens" },
  [TILL_ASSUME_ERROR_SHAPE] = { "error-shape", WORDS ("array", "object", "nested", "gateway", "details"),
    "where a Commerce Hub error stands: error[], error{}, errorResponse.error, gatewayResponse.error or details[]" },
  [TILL_ASSUME_CLOCK_WINDOW] = { "clock-window", NULL,
    "seconds (300) that Timestamp may be old; the documents call five minutes the default" },
  [TILL_ASSUME_FUTURE_TIMESTAMPS] = { "future-timestamps", WORDS ("symmetric", "accept"),
    "a Timestamp ahead of the server; only old ones are written about" },
  [TILL_ASSUME_LEGACY_SIGNATURE] = { "legacy-signature", WORDS ("refuse", "accept"),
    "Base64 of the hex text of the HMAC, as samples until 2023 made it; unknown whether it is still taken" },
  [TILL_ASSUME_ACCESS_TOKEN] = { "access-token", WORDS ("refuse", "accept"),
    "Auth-Token-Type AccessToken on server-to-server calls; not documented" },
  [TILL_ASSUME_DUPLICATE_ID] = { "duplicate-id", WORDS ("replay", "refuse", "process"),
    "the same request with the same Client-Request-Id: its answer again, 401, or done again" },
  [TILL_ASSUME_RUNNING_ID] = { "running-id", WORDS ("425", "136"),
    "the same request while the first still runs: status 425, or 400 with code 136" },
  [TILL_ASSUME_REPLAY_WINDOW] = { "replay-window", NULL,
    "seconds (300) that a Client-Request-Id is remembered; documented as that of the nonce only" },
  [TILL_ASSUME_RATE_LIMIT] = { "rate-limit", NULL,
    "Commerce Hub calls a minute before 429, 0 for no limit (0); no numbers are published" },
  [TILL_ASSUME_RETRY_AFTER] = { "retry-after", NULL,
    "Retry-After with 429 and 503 in seconds, 0 for none (1); not documented" },
  [TILL_ASSUME_UNKNOWN_FIELDS] = { "unknown-fields", WORDS ("ignore", "refuse"),
    "members that no document names: ignored, or 400 with code 101" },
  [TILL_ASSUME_UNKNOWN_MERCHANT] = { "unknown-merchant", WORDS ("refuse", "accept"),
    "another merchant or terminal than that of the sandbox: 400 with code 201 or 202, or taken" },
  [TILL_ASSUME_TERMINAL] = { "terminal", WORDS ("optional", "required"),
    "terminalId of keys and credentials; required on some pages, missing on others" },
  [TILL_ASSUME_UPLOAD_STATUS] = { "upload-status", WORDS ("201", "200"),
    "success of a certificate upload; the page says 201, the specification 200" },
  [TILL_ASSUME_UPLOAD_ALGORITHM] = { "upload-algorithm", WORDS ("jwt", "same"),
    "cryptographicAlgorithm of the answer where JWE was sent; the page shows JWT" },
  [TILL_ASSUME_UPLOAD_OTHER_KEY] = { "upload-other-key", WORDS ("refuse", "replace"),
    "a known clientKeyID with another key: 400 with code 268, or replaced; not documented" },
  [TILL_ASSUME_UPLOAD_EXPIRED] = { "upload-expired", WORDS ("refuse", "accept"),
    "a certificate that has ended or not begun; not documented" },
  [TILL_ASSUME_UPLOAD_LENGTH] = { "upload-length", WORDS ("refuse", "ignore"),
    "a cryptographicResourceLength that is not the key's; not documented" },
  [TILL_ASSUME_RTAU] = { "rtau", WORDS ("on", "off"),
    "off: the merchant has no account updater, uploads get 400 with code 207" },
  [TILL_ASSUME_REVOKE_STATUS] = { "revoke-status", WORDS ("200", "201"),
    "success of a revocation; the document says 201, later pages 200" },
  [TILL_ASSUME_REVOKE_TWICE] = { "revoke-twice", WORDS ("400", "200"),
    "revoking a revoked key: 400 with code 752, or 200; not documented" },
  [TILL_ASSUME_UNKNOWN_KEY] = { "unknown-key", WORDS ("400", "404"),
    "revoking a key that is not there, with code 666; no 404 is specified" },
  [TILL_ASSUME_KEY_VALIDITY] = { "key-validity", NULL,
    "seconds (1728000, 20 days) from validFrom to validTo; no document fixes it" },
  [TILL_ASSUME_KEY_ENCODING] = { "key-encoding", WORDS ("base64", "hex"),
    "encodedPublicKey; the page says hex, its example is Base64" },
  [TILL_ASSUME_SYMMETRIC_DETAILS] = { "symmetric-details", WORDS ("yes", "no"),
    "symmetricKeyDetails beside a key; newer pages leave it out" },
  [TILL_ASSUME_CREDENTIALS_FEATURE] = { "credentials-feature", WORDS ("on", "off"),
    "off: the API key lacks Value Added Services, credentials get 401" },
  [TILL_ASSUME_CREDENTIALS_SHAPE] = { "credentials-shape", WORDS ("now", "2022"),
    "2022: as the document prints it, numbers as strings and no keyId" },
  [TILL_ASSUME_TOKEN_TTL] = { "token-ttl", WORDS ("auto", "milliseconds", "seconds"),
    "unit of accessTokenTimeToLive in requests; said to be milliseconds, the example can't be; auto: up to 1800 seconds" },
  [TILL_ASSUME_WALLET_BAD_LOGIN] = { "wallet-bad-login", WORDS ("401", "500"),
    "wrong credentials; older servers answered 500 \"Error reading the api key\"" },
  [TILL_ASSUME_WALLET_REVISION] = { "wallet-revision", WORDS ("406", "400", "ignore"),
    "a call without Api-Revision 1.2; the answer is not documented" },
  [TILL_ASSUME_WALLET_GET_TYPE] = { "wallet-get-type", WORDS ("ignore", "406"),
    "the list asked for without Content-Type; required by the table, missing in its example" },
  [TILL_ASSUME_WALLET_UNKNOWN_ID] = { "wallet-unknown-id", WORDS ("404", "400"),
    "a certificate id that is not there; the document promises an error and prints none" },
  [TILL_ASSUME_WALLET_BAD_ID] = { "wallet-bad-id", WORDS ("400", "404"),
    "a certificate id that is not a UUID; likewise" },
  [TILL_ASSUME_WALLET_LINE_BREAKS] = { "wallet-line-breaks", WORDS ("refuse", "accept"),
    "line breaks in the Base64 of a certificate; the document takes them out first" },
  [TILL_ASSUME_WALLET_EXPIRED] = { "wallet-expired", WORDS ("accept", "refuse"),
    "a .p12 that has ended; the example of an update shows one taken" },
  [TILL_ASSUME_WALLET_POST_ANSWER] = { "wallet-post-answer", WORDS ("full", "short"),
    "the answer to POST; the example lacks validity, expired and nfcSupport" },
  [TILL_ASSUME_WALLET_RENEW_STATUS] = { "wallet-renew-status", WORDS ("201", "200"),
    "POST that renews a certificate; not documented" },
  [TILL_ASSUME_WALLET_RENEW_NAMES] = { "wallet-renew-names", WORDS ("keep", "remove"),
    "name and comment left out of a renewing POST; not documented" },
  [TILL_ASSUME_OTHER_IDENTITY] = { "other-identity", WORDS ("allow", "refuse"),
    "PUT of a .p12 with another pass type or team; the document reads as if it were allowed" },
  [TILL_ASSUME_WALLET_NULL] = { "wallet-null", WORDS ("keep", "refuse"),
    "enabled or default null in PUT; not documented" },
  [TILL_ASSUME_WALLET_FIRST_DEFAULT] = { "wallet-first-default", WORDS ("yes", "no"),
    "the first certificate becomes the default by itself; not documented" },
  [TILL_ASSUME_WALLET_SHOW_DEFAULT] = { "wallet-show-default", WORDS ("always", "never", "true"),
    "the member default in answers; some examples lack it; true: only where it is" },
  [TILL_ASSUME_WALLET_DELETE_DEFAULT] = { "wallet-delete-default", WORDS ("refuse", "allow"),
    "DELETE of the default certificate: 400, or the oldest other one takes its place; not documented" },
  [TILL_ASSUME_WALLET_DELETE_USED] = { "wallet-delete-used", WORDS ("refuse", "allow"),
    "DELETE of a certificate that templates use; not documented" },
  [TILL_ASSUME_WALLET_TEMPLATE_ID] = { "wallet-template-id", WORDS ("number", "text"),
    "ids of templates; a string elsewhere in this service" },
  [TILL_ASSUME_WALLET_ENVELOPE] = { "wallet-envelope", WORDS ("full", "plain"),
    "plain: a list has certificates only, as in the first example" },
  [TILL_ASSUME_WALLET_COUNT] = { "wallet-count", WORDS ("page", "total"),
    "count of a list; said to be that of the page, the total elsewhere in this service" },
  [TILL_ASSUME_WALLET_NEXT_PAGE] = { "wallet-next-page", WORDS ("documented", "own", "none", "wrong-page"),
    "nextPage: the host and path of the example, this server, left out, or with the example's page number" },
  [TILL_ASSUME_WALLET_ORDER] = { "wallet-order", WORDS ("id", "name", "createdAt", "updatedAt"),
    "order of a list where none is asked for; not documented" },
  [TILL_ASSUME_WALLET_PAGE_SIZE] = { "wallet-page-size", NULL,
    "certificates on a page (10) where none is asked for; that of the example" },
  [TILL_ASSUME_WALLET_LARGEST_PAGE] = { "wallet-largest-page", NULL,
    "the largest pageSize that is followed (10000); not documented" },
  [TILL_ASSUME_DEVICES_CLOCK_WINDOW] = { "devices-clock-window", NULL,
    "seconds (300) that the date of a signature may be off; not documented" },
  [TILL_ASSUME_TERMINAL_SECURITY] = { "terminal-security", WORDS ("mixed", "mtls", "tls"),
    "who reaches the terminal: without certificate while it shows a code, only with one, or nobody is asked for one" },
  [TILL_ASSUME_TERMINAL_NAME] = { "terminal-name", WORDS ("pgw", "cybs"),
    "behind the serial number in the terminal's certificate: .pgw.seclib.io or .cybs.seclib.io; both are documented" },
  [TILL_ASSUME_TERMINAL_TLS] = { "terminal-tls", WORDS ("both", "1.2", "1.3"),
    "versions of TLS that the terminal takes; a sample of the vendor has 1.2 only" },
  [TILL_ASSUME_TERMINAL_INTERMEDIATE] = { "terminal-intermediate", WORDS ("sent", "known"),
    "the issuer of a client's certificate must come with it, or the terminal knows its own; not documented" },
  [TILL_ASSUME_TERMINAL_OTHER_CERTIFICATE] = { "terminal-other-certificate", WORDS ("1008", "alert"),
    "a certificate of another pairing: refused after a good handshake, as close code 1008 says, or in it" },
  [TILL_ASSUME_TERMINAL_CODE_SECONDS] = { "terminal-code-seconds", NULL,
    "seconds (300) until the terminal shows a new code; documented as 300, others are for tests" },
  [TILL_ASSUME_TERMINAL_CODE_USE] = { "terminal-code-use", WORDS ("once", "until-change"),
    "a code that was accepted is used up, or good until the next one; not documented" },
  [TILL_ASSUME_TERMINAL_CODE_CASE] = { "terminal-code-case", WORDS ("exact", "fold"),
    "a code in small letters is wrong, or taken; not documented" },
  [TILL_ASSUME_TERMINAL_TRIES] = { "terminal-tries", NULL,
    "wrong codes (5) until the code is withdrawn, 0 for no limit; not documented" },
  [TILL_ASSUME_TERMINAL_WITHDRAWN] = { "terminal-withdrawn", WORDS ("timer", "tap"),
    "a code that was withdrawn is replaced when the timer runs out, or by a tap on Generate Code; not documented" },
  [TILL_ASSUME_TERMINAL_BAD_CODE] = { "terminal-bad-code", WORDS ("400", "401", "403"),
    "status for a wrong or expired code; the documents say that there is an error, not which" },
  [TILL_ASSUME_TERMINAL_NO_CODE] = { "terminal-no-code", WORDS ("409", "400"),
    "status while the terminal shows no code; not documented" },
  [TILL_ASSUME_TERMINAL_LOCKED] = { "terminal-locked", WORDS ("429", "400"),
    "status after too many wrong codes; not documented" },
  [TILL_ASSUME_TERMINAL_POS_ID] = { "terminal-pos-id", WORDS ("plain", "any"),
    "posId: 1 to 64 letters, digits, dots, dashes and underscores, or any text up to 255 bytes; no limit is documented" },
  [TILL_ASSUME_TERMINAL_SAME_POS_ID] = { "terminal-same-pos-id", WORDS ("replace", "refuse", "both"),
    "pairing a known posId again: its old certificate is over, 409, or both are good; not documented" },
  [TILL_ASSUME_TERMINAL_REQUEST_TYPE] = { "terminal-request-type", WORDS ("any", "json"),
    "Content-Type of a request to the terminal; not documented" },
  [TILL_ASSUME_TERMINAL_STATUS] = { "terminal-status", WORDS ("200", "201"),
    "success of pairing; not documented" },
  [TILL_ASSUME_TERMINAL_CONTENT_TYPE] = { "terminal-content-type", WORDS ("application/x-pem-file", "text/plain"),
    "Content-Type of key and certificates; not documented" },
  [TILL_ASSUME_TERMINAL_LAYOUT] = { "terminal-layout", WORDS ("lines", "crlf", "one-line", "json"),
    "key and certificates with line feeds, with CR LF, on one line as the page prints them, or as a JSON string" },
  [TILL_ASSUME_TERMINAL_KEY] = { "terminal-key", WORDS ("pkcs1", "pkcs8"),
    "the private key; the page shows RSA PRIVATE KEY, which is PKCS #1" },
  [TILL_ASSUME_TERMINAL_ORDER] = { "terminal-order", WORDS ("leaf-first", "root-first", "mixed"),
    "the three certificates of the answer; their order is not documented; mixed: intermediate, root, leaf" },
  [TILL_ASSUME_TERMINAL_CERTIFICATE_DAYS] = { "terminal-certificate-days", NULL,
    "days (365) that a certificate from the terminal lasts; not documented" },
  [TILL_ASSUME_TERMINAL_WSS_PAIRING] = { "terminal-wss-pairing", WORDS ("answer", "discriminator"),
    "pairing over WSS: done, or refused for want of a type; the documents say both" },
  [TILL_ASSUME_TERMINAL_WSS_AFTER] = { "terminal-wss-after", WORDS ("close", "stay"),
    "the WebSocket after a pairing: closed with 1000, or kept; not documented" },
  [TILL_ASSUME_TERMINAL_WSS_REFUSAL] = { "terminal-wss-refusal", WORDS ("close", "stay"),
    "the WebSocket after a refusal: closed with 1008, or kept; not documented" },
  [TILL_ASSUME_TERMINAL_HTTPS_MESSAGES] = { "terminal-https-messages", WORDS ("answer", "404"),
    "messages such as StatusRequest over HTTPS; the documents name the WebSocket only" },
  [TILL_ASSUME_KEEP_ALIVE] = { "keep-alive", WORDS ("no", "yes"),
    "yes: a connection stays open for further calls, for measuring; the server never notices that one has gone" },
  [TILL_ASSUME_EXAMPLE_SIZE] = { "example-size", NULL,
    "made-up wallet certificates to begin with besides the examples (0); for tests of size, no document is meant" },
};

/* Of the numbers: what they are to begin with, and the smallest. */
static const struct
{
  TillAssumed which;
  gint64      first;
  gint64      least;
} numbers[] = {
  { TILL_ASSUME_CLOCK_WINDOW, 300, 1 },
  { TILL_ASSUME_REPLAY_WINDOW, 300, 0 },
  { TILL_ASSUME_RATE_LIMIT, 0, 0 },
  { TILL_ASSUME_RETRY_AFTER, 1, 0 },
  { TILL_ASSUME_KEY_VALIDITY, 20 * 86400, 1 },
  { TILL_ASSUME_WALLET_PAGE_SIZE, 10, 1 },
  { TILL_ASSUME_WALLET_LARGEST_PAGE, 10000, 1 },
  { TILL_ASSUME_DEVICES_CLOCK_WINDOW, 300, 1 },
  { TILL_ASSUME_TERMINAL_CODE_SECONDS, 300, 1 },
  { TILL_ASSUME_TERMINAL_TRIES, 5, 0 },
  { TILL_ASSUME_TERMINAL_CERTIFICATE_DAYS, 365, 1 },
  { TILL_ASSUME_EXAMPLE_SIZE, 0, 0 },
};

/**
 * till_sandbox_get_assumptions:
 *
 * Returns: (transfer none) (array): all of them, ended by one without a name
 */
const TillSandboxAssumption *
till_sandbox_get_assumptions (void)
{
  return table;
}

/**
 * till_assumptions_init:
 * @self: (out caller-allocates): assumptions
 *
 * Sets all to what they are to begin with.
 */
void
till_assumptions_init (TillAssumptions *self)
{
  memset (self->values, 0, sizeof self->values);
  g_mutex_init (&self->lock);

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    self->values[numbers[i].which] = numbers[i].first;
}

/**
 * till_assumptions_clear:
 * @self: assumptions
 *
 * Frees what @self holds.
 */
void
till_assumptions_clear (TillAssumptions *self)
{
  g_mutex_clear (&self->lock);
}

static gboolean
read_number (TillAssumed   which,
             const char   *text,
             gint64       *value)
{
  gint64 least = 0;

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      if (numbers[i].which == which)
        least = numbers[i].least;
    }

  return g_ascii_string_to_signed (text, 10, least, LARGEST_NUMBER, value, NULL);
}

static gboolean
read_word (const char * const *words,
           const char         *text,
           gint64             *value)
{
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (strcmp (words[i], text) == 0)
        {
          *value = i;
          return TRUE;
        }
    }

  return FALSE;
}

static void
refuse (const char   *text,
        TillAssumed   which,
        GError      **error)
{
  g_autofree char *shown = till_escape (text, -1, SHOWN_CHARS);
  g_autofree char *words = NULL;

  if (which == TILL_N_ASSUMED)
    {
      till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, shown, NULL,
                      "there is no assumption \"%s\"; give one as NAME=VALUE, --help lists them", shown);
      return;
    }

  words = table[which].values != NULL ? g_strjoinv (", ", (char **) table[which].values) : g_strdup ("a number");
  till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, table[which].name, NULL,
                  "\"%s\" is nothing that the assumption %s may be: %s", shown, table[which].name, words);
}

/**
 * till_assumptions_set:
 * @self: assumptions
 * @text: one as NAME=VALUE
 * @error: (out) (optional): %TILL_ERROR_REJECTED
 *
 * Returns: whether there is such a one, and it may be that
 */
gboolean
till_assumptions_set (TillAssumptions  *self,
                      const char       *text,
                      GError          **error)
{
  const char *equals = strchr (text, '=');
  TillAssumed which = 0;
  gint64 value;

  while (which < TILL_N_ASSUMED &&
         (equals == NULL || strlen (table[which].name) != (gsize) (equals - text) ||
          strncmp (table[which].name, text, (gsize) (equals - text)) != 0))
    which++;

  if (which == TILL_N_ASSUMED ||
      !(table[which].values != NULL ? read_word (table[which].values, equals + 1, &value)
                                    : read_number (which, equals + 1, &value)))
    {
      refuse (which == TILL_N_ASSUMED ? text : equals + 1, which, error);
      return FALSE;
    }

  g_mutex_lock (&self->lock);
  self->values[which] = value;
  g_mutex_unlock (&self->lock);

  return TRUE;
}

/**
 * till_assumptions_number:
 * @self: assumptions
 * @which: one of them
 *
 * Returns: the number that it is set to; of one with words, the place of the word
 */
gint64
till_assumptions_number (TillAssumptions *self,
                         TillAssumed      which)
{
  gint64 value;

  g_mutex_lock (&self->lock);
  value = self->values[which];
  g_mutex_unlock (&self->lock);

  return value;
}

/**
 * till_assumptions_word:
 * @self: assumptions
 * @which: one that has words
 *
 * Returns: (transfer none): the word that it is set to
 */
const char *
till_assumptions_word (TillAssumptions *self,
                       TillAssumed      which)
{
  g_assert (table[which].values != NULL);

  return table[which].values[till_assumptions_number (self, which)];
}

/**
 * till_assumptions_is:
 * @self: assumptions
 * @which: one that has words
 * @word: one of them
 *
 * Returns: whether it is set to that word
 */
gboolean
till_assumptions_is (TillAssumptions *self,
                     TillAssumed      which,
                     const char      *word)
{
  return strcmp (till_assumptions_word (self, which), word) == 0;
}
