/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The details page of a certificate in a window of its own, with a wallet behind it that can be made to fail. */
#include "config.h"

#include "till-wallet-test.h"

#include <string.h>

#include "till-error.h"
#include "till-profiles.h"

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

/**
 * till_wallet_test_connect:
 * @test: a test
 * @environment: of the profile
 * @secret: (nullable): for the wallet; %NULL for the right one
 *
 * Starts services and opens a profile that uses them.
 */
void
till_wallet_test_connect (TillKeysTest    *test,
                          TillEnvironment  environment,
                          const char      *secret)
{
  g_autofree char *folder = till_test_dir_file (test->dir, "services");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(TillProfile) profile = till_profile_new ();
  g_autoptr(TillProfile) put = NULL;
  g_autoptr(TillProfile) kept = NULL;
  g_autoptr(TillSecret) bytes = NULL;
  g_autoptr(GError) error = NULL;
  const TillSandboxInfo *info;

  test->sandbox = till_sandbox_new (folder, test->clock);
  till_sandbox_start_async (test->sandbox, 0, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  g_assert_true (till_sandbox_start_finish (test->sandbox, result, &error));
  g_assert_no_error (error);
  g_clear_object (&result);

  info = till_sandbox_get_info (test->sandbox);
  profile->name = g_strdup ("Acme Cafés");
  profile->environment = environment;
  profile->wallet_url = g_strdup (info->wallet_url);
  profile->wallet_user = g_strdup (info->wallet_user);
  profile->ca_pem = g_strdup (info->ca_pem);
  till_profiles_put_async (till_session_get_store (test->session), profile, TILL_UI_NOW, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  put = till_profiles_done_finish (result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);

  if (secret == NULL)
    secret = info->wallet_secret;
  bytes = till_secret_new_copy (secret, strlen (secret));
  till_profiles_secret_async (till_session_get_store (test->session), test->vault, put->name, "wallet", bytes, NULL,
                              result_cb, &result);
  WAIT_UNTIL (result != NULL);
  kept = till_profiles_done_finish (result, &error);
  g_assert_no_error (error);

  till_session_use (test->session, put->name);
  WAIT_UNTIL (till_session_get_state (test->session) == TILL_SESSION_OPEN);
}

/**
 * till_wallet_test_show:
 * @test: a test
 * @width: of the window
 * @height: of the window
 *
 * Shows the page.
 */
void
till_wallet_test_show (TillKeysTest *test,
                       int           width,
                       int           height)
{
  GtkWidget *overlay = adw_toast_overlay_new ();

  test->pane = till_wallet_detail_new (test->session);
  test->window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (test->window), width, height);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), test->pane);
  adw_window_set_content (ADW_WINDOW (test->window), overlay);
  gtk_window_present (GTK_WINDOW (test->window));
  WAIT_UNTIL (gtk_widget_get_mapped (test->window) && gtk_widget_get_width (test->window) > 0);
}

static TillItemList *
list (TillKeysTest *test)
{
  TillShop *shop = till_session_get_shop (test->session);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  TillItemList *items;

  till_shop_list_async (shop, TILL_SOURCE_WALLET, NULL, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  items = till_shop_list_finish (shop, result, &error);
  g_assert_no_error (error);
  g_assert_no_error (items->error);

  return items;
}

/**
 * till_wallet_test_pick:
 * @test: a test whose page is shown
 * @title: of a certificate
 *
 * Shows it as the wallet says it is now.
 *
 * Returns: (transfer none): it
 */
TillItem *
till_wallet_test_pick (TillKeysTest *test,
                       const char   *title)
{
  g_autoptr(TillItemList) items = list (test);

  for (guint i = 0; i < items->items->len; i++)
    {
      TillItem *item = items->items->pdata[i];

      if (g_str_equal (item->title, title))
        {
          till_wallet_detail_set_item (TILL_WALLET_DETAIL (test->pane), item, TILL_TIME_UNKNOWN);
          return till_wallet_detail_get_item (TILL_WALLET_DETAIL (test->pane));
        }
    }

  g_error ("no certificate is called %s", title);
}

static TillItem *
ask (TillKeysTest  *test,
     const char    *id,
     GError       **error)
{
  TillShop *shop = till_session_get_shop (test->session);
  g_autoptr(GAsyncResult) result = NULL;

  till_shop_show_async (shop, id, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);

  return till_shop_show_finish (shop, result, error);
}

/**
 * till_wallet_test_ask:
 * @test: a test that is connected
 * @id: of a certificate
 *
 * Returns: (transfer full) (nullable): as the wallet says it is now
 */
TillItem *
till_wallet_test_ask (TillKeysTest *test,
                      const char   *id)
{
  g_autoptr(GError) error = NULL;
  TillItem *item = ask (test, id, &error);

  if (item == NULL)
    g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);

  return item;
}

/**
 * till_wallet_test_change:
 * @test: a test that is connected
 * @id: of a certificate
 * @name: (nullable): the new name
 * @comment: (nullable): the new comment
 *
 * Changes it without the page, a minute later.
 */
void
till_wallet_test_change (TillKeysTest *test,
                         const char   *id,
                         const char   *name,
                         const char   *comment)
{
  TillShop *shop = till_session_get_shop (test->session);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(TillShopChanged) changed = NULL;
  g_autoptr(GError) error = NULL;
  const TillWalletChange change = {
    .name_change = name != NULL ? TILL_TEXT_SET : TILL_TEXT_KEEP,
    .name = name,
    .comment_change = comment != NULL ? TILL_TEXT_SET : TILL_TEXT_KEEP,
    .comment = comment,
    .enabled = TILL_TRI_UNKNOWN,
  };

  till_clock_advance (test->clock, 60);
  till_shop_update_async (shop, id, &change, TILL_TIME_UNKNOWN, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  changed = till_shop_change_finish (shop, result, &error);
  g_assert_no_error (error);
}

/**
 * till_wallet_test_lay_trap:
 * @test: a test that is connected
 * @id: of a certificate
 *
 * Lets the next request about it, whoever sends it, be answered with a login page.
 */
void
till_wallet_test_lay_trap (TillKeysTest *test,
                           const char   *id)
{
  g_autofree char *fault = g_strdup_printf ("html@/v1/certificates/%s", id);

  till_keys_test_fault (test, fault);
}

/**
 * till_wallet_test_has_trap:
 * @test: a test that is connected
 * @id: of a certificate
 *
 * Returns: whether no request about it has reached the service since the trap was laid
 */
gboolean
till_wallet_test_has_trap (TillKeysTest *test,
                           const char   *id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TillItem) item = ask (test, id, &error);

  return item == NULL && till_error_get_reason (error) == TILL_REASON_WEB_PAGE;
}

/**
 * till_wallet_test_row:
 * @test: a test whose page is shown
 * @title: of a row
 *
 * Returns: (transfer none): it
 */
GtkWidget *
till_wallet_test_row (TillKeysTest *test,
                      const char   *title)
{
  GtkWidget *row = till_ui_find (test->pane, ADW_TYPE_PREFERENCES_ROW, title);

  g_assert_nonnull (row);

  return row;
}

static gboolean
is_named (GtkWidget  *widget,
          const char *action)
{
  return GTK_IS_ACTIONABLE (widget) &&
         g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) == 0;
}

static GtkWidget *
find_actionable (GtkWidget  *root,
                 const char *action)
{
  if (is_named (root, action))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_actionable (child, action);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/**
 * till_wallet_test_can:
 * @test: a test whose page is shown
 * @action: of the page, which has a button
 *
 * Returns: whether its button can be pressed
 */
gboolean
till_wallet_test_can (TillKeysTest *test,
                      const char   *action)
{
  GtkWidget *button = find_actionable (test->pane, action);

  g_assert_nonnull (button);

  return gtk_widget_get_mapped (button) && gtk_widget_is_sensitive (button);
}
