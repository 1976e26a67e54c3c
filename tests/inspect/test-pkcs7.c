/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PKCS #7 and CMS by hand: what is taken out of a SignedData, what is damage, what is named. */
#include "config.h"

#include <string.h>

#include "open.h"
#include "till-pkcs7.h"

#define SIGNED(inside) "30{06{<1.2.840.113549.1.7.2>} a0{30{" inside "}}}"
#define DATA "30{06{<1.2.840.113549.1.7.1>}}"
#define SIGNER(id, middle) "30{020101 " id " 30{06{<1.2.3>}} " middle " 30{06{<1.2.4>}} 0400}"
#define ISSUER "30{3000 020105}"

static gboolean
read_text (const char  *text,
           guint       *certificates,
           guint       *crls,
           GError     **error)
{
  g_autoptr(GBytes) bytes = fixture_der (text);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);
  g_autoptr(GPtrArray) first = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GPtrArray) second = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gboolean good = till_pkcs7_read (copy, size, first, second, error);

  *certificates = first->len;
  *crls = second->len;
  return good;
}

static void
test_read (void)
{
  static const struct
  {
    const char *text;
    guint       certificates, crls;
  } cases[] = {
    { SIGNED ("020101 3100 " DATA " 3100"), 0, 0 },
    { SIGNED ("020101 3100 " DATA " a0{3000} 3100"), 1, 0 },
    { SIGNED ("020101 3100 " DATA " a0{30{020101} 30{020102}} a1{30{0500}} 3100"), 2, 1 },
    /* an attribute certificate and another kind of list are left out */
    { SIGNED ("020103 3100 " DATA " a0{3000 a1{020101}} a1{a1{0500}} 3100"), 1, 0 },
    { SIGNED ("020101 31{30{06{<1.2.3>}}} 30{06{<1.2.840.113549.1.7.1>} a0{0403 616263}} 3100"), 0, 0 },
    { SIGNED ("020101 3100 " DATA " 31{" SIGNER (ISSUER, "") "}"), 0, 0 },
    { SIGNED ("020103 3100 " DATA " 31{" SIGNER ("8000", "a0{3000}") SIGNER (ISSUER, "") "}"), 0, 0 },
    /* BER, as a message that is written while it is made */
    { "3080 06{<1.2.840.113549.1.7.2>} a080 3080 020101 3100 3080 06{<1.2.840.113549.1.7.1>} a080 2480 040161 0000 0000"
      " 0000 a080 3000 0000 3100 0000 0000 0000", 1, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      guint certificates;
      guint crls;

      g_test_message ("%s", cases[i].text);
      g_assert_true (read_text (cases[i].text, &certificates, &crls, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (certificates, ==, cases[i].certificates);
      g_assert_cmpuint (crls, ==, cases[i].crls);
    }
}

static void
test_damaged (void)
{
  static const struct
  {
    const char *text;
    const char *words;
  } cases[] = {
    { "3000", "beginning" },
    { "30{020101}", "beginning" },
    { "30{06{<1.2.840.113549.1.7.2>}}", "signed data" },
    { "30{06{<1.2.840.113549.1.7.2>} a0{0500}}", "signed data" },
    { "30{06{<1.2.840.113549.1.7.2>} a0{3000}}", "version" },
    { SIGNED ("020101 3100"), "content" },
    { SIGNED ("020101 31{30{0205}} " DATA " 3100"), "version or digest algorithms" },
    { SIGNED ("020101 3100 30{30{0205}} 3100"), "content" },
    { SIGNED ("020101 3100 " DATA), "list of signers" },
    { SIGNED ("020101 3100 " DATA " a0{3005} 3100"), "list of certificates" },
    { SIGNED ("020101 3100 " DATA " a1{3005} 3100"), "revocation lists" },
    { SIGNED ("020101 3100 " DATA " 31{0500}"), "list of signers" },
    { SIGNED ("020101 3100 " DATA " 31{30{020101}}"), "list of signers" },
    { SIGNED ("020101 3100 " DATA " 31{30{020101 30{3000 020105}}}"), "list of signers" },
    { SIGNED ("020101 3100 " DATA " 31{" SIGNER ("30{3000}", "") "}"), "list of signers" },
    { SIGNED ("020101 3100 " DATA " 31{" SIGNER ("30{3000 020105 0500}", "") "}"), "list of signers" },
    { SIGNED ("020101 3100 " DATA " 31{" SIGNER ("0500", "") "}"), "list of signers" },
    { SIGNED ("020101 3100 " DATA " 31{" SIGNER (ISSUER, "a0{3005}") "}"), "list of signers" },
    { "30{06{<1.2.3>} a0{3000}}", "content type" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      guint certificates;
      guint crls;

      g_test_message ("%s", cases[i].text);
      g_assert_false (read_text (cases[i].text, &certificates, &crls, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_DAMAGED);
      g_assert_nonnull (strstr (error->message, cases[i].words));
      g_assert_cmpint (till_error_get_have (error), >=, 0);
      g_assert_cmpint (till_error_get_have (error), <=, 200);
    }
}

/* Too deep to be anything, inside a part that is not looked at otherwise. */
static void
test_depth (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  guint certificates;
  guint crls;

  for (guint i = 0; i < 100; i++)
    g_string_append (text, "30{");
  for (guint i = 0; i < 100; i++)
    g_string_append (text, "}");
  g_string_prepend (text, "30{06{<1.2.840.113549.1.7.2>} a0{30{020101 3100 30{");
  g_string_append (text, "} 3100}}}");

  g_assert_false (read_text (text->str, &certificates, &crls, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_DAMAGED);
}

static void
test_other_contents (void)
{
  static const struct
  {
    const char *oid;
    const char *words;
  } cases[] = {
    { "1.2.840.113549.1.7.1", "plain data" },
    { "1.2.840.113549.1.7.3", "encrypted" },
    { "1.2.840.113549.1.7.4", "encrypted" },
    { "1.2.840.113549.1.7.5", "digest" },
    { "1.2.840.113549.1.7.6", "encrypted" },
    { "1.2.840.113549.1.9.16.1.2", "authenticated" },
    { "1.2.840.113549.1.9.16.1.9", "compressed" },
    { "1.2.840.113549.1.9.16.1.23", "encrypted" },
    { "2.16.840.1.113730.2.5", "Netscape" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("30{06{<%s>} a0{3000}}", cases[i].oid);
      g_autoptr(GBytes) bytes = fixture_der (text);

      assert_fails (bytes, NULL, TILL_ERROR_NOT_A_CERTIFICATE_FILE, TILL_REASON_LOOKS_LIKE, cases[i].words);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pkcs7/read", test_read);
  g_test_add_func ("/pkcs7/damaged", test_damaged);
  g_test_add_func ("/pkcs7/depth", test_depth);
  g_test_add_func ("/pkcs7/other-contents", test_other_contents);

  return g_test_run ();
}
