/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says above the list why a service could not be asked, and since when what is shown is known. */
#pragma once

#include <gtk/gtk.h>

#include "till-service-rows.h"

G_BEGIN_DECLS

#define TILL_TYPE_SERVICE_BANNER (till_service_banner_get_type ())
G_DECLARE_FINAL_TYPE (TillServiceBanner, till_service_banner, TILL, SERVICE_BANNER, GtkWidget)

/* Uses the actions pane.refresh and win.edit-profile. */
GtkWidget *till_service_banner_new (TillSession     *session,
                                    TillServiceRows *rows) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
