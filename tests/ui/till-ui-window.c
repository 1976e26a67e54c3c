/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window for a test, with files, settings and a clock of its own. */
#include "config.h"

#include "till-ui-window.h"

/**
 * till_ui_window_setup:
 * @self: a fixture
 * @data: unused
 *
 * Makes everything but the window. A vault that is there already is taken.
 */
void
till_ui_window_setup (TillUiWindow  *self,
                      gconstpointer  data)
{
  static const char *const keys[] = {
    "window-width", "window-height", "window-maximized", "color-scheme", "sort-column", "sort-descending",
    "filter", "watched-files",
  };
  g_autofree char *folder = NULL;
  guint i;

  self->dir = till_test_dir_new ();
  self->clock = till_clock_new_fixed (TILL_UI_NOW);
  self->settings = g_settings_new (TILL_APP_ID);
  for (i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (self->settings, keys[i]);
  folder = till_test_dir_file (self->dir, "data");
  if (self->vault == NULL)
    self->vault = till_vault_new_memory ();
  self->session = till_session_new (folder, self->vault, self->clock);
  self->files = till_watched_files_new (self->session, self->settings);
}

/**
 * till_ui_window_close:
 * @self: a fixture
 *
 * Destroys the window and sees it finalized, with its pane and its list.
 */
void
till_ui_window_close (TillUiWindow *self)
{
  gpointer pane = till_window_get_pane (TILL_WINDOW (self->window));
  gpointer list = till_certificates_pane_get_list (pane);
  gboolean window_alive, pane_alive, list_alive = FALSE;

  till_ui_watch_life (self->window, &window_alive);
  till_ui_watch_life (pane, &pane_alive);
  if (list != NULL)
    till_ui_watch_life (list, &list_alive);

  gtk_window_close (GTK_WINDOW (self->window));
  self->window = NULL;
  WAIT_UNTIL (!window_alive && !pane_alive && !list_alive);
}

static void
session_closed_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  gboolean *closed = user_data;

  g_assert_true (till_session_close_finish (TILL_SESSION (source), result, NULL));
  *closed = TRUE;
}

/**
 * till_ui_window_teardown:
 * @self: a fixture
 * @data: unused
 *
 * Lets go of everything and sees it go.
 */
void
till_ui_window_teardown (TillUiWindow  *self,
                         gconstpointer  data)
{
  gpointer files = self->files;
  gboolean closed = FALSE;
  gboolean session_alive;

  if (self->window != NULL)
    till_ui_window_close (self);

  till_session_close_async (self->session, session_closed_cb, &closed);
  WAIT_UNTIL (closed);
  g_object_add_weak_pointer (files, &files);
  g_object_unref (self->files);
  WAIT_UNTIL (files == NULL);
  till_ui_watch_life (self->session, &session_alive);
  g_clear_object (&self->session);
  WAIT_UNTIL (!session_alive);
  g_assert_finalize_object (g_steal_pointer (&self->vault));

  g_object_unref (self->settings);
  till_clock_unref (self->clock);
  till_test_dir_free (self->dir);
}

/**
 * till_ui_window_show:
 * @self: a fixture
 * @width: of the window
 * @height: of the window
 *
 * Makes the window, shows it, and waits until it knows its files and has begun to read.
 */
void
till_ui_window_show (TillUiWindow *self,
                     int           width,
                     int           height)
{
  g_settings_set_int (self->settings, "window-width", width);
  g_settings_set_int (self->settings, "window-height", height);
  self->window = till_window_new (NULL, self->files, self->session, self->settings);
  gtk_window_present (GTK_WINDOW (self->window));
  WAIT_UNTIL (gtk_widget_get_mapped (self->window) && gtk_widget_get_width (self->window) > 0);
  WAIT_UNTIL (till_watched_files_get_known (self->files));
  till_ui_run_for (60);
}

/**
 * till_ui_window_write:
 * @self: a fixture
 * @name: of the file
 * @data: its contents
 * @size: how much, -1 for a text
 *
 * Returns: (transfer full): a new file in the folder of the test
 */
GFile *
till_ui_window_write (TillUiWindow *self,
                      const char   *name,
                      const void   *data,
                      gssize        size)
{
  g_autofree char *path = till_test_dir_write (self->dir, name, data, size);

  return g_file_new_for_path (path);
}

/**
 * till_ui_window_wait:
 * @self: a fixture
 *
 * Waits until all has been read and shown.
 */
void
till_ui_window_wait (TillUiWindow *self)
{
  till_ui_run_for (20);
  WAIT_UNTIL (!till_watched_files_get_busy (self->files));
  till_ui_run_for (20);
}

/**
 * till_ui_window_open_file:
 * @self: a fixture
 * @file: to open
 *
 * Opens a file as the file chooser and the command line do, and waits for it.
 */
void
till_ui_window_open_file (TillUiWindow *self,
                          GFile        *file)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new ();

  g_ptr_array_add (files, file);
  till_window_open_files (TILL_WINDOW (self->window), files);
  till_ui_window_wait (self);
}

/**
 * till_ui_window_open:
 * @self: a fixture
 * @name: of the file to make
 * @certificate: what to put into it
 *
 * Makes a file, opens it and waits for it.
 */
void
till_ui_window_open (TillUiWindow            *self,
                     const char              *name,
                     const TillUiCertificate *certificate)
{
  g_autofree char *pem = till_ui_make_pem (certificate);
  g_autoptr(GFile) file = till_ui_window_write (self, name, pem, -1);

  till_ui_window_open_file (self, file);
}

/**
 * till_ui_window_open_shop:
 * @self: a fixture
 *
 * Opens what a shop may have: one of each status.
 */
void
till_ui_window_open_shop (TillUiWindow *self)
{
  static const TillUiCertificate certificates[] = {
    {
      .name = "Gift card", .pass_type = "pass.com.acme.gift", .team = "PGJV57GD94",
      .not_before = TILL_UI_NOW - 155 * TILL_UI_DAY, .not_after = TILL_UI_NOW + 210 * TILL_UI_DAY + 3600,
    },
    {
      .name = "Loyalty card", .pass_type = "pass.com.acme.loyalty", .team = "PGJV57GD94",
      .not_before = TILL_UI_NOW - 353 * TILL_UI_DAY, .not_after = TILL_UI_NOW + 12 * TILL_UI_DAY + 3600,
    },
    {
      .name = "Old coupons", .pass_type = "pass.com.acme.cpn", .team = "PGJV57GD94",
      .not_before = TILL_UI_NOW - 368 * TILL_UI_DAY, .not_after = TILL_UI_NOW - 3 * TILL_UI_DAY - 3600,
    },
    {
      .name = "Web shop", .dns = "shop.acme.example",
      .not_before = TILL_UI_NOW - 100 * TILL_UI_DAY, .not_after = TILL_UI_NOW + 297 * TILL_UI_DAY,
    },
    {
      .name = "Next year's card", .dns = "next.acme.example",
      .not_before = TILL_UI_NOW + 30 * TILL_UI_DAY, .not_after = TILL_UI_NOW + 395 * TILL_UI_DAY,
    },
  };
  static const char *const names[] = { "gift.pem", "loyalty.pem", "coupons.pem", "web-shop.cer", "next.pem" };
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GBytes) p12 = till_ui_make_p12 (&certificates[0], "secret");
  g_autofree char *key = till_ui_make_key_pem ();
  g_autofree char *nowhere = till_test_dir_file (self->dir, "moved-away.pem");
  guint i;

  for (i = 0; i < G_N_ELEMENTS (certificates); i++)
    {
      g_autofree char *pem = till_ui_make_pem (&certificates[i]);

      g_ptr_array_add (files, till_ui_window_write (self, names[i], pem, -1));
    }
  g_ptr_array_add (files, till_ui_window_write (self, "from-the-bank.p12", g_bytes_get_data (p12, NULL),
                                                (gssize) g_bytes_get_size (p12)));
  g_ptr_array_add (files, till_ui_window_write (self, "till.key", key, -1));
  g_ptr_array_add (files, g_file_new_for_path (nowhere));
  g_ptr_array_add (files, till_ui_window_write (self, "holiday.html", "<!DOCTYPE html><html></html>", -1));

  till_window_open_files (TILL_WINDOW (self->window), files);
  till_ui_window_wait (self);
}

/**
 * till_ui_window_get_pane:
 * @self: a fixture
 *
 * Returns: (transfer none): the Certificates pane
 */
TillCertificatesPane *
till_ui_window_get_pane (TillUiWindow *self)
{
  return till_window_get_pane (TILL_WINDOW (self->window));
}

/**
 * till_ui_window_get_list:
 * @self: a fixture
 *
 * Returns: (transfer none): the list
 */
TillCertificateList *
till_ui_window_get_list (TillUiWindow *self)
{
  TillCertificateList *list = till_certificates_pane_get_list (till_ui_window_get_pane (self));

  g_assert_nonnull (list);
  return list;
}

/**
 * till_ui_window_get_rows:
 * @self: a fixture
 *
 * Returns: (transfer none): the rows as they are shown
 */
GListModel *
till_ui_window_get_rows (TillUiWindow *self)
{
  return G_LIST_MODEL (till_certificate_list_get_model (till_ui_window_get_list (self)));
}

/**
 * till_ui_window_dup_names:
 * @self: a fixture
 *
 * Returns: (transfer full): the names of the rows as they are shown, with commas between
 */
char *
till_ui_window_dup_names (TillUiWindow *self)
{
  GListModel *rows = till_ui_window_get_rows (self);
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  guint i;

  for (i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr(TillCertificateItem) item = g_list_model_get_item (rows, i);

      g_ptr_array_add (names, (char *) till_certificate_item_get_name (item));
    }
  g_ptr_array_add (names, NULL);

  return g_strjoinv (", ", (char **) names->pdata);
}

/**
 * till_ui_window_get_current:
 * @self: a fixture
 *
 * Returns: (transfer none) (nullable): the name of the current row
 */
const char *
till_ui_window_get_current (TillUiWindow *self)
{
  TillCertificateItem *item = till_certificate_list_get_current (till_ui_window_get_list (self));

  return item != NULL ? till_certificate_item_get_name (item) : NULL;
}

/**
 * till_ui_window_dup_toast:
 * @self: a fixture
 *
 * Returns: (transfer full) (nullable): what the toast says that is shown
 */
char *
till_ui_window_dup_toast (TillUiWindow *self)
{
  GtkWidget *overlay = till_ui_find (self->window, ADW_TYPE_TOAST_OVERLAY, NULL);
  GtkWidget *child;

  for (child = gtk_widget_get_first_child (overlay); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (g_str_equal (G_OBJECT_TYPE_NAME (child), "AdwToastWidget"))
      return g_strdup (gtk_label_get_text (GTK_LABEL (till_ui_find (child, GTK_TYPE_LABEL, NULL))));

  return NULL;
}

/**
 * till_ui_window_act:
 * @self: a fixture
 * @action: of the pane or the window
 *
 * Activates an action as keys, menus and buttons do.
 */
void
till_ui_window_act (TillUiWindow *self,
                    const char   *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (till_ui_window_get_pane (self)), action, NULL));
}
