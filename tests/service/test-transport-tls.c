/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom the transport believes: certificates of every bad kind, and TLS that is too old (G12, G13). */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "till-error.h"
#include "transport-fixture.h"

static void
answer_ok (FaultConnection *connection,
           gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
}

/* A changing call that must not leave. */
static const FixtureCall change = { .method = "POST", .body = "{}", .flags = TILL_CALL_CHANGES | TILL_CALL_REPEATABLE };

/* Asks a server that shows identity; it must be refused, within 2 s, before anything is sent. */
static void
check_refused (Fixture       *fixture,
               FaultIdentity *identity,
               const char    *host,
               int            reason,
               const char    *says)
{
  g_autoptr(FaultServer) server = fault_server_new (identity, NULL, answer_ok, NULL);
  g_autofree char *fingerprint = fault_identity_dup_sha256 (identity);
  g_autoptr(GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  g_autoptr(TillAnswer) answer = fixture_call (fixture, host, fault_server_get_port (server), &change, &error);

  g_assert_null (answer);
  fixture_check_error (error, TILL_ERROR_TLS, reason, says);
  g_assert_cmpstr (till_error_get_detail (error), ==, fingerprint);
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
  g_assert_true (g_str_has_suffix (error->message, "; nothing was sent"));
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (fault_server_count_requests (server), ==, 0);
  g_assert_cmpuint (fault_server_count_connections (server), ==, 1);
}

/* What differs from a good certificate of the test's authority. */
typedef struct
{
  FaultPlan   plan;
  int         reason;
  const char *says;
} BadLeaf;

#define GOOD .name = "Server", .dns = "localhost", .address = "127.0.0.1"

static const BadLeaf expired = {
  { GOOD, .from = -864000, .to = -432000 }, TILL_REASON_CERTIFICATE_EXPIRED, "expired on 20"
};
static const BadLeaf not_yet = {
  { GOOD, .from = 432000, .to = 864000 }, TILL_REASON_CERTIFICATE_NOT_YET, "not valid yet, only from 20"
};
static const BadLeaf wrong_name = {
  { .name = "127.0.0.1", .dns = "other.example" }, TILL_REASON_WRONG_HOST, "but for other.example"
};
static const BadLeaf wrong_address = {
  { .name = "Server", .address = "127.0.0.2" }, TILL_REASON_WRONG_HOST, "not for 127.0.0.1:"
};
static const BadLeaf no_purpose = {
  { GOOD, .purpose = GNUTLS_KP_CODE_SIGNING }, TILL_REASON_BAD_CHAIN, "invalid"
};
static const BadLeaf client_only = {
  { GOOD, .purpose = GNUTLS_KP_TLS_WWW_CLIENT }, TILL_REASON_BAD_CHAIN, "invalid"
};
static const BadLeaf sha1 = {
  { GOOD, .rsa_bits = 2048, .sha1 = TRUE }, TILL_REASON_BAD_CHAIN, "too weak"
};
static const BadLeaf rsa1024 = {
  { GOOD, .rsa_bits = 1024 }, TILL_REASON_BAD_CHAIN, "too weak"
};
static const BadLeaf nul_in_name = {
  { .name = "Server", .dns = "127.0.0.1\0.evil.example", .dns_size = 23 }, TILL_REASON_WRONG_HOST, "but for 127.0.0.1"
};
static const BadLeaf far_wrong = {
  { .name = "Server", .dns = "other.example", .from = -864000, .to = -432000 }, TILL_REASON_CERTIFICATE_EXPIRED, "expired on 20"
};

static void
test_bad_leaf (Fixture       *fixture,
               gconstpointer  data)
{
  const BadLeaf *bad = data;
  g_autoptr(FaultIdentity) identity = fault_identity_new (&bad->plan, fixture->ca);

  check_refused (fixture, identity, "127.0.0.1", bad->reason, bad->says);
}

/* The host's name counts, not only its address. */
static void
test_wrong_host (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(FaultIdentity) identity = fault_identity_new (&(FaultPlan) { .name = "localhost", .dns = "localhost.example" },
                                                          fixture->ca);

  check_refused (fixture, identity, "localhost", TILL_REASON_WRONG_HOST, "not for localhost:");
}

static void
test_self_signed (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(FaultIdentity) identity = fault_identity_new (&(FaultPlan) { GOOD }, NULL);

  check_refused (fixture, identity, "127.0.0.1", TILL_REASON_UNTRUSTED, "not trusted");
}

static void
test_unknown_authority (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(FaultIdentity) ca = fault_identity_new (&(FaultPlan) { .name = "Authority of others", .ca = TRUE }, NULL);
  g_autoptr(FaultIdentity) identity = fault_identity_new (&(FaultPlan) { GOOD }, ca);

  fault_identity_send (identity, ca);
  check_refused (fixture, identity, "127.0.0.1", TILL_REASON_UNTRUSTED, "not trusted");
}

/* One that bears the name of ours: its signatures are wrong. */
static void
test_false_authority (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(FaultIdentity) ca = fault_identity_new (&(FaultPlan) { .name = "Authority of a test", .ca = TRUE }, NULL);
  g_autoptr(FaultIdentity) identity = fault_identity_new (&(FaultPlan) { GOOD }, ca);

  fault_identity_send (identity, ca);
  check_refused (fixture, identity, "127.0.0.1", TILL_REASON_BAD_CHAIN, "invalid");
}

/* One that was issued for a server issues nothing. */
static void
test_issuer_is_none (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(FaultIdentity) middle = fault_identity_new (&(FaultPlan) { .name = "Middle" }, fixture->ca);
  g_autoptr(FaultIdentity) identity = fault_identity_new (&(FaultPlan) { GOOD }, middle);

  fault_identity_send (identity, middle);
  check_refused (fixture, identity, "127.0.0.1", TILL_REASON_BAD_CHAIN, "invalid");
}

static void
test_expired_middle (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(FaultIdentity) middle =
    fault_identity_new (&(FaultPlan) { .name = "Middle", .ca = TRUE, .from = -864000, .to = -432000 }, fixture->ca);
  g_autoptr(FaultIdentity) identity = fault_identity_new (&(FaultPlan) { GOOD }, middle);

  fault_identity_send (identity, middle);
  check_refused (fixture, identity, "127.0.0.1", TILL_REASON_CERTIFICATE_EXPIRED, "in the chain of");
}

static void
test_missing_middle (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(FaultIdentity) middle = fault_identity_new (&(FaultPlan) { .name = "Middle", .ca = TRUE }, fixture->ca);
  g_autoptr(FaultIdentity) identity = fault_identity_new (&(FaultPlan) { GOOD }, middle);

  check_refused (fixture, identity, "127.0.0.1", TILL_REASON_UNTRUSTED, "not trusted");
}

/* Two that have signed each other (CVE-2026-10028): others go round in circles for ever. */
static void
test_circle (Fixture       *fixture,
             gconstpointer  data)
{
  FaultPlan plan_a = { .name = "A", .dns = "localhost", .address = "127.0.0.1", .ca = TRUE };
  FaultPlan plan_b = { .name = "B", .ca = TRUE };
  g_autoptr(FaultIdentity) b_itself = fault_identity_new (&plan_b, NULL);
  g_autoptr(FaultIdentity) a = fault_identity_new (&plan_a, b_itself);
  g_autoptr(FaultIdentity) b = fault_identity_reissue (b_itself, &plan_b, a);

  fault_identity_send (a, b);
  check_refused (fixture, a, "127.0.0.1", TILL_REASON_BAD_CHAIN, "invalid");
}

static void
test_long_chain (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GPtrArray) chain = g_ptr_array_new_with_free_func ((GDestroyNotify) fault_identity_free);
  g_autoptr(FaultIdentity) identity = NULL;
  FaultIdentity *above = fixture->ca;

  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *name = g_strdup_printf ("Number %u", i);

      above = fault_identity_new (&(FaultPlan) { .name = name, .ca = TRUE }, above);
      g_ptr_array_add (chain, above);
    }

  identity = fault_identity_new (&(FaultPlan) { GOOD }, above);
  for (guint i = chain->len; i > 0; i--)
    fault_identity_send (identity, g_ptr_array_index (chain, i - 1));

  check_refused (fixture, identity, "127.0.0.1", TILL_REASON_BAD_CHAIN, "invalid");
}

/* Good chains of several links count, also with the root in them. */
static void
test_good_chain (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(FaultIdentity) first = fault_identity_new (&(FaultPlan) { .name = "First", .ca = TRUE }, fixture->ca);
  g_autoptr(FaultIdentity) second = fault_identity_new (&(FaultPlan) { .name = "Second", .ca = TRUE }, first);
  g_autoptr(FaultIdentity) identity = fault_identity_new (&(FaultPlan) { GOOD, .rsa_bits = 2048 }, second);
  static const char * const hosts[] = { "127.0.0.1", "localhost" };

  fault_identity_send (identity, second);
  fault_identity_send (identity, first);
  fault_identity_send (identity, fixture->ca);

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autoptr(FaultServer) server = fault_server_new (identity, NULL, answer_ok, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = fixture_call (fixture, hosts[i], fault_server_get_port (server), &change, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (answer->status, ==, 200);
    }
}

/* Without the profile's own authority the same server is a stranger, also
 * where a TLS session of the other profile could be taken up again. */
static void
test_other_profile (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(FaultServer) server = fault_server_new (fixture->good, NULL, answer_ok, NULL);
  g_autoptr(TillTransport) first = NULL;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &change, &error);

      g_assert_no_error (error);
      g_assert_nonnull (answer);
    }

  first = g_steal_pointer (&fixture->transport);
  fixture->transport = till_transport_new (fixture->clock, NULL, NULL);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &change, &error);

      g_assert_null (answer);
      fixture_check_error (error, TILL_ERROR_TLS, TILL_REASON_UNTRUSTED, "not trusted");
      g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
    }

  g_assert_cmpuint (fault_server_count_requests (server), ==, 3);
}

/* A server's own certificate, added by its file. */
static void
test_pinned (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(FaultIdentity) identity = fault_identity_new (&(FaultPlan) { GOOD }, NULL);
  g_autofree char *pem = fault_identity_dup_pem (identity);
  g_autoptr(FaultServer) server = fault_server_new (identity, NULL, answer_ok, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = NULL;

  g_assert_finalize_object (fixture->transport);
  fixture->transport = till_transport_new (fixture->clock, pem, &error);
  g_assert_no_error (error);
  answer = fixture_ask (fixture, server, &change, &error);
  g_assert_no_error (error);
  check_refused (fixture, fixture->good, "127.0.0.1", TILL_REASON_UNTRUSTED, "not trusted");
}

static void
test_bad_authority (Fixture       *fixture,
                    gconstpointer  data)
{
  static const char * const texts[] = {
    "", "nonsense", "-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
  };
  g_autofree char *huge = g_strnfill (2 * 1024 * 1024, '\n');

  for (guint i = 0; i <= G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (till_transport_new (fixture->clock, i < G_N_ELEMENTS (texts) ? texts[i] : huge, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_A_CERTIFICATE_FILE);
    }
}

/* What a server offers, and whether that is enough. */
typedef struct
{
  const char *priority;
  gboolean    good;
  const char *version;
} Offer;

#define OLD "NORMAL:-VERS-ALL:%UNSAFE_RENEGOTIATION:%VERIFY_ALLOW_SIGN_WITH_SHA1:"
static const Offer tls10 = { OLD "+VERS-TLS1.0", FALSE, NULL };
static const Offer tls11 = { OLD "+VERS-TLS1.1", FALSE, NULL };
static const Offer tls12 = { "NORMAL:-VERS-ALL:+VERS-TLS1.2", TRUE, "TLS 1.2" };
static const Offer tls13 = { "NORMAL:-VERS-ALL:+VERS-TLS1.3", TRUE, "TLS 1.3" };
static const Offer tls_all = { "NORMAL:-VERS-ALL:+VERS-TLS1.0:+VERS-TLS1.1:+VERS-TLS1.2", TRUE, "TLS 1.2" };
static const Offer tls12_cbc = { "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-CBC:+AES-256-CBC", FALSE, NULL };
static const Offer tls12_dhe = { "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+DHE-RSA:+RSA", FALSE, NULL };

static void
test_offer (Fixture       *fixture,
            gconstpointer  data)
{
  const Offer *offer = data;
  g_autoptr(FaultIdentity) identity = fault_identity_new (&(FaultPlan) { GOOD, .rsa_bits = 2048 }, fixture->ca);
  g_autoptr(FaultServer) server = fault_server_new (identity, offer->priority, answer_ok, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &change, &error);

  if (offer->good)
    {
      g_assert_no_error (error);
      g_assert_cmpstr (answer->tls_version, ==, offer->version);
      return;
    }

  g_assert_null (answer);
  fixture_check_error (error, TILL_ERROR_TLS, TILL_REASON_OLD_TLS, "only outdated encryption");
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
  g_assert_cmpuint (fault_server_count_requests (server), ==, 0);
}

/* Were the library to agree on old TLS, nothing is sent over it all the same. */
static void
test_agreed_on_old (Fixture       *fixture,
                    gconstpointer  data)
{
  static const char weak[] = "NORMAL:-VERS-ALL:+VERS-TLS1.1:+VERS-TLS1.0:%VERIFY_ALLOW_SIGN_WITH_SHA1";
  g_autoptr(FaultIdentity) identity = NULL;
  g_autoptr(FaultServer) server = NULL;

  if (!g_test_subprocess ())
    {
      g_setenv (FIXTURE_PRIORITY, weak, TRUE);
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_unsetenv (FIXTURE_PRIORITY);
      g_test_trap_assert_passed ();
      return;
    }

  identity = fault_identity_new (&(FaultPlan) { GOOD, .rsa_bits = 2048 }, fixture->ca);
  server = fault_server_new (identity, weak, answer_ok, NULL);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, i == 0 ? &change : &(FixtureCall) { .method = "GET" }, &error);

      g_assert_null (answer);
      fixture_check_error (error, TILL_ERROR_TLS, TILL_REASON_OLD_TLS, "only outdated encryption");
      g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
    }

  /* The handshake was made: it was we who stopped. */
  g_assert_cmpuint (fault_server_count_handshakes (server), >=, 1);
  g_assert_cmpuint (fault_server_count_requests (server), ==, 0);
}

/* libsoup has a hole in HTTP/2 before 3.6.6, so it is not offered there. */
static void
test_http2 (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(FaultServer) server = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = NULL;

  if (soup_check_version (3, 6, 6))
    {
      g_test_skip ("this libsoup speaks HTTP/2 as it should");
      return;
    }

  server = fault_server_new (fixture->good, NULL, answer_ok, NULL);
  fault_server_offer_http2 (server);
  answer = fixture_ask (fixture, server, &change, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (answer->status, ==, 200);
}

/* What is no TLS at all. */
static void
refuse_alert (FaultConnection *connection,
              gpointer         user_data)
{
  /* Access denied. */
  static const guint8 alert[] = { 21, 3, 3, 0, 2, 2, 49 };

  fault_connection_write_bytes (connection, alert, sizeof alert);
  fault_connection_wait (connection, 200);
}

static void
speak_http (FaultConnection *connection,
            gpointer         user_data)
{
  fault_connection_write (connection, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  fault_connection_wait (connection, 200);
}

static void
close_at_once (FaultConnection *connection,
               gpointer         user_data)
{
  fault_connection_wait (connection, 1000);
  fault_connection_close (connection);
}

static void
reset_at_once (FaultConnection *connection,
               gpointer         user_data)
{
  fault_connection_wait (connection, 1000);
  fault_connection_reset (connection);
}

static void
test_no_tls (Fixture       *fixture,
             gconstpointer  data)
{
  static const FaultHandler handlers[] = { refuse_alert, speak_http, close_at_once, reset_at_once };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    {
      g_autoptr(FaultServer) server = fault_server_new_raw (handlers[i], NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillAnswer) answer = fixture_ask (fixture, server, &change, &error);

      g_assert_null (answer);
      fixture_check_error (error, TILL_ERROR_TLS, TILL_REASON_HANDSHAKE, "does not speak TLS, or refuses it");
      g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_NOT_SENT);
      g_assert_cmpuint (fault_server_count_connections (server), ==, 1);
    }
}

int
main (int    argc,
      char **argv)
{
  fixture_main (&argc, &argv);

  fixture_add_data ("/transport/tls/expired", &expired, test_bad_leaf);
  fixture_add_data ("/transport/tls/not-yet", &not_yet, test_bad_leaf);
  fixture_add_data ("/transport/tls/wrong-name", &wrong_name, test_bad_leaf);
  fixture_add_data ("/transport/tls/wrong-address", &wrong_address, test_bad_leaf);
  fixture_add_data ("/transport/tls/no-purpose", &no_purpose, test_bad_leaf);
  fixture_add_data ("/transport/tls/client-only", &client_only, test_bad_leaf);
  fixture_add_data ("/transport/tls/sha1", &sha1, test_bad_leaf);
  fixture_add_data ("/transport/tls/rsa1024", &rsa1024, test_bad_leaf);
  fixture_add_data ("/transport/tls/nul-in-name", &nul_in_name, test_bad_leaf);
  fixture_add_data ("/transport/tls/far-wrong", &far_wrong, test_bad_leaf);
  fixture_add ("/transport/tls/wrong-host", test_wrong_host);
  fixture_add ("/transport/tls/self-signed", test_self_signed);
  fixture_add ("/transport/tls/unknown-authority", test_unknown_authority);
  fixture_add ("/transport/tls/false-authority", test_false_authority);
  fixture_add ("/transport/tls/issuer-is-none", test_issuer_is_none);
  fixture_add ("/transport/tls/expired-middle", test_expired_middle);
  fixture_add ("/transport/tls/missing-middle", test_missing_middle);
  fixture_add ("/transport/tls/circle", test_circle);
  fixture_add ("/transport/tls/long-chain", test_long_chain);
  fixture_add ("/transport/tls/good-chain", test_good_chain);
  fixture_add ("/transport/tls/other-profile", test_other_profile);
  fixture_add ("/transport/tls/pinned", test_pinned);
  fixture_add ("/transport/tls/bad-authority", test_bad_authority);
  fixture_add_data ("/transport/tls/offer/1.0", &tls10, test_offer);
  fixture_add_data ("/transport/tls/offer/1.1", &tls11, test_offer);
  fixture_add_data ("/transport/tls/offer/1.2", &tls12, test_offer);
  fixture_add_data ("/transport/tls/offer/1.3", &tls13, test_offer);
  fixture_add_data ("/transport/tls/offer/up-to-1.2", &tls_all, test_offer);
  fixture_add_data ("/transport/tls/offer/1.2-cbc", &tls12_cbc, test_offer);
  fixture_add_data ("/transport/tls/offer/1.2-dhe", &tls12_dhe, test_offer);
  fixture_add ("/transport/tls/agreed-on-old", test_agreed_on_old);
  fixture_add ("/transport/tls/http2", test_http2);
  fixture_add ("/transport/tls/none", test_no_tls);

  return g_test_run ();
}
