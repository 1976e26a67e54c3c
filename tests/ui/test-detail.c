/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of the detail side: what is seen of each kind of file in each state, and what one can do there. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "till-certificate-detail.h"
#include "till-certificate-view.h"
#include "till-detail-test.h"
#include "till-fact-row.h"
#include "till-password-page.h"
#include "till-status-shape.h"
#include "till-validity-bar.h"

static TillDetailTest *
set_up (void)
{
  return till_detail_test_new (GTK_WIDGET (till_certificate_detail_new ()), 700, 900);
}

static TillCertificateDetail *
get_detail (TillDetailTest *test)
{
  return TILL_CERTIFICATE_DETAIL (gtk_window_get_child (GTK_WINDOW (test->window)));
}

static void
show (TillDetailTest *test,
      const char     *name)
{
  g_autoptr(TillCertificateItem) item = till_detail_test_item (test, name);

  till_certificate_detail_set_item (get_detail (test), item);
}

static void
assert_sees (TillDetailTest *test,
             const char     *text)
{
  if (!till_comes_up (test->window, text))
    g_error ("“%s” is not on the screen", text);
}

static void
assert_sees_not (TillDetailTest *test,
                 const char     *text)
{
  till_settle ();
  if (till_find_label (test->window, text) != NULL)
    g_error ("“%s” is on the screen", text);
}

/* Both labels of a fact, one below the other. */
static void
assert_fact (TillDetailTest *test,
             const char     *title,
             const char     *value)
{
  GtkWidget *row;

  WAIT_UNTIL ((row = till_find_row (test->window, title)) != NULL);
  if (!till_comes_up (row, value))
    g_error ("“%s” does not say “%s”", title, value);
}

static void
activate (TillDetailTest *test,
          const char     *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (get_detail (test)), action, NULL));
}

static void
expand (TillDetailTest *test,
        const char     *title)
{
  GtkWidget *row = till_find_row (test->window, title);

  g_assert_true (ADW_IS_EXPANDER_ROW (row));
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
  till_settle ();
}

static void
test_empty (void)
{
  g_autoptr(TillDetailTest) test = set_up ();

  assert_sees (test, "Nothing Selected");
  g_assert_null (till_certificate_detail_get_item (get_detail (test)));
  /* Nothing to act on, and nothing happens. */
  gtk_widget_activate_action (GTK_WIDGET (get_detail (test)), "detail.copy-identifier", NULL);
  gtk_widget_activate_action (GTK_WIDGET (get_detail (test)), "detail.export", NULL);
  gtk_widget_activate_action (GTK_WIDGET (get_detail (test)), "detail.retry", NULL);
  g_assert_null (test->toast);
}

static void
test_pass (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  GtkWidget *bar;

  show (test, "pass.pem");
  till_settle ();
  assert_sees (test, "Valid, ends in 364 days");
  assert_fact (test, "Used As", "Pass certificate (Apple Wallet)");
  assert_fact (test, "Identifier (Pass Type ID)", "pass.com.acme.loyalty");
  assert_fact (test, "Team", "PGJV57GD94");
  assert_fact (test, "NFC", "Not supported");
  assert_fact (test, "Issued To", "Acme Cafés");
  assert_fact (test, "Issued By", "Toy Root CA");
  assert_fact (test, "Private Key", "Airship needs the key; export both lines from Keychain Access.");

  bar = till_find_type (test->window, TILL_TYPE_VALIDITY_BAR);
  g_assert_cmpstr (till_validity_bar_get_text (TILL_VALIDITY_BAR (bar)), ==, "0 of 365 days used");
  assert_sees (test, "0 of 365 days used");
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_ROLE_METER);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                       "0 of 365 days used");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Used part of the validity");
}

static void
test_nfc (void)
{
  g_autoptr(TillDetailTest) test = set_up ();

  show (test, "nfc.pem");
  till_settle ();
  assert_fact (test, "NFC", "Supported");
}

/* The card follows the clock. */
static void
test_time (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  g_autoptr(TillCertificateItem) item = till_detail_test_item (test, "pass.pem");

  till_certificate_detail_set_item (get_detail (test), item);

  till_detail_test_days_later (test, 353);
  till_certificate_item_refresh (item);
  assert_sees (test, "Ends in 11 days");
  assert_sees (test, "353 of 365 days used");
  assert_sees_not (test, "New passes cannot be added");

  till_detail_test_days_later (test, 368);
  till_certificate_item_refresh (item);
  assert_sees (test, "Expired 3 days ago");
  assert_sees (test, "365 of 365 days used");
  assert_sees (test, "New passes cannot be added and existing ones cannot be updated.");

  till_clock_set (test->clock, test->made - 60);
  till_certificate_item_refresh (item);
  assert_sees (test, "None of 365 days used");
  assert_sees (test, "this computer’s clock may be wrong");
}

static void
assert_bar (TillValidityBar *bar,
            gint64           not_before,
            gint64           not_after,
            gint64           now,
            const char      *text,
            double           used)
{
  till_validity_bar_set (bar, not_before, not_after, now);
  g_assert_cmpstr (till_validity_bar_get_text (bar), ==, text);
  g_assert_cmpfloat_with_epsilon (till_validity_bar_get_used (bar), used, 0.001);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (bar)) == (*text != '\0'));
}

static void
test_bar (void)
{
  const gint64 day = 24 * 60 * 60;
  TillValidityBar *bar = g_object_ref_sink (till_validity_bar_new ());

  assert_bar (bar, 0, 365 * day, 353 * day, "353 of 365 days used", 353.0 / 365);
  /* Until the last second of a day. */
  assert_bar (bar, 0, 365 * day - 1, 354 * day - 1, "353 of 365 days used", 354.0 / 365);
  assert_bar (bar, 0, 365 * day, 400 * day, "365 of 365 days used", 1);
  assert_bar (bar, 10 * day, 40 * day, 5 * day, "None of 30 days used", 0);
  assert_bar (bar, 0, day, day / 2, "12 of 24 hours used", 0.5);
  assert_bar (bar, 0, day, -1, "None of 24 hours used", 0);
  assert_bar (bar, 0, TILL_TIME_NEVER, 5, "", 0);
  assert_bar (bar, TILL_TIME_INVALID, 5, 5, "", 0);
  assert_bar (bar, 5, TILL_TIME_INVALID, 5, "", 0);
  assert_bar (bar, 5, 4, 5, "", 0);
  assert_bar (bar, -631152000, TILL_TIME_NEVER - 1, 0, "7305 of 2940201 days used", 7305.0 / 2940201);

  g_assert_finalize_object (bar);
}

static void
test_effective_end (void)
{
  g_autoptr(TillDetailTest) test = set_up ();

  show (test, "chain.pem");
  assert_sees (test, "Valid, ends in 199 days");
  assert_sees (test, "because its issuer “Apple Worldwide Developer Relations G4” ends then.");

  till_detail_test_days_later (test, 201);
  till_certificate_item_refresh (till_certificate_detail_get_item (get_detail (test)));
  assert_sees (test, "because its issuer “Apple Worldwide Developer Relations G4” ended then.");
}

static guint
count_fact_rows (GtkWidget *root)
{
  guint n = TILL_IS_FACT_ROW (root) ? 1 : 0;
  GtkWidget *child;

  for (child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += count_fact_rows (child);

  return n;
}

/* What is behind an expander costs nothing until it is opened. */
static void
test_sections (void)
{
  g_autoptr(TillDetailTest) test = set_up ();

  show (test, "pass.pem");
  g_assert_cmpuint (count_fact_rows (till_find_row (test->window, "Certificate Details")), ==, 0);
  g_assert_cmpuint (count_fact_rows (till_find_row (test->window, "Extensions")), ==, 0);

  expand (test, "Certificate Details");
  assert_fact (test, "Key", "Elliptic curve P-256");
  assert_fact (test, "Signature", "ECDSA-SHA256");
  assert_fact (test, "Version", "3");
  assert_fact (test, "Key Usage", "Signing data");
  assert_fact (test, "Status Service (OCSP)", "http://ocsp.example/");
  assert_fact (test, "Revocation Lists", "http://crl.example/wwdr.crl");
  WAIT_UNTIL (till_find_row (test->window, "SHA-256 Fingerprint") != NULL);
  WAIT_UNTIL (till_find_row (test->window, "SHA-1 Fingerprint") != NULL);
  WAIT_UNTIL (till_find_row (test->window, "SHA-256 of the Public Key") != NULL);

  expand (test, "Extensions");
  assert_fact (test, "Key Usage — critical", "Signing data");
  assert_fact (test, "Apple: Pass Type", "pass.com.acme.loyalty");

  /* An open one stays open for the next certificate, and shows that one's facts. */
  show (test, "server.pem");
  till_settle ();
  assert_fact (test, "Alternative Names", "DNS:www.till.example");
  g_assert_null (till_find_row (test->window, "Apple: Pass Type"));
}

static void
test_place (void)
{
  g_autoptr(TillDetailTest) test = set_up ();

  show (test, "pass.pem");
  expand (test, "Where It Is");
  assert_fact (test, "File", "pass.pem");
  assert_fact (test, "Kind of File", "Certificate");
  assert_fact (test, "Folder", test->folder->path);
  WAIT_UNTIL (till_find_action (test->window, "detail.show-folder") != NULL);
  WAIT_UNTIL (till_find_row (test->window, "Last Changed") != NULL);
}

static void
test_chain (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  GtkWidget *row;

  show (test, "chain.pem");
  expand (test, "Chain (3)");
  assert_sees (test, "Apple Worldwide Developer Relations G4");
  assert_sees (test, "Ends first");
  assert_fact (test, "Complete", "from the certificate to its root");

  /* One goes on to the issuer, and back. */
  row = till_find_action (test->window, "detail.show-certificate");
  g_assert_nonnull (row);
  g_signal_emit_by_name (row, "activate");
  till_settle ();
  assert_sees (test, "Back to “");
  assert_fact (test, "Used As", "Certificate authority");
  g_assert_null (till_find_row (test->window, "Team"));

  activate (test, "detail.back");
  till_settle ();
  assert_sees_not (test, "Back to “");
  assert_fact (test, "Team", "PGJV57GD94");

  show (test, "open-chain.pem");
  till_settle ();
  assert_fact (test, "Not Complete", "The root is not in this file: “Toy Root CA” is missing.");
}

/* Presses a button and waits for what the window is told then. */
static void
press (TillDetailTest *test,
       GtkWidget      *button)
{
  g_clear_pointer (&test->toast, g_free);
  g_assert_true (gtk_widget_activate (button));
  WAIT_UNTIL (test->toast != NULL);
}

static void
test_copy (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  GtkWidget *row, *button, *label;
  g_autofree char *identifier = NULL;
  g_autofree char *serial = NULL;
  g_autofree char *team = NULL;
  const char *shown;

  show (test, "pass.pem");
  till_settle ();

  button = till_find_action (till_find_row (test->window, "Team"), "detail.copy");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, "Copy Team");
  g_assert_cmpstr (gtk_widget_get_tooltip_text (button), ==, "Copy Team");
  press (test, button);
  g_assert_cmpstr (test->toast, ==, "Copied");
  team = till_read_clipboard (test->window);
  g_assert_cmpstr (team, ==, "PGJV57GD94");

  activate (test, "detail.copy-identifier");
  identifier = till_read_clipboard (test->window);
  g_assert_cmpstr (identifier, ==, "pass.com.acme.loyalty");

  /* Shown in pairs, copied as services want it. */
  expand (test, "Certificate Details");
  WAIT_UNTIL ((row = till_find_row (test->window, "SHA-256 Fingerprint")) != NULL);
  press (test, till_find_action (row, "detail.copy"));
  serial = till_read_clipboard (test->window);
  g_assert_cmpuint (strlen (serial), ==, 64);
  WAIT_UNTIL ((label = till_find_label (row, " ")) != NULL);
  shown = gtk_label_get_text (GTK_LABEL (label));
  g_assert_cmpstr (shown, !=, serial);
}

static void
test_hostile (void)
{
  g_autoptr(TillDetailTest) test = set_up ();

  show (test, "hostile.pem");
  till_settle ();
  assert_fact (test, "Issued To", "card\\u202egpj.exe");
  assert_fact (test, "Issued To", "<b>Bold & Sons</b>");
  expand (test, "Certificate Details");
  expand (test, "Chain (1)");
  assert_sees (test, "card\\u202egpj.exe");
}

static void
test_keys (void)
{
  g_autoptr(TillDetailTest) test = set_up ();

  show (test, "with-key.pem");
  till_settle ();
  assert_fact (test, "Private Key", "In this file, belongs to this certificate");
  assert_fact (test, "Protection of the File", "Whoever has this file can use its private key");
  assert_fact (test, "Valid For", "www.till.example");
  assert_fact (test, "Used As", "Website or server");

  show (test, "wrong-key.pem");
  till_settle ();
  assert_fact (test, "Private Key", "In this file, but it does not belong to this certificate.");
  assert_sees (test, "Key does not match");
  g_assert_nonnull (till_find_type (till_find_row (test->window, "Private Key"), TILL_TYPE_STATUS_SHAPE));
}

static void
test_other_kinds (void)
{
  g_autoptr(TillDetailTest) test = set_up ();

  show (test, "server.csr");
  till_settle ();
  assert_fact (test, "What It Is", "A certificate request. Send it to the issuer");
  assert_fact (test, "Name", "till.example");
  assert_fact (test, "Key", "Elliptic curve P-256");
  assert_sees (test, "It has no end date.");
  g_assert_null (till_find_label (test->window, "Add to Calendar…"));

  /* What only certificates have is hidden, and comes with the next one. */
  expand (test, "Certificate Details");
  g_assert_null (till_find_row (test->window, "Serial Number"));
  show (test, "server.pem");
  assert_fact (test, "Version", "3");

  show (test, "server.key");
  till_settle ();
  assert_fact (test, "What It Is", "A private key. It stays here");
  assert_fact (test, "Protection of the File", "None.");

  show (test, "public.pem");
  till_settle ();
  assert_fact (test, "What It Is", "A public key.");

  show (test, "list.crl");
  till_settle ();
  assert_fact (test, "What It Is", "A revocation list");
  assert_fact (test, "Issued By", "Toy Root CA");
  assert_fact (test, "Certificates Taken Back", "1");
  assert_fact (test, "Number", "05");
}

static void
test_failed (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  GtkWidget *retry;

  show (test, "page.p12");
  assert_sees (test, "Not a Certificate File");
  assert_sees (test, "This is a web page (HTML). Sign in there, and download the file again.");
  assert_sees (test, "page.p12");
  expand (test, "Details");
  assert_fact (test, "Error Message", "not-a-certificate-file: ");

  till_certificate_detail_focus (get_detail (test));
  retry = gtk_root_get_focus (GTK_ROOT (test->window));
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (retry)), ==, "Try Again");

  gtk_widget_activate (till_find_action (test->window, "win.open"));
  WAIT_UNTIL (test->n_opens == 1);

  show (test, "cut.cer");
  assert_sees (test, "Damaged File");
  assert_sees (test, "It ends after 300 of ");
}

/* A file that is not there, and then is. */
static void
test_missing (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  g_autofree char *path = till_test_dir_file (test->folder, "late.pem");
  g_autofree char *source = till_test_dir_file (test->folder, "pass.pem");
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  show (test, "late.pem");
  assert_sees (test, "File Not Found");
  assert_sees (test, "moved, renamed or deleted");

  g_file_get_contents (source, &text, NULL, &error);
  g_assert_no_error (error);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);

  activate (test, "detail.retry");
  WAIT_UNTIL (till_find_row (test->window, "Team") != NULL);
  assert_fact (test, "Team", "PGJV57GD94");
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
ignore_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *done = user_data;

  till_file_entry_load_finish (TILL_FILE_ENTRY (source), result, NULL);
  *done = TRUE;
}

/* A reading that takes its time: a word about it after a moment, and a way to stop it. */
static void
test_loading (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  g_autoptr(TillFileEntry) entry = till_detail_test_entry (test, "pass.pem");
  g_autoptr(TillCertificateItem) item = till_certificate_item_new (entry, -1, test->clock);
  gboolean done = FALSE;

  /* Nobody reads it yet, so that it stays as it is. */
  till_certificate_detail_set_item (get_detail (test), item);
  assert_sees_not (test, "Reading “pass.pem”…");
  WAIT_UNTIL (till_find_label (test->window, "Reading “pass.pem”…") != NULL);

  till_certificate_detail_focus (get_detail (test));
  activate (test, "detail.cancel");
  WAIT_UNTIL (till_find_label (test->window, "Not Read") != NULL);

  activate (test, "detail.retry");
  WAIT_UNTIL (till_find_row (test->window, "Team") != NULL);

  /* Read again: what was known stays. */
  till_file_entry_load_async (entry, NULL, NULL, ignore_cb, &done);
  assert_fact (test, "Team", "PGJV57GD94");
  WAIT_UNTIL (done);
  assert_fact (test, "Team", "PGJV57GD94");
}

static void
test_password_state (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  g_autofree char *password = till_detail_test_password (test);
  GtkWidget *row;

  show (test, "pass.p12");
  assert_sees (test, "Password Needed");
  assert_sees (test, "pass.p12");

  till_certificate_detail_focus (get_detail (test));
  row = till_find_type (test->window, ADW_TYPE_PASSWORD_ENTRY_ROW);
  g_assert_true (gtk_widget_is_ancestor (gtk_root_get_focus (GTK_ROOT (test->window)), row));

  gtk_editable_set_text (GTK_EDITABLE (row), password);
  g_assert_true (gtk_widget_activate_action (row, "password.open", NULL));
  WAIT_UNTIL (till_find_row (test->window, "Team") != NULL);
  till_settle ();
  assert_fact (test, "Team", "PGJV57GD94");
  assert_fact (test, "Private Key", "In this file, belongs to this certificate");
  assert_fact (test, "Protection of the File", "Modern, by a password");

  expand (test, "Certificate Details");
  assert_fact (test, "Encryption of the File", "AES-256-CBC");
  assert_fact (test, "Integrity Check of the File", "HMAC-SHA256");
}

static void
test_narrow (void)
{
  g_autoptr(TillDetailTest) test = till_detail_test_new (GTK_WIDGET (till_certificate_detail_new ()), 300, 640);
  static const char * const files[] = { "chain.pem", "hostile.pem", "page.p12", "late.pem", "server.csr", "pass.p12" };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (files); i++)
    {
      int minimum;

      show (test, files[i]);
      till_settle ();
      gtk_widget_measure (GTK_WIDGET (get_detail (test)), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      g_assert_cmpint (minimum, <=, 300);
    }
}

/* For people to look at; that each can be drawn is tested on the way. */
static void
test_pictures (void)
{
  static const char * const files[] = { "chain.pem", "wrong-key.pem", "server.csr", "page.p12", "pass.p12" };
  AdwStyleManager *style = adw_style_manager_get_default ();
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr(TillDetailTest) test = till_detail_test_new (GTK_WIDGET (till_certificate_detail_new ()), 360, 800);
      g_autofree char *light = g_strconcat ("detail-", files[i], NULL);
      g_autofree char *dark = g_strconcat ("detail-dark-", files[i], NULL);

      show (test, files[i]);
      if (i == 0)
        expand (test, "Chain (3)");
      till_ui_picture (test->window, light);
      adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
      till_ui_picture (test->window, dark);
      adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_DEFAULT);
    }
}

/* Going away in the middle of each state leaves nothing behind; test_free sees to it. */
static void
test_finalize (void)
{
  static const char * const files[] = { "chain.pem", "page.p12", "pass.p12", "late.pem", "list.crl" };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr(TillDetailTest) test = set_up ();
      g_autoptr(TillCertificateItem) item = till_detail_test_item (test, files[i]);
      TillCertificateItem *watched = item;

      g_object_add_weak_pointer (G_OBJECT (item), (gpointer *) &watched);
      till_certificate_detail_set_item (get_detail (test), item);
      if (i == 0)
        {
          expand (test, "Chain (3)");
          expand (test, "Where It Is");
          expand (test, "Extensions");
        }
      till_certificate_detail_set_item (get_detail (test), NULL);
      g_clear_object (&item);
      WAIT_UNTIL (watched == NULL);
      show (test, files[i]);
    }
}

int
main (int    argc,
      char **argv)
{
  till_detail_test_init (&argc, &argv);

  g_test_add_func ("/detail/empty", test_empty);
  g_test_add_func ("/detail/pass", test_pass);
  g_test_add_func ("/detail/nfc", test_nfc);
  g_test_add_func ("/detail/time", test_time);
  g_test_add_func ("/detail/bar", test_bar);
  g_test_add_func ("/detail/effective-end", test_effective_end);
  g_test_add_func ("/detail/sections", test_sections);
  g_test_add_func ("/detail/place", test_place);
  g_test_add_func ("/detail/chain", test_chain);
  g_test_add_func ("/detail/copy", test_copy);
  g_test_add_func ("/detail/hostile", test_hostile);
  g_test_add_func ("/detail/keys", test_keys);
  g_test_add_func ("/detail/other-kinds", test_other_kinds);
  g_test_add_func ("/detail/failed", test_failed);
  g_test_add_func ("/detail/missing", test_missing);
  g_test_add_func ("/detail/loading", test_loading);
  g_test_add_func ("/detail/password", test_password_state);
  g_test_add_func ("/detail/narrow", test_narrow);
  g_test_add_func ("/detail/pictures", test_pictures);
  g_test_add_func ("/detail/finalize", test_finalize);

  return g_test_run ();
}
