/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The details page of a certificate in a window of its own, with a wallet behind it that can be made to fail. */
#pragma once

#include "till-keys-test.h"

#include "till-wallet-detail.h"

G_BEGIN_DECLS

/* Starts services and opens a profile that uses their wallet. secret: (nullable) %NULL for the right one. */
void       till_wallet_test_connect   (TillKeysTest    *test,
                                       TillEnvironment  environment,
                                       const char      *secret);
/* Shows the page, without an item. */
void       till_wallet_test_show      (TillKeysTest    *test,
                                       int              width,
                                       int              height);
/* Asks the wallet for the certificate of that name, and shows it. */
TillItem  *till_wallet_test_pick      (TillKeysTest    *test,
                                       const char      *title);
/* As the wallet says it is now; %NULL where it is not there. */
TillItem  *till_wallet_test_ask       (TillKeysTest    *test,
                                       const char      *id) G_GNUC_WARN_UNUSED_RESULT;
/* As somebody else would. */
void       till_wallet_test_change    (TillKeysTest    *test,
                                       const char      *id,
                                       const char      *name,
                                       const char      *comment);
/* A trap at the service: whatever next asks for this certificate gets a login page instead. */
void       till_wallet_test_lay_trap  (TillKeysTest    *test,
                                       const char      *id);
/* Whether nothing has asked for it since; springs it. */
gboolean   till_wallet_test_has_trap  (TillKeysTest    *test,
                                       const char      *id);
GtkWidget *till_wallet_test_row       (TillKeysTest    *test,
                                       const char      *title);
gboolean   till_wallet_test_can       (TillKeysTest    *test,
                                       const char      *action);

G_END_DECLS
