/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificate requests and revocation lists. */
#include "config.h"

#include <string.h>

#include "fixture.h"
#include "till-certificate.h"
#include "till-error.h"
#include "till-request.h"
#include "till-test.h"

#define ANY_NAME "30{31{30{06{<2.5.4.3>} 0c{'Any'}}}}"
#define ANY_KEY \
  "30{30{06{<1.3.101.112>}} 03{00 d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a}}"
#define ANY_END "30{06{<1.3.101.112>}} 03{00 aabb}"

static TillRequest *
read_request (GBytes *der)
{
  g_autoptr(GError) error = NULL;
  TillRequest *request = till_request_new_from_der (der, &error);

  g_assert_no_error (error);
  g_assert_nonnull (request);
  return request;
}

static TillCrl *
read_crl (GBytes *der)
{
  g_autoptr(GError) error = NULL;
  TillCrl *crl = till_crl_new_from_der (der, &error);

  g_assert_no_error (error);
  g_assert_nonnull (crl);
  return crl;
}

static void
assert_list (char       **list,
             const char  *wanted)
{
  g_autofree char *joined = g_strjoinv ("|", list);

  g_assert_cmpstr (joined, ==, wanted);
}

static void
test_fields (void)
{
  static const struct
  {
    const char *key;
    const char *algorithm;
    int         bits;
    const char *curve;
    const char *signature;
  } cases[] = {
    { "rsa:2048 -sha256", "RSA", 2048, NULL, "RSA-SHA256" },
    { "rsa:1024 -sha1", "RSA", 1024, NULL, "RSA-SHA1" },
    { "ec -pkeyopt ec_paramgen_curve:P-521 -sha512", "EC", 521, "P-521", "ECDSA-SHA512" },
    { "ed25519", "Ed25519", 256, NULL, "Ed25519" },
    { "rsa-pss -sha384", "RSA-PSS", 2048, NULL, "RSA-PSS-SHA384" },
  };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) der = NULL;
      g_autoptr(GBytes) public_der = NULL;
      g_autoptr(TillRequest) request = NULL;

      fixture_make (dir, "openssl req -new -newkey %s -nodes -keyout key.pem -outform DER -out request.der"
                         " -subj '/C=DE/O=Example, Inc./CN=shop.example'"
                         " -addext 'subjectAltName=DNS:shop.example,IP:192.0.2.7' -addext keyUsage=digitalSignature",
                    cases[i].key);
      fixture_make (dir, "openssl pkey -in key.pem -pubout -outform DER -out public.der");
      der = fixture_load (dir, "request.der");
      public_der = fixture_load (dir, "public.der");
      request = read_request (der);
      g_assert_cmpstr (request->subject, ==, "CN=shop.example,O=Example\\, Inc.,C=DE");
      g_assert_cmpstr (request->common_name, ==, "shop.example");
      g_assert_cmpstr (request->key_algorithm, ==, cases[i].algorithm);
      g_assert_cmpint (request->key_bits, ==, cases[i].bits);
      g_assert_cmpstr (request->curve, ==, cases[i].curve);
      g_assert_cmpstr (request->signature_algorithm, ==, cases[i].signature);
      assert_list (request->subject_alt_names, "DNS:shop.example|IP:192.0.2.7");
      g_assert_nonnull (request->key);
      g_assert_true (g_bytes_equal (request->key->spki, public_der));
      g_assert_true (g_bytes_equal (request->der, der));
    }
}

static void
test_shapes (void)
{
  static const struct
  {
    const char *attributes;
    const char *names;
  } cases[] = {
    { "", "" },
    { "a000", "" },
    { "a0{30{06{<1.2.840.113549.1.9.7>} 31{13{'challenge'}}}}", "" },
    { "a0{30{06{<1.2.840.113549.1.9.14>} 31{30{30{06{<2.5.29.17>} 04{30{82{'a'}}}}}}}}", "DNS:a" },
    { "a0{30{06{<1.3.6.1.4.1.311.2.1.14>} 31{30{30{06{<2.5.29.17>} 04{30{82{'b'}}}}}}}}", "DNS:b" },
    { "a0{30{06{<1.2.840.113549.1.9.14>} 31{30{30{06{<2.5.29.15>} 04{03{0780}}}"
      " 30{06{<2.5.29.17>} 04{30{82{'c'}}}}}}}}",
      "DNS:c" },
    { "a0{30{06{<1.2.840.113549.1.9.14>} 3100}}", "" },
    { "a0{30{06{<1.2.840.113549.1.9.14>} 31{02{01}}}}", "" },
  };
  static const char * const broken[] = {
    "", "3000", "30{02{00}}",
    "30{30{} " ANY_END "}",
    "30{30{02{00}} " ANY_END "}",
    "30{30{02{00} " ANY_NAME "} " ANY_END "}",
    "30{30{02{00} " ANY_NAME " 30{}} " ANY_END "}",
    "30{30{02{00} " ANY_NAME " " ANY_KEY " a0{02{01}}} " ANY_END "}",
    "30{30{02{00} " ANY_NAME " " ANY_KEY " a0{} 0500} " ANY_END "}",
    "30{30{02{00} " ANY_NAME " " ANY_KEY " a0{}} 30{06{<1.2.3>}}}",
    "30{30{02{00} 30{31{30{06{<2.5.4.3>}}}} " ANY_KEY " a0{}} " ANY_END "}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("30{30{02{00} " ANY_NAME " " ANY_KEY " %s} " ANY_END "}",
                                               cases[i].attributes);
      g_autofree char *longer = g_strconcat (text, "0000", NULL);
      g_autoptr(GBytes) der = fixture_der (text);
      g_autoptr(GBytes) more = fixture_der (longer);
      g_autoptr(TillRequest) request = read_request (more);

      assert_list (request->subject_alt_names, cases[i].names);
      g_assert_true (g_bytes_equal (request->der, der));
    }

  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr(GBytes) der = fixture_der (broken[i]);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", broken[i]);
      g_assert_null (till_request_new_from_der (der, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_DAMAGED);
      g_assert_nonnull (strstr (error->message, "certificate request is damaged"));
    }
}

/* A key that can't be read leaves its name. */
static void
test_odd_key (void)
{
  g_autoptr(GBytes) der = fixture_der ("30{30{02{00} 3000"
                                       " 30{30{06{<1.2.840.113549.1.1.1>} 0500} 03{00 aabb}} a000} " ANY_END "}");
  g_autoptr(TillRequest) request = read_request (der);

  g_assert_null (request->key);
  g_assert_cmpstr (request->key_algorithm, ==, "RSA");
  g_assert_cmpint (request->key_bits, ==, 0);
  g_assert_cmpstr (request->subject, ==, "");
  g_assert_null (request->common_name);
}

static void
test_crl (void)
{
  static const char template[] = "crl_next_update = 30\ncrl_number = 7\n";
  static const char ca_template[] =
    "cn = \"List Maker\"\norganization = \"Example\"\nca\ncrl_signing_key\ncert_signing_key\nserial = 1\n";
  static const char leaf_template[] = "cn = \"leaf\"\nserial = 51966\n";
  g_autoptr(TillTestDir) dir = till_test_dir_new ();
  g_autofree char *path = till_test_dir_write (dir, "crl.tmpl", template, -1);
  g_autofree char *ca_path = till_test_dir_write (dir, "ca.tmpl", ca_template, -1);
  g_autofree char *leaf_path = till_test_dir_write (dir, "leaf.tmpl", leaf_template, -1);
  g_autoptr(GBytes) der = NULL;
  g_autoptr(TillCrl) crl = NULL;

  g_assert_true (path != NULL && ca_path != NULL && leaf_path != NULL);
  fixture_make (dir, "certtool --generate-privkey --key-type ecdsa --curve secp256r1 --outfile ca.key");
  fixture_make (dir, "certtool --generate-self-signed --load-privkey ca.key --template ca.tmpl --outfile ca.pem");
  fixture_make (dir, "certtool --generate-certificate --load-privkey ca.key --load-ca-privkey ca.key"
                     " --load-ca-certificate ca.pem --template leaf.tmpl --outfile leaf.pem");
  fixture_make (dir, "certtool --generate-crl --load-ca-privkey ca.key --load-ca-certificate ca.pem"
                     " --load-certificate leaf.pem --template crl.tmpl --outder --outfile list.der");
  der = fixture_load (dir, "list.der");
  crl = read_crl (der);

  g_assert_cmpstr (crl->issuer, ==, "CN=List Maker,O=Example");
  g_assert_cmpstr (crl->issuer_name, ==, "List Maker");
  g_assert_cmpstr (crl->signature_algorithm, ==, "ECDSA-SHA256");
  g_assert_cmpstr (crl->number, ==, "07");
  g_assert_cmpuint (crl->n_revoked, ==, 1);
  assert_list (crl->revoked_serials, "cafe");
  g_assert_cmpint (crl->next_update - crl->this_update, >=, 29 * 86400);
  g_assert_cmpint (crl->next_update - crl->this_update, <=, 31 * 86400);
  g_assert_true (g_bytes_equal (crl->der, der));
}

static void
test_crl_shapes (void)
{
  static const struct
  {
    const char *inner;
    gint64      this_update;
    gint64      next_update;
    guint       revoked;
    const char *serials;
    const char *number;
  } cases[] = {
    { "30{06{<1.3.101.112>}} " ANY_NAME " 17{'240101000000Z'}", 1704067200, TILL_TIME_INVALID, 0, "", NULL },
    { "02{01} 30{06{<1.3.101.112>}} " ANY_NAME " 17{'240101000000Z'} 18{'20500101000000Z'}",
      1704067200, 2524608000, 0, "", NULL },
    { "02{01} 30{06{<1.3.101.112>}} " ANY_NAME " 17{'249901000000Z'} 17{'nonsense'}",
      TILL_TIME_INVALID, TILL_TIME_INVALID, 0, "", NULL },
    { "02{01} 30{06{<1.3.101.112>}} " ANY_NAME " 17{'240101000000Z'} 3000 a0{30{30{06{<2.5.29.20>} 04{02{00ff}}}}}",
      1704067200, TILL_TIME_INVALID, 0, "", "ff" },
    { "02{01} 30{06{<1.3.101.112>}} " ANY_NAME " 17{'240101000000Z'} 17{'240201000000Z'}"
      " 30{30{02{01} 17{'230101000000Z'}}"
      "    30{02{00ff} 17{'230101000000Z'} 30{30{06{<2.5.29.21>} 04{0a{01}}}}} 30{02{ff}}}",
      1704067200, 1706745600, 3, "01|ff|-01", NULL },
  };
  static const char * const broken[] = {
    "", "02{01}", "02{01} 30{06{<1.3.101.112>}}", "02{01} 30{06{<1.3.101.112>}} " ANY_NAME,
    "02{01} 30{06{<1.3.101.112>}} " ANY_NAME " 02{01}",
    "02{01} 30{06{<1.3.101.112>}} " ANY_NAME " 17{'240101000000Z'} 30{02{01}}",
    "02{01} 30{06{<1.3.101.112>}} " ANY_NAME " 17{'240101000000Z'} 30{30{}}",
    "02{01} 30{06{<1.3.101.112>}} " ANY_NAME " 17{'240101000000Z'} a0{02{01}}",
    "02{01} 30{06{<1.3.101.112>}} " ANY_NAME " 17{'240101000000Z'} a0{30{02{01}}}",
    "02{01} 30{06{<1.3.101.112>}} " ANY_NAME " 17{'240101000000Z'} a0{3000} 0500",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("30{30{%s} " ANY_END "} 00", cases[i].inner);
      g_autoptr(GBytes) der = fixture_der (text);
      g_autoptr(TillCrl) crl = read_crl (der);

      g_assert_cmpint (crl->this_update, ==, cases[i].this_update);
      g_assert_cmpint (crl->next_update, ==, cases[i].next_update);
      g_assert_cmpuint (crl->n_revoked, ==, cases[i].revoked);
      assert_list (crl->revoked_serials, cases[i].serials);
      g_assert_cmpstr (crl->number, ==, cases[i].number);
      g_assert_cmpuint (g_bytes_get_size (crl->der), ==, g_bytes_get_size (der) - 1);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autofree char *text = g_strdup_printf ("30{30{%s} " ANY_END "}", broken[i]);
      g_autoptr(GBytes) der = fixture_der (text);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", broken[i]);
      g_assert_null (till_crl_new_from_der (der, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_DAMAGED);
      g_assert_nonnull (strstr (error->message, "revocation list is damaged"));
    }
}

/* A hundred thousand entries: counted, a thousand of them kept, and soon done. */
static void
test_crl_large (void)
{
  GString *text = g_string_new ("30{30{02{01} 30{06{<1.3.101.112>}} " ANY_NAME " 17{'240101000000Z'} 30{");
  g_autoptr(GBytes) der = NULL;
  g_autoptr(TillCrl) crl = NULL;
  gint64 begin;

  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (text, "30{02{01%06x}17{'230101000000Z'}}", i);
  g_string_append (text, "}} " ANY_END "}");
  der = fixture_der (text->str);
  g_string_free (text, TRUE);

  begin = till_test_cpu_time ();
  crl = read_crl (der);
  g_assert_cmpint (till_test_cpu_time () - begin, <, G_USEC_PER_SEC);
  g_assert_cmpuint (crl->n_revoked, ==, 100000);
  g_assert_cmpuint (g_strv_length (crl->revoked_serials), ==, 1000);
  g_assert_cmpstr (crl->revoked_serials[999], ==, "010003e7");
}

/* Cut off anywhere: always an error, never a crash. */
static void
test_cut (void)
{
  g_autoptr(GBytes) request = fixture_der ("30{30{02{00} " ANY_NAME " " ANY_KEY " a0{30{06{<1.2.840.113549.1.9.14>}"
                                           " 31{30{30{06{<2.5.29.17>} 04{30{82{'a'}}}}}}}}} " ANY_END "}");
  g_autoptr(GBytes) list = fixture_der ("30{30{02{01} 30{06{<1.3.101.112>}} " ANY_NAME " 17{'240101000000Z'}"
                                        " 30{30{02{01} 17{'230101000000Z'}}}"
                                        " a0{30{30{06{<2.5.29.20>} 04{02{07}}}}}} " ANY_END "}");

  for (gsize i = 0; i < g_bytes_get_size (request); i++)
    {
      g_autoptr(GBytes) cut = g_bytes_new_from_bytes (request, 0, i);

      g_assert_null (till_request_new_from_der (cut, NULL));
    }

  for (gsize i = 0; i < g_bytes_get_size (list); i++)
    {
      g_autoptr(GBytes) cut = g_bytes_new_from_bytes (list, 0, i);

      g_assert_null (till_crl_new_from_der (cut, NULL));
    }

  till_request_free (NULL);
  till_crl_free (NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/request/fields", test_fields);
  g_test_add_func ("/request/shapes", test_shapes);
  g_test_add_func ("/request/odd-key", test_odd_key);
  g_test_add_func ("/crl/fields", test_crl);
  g_test_add_func ("/crl/shapes", test_crl_shapes);
  g_test_add_func ("/crl/large", test_crl_large);
  g_test_add_func ("/request/cut", test_cut);

  return g_test_run ();
}
