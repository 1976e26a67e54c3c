/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What inspecting costs with GnuTLS alone: the floor that tillkeeperctl is held against.
 *
 *   floor-inspect nothing                    start, do nothing
 *   floor-inspect certificate FILE           the facts of each certificate of a PEM text, or of one DER
 *   floor-inspect pkcs12 PASSWORD FILE…      MAC, certificates and key
 *   floor-inspect pkcs12-shut PASSWORD FILE…         the same, the key left encrypted
 *   floor-inspect pkcs12-threads PASSWORD FILE…      MAC and certificates, and the key beside them
 *   floor-inspect pkcs12-shut-threads PASSWORD FILE… the MAC, and the certificates beside it
 *
 * Plain getters, nothing clever: this is what a straightforward program does. It
 * prints names, serial, dates, key, signature, SHA-256 and usages. The password is
 * an argument because these are files made for measuring. */
#include <gnutls/gnutls.h>
#include <gnutls/pkcs12.h>
#include <gnutls/x509.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CHECK(call) check ((call), #call)

static int
check (int         result,
       const char *call)
{
  if (result < 0)
    {
      fprintf (stderr, "floor-inspect: %s: %s\n", call, gnutls_strerror (result));
      exit (1);
    }

  return result;
}

static void
print_hex (const char          *label,
           const unsigned char *data,
           size_t               size)
{
  printf ("%s ", label);
  for (size_t i = 0; i < size; i++)
    printf ("%02x", data[i]);
  printf ("\n");
}

static void
print_time (const char *label,
            time_t      time)
{
  struct tm tm;
  char text[64];

  gmtime_r (&time, &tm);
  strftime (text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
  printf ("%s %s\n", label, text);
}

static void
print_alt_names (gnutls_x509_crt_t certificate)
{
  for (unsigned int i = 0; ; i++)
    {
      unsigned char name[1024];
      size_t size = sizeof name;
      unsigned int type;

      if (gnutls_x509_crt_get_subject_alt_name2 (certificate, i, name, &size, &type, NULL) < 0)
        return;

      if (type == GNUTLS_SAN_IPADDRESS)
        print_hex ("alt-ip", name, size);
      else
        printf ("alt %u:%.*s\n", type, (int) size, name);
    }
}

static void
print_purposes (gnutls_x509_crt_t certificate)
{
  for (unsigned int i = 0; ; i++)
    {
      char oid[256];
      size_t size = sizeof oid;

      if (gnutls_x509_crt_get_key_purpose_oid (certificate, i, oid, &size, NULL) < 0)
        return;

      printf ("purpose %s\n", oid);
    }
}

static void
print_certificate (gnutls_x509_crt_t certificate)
{
  gnutls_datum_t text;
  unsigned char bytes[64];
  unsigned int bits, usage, path;
  size_t size;
  int algorithm;

  CHECK (gnutls_x509_crt_get_dn3 (certificate, &text, 0));
  printf ("subject %s\n", text.data);
  gnutls_free (text.data);
  CHECK (gnutls_x509_crt_get_issuer_dn3 (certificate, &text, 0));
  printf ("issuer %s\n", text.data);
  gnutls_free (text.data);

  size = sizeof bytes;
  CHECK (gnutls_x509_crt_get_serial (certificate, bytes, &size));
  print_hex ("serial", bytes, size);
  printf ("version %d\n", gnutls_x509_crt_get_version (certificate));
  print_time ("starts", gnutls_x509_crt_get_activation_time (certificate));
  print_time ("ends", gnutls_x509_crt_get_expiration_time (certificate));

  algorithm = gnutls_x509_crt_get_pk_algorithm (certificate, &bits);
  printf ("key %s %u\n", gnutls_pk_get_name (algorithm), bits);
  printf ("signed %s\n", gnutls_sign_get_name (gnutls_x509_crt_get_signature_algorithm (certificate)));
  print_alt_names (certificate);
  if (gnutls_x509_crt_get_key_usage (certificate, &usage, NULL) >= 0)
    printf ("usage %u\n", usage);
  print_purposes (certificate);
  printf ("ca %d\n", gnutls_x509_crt_get_ca_status (certificate, &path));

  size = sizeof bytes;
  CHECK (gnutls_x509_crt_get_fingerprint (certificate, GNUTLS_DIG_SHA256, bytes, &size));
  print_hex ("sha256", bytes, size);
}

static void
inspect_one (const gnutls_datum_t    *data,
             gnutls_x509_crt_fmt_t    format)
{
  gnutls_x509_crt_t certificate;

  CHECK (gnutls_x509_crt_init (&certificate));
  CHECK (gnutls_x509_crt_import (certificate, data, format));
  print_certificate (certificate);
  gnutls_x509_crt_deinit (certificate);
}

static void
inspect_certificates (const gnutls_datum_t *file)
{
  static const char begin[] = "-----BEGIN CERTIFICATE-----";
  static const char end[] = "-----END CERTIFICATE-----";
  const char *p = memmem (file->data, file->size, begin, strlen (begin));
  const char *last = (const char *) file->data + file->size;

  if (p == NULL)
    {
      inspect_one (file, GNUTLS_X509_FMT_DER);
      return;
    }

  while (p != NULL)
    {
      const char *stop = memmem (p, last - p, end, strlen (end));
      gnutls_datum_t block = { .data = (unsigned char *) p };

      if (stop == NULL)
        return;

      block.size = stop + strlen (end) - p;
      inspect_one (&block, GNUTLS_X509_FMT_PEM);
      p = memmem (stop, last - stop, begin, strlen (begin));
    }
}

typedef struct
{
  const gnutls_datum_t *file;
  const char           *password;
} Work;

static gnutls_pkcs12_t
import_pkcs12 (const Work *work)
{
  gnutls_pkcs12_t pkcs12;

  CHECK (gnutls_pkcs12_init (&pkcs12));
  CHECK (gnutls_pkcs12_import (pkcs12, work->file, GNUTLS_X509_FMT_DER, 0));

  return pkcs12;
}

static void *
check_mac (void *data)
{
  const Work *work = data;
  gnutls_pkcs12_t pkcs12 = import_pkcs12 (work);

  CHECK (gnutls_pkcs12_verify_mac (pkcs12, work->password));
  gnutls_pkcs12_deinit (pkcs12);

  return NULL;
}

static void
open_key (const gnutls_datum_t *data,
          const char           *password)
{
  gnutls_x509_privkey_t key;
  unsigned char bytes[64];
  size_t size = sizeof bytes;
  unsigned int bits;

  CHECK (gnutls_x509_privkey_init (&key));
  CHECK (gnutls_x509_privkey_import_pkcs8 (key, data, GNUTLS_X509_FMT_DER, password, 0));
  printf ("private %s", gnutls_pk_get_name (gnutls_x509_privkey_get_pk_algorithm2 (key, &bits)));
  printf (" %u\n", bits);
  CHECK (gnutls_x509_privkey_get_key_id (key, GNUTLS_KEYID_USE_SHA256, bytes, &size));
  print_hex ("key-id", bytes, size);
  gnutls_x509_privkey_deinit (key);
}

/* Goes through the bags; those with what is asked for are opened. */
static void
open_bags (const Work *work,
           int         with_certificates,
           int         with_key)
{
  gnutls_pkcs12_t pkcs12 = import_pkcs12 (work);

  for (int i = 0; ; i++)
    {
      gnutls_pkcs12_bag_t bag;
      int result;

      CHECK (gnutls_pkcs12_bag_init (&bag));
      result = gnutls_pkcs12_get_bag (pkcs12, i, bag);

      if (result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        {
          gnutls_pkcs12_bag_deinit (bag);
          break;
        }

      CHECK (result);

      if (gnutls_pkcs12_bag_get_type (bag, 0) == GNUTLS_BAG_ENCRYPTED && with_certificates)
        CHECK (gnutls_pkcs12_bag_decrypt (bag, work->password));

      for (int n = 0; n < gnutls_pkcs12_bag_get_count (bag); n++)
        {
          int type = gnutls_pkcs12_bag_get_type (bag, n);
          gnutls_datum_t data;

          CHECK (gnutls_pkcs12_bag_get_data (bag, n, &data));
          if (type == GNUTLS_BAG_CERTIFICATE && with_certificates)
            inspect_one (&data, GNUTLS_X509_FMT_DER);
          else if (type == GNUTLS_BAG_PKCS8_ENCRYPTED_KEY && with_key)
            open_key (&data, work->password);
        }

      gnutls_pkcs12_bag_deinit (bag);
    }

  gnutls_pkcs12_deinit (pkcs12);
}

static void *
open_the_key (void *data)
{
  open_bags (data, 0, 1);

  return NULL;
}

static void
inspect_pkcs12 (const Work *work,
                int         with_key,
                int         with_threads)
{
  pthread_t thread;

  if (!with_threads)
    {
      check_mac ((void *) work);
      open_bags (work, 1, with_key);
      return;
    }

  CHECK (-pthread_create (&thread, NULL, with_key ? open_the_key : check_mac, (void *) work));
  if (with_key)
    check_mac ((void *) work);
  open_bags (work, 1, 0);
  pthread_join (thread, NULL);
}

int
main (int    argc,
      char **argv)
{
  const char *what = argc > 1 ? argv[1] : "";
  int with_password = strncmp (what, "pkcs12", 6) == 0;

  if (strcmp (what, "nothing") == 0)
    return 0;

  if (argc < 3 + with_password)
    return 2;

  for (int i = 2 + with_password; i < argc; i++)
    {
      gnutls_datum_t file;

      CHECK (gnutls_load_file (argv[i], &file));

      if (with_password)
        {
          Work work = { .file = &file, .password = argv[2] };

          inspect_pkcs12 (&work, strstr (what, "shut") == NULL, strstr (what, "threads") != NULL);
        }
      else
        {
          inspect_certificates (&file);
        }

      gnutls_free (file.data);
    }

  return fflush (stdout) == 0 ? 0 : 1;
}
