/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the window share. */
#pragma once

#include "till-window.h"

#include "till-adaptive-bin.h"
#include "till-lock-page.h"
#include "till-profile-switcher.h"
#include "till-session-banner.h"

G_BEGIN_DECLS

struct _TillWindow
{
  AdwApplicationWindow   parent_instance;

  TillWatchedFiles      *files;
  TillSession           *session;
  GSettings             *settings;
  GCancellable          *cancellable;
  gulong                 painted_id;
  GtkSelectionModel     *pages;          /* of stack */

  GtkStack              *cover;          /* toasts with all else, or the lock page */
  AdwToastOverlay       *toasts;
  AdwToast              *last_toast;     /* (nullable) */
  GtkWidget             *drop_highlight;
  TillAdaptiveBin       *adaptive;
  GtkBox                *box;
  GtkStack              *title_stack;
  AdwWindowTitle        *window_title;
  GtkWidget             *back_button;
  GtkWidget             *open_button;
  GtkWidget             *search_button;
  GtkSpinner            *spinner;
  GtkMenuButton         *menu_button;
  GMenuModel            *primary_menu;
  AdwViewStack          *stack;
  AdwViewSwitcher       *switcher;       /* (nullable) with one pane */
  AdwViewSwitcherBar    *switcher_bar;   /* (nullable) with one pane */
  TillCertificatesPane  *pane;

  /* Made when the first frame has been painted. */
  GtkBox                *notices;
  AdwBin                *profile_bin;
  TillProfileSwitcher   *profiles;       /* (nullable) */
  TillSessionBanner     *banner;         /* (nullable) */
  GtkWidget             *live_band;      /* (nullable) */
  TillSafety            *safety;         /* (nullable) */
  TillLockPage          *lock_page;      /* (nullable) until it was locked once */
  GtkWidget             *focus_before;   /* (nullable) weak: before it was locked */
};

/* till-window.c */
void       till_window_update_header         (TillWindow     *self);
void       till_window_say                   (TillWindow     *self,
                                              const char     *text);
/* The pane that is shown, out of whatever is around it. (nullable) */
GtkWidget *till_window_get_visible_pane      (TillWindow     *self);
/* Adds a pane that needs a profile; it may have the properties of the Certificates pane. */
void       till_window_add_pane              (TillWindow     *self,
                                              GtkWidget      *pane,
                                              const char     *name,
                                              const char     *title,
                                              const char     *icon_name);

/* till-window-session.c */
void       till_window_class_install_session (GtkWidgetClass *widget_class);
void       till_window_start_session         (TillWindow     *self);
void       till_window_update_session        (TillWindow     *self);
void       till_window_end_session           (TillWindow     *self);

/* safety/till-window-safety.c */
void       till_window_class_install_safety  (GtkWidgetClass *widget_class);
void       till_window_start_safety          (TillWindow     *self);
void       till_window_end_safety            (TillWindow     *self);

G_END_DECLS
