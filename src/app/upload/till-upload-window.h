/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page to send a certificate file to a service: add, replace, or upload for point of sale (UX.md 2.3, "Replace"). */
#pragma once

#include <adwaita.h>

#include "till-item.h"
#include "till-session.h"

G_BEGIN_DECLS

/**
 * TillUploadKind:
 * @TILL_UPLOAD_ADD: to the wallet, as new; renews where pass type and team are known there, and says so before
 * @TILL_UPLOAD_REPLACE: of one wallet certificate, with the guard against orphaned passes
 * @TILL_UPLOAD_HUB: a client certificate for point of sale, to Commerce Hub
 */
typedef enum
{
  TILL_UPLOAD_ADD,
  TILL_UPLOAD_REPLACE,
  TILL_UPLOAD_HUB,
} TillUploadKind;

#define TILL_TYPE_UPLOAD_WINDOW (till_upload_window_get_type ())

/**
 * TillUploadWindow:
 *
 * A modal window with the file, its password and the live checklist; what it
 * sends goes through the session's shop. Closing it while something is being
 * sent asks first, and cancels. When the service has confirmed it calls
 * till_session_tell_changed() and closes with a toast of its parent window;
 * where the service's answer says otherwise than the file it stays and says so.
 * Signal "done" (TillItem *item, nullable): after the service confirmed.
 */
G_DECLARE_FINAL_TYPE (TillUploadWindow, till_upload_window, TILL, UPLOAD_WINDOW, AdwWindow)

/* parent: (nullable). replaces: (nullable): of TILL_UPLOAD_REPLACE, the item of the wallet.
 * file: (nullable): chosen already. Does not present itself. */
GtkWidget *till_upload_window_new (GtkWindow      *parent,
                                   TillSession    *session,
                                   TillUploadKind  kind,
                                   TillItem       *replaces,
                                   GFile          *file) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
