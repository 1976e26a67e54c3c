/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the calls of the pretended wallet service share. */
#pragma once

#include <json-glib/json-glib.h>

#include "till-secret.h"
#include "till-sandbox-call.h"
#include "till-sandbox-wallet.h"

G_BEGIN_DECLS

/**
 * TillWalletTemplate:
 * @id: its number
 * @name: what it is called
 *
 * A template that uses a certificate.
 */
typedef struct
{
  gint64  id;
  char   *name;
} TillWalletTemplate;

/**
 * TillWalletIdentity:
 * @base_name: pass type identifier
 * @team: team identifier
 * @nfc: whether it is for NFC passes
 * @start: seconds since 1970
 * @end: likewise
 *
 * What is taken from inside a .p12 file.
 */
typedef struct
{
  char     *base_name;
  char     *team;
  gboolean  nfc;
  gint64    start;
  gint64    end;
} TillWalletIdentity;

/**
 * TillWalletCertificate:
 * @id: a UUID
 * @name: (nullable): free text
 * @comment: (nullable): free text
 * @identity: from inside the .p12 file
 * @enabled: whether it is switched on
 * @created: seconds since 1970
 * @updated: likewise
 * @templates: (nullable) (element-type TillWalletTemplate): that use it
 *
 * One certificate.
 */
typedef struct
{
  char               *id;
  char               *name;
  char               *comment;
  TillWalletIdentity  identity;
  gboolean            enabled;
  gint64              created;
  gint64              updated;
  GPtrArray          *templates;
} TillWalletCertificate;

/**
 * TillWallet:
 * @server: whose it is
 * @certificates: (element-type TillWalletCertificate): the oldest first
 * @default_id: (nullable): the id of the default one
 * @dirty: there is more than on the disk
 * @sorted: (nullable) (element-type TillWalletCertificate): as a list was asked for last
 * @sorted_by: (nullable): how that is sorted and filtered
 */
struct _TillWallet
{
  TillSandboxServer *server;
  GPtrArray         *certificates;
  char              *default_id;
  gboolean           dirty;
  GPtrArray         *sorted;
  char              *sorted_by;
};

/* till-sandbox-wallet.c */
void                   till_wallet_refuse            (TillCall                     *call,
                                                      guint                         status,
                                                      const char                   *format,
                                                      ...) G_GNUC_PRINTF (3, 4);
void                   till_wallet_send              (TillCall                     *call);
void                   till_wallet_write             (TillCall                     *call,
                                                      TillJsonWriter               *writer,
                                                      const TillWalletCertificate  *certificate,
                                                      gboolean                      brief);
TillWalletCertificate *till_wallet_find              (TillWallet                   *self,
                                                      const char                   *id);
gboolean               till_wallet_keep              (TillCall                     *call);
guint                  till_wallet_assumed_status    (TillCall                     *call,
                                                      TillAssumed                   which);

/* till-sandbox-wallet-list.c, till-sandbox-wallet-change.c */
void                   till_wallet_list              (TillCall                     *call);
void                   till_wallet_add               (TillCall                     *call);
void                   till_wallet_update            (TillCall                     *call);

/* till-sandbox-wallet-p12.c */
gboolean               till_wallet_open_p12          (const char                   *text,
                                                      const char                   *password,
                                                      gboolean                      line_breaks,
                                                      TillWalletIdentity           *identity,
                                                      char                        **why);
void                   till_wallet_identity_clear    (TillWalletIdentity           *identity);

/* till-sandbox-wallet-state.c */
gboolean               till_wallet_save              (TillWallet                   *self,
                                                      GError                      **error);
void                   till_wallet_certificate_free  (TillWalletCertificate        *certificate);
void                   till_wallet_template_free     (TillWalletTemplate           *one);
void                   till_wallet_changed           (TillWallet                   *self);

/* till-sandbox-wallet-example.c */
void                   till_wallet_fill_examples     (TillWallet                   *self);
void                   till_wallet_fill_size         (TillWallet                   *self,
                                                      gint64                        size);

G_END_DECLS
