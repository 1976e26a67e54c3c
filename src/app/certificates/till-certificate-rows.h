/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the watched files and of the services: a list of TillCertificateItem that follows them and the clock. */
#pragma once

#include "till-certificate-item.h"
#include "till-watched-files.h"

G_BEGIN_DECLS

#define TILL_TYPE_CERTIFICATE_ROWS (till_certificate_rows_get_type ())
G_DECLARE_FINAL_TYPE (TillCertificateRows, till_certificate_rows, TILL, CERTIFICATE_ROWS, GObject)

TillCertificateRows *till_certificate_rows_new             (TillWatchedFiles     *files,
                                                            TillClock            *clock) G_GNUC_WARN_UNUSED_RESULT;

/* services: rows that stand behind those of the files. Once. */
void                 till_certificate_rows_set_services    (TillCertificateRows  *self,
                                                            GListModel           *services);
guint                till_certificate_rows_get_n_attention (TillCertificateRows  *self);
guint                till_certificate_rows_get_n_expired   (TillCertificateRows  *self);
guint                till_certificate_rows_get_n_unused    (TillCertificateRows  *self);
/* Of services. */
guint                till_certificate_rows_get_n_services  (TillCertificateRows  *self);
TillCertificateItem *till_certificate_rows_get_first       (TillCertificateRows  *self,
                                                            TillFileEntry        *entry);
TillCertificateItem *till_certificate_rows_find_successor  (TillCertificateRows  *self,
                                                            TillCertificateItem  *old);
TillCertificateItem *till_certificate_rows_find_same       (TillCertificateRows  *self,
                                                            const TillCertificate *certificate,
                                                            TillFileEntry        *except);
guint                till_certificate_rows_count_of        (TillCertificateRows  *self,
                                                            TillFileEntry        *entry);
void                 till_certificate_rows_refresh         (TillCertificateRows  *self);

G_END_DECLS
