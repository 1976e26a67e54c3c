/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The application: one window, files from the command line, settings, keys. */
#pragma once

#include <adwaita.h>

#include "till-clock.h"

G_BEGIN_DECLS

#define TILL_TYPE_APPLICATION (till_application_get_type ())
G_DECLARE_FINAL_TYPE (TillApplication, till_application, TILL, APPLICATION, AdwApplication)

TillApplication *till_application_new (TillClock *clock) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
