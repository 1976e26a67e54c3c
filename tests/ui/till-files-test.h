/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Watched files for a test, with a session whose store keeps them. */
#pragma once

#include "till-ui-test.h"

#include "till-file-entry-private.h"
#include "till-watched-files.h"
#include "till-watching.h"

G_BEGIN_DECLS

typedef struct
{
  TillTestDir      *dir;
  GSettings        *settings;
  TillClock        *clock;
  TillVault        *vault;
  TillSession      *session;
  TillWatchedFiles *files;
} Fixture;

extern const TillUiCertificate files_gift;
extern const TillUiCertificate files_old;

/* With a session that has been started; closed: without any, see files_open(). */
void           files_setup         (Fixture                 *fixture,
                                    gconstpointer            data);
void           files_setup_closed  (Fixture                 *fixture,
                                    gconstpointer            data);
void           files_teardown      (Fixture                 *fixture,
                                    gconstpointer            data);

/* A new session that is not started, and its files. */
void           files_open          (Fixture                 *fixture);
void           files_close         (Fixture                 *fixture);
/* As after closing the window and opening it again: at once, whatever is still to be written. */
void           files_start_again   (Fixture                 *fixture);

GFile         *files_write_pem     (Fixture                 *fixture,
                                    const char              *name,
                                    const TillUiCertificate *certificate) G_GNUC_WARN_UNUSED_RESULT;
GFile         *files_write         (Fixture                 *fixture,
                                    const char              *name,
                                    const char              *text) G_GNUC_WARN_UNUSED_RESULT;
void           files_wait          (Fixture                 *fixture);
/* The list keeps it. */
TillFileEntry *files_get           (Fixture                 *fixture,
                                    guint                    position);
void           files_assert_titles (Fixture                 *fixture,
                                    const char              *expected);

/* A callback that puts a reference to the result where its data points to. */
void           files_result_cb     (GObject                 *source,
                                    GAsyncResult            *result,
                                    gpointer                 user_data);
/* (element-type TillFileRecord): what the store has, as tillkeeperctl would find it. */
GPtrArray     *files_load_kept     (Fixture                 *fixture) G_GNUC_WARN_UNUSED_RESULT;
gboolean       files_are_kept      (Fixture                 *fixture,
                                    const char              *names);

#define WAIT_UNTIL_KEPT(names) WAIT_UNTIL (files_are_kept (fixture, names))

G_END_DECLS
