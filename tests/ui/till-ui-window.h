/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window for a test, with files, settings and a clock of its own. */
#pragma once

#include "till-ui-test.h"

#include "till-window.h"

G_BEGIN_DECLS

typedef struct
{
  TillTestDir      *dir;
  GSettings        *settings;
  TillClock        *clock;
  TillWatchedFiles *files;
  TillVault        *vault;
  TillSession      *session;
  GtkWidget        *window;      /* (nullable) until shown */
} TillUiWindow;

void                  till_ui_window_setup      (TillUiWindow             *self,
                                                 gconstpointer             data);
void                  till_ui_window_teardown   (TillUiWindow             *self,
                                                 gconstpointer             data);

void                  till_ui_window_show       (TillUiWindow             *self,
                                                 int                       width,
                                                 int                       height);
void                  till_ui_window_close      (TillUiWindow             *self);

GFile                *till_ui_window_write      (TillUiWindow             *self,
                                                 const char               *name,
                                                 const void               *data,
                                                 gssize                    size) G_GNUC_WARN_UNUSED_RESULT;
void                  till_ui_window_open       (TillUiWindow             *self,
                                                 const char               *name,
                                                 const TillUiCertificate  *certificate);
void                  till_ui_window_open_file  (TillUiWindow             *self,
                                                 GFile                    *file);
void                  till_ui_window_open_shop  (TillUiWindow             *self);
void                  till_ui_window_wait       (TillUiWindow             *self);

TillCertificatesPane *till_ui_window_get_pane   (TillUiWindow             *self);
TillCertificateList  *till_ui_window_get_list   (TillUiWindow             *self);
GListModel           *till_ui_window_get_rows   (TillUiWindow             *self);
char                 *till_ui_window_dup_names  (TillUiWindow             *self) G_GNUC_WARN_UNUSED_RESULT;
const char           *till_ui_window_get_current (TillUiWindow            *self);
char                 *till_ui_window_dup_toast  (TillUiWindow             *self) G_GNUC_WARN_UNUSED_RESULT;
void                  till_ui_window_act        (TillUiWindow             *self,
                                                 const char               *action);

G_END_DECLS
