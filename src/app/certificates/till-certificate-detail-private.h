/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two files of the detail side share. */
#pragma once

#include "till-certificate-detail.h"
#include "till-certificate-view.h"
#include "till-failure-page.h"
#include "till-password-page.h"

G_BEGIN_DECLS

struct _TillCertificateDetail
{
  GtkWidget             parent_instance;

  GtkStack             *stack;
  GtkSpinner           *loading_spinner;
  GtkLabel             *loading_label;
  GtkWidget            *cancel_button;
  TillCertificateView  *view;
  TillPasswordPage     *password_page;
  TillFailurePage      *failure_page;

  TillCertificateItem  *item;            /* (nullable) */
  TillFileEntry        *entry;           /* (nullable) the item's */
  GArray               *trail;           /* (element-type int) certificates gone through */
  TillDocument         *shown;           /* (nullable) document that the trail leads through */
  guint                 spinner_timeout;
  gboolean              stopped;         /* the first reading was given up */
  GCancellable         *cancellable;     /* (nullable) of our own reading */
  GCancellable         *saving;          /* closes dialogs when we go */
};

void till_certificate_detail_update          (TillCertificateDetail *self);
void till_certificate_detail_show_current    (TillCertificateDetail *self);
void till_certificate_detail_clear_spinner   (TillCertificateDetail *self);

int  till_certificate_detail_get_current     (TillCertificateDetail *self);
void till_certificate_detail_update_actions  (TillCertificateDetail *self);
void till_certificate_detail_install_actions (GtkWidgetClass        *widget_class);

G_END_DECLS
