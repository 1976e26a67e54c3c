/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates that are odd, rare or broken: opened where that is possible, refused with the reason else. */
#include "config.h"

#include <string.h>

#include "fixture.h"
#include "till-certificate.h"
#include "till-error.h"

static TillCertificate *
build (const FixtureCertificate *parts)
{
  g_autoptr(GBytes) der = fixture_certificate (parts);
  g_autoptr(GError) error = NULL;
  TillCertificate *certificate = till_certificate_new_from_der (der, &error);

  g_assert_no_error (error);
  g_assert_nonnull (certificate);
  return certificate;
}

static void
assert_refused (const FixtureCertificate *parts,
                TillErrorReason           reason,
                const char               *word)
{
  g_autoptr(GBytes) der = fixture_certificate (parts);
  g_autoptr(GError) error = NULL;
  TillCertificate *certificate = till_certificate_new_from_der (der, &error);

  g_assert_null (certificate);
  g_assert_error (error, TILL_ERROR, TILL_ERROR_DAMAGED);
  g_assert_cmpint (till_error_get_reason (error), ==, reason);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, word));
}

static void
assert_list (char       **list,
             const char  *wanted)
{
  g_autofree char *joined = g_strjoinv ("|", list);

  g_assert_cmpstr (joined, ==, wanted);
}

static void
test_serials (void)
{
  static const struct
  {
    const char *serial;
    const char *text;
  } cases[] = {
    { "02{00}", "00" },
    { "02{01}", "01" },
    { "02{7f}", "7f" },
    { "02{0080}", "80" },
    { "02{ff}", "-01" },
    { "02{80}", "-80" },
    { "02{8001}", "-7fff" },
    { "02{ff00}", "-0100" },
    { "02{00f6836c6f29a65d211121872953dbd53db809c353}", "f6836c6f29a65d211121872953dbd53db809c353" },
    { "02{7fffffffffffffffffffffffffffffffffffffff}", "7fffffffffffffffffffffffffffffffffffffff" },
    { "02{d5b5bc1c458a558845bff51cb4dff31c}", "-2a4a43e3ba75aa77ba400ae34b200ce4" },
    { "02{0102030405060708091011121314151617181920212223242526}",
      "0102030405060708091011121314151617181920212223242526" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillCertificate) certificate = build (&(FixtureCertificate) { .serial = cases[i].serial });

      g_assert_cmpstr (certificate->serial, ==, cases[i].text);
    }

  assert_refused (&(FixtureCertificate) { .serial = "02{}" }, TILL_REASON_MALFORMED, "serial number");
}

static void
test_dates (void)
{
  static const struct
  {
    const char *dates;
    gint64      before;
    gint64      after;
  } cases[] = {
    { "30{17{'500101000000Z'} 17{'491231235959Z'}}", -631152000, 2524607999 },
    { "30{17{'700101000000Z'} 18{'20500101000000Z'}}", 0, 2524608000 },
    { "30{18{'19500101000000Z'} 18{'99991231235959Z'}}", -631152000, TILL_TIME_NEVER },
    { "30{18{'00010101000000Z'} 18{'19491231235959Z'}}", G_GINT64_CONSTANT (-62135596800), -631152001 },
    { "30{17{'240229120000Z'} 18{'20000229000000Z'}}", 1709208000, 951782400 },
    { "30{17{'380119031408Z'} 18{'21060207062816Z'}}", G_GINT64_CONSTANT (2147483648), G_GINT64_CONSTANT (4294967296) },
    { "30{17{'9506192333Z'} 17{'140616221105+0130'}}", 803604780, 1402951265 },
    { "30{17{'9506192333-0100'} 17{'140616221105Z'}}", 803608380, 1402956665 },
  };
  static const char * const wrong[] = {
    "17{'251301000000Z'}", "17{'250001000000Z'}", "17{'250229000000Z'}", "17{'250132000000Z'}", "17{'250100000000Z'}",
    "17{'250101240000Z'}", "17{'250101006000Z'}", "17{'250101000060Z'}", "17{'250101000000'}", "17{'25010100000Z'}",
    "17{' 50101000000Z'}", "17{''}", "17{'250101000000Zx'}", "17{'250101000000+2400'}", "17{'250101000000.5Z'}",
    "18{'20250101000000.6Z'}", "18{'21000229000000Z'}", "18{'202501010000Z'}", "18{'250101000000Z'}",
    "17{'2501010000+00'}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillCertificate) certificate = build (&(FixtureCertificate) { .dates = cases[i].dates });

      g_assert_cmpint (certificate->not_before, ==, cases[i].before);
      g_assert_cmpint (certificate->not_after, ==, cases[i].after);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *begins = g_strdup_printf ("30{%s 17{'260101000000Z'}}", wrong[i]);
      g_autofree char *ends = g_strdup_printf ("30{17{'260101000000Z'} %s}", wrong[i]);

      assert_refused (&(FixtureCertificate) { .dates = begins }, TILL_REASON_BAD_TIME, "date on which it begins");
      assert_refused (&(FixtureCertificate) { .dates = ends }, TILL_REASON_BAD_TIME, "date on which it ends");
    }

  assert_refused (&(FixtureCertificate) { .dates = "30{02{01} 17{'260101000000Z'}}" }, TILL_REASON_MALFORMED, "dates");
  assert_refused (&(FixtureCertificate) { .dates = "30{17{'260101000000Z'}}" }, TILL_REASON_MALFORMED, "dates");
}

static void
test_constraints (void)
{
  g_autofree char *ca = fixture_extension ("2.5.29.19", "30{01{ff} 02{00}}");
  g_autofree char *leaf = fixture_extension ("2.5.29.19", "30{}");
  g_autoptr(TillCertificate) first = build (&(FixtureCertificate) { .extensions = ca });
  g_autoptr(TillCertificate) second = build (&(FixtureCertificate) { .extensions = leaf });
  g_autoptr(TillCertificate) third = build (&(FixtureCertificate) { .version = "" });
  g_autofree char *twice = g_strconcat (ca, leaf, NULL);

  g_assert_true (first->is_ca);
  g_assert_false (second->is_ca);
  g_assert_false (third->is_ca);
  g_assert_cmpint (third->version, ==, 1);

  assert_refused (&(FixtureCertificate) { .extensions = twice }, TILL_REASON_DUPLICATE_EXTENSION, "twice");
}

/* What GnuTLS 3.7 refuses and other programs read. */
static void
test_oddities (void)
{
  g_autofree char *empty_name = fixture_extension ("2.5.29.17", "30{82{} 82{'shop.example'}}");
  g_autofree char *rare_names = fixture_extension ("2.5.29.17", "30{a3{1301'a'} a5{810a'x400 party'} 82{'b'}}");
  g_autofree char *usage = fixture_extension ("2.5.29.15", "03{0780}");
  const struct
  {
    FixtureCertificate  parts;
    gboolean            differs;
    int                 version;
    const char         *names;
  } cases[] = {
    { { .inner_algorithm = FIXTURE_RSA_MD5 }, TRUE, 3, "" },
    { { .inner_algorithm = "30{06{<1.2.840.113549.1.1.11>}}" }, TRUE, 3, "" },
    { { .extensions = empty_name }, FALSE, 3, "DNS:|DNS:shop.example" },
    { { .extensions = rare_names }, FALSE, 3, "x400Name:#130161|ediPartyName:#810a78343030207061727479|DNS:b" },
    { { .version = "", .extensions = usage }, FALSE, 1, "" },
    { { .version = "a0{02{01}}", .extensions = usage }, FALSE, 2, "" },
    { { .version = "", .unique_ids = "81{00aa} 82{00bb}" }, FALSE, 1, "" },
    { { .version = "a0{02{ff}}" }, FALSE, 0, "" },
    { { .version = "a0{02{06}}" }, FALSE, 7, "" },
    { { .subject = "3000" }, FALSE, 3, "" },
    { { .issuer = "3000" }, FALSE, 3, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillCertificate) certificate = build (&cases[i].parts);

      g_test_message ("oddity %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (certificate->inner_signature_differs, ==, cases[i].differs);
      g_assert_cmpint (certificate->version, ==, cases[i].version);
      assert_list (certificate->subject_alt_names, cases[i].names);
    }
}

/* Cut off anywhere, or with any one byte changed: an error or fields, never a crash. */
static void
test_damage (void)
{
  g_autofree char *names = fixture_extension ("2.5.29.17", "30{82{'shop.example'} 87{c0000207} a4{30{}}}");
  g_autoptr(GBytes) der = fixture_certificate (&(FixtureCertificate) { .extensions = names });
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);
  guint refused = 0;

  for (gsize i = 0; i < size; i++)
    {
      g_autoptr(GBytes) cut = g_bytes_new (data, i);
      g_autoptr(GError) error = NULL;

      g_assert_null (till_certificate_new_from_der (cut, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_DAMAGED);
    }

  for (gsize i = 0; i < size; i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        g_autoptr(GBytes) changed = NULL;
        g_autoptr(TillCertificate) certificate = NULL;
        g_autoptr(GError) error = NULL;

        copy[i] ^= (guint8) (1u << bit);
        changed = g_bytes_new (copy, size);
        certificate = till_certificate_new_from_der (changed, &error);
        if (certificate != NULL)
          {
            g_autoptr(TillCertificateDetails) details = till_certificate_load_details (certificate, NULL);

            g_assert_true (g_utf8_validate (certificate->subject, -1, NULL));
            g_assert_nonnull (details);
          }
        else
          {
            g_assert_error (error, TILL_ERROR, TILL_ERROR_DAMAGED);
            refused++;
          }
        copy[i] ^= (guint8) (1u << bit);
      }

  g_assert_cmpuint (refused, >, size);
}

static void
test_broken_parts (void)
{
  static const struct
  {
    FixtureCertificate  parts;
    const char         *word;
  } cases[] = {
    { { .issuer = "02{01}" }, "issuer" },
    { { .issuer = "30{31{30{06{<2.5.4.3>}}}}" }, "issuer" },
    { { .issuer = "30{30{30{06{<2.5.4.3>} 0c{}}}}" }, "issuer" },
    { { .subject = "30{31{30{02{01} 0c{}}}}" }, "subject" },
    { { .subject = "30{31{30{06{80} 0c{}}}}" }, "subject" },
    { { .key = "30{30{06{<1.2.3>}}}" }, "public key" },
    { { .key = "30{30{06{<1.2.3>}} 03{}}" }, "public key" },
    { { .key = "30{30{06{<1.2.3>}} 03{08aa}}" }, "public key" },
    { { .inner_algorithm = "30{06{<1.2.3>} 0500 0500}" }, "signature algorithm" },
    { { .outer_algorithm = "30{06{<1.2.3>} 05}" }, "signature" },
    { { .extensions = "30{06{<2.5.29.15>}}" }, "extension" },
    { { .extensions = "30{06{<2.5.29.15>} 01{ffff} 04{}}" }, "extension" },
    { { .extensions = "30{06{<2.5.29.15>} 03{00}}" }, "extension" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (&cases[i].parts, TILL_REASON_MALFORMED, cases[i].word);
}

static void
test_bytes_behind (void)
{
  g_autoptr(GBytes) der = fixture_certificate (&(FixtureCertificate) { NULL, });
  gsize size = g_bytes_get_size (der);
  g_autofree guint8 *longer = g_malloc0 (size + 16);
  g_autoptr(GBytes) all = NULL;
  g_autoptr(TillCertificate) certificate = NULL;
  g_autofree char *sum = NULL;

  memcpy (longer, g_bytes_get_data (der, NULL), size);
  all = g_bytes_new (longer, size + 16);
  certificate = till_certificate_new_from_der (all, NULL);
  g_assert_nonnull (certificate);
  sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, der);
  g_assert_cmpstr (certificate->sha256, ==, sum);
  g_assert_true (g_bytes_equal (certificate->der, der));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/certificate/serials", test_serials);
  g_test_add_func ("/certificate/dates", test_dates);
  g_test_add_func ("/certificate/constraints", test_constraints);
  g_test_add_func ("/certificate/oddities", test_oddities);
  g_test_add_func ("/certificate/damage", test_damage);
  g_test_add_func ("/certificate/broken-parts", test_broken_parts);
  g_test_add_func ("/certificate/bytes-behind", test_bytes_behind);

  return g_test_run ();
}
