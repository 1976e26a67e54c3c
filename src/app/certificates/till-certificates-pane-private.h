/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Certificates pane inside: shared by its pages and its actions. */
#pragma once

#include <adwaita.h>

#include "till-adaptive-bin.h"
#include "till-certificate-detail.h"
#include "till-certificates-pane.h"
#include "till-service-banner.h"
#include "till-service-rows.h"
#include "till-upload-window.h"
#include "till-wallet-detail.h"

G_BEGIN_DECLS

struct _TillCertificatesPane
{
  GtkWidget              parent_instance;

  TillWatchedFiles      *files;
  TillClock             *clock;
  GSettings             *settings;
  TillCertificateRows   *rows;
  GCancellable          *cancellable;

  guint                  pause_id;
  guint                  folded_id;
  gboolean               detail_waits;
  guint                  n_pasted;

  /* What was removed last, for Undo. */
  TillFileEntry         *removed;          /* (nullable) */
  guint                  removed_position;
  AdwToast              *undo_toast;       /* (nullable) */

  /* What services have. */
  TillSession           *session;          /* (nullable) until the window has been painted */
  TillServiceRows       *services;         /* (nullable) likewise */
  TillItem              *wanted;           /* (nullable): to be shown once it is in the list */
  GMenu                 *add_menu;
  int                    offers;           /* what add_menu was made for */

  AdwBin                *banner_bin;
  GtkStack              *stack;
  AdwBin                *empty_bin;
  AdwStatusPage         *empty_page;       /* (nullable) until there was nothing to show */
  GtkWidget             *empty_connect;    /* (nullable) likewise */
  GtkWidget             *empty_add;        /* (nullable) likewise */
  GtkWidget             *empty_upload;     /* (nullable) likewise */
  GtkWidget             *first_steps;      /* (nullable) on the empty page, while nothing was ever connected */
  gboolean               first_run;
  AdwLeaflet            *leaflet;
  TillAdaptiveBin       *list_bin;
  GtkStack              *detail_holder;
  GtkActionBar          *action_bar;
  GtkWidget             *choose_again_button;
  GMenuModel            *row_menu;
  GMenuModel            *service_menu;
  TillCertificateList   *list;             /* (nullable) until there are rows */
  TillCertificateDetail *detail;           /* (nullable) until there is a current row of a file */
  TillWalletDetail      *wallet;           /* (nullable) until there is a current row of a service */
  gint64                 wallet_seen_at;   /* what wallet was told last */
  GtkWidget             *menu;             /* (nullable) until asked for */
};

/* till-certificates-pane.c */
gboolean             till_certificates_pane_has_rows       (TillCertificatesPane *self);
TillCertificateItem *till_certificates_pane_get_current    (TillCertificatesPane *self);
gboolean             till_certificates_pane_can_go_back    (TillCertificatesPane *self);
void                 till_certificates_pane_sync_detail    (TillCertificatesPane *self);
void                 till_certificates_pane_go_to_detail   (TillCertificatesPane *self);
void                 till_certificates_pane_go_back        (TillCertificatesPane *self);
void                 till_certificates_pane_show_entry     (TillCertificatesPane *self,
                                                            TillFileEntry        *entry,
                                                            gboolean              alone);

/* The same row may be another by now. */
void                 till_certificates_pane_refresh_detail (TillCertificatesPane *self);
void                 till_certificates_pane_notify_busy    (TillCertificatesPane *self);

/* till-certificates-services.c */
TillItem            *till_certificates_pane_get_service    (TillCertificatesPane *self);
gboolean             till_certificates_pane_can_change     (TillCertificatesPane *self);
void                 till_certificates_pane_select_something (TillCertificatesPane *self);
GtkWidget           *till_certificates_pane_make_empty_page (TillCertificatesPane *self) G_GNUC_WARN_UNUSED_RESULT;
void                 till_certificates_pane_update_empty_page (TillCertificatesPane *self);
void                 till_certificates_pane_update_services (TillCertificatesPane *self);
void                 till_certificates_pane_show_service   (TillCertificatesPane *self,
                                                            TillCertificateItem  *row);
void                 till_certificates_pane_act_on_service (TillCertificatesPane *self,
                                                            const char           *action);
void                 till_certificates_pane_show_upload    (TillCertificatesPane *self,
                                                            TillUploadKind        kind,
                                                            GFile                *file);
void                 till_certificates_pane_show_google    (TillCertificatesPane *self);

/* till-certificates-actions.c */
void                 till_certificates_pane_class_install_actions (GtkWidgetClass *widget_class);
void                 till_certificates_pane_update_actions (TillCertificatesPane *self);
void                 till_certificates_pane_say            (TillCertificatesPane *self,
                                                            const char           *text);

G_END_DECLS
