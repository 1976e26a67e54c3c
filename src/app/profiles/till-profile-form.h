/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The entries of a profile, each with room for what is wrong with it. */
#pragma once

#include <adwaita.h>

#include "till-record.h"
#include "till-secret.h"

G_BEGIN_DECLS

#define TILL_TYPE_PROFILE_FORM (till_profile_form_get_type ())
G_DECLARE_FINAL_TYPE (TillProfileForm, till_profile_form, TILL, PROFILE_FORM, GtkWidget)

/* Signal "changed": something was typed or chosen. */
GtkWidget   *till_profile_form_new          (const TillProfile *profile) G_GNUC_WARN_UNUSED_RESULT;
/* Further groups go below those of the form. */
void         till_profile_form_add          (TillProfileForm   *self,
                                             GtkWidget         *group);
TillProfile *till_profile_form_dup_profile  (TillProfileForm   *self) G_GNUC_WARN_UNUSED_RESULT;
/* service: "hub", "wallet" or "devices". (nullable): nothing was typed */
TillSecret  *till_profile_form_dup_secret   (TillProfileForm   *self,
                                             const char        *service) G_GNUC_WARN_UNUSED_RESULT;
/* Wipes what was typed and says that it is kept. */
void         till_profile_form_secret_kept  (TillProfileForm   *self,
                                             const char        *service,
                                             gboolean           session_only);
/* What was saved: a later change keeps its id. */
void         till_profile_form_set_saved    (TillProfileForm   *self,
                                             const TillProfile *profile);
/* Whether there is an entry that it is about; then it says so. member: as the core names it, or a service */
gboolean     till_profile_form_show_error   (TillProfileForm   *self,
                                             const char        *member,
                                             const char        *text);
void         till_profile_form_clear_errors (TillProfileForm   *self);

G_END_DECLS
