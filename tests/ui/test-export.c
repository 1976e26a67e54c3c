/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of what leaves the window: exported public parts and calendar files, through the real save dialog. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "till-calendar.h"
#include "till-certificate-detail.h"
#include "till-detail-test.h"
#include "till-export.h"
#include "till-save.h"

/* What a file holds, by its own reading. */
static TillDocument *
read_document (TillDetailTest *test,
               const char     *name)
{
  g_autoptr(TillFileEntry) entry = till_detail_test_read (test, name);
  TillDocument *document = till_file_entry_get_document (entry);

  g_assert_nonnull (document);

  return till_document_ref (document);
}

static TillDocument *
parse (GBytes *bytes)
{
  TillInspectOptions options = { NULL, NULL };
  g_autoptr(GError) error = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  TillDocument *document = till_document_parse (data, size, &options, &error);

  g_assert_no_error (error);

  return document;
}

static void
assert_public (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  g_assert_null (g_strstr_len (data, (gssize) size, "PRIVATE"));
}

static TillDetailTest *
set_up (void)
{
  return till_detail_test_new (GTK_WIDGET (till_certificate_detail_new ()), 700, 800);
}

static void
test_formats (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  g_autoptr(TillDocument) document = read_document (test, "chain.pem");
  g_autoptr(GBytes) pem = till_export_make (document, 0, TILL_EXPORT_PEM);
  g_autoptr(GBytes) der = till_export_make (document, 0, TILL_EXPORT_DER);
  g_autoptr(GBytes) chain = till_export_make (document, 0, TILL_EXPORT_CHAIN);
  g_autoptr(TillDocument) from_pem = parse (pem);
  g_autoptr(TillDocument) from_der = parse (der);
  g_autoptr(TillDocument) from_chain = parse (chain);
  TillCertificate *certificate = document->certificates->pdata[0];
  g_autofree char *own_pem = till_certificate_to_pem (certificate);
  guint i;

  g_assert_true (g_bytes_equal (der, certificate->der));
  g_assert_cmpuint (from_pem->certificates->len, ==, 1);
  g_assert_cmpstr (((TillCertificate *) from_pem->certificates->pdata[0])->sha256, ==, certificate->sha256);
  g_assert_cmpuint (from_der->certificates->len, ==, 1);
  g_assert_cmpmem (g_bytes_get_data (pem, NULL), g_bytes_get_size (pem), own_pem, strlen (own_pem));

  /* The whole chain, the certificate first. */
  g_assert_cmpuint (from_chain->certificates->len, ==, 3);
  for (i = 0; i < 3; i++)
    g_assert_cmpstr (((TillCertificate *) from_chain->certificates->pdata[i])->sha256, ==,
                     ((TillCertificate *) document->certificates->pdata[i])->sha256);
}

/* A file with a private key gives its public part, in every format. */
static void
test_never_private (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  static const char * const files[] = { "with-key.pem", "server.key", "wrong-key.pem", "public.pem" };
  gsize i;
  int format;

  for (i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr(TillDocument) document = read_document (test, files[i]);

      for (format = TILL_EXPORT_PEM; format <= TILL_EXPORT_CHAIN; format++)
        {
          int certificate = document->certificates->len > 0 ? 0 : -1;
          g_autoptr(GBytes) bytes = till_export_make (document, certificate, format);
          g_autoptr(TillDocument) back = NULL;

          g_assert_nonnull (bytes);
          assert_public (bytes);
          back = parse (bytes);
          g_assert_cmpuint (back->private_keys->len, ==, 0);
          if (certificate < 0)
            g_assert_cmpuint (back->public_keys->len, ==, 1);
        }
    }
}

static void
assert_name (TillDetailTest   *test,
             const char       *file,
             TillExportFormat  format,
             const char       *expected)
{
  g_autoptr(TillDocument) document = read_document (test, file);
  g_autofree char *name = till_export_dup_name (document, document->certificates->len > 0 ? 0 : -1, format);

  g_assert_cmpstr (name, ==, expected);
}

static void
test_names (void)
{
  g_autoptr(TillDetailTest) test = set_up ();

  assert_name (test, "pass.pem", TILL_EXPORT_PEM, "pass.com.acme.loyalty.pem");
  assert_name (test, "pass.pem", TILL_EXPORT_DER, "pass.com.acme.loyalty.cer");
  assert_name (test, "chain.pem", TILL_EXPORT_CHAIN, "pass.com.acme.loyalty-chain.pem");
  assert_name (test, "server.csr", TILL_EXPORT_PEM, "till.example.pem");
  assert_name (test, "server.key", TILL_EXPORT_PEM, "public-key.pem");
  assert_name (test, "server.key", TILL_EXPORT_DER, "public-key.der");
  assert_name (test, "hostile.pem", TILL_EXPORT_PEM, "card-gpj.exe.pem");
  assert_name (test, "list.crl", TILL_EXPORT_DER, "Toy-Root-CA.der");
}

typedef struct
{
  gboolean  done;
  GError   *error;
} Written;

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Written *written = user_data;

  till_save_write_finish (result, &written->error);
  written->done = TRUE;
}

static GError *
write_to (const char *path,
          const char *text)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  Written written = { FALSE, NULL };

  till_save_write_async (file, bytes, NULL, written_cb, &written);
  WAIT_UNTIL (written.done);

  return written.error;
}

static void
test_write (void)
{
  g_autoptr(TillTestDir) folder = till_test_dir_new ();
  g_autofree char *path = till_test_dir_file (folder, "out.pem");
  g_autofree char *nowhere = g_build_filename (folder->path, "none", "out.pem", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) missing = NULL;
  g_autoptr(GError) directory = NULL;
  struct stat st;

  g_assert_no_error (write_to (path, "first"));
  g_assert_no_error (write_to (path, "second"));
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "second");
  g_assert_cmpint (g_stat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0644);
  g_assert_cmpuint (till_test_dir_count (folder), ==, 1);

  missing = write_to (nowhere, "text");
  g_assert_nonnull (missing);
  directory = write_to (folder->path, "text");
  g_assert_nonnull (directory);
  g_assert_cmpuint (till_test_dir_count (folder), ==, 1);
}

static gboolean
has_folder (GtkFileChooser *chooser)
{
  g_autoptr(GFile) folder = gtk_file_chooser_get_current_folder (chooser);

  return folder != NULL;
}

/* The dialog looks at the place before it takes the answer, and forgets an answer while it still looks around. */
static gboolean
has_answered (GtkWidget *dialog)
{
  static gint64 asked;

  if (till_ui_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG) != dialog)
    return TRUE;

  if (g_get_monotonic_time () - asked > G_USEC_PER_SEC)
    {
      asked = g_get_monotonic_time ();
      gtk_dialog_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
    }

  return FALSE;
}

/* The field for the name, known by the name that is offered there. */
static GtkWidget *
find_name_field (GtkWidget  *root,
                 const char *offered)
{
  GtkWidget *child;

  if (GTK_IS_ENTRY (root) && g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (root)), offered) == 0)
    return root;

  for (child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_name_field (child, offered);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* Answers the save dialog as a person would: the whole path for a name, then Save. The name offered comes back. */
static char *
answer_dialog (const char *folder,
               const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GtkWidget *dialog;
  GtkWidget *field;
  char *offered;

  WAIT_UNTIL ((dialog = till_ui_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG)) != NULL);
  /* It is not ready for an answer before it has found its first folder. */
  WAIT_UNTIL (has_folder (GTK_FILE_CHOOSER (dialog)));
  offered = gtk_file_chooser_get_current_name (GTK_FILE_CHOOSER (dialog));

  field = find_name_field (dialog, offered);
  g_assert_nonnull (field);
  gtk_editable_set_text (GTK_EDITABLE (field), path);
  WAIT_UNTIL (has_answered (dialog));

  return offered;
}

static void
activate (TillDetailTest *test,
          const char     *action)
{
  g_assert_true (gtk_widget_activate_action (gtk_window_get_child (GTK_WINDOW (test->window)), action, NULL));
}

static void
show (TillDetailTest *test,
      const char     *name)
{
  g_autoptr(TillCertificateItem) item = till_detail_test_item (test, name);

  till_certificate_detail_set_item (TILL_CERTIFICATE_DETAIL (gtk_window_get_child (GTK_WINDOW (test->window))), item);
}

static void
test_dialog (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  g_autoptr(TillTestDir) folder = till_test_dir_new ();
  g_autofree char *path = till_test_dir_file (folder, "mine.pem");
  g_autofree char *offered = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  show (test, "with-key.pem");
  activate (test, "detail.export");
  offered = answer_dialog (folder->path, "mine.pem");
  g_assert_cmpstr (offered, ==, "till.example.pem");
  WAIT_UNTIL (test->toast != NULL);
  g_assert_cmpstr (test->toast, ==, "Exported to mine.pem");

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (text, "-----BEGIN CERTIFICATE-----\n"));
  g_assert_null (strstr (text, "PRIVATE"));
}

static void
test_dialog_cancelled (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  GtkWidget *dialog;

  show (test, "pass.pem");
  activate (test, "detail.export-der");
  WAIT_UNTIL ((dialog = till_ui_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG)) != NULL);
  gtk_dialog_response (GTK_DIALOG (dialog), GTK_RESPONSE_CANCEL);
  WAIT_UNTIL (till_ui_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG) == NULL);
  till_settle ();
  g_assert_null (test->toast);

  /* Nor does one that is still open keep the window alive. */
  activate (test, "detail.export");
  WAIT_UNTIL (till_ui_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG) != NULL);
}

/* What could not be written is said in a dialog, in words. */
static void
test_dialog_failed (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  g_autofree char *offered = NULL;
  GtkWidget *dialog;
  GLogLevelFlags fatal;

  /* The message dialog of libadwaita 1.7 warns about the width of its own heading, in any program. */
  fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);

  show (test, "pass.pem");
  activate (test, "detail.export");
  /* Nobody can make a file there, not even the administrator. */
  offered = answer_dialog ("/proc/self", "mine.pem");

  WAIT_UNTIL ((dialog = till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG)) != NULL);
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)), ==, "Not Saved");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), "Choose another place."));
  g_assert_null (test->toast);
  gtk_window_close (GTK_WINDOW (dialog));
  WAIT_UNTIL (till_ui_find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);

  g_log_set_always_fatal (fatal);
}

/* RFC 5545 as far as it concerns us, read line by line. */
typedef struct
{
  GPtrArray *stack;       /* open components */
  guint      n_events;
  guint      n_alarms;
  GPtrArray *lines;       /* unfolded */
} Calendar;

static void
calendar_clear (Calendar *calendar)
{
  g_clear_pointer (&calendar->stack, g_ptr_array_unref);
  g_clear_pointer (&calendar->lines, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Calendar, calendar_clear)

static void
check_line (Calendar   *calendar,
            const char *line)
{
  const char *value = strchr (line, ':');
  const char *p;

  g_assert_nonnull (value);
  for (p = line; p < value; p++)
    g_assert_true (g_ascii_isupper (*p) || *p == '-');
  value++;

  if (g_str_has_prefix (line, "BEGIN:"))
    {
      g_ptr_array_add (calendar->stack, g_strdup (value));
      calendar->n_events += g_str_equal (value, "VEVENT");
      calendar->n_alarms += g_str_equal (value, "VALARM");
    }
  else if (g_str_has_prefix (line, "END:"))
    {
      g_assert_cmpuint (calendar->stack->len, >, 0);
      g_assert_cmpstr (calendar->stack->pdata[calendar->stack->len - 1], ==, value);
      g_ptr_array_set_size (calendar->stack, (int) calendar->stack->len - 1);
    }
  else if (g_str_has_prefix (line, "DT"))
    g_assert_true (g_regex_match_simple ("^DT(START|STAMP):[0-9]{8}T[0-9]{6}Z$", line, 0, 0));
  else if (g_str_has_prefix (line, "SUMMARY:") || g_str_has_prefix (line, "DESCRIPTION:") ||
           g_str_has_prefix (line, "UID:"))
    {
      for (p = value; *p != '\0'; p++)
        {
          g_assert_true (*p != ';' && *p != ',');
          if (*p == '\\')
            {
              p++;
              g_assert_true (*p == '\\' || *p == ';' || *p == ',' || *p == 'n');
            }
        }
    }
}

static void
check_calendar (Calendar   *calendar,
                const char *text)
{
  g_auto(GStrv) lines = g_strsplit (text, "\r\n", -1);
  g_autoptr(GString) whole = g_string_new (NULL);
  guint i;

  calendar->stack = g_ptr_array_new_with_free_func (g_free);
  calendar->lines = g_ptr_array_new_with_free_func (g_free);

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (g_str_has_suffix (text, "END:VCALENDAR\r\n"));

  for (i = 0; lines[i] != NULL; i++)
    {
      g_assert_cmpuint (strlen (lines[i]), <=, 75);
      g_assert_null (strpbrk (lines[i], "\r\n"));
      g_assert_true (g_utf8_validate (lines[i], -1, NULL));

      if (lines[i][0] == ' ')
        {
          g_string_append (whole, lines[i] + 1);
          continue;
        }
      if (whole->len > 0)
        g_ptr_array_add (calendar->lines, g_strdup (whole->str));
      g_string_assign (whole, lines[i]);
    }
  /* The last one is empty, behind the last line end. */
  g_assert_cmpuint (whole->len, ==, 0);

  g_assert_cmpstr (calendar->lines->pdata[0], ==, "BEGIN:VCALENDAR");
  g_assert_cmpstr (calendar->lines->pdata[1], ==, "VERSION:2.0");
  for (i = 0; i < calendar->lines->len; i++)
    check_line (calendar, calendar->lines->pdata[i]);
  g_assert_cmpuint (calendar->stack->len, ==, 0);
}

static const char *
find_line (Calendar   *calendar,
           const char *prefix)
{
  guint i;

  for (i = 0; i < calendar->lines->len; i++)
    if (g_str_has_prefix (calendar->lines->pdata[i], prefix))
      return calendar->lines->pdata[i];

  return NULL;
}

static void
test_calendar_text (void)
{
  const TillCalendarEvent events[] = {
    { "one@example", "Certificate “Treue, Karte; Café\\Bar” ends",
      "First line\nSecond: 日本語のとても長い説明がここにあり、七十五オクテットを超えるので折り返されます。", 1796420340 },
    { "two@example", "Control\001 characters\033 go", NULL, -631152000 },
    { "three@example", "No such year", NULL, G_MAXINT64 },
  };
  g_autofree char *text = till_calendar_format (events, G_N_ELEMENTS (events), 1795348800);
  g_autofree char *empty = till_calendar_format (NULL, 0, 1795348800);
  g_auto(Calendar) calendar = { NULL, 0, 0, NULL };
  g_auto(Calendar) nothing = { NULL, 0, 0, NULL };

  check_calendar (&calendar, text);
  g_assert_cmpuint (calendar.n_events, ==, 2);
  g_assert_cmpuint (calendar.n_alarms, ==, 8);
  g_assert_cmpstr (find_line (&calendar, "SUMMARY:"), ==,
                   "SUMMARY:Certificate “Treue\\, Karte\\; Café\\\\Bar” ends");
  g_assert_cmpstr (find_line (&calendar, "DESCRIPTION:"), ==,
                   "DESCRIPTION:First line\\nSecond: 日本語のとても長い説明がここにあり、七十五オクテットを超えるので折り返されます。");
  g_assert_cmpstr (find_line (&calendar, "DTSTART:"), ==, "DTSTART:20261204T213900Z");
  g_assert_cmpstr (find_line (&calendar, "DTSTAMP:"), ==, "DTSTAMP:20261122T120000Z");
  g_assert_nonnull (strstr (text, "SUMMARY:Control characters go\r\n"));
  g_assert_nonnull (strstr (text, "DTSTART:19500101T000000Z\r\n"));

  check_calendar (&nothing, empty);
  g_assert_cmpuint (nothing.n_events, ==, 0);
}

/* Folding at every length, with characters of one to four bytes. */
static void
test_calendar_folding (void)
{
  static const char * const characters[] = { "a", "é", "日", "😀" };
  gsize c;
  int n;

  for (c = 0; c < G_N_ELEMENTS (characters); c++)
    for (n = 0; n < 160; n++)
      {
        g_autoptr(GString) summary = g_string_new (NULL);
        g_autofree char *text = NULL;
        g_autofree char *expected = NULL;
        g_auto(Calendar) calendar = { NULL, 0, 0, NULL };
        TillCalendarEvent event = { "uid@example", NULL, NULL, 0 };
        int i;

        for (i = 0; i < n; i++)
          g_string_append (summary, characters[c]);
        event.summary = summary->str;
        text = till_calendar_format (&event, 1, 0);
        check_calendar (&calendar, text);
        expected = g_strconcat ("SUMMARY:", summary->str, NULL);
        g_assert_cmpstr (find_line (&calendar, "SUMMARY:"), ==, expected);
      }
}

static void
test_calendar_dialog (void)
{
  g_autoptr(TillDetailTest) test = set_up ();
  g_autoptr(TillTestDir) folder = till_test_dir_new ();
  g_autoptr(TillDocument) document = read_document (test, "chain.pem");
  g_autofree char *path = till_test_dir_file (folder, "end.ics");
  g_autofree char *offered = NULL;
  g_autofree char *text = NULL;
  g_autofree char *uid = NULL;
  g_autofree char *start = NULL;
  g_autoptr(GDateTime) end = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(Calendar) calendar = { NULL, 0, 0, NULL };

  show (test, "chain.pem");
  activate (test, "detail.add-to-calendar");
  offered = answer_dialog (folder->path, "end.ics");
  g_assert_cmpstr (offered, ==, "pass.com.acme.loyalty.ics");
  WAIT_UNTIL (test->toast != NULL);
  g_assert_cmpstr (test->toast, ==, "Exported to end.ics");

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  check_calendar (&calendar, text);
  g_assert_cmpuint (calendar.n_events, ==, 1);
  g_assert_cmpuint (calendar.n_alarms, ==, 4);
  g_assert_nonnull (strstr (text, "TRIGGER:-P30D\r\n"));
  g_assert_nonnull (strstr (text, "TRIGGER:-P14D\r\n"));
  g_assert_nonnull (strstr (text, "TRIGGER:-P7D\r\n"));
  g_assert_nonnull (strstr (text, "TRIGGER:-P1D\r\n"));

  /* Always the same for one certificate, and on the day when the issuer ends, which is earlier. */
  uid = g_strdup_printf ("UID:%s@", ((TillCertificate *) document->certificates->pdata[0])->sha256);
  g_assert_nonnull (find_line (&calendar, uid));
  end = g_date_time_new_from_unix_utc (((TillCertificate *) document->certificates->pdata[1])->not_after);
  start = g_date_time_format (end, "DTSTART:%Y%m%dT%H%M%SZ");
  g_assert_cmpstr (find_line (&calendar, "DTSTART:"), ==, start);
  g_assert_nonnull (strstr (find_line (&calendar, "DESCRIPTION:"), "pass.com.acme.loyalty"));
}

int
main (int    argc,
      char **argv)
{
  till_detail_test_init (&argc, &argv);

  g_test_add_func ("/export/formats", test_formats);
  g_test_add_func ("/export/never-private", test_never_private);
  g_test_add_func ("/export/names", test_names);
  g_test_add_func ("/export/write", test_write);
  g_test_add_func ("/export/dialog", test_dialog);
  g_test_add_func ("/export/dialog-cancelled", test_dialog_cancelled);
  g_test_add_func ("/export/dialog-failed", test_dialog_failed);
  g_test_add_func ("/export/calendar/dialog", test_calendar_dialog);
  g_test_add_func ("/export/calendar/text", test_calendar_text);
  g_test_add_func ("/export/calendar/folding", test_calendar_folding);

  return g_test_run ();
}
