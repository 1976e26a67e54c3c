/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What covers the window while it is locked. */
#pragma once

#include <gtk/gtk.h>

#include "till-record.h"

G_BEGIN_DECLS

#define TILL_TYPE_LOCK_PAGE (till_lock_page_get_type ())

/**
 * TillLockPage:
 *
 * Says that the window is locked and what that protects. Its button activates
 * the action "win.unlock".
 */
G_DECLARE_FINAL_TYPE (TillLockPage, till_lock_page, TILL, LOCK_PAGE, GtkWidget)

GtkWidget *till_lock_page_new         (void) G_GNUC_WARN_UNUSED_RESULT;
/* profile: (nullable): which one is covered. */
void       till_lock_page_set_profile (TillLockPage      *self,
                                       const TillProfile *profile);
/* problem: (nullable): why it was not unlocked. */
void       till_lock_page_set_asking  (TillLockPage      *self,
                                       gboolean           asking,
                                       const char        *problem);

G_END_DECLS
