/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources of certificates and the rows made of them. */
#include "config.h"

#include "till-ui-test.h"

#include "till-certificate-item-private.h"
#include "till-certificate-search.h"
#include "till-file-entry-private.h"

typedef struct
{
  TillTestDir *dir;
  TillClock   *clock;
} Fixture;

static const TillUiCertificate gift = {
  .name = "Gift card",
  .pass_type = "pass.com.acme.gift",
  .team = "PGJV57GD94",
  .not_before = TILL_UI_NOW - 155 * TILL_UI_DAY,
  .not_after = TILL_UI_NOW + 210 * TILL_UI_DAY + 3600,
};

static void
setup (Fixture       *fixture,
       gconstpointer  data)
{
  fixture->dir = till_test_dir_new ();
  fixture->clock = till_clock_new_fixed (TILL_UI_NOW);
}

static void
teardown (Fixture       *fixture,
          gconstpointer  data)
{
  till_clock_unref (fixture->clock);
  till_test_dir_free (fixture->dir);
}

typedef struct
{
  gboolean  done;
  gboolean  opened;
  GError   *error;
} Loaded;

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Loaded *loaded = user_data;

  loaded->opened = till_file_entry_load_finish (TILL_FILE_ENTRY (source), result, &loaded->error);
  loaded->done = TRUE;
}

static gboolean
load (TillFileEntry  *entry,
      const char     *password,
      GError        **error)
{
  g_autoptr(TillSecret) secret = password != NULL ? till_secret_new_copy (password, strlen (password)) : NULL;
  Loaded loaded = { 0 };

  till_file_entry_load_async (entry, secret, NULL, loaded_cb, &loaded);
  WAIT_UNTIL (loaded.done);
  if (loaded.error != NULL)
    g_propagate_error (error, loaded.error);

  return loaded.opened;
}

static TillFileEntry *
load_file (Fixture    *fixture,
           const char *name,
           const void *data,
           gssize      size)
{
  g_autofree char *path = till_test_dir_write (fixture->dir, name, data, size);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  TillFileEntry *entry = till_file_entry_new_for_file (file);

  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_LOADING);
  (void) load (entry, NULL, NULL);

  return entry;
}

static TillCertificateItem *
load_item (Fixture                 *fixture,
           const TillUiCertificate *certificate)
{
  g_autofree char *pem = till_ui_make_pem (certificate);
  g_autoptr(TillFileEntry) entry = load_file (fixture, "one.pem", pem, -1);

  g_assert_no_error (till_file_entry_get_error (entry));
  return till_certificate_item_new (entry, 0, fixture->clock);
}

static void
assert_status (TillCertificateItem *item,
               TillItemStatus       status,
               const char          *text)
{
  g_autofree char *shown = till_certificate_item_dup_status_text (item);

  g_assert_cmpstr (shown, ==, text);
  g_assert_cmpint (till_certificate_item_get_status (item), ==, status);
}

static void
test_good (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *pem = till_ui_make_pem (&gift);
  g_autoptr(TillFileEntry) entry = load_file (fixture, "gift.pem", pem, -1);
  g_autoptr(TillCertificateItem) item = till_certificate_item_new (entry, 0, fixture->clock);
  g_autofree char *ends = till_certificate_item_dup_ends_text (item);
  g_autofree char *tooltip = till_certificate_item_dup_ends_tooltip (item);
  g_autofree char *spoken = till_certificate_item_dup_spoken (item);

  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_READY);
  g_assert_cmpstr (till_file_entry_get_title (entry), ==, "gift.pem");
  g_assert_nonnull (till_file_entry_get_document (entry));
  g_assert_null (till_file_entry_get_error (entry));

  g_assert_true (till_certificate_item_get_entry (item) == entry);
  g_assert_cmpint (till_certificate_item_get_leaf (item), ==, 0);
  g_assert_true (till_certificate_item_get_clock (item) == fixture->clock);
  g_assert_cmpstr (till_certificate_item_get_certificate (item)->common_name, ==, "Gift card");
  g_assert_cmpstr (till_certificate_item_get_name (item), ==, "Gift card");
  g_assert_cmpstr (ends, ==, "20 Jun 2027");
  g_assert_cmpstr (tooltip, ==, "20 June 2027, 13:00 UTC");
  g_assert_cmpint (till_certificate_item_get_ends (item), ==, gift.not_after);
  assert_status (item, TILL_STATUS_VALID, "Valid · 210 d");
  g_assert_false (till_certificate_item_needs_attention (item));
  g_assert_cmpstr (till_certificate_item_get_identifier (item), ==, "pass.com.acme.gift");
  g_assert_cmpstr (spoken, ==, "Gift card, Valid for 210 days, pass.com.acme.gift, 20 Jun 2027");
}

static void
test_properties (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(TillCertificateItem) item = load_item (fixture, &gift);
  g_autofree char *status_text = NULL, *name = NULL, *identifier = NULL, *ends = NULL;
  TillItemStatus status;
  TillFileState state;
  gboolean busy;
  g_autofree char *title = NULL;

  g_object_get (item, "status", &status, "status-text", &status_text, "name", &name,
                "identifier", &identifier, "ends-text", &ends, NULL);
  g_assert_cmpint (status, ==, TILL_STATUS_VALID);
  g_assert_cmpstr (status_text, ==, "Valid · 210 d");
  g_assert_cmpstr (name, ==, "Gift card");
  g_assert_cmpstr (identifier, ==, till_certificate_item_get_identifier (item));
  g_assert_cmpstr (ends, ==, "20 Jun 2027");

  g_object_get (till_certificate_item_get_entry (item), "state", &state, "busy", &busy, "title", &title, NULL);
  g_assert_cmpint (state, ==, TILL_FILE_READY);
  g_assert_false (busy);
  g_assert_cmpstr (title, ==, "one.pem");
}

typedef struct
{
  gint64          at;          /* days after TILL_UI_NOW */
  gint64          seconds;
  TillItemStatus  status;
  const char     *text;
} Moment;

static void
count_cb (int *n)
{
  (*n)++;
}

/* One certificate of a year, seen at many moments. */
static void
test_time_passes (Fixture       *fixture,
                  gconstpointer  data)
{
  static const TillUiCertificate year = {
    .name = "Year", .not_before = TILL_UI_NOW, .not_after = TILL_UI_NOW + 365 * TILL_UI_DAY,
  };
  static const Moment moments[] = {
    { -1, 0, TILL_STATUS_PROBLEM, "Not valid yet" },
    { 0, 0, TILL_STATUS_VALID, "Valid · 365 d" },
    { 300, 0, TILL_STATUS_VALID, "Valid · 65 d" },
    { 353, 0, TILL_STATUS_SOON, "Ends in 12 days" },
    { 363, 3600, TILL_STATUS_SOON, "Ends in 1 day" },
    { 364, 3600, TILL_STATUS_SOON, "Ends in 23 hours" },
    { 364, 23 * 3600, TILL_STATUS_SOON, "Ends in 1 hour" },
    { 364, 23 * 3600 + 1800, TILL_STATUS_SOON, "Ends in 30 minutes" },
    { 364, 86400 - 5, TILL_STATUS_SOON, "Ends within a minute" },
    { 365, 30, TILL_STATUS_EXPIRED, "Expired just now" },
    { 365, 3600, TILL_STATUS_EXPIRED, "Expired 1 hour ago" },
    { 366, 0, TILL_STATUS_EXPIRED, "Expired 1 day ago" },
    { 368, 0, TILL_STATUS_EXPIRED, "Expired 3 days ago" },
    { 365 * 4, 0, TILL_STATUS_EXPIRED, "Expired 3 years ago" },
  };
  g_autoptr(TillCertificateItem) item = load_item (fixture, &year);
  int n_status = 0, n_text = 0;
  guint i;

  assert_status (item, TILL_STATUS_VALID, "Valid · 365 d");
  g_signal_connect_swapped (item, "notify::status", G_CALLBACK (count_cb), &n_status);
  g_signal_connect_swapped (item, "notify::status-text", G_CALLBACK (count_cb), &n_text);

  for (i = 0; i < G_N_ELEMENTS (moments); i++)
    {
      till_clock_set (fixture->clock, TILL_UI_NOW + moments[i].at * TILL_UI_DAY + moments[i].seconds);
      till_certificate_item_refresh (item);
      assert_status (item, moments[i].status, moments[i].text);
    }

  g_assert_cmpint (n_status, ==, 4);
  g_assert_cmpint (n_text, ==, (int) G_N_ELEMENTS (moments));

  /* Nothing new: nobody is told. */
  till_certificate_item_refresh (item);
  g_assert_cmpint (n_text, ==, (int) G_N_ELEMENTS (moments));
}

static void
test_far_away (Fixture       *fixture,
               gconstpointer  data)
{
  TillUiCertificate certificate = { .name = "Root", .not_before = TILL_UI_NOW - TILL_UI_DAY };
  g_autoptr(TillCertificateItem) years = NULL;
  g_autoptr(TillCertificateItem) never = NULL;
  g_autofree char *ends = NULL;

  certificate.not_after = TILL_UI_NOW + 3652 * TILL_UI_DAY;
  years = load_item (fixture, &certificate);
  assert_status (years, TILL_STATUS_VALID, "Valid · 10 years");

  /* RFC 5280, 4.1.2.5: there is no end. */
  certificate.not_after = TILL_TIME_NEVER;
  never = load_item (fixture, &certificate);
  assert_status (never, TILL_STATUS_VALID, "Valid · no end date");
  g_assert_cmpint (till_certificate_item_get_ends (never), ==, G_MAXINT64);
  ends = till_certificate_item_dup_ends_text (never);
  g_assert_cmpstr (ends, ==, "");
}

static void
test_impossible_dates (Fixture       *fixture,
                       gconstpointer  data)
{
  static const TillUiCertificate certificate = {
    .name = "Upside down", .not_before = TILL_UI_NOW + TILL_UI_DAY, .not_after = TILL_UI_NOW - TILL_UI_DAY,
  };
  g_autoptr(TillCertificateItem) item = load_item (fixture, &certificate);

  assert_status (item, TILL_STATUS_PROBLEM, "Impossible dates");
  g_assert_true (till_certificate_item_needs_attention (item));
}

static void
test_weak (Fixture       *fixture,
           gconstpointer  data)
{
  static const TillUiCertificate certificate = {
    .name = "Old", .not_before = TILL_UI_NOW - TILL_UI_DAY, .not_after = TILL_UI_NOW + 365 * TILL_UI_DAY,
    .rsa_bits = 1024,
  };
  g_autoptr(TillCertificateItem) item = load_item (fixture, &certificate);

  assert_status (item, TILL_STATUS_PROBLEM, "Weak key");
}

/* UX.md 1, 18: the chain's end counts. */
static void
test_issuer_ends_first (Fixture       *fixture,
                        gconstpointer  data)
{
  static const TillUiCertificate leaf = {
    .name = "Leaf", .dns = "shop.example",
    .not_before = TILL_UI_NOW - 300 * TILL_UI_DAY, .not_after = TILL_UI_NOW + 400 * TILL_UI_DAY,
  };
  static const TillUiCertificate issuer = {
    .name = "Issuer",
    .not_before = TILL_UI_NOW - 1000 * TILL_UI_DAY, .not_after = TILL_UI_NOW + 5 * TILL_UI_DAY + 60,
  };
  g_autofree char *pem = till_ui_make_issued_pem (&leaf, &issuer);
  g_autoptr(TillFileEntry) entry = load_file (fixture, "chain.pem", pem, -1);
  TillDocument *document = till_file_entry_get_document (entry);
  g_autoptr(TillCertificateItem) item = NULL;

  g_assert_cmpuint (document->leaves->len, ==, 1);
  item = till_certificate_item_new (entry, (int) g_array_index (document->leaves, guint, 0), fixture->clock);
  g_assert_cmpstr (till_certificate_item_get_name (item), ==, "Leaf");
  g_assert_cmpstr (till_certificate_item_get_identifier (item), ==, "shop.example");
  g_assert_cmpint (till_certificate_item_get_ends (item), ==, issuer.not_after);
  assert_status (item, TILL_STATUS_SOON, "Ends in 5 days");
}

static void
test_key_mismatch (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *pem = till_ui_make_pem (&gift);
  g_autofree char *key = till_ui_make_other_key_pem ();
  g_autofree char *right_key = till_ui_make_key_pem ();
  g_autofree char *wrong = g_strconcat (pem, key, NULL);
  g_autofree char *right = g_strconcat (pem, right_key, NULL);
  g_autoptr(TillFileEntry) wrong_entry = load_file (fixture, "wrong.pem", wrong, -1);
  g_autoptr(TillFileEntry) right_entry = load_file (fixture, "right.pem", right, -1);
  g_autoptr(TillCertificateItem) wrong_item = till_certificate_item_new (wrong_entry, 0, fixture->clock);
  g_autoptr(TillCertificateItem) right_item = till_certificate_item_new (right_entry, 0, fixture->clock);

  assert_status (wrong_item, TILL_STATUS_PROBLEM, "Key does not match");
  assert_status (right_item, TILL_STATUS_VALID, "Valid · 210 d");
}

static void
test_password (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GBytes) p12 = till_ui_make_p12 (&gift, "пароль€");
  g_autoptr(TillFileEntry) entry = load_file (fixture, "gift.p12", g_bytes_get_data (p12, NULL),
                                              (gssize) g_bytes_get_size (p12));
  g_autoptr(TillCertificateItem) locked = till_certificate_item_new (entry, -1, fixture->clock);
  g_autoptr(TillCertificateItem) item = NULL;
  g_autoptr(GError) error = NULL;
  int n_changed = 0;

  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_NEEDS_PASSWORD);
  g_assert_error (till_file_entry_get_error (entry), TILL_ERROR, TILL_ERROR_PASSWORD_REQUIRED);
  assert_status (locked, TILL_STATUS_LOCKED, "Password needed");
  g_assert_cmpstr (till_certificate_item_get_name (locked), ==, "gift.p12");
  g_assert_cmpstr (till_certificate_item_get_identifier (locked), ==, "");
  g_assert_cmpint (till_certificate_item_get_ends (locked), ==, G_MAXINT64);
  g_assert_true (till_certificate_item_needs_attention (locked));

  g_signal_connect_swapped (entry, "changed", G_CALLBACK (count_cb), &n_changed);
  g_assert_false (load (entry, "guess", &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_WRONG_PASSWORD);
  g_clear_error (&error);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_NEEDS_PASSWORD);
  g_assert_cmpint (n_changed, ==, 1);

  g_assert_true (load (entry, "пароль€", &error));
  g_assert_no_error (error);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_READY);
  g_assert_null (till_file_entry_get_error (entry));
  g_assert_cmpint (n_changed, ==, 2);
  item = till_certificate_item_new (entry, 0, fixture->clock);
  g_assert_cmpstr (till_certificate_item_get_name (item), ==, "Gift card");

  /* Read again without the password, as F5 does: the same file stays open. */
  g_assert_true (load (entry, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_READY);
  g_assert_cmpint (n_changed, ==, 2);
}

/* A locked file that was opened and then replaced by another needs its password again. */
static void
test_password_of_new_file (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(GBytes) p12 = till_ui_make_p12 (&gift, "one");
  g_autoptr(GBytes) other = till_ui_make_p12 (&gift, "two");
  g_autoptr(TillFileEntry) entry = load_file (fixture, "gift.p12", g_bytes_get_data (p12, NULL),
                                              (gssize) g_bytes_get_size (p12));
  g_autofree char *path = NULL;

  g_assert_true (load (entry, "one", NULL));
  path = till_test_dir_write (fixture->dir, "gift.p12", g_bytes_get_data (other, NULL),
                              (gssize) g_bytes_get_size (other));
  g_assert_false (load (entry, NULL, NULL));
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_NEEDS_PASSWORD);
}

static void
test_missing (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *path = till_test_dir_file (fixture->dir, "gone.pem");
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(TillFileEntry) entry = till_file_entry_new_for_file (file);
  g_autoptr(TillCertificateItem) item = till_certificate_item_new (entry, -1, fixture->clock);
  g_autoptr(GError) error = NULL;

  assert_status (item, TILL_STATUS_NONE, "Opening…");
  g_assert_false (load (entry, NULL, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_MISSING);
  till_certificate_item_refresh (item);
  assert_status (item, TILL_STATUS_PROBLEM, "File not found");
}

/* Not one of them is a reason to fall over. */
static void
test_failures (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *pem = till_ui_make_pem (&gift);
  g_autoptr(GBytes) p12 = till_ui_make_p12 (&gift, "secret");
  g_autofree char *cut = g_strndup (pem, strlen (pem) / 2);
  const struct
  {
    const char     *name;
    const void     *data;
    gssize          size;
    TillItemStatus  status;
    const char     *text;
  } cases[] = {
    { "page.html", "<!DOCTYPE html><html><body>Sign in</body></html>", -1,
      TILL_STATUS_PROBLEM, "Not a certificate file" },
    { "empty.pem", "", 0, TILL_STATUS_PROBLEM, "Empty file" },
    { "cut.pem", cut, -1, TILL_STATUS_PROBLEM, "Damaged file" },
    { "cut.p12", g_bytes_get_data (p12, NULL), (gssize) g_bytes_get_size (p12) - 100,
      TILL_STATUS_PROBLEM, "Damaged file" },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TillFileEntry) entry = load_file (fixture, cases[i].name, cases[i].data, cases[i].size);
      g_autoptr(TillCertificateItem) item = till_certificate_item_new (entry, -1, fixture->clock);

      g_test_message ("%s", cases[i].name);
      g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_FAILED);
      g_assert_nonnull (till_file_entry_get_error (entry));
      assert_status (item, cases[i].status, cases[i].text);
      g_assert_cmpstr (till_certificate_item_get_name (item), ==, cases[i].name);
    }
}

static void
test_folder (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GFile) file = g_file_new_for_path (fixture->dir->path);
  g_autoptr(TillFileEntry) entry = till_file_entry_new_for_file (file);
  g_autoptr(GError) error = NULL;

  g_assert_false (load (entry, NULL, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_UNREADABLE);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_FAILED);
}

/* Files without a certificate are rows too. */
static void
test_other_contents (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *key = till_ui_make_key_pem ();
  g_autofree char *request = till_ui_make_request_pem ("Loyalty card");
  g_autoptr(TillFileEntry) key_entry = load_file (fixture, "till.key", key, -1);
  g_autoptr(TillFileEntry) request_entry = load_file (fixture, "loyalty.csr", request, -1);
  g_autoptr(TillCertificateItem) key_item = till_certificate_item_new (key_entry, -1, fixture->clock);
  g_autoptr(TillCertificateItem) request_item = till_certificate_item_new (request_entry, -1, fixture->clock);

  g_assert_cmpint (till_file_entry_get_state (key_entry), ==, TILL_FILE_READY);
  assert_status (key_item, TILL_STATUS_NONE, "Private key");
  g_assert_false (till_certificate_item_needs_attention (key_item));
  assert_status (request_item, TILL_STATUS_NONE, "Certificate request");
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *pem = till_ui_make_pem (&gift);
  g_autofree char *path = till_test_dir_write (fixture->dir, "gift.pem", pem, -1);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(TillFileEntry) entry = till_file_entry_new_for_file (file);
  g_autoptr(GCancellable) before = g_cancellable_new ();
  g_autoptr(GCancellable) during = g_cancellable_new ();
  Loaded loaded = { 0 };

  g_cancellable_cancel (before);
  till_file_entry_load_async (entry, NULL, before, loaded_cb, &loaded);
  WAIT_UNTIL (loaded.done);
  g_assert_error (loaded.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&loaded.error);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_LOADING);
  g_assert_false (till_file_entry_get_busy (entry));

  loaded = (Loaded) { 0 };
  till_file_entry_load_async (entry, NULL, during, loaded_cb, &loaded);
  g_assert_true (till_file_entry_get_busy (entry));
  g_cancellable_cancel (during);
  WAIT_UNTIL (loaded.done);
  g_assert_error (loaded.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&loaded.error);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_LOADING);

  g_assert_true (load (entry, NULL, NULL));
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_READY);
}

/* Two readings at once: the newer one counts, the older one ends as cancelled. */
static void
test_newer_reading (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GBytes) p12 = till_ui_make_p12 (&gift, "secret");
  g_autoptr(TillFileEntry) entry = load_file (fixture, "gift.p12", g_bytes_get_data (p12, NULL),
                                              (gssize) g_bytes_get_size (p12));
  g_autoptr(TillSecret) secret = till_secret_new_copy ("secret", 6);
  Loaded older = { 0 }, newer = { 0 };

  till_file_entry_load_async (entry, NULL, NULL, loaded_cb, &older);
  till_file_entry_load_async (entry, secret, NULL, loaded_cb, &newer);
  WAIT_UNTIL (older.done && newer.done);
  g_assert_error (older.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&older.error);
  g_assert_no_error (newer.error);
  g_assert_true (newer.opened);
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_READY);
}

/* The entry outlives whoever made it as long as it reads, and no longer. */
static void
test_let_go_while_reading (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autofree char *pem = till_ui_make_pem (&gift);
  g_autofree char *path = till_test_dir_write (fixture->dir, "gift.pem", pem, -1);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  TillFileEntry *entry = till_file_entry_new_for_file (file);
  Loaded loaded = { 0 };

  g_object_add_weak_pointer (G_OBJECT (entry), (gpointer *) &entry);
  till_file_entry_load_async (entry, NULL, NULL, loaded_cb, &loaded);
  g_object_unref (entry);
  WAIT_UNTIL (loaded.done);
  g_assert_true (loaded.opened);
  WAIT_UNTIL (entry == NULL);
}

static void
test_bytes (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *pem = till_ui_make_pem (&gift);
  g_autoptr(GBytes) bytes = g_bytes_new (pem, strlen (pem));
  g_autoptr(GBytes) same = g_bytes_new (pem, strlen (pem));
  g_autoptr(GBytes) other = g_bytes_new (pem, strlen (pem) - 1);
  g_autoptr(TillFileEntry) entry = till_file_entry_new_for_bytes (bytes, "Pasted text");

  g_assert_null (till_file_entry_get_file (entry));
  g_assert_cmpstr (till_file_entry_get_title (entry), ==, "Pasted text");
  g_assert_true (load (entry, NULL, NULL));
  g_assert_true (till_file_entry_has_bytes (entry, same));
  g_assert_false (till_file_entry_has_bytes (entry, other));

  /* Reading again changes nothing: the text is not kept. */
  g_assert_true (load (entry, NULL, NULL));
  g_assert_cmpint (till_file_entry_get_state (entry), ==, TILL_FILE_READY);

  till_file_entry_set_remembered (entry, TRUE);
  g_assert_false (till_file_entry_get_remembered (entry));
}

/* Read again and nothing new: nobody is told, so that open pages stay. */
static void
test_unchanged (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *pem = till_ui_make_pem (&gift);
  g_autofree char *other = till_ui_make_pem (&gift);
  g_autofree char *path = NULL;
  g_autoptr(TillFileEntry) entry = load_file (fixture, "gift.pem", pem, -1);
  int n_changed = 0;

  g_signal_connect_swapped (entry, "changed", G_CALLBACK (count_cb), &n_changed);
  g_assert_true (load (entry, NULL, NULL));
  g_assert_cmpint (n_changed, ==, 0);

  path = till_test_dir_write (fixture->dir, "gift.pem", other, -1);
  g_assert_true (load (entry, NULL, NULL));
  g_assert_cmpint (n_changed, ==, 1);
}

/* RELIABILITY.md 5.1, rows 27 and 28. */
static void
test_hostile_names (Fixture       *fixture,
                    gconstpointer  data)
{
  static const TillUiCertificate certificate = {
    .name = "<b>Gift</b>\n\342\200\256card", .not_before = TILL_UI_NOW, .not_after = TILL_UI_NOW + 90 * TILL_UI_DAY,
  };
  g_autofree char *pem = till_ui_make_pem (&certificate);
  g_autoptr(TillFileEntry) entry = load_file (fixture, "a\nb\342\200\256c\377.pem", pem, -1);
  g_autoptr(TillCertificateItem) item = till_certificate_item_new (entry, 0, fixture->clock);
  g_autofree char *spoken = till_certificate_item_dup_spoken (item);

  g_assert_true (g_str_has_prefix (till_certificate_item_get_name (item), "<b>Gift</b>"));
  g_assert_true (g_str_has_suffix (till_certificate_item_get_name (item), "\\u202ecard"));
  g_assert_null (strchr (till_certificate_item_get_name (item), '\n'));
  g_assert_true (g_utf8_validate (till_file_entry_get_title (entry), -1, NULL));
  g_assert_null (strchr (till_file_entry_get_title (entry), '\n'));
  g_assert_null (strstr (till_file_entry_get_title (entry), "\342\200\256"));
  g_assert_null (strchr (spoken, '\n'));
}

static void
test_nameless (Fixture       *fixture,
               gconstpointer  data)
{
  static const TillUiCertificate certificate = {
    .not_before = TILL_UI_NOW, .not_after = TILL_UI_NOW + 90 * TILL_UI_DAY, .serial = 0x1234,
  };
  g_autoptr(TillCertificateItem) item = load_item (fixture, &certificate);

  g_assert_cmpstr (till_certificate_item_get_name (item), ==, "Unnamed certificate");
  g_assert_cmpstr (till_certificate_item_get_identifier (item), ==, "0100001234");
}

static void
test_pass_name (Fixture       *fixture,
                gconstpointer  data)
{
  static const TillUiCertificate certificate = {
    .name = "Pass Type ID: pass.com.acme.gift", .pass_type = "pass.com.acme.gift", .team = "PGJV57GD94",
    .not_before = TILL_UI_NOW, .not_after = TILL_UI_NOW + 90 * TILL_UI_DAY,
  };
  g_autoptr(TillCertificateItem) item = load_item (fixture, &certificate);

  g_assert_cmpstr (till_certificate_item_get_name (item), ==, "pass.com.acme.gift");
  g_assert_cmpstr (till_certificate_item_get_identifier (item), ==, "pass.com.acme.gift");
}

static void
test_search (Fixture       *fixture,
             gconstpointer  data)
{
  static const TillUiCertificate certificate = {
    .name = "Grüße Café", .pass_type = "pass.com.acme.gift", .team = "PGJV57GD94", .dns = "shop.example",
    .not_before = TILL_UI_NOW, .not_after = TILL_UI_NOW + 90 * TILL_UI_DAY, .serial = 0xabcdef,
  };
  static const struct
  {
    const char *query;
    gboolean    found;
  } cases[] = {
    { "", TRUE },
    { "  ", TRUE },
    { "café", TRUE },
    { "CAFÉ", TRUE },
    { "cafe\314\201", TRUE },
    { "grüsse", TRUE },
    { "pass.com.acme", TRUE },
    { "pgjv57", TRUE },
    { "shop.example", TRUE },
    { "ONE.pem", TRUE },
    { "0100abcdef", TRUE },
    { "01:00:AB:CD:EF", TRUE },
    { "gift pgjv", TRUE },
    { "gift other", FALSE },
    { "02:00:AB", FALSE },
    { "zzz", FALSE },
  };
  g_autoptr(TillCertificateItem) item = load_item (fixture, &certificate);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(GStrv) terms = till_certificate_search_split (cases[i].query);

      g_test_message ("“%s”", cases[i].query);
      g_assert_cmpint (till_certificate_item_matches (item, (const char * const *) terms), ==, cases[i].found);
    }
}

/* A row of a document that is read anew keeps what it shows alive. */
static void
test_outlives_document (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autofree char *pem = till_ui_make_pem (&gift);
  g_autoptr(TillFileEntry) entry = load_file (fixture, "gift.pem", pem, -1);
  g_autoptr(TillCertificateItem) item = till_certificate_item_new (entry, 0, fixture->clock);
  g_autofree char *path = NULL;

  g_assert_true (till_certificate_item_stands_for (item, entry, 0));
  path = till_test_dir_write (fixture->dir, "gift.pem", "nothing", -1);
  g_assert_nonnull (path);
  g_assert_false (load (entry, NULL, NULL));
  g_assert_false (till_certificate_item_stands_for (item, entry, 0));
  g_assert_cmpstr (till_certificate_item_get_name (item), ==, "Gift card");
  g_assert_cmpstr (till_certificate_item_get_certificate (item)->common_name, ==, "Gift card");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/item/" path, Fixture, NULL, setup, function, teardown)
  ADD ("good", test_good);
  ADD ("properties", test_properties);
  ADD ("time-passes", test_time_passes);
  ADD ("far-away", test_far_away);
  ADD ("impossible-dates", test_impossible_dates);
  ADD ("weak", test_weak);
  ADD ("issuer-ends-first", test_issuer_ends_first);
  ADD ("key-mismatch", test_key_mismatch);
  ADD ("password", test_password);
  ADD ("password-of-new-file", test_password_of_new_file);
  ADD ("missing", test_missing);
  ADD ("failures", test_failures);
  ADD ("folder", test_folder);
  ADD ("other-contents", test_other_contents);
  ADD ("cancel", test_cancel);
  ADD ("newer-reading", test_newer_reading);
  ADD ("let-go-while-reading", test_let_go_while_reading);
  ADD ("bytes", test_bytes);
  ADD ("unchanged", test_unchanged);
  ADD ("hostile-names", test_hostile_names);
  ADD ("nameless", test_nameless);
  ADD ("pass-name", test_pass_name);
  ADD ("search", test_search);
  ADD ("outlives-document", test_outlives_document);

  return g_test_run ();
}
