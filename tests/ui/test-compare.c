/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of the comparison: the facts, the verdict, and what is seen of them. */
#include "config.h"

#include <string.h>

#include "till-compare-view.h"
#include "till-compare.h"
#include "till-detail-test.h"

static TillDetailTest *
set_up (void)
{
  return till_detail_test_new (GTK_WIDGET (till_compare_view_new ()), 800, 900);
}

static TillCompareView *
get_view (TillDetailTest *test)
{
  return TILL_COMPARE_VIEW (gtk_window_get_child (GTK_WINDOW (test->window)));
}

static void
assert_verdict (TillDetailTest *test,
                const char     *first,
                const char     *second,
                const char     *expected)
{
  g_autoptr(TillCertificateItem) a = till_detail_test_item (test, first);
  g_autoptr(TillCertificateItem) b = till_detail_test_item (test, second);
  g_autofree char *verdict = till_compare_dup_verdict (a, b);

  g_assert_cmpstr (verdict, ==, expected);
}

static void
test_verdicts (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  g_autoptr(TillCertificateItem) old = NULL;
  g_autoptr(TillCertificateItem) newer = NULL;
  g_autofree char *verdict = NULL;

  assert_verdict (test, "pass.pem", "pass.cer", "They are one and the same certificate.");
  assert_verdict (test, "pass.pem", "server.csr",
                  "One of them holds no certificate, so there is nothing to compare.");
  assert_verdict (test, "server.pem", "with-key.pem", "They are one and the same certificate.");

  /* The toys are made within a few seconds of each other, so the days may be one fewer. */
  old = till_detail_test_item (test, "pass.pem");
  newer = till_detail_test_item (test, "newer.pem");
  verdict = till_compare_dup_verdict (old, newer);
  g_assert_true (g_str_has_prefix (verdict, "Same identifier and team. The second one ends 365 days later."));
}

static void
assert_says (TillDetailTest *test,
             const char     *first,
             const char     *second,
             const char     *part)
{
  g_autoptr(TillCertificateItem) a = till_detail_test_item (test, first);
  g_autoptr(TillCertificateItem) b = till_detail_test_item (test, second);
  g_autofree char *verdict = till_compare_dup_verdict (a, b);

  if (strstr (verdict, part) == NULL)
    g_error ("“%s” is not in “%s”", part, verdict);
}

static void
test_sentences (void)
{
  g_autoptr(TillDetailTest) test = set_up ();

  assert_says (test, "pass.pem", "other.pem", "Different identifiers: passes made with the first one cannot be updated");
  assert_says (test, "pass.pem", "team.pem", "Same identifier, but different teams");
  assert_says (test, "pass.pem", "server.pem", "Only one of them is for passes.");
  assert_says (test, "server.pem", "hostile.pem", "Issued to different names.");
  assert_says (test, "root.pem", "server.pem", "The second one ends 9 years earlier.");
  assert_says (test, "server.pem", "root.pem", "The second one ends 9 years later.");
  assert_says (test, "nfc.pem", "pass.pem", "NFC would be lost");
  assert_says (test, "newer.pem", "pass.pem", "days earlier.");

  till_detail_test_days_later (test, 400);
  assert_says (test, "newer.pem", "pass.pem", "The second one has expired already.");
  till_clock_set (test->clock, test->made - 24 * 60 * 60);
  assert_says (test, "newer.pem", "pass.pem", "The second one is not valid yet.");
}

static const TillCompareFact *
find_fact (GPtrArray  *facts,
           const char *title)
{
  guint i;

  for (i = 0; i < facts->len; i++)
    if (g_str_equal (((TillCompareFact *) facts->pdata[i])->title, title))
      return facts->pdata[i];

  g_error ("no fact “%s”", title);
}

static void
test_facts (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  g_autoptr(TillCertificateItem) pass = till_detail_test_item (test, "pass.pem");
  g_autoptr(TillCertificateItem) nfc = till_detail_test_item (test, "nfc.pem");
  g_autoptr(TillCertificateItem) twin = till_detail_test_item (test, "pass.cer");
  g_autoptr(TillCertificateItem) request = till_detail_test_item (test, "server.csr");
  g_autoptr(GPtrArray) facts = till_compare_new_facts (pass, nfc);
  g_autoptr(GPtrArray) same = till_compare_new_facts (pass, twin);
  g_autoptr(GPtrArray) none = till_compare_new_facts (pass, request);
  guint i;

  g_assert_false (find_fact (facts, "Identifier")->differs);
  g_assert_cmpstr (find_fact (facts, "Identifier")->first, ==, "pass.com.acme.loyalty");
  g_assert_false (find_fact (facts, "Team")->differs);
  g_assert_false (find_fact (facts, "Issued By")->differs);
  g_assert_true (find_fact (facts, "NFC")->differs);
  g_assert_cmpstr (find_fact (facts, "NFC")->second, ==, "Supported");
  g_assert_true (find_fact (facts, "Ends")->differs);
  g_assert_true (find_fact (facts, "Serial Number")->differs);
  g_assert_true (find_fact (facts, "SHA-256 of the Public Key")->differs);
  g_assert_true (find_fact (facts, "SHA-256 Fingerprint")->differs);
  g_assert_false (find_fact (facts, "Key")->differs);

  g_assert_cmpuint (same->len, >, 10);
  for (i = 0; i < same->len; i++)
    g_assert_false (((TillCompareFact *) same->pdata[i])->differs);

  g_assert_cmpuint (none->len, ==, 0);
}

/* The order of names means nothing. */
static void
test_names (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  g_autoptr(TillCertificateItem) a = till_detail_test_item (test, "server.pem");
  g_autoptr(TillCertificateItem) b = till_detail_test_item (test, "turned.pem");
  g_autoptr(GPtrArray) facts = till_compare_new_facts (a, b);
  g_autofree char *verdict = till_compare_dup_verdict (a, b);

  g_assert_false (find_fact (facts, "Alternative Names")->differs);
  g_assert_true (g_str_has_prefix (verdict, "Issued to the same names."));
}

static guint
count_rows (GtkWidget *root,
            gboolean   mapped)
{
  guint n = GTK_IS_LIST_BOX_ROW (root) && (!mapped || gtk_widget_get_child_visible (root)) ? 1 : 0;
  GtkWidget *child;

  for (child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += count_rows (child, mapped);

  return n;
}

static void
test_view (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  g_autoptr(TillCertificateItem) pass = till_detail_test_item (test, "pass.pem");
  g_autoptr(TillCertificateItem) newer = till_detail_test_item (test, "newer.pem");
  GtkWidget *check;
  GtkWidget *row;

  till_compare_view_set_items (get_view (test), pass, newer);
  g_assert_true (till_comes_up (test->window, "Same identifier and team."));
  g_assert_true (till_comes_up (test->window, "≠ Different"));
  g_assert_true (till_comes_up (test->window, "= Same"));
  g_assert_true (till_comes_up (test->window, "pass.pem"));
  g_assert_true (till_comes_up (test->window, "newer.pem"));
  g_assert_true (till_comes_up (test->window, "facts differ"));

  /* For the ear: the name, the word and the value in one. */
  row = till_find_type (test->window, GTK_TYPE_LIST_BOX_ROW);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Identifier: same. pass.com.acme.loyalty.");

  check = till_find_type (test->window, GTK_TYPE_CHECK_BUTTON);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  till_settle ();
  g_assert_null (till_find_label (test->window, "= Same"));
  g_assert_cmpuint (count_rows (test->window, TRUE), <, count_rows (test->window, FALSE));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), FALSE);
  g_assert_true (till_comes_up (test->window, "= Same"));

  /* Another pair, the same twice, and none. */
  till_compare_view_set_items (get_view (test), newer, newer);
  g_assert_true (till_comes_up (test->window, "They are one and the same certificate."));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  g_assert_true (till_comes_up (test->window, "Nothing differs."));
  till_compare_view_set_items (get_view (test), newer, NULL);
  g_assert_cmpuint (count_rows (test->window, FALSE), ==, 0);
}

static void
test_hostile (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  g_autoptr(TillCertificateItem) hostile = till_detail_test_item (test, "hostile.pem");
  g_autoptr(TillCertificateItem) pass = till_detail_test_item (test, "pass.pem");

  till_compare_view_set_items (get_view (test), hostile, pass);
  g_assert_true (till_comes_up (test->window, "card\\u202egpj.exe"));
  g_assert_true (till_comes_up (test->window, "<b>Bold & Sons</b>"));
}

/* Side by side where there is room, else one below the other, down to a telephone's width. */
static void
test_narrow (void)
{
  g_autoptr(TillDetailTest) test = till_detail_test_new (GTK_WIDGET (till_compare_view_new ()), 300, 700);
  g_autoptr(TillCertificateItem) pass = till_detail_test_item (test, "chain.pem");
  g_autoptr(TillCertificateItem) server = till_detail_test_item (test, "server.pem");
  GtkWidget *first, *second;
  graphene_point_t a, b;
  int minimum;

  till_compare_view_set_items (get_view (test), pass, server);
  g_assert_true (till_comes_up (test->window, "Only one of them is for passes."));
  gtk_widget_measure (GTK_WIDGET (get_view (test)), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 300);

  WAIT_UNTIL ((first = till_find_label (test->window, "chain.pem")) != NULL);
  WAIT_UNTIL ((second = till_find_label (test->window, "server.pem")) != NULL);
  g_assert_true (gtk_widget_compute_point (first, test->window, &GRAPHENE_POINT_INIT (0, 0), &a));
  g_assert_true (gtk_widget_compute_point (second, test->window, &GRAPHENE_POINT_INIT (0, 0), &b));
  g_assert_cmpfloat (a.y, <, b.y);
  g_assert_cmpfloat_with_epsilon (a.x, b.x, 1);
  till_ui_picture (test->window, "compare-narrow");
}

static void
test_wide (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  g_autoptr(TillCertificateItem) pass = till_detail_test_item (test, "chain.pem");
  g_autoptr(TillCertificateItem) server = till_detail_test_item (test, "server.pem");
  GtkWidget *first, *second;
  graphene_point_t a, b;

  till_compare_view_set_items (get_view (test), pass, server);
  g_assert_true (till_comes_up (test->window, "server.pem"));
  WAIT_UNTIL ((first = till_find_label (test->window, "chain.pem")) != NULL);
  WAIT_UNTIL ((second = till_find_label (test->window, "server.pem")) != NULL);
  g_assert_true (gtk_widget_compute_point (first, test->window, &GRAPHENE_POINT_INIT (0, 0), &a));
  g_assert_true (gtk_widget_compute_point (second, test->window, &GRAPHENE_POINT_INIT (0, 0), &b));
  g_assert_cmpfloat_with_epsilon (a.y, b.y, 1);
  g_assert_cmpfloat (a.x, <, b.x);
  till_ui_picture (test->window, "compare");
}

/* From right to left the first one stands on the right. */
static void
test_right_to_left (void)
{
  g_autoptr(TillDetailTest) test = NULL;
  g_autoptr(TillCertificateItem) pass = NULL;
  g_autoptr(TillCertificateItem) newer = NULL;
  GtkWidget *first, *second;
  graphene_point_t a, b;

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  test = set_up ();
  pass = till_detail_test_item (test, "pass.pem");
  newer = till_detail_test_item (test, "newer.pem");
  till_compare_view_set_items (get_view (test), pass, newer);
  WAIT_UNTIL ((first = till_find_label (test->window, "pass.pem")) != NULL);
  WAIT_UNTIL ((second = till_find_label (test->window, "newer.pem")) != NULL);
  g_assert_true (gtk_widget_compute_point (first, test->window, &GRAPHENE_POINT_INIT (0, 0), &a));
  g_assert_true (gtk_widget_compute_point (second, test->window, &GRAPHENE_POINT_INIT (0, 0), &b));
  g_assert_cmpfloat (a.x, >, b.x);
  till_ui_picture (test->window, "compare-right-to-left");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

int
main (int    argc,
      char **argv)
{
  till_detail_test_init (&argc, &argv);

  g_test_add_func ("/compare/verdicts", test_verdicts);
  g_test_add_func ("/compare/sentences", test_sentences);
  g_test_add_func ("/compare/facts", test_facts);
  g_test_add_func ("/compare/names", test_names);
  g_test_add_func ("/compare/view", test_view);
  g_test_add_func ("/compare/hostile", test_hostile);
  g_test_add_func ("/compare/narrow", test_narrow);
  g_test_add_func ("/compare/wide", test_wide);
  g_test_add_func ("/compare/right-to-left", test_right_to_left);

  return g_test_run ();
}
