/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Airship Wallet certificates (services/airship-wallet-certificates.md, API.md 6). */
#pragma once

#include <gio/gio.h>

#include "till-secret.h"
#include "till-transport.h"

G_BEGIN_DECLS

/**
 * TillTri:
 *
 * A boolean that the service may leave out: unknown is not false (API.md 6.4).
 */
typedef enum
{
  TILL_TRI_UNKNOWN = -1,
  TILL_TRI_FALSE = 0,
  TILL_TRI_TRUE = 1,
} TillTri;

/**
 * TillWalletTemplate:
 *
 * A template that uses a certificate. @id is kept as text: the service writes it as number or string.
 */
typedef struct
{
  char *id;
  char *name;
} TillWalletTemplate;

/**
 * TillWalletCertificate:
 *
 * What the service says of one certificate. Immutable, counted atomically.
 * Times are seconds since 1970; %G_MININT64 where the service does not say, or
 * says it in a form that can't be read (then @problem names the field).
 */
typedef struct
{
  /*< private >*/
  gatomicrefcount  ref_count;

  /*< public, read only >*/
  char            *id;
  char            *vendor;                 /* (nullable) */
  char            *name;                   /* (nullable) */
  char            *comment;                /* (nullable) */
  char            *base_name;              /* (nullable) pass type identifier */
  char            *team_identifier;        /* (nullable) */
  TillTri          nfc_support;
  TillTri          enabled;
  TillTri          is_default;
  TillTri          expired;                /* by the service's clock */
  gint64           created_at;
  gint64           updated_at;
  gint64           validity_start;
  gint64           validity_end;
  gboolean         has_templates;          /* the member was there, maybe empty */
  GPtrArray       *templates;              /* (element-type TillWalletTemplate), never %NULL */
  char            *problem;                /* (nullable) name of a member that was there and could not be read */
} TillWalletCertificate;

/* body: one certificate object as the service sends it (API.md 6.4), or as it was kept. */
TillWalletCertificate *till_wallet_certificate_new   (const TillSecret      *body,
                                                      GError               **error) G_GNUC_WARN_UNUSED_RESULT;
TillWalletCertificate *till_wallet_certificate_ref   (TillWalletCertificate *self);
void                   till_wallet_certificate_unref (TillWalletCertificate *self);

/**
 * TillWalletQuery:
 * @vendor: (nullable): "Apple"
 * @enabled: which ones; unknown for all
 * @order: (nullable): field to order by
 * @direction: (nullable): "ASC" or "DESC"
 * @page_size: results a page; 0 for 100
 * @max_pages: ask for no more pages than that; 0 for all
 * @total: (out) (nullable): set before each page is told of where the service says how many there are in all; stays
 *   until the list is there. Its "count" is that of the page or of all pages (API.md 6.8): it is taken for the latter
 *   only where the page has fewer.
 */
typedef struct
{
  const char *vendor;
  TillTri     enabled;
  const char *order;
  const char *direction;
  guint       page_size;
  guint       max_pages;
  gint64     *total;
} TillWalletQuery;

/**
 * TillWalletList:
 * @certificates: (element-type TillWalletCertificate): in the order of the service, each id once
 * @pages: how many pages were asked for
 * @ignored: (nullable): why further pages were left out ("more than 10,000 certificates", …)
 */
typedef struct
{
  GPtrArray *certificates;
  guint      pages;
  char      *ignored;
} TillWalletList;

void till_wallet_list_free (TillWalletList *self);

/**
 * TillWalletPageFunc:
 *
 * Called after each page with what was new on it, for lists that fill while they load.
 */
typedef void (*TillWalletPageFunc) (GPtrArray *certificates,
                                    gpointer   user_data);

typedef enum
{
  TILL_TEXT_KEEP,        /* null is sent: an absent member would erase it (API.md 6.5) */
  TILL_TEXT_SET,
  TILL_TEXT_CLEAR,       /* the member is left out */
} TillTextChange;

/**
 * TillWalletChange:
 * @name_change: what becomes of the name
 * @name: (nullable): with %TILL_TEXT_SET
 * @comment_change: what becomes of the comment
 * @comment: (nullable): with %TILL_TEXT_SET
 * @enabled: sent only where it is not unknown
 * @make_default: "default": true is sent; there is no way to send false
 * @p12: (nullable): a DER PKCS #12, for replacing
 * @password: (nullable): of @p12
 *
 * The body of PUT.
 */
typedef struct
{
  TillTextChange   name_change;
  const char      *name;
  TillTextChange   comment_change;
  const char      *comment;
  TillTri          enabled;
  gboolean         make_default;
  TillSecret      *p12;
  TillSecret      *password;
} TillWalletChange;

/**
 * TillWalletUpload:
 *
 * The body of POST. @name and @comment are (nullable) and then left out.
 */
typedef struct
{
  const char *name;
  const char *comment;
  gboolean    enabled;
  gboolean    make_default;
  TillSecret *p12;
  TillSecret *password;
} TillWalletUpload;

#define TILL_TYPE_WALLET (till_wallet_get_type ())
G_DECLARE_FINAL_TYPE (TillWallet, till_wallet, TILL, WALLET, GObject)

TillWallet            *till_wallet_new            (TillTransport           *transport,
                                                   const char              *url,
                                                   const char              *user,
                                                   TillSecret              *password,
                                                   GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
/* Skew of the last answer, %G_MININT64 for none (G19). */
gint64                 till_wallet_get_skew       (TillWallet              *self);
/* End of the service's certificate, 0 unknown. */
gint64                 till_wallet_get_certificate_not_after (TillWallet   *self);

void                   till_wallet_list_async     (TillWallet              *self,
                                                   const TillWalletQuery   *query,
                                                   TillWalletPageFunc       page,
                                                   gpointer                 page_data,
                                                   GCancellable            *cancellable,
                                                   GAsyncReadyCallback      callback,
                                                   gpointer                 user_data);
TillWalletList        *till_wallet_list_finish    (TillWallet              *self,
                                                   GAsyncResult            *result,
                                                   GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
void                   till_wallet_show_async     (TillWallet              *self,
                                                   const char              *id,
                                                   GCancellable            *cancellable,
                                                   GAsyncReadyCallback      callback,
                                                   gpointer                 user_data);
TillWalletCertificate *till_wallet_show_finish    (TillWallet              *self,
                                                   GAsyncResult            *result,
                                                   GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
void                   till_wallet_add_async      (TillWallet              *self,
                                                   const TillWalletUpload  *upload,
                                                   GCancellable            *cancellable,
                                                   GAsyncReadyCallback      callback,
                                                   gpointer                 user_data);
TillWalletCertificate *till_wallet_add_finish     (TillWallet              *self,
                                                   GAsyncResult            *result,
                                                   GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
void                   till_wallet_update_async   (TillWallet              *self,
                                                   const char              *id,
                                                   const TillWalletChange  *change,
                                                   GCancellable            *cancellable,
                                                   GAsyncReadyCallback      callback,
                                                   gpointer                 user_data);
TillWalletCertificate *till_wallet_update_finish  (TillWallet              *self,
                                                   GAsyncResult            *result,
                                                   GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
/* 204 and 404 differ: 404 is %TILL_ERROR_NOT_FOUND, and the caller knows whether that is as good. */
void                   till_wallet_remove_async   (TillWallet              *self,
                                                   const char              *id,
                                                   GCancellable            *cancellable,
                                                   GAsyncReadyCallback      callback,
                                                   gpointer                 user_data);
gboolean               till_wallet_remove_finish  (TillWallet              *self,
                                                   GAsyncResult            *result,
                                                   GError                 **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillWalletCertificate, till_wallet_certificate_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillWalletList, till_wallet_list_free)

G_END_DECLS
