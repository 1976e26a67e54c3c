/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs of many certificates in one PEM text, read on two threads. */
#pragma once

#include <glib.h>

#include "till-build.h"
#include "till-pem.h"

G_BEGIN_DECLS

guint     till_read_bulk_count (const TillPemBlock   *blocks,
                                guint                 n);
gboolean  till_read_bulk       (TillBuild            *self,
                                const TillPemBlock   *blocks,
                                guint                 n,
                                guint                *failed,
                                GError              **error);

G_END_DECLS
