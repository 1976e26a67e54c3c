/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses: what is taken, how it is shown, and what is refused (RELIABILITY.md G15, row 62). */
#include "config.h"

#include "till-endpoint.h"

#include <string.h>

#include "till-error.h"

static void
test_good (void)
{
  static const struct
  {
    const char *url;
    const char *shown;
    const char *host;
    guint16     port;
    const char *authority;
  } cases[] = {
    { "https://connect-cert.fiservapis.com/ch/", "https://connect-cert.fiservapis.com/ch",
      "connect-cert.fiservapis.com", 443, "connect-cert.fiservapis.com" },
    { "https://wallet-api.asnapieu.com/v1", "https://wallet-api.asnapieu.com/v1",
      "wallet-api.asnapieu.com", 443, "wallet-api.asnapieu.com" },
    { "HTTPS://Example.COM", "https://example.com", "example.com", 443, "example.com" },
    { "https://example.com:443/", "https://example.com", "example.com", 443, "example.com" },
    { "https://example.com:8443///", "https://example.com:8443", "example.com", 8443, "example.com:8443" },
    { "https://example.com:00443/a/B", "https://example.com/a/B", "example.com", 443, "example.com" },
    { "https://127.0.0.1:9443/x", "https://127.0.0.1:9443/x", "127.0.0.1", 9443, "127.0.0.1:9443" },
    { "https://[::1]:9443", "https://[::1]:9443", "::1", 9443, "[::1]:9443" },
    { "https://[2001:DB8:0:0::1]", "https://[2001:db8::1]", "2001:db8::1", 443, "[2001:db8::1]" },
    { "https://localhost", "https://localhost", "localhost", 443, "localhost" },
    { "https://b\303\274cher.example/", "https://xn--bcher-kva.example", "xn--bcher-kva.example", 443, "xn--bcher-kva.example" },
    /* A Cyrillic letter shows. */
    { "https://\320\260pple.com", "https://xn--pple-43d.com", "xn--pple-43d.com", 443, "xn--pple-43d.com" },
    { "https://h.example/.../.a/a./%2e%2ea", "https://h.example/.../.a/a./%2e%2ea", "h.example", 443, "h.example" },
    { "https://h.example/a%20b/c;d=e,f", "https://h.example/a%20b/c;d=e,f", "h.example", 443, "h.example" },
    { "https://3com.example", "https://3com.example", "3com.example", 443, "3com.example" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillEndpoint) endpoint = till_endpoint_new (cases[i].url, &error);
      g_autofree char *authority = NULL;

      g_assert_no_error (error);
      authority = till_endpoint_dup_authority (endpoint);
      g_assert_cmpstr (till_endpoint_get_url (endpoint), ==, cases[i].shown);
      g_assert_cmpstr (till_endpoint_get_host (endpoint), ==, cases[i].host);
      g_assert_cmpuint (till_endpoint_get_port (endpoint), ==, cases[i].port);
      g_assert_cmpstr (authority, ==, cases[i].authority);
    }
}

static void
test_refused (void)
{
  static const struct
  {
    const char *url;
    const char *says;
  } cases[] = {
    { NULL, "is empty" },
    { "", "is empty" },
    { "http://example.com", "http://" },
    { "HTTP://example.com", "http://" },
    { "http://localhost:8080", "http://" },
    { "ftp://example.com", "does not begin with https://" },
    { "example.com", "does not begin with https://" },
    { "//example.com", "does not begin with https://" },
    { "https:example.com", "does not begin with https://" },
    { "https:/example.com", "does not begin with https://" },
    { "javascript:alert(1)", "does not begin with https://" },
    { "https://user:canary@example.com", "user name" },
    { "https://canary@example.com/", "user name" },
    { "https://@example.com/", "user name" },
    { "https://h\\@evil.example/", "backslash" },
    { "https://127.0.0.1:9761\\@evil/", "backslash" },
    { "https://", "no host" },
    { "https:///path", "no host" },
    { "https://:443", "no host" },
    { "https://h:0", "between 1 and 65535" },
    { "https://h:00000", "between 1 and 65535" },
    { "https://h:65536", "between 1 and 65535" },
    { "https://h:999999", "between 1 and 65535" },
    { "https://h:", "between 1 and 65535" },
    { "https://h:12a", "not a number" },
    { "https://h:-1", "not a number" },
    { "https://h:1:2", "not a number" },
    { "https://a b", "U+0020" },
    { " https://h", "U+0020" },
    { "https://h\n", "U+000A" },
    { "https://h\r\nX: y", "U+000D" },
    { "https://h\342\200\213.example", "U+200B" },
    { "https://\357\273\277h", "U+FEFF" },
    { "https://\377\376", "not valid text" },
    { "https://a..b", "host name that makes no sense" },
    { "https://.a", "host name that makes no sense" },
    { "https://a.", "host name that makes no sense" },
    { "https://-a.example", "host name that makes no sense" },
    { "https://a-.example", "host name that makes no sense" },
    { "https://a%41.example", "host name that makes no sense" },
    { "https://a\357\274\217b.example", "host name that makes no sense" },
    { "https://a\357\274\240evil.example", "host name that makes no sense" },
    { "https://127.1", "host name that makes no sense" },
    { "https://2130706433", "host name that makes no sense" },
    { "https://0x7f.0.0.1.2", "host name that makes no sense" },
    { "https://1.2.3.256", "host name that makes no sense" },
    { "https://[::1", "IPv6" },
    { "https://[::g]", "IPv6" },
    { "https://[fe80::1%25eth0]", "IPv6" },
    { "https://[127.0.0.1]", "IPv6" },
    { "https://[]", "IPv6" },
    { "https://[::1]x", "IPv6" },
    { "https://::1", "not a number" },
    { "https://h/?a=b", "“?”" },
    { "https://h?a=b", "“?”" },
    { "https://h/#a", "“#”" },
    { "https://h/../x", "“..”" },
    { "https://h/a/./b", "“.”" },
    { "https://h/a/..", "“..”" },
    { "https://h/%2e%2E/x", "“..”" },
    { "https://h/.%2e", "“..”" },
    { "https://h/%2e/x", "“.”" },
    { "https://h/%zz", "“%”" },
    { "https://h/%4", "“%”" },
    { "https://h/\303\251", "percent-encoded" },
    { "https://h/<a>", "percent-encoded" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (till_endpoint_new (cases[i].url, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
      g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_FIELD);
      g_assert_cmpstr (till_error_get_detail (error), ==, "url");
      if (strstr (error->message, cases[i].says) == NULL)
        g_test_message ("%s: %s", cases[i].url, error->message);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      g_assert_null (strstr (error->message, "canary"));
    }
}

static void
test_long (void)
{
  g_autofree char *label = g_strnfill (64, 'a');
  g_autofree char *just = g_strnfill (63, 'a');
  g_autofree char *path = g_strnfill (3000, 'a');
  g_autofree char *with_label = g_strdup_printf ("https://%s.example", label);
  g_autofree char *with_just = g_strdup_printf ("https://%s.example", just);
  g_autofree char *long_name = g_strdup_printf ("https://%s.%s.%s.%s", just, just, just, just);
  g_autofree char *long_path = g_strdup_printf ("https://h/%s", path);
  g_autoptr(TillEndpoint) endpoint = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (till_endpoint_new (with_label, NULL));
  g_assert_null (till_endpoint_new (long_name, NULL));
  g_assert_null (till_endpoint_new (long_path, NULL));
  endpoint = till_endpoint_new (with_just, &error);
  g_assert_no_error (error);
  g_assert_nonnull (endpoint);
}

static void
test_resolve (void)
{
  static const struct
  {
    const char *base;
    const char *path;
    const char *whole;
  } cases[] = {
    { "https://h/ch/", "/security/v1/keys/generate", "https://h/ch/security/v1/keys/generate" },
    { "https://h/ch", "security/v1", "https://h/ch/security/v1" },
    { "https://h", "/certificates?page=1&pageSize=100", "https://h/certificates?page=1&pageSize=100" },
    /* Two slashes would begin a host. */
    { "https://h", "//evil.example/x", "https://h/evil.example/x" },
    { "https://h:1/a//", "///b", "https://h:1/a/b" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillEndpoint) endpoint = till_endpoint_new (cases[i].base, NULL);
      g_autofree char *whole = till_endpoint_resolve (endpoint, cases[i].path);

      g_assert_cmpstr (whole, ==, cases[i].whole);
    }
}

static void
test_same_origin (void)
{
  static const struct
  {
    const char *url;
    gboolean    same;
  } cases[] = {
    { "https://wallet-api.example/v1/certificates?page=2", TRUE },
    { "https://wallet-api.example:443/", TRUE },
    { "HTTPS://WALLET-API.EXAMPLE/x#y", TRUE },
    { "https://wallet-api.example", TRUE },
    { "https://wallet.example/v1/certificates/list/?page=11", FALSE },
    { "https://wallet-api.example:444/", FALSE },
    { "http://wallet-api.example/", FALSE },
    { "https://wallet-api.example.evil.example/", FALSE },
    { "https://wallet-api.example@evil.example/", FALSE },
    { "https://wallet-api.example\\@evil.example/", FALSE },
    { "//wallet-api.example/", FALSE },
    { "/certificates?page=2", FALSE },
    { "", FALSE },
    { NULL, FALSE },
  };
  g_autoptr(TillEndpoint) endpoint = till_endpoint_new ("https://wallet-api.example/v1", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (till_endpoint_is_same_origin (endpoint, cases[i].url), ==, cases[i].same);
}

static void
test_count (void)
{
  TillEndpoint *endpoint = till_endpoint_new ("https://h", NULL);
  TillEndpoint *again = till_endpoint_ref (endpoint);

  g_assert_true (again == endpoint);
  till_endpoint_unref (endpoint);
  g_assert_cmpstr (till_endpoint_get_host (again), ==, "h");
  till_endpoint_unref (again);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/endpoint/good", test_good);
  g_test_add_func ("/endpoint/refused", test_refused);
  g_test_add_func ("/endpoint/long", test_long);
  g_test_add_func ("/endpoint/resolve", test_resolve);
  g_test_add_func ("/endpoint/same-origin", test_same_origin);
  g_test_add_func ("/endpoint/count", test_count);

  return g_test_run ();
}
