/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates of the terminal: its own, and key and certificates for a point of sale (API.md 5.2). */
#include "config.h"

#include <gnutls/abstract.h>
#include <string.h>

#include "till-error.h"
#include "till-sandbox-authority-private.h"
#include "till-sandbox-state.h"
#include "till-sandbox-terminal-private.h"

#define DAY G_GINT64_CONSTANT (86400)
#define TERMINAL_DAYS 730
#define LEAST_DAYS 30
#define RSA_BITS 2048
#define DAMAGED_AT 200

#define CHATTER "Certificates for the point of sale:\n"

static const struct
{
  const char *suffix;
  const char *file;
} names[] = {
  { "pgw.seclib.io", "terminal-pgw-key.pem" },
  { "cybs.seclib.io", "terminal-cybs-key.pem" },
};

/**
 * Issued:
 * @key: (owned): the private key, PEM
 * @crts: (owned): certificate, intermediate and root, PEM
 *
 * What a point of sale is given.
 */
typedef struct
{
  TillSecret *key;
  char       *crts[3];
} Issued;

/* Who checks a certificate asks the system for the time, whatever the services keep. */
static gint64
now_of_system (void)
{
  g_autoptr(TillClock) clock = till_clock_new_system ();

  return till_clock_get_now (clock);
}

static char *
dup_hex (const guint8 *data,
         gsize         size)
{
  char *text = g_malloc (2 * size + 1);

  for (gsize i = 0; i < size; i++)
    g_snprintf (text + 2 * i, 3, "%02x", data[i]);

  return text;
}

/**
 * till_terminal_sha256:
 * @crt: a certificate
 *
 * Returns: (transfer full): its fingerprint, lower-case hex
 */
char *
till_terminal_sha256 (gnutls_x509_crt_t crt)
{
  guint8 digest[32];
  gsize size = sizeof digest;

  if (gnutls_x509_crt_get_fingerprint (crt, GNUTLS_DIG_SHA256, digest, &size) < 0)
    size = 0;

  return dup_hex (digest, size);
}

static int
make_leaf (TillAuthority         *issuer,
           gnutls_x509_crt_t      crt,
           gnutls_x509_privkey_t  key,
           const char            *common_name,
           const char            *purpose,
           const char            *dns_name,
           gint64                 not_before,
           gint64                 not_after)
{
  unsigned int usage = GNUTLS_KEY_DIGITAL_SIGNATURE;
  int code;

  /* Where a connection of TLS 1.2 has the key exchange of old. */
  if (gnutls_x509_privkey_get_pk_algorithm (key) == GNUTLS_PK_RSA)
    usage |= GNUTLS_KEY_KEY_ENCIPHERMENT;
  not_after = MIN (not_after, (gint64) gnutls_x509_crt_get_expiration_time (issuer->crt));

  if ((code = till_authority_prepare (crt, key, not_before, not_after)) < 0 ||
      (code = till_authority_set_name (crt, GNUTLS_OID_X520_COMMON_NAME, common_name)) < 0 ||
      (code = till_authority_set_name (crt, GNUTLS_OID_X520_ORGANIZATION_NAME, "Tillkeeper Practice")) < 0 ||
      (code = gnutls_x509_crt_set_basic_constraints (crt, 0, -1)) < 0 ||
      (code = gnutls_x509_crt_set_key_usage (crt, usage)) < 0 ||
      (code = gnutls_x509_crt_set_key_purpose_oid (crt, purpose, 0)) < 0)
    return code;

  if (dns_name != NULL &&
      (code = gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_DNSNAME, dns_name, (unsigned int) strlen (dns_name),
                                                    GNUTLS_FSAN_SET)) < 0)
    return code;

  return till_authority_sign (issuer, crt);
}

static int
make_terminal (TillAuthority         *issuer,
               gnutls_x509_crt_t     *crt,
               gnutls_x509_privkey_t  key,
               const char            *serial,
               const char            *suffix,
               gint64                 not_before,
               gint64                 not_after)
{
  g_autofree char *name = g_strdup_printf ("%s.%s", serial, suffix);
  int code;

  if ((code = gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                            GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0)) < 0 ||
      (code = make_leaf (issuer, *crt, key, serial, GNUTLS_KP_TLS_WWW_SERVER, name, not_before, not_after)) < 0)
    return code;

  return till_authority_reread (crt);
}

static gboolean
make_pair (gnutls_x509_crt_t      *crt,
           gnutls_x509_privkey_t  *key,
           GError                **error)
{
  g_clear_pointer (crt, gnutls_x509_crt_deinit);
  g_clear_pointer (key, gnutls_x509_privkey_deinit);

  return !till_authority_failed (gnutls_x509_crt_init (crt), "make a certificate", error) &&
         !till_authority_failed (gnutls_x509_privkey_init (key), "make a key", error);
}

static gboolean
is_good (TillTerminal      *self,
         gnutls_x509_crt_t  crt,
         const char        *suffix,
         gint64             now)
{
  g_autofree char *name = g_strdup_printf ("%s.%s", self->serial, suffix);
  unsigned int status = 0;

  return (gint64) gnutls_x509_crt_get_activation_time (crt) <= now &&
         (gint64) gnutls_x509_crt_get_expiration_time (crt) - now >= LEAST_DAYS * DAY &&
         gnutls_x509_crt_verify (crt, &self->intermediate->crt, 1, GNUTLS_VERIFY_DISABLE_TIME_CHECKS, &status) >= 0 &&
         status == 0 &&
         gnutls_x509_crt_check_hostname2 (crt, name, 0) != 0;
}

/**
 * till_terminal_open_identity:
 * @self: a terminal with its serial number and authorities
 * @error: (out) (optional): %TILL_ERROR_DAMAGED, %TILL_ERROR_UNREADABLE or %TILL_ERROR_INTERNAL
 *
 * Reads the certificates that the terminal shows, or makes those that are not
 * there, would end within 30 days or are of another serial number or issuer.
 *
 * Returns: whether they are there
 */
gboolean
till_terminal_open_identity (TillTerminal  *self,
                             GError       **error)
{
  gint64 now = now_of_system ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gboolean found;

      if (!make_pair (&self->crt[i], &self->key[i], error) ||
          !till_authority_load_pair (self->server->folder, names[i].file, self->crt[i], self->key[i], &found, error))
        return FALSE;

      if (found && is_good (self, self->crt[i], names[i].suffix, now))
        continue;

      if (!make_pair (&self->crt[i], &self->key[i], error) ||
          till_authority_failed (make_terminal (self->intermediate, &self->crt[i], self->key[i], self->serial,
                                                names[i].suffix, now - DAY, now + TERMINAL_DAYS * DAY),
                                 "make the terminal's certificate", error) ||
          !till_authority_save_pair (self->server->folder, names[i].file, self->crt[i], self->key[i], error))
        return FALSE;
    }

  return TRUE;
}

/* An authority that nobody knows, of the same names as the true ones. */
static int
make_stranger (TillAuthority *like,
               TillAuthority *stranger)
{
  gint64 now = now_of_system ();
  g_autofree char *name = NULL;
  gsize size = 0;
  int code;

  gnutls_x509_crt_get_dn_by_oid (like->crt, GNUTLS_OID_X520_COMMON_NAME, 0, 0, NULL, &size);
  name = g_malloc0 (size + 1);

  if ((code = gnutls_x509_crt_get_dn_by_oid (like->crt, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &size)) < 0 ||
      (code = gnutls_x509_crt_init (&stranger->crt)) < 0 || (code = gnutls_x509_privkey_init (&stranger->key)) < 0 ||
      (code = gnutls_x509_privkey_generate (stranger->key, GNUTLS_PK_ECDSA,
                                            GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0)) < 0 ||
      (code = till_authority_prepare (stranger->crt, stranger->key, now - DAY, now + TERMINAL_DAYS * DAY)) < 0 ||
      (code = till_authority_set_name (stranger->crt, GNUTLS_OID_X520_COMMON_NAME, name)) < 0 ||
      (code = till_authority_set_name (stranger->crt, GNUTLS_OID_X520_ORGANIZATION_NAME, "Tillkeeper Practice")) < 0 ||
      (code = gnutls_x509_crt_set_basic_constraints (stranger->crt, 1, -1)) < 0 ||
      (code = gnutls_x509_crt_set_key_usage (stranger->crt, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN)) < 0)
    return code;

  if ((code = till_authority_sign (stranger, stranger->crt)) < 0)
    return code;

  return till_authority_reread (&stranger->crt);
}

static char *
other_serial (const char *serial)
{
  char *other = g_strdup (serial);
  gsize last = strlen (other) - 1;

  other[last] = other[last] == '9' ? '0' : (char) (other[last] + 1);

  return other;
}

static int
present_wrong (TillTerminal                     *self,
               const char                       *fault,
               const char                       *suffix,
               gnutls_certificate_credentials_t  credentials)
{
  g_autoptr(TillAuthority) stranger = g_new0 (TillAuthority, 1);
  g_autofree char *serial = strcmp (fault, "other-serial") == 0 ? other_serial (self->serial) : g_strdup (self->serial);
  TillAuthority *issuer = self->intermediate;
  gnutls_x509_crt_t chain[2] = { NULL, NULL };
  gnutls_x509_privkey_t key = NULL;
  gint64 from = now_of_system () - 10 * DAY;
  gint64 to = from + 300 * DAY;
  int code;

  if (strcmp (fault, "other-root") == 0)
    {
      if ((code = make_stranger (self->intermediate, stranger)) < 0)
        return code;
      issuer = stranger;
    }
  else if (strcmp (fault, "expired") == 0)
    {
      to = from + 9 * DAY;
    }
  else if (strcmp (fault, "not-yet") == 0)
    {
      from += 11 * DAY;
    }

  if ((code = gnutls_x509_crt_init (&chain[0])) >= 0 && (code = gnutls_x509_privkey_init (&key)) >= 0 &&
      (code = make_terminal (issuer, &chain[0], key, serial, suffix, from, to)) >= 0)
    {
      chain[1] = issuer->crt;
      code = gnutls_certificate_set_x509_key (credentials, chain, 2, key);
    }

  g_clear_pointer (&chain[0], gnutls_x509_crt_deinit);
  g_clear_pointer (&key, gnutls_x509_privkey_deinit);

  return code;
}

/**
 * till_terminal_present:
 * @self: a terminal
 * @fault: (nullable): a value of the fault "terminal-identity"
 * @credentials: of a connection
 *
 * Gives a connection the certificate that the terminal shows, with the
 * intermediate one, and the root that it names to clients. From any thread.
 *
 * Returns: an error code of GnuTLS
 */
int
till_terminal_present (TillTerminal                     *self,
                       const char                       *fault,
                       gnutls_certificate_credentials_t  credentials)
{
  gint64 which = till_assumptions_number (&self->server->assumptions, TILL_ASSUME_TERMINAL_NAME);
  gnutls_x509_crt_t chain[] = { self->crt[which], self->intermediate->crt };
  int code;

  g_mutex_lock (&self->lock);
  if ((code = gnutls_certificate_set_x509_trust (credentials, &self->root->crt, 1)) >= 0)
    code = fault != NULL ? present_wrong (self, fault, names[which].suffix, credentials)
                         : gnutls_certificate_set_x509_key (credentials, chain, G_N_ELEMENTS (chain), self->key[which]);
  g_mutex_unlock (&self->lock);

  return code;
}

static char *
dup_pem (gnutls_x509_crt_t crt)
{
  gnutls_datum_t pem = { NULL, 0 };
  char *text = NULL;

  if (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &pem) >= 0)
    text = g_strndup ((const char *) pem.data, pem.size);
  gnutls_free (pem.data);

  return text;
}

static int
export_key (TillTerminal           *self,
            gnutls_x509_privkey_t   key,
            TillSecret            **secret)
{
  gnutls_datum_t pem = { NULL, 0 };
  int code;

  /* GnuTLS writes an RSA key as PKCS #1 here: "RSA PRIVATE KEY", as the page shows it. */
  if (till_assumptions_is (&self->server->assumptions, TILL_ASSUME_TERMINAL_KEY, "pkcs8"))
    code = gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem);
  else
    code = gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_PEM, &pem);

  if (code >= 0)
    *secret = till_secret_new_copy (pem.data, pem.size);
  if (pem.data != NULL)
    till_wipe (pem.data, pem.size);
  gnutls_free (pem.data);

  return code;
}

static int
make_rsa (gnutls_x509_privkey_t *key)
{
  int code;

  if ((code = gnutls_x509_privkey_init (key)) < 0)
    return code;

  return gnutls_x509_privkey_generate (*key, GNUTLS_PK_RSA, RSA_BITS, 0);
}

/* A common name holds 64 characters at most, and here none that need an escape. */
static char *
dup_common_name (const char *pos_id)
{
  g_autofree char *sum = NULL;

  if (strlen (pos_id) <= 64 && strspn (pos_id, TILL_ALPHABET_62 "._-") == strlen (pos_id))
    return g_strdup (pos_id);

  sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, pos_id, -1);
  return g_strndup (sum, 32);
}

static TillPos *
make_pos (gnutls_x509_crt_t  crt,
          const char        *pos_id,
          gint64             now)
{
  TillPos *pos = g_new0 (TillPos, 1);
  guint8 serial[64];
  gsize size = sizeof serial;

  if (gnutls_x509_crt_get_serial (crt, serial, &size) < 0)
    size = 0;
  pos->pos_id = g_strdup (pos_id);
  pos->serial = dup_hex (serial, size);
  pos->sha256 = till_terminal_sha256 (crt);
  pos->issued_at = now;
  pos->not_after = gnutls_x509_crt_get_expiration_time (crt);

  return pos;
}

static int
make_issued (TillTerminal  *self,
             const char    *pos_id,
             const char    *fault,
             Issued        *issued,
             TillPos      **pos)
{
  gint64 days = till_assumptions_number (&self->server->assumptions, TILL_ASSUME_TERMINAL_CERTIFICATE_DAYS);
  g_autofree char *common_name = dup_common_name (pos_id);
  gint64 now = now_of_system ();
  gboolean expired = g_strcmp0 (fault, "expired") == 0;
  gnutls_x509_privkey_t key = NULL;
  gnutls_x509_privkey_t other = NULL;
  gnutls_x509_crt_t crt = NULL;
  int code;

  if ((code = gnutls_x509_crt_init (&crt)) < 0 || (code = make_rsa (&key)) < 0 ||
      (g_strcmp0 (fault, "wrong-key") == 0 && (code = make_rsa (&other)) < 0))
    goto out;

  g_mutex_lock (&self->lock);
  code = make_leaf (self->intermediate, crt, key, common_name, GNUTLS_KP_TLS_WWW_CLIENT, NULL,
                    now - (expired ? 2 * DAY : 60), expired ? now - DAY : now + days * DAY);
  g_mutex_unlock (&self->lock);

  if (code >= 0 && (code = export_key (self, other != NULL ? other : key, &issued->key)) >= 0)
    {
      *pos = make_pos (crt, pos_id, now);
      if ((issued->crts[0] = dup_pem (crt)) == NULL)
        code = GNUTLS_E_MEMORY_ERROR;
    }

out:
  g_clear_pointer (&other, gnutls_x509_privkey_deinit);
  g_clear_pointer (&key, gnutls_x509_privkey_deinit);
  g_clear_pointer (&crt, gnutls_x509_crt_deinit);

  return code;
}

static int
add_chain (TillTerminal *self,
           const char   *fault,
           Issued       *issued)
{
  g_autoptr(TillAuthority) stranger = g_new0 (TillAuthority, 1);
  int code = 0;

  issued->crts[1] = g_strdup (till_authority_get_pem (self->intermediate));
  if (g_strcmp0 (fault, "other-root") == 0)
    {
      if ((code = make_stranger (self->root, stranger)) >= 0 && (issued->crts[2] = dup_pem (stranger->crt)) == NULL)
        code = GNUTLS_E_MEMORY_ERROR;
    }
  else
    {
      issued->crts[2] = g_strdup (till_authority_get_pem (self->root));
    }

  return code;
}

typedef struct
{
  guint8     *data;
  gsize       size;
  const char *line_end;
} Text;

static void
append (Text         *text,
        const guint8 *data,
        gsize         size)
{
  for (gsize i = 0; i < size; i++)
    {
      const guint8 *from = data[i] == '\n' ? (const guint8 *) text->line_end : &data[i];
      gsize length = data[i] == '\n' ? strlen (text->line_end) : 1;

      memcpy (text->data + text->size, from, length);
      text->size += length;
    }
}

/* In the layout and order that are assumed, or spoilt as ordered. */
static TillSecret *
lay_out (TillTerminal *self,
         const char   *fault,
         const Issued *issued)
{
  static const char * const line_ends[] = { "\n", "\r\n", " ", "\\n" };
  static const guint8 orders[][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 2, 0 } };
  static const char * const left_out[] = { "no-leaf", "no-intermediate", "no-root" };
  TillAssumptions *assumptions = &self->server->assumptions;
  const guint8 *order = orders[till_assumptions_number (assumptions, TILL_ASSUME_TERMINAL_ORDER)];
  gboolean json = till_assumptions_is (assumptions, TILL_ASSUME_TERMINAL_LAYOUT, "json");
  gsize room = till_secret_get_size (issued->key) + 2 * strlen (CHATTER) + 8;
  TillSecret *secret;
  Text text;

  for (guint i = 0; i < G_N_ELEMENTS (issued->crts); i++)
    room += strlen (issued->crts[i]);
  /* A line end may become two characters. */
  secret = till_secret_new (2 * room);
  text.data = till_secret_get_buffer (secret);
  text.size = 0;
  text.line_end = line_ends[till_assumptions_number (assumptions, TILL_ASSUME_TERMINAL_LAYOUT)];

  if (g_strcmp0 (fault, "empty") == 0)
    {
      till_secret_shrink (secret, 0);
      return secret;
    }

  if (json)
    append (&text, (const guint8 *) "\"", 1);
  if (g_strcmp0 (fault, "chatter") == 0)
    append (&text, (const guint8 *) CHATTER, strlen (CHATTER));

  for (guint i = 0; i < 4; i++)
    {
      guint block = g_strcmp0 (fault, "reversed") == 0 ? 3 - i : i;

      if (block == 0 && g_strcmp0 (fault, "no-key") != 0)
        append (&text, till_secret_get_data (issued->key), till_secret_get_size (issued->key));
      else if (block > 0 && g_strcmp0 (fault, left_out[order[block - 1]]) != 0)
        append (&text, (const guint8 *) issued->crts[order[block - 1]], strlen (issued->crts[order[block - 1]]));
    }

  if (g_strcmp0 (fault, "chatter") == 0)
    append (&text, (const guint8 *) CHATTER, strlen (CHATTER));
  if (json)
    append (&text, (const guint8 *) "\"", 1);
  if (g_strcmp0 (fault, "truncated") == 0)
    text.size /= 2;
  till_secret_shrink (secret, text.size);

  return secret;
}

/**
 * till_terminal_issue:
 * @self: a terminal
 * @pos_id: whom for
 * @fault: (nullable): a value of the fault "terminal-answer"
 * @pos: (out): the certificate, not remembered yet
 * @error: (out) (optional): %TILL_ERROR_INTERNAL
 *
 * Makes an RSA key and a certificate for it. Takes a while; from any thread.
 *
 * Returns: (transfer full) (nullable): key, certificate, intermediate and root
 *   as the terminal answers them; %NULL with @error set
 */
TillSecret *
till_terminal_issue (TillTerminal  *self,
                     const char    *pos_id,
                     const char    *fault,
                     TillPos      **pos,
                     GError       **error)
{
  Issued issued = { NULL };
  TillSecret *text = NULL;
  int code;

  *pos = NULL;
  if ((code = make_issued (self, pos_id, fault, &issued, pos)) >= 0)
    code = add_chain (self, fault, &issued);

  if (!till_authority_failed (code, "make a certificate for a point of sale", error))
    {
      if (g_strcmp0 (fault, "damaged") == 0)
        issued.crts[0][DAMAGED_AT] = '!';
      text = lay_out (self, fault, &issued);
    }
  else
    {
      g_clear_pointer (pos, till_pos_free);
    }

  g_clear_pointer (&issued.key, till_secret_unref);
  for (guint i = 0; i < G_N_ELEMENTS (issued.crts); i++)
    g_free (issued.crts[i]);

  return text;
}
