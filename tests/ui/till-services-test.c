/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window over services that can be made to fail: what the tests of the Certificates pane share. */
#include "config.h"

#include "till-services-test.h"

#include <string.h>

#include "till-service-banner.h"

/**
 * till_services_test_setup:
 * @fixture: a fixture
 * @data: unused
 *
 * Makes everything but the window.
 */
void
till_services_test_setup (TillServicesTest *fixture,
                          gconstpointer     data)
{
  till_ui_window_setup (&fixture->ui, NULL);
  /* Days go by here in a moment: the window would lock. */
  g_settings_set_uint (fixture->ui.settings, "lock-minutes", 0);
}

/**
 * till_services_test_stop:
 * @fixture: a fixture
 *
 * The services are gone.
 */
void
till_services_test_stop (TillServicesTest *fixture)
{
  if (fixture->sandbox != NULL)
    till_sandbox_stop (fixture->sandbox);
  g_clear_object (&fixture->sandbox);
}

/**
 * till_services_test_teardown:
 * @fixture: a fixture
 * @data: unused
 *
 * Lets go of everything and sees it go.
 */
void
till_services_test_teardown (TillServicesTest *fixture,
                             gconstpointer     data)
{
  g_settings_reset (fixture->ui.settings, "lock-minutes");
  till_ui_window_teardown (&fixture->ui, NULL);
  till_services_test_stop (fixture);
}

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

/**
 * till_services_test_start:
 * @fixture: a fixture
 * @assumption: (nullable): as the sandbox takes it
 *
 * Starts the services, at the same port as before.
 */
void
till_services_test_start (TillServicesTest *fixture,
                          const char       *assumption)
{
  g_autofree char *folder = till_test_dir_file (fixture->ui.dir, "services");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GUri) uri = NULL;
  g_autoptr(GError) error = NULL;

  fixture->sandbox = till_sandbox_new (folder, fixture->ui.clock);
  if (assumption != NULL)
    till_sandbox_assume (fixture->sandbox, assumption, &error);
  g_assert_no_error (error);
  till_sandbox_start_async (fixture->sandbox, fixture->port, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  till_sandbox_start_finish (fixture->sandbox, result, &error);
  g_assert_no_error (error);

  uri = g_uri_parse (till_sandbox_get_info (fixture->sandbox)->wallet_url, G_URI_FLAGS_NONE, &error);
  g_assert_no_error (error);
  fixture->port = (guint16) g_uri_get_port (uri);
}

/**
 * till_services_test_assume:
 * @fixture: a fixture
 * @assumption: (nullable): as the sandbox takes it
 *
 * Lets the services be otherwise.
 */
void
till_services_test_assume (TillServicesTest *fixture,
                           const char       *assumption)
{
  g_autoptr(GError) error = NULL;

  till_sandbox_assume (fixture->sandbox, assumption, &error);
  g_assert_no_error (error);
}

/**
 * till_services_test_order:
 * @fixture: a fixture
 * @fault: as the sandbox takes it
 *
 * Orders something to go wrong.
 */
void
till_services_test_order (TillServicesTest *fixture,
                          const char       *fault)
{
  g_autoptr(GError) error = NULL;

  till_sandbox_order_fault (fixture->sandbox, fault, &error);
  g_assert_no_error (error);
}

/**
 * till_services_test_keep_secret:
 * @fixture: a fixture
 * @profile: name of a profile
 * @service: "hub" or "wallet"
 * @text: the secret
 *
 * Keeps a secret of a profile.
 */
void
till_services_test_keep_secret (TillServicesTest *fixture,
                                const char       *profile,
                                const char       *service,
                                const char       *text)
{
  g_autoptr(TillSecret) secret = till_secret_new_copy (text, strlen (text));
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(TillProfile) kept = NULL;
  g_autoptr(GError) error = NULL;

  till_profiles_secret_async (till_session_get_store (fixture->ui.session), fixture->ui.vault, profile, service, secret,
                              NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  kept = till_profiles_done_finish (result, &error);
  g_assert_no_error (error);
}

/**
 * till_services_test_put_profile:
 * @fixture: a fixture
 * @name: of a profile or row
 * @wallet: (nullable): its secret; %NULL for a profile without a wallet
 *
 * Makes a profile of the services.
 */
void
till_services_test_put_profile (TillServicesTest *fixture,
                                const char       *name,
                                const char       *wallet)
{
  const TillSandboxInfo *info = till_sandbox_get_info (fixture->sandbox);
  g_autoptr(TillProfile) profile = till_profile_new ();
  g_autoptr(TillProfile) put = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  profile->name = g_strdup (name);
  profile->environment = TILL_ENVIRONMENT_TEST;
  profile->hub_url = g_strdup (info->hub_url);
  profile->hub_merchant = g_strdup (info->hub_merchant);
  profile->hub_terminal = g_strdup (info->hub_terminal);
  profile->hub_key = g_strdup (info->hub_key);
  if (wallet != NULL)
    {
      profile->wallet_url = g_strdup (info->wallet_url);
      profile->wallet_user = g_strdup (info->wallet_user);
    }
  profile->ca_pem = g_strdup (info->ca_pem);
  till_profiles_put_async (till_session_get_store (fixture->ui.session), profile, TILL_UI_NOW, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  put = till_profiles_done_finish (result, &error);
  g_assert_no_error (error);

  till_services_test_keep_secret (fixture, name, "hub", info->hub_secret);
  if (wallet != NULL)
    till_services_test_keep_secret (fixture, name, "wallet", wallet);
}

/**
 * till_services_test_use:
 * @fixture: a fixture
 * @name: of a profile or row
 *
 * Opens a profile.
 */
void
till_services_test_use (TillServicesTest *fixture,
                        const char       *name)
{
  till_session_use (fixture->ui.session, name);
  WAIT_UNTIL (till_session_get_state (fixture->ui.session) == TILL_SESSION_OPEN);
}

/**
 * till_services_test_show:
 * @fixture: a fixture
 * @width: of the window
 * @height: of the window
 *
 * Shows the window, with no profile open.
 */
void
till_services_test_show (TillServicesTest *fixture,
                         int               width,
                         int               height)
{
  till_ui_window_show (&fixture->ui, width, height);
  WAIT_UNTIL (till_session_get_state (fixture->ui.session) == TILL_SESSION_NONE);
}

/**
 * till_services_test_get_pane:
 * @fixture: a fixture
 *
 * Returns: (transfer none): the Certificates pane
 */
TillCertificatesPane *
till_services_test_get_pane (TillServicesTest *fixture)
{
  return till_ui_window_get_pane (&fixture->ui);
}

/**
 * till_services_test_is_busy:
 * @fixture: a fixture
 *
 * Returns: whether a service is being asked
 */
gboolean
till_services_test_is_busy (TillServicesTest *fixture)
{
  gboolean busy;

  g_object_get (till_services_test_get_pane (fixture), "busy", &busy, NULL);

  return busy;
}

/**
 * till_services_test_count:
 * @fixture: a fixture
 *
 * Returns: how many rows are shown
 */
guint
till_services_test_count (TillServicesTest *fixture)
{
  return till_certificates_pane_get_list (till_services_test_get_pane (fixture)) != NULL
         ? g_list_model_get_n_items (till_ui_window_get_rows (&fixture->ui)) : 0;
}

/**
 * till_services_test_wait:
 * @fixture: a fixture
 *
 * Waits until the services were asked.
 */
void
till_services_test_wait (TillServicesTest *fixture)
{
  TillServiceRows *services = till_services_test_get_pane (fixture)->services;

  WAIT_UNTIL (!till_services_test_is_busy (fixture) && till_service_rows_get_asked (services));
  till_ui_run_for (30);
}

/**
 * till_services_test_connect_with:
 * @fixture: a fixture
 * @assumption: (nullable): as the sandbox takes it
 * @width: of the window
 * @height: of the window
 *
 * Shows the window with the profile “Acme Cafés” of services of its own.
 */
void
till_services_test_connect_with (TillServicesTest *fixture,
                                 const char       *assumption,
                                 int               width,
                                 int               height)
{
  till_services_test_start (fixture, assumption);
  till_services_test_show (fixture, width, height);
  till_services_test_put_profile (fixture, "Acme Cafés", till_sandbox_get_info (fixture->sandbox)->wallet_secret);
  till_services_test_use (fixture, "Acme Cafés");
}

/**
 * till_services_test_connect:
 * @fixture: a fixture
 *
 * The same, and waits for the example shop.
 */
void
till_services_test_connect (TillServicesTest *fixture)
{
  till_services_test_connect_with (fixture, NULL, 1120, 720);
  WAIT_UNTIL (till_services_test_count (fixture) == 6);
  till_services_test_wait (fixture);
}

/**
 * till_services_test_assert_names:
 * @fixture: a fixture
 * @names: with commas between
 *
 * Checks what is shown, in its order.
 */
void
till_services_test_assert_names (TillServicesTest *fixture,
                                 const char       *names)
{
  g_autofree char *shown = till_ui_window_dup_names (&fixture->ui);

  g_assert_cmpstr (shown, ==, names);
}

/**
 * till_services_test_find:
 * @fixture: a fixture
 * @name: of a profile or row
 *
 * Returns: (transfer none): the row of that name; the list keeps it
 */
TillCertificateItem *
till_services_test_find (TillServicesTest *fixture,
                         const char       *name)
{
  GListModel *rows = G_LIST_MODEL (till_services_test_get_pane (fixture)->rows);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr(TillCertificateItem) row = g_list_model_get_item (rows, i);

      if (g_str_equal (till_certificate_item_get_name (row), name))
        return row;
    }

  g_error ("there is no row “%s”", name);
}

/**
 * till_services_test_assert_status:
 * @fixture: a fixture
 * @name: of a profile or row
 * @status: its status
 * @words: of its status, or to search for
 *
 * Checks how a row stands.
 */
void
till_services_test_assert_status (TillServicesTest *fixture,
                                  const char       *name,
                                  TillItemStatus    status,
                                  const char       *words)
{
  TillCertificateItem *row = till_services_test_find (fixture, name);
  g_autofree char *text = till_certificate_item_dup_status_text (row);

  g_assert_cmpstr (text, ==, words);
  g_assert_cmpint (till_certificate_item_get_status (row), ==, status);
}

/**
 * till_services_test_choose:
 * @fixture: a fixture
 * @name: of a profile or row
 *
 * Makes a row the current one.
 */
void
till_services_test_choose (TillServicesTest *fixture,
                           const char       *name)
{
  till_certificate_list_set_current (till_ui_window_get_list (&fixture->ui), till_services_test_find (fixture, name));
}

/**
 * till_services_test_filter:
 * @fixture: a fixture
 * @name: of a profile or row
 *
 * Filters the list.
 */
void
till_services_test_filter (TillServicesTest *fixture,
                           const char       *name)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (till_ui_window_get_list (&fixture->ui)), "certificates.filter",
                                             "s", name));
  till_ui_run_for (30);
}

/**
 * till_services_test_search:
 * @fixture: a fixture
 * @words: of its status, or to search for
 *
 * Searches the list.
 */
void
till_services_test_search (TillServicesTest *fixture,
                           const char       *words)
{
  GtkWidget *entry = till_ui_find (GTK_WIDGET (till_ui_window_get_list (&fixture->ui)), GTK_TYPE_SEARCH_ENTRY, NULL);

  gtk_editable_set_text (GTK_EDITABLE (entry), words);
  g_signal_emit_by_name (entry, "search-changed");
  till_ui_run_for (30);
}

/**
 * till_services_test_get_banner:
 * @fixture: a fixture
 *
 * Returns: (transfer none): what says why a service could not be asked
 */
GtkWidget *
till_services_test_get_banner (TillServicesTest *fixture)
{
  return till_ui_find (fixture->ui.window, TILL_TYPE_SERVICE_BANNER, NULL);
}
