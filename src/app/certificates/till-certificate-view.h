/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything known of one certificate, or of a file without one: a card, plain words, and more behind expanders. */
#pragma once

#include <gtk/gtk.h>

#include "till-certificate-item.h"

G_BEGIN_DECLS

#define TILL_TYPE_CERTIFICATE_VIEW (till_certificate_view_get_type ())
G_DECLARE_FINAL_TYPE (TillCertificateView, till_certificate_view, TILL, CERTIFICATE_VIEW, GtkWidget)

/* Its buttons and rows name the actions of the TillCertificateDetail around it; it has none of its own. */
TillCertificateView *till_certificate_view_new           (void) G_GNUC_WARN_UNUSED_RESULT;
void                 till_certificate_view_show          (TillCertificateView *self,
                                                          TillCertificateItem *item,
                                                          int                  certificate,
                                                          const char          *back_to);
void                 till_certificate_view_clear         (TillCertificateView *self);
void                 till_certificate_view_update_status (TillCertificateView *self);
void                 till_certificate_view_set_reading   (TillCertificateView *self,
                                                          gboolean             reading);

G_END_DECLS
