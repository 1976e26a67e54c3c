/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where secrets or records can't be reached the window says why and what helps, and destroys nothing. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "till-safety.h"
#include "till-session-view.h"
#include "till-ui-window.h"

/* The one that the pretended keyring has a secret of. */
#define PROFILE_ID "00112233445566778899aabbccddeeff"

typedef TillUiWindow Fixture;

static gboolean
sees (GtkWidget  *root,
      const char *text)
{
  GtkWidget *child;

  if (!gtk_widget_get_mapped (root))
    return FALSE;

  if (GTK_IS_LABEL (root) && strstr (gtk_label_get_text (GTK_LABEL (root)), text) != NULL)
    return TRUE;

  for (child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (sees (child, text))
      return TRUE;

  return FALSE;
}

static GtkWidget *
find_button (GtkWidget  *root,
             const char *label)
{
  GtkWidget *child;

  if (!gtk_widget_get_mapped (root))
    return NULL;

  if (GTK_IS_BUTTON (root) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (root)), label) == 0)
    return root;

  for (child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
take_pictures (Fixture    *fixture,
               const char *name)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  g_autofree char *dark = g_strconcat (name, "-dark", NULL);
  g_autofree char *narrow = g_strconcat (name, "-narrow", NULL);

  till_ui_run_for (60);
  till_ui_picture (fixture->window, name);
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
  till_ui_run_for (60);
  till_ui_picture (fixture->window, dark);
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_DEFAULT);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 640);
  till_ui_run_for (200);
  till_ui_picture (fixture->window, narrow);
}

static TillSession *
new_session (Fixture *fixture,
             gint64   now)
{
  g_autoptr(TillClock) clock = till_clock_new_fixed (now);

  return till_session_new (till_session_get_folder (fixture->session), fixture->vault, clock);
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *closed = user_data;

  g_assert_true (till_session_close_finish (TILL_SESSION (source), result, NULL));
  *closed = TRUE;
}

/* session: (transfer full) */
static void
close_session (TillSession *session)
{
  gboolean closed = FALSE;

  till_session_close_async (session, closed_cb, &closed);
  WAIT_UNTIL (closed);
  g_object_unref (session);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  gboolean *done = user_data;
  g_autoptr(GError) error = NULL;

  till_store_run_finish (TILL_STORE (source), result, &error);
  g_assert_no_error (error);
  *done = TRUE;
}

static gboolean
put_work (TillTransaction  *transaction,
          gpointer          data,
          GError          **error)
{
  return till_transaction_put_profile (transaction, data, error);
}

/* Records with one profile, as they were left. */
static void
make_records (Fixture *fixture,
              gint64   now)
{
  TillSession *session = new_session (fixture, now);
  g_autoptr(TillProfile) profile = till_profile_new ();
  gboolean done = FALSE;

  till_session_start (session);
  WAIT_UNTIL (till_session_get_store (session) != NULL && till_session_get_state (session) != TILL_SESSION_OPENING);
  profile->id = g_strdup (PROFILE_ID);
  profile->name = g_strdup ("Acme Cafés");
  profile->environment = TILL_ENVIRONMENT_TEST;
  profile->hub_url = g_strdup ("https://127.0.0.1:1");
  profile->hub_merchant = g_strdup ("100008000003683");
  profile->hub_key = g_strdup ("a-key");
  till_store_run_async (till_session_get_store (session), put_work, profile, NULL, NULL, done_cb, &done);
  WAIT_UNTIL (done);
  close_session (session);
}

static char *
dup_database (Fixture *fixture)
{
  return g_build_filename (till_session_get_folder (fixture->session), "tillkeeper.db", NULL);
}

static void
show (Fixture          *fixture,
      TillSessionState  expected)
{
  till_ui_window_show (fixture, 900, 640);
  WAIT_UNTIL (till_session_get_state (fixture->session) == expected);
  adw_view_stack_set_visible_child_name (till_window_get_stack (TILL_WINDOW (fixture->window)), "keys");
  till_ui_run_for (60);
}

static void
press (Fixture    *fixture,
       const char *label)
{
  GtkWidget *button = find_button (fixture->window, label);

  g_assert_nonnull (button);
  gtk_widget_activate (button);
}

static void
test_in_use (Fixture       *fixture,
             gconstpointer  data)
{
  TillSession *other = new_session (fixture, TILL_UI_NOW);

  till_session_start (other);
  WAIT_UNTIL (till_session_get_state (other) == TILL_SESSION_NONE);
  show (fixture, TILL_SESSION_FAILED);
  g_assert_true (sees (fixture->window, "Records in Use"));
  g_assert_null (find_button (fixture->window, "Restore the Last Backup"));
  take_pictures (fixture, "records-in-use");

  close_session (other);
  press (fixture, "Try Again");
  WAIT_UNTIL (till_session_get_state (fixture->session) == TILL_SESSION_NONE);
}

static void
test_newer (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *path = dup_database (fixture);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize size, size_after;
  FILE *file;

  make_records (fixture, TILL_UI_NOW);
  /* The version of the schema stands in the header of every SQLite file (https://sqlite.org/fileformat.html, 1.3). */
  file = fopen (path, "r+");
  g_assert_nonnull (file);
  g_assert_cmpint (fseek (file, 63, SEEK_SET), ==, 0);
  g_assert_cmpint (fputc (99, file), ==, 99);
  g_assert_cmpint (fclose (file), ==, 0);
  g_assert_true (g_file_get_contents (path, &before, &size, NULL));

  show (fixture, TILL_SESSION_FAILED);
  g_assert_true (sees (fixture->window, "newer"));
  g_assert_null (find_button (fixture->window, "Restore the Last Backup"));
  take_pictures (fixture, "records-newer");
  g_assert_true (g_file_get_contents (path, &after, &size_after, NULL));
  g_assert_cmpmem (before, size, after, size_after);
}

static void
damage (Fixture *fixture)
{
  g_autofree char *path = dup_database (fixture);
  g_autofree char *garbage = g_strnfill (8192, 'x');
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, garbage, -1, &error);
  g_assert_no_error (error);
}

/* The backup of the day before comes back on request, with what was in it; what was damaged is still there. */
static void
test_damaged (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *toast = NULL;
  TillSession *session;

  make_records (fixture, TILL_UI_NOW - 2 * TILL_UI_DAY);
  /* A day later it is opened again, and copied. */
  session = new_session (fixture, TILL_UI_NOW - TILL_UI_DAY);
  till_session_start (session);
  WAIT_UNTIL (till_session_get_state (session) == TILL_SESSION_OPEN);
  close_session (session);
  damage (fixture);

  show (fixture, TILL_SESSION_FAILED);
  g_assert_true (sees (fixture->window, "Records Are Damaged"));
  g_assert_nonnull (find_button (fixture->window, "Show Folder"));
  take_pictures (fixture, "records-damaged");
  press (fixture, "Restore the Last Backup");
  WAIT_UNTIL (till_session_get_store (fixture->session) != NULL &&
              till_session_get_state (fixture->session) != TILL_SESSION_OPENING);
  g_assert_cmpuint (till_session_get_profiles (fixture->session)->len, ==, 1);
  toast = till_ui_window_dup_toast (fixture);
  g_assert_cmpstr (toast, ==, "The last backup is open; the damaged records were set aside");
}

/* Where there is no copy nothing is done, and that is said; it is not offered a second time. */
static void
test_no_backup (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *path = dup_database (fixture);
  g_autofree char *after = NULL;

  g_assert_cmpint (g_mkdir_with_parents (till_session_get_folder (fixture->session), 0700), ==, 0);
  damage (fixture);
  show (fixture, TILL_SESSION_FAILED);
  press (fixture, "Restore the Last Backup");
  WAIT_UNTIL (sees (fixture->window, "there is no copy of them that is whole"));
  g_assert_null (find_button (fixture->window, "Restore the Last Backup"));
  g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
  g_assert_true (g_str_has_prefix (after, "xxxx"));
}

/* The real one, and not the one in memory. */
static void
set_up_vault (Fixture       *fixture,
              gconstpointer  data)
{
  fixture->vault = till_vault_new ();
  till_ui_window_setup (fixture, data);
}

typedef struct
{
  GSubprocess      *process;
  GDataInputStream *lines;
} Keyring;

static char *
read_line (Keyring *keyring)
{
  g_autoptr(GError) error = NULL;
  char *line = g_data_input_stream_read_line (keyring->lines, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (line);

  return line;
}

static void
start_keyring (Keyring    *keyring,
               const char *argument)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *line = NULL;

  keyring->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, g_getenv ("MOCK_KEYRING"), argument, NULL);
  g_assert_no_error (error);
  keyring->lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (keyring->process));
  line = read_line (keyring);
  g_assert_cmpstr (line, ==, "ready");
}

static void
stop_keyring (Keyring *keyring)
{
  g_subprocess_force_exit (keyring->process);
  g_assert_true (g_subprocess_wait (keyring->process, NULL, NULL));
  g_clear_object (&keyring->lines);
  g_clear_object (&keyring->process);
}

static void
ask_for_credentials (Fixture *fixture)
{
  GtkWidget *view = adw_view_stack_get_child_by_name (till_window_get_stack (TILL_WINDOW (fixture->window)), "keys");

  WAIT_UNTIL (till_session_get_state (fixture->session) == TILL_SESSION_OPEN);
  g_assert_true (gtk_widget_activate_action (till_session_view_get_child (TILL_SESSION_VIEW (view)), "pane.generate", NULL));
}

/* The question is closed: what is known stays, it is said, and nobody is asked again unasked. */
static void
test_dismissed (Fixture       *fixture,
                gconstpointer  data)
{
  Keyring keyring;

  start_keyring (&keyring, "dismiss");
  make_records (fixture, TILL_UI_NOW);
  show (fixture, TILL_SESSION_OPEN);
  ask_for_credentials (fixture);
  WAIT_UNTIL (till_vault_get_state (fixture->vault) == TILL_VAULT_DISMISSED);
  WAIT_UNTIL (sees (fixture->window, "The keyring’s question was closed."));
  take_pictures (fixture, "vault-dismissed");

  /* Unlocking asks it as well; closed again, the window stays locked, and says so. */
  till_ui_window_act (fixture, "win.lock");
  till_ui_window_act (fixture, "win.unlock");
  WAIT_UNTIL (sees (fixture->window, "The question of the password store was closed."));
  g_assert_true (till_safety_get_locked (till_window_get_safety (TILL_WINDOW (fixture->window))));
  till_ui_picture (fixture->window, "vault-dismissed-locked");
  stop_keyring (&keyring);
}

/* Runs on until the end: libsecret 0.20 stumbles over a service that goes while its question stands open. */
static Keyring silent;

static void
test_locked (Fixture       *fixture,
             gconstpointer  data)
{
  start_keyring (&silent, "silent");
  till_vault_set_deadline (fixture->vault, 1);
  make_records (fixture, TILL_UI_NOW);
  show (fixture, TILL_SESSION_OPEN);
  ask_for_credentials (fixture);
  WAIT_UNTIL (till_vault_get_state (fixture->vault) == TILL_VAULT_LOCKED);
  WAIT_UNTIL (sees (fixture->window, "The keyring did not open."));
  g_assert_nonnull (find_button (fixture->window, "Unlock"));
  take_pictures (fixture, "vault-locked");
}

/* No such service: it can be looked at everything, and what it needs is explained. */
static void
test_absent (Fixture       *fixture,
             gconstpointer  data)
{
  make_records (fixture, TILL_UI_NOW);
  show (fixture, TILL_SESSION_OPEN);
  ask_for_credentials (fixture);
  WAIT_UNTIL (till_vault_get_state (fixture->vault) == TILL_VAULT_ABSENT);
  WAIT_UNTIL (sees (fixture->window, "This computer has no password store."));
  g_assert_nonnull (find_button (fixture->window, "How to Set It Up"));
  take_pictures (fixture, "vault-absent");

  /* A vault that can't be asked keeps nobody out. */
  till_ui_window_act (fixture, "win.lock");
  till_ui_window_act (fixture, "win.unlock");
  WAIT_UNTIL (!till_safety_get_locked (till_window_get_safety (TILL_WINDOW (fixture->window))));
}

int
main (int    argc,
      char **argv)
{
  GTestDBus *bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autofree char *display = g_strdup (g_getenv ("DISPLAY"));
  int status;

  /* A bus on which nothing is started by itself: no keyring but the one of the test. */
  g_setenv ("GTK_A11Y", "none", TRUE);
  g_test_dbus_up (bus);
  /* It takes it away. */
  if (display != NULL)
    g_setenv ("DISPLAY", display, TRUE);
  till_ui_test_init (&argc, &argv);

#define ADD(path, function) \
  g_test_add ("/vault-states/" path, Fixture, NULL, till_ui_window_setup, function, till_ui_window_teardown)
  ADD ("records/in-use", test_in_use);
  ADD ("records/newer", test_newer);
  ADD ("records/damaged", test_damaged);
  ADD ("records/no-backup", test_no_backup);
#undef ADD
#define ADD(path, function) \
  g_test_add ("/vault-states/" path, Fixture, NULL, set_up_vault, function, till_ui_window_teardown)
  ADD ("vault/absent", test_absent);
  ADD ("vault/dismissed", test_dismissed);
  ADD ("vault/locked", test_locked);

  status = g_test_run ();
  if (silent.process != NULL)
    g_subprocess_force_exit (silent.process);
  /* The bus ends with this program: to stop it would run the main loop once more. */

  return status;
}
