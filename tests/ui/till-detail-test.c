/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the detail side share: toy certificates, a window to put a widget in, and eyes to look at it. */
#include "config.h"

#include "till-detail-test.h"

#include <locale.h>
#include <string.h>

#include "till-document.h"

/* Made once for a program. */
static TillTestDir *toys;

static void
remove_toys (void)
{
  g_clear_pointer (&toys, till_test_dir_free);
}

static void
make_toys (void)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "ui", "make-toys.sh", NULL);
  g_autoptr(TillTestRun) run = NULL;
  const char *argv[] = { "sh", script, NULL, NULL };

  toys = till_test_dir_new ();
  argv[2] = toys->path;
  run = till_test_run (argv, NULL, NULL);
  if (run->status != 0)
    g_error ("the toy certificates could not be made: %s%s", run->output, run->errors);

  atexit (remove_toys);
}

/**
 * till_detail_test_init:
 * @argc: of main()
 * @argv: of main()
 *
 * Starts the test program, in UTC, and makes the toy certificates.
 */
void
till_detail_test_init (int    *argc,
                       char ***argv)
{
  g_setenv ("TZ", "UTC0", TRUE);
  till_ui_test_init (argc, argv);
  make_toys ();
}

static void
toast_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  TillDetailTest *self = user_data;

  g_free (self->toast);
  self->toast = g_variant_dup_string (parameter, NULL);
}

static void
open_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  TillDetailTest *self = user_data;

  self->n_opens++;
}

/* The day on which make-toys.sh ran. */
static gint64
get_made (TillDetailTest *self)
{
  g_autofree char *path = till_test_dir_file (self->folder, "pass.pem");
  g_autofree char *text = NULL;
  g_autoptr(TillDocument) document = NULL;
  g_autoptr(GError) error = NULL;
  TillInspectOptions options = { NULL, NULL };
  gsize size;

  g_file_get_contents (path, &text, &size, &error);
  g_assert_no_error (error);
  document = till_document_parse ((const guint8 *) text, size, &options, &error);
  g_assert_no_error (error);

  return ((TillCertificate *) document->certificates->pdata[0])->not_before;
}

/**
 * till_detail_test_new:
 * @widget: what to test; the window takes it
 * @width: of the window
 * @height: of the window
 *
 * Returns: (transfer full): a test with the widget on the screen
 */
TillDetailTest *
till_detail_test_new (GtkWidget *widget,
                      int        width,
                      int        height)
{
  TillDetailTest *self = g_new0 (TillDetailTest, 1);
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new ();
  const GActionEntry entries[] = {
    { "toast", toast_cb, "s", NULL, NULL, { 0 } },
    { "open", open_cb, NULL, NULL, NULL, { 0 } },
  };

  self->folder = toys;
  self->made = get_made (self);
  self->clock = till_clock_new_fixed (self->made + 60 * 60);

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), self);
  self->window = gtk_window_new ();
  gtk_widget_insert_action_group (self->window, "win", G_ACTION_GROUP (group));
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
  gtk_window_set_child (GTK_WINDOW (self->window), widget);
  gtk_window_present (GTK_WINDOW (self->window));
  WAIT_UNTIL (gtk_widget_get_mapped (widget));

  return self;
}

/**
 * till_detail_test_free:
 * @self: a test
 *
 * Closes the window, and sees that it and what it held are gone for good.
 */
void
till_detail_test_free (TillDetailTest *self)
{
  GtkWidget *child = gtk_window_get_child (GTK_WINDOW (self->window));

  if (child != NULL)
    g_object_add_weak_pointer (G_OBJECT (child), (gpointer *) &child);
  g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *) &self->window);
  gtk_window_destroy (GTK_WINDOW (self->window));
  WAIT_UNTIL (self->window == NULL && child == NULL);

  g_clear_pointer (&self->clock, till_clock_unref);
  g_free (self->toast);
  g_free (self);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  gboolean *done = user_data;

  till_file_entry_load_finish (TILL_FILE_ENTRY (source), result, NULL);
  *done = TRUE;
}

/**
 * till_detail_test_entry:
 * @self: a test
 * @name: base name of a toy
 *
 * Returns: (transfer full): an entry for it that has not been read
 */
TillFileEntry *
till_detail_test_entry (TillDetailTest *self,
                        const char     *name)
{
  g_autofree char *path = till_test_dir_file (self->folder, name);
  g_autoptr(GFile) file = g_file_new_for_path (path);

  return till_file_entry_new_for_file (file);
}

/**
 * till_detail_test_read:
 * @self: a test
 * @name: base name of a toy
 *
 * Returns: (transfer full): an entry for it that has been read, however that went
 */
TillFileEntry *
till_detail_test_read (TillDetailTest *self,
                       const char     *name)
{
  TillFileEntry *entry = till_detail_test_entry (self, name);
  gboolean done = FALSE;

  till_file_entry_load_async (entry, NULL, NULL, read_cb, &done);
  WAIT_UNTIL (done);

  return entry;
}

/**
 * till_detail_test_item:
 * @self: a test
 * @name: base name of a toy
 *
 * Returns: (transfer full): the row of its first certificate, or of the whole file
 */
TillCertificateItem *
till_detail_test_item (TillDetailTest *self,
                       const char     *name)
{
  g_autoptr(TillFileEntry) entry = till_detail_test_read (self, name);
  TillDocument *document = till_file_entry_get_document (entry);
  int leaf = document != NULL && document->leaves->len > 0 ? (int) g_array_index (document->leaves, guint, 0) : -1;

  return till_certificate_item_new (entry, leaf, self->clock);
}

/**
 * till_detail_test_password:
 * @self: a test
 *
 * Returns: (transfer full): the password of the toys
 */
char *
till_detail_test_password (TillDetailTest *self)
{
  g_autofree char *path = till_test_dir_file (self->folder, "password");
  g_autoptr(GError) error = NULL;
  char *password = NULL;

  g_file_get_contents (path, &password, NULL, &error);
  g_assert_no_error (error);

  return password;
}

/**
 * till_detail_test_days_later:
 * @self: a test
 * @days: after the day the toys were made
 *
 * Sets the clock.
 */
void
till_detail_test_days_later (TillDetailTest *self,
                             int             days)
{
  till_clock_set (self->clock, self->made + 60 * 60 + (gint64) days * 24 * 60 * 60);
}

static gboolean
is_shown (GtkWidget *widget)
{
  return gtk_widget_get_mapped (widget) && gtk_widget_get_width (widget) > 0;
}

/**
 * till_find_label:
 * @root: where to look
 * @text: what its text has in it
 *
 * Returns: (transfer none) (nullable): the first label on the screen that has it
 */
GtkWidget *
till_find_label (GtkWidget  *root,
                 const char *text)
{
  GtkWidget *child;

  if (GTK_IS_LABEL (root) && is_shown (root) && strstr (gtk_label_get_text (GTK_LABEL (root)), text) != NULL)
    return root;

  for (child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = gtk_widget_get_visible (child) ? till_find_label (child, text) : NULL;

      if (found != NULL)
        return found;
    }

  return NULL;
}

/**
 * till_comes_up:
 * @root: where to look
 * @text: a text
 *
 * Returns: whether a label on the screen has it, now or before long
 */
gboolean
till_comes_up (GtkWidget  *root,
               const char *text)
{
  gint64 deadline = g_get_monotonic_time () + TILL_UI_PATIENCE_SECONDS * G_USEC_PER_SEC;

  while (till_find_label (root, text) == NULL)
    {
      if (g_get_monotonic_time () > deadline)
        return FALSE;
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (1000);
    }

  return TRUE;
}

/**
 * till_find_type:
 * @root: where to look
 * @type: a type of widget
 *
 * Returns: (transfer none) (nullable): the first widget of the type
 */
GtkWidget *
till_find_type (GtkWidget *root,
                GType      type)
{
  GtkWidget *child;

  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    return root;

  for (child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = till_find_type (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/**
 * till_find_row:
 * @root: where to look
 * @title: of the row
 *
 * Returns: (transfer none) (nullable): the first row of that title
 */
GtkWidget *
till_find_row (GtkWidget  *root,
               const char *title)
{
  GtkWidget *child;

  if (ADW_IS_PREFERENCES_ROW (root) &&
      g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)), title) == 0)
    return root;

  for (child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = till_find_row (child, title);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/**
 * till_find_action:
 * @root: where to look
 * @action: name of an action
 *
 * Returns: (transfer none) (nullable): the first button or row with it
 */
GtkWidget *
till_find_action (GtkWidget  *root,
                  const char *action)
{
  GtkWidget *child;

  if (GTK_IS_ACTIONABLE (root) && g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (root)), action) == 0)
    return root;

  for (child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = till_find_action (child, action);

      if (found != NULL)
        return found;
    }

  return NULL;
}

typedef struct
{
  gboolean  done;
  char     *text;
} Clipping;

static void
clipboard_read_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  Clipping *clipping = user_data;

  clipping->text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  clipping->done = TRUE;
}

/**
 * till_read_clipboard:
 * @widget: a widget on the screen
 *
 * Returns: (transfer full) (nullable): the text on the clipboard
 */
char *
till_read_clipboard (GtkWidget *widget)
{
  Clipping clipping = { FALSE, NULL };

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), NULL, clipboard_read_cb, &clipping);
  WAIT_UNTIL (clipping.done);

  return clipping.text;
}

/**
 * till_settle:
 *
 * Lets the screen catch up with what was changed.
 */
void
till_settle (void)
{
  gint64 end = g_get_monotonic_time () + 60 * 1000;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}
