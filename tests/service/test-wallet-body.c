/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is sent to the wallet: the bodies of POST and PUT, byte by byte (API.md 6.5, 6.7, RELIABILITY.md G36). */
#include "config.h"

#include <string.h>

#include "answers.h"
#include "till-error.h"
#include "till-json-scan.h"
#include "till-limits.h"
#include "till-test.h"
#include "till-wallet-private.h"

/* A SEQUENCE of three bytes: enough to be taken for a PKCS #12 here. */
#define P12 "\060\003\002\001\007"
#define P12_BASE64 "MAMCAQc="

static char *
text_of (TillSecret *body)
{
  char *text = g_strdup ((const char *) till_secret_get_data (body));

  g_assert_cmpuint (strlen (text), ==, till_secret_get_size (body));
  g_assert_true (till_json_scan (text, strlen (text), TILL_LIMIT_JSON_BYTES, NULL));
  till_secret_unref (body);

  return text;
}

static void
test_post (void)
{
  g_autoptr(TillSecret) p12 = secret_of (P12);
  g_autoptr(TillSecret) password = secret_of ("se\"c\\ret\n\303\244\177");
  static const struct
  {
    const char *name;
    const char *comment;
    gboolean    enabled;
    gboolean    make_default;
    gboolean    with_password;
    const char *body;
  } cases[] = {
    { "editable name", "something about this cert", TRUE, FALSE, TRUE,
      "{\"vendor\":\"Apple\",\"name\":\"editable name\",\"comment\":\"something about this cert\",\"enabled\":true,"
      "\"default\":false,\"certificate\":\"" P12_BASE64 "\",\"password\":\"se\\\"c\\\\ret\\u000a\303\244\\u007f\"}" },
    { NULL, NULL, FALSE, TRUE, FALSE,
      "{\"vendor\":\"Apple\",\"enabled\":false,\"default\":true,\"certificate\":\"" P12_BASE64 "\",\"password\":\"\"}" },
    { "", NULL, TRUE, TRUE, FALSE,
      "{\"vendor\":\"Apple\",\"name\":\"\",\"enabled\":true,\"default\":true,\"certificate\":\"" P12_BASE64
      "\",\"password\":\"\"}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const TillWalletUpload upload = {
        .name = cases[i].name,
        .comment = cases[i].comment,
        .enabled = cases[i].enabled,
        .make_default = cases[i].make_default,
        .p12 = p12,
        .password = cases[i].with_password ? password : NULL,
      };
      g_autoptr(GError) error = NULL;
      TillSecret *body = till_wallet_upload_to_json (&upload, &error);
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      text = text_of (body);
      g_assert_cmpstr (text, ==, cases[i].body);
    }
}

/* The computed vector of API.md 6.7, and every length around a group: one line, padded. */
static void
test_base64 (void)
{
  guint8 bytes[61];

  bytes[0] = 0x30;
  for (guint8 i = 0; i < 60; i++)
    bytes[i + 1] = i;

  for (gsize size = 1; size <= sizeof bytes; size++)
    {
      g_autoptr(TillSecret) p12 = till_secret_new_copy (bytes, size);
      const TillWalletUpload upload = { .p12 = p12 };
      g_autofree char *text = text_of (till_wallet_upload_to_json (&upload, NULL));
      g_autofree char *base64 = g_base64_encode (bytes, size);
      g_autofree char *member = g_strdup_printf ("\"certificate\":\"%s\"", base64);

      g_assert_nonnull (strstr (text, member));
    }

  /* Without the tag that makes it a PKCS #12 for us. */
  {
    g_autofree char *base64 = g_base64_encode (bytes + 1, 60);

    g_assert_cmpstr (base64, ==,
                     "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7");
  }
}

/* All 108 combinations of what may change: what stays is sent as null, what goes is left out. */
static void
test_put (void)
{
  static const char * const names[] = { "\"name\":null", "\"name\":\"n \\\"1\\\"\"", NULL };
  static const char * const comments[] = { "\"comment\":null", "\"comment\":\"\"", NULL };
  static const char * const enableds[] = { NULL, "\"enabled\":false", "\"enabled\":true" };
  static const char * const defaults[] = { NULL, "\"default\":true" };
  static const char * const p12s[] = { NULL, "\"certificate\":\"" P12_BASE64 "\",\"password\":\"pw\"" };
  g_autoptr(TillSecret) p12 = secret_of (P12);
  g_autoptr(TillSecret) password = secret_of ("pw");
  guint n = 0;

  for (int name = TILL_TEXT_KEEP; name <= TILL_TEXT_CLEAR; name++)
    for (int comment = TILL_TEXT_KEEP; comment <= TILL_TEXT_CLEAR; comment++)
      for (int enabled = TILL_TRI_UNKNOWN; enabled <= TILL_TRI_TRUE; enabled++)
        for (int make_default = 0; make_default < 2; make_default++)
          for (int with_p12 = 0; with_p12 < 2; with_p12++)
            {
              const TillWalletChange change = {
                .name_change = (TillTextChange) name,
                .name = name == TILL_TEXT_SET ? "n \"1\"" : NULL,
                .comment_change = (TillTextChange) comment,
                .comment = comment == TILL_TEXT_SET ? "" : NULL,
                .enabled = (TillTri) enabled,
                .make_default = make_default,
                .p12 = with_p12 ? p12 : NULL,
                .password = with_p12 ? password : NULL,
              };
              const char *parts[6] = { NULL };
              guint n_parts = 0;
              g_autofree char *inside = NULL;
              g_autofree char *want = NULL;
              g_autofree char *text = text_of (till_wallet_change_to_json (&change, NULL));

              if (names[name] != NULL)
                parts[n_parts++] = names[name];
              if (comments[comment] != NULL)
                parts[n_parts++] = comments[comment];
              if (enableds[enabled + 1] != NULL)
                parts[n_parts++] = enableds[enabled + 1];
              if (defaults[make_default] != NULL)
                parts[n_parts++] = defaults[make_default];
              if (p12s[with_p12] != NULL)
                parts[n_parts++] = p12s[with_p12];

              inside = g_strjoinv (",", (char **) parts);
              want = g_strdup_printf ("{%s}", inside);
              g_assert_cmpstr (text, ==, want);
              /* The one thing that the service refuses for certain. */
              g_assert_null (strstr (text, "\"default\":false"));
              n++;
            }

  g_assert_cmpuint (n, ==, 108);
}

static void
test_refused (void)
{
  g_autoptr(TillSecret) good = secret_of (P12);
  g_autoptr(TillSecret) empty = till_secret_new (0);
  g_autoptr(TillSecret) text = secret_of ("-----BEGIN CERTIFICATE-----");
  g_autoptr(TillSecret) large = till_secret_new (TILL_LIMIT_FILE_BYTES + 1);
  g_autoptr(TillSecret) latin = secret_of ("caf\351");
  g_autoptr(TillSecret) nul = till_secret_new_copy ("a\0b", 3);
  const struct
  {
    TillWalletUpload  upload;
    TillError         code;
    const char       *detail;
  } cases[] = {
    { { .p12 = empty }, TILL_ERROR_NOT_A_CERTIFICATE_FILE, NULL },
    { { .p12 = text }, TILL_ERROR_NOT_A_CERTIFICATE_FILE, NULL },
    { { .p12 = large }, TILL_ERROR_NOT_A_CERTIFICATE_FILE, NULL },
    { { .p12 = good, .password = latin }, TILL_ERROR_REJECTED, "password" },
    { { .p12 = good, .password = nul }, TILL_ERROR_REJECTED, "password" },
    { { .p12 = good, .name = "\377" }, TILL_ERROR_REJECTED, "name" },
    { { .p12 = good, .comment = "\300\200" }, TILL_ERROR_REJECTED, "comment" },
  };

  till_secret_get_buffer (large)[0] = 0x30;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const TillWalletChange change = {
        .name = cases[i].upload.name,
        .name_change = cases[i].upload.name != NULL ? TILL_TEXT_SET : TILL_TEXT_KEEP,
        .comment = cases[i].upload.comment,
        .comment_change = cases[i].upload.comment != NULL ? TILL_TEXT_SET : TILL_TEXT_KEEP,
        .enabled = TILL_TRI_UNKNOWN,
        .p12 = cases[i].upload.p12,
        .password = cases[i].upload.password,
      };
      g_autoptr(GError) error = NULL;

      g_assert_null (till_wallet_upload_to_json (&cases[i].upload, &error));
      g_assert_error (error, TILL_ERROR, (int) cases[i].code);
      g_assert_cmpstr (till_error_get_detail (error), ==, cases[i].detail);
      g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
      g_clear_error (&error);

      g_assert_null (till_wallet_change_to_json (&change, &error));
      g_assert_error (error, TILL_ERROR, (int) cases[i].code);
    }
}

/* The largest of everything fits the room that was reckoned for it. */
static void
test_room (void)
{
  g_autoptr(TillSecret) p12 = till_secret_new (TILL_LIMIT_FILE_BYTES);
  g_autoptr(TillSecret) password = till_secret_new (TILL_LIMIT_PASSWORD_BYTES);
  g_autofree char *name = g_strnfill (100000, '\001');
  const TillWalletUpload upload = {
    .name = name, .comment = name, .enabled = FALSE, .make_default = FALSE, .p12 = p12, .password = password,
  };
  g_autoptr(TillSecret) body = NULL;

  till_secret_get_buffer (p12)[0] = 0x30;
  memset (till_secret_get_buffer (password), 1, TILL_LIMIT_PASSWORD_BYTES);

  body = till_wallet_upload_to_json (&upload, NULL);
  g_assert_nonnull (body);
  g_assert_true (till_json_scan ((const char *) till_secret_get_data (body), till_secret_get_size (body),
                                 TILL_LIMIT_JSON_LIST_BYTES, NULL));
}

/* Of password and file nothing is left in memory but in the secrets themselves (G1). */
static void
test_memory (void)
{
  /* Each byte inverted, so that this table is no find itself. */
  static const guint8 inverted[16] = {
    0x9c, 0x9e, 0x91, 0x9e, 0x8d, 0x86, 0xd2, 0xc8, 0xce, 0xca, 0xc9, 0xce, 0xcd, 0xc7, 0xcb, 0xc6,
  };
  g_autoptr(TillSecret) p12 = secret_of (P12);
  TillSecret *password = till_secret_new (sizeof inverted);
  TillWalletUpload upload = { .p12 = p12 };
  TillSecret *body;

  for (gsize i = 0; i < sizeof inverted; i++)
    till_secret_get_buffer (password)[i] = (guint8) ~inverted[i];
  upload.password = password;

  body = till_wallet_upload_to_json (&upload, NULL);
  g_assert_cmpuint (till_test_count_in_memory (inverted, sizeof inverted), ==, 2);
  till_secret_unref (body);
  till_secret_unref (password);
  g_assert_cmpuint (till_test_count_in_memory (inverted, sizeof inverted), ==, 0);
}

static void
test_paths (void)
{
  static const struct
  {
    TillWalletQuery  query;
    guint            page;
    guint            size;
    const char      *path;
  } cases[] = {
    { { .enabled = TILL_TRI_UNKNOWN }, 1, 100, "/certificates?page=1&pageSize=100" },
    { { .vendor = "Apple", .enabled = TILL_TRI_TRUE, .order = "name", .direction = "DESC" }, 7, 10,
      "/certificates?vendor=Apple&enabled=true&order=name&direction=DESC&page=7&pageSize=10" },
    { { .enabled = TILL_TRI_FALSE, .order = "a&b=c d/\303\244" }, 2, 1,
      "/certificates?enabled=false&order=a%26b%3Dc%20d%2F%C3%A4&page=2&pageSize=1" },
  };
  static const struct
  {
    const char *id;
    const char *path;
  } ids[] = {
    { "9d9d28f2-4f63-44fc-82d2-ba101d2c4fd9", "/certificates/9d9d28f2-4f63-44fc-82d2-ba101d2c4fd9" },
    { "a/../b?c#d", "/certificates/a%2F..%2Fb%3Fc%23d" },
    { "...", "/certificates/..." },
    { "", NULL },
    { ".", NULL },
    { "..", NULL },
    { "\377", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = till_wallet_list_path (&cases[i].query, cases[i].page, cases[i].size);

      g_assert_cmpstr (path, ==, cases[i].path);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *path = till_wallet_certificate_path (ids[i].id, &error);

      g_assert_cmpstr (path, ==, ids[i].path);
      if (path == NULL)
        g_assert_error (error, TILL_ERROR, TILL_ERROR_REJECTED);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wallet/body/post", test_post);
  g_test_add_func ("/wallet/body/base64", test_base64);
  g_test_add_func ("/wallet/body/put", test_put);
  g_test_add_func ("/wallet/body/refused", test_refused);
  g_test_add_func ("/wallet/body/room", test_room);
  g_test_add_func ("/wallet/body/memory", test_memory);
  g_test_add_func ("/wallet/body/paths", test_paths);

  return g_test_run ();
}
