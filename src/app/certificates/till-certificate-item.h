/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row of the Certificates pane: a certificate at a service or in a file, or a file without one. */
#pragma once

#include <gio/gio.h>

#include "till-file-entry.h"
#include "till-item.h"

G_BEGIN_DECLS

/**
 * TillItemStatus:
 *
 * What the status column shows: a shape and a word, never colour alone (UX.md 2.1).
 */
typedef enum
{
  TILL_STATUS_VALID,        /* ● */
  TILL_STATUS_SOON,         /* ◆ */
  TILL_STATUS_EXPIRED,      /* ■ */
  TILL_STATUS_PROBLEM,      /* ▲ not valid yet, impossible dates, weak, key does not match, damaged, missing */
  TILL_STATUS_LOCKED,       /* ◌ needs a password: not checked */
  TILL_STATUS_NONE,         /* ○ has no end date: a key, a request, a list */
  TILL_STATUS_OFF,          /* ○ switched off at its service */
} TillItemStatus;

#define TILL_TYPE_ITEM_STATUS (till_item_status_get_type ())
GType till_item_status_get_type (void);

#define TILL_TYPE_CERTIFICATE_ITEM (till_certificate_item_get_type ())
G_DECLARE_FINAL_TYPE (TillCertificateItem, till_certificate_item, TILL, CERTIFICATE_ITEM, GObject)

/* @leaf: index into the document's certificates, or -1 for a row that stands for the whole file (no certificate
 * in it, not opened, or failed). */
TillCertificateItem *till_certificate_item_new               (TillFileEntry        *entry,
                                                              int                   leaf,
                                                              TillClock            *clock) G_GNUC_WARN_UNUSED_RESULT;

/* item: of the wallet or of Commerce Hub. seen_at: %TILL_TIME_UNKNOWN where the service was asked just now. */
TillCertificateItem *till_certificate_item_new_service       (TillItem             *item,
                                                              gint64                seen_at,
                                                              TillClock            *clock) G_GNUC_WARN_UNUSED_RESULT;

TillItem            *till_certificate_item_get_item          (TillCertificateItem  *self);  /* (nullable) */
gint64               till_certificate_item_get_seen_at       (TillCertificateItem  *self);
TillFileEntry       *till_certificate_item_get_entry         (TillCertificateItem  *self);  /* (nullable) */
int                  till_certificate_item_get_leaf          (TillCertificateItem  *self);
TillCertificate     *till_certificate_item_get_certificate   (TillCertificateItem  *self);  /* (nullable) */
TillClock           *till_certificate_item_get_clock         (TillCertificateItem  *self);

/* Properties (read only; status and status-text notify when till_certificate_item_refresh() finds them changed):
 * "status", "status-text" ("Ends in 12 days"), "name", "identifier", "ends-text" (locale date or "").
 * Texts are made when asked for, so that 10,000 rows stay cheap. */
TillItemStatus       till_certificate_item_get_status        (TillCertificateItem  *self);
char                *till_certificate_item_dup_status_text   (TillCertificateItem  *self) G_GNUC_WARN_UNUSED_RESULT;
const char          *till_certificate_item_get_name          (TillCertificateItem  *self);
const char          *till_certificate_item_get_identifier    (TillCertificateItem  *self);
/* Of all rows; "" where there is nothing to say. */
const char          *till_certificate_item_get_team          (TillCertificateItem  *self);
const char          *till_certificate_item_get_used_by       (TillCertificateItem  *self);
const char          *till_certificate_item_get_provider      (TillCertificateItem  *self);
char                *till_certificate_item_dup_ends_text     (TillCertificateItem  *self) G_GNUC_WARN_UNUSED_RESULT;
/* Effective end: seconds since 1970, G_MAXINT64 where there is none. The chain's, not only the certificate's. */
gint64               till_certificate_item_get_ends          (TillCertificateItem  *self);
void                 till_certificate_item_refresh           (TillCertificateItem  *self);

G_END_DECLS
