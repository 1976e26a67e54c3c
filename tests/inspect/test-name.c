/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names in text: distinguished ones, general ones, and the names of OIDs. */
#include "config.h"

#include <string.h>

#include "fixture.h"
#include "till-name.h"
#include "till-oid.h"
#include "till-x509.h"

static gboolean
read_name (const char *text,
           TillName   *name)
{
  g_autoptr(GBytes) der = fixture_der (text);
  TillDer walk;
  TillDer whole;

  till_der_init (&walk, g_bytes_get_data (der, NULL), g_bytes_get_size (der));
  if (!till_name_read (&walk, name, &whole))
    return FALSE;

  g_assert_cmpuint (till_der_left (&walk), ==, 0);
  g_assert_cmpuint (till_der_left (&whole), ==, g_bytes_get_size (der));
  return TRUE;
}

/* One CN with the given value, in notation and as text behind "CN=". */
static void
test_strings (void)
{
  static const struct
  {
    const char *value;
    const char *text;
    const char *plain;
  } cases[] = {
    { "0c{'plain'}", "plain", "plain" },
    { "0c{}", "", NULL },
    { "13{'Printable'}", "Printable", "Printable" },
    { "16{'a@b.example'}", "a@b.example", "a@b.example" },
    { "12{'0123 45'}", "0123 45", "0123 45" },
    { "1a{'visible'}", "visible", "visible" },
    { "0c{'Bäckerei Müller'}", "Bäckerei Müller", "Bäckerei Müller" },
    { "14{'B' e4 'ckerei'}", "Bäckerei", "Bäckerei" },
    { "13{'B' e4}", "Bä", "Bä" },
    { "1e{0042 00e4 2603}", "Bä☃", "Bä☃" },
    { "1e{d83d de00}", "😀", "😀" },
    { "1e{d83d}", "#1e02d83d", "\xef\xbf\xbd" },
    { "1e{004200}", "#1e03004200", "B\xef\xbf\xbd" },
    { "1c{00000042 0001f600}", "B😀", "B😀" },
    { "1c{00110000}", "#1c0400110000", "\xef\xbf\xbd" },
    { "0c{'a' ff 'b'}", "a\\FFb", "a\xef\xbf\xbd" "b" },
    { "0c{c3}", "\\C3", "\xef\xbf\xbd" },
    { "0c{'a,b+c\"d\\e<f>g;h=i'}", "a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h=i", "a,b+c\"d\\e<f>g;h=i" },
    { "0c{' lead'}", "\\ lead", " lead" },
    { "0c{'trail '}", "trail\\ ", "trail " },
    { "0c{' '}", "\\ ", " " },
    { "0c{'  '}", "\\ \\ ", "  " },
    { "0c{'#hash'}", "\\#hash", "#hash" },
    { "0c{'a#b'}", "a#b", "a#b" },
    { "1e{0023 0031}", "\\#1", "#1" },
    { "1e{0020 0031 0020}", "\\ 1\\ ", " 1 " },
    { "0c{'a' 00 'b'}", "a\\00b", NULL },
    { "0c{'a' 0a 1b 'b'}", "a\\0A\\1Bb", "a\xef\xbf\xbd\xef\xbf\xbd" "b" },
    { "0c{7f}", "\\7F", "\xef\xbf\xbd" },
    { "0c{'a' c285 'b'}", "a\\C2\\85b", "a\xef\xbf\xbd" "b" },
    { "14{'a' 85}", "a\\C2\\85", "a\xef\xbf\xbd" },
    { "03{00aabb}", "#030300aabb", NULL },
    { "02{01}", "#020101", NULL },
    { "30{0c{'a'}}", "#30030c0161", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *notation = g_strdup_printf ("30{31{30{06{<2.5.4.3>} %s}}}", cases[i].value);
      g_autofree char *wanted = g_strconcat ("CN=", cases[i].text, NULL);
      g_auto(TillName) name = { NULL, };

      g_test_message ("%s", cases[i].value);
      g_assert_true (read_name (notation, &name));
      g_assert_cmpstr (name.text, ==, wanted);
      if (strstr (cases[i].value, "00 'b'") == NULL)
        g_assert_cmpstr (name.common_name, ==, cases[i].plain);
      g_assert_true (g_utf8_validate (name.text, -1, NULL));
    }
}

static void
test_shape (void)
{
  static const struct
  {
    const char *name;
    const char *text;
    const char *common_name;
    const char *organization;
    const char *unit;
    const char *user;
    const char *brief;
  } cases[] = {
    { "3000", "", NULL, NULL, NULL, NULL, "" },
    { "30{3100}", "", NULL, NULL, NULL, NULL, "" },
    { "30{31{30{06{<2.5.4.6>} 13{'DE'}}} 31{30{06{<2.5.4.10>} 0c{'Example'}}}}",
      "O=Example,C=DE", NULL, "Example", NULL, NULL, "Example" },
    { "30{31{30{06{<2.5.4.6>} 13{'DE'}}}}", "C=DE", NULL, NULL, NULL, NULL, "C=DE" },
    { "30{31{30{06{<2.5.4.3>} 0c{'first'}}} 31{30{06{<2.5.4.3>} 0c{'last'}}}}",
      "CN=last,CN=first", "last", NULL, NULL, NULL, "last" },
    { "30{31{30{06{<2.5.4.3>} 0c{'a'}} 30{06{<0.9.2342.19200300.100.1.1>} 0c{'b'}}} 31{30{06{<2.5.4.11>} 0c{'c'}}}}",
      "OU=c,CN=a+UID=b", "a", NULL, "c", "b", "a" },
    { "30{31{30{06{<1.2.3.4>} 0c{'x'}}}}", "1.2.3.4=#0c0178", NULL, NULL, NULL, NULL, "1.2.3.4=#0c0178" },
    { "30{31{30{06{<2.5.4.45>} 03{00aa}}}}", "x500UniqueIdentifier=#030200aa", NULL, NULL, NULL, NULL,
      "x500UniqueIdentifier=#030200aa" },
    { "30{31{30{06{<1.2.840.113549.1.9.1>} 16{'a@b'}}} 31{30{06{<2.5.4.5>} 13{'7'}}} 31{30{06{<2.5.4.4>} 0c{'s'}}}"
      "   31{30{06{<2.5.4.42>} 0c{'g'}}} 31{30{06{<2.5.4.8>} 0c{'st'}}} 31{30{06{<2.5.4.9>} 0c{'str'}}}"
      "   31{30{06{<0.9.2342.19200300.100.1.25>} 16{'dc'}}} 31{30{06{<1.3.6.1.4.1.311.60.2.1.3>} 13{'US'}}}"
      "   31{30{06{<2.5.4.97>} 0c{'PSDDE-1'}}} 31{30{06{<2.5.4.15>} 0c{'b'}}}}",
      "businessCategory=b,organizationIdentifier=PSDDE-1,jurisdictionC=US,DC=dc,STREET=str,ST=st,GN=g,SN=s,"
      "serialNumber=7,emailAddress=a@b", NULL, NULL, NULL, NULL, NULL },
  };
  static const char * const broken[] = {
    "02{01}", "30{02{01}}", "30{31{02{01}}}", "30{31{30{06{<2.5.4.3>}}}}", "30{31{30{06{<2.5.4.3>} 0c{} 0c{}}}}",
    "30{31{30{06{} 0c{}}}}", "30{31{30{06{8001} 0c{}}}}", "30{31{30{06{2a81} 0c{}}}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(TillName) name = { NULL, };
      g_autofree char *brief = NULL;

      g_assert_true (read_name (cases[i].name, &name));
      g_assert_cmpstr (name.text, ==, cases[i].text);
      g_assert_cmpstr (name.common_name, ==, cases[i].common_name);
      g_assert_cmpstr (name.organization, ==, cases[i].organization);
      g_assert_cmpstr (name.organizational_unit, ==, cases[i].unit);
      g_assert_cmpstr (name.user_id, ==, cases[i].user);
      brief = till_name_dup_short (&name);
      g_assert_cmpstr (brief, ==, cases[i].brief != NULL ? cases[i].brief : cases[i].text);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      TillName name;

      g_assert_false (read_name (broken[i], &name));
    }
}

/* More parts than fit the room on the stack. */
static void
test_long (void)
{
  GString *notation = g_string_new ("30{");
  GString *wanted = g_string_new (NULL);
  g_auto(TillName) name = { NULL, };

  for (guint i = 0; i < 500; i++)
    {
      g_string_append_printf (notation, "31{30{06{<2.5.4.11>} 0c{'%u'}}}", i);
      g_string_append_printf (wanted, "%sOU=%u", i > 0 ? "," : "", 499 - i);
    }
  g_string_append_c (notation, '}');

  g_assert_true (read_name (notation->str, &name));
  g_assert_cmpstr (name.text, ==, wanted->str);
  g_assert_cmpstr (name.organizational_unit, ==, "499");
  g_string_free (notation, TRUE);
  g_string_free (wanted, TRUE);
}

/* Against openssl, for what both write in the same way. */
static void
test_second_opinion (void)
{
  static const char * const subjects[] = {
    "/C=DE/ST=Hamburg/L=Altona/O=Bäckerei \\\\/ Söhne, Inc./OU=#1/CN=a\\\\+b \\\"c\\\"",
    "/DC=example/DC=shop/UID=7/CN=last ",
    "/CN=日本語/O= lead",
  };
  g_autoptr(TillTestDir) dir = till_test_dir_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (subjects); i++)
    {
      g_autoptr(GBytes) der = NULL;
      g_autofree char *printed = NULL;
      g_autofree char *wanted = NULL;
      TillDer walk;
      TillDerElement element;
      TillDer whole;
      g_auto(TillName) name = { NULL, };

      fixture_make (dir, "openssl req -new -utf8 -newkey ed25519 -nodes -keyout key.pem -outform DER -out name.der"
                         " -multivalue-rdn -subj \"%s\"", subjects[i]);
      printed = fixture_run (dir, "openssl req -inform DER -in name.der -noout -subject"
                                  " -nameopt RFC2253,utf8,-esc_msb");
      wanted = g_strdup (printed + strlen ("subject="));
      wanted[strcspn (wanted, "\n")] = '\0';

      der = fixture_load (dir, "name.der");
      till_der_init (&walk, g_bytes_get_data (der, NULL), g_bytes_get_size (der));
      g_assert_true (till_der_read (&walk, &element));
      walk = element.content;
      g_assert_true (till_der_read (&walk, &element));
      walk = element.content;
      g_assert_true (till_der_read_tag (&walk, TILL_DER_INTEGER, &element));
      g_assert_true (till_name_read (&walk, &name, &whole));
      g_assert_cmpstr (name.text, ==, wanted);
    }
}

static void
test_general (void)
{
  static const struct
  {
    const char *name;
    const char *text;
  } cases[] = {
    { "82{'shop.example'}", "DNS:shop.example" },
    { "82{}", "DNS:" },
    { "82{'a' 00 'b'}", "DNS:a\\00b" },
    { "82{'b' c3bc 'cher.example'}", "DNS:bücher.example" },
    { "82{'b' fc 'cher.example'}", "DNS:bücher.example" },
    { "82{'b' fc '.' c3bc 0a}", "DNS:bü.Ã¼\\0A" },
    { "81{'a@b'}", "email:a@b" },
    { "86{'https://a/'}", "URI:https://a/" },
    { "87{c0000207}", "IP:192.0.2.7" },
    { "87{00000000000000000000000000000000}", "IP:::" },
    { "87{00000000000000000000000000000001}", "IP:::1" },
    { "87{20010db8000000000000000000000007}", "IP:2001:db8::7" },
    { "87{20010db8000000010000000000000007}", "IP:2001:db8:0:1::7" },
    { "87{20010db8000100020003000400050006}", "IP:2001:db8:1:2:3:4:5:6" },
    { "87{20010000000100020003000400050006}", "IP:2001:0:1:2:3:4:5:6" },
    { "87{20010db8000000000001000000000000}", "IP:2001:db8:0:0:1::" },
    { "87{ff00}", "IP:#ff00" },
    { "87{}", "IP:#" },
    { "88{2a030405}", "RID:1.2.3.4.5" },
    { "a4{30{31{30{06{<2.5.4.3>} 0c{'a,b'}}}}}", "dirName:CN=a\\,b" },
    { "a4{3000}", "dirName:" },
    { "a0{06{<1.3.6.1.4.1.311.20.2.3>} a0{0c{'a@shop'}}}", "otherName:1.3.6.1.4.1.311.20.2.3;UTF8:a@shop" },
    { "a0{06{<1.3.6.1.5.5.7.8.7>} a0{16{'_xmpp.example'}}}", "otherName:1.3.6.1.5.5.7.8.7;IA5:_xmpp.example" },
    { "a0{06{<1.2.3>} a0{1e{0042}}}", "otherName:1.2.3;TEXT:B" },
    { "a0{06{<1.2.3>} a0{30{02{01}}}}", "otherName:1.2.3;#3003020101" },
    { "a3{30{}}", "x400Name:#3000" },
    { "a5{81{'p'}}", "ediPartyName:#810170" },
    { "a0{02{01}}", NULL },
    { "a0{06{<1.2.3>}}", NULL },
    { "a4{02{01}}", NULL },
    { "88{}", NULL },
    { "89{00}", NULL },
    { "02{01}", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) der = fixture_der (cases[i].name);
      g_autofree char *text = NULL;
      TillDer walk;

      till_der_init (&walk, g_bytes_get_data (der, NULL), g_bytes_get_size (der));
      text = till_name_read_general (&walk, FALSE);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_masks (void)
{
  static const struct
  {
    const char *octets;
    const char *text;
  } cases[] = {
    { "0a000000 ff000000", "10.0.0.0/8" },
    { "c0000200 ffffff00", "192.0.2.0/24" },
    { "00000000 00000000", "0.0.0.0/0" },
    { "c0000207 ffffffff", "192.0.2.7/32" },
    { "c0000200 ff00ff00", "192.0.2.0/255.0.255.0" },
    { "20010db8000000000000000000000000 ffffffff000000000000000000000000", "2001:db8::/32" },
    { "0a0000", "#0a0000" },
    { "0a000000", "#0a000000" },
    { "0a000000ff000000ff", "#0a000000ff000000ff" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) octets = fixture_der (cases[i].octets);
      g_autofree char *text = NULL;
      TillDer content;

      till_der_init (&content, g_bytes_get_data (octets, NULL), g_bytes_get_size (octets));
      text = till_name_dup_address (&content, TRUE);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* One that can't be read is left out; a list that ends too soon does not run on. */
static void
test_general_list (void)
{
  g_autoptr(GBytes) good = fixture_der ("82{'a'} 81{'b@c'}");
  g_autoptr(GBytes) holes = fixture_der ("82{'a'} 89{00} 82{'b'}");
  g_autoptr(GBytes) cut = fixture_der ("82{'a'} 8205 'abc'");
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  TillDer names;

  till_der_init (&names, g_bytes_get_data (good, NULL), g_bytes_get_size (good));
  g_assert_true (till_name_read_general_names (names, FALSE, list));
  g_assert_cmpuint (list->len, ==, 2);

  till_der_init (&names, g_bytes_get_data (holes, NULL), g_bytes_get_size (holes));
  g_assert_false (till_name_read_general_names (names, FALSE, list));
  g_assert_cmpuint (list->len, ==, 4);
  g_assert_cmpstr (list->pdata[3], ==, "DNS:b");

  till_der_init (&names, g_bytes_get_data (cut, NULL), g_bytes_get_size (cut));
  g_assert_false (till_name_read_general_names (names, FALSE, list));
  g_assert_cmpuint (list->len, ==, 5);
}

static void
test_matches (void)
{
  static const struct
  {
    const char *a;
    const char *b;
    gboolean    same;
  } cases[] = {
    { "CN=a", "CN=a", TRUE },
    { "CN=A", "CN=a", TRUE },
    { "CN=a  b", "CN=A b", TRUE },
    { "CN=ÄÖ", "CN=äö", TRUE },
    { "CN=Straße", "CN=straße", TRUE },
    { "CN=\xe2\x84\xaa", "CN=k", FALSE },
    { "CN=a\\ ", "CN=a ", TRUE },
    { "CN=a", "CN=b", FALSE },
    { "CN=a", "CN=a,O=b", FALSE },
    { "CN=a b", "CN=ab", FALSE },
    { "CN=a\\,b", "CN=a,b", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (till_name_text_matches (cases[i].a, cases[i].b), ==, cases[i].same);
      if (cases[i].same)
        g_assert_cmpuint (till_name_text_hash (cases[i].a), ==, till_name_text_hash (cases[i].b));
    }

  g_assert_cmpuint (till_name_text_hash ("CN=a"), !=, till_name_text_hash ("CN=b"));
}

static void
test_hex (void)
{
  guint8 octets[300];
  g_autofree char *longest = NULL;
  g_autofree char *too_long = NULL;
  g_autofree char *none = till_name_dup_hex (NULL, 0);

  memset (octets, 0xab, sizeof octets);
  longest = till_name_dup_hex (octets, 256);
  too_long = till_name_dup_hex (octets, 257);
  g_assert_cmpstr (none, ==, "#");
  g_assert_cmpuint (strlen (longest), ==, 1 + 512);
  g_assert_true (g_str_has_prefix (too_long, longest));
  g_assert_true (g_str_has_suffix (too_long, "b…"));
}

static void
test_oids (void)
{
  static const struct
  {
    const char *octets;
    const char *text;
  } cases[] = {
    { "00", "0.0" }, { "27", "0.39" }, { "28", "1.0" }, { "4f", "1.39" }, { "50", "2.0" }, { "8837", "2.999" },
    { "2a864886f70d", "1.2.840.113549" },
    { "6983ffffffffffffffffffffffffffffffffff7f", "2.25.340282366920938463463374607431768211455" },
    { "", NULL }, { "80", NULL }, { "2a8001", NULL }, { "2a86", NULL },
    { "6987ffffffffffffffffffffffffffffffffff7f", NULL },
  };
  char text[TILL_OID_SIZE];
  guint8 many[100];
  TillDer content;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) octets = fixture_der (cases[i].octets);

      till_der_init (&content, g_bytes_get_data (octets, NULL), g_bytes_get_size (octets));
      g_assert_cmpint (till_oid_format (&content, text), ==, cases[i].text != NULL);
      if (cases[i].text != NULL)
        g_assert_cmpstr (text, ==, cases[i].text);
    }

  /* Arcs of one digit up to the room there is, and one more. */
  memset (many, 0x01, sizeof many);
  till_der_init (&content, many, 94);
  g_assert_true (till_oid_format (&content, text));
  g_assert_cmpuint (strlen (text), ==, 3 + 93 * 2);
  till_der_init (&content, many, 96);
  g_assert_false (till_oid_format (&content, text));
}

/* A table that is not sorted loses entries: the first and last of each, and some between. */
static void
test_oid_names (void)
{
  g_assert_cmpstr (till_oid_attribute_name ("0.9.2342.19200300.100.1.1"), ==, "UID");
  g_assert_cmpstr (till_oid_attribute_name ("2.5.4.97"), ==, "organizationIdentifier");
  g_assert_cmpstr (till_oid_attribute_name ("2.5.4.3"), ==, "CN");
  g_assert_cmpstr (till_oid_purpose_name ("1.3.6.1.5.5.7.3.1"), ==, "serverAuth");
  g_assert_cmpstr (till_oid_purpose_name ("1.3.6.1.5.5.7.3.9"), ==, "OCSPSigning");
  g_assert_cmpstr (till_oid_purpose_name ("2.5.29.37.0"), ==, "anyExtendedKeyUsage");
  g_assert_cmpstr (till_oid_purpose_name ("1.2.840.113635.100.4.14"), ==, "applePassTypeSigning");
  g_assert_cmpstr (till_oid_extension_name ("2.5.29.9"), ==, "Subject directory attributes");
  g_assert_cmpstr (till_oid_extension_name ("1.2.840.113635.100.6.1.16"), ==, "Apple pass type");
  g_assert_cmpstr (till_oid_policy_name ("2.23.140.1.2.1"), ==, "domain validated");
  g_assert_cmpstr (till_oid_policy_name ("2.5.29.32.0"), ==, "any policy");
  g_assert_cmpstr (till_oid_find_curve ("1.3.132.0.34")->name, ==, "P-384");
  g_assert_cmpint (till_oid_find_curve ("1.3.36.3.3.2.8.1.1.13")->bits, ==, 512);
  g_assert_cmpstr (till_oid_find_key ("1.3.101.113")->name, ==, "Ed448");
  g_assert_cmpstr (till_oid_find_signature ("1.2.840.10045.4.3.4")->name, ==, "ECDSA-SHA512");
  g_assert_cmpstr (till_oid_find_digest ("2.16.840.1.101.3.4.2.10")->name, ==, "SHA3-512");
  g_assert_null (till_oid_attribute_name ("2.5.4"));
  g_assert_null (till_oid_find_key ("1.2.3"));
  g_assert_true (till_oid_check_tables ());
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/name/strings", test_strings);
  g_test_add_func ("/name/shape", test_shape);
  g_test_add_func ("/name/long", test_long);
  g_test_add_func ("/name/second-opinion", test_second_opinion);
  g_test_add_func ("/name/general", test_general);
  g_test_add_func ("/name/masks", test_masks);
  g_test_add_func ("/name/general-list", test_general_list);
  g_test_add_func ("/name/matches", test_matches);
  g_test_add_func ("/name/hex", test_hex);
  g_test_add_func ("/oid/dotted", test_oids);
  g_test_add_func ("/oid/names", test_oid_names);

  return g_test_run ();
}
