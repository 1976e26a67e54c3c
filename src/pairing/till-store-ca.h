/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store's own certificate authority: it vouches for this computer to tills, and for tills to this computer. */
#pragma once

#include <gio/gio.h>

#include "till-clock.h"
#include "till-record.h"
#include "till-secret.h"
#include "till-store.h"
#include "till-vault.h"

G_BEGIN_DECLS

/* RELIABILITY.md G25. */
#define TILL_CA_TILL_DAYS   397
#define TILL_CA_SERIAL_BITS 128

#define TILL_TYPE_STORE_CA (till_store_ca_get_type ())

/**
 * TillStoreCa:
 *
 * A root and an issuing authority below it, P-256 both. Immutable. Its keys are
 * in the vault, nowhere else in clear; what is public of it is in the store, so
 * that a lost keyring is noticed and never followed by another authority.
 */
G_DECLARE_FINAL_TYPE (TillStoreCa, till_store_ca, TILL, STORE_CA, GObject)

/**
 * TillIssued:
 * @pem: key (PKCS #1), certificate, issuing authority, root: what the till gets
 * @certificate_pem: the till's certificate alone
 * @serial: lower-case hex
 *
 * An identity that was made for a till.
 */
typedef struct
{
  TillSecret *pem;
  char       *certificate_pem;
  char       *serial;
  gint64      not_before;
  gint64      not_after;
} TillIssued;

void             till_issued_free                (TillIssued           *self);

/* Loads the profile's authority, or makes it where there never was one. */
void             till_store_ca_open_async        (TillStore            *store,
                                                  TillVault            *vault,
                                                  TillClock            *clock,
                                                  const TillProfile    *profile,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
TillStoreCa     *till_store_ca_open_finish       (GAsyncResult         *result,
                                                  GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* Was made just now: the person should write a backup. */
gboolean         till_store_ca_is_new            (TillStoreCa          *self);
/* The vault could not keep it: it is gone when this process ends. */
gboolean         till_store_ca_is_session_only   (TillStoreCa          *self);

const char      *till_store_ca_get_root_pem      (TillStoreCa          *self);
const char      *till_store_ca_get_root_sha256   (TillStoreCa          *self);
gint64           till_store_ca_get_not_after     (TillStoreCa          *self);
gboolean         till_store_ca_check_time        (TillStoreCa          *self,
                                                  gint64                now,
                                                  GError              **error);

/* The backup: PEM with encrypted keys (PBES2, AES-256, 600,000 rounds). Slow on purpose. */
void             till_store_ca_back_up_async     (TillStoreCa          *self,
                                                  TillSecret           *password,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
GBytes          *till_store_ca_back_up_finish    (TillStoreCa          *self,
                                                  GAsyncResult         *result,
                                                  GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads a backup and puts its authority into the vault. One of another root than the store's is %TILL_ERROR_CONFLICT. */
void             till_store_ca_restore_async     (TillStore            *store,
                                                  TillVault            *vault,
                                                  const TillProfile    *profile,
                                                  GBytes               *backup,
                                                  TillSecret           *password,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
TillStoreCa     *till_store_ca_restore_finish    (GAsyncResult         *result,
                                                  GError              **error) G_GNUC_WARN_UNUSED_RESULT;

/* For the host. key: RSA, DER of PKCS #1. */
TillIssued      *till_store_ca_issue             (TillStoreCa          *self,
                                                  const TillSecret     *key,
                                                  const char           *pos_id,
                                                  gint64                now,
                                                  guint                 days,
                                                  GError              **error) G_GNUC_WARN_UNUSED_RESULT;
GTlsCertificate *till_store_ca_make_listener     (TillStoreCa          *self,
                                                  GInetAddress         *address,
                                                  const char * const   *host_names,
                                                  gint64                now,
                                                  GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillIssued, till_issued_free)

G_END_DECLS
