/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The paired devices of a profile: a list, kept in the store, every change in the activity log. */
#pragma once

#include <gio/gio.h>

#include "till-clock.h"
#include "till-device.h"
#include "till-store.h"

G_BEGIN_DECLS

#define TILL_TYPE_REGISTER (till_register_get_type ())

/**
 * TillRegister:
 *
 * A #GListModel of #TillDevice, newest first. A change shows in it only once it
 * is on disk, but for one that takes something away: that counts at once.
 */
G_DECLARE_FINAL_TYPE (TillRegister, till_register, TILL, REGISTER, GObject)

TillRegister *till_register_new            (TillStore             *store,
                                            TillClock             *clock,
                                            const TillProfile     *profile) G_GNUC_WARN_UNUSED_RESULT;
/* What stayed pending for more than ten minutes is revoked then. */
void          till_register_load_async     (TillRegister          *self,
                                            GCancellable          *cancellable,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data);
/* (transfer none) (nullable) */
TillDevice   *till_register_find           (TillRegister          *self,
                                            const char            *serial);
/* The one in use, not a revoked one. */
TillDevice   *till_register_find_pos_id    (TillRegister          *self,
                                            TillDeviceKind         kind,
                                            const char            *pos_id);

/* record: (transfer full). replaces: (nullable): serial of one that is revoked in the same step. */
void          till_register_add_async      (TillRegister          *self,
                                            TillDeviceRecord      *record,
                                            const char            *replaces,
                                            GCancellable          *cancellable,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data);
/* It has shown that its identity works: last contact, and active where it was pending. address: (nullable) */
void          till_register_confirm_async  (TillRegister          *self,
                                            const char            *serial,
                                            const char            *address,
                                            GCancellable          *cancellable,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data);
/* why: for the log */
void          till_register_revoke_async   (TillRegister          *self,
                                            const char            *serial,
                                            const char            *why,
                                            GCancellable          *cancellable,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data);
/* Leaves no row; the log keeps that there was one. A till that works is refused: it has to be revoked first. */
void          till_register_forget_async   (TillRegister          *self,
                                            const char            *serial,
                                            GCancellable          *cancellable,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data);
/* Of load, add, confirm, revoke, forget, count and note. */
gboolean      till_register_finish         (TillRegister          *self,
                                            GAsyncResult          *result,
                                            GError               **error);

/* Tries of set-up codes that count: on disk, so that a restart does not give new ones (RELIABILITY.md G20). */
void          till_register_count_async    (TillRegister          *self,
                                            guint                  tries,
                                            GCancellable          *cancellable,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data);
void          till_register_note_async     (TillRegister          *self,
                                            const char            *event,
                                            const char            *peer,
                                            const char            *detail,
                                            GCancellable          *cancellable,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data);
/* How many count against a code that is made now. */
guint         till_register_get_tries      (TillRegister          *self);

G_END_DECLS
