/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks before a profile is removed. */
#pragma once

#include <gtk/gtk.h>

#include "till-record.h"

G_BEGIN_DECLS

typedef void (*TillProfileRemoveFunc) (gpointer user_data);

/* agreed: called once, where the person agrees and the parent is still there. */
GtkWidget *till_profile_remove_ask (GtkWindow             *parent,
                                    const TillProfile     *profile,
                                    TillProfileRemoveFunc  agreed,
                                    gpointer               user_data);

G_END_DECLS
