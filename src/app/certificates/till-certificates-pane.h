/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Certificates pane: what services have and what is in files on this computer, as a list and in detail. */
#pragma once

#include <gtk/gtk.h>

#include "till-certificate-list.h"
#include "till-session.h"
#include "till-watched-files.h"

G_BEGIN_DECLS

#define TILL_TYPE_CERTIFICATES_PANE (till_certificates_pane_get_type ())
G_DECLARE_FINAL_TYPE (TillCertificatesPane, till_certificates_pane, TILL, CERTIFICATES_PANE, GtkWidget)

/* Properties (read only, notify): "can-go-back": the detail page hides the list; "title": what that page is about,
 * else ""; "can-search": there are rows; "busy": a service is being asked; "attention": how many rows somebody should
 * look at. Property "search-mode" (gboolean, writable).
 * Actions: pane.details, pane.back, pane.copy-identifier, pane.export, pane.add-to-calendar, pane.compare,
 * pane.show-folder, pane.read-again, pane.read-all, pane.choose-again, pane.remove, pane.undo-remove, pane.refresh,
 * pane.stop, pane.new, pane.add, pane.add-file, pane.upload, pane.google, pane.replace, pane.rename, pane.enable,
 * pane.disable, pane.make-default, pane.history. */
GtkWidget           *till_certificates_pane_new        (TillWatchedFiles     *files,
                                                        TillClock            *clock,
                                                        GSettings            *settings) G_GNUC_WARN_UNUSED_RESULT;

/* Once, when the window has been painted. */
void                 till_certificates_pane_set_session (TillCertificatesPane *self,
                                                        TillSession          *session);
void                 till_certificates_pane_open_files (TillCertificatesPane *self,
                                                        GPtrArray            *files);
void                 till_certificates_pane_open_text  (TillCertificatesPane *self,
                                                        const char           *text);
/* Whether nothing was ever connected: then an empty pane offers that, too. */
void                 till_certificates_pane_set_first_run (TillCertificatesPane *self,
                                                        gboolean              first_run);
/* The clock was set: all that ends is looked at again. */
void                 till_certificates_pane_look_at_clock (TillCertificatesPane *self);
TillCertificateList *till_certificates_pane_get_list   (TillCertificatesPane *self);

G_END_DECLS
