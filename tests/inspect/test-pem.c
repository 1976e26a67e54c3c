/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PEM blocks and Base64: what is found in a text, and how strictly. */
#include "config.h"

#include <string.h>

#include "till-error.h"
#include "till-pem.h"
#include "till-test.h"

/* Decodes from and to buffers of the exact size. */
static gboolean
decode (const char  *text,
        char       **hex,
        gsize       *bad_offset)
{
  gsize size = strlen (text);
  g_autofree char *copy = g_memdup2 (text, size);
  g_autofree guint8 *out = g_malloc (TILL_BASE64_ROOM (size));
  GString *digits = g_string_new (NULL);
  gsize n;
  gboolean good;

  good = till_base64_decode (size > 0 ? copy : text, size, out, &n, bad_offset);
  g_assert_cmpuint (n, <=, TILL_BASE64_ROOM (size));
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (digits, "%02x", out[i]);
  *hex = g_string_free (digits, FALSE);
  return good;
}

static void
test_base64 (void)
{
  static const struct
  {
    const char *text;
    const char *wanted;       /* NULL: refused */
    gsize       bad;
  } cases[] = {
    /* RFC 4648 10 */
    { "", "", 0 },
    { "Zg==", "66", 0 },
    { "Zm8=", "666f", 0 },
    { "Zm9v", "666f6f", 0 },
    { "Zm9vYg==", "666f6f62", 0 },
    { "Zm9vYmE=", "666f6f6261", 0 },
    { "Zm9vYmFy", "666f6f626172", 0 },
    /* white space anywhere */
    { "  Zm9v\r\nYm\tFy\n\n", "666f6f626172", 0 },
    { "Z\nm\n9\nv\n", "666f6f", 0 },
    { "Zg=\n=\n", "66", 0 },
    { "+/+/", "fbffbf", 0 },
    /* not so */
    { "Zg", NULL, 2 },
    { "Zg=", NULL, 3 },
    { "Z", NULL, 1 },
    { "Z===", NULL, 1 },
    { "=", NULL, 0 },
    { "Zg===", NULL, 4 },
    { "Zm8==", NULL, 4 },
    { "Zm9v=", NULL, 4 },
    { "Zg==Zm9v", NULL, 4 },
    { "Zg=A", NULL, 3 },
    { "Zh==", NULL, 4 },                   /* bits left over */
    { "Zm9=", NULL, 4 },
    { "Zm9v#Zm9v", NULL, 4 },
    { "Zm-_", NULL, 2 },
    { "Zm9v\xc3\xa4", NULL, 4 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *hex = NULL;
      gsize bad = 0;
      gboolean good;

      g_test_message ("'%s'", cases[i].text);
      good = decode (cases[i].text, &hex, &bad);
      g_assert_cmpint (good, ==, cases[i].wanted != NULL);
      if (good)
        g_assert_cmpstr (hex, ==, cases[i].wanted);
      else
        g_assert_cmpuint (bad, ==, cases[i].bad);
    }
}

/* GLib encodes; lines of every length and with spaces in random places come back. */
static void
test_base64_random (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (20261122);

  for (guint round = 0; round < 2000; round++)
    {
      gsize size = (gsize) g_rand_int_range (rand, 0, 200);
      guint8 data[200];
      guint8 out[TILL_BASE64_ROOM (600)];
      g_autofree char *text = NULL;
      g_autoptr(GString) spaced = g_string_new (NULL);
      gsize n;

      for (gsize i = 0; i < size; i++)
        data[i] = (guint8) g_rand_int_range (rand, 0, 256);
      text = g_base64_encode (data, size);
      for (const char *p = text; *p != '\0'; p++)
        {
          g_string_append_c (spaced, *p);
          if (g_rand_int_range (rand, 0, 20) < (gint) (round % 10))
            g_string_append_c (spaced, " \n\r\t"[g_rand_int_range (rand, 0, 4)]);
        }

      g_assert_true (till_base64_decode (spaced->str, spaced->len, out, &n, NULL));
      g_assert_cmpmem (out, n, data, size);
    }
}

static void
assert_block (const TillPemBlock *block,
              const char         *label,
              const char         *body)
{
  g_autofree char *given = till_pem_dup_label (block);
  g_autofree char *text = g_strndup (block->body, (gsize) (block->body_end - block->body));

  g_assert_cmpstr (given, ==, label);
  g_assert_true (till_pem_label_is (block, label));
  g_assert_cmpstr (g_strstrip (text), ==, body);
}

static void
test_blocks (void)
{
  static const char text[] =
    "Bag Attributes\n    friendlyName: Shop\n"
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    "some words -----BEGIN A B-----\r\nBBBB\r\n-----END A B-----trailing\r\n"
    "-----BEGIN OPEN-----\nCCCC\n"
    "-----BEGIN OTHER END-----\nDDDD\n-----END SOMETHING-----\n"
    "-----BEGIN \n-----\n"
    "-----BEGIN LAST-----\nEEEE\n";
  TillPemReader reader;
  TillPemBlock block;

  till_pem_init (&reader, text, sizeof text - 1);

  g_assert_true (till_pem_next (&reader, &block));
  assert_block (&block, "CERTIFICATE", "AAAA");
  g_assert_true (block.has_end && !block.end_differs);
  g_assert_true (block.before == text);
  g_assert_cmpuint (block.offset, ==, 38);
  g_assert_true (g_str_has_prefix (text + block.offset, "-----BEGIN CERT"));

  g_assert_true (till_pem_next (&reader, &block));
  assert_block (&block, "A B", "BBBB");
  g_assert_true (block.has_end);

  g_assert_true (till_pem_next (&reader, &block));
  assert_block (&block, "OPEN", "CCCC");
  g_assert_false (block.has_end);

  g_assert_true (till_pem_next (&reader, &block));
  assert_block (&block, "OTHER END", "DDDD");
  g_assert_true (block.has_end && block.end_differs);

  g_assert_true (till_pem_next (&reader, &block));
  assert_block (&block, "LAST", "EEEE");
  g_assert_false (block.has_end);

  g_assert_false (till_pem_next (&reader, &block));
  g_assert_false (till_pem_next (&reader, &block));
}

/* RFC 1421 headers, also folded, and the lines that only look like some. */
static void
test_headers (void)
{
  static const struct
  {
    const char *inside;
    const char *body;
    gboolean    encrypted;
    const char *dek;
  } cases[] = {
    { "AAAA\n", "AAAA", FALSE, NULL },
    { "\nAAAA\n", "AAAA", FALSE, NULL },
    { "Proc-Type: 4,ENCRYPTED\nDEK-Info: DES-CBC,00\n\nAAAA\n", "AAAA", TRUE, "DES-CBC,00" },
    { "proc-type:4,ENCRYPTED\r\ndek-info:  AES-128-CBC,ff  \r\n\r\nAAAA\r\n", "AAAA", TRUE, "AES-128-CBC,ff" },
    { "DEK-Info: X,1\nAAAA\n", "AAAA", FALSE, "X,1" },
    { "Comment: one\n two\n\nAAAA\n", "AAAA", FALSE, NULL },
    { "Proc-Type: 4,CLEAR\n\nAAAA\n", "AAAA", FALSE, NULL },
    { "Proc-Type: 4,ENCRYPTED\n", "", TRUE, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("-----BEGIN X-----\n%s-----END X-----\n", cases[i].inside);
      g_autofree char *dek = NULL;
      TillPemReader reader;
      TillPemBlock block;

      g_test_message ("%s", cases[i].inside);
      till_pem_init (&reader, text, strlen (text));
      g_assert_true (till_pem_next (&reader, &block));
      assert_block (&block, "X", cases[i].body);
      g_assert_cmpint (block.encrypted, ==, cases[i].encrypted);
      dek = block.dek != NULL ? g_strndup (block.dek, block.dek_size) : NULL;
      g_assert_cmpstr (dek, ==, cases[i].dek);
    }
}

static void
test_decode (void)
{
  static const struct
  {
    const char      *text;
    gssize           size;         /* -1: refused */
    TillErrorReason  reason;
    gint64           where;
  } cases[] = {
    { "-----BEGIN X-----\nMAMCAQU=\n-----END X-----\n", 5, 0, 0 },
    /* what is whole does without its END line, what is not does not */
    { "-----BEGIN X-----\nMAMCAQU=\n", 5, 0, 0 },
    { "-----BEGIN X-----\nMAMCAQ==\n", -1, TILL_REASON_NO_END_LINE, 4 },
    { "-----BEGIN X-----\nMAMCAQU=\nsome more text\n", -1, TILL_REASON_NO_END_LINE, 3 },
    /* a dash ends the Base64 */
    { "-----BEGIN X-----\nMAMCAQU=\n- beer -\n-----END X-----\n", 5, 0, 0 },
    { "-----BEGIN X-----\nMAMCAQ==\n- beer -\n-----END X-----\n", -1, TILL_REASON_BAD_BASE64, 27 },
    { "-----BEGIN X-----\nMAMC#AQU=\n-----END X-----\n", -1, TILL_REASON_BAD_BASE64, 22 },
    { "-----BEGIN X-----\n-----END X-----\n", -1, TILL_REASON_BAD_BASE64, -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      guint8 buffer[100];
      TillPemReader reader;
      TillPemBlock block;
      TillDer der;

      g_test_message ("%s", cases[i].text);
      till_pem_init (&reader, cases[i].text, strlen (cases[i].text));
      g_assert_true (till_pem_next (&reader, &block));
      if (cases[i].size >= 0)
        {
          g_assert_true (till_pem_decode (&block, buffer, &der, &error));
          g_assert_no_error (error);
          g_assert_cmpint ((gssize) till_der_left (&der), ==, cases[i].size);
        }
      else
        {
          g_assert_false (till_pem_decode (&block, buffer, &der, &error));
          g_assert_error (error, TILL_ERROR, TILL_ERROR_DAMAGED);
          g_assert_cmpint (till_error_get_reason (error), ==, cases[i].reason);
          g_assert_cmpint (till_error_get_have (error), ==, cases[i].where);
        }
    }
}

/* No byte is read more than a few times, however many blocks stay open. */
static void
test_linear (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  TillPemReader reader;
  TillPemBlock block;
  gint64 start;
  guint n = 0;

  for (guint i = 0; i < 200000; i++)
    g_string_append (text, "-----BEGIN X-----\n");

  start = till_test_cpu_time ();
  till_pem_init (&reader, text->str, text->len);
  while (till_pem_next (&reader, &block))
    n++;

  g_assert_cmpuint (n, ==, 200000);
  /* Quadratic, it would take minutes. */
  g_assert_cmpint (till_test_cpu_time () - start, <, 30 * G_USEC_PER_SEC);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pem/base64", test_base64);
  g_test_add_func ("/pem/base64-random", test_base64_random);
  g_test_add_func ("/pem/blocks", test_blocks);
  g_test_add_func ("/pem/headers", test_headers);
  g_test_add_func ("/pem/decode", test_decode);
  g_test_add_func ("/pem/linear", test_linear);

  return g_test_run ();
}
