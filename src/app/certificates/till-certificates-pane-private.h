/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Certificates pane inside: shared by its pages and its actions. */
#pragma once

#include <adwaita.h>

#include "till-adaptive-bin.h"
#include "till-certificate-detail.h"
#include "till-certificates-pane.h"

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

  GtkStack              *stack;
  AdwBin                *empty_bin;
  GtkWidget             *first_steps;      /* (nullable) on the empty page, while nothing was ever connected */
  gboolean               first_run;
  AdwLeaflet            *leaflet;
  TillAdaptiveBin       *list_bin;
  AdwBin                *detail_holder;
  GtkActionBar          *action_bar;
  GtkWidget             *choose_again_button;
  GMenuModel            *row_menu;
  TillCertificateList   *list;             /* (nullable) until there are rows */
  TillCertificateDetail *detail;           /* (nullable) until there is a current row */
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

/* till-certificates-actions.c */
void                 till_certificates_pane_class_install_actions (GtkWidgetClass *widget_class);
void                 till_certificates_pane_update_actions (TillCertificatesPane *self);
void                 till_certificates_pane_say            (TillCertificatesPane *self,
                                                            const char           *text);

G_END_DECLS
