/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The activity log: shown, verified, exported. */
#include "config.h"

#include <string.h>

#include "till-activity-csv.h"
#include "till-activity-item.h"
#include "till-activity-window.h"
#include "till-activity-words.h"
#include "till-ui-window.h"

typedef TillUiWindow Fixture;

static void
show (Fixture *fixture)
{
  till_ui_window_show (fixture, 1000, 640);
  WAIT_UNTIL (till_session_get_state (fixture->session) == TILL_SESSION_NONE);
  till_ui_run_for (30);
}

static TillActivityWindow *
open_log (Fixture *fixture)
{
  GtkWidget *window;

  till_ui_window_act (fixture, "win.activity-log");
  window = till_ui_find_window (TILL_TYPE_ACTIVITY_WINDOW);
  g_assert_nonnull (window);

  return TILL_ACTIVITY_WINDOW (window);
}

static gboolean
append_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  g_autoptr(TillLogRecord) record = till_log_record_new ();

  record->event = g_strdup ("keys.revoke");
  record->object = g_strdup ("ea8622e0a9c35035");
  record->profile = g_strdup ("=Acme \"Cafés\"");
  record->environment = g_strdup ("live");
  record->peer = g_strdup ("connect.fiservapis.com");
  record->outcome = g_strdup ("unknown");
  record->trace_id = g_strdup ("trace-4711");

  return till_transaction_append_log (transaction, record, error);
}

static void
appended_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  gboolean *done = user_data;

  g_assert_true (till_store_run_finish (TILL_STORE (source), result, NULL));
  *done = TRUE;
}

static void
append (Fixture *fixture)
{
  gboolean done = FALSE;

  till_store_run_async (till_session_get_store (fixture->session), append_work, NULL, NULL, NULL, appended_cb, &done);
  WAIT_UNTIL (done);
}

static void
test_lines (Fixture       *fixture,
            gconstpointer  data)
{
  TillActivityWindow *window;
  GListModel *model;
  g_autoptr(TillActivityItem) first = NULL;
  gboolean alive;

  show (fixture);
  window = open_log (fixture);
  till_ui_watch_life (window, &alive);
  model = till_activity_window_get_model (window);
  till_ui_run_for (100);
  g_assert_nonnull (till_ui_find (GTK_WIDGET (window), ADW_TYPE_STATUS_PAGE, "Nothing Done Yet"));
  till_ui_picture (GTK_WIDGET (window), "activity-empty");

  /* It follows what is done. */
  till_session_use (fixture->session, NULL);
  WAIT_UNTIL (till_session_get_state (fixture->session) == TILL_SESSION_OPEN);
  append (fixture);
  till_session_tell_changed (fixture->session);
  WAIT_UNTIL (g_list_model_get_n_items (model) >= 2);
  first = g_list_model_get_item (model, 0);
  g_assert_cmpstr (till_activity_item_get_record (first)->event, ==, "keys.revoke");
  till_ui_run_for (50);
  g_assert_nonnull (till_ui_find (GTK_WIDGET (window), GTK_TYPE_LABEL, "Encryption key revoked"));
  g_assert_nonnull (till_ui_find (GTK_WIDGET (window), GTK_TYPE_LABEL, "Not known"));
  g_assert_nonnull (till_ui_find (GTK_WIDGET (window), GTK_TYPE_LABEL,
                                  "ea8622e0a9c35035 · connect.fiservapis.com · Trace ID trace-4711"));

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "activity.verify", NULL));
  till_ui_run_for (200);
  g_assert_nonnull (till_ui_find (GTK_WIDGET (window), GTK_TYPE_LABEL,
                                  "Nothing was changed or removed: every line fits the one before it."));
  till_ui_picture (GTK_WIDGET (window), "activity");

  gtk_window_close (GTK_WINDOW (window));
  WAIT_UNTIL (!alive);
}

static void
test_csv (void)
{
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) till_log_record_free);
  static const char *const dangerous[] = { "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1" };
  g_autoptr(GBytes) csv = NULL;
  g_auto(GStrv) lines = NULL;
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (dangerous); i++)
    {
      TillLogRecord *record = till_log_record_new ();

      record->sequence = (gint64) i + 1;
      record->at = TILL_UI_NOW;
      record->event = g_strdup ("profile.set");
      record->object = g_strdup (dangerous[i]);
      record->detail = g_strdup ("says \"no\", twice");
      g_ptr_array_add (records, record);
    }

  csv = till_activity_csv_format (records);
  lines = g_strsplit (g_bytes_get_data (csv, NULL), "\r\n", -1);
  g_assert_true (g_str_has_prefix (lines[0], "sequence,at,actor,event,object,"));
  for (i = 0; i < 4; i++)
    {
      g_autofree char *start = g_strdup_printf ("\"%u\",\"2026-11-22T12:00:00Z\",\"\",\"profile.set\",\"'%s\",",
                                                (guint) i + 1, dangerous[i]);

      g_assert_true (g_str_has_prefix (lines[i + 1], start));
      g_assert_nonnull (strstr (lines[i + 1], "\"says \"\"no\"\", twice\""));
    }
}

static void
test_words (void)
{
  g_autoptr(TillLogRecord) record = till_log_record_new ();
  g_autofree char *unknown = NULL;
  g_autofree char *event = NULL;
  g_autofree char *about = NULL;

  record->event = g_strdup ("pairing.begin");
  unknown = till_activity_words_dup_event (record);
  g_assert_cmpstr (unknown, ==, "pairing.begin");

  g_free (record->event);
  record->event = g_strdup ("profile.secret");
  record->profile = g_strdup ("Acme");
  record->environment = g_strdup ("live");
  record->detail = g_strdup ("hub");
  event = till_activity_words_dup_event (record);
  about = till_activity_words_dup_about (record);
  g_assert_cmpstr (event, ==, "Secret entered");
  g_assert_cmpstr (about, ==, "Acme (Live) · Commerce Hub");
}

int
main (int    argc,
      char **argv)
{
  till_ui_test_init (&argc, &argv);

  g_test_add ("/activity/lines", Fixture, NULL, till_ui_window_setup, test_lines, till_ui_window_teardown);
  g_test_add_func ("/activity/csv", test_csv);
  g_test_add_func ("/activity/words", test_words);

  return g_test_run ();
}
