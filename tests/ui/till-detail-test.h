/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the detail side share: toy certificates, a window to put a widget in, and eyes to look at it. */
#pragma once

#include <adwaita.h>

#include "till-certificate-item.h"
#include "till-ui-test.h"

G_BEGIN_DECLS

/**
 * TillDetailTest:
 * @folder: toy certificates, see make-toys.sh
 * @clock: set to the day the toys were made
 * @window: shown, with the actions win.toast and win.open
 * @toast: (nullable): what win.toast was last told
 */
typedef struct
{
  TillTestDir *folder;
  TillClock   *clock;
  gint64       made;
  GtkWidget   *window;
  char        *toast;
  guint        n_opens;
} TillDetailTest;

void                 till_detail_test_init       (int                 *argc,
                                                  char              ***argv);
TillDetailTest      *till_detail_test_new        (GtkWidget           *widget,
                                                  int                  width,
                                                  int                  height) G_GNUC_WARN_UNUSED_RESULT;
void                 till_detail_test_free       (TillDetailTest      *self);

TillFileEntry       *till_detail_test_read       (TillDetailTest      *self,
                                                  const char          *name) G_GNUC_WARN_UNUSED_RESULT;
TillFileEntry       *till_detail_test_entry      (TillDetailTest      *self,
                                                  const char          *name) G_GNUC_WARN_UNUSED_RESULT;
TillCertificateItem *till_detail_test_item       (TillDetailTest      *self,
                                                  const char          *name) G_GNUC_WARN_UNUSED_RESULT;
char                *till_detail_test_password   (TillDetailTest      *self) G_GNUC_WARN_UNUSED_RESULT;
void                 till_detail_test_days_later (TillDetailTest      *self,
                                                  int                  days);

gboolean             till_comes_up               (GtkWidget           *root,
                                                  const char          *text);
GtkWidget           *till_find_label             (GtkWidget           *root,
                                                  const char          *text);
GtkWidget           *till_find_type              (GtkWidget           *root,
                                                  GType                type);
GtkWidget           *till_find_row               (GtkWidget           *root,
                                                  const char          *title);
GtkWidget           *till_find_action            (GtkWidget           *root,
                                                  const char          *action);
char                *till_read_clipboard         (GtkWidget           *widget) G_GNUC_WARN_UNUSED_RESULT;
void                 till_settle                 (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillDetailTest, till_detail_test_free)

G_END_DECLS
