/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape that stands before the words of a status, so that colour is never the only sign (UX.md 2.1). */
#pragma once

#include <gtk/gtk.h>

#include "till-certificate-item.h"

G_BEGIN_DECLS

#define TILL_TYPE_STATUS_SHAPE (till_status_shape_get_type ())
G_DECLARE_FINAL_TYPE (TillStatusShape, till_status_shape, TILL, STATUS_SHAPE, GtkWidget)

GtkWidget      *till_status_shape_new        (void) G_GNUC_WARN_UNUSED_RESULT;
TillItemStatus  till_status_shape_get_status (TillStatusShape *self);
void            till_status_shape_set_status (TillStatusShape *self,
                                              TillItemStatus   status);

G_END_DECLS
