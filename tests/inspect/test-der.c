/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cursor over BER and DER: what it takes, what it refuses, and that it stays inside. */
#include "config.h"

#include <string.h>

#include "fixture.h"
#include "till-der.h"
#include "till-der-kind.h"
#include "till-limits.h"

/* Bytes in the notation of fixture_der(), on the heap at their exact size, so
 * that a sanitizer sees a single step beyond them. */
static guint8 *
make (const char *text,
      gsize      *size)
{
  g_autoptr(GBytes) bytes = fixture_der (text);
  const guint8 *data = g_bytes_get_data (bytes, size);

  return g_memdup2 (data, *size);
}

static char *
to_hex (const TillDer *der)
{
  g_autoptr(GBytes) bytes = g_bytes_new (der->data, till_der_left (der));

  return fixture_hex (bytes);
}

static void
test_read (void)
{
  static const struct
  {
    const char *text;
    guint8      tag;
    const char *content;
    gsize       left;
  } cases[] = {
    { "0500", 0x05, "", 0 },
    { "020105", 0x02, "05", 0 },
    { "020105 ffff", 0x02, "05", 2 },
    { "3003020105", 0x30, "020105", 0 },
    { "308103020105", 0x30, "020105", 0 },
    { "30820003020105", 0x30, "020105", 0 },
    { "30880000000000000003020105", 0x30, "020105", 0 },
    { "3089 000000000000000003 020105", 0x30, "020105", 0 },
    { "3080 020105 0000", 0x30, "020105", 0 },
    { "3080 020105 0000 ff", 0x30, "020105", 1 },
    { "3080 3080 020105 0000 0000", 0x30, "30800201050000", 0 },
    { "3080 0000", 0x30, "", 0 },
    { "2480 040161 040162 0000", 0x24, "040161040162", 0 },
    { "1f0101aa", 0x1f, "aa", 0 },
    { "bf81800101aa", 0xbf, "aa", 0 },
    { "a00430020500", 0xa0, "30020500", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize size;
      g_autofree guint8 *data = make (cases[i].text, &size);
      g_autofree char *content = NULL;
      TillDer der;
      TillDerElement element;

      g_test_message ("%s", cases[i].text);
      till_der_init (&der, data, size);
      g_assert_true (till_der_read (&der, &element));
      g_assert_cmphex (element.tag, ==, cases[i].tag);
      g_assert_true (element.start == data);
      g_assert_true (element.next == der.data);
      g_assert_cmpuint (till_der_left (&der), ==, cases[i].left);
      content = to_hex (&element.content);
      g_assert_cmpstr (content, ==, cases[i].content);
    }
}

static void
test_refused (void)
{
  static const char * const cases[] = {
    "",
    "30",
    "02 02 05",
    "30 83 00",
    "30 ff",
    "30 89 010000000000000000 00",                /* a length of more than 64 bits */
    "30 88 ffffffffffffffff 00",
    "30 88 7fffffffffffffff 00",
    "00 00",                                      /* end-of-contents where nothing is open */
    "00 01 05",
    "04 80 6161 0000",                            /* primitive and indefinite at once */
    "30 80 020105",                               /* never closed */
    "30 80 020105 00",
    "30 80 30 80 020105 0000",
    "30 80 020205 0000",                          /* an element reaches over the end */
    "30 80 020105 000105 0000",                   /* end-of-contents with a content */
    "1f 8080808001 00",                           /* a tag number of more than 28 bits */
    "1f",
    "1f 81",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize size;
      g_autofree guint8 *data = make (cases[i], &size);
      TillDer der;
      TillDerElement element;

      g_test_message ("%s", cases[i]);
      till_der_init (&der, data, size);
      g_assert_false (till_der_read (&der, &element));
      g_assert_true (der.data == data);
    }
}

/* Open indefinite lengths are counted, so that depth costs no stack; too many are refused. */
static void
test_depth (void)
{
  for (gsize depth = 1; depth < 4 * TILL_LIMIT_DER_DEPTH; depth++)
    {
      g_autofree guint8 *data = g_malloc0 (4 * depth);
      TillDer der;
      TillDerElement element;

      for (gsize i = 0; i < depth; i++)
        {
          data[2 * i] = TILL_DER_SEQUENCE;
          data[2 * i + 1] = 0x80;
        }

      till_der_init (&der, data, 4 * depth);
      g_assert_cmpint (till_der_read (&der, &element), ==, depth <= TILL_LIMIT_DER_DEPTH);
      g_assert_cmpuint (till_der_whole_size (data, 4 * depth), ==, depth <= TILL_LIMIT_DER_DEPTH ? 4 * depth : 0);
    }
}

static void
test_tags (void)
{
  gsize size;
  g_autofree guint8 *data = make ("020105 0500", &size);
  TillDer der;
  TillDerElement element;
  guint8 tag;

  till_der_init (&der, data, size);
  g_assert_true (till_der_peek_tag (&der, &tag));
  g_assert_cmphex (tag, ==, TILL_DER_INTEGER);
  g_assert_false (till_der_read_tag (&der, TILL_DER_NULL, &element));
  g_assert_true (till_der_read_optional (&der, TILL_DER_BOOLEAN, &element));
  g_assert_cmphex (element.tag, ==, 0);
  g_assert_true (till_der_read_optional (&der, TILL_DER_INTEGER, &element));
  g_assert_cmphex (element.tag, ==, TILL_DER_INTEGER);
  g_assert_true (till_der_read_tag (&der, TILL_DER_NULL, &element));
  g_assert_false (till_der_peek_tag (&der, &tag));
  g_assert_false (till_der_read_tag (&der, TILL_DER_NULL, &element));
  g_assert_true (till_der_read_optional (&der, TILL_DER_NULL, &element));

  /* One that is there and cut off is an error, not an absence. */
  till_der_init (&der, data, 2);
  g_assert_false (till_der_read_optional (&der, TILL_DER_INTEGER, &element));
}

static void
test_uint (void)
{
  static const struct
  {
    const char *text;
    gboolean    good;
    guint64     value;
  } cases[] = {
    { "020100", TRUE, 0 },
    { "02017f", TRUE, 127 },
    { "02020080", TRUE, 128 },
    { "0203000001", TRUE, 1 },
    { "020900ffffffffffffffff", TRUE, G_MAXUINT64 },
    { "02090100000000000000 00", FALSE, 0 },
    { "0201ff", FALSE, 0 },
    { "0200", FALSE, 0 },
    { "0a0101", FALSE, 0 },
    { "0202 01", FALSE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize size;
      g_autofree guint8 *data = make (cases[i].text, &size);
      TillDer der;
      guint64 value = 0;

      g_test_message ("%s", cases[i].text);
      till_der_init (&der, data, size);
      g_assert_cmpint (till_der_read_uint (&der, &value), ==, cases[i].good);
      g_assert_cmpuint (value, ==, cases[i].value);
      g_assert_true (der.data == (cases[i].good ? der.end : data));
    }
}

static void
test_octets (void)
{
  static const struct
  {
    const char *text;
    const char *wanted;       /* NULL: refused */
  } cases[] = {
    { "0403616263", "616263" },
    { "0400", "" },
    { "24{0401 61 0402 6263}", "616263" },
    { "2480 0401 61 2480 0402 6263 0000 0000", "616263" },
    { "24{24{24{0401 61}} 0400}", "61" },
    { "2480 0000", "" },
    { "24{0201 61}", NULL },
    { "24{0402 61}", NULL },
    { "0201 61", NULL },
    { "80 01 61", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize size;
      g_autofree guint8 *data = make (cases[i].text, &size);
      g_autoptr(GByteArray) octets = NULL;
      g_autofree char *hex = NULL;
      g_autofree char *again = NULL;
      TillSecret *owned;
      TillDer der;
      TillDer joined;
      TillDerElement element;

      g_test_message ("%s", cases[i].text);
      till_der_init (&der, data, size);
      if (cases[i].wanted == NULL)
        {
          g_assert_false (till_der_read_octets (&der, &octets));
          g_assert_true (der.data == data);
          continue;
        }

      g_assert_true (till_der_read_octets (&der, &octets));
      g_assert_cmpuint (till_der_left (&der), ==, 0);
      till_der_init (&joined, octets->data, octets->len);
      hex = to_hex (&joined);
      g_assert_cmpstr (hex, ==, cases[i].wanted);

      /* The same without a copy where none is needed. */
      till_der_init (&der, data, size);
      g_assert_true (till_der_read (&der, &element));
      g_assert_true (till_der_join_octets (&element, &owned, &joined));
      g_assert_cmpint (owned != NULL, ==, (data[0] & 0x20) != 0);
      again = to_hex (&joined);
      g_assert_cmpstr (again, ==, cases[i].wanted);
      g_clear_pointer (&owned, till_secret_unref);
    }
}

static void
test_oids (void)
{
  static const struct
  {
    const char *text;
    const char *dotted;       /* NULL: malformed */
  } cases[] = {
    { "06{2a864886f70d010701}", "1.2.840.113549.1.7.1" },
    { "06{550403}", "2.5.4.3" },
    { "06{00}", "0.0" },
    { "06{27}", "0.39" },
    { "06{28}", "1.0" },
    { "06{8837}", "2.999" },
    { "06{69 83ffffffffffffffffffffffffffffffffff7f}", "2.25.340282366920938463463374607431768211455" },
    { "06{69 84" "8080808080808080808080808080808080" "00}", NULL },       /* more than 128 bits */
    { "06{}", NULL },
    { "06{2a86}", NULL },                                       /* cut inside a number */
    { "06{" "2a" "0101010101010101010101010101010101010101010101010101010101010101"
      "0101010101010101010101010101010101010101010101010101010101010101" "}", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize size;
      g_autofree guint8 *data = make (cases[i].text, &size);
      g_autofree char *dotted = NULL;
      TillDer der;
      TillDerElement element;

      g_test_message ("%s", cases[i].text);
      till_der_init (&der, data, size);
      g_assert_true (till_der_read (&der, &element));
      dotted = till_der_dup_oid (&element);
      if (cases[i].dotted == NULL)
        {
          g_assert_false (till_der_oid_is (&element, "1.2.840.113549.1.7.1"));
          g_assert_null (dotted);
          continue;
        }

      g_assert_cmpstr (dotted, ==, cases[i].dotted);
      g_assert_false (till_der_oid_is (&element, "1.3.6.1"));
      if (strlen (dotted) < 30)
        g_assert_true (till_der_oid_is (&element, dotted));
    }
}

static void
test_text (void)
{
  static const struct
  {
    const char *text;
    const char *wanted;
  } cases[] = {
    { "0c{'Bäckerei'}", "Bäckerei" },
    { "0c{}", "" },
    { "0c{41 ff 42}", "A\xef\xbf\xbd" "B" },
    { "0c{41 00 42}", "A\xef\xbf\xbd" "B" },
    { "13{'Shop'}", "Shop" },
    { "16{41 00 42}", "A\xef\xbf\xbd" "B" },
    { "14{e4f6}", "äö" },
    { "1e{0053 0068 2603}", "Sh☃" },
    { "1e{0053 0000}", "S" },
    { "1e{0000 0053}", "\xef\xbf\xbd" "S" },
    { "1e{d83d de00}", "😀" },
    { "1e{d83d 0041}", "\xef\xbf\xbd" "A" },
    { "1e{de00}", "\xef\xbf\xbd" },
    { "1e{0053 00}", "S\xef\xbf\xbd" },
    { "1c{00000053 0001f600}", "S😀" },
    { "1c{00110000}", "\xef\xbf\xbd" },
    { "0403616263", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize size;
      g_autofree guint8 *data = make (cases[i].text, &size);
      g_autofree char *text = NULL;
      TillDer der;
      TillDerElement element;

      g_test_message ("%s", cases[i].text);
      till_der_init (&der, data, size);
      g_assert_true (till_der_read (&der, &element));
      text = till_der_dup_text (&element);
      g_assert_cmpstr (text, ==, cases[i].wanted);
      g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
    }
}

/* A file that was cut off tells what is missing. */
static void
test_whole_size (void)
{
  static const struct
  {
    const char *text;
    gsize       whole;
  } cases[] = {
    { "3082 0100", 260 },
    { "3003 02", 5 },
    { "3003 020105 ffff", 5 },
    { "3084 ffffffff 00", G_GUINT64_CONSTANT (4294967301) },
    { "3080 020105 0000", 7 },
    { "3080 020105", 0 },
    { "3082 01", 0 },
    { "30", 0 },
    { "0000", 0 },
    { "", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize size;
      g_autofree guint8 *data = make (cases[i].text, &size);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpuint (till_der_whole_size (data, size), ==, cases[i].whole);
    }
}

static void
test_kinds (void)
{
#define SIGNED(tbs) "30{30{" tbs "} 30{06{<1.2.3>}} 03{00}}"
  static const struct
  {
    const char  *text;
    TillDerKind  kind;
  } cases[] = {
    { SIGNED ("a0{020102} 020101 3000 3000 3000"), TILL_DER_KIND_CERTIFICATE },
    { SIGNED ("020101 3000 3000 30{17{'260101000000Z'}} 3000 3000"), TILL_DER_KIND_CERTIFICATE },
    { SIGNED ("020101 3000 3000 17{'260101000000Z'}"), TILL_DER_KIND_CRL },
    { SIGNED ("3000 3000 18{'20260101000000Z'}"), TILL_DER_KIND_CRL },
    { SIGNED ("020100 3000 3000 a000"), TILL_DER_KIND_REQUEST },
    { SIGNED ("020100 3000 3000"), TILL_DER_KIND_REQUEST },
    { "30{" SIGNED ("a0{020102} 020101") SIGNED ("a0{020102} 020101") "}", TILL_DER_KIND_PKI_PATH },
    { "30{020103 30{06{<1.2.840.113549.1.7.1>}}}", TILL_DER_KIND_PKCS12 },
    { "30{06{<1.2.840.113549.1.7.2>} a0{3000}}", TILL_DER_KIND_PKCS7 },
    { "3080 06{<1.2.840.113549.1.7.2>} a080 0000 0000", TILL_DER_KIND_PKCS7 },
    { "30{020100 30{06{<1.2.840.113549.1.1.1>}} 0400}", TILL_DER_KIND_PRIVATE_KEY },
    { "30{020101 30{06{<1.3.101.112>}} 0400 a000 8100}", TILL_DER_KIND_PRIVATE_KEY },
    { "30{020101 0400 a000}", TILL_DER_KIND_PRIVATE_KEY },
    { "30{020100 0201ff 020101 020101 020101 020101 020101 020101 020101}", TILL_DER_KIND_PRIVATE_KEY },
    { "30{020100 020101 020101 020101 020101 020101}", TILL_DER_KIND_PRIVATE_KEY },
    { "30{30{06{<1.2.840.113549.1.5.13>}} 0400}", TILL_DER_KIND_ENCRYPTED_KEY },
    { "30{30{06{<1.2.840.113549.1.1.1>}} 03{00}}", TILL_DER_KIND_PUBLIC_KEY },
    { "30{0201 11 0201 03}", TILL_DER_KIND_PUBLIC_KEY },
    { "30{0201 11 0201 03 0201 05}", TILL_DER_KIND_OTHER },
    { "30{30{30{06{<1.2.840.113549.1.5.13>}} 0400} 3000}", TILL_DER_KIND_OTHER },
    { "30{}", TILL_DER_KIND_UNKNOWN },
    { "30{0101ff}", TILL_DER_KIND_UNKNOWN },
    { "31{3000}", TILL_DER_KIND_UNKNOWN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize size;
      g_autofree guint8 *data = make (cases[i].text, &size);
      const char *what;

      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (till_der_kind (data, size, &what), ==, cases[i].kind);
      g_assert_cmpint (what != NULL, ==, cases[i].kind == TILL_DER_KIND_OTHER);

      /* Whatever is cut off or changed, nothing is read beyond the end. */
      for (gsize cut = 0; cut < size; cut++)
        {
          g_autofree guint8 *less = g_memdup2 (data, cut);

          till_der_kind (cut > 0 ? less : data, cut, &what);
        }
      for (gsize bit = 0; bit < 8 * size; bit++)
        {
          data[bit / 8] ^= (guint8) (1 << bit % 8);
          till_der_kind (data, size, &what);
          data[bit / 8] ^= (guint8) (1 << bit % 8);
        }
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/der/read", test_read);
  g_test_add_func ("/der/refused", test_refused);
  g_test_add_func ("/der/depth", test_depth);
  g_test_add_func ("/der/tags", test_tags);
  g_test_add_func ("/der/uint", test_uint);
  g_test_add_func ("/der/octets", test_octets);
  g_test_add_func ("/der/oids", test_oids);
  g_test_add_func ("/der/text", test_text);
  g_test_add_func ("/der/whole-size", test_whole_size);
  g_test_add_func ("/der/kinds", test_kinds);

  return g_test_run ();
}
