/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificates at the services of the profile at work, as rows that follow what the services say. */
#pragma once

#include "till-certificate-item.h"
#include "till-session.h"

G_BEGIN_DECLS

#define TILL_TYPE_SERVICE_ROWS (till_service_rows_get_type ())

/**
 * TillServiceRows:
 *
 * A #GListModel of #TillCertificateItem: of the wallet and of what was uploaded
 * to Commerce Hub. Asks by itself when a profile was opened and when another
 * pane has changed something. Signal "state-changed": what the getters below
 * give may be something else now.
 */
G_DECLARE_FINAL_TYPE (TillServiceRows, till_service_rows, TILL, SERVICE_ROWS, GObject)

TillServiceRows     *till_service_rows_new          (TillSession     *session) G_GNUC_WARN_UNUSED_RESULT;
/* Asks again. What is known stays meanwhile. */
void                 till_service_rows_load         (TillServiceRows *self);
/* Stops asking. */
void                 till_service_rows_stop         (TillServiceRows *self);
/* Whether a service is being asked. */
gboolean             till_service_rows_get_busy     (TillServiceRows *self);
/* Whether it was asked, or could not be, since the profile was opened. */
gboolean             till_service_rows_get_asked    (TillServiceRows *self);
/* Whether the profile at work has a wallet. */
gboolean             till_service_rows_has_wallet   (TillServiceRows *self);
/* Whether it can upload to Commerce Hub. */
gboolean             till_service_rows_has_hub      (TillServiceRows *self);
/* (nullable): why the wallet could not be asked */
const GError        *till_service_rows_get_error    (TillServiceRows *self);
/* Whether somebody stopped asking before all was known. */
gboolean             till_service_rows_get_stopped  (TillServiceRows *self);
/* When what is shown was known, where that was not just now; else %TILL_TIME_UNKNOWN. */
gint64               till_service_rows_get_seen_at  (TillServiceRows *self);
/* (nullable): what was left out of a very long list */
const char          *till_service_rows_get_ignored  (TillServiceRows *self);
/* n: how many the wallet has told so far. Returns how many there are; -1 where it does not say. */
gint64               till_service_rows_get_progress (TillServiceRows *self,
                                                     guint           *n);
/* (nullable) */
TillCertificateItem *till_service_rows_find         (TillServiceRows *self,
                                                     TillEndingKind   kind,
                                                     const char      *id);

G_END_DECLS
