/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The credentials pane: hidden until asked for, counted down, gone in time. */
#include "config.h"

#include "till-credentials-pane.h"

#include <string.h>

#include "till-keys-test.h"
#include "till-profiles.h"
#include "till-secret-row.h"

static void
show (TillKeysTest *test,
      int           width,
      int           height)
{
  GtkWidget *overlay = adw_toast_overlay_new ();

  test->pane = till_credentials_pane_new (test->session);
  test->window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (test->window), width, height);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), test->pane);
  adw_window_set_content (ADW_WINDOW (test->window), overlay);
  gtk_window_present (GTK_WINDOW (test->window));
  WAIT_UNTIL (gtk_widget_get_mapped (test->window) && gtk_widget_get_width (test->window) > 0);
}

static gboolean
is_busy (TillKeysTest *test)
{
  gboolean busy;

  g_object_get (test->pane, "busy", &busy, NULL);

  return busy;
}

static void
collect_rows (GtkWidget *root,
              GPtrArray *rows)
{
  if (TILL_IS_SECRET_ROW (root))
    g_ptr_array_add (rows, root);

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect_rows (child, rows);
}

/* 0: the token, 1: the session */
static TillSecretRow *
get_row (TillKeysTest *test,
         guint         index)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new ();

  collect_rows (test->pane, rows);
  g_assert_cmpuint (rows->len, ==, 2);

  return rows->pdata[index];
}

static TillSecret *
get_secret (TillKeysTest *test,
            guint         index)
{
  return till_secret_row_get_secret (get_row (test, index));
}

static const char *
get_token (TillKeysTest *test)
{
  return (const char *) till_secret_get_data (get_secret (test, 0));
}

static void
get (TillKeysTest *test)
{
  till_keys_test_act (test, "pane.get");
  g_assert_true (is_busy (test));
  WAIT_UNTIL (!is_busy (test));
}

static TillKeysTest *
set_up_practice (void)
{
  TillKeysTest *test = till_keys_test_new ();

  till_keys_test_practise (test);
  show (test, 900, 900);

  return test;
}

static TillKeysTest *
set_up_connected (void)
{
  TillKeysTest *test = till_keys_test_new ();

  till_keys_test_connect (test, TILL_ENVIRONMENT_TEST, FALSE);
  show (test, 900, 900);

  return test;
}

static gboolean
set_flag_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

/* To the millisecond, not with the patience of other waits. */
static void
wait_for (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, set_flag_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

/* The first one that can be seen: rows have parts that are hidden. */
static gpointer
find_mapped (GtkWidget *root,
             GType      type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (root, type) && gtk_widget_get_mapped (root))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      gpointer found = find_mapped (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* A second passes for the pane, too. */
static void
pass (TillKeysTest *test,
      gint64        seconds)
{
  till_clock_advance (test->clock, seconds);
  wait_for (1300);
}

static gboolean
is_enabled (TillKeysTest *test,
            const char   *label)
{
  GtkWidget *button = till_keys_test_find_button (test->window, label);

  return button != NULL && gtk_widget_is_sensitive (button);
}

/* How often a text stands in what people see or hear: labels, tooltips and all text of the tree, hidden or not. */
static guint
count_text (GtkWidget  *root,
            const char *text)
{
  const char *tooltip = gtk_widget_get_tooltip_text (root);
  guint n = 0;

  if (GTK_IS_LABEL (root))
    n += strstr (gtk_label_get_label (GTK_LABEL (root)), text) != NULL;
  if (GTK_IS_EDITABLE (root))
    n += strstr (gtk_editable_get_text (GTK_EDITABLE (root)), text) != NULL;
  n += tooltip != NULL && strstr (tooltip, text) != NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += count_text (child, text);

  return n;
}

static void
test_none (void)
{
  g_autoptr(TillKeysTest) test = till_keys_test_new ();

  show (test, 900, 700);
  assert_sees (test->window, "No Credentials");
  assert_sees (test->window, "They last up to 30 minutes and are kept only while this window is open.");
  g_assert_false (is_enabled (test, "Get Credentials"));
}

static void
test_practice (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();

  g_assert_true (is_enabled (test, "Get Credentials"));
  get (test);

  g_assert_false (till_keys_test_sees (test->window, "No Credentials"));
  g_assert_nonnull (get_secret (test, 0));
  g_assert_nonnull (get_secret (test, 1));
  assert_sees (test->window, "30:00 left");
  assert_sees (test->window, "Issued 12:00:00 UTC · valid for 30 min · clocks agree (0 s)");
  assert_sees (test->window, "RSA, 2048 bits");
  assert_sees (test->window, "SHA-256");
  pass (test, 61);
  assert_sees (test->window, "28:59 left");
}

/* Masked it is nowhere; shown it is in one label. */
static void
test_mask (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  g_autofree char *masked = NULL;
  const char *token;
  GtkWidget *other;

  get (test);
  token = get_token (test);
  g_assert_cmpuint (strlen (token), >=, 16);
  g_assert_cmpuint (count_text (test->window, token), ==, 0);
  g_assert_cmpuint (count_text (test->window, (const char *) till_secret_get_data (get_secret (test, 1))), ==, 0);
  masked = g_strconcat ("●●●●●●●●●●●●", token + strlen (token) - 4, NULL);
  assert_sees (test->window, masked);

  till_keys_test_act (test, "pane.reveal-token");
  g_assert_cmpuint (count_text (test->window, token), ==, 1);
  g_assert_false (till_secret_row_get_revealed (get_row (test, 1)));

  /* By hand, by time, by another window, and with the pane. */
  till_keys_test_act (test, "pane.reveal-token");
  g_assert_cmpuint (count_text (test->window, token), ==, 0);

  till_keys_test_act (test, "pane.reveal-token");
  pass (test, TILL_REVEAL_SECONDS - 1);
  g_assert_cmpuint (count_text (test->window, token), ==, 1);
  till_clock_advance (test->clock, 2);
  WAIT_UNTIL (count_text (test->window, token) == 0);

  till_keys_test_act (test, "pane.reveal-session");
  g_assert_true (till_secret_row_get_revealed (get_row (test, 1)));
  other = gtk_window_new ();
  gtk_window_present (GTK_WINDOW (other));
  WAIT_UNTIL (!till_secret_row_get_revealed (get_row (test, 1)));
  gtk_window_destroy (GTK_WINDOW (other));

  till_keys_test_act (test, "pane.reveal-token");
  gtk_widget_set_visible (test->pane, FALSE);
  g_assert_cmpuint (count_text (test->window, token), ==, 0);
}

/* Awake, for as long as it takes: 29.9 s shown, 30.1 s not. */
static void
test_half_minute (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();

  get (test);
  till_keys_test_act (test, "pane.reveal-token");
  wait_for (29900);
  g_assert_cmpuint (count_text (test->window, get_token (test)), ==, 1);
  wait_for (200);
  g_assert_cmpuint (count_text (test->window, get_token (test)), ==, 0);
}

static void
test_end (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  g_autofree char *tail = NULL;

  get (test);
  tail = g_strdup (get_token (test) + strlen (get_token (test)) - 4);
  g_assert_false (till_keys_test_sees (test->window, "The access token ends in"));
  pass (test, 25 * 60);
  assert_sees (test->window, "The access token ends in 5 minutes.");
  pass (test, 4 * 60);
  assert_sees (test->window, "The access token ends in 1 minute.");
  till_keys_test_act (test, "pane.reveal-token");
  pass (test, 59);
  g_assert_nonnull (get_secret (test, 0));
  pass (test, 1);

  assert_sees (test->window, "Ended at 12:30.");
  assert_sees (test->window, tail);
  g_assert_null (get_secret (test, 0));
  g_assert_null (get_secret (test, 1));
  till_keys_test_act (test, "pane.copy-token");
  g_assert_false (till_keys_test_sees (test->window, "Copied."));
  /* The key stays: it is public. */
  assert_sees (test->window, "RSA, 2048 bits");

  till_keys_test_act (test, "pane.refresh");
  WAIT_UNTIL (!is_busy (test) && get_secret (test, 0) != NULL);
  g_assert_false (till_keys_test_sees (test->window, "Ended at"));
}

static void
test_refresh_by_itself (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected ();
  g_autoptr(TillSecret) first = NULL;

  get (test);
  first = till_secret_ref (get_secret (test, 0));
  gtk_switch_set_active (find_mapped (test->window, GTK_TYPE_SWITCH), TRUE);
  pass (test, 30 * 60 - 121);
  g_assert_false (is_busy (test));
  g_assert_true (till_secret_equal (first, get_secret (test, 0)));
  pass (test, 1);
  WAIT_UNTIL (!is_busy (test) && !till_secret_equal (first, get_secret (test, 0)));
  assert_sees (test->window, "30:00 left");
  g_assert_cmpuint (till_keys_test_count_log (test, "credentials.request"), ==, 2);

  /* What is refused is not asked for again and again, and what there is stays until its end. */
  g_assert_true (till_sandbox_assume (test->sandbox, "credentials-feature=off", NULL));
  pass (test, 30 * 60 - 119);
  WAIT_UNTIL (till_keys_test_sees (test->window, "Sign-In Refused"));
  pass (test, 30);
  pass (test, 30);
  g_assert_false (is_busy (test));
  g_assert_nonnull (get_secret (test, 0));
  g_assert_cmpuint (till_keys_test_count_log (test, "credentials.request"), ==, 3);
}

/* One that lasts a minute is not replaced as soon as it is there. */
static void
test_refresh_short (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected ();

  adw_combo_row_set_selected (ADW_COMBO_ROW (till_ui_find (test->window, ADW_TYPE_COMBO_ROW, NULL)), 3);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (till_ui_find (test->window, GTK_TYPE_SPIN_BUTTON, NULL)), 2);
  get (test);
  gtk_switch_set_active (find_mapped (test->window, GTK_TYPE_SWITCH), TRUE);
  pass (test, 2);
  g_assert_false (is_busy (test));
  assert_sees (test->window, "1:58 left");
  g_assert_cmpuint (till_keys_test_count_log (test, "credentials.request"), ==, 1);
  pass (test, 58);
  WAIT_UNTIL (!is_busy (test) && till_keys_test_sees (test->window, "2:00 left"));
}

static void
test_units (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected ();
  GtkWidget *combo = till_ui_find (test->window, ADW_TYPE_COMBO_ROW, NULL);

  g_assert_cmpstr (gtk_widget_get_tooltip_text (combo), ==, "Sent: no number, which asks for the longest.");
  adw_combo_row_set_selected (ADW_COMBO_ROW (combo), 1);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (combo), ==, "Sent: 900000, which is in milliseconds.");
  get (test);
  assert_sees (test->window, "15:00 left");
  g_assert_cmpstr (gtk_widget_get_tooltip_text (combo), ==,
                   "Sent: 900000, which is in milliseconds.\nReceived: 900, taken for seconds.");

  /* As the document prints it: numbers as text, no key id. */
  g_assert_true (till_sandbox_assume (test->sandbox, "credentials-shape=2022", NULL));
  adw_combo_row_set_selected (ADW_COMBO_ROW (combo), 2);
  get (test);
  assert_sees (test->window, "5:00 left");

  /* A service that takes it for seconds says that it is too long. */
  g_assert_true (till_sandbox_assume (test->sandbox, "token-ttl=seconds", NULL));
  get (test);
  assert_sees (test->window, "Not Accepted");
  assert_sees (test->window, "5:00 left");
}

static void
set_secret (TillKeysTest *test,
            const char   *text)
{
  g_autoptr(TillSecret) secret = till_secret_new_copy (text, strlen (text));
  TillShop *shop = till_session_get_shop (test->session);

  till_profiles_secret_async (till_session_get_store (test->session), test->vault, "Acme Cafés", "hub", secret, NULL,
                              NULL, NULL);
  till_session_reload (test->session);
  WAIT_UNTIL (till_session_get_state (test->session) == TILL_SESSION_OPEN &&
              till_session_get_shop (test->session) != shop);
}

static void
test_wrong_secret (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected ();

  get (test);
  set_secret (test, "bm90IHRoZSBzZWNyZXQ=");
  g_assert_null (get_secret (test, 0));
  get (test);
  assert_sees (test->window, "Sign-In Refused");
  assert_sees (test->window, "The clocks agree, so it is not the time.");
  g_assert_nonnull (till_keys_test_find_button (test->window, "Open Profile"));
}

static void
test_clock_off (void)
{
  g_autoptr(TillKeysTest) test = till_keys_test_new ();
  TillClock *own = test->clock;

  /* The services live ten minutes later. */
  test->clock = till_clock_new_fixed (TILL_UI_NOW + 600);
  till_keys_test_connect (test, TILL_ENVIRONMENT_TEST, FALSE);
  till_clock_unref (test->clock);
  test->clock = own;
  show (test, 900, 900);
  get (test);
  assert_sees (test->window, "Clock Is Wrong");
  assert_sees (test->window, "This computer’s clock is 10 minutes slow");
  g_assert_false (till_keys_test_sees (test->window, "Sign-In Refused"));
}

static void
test_clock_in_doubt (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected ();

  till_keys_test_fault (test, "date-skew=-180");
  g_assert_true (till_sandbox_assume (test->sandbox, "credentials-feature=off", NULL));
  get (test);
  assert_sees (test->window, "Sign-In Refused");
  assert_sees (test->window, "Your clock is 3 minutes ahead of the server.");
}

static void
test_service_down (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected ();
  g_autoptr(TillSecret) first = NULL;

  get (test);
  first = till_secret_ref (get_secret (test, 0));
  till_sandbox_stop (test->sandbox);
  get (test);
  assert_sees (test->window, "Service Unavailable");
  g_assert_true (is_enabled (test, "Try Again"));
  g_assert_true (till_secret_equal (first, get_secret (test, 0)));
  till_keys_test_act (test, "pane.dismiss");
  g_assert_false (till_keys_test_sees (test->window, "Service Unavailable"));
}

static void
test_lost_answer (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected ();

  till_keys_test_fault (test, "lost-answer*9");
  get (test);
  g_assert_null (get_secret (test, 0));
  g_assert_nonnull (till_keys_test_find_button (test->window, "Try Again"));
  till_sandbox_clear_faults (test->sandbox);
  get (test);
  g_assert_nonnull (get_secret (test, 0));
}

static void
test_cancel (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected ();

  till_keys_test_fault (test, "slow=20");
  till_keys_test_act (test, "pane.get");
  till_keys_test_press (test->window, "Cancel");
  WAIT_UNTIL (!is_busy (test));
  assert_sees (test->window, "No Credentials");
  g_assert_null (till_keys_test_find_button (test->window, "Try Again"));
  till_sandbox_clear_faults (test->sandbox);
}

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static char *
read_clipboard (TillKeysTest *test)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (test->window);
  g_autoptr(GAsyncResult) result = NULL;

  gdk_clipboard_read_text_async (clipboard, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);

  return gdk_clipboard_read_text_finish (clipboard, result, NULL);
}

static void
test_copy (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  g_autofree char *token = NULL;
  g_autofree char *header = NULL;
  g_autofree char *pem = NULL;
  g_autofree char *want = NULL;

  get (test);
  till_keys_test_act (test, "pane.copy-token");
  token = read_clipboard (test);
  g_assert_cmpstr (token, ==, get_token (test));
  WAIT_UNTIL (till_keys_test_sees (test->window, "Copied. Clears in 30 s"));
  till_keys_test_press (test->window, "Clear Now");
  g_assert_null (read_clipboard (test));
  WAIT_UNTIL (!till_keys_test_sees (test->window, "Copied. Clears in 30 s"));

  till_keys_test_act (test, "pane.copy-header");
  header = read_clipboard (test);
  want = g_strconcat ("Auth-Token-Type: AccessToken\nAuthorization: Bearer ", token, NULL);
  g_assert_cmpstr (header, ==, want);
  till_clock_advance (test->clock, 31);
  WAIT_UNTIL (!till_keys_test_sees (test->window, "Copied. Clears in 30 s"));
  g_assert_null (read_clipboard (test));

  till_keys_test_act (test, "pane.copy-session");
  till_keys_test_act (test, "pane.copy-key");
  pem = read_clipboard (test);
  g_assert_true (g_str_has_prefix (pem, "-----BEGIN PUBLIC KEY-----\n"));
  WAIT_UNTIL (till_keys_test_sees (test->window, "Clipboard was replaced; nothing to clear.") ||
              till_keys_test_sees (test->window, "Public key copied"));
  till_clock_advance (test->clock, 31);
  wait_for (1300);
  g_clear_pointer (&pem, g_free);
  pem = read_clipboard (test);
  g_assert_nonnull (pem);
}

/* Locking, and another profile. */
static void
test_forget (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected ();

  get (test);
  till_keys_test_act (test, "pane.copy-token");
  till_keys_test_act (test, "pane.reveal-token");
  till_credentials_pane_forget (TILL_CREDENTIALS_PANE (test->pane));
  g_assert_null (get_secret (test, 0));
  g_assert_null (read_clipboard (test));
  assert_sees (test->window, "No Credentials");

  /* What comes afterwards is not taken. */
  till_keys_test_fault (test, "slow=1");
  till_keys_test_act (test, "pane.get");
  till_ui_run_for (100);
  till_credentials_pane_forget (TILL_CREDENTIALS_PANE (test->pane));
  g_assert_false (is_busy (test));
  wait_for (1500);
  g_assert_null (get_secret (test, 0));

  get (test);
  g_assert_nonnull (get_secret (test, 0));
  till_session_use (test->session, NULL);
  WAIT_UNTIL (get_secret (test, 0) == NULL);
  WAIT_UNTIL (till_session_get_state (test->session) == TILL_SESSION_OPEN);
}

static void
test_redirect (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  GtkWidget *expander = find_mapped (test->window, ADW_TYPE_EXPANDER_ROW);
  GtkWidget *entry;

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (expander), TRUE);
  WAIT_UNTIL (till_keys_test_sees (test->window, "Merchant"));
  entry = till_ui_find (test->window, ADW_TYPE_ENTRY_ROW, NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "http://shop.example/");
  assert_sees (test->window, "It must be a whole address");
  g_assert_false (is_enabled (test, "Get Credentials"));
  gtk_editable_set_text (GTK_EDITABLE (entry), "https://shop.example/done");
  get (test);
  g_assert_nonnull (get_secret (test, 0));
}

/* Each button says what it is for, also to those who hear. */
static void
test_names (void)
{
  g_autoptr(TillKeysTest) test = set_up_practice ();
  const char * const tips[] = { "Show Access Token for 30 Seconds", "Copy Access Token", "Show Session ID for 30 Seconds",
                                "Copy Session ID", "Copy Header", "Copy Public Key" };

  get (test);
  for (guint i = 0; i < G_N_ELEMENTS (tips); i++)
    g_assert_cmpuint (count_text (test->window, tips[i]), ==, 1);
  g_assert_nonnull (till_keys_test_find_button (test->window, "Save PEM…"));
}

static void
picture (TillKeysTest *test,
         const char   *name)
{
  g_autofree char *light = g_strconcat ("credentials-", name, NULL);
  g_autofree char *dark = g_strconcat ("credentials-", name, "-dark", NULL);
  AdwStyleManager *style = adw_style_manager_get_default ();

  till_ui_picture (test->window, light);
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
  till_ui_picture (test->window, dark);
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_DEFAULT);
}

/* For people to look at; that each can be drawn is tested on the way. */
static void
test_pictures (void)
{
  g_autoptr(TillKeysTest) test = set_up_connected ();
  g_autofree char *theme = NULL;

  picture (test, "empty");
  get (test);
  picture (test, "received");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  gtk_widget_set_direction (test->window, GTK_TEXT_DIR_RTL);
  till_ui_picture (test->window, "credentials-rtl");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (test->window, GTK_TEXT_DIR_LTR);
  g_object_get (gtk_settings_get_default (), "gtk-theme-name", &theme, NULL);
  g_object_set (gtk_settings_get_default (), "gtk-theme-name", "Default-hc", NULL);
  till_ui_picture (test->window, "credentials-high-contrast");
  g_object_set (gtk_settings_get_default (), "gtk-theme-name", theme, NULL);

  till_keys_test_act (test, "pane.reveal-session");
  till_keys_test_act (test, "pane.copy-token");
  adw_expander_row_set_expanded (find_mapped (test->window, ADW_TYPE_EXPANDER_ROW), TRUE);
  gtk_expander_set_expanded (find_mapped (test->window, GTK_TYPE_EXPANDER), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (test->window), 900, 1500);
  picture (test, "all");
  till_clock_advance (test->clock, 1800);
  WAIT_UNTIL (till_keys_test_sees (test->window, "Ended at 12:30."));
  gtk_window_set_default_size (GTK_WINDOW (test->window), 900, 1000);
  g_assert_true (till_sandbox_assume (test->sandbox, "credentials-feature=off", NULL));
  get (test);
  picture (test, "refused");
}

static void
test_pictures_narrow (void)
{
  g_autoptr(TillKeysTest) test = till_keys_test_new ();
  int minimum;

  till_keys_test_practise (test);
  show (test, 360, 1100);
  get (test);
  till_keys_test_act (test, "pane.reveal-token");
  gtk_widget_measure (test->pane, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
  picture (test, "narrow");
}

int
main (int    argc,
      char **argv)
{
  till_ui_test_init (&argc, &argv);

  g_test_add_func ("/credentials-pane/none", test_none);
  g_test_add_func ("/credentials-pane/practice", test_practice);
  g_test_add_func ("/credentials-pane/mask", test_mask);
  g_test_add_func ("/credentials-pane/half-minute", test_half_minute);
  g_test_add_func ("/credentials-pane/end", test_end);
  g_test_add_func ("/credentials-pane/refresh-by-itself", test_refresh_by_itself);
  g_test_add_func ("/credentials-pane/refresh-short", test_refresh_short);
  g_test_add_func ("/credentials-pane/units", test_units);
  g_test_add_func ("/credentials-pane/wrong-secret", test_wrong_secret);
  g_test_add_func ("/credentials-pane/clock-off", test_clock_off);
  g_test_add_func ("/credentials-pane/clock-in-doubt", test_clock_in_doubt);
  g_test_add_func ("/credentials-pane/service-down", test_service_down);
  g_test_add_func ("/credentials-pane/lost-answer", test_lost_answer);
  g_test_add_func ("/credentials-pane/cancel", test_cancel);
  g_test_add_func ("/credentials-pane/copy", test_copy);
  g_test_add_func ("/credentials-pane/forget", test_forget);
  g_test_add_func ("/credentials-pane/redirect", test_redirect);
  g_test_add_func ("/credentials-pane/names", test_names);
  g_test_add_func ("/credentials-pane/pictures", test_pictures);
  g_test_add_func ("/credentials-pane/pictures-narrow", test_pictures_narrow);

  return g_test_run ();
}
