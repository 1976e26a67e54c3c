/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The address of a service, checked before anything is sent there. */
#include "config.h"

#include "till-endpoint.h"

#include <gio/gio.h>
#include <string.h>

#include "till-error.h"

/*
 * TillEndpoint is an address taken apart by rules that are stricter than any
 * library's, so that libsoup and we can't read it differently (RELIABILITY.md
 * G15 and 4.2, CVE-2026-3632). What always holds: url is "https://", then host
 * and port as authority has them, then path, and path does not end in "/".
 */
struct _TillEndpoint
{
  gatomicrefcount  ref_count;

  char            *url;
  char            *host;
  char            *authority;
  guint16          port;
};

#define HTTPS_PORT 443
#define MAX_URL_BYTES 2048
#define MAX_HOST_BYTES 253
#define MAX_LABEL_BYTES 63

/* Where the parts of an address lie. */
typedef struct
{
  char       *host;        /* (owned) ASCII, lower case, an IPv6 address without brackets */
  guint16     port;
  const char *rest;        /* from the "/" on, or the end */
} Origin;

/* The address itself is never in a message: it may hold a password. */
static gboolean
refuse (GError     **error,
        const char  *why)
{
  till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, "url", NULL, "the address %s", why);
  return FALSE;
}

/* What no address may hold anywhere. */
static gboolean
check_characters (const char  *url,
                  GError     **error)
{
  gsize length = strlen (url);

  if (length == 0)
    return refuse (error, "is empty");

  if (length > MAX_URL_BYTES)
    return refuse (error, "is too long");

  if (!g_utf8_validate (url, (gssize) length, NULL))
    return refuse (error, "is not valid text");

  if (strchr (url, '\\') != NULL)
    return refuse (error, "has a backslash, which addresses never have");

  for (const char *p = url; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c) || g_unichar_isspace (c) || g_unichar_iszerowidth (c))
        {
          till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, "url", NULL,
                          "the address has a character that addresses never have: U+%04X", c);
          return FALSE;
        }
    }

  return TRUE;
}

/* Whether it is a name by RFC 1123, with the "_" that some name servers have,
 * or an IPv4 address in its one ordinary form. */
static gboolean
is_good_name (const char *host)
{
  const char *label = host;
  gsize length = strlen (host);
  const char *last;

  if (length == 0 || length > MAX_HOST_BYTES)
    return FALSE;

  for (const char *p = host;; p++)
    {
      if (*p == '.' || *p == '\0')
        {
          if (p == label || p - label > MAX_LABEL_BYTES || *label == '-' || p[-1] == '-')
            return FALSE;

          if (*p == '\0')
            break;
          label = p + 1;
        }
      else if (!g_ascii_isalnum (*p) && *p != '-' && *p != '_')
        return FALSE;
    }

  /* "127.1", "0x7f.1" and "2130706433" are addresses for some resolvers and
   * names for others: a last label with a digit in front is a number. */
  last = strrchr (host, '.');
  last = last != NULL ? last + 1 : host;
  if (g_ascii_isdigit (*last))
    return g_hostname_is_ip_address (host);

  return TRUE;
}

/* Returns: (transfer full) (nullable): the host in ASCII and lower case */
static char *
read_host (const char  *text,
           gsize        length,
           GError     **error)
{
  g_autofree char *copy = g_strndup (text, length);
  g_autofree char *ascii = NULL;
  g_autofree char *lower = NULL;

  if (length == 0)
    {
      refuse (error, "has no host");
      return NULL;
    }

  if (copy[0] == '[')
    {
      g_autoptr(GInetAddress) address = NULL;

      if (copy[length - 1] == ']')
        {
          copy[length - 1] = '\0';
          if (strchr (copy, '%') == NULL)
            address = g_inet_address_new_from_string (copy + 1);
        }

      if (address == NULL || g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6)
        {
          refuse (error, "has an IPv6 address that makes no sense");
          return NULL;
        }

      return g_inet_address_to_string (address);
    }

  ascii = g_hostname_to_ascii (copy);
  lower = ascii != NULL ? g_ascii_strdown (ascii, -1) : NULL;
  if (lower == NULL || !is_good_name (lower))
    {
      refuse (error, "has a host name that makes no sense");
      return NULL;
    }

  return g_steal_pointer (&lower);
}

static gboolean
read_port (const char  *text,
           gsize        length,
           guint16     *port,
           GError     **error)
{
  guint value = 0;

  if (length == 0 || length > 5)
    return refuse (error, "has a port that is not between 1 and 65535");

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return refuse (error, "has a port that is not a number");

      value = value * 10 + (guint) g_ascii_digit_value (text[i]);
    }

  if (value == 0 || value > G_MAXUINT16)
    return refuse (error, "has a port that is not between 1 and 65535");

  *port = (guint16) value;
  return TRUE;
}

/* Scheme, host and port: what decides who gets the secrets. */
static gboolean
read_origin (const char  *url,
             Origin      *origin,
             GError     **error)
{
  const char *authority;
  const char *colon;
  gsize length;
  gsize host_length;

  if (!check_characters (url, error))
    return FALSE;

  if (g_ascii_strncasecmp (url, "http://", 7) == 0)
    return refuse (error, "begins with http://, so secrets would go over the network readable; use https://");

  if (g_ascii_strncasecmp (url, "https://", 8) != 0)
    return refuse (error, "does not begin with https://");

  authority = url + 8;
  length = strcspn (authority, "/?#");
  if (memchr (authority, '@', length) != NULL)
    return refuse (error, "has a user name in it; leave that out, secrets are entered by themselves");

  /* The colon of the port is behind the bracket of an IPv6 address. */
  host_length = length;
  colon = authority[0] == '[' ? memchr (authority, ']', length) : authority;
  if (colon != NULL)
    colon = memchr (colon, ':', length - (gsize) (colon - authority));
  if (colon != NULL)
    host_length = (gsize) (colon - authority);

  origin->port = HTTPS_PORT;
  if (colon != NULL && !read_port (colon + 1, length - host_length - 1, &origin->port, error))
    return FALSE;

  origin->rest = authority + length;
  origin->host = read_host (authority, host_length, error);

  return origin->host != NULL;
}

/* Whether a segment means "here" or "above", also in the spelling "%2e". */
static gboolean
is_dots (const char *segment,
         gsize       length)
{
  guint n = 0;

  for (gsize i = 0; i < length; n++)
    {
      if (segment[i] == '.')
        i++;
      else if (length - i >= 3 && g_ascii_strncasecmp (segment + i, "%2e", 3) == 0)
        i += 3;
      else
        return FALSE;
    }

  return n == 1 || n == 2;
}

/* A path of plain segments: nothing that a library could resolve or decode into another one. */
static gboolean
check_path (const char  *path,
            GError     **error)
{
  const char *segment = path;

  if (strchr (path, '#') != NULL || strchr (path, '?') != NULL)
    return refuse (error, "has a “?” or “#” part; leave it out");

  for (const char *p = path;; p++)
    {
      if (*p == '/' || *p == '\0')
        {
          if (is_dots (segment, (gsize) (p - segment)))
            return refuse (error, "has “.” or “..” as a part of its path");

          if (*p == '\0')
            return TRUE;
          segment = p + 1;
        }
      else if (*p == '%')
        {
          if (!g_ascii_isxdigit (p[1]) || !g_ascii_isxdigit (p[2]))
            return refuse (error, "has a “%” in its path that stands for nothing");
        }
      else if (!g_ascii_isalnum (*p) && strchr ("-._~!$&'()*+,;=:@", *p) == NULL)
        return refuse (error, "has a character in its path that must be percent-encoded");
    }
}

static char *
make_authority (const char *host,
                guint16     port)
{
  g_autofree char *name = strchr (host, ':') != NULL ? g_strdup_printf ("[%s]", host) : g_strdup (host);

  return port == HTTPS_PORT ? g_steal_pointer (&name) : g_strdup_printf ("%s:%u", name, port);
}

/**
 * till_endpoint_new:
 * @url: (nullable): the base address of a service, as a person typed it
 * @error: (out) (optional): %TILL_ERROR_REJECTED with the reason; never holds the address
 *
 * Checks an address by the rules of RELIABILITY.md G15 and row 62. Names that
 * are not ASCII become ASCII (RFC 5891), so that look-alikes show.
 *
 * Returns: (transfer full) (nullable): the address, %NULL with @error set
 */
TillEndpoint *
till_endpoint_new (const char  *url,
                   GError     **error)
{
  g_autofree char *host = NULL;
  Origin origin = { 0 };
  TillEndpoint *self;
  gsize length;

  if (url == NULL)
    {
      refuse (error, "is empty");
      return NULL;
    }

  if (!read_origin (url, &origin, error))
    return NULL;

  host = origin.host;
  if (!check_path (origin.rest, error))
    return NULL;

  length = strlen (origin.rest);
  while (length > 0 && origin.rest[length - 1] == '/')
    length--;

  self = g_new0 (TillEndpoint, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->host = g_steal_pointer (&host);
  self->port = origin.port;
  self->authority = make_authority (self->host, self->port);
  self->url = g_strdup_printf ("https://%s%.*s", self->authority, (int) length, origin.rest);

  return self;
}

/**
 * till_endpoint_ref:
 * @self: an address
 *
 * Returns: (transfer full): @self, counted once more
 */
TillEndpoint *
till_endpoint_ref (TillEndpoint *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * till_endpoint_unref:
 * @self: (transfer full): an address
 *
 * Counts down; the last one frees it.
 */
void
till_endpoint_unref (TillEndpoint *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->url);
  g_free (self->host);
  g_free (self->authority);
  g_free (self);
}

/**
 * till_endpoint_get_url:
 * @self: an address
 *
 * Returns: (transfer none): the whole address, host in ASCII, without "/" at its end
 */
const char *
till_endpoint_get_url (const TillEndpoint *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->url;
}

/**
 * till_endpoint_get_host:
 * @self: an address
 *
 * Returns: (transfer none): the host in ASCII; an IPv6 address without brackets
 */
const char *
till_endpoint_get_host (const TillEndpoint *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->host;
}

/**
 * till_endpoint_get_port:
 * @self: an address
 *
 * Returns: the port, 443 where none is named
 */
guint16
till_endpoint_get_port (const TillEndpoint *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->port;
}

/**
 * till_endpoint_dup_authority:
 * @self: an address
 *
 * Returns: (transfer full): host and port as the Host header says them: the port only where it is not 443
 */
char *
till_endpoint_dup_authority (const TillEndpoint *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strdup (self->authority);
}

/**
 * till_endpoint_resolve:
 * @self: an address
 * @path: a path below it, percent-encoded, with its query
 *
 * Puts both together with exactly one "/" between (API.md 1.1).
 *
 * Returns: (transfer full): the whole address
 */
char *
till_endpoint_resolve (const TillEndpoint *self,
                       const char         *path)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return g_strdup_printf ("%s/%s", self->url, path + strspn (path, "/"));
}

/**
 * till_endpoint_is_same_origin:
 * @self: an address
 * @url: (nullable): any text that claims to be one, as nextPage of a list
 *
 * Returns: whether @url is https with the same host and port (RELIABILITY.md G15)
 */
gboolean
till_endpoint_is_same_origin (const TillEndpoint *self,
                              const char         *url)
{
  g_autofree char *host = NULL;
  Origin origin = { 0 };

  g_return_val_if_fail (self != NULL, FALSE);

  if (url == NULL || !read_origin (url, &origin, NULL))
    return FALSE;

  host = origin.host;

  return origin.port == self->port && strcmp (host, self->host) == 0;
}
