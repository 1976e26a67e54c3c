/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks each service of a profile something harmless, and says in one line each how it went. */
#pragma once

#include <adwaita.h>

#include "till-shop.h"

G_BEGIN_DECLS

#define TILL_TYPE_CONNECTION_TEST (till_connection_test_get_type ())
G_DECLARE_FINAL_TYPE (TillConnectionTest, till_connection_test, TILL, CONNECTION_TEST, AdwPreferencesGroup)

/* Property "busy" (read only, notify). The button has the action editor.test. */
GtkWidget *till_connection_test_new        (void) G_GNUC_WARN_UNUSED_RESULT;
void       till_connection_test_run        (TillConnectionTest *self,
                                            TillShop           *shop);
/* It could not begin. */
void       till_connection_test_show_error (TillConnectionTest *self,
                                            const GError       *error);
/* What was found is no longer about what is entered. */
void       till_connection_test_clear      (TillConnectionTest *self);
void       till_connection_test_set_busy   (TillConnectionTest *self,
                                            gboolean            busy);
/* “Works. 212 ms. …” or why not. */
char      *till_connection_test_dup_words  (const TillShopProbe *probe) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
