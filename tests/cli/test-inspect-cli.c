/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `tillkeeperctl inspect` writes about good files: JSON, text, several files, passwords. */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "cli-child.h"

static TillTestDir *dir;

static const CliInput with_password = { .password = CLI_PASSWORD };

static char *
fixture (const char *name)
{
  return till_test_dir_file (dir, name);
}

static void
assert_members (JsonObject *object,
                const char *expected)
{
  g_autoptr(GList) members = json_object_get_members (object);
  g_autoptr(GString) joined = g_string_new (NULL);

  for (GList *l = members; l != NULL; l = l->next)
    g_string_append_printf (joined, "%s%s", joined->len > 0 ? " " : "", (const char *) l->data);

  g_assert_cmpstr (joined->str, ==, expected);
}

static void
assert_string (JsonObject *object,
               const char *member,
               const char *expected)
{
  JsonNode *node = json_object_get_member (object, member);

  g_test_message ("%s", member);
  g_assert_nonnull (node);

  if (expected == NULL)
    g_assert_true (JSON_NODE_HOLDS_NULL (node));
  else
    g_assert_cmpstr (json_node_get_string (node), ==, expected);
}

static void
assert_int (JsonObject *object,
            const char *member,
            gint64      expected)
{
  g_test_message ("%s", member);
  g_assert_cmpint (json_node_get_value_type (json_object_get_member (object, member)), ==, G_TYPE_INT64);
  g_assert_cmpint (json_object_get_int_member (object, member), ==, expected);
}

static void
assert_bool (JsonObject *object,
             const char *member,
             gboolean    expected)
{
  g_test_message ("%s", member);
  g_assert_cmpint (json_node_get_value_type (json_object_get_member (object, member)), ==, G_TYPE_BOOLEAN);
  g_assert_cmpint (json_object_get_boolean_member (object, member), ==, expected);
}

/* The elements of an array of strings or numbers, joined with blanks. */
static void
assert_array (JsonObject *object,
              const char *member,
              const char *expected)
{
  JsonArray *array = json_object_get_array_member (object, member);
  g_autoptr(GString) joined = g_string_new (NULL);

  g_test_message ("%s", member);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      g_string_append (joined, i > 0 ? " " : "");
      if (json_node_get_value_type (node) == G_TYPE_INT64)
        g_string_append_printf (joined, "%" G_GINT64_FORMAT, json_node_get_int (node));
      else
        g_string_append (joined, json_node_get_string (node));
    }

  g_assert_cmpstr (joined->str, ==, expected);
}

static void
assert_empty (JsonObject *object,
              const char *members)
{
  g_auto(GStrv) names = g_strsplit (members, " ", -1);

  for (guint i = 0; names[i] != NULL; i++)
    assert_array (object, names[i], "");
}

static JsonObject *
get_element (JsonObject *object,
             const char *member,
             guint       index)
{
  return json_array_get_object_element (json_object_get_array_member (object, member), index);
}

/* The fingerprint that openssl prints, as we write it. */
static char *
ask_openssl (const char *file,
             const char *digest)
{
  const char *argv[] = { "openssl", "x509", "-in", file, "-noout", "-fingerprint", digest, NULL };
  g_autoptr(TillTestRun) run = till_test_run (argv, NULL, NULL);
  g_auto(GStrv) parts = NULL;
  g_autofree char *upper = NULL;

  g_assert_cmpint (run->status, ==, 0);
  g_strstrip (run->output);
  parts = g_strsplit (strchr (run->output, '=') + 1, ":", -1);
  upper = g_strjoinv ("", parts);

  return g_ascii_strdown (upper, -1);
}

static void
test_certificate (void)
{
  g_autofree char *file = fixture ("leaf.pem");
  g_autofree char *sha256 = ask_openssl (file, "-sha256");
  g_autofree char *sha1 = ask_openssl (file, "-sha1");
  g_autoptr(CliChild) child = cli_run (NULL, "inspect", "--json", file, NULL);
  JsonObject *root = cli_child_get_object (child);
  JsonObject *certificate, *chain;

  /* A pipe gets the document in one line. */
  g_assert_true (strchr (child->output, '\n') == child->output + child->output_size - 1);

  assert_members (root, "file kind encrypted certificates privateKeys requests chain protection "
                        "publicKeys crls notes skipped");
  assert_string (root, "file", file);
  assert_string (root, "kind", "certificate");
  assert_bool (root, "encrypted", FALSE);
  assert_empty (root, "privateKeys requests publicKeys crls notes skipped");
  assert_string (root, "protection", NULL);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (root, "certificates")), ==, 1);

  certificate = get_element (root, "certificates", 0);
  assert_members (certificate,
                  "subject issuer serial version notBefore notAfter state keyAlgorithm keyBits curve "
                  "signatureAlgorithm subjectAltNames keyUsage extendedKeyUsage isCa sha256 sha1 publicKeySha256 "
                  "passTypeId teamId friendlyName selfSigned weak notYetValid nfc appleIntermediate");
  g_assert_nonnull (strstr (json_object_get_string_member (certificate, "subject"),
                            "CN=Pass Type ID: pass.com.example.shop"));
  assert_string (certificate, "issuer", "CN=Example Issuing CA");
  assert_string (certificate, "serial", "1234");
  assert_int (certificate, "version", 3);
  assert_string (certificate, "notBefore", "2020-01-01T00:00:00Z");
  assert_string (certificate, "notAfter", "2090-01-01T00:00:00Z");
  assert_string (certificate, "state", "fine");
  assert_string (certificate, "keyAlgorithm", "RSA");
  assert_int (certificate, "keyBits", 2048);
  assert_string (certificate, "curve", NULL);
  assert_string (certificate, "signatureAlgorithm", "ECDSA-SHA256");
  assert_array (certificate, "subjectAltNames", "DNS:shop.example");
  assert_array (certificate, "keyUsage", "digitalSignature");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (certificate, "extendedKeyUsage")), ==, 2);
  assert_bool (certificate, "isCa", FALSE);
  assert_string (certificate, "sha256", sha256);
  assert_string (certificate, "sha1", sha1);
  g_assert_cmpuint (strlen (json_object_get_string_member (certificate, "publicKeySha256")), ==, 64);
  assert_string (certificate, "passTypeId", "pass.com.example.shop");
  assert_string (certificate, "teamId", "ABCDE12345");
  assert_string (certificate, "friendlyName", NULL);
  assert_bool (certificate, "selfSigned", FALSE);
  assert_array (certificate, "weak", "");
  assert_bool (certificate, "notYetValid", FALSE);
  assert_bool (certificate, "nfc", FALSE);
  assert_string (certificate, "appleIntermediate", NULL);

  chain = json_object_get_object_member (root, "chain");
  assert_members (chain, "order complete effectiveNotAfter endsBecause");
  assert_array (chain, "order", "0");
  assert_bool (chain, "complete", FALSE);
  assert_string (chain, "effectiveNotAfter", "2090-01-01T00:00:00Z");
  assert_string (chain, "endsBecause", "certificate");
}

static void
test_der (void)
{
  g_autofree char *pem = fixture ("leaf.pem");
  g_autofree char *der = fixture ("leaf.der");
  g_autoptr(CliChild) one = cli_run (NULL, "inspect", "--json", pem, NULL);
  g_autoptr(CliChild) two = cli_run (NULL, "inspect", "--json", der, NULL);
  JsonObject *a = get_element (cli_child_get_object (one), "certificates", 0);
  JsonObject *b = get_element (cli_child_get_object (two), "certificates", 0);

  g_assert_cmpuint (json_object_hash (a), ==, json_object_hash (b));
  g_assert_true (json_object_equal (a, b));
}

static void
test_pkcs12 (void)
{
  g_autofree char *file = fixture ("shop.p12");
  g_autoptr(CliChild) child = cli_run (&with_password, "inspect", "--json", "--password-fd", "3", file, NULL);
  JsonObject *root = cli_child_get_object (child);
  JsonObject *key, *protection, *chain, *leaf;

  assert_string (root, "kind", "pkcs12");
  assert_bool (root, "encrypted", TRUE);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (root, "certificates")), ==, 3);

  key = get_element (root, "privateKeys", 0);
  assert_members (key, "algorithm bits curve matchesCertificate certificate publicKeySha256 friendlyName weak");
  assert_string (key, "algorithm", "RSA");
  assert_int (key, "bits", 2048);
  assert_string (key, "curve", NULL);
  assert_bool (key, "matchesCertificate", TRUE);
  leaf = get_element (root, "certificates", json_object_get_int_member (key, "certificate"));
  assert_string (leaf, "serial", "1234");
  assert_string (leaf, "friendlyName", "The shop");
  assert_string (leaf, "publicKeySha256", json_object_get_string_member (key, "publicKeySha256"));

  protection = json_object_get_object_member (root, "protection");
  assert_members (protection, "mac iterations encryption weak weaknesses");
  assert_string (protection, "mac", "HMAC-SHA256");
  assert_int (protection, "iterations", 2048);
  assert_array (protection, "encryption", "AES-256-CBC");
  assert_bool (protection, "weak", FALSE);
  assert_array (protection, "weaknesses", "");

  chain = json_object_get_object_member (root, "chain");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (chain, "order")), ==, 3);
  assert_bool (chain, "complete", TRUE);
  assert_string (chain, "effectiveNotAfter", "2080-03-03T12:30:00Z");
  assert_string (chain, "endsBecause", "issuer");
}

static void
test_chain (void)
{
  g_autofree char *file = fixture ("chain.pem");
  g_autoptr(CliChild) child = cli_run (NULL, "inspect", "--json", file, NULL);
  JsonObject *root = cli_child_get_object (child);
  JsonObject *chain = json_object_get_object_member (root, "chain");

  assert_string (root, "kind", "chain");
  assert_array (chain, "order", "0 2 1");
  assert_bool (chain, "complete", TRUE);
  assert_string (chain, "effectiveNotAfter", "2080-03-03T12:30:00Z");
  assert_string (chain, "endsBecause", "issuer");
  assert_bool (get_element (root, "certificates", 1), "selfSigned", TRUE);
  assert_bool (get_element (root, "certificates", 1), "isCa", TRUE);
  /* What only pass certificates have. */
  g_assert_false (json_object_has_member (get_element (root, "certificates", 1), "nfc"));
}

static void
test_other_kinds (void)
{
  g_autofree char *mixed = fixture ("mixed.pem");
  g_autofree char *request = fixture ("request.csr");
  g_autofree char *crl = fixture ("list.crl");
  g_autofree char *public = fixture ("public.pem");
  g_autofree char *private = fixture ("encrypted.key");
  g_autoptr(CliChild) child = cli_run (&with_password, "inspect", "--json", "--password-fd", "3",
                                       mixed, request, crl, public, private, NULL);
  JsonObject *object;
  JsonArray *array;

  g_assert_cmpstr (child->errors, ==, "");
  g_assert_cmpint (child->status, ==, 0);
  array = json_node_get_array (cli_child_get_root (child));
  g_assert_cmpuint (json_array_get_length (array), ==, 5);

  object = json_array_get_object_element (array, 0);
  assert_string (object, "file", mixed);
  assert_string (object, "kind", "mixed");
  assert_bool (object, "encrypted", FALSE);
  assert_bool (get_element (object, "privateKeys", 0), "matchesCertificate", TRUE);
  assert_array (get_element (object, "privateKeys", 0), "weak", "");

  object = json_array_get_object_element (array, 1);
  assert_string (object, "kind", "csr");
  assert_string (object, "chain", NULL);
  object = get_element (object, "requests", 0);
  assert_members (object, "subject keyAlgorithm keyBits curve signatureAlgorithm subjectAltNames");
  assert_string (object, "subject", "CN=shop.example,O=Example Shop");
  assert_string (object, "keyAlgorithm", "RSA");
  assert_int (object, "keyBits", 2048);
  assert_string (object, "signatureAlgorithm", "RSA-SHA256");
  assert_array (object, "subjectAltNames", "DNS:shop.example DNS:www.shop.example");

  object = json_array_get_object_element (array, 2);
  assert_string (object, "kind", "crl");
  object = get_element (object, "crls", 0);
  assert_members (object, "issuer thisUpdate nextUpdate number signatureAlgorithm revokedCount");
  assert_string (object, "issuer", "CN=Example Root CA");
  assert_int (object, "revokedCount", 1);

  object = json_array_get_object_element (array, 3);
  assert_string (object, "kind", "public-key");
  object = get_element (object, "publicKeys", 0);
  assert_members (object, "algorithm bits curve publicKeySha256 weak");
  assert_string (object, "algorithm", "RSA");

  object = json_array_get_object_element (array, 4);
  assert_string (object, "kind", "private-key");
  assert_bool (object, "encrypted", TRUE);
  g_assert_false (JSON_NODE_HOLDS_NULL (json_object_get_member (object, "protection")));
  assert_string (get_element (object, "privateKeys", 0), "matchesCertificate", NULL);
  assert_string (get_element (object, "privateKeys", 0), "certificate", NULL);
}

static void
test_details (void)
{
  g_autofree char *leaf = fixture ("leaf.pem");
  g_autofree char *crl = fixture ("list.crl");
  g_autoptr(CliChild) child = cli_run (NULL, "inspect", "--json", "--details", leaf, NULL);
  g_autoptr(CliChild) revoked = cli_run (NULL, "inspect", "--json", "--details", crl, NULL);
  g_autoptr(CliChild) text = cli_run (NULL, "inspect", "--details", leaf, NULL);
  JsonObject *details;

  details = json_object_get_object_member (get_element (cli_child_get_object (child), "certificates", 0), "details");
  assert_members (details, "authorityKeyId subjectKeyId pathLength ocsp caIssuers crl policies "
                           "permittedNames excludedNames publicKey extensions");
  assert_array (details, "ocsp", "http://ocsp.example/");
  assert_string (details, "pathLength", NULL);
  assert_empty (details, "crl policies permittedNames excludedNames");
  g_assert_nonnull (json_object_get_string_member (details, "authorityKeyId"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (details, "extensions")), >=, 5);
  assert_members (get_element (details, "extensions", 0), "oid name critical value");

  assert_array (get_element (cli_child_get_object (revoked), "crls", 0), "revokedSerials", "02");

  g_assert_cmpint (text->status, ==, 0);
  g_assert_nonnull (strstr (text->output, "\n  OCSP              http://ocsp.example/\n"));
  g_assert_nonnull (strstr (text->output, "\n  Extensions        "));
}

static void
test_states (void)
{
  g_autofree char *ended = fixture ("ended.pem");
  g_autofree char *act = fixture ("act.pem");
  g_autoptr(CliChild) child = cli_run (NULL, "inspect", "--json", ended, act, NULL);
  g_autoptr(CliChild) text = cli_run (NULL, "inspect", ended, act, NULL);
  JsonArray *array;

  g_assert_cmpint (child->status, ==, 0);
  array = json_node_get_array (cli_child_get_root (child));
  assert_string (get_element (json_array_get_object_element (array, 0), "certificates", 0), "state", "expired");
  assert_string (get_element (json_array_get_object_element (array, 1), "certificates", 0), "state", "act");

  g_assert_true (g_regex_match_simple ("\n  State             expired \\d+ days ago\n", text->output, 0, 0));
  g_assert_true (g_regex_match_simple ("\n  State             act now: ends in [345] days\n", text->output, 0, 0));
  g_assert_nonnull (strstr (text->output, "\n  Ends              3 February 2021, 04:05 UTC\n"));
}

static void
test_text (void)
{
  g_autofree char *file = fixture ("chain.pem");
  g_autoptr(CliChild) child = cli_run (NULL, "inspect", file, NULL);
  g_autofree char *start = g_strdup_printf ("%s\n"
                                            "  Kind              certificates\n"
                                            "  Holds             3 certificates\n"
                                            "  Password          not needed\n"
                                            "\n"
                                            "Certificate 1 of 3\n"
                                            "  State             fine: ends in ", file);

  g_assert_cmpint (child->status, ==, 0);
  g_assert_cmpstr (child->errors, ==, "");
  g_assert_true (g_str_has_prefix (child->output, start));
  g_assert_nonnull (strstr (child->output, "\n  Pass type ID      pass.com.example.shop\n"
                                           "  Team ID           ABCDE12345\n"
                                           "  NFC               not supported\n"));
  g_assert_nonnull (strstr (child->output, "\n  Key               RSA, 2048 bits\n"));
  g_assert_nonnull (strstr (child->output, "\n  Key               EC P-256, 256 bits\n"));
  g_assert_nonnull (strstr (child->output, "\n  Issuer            itself (self-signed)\n"));
  g_assert_nonnull (strstr (child->output,
                            "\nChain\n"
                            "  Certificate       Pass Type ID: pass.com.example.shop (certificate 1)\n"
                            "  issued by         Example Issuing CA (certificate 3)\n"
                            "  issued by         Example Root CA (certificate 2)\n"
                            "  Complete          yes, up to a self-signed certificate\n"
                            "  Ends              3 March 2080, 12:30 UTC, "
                            "because its issuer “Example Issuing CA” ends then\n"));
  g_assert_true (g_regex_match_simple ("\n  SHA-256           ([0-9a-f]{4} ){7}[0-9a-f]{4}\n"
                                       "                    ([0-9a-f]{4} ){7}[0-9a-f]{4}\n", child->output, 0, 0));
}

static void
test_text_pkcs12 (void)
{
  g_autofree char *file = fixture ("shop.p12");
  g_autoptr(CliChild) child = cli_run (&with_password, "inspect", "--password-fd=3", file, NULL);

  g_assert_cmpint (child->status, ==, 0);
  g_assert_nonnull (strstr (child->output, "\n  Kind              PKCS #12 file\n"
                                           "  Holds             3 certificates, 1 private key\n"
                                           "  Password          needed\n"));
  g_assert_nonnull (strstr (child->output, "\nPrivate key\n"
                                           "  Key               RSA, 2048 bits\n"
                                           "  Belongs to        certificate 1\n"));
  g_assert_nonnull (strstr (child->output, "\nProtection\n"
                                           "  Integrity         HMAC-SHA256\n"
                                           "  Encryption        AES-256-CBC\n"
                                           "  Rounds            2048\n"));
}

/* One file that fails does not keep the others back. */
static void
test_several (void)
{
  g_autofree char *good = fixture ("leaf.pem");
  g_autofree char *shut = fixture ("shop.p12");
  g_autofree char *gone = fixture ("gone.pem");
  g_autoptr(CliChild) json = cli_run (NULL, "inspect", "--json", gone, good, shut, NULL);
  g_autoptr(CliChild) text = cli_run (NULL, "inspect", gone, good, shut, NULL);
  g_autofree char *missing = NULL;
  g_autofree char *words = NULL;
  g_auto(GStrv) lines = NULL;
  JsonObject *object;
  JsonArray *array;

  g_assert_cmpint (json->status, ==, 1);
  array = json_node_get_array (cli_child_get_root (json));
  g_assert_cmpuint (json_array_get_length (array), ==, 3);

  object = json_array_get_object_element (array, 0);
  assert_members (object, "file error");
  assert_string (object, "file", gone);
  object = json_object_get_object_member (object, "error");
  assert_members (object, "code message");
  assert_string (object, "code", "unreadable");
  assert_string (json_array_get_object_element (array, 1), "kind", "certificate");
  object = json_object_get_object_member (json_array_get_object_element (array, 2), "error");
  assert_string (object, "code", "password-required");

  object = cli_child_get_error (json);
  assert_string (object, "code", "unreadable");
  g_assert_nonnull (strstr (json_object_get_string_member (object, "message"), "2 of 3 files"));

  g_assert_cmpint (text->status, ==, 1);
  g_assert_true (g_str_has_prefix (text->output, good));
  lines = g_strsplit (text->errors, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  missing = g_strdup_printf ("tillkeeperctl: %s: there is no file \"gone.pem\"", gone);
  g_assert_cmpstr (lines[0], ==, missing);
  words = g_strdup_printf ("tillkeeperctl: %s: ", shut);
  g_assert_true (g_str_has_prefix (lines[1], words));
}

static void
test_standard_input (void)
{
  g_autofree char *file = fixture ("shop.p12");
  g_autofree char *contents = NULL;
  CliInput input = { .password = CLI_PASSWORD };
  g_autoptr(CliChild) json = NULL;
  g_autoptr(CliChild) text = NULL;
  g_autoptr(CliChild) nothing = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (file, &contents, &size, NULL));
  input.input = contents;
  input.input_size = size;

  json = cli_run (&input, "inspect", "--json", "--password-fd", "3", "-", NULL);
  assert_string (cli_child_get_object (json), "file", "-");
  assert_string (cli_child_get_object (json), "kind", "pkcs12");

  text = cli_run (&input, "inspect", "--password-fd", "3", "-", NULL);
  g_assert_true (g_str_has_prefix (text->output, "standard input\n  Kind "));

  nothing = cli_run (NULL, "inspect", "-", NULL);
  g_assert_cmpint (nothing->status, ==, 1);
  g_assert_true (g_str_has_prefix (nothing->errors, "tillkeeperctl: standard input: "));
}

static void
test_password (void)
{
  static const struct
  {
    const char *password;
    const char *code;         /* NULL: opens */
  } cases[] = {
    { CLI_PASSWORD, NULL },
    { CLI_PASSWORD "\n", NULL },
    { CLI_PASSWORD "\r\n", NULL },
    { CLI_PASSWORD "\n\n", "wrong-password" },
    { " " CLI_PASSWORD, "wrong-password" },
    { "wrong", "wrong-password" },
    { "", "wrong-password" },
    { "\n", "wrong-password" },
  };
  static const char * const names[] = { "shop.p12", "encrypted.key" };

  for (guint f = 0; f < G_N_ELEMENTS (names); f++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        {
          CliInput input = { .password = cases[i].password };
          g_autofree char *file = fixture (names[f]);
          g_autoptr(CliChild) child = cli_run (&input, "inspect", "--json", "--password-fd", "3", file, NULL);

          g_test_message ("%s, case %u", names[f], i);

          if (cases[i].code == NULL)
            assert_bool (cli_child_get_object (child), "encrypted", TRUE);
          else
            {
              g_assert_cmpuint (child->output_size, ==, 0);
              assert_string (cli_child_get_error (child), "code", cases[i].code);
            }
        }
    }
}

static void
test_password_missing (void)
{
  g_autofree char *file = fixture ("shop.p12");
  g_autoptr(CliChild) json = cli_run (NULL, "inspect", "--json", file, NULL);
  g_autoptr(CliChild) text = cli_run (NULL, "inspect", file, NULL);
  g_autoptr(CliChild) closed = cli_run (NULL, "inspect", "--json", "--password-fd", "77", file, NULL);
  CliInput wrong = { .password = "wrong" };
  g_autoptr(CliChild) sentence = cli_run (&wrong, "inspect", "--password-fd", "3", file, NULL);
  g_autofree char *start = g_strdup_printf ("tillkeeperctl: %s: ", file);

  assert_string (cli_child_get_error (json), "code", "password-required");
  g_assert_cmpuint (json->output_size, ==, 0);

  g_assert_cmpint (text->status, ==, 1);
  g_assert_cmpuint (text->output_size, ==, 0);
  g_assert_true (g_str_has_prefix (text->errors, start));
  g_assert_true (g_str_has_suffix (text->errors, "; “--password-fd” takes one\n"));

  assert_string (cli_child_get_error (closed), "code", "unreadable");

  g_assert_cmpint (sentence->status, ==, 1);
  g_assert_true (g_str_has_prefix (sentence->errors, start));
  g_assert_nonnull (strstr (sentence->errors, "password"));
  g_assert_true (strchr (sentence->errors, '\n') == sentence->errors + strlen (sentence->errors) - 1);
}

/* The password that was given is used for each file that needs one. */
static void
test_password_for_all (void)
{
  g_autofree char *one = fixture ("shop.p12");
  g_autofree char *two = fixture ("encrypted.key");
  g_autofree char *three = fixture ("leaf.pem");
  g_autoptr(CliChild) child = cli_run (&with_password, "--verbose", "inspect", "--password-fd", "3",
                                       one, two, three, NULL);
  g_auto(GStrv) lines = NULL;

  g_assert_cmpint (child->status, ==, 0);
  lines = g_strsplit (child->errors, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_nonnull (strstr (lines[0], "shop.p12: "));
  g_assert_nonnull (strstr (lines[0], " bytes, done in "));
}

/* A name from a file can't steer the terminal, in JSON neither. */
static void
test_control_characters (void)
{
  g_autofree char *file = fixture ("evil.pem");
  g_autoptr(CliChild) json = cli_run (NULL, "inspect", "--json", file, NULL);
  g_autoptr(CliChild) text = cli_run (NULL, "inspect", "--details", file, NULL);
  JsonObject *certificate;

  g_assert_cmpint (text->status, ==, 0);
  g_assert_null (strchr (text->output, '\x1b'));
  g_assert_null (strstr (text->output, "\nname"));
  g_assert_nonnull (strstr (text->output, "[31m"));

  g_assert_null (strchr (json->output, '\x1b'));
  certificate = get_element (cli_child_get_object (json), "certificates", 0);
  g_assert_true (g_str_has_prefix (json_object_get_string_member (certificate, "subject"), "CN=evil"));
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);

  dir = till_test_dir_new ();
  cli_make_fixtures (dir);

  g_test_add_func ("/inspect-cli/certificate", test_certificate);
  g_test_add_func ("/inspect-cli/der", test_der);
  g_test_add_func ("/inspect-cli/pkcs12", test_pkcs12);
  g_test_add_func ("/inspect-cli/chain", test_chain);
  g_test_add_func ("/inspect-cli/other-kinds", test_other_kinds);
  g_test_add_func ("/inspect-cli/details", test_details);
  g_test_add_func ("/inspect-cli/states", test_states);
  g_test_add_func ("/inspect-cli/text", test_text);
  g_test_add_func ("/inspect-cli/text-pkcs12", test_text_pkcs12);
  g_test_add_func ("/inspect-cli/several", test_several);
  g_test_add_func ("/inspect-cli/standard-input", test_standard_input);
  g_test_add_func ("/inspect-cli/password", test_password);
  g_test_add_func ("/inspect-cli/password-missing", test_password_missing);
  g_test_add_func ("/inspect-cli/password-for-all", test_password_for_all);
  g_test_add_func ("/inspect-cli/control-characters", test_control_characters);

  status = g_test_run ();
  till_test_dir_free (dir);

  return status;
}
