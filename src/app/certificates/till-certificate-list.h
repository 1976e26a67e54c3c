/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list side of the Certificates pane: rows that can be searched, filtered, sorted and chosen. */
#pragma once

#include <gtk/gtk.h>

#include "till-certificate-rows.h"

G_BEGIN_DECLS

#define TILL_TYPE_CERTIFICATE_LIST (till_certificate_list_get_type ())
G_DECLARE_FINAL_TYPE (TillCertificateList, till_certificate_list, TILL, CERTIFICATE_LIST, GtkWidget)

/* Property "current" (TillCertificateItem, nullable, read only, notifies). Property "search-mode" (gboolean).
 * Signal "activated": somebody wants to see the details of the current row.
 * Signal "menu-asked" (GtkWidget *relative_to, double x, double y): for the current row. */
GtkWidget           *till_certificate_list_new             (TillCertificateRows *rows,
                                                            GSettings           *settings) G_GNUC_WARN_UNUSED_RESULT;

TillCertificateItem *till_certificate_list_get_current     (TillCertificateList *self);
void                 till_certificate_list_set_current     (TillCertificateList *self,
                                                            TillCertificateItem *item);
gboolean             till_certificate_list_get_search_mode (TillCertificateList *self);
void                 till_certificate_list_set_search_mode (TillCertificateList *self,
                                                            gboolean             search_mode);
void                 till_certificate_list_set_one_click   (TillCertificateList *self,
                                                            gboolean             one_click);
void                 till_certificate_list_show_all        (TillCertificateList *self);
/* What the “+” offers; until then there is none. */
void                 till_certificate_list_set_add_menu    (TillCertificateList *self,
                                                            GMenuModel          *menu);
void                 till_certificate_list_popup_add       (TillCertificateList *self);
/* text: (nullable): what goes on, below the rows. busy: it can be stopped by the action "pane.stop". */
void                 till_certificate_list_set_progress    (TillCertificateList *self,
                                                            const char          *text,
                                                            gboolean             busy);
GtkSelectionModel   *till_certificate_list_get_model       (TillCertificateList *self);

G_END_DECLS
