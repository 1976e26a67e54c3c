/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is sent to Airship Wallet and what comes back, without the network. */
#pragma once

#include "till-json-reader.h"
#include "till-service-walk.h"
#include "till-wallet.h"

G_BEGIN_DECLS

/* Longer ones are nonsense. */
#define TILL_WALLET_ID_CHARS   256
#define TILL_WALLET_TEXT_CHARS 65536

/**
 * TillWalletPage:
 * @certificates: (element-type TillWalletCertificate)
 * @has_next: the service says that there is another page
 * @page_size: of the service, which may be smaller than what was asked for; 0 unknown
 * @count: as the service says: of this page or of all of them; 0 unknown
 *
 * One page of the list.
 */
typedef struct
{
  GPtrArray *certificates;
  gboolean   has_next;
  gint64     page_size;
  gint64     count;
} TillWalletPage;

TillSecret            *till_wallet_upload_to_json   (const TillWalletUpload  *upload,
                                                     GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
TillSecret            *till_wallet_change_to_json   (const TillWalletChange  *change,
                                                     GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
TillWalletCertificate *till_wallet_certificate_alloc (void) G_GNUC_WARN_UNUSED_RESULT;
TillWalletCertificate *till_wallet_certificate_read (const TillJsonReader    *reader,
                                                     GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): %NULL where it is not plain; then the other way says what it is */
TillWalletCertificate *till_wallet_certificate_read_plain (TillServiceWalk *walk) G_GNUC_WARN_UNUSED_RESULT;
JsonNode              *till_wallet_parse            (const TillSecret        *body,
                                                     gsize                    limit,
                                                     GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
TillWalletPage        *till_wallet_page_new         (const TillSecret        *body,
                                                     GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
void                   till_wallet_page_free        (TillWalletPage          *self);
char                  *till_wallet_list_path        (const TillWalletQuery   *query,
                                                     guint                    page,
                                                     guint                    page_size) G_GNUC_WARN_UNUSED_RESULT;
char                  *till_wallet_certificate_path (const char              *id,
                                                     GError                 **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * TillWalletAnswerFunc:
 * @answer: (nullable): a success by its status; %NULL where the call has failed
 * @error: (nullable) (transfer full): why it has failed
 *
 * Where an answer goes that was judged already.
 */
typedef void (*TillWalletAnswerFunc) (TillWallet       *self,
                                      const TillAnswer *answer,
                                      GError           *error,
                                      gpointer          user_data);

/**
 * TillWalletCall:
 * @method: anything but "GET" is a change
 * @path: below the base
 * @is_list: a list: longer, and asked for with a Content-Type (API.md 6.3)
 * @body: (nullable)
 * @password: (nullable): in @body, so that no message may repeat it
 */
typedef struct
{
  const char *method;
  const char *path;
  gboolean    is_list;
  TillSecret *body;
  TillSecret *password;
} TillWalletCall;

void                   till_wallet_call             (TillWallet              *self,
                                                     const TillWalletCall    *call,
                                                     GCancellable            *cancellable,
                                                     TillWalletAnswerFunc     func,
                                                     gpointer                 user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillWalletPage, till_wallet_page_free)

G_END_DECLS
