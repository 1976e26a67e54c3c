/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The application's window: panes behind a switcher, and everything that can be dropped or pasted there. */
#pragma once

#include <adwaita.h>

#include "till-certificates-pane.h"
#include "till-safety.h"
#include "till-session.h"

G_BEGIN_DECLS

#define TILL_TYPE_WINDOW (till_window_get_type ())
G_DECLARE_FINAL_TYPE (TillWindow, till_window, TILL, WINDOW, AdwApplicationWindow)

/* Actions: win.open, win.paste, win.search, win.refresh, win.visible-pane (s), win.preferences,
 * win.show-help-overlay, win.toast (s: the text, not markup), win.sort-column (s), win.sort-descending,
 * win.add-profile, win.edit-profile, win.practise, win.switch-profile, win.try-again, win.restore-backup,
 * win.show-data-folder, win.vault-help, win.activity-log, win.lock, win.unlock. */
GtkWidget            *till_window_new         (GtkApplication   *application,
                                               TillWatchedFiles *files,
                                               TillSession      *session,
                                               GSettings        *settings) G_GNUC_WARN_UNUSED_RESULT;

void                  till_window_open_files  (TillWindow       *self,
                                               GPtrArray        *files);
TillCertificatesPane *till_window_get_pane    (TillWindow       *self);
AdwViewStack         *till_window_get_stack   (TillWindow       *self);
/* (nullable) before it has been painted */
TillSafety           *till_window_get_safety  (TillWindow       *self);

G_END_DECLS
