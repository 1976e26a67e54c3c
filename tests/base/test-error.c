/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors: stable words, and what they carry beside code and message. */
#include "config.h"

#include "till-cancel.h"
#include "till-error.h"

/* CLI.md, "Common ground". */
static const char * const contract[] = {
  "wrong-password", "password-required", "old-protection", "newer-protection", "damaged", "no-private-key",
  "key-mismatch", "not-a-certificate-file", "unreadable", "unauthorized", "clock-skew", "rejected", "not-found",
  "conflict", "unavailable", "timed-out", "tls", "protocol", "cancelled", "store-locked", "store-newer",
  "vault-unavailable", "wrong-code", "internal",
};

static void
test_words (void)
{
  for (int code = TILL_ERROR_WRONG_PASSWORD; code <= TILL_ERROR_INTERNAL; code++)
    g_assert_cmpstr (till_error_code_to_word (code), ==, contract[code]);

  g_assert_cmpint (G_N_ELEMENTS (contract), ==, TILL_ERROR_INTERNAL + 1);
  g_assert_cmpstr (till_error_code_to_word (-1), ==, "internal");
  g_assert_cmpstr (till_error_code_to_word (TILL_ERROR_INTERNAL + 1), ==, "internal");
}

static void
test_carries (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) copy = NULL;
  char detail[] = "RC2-40";

  till_set_error (&error, TILL_ERROR_OLD_PROTECTION, TILL_REASON_ALGORITHM, detail,
                  (const gint64[2]) { 7, 9 }, "needs %s", detail);
  detail[0] = 'X';

  g_assert_error (error, TILL_ERROR, TILL_ERROR_OLD_PROTECTION);
  g_assert_cmpstr (error->message, ==, "needs RC2-40");

  copy = g_error_copy (error);
  g_clear_error (&error);

  g_assert_cmpint (till_error_get_reason (copy), ==, TILL_REASON_ALGORITHM);
  g_assert_cmpstr (till_error_get_detail (copy), ==, "RC2-40");
  g_assert_cmpint (till_error_get_have (copy), ==, 7);
  g_assert_cmpint (till_error_get_want (copy), ==, 9);
}

static void
test_others (void)
{
  g_autoptr(GError) error = g_error_new (G_FILE_ERROR, G_FILE_ERROR_NOENT, "x");

  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_NONE);
  g_assert_null (till_error_get_detail (error));
  g_assert_cmpint (till_error_get_have (error), ==, -1);
  g_assert_cmpint (till_error_get_want (NULL), ==, -1);

  /* Nobody wants to know. */
  till_set_error (NULL, TILL_ERROR_INTERNAL, TILL_REASON_NONE, NULL, NULL, "x");
}

static void
test_cancel (void)
{
  TillCancel cancel = { 0 };
  g_autoptr(GError) error = NULL;

  g_assert_true (till_cancel_check (NULL, &error));
  g_assert_true (till_cancel_check (&cancel, &error));

  cancel.deadline = g_get_monotonic_time () - 1;
  g_assert_false (till_cancel_check (&cancel, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_TIMED_OUT);
  g_clear_error (&error);

  g_atomic_int_set (&cancel.cancelled, 1);
  g_assert_false (till_cancel_check (&cancel, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_CANCELLED);
}

static void
test_answer (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) copy = NULL;
  g_autoptr(GError) other = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_IO, "x");

  till_set_error (&error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, "merchantDetails.merchantId", NULL, "refused");
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
  g_assert_cmpint (till_error_get_http_status (error), ==, 0);
  g_assert_null (till_error_get_trace_id (error));

  till_error_set_answer (error, TILL_OUTCOME_REFUSED, 400, "107", "96b35a89b00a492c87dda321b7deee02");
  copy = g_error_copy (error);
  g_clear_error (&error);
  g_assert_cmpint (till_error_get_outcome (copy), ==, TILL_OUTCOME_REFUSED);
  g_assert_cmpint (till_error_get_http_status (copy), ==, 400);
  g_assert_cmpstr (till_error_get_service_code (copy), ==, "107");
  g_assert_cmpstr (till_error_get_trace_id (copy), ==, "96b35a89b00a492c87dda321b7deee02");
  g_assert_cmpstr (till_error_get_detail (copy), ==, "merchantDetails.merchantId");

  /* Errors of other domains carry nothing. */
  till_error_set_answer (other, TILL_OUTCOME_UNKNOWN, 500, "1", "2");
  g_assert_cmpint (till_error_get_outcome (other), ==, TILL_OUTCOME_NOT_SENT);
  g_assert_null (till_error_get_service_code (other));
  g_assert_null (till_error_get_trace_id (NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/error/words", test_words);
  g_test_add_func ("/error/carries", test_carries);
  g_test_add_func ("/error/others", test_others);
  g_test_add_func ("/error/answer", test_answer);
  g_test_add_func ("/error/cancel", test_cancel);

  return g_test_run ();
}
