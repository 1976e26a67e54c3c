/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adding a key that is in use already: the service's answer, pasted or from a file. */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "till-error-details.h"
#include "till-error-text.h"
#include "till-file-chooser.h"
#include "till-file.h"
#include "till-key-dialog.h"
#include "till-key-words.h"
#include "till-keys-pane-private.h"
#include "till-limits.h"
#include "till-secret.h"

typedef struct
{
  TillKeysPane  *self;           /* (nullable) weak */
  TillKeyDialog *dialog;
  GtkTextBuffer *buffer;
  GtkWidget     *failure_title;
  GtkWidget     *failure_body;
  GtkWidget     *failure_details;
  GtkWidget     *choose;
  GtkWidget     *add;
  gboolean       busy;
} Import;

static void
free_import (gpointer data)
{
  Import *import = data;

  g_clear_weak_pointer (&import->self);
  g_free (import);
}

static void
update_import (Import *import)
{
  gtk_widget_set_sensitive (import->choose, !import->busy);
  gtk_widget_set_sensitive (import->add, !import->busy && gtk_text_buffer_get_char_count (import->buffer) > 0);
}

static void
show_failure (Import       *import,
              const GError *error)
{
  g_autofree char *body = error != NULL ? till_error_text_dup_body (error) : NULL;

  gtk_label_set_label (GTK_LABEL (import->failure_title), error != NULL ? till_error_text_get_title (error) : "");
  gtk_label_set_label (GTK_LABEL (import->failure_body), body != NULL ? body : "");
  gtk_widget_set_visible (import->failure_title, error != NULL);
  gtk_widget_set_visible (import->failure_body, error != NULL);
  till_error_details_set_error (TILL_ERROR_DETAILS (import->failure_details), error);
}

static void
imported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(TillKeyDialog) dialog = user_data;
  Import *import = g_object_get_data (G_OBJECT (dialog), "till-import");
  g_autoptr(GError) error = NULL;
  g_autoptr(TillKeyRecord) key = till_shop_key_finish (TILL_SHOP (source), result, NULL, &error);
  g_autofree char *id = NULL;
  g_autofree char *text = NULL;

  /* The window was closed meanwhile: its widgets are gone. */
  if (g_cancellable_is_cancelled (till_key_dialog_get_cancellable (dialog)))
    return;

  import->busy = FALSE;
  if (key == NULL)
    {
      show_failure (import, error);
      update_import (import);
      return;
    }

  if (import->self == NULL || import->self->session == NULL)
    return;

  id = till_key_words_dup_short_id (key->key_id);
  /* Translators: %s is the short id of a key. */
  text = g_strdup_printf (_("Added the key %s"), id);
  till_keys_pane_toast (import->self, text);
  till_session_tell_changed (import->self->session);
  gtk_window_close (GTK_WINDOW (dialog));
}

static void
take_secret (Import     *import,
             TillSecret *input)
{
  /* Held as a secret: a private key might be in it after all (API.md 3.2). */
  g_autoptr(GBytes) json = g_bytes_new_with_free_func (till_secret_get_data (input), till_secret_get_size (input),
                                                       (GDestroyNotify) till_secret_unref, till_secret_ref (input));

  if (import->self == NULL || import->self->shop == NULL)
    return;

  show_failure (import, NULL);
  import->busy = TRUE;
  update_import (import);
  till_shop_import_key_async (import->self->shop, json, till_key_dialog_get_cancellable (import->dialog), imported_cb,
                              g_object_ref (import->dialog));
}

static void
add_cb (Import *import)
{
  GtkTextIter start, end;
  g_autofree char *text = NULL;
  g_autoptr(TillSecret) input = NULL;

  gtk_text_buffer_get_bounds (import->buffer, &start, &end);
  text = gtk_text_buffer_get_text (import->buffer, &start, &end, FALSE);
  input = till_secret_new_copy (text, strlen (text));
  till_wipe (text, strlen (text));
  take_secret (import, input);
}

static void
read_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  GError *error = NULL;
  TillSecret *input = till_file_read (task_data, TILL_LIMIT_JSON_BYTES, TILL_LIMIT_JSON_BYTES, &error);

  if (input == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, input, (GDestroyNotify) till_secret_unref);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(TillKeyDialog) dialog = user_data;
  Import *import = g_object_get_data (G_OBJECT (dialog), "till-import");
  g_autoptr(GError) error = NULL;
  g_autoptr(TillSecret) input = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_cancellable_is_cancelled (till_key_dialog_get_cancellable (dialog)))
    return;

  import->busy = FALSE;
  update_import (import);
  if (input != NULL)
    take_secret (import, input);
  else
    show_failure (import, error);
}

static void
chosen_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TillKeyDialog) dialog = user_data;
  Import *import = g_object_get_data (G_OBJECT (dialog), "till-import");
  g_autoptr(GListModel) chosen = till_file_chooser_open_finish (result, NULL);
  g_autoptr(GFile) file = chosen != NULL ? g_list_model_get_item (chosen, 0) : NULL;
  g_autoptr(GTask) task = NULL;

  if (file == NULL || g_file_peek_path (file) == NULL)
    return;

  import->busy = TRUE;
  update_import (import);
  task = g_task_new (NULL, till_key_dialog_get_cancellable (import->dialog), read_cb, g_object_ref (dialog));
  g_task_set_source_tag (task, chosen_cb);
  g_task_set_task_data (task, g_file_get_path (file), g_free);
  g_task_run_in_thread (task, read_in_thread);
}

static void
choose_cb (Import *import)
{
  till_file_chooser_open_kind_async (GTK_WINDOW (import->dialog), _("Choose an Answer of Commerce Hub"),
                                     TILL_FILE_KIND_JSON, till_key_dialog_get_cancellable (import->dialog), chosen_cb,
                                     g_object_ref (import->dialog));
}

static void
add_text_view (Import *import)
{
  GtkWidget *label = till_key_dialog_add_text (import->dialog, _("Answer"), "heading");
  GtkWidget *frame = gtk_frame_new (NULL);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *view = gtk_text_view_new ();

  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), TRUE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  /* Tab goes on to the buttons. */
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), 9);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (view), 9);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), 9);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (view), 9);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), 160);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_frame_set_child (GTK_FRAME (frame), scroller);
  gtk_box_append (till_key_dialog_get_content (import->dialog), frame);

  import->buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  gtk_text_buffer_set_enable_undo (import->buffer, FALSE);
  g_signal_connect_swapped (import->buffer, "changed", G_CALLBACK (update_import), import);
}

/**
 * till_keys_pane_show_import:
 * @self: a pane
 *
 * Asks for an answer of the service about a key that is in use already.
 */
void
till_keys_pane_show_import (TillKeysPane *self)
{
  Import *import = g_new0 (Import, 1);

  g_set_weak_pointer (&import->self, self);
  import->dialog = till_key_dialog_new (GTK_WIDGET (self), _("Add Existing Key"), till_shop_get_profile (self->shop));
  g_object_set_data_full (G_OBJECT (import->dialog), "till-import", import, free_import);

  till_key_dialog_add_text (import->dialog,
                            _("Commerce Hub can’t list keys. Paste the answer that it gave when the key was generated, "
                              "or choose a file with it. It holds no secret."), NULL);
  add_text_view (import);
  import->failure_title = till_key_dialog_add_text (import->dialog, "", "heading");
  gtk_widget_add_css_class (import->failure_title, "error");
  import->failure_body = till_key_dialog_add_text (import->dialog, "", NULL);
  import->failure_details = till_error_details_new (NULL);
  gtk_box_append (till_key_dialog_get_content (import->dialog), import->failure_details);
  import->add = till_key_dialog_add_button (import->dialog, _("Add Key"), "suggested-action");
  import->choose = till_key_dialog_add_button (import->dialog, _("Choose File…"), NULL);
  g_signal_connect_swapped (import->add, "clicked", G_CALLBACK (add_cb), import);
  g_signal_connect_swapped (import->choose, "clicked", G_CALLBACK (choose_cb), import);
  show_failure (import, NULL);
  update_import (import);

  gtk_window_present (GTK_WINDOW (import->dialog));
}
