/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every code and every reason has words of its own: what happened, what it means, what to do. */
#include "config.h"

#include <gio/gio.h>
#include <locale.h>
#include <string.h>

#include "till-error-text.h"
#include "till-error.h"

static const TillErrorReason all_reasons[] = {
  TILL_REASON_NONE, TILL_REASON_MISSING, TILL_REASON_NO_PERMISSION, TILL_REASON_NOT_REGULAR, TILL_REASON_TOO_LARGE,
  TILL_REASON_SYMLINK_LOOP, TILL_REASON_IO, TILL_REASON_NO_SPACE, TILL_REASON_EMPTY, TILL_REASON_LOOKS_LIKE,
  TILL_REASON_OPENSSH_KEY, TILL_REASON_UNRECOGNISED, TILL_REASON_TOO_SHORT, TILL_REASON_TRUNCATED,
  TILL_REASON_MALFORMED, TILL_REASON_BAD_BASE64, TILL_REASON_NO_END_LINE, TILL_REASON_DUPLICATE_EXTENSION,
  TILL_REASON_BAD_TIME, TILL_REASON_MAC_MISMATCH, TILL_REASON_ALGORITHM, TILL_REASON_TOO_MANY_ITERATIONS,
  TILL_REASON_TOO_MANY, TILL_REASON_OFFLINE, TILL_REASON_NO_SUCH_HOST, TILL_REASON_REFUSED, TILL_REASON_NO_ROUTE,
  TILL_REASON_RESET, TILL_REASON_PROXY_LOGIN, TILL_REASON_PROXY_DOWN, TILL_REASON_BUSY, TILL_REASON_SERVICE_FAULT,
  TILL_REASON_CONNECT_TIMEOUT, TILL_REASON_DEADLINE, TILL_REASON_CERTIFICATE_EXPIRED, TILL_REASON_CERTIFICATE_NOT_YET,
  TILL_REASON_WRONG_HOST, TILL_REASON_UNTRUSTED, TILL_REASON_BAD_CHAIN, TILL_REASON_OLD_TLS, TILL_REASON_HANDSHAKE,
  TILL_REASON_REDIRECT, TILL_REASON_WEB_PAGE, TILL_REASON_NOT_JSON, TILL_REASON_ANSWER_CUT, TILL_REASON_ANSWER_EMPTY,
  TILL_REASON_ANSWER_TOO_LARGE, TILL_REASON_CONTRADICTS, TILL_REASON_BAD_FIELD, TILL_REASON_UNEXPECTED_STATUS,
  TILL_REASON_DIFFERS, TILL_REASON_FIELD, TILL_REASON_WEAK, TILL_REASON_EXPIRED, TILL_REASON_NOT_YET_VALID,
  TILL_REASON_IS_DEFAULT, TILL_REASON_OTHER_IDENTITY, TILL_REASON_CHANGED_MEANWHILE, TILL_REASON_IN_USE,
  TILL_REASON_NO_USABLE_KEY, TILL_REASON_CLOCK, TILL_REASON_VAULT_LOCKED, TILL_REASON_VAULT_DISMISSED,
  TILL_REASON_VAULT_ABSENT, TILL_REASON_VAULT_UNREADABLE, TILL_REASON_SECRET_MISSING, TILL_REASON_STORE_IN_USE,
  TILL_REASON_STORE_DAMAGED, TILL_REASON_STORE_READ_ONLY,
};

static GError *
new_error (TillError        code,
           TillErrorReason  reason,
           const char      *detail,
           gint64           have,
           gint64           want)
{
  gint64 numbers[2] = { have, want };
  GError *error = NULL;

  till_set_error (&error, code, reason, detail, numbers, "the core's own words");

  return error;
}

static void
assert_sentence (const char *text)
{
  gsize length = strlen (text);

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (length, >, 10);
  g_assert_cmpint (length, <, 300);
  g_assert_true (g_unichar_isupper (g_utf8_get_char (text)));
  g_assert_true (text[length - 1] == '.');
  g_assert_null (strstr (text, "-1"));
  g_assert_null (strstr (text, "(null)"));
  g_assert_null (strstr (text, "%"));
  g_assert_null (strstr (text, "  "));
  /* The core's own message belongs behind Details. */
  g_assert_null (strstr (text, "the core's own words"));
}

/* Every reason with every code, with and without what belongs to it: a sentence, whatever the core sends. */
static void
test_all (void)
{
  int code;
  gsize i;

  for (code = 0; code <= TILL_ERROR_INTERNAL; code++)
    for (i = 0; i < G_N_ELEMENTS (all_reasons); i++)
      {
        g_autoptr(GError) full = new_error (code, all_reasons[i], "RC2-40", 1024, 2771);
        g_autoptr(GError) bare = new_error (code, all_reasons[i], NULL, -1, -1);
        g_autofree char *full_body = till_error_text_dup_body (full);
        g_autofree char *bare_body = till_error_text_dup_body (bare);
        g_autofree char *save_body = till_error_text_dup_save_body (full);
        const char *title = till_error_text_get_title (full);

        if (g_test_verbose ())
          g_test_message ("%s/%d: %s: %s", till_error_code_to_word (code), all_reasons[i], title, full_body);

        g_assert_cmpint (strlen (title), >, 4);
        g_assert_true (g_ascii_isupper (title[0]));
        g_assert_cmpint (title[strlen (title) - 1], !=, '.');
        assert_sentence (full_body);
        assert_sentence (bare_body);
        assert_sentence (save_body);
      }
}

static void
assert_words (TillError        code,
              TillErrorReason  reason,
              const char      *detail,
              gint64           have,
              gint64           want,
              const char      *title,
              const char      *part)
{
  g_autoptr(GError) error = new_error (code, reason, detail, have, want);
  g_autofree char *body = till_error_text_dup_body (error);

  g_assert_cmpstr (till_error_text_get_title (error), ==, title);
  if (strstr (body, part) == NULL)
    g_error ("“%s” is not in “%s”", part, body);
}

/* The six named reasons of UX.md 2.3, and the rows of RELIABILITY.md 5.1. */
static void
test_words (void)
{
  assert_words (TILL_ERROR_WRONG_PASSWORD, TILL_REASON_NONE, NULL, -1, -1,
                "Wrong Password", "this password does not open it");
  assert_words (TILL_ERROR_PASSWORD_REQUIRED, TILL_REASON_NONE, NULL, -1, -1,
                "Password Needed", "protected");
  assert_words (TILL_ERROR_OLD_PROTECTION, TILL_REASON_ALGORITHM, "RC2-128", -1, -1,
                "Protected the Old Way", "Saved with RC2-128");
  assert_words (TILL_ERROR_NEWER_PROTECTION, TILL_REASON_ALGORITHM, "PBMAC1", -1, -1,
                "Newer Protection", "Made with PBMAC1");
  assert_words (TILL_ERROR_DAMAGED, TILL_REASON_TRUNCATED, NULL, 1024, 2771,
                "Damaged File", "It ends after 1024 of 2771 bytes.");
  assert_words (TILL_ERROR_NO_PRIVATE_KEY, TILL_REASON_NONE, NULL, -1, -1,
                "No Private Key", "Export both lines from Keychain Access.");
  assert_words (TILL_ERROR_KEY_MISMATCH, TILL_REASON_NONE, NULL, -1, -1,
                "Key Does Not Match", "does not belong to its certificate");
  assert_words (TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_LOOKS_LIKE, "a web page (HTML)", -1, -1,
                "Not a Certificate File", "This is a web page (HTML). Sign in there, and download the file again.");
  assert_words (TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_LOOKS_LIKE, "a Java keystore (JKS)", -1, -1,
                "Not a Certificate File", "This is a Java keystore (JKS). Export the certificate and its key");
  assert_words (TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_LOOKS_LIKE, "a picture (PNG)", -1, -1,
                "Not a Certificate File", "This is a picture (PNG). Certificate files end in");
  assert_words (TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_OPENSSH_KEY, NULL, -1, -1,
                "Not a Certificate File", "OpenSSH key");
  assert_words (TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_EMPTY, NULL, -1, -1,
                "Empty File", "The file is empty.");
  assert_words (TILL_ERROR_DAMAGED, TILL_REASON_TOO_MANY_ITERATIONS, NULL, 20000000, 2000000,
                "Unusually Slow Protection", "20000000 rounds");
  assert_words (TILL_ERROR_UNREADABLE, TILL_REASON_TOO_LARGE, NULL, 5 * 1024 * 1024, 1024 * 1024,
                "File Too Large", "5.0");
  assert_words (TILL_ERROR_UNREADABLE, TILL_REASON_MISSING, NULL, -1, -1,
                "File Not Found", "moved, renamed or deleted");
  assert_words (TILL_ERROR_UNREADABLE, TILL_REASON_NO_PERMISSION, NULL, -1, -1,
                "No Permission", "may not read");
  assert_words (TILL_ERROR_UNREADABLE, TILL_REASON_NOT_REGULAR, "a directory", -1, -1,
                "Not a Regular File", "This is a directory");
}

/* Each of RELIABILITY.md 5.2 and 5.4 says something that no other does. */
static void
test_service_words (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GError) unknown = NULL;
  g_autofree char *body = NULL;
  int reason;

  for (reason = TILL_REASON_OFFLINE; reason <= TILL_REASON_STORE_READ_ONLY; reason++)
    {
      g_autoptr(GError) error = new_error (TILL_ERROR_UNAVAILABLE, reason, "host.example", 420, -1);

      g_assert_true (g_hash_table_add (seen, till_error_text_dup_body (error)));
    }

  assert_words (TILL_ERROR_UNAVAILABLE, TILL_REASON_OFFLINE, NULL, -1, -1, "You Are Offline", "no connection");
  assert_words (TILL_ERROR_UNAVAILABLE, TILL_REASON_NO_SUCH_HOST, "a.example", -1, -1,
                "Service Not Found", "The server a.example cannot be found.");
  assert_words (TILL_ERROR_UNAVAILABLE, TILL_REASON_BUSY, NULL, 120, -1, "Service Is Busy", "Try again in 2 minutes.");
  assert_words (TILL_ERROR_CLOCK_SKEW, TILL_REASON_CLOCK, NULL, 420, -1, "Clock Is Wrong", "7 minutes fast");
  assert_words (TILL_ERROR_CLOCK_SKEW, TILL_REASON_CLOCK, NULL, -600, -1, "Clock Is Wrong", "10 minutes slow");
  assert_words (TILL_ERROR_UNAUTHORIZED, TILL_REASON_NONE, NULL, -1, -1, "Sign-In Refused", "name and the secret");
  assert_words (TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_SECRET_MISSING, "hub", -1, -1,
                "Secret Is Missing", "No secret is kept for Commerce Hub.");
  assert_words (TILL_ERROR_STORE_LOCKED, TILL_REASON_STORE_IN_USE, "eva", -1, -1, "Records in Use", "started by eva");
  assert_words (TILL_ERROR_PROTOCOL, TILL_REASON_WEB_PAGE, NULL, -1, -1, "A Web Page Answered", "login page");

  unknown = new_error (TILL_ERROR_UNAVAILABLE, TILL_REASON_RESET, NULL, -1, -1);
  till_error_set_answer (unknown, TILL_OUTCOME_UNKNOWN, 0, NULL, NULL);
  body = till_error_text_dup_body (unknown);
  g_assert_nonnull (strstr (body, "Whether it was done is not known."));
}

/* No two codes are told apart only by their word behind Details. */
static void
test_distinct (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  int code;

  for (code = 0; code <= TILL_ERROR_INTERNAL; code++)
    {
      g_autoptr(GError) error = new_error (code, TILL_REASON_NONE, NULL, -1, -1);

      g_assert_true (g_hash_table_add (seen, (char *) till_error_text_get_title (error)));
    }
}

static void
test_hostile_detail (void)
{
  g_autoptr(GError) error = new_error (TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_LOOKS_LIKE,
                                       "x\n\342\200\256<b>", -1, -1);
  g_autofree char *body = till_error_text_dup_body (error);
  g_autofree char *details = NULL;

  g_assert_nonnull (strstr (body, "x\\n\\u202e<b>"));

  g_clear_error (&error);
  g_set_error_literal (&error, TILL_ERROR, TILL_ERROR_DAMAGED, "two\nlines");
  details = till_error_text_dup_details (error);
  g_assert_cmpstr (details, ==, "damaged: two\\nlines");
}

/* What GLib's own functions report while a file is written. */
static void
test_foreign_domains (void)
{
  static const struct
  {
    GIOErrorEnum  code;
    const char   *part;
  } cases[] = {
    { G_IO_ERROR_NO_SPACE, "The disk is full; nothing was changed." },
    { G_IO_ERROR_PERMISSION_DENIED, "You may not write there" },
    { G_IO_ERROR_READ_ONLY, "You may not write there" },
    { G_IO_ERROR_NOT_FOUND, "That folder does not exist any more." },
    { G_IO_ERROR_FAILED, "could not be written" },
  };
  g_autoptr(GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");
  g_autoptr(GError) late = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "x");
  g_autoptr(GError) other = g_error_new_literal (G_CONVERT_ERROR, 0, "x");
  g_autoptr(GError) file = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOSPC, "x");
  g_autofree char *file_body = till_error_text_dup_save_body (file);
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, cases[i].code, "x");
      g_autofree char *body = till_error_text_dup_save_body (error);

      g_assert_nonnull (strstr (body, cases[i].part));
    }

  g_assert_nonnull (strstr (file_body, "The disk is full"));
  g_assert_cmpstr (till_error_text_get_title (cancelled), ==, "Cancelled");
  g_assert_cmpstr (till_error_text_get_title (late), ==, "Took Too Long");
  g_assert_cmpstr (till_error_text_get_title (other), ==, "Something Went Wrong");
  g_assert_cmpstr (till_error_text_get_title (file), ==, "Disk Full");
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/error-text/all", test_all);
  g_test_add_func ("/error-text/words", test_words);
  g_test_add_func ("/error-text/service-words", test_service_words);
  g_test_add_func ("/error-text/distinct", test_distinct);
  g_test_add_func ("/error-text/hostile-detail", test_hostile_detail);
  g_test_add_func ("/error-text/foreign-domains", test_foreign_domains);

  return g_test_run ();
}
