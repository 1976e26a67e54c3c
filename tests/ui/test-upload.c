/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The upload window: files good and bad, what is sent, what is not, and what is said of it. */
#include "config.h"

#include "till-upload-test.h"

#include <string.h>

#include "../service/fault-server.h"
#include "till-keys-test.h"
#include "till-upload-private.h"

#define WIDTH  560
#define HEIGHT 760

#define FROM      (TILL_UI_NOW - TILL_UI_DAY)
#define TO        (LOYALTY_ENDS + 365 * TILL_UI_DAY)
#define OTHER     "pass.com.example.shop.other"

static TillUploadTest *
set_up (TillEnvironment environment)
{
  TillUploadTest *test = till_upload_test_new ();

  till_upload_test_connect (test, environment, NULL);

  return test;
}

static AdwMessageDialog *
wait_for_question (void)
{
  GtkWidget *dialog = NULL;

  WAIT_UNTIL ((dialog = till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG)) != NULL && gtk_widget_get_mapped (dialog));

  return ADW_MESSAGE_DIALOG (dialog);
}

static void
answer (AdwMessageDialog *dialog,
        const char       *response)
{
  till_keys_test_press (GTK_WIDGET (dialog), adw_message_dialog_get_response_label (dialog, response));
  WAIT_UNTIL (till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);
}

static gboolean
can_send (TillUploadTest *test,
          const char     *label)
{
  GtkWidget *button = till_keys_test_find_button (test->window, label);

  return button != NULL && gtk_widget_is_sensitive (button);
}

/* Of the one thing that was sent. */
static void
assert_sent (TillUploadTest  *test,
             const char      *operation,
             guint            n,
             TillIntentState  state)
{
  g_autoptr(GPtrArray) intents = till_upload_test_list_intents (test, operation);

  g_assert_cmpuint (intents->len, ==, n);
  if (n > 0)
    {
      const TillIntentRecord *intent = intents->pdata[n - 1];

      g_assert_cmpint (intent->state, ==, state);
      g_assert_cmpuint (intent->tries, ==, 1);
    }
}

static void
assert_ends (TillUploadTest *test,
             const char     *base_name,
             gint64          end)
{
  g_autoptr(TillItem) item = till_upload_test_dup_item (test, base_name);

  g_assert_nonnull (item);
  g_assert_cmpint (item->wallet->validity_end, ==, end);
}

static GFile *
make_good (TillUploadTest *test)
{
  return till_upload_test_make_pass (test, LOYALTY, TEAM, FROM, TO, FALSE, PASSWORD);
}

/* No text of any widget, and no name or tooltip, holds what was typed. */
static void
assert_unseen (GtkWidget  *root,
               const char *text)
{
  const char *tooltip = gtk_widget_get_tooltip_text (root);

  if (tooltip != NULL)
    g_assert_null (strstr (tooltip, text));
  if (GTK_IS_LABEL (root))
    g_assert_null (strstr (gtk_label_get_text (GTK_LABEL (root)), text));
  if (GTK_IS_TEXT (root) && strstr (gtk_editable_get_text (GTK_EDITABLE (root)), text) != NULL)
    g_assert_false (gtk_text_get_visibility (GTK_TEXT (root)));

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    assert_unseen (child, text);
}

static void
test_replace (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) file = make_good (test);
  g_autoptr(TillItem) before = till_upload_test_dup_item (test, LOYALTY);
  g_autoptr(TillItem) after = NULL;
  double cpu, wall;

  till_upload_test_show (test, TILL_UPLOAD_REPLACE, LOYALTY, NULL, WIDTH, HEIGHT);
  assert_sees (test->window, "Replace “Loyalty card”");
  assert_sees (test->window, "Test — Acme Cafés");
  assert_sees (test->window, "Choose a file first.");
  assert_sees (test->window, "2 templates: Loyalty card, Loyalty card, gold");
  g_assert_false (can_send (test, "Replace"));

  till_ui_heartbeat_start ();
  till_upload_window_set_file (TILL_UPLOAD_WINDOW (test->window), file);
  WAIT_UNTIL (till_keys_test_sees (test->window, "Type the password of the file."));
  assert_sees (test->window, "shop-1.p12");
  g_assert_false (can_send (test, "Replace"));

  till_upload_test_type (test, "wrong-" PASSWORD);
  WAIT_UNTIL (till_keys_test_sees (test->window, "Cannot be sent: Wrong Password."));
  g_assert_false (can_send (test, "Replace"));
  assert_unseen (test->window, PASSWORD);

  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Replace");
  if (till_ui_heartbeat_stop (&cpu, &wall))
    g_assert_cmpfloat (cpu, <, 100);
  g_assert_true (till_upload_test_has_check (test, "Passed: Password opens the file"));
  g_assert_true (till_upload_test_has_check (test, "Passed: Holds one private key, and it matches the certificate"));
  g_assert_true (till_upload_test_has_check (test, "Passed: Same identifier and team — passes keep working"));
  g_assert_true (till_upload_test_has_check (test, "Passed: Valid until 19 July 2028, 365 days longer"));
  g_assert_false (till_keys_test_sees (test->window, "Wrong Password"));
  assert_unseen (test->window, PASSWORD);

  till_keys_test_press (test->window, "Replace");
  till_upload_test_wait_gone (test);
  g_assert_cmpuint (test->n_done, ==, 1);
  g_assert_cmpstr (test->done_id, ==, before->id);
  g_assert_cmpstr (test->toast, ==, "“Loyalty card” is replaced and valid until 19 July 2028");
  assert_sent (test, "certificates.replace", 1, TILL_INTENT_DONE);

  after = till_upload_test_dup_item (test, LOYALTY);
  g_assert_cmpint (after->wallet->validity_end, ==, TO);
  g_assert_cmpstr (after->wallet->name, ==, "Loyalty card");
  g_assert_cmpstr (after->wallet->comment, ==, before->wallet->comment);
}

/* As it comes from a page or a mail. */
static void
test_trimmed (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) file = make_good (test);

  till_upload_test_show (test, TILL_UPLOAD_REPLACE, LOYALTY, file, WIDTH, HEIGHT);
  till_upload_test_type (test, " " PASSWORD "  ");
  till_upload_test_wait_button (test, "Replace");
  g_assert_true (till_upload_test_has_check (test, "Passed: Password opens the file, without the spaces around it"));
  till_keys_test_press (test->window, "Replace");
  till_upload_test_wait_gone (test);
  assert_ends (test, LOYALTY, TO);
}

/* A file without a password is not asked about. */
static void
test_without_password (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) file = till_upload_test_make_pass (test, LOYALTY, TEAM, FROM, TO, FALSE, "");

  till_upload_test_show (test, TILL_UPLOAD_REPLACE, LOYALTY, file, WIDTH, HEIGHT);
  till_upload_test_wait_button (test, "Replace");
  g_assert_true (till_upload_test_has_check (test, "Warning: Opens without a password: whoever has the file has the key"));
  assert_sees (test->window, "above first.");
  g_assert_false (gtk_widget_get_mapped (till_ui_find (test->window, ADW_TYPE_PASSWORD_ENTRY_ROW, NULL)));
}

static void
test_lost (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) file = till_upload_test_make_pass (test, OTHER, TEAM, FROM, TO, FALSE, PASSWORD);
  g_autoptr(TillItem) added = NULL;

  till_upload_test_show (test, TILL_UPLOAD_REPLACE, LOYALTY, file, WIDTH, HEIGHT);
  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Add as New");
  assert_sees (test->window, "These Passes Would Be Lost");
  assert_sees (test->window, "This file is for " OTHER ". Passes made with " LOYALTY " could no longer be updated.");
  assert_sees (test->window, "Not sent as a replacement, so that no passes are lost.");
  g_assert_true (till_upload_test_has_check (test, "Stops: Another identifier: this file is for " OTHER));
  g_assert_null (till_keys_test_find_button (test->window, "Replace"));
  g_assert_nonnull (till_keys_test_find_button (test->window, "Cancel"));
  /* Not by the action either. */
  gtk_widget_activate_action (test->window, "upload.send", NULL);
  till_ui_run_for (50);
  assert_sent (test, "certificates.replace", 0, TILL_INTENT_DONE);

  /* The same file and password, without asking again. */
  till_keys_test_press (test->window, "Add as New");
  till_upload_test_wait_button (test, "Add");
  assert_sees (test->window, "Add to Airship");
  g_assert_false (till_keys_test_sees (test->window, "These Passes Would Be Lost"));
  till_keys_test_press (test->window, "Add");
  till_upload_test_wait_gone (test);
  assert_sent (test, "certificates.replace", 0, TILL_INTENT_DONE);
  assert_sent (test, "certificates.add", 1, TILL_INTENT_DONE);
  assert_ends (test, LOYALTY, LOYALTY_ENDS);
  added = till_upload_test_dup_item (test, OTHER);
  g_assert_nonnull (added);
  g_assert_cmpstr (test->done_id, ==, added->id);
}

static void
test_other_team (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) file = till_upload_test_make_pass (test, LOYALTY, "ZZZZZ99999", FROM, TO, FALSE, PASSWORD);

  till_upload_test_show (test, TILL_UPLOAD_REPLACE, LOYALTY, file, WIDTH, HEIGHT);
  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Add as New");
  assert_sees (test->window, "This file is for the team ZZZZZ99999. Passes made by the team " TEAM
                             " could no longer be updated.");
  g_assert_true (till_upload_test_has_check (test, "Stops: Another team: this file is for ZZZZZ99999"));
  till_keys_test_press (test->window, "Cancel");
  till_upload_test_wait_gone (test);
  assert_sent (test, "certificates.replace", 0, TILL_INTENT_DONE);
}

/* Each file that must not be sent, with the reason under the button that can't be pressed. */
static void
test_bad_files (void)
{
  static const char html[] = "<!DOCTYPE html><html><head><title>Sign in</title></head><body></body></html>";
  static const char openssh[] = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJv0qIZKQm0n7V9yH1Zl7i0 till@shop.example\n";
  static const guint8 jks[] = { 0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 'a', 0, 0, 0, 0 };
  const TillUiCertificate certificate = {
    .name = "till", .not_before = TILL_UI_NOW - TILL_UI_DAY, .not_after = TILL_UI_NOW + 40 * TILL_UI_DAY,
  };
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) expired = till_upload_test_make_pass (test, LOYALTY, TEAM, TILL_UI_NOW - 400 * TILL_UI_DAY,
                                                         TILL_UI_NOW - 3 * TILL_UI_DAY, FALSE, PASSWORD);
  g_autoptr(GBytes) whole = till_upload_test_make_p12 (LOYALTY, 1, PASSWORD);
  g_autoptr(GBytes) cut = g_bytes_new_from_bytes (whole, 0, g_bytes_get_size (whole) / 2);
  g_autoptr(GBytes) no_key = till_upload_test_make_p12 (LOYALTY, 0, PASSWORD);
  g_autoptr(GBytes) wrong_key = till_upload_test_make_p12 (LOYALTY, 2, PASSWORD);
  g_autofree char *pem = till_ui_make_pem (&certificate);
  g_autoptr(GBytes) pem_bytes = g_bytes_new (pem, strlen (pem));
  g_autoptr(GBytes) html_bytes = g_bytes_new_static (html, strlen (html));
  g_autoptr(GBytes) openssh_bytes = g_bytes_new_static (openssh, strlen (openssh));
  g_autoptr(GBytes) jks_bytes = g_bytes_new_static (jks, sizeof jks);
  struct
  {
    const char *name;
    GBytes     *bytes;
    gboolean    password;
    const char *reason;
    const char *says;
    const char *check;
  } files[] = {
    { "no-key.p12", no_key, TRUE, "Cannot be sent: Holds no private key.",
      "Airship needs the key. Export both lines from Keychain Access.", "Stops: Holds no private key" },
    { "wrong-key.p12", wrong_key, TRUE, "Cannot be sent: The private key does not belong to the certificate.",
      "Key Does Not Match", "Stops: The private key does not belong to the certificate" },
    { "expired.p12", NULL, TRUE, "Cannot be sent: Expired on 19 November 2026.", "Stops", "Stops: Expired on 19 November 2026" },
    { "damaged.p12", cut, FALSE, "Cannot be sent: Damaged File.", "It ends after ", NULL },
    { "page.p12", html_bytes, FALSE, "Cannot be sent: Not a Certificate File.", "This is a web page (HTML).", NULL },
    { "id.pub", openssh_bytes, FALSE, "Cannot be sent: Not a Certificate File.", "This is an OpenSSH public key.", NULL },
    { "store.jks", jks_bytes, FALSE, "Cannot be sent: Not a Certificate File.", "This is a Java keystore (JKS).", NULL },
    { "till.pem", pem_bytes, FALSE, "Cannot be sent: Holds no private key", "No Private Key",
      "Stops: Holds no private key; a .p12 file with certificate and key is needed" },
  };

  till_upload_test_show (test, TILL_UPLOAD_REPLACE, LOYALTY, NULL, WIDTH, HEIGHT);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr(GFile) file = files[i].bytes != NULL ? till_upload_test_write (test, files[i].name, files[i].bytes)
                                                     : g_object_ref (expired);

      g_test_message ("%s", files[i].name);
      till_upload_window_set_file (TILL_UPLOAD_WINDOW (test->window), file);
      if (files[i].password)
        {
          WAIT_UNTIL (till_keys_test_sees (test->window, "Type the password of the file."));
          till_upload_test_type (test, PASSWORD);
        }
      WAIT_UNTIL (till_keys_test_sees (test->window, files[i].reason));
      assert_sees (test->window, files[i].says);
      if (files[i].check != NULL)
        g_assert_true (till_upload_test_has_check (test, files[i].check));
      g_assert_false (can_send (test, "Replace"));
      gtk_widget_activate_action (test->window, "upload.send", NULL);
    }

  till_ui_run_for (50);
  assert_sent (test, "certificates.replace", 0, TILL_INTENT_DONE);

  /* The window has forgotten all that once the right one is chosen. */
  {
    g_autoptr(GFile) good = make_good (test);

    till_upload_window_set_file (TILL_UPLOAD_WINDOW (test->window), good);
    till_upload_test_type (test, PASSWORD);
    till_upload_test_wait_button (test, "Replace");
  }
}

/* What is worth knowing does not stop. */
static void
test_warnings (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) shorter = till_upload_test_make_pass (test, DOOR, TEAM, FROM, TILL_UI_NOW + 290 * TILL_UI_DAY, TRUE,
                                                         PASSWORD);
  g_autoptr(GFile) no_nfc = till_upload_test_make_pass (test, DOOR, TEAM, FROM, TO, FALSE, PASSWORD);

  till_upload_test_show (test, TILL_UPLOAD_REPLACE, DOOR, shorter, WIDTH, HEIGHT);
  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Replace");
  g_assert_true (till_upload_test_has_check (test, "Warning: Valid until 8 September 2027, 10 days shorter than the current "
                                                   "one"));
  g_assert_true (till_upload_test_has_check (test, "Passed: Keeps NFC"));
  assert_sees (test->window, "Can be sent. Read the");

  till_upload_window_set_file (TILL_UPLOAD_WINDOW (test->window), no_nfc);
  g_assert_false (can_send (test, "Replace"));
  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Replace");
  g_assert_true (till_upload_test_has_check (test, "Warning: Loses NFC: the current certificate has it, this one does not"));
}

static void
type_into (TillUploadTest *test,
           const char     *title,
           const char     *text)
{
  GtkWidget *row = till_ui_find (test->window, ADW_TYPE_ENTRY_ROW, title);

  g_assert_nonnull (row);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
}

static const char *
get_text (TillUploadTest *test,
          const char     *title)
{
  return gtk_editable_get_text (GTK_EDITABLE (till_ui_find (test->window, ADW_TYPE_ENTRY_ROW, title)));
}

static void
test_add (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) file = till_upload_test_make_pass (test, OTHER, TEAM, FROM, TO, FALSE, PASSWORD);
  g_autoptr(TillItem) added = NULL;

  till_upload_test_show (test, TILL_UPLOAD_ADD, NULL, file, WIDTH, HEIGHT);
  type_into (test, "Name", "  Other card ");
  type_into (test, "Comment", "For the café “Zürich”");
  gtk_switch_set_active (TILL_UPLOAD_WINDOW (test->window)->enabled_switch, FALSE);
  gtk_switch_set_active (TILL_UPLOAD_WINDOW (test->window)->default_switch, TRUE);
  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Add");
  g_assert_null (till_keys_test_find_button (test->window, "Renew"));
  g_assert_true (till_upload_test_has_check (test, "Passed: Valid until 19 July 2028"));
  till_keys_test_press (test->window, "Add");
  till_upload_test_wait_gone (test);

  added = till_upload_test_dup_item (test, OTHER);
  g_assert_cmpstr (added->wallet->name, ==, "Other card");
  g_assert_cmpstr (added->wallet->comment, ==, "For the café “Zürich”");
  g_assert_cmpint (added->wallet->enabled, ==, TILL_TRI_FALSE);
  g_assert_cmpint (added->wallet->is_default, ==, TILL_TRI_TRUE);
  g_assert_cmpstr (test->toast, ==, "Added to Airship, valid until 19 July 2028");
}

/* Adding what is there renews it, and says so; nothing of it is lost, and the default one stays it. */
static void
test_renew (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) file = make_good (test);
  g_autoptr(GFile) staff = till_upload_test_make_pass (test, STAFF, TEAM, FROM, TO, FALSE, PASSWORD);
  g_autoptr(GFile) other = till_upload_test_make_pass (test, OTHER, TEAM, FROM, TO, FALSE, PASSWORD);
  g_autoptr(TillItem) before = till_upload_test_dup_item (test, LOYALTY);
  g_autoptr(TillItem) after = NULL;
  g_autoptr(TillItem) staff_after = NULL;

  g_assert_true (till_sandbox_assume (test->sandbox, "wallet-renew-names=remove", NULL));

  till_upload_test_show (test, TILL_UPLOAD_ADD, NULL, file, WIDTH, HEIGHT);
  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Renew");
  assert_sees (test->window, "This will renew “Loyalty card” (until 20 July 2027 → 19 July 2028).");
  assert_sees (test->window, "2 templates: Loyalty card, Loyalty card, gold");
  assert_sees (test->window, "Yes — choose another certificate to change this");
  g_assert_cmpstr (get_text (test, "Name"), ==, "Loyalty card");

  /* What was filled in for one goes with it; what was typed stays. */
  till_upload_window_set_file (TILL_UPLOAD_WINDOW (test->window), other);
  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Add");
  g_assert_cmpstr (get_text (test, "Name"), ==, "");
  g_assert_false (till_keys_test_sees (test->window, "This will renew"));
  till_upload_window_set_file (TILL_UPLOAD_WINDOW (test->window), file);
  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Renew");
  till_keys_test_press (test->window, "Renew");
  till_upload_test_wait_gone (test);
  g_assert_cmpstr (test->toast, ==, "“Loyalty card” is renewed and valid until 19 July 2028");

  after = till_upload_test_dup_item (test, LOYALTY);
  g_assert_cmpstr (after->id, ==, before->id);
  g_assert_cmpint (after->wallet->validity_end, ==, TO);
  g_assert_cmpstr (after->wallet->name, ==, "Loyalty card");
  g_assert_cmpstr (after->wallet->comment, ==, before->wallet->comment);
  g_assert_cmpint (after->wallet->is_default, ==, TILL_TRI_TRUE);

  /* One that is switched off is not switched on by that. */
  till_upload_test_show (test, TILL_UPLOAD_ADD, NULL, staff, WIDTH, HEIGHT);
  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Renew");
  g_assert_false (gtk_switch_get_active (TILL_UPLOAD_WINDOW (test->window)->enabled_switch));
  till_keys_test_press (test->window, "Renew");
  till_upload_test_wait_gone (test);
  staff_after = till_upload_test_dup_item (test, STAFF);
  g_assert_cmpint (staff_after->wallet->enabled, ==, TILL_TRI_FALSE);
  g_assert_cmpint (staff_after->wallet->is_default, ==, TILL_TRI_FALSE);
}

/* The same file twice: can be sent, and says that nothing is gained. */
static void
test_twice (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) file = make_good (test);

  for (guint i = 0; i < 2; i++)
    {
      till_upload_test_show (test, TILL_UPLOAD_REPLACE, LOYALTY, file, WIDTH, HEIGHT);
      till_upload_test_type (test, PASSWORD);
      till_upload_test_wait_button (test, "Replace");
      if (i == 1)
        g_assert_true (till_upload_test_has_check (test, "Warning: Valid until 19 July 2028, no longer than the current one"));
      till_keys_test_press (test->window, "Replace");
      till_upload_test_wait_gone (test);
    }

  assert_sent (test, "certificates.replace", 2, TILL_INTENT_DONE);
  assert_ends (test, LOYALTY, TO);
}

/* In Live it says what comes of it, the name has to be typed, and no Enter that was meant for something else does it. */
static void
test_live (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_LIVE);
  g_autoptr(GFile) file = make_good (test);
  g_autoptr(GFile) other = till_upload_test_make_pass (test, OTHER, TEAM, FROM, TO, FALSE, PASSWORD);
  AdwMessageDialog *question;
  GtkWidget *row;

  till_upload_test_show (test, TILL_UPLOAD_REPLACE, LOYALTY, file, WIDTH, HEIGHT);
  assert_sees (test->window, "Live — Acme Cafés");
  assert_sees (test->window, "Live: real shops, real customers");
  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Replace");
  till_keys_test_press (test->window, "Replace");
  question = wait_for_question ();
  g_assert_cmpstr (adw_message_dialog_get_heading (question), ==, "Replace “Loyalty card” in Live?");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (question), "This cannot be undone."));
  g_assert_nonnull (strstr (adw_message_dialog_get_body (question), "2 templates: Loyalty card, Loyalty card, gold"));
  g_assert_nonnull (strstr (adw_message_dialog_get_body (question), "It is the default certificate."));
  g_assert_cmpstr (adw_message_dialog_get_default_response (question), ==, "cancel");
  answer (question, "cancel");
  till_ui_run_for (50);
  assert_sent (test, "certificates.replace", 0, TILL_INTENT_DONE);

  till_keys_test_press (test->window, "Replace");
  question = wait_for_question ();
  till_ui_picture (GTK_WIDGET (question), "upload-live-asked");
  row = till_ui_find (GTK_WIDGET (question), ADW_TYPE_ENTRY_ROW, NULL);
  g_assert_false (adw_message_dialog_get_response_enabled (question, "send"));
  gtk_editable_set_text (GTK_EDITABLE (row), "Loyalty car");
  till_ui_run_for (1300);
  g_assert_false (adw_message_dialog_get_response_enabled (question, "send"));
  gtk_editable_set_text (GTK_EDITABLE (row), "Loyalty card");
  WAIT_UNTIL (adw_message_dialog_get_response_enabled (question, "send"));
  answer (question, "send");
  till_upload_test_wait_gone (test);
  assert_ends (test, LOYALTY, TO);

  /* Nothing is replaced by a new one: no name is typed, but it is asked. */
  till_upload_test_show (test, TILL_UPLOAD_ADD, NULL, other, WIDTH, HEIGHT);
  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Add");
  till_keys_test_press (test->window, "Add");
  question = wait_for_question ();
  g_assert_null (till_ui_find (GTK_WIDGET (question), ADW_TYPE_ENTRY_ROW, NULL));
  WAIT_UNTIL (adw_message_dialog_get_response_enabled (question, "send"));
  answer (question, "send");
  till_upload_test_wait_gone (test);
  assert_sent (test, "certificates.add", 1, TILL_INTENT_DONE);
}

static void
ready_to_replace (TillUploadTest *test)
{
  g_autoptr(GFile) file = make_good (test);

  till_upload_test_show (test, TILL_UPLOAD_REPLACE, LOYALTY, file, WIDTH, HEIGHT);
  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Replace");
}

/* The answer is lost, and the work is done: looked up, never sent twice. */
static void
test_lost_answer (void)
{
  static const char *const faults[] = { "lost-answer", "cut-in-answer", "truncated", "empty" };
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      ready_to_replace (test);
      till_upload_test_fault (test, faults[i]);
      till_keys_test_press (test->window, "Replace");
      till_upload_test_wait_gone (test);
      g_assert_cmpuint (test->n_done, ==, i + 1);
      assert_sent (test, "certificates.replace", i + 1, TILL_INTENT_DONE);
      assert_ends (test, LOYALTY, TO);
    }
}

/* Nothing was done: the service shows it, and it can be sent again by a person. */
static void
test_not_done (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);

  ready_to_replace (test);
  till_upload_test_fault (test, "cut-before-answer");
  till_keys_test_press (test->window, "Replace");
  WAIT_UNTIL (till_keys_test_sees (test->window, "The service shows no sign of it: it was not done. You can send it again."));
  assert_ends (test, LOYALTY, LOYALTY_ENDS);
  till_upload_test_wait_button (test, "Replace");
  till_keys_test_press (test->window, "Replace");
  till_upload_test_wait_gone (test);
  assert_ends (test, LOYALTY, TO);
}

/* Neither done nor known, as the service can't be looked at either. */
static void
test_unknown (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);

  ready_to_replace (test);
  till_upload_test_fault (test, "lost-answer");
  till_upload_test_fault (test, "status=500*8");
  till_keys_test_press (test->window, "Replace");
  WAIT_UNTIL (till_keys_test_sees (test->window, "The Outcome Is Not Known"));
  assert_sees (test->window, "It is not sent a second time by itself");
  g_assert_null (till_keys_test_find_button (test->window, "Replace"));
  till_ui_picture (test->window, "upload-unknown");
  assert_sent (test, "certificates.replace", 1, TILL_INTENT_UNKNOWN);

  /* A person says what was found out. */
  till_keys_test_press (test->window, "Mark as Not Done");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Marked as not done. You can send it again."));
  assert_sent (test, "certificates.replace", 1, TILL_INTENT_REFUSED);

  till_sandbox_clear_faults (test->sandbox);
  till_upload_test_fault (test, "lost-answer");
  till_upload_test_fault (test, "status=500*8");
  till_keys_test_press (test->window, "Replace");
  WAIT_UNTIL (till_keys_test_sees (test->window, "The Outcome Is Not Known"));
  till_sandbox_clear_faults (test->sandbox);
  till_keys_test_press (test->window, "Check Again");
  till_upload_test_wait_gone (test);
  assert_sent (test, "certificates.replace", 2, TILL_INTENT_DONE);
}

static void
test_cancel (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  gint64 began;

  ready_to_replace (test);
  till_upload_test_fault (test, "slow=600");
  till_keys_test_press (test->window, "Replace");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Sending to Airship…"));
  g_assert_false (can_send (test, "Replace"));
  till_ui_picture (test->window, "upload-sending");
  till_ui_run_for (200);
  began = g_get_monotonic_time ();
  till_keys_test_press (test->window, "Cancel");
  WAIT_UNTIL (till_keys_test_sees (test->window, "You can send it again.") ||
              till_keys_test_sees (test->window, "Stopped. Nothing was changed."));
  g_assert_cmpint (g_get_monotonic_time () - began, <, 60 * G_USEC_PER_SEC);
  assert_ends (test, LOYALTY, LOYALTY_ENDS);
  till_upload_test_wait_button (test, "Replace");
}

/* Closing while something is on its way asks; elsewhere it closes. */
static void
test_close (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);

  ready_to_replace (test);
  till_upload_test_fault (test, "slow=600");
  till_keys_test_press (test->window, "Replace");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Sending to Airship…"));
  gtk_widget_activate_action (test->window, "window.close", NULL);
  answer (wait_for_question (), "cancel");
  g_assert_true (test->alive);
  assert_sees (test->window, "Sending to Airship…");

  gtk_window_close (GTK_WINDOW (test->window));
  answer (wait_for_question (), "stop");
  till_upload_test_wait_gone (test);
  g_assert_true (g_str_has_prefix (test->toast, "Stopped."));
  till_sandbox_clear_faults (test->sandbox);
  g_assert_cmpuint (test->n_done, ==, 0);

  ready_to_replace (test);
  gtk_widget_activate_action (test->window, "window.close", NULL);
  till_upload_test_wait_gone (test);
}

/* What was typed while it is tried is not mixed up with what is typed then; and the window may go at any moment. */
static void
test_live_check (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) file = make_good (test);

  till_upload_test_show (test, TILL_UPLOAD_REPLACE, LOYALTY, file, WIDTH, HEIGHT);
  for (guint i = 0; i < 4; i++)
    {
      till_upload_test_type (test, i % 2 == 0 ? "wrong" : PASSWORD);
      gtk_widget_activate_action (test->window, "upload.retry", NULL);
      till_upload_window_check (TILL_UPLOAD_WINDOW (test->window));
      till_ui_run_for (i * 40);
    }
  till_upload_test_wait_button (test, "Replace");

  /* Emptied again: it waits. */
  till_upload_test_type (test, "");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Type the password of the file."));
  g_assert_false (can_send (test, "Replace"));
  g_assert_null (TILL_UPLOAD_WINDOW (test->window)->preflight);

  till_upload_test_type (test, PASSWORD);
  till_upload_window_check (TILL_UPLOAD_WINDOW (test->window));
  till_upload_test_close (test);
}

static void
test_service_down (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) file = make_good (test);

  till_upload_test_show (test, TILL_UPLOAD_REPLACE, LOYALTY, file, WIDTH, HEIGHT);
  till_upload_test_fault (test, "status=500*20");
  till_upload_test_type (test, PASSWORD);
  WAIT_UNTIL (till_keys_test_sees (test->window, "Cannot be sent: Service Unavailable."));
  assert_sees (test->window, "Something went wrong at the service.");
  assert_sees (test->window, "Details");
  till_ui_picture (test->window, "upload-service-down");

  till_sandbox_clear_faults (test->sandbox);
  till_keys_test_press (test->window, "Try Again");
  till_upload_test_wait_button (test, "Replace");

  /* A login page of the network instead of the answer. */
  till_upload_test_fault (test, "html");
  till_keys_test_press (test->window, "Replace");
  WAIT_UNTIL (test->alive == FALSE || till_keys_test_sees (test->window, "You can send it again."));
  if (!test->alive)
    test->window = NULL;
  assert_sent (test, "certificates.replace", 1, TILL_INTENT_REFUSED);
}

static void
test_wrong_secret (void)
{
  g_autoptr(TillUploadTest) test = till_upload_test_new ();
  g_autoptr(GFile) file = NULL;

  till_upload_test_connect (test, TILL_ENVIRONMENT_TEST, "not-the-secret");
  file = make_good (test);
  till_upload_test_show (test, TILL_UPLOAD_ADD, NULL, file, WIDTH, HEIGHT);
  till_upload_test_type (test, PASSWORD);
  WAIT_UNTIL (till_keys_test_sees (test->window, "Cannot be sent: Sign-In Refused."));
  assert_unseen (test->window, "not-the-secret");
  g_assert_false (can_send (test, "Add"));
}

/* A wallet that takes one certificate and speaks of another. */
static void
neighbour_handler (FaultConnection *connection,
                   gpointer         user_data)
{
  gboolean put = g_str_has_prefix (fault_connection_get_head (connection), "PUT ");
  gboolean list = strstr (fault_connection_get_head (connection), "/certificates/1e7d") == NULL;
  g_autofree char *one =
    g_strdup_printf ("{\"id\":\"1e7d7d4e-6d5b-4a3c-9c0a-1b2c3d4e5f60\",\"vendor\":\"Apple\",\"name\":\"Loyalty card\","
                     "\"baseName\":\"%s\",\"teamIdentifier\":\"%s\",\"validityStart\":\"2026-01-01T00:00:00Z\","
                     "\"validityEnd\":\"2027-01-01T00:00:00Z\",\"enabled\":true,\"default\":false}",
                     put ? "pass.com.example.neighbour" : LOYALTY, TEAM);
  g_autofree char *body = list ? g_strdup_printf ("{\"certificates\":[%s]}", one) : g_strdup (one);

  fault_connection_printf (connection, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %"
                           G_GSIZE_FORMAT "\r\n\r\n%s", strlen (body), body);
}

static void
test_neighbour (void)
{
  const FaultPlan plan = { .name = "localhost", .dns = "localhost", .address = "127.0.0.1", .ca = TRUE };
  g_autoptr(FaultIdentity) identity = fault_identity_new (&plan, NULL);
  g_autoptr(FaultServer) server = fault_server_new (identity, NULL, neighbour_handler, NULL);
  g_autofree char *pem = fault_identity_dup_pem (identity);
  g_autofree char *url = g_strdup_printf ("https://localhost:%u", fault_server_get_port (server));
  g_autoptr(TillUploadTest) test = till_upload_test_new ();
  g_autoptr(GFile) file = NULL;

  till_upload_test_connect_to (test, url, pem);
  file = make_good (test);
  till_upload_test_show (test, TILL_UPLOAD_REPLACE, LOYALTY, file, WIDTH, HEIGHT);
  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Replace");
  till_keys_test_press (test->window, "Replace");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Not Confirmed"));
  assert_sees (test->window, "Identifier, as in the file");
  assert_sees (test->window, LOYALTY);
  assert_sees (test->window, "Identifier, as the service says");
  assert_sees (test->window, "pass.com.example.neighbour");
  g_assert_null (till_keys_test_find_button (test->window, "Replace"));
  g_assert_cmpuint (test->n_done, ==, 0);
  till_ui_picture (test->window, "upload-not-confirmed");
  till_keys_test_press (test->window, "Close");
  till_upload_test_wait_gone (test);
}

static GFile *
write_pem (TillUploadTest *test,
           const char     *name,
           gint64          end,
           gboolean        with_key)
{
  const TillUiCertificate certificate = {
    .name = "till.shop.example", .not_before = FROM, .not_after = end,
  };
  g_autofree char *pem = till_ui_make_pem (&certificate);
  g_autofree char *key = with_key ? till_ui_make_key_pem () : NULL;
  char *whole = with_key ? g_strconcat (pem, key, NULL) : g_steal_pointer (&pem);
  g_autoptr(GBytes) bytes = g_bytes_new_take (whole, strlen (whole));

  return till_upload_test_write (test, name, bytes);
}

static void
test_hub (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) file = write_pem (test, "till.pem", TO, TRUE);
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GPtrArray) intents = NULL;
  const TillUploadRecord *record;

  till_upload_test_show (test, TILL_UPLOAD_HUB, NULL, file, WIDTH, HEIGHT);
  till_upload_test_wait_button (test, "Upload");
  assert_sees (test->window, "Upload to Commerce Hub");
  g_assert_true (till_upload_test_has_check (test, "Passed: Holds the certificate of till.shop.example"));
  g_assert_true (till_upload_test_has_check (test, "Passed: Only the certificate is sent; the private key stays on this "
                                                   "computer"));
  assert_sees (test->window, "Left empty, the fingerprint of the public key is the key ID: ");
  till_keys_test_press (test->window, "Upload");
  till_upload_test_wait_gone (test);
  g_assert_cmpstr (test->toast, ==, "Uploaded to Commerce Hub");
  g_assert_cmpuint (test->n_done, ==, 1);
  assert_sent (test, "certificates.upload", 1, TILL_INTENT_DONE);
  intents = till_upload_test_list_intents (test, "certificates.upload");
  g_assert_null (strstr (((const TillIntentRecord *) intents->pdata[0])->body, "PRIVATE"));
  g_assert_nonnull (strstr (((const TillIntentRecord *) intents->pdata[0])->body, "\"JWE\""));

  items = till_upload_test_list (test, TILL_SOURCE_HUB);
  g_assert_cmpuint (items->len, ==, 1);
  record = ((const TillItem *) items->pdata[0])->upload;
  g_assert_cmpstr (record->client_key_id, ==, record->public_key_sha256);

  /* The same again, with an ID and an algorithm of one's own: it says that it was there before. */
  till_upload_test_show (test, TILL_UPLOAD_HUB, NULL, file, WIDTH, HEIGHT);
  till_upload_test_wait_button (test, "Upload");
  g_assert_true (till_upload_test_has_check (test, "Warning: The same key was uploaded before, on 22 November 2026"));
  type_into (test, "Key ID", "café-01");
  adw_combo_row_set_selected (TILL_UPLOAD_WINDOW (test->window)->algorithm_row, 2);
  till_keys_test_press (test->window, "Upload");
  till_upload_test_wait_gone (test);
  g_clear_pointer (&intents, g_ptr_array_unref);
  intents = till_upload_test_list_intents (test, "certificates.upload");
  g_assert_cmpuint (intents->len, ==, 2);
}

static void
test_hub_bad (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) expired = write_pem (test, "expired.pem", TILL_UI_NOW - 3600, FALSE);
  g_autofree char *key_pem = till_ui_make_key_pem ();
  g_autoptr(GBytes) key_bytes = g_bytes_new (key_pem, strlen (key_pem));
  g_autoptr(GFile) key = till_upload_test_write (test, "key.pem", key_bytes);
  g_autoptr(GFile) locked = make_good (test);

  till_upload_test_show (test, TILL_UPLOAD_HUB, NULL, expired, WIDTH, HEIGHT);
  WAIT_UNTIL (till_keys_test_sees (test->window, "Cannot be sent: Expired on 22 November 2026."));
  g_assert_false (can_send (test, "Upload"));

  till_upload_window_set_file (TILL_UPLOAD_WINDOW (test->window), key);
  WAIT_UNTIL (till_keys_test_sees (test->window, "a private key is never sent."));
  g_assert_false (can_send (test, "Upload"));

  till_upload_window_set_file (TILL_UPLOAD_WINDOW (test->window), locked);
  WAIT_UNTIL (till_keys_test_sees (test->window, "Cannot be sent: Password Needed."));
  g_assert_false (can_send (test, "Upload"));
  gtk_widget_activate_action (test->window, "upload.send", NULL);
  till_ui_run_for (50);
  assert_sent (test, "certificates.upload", 0, TILL_INTENT_DONE);
}

/* What was read when it was sent is not what was shown. */
static void
test_hub_changed (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) file = write_pem (test, "till.pem", TO, FALSE);
  const TillUiCertificate other = { .name = "other", .not_before = FROM, .not_after = TO, .rsa_bits = 2048 };
  g_autofree char *pem = till_ui_make_pem (&other);
  g_autoptr(GBytes) bytes = g_bytes_new (pem, strlen (pem));

  till_upload_test_show (test, TILL_UPLOAD_HUB, NULL, file, WIDTH, HEIGHT);
  till_upload_test_wait_button (test, "Upload");
  g_object_unref (till_upload_test_write (test, "till.pem", bytes));
  till_keys_test_press (test->window, "Upload");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Not Confirmed"));
  assert_sees (test->window, "The file was changed after it was checked");
  g_assert_cmpuint (test->n_done, ==, 0);
}

/* Commerce Hub can't be looked at, and is not asked twice by itself. */
static void
test_hub_lost (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) file = write_pem (test, "till.pem", TO, FALSE);

  till_upload_test_show (test, TILL_UPLOAD_HUB, NULL, file, WIDTH, HEIGHT);
  till_upload_test_wait_button (test, "Upload");
  till_upload_test_fault (test, "lost-answer");
  till_keys_test_press (test->window, "Upload");
  WAIT_UNTIL (till_keys_test_sees (test->window, "The Outcome Is Not Known"));
  assert_sees (test->window, "Commerce Hub cannot be asked what it has.");
  assert_sent (test, "certificates.upload", 1, TILL_INTENT_UNKNOWN);
  till_keys_test_press (test->window, "Mark as Done");
  till_upload_test_wait_gone (test);
  g_assert_cmpstr (test->toast, ==, "Marked as done");
  assert_sent (test, "certificates.upload", 1, TILL_INTENT_DONE);
}

/* Where the profile allows it, the same request with the same number brings the answer. */
static void
test_hub_repeated (void)
{
  g_autoptr(TillUploadTest) test = till_upload_test_new ();
  g_autoptr(GFile) file = NULL;
  g_autoptr(GPtrArray) items = NULL;

  test->repeat_lost = TRUE;
  till_upload_test_connect (test, TILL_ENVIRONMENT_TEST, NULL);
  file = write_pem (test, "till.pem", TO, FALSE);
  till_upload_test_show (test, TILL_UPLOAD_HUB, NULL, file, WIDTH, HEIGHT);
  till_upload_test_wait_button (test, "Upload");
  till_upload_test_fault (test, "lost-answer");
  till_keys_test_press (test->window, "Upload");
  till_upload_test_wait_gone (test);
  g_assert_cmpstr (test->toast, ==, "Uploaded to Commerce Hub");
  items = till_upload_test_list (test, TILL_SOURCE_HUB);
  g_assert_cmpuint (items->len, ==, 1);
}

static GtkDropTarget *
find_drop_target (GtkWidget *widget)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        return GTK_DROP_TARGET (controller);
    }

  g_assert_not_reached ();
}

static gboolean
drop (TillUploadTest *test,
      GFile          *first,
      GFile          *second)
{
  g_autoptr(GSList) files = g_slist_prepend (second != NULL ? g_slist_prepend (NULL, second) : NULL, first);
  g_auto(GValue) value = G_VALUE_INIT;
  gboolean taken = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_set_boxed (&value, files);
  g_signal_emit_by_name (find_drop_target (test->window), "drop", &value, 10.0, 10.0, &taken);

  return taken;
}

static void
test_drop (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) file = make_good (test);

  till_upload_test_show (test, TILL_UPLOAD_REPLACE, LOYALTY, NULL, WIDTH, HEIGHT);
  g_assert_true (drop (test, file, file));
  WAIT_UNTIL (till_keys_test_sees (test->window, "One file at a time can be sent"));
  g_assert_false (till_keys_test_sees (test->window, "shop-1.p12"));
  g_assert_true (drop (test, file, NULL));
  WAIT_UNTIL (till_keys_test_sees (test->window, "shop-1.p12"));
}

static gboolean
has_file (GtkFileChooser *chooser)
{
  g_autoptr(GFile) file = gtk_file_chooser_get_file (chooser);

  return file != NULL;
}

static void
test_choose (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) file = make_good (test);
  GtkWidget *chooser;

  till_upload_test_show (test, TILL_UPLOAD_ADD, NULL, NULL, WIDTH, HEIGHT);
  g_signal_emit_by_name (TILL_UPLOAD_WINDOW (test->window)->choose_button, "clicked");
  WAIT_UNTIL ((chooser = till_ui_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG)) != NULL);
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_CANCEL);
  WAIT_UNTIL (till_ui_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG) == NULL);
  WAIT_UNTIL (TILL_UPLOAD_WINDOW (test->window)->choosing == NULL);
  assert_sees (test->window, "Choose a file first.");

  gtk_widget_activate_action (test->window, "upload.choose", NULL);
  WAIT_UNTIL ((chooser = till_ui_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG)) != NULL);
  g_assert_true (gtk_file_chooser_set_file (GTK_FILE_CHOOSER (chooser), file, NULL));
  WAIT_UNTIL (has_file (GTK_FILE_CHOOSER (chooser)));
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
  WAIT_UNTIL (till_keys_test_sees (test->window, "shop-1.p12"));
  WAIT_UNTIL (till_keys_test_sees (test->window, "Type the password of the file."));

  /* The window goes while it is being asked. */
  gtk_widget_activate_action (test->window, "upload.choose", NULL);
  WAIT_UNTIL (till_ui_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG) != NULL);
  till_session_use (test->session, NULL);
  till_upload_test_wait_gone (test);
  WAIT_UNTIL (till_ui_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG) == NULL);
  WAIT_UNTIL (till_session_get_state (test->session) == TILL_SESSION_OPEN);
}

static void
press_caps_lock (void)
{
  const char *argv[] = { "xdotool", "key", "Caps_Lock", NULL };
  g_autoptr(TillTestRun) run = till_test_run (argv, NULL, NULL);

  g_assert_cmpint (run->status, ==, 0);
}

static void
test_caps_lock (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) file = make_good (test);

  till_upload_test_show (test, TILL_UPLOAD_ADD, NULL, file, WIDTH, HEIGHT);
  till_upload_test_type (test, "a");
  g_assert_false (till_keys_test_sees (test->window, "Caps Lock is on"));
  press_caps_lock ();
  WAIT_UNTIL (till_keys_test_sees (test->window, "Caps Lock is on"));
  press_caps_lock ();
  WAIT_UNTIL (!till_keys_test_sees (test->window, "Caps Lock is on"));
}

/* Locked: every secret goes, the password that was typed with them; what is on its way is waited for first. */
static void
test_locked (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);

  ready_to_replace (test);
  till_session_lock (test->session);
  till_upload_test_wait_gone (test);
  till_session_unlock (test->session);
  WAIT_UNTIL (till_session_get_state (test->session) == TILL_SESSION_OPEN);

  ready_to_replace (test);
  till_upload_test_fault (test, "slow=2");
  till_keys_test_press (test->window, "Replace");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Sending to Airship…"));
  till_session_lock (test->session);
  till_upload_test_wait_gone (test);
}

/* Another profile comes to work: what was about the last one goes. */
static void
test_profile_changed (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);

  ready_to_replace (test);
  till_session_use (test->session, NULL);
  till_upload_test_wait_gone (test);
  WAIT_UNTIL (till_session_get_state (test->session) == TILL_SESSION_OPEN);
}

static void
use_scheme (AdwColorScheme scheme)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme);
  till_ui_run_for (300);
}

static void
picture (TillUploadTest *test,
         const char     *name)
{
  g_autofree char *light = g_strconcat ("upload-", name, NULL);
  g_autofree char *dark = g_strconcat ("upload-", name, "-dark", NULL);

  till_ui_picture (test->window, light);
  use_scheme (ADW_COLOR_SCHEME_FORCE_DARK);
  till_ui_picture (test->window, dark);
  use_scheme (ADW_COLOR_SCHEME_DEFAULT);
}

static void
picture_contrast (TillUploadTest *test)
{
  GtkSettings *settings = gtk_settings_get_default ();
  g_autofree char *theme = NULL;

  g_object_get (settings, "gtk-theme-name", &theme, NULL);
  g_object_set (settings, "gtk-theme-name", "Default-hc", NULL);
  till_ui_picture (test->window, "upload-replace-contrast");
  g_object_set (settings, "gtk-theme-name", theme, NULL);
  till_ui_run_for (300);
}

static void
test_pictures (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_LIVE);
  g_autoptr(GFile) file = till_upload_test_make_pass (test, DOOR, TEAM, FROM, TO, FALSE, PASSWORD);
  g_autoptr(GFile) other = till_upload_test_make_pass (test, OTHER, TEAM, FROM, TO, FALSE, PASSWORD);
  int minimum;

  till_upload_test_show (test, TILL_UPLOAD_REPLACE, DOOR, NULL, WIDTH, HEIGHT);
  picture (test, "empty");
  till_upload_window_set_file (TILL_UPLOAD_WINDOW (test->window), file);
  till_upload_test_type (test, "wrong");
  WAIT_UNTIL (till_keys_test_sees (test->window, "Cannot be sent: Wrong Password."));
  picture (test, "wrong-password");
  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Replace");
  picture (test, "replace");
  picture_contrast (test);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  till_upload_test_close (test);

  till_upload_test_show (test, TILL_UPLOAD_REPLACE, DOOR, file, WIDTH, HEIGHT);
  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Replace");
  till_ui_picture (test->window, "upload-replace-rtl");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
  till_upload_test_close (test);

  till_upload_test_show (test, TILL_UPLOAD_REPLACE, DOOR, other, 360, 720);
  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Add as New");
  picture (test, "lost-narrow");
  gtk_widget_measure (test->window, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
  till_keys_test_press (test->window, "Add as New");
  till_upload_test_wait_button (test, "Add");
  picture (test, "add-narrow");
  till_upload_window_set_file (TILL_UPLOAD_WINDOW (test->window), file);
  till_upload_test_type (test, PASSWORD);
  till_upload_test_wait_button (test, "Renew");
  till_ui_picture (test->window, "upload-renew-narrow");
  gtk_widget_measure (test->window, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
}

static void
test_pictures_hub (void)
{
  g_autoptr(TillUploadTest) test = set_up (TILL_ENVIRONMENT_TEST);
  g_autoptr(GFile) file = write_pem (test, "till.pem", TO, TRUE);
  GtkWidget *expander;
  int minimum;

  till_upload_test_show (test, TILL_UPLOAD_HUB, NULL, file, 360, 720);
  till_upload_test_wait_button (test, "Upload");
  expander = till_ui_find (test->window, ADW_TYPE_EXPANDER_ROW, "Advanced");
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (expander), TRUE);
  picture (test, "hub-narrow");
  gtk_widget_measure (test->window, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
  till_upload_test_close (test);

  till_upload_test_show (test, TILL_UPLOAD_HUB, NULL, file, WIDTH, HEIGHT);
  till_upload_test_wait_button (test, "Upload");
  till_ui_picture (test->window, "upload-hub");
}

int
main (int    argc,
      char **argv)
{
  till_ui_test_init (&argc, &argv);

  g_test_add_func ("/upload/replace", test_replace);
  g_test_add_func ("/upload/trimmed", test_trimmed);
  g_test_add_func ("/upload/without-password", test_without_password);
  g_test_add_func ("/upload/lost", test_lost);
  g_test_add_func ("/upload/other-team", test_other_team);
  g_test_add_func ("/upload/bad-files", test_bad_files);
  g_test_add_func ("/upload/warnings", test_warnings);
  g_test_add_func ("/upload/add", test_add);
  g_test_add_func ("/upload/renew", test_renew);
  g_test_add_func ("/upload/twice", test_twice);
  g_test_add_func ("/upload/live", test_live);
  g_test_add_func ("/upload/lost-answer", test_lost_answer);
  g_test_add_func ("/upload/not-done", test_not_done);
  g_test_add_func ("/upload/unknown", test_unknown);
  g_test_add_func ("/upload/cancel", test_cancel);
  g_test_add_func ("/upload/close", test_close);
  g_test_add_func ("/upload/live-check", test_live_check);
  g_test_add_func ("/upload/service-down", test_service_down);
  g_test_add_func ("/upload/wrong-secret", test_wrong_secret);
  g_test_add_func ("/upload/neighbour", test_neighbour);
  g_test_add_func ("/upload/hub", test_hub);
  g_test_add_func ("/upload/hub-bad", test_hub_bad);
  g_test_add_func ("/upload/hub-changed", test_hub_changed);
  g_test_add_func ("/upload/hub-lost", test_hub_lost);
  g_test_add_func ("/upload/hub-repeated", test_hub_repeated);
  g_test_add_func ("/upload/drop", test_drop);
  g_test_add_func ("/upload/choose", test_choose);
  g_test_add_func ("/upload/caps-lock", test_caps_lock);
  g_test_add_func ("/upload/locked", test_locked);
  g_test_add_func ("/upload/profile-changed", test_profile_changed);
  g_test_add_func ("/upload/pictures", test_pictures);
  g_test_add_func ("/upload/pictures-hub", test_pictures_hub);

  return g_test_run ();
}
