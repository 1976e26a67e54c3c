/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window over services that can be made to fail: what the tests of the Certificates pane share. */
#pragma once

#include "till-keys-test.h"
#include "till-ui-window.h"

#include "till-certificate-item-private.h"
#include "till-certificate-list-private.h"
#include "till-certificates-pane-private.h"
#include "till-profiles.h"

G_BEGIN_DECLS

/**
 * TillServicesTest:
 * @ui: the window
 * @sandbox: (nullable): the services, while they run
 * @port: where they are, also the next time
 */
typedef struct
{
  TillUiWindow  ui;
  TillSandbox  *sandbox;
  guint16       port;
} TillServicesTest;

/* What the example shop has, by the day until which to act; what is switched off comes last. */
#define EXAMPLES "Summer festival, Gift cards, Coupons, Loyalty card, Door and till, Staff passes"

void                  till_services_test_setup         (TillServicesTest *fixture,
                                                        gconstpointer     data);
void                  till_services_test_stop          (TillServicesTest *fixture);
void                  till_services_test_teardown      (TillServicesTest *fixture,
                                                        gconstpointer     data);
void                  till_services_test_start         (TillServicesTest *fixture,
                                                        const char       *assumption);
void                  till_services_test_assume        (TillServicesTest *fixture,
                                                        const char       *assumption);
void                  till_services_test_order         (TillServicesTest *fixture,
                                                        const char       *fault);
void                  till_services_test_keep_secret   (TillServicesTest *fixture,
                                                        const char       *profile,
                                                        const char       *service,
                                                        const char       *text);
void                  till_services_test_put_profile   (TillServicesTest *fixture,
                                                        const char       *name,
                                                        const char       *wallet);
void                  till_services_test_use           (TillServicesTest *fixture,
                                                        const char       *name);
void                  till_services_test_show          (TillServicesTest *fixture,
                                                        int               width,
                                                        int               height);
TillCertificatesPane *till_services_test_get_pane      (TillServicesTest *fixture);
gboolean              till_services_test_is_busy       (TillServicesTest *fixture);
guint                 till_services_test_count         (TillServicesTest *fixture);
void                  till_services_test_wait          (TillServicesTest *fixture);
void                  till_services_test_connect_with  (TillServicesTest *fixture,
                                                        const char       *assumption,
                                                        int               width,
                                                        int               height);
void                  till_services_test_connect       (TillServicesTest *fixture);
void                  till_services_test_assert_names  (TillServicesTest *fixture,
                                                        const char       *names);
TillCertificateItem  *till_services_test_find          (TillServicesTest *fixture,
                                                        const char       *name);
void                  till_services_test_assert_status (TillServicesTest *fixture,
                                                        const char       *name,
                                                        TillItemStatus    status,
                                                        const char       *words);
void                  till_services_test_choose        (TillServicesTest *fixture,
                                                        const char       *name);
void                  till_services_test_filter        (TillServicesTest *fixture,
                                                        const char       *name);
void                  till_services_test_search        (TillServicesTest *fixture,
                                                        const char       *words);
GtkWidget            *till_services_test_get_banner    (TillServicesTest *fixture);

G_END_DECLS
