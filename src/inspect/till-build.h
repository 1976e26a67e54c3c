/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document while it is read: what the readers of PEM, DER and PKCS #12 share. */
#pragma once

#include <glib.h>

#include "till-der.h"
#include "till-document.h"
#include "till-password.h"
#include "till-pbe.h"

G_BEGIN_DECLS

/**
 * TillBuild:
 * @document: what is read so far
 * @cancel: (nullable): of the caller
 * @passwords: (element-type TillPassword): the ways to try the password
 * @given: whether a password was given; an empty one counts
 * @max_mac_iterations: rounds that are taken to check a MAC
 * @max_kdf_iterations: rounds that are taken to derive a key
 * @container: the file is a %TILL_DOCUMENT_PKCS12 or %TILL_DOCUMENT_PKCS7; %TILL_DOCUMENT_MIXED for neither
 * @encryption: (element-type utf8): names of encryptions, each once; the strings are static
 * @ignored: PEM blocks of parameters, which say nothing by themselves
 * @unsupported: gets the reason why a private key could be listed by its algorithm alone
 */
typedef struct
{
  TillDocument      *document;
  const TillCancel  *cancel;
  GPtrArray         *passwords;
  gboolean           given;
  guint64            max_mac_iterations;
  guint64            max_kdf_iterations;
  TillDocumentKind   container;
  GPtrArray         *encryption;
  guint              ignored;
  GError           **unsupported;
} TillBuild;

gboolean         till_build_add_certificate   (TillBuild           *self,
                                               const TillDer       *der,
                                               const char          *friendly_name,
                                               GError             **error);
gboolean         till_build_add_private_key   (TillBuild           *self,
                                               const TillDer       *der,
                                               const char          *label,
                                               const char          *friendly_name,
                                               GError             **error);
gboolean         till_build_add_encrypted_key (TillBuild           *self,
                                               const TillDer       *der,
                                               const char          *label,
                                               const char          *friendly_name,
                                               GError             **error);
gboolean         till_build_add_pem_key       (TillBuild           *self,
                                               const TillPbe       *pbe,
                                               const TillDer       *der,
                                               const char          *label,
                                               const char          *friendly_name,
                                               GError             **error);
gboolean         till_build_add_public_key    (TillBuild           *self,
                                               const TillDer       *der,
                                               const char          *label,
                                               GError             **error);
gboolean         till_build_add_request       (TillBuild           *self,
                                               const TillDer       *der,
                                               GError             **error);
gboolean         till_build_add_crl           (TillBuild           *self,
                                               const TillDer       *der,
                                               GError             **error);
TillProtection  *till_build_get_protection    (TillBuild           *self);
void             till_build_note_encryption   (TillBuild           *self,
                                               const TillPbe       *pbe);
void             till_build_set_protected     (TillBuild           *self,
                                               GError             **error);

/* The readers. Each takes what is left of one file and adds to the document. */
gboolean         till_read_text               (TillBuild           *self,
                                               const char          *text,
                                               gsize                size,
                                               GError             **error);
gboolean         till_read_der                (TillBuild           *self,
                                               const guint8        *data,
                                               gsize                size,
                                               GError             **error);
gboolean         till_read_pkcs7              (TillBuild           *self,
                                               const guint8        *data,
                                               gsize                size,
                                               GError             **error);
gboolean         till_read_pkcs12             (TillBuild           *self,
                                               const guint8        *data,
                                               gsize                size,
                                               GError             **error);
gboolean         till_read_openssh            (TillBuild           *self,
                                               const guint8        *data,
                                               gsize                size,
                                               GError             **error);

/* Does what was decrypted make sense: one SEQUENCE and nothing else? */
gboolean         till_build_is_plausible      (const TillSecret    *plain);

/* Who belongs to whom, once all is read (till-chain.c). */
void             till_document_link           (TillDocument        *self);

G_END_DECLS
