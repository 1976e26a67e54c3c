/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How `inspect` writes what files rarely hold: a document made by hand, word by word. */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "inspect-json.h"
#include "inspect-rows.h"
#include "inspect-text.h"
#include "inspect-words.h"
#include "till-document.h"
#include "till-error.h"
#include "till-time.h"

#define NOW G_GINT64_CONSTANT (1795000000)      /* 2026-11-18T11:06:40Z */
#define DAY (24 * 60 * 60)

static char *no_strings[] = { NULL };

/* The parts of a document, all empty. */
static TillDocument *
make_document (void)
{
  TillDocument *self = g_new0 (TillDocument, 1);

  self->certificates = g_ptr_array_new ();
  self->private_keys = g_array_new (FALSE, TRUE, sizeof (TillPrivateKeyEntry));
  self->public_keys = g_ptr_array_new ();
  self->requests = g_ptr_array_new ();
  self->crls = g_ptr_array_new ();
  self->skipped = g_ptr_array_new ();
  self->leaves = g_array_new (FALSE, FALSE, sizeof (guint));

  return self;
}

static void
free_document (TillDocument *self)
{
  g_ptr_array_unref (self->certificates);
  g_array_unref (self->private_keys);
  g_ptr_array_unref (self->public_keys);
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->crls);
  g_ptr_array_unref (self->skipped);
  g_array_unref (self->leaves);
  g_free (self);
}

static void
init_certificate (TillCertificate *self)
{
  memset (self, 0, sizeof *self);
  self->subject = (char *) "CN=Shop\x1b[1m";
  self->common_name = (char *) "Shop";
  self->issuer = (char *) "";
  self->issuer_name = (char *) "";
  self->serial = (char *) "-0102030405060708090a0b0c0d0e0f1011121314";
  self->version = 1;
  self->not_before = NOW - 100 * DAY;
  self->not_after = NOW + 400 * DAY;
  self->key_algorithm = "1.2.3.4";
  self->signature_algorithm = "RSA-SHA1";
  self->subject_alt_names = no_strings;
  self->key_usage = no_strings;
  self->extended_key_usage = no_strings;
  strcpy (self->sha256, "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
  strcpy (self->sha1, "00112233445566778899aabbccddeeff00112233");
}

/* What a writer wrote: it goes through a pipe, as standard output does. */
typedef struct
{
  TillCliOutput output;
  int           read_fd;
} Capture;

static void
capture_start (Capture *self)
{
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  till_cli_output_init (&self->output, fds[1]);
  self->read_fd = fds[0];
}

static char *
capture_end (Capture *self)
{
  char *text = g_malloc0 (65536);
  gssize length;

  g_assert_true (till_cli_output_finish (&self->output, NULL));
  close (self->output.fd);
  length = read (self->read_fd, text, 65535);
  g_assert_cmpint (length, >=, 0);
  close (self->read_fd);

  return text;
}

static char *
write_text (const TillDocument *document)
{
  Capture capture;

  capture_start (&capture);
  till_inspect_text_write (&capture.output, "odd", document, NOW, FALSE);

  return capture_end (&capture);
}

static char *
write_json (const TillDocument *document)
{
  TillJsonWriter writer;
  Capture capture;

  capture_start (&capture);
  till_json_writer_init (&writer, capture.output.text, FALSE);
  till_inspect_json_write (&writer, &capture.output, "odd", document, NOW, FALSE);

  return capture_end (&capture);
}

static void
test_certificate (void)
{
  TillDocument *document = make_document ();
  g_autofree char *text = NULL;
  g_autofree char *json = NULL;
  TillCertificate certificate;

  init_certificate (&certificate);
  certificate.not_before = TILL_TIME_INVALID;
  certificate.not_after = TILL_TIME_NEVER;
  certificate.weakness = TILL_WEAK_SMALL_KEY | TILL_WEAK_HASH;
  certificate.is_pass = TRUE;
  certificate.nfc = TRUE;
  certificate.apple_intermediate = (char *) "Apple WWDR G4";
  certificate.pass_type_id = (char *) "pass.com.example";
  certificate.friendly_name = (char *) "a\nb";
  document->kind = TILL_DOCUMENT_CERTIFICATE;
  document->notes = TILL_NOTE_BLOCKS_SKIPPED | TILL_NOTE_TRAILING_BYTES;
  g_ptr_array_add (document->certificates, &certificate);
  g_ptr_array_add (document->skipped, (char *) "DH PARAMETERS");
  g_ptr_array_add (document->skipped, (char *) "X\tY");

  text = write_text (document);
  g_assert_cmpstr (text, ==,
                   "odd\n"
                   "  Kind              certificate\n"
                   "  Holds             1 certificate\n"
                   "  Password          not needed\n"
                   "\n"
                   "Certificate\n"
                   "  State             expired: its times make no sense\n"
                   "  Subject           CN=Shop\\x1b[1m\n"
                   "  Issuer            (empty)\n"
                   "  Starts            not a valid time\n"
                   "  Ends              no end date\n"
                   "  Pass type ID      pass.com.example\n"
                   "  NFC               supported\n"
                   "  Apple issuer      Apple WWDR G4\n"
                   "  Friendly name     a\\x0ab\n"
                   "  Key               1.2.3.4\n"
                   "  Signed with       RSA-SHA1\n"
                   "  Issues others     no\n"
                   "  Weak              the key is too short\n"
                   "                    signed with a hash that can be forged\n"
                   "  Serial number     -0102 0304 0506 0708 090a 0b0c 0d0e 0f10\n"
                   "                    1112 1314\n"
                   "  SHA-256           0011 2233 4455 6677 8899 aabb ccdd eeff\n"
                   "                    0011 2233 4455 6677 8899 aabb ccdd eeff\n"
                   "  SHA-1             0011 2233 4455 6677 8899 aabb ccdd eeff\n"
                   "                    0011 2233\n"
                   "\n"
                   "Notes\n"
                   "  There are bytes behind the end; they were left out.\n"
                   "  PEM blocks of other kinds were left out: DH PARAMETERS, X\\x09Y.\n");

  json = write_json (document);
  g_assert_cmpstr (json, ==,
                   "{\"file\":\"odd\",\"kind\":\"certificate\",\"encrypted\":false,\"certificates\":["
                   "{\"subject\":\"CN=Shop\\u001b[1m\",\"issuer\":\"\","
                   "\"serial\":\"-0102030405060708090a0b0c0d0e0f1011121314\",\"version\":1,"
                   "\"notBefore\":null,\"notAfter\":\"9999-12-31T23:59:59Z\",\"state\":\"expired\","
                   "\"keyAlgorithm\":\"1.2.3.4\",\"keyBits\":null,\"curve\":null,\"signatureAlgorithm\":\"RSA-SHA1\","
                   "\"subjectAltNames\":[],\"keyUsage\":[],\"extendedKeyUsage\":[],\"isCa\":false,"
                   "\"sha256\":\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\","
                   "\"sha1\":\"00112233445566778899aabbccddeeff00112233\",\"publicKeySha256\":null,"
                   "\"passTypeId\":\"pass.com.example\",\"teamId\":null,\"friendlyName\":\"a\\nb\","
                   "\"selfSigned\":false,\"weak\":[\"small-key\",\"weak-hash\"],\"notYetValid\":false,"
                   "\"nfc\":true,\"appleIntermediate\":\"Apple WWDR G4\"}],"
                   "\"privateKeys\":[],\"requests\":[],\"chain\":null,\"protection\":null,"
                   "\"publicKeys\":[],\"crls\":[],\"notes\":[\"trailing-bytes\",\"blocks-skipped\"],"
                   "\"skipped\":[\"DH PARAMETERS\",\"X\\tY\"]}");
  free_document (document);
}

static void
test_key_and_protection (void)
{
  char *encryption[] = { (char *) "RC2-40-CBC", (char *) "3DES-CBC", NULL };
  TillProtection protection = { .iterations = 10, .encryption = encryption,
                                .weakness = TILL_WEAK_CIPHER | TILL_WEAK_ITERATIONS | TILL_WEAK_NO_MAC };
  TillKey key = { .is_private = TRUE, .algorithm = "Ed25519", .bits = 256, .curve = "Ed25519" };
  TillPrivateKeyEntry stranger = { .key = &key, .matches = 0, .certificate = -1 };
  TillPrivateKeyEntry alone = { .key = &key, .matches = -1, .certificate = -1 };
  TillDocument *document = make_document ();
  g_autofree char *text = NULL;
  g_autofree char *json = NULL;

  document->kind = TILL_DOCUMENT_PKCS12;
  document->encrypted = TRUE;
  document->protection = &protection;
  g_array_append_val (document->private_keys, stranger);
  g_array_append_val (document->private_keys, alone);

  text = write_text (document);
  g_assert_cmpstr (text, ==,
                   "odd\n"
                   "  Kind              PKCS #12 file\n"
                   "  Holds             2 private keys\n"
                   "  Password          needed\n"
                   "\n"
                   "Private key 1 of 2\n"
                   "  Key               Ed25519, 256 bits\n"
                   "  Belongs to        none of these certificates\n"
                   "\n"
                   "Private key 2 of 2\n"
                   "  Key               Ed25519, 256 bits\n"
                   "\n"
                   "Protection\n"
                   "  Integrity         none\n"
                   "  Encryption        RC2-40-CBC, 3DES-CBC\n"
                   "  Rounds            10\n"
                   "  Weak              encrypted with a cipher of old times\n"
                   "                    the password can be tried very fast: under 1,000 rounds\n"
                   "                    nothing shows whether the file was altered\n");

  json = write_json (document);
  g_assert_nonnull (strstr (json, "{\"algorithm\":\"Ed25519\",\"bits\":256,\"curve\":\"Ed25519\","
                                  "\"matchesCertificate\":false,\"certificate\":null,\"publicKeySha256\":null,"
                                  "\"friendlyName\":null,\"weak\":[]},"
                                  "{\"algorithm\":\"Ed25519\",\"bits\":256,\"curve\":\"Ed25519\","
                                  "\"matchesCertificate\":null,"));
  g_assert_nonnull (strstr (json, "\"protection\":{\"mac\":null,\"iterations\":10,"
                                  "\"encryption\":[\"RC2-40-CBC\",\"3DES-CBC\"],\"weak\":true,"
                                  "\"weaknesses\":[\"weak-cipher\",\"few-iterations\",\"no-mac\"]}"));
  free_document (document);
}

static void
test_nothing (void)
{
  TillDocument *document = make_document ();
  g_autofree char *text = NULL;

  document->kind = TILL_DOCUMENT_PKCS7;
  text = write_text (document);
  g_assert_cmpstr (text, ==,
                   "odd\n"
                   "  Kind              PKCS #7 bundle\n"
                   "  Holds             nothing\n"
                   "  Password          not needed\n");
  free_document (document);
}

static void
test_states (void)
{
  static const struct
  {
    gint64      starts, ends;
    const char *line;
    gboolean    not_yet;
  } cases[] = {
    { NOW - 100 * DAY, NOW + 400 * DAY, "  State             fine: ends in 400 days\n", FALSE },
    { NOW - 360 * DAY, NOW + 30 * DAY, "  State             soon: ends in 30 days\n", FALSE },
    { NOW - 360 * DAY, NOW + 2 * DAY - 1, "  State             act now: ends in 1 day\n", FALSE },
    { NOW - 360 * DAY, NOW + 60, "  State             act now: ends in less than a day\n", FALSE },
    { NOW - 360 * DAY, NOW - 60, "  State             expired less than a day ago\n", FALSE },
    { NOW - 360 * DAY, NOW - 3 * DAY, "  State             expired 3 days ago\n", FALSE },
    { NOW + 3 * DAY, NOW + 400 * DAY, "  State             not valid yet: starts in 3 days\n", TRUE },
    { NOW - 360 * DAY, TILL_TIME_INVALID, "  State             expired: its times make no sense\n", FALSE },
    { NOW + 3 * DAY, NOW + DAY, "  State             expired: its times make no sense\n", TRUE },
    { NOW - 360 * DAY, TILL_TIME_NEVER, "  State             fine: has no end date\n", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TillDocument *document = make_document ();
      g_autofree char *text = NULL;
      g_autofree char *json = NULL;
      TillCertificate certificate;

      init_certificate (&certificate);
      certificate.not_before = cases[i].starts;
      certificate.not_after = cases[i].ends;
      g_ptr_array_add (document->certificates, &certificate);

      text = write_text (document);
      g_test_message ("%s%s", cases[i].line, text);
      g_assert_nonnull (strstr (text, cases[i].line));
      json = write_json (document);
      g_assert_nonnull (strstr (json, cases[i].not_yet ? "\"notYetValid\":true" : "\"notYetValid\":false"));
      free_document (document);
    }
}

static void
test_request_and_list (void)
{
  char *names[] = { (char *) "DNS:a.example", (char *) "DNS:b.example", NULL };
  TillRequest request = { .subject = (char *) "", .key_algorithm = "EC", .key_bits = 256, .curve = "P-256",
                          .signature_algorithm = "ECDSA-SHA256", .subject_alt_names = names };
  TillCrl crl = { .issuer = (char *) "CN=CA", .issuer_name = (char *) "CA", .this_update = NOW,
                  .next_update = TILL_TIME_INVALID, .signature_algorithm = "ECDSA-SHA256", .n_revoked = 3,
                  .revoked_serials = no_strings };
  TillDocument *document = make_document ();
  g_autofree char *text = NULL;
  g_autofree char *json = NULL;

  document->kind = TILL_DOCUMENT_CSR;
  g_ptr_array_add (document->requests, &request);
  g_ptr_array_add (document->crls, &crl);

  text = write_text (document);
  g_assert_cmpstr (text, ==,
                   "odd\n"
                   "  Kind              certificate request\n"
                   "  Holds             1 request, 1 revocation list\n"
                   "  Password          not needed\n"
                   "\n"
                   "Certificate request\n"
                   "  Subject           (empty)\n"
                   "  Also named        DNS:a.example\n"
                   "                    DNS:b.example\n"
                   "  Key               EC P-256, 256 bits\n"
                   "  Signed with       ECDSA-SHA256\n"
                   "\n"
                   "Revocation list\n"
                   "  Issuer            CN=CA\n"
                   "  Made              18 November 2026, 11:06 UTC\n"
                   "  Signed with       ECDSA-SHA256\n"
                   "  Revoked           3\n");

  json = write_json (document);
  g_assert_nonnull (strstr (json, "\"crls\":[{\"issuer\":\"CN=CA\",\"thisUpdate\":\"2026-11-18T11:06:40Z\","
                                  "\"nextUpdate\":null,\"number\":null,\"signatureAlgorithm\":\"ECDSA-SHA256\","
                                  "\"revokedCount\":3}]"));
  free_document (document);
}

/* Words are a promise to scripts: each once, and each bit has one. */
static void
test_words (void)
{
  static const TillInspectWord * const tables[] = { till_inspect_weakness_words, till_inspect_note_words };
  static const guint all[] = { (TILL_WEAK_NO_PASSWORD << 1) - 1, (TILL_NOTE_BER << 1) - 1 };

  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    {
      g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
      guint flags = 0;

      for (const TillInspectWord *word = tables[t]; word->flag != 0; word++)
        {
          g_assert_true (g_hash_table_add (seen, (char *) word->word));
          g_assert_cmpuint (flags & word->flag, ==, 0);
          g_assert_true (g_regex_match_simple ("^[a-z0-9]+(-[a-z0-9]+)*$", word->word, 0, 0));
          g_assert_false (g_str_has_suffix (word->sentence, "."));
          flags |= word->flag;
        }

      g_assert_cmphex (flags, ==, all[t]);
    }
}

static void
test_error (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) own = NULL;
  g_autoptr(GError) other = NULL;
  TillJsonWriter writer;

  till_set_error (&own, TILL_ERROR_DAMAGED, TILL_REASON_NONE, NULL, NULL, "it “ends” early\x1b");
  other = g_error_new (G_FILE_ERROR, G_FILE_ERROR_FAILED, "something else");

  till_json_writer_init (&writer, text, FALSE);
  till_json_writer_begin_array (&writer);
  till_inspect_json_write_error (&writer, "bad\xff", own);
  till_inspect_json_write_error (&writer, "b", other);
  till_json_writer_end_array (&writer);
  g_assert_cmpstr (text->str, ==,
                   "[{\"file\":\"bad\xef\xbf\xbd\",\"error\":{\"code\":\"damaged\","
                   "\"message\":\"it “ends” early\\u001b\"}},"
                   "{\"file\":\"b\",\"error\":{\"code\":\"internal\",\"message\":\"something else\"}}]");
}

static void
test_times (void)
{
  static const struct
  {
    gint64      seconds;
    const char *text;
  } cases[] = {
    { 0, "1 January 1970, 00:00 UTC" },
    { -631152000, "1 January 1950, 00:00 UTC" },
    { 1803988800, "2 March 2027, 12:00 UTC" },
    { TILL_TIME_NEVER, "no end date" },
    { TILL_TIME_NEVER - 1, "31 December 9999, 23:59 UTC" },
    { TILL_TIME_INVALID, "not a valid time" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = till_inspect_format_time (cases[i].seconds);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/inspect-output/certificate", test_certificate);
  g_test_add_func ("/inspect-output/key-and-protection", test_key_and_protection);
  g_test_add_func ("/inspect-output/nothing", test_nothing);
  g_test_add_func ("/inspect-output/states", test_states);
  g_test_add_func ("/inspect-output/request-and-list", test_request_and_list);
  g_test_add_func ("/inspect-output/words", test_words);
  g_test_add_func ("/inspect-output/error", test_error);
  g_test_add_func ("/inspect-output/times", test_times);

  return g_test_run ();
}
