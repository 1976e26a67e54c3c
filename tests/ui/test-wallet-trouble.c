/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The details page of a certificate at a service where things go wrong or are odd, and its pictures. */
#include "config.h"

#include "till-wallet-test.h"

#include <string.h>

#include "till-error.h"
#include "till-item-private.h"
#include "till-upload-window.h"
#include "till-wallet-detail-private.h"
#include "till-wallet-facts.h"

#define PAGE(test) TILL_WALLET_DETAIL ((test)->pane)

/* U+202E turns what follows it around. */
#define TURN "\xe2\x80\xae"

static TillKeysTest *
set_up (void)
{
  TillKeysTest *test = till_keys_test_new ();

  till_wallet_test_connect (test, TILL_ENVIRONMENT_TEST, NULL);
  till_wallet_test_show (test, 760, 900);

  return test;
}

static void
answer (const char *response)
{
  GtkWidget *dialog = NULL;

  WAIT_UNTIL ((dialog = till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG)) != NULL && gtk_widget_get_mapped (dialog) &&
              adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), response));
  till_keys_test_press (dialog, adw_message_dialog_get_response_label (ADW_MESSAGE_DIALOG (dialog), response));
  WAIT_UNTIL (till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);
}

static void
type (TillKeysTest *test,
      const char   *title,
      const char   *text)
{
  gtk_editable_set_text (GTK_EDITABLE (till_wallet_test_row (test, title)), text);
}

static void
expand (TillKeysTest *test,
        const char   *title)
{
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (till_wallet_test_row (test, title)), TRUE);
}

static gboolean
is_idle (TillKeysTest *test)
{
  return PAGE (test)->changing == NULL;
}

/* The service is down: it is said, and what was typed is not lost. */
static void
test_down (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  g_autofree char *id = g_strdup (till_wallet_test_pick (test, "Coupons")->id);
  g_autoptr(TillItem) after = NULL;

  type (test, "Name", "Vouchers");
  till_keys_test_fault (test, "status=500*9");
  till_keys_test_press (test->pane, "Save Changes");
  WAIT_UNTIL (gtk_widget_get_visible (PAGE (test)->failure_box));
  assert_sees (test->pane, "Details");
  assert_sees (test->pane, "“Coupons” becomes “Vouchers”");
  g_assert_false (gtk_widget_get_visible (PAGE (test)->failure_profile));
  g_assert_cmpuint (till_keys_test_count_log (test, "certificates.update"), ==, 0);

  till_sandbox_clear_faults (test->sandbox);
  till_keys_test_press (test->pane, "Save Changes");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Saved"));
  g_assert_false (gtk_widget_get_visible (PAGE (test)->failure_box));
  after = till_wallet_test_ask (test, id);
  g_assert_cmpstr (after->wallet->name, ==, "Vouchers");
}

/* A login page of the network instead of the service. */
static void
test_portal (void)
{
  g_autoptr(TillKeysTest) test = set_up ();

  till_wallet_test_pick (test, "Staff passes");
  till_keys_test_fault (test, "html*9");
  till_keys_test_act (test, "wallet.enable");
  WAIT_UNTIL (gtk_widget_get_visible (PAGE (test)->failure_box));
  assert_sees (test->pane, "network");
  g_assert_false (gtk_switch_get_active (GTK_SWITCH (PAGE (test)->enabled_switch)));
}

static void
test_wrong_secret (void)
{
  g_autoptr(TillKeysTest) test = till_keys_test_new ();
  g_autoptr(TillItem) item = NULL;
  g_autoptr(TillWalletCertificate) certificate = NULL;
  static const char json[] = "{\"id\":\"0a7e5a3f-90a5-4a5e-8a64-9f4f0d0f7b11\",\"vendor\":\"Apple\",\"name\":\"Old\","
                             "\"enabled\":true,\"default\":false,\"validityStart\":\"2026-01-01T00:00:00Z\","
                             "\"validityEnd\":\"2027-01-01T00:00:00Z\"}";
  g_autoptr(TillSecret) body = till_secret_new_copy (json, strlen (json));

  till_wallet_test_connect (test, TILL_ENVIRONMENT_TEST, "wrong");
  till_wallet_test_show (test, 760, 900);
  certificate = till_wallet_certificate_new (body, NULL);
  item = till_item_new_wallet (certificate, TILL_UI_NOW);
  till_wallet_detail_set_item (PAGE (test), item, TILL_TIME_UNKNOWN);
  type (test, "Name", "New");
  till_keys_test_act (test, "wallet.save");
  WAIT_UNTIL (till_keys_test_find_button (test->pane, "Open Profile") != NULL);
  g_assert_cmpint (PAGE (test)->failure->code, ==, TILL_ERROR_UNAUTHORIZED);
  assert_sees (test->pane, "“Old” becomes “New”");

  /* Another certificate has nothing to do with it. */
  till_wallet_detail_set_item (PAGE (test), NULL, TILL_TIME_UNKNOWN);
  g_assert_false (gtk_widget_get_visible (PAGE (test)->failure_box));
}

static void
order_lost (TillKeysTest *test,
            const char   *id)
{
  g_autofree char *lost = g_strdup_printf ("lost-answer@/v1/certificates/%s*9", id);

  /* The look before the change is on its way; what follows it gets no answer. */
  till_ui_run_for (500);
  till_keys_test_fault (test, lost);
}

/* Sent, and the answer lost on the way: the page looks what became of it, and says so until it is known. */
static void
lose_answer (TillKeysTest *test,
             const char   *id,
             const char   *action,
             const char   *question)
{
  g_autofree char *slow = g_strdup_printf ("slow=3@/v1/certificates/%s", id);

  /* On a machine that was too slow for that the look itself is lost, which changes nothing: then once more. */
  for (guint tries = 0; !till_keys_test_sees (test->pane, question); tries++)
    {
      g_assert_cmpuint (tries, <, 5);
      till_sandbox_clear_faults (test->sandbox);
      till_keys_test_fault (test, slow);
      till_keys_test_act (test, action);
      if (g_str_equal (action, "wallet.remove"))
        {
          answer ("delete");
          till_keys_test_act (test, "wallet.do-now");
        }
      order_lost (test, id);
      WAIT_UNTIL (is_idle (test) && (till_keys_test_sees (test->pane, question) ||
                                     gtk_widget_get_visible (PAGE (test)->failure_box)));
    }
  WAIT_UNTIL (till_keys_test_sees (test->window, "The outcome is still not known"));
  g_assert_false (gtk_widget_get_visible (PAGE (test)->failure_box));

  till_sandbox_clear_faults (test->sandbox);
  till_keys_test_press (test->pane, "Check Again");
  WAIT_UNTIL (till_keys_test_sees (test->window, "The outcome is known now"));
  WAIT_UNTIL (!till_keys_test_sees (test->pane, question));
}

static void
test_unknown_change (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  g_autofree char *id = g_strdup (till_wallet_test_pick (test, "Coupons")->id);

  type (test, "Name", "Vouchers");
  lose_answer (test, id, "wallet.save", "Was it changed?");
  till_wallet_test_pick (test, "Vouchers");
  g_assert_false (till_keys_test_sees (test->pane, "Will Change"));
}

static void
test_unknown_removal (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  g_autofree char *id = g_strdup (till_wallet_test_pick (test, "Coupons")->id);

  lose_answer (test, id, "wallet.remove", "Was it deleted?");
  g_assert_null (till_wallet_test_ask (test, id));
  g_assert_false (till_keys_test_sees (test->window, "“Coupons” is deleted"));
}

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

static gboolean
put_intent_work (TillTransaction  *transaction,
                 gpointer          data,
                 GError          **error)
{
  return till_transaction_put_intent (transaction, data, error);
}

/* What an earlier run left open is a person's to settle. */
static void
test_mark (void)
{
  static const char * const words[] = { "Mark as Done", "Mark as Not Done" };
  g_autoptr(TillKeysTest) test = set_up ();
  g_autofree char *id = g_strdup (till_wallet_test_pick (test, "Coupons")->id);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr(TillIntentRecord) intent = till_intent_record_new ();
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;

      intent->profile_id = g_strdup (till_shop_get_profile (till_session_get_shop (test->session))->id);
      intent->environment = TILL_ENVIRONMENT_TEST;
      intent->operation = g_strdup ("certificates.remove");
      intent->subject = g_strdup (id);
      intent->request_id = g_uuid_string_random ();
      intent->state = TILL_INTENT_UNKNOWN;
      intent->begun_at = TILL_UI_NOW - 60;
      intent->ended_at = TILL_TIME_UNKNOWN;
      till_store_run_async (till_session_get_store (test->session), put_intent_work, intent, NULL, NULL, result_cb, &result);
      WAIT_UNTIL (result != NULL);
      g_assert_true (till_store_run_finish (till_session_get_store (test->session), result, &error));
      g_assert_no_error (error);

      till_session_tell_changed (test->session);
      WAIT_UNTIL (till_keys_test_sees (test->pane, "Was it deleted?"));
      assert_sees (test->pane, "The answer to the request of Sun 22 Nov, 11:59 was lost.");
      till_wallet_test_pick (test, "Gift cards");
      WAIT_UNTIL (!till_keys_test_sees (test->pane, "Was it deleted?"));
      till_wallet_test_pick (test, "Coupons");
      WAIT_UNTIL (till_keys_test_sees (test->pane, "Was it deleted?"));
      till_keys_test_press (test->pane, words[i]);
      WAIT_UNTIL (is_idle (test) && !till_keys_test_sees (test->pane, "Was it deleted?"));
    }
}

static void
test_cancel (void)
{
  g_autoptr(TillKeysTest) test = set_up ();

  till_wallet_test_pick (test, "Coupons");
  type (test, "Name", "Vouchers");
  till_keys_test_fault (test, "slow=20*9");
  till_keys_test_press (test->pane, "Save Changes");
  WAIT_UNTIL (till_keys_test_sees (test->pane, "Saving…"));
  g_assert_false (till_wallet_test_can (test, "wallet.enable"));
  g_assert_false (till_wallet_test_can (test, "wallet.replace"));
  till_keys_test_press (test->pane, "Cancel");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Cancelled"));
  g_assert_true (is_idle (test));
  g_assert_true (till_wallet_test_can (test, "wallet.enable"));
  assert_sees (test->pane, "“Coupons” becomes “Vouchers”");
  g_assert_cmpuint (till_keys_test_count_log (test, "certificates.update"), ==, 0);
}

static void
check_locked (TillKeysTest *test)
{
  static const char * const actions[] = {
    "wallet.replace", "wallet.enable", "wallet.make-default", "wallet.remove",
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    g_assert_false (till_wallet_test_can (test, actions[i]));
  g_assert_false (gtk_widget_is_sensitive (till_wallet_test_row (test, "Name")));
  g_assert_false (gtk_widget_is_sensitive (till_wallet_test_row (test, "Comment")));
  g_assert_true (till_wallet_test_can (test, "wallet.add-to-calendar"));
}

/* What was last known can be looked at, not changed. */
static void
test_offline (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  g_autoptr(TillItem) item = till_item_ref (till_wallet_test_pick (test, "Coupons"));

  till_wallet_detail_set_item (PAGE (test), item, TILL_UI_NOW - 2 * 3600 - 48 * 60);
  assert_sees (test->pane, "Offline. Known since 09:12.");
  check_locked (test);
  gtk_test_accessible_assert_relation (PAGE (test)->replace_button, GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                       PAGE (test)->replace_reason, NULL);

  till_wallet_detail_set_item (PAGE (test), item, TILL_UI_NOW - 26 * 3600);
  assert_sees (test->pane, "Offline. Known since Sat 21 Nov, 10:00.");

  till_wallet_detail_set_item (PAGE (test), item, TILL_TIME_UNKNOWN);
  g_assert_false (till_keys_test_sees (test->pane, "Offline."));
  g_assert_true (till_wallet_test_can (test, "wallet.replace"));
}

static TillItem *
new_item (const char *json)
{
  g_autoptr(TillSecret) body = till_secret_new_copy (json, strlen (json));
  g_autoptr(GError) error = NULL;
  g_autoptr(TillWalletCertificate) certificate = till_wallet_certificate_new (body, &error);

  g_assert_no_error (error);

  return till_item_new_wallet (certificate, TILL_UI_NOW);
}

static void
show (TillKeysTest *test,
      const char   *json)
{
  g_autoptr(TillItem) item = new_item (json);

  till_wallet_detail_set_item (PAGE (test), item, TILL_TIME_UNKNOWN);
}

static void
test_google (void)
{
  g_autoptr(TillKeysTest) test = set_up ();

  show (test, "{\"id\":\"1\",\"vendor\":\"Google\",\"name\":\"Android\",\"enabled\":true,\"default\":false,"
              "\"validityStart\":\"2026-01-01T00:00:00Z\",\"validityEnd\":\"2027-01-01T00:00:00Z\"}");
  assert_sees (test->pane, "Google certificates are managed on Airship’s own pages.");
  check_locked (test);
  show (test, "{\"id\":\"2\",\"vendor\":\"<b>Other\",\"validityEnd\":\"2027-01-01T00:00:00Z\"}");
  assert_sees (test->pane, "Certificates of <b>Other are managed on Airship’s own pages.");
  show (test, "{\"id\":\"3\",\"vendor\":\"Apple\",\"validityEnd\":\"2027-01-01T00:00:00Z\"}");
  g_assert_false (till_keys_test_sees (test->pane, "own pages"));
}

/* Whatever a service says is shown as it is, made harmless, and nothing is made up where it says nothing. */
static void
test_odd (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  g_autoptr(GString) many = g_string_new ("{\"id\":\"4\",\"name\":\"Many\",\"templates\":[");
  double cpu, wall;

  show (test, "{\"id\":\"1\"}");
  assert_sees (test->pane, "End not known");
  assert_sees (test->pane, "Airship does not say until when it is valid.");
  assert_sees (test->pane, "Airship does not say");
  g_assert_false (till_wallet_test_can (test, "wallet.add-to-calendar"));
  g_assert_true (till_wallet_test_can (test, "wallet.make-default"));
  g_assert_false (gtk_switch_get_active (GTK_SWITCH (PAGE (test)->enabled_switch)));

  show (test, "{\"id\":\"2\",\"name\":\"<b>bold</b>\",\"comment\":\"a" TURN "b\",\"validityEnd\":\"soon\"}");
  assert_sees (test->pane, "<b>bold</b>");
  assert_sees (test->pane, "Airship’s answer has validityEnd in a form that can’t be read.");
  expand (test, "Raw Answer");
  assert_sees (test->pane, "\"validityEnd\": null");
  g_assert_false (till_keys_test_sees (till_wallet_test_row (test, "Raw Answer"), TURN));
  g_assert_false (till_keys_test_sees (test->pane, "Will Change"));

  /* The service's word against this computer's clock. */
  show (test, "{\"id\":\"3\",\"validityStart\":\"2026-01-01T00:00:00Z\",\"validityEnd\":\"2027-01-01T00:00:00Z\","
              "\"expired\":true}");
  assert_sees (test->pane, "Airship says that it has expired already. This computer’s clock may be wrong.");

  for (guint i = 0; i < 250; i++)
    g_string_append_printf (many, "%s{\"id\":%u,\"name\":\"Template <%u>\"}", i > 0 ? "," : "", i, i);
  g_string_append (many, "]}");
  till_ui_heartbeat_start ();
  show (test, many->str);
  till_ui_run_for (30);
  assert_sees (test->pane, "250 templates: Template <0>, Template <1>, Template <2>…");
  expand (test, "Used For");
  WAIT_UNTIL (till_keys_test_sees (test->pane, "And 200 more; the raw answer has all of them"));
  till_ui_run_for (30);
  if (till_ui_heartbeat_stop (&cpu, &wall))
    g_assert_cmpfloat (cpu, <, 100);
  assert_sees (test->pane, "Template <49>");
}

static TillItem *
new_upload (gboolean bare)
{
  TillUploadRecord *record = till_upload_record_new ();

  record->profile_id = g_strdup ("p");
  record->client_key_id = g_strdup ("till-7-key");
  record->name = g_strdup ("till-7.pem");
  record->sha256 = bare ? NULL : g_strnfill (64, 'a');
  record->public_key_sha256 = g_strnfill (64, 'b');
  record->public_key_hash = g_strdup ("SGFzaA==");
  record->algorithm = g_strdup ("JWE");
  record->not_before = bare ? TILL_TIME_UNKNOWN : TILL_UI_NOW - 300 * TILL_UI_DAY;
  record->not_after = bare ? TILL_TIME_UNKNOWN : TILL_UI_NOW + 12 * TILL_UI_DAY;
  record->uploaded_at = TILL_UI_NOW - 100 * TILL_UI_DAY;

  return till_item_new_upload (record, TILL_UI_NOW);
}

static void
test_upload (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  g_autoptr(TillItem) item = new_upload (FALSE);
  g_autoptr(TillItem) bare = new_upload (TRUE);

  till_wallet_detail_set_item (PAGE (test), item, TILL_TIME_UNKNOWN);
  assert_sees (test->pane, "Ends in 12 days");
  assert_sees (test->pane, "till-7-key");
  assert_sees (test->pane, "JWE");
  assert_sees (test->pane, "14 August 2026");
  assert_sees (test->pane, "aa aa aa aa");
  assert_sees (test->pane, "bb bb bb bb");
  g_assert_nonnull (till_keys_test_find_button (test->pane, "Upload Again…"));
  g_assert_null (till_keys_test_find_button (test->pane, "Delete…"));
  g_assert_false (till_keys_test_sees (test->pane, "Comment"));
  g_assert_false (till_keys_test_sees (test->pane, "Raw Answer"));
  g_assert_true (till_wallet_test_can (test, "wallet.replace"));
  g_assert_false (till_keys_test_sees (test->pane, "Airship"));

  till_wallet_detail_set_item (PAGE (test), bare, TILL_TIME_UNKNOWN);
  assert_sees (test->pane, "Valid, no end date");
  assert_sees (test->pane, "A public key without a certificate has no end date.");
  g_assert_false (till_wallet_test_can (test, "wallet.add-to-calendar"));

  till_clock_advance (test->clock, 13 * TILL_UI_DAY);
  till_wallet_detail_set_item (PAGE (test), item, TILL_TIME_UNKNOWN);
  assert_sees (test->pane, "Commerce Hub no longer accepts it.");
}

static void
test_replace (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  g_autoptr(TillItem) upload = new_upload (FALSE);
  GtkWidget *window = NULL;
  gboolean alive;

  till_wallet_test_pick (test, "Coupons");
  till_keys_test_press (test->pane, "Replace…");
  WAIT_UNTIL ((window = till_ui_find_window (TILL_TYPE_UPLOAD_WINDOW)) != NULL && gtk_widget_get_mapped (window));
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (window)) == GTK_WINDOW (test->window));
  assert_sees (window, "Coupons");
  till_ui_watch_life (window, &alive);
  gtk_window_close (GTK_WINDOW (window));
  WAIT_UNTIL (!alive);

  till_wallet_detail_set_item (PAGE (test), upload, TILL_TIME_UNKNOWN);
  till_keys_test_press (test->pane, "Upload Again…");
  WAIT_UNTIL ((window = till_ui_find_window (TILL_TYPE_UPLOAD_WINDOW)) != NULL && gtk_widget_get_mapped (window));
  till_ui_watch_life (window, &alive);
  gtk_window_close (GTK_WINDOW (window));
  WAIT_UNTIL (!alive);
}

/* What was done with it, newest first, and nothing of the others. */
static void
test_history (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  g_autofree char *id = g_strdup (till_wallet_test_pick (test, "Coupons")->id);
  g_autofree char *other = g_strdup (till_wallet_test_pick (test, "Gift cards")->id);

  till_keys_test_act (test, "wallet.history");
  WAIT_UNTIL (till_keys_test_sees (test->pane, "Nothing was done with it from this computer"));
  till_wallet_test_change (test, id, "Vouchers", NULL);
  till_session_tell_changed (test->session);
  till_ui_run_for (50);
  assert_sees (test->pane, "Nothing was done with it from this computer");

  till_wallet_test_pick (test, "Vouchers");
  WAIT_UNTIL (till_keys_test_sees (test->pane, "Certificate changed"));
  assert_sees (test->pane, "Sun 22 Nov, 12:01 · Done · ");
  assert_sees (test->pane, "Open the Activity Log");
  type (test, "Name", "Coupons");
  till_clock_advance (test->clock, 3600);
  till_keys_test_act (test, "wallet.save");
  WAIT_UNTIL (till_keys_test_sees (test->pane, "Sun 22 Nov, 13:01 · Done · "));
  g_assert_cmpuint (PAGE (test)->log->len, ==, 2);
  g_assert_cmpint (((const TillLogRecord *) PAGE (test)->log->pdata[0])->at, >,
                   ((const TillLogRecord *) PAGE (test)->log->pdata[1])->at);

  till_wallet_test_pick (test, "Gift cards");
  WAIT_UNTIL (till_keys_test_sees (test->pane, "Nothing was done with it from this computer"));
  g_assert_cmpstr (other, ==, PAGE (test)->item->id);
}

static void
test_calendar (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  TillItem *item = till_wallet_test_pick (test, "Loyalty card");
  g_autofree char *text = till_wallet_facts_dup_calendar (item, "Acme Cafés", TILL_UI_NOW);
  g_autofree char *again = till_wallet_facts_dup_calendar (item, "Acme Cafés", TILL_UI_NOW);
  GtkWidget *chooser = NULL;

  g_assert_true (g_str_has_prefix (text, "BEGIN:VCALENDAR\r\n"));
  g_assert_nonnull (strstr (text, "SUMMARY:Certificate “Loyalty card” ends\r\n"));
  /* Its long line is folded (RFC 5545 3.1). */
  g_assert_nonnull (strstr (text, "UID:"));
  g_assert_cmpstr (text, ==, again);
  g_assert_true (till_wallet_test_can (test, "wallet.add-to-calendar"));
  till_keys_test_act (test, "wallet.add-to-calendar");
  WAIT_UNTIL ((chooser = till_ui_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG)) != NULL);
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_CANCEL);
  WAIT_UNTIL (till_ui_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG) == NULL);
}

/* Every control says what it does, to eyes and ears. */
static void
check_controls (GtkWidget *root,
                guint     *n)
{
  if (!gtk_widget_get_mapped (root))
    return;

  if (GTK_IS_BUTTON (root) && gtk_widget_get_focusable (root))
    {
      (*n)++;
      if (gtk_button_get_label (GTK_BUTTON (root)) == NULL)
        g_assert_true (gtk_test_accessible_has_property (GTK_ACCESSIBLE (root), GTK_ACCESSIBLE_PROPERTY_LABEL));
      if (gtk_button_get_icon_name (GTK_BUTTON (root)) != NULL)
        g_assert_nonnull (gtk_widget_get_tooltip_text (root));
    }
  if (GTK_IS_SWITCH (root))
    {
      (*n)++;
      g_assert_true (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (root), GTK_ACCESSIBLE_RELATION_LABELLED_BY));
    }

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    check_controls (child, n);
}

static void
test_names (void)
{
  g_autoptr(TillKeysTest) test = set_up ();
  GtkWidget *focus = NULL;
  guint n = 0;
  guint n_stops = 0;

  till_wallet_test_pick (test, "Coupons");
  type (test, "Name", "Vouchers");
  till_ui_run_for (60);
  check_controls (test->pane, &n);
  g_assert_cmpuint (n, >=, 9);

  /* Tab goes through all of it. */
  gtk_window_set_focus (GTK_WINDOW (test->window), NULL);
  for (guint i = 0; i < 60 && focus != GTK_WIDGET (till_keys_test_find_button (test->pane, "Delete…")); i++)
    {
      gtk_widget_child_focus (test->window, GTK_DIR_TAB_FORWARD);
      if (gtk_root_get_focus (GTK_ROOT (test->window)) != focus)
        n_stops++;
      focus = gtk_root_get_focus (GTK_ROOT (test->window));
    }
  g_assert_true (focus == till_keys_test_find_button (test->pane, "Delete…"));
  g_assert_cmpuint (n_stops, >=, 12);
}

static void
picture (TillKeysTest *test,
         const char   *name)
{
  g_autofree char *light = g_strconcat ("wallet-", name, NULL);
  g_autofree char *dark = g_strconcat ("wallet-", name, "-dark", NULL);
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
  g_autoptr(TillKeysTest) test = set_up ();
  g_autofree char *theme = NULL;
  g_autofree char *id = NULL;

  gtk_window_set_default_size (GTK_WINDOW (test->window), 760, 1100);
  till_wallet_test_pick (test, "Loyalty card");
  picture (test, "default");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  gtk_widget_set_direction (test->window, GTK_TEXT_DIR_RTL);
  till_ui_picture (test->window, "wallet-rtl");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (test->window, GTK_TEXT_DIR_LTR);
  g_object_get (gtk_settings_get_default (), "gtk-theme-name", &theme, NULL);
  g_object_set (gtk_settings_get_default (), "gtk-theme-name", "Default-hc", NULL);
  till_ui_picture (test->window, "wallet-high-contrast");
  g_object_set (gtk_settings_get_default (), "gtk-theme-name", theme, NULL);

  id = g_strdup (till_wallet_test_pick (test, "Coupons")->id);
  type (test, "Comment", "Ends in December");
  picture (test, "edit");
  till_wallet_test_change (test, id, NULL, "Ends soon");
  till_keys_test_act (test, "wallet.save");
  WAIT_UNTIL (till_keys_test_sees (test->pane, "Changed meanwhile by someone; compare."));
  WAIT_UNTIL (is_idle (test));
  picture (test, "conflict");
  till_keys_test_act (test, "wallet.discard");

  till_keys_test_act (test, "wallet.remove");
  till_ui_run_for (400);
  till_ui_picture (till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG), "wallet-delete");
  answer ("delete");
  picture (test, "leaving");
  till_wallet_detail_undo (PAGE (test));

  till_wallet_test_pick (test, "Summer festival");
  expand (test, "Certificate Details");
  expand (test, "History");
  expand (test, "Raw Answer");
  gtk_window_set_default_size (GTK_WINDOW (test->window), 760, 2200);
  picture (test, "expired");
}

static void
test_pictures_narrow (void)
{
  g_autoptr(TillKeysTest) test = till_keys_test_new ();
  g_autoptr(TillItem) item = NULL;
  g_autoptr(TillItem) upload = new_upload (FALSE);
  int minimum;

  till_wallet_test_connect (test, TILL_ENVIRONMENT_LIVE, NULL);
  till_wallet_test_show (test, 360, 1500);
  item = till_item_ref (till_wallet_test_pick (test, "Loyalty card"));
  till_wallet_detail_set_item (PAGE (test), item, TILL_UI_NOW - 3600);
  type (test, "Name", "A longer name for it");
  expand (test, "Used For");
  till_ui_run_for (60);
  gtk_widget_measure (test->pane, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
  picture (test, "narrow");

  till_wallet_test_pick (test, "Gift cards");
  till_keys_test_fault (test, "status=500*9");
  till_keys_test_act (test, "wallet.enable");
  till_keys_test_act (test, "wallet.do-now");
  WAIT_UNTIL (gtk_widget_get_visible (PAGE (test)->failure_box));
  picture (test, "narrow-failure");
  till_wallet_detail_set_item (PAGE (test), upload, TILL_TIME_UNKNOWN);
  expand (test, "Certificate Details");
  picture (test, "narrow-upload");
  till_sandbox_clear_faults (test->sandbox);
  till_wallet_test_pick (test, "Coupons");
  till_keys_test_act (test, "wallet.remove");
  till_ui_run_for (400);
  till_ui_picture (till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG), "wallet-narrow-delete");
  answer ("cancel");
}

/* Going away in the middle of each state leaves nothing behind; the teardown sees to it. */
static void
test_finalize (void)
{
  g_autoptr(TillKeysTest) test = set_up ();

  till_keys_test_close (test);
  till_wallet_test_show (test, 500, 500);
  till_wallet_test_pick (test, "Coupons");
  expand (test, "Used For");
  expand (test, "History");
  type (test, "Name", "Vouchers");
  till_keys_test_act (test, "wallet.save");
  till_keys_test_close (test);
  till_wallet_test_show (test, 500, 500);
  till_wallet_test_pick (test, "Gift cards");
  till_keys_test_act (test, "wallet.enable");
  till_keys_test_act (test, "wallet.do-now");
  till_keys_test_close (test);
  till_wallet_test_show (test, 500, 500);
  till_wallet_test_pick (test, "Gift cards");
  till_keys_test_act (test, "wallet.enable");
}

int
main (int    argc,
      char **argv)
{
  till_ui_test_init (&argc, &argv);

  g_test_add_func ("/wallet-trouble/down", test_down);
  g_test_add_func ("/wallet-trouble/portal", test_portal);
  g_test_add_func ("/wallet-trouble/wrong-secret", test_wrong_secret);
  g_test_add_func ("/wallet-trouble/unknown-change", test_unknown_change);
  g_test_add_func ("/wallet-trouble/unknown-removal", test_unknown_removal);
  g_test_add_func ("/wallet-trouble/mark", test_mark);
  g_test_add_func ("/wallet-trouble/cancel", test_cancel);
  g_test_add_func ("/wallet-trouble/offline", test_offline);
  g_test_add_func ("/wallet-trouble/google", test_google);
  g_test_add_func ("/wallet-trouble/odd", test_odd);
  g_test_add_func ("/wallet-trouble/upload", test_upload);
  g_test_add_func ("/wallet-trouble/replace", test_replace);
  g_test_add_func ("/wallet-trouble/history", test_history);
  g_test_add_func ("/wallet-trouble/calendar", test_calendar);
  g_test_add_func ("/wallet-trouble/names", test_names);
  g_test_add_func ("/wallet-trouble/pictures", test_pictures);
  g_test_add_func ("/wallet-trouble/pictures-narrow", test_pictures_narrow);
  g_test_add_func ("/wallet-trouble/finalize", test_finalize);

  return g_test_run ();
}
