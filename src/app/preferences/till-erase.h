/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erases everything that the program keeps on this computer. */
#pragma once

#include "till-session.h"

G_BEGIN_DECLS

/* First the secrets of all profiles: where the vault does not let go of them nothing else is touched. Then the session
 * is closed, its folder is removed, and the settings are as they were at first. What is at a service stays there. */
void     till_erase_async  (TillSession          *session,
                            GSettings            *settings,
                            GAsyncReadyCallback   callback,
                            gpointer              user_data);
gboolean till_erase_finish (GAsyncResult         *result,
                            GError              **error);

G_END_DECLS
