/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The detail side of the Certificates pane (UX.md 2.3): a certificate, the password page, or the failure. */
#pragma once

#include <gtk/gtk.h>

#include "till-certificate-item.h"

G_BEGIN_DECLS

#define TILL_TYPE_CERTIFICATE_DETAIL (till_certificate_detail_get_type ())
G_DECLARE_FINAL_TYPE (TillCertificateDetail, till_certificate_detail, TILL, CERTIFICATE_DETAIL, GtkWidget)

/* Property "item" (TillCertificateItem, nullable, writable). It follows the item's entry: loading, ready, password
 * needed (shows TillPasswordPage), failed or missing (status page with the reason, what it means, what to do).
 * It says what happened through the window's action "win.toast" (parameter: the text, s).
 * Actions it installs: detail.copy (s: the value), detail.copy-identifier, detail.export, detail.export-der,
 * detail.add-to-calendar, detail.show-folder. The pane binds Ctrl+C, Ctrl+E, Ctrl+K to them. */
TillCertificateDetail *till_certificate_detail_new      (void) G_GNUC_WARN_UNUSED_RESULT;
TillCertificateItem   *till_certificate_detail_get_item (TillCertificateDetail *self);
void                   till_certificate_detail_set_item (TillCertificateDetail *self,
                                                         TillCertificateItem   *item);
/* Puts the focus where one would go on: the password row where it is asked for, else the first control. */
void                   till_certificate_detail_focus    (TillCertificateDetail *self);

G_END_DECLS
