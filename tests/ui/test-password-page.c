/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of the password page: wrong and right ones, pasted white space, cancelling, and that nothing is kept. */
#include "config.h"

#include <string.h>
#include <sys/prctl.h>

#include "till-detail-test.h"
#include "till-password-page.h"

static TillDetailTest *
set_up (const char *name)
{
  TillDetailTest *test = till_detail_test_new (GTK_WIDGET (till_password_page_new ()), 500, 640);
  g_autoptr(TillFileEntry) entry = till_detail_test_read (test, name);

  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_NEEDS_PASSWORD);
  till_password_page_set_entry (TILL_PASSWORD_PAGE (gtk_window_get_child (GTK_WINDOW (test->window))), entry);

  return test;
}

static TillPasswordPage *
get_page (TillDetailTest *test)
{
  return TILL_PASSWORD_PAGE (gtk_window_get_child (GTK_WINDOW (test->window)));
}

static TillFileEntry *
get_entry (TillDetailTest *test)
{
  return till_password_page_get_entry (get_page (test));
}

static GtkEditable *
get_row (TillDetailTest *test)
{
  return GTK_EDITABLE (till_find_type (test->window, ADW_TYPE_PASSWORD_ENTRY_ROW));
}

static GtkText *
get_text (TillDetailTest *test)
{
  return GTK_TEXT (gtk_editable_get_delegate (get_row (test)));
}

/* As the Paste command does it: at the cursor, all at once. */
static void
paste (TillDetailTest *test,
       const char     *text)
{
  int position = gtk_editable_get_position (get_row (test));

  gtk_editable_insert_text (GTK_EDITABLE (get_text (test)), text, -1, &position);
  gtk_editable_set_position (get_row (test), position);
}

/* As a keyboard does it: one character after the other. */
static void
type (TillDetailTest *test,
      const char     *text)
{
  const char *p;

  for (p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      char character[8] = "";

      memcpy (character, p, (gsize) (g_utf8_next_char (p) - p));
      paste (test, character);
    }
}

static void
try_it (TillDetailTest *test)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (get_row (test)), "password.open", NULL));
  g_assert_true (till_password_page_get_busy (get_page (test)));
  WAIT_UNTIL (!till_password_page_get_busy (get_page (test)));
}

static gboolean
has_focus (TillDetailTest *test)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (test->window));

  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (get_row (test)));
}

static void
assert_on (TillDetailTest *test,
           const char     *text)
{
  if (!till_comes_up (test->window, text))
    g_error ("“%s” is not on the screen", text);
}

static void
assert_off (TillDetailTest *test,
            const char     *text)
{
  till_settle ();
  if (till_find_label (test->window, text) != NULL)
    g_error ("“%s” is on the screen", text);
}

static void
test_right (void)
{
  g_autoptr(TillDetailTest) test = set_up ("pass.p12");
  g_autofree char *password = till_detail_test_password (test);
  g_autoptr(TillFileEntry) entry = g_object_ref (get_entry (test));

  assert_on (test, "Password Needed");
  assert_on (test, "pass.p12");
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (till_find_label (test->window, "Password Needed")),
                                   GTK_ACCESSIBLE_ROLE_HEADING);

  till_password_page_focus (get_page (test));
  g_assert_true (has_focus (test));

  type (test, password);
  try_it (test);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_READY);
  g_assert_cmpstr (gtk_editable_get_text (get_row (test)), ==, "");
}

/* Enter does what the button does. */
static void
test_enter (void)
{
  g_autoptr(TillDetailTest) test = set_up ("pass.p12");
  g_autofree char *password = till_detail_test_password (test);
  g_autoptr(TillFileEntry) entry = g_object_ref (get_entry (test));

  type (test, password);
  g_signal_emit_by_name (get_row (test), "entry-activated");
  WAIT_UNTIL (till_file_entry_get_state (entry) == TILL_FILE_READY);
}

static void
test_empty (void)
{
  g_autoptr(TillDetailTest) test = set_up ("pass.p12");

  gtk_widget_activate_action (GTK_WIDGET (get_row (test)), "password.open", NULL);
  g_assert_false (till_password_page_get_busy (get_page (test)));
  g_assert_false (gtk_widget_get_sensitive (till_find_action (test->window, "password.open")));
  type (test, "x");
  g_assert_true (gtk_widget_get_sensitive (till_find_action (test->window, "password.open")));
}

static void
test_wrong_thrice (void)
{
  g_autoptr(TillDetailTest) test = set_up ("pass.p12");
  g_autofree char *password = till_detail_test_password (test);
  g_autoptr(TillFileEntry) entry = g_object_ref (get_entry (test));
  int i;

  till_password_page_focus (get_page (test));
  for (i = 1; i <= 3; i++)
    {
      gtk_editable_set_text (get_row (test), "wrong");
      try_it (test);
      assert_on (test, "Wrong Password");
      assert_on (test, "this password does not open it");
      g_assert_true (has_focus (test));
      /* What was typed can be put right, twice; then it is gone. */
      g_assert_cmpstr (gtk_editable_get_text (get_row (test)), ==, i < 3 ? "wrong" : "");
      g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_NEEDS_PASSWORD);
    }

  type (test, password);
  try_it (test);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_READY);
  assert_off (test, "Wrong Password");
}

static void
test_old_protection (void)
{
  g_autoptr(TillDetailTest) test = set_up ("old.p12");
  g_autofree char *password = till_detail_test_password (test);
  g_autoptr(TillFileEntry) entry = g_object_ref (get_entry (test));

  type (test, password);
  try_it (test);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_READY);
}

static void
test_locked_key (void)
{
  g_autoptr(TillDetailTest) test = set_up ("locked.key");
  g_autofree char *password = till_detail_test_password (test);
  g_autoptr(TillFileEntry) entry = g_object_ref (get_entry (test));

  type (test, password);
  try_it (test);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_READY);
}

static void
test_paste (void)
{
  g_autoptr(TillDetailTest) test = set_up ("pass.p12");
  g_autofree char *password = till_detail_test_password (test);
  g_autoptr(TillFileEntry) entry = g_object_ref (get_entry (test));
  g_autofree char *pasted = g_strconcat (password, " \r\n", NULL);

  paste (test, pasted);
  g_assert_cmpstr (gtk_editable_get_text (get_row (test)), ==, password);
  assert_on (test, "Spaces or line breaks at the end were removed.");

  /* There is a way back, for the password that really ends so. */
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (get_row (test)), "password.restore", NULL));
  g_assert_cmpstr (gtk_editable_get_text (get_row (test)), ==, pasted);
  assert_off (test, "Spaces or line breaks");
  try_it (test);
  assert_on (test, "Wrong Password");

  gtk_editable_set_text (get_row (test), "");
  paste (test, pasted);
  try_it (test);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_READY);
}

/* Only the end of a paste, and never what was typed. */
static void
test_paste_kept (void)
{
  g_autoptr(TillDetailTest) test = set_up ("pass.p12");

  type (test, "a b ");
  g_assert_cmpstr (gtk_editable_get_text (get_row (test)), ==, "a b ");
  assert_off (test, "Spaces or line breaks");

  gtk_editable_set_text (get_row (test), "");
  paste (test, " in front");
  g_assert_cmpstr (gtk_editable_get_text (get_row (test)), ==, " in front");

  gtk_editable_set_text (get_row (test), "");
  paste (test, "   ");
  g_assert_cmpstr (gtk_editable_get_text (get_row (test)), ==, "   ");

  /* In the middle of a text it is no end. */
  gtk_editable_set_text (get_row (test), "ab");
  gtk_editable_set_position (get_row (test), 1);
  paste (test, "x y ");
  g_assert_cmpstr (gtk_editable_get_text (get_row (test)), ==, "ax y b");

  /* A zero-width space and a byte order mark from a web page. */
  gtk_editable_set_text (get_row (test), "");
  paste (test, "пароль€\342\200\213\357\273\277");
  g_assert_cmpstr (gtk_editable_get_text (get_row (test)), ==, "пароль€");
  assert_on (test, "Spaces or line breaks");

  /* Typing on makes the offer meaningless. */
  type (test, "x");
  assert_off (test, "Spaces or line breaks");
}

static void
test_cancel (void)
{
  g_autoptr(TillDetailTest) test = set_up ("slow.p12");
  g_autofree char *password = till_detail_test_password (test);
  g_autoptr(TillFileEntry) entry = g_object_ref (get_entry (test));

  till_password_page_focus (get_page (test));
  type (test, password);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (get_row (test)), "password.open", NULL));
  g_assert_true (till_password_page_get_busy (get_page (test)));
  g_assert_false (gtk_editable_get_editable (get_row (test)));
  g_assert_nonnull (till_find_action (test->window, "password.cancel"));

  gtk_widget_activate_action (GTK_WIDGET (get_row (test)), "password.cancel", NULL);
  WAIT_UNTIL (!till_password_page_get_busy (get_page (test)));
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_NEEDS_PASSWORD);
  g_assert_true (gtk_editable_get_editable (get_row (test)));
  g_assert_true (has_focus (test));
  /* Cancelled is not a failure: what was typed is still there. */
  g_assert_cmpstr (gtk_editable_get_text (get_row (test)), ==, password);
  assert_off (test, "Wrong Password");

  try_it (test);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_READY);
}

/* Going over to another file in the middle of a try, and back. */
static void
test_other_file (void)
{
  g_autoptr(TillDetailTest) test = set_up ("slow.p12");
  g_autofree char *password = till_detail_test_password (test);
  g_autoptr(TillFileEntry) slow = g_object_ref (get_entry (test));
  g_autoptr(TillFileEntry) other = till_detail_test_read (test, "pass.p12");

  type (test, password);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (get_row (test)), "password.open", NULL));
  till_password_page_set_entry (get_page (test), other);
  g_assert_false (till_password_page_get_busy (get_page (test)));
  g_assert_cmpstr (gtk_editable_get_text (get_row (test)), ==, "");

  till_password_page_set_entry (get_page (test), slow);
  type (test, "wrong");
  try_it (test);
  assert_on (test, "Wrong Password");
  till_password_page_set_entry (get_page (test), other);
  assert_off (test, "Wrong Password");

  /* And gone in the middle of one. */
  type (test, password);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (get_row (test)), "password.open", NULL));
}

/* What is shown goes back behind dots by itself, when the page goes, and with the try. */
static void
test_reveal (void)
{
  g_autoptr(TillDetailTest) test = set_up ("pass.p12");
  gint64 start;

  g_object_set (get_page (test), "reveal-seconds", 1, NULL);
  type (test, "visible");
  g_assert_false (gtk_text_get_visibility (get_text (test)));

  start = g_get_monotonic_time ();
  gtk_text_set_visibility (get_text (test), TRUE);
  WAIT_UNTIL (!gtk_text_get_visibility (get_text (test)));
  g_assert_cmpint (g_get_monotonic_time () - start, >, 400 * 1000);

  g_object_set (get_page (test), "reveal-seconds", 30, NULL);
  gtk_text_set_visibility (get_text (test), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (get_page (test)), FALSE);
  g_assert_false (gtk_text_get_visibility (get_text (test)));
  gtk_widget_set_visible (GTK_WIDGET (get_page (test)), TRUE);

  gtk_text_set_visibility (get_text (test), TRUE);
  try_it (test);
  g_assert_false (gtk_text_get_visibility (get_text (test)));
}

static GdkDevice *
get_keyboard (TillDetailTest *test)
{
  return gdk_seat_get_keyboard (gdk_display_get_default_seat (gtk_widget_get_display (test->window)));
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
  g_autoptr(TillDetailTest) test = set_up ("pass.p12");

  g_assert_false (gdk_device_get_caps_lock_state (get_keyboard (test)));
  assert_off (test, "Caps Lock is on");

  press_caps_lock ();
  WAIT_UNTIL (gdk_device_get_caps_lock_state (get_keyboard (test)));
  assert_on (test, "Caps Lock is on");

  press_caps_lock ();
  WAIT_UNTIL (!gdk_device_get_caps_lock_state (get_keyboard (test)));
  assert_off (test, "Caps Lock is on");
}

#define CANARY_BYTES 24

/* After wrong tries, a right one's twin and another file, no copy of what was typed is left anywhere. */
static void
test_canary (void)
{
  g_autoptr(TillDetailTest) test = set_up ("pass.p12");
  guint8 inverted[CANARY_BYTES];
  int i;

  g_assert_cmpint (prctl (PR_SET_DUMPABLE, 1, 0, 0, 0), ==, 0);
  for (i = 0; i < CANARY_BYTES; i++)
    inverted[i] = (guint8) ~(guint8) g_test_rand_int_range ('a', 'z' + 1);

  for (i = 0; i < CANARY_BYTES; i++)
    {
      char character[2] = { (char) ~inverted[i], '\0' };

      type (test, character);
    }
  /* The test can see it where it is. */
  g_assert_cmpuint (till_test_count_in_memory (inverted, CANARY_BYTES), >, 0);

  try_it (test);
  try_it (test);
  try_it (test);
  g_assert_cmpstr (gtk_editable_get_text (get_row (test)), ==, "");
  till_settle ();
  g_assert_cmpuint (till_test_count_in_memory (inverted, CANARY_BYTES), ==, 0);
}

/* The toolkit has other buttons in there, which are not shown. */
static GtkWidget *
find_eye (GtkWidget *widget)
{
  GtkWidget *child;
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget))
    return widget;

  for (child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_eye (child);

  return found;
}

/* The button with the eye is known by its name, which says what it does next. */
static void
test_eye (void)
{
  g_autoptr(TillDetailTest) test = set_up ("pass.p12");
  GtkWidget *button = find_eye (GTK_WIDGET (get_row (test)));
  g_autofree char *closed = NULL;
  const char *open;

  g_assert_nonnull (button);
  closed = g_strdup (gtk_widget_get_tooltip_text (button));
  g_assert_nonnull (closed);
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, closed);

  g_signal_emit_by_name (button, "clicked");
  open = gtk_widget_get_tooltip_text (button);
  g_assert_cmpstr (open, !=, closed);
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, open);
}

int
main (int    argc,
      char **argv)
{
  till_detail_test_init (&argc, &argv);

  g_test_add_func ("/password-page/right", test_right);
  g_test_add_func ("/password-page/enter", test_enter);
  g_test_add_func ("/password-page/empty", test_empty);
  g_test_add_func ("/password-page/wrong-thrice", test_wrong_thrice);
  g_test_add_func ("/password-page/old-protection", test_old_protection);
  g_test_add_func ("/password-page/locked-key", test_locked_key);
  g_test_add_func ("/password-page/paste", test_paste);
  g_test_add_func ("/password-page/paste-kept", test_paste_kept);
  g_test_add_func ("/password-page/cancel", test_cancel);
  g_test_add_func ("/password-page/other-file", test_other_file);
  g_test_add_func ("/password-page/reveal", test_reveal);
  g_test_add_func ("/password-page/eye", test_eye);
  g_test_add_func ("/password-page/caps-lock", test_caps_lock);
  g_test_add_func ("/password-page/canary", test_canary);

  return g_test_run ();
}
