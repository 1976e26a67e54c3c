/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounded reading and atomic private writing of files (RELIABILITY.md G9, G11). */
#pragma once

#include <glib.h>

#include "till-secret.h"

G_BEGIN_DECLS

TillSecret *till_file_read      (const char    *path,
                                 gsize          limit,
                                 gsize          text_limit,
                                 GError       **error) G_GNUC_WARN_UNUSED_RESULT;
TillSecret *till_file_read_fd   (int            fd,
                                 const char    *name,
                                 gsize          limit,
                                 gsize          text_limit,
                                 GError       **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean    till_file_write     (const char    *path,
                                 const void    *data,
                                 gsize          size,
                                 int            mode,
                                 GError       **error);
gboolean    till_file_make_dir  (const char    *path,
                                 GError       **error);
char       *till_file_display_name (const char *path) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
