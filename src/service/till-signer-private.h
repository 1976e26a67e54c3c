/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of TillSigner share. */
#pragma once

#include "till-signer.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_SIGNER_HUB,
  TILL_SIGNER_BASIC,
  TILL_SIGNER_HTTP_SIGNATURE,
  TILL_SIGNER_JWT,
} TillSignerKind;

/*
 * What always holds: all fields are checked, so that no header made of them
 * can hold anything but visible ASCII.
 */
struct _TillSigner
{
  gatomicrefcount        ref_count;

  TillSignerKind         kind;
  char                  *name;          /* API key, user, or organisation */
  char                  *key_id;        /* (nullable) of the two for devices */
  TillSecret            *secret;        /* bytes of the key: decoded where it is Base64 */
  TillSignatureSpelling  spelling;
};

/* Checking what a person entered. */
char       *till_signer_check_name   (const char             *text,
                                      const char             *what,
                                      const char             *detail,
                                      gboolean                ascii,
                                      const char             *unwanted,
                                      GError                **error) G_GNUC_WARN_UNUSED_RESULT;
TillSecret *till_signer_decode_key   (TillSecret             *secret,
                                      GError                **error) G_GNUC_WARN_UNUSED_RESULT;

/* Making the headers of one try. */
gboolean    till_signer_hub_sign     (const TillSigner       *self,
                                      const TillSignerInput  *input,
                                      TillSignerHeaderFunc    func,
                                      gpointer                user_data,
                                      GError                **error);
gboolean    till_signer_basic_sign   (const TillSigner       *self,
                                      TillSignerHeaderFunc    func,
                                      gpointer                user_data);
gboolean    till_signer_http_sign    (const TillSigner       *self,
                                      const TillSignerInput  *input,
                                      TillSignerHeaderFunc    func,
                                      gpointer                user_data,
                                      GError                **error);
gboolean    till_signer_jwt_sign     (const TillSigner       *self,
                                      const TillSignerInput  *input,
                                      TillSignerHeaderFunc    func,
                                      gpointer                user_data,
                                      GError                **error);

G_END_DECLS
