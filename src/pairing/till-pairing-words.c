/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes to a terminal, and what its answers mean. */
#include "config.h"

#include "till-pairing-guest-private.h"

#include <libsoup/soup.h>
#include <string.h>

#include "till-setup-code.h"

/**
 * till_guest_check_address:
 * @address: what was typed
 * @error: (out) (optional): %TILL_ERROR_REJECTED with the field "address"
 *
 * Takes "https://H:P/" or "wss://H:P/", and nothing else: no user, path, query.
 *
 * Returns: (transfer full) (nullable): it, normalised
 */
char *
till_guest_check_address (const char  *address,
               GError     **error)
{
  g_autoptr(GUri) uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  const char *path = uri == NULL ? NULL : g_uri_get_path (uri);
  const char *problem = NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' || strchr (address, '\\') != NULL)
    problem = "the address is not like https://192.168.178.67:8443";
  else if (strcmp (g_uri_get_scheme (uri), "https") != 0 && strcmp (g_uri_get_scheme (uri), "wss") != 0)
    problem = "the address has to begin with https:// or wss://";
  else if (strstr (address + strlen (g_uri_get_scheme (uri)) + 3, ":") == NULL)
    problem = "the address lacks the port, which the terminal shows behind a colon";
  else if (g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL ||
           (strcmp (path, "") != 0 && strcmp (path, "/") != 0))
    problem = "the address has nothing behind the port";

  if (problem == NULL)
    return g_uri_join (G_URI_FLAGS_NONE, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri), g_uri_get_port (uri), "/",
                       NULL, NULL);

  till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, "address", NULL, "%s", problem);

  return NULL;
}

/**
 * till_terminal_code_normalise:
 * @entered: what a person typed
 *
 * Drops blanks and dashes, writes in upper case; 0 and O, 1 and I stay what
 * they are.
 *
 * Returns: (transfer full) (nullable): eight letters or digits, %NULL where it is not that
 */
TillSecret *
till_terminal_code_normalise (const TillSecret *entered)
{
  const char *text = (const char *) till_secret_get_data (entered);
  g_autoptr(TillSecret) code = till_secret_new (TILL_SETUP_CODE_CHARS);
  guint8 *buffer = till_secret_get_buffer (code);
  guint n = 0;

  if (!g_utf8_validate_len (text, till_secret_get_size (entered), NULL))
    return NULL;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c) || c == '-' || (c >= 0x2010 && c <= 0x2015))
        continue;
      if (n == TILL_SETUP_CODE_CHARS || c > 0x7f || !g_ascii_isalnum ((char) c))
        return NULL;
      buffer[n++] = (guint8) g_ascii_toupper ((char) c);
    }

  return n == TILL_SETUP_CODE_CHARS ? g_steal_pointer (&code) : NULL;
}

/**
 * till_guest_make_body:
 * @pos_id: what this till is to be called; checked
 * @code: eight letters or digits
 *
 * Writes the request straight into secret memory.
 *
 * Returns: (transfer full): it
 */
TillSecret *
till_guest_make_body (const char       *pos_id,
           const TillSecret *code)
{
  const char *parts[] = {
    "{\"posId\":\"", pos_id, "\",\"setupCode\":\"", (const char *) till_secret_get_data (code), "\"}",
  };
  gsize size = 0;
  TillSecret *body;
  guint8 *at;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    size += strlen (parts[i]);

  body = till_secret_new (size);
  at = till_secret_get_buffer (body);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      memcpy (at, parts[i], strlen (parts[i]));
      at += strlen (parts[i]);
    }

  return body;
}

/**
 * till_guest_make_error:
 * @code: the code
 * @reason: the reason
 * @detail: (nullable): the detail
 * @message: a sentence
 *
 * Returns: (transfer full): an error without numbers
 */
GError *
till_guest_make_error (TillError        code,
            TillErrorReason  reason,
            const char      *detail,
            const char      *message)
{
  GError *error = NULL;

  till_set_error (&error, code, reason, detail, NULL, "%s", message);

  return error;
}

/**
 * till_guest_explain_status:
 * @status: of HTTP
 * @mutual: a client's certificate was shown
 *
 * What a terminal means that did not answer with an identity (API.md 5.3).
 *
 * Returns: (transfer full): an error
 */
GError *
till_guest_explain_status (guint    status,
                gboolean mutual)
{
  GError *error = NULL;

  if (mutual && (status == 401 || status == 403))
    return till_guest_make_error (TILL_ERROR_REJECTED, TILL_REASON_OTHER_IDENTITY, NULL,
                       "the terminal does not know this certificate; pair again");
  if (status == 409)
    return till_guest_make_error (TILL_ERROR_CONFLICT, TILL_REASON_NONE, NULL,
                       "the terminal shows no code, or has another till of this POS ID; tap Generate Code, or choose "
                       "another POS ID");
  if (status == 429)
    return till_guest_make_error (TILL_ERROR_WRONG_CODE, TILL_REASON_TOO_MANY, NULL,
                       "too many wrong codes: the terminal has withdrawn this one; tap Generate Code again");
  if (status >= 400 && status < 500 && status != 404 && status != 405)
    return till_guest_make_error (TILL_ERROR_WRONG_CODE, TILL_REASON_NONE, NULL,
                       "the terminal did not accept the code, which may have changed; tap Generate Code again");

  till_set_error (&error, TILL_ERROR_PROTOCOL, TILL_REASON_UNEXPECTED_STATUS, NULL, (gint64[2]) { status, 0 },
                  "what answers at this address is not a terminal (status %u)", status);

  return error;
}
