/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making, changing and choosing profiles: store, vault and activity log in step. */
#pragma once

#include <gio/gio.h>

#include "till-store.h"
#include "till-vault.h"

G_BEGIN_DECLS

/**
 * TillProfiles:
 * @profiles: (element-type TillProfile): sorted by name
 * @current: (nullable): id of the current one
 */
typedef struct
{
  GPtrArray *profiles;
  char      *current;
} TillProfiles;

void          till_profiles_free          (TillProfiles         *self);
void          till_profiles_load_async    (TillStore            *store,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
TillProfiles *till_profiles_load_finish   (GAsyncResult         *result,
                                           GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* Fills in the documented addresses of the environment, checks every member (addresses, names, CA), gives a new one its
 * id, writes it and the log. The first one becomes the current one. Returns nothing: see till_profiles_done_finish(). */
void          till_profiles_put_async     (TillStore            *store,
                                           const TillProfile    *profile,
                                           gint64                now,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
void          till_profiles_use_async     (TillStore            *store,
                                           const char           *name,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
/* With its secrets. */
void          till_profiles_remove_async  (TillStore            *store,
                                           TillVault            *vault,
                                           const char           *name,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
/* service: "hub", "wallet" or "devices". */
void          till_profiles_secret_async  (TillStore            *store,
                                           TillVault            *vault,
                                           const char           *name,
                                           const char           *service,
                                           TillSecret           *secret,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
/* Of put, use, remove and secret: the profile as it is now (the removed one as it was). */
TillProfile  *till_profiles_done_finish   (GAsyncResult         *result,
                                           GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* Fills members that are %NULL with the documented addresses of the environment (API.md 1.1, 5.1, 6.1). */
void          till_profile_fill_defaults  (TillProfile          *profile);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillProfiles, till_profiles_free)

G_END_DECLS
