/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who issued whom, which key belongs to which certificate, and bundles of very many. */
#include "config.h"

#include <string.h>

#include "open.h"
#include "till-limits.h"

/* A certificate with nonsense for a signature. */
static char *
make_pem (const char *subject,
          const char *issuer,
          guint       serial)
{
  g_autofree char *subject_text = g_strdup_printf ("30{31{30{06{<2.5.4.3>} 0c{'%s'}}}}", subject);
  g_autofree char *issuer_text = g_strdup_printf ("30{31{30{06{<2.5.4.3>} 0c{'%s'}}}}", issuer);
  g_autofree char *serial_text = g_strdup_printf ("02{%08x}", serial + 0x01000000);
  const FixtureCertificate parts = {
    .subject = subject_text, .issuer = issuer_text, .serial = serial_text,
  };
  g_autoptr(GBytes) der = fixture_certificate (&parts);
  g_autofree char *base64 = g_base64_encode (g_bytes_get_data (der, NULL), g_bytes_get_size (der));

  return g_strdup_printf ("-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n", base64);
}

static void
append (GString    *text,
        const char *subject,
        const char *issuer,
        guint       serial)
{
  g_autofree char *pem = make_pem (subject, issuer, serial);

  g_string_append (text, pem);
}

static void
assert_order (const TillDocument *document,
              guint               leaf,
              const char         *names)
{
  TillChain *chain = till_document_build_chain (document, leaf);
  g_autoptr(GString) given = g_string_new (NULL);

  g_assert_nonnull (chain);
  for (guint i = 0; i < chain->n_order; i++)
    {
      const TillCertificate *certificate = g_ptr_array_index (document->certificates, chain->order[i]);

      g_string_append_printf (given, "%s%s", i > 0 ? " " : "", certificate->common_name);
    }
  g_assert_cmpstr (given->str, ==, names);
  till_chain_free (chain);
}

static void
assert_leaves (const TillDocument *document,
               const char         *names)
{
  g_autoptr(GString) given = g_string_new (NULL);

  for (guint i = 0; i < document->leaves->len; i++)
    {
      const TillCertificate *certificate = g_ptr_array_index (document->certificates,
                                                              g_array_index (document->leaves, guint, i));

      g_string_append_printf (given, "%s%s", i > 0 ? " " : "", certificate->common_name);
    }
  g_assert_cmpstr (given->str, ==, names);
}

typedef struct
{
  TillTestDir *dir;
} Fixture;

/* Root – middle – leaf with real signatures; the middle one ends first. */
static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->dir = till_test_dir_new ();
  write_file (fixture->dir, "ca.ext", "basicConstraints=critical,CA:true\n", -1);
  fixture_make (fixture->dir, "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 900"
                              " -subj /CN=Root -keyout root.key -out root.pem");
  fixture_make (fixture->dir, "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Middle"
                              " -keyout middle.key -out middle.csr");
  fixture_make (fixture->dir, "openssl x509 -req -in middle.csr -CA root.pem -CAkey root.key -set_serial 2 -days 40"
                              " -extfile ca.ext -out middle.pem");
  fixture_make (fixture->dir, "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Leaf"
                              " -keyout leaf.key -out leaf.csr");
  fixture_make (fixture->dir, "openssl x509 -req -in leaf.csr -CA middle.pem -CAkey middle.key -set_serial 3 -days 80"
                              " -out leaf.pem");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  till_test_dir_free (fixture->dir);
}

static TillDocument *
open_together (Fixture    *fixture,
               const char *names)
{
  fixture_make (fixture->dir, "sh -c 'cat %s >all.pem'", names);
  return open_file (fixture->dir, "all.pem", NULL);
}

static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  static const char * const orders[] = {
    "leaf.pem middle.pem root.pem", "root.pem middle.pem leaf.pem", "middle.pem root.pem leaf.pem",
    "middle.pem leaf.pem middle.pem root.pem root.pem",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autoptr(TillDocument) document = open_together (fixture, orders[i]);
      TillChain *chain;
      const TillCertificate *first_to_end;

      assert_leaves (document, "Leaf");
      assert_order (document, g_array_index (document->leaves, guint, 0), "Leaf Middle Root");
      chain = till_document_build_chain (document, g_array_index (document->leaves, guint, 0));
      g_assert_true (chain->complete);
      g_assert_cmpint (chain->ends_because, ==, TILL_CHAIN_ENDS_ISSUER);
      first_to_end = g_ptr_array_index (document->certificates, chain->ends_index);
      g_assert_cmpstr (first_to_end->common_name, ==, "Middle");
      g_assert_cmpint (chain->effective_not_after, ==, first_to_end->not_after);
      g_assert_false (document->notes & TILL_NOTE_CHAIN_CUT);
      till_chain_free (chain);
    }
}

static void
test_incomplete (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(TillDocument) document = open_together (fixture, "root.pem leaf.pem");
  g_autoptr(TillDocument) key = open_file (fixture->dir, "leaf.key", NULL);
  TillChain *chain = till_document_build_chain (document, 1);

  assert_leaves (document, "Root Leaf");
  g_assert_false (chain->complete);
  g_assert_cmpuint (chain->n_order, ==, 1);
  g_assert_cmpint (chain->ends_because, ==, TILL_CHAIN_ENDS_CERTIFICATE);
  g_assert_cmpuint (chain->ends_index, ==, 1);
  till_chain_free (chain);

  g_assert_null (till_document_build_chain (document, 2));
  g_assert_null (till_document_build_chain (key, 0));
}

/* A renewed issuer: of two with one name the one that signed, of two that did the
 * one that lasts longer. */
static void
test_namesakes (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(TillDocument) document = NULL;
  g_autoptr(TillDocument) renewed = NULL;
  TillChain *chain;

  fixture_make (fixture->dir, "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2000"
                              " -subj /CN=Middle -keyout other.key -out other.pem");
  document = open_together (fixture, "other.pem leaf.pem middle.pem");
  chain = till_document_build_chain (document, 1);
  g_assert_cmpuint (chain->n_order, ==, 2);
  g_assert_cmpuint (chain->order[1], ==, 2);
  till_chain_free (chain);

  fixture_make (fixture->dir, "openssl x509 -req -in middle.csr -CA root.pem -CAkey root.key -set_serial 4 -days 60"
                              " -extfile ca.ext -out longer.pem");
  renewed = open_together (fixture, "middle.pem longer.pem leaf.pem");
  chain = till_document_build_chain (renewed, 2);
  g_assert_cmpuint (chain->n_order, ==, 2);
  g_assert_cmpuint (chain->order[1], ==, 1);
  till_chain_free (chain);
}

static void
test_keys (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(TillDocument) one = open_together (fixture, "root.pem middle.pem middle.key leaf.pem leaf.key");
  g_autoptr(TillDocument) stranger = open_together (fixture, "leaf.pem root.key");
  g_autoptr(TillDocument) alone = open_together (fixture, "root.key");
  const TillPrivateKeyEntry *entry;

  /* Those with a key come first, in the order of the keys. */
  assert_leaves (one, "Middle Leaf");
  entry = &g_array_index (one->private_keys, TillPrivateKeyEntry, 0);
  g_assert_cmpint (entry->matches, ==, 1);
  g_assert_cmpint (entry->certificate, ==, 1);
  entry = &g_array_index (one->private_keys, TillPrivateKeyEntry, 1);
  g_assert_cmpint (entry->matches, ==, 1);
  g_assert_cmpint (entry->certificate, ==, 2);

  entry = &g_array_index (stranger->private_keys, TillPrivateKeyEntry, 0);
  g_assert_cmpint (entry->matches, ==, 0);
  g_assert_cmpint (entry->certificate, ==, -1);

  entry = &g_array_index (alone->private_keys, TillPrivateKeyEntry, 0);
  g_assert_cmpint (entry->matches, ==, -1);
  g_assert_cmpint (entry->certificate, ==, -1);
}

/* Circles and chains without end are cut, and said to be. */
static void
test_circle (void)
{
  g_autoptr(GString) two = g_string_new (NULL);
  g_autoptr(GString) with_leaf = NULL;
  g_autoptr(TillDocument) circle = NULL;
  g_autoptr(TillDocument) document = NULL;
  g_autoptr(TillDocument) own = NULL;

  append (two, "A", "B", 1);
  append (two, "B", "A", 2);
  circle = open_text (two->str, NULL);
  assert_leaves (circle, "A");
  assert_order (circle, 0, "A B");
  g_assert_true (circle->notes & TILL_NOTE_CHAIN_CUT);

  with_leaf = g_string_new (two->str);
  append (with_leaf, "C", "B", 3);
  document = open_text (with_leaf->str, NULL);
  assert_leaves (document, "C");
  assert_order (document, 2, "C B A");
  g_assert_true (document->notes & TILL_NOTE_CHAIN_CUT);

  /* One of its own making whose signature is nonsense: no circle. */
  g_string_truncate (two, 0);
  append (two, "A", "A", 1);
  append (two, "B", "A", 2);
  own = open_text (two->str, NULL);
  assert_leaves (own, "B");
  assert_order (own, 1, "B A");
  g_assert_false (own->notes & TILL_NOTE_CHAIN_CUT);
}

static void
test_long (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(TillDocument) document = NULL;
  TillChain *chain;

  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *subject = g_strdup_printf ("C%u", i);
      g_autofree char *issuer = g_strdup_printf ("C%u", i + 1);

      append (text, subject, issuer, i);
    }
  document = open_text (text->str, NULL);
  assert_leaves (document, "C0");
  chain = till_document_build_chain (document, 0);
  g_assert_cmpuint (chain->n_order, ==, TILL_LIMIT_CHAIN);
  g_assert_false (chain->complete);
  g_assert_true (document->notes & TILL_NOTE_CHAIN_CUT);
  till_chain_free (chain);
}

static char *
make_bundle (guint       n,
             guint       n_issuers,
             const char *same_name)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *subject = i < n_issuers ? g_strdup_printf ("Issuer %u", i)
                                               : same_name != NULL ? g_strdup (same_name) : g_strdup_printf ("Leaf %u", i);
      g_autofree char *issuer = same_name != NULL ? g_strdup (same_name) : g_strdup_printf ("Issuer %u", i % n_issuers);

      append (text, subject, issuer, i);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Two threads read, the order stays. */
static void
test_bulk (void)
{
  g_autofree char *text = make_bundle (1000, 10, NULL);
  g_autoptr(TillDocument) document = open_text (text, NULL);

  assert_counts (document, "chain", 1000, 0);
  for (guint i = 0; i < 1000; i++)
    {
      const TillCertificate *certificate = g_ptr_array_index (document->certificates, i);
      g_autofree char *serial = g_strdup_printf ("%08x", i + 0x01000000);

      g_assert_cmpstr (certificate->serial, ==, serial);
    }
  g_assert_cmpuint (document->leaves->len, ==, 990);
  g_assert_cmpuint (g_array_index (document->leaves, guint, 0), ==, 10);
}

/* The first damaged one is named, however the threads ran; cancelling ends it. */
static void
test_bulk_failures (void)
{
  g_autofree char *text = make_bundle (400, 10, NULL);
  static const guint places[] = { 0, 1, 31, 32, 63, 64, 200, 399 };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *damaged = g_strdup (text);
      g_autofree char *words = g_strdup_printf ("in block %u (CERTIFICATE): the PEM text is damaged", places[i] + 1);
      g_autoptr(GBytes) bytes = NULL;
      guint place = 0;

      /* That one and all behind it. */
      for (char *at = damaged; at != NULL; at = strstr (at + 1, "-----BEGIN "), place++)
        {
          if (place >= places[i])
            at[40] = '!';
        }
      bytes = g_bytes_new (damaged, strlen (damaged));
      assert_fails (bytes, NULL, TILL_ERROR_DAMAGED, TILL_REASON_BAD_BASE64, words);
    }

  {
    TillCancel cancel = { .cancelled = 1 };
    const TillInspectOptions options = { .cancel = &cancel };
    g_autoptr(GError) error = NULL;

    g_assert_null (till_document_parse ((const guint8 *) text, strlen (text), &options, &error));
    g_assert_error (error, TILL_ERROR, TILL_ERROR_CANCELLED);

    g_clear_error (&error);
    cancel.cancelled = 0;
    cancel.deadline = g_get_monotonic_time () + 1000;
    g_assert_null (till_document_parse ((const guint8 *) text, strlen (text), &options, &error));
    g_assert_error (error, TILL_ERROR, TILL_ERROR_TIMED_OUT);
  }
}

/* Ten times as many take about ten times as long, also where all have one name. */
static void
test_linear (void)
{
  for (guint same = 0; same < 2; same++)
    {
      gint64 took[2];

      for (guint i = 0; i < 2; i++)
        {
          g_autofree char *text = make_bundle (i == 0 ? 1000 : 10000, 10, same ? "All" : NULL);
          gint64 start = g_get_monotonic_time ();
          g_autoptr(TillDocument) document = open_text (text, NULL);

          took[i] = g_get_monotonic_time () - start;
          assert_counts (document, "chain", i == 0 ? 1000 : 10000, 0);
        }
      g_test_message ("%" G_GINT64_FORMAT " and %" G_GINT64_FORMAT " us", took[0], took[1]);
      /* Wide, for a busy machine; quadratic would be a hundred. */
      g_assert_cmpint (took[1], <, 40 * MAX (took[0], 20000));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/chain/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("order", test_order);
  ADD ("incomplete", test_incomplete);
  ADD ("namesakes", test_namesakes);
  ADD ("keys", test_keys);
  g_test_add_func ("/chain/circle", test_circle);
  g_test_add_func ("/chain/long", test_long);
  g_test_add_func ("/chain/bulk", test_bulk);
  g_test_add_func ("/chain/bulk-failures", test_bulk_failures);
  g_test_add_func ("/chain/linear", test_linear);

  return g_test_run ();
}
