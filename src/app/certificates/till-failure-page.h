/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says why a file did not open: what happened, what it means, what to do; the technical part behind Details. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TILL_TYPE_FAILURE_PAGE (till_failure_page_get_type ())
G_DECLARE_FINAL_TYPE (TillFailurePage, till_failure_page, TILL, FAILURE_PAGE, GtkWidget)

/* Its buttons name the actions detail.retry and win.open. */
TillFailurePage *till_failure_page_new       (void) G_GNUC_WARN_UNUSED_RESULT;
void             till_failure_page_set       (TillFailurePage *self,
                                              const char      *file,
                                              const char      *title,
                                              const char      *body,
                                              const char      *details);
void             till_failure_page_set_error (TillFailurePage *self,
                                              const char      *file,
                                              const GError    *error);

G_END_DECLS
