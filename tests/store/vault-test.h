/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vault, waited for. */
#pragma once

#include "store-test.h"

G_BEGIN_DECLS

gboolean     test_vault_store  (TillVault   *vault,
                                const char  *profile_id,
                                const char  *name,
                                TillSecret  *secret,
                                GError     **error);
TillSecret  *test_vault_load   (TillVault   *vault,
                                const char  *profile_id,
                                const char  *name,
                                GError     **error) G_GNUC_WARN_UNUSED_RESULT;
char       **test_vault_list   (TillVault   *vault,
                                const char  *profile_id,
                                GError     **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean     test_vault_remove (TillVault   *vault,
                                const char  *profile_id,
                                const char  *name,
                                GError     **error);
TillSecret  *test_secret       (const char  *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
