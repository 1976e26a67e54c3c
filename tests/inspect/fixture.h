/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates and their parts made for a test: by openssl and certtool, or byte by byte. */
#pragma once

#include <glib.h>

#include "till-test.h"

G_BEGIN_DECLS

/**
 * FixtureCertificate:
 *
 * Parts of a certificate in the notation of fixture_der(); %NULL stands for an
 * ordinary one. Its signature is nonsense.
 */
typedef struct
{
  const char *version;
  const char *serial;
  const char *inner_algorithm;
  const char *issuer;
  const char *dates;
  const char *subject;
  const char *key;
  const char *unique_ids;
  const char *extensions;
  const char *outer_algorithm;
} FixtureCertificate;

#define FIXTURE_RSA_SHA256 "30{06{<1.2.840.113549.1.1.11>} 0500}"
#define FIXTURE_RSA_MD5    "30{06{<1.2.840.113549.1.1.4>} 0500}"

GBytes *fixture_der         (const char               *text) G_GNUC_WARN_UNUSED_RESULT;
GBytes *fixture_certificate (const FixtureCertificate *parts) G_GNUC_WARN_UNUSED_RESULT;
char   *fixture_extension   (const char               *oid,
                             const char               *value) G_GNUC_WARN_UNUSED_RESULT;

char   *fixture_run         (TillTestDir              *dir,
                             const char               *format,
                             ...) G_GNUC_PRINTF (2, 3) G_GNUC_WARN_UNUSED_RESULT;
void    fixture_make        (TillTestDir              *dir,
                             const char               *format,
                             ...) G_GNUC_PRINTF (2, 3);
GBytes *fixture_load        (TillTestDir              *dir,
                             const char               *name) G_GNUC_WARN_UNUSED_RESULT;
char   *fixture_field       (const char               *output,
                             const char               *label) G_GNUC_WARN_UNUSED_RESULT;
char   *fixture_hex         (GBytes                   *bytes) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
