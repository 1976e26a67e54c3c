/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape that stands before the words about a key, so that colour is never the only sign (UX.md 2.4). */
#pragma once

#include <gtk/gtk.h>

#include "till-advice.h"

G_BEGIN_DECLS

#define TILL_TYPE_KEY_SHAPE (till_key_shape_get_type ())
G_DECLARE_FINAL_TYPE (TillKeyShape, till_key_shape, TILL, KEY_SHAPE, GtkWidget)

GtkWidget       *till_key_shape_new          (TillKeyStanding  standing) G_GNUC_WARN_UNUSED_RESULT;
TillKeyStanding  till_key_shape_get_standing (TillKeyShape    *self);
void             till_key_shape_set_standing (TillKeyShape    *self,
                                              TillKeyStanding  standing);

G_END_DECLS
