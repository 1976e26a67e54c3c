/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys pane in a window of its own, with a profile, a clock and services that can be made to fail. */
#include "config.h"

#include "till-keys-test.h"

#include <string.h>

#include "till-key-row.h"
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
 * till_keys_test_new:
 *
 * Returns: (transfer full): a store without a profile
 */
TillKeysTest *
till_keys_test_new (void)
{
  TillKeysTest *self = g_new0 (TillKeysTest, 1);

  self->dir = till_test_dir_new ();
  self->clock = till_clock_new_fixed (TILL_UI_NOW);
  self->vault = till_vault_new_memory ();
  self->session = till_session_new (self->dir->path, self->vault, self->clock);
  till_session_start (self->session);
  WAIT_UNTIL (till_session_get_state (self->session) == TILL_SESSION_NONE);

  return self;
}

static void
stop_sandbox (TillKeysTest *self)
{
  if (self->sandbox == NULL)
    return;

  till_sandbox_stop (self->sandbox);
  g_clear_object (&self->sandbox);
}

/**
 * till_keys_test_free:
 * @self: (transfer full): a test
 *
 * Lets go of everything and sees it go.
 */
void
till_keys_test_free (TillKeysTest *self)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gboolean session_alive;

  if (self->window != NULL)
    till_keys_test_close (self);

  till_session_close_async (self->session, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  g_assert_true (till_session_close_finish (self->session, result, &error));
  g_assert_no_error (error);
  g_clear_object (&result);

  till_ui_watch_life (self->session, &session_alive);
  g_object_unref (self->session);
  WAIT_UNTIL (!session_alive);

  stop_sandbox (self);
  g_object_unref (self->vault);
  till_clock_unref (self->clock);
  till_test_dir_free (self->dir);
  g_free (self);
}

/**
 * till_keys_test_practise:
 * @self: a test
 *
 * Opens Practice.
 */
void
till_keys_test_practise (TillKeysTest *self)
{
  till_session_use (self->session, NULL);
  WAIT_UNTIL (till_session_get_state (self->session) == TILL_SESSION_OPEN);
}

/**
 * till_keys_test_connect:
 * @self: a test
 * @environment: of the profile
 * @repeat_lost: whether lost answers are asked for again by itself
 *
 * Starts services and opens a profile that uses them.
 */
void
till_keys_test_connect (TillKeysTest    *self,
                        TillEnvironment  environment,
                        gboolean         repeat_lost)
{
  g_autofree char *folder = till_test_dir_file (self->dir, "services");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(TillProfile) profile = till_profile_new ();
  g_autoptr(TillProfile) put = NULL;
  g_autoptr(TillProfile) kept = NULL;
  g_autoptr(TillSecret) secret = NULL;
  g_autoptr(GError) error = NULL;
  const TillSandboxInfo *info;

  self->sandbox = till_sandbox_new (folder, self->clock);
  till_sandbox_start_async (self->sandbox, 0, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  g_assert_true (till_sandbox_start_finish (self->sandbox, result, &error));
  g_assert_no_error (error);
  g_clear_object (&result);

  info = till_sandbox_get_info (self->sandbox);
  profile->name = g_strdup ("Acme Cafés");
  profile->environment = environment;
  profile->hub_url = g_strdup (info->hub_url);
  profile->hub_merchant = g_strdup (info->hub_merchant);
  profile->hub_terminal = g_strdup (info->hub_terminal);
  profile->hub_key = g_strdup (info->hub_key);
  profile->ca_pem = g_strdup (info->ca_pem);
  profile->repeat_lost = repeat_lost;
  till_profiles_put_async (till_session_get_store (self->session), profile, TILL_UI_NOW, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  put = till_profiles_done_finish (result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);

  secret = till_secret_new_copy (info->hub_secret, strlen (info->hub_secret));
  till_profiles_secret_async (till_session_get_store (self->session), self->vault, put->name, "hub", secret, NULL,
                              result_cb, &result);
  WAIT_UNTIL (result != NULL);
  kept = till_profiles_done_finish (result, &error);
  g_assert_no_error (error);

  till_session_use (self->session, put->name);
  WAIT_UNTIL (till_session_get_state (self->session) == TILL_SESSION_OPEN);
}

/**
 * till_keys_test_show:
 * @self: a test
 * @width: of the window
 * @height: of the window
 *
 * Shows the pane.
 */
void
till_keys_test_show (TillKeysTest *self,
                     int           width,
                     int           height)
{
  GtkWidget *overlay = adw_toast_overlay_new ();

  self->pane = till_keys_pane_new (self->session);
  self->window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), self->pane);
  adw_window_set_content (ADW_WINDOW (self->window), overlay);
  gtk_window_present (GTK_WINDOW (self->window));
  WAIT_UNTIL (gtk_widget_get_mapped (self->window) && gtk_widget_get_width (self->window) > 0);
}

/**
 * till_keys_test_close:
 * @self: a test
 *
 * Closes the window and sees it go with its pane.
 */
void
till_keys_test_close (TillKeysTest *self)
{
  gboolean window_alive, pane_alive;

  till_ui_watch_life (self->window, &window_alive);
  till_ui_watch_life (self->pane, &pane_alive);
  gtk_window_destroy (GTK_WINDOW (self->window));
  self->window = self->pane = NULL;
  WAIT_UNTIL (!window_alive && !pane_alive);
}

/**
 * till_keys_test_fault:
 * @self: a test that is connected
 * @fault: as the sandbox takes it
 *
 * Orders something to go wrong.
 */
void
till_keys_test_fault (TillKeysTest *self,
                      const char   *fault)
{
  g_autoptr(GError) error = NULL;

  till_sandbox_order_fault (self->sandbox, fault, &error);
  g_assert_no_error (error);
}

/**
 * till_keys_test_add_examples:
 * @self: a test that is connected
 *
 * Adds the keys that the services have from the first start.
 */
void
till_keys_test_add_examples (TillKeysTest *self)
{
  char *json = till_sandbox_dup_example_keys (self->sandbox);
  g_autoptr(GBytes) bytes = g_bytes_new_take (json, strlen (json));
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(TillKeyRecord) key = NULL;
  g_autoptr(GError) error = NULL;

  till_shop_import_key_async (till_session_get_shop (self->session), bytes, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  key = till_shop_key_finish (till_session_get_shop (self->session), result, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (key);
  till_session_tell_changed (self->session);
}

/**
 * till_keys_test_act:
 * @self: a test
 * @action: of the pane
 *
 * Activates it as keys, menus and buttons do.
 */
void
till_keys_test_act (TillKeysTest *self,
                    const char   *action)
{
  g_assert_true (gtk_widget_activate_action (self->pane, action, NULL));
}

/**
 * till_keys_test_go_to:
 * @self: a test
 * @now: seconds since 1970
 *
 * Moves the clock and lets the pane look.
 */
void
till_keys_test_go_to (TillKeysTest *self,
                      gint64        now)
{
  till_clock_set (self->clock, now);
  till_keys_test_act (self, "pane.refresh");
  till_ui_run_for (60);
}

/**
 * till_keys_test_list:
 * @self: a test
 *
 * Returns: (transfer full) (element-type TillKeyRecord): the keys as the store has them
 */
GPtrArray *
till_keys_test_list (TillKeysTest *self)
{
  TillShop *shop = till_session_get_shop (self->session);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *keys;

  till_shop_keys_async (shop, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  keys = till_shop_keys_finish (shop, result, &error);
  g_assert_no_error (error);

  return keys;
}

typedef struct
{
  const char *event;
  guint       n;
} Count;

static gboolean
count_work (TillTransaction  *transaction,
            gpointer          data,
            GError          **error)
{
  Count *count = data;
  g_autoptr(GPtrArray) log = till_transaction_list_log (transaction, TILL_TIME_UNKNOWN, 0, error);

  for (guint i = 0; log != NULL && i < log->len; i++)
    count->n += g_str_equal (((const TillLogRecord *) log->pdata[i])->event, count->event);

  return log != NULL;
}

/**
 * till_keys_test_count_log:
 * @self: a test
 * @event: a word of the log
 *
 * Returns: how many lines of the activity log are about that
 */
guint
till_keys_test_count_log (TillKeysTest *self,
                          const char   *event)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  Count count = { event, 0 };

  till_store_run_async (till_session_get_store (self->session), count_work, &count, NULL, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  till_store_run_finish (till_session_get_store (self->session), result, &error);
  g_assert_no_error (error);

  return count.n;
}

static void
collect_rows (GtkWidget *root,
              GPtrArray *rows)
{
  if (TILL_IS_KEY_ROW (root))
    g_ptr_array_add (rows, root);

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect_rows (child, rows);
}

/**
 * till_keys_test_count_rows:
 * @self: a test
 *
 * Returns: how many keys are listed
 */
guint
till_keys_test_count_rows (TillKeysTest *self)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new ();

  collect_rows (self->pane, rows);

  return rows->len;
}

/**
 * till_keys_test_get_row:
 * @self: a test
 * @index: 0 for the newest key
 *
 * Returns: (transfer none): the row of a key
 */
GtkWidget *
till_keys_test_get_row (TillKeysTest *self,
                        guint         index)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new ();

  collect_rows (self->pane, rows);
  g_assert_cmpuint (index, <, rows->len);

  return rows->pdata[index];
}

/**
 * till_keys_test_sees:
 * @root: where to begin
 * @text: a part of what is said
 *
 * Returns: whether a label that can be seen says it
 */
gboolean
till_keys_test_sees (GtkWidget  *root,
                     const char *text)
{
  if (!gtk_widget_get_mapped (root))
    return FALSE;

  if (GTK_IS_LABEL (root) && strstr (gtk_label_get_text (GTK_LABEL (root)), text) != NULL)
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (till_keys_test_sees (child, text))
      return TRUE;

  return FALSE;
}

/**
 * till_keys_test_find_button:
 * @root: where to begin
 * @label: what it says
 *
 * Returns: (transfer none) (nullable): a button that can be seen
 */
GtkWidget *
till_keys_test_find_button (GtkWidget  *root,
                            const char *label)
{
  if (!gtk_widget_get_mapped (root))
    return NULL;

  if (GTK_IS_BUTTON (root) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (root)), label) == 0)
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = till_keys_test_find_button (child, label);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/**
 * till_keys_test_press:
 * @root: where to begin
 * @label: what the button says
 *
 * Presses a button once it is there and can be pressed.
 */
void
till_keys_test_press (GtkWidget  *root,
                      const char *label)
{
  GtkWidget *button = NULL;

  WAIT_UNTIL ((button = till_keys_test_find_button (root, label)) != NULL && gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}
