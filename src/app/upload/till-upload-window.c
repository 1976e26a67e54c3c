/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page to send a certificate file to a service: add, replace, or upload for point of sale. */
#include "config.h"

#include "till-upload-private.h"

#include <glib/gi18n.h>

#include "till-file-chooser.h"

/* Nothing is sent but what was checked: the checks and the bytes come from one
 * reading of the file. The password lives in the row's locked memory and in the
 * preflight, and goes with the window. */

enum
{
  SIGNAL_DONE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TillUploadWindow, till_upload_window, ADW_TYPE_WINDOW)

/**
 * till_upload_window_is_busy:
 * @self: a window
 *
 * Returns: whether something is under way at the service
 */
gboolean
till_upload_window_is_busy (TillUploadWindow *self)
{
  return self->state == TILL_UPLOAD_STATE_SENDING || self->state == TILL_UPLOAD_STATE_LOOKING;
}

/**
 * till_upload_window_is_lost:
 * @self: a window
 *
 * Returns: whether passes would be lost by what the file is to replace
 */
gboolean
till_upload_window_is_lost (TillUploadWindow *self)
{
  return self->kind == TILL_UPLOAD_REPLACE && self->preflight != NULL && self->preflight->other_identity;
}

/**
 * till_upload_window_is_renewal:
 * @self: a window
 *
 * Returns: whether adding the file renews what is there
 */
gboolean
till_upload_window_is_renewal (TillUploadWindow *self)
{
  return self->kind == TILL_UPLOAD_ADD && self->preflight != NULL && self->preflight->replaces != NULL &&
         self->preflight->certificate != NULL;
}

/**
 * till_upload_window_get_current:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): the certificate whose place the file takes
 */
const TillWalletCertificate *
till_upload_window_get_current (TillUploadWindow *self)
{
  if (self->kind == TILL_UPLOAD_HUB)
    return NULL;
  if (self->preflight != NULL && self->preflight->replaces != NULL)
    return self->preflight->replaces;

  return self->kind == TILL_UPLOAD_REPLACE && self->replaces != NULL ? self->replaces->wallet : NULL;
}

/* The profile that this window is about is not at work any more. What is on its way is waited for. */
static void
leave_other_shop (TillUploadWindow *self)
{
  if (self->session != NULL && self->shop != NULL && till_session_get_shop (self->session) != self->shop &&
      !till_upload_window_is_busy (self))
    gtk_window_close (GTK_WINDOW (self));
}

/**
 * till_upload_window_set_state:
 * @self: a window
 * @state: how far it is
 *
 * Shows it.
 */
void
till_upload_window_set_state (TillUploadWindow *self,
                              TillUploadState   state)
{
  /* Closed meanwhile. */
  if (self->session == NULL)
    return;

  self->state = state;
  till_upload_window_update (self);
  leave_other_shop (self);
}

/**
 * till_upload_window_set_failure:
 * @self: a window
 * @error: (nullable): what went wrong; copied
 *
 * Kept to be shown with the next state.
 */
void
till_upload_window_set_failure (TillUploadWindow *self,
                                const GError     *error)
{
  g_autoptr(GError) copy = error != NULL ? g_error_copy (error) : NULL;

  g_clear_error (&self->failure);
  self->failure = g_steal_pointer (&copy);
  till_error_details_set_error (self->failure_details, self->failure);
}

/**
 * till_upload_window_set_file:
 * @self: a window
 * @file: on this computer
 *
 * Goes over to another file: what was typed and found for the last one is gone.
 */
void
till_upload_window_set_file (TillUploadWindow *self,
                             GFile            *file)
{
  if (till_upload_window_is_busy (self) || self->state >= TILL_UPLOAD_STATE_UNKNOWN)
    return;

  g_set_object (&self->file, file);
  till_upload_window_forget_check (self);
  till_upload_password_clear (self->password);
  self->needs_password = FALSE;
  till_upload_window_check (self);
}

/**
 * till_upload_window_tell_parent:
 * @self: a window
 * @text: what was done
 *
 * A toast of the window behind this one.
 */
void
till_upload_window_tell_parent (TillUploadWindow *self,
                                const char       *text)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (parent != NULL)
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.toast", "s", text);
}

/**
 * till_upload_window_emit_done:
 * @self: a window
 * @item: (nullable): as the service says it is now
 *
 * Tells that the service confirmed.
 */
void
till_upload_window_emit_done (TillUploadWindow *self,
                              TillItem         *item)
{
  g_signal_emit (self, signals[SIGNAL_DONE], 0, item);
}

static void
chosen_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TillUploadWindow) self = user_data;
  g_autoptr(GListModel) files = till_file_chooser_open_finish (result, NULL);
  g_autoptr(GFile) file = files != NULL ? g_list_model_get_item (files, 0) : NULL;

  if (self->session == NULL)
    return;

  g_clear_object (&self->choosing);
  if (file != NULL)
    till_upload_window_set_file (self, file);
}

static void
choose_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  TillUploadWindow *self = TILL_UPLOAD_WINDOW (widget);

  if (self->choosing != NULL)
    return;

  self->choosing = g_cancellable_new ();
  till_file_chooser_open_kind_async (GTK_WINDOW (self), _("Choose a Certificate File"), TILL_FILE_KIND_ANY_CERTIFICATE,
                                     self->choosing, chosen_cb, g_object_ref (self));
}

static void
retry_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  till_upload_window_check (TILL_UPLOAD_WINDOW (widget));
}

static void
send_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TillUploadWindow *self = TILL_UPLOAD_WINDOW (widget);

  if (self->state == TILL_UPLOAD_STATE_READY)
    till_upload_window_ask_send (self);
}

/* The same file and password, as a certificate of its own. */
static void
as_new_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  TillUploadWindow *self = TILL_UPLOAD_WINDOW (widget);

  if (!till_upload_window_is_lost (self))
    return;

  self->kind = TILL_UPLOAD_ADD;
  till_upload_window_check (self);
}

/* What runs is stopped; what does not run is left. */
static void
cancel_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  TillUploadWindow *self = TILL_UPLOAD_WINDOW (widget);

  if (self->sending != NULL)
    g_cancellable_cancel (self->sending);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
look_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TillUploadWindow *self = TILL_UPLOAD_WINDOW (widget);

  if (!till_upload_window_is_busy (self))
    till_upload_window_look (self);
}

static void
mark_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TillUploadWindow *self = TILL_UPLOAD_WINDOW (widget);

  if (self->state == TILL_UPLOAD_STATE_UNKNOWN)
    till_upload_window_mark (self, g_str_equal (name, "upload.mark-done"));
}

/* The details of an error say here that they were copied. */
static void
toast_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  g_autofree char *escaped = g_markup_escape_text (g_variant_get_string (parameter, NULL), -1);

  adw_toast_overlay_add_toast (TILL_UPLOAD_WINDOW (widget)->toasts, adw_toast_new (escaped));
}

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), g_variant_get_string (parameter, NULL));
  gtk_widget_activate_action (widget, "win.toast", "s", _("Copied"));
}

static gboolean
till_upload_window_close_request (GtkWindow *window)
{
  TillUploadWindow *self = TILL_UPLOAD_WINDOW (window);

  if (self->state == TILL_UPLOAD_STATE_SENDING && !self->closing)
    {
      till_upload_window_ask_close (self);
      return TRUE;
    }

  return GTK_WINDOW_CLASS (till_upload_window_parent_class)->close_request (window);
}

/* Lets go of all that it has begun, and of the password. What is under way holds the window, so that waiting for its
 * dispose would be waiting for that. */
static void
let_go (TillUploadWindow *self)
{
  g_clear_handle_id (&self->check_id, g_source_remove);
  g_cancellable_cancel (self->choosing);
  g_cancellable_cancel (self->checking);
  g_cancellable_cancel (self->sending);
  g_clear_object (&self->choosing);
  g_clear_object (&self->checking);
  g_clear_object (&self->sending);
  g_clear_pointer (&self->preflight, till_preflight_free);
  g_clear_pointer (&self->document, till_document_unref);
  if (self->password != NULL)
    till_upload_password_clear (self->password);
  self->password = NULL;
  g_clear_object (&self->shop);
  g_clear_object (&self->session);
}

static void
till_upload_window_unrealize (GtkWidget *widget)
{
  let_go (TILL_UPLOAD_WINDOW (widget));

  GTK_WIDGET_CLASS (till_upload_window_parent_class)->unrealize (widget);
}

static void
till_upload_window_dispose (GObject *object)
{
  let_go (TILL_UPLOAD_WINDOW (object));

  G_OBJECT_CLASS (till_upload_window_parent_class)->dispose (object);
}

static void
till_upload_window_finalize (GObject *object)
{
  TillUploadWindow *self = TILL_UPLOAD_WINDOW (object);

  g_clear_pointer (&self->replaces, till_item_unref);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->differing, g_ptr_array_unref);
  g_clear_pointer (&self->answer, till_shop_changed_free);
  g_clear_object (&self->file);
  g_clear_error (&self->failure);
  g_free (self->notice);
  g_free (self->prefilled_from);
  g_free (self->prefilled_name);
  g_free (self->prefilled_comment);

  G_OBJECT_CLASS (till_upload_window_parent_class)->finalize (object);
}

static void
till_upload_window_class_init (TillUploadWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = till_upload_window_dispose;
  object_class->finalize = till_upload_window_finalize;
  widget_class->unrealize = till_upload_window_unrealize;
  GTK_WINDOW_CLASS (klass)->close_request = till_upload_window_close_request;

  /**
   * TillUploadWindow::done:
   * @self: a window
   * @item: (nullable): a #TillItem, as the service says it is now
   *
   * The service confirmed.
   */
  signals[SIGNAL_DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_POINTER);

  gtk_widget_class_install_action (widget_class, "upload.choose", NULL, choose_action);
  gtk_widget_class_install_action (widget_class, "upload.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "upload.send", NULL, send_action);
  gtk_widget_class_install_action (widget_class, "upload.as-new", NULL, as_new_action);
  gtk_widget_class_install_action (widget_class, "upload.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "upload.look", NULL, look_action);
  gtk_widget_class_install_action (widget_class, "upload.mark-done", NULL, mark_action);
  gtk_widget_class_install_action (widget_class, "upload.mark-not-done", NULL, mark_action);
  gtk_widget_class_install_action (widget_class, "detail.copy", "s", copy_action);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK, "upload.choose", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
till_upload_window_init (TillUploadWindow *self)
{
  self->intent_id = -1;
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (self), 560, 720);
  gtk_widget_set_size_request (GTK_WIDGET (self), 320, 240);
  till_upload_window_build (self);
}

/**
 * till_upload_window_new:
 * @parent: (nullable): the window that it belongs to; its action "win.toast" is told what was done
 * @session: what is sent goes through its shop
 * @kind: what for
 * @replaces: (nullable): of %TILL_UPLOAD_REPLACE, an item of the wallet
 * @file: (nullable): chosen already
 *
 * Returns: (transfer none): a window that is not shown yet; GTK owns it until it is closed
 */
GtkWidget *
till_upload_window_new (GtkWindow      *parent,
                        TillSession    *session,
                        TillUploadKind  kind,
                        TillItem       *replaces,
                        GFile          *file)
{
  TillUploadWindow *self;

  g_return_val_if_fail (TILL_IS_SESSION (session), NULL);
  g_return_val_if_fail (kind != TILL_UPLOAD_REPLACE || (replaces != NULL && replaces->wallet != NULL), NULL);

  self = g_object_new (TILL_TYPE_UPLOAD_WINDOW, "transient-for", parent, NULL);
  self->session = g_object_ref (session);
  self->kind = kind;
  self->replaces = replaces != NULL ? till_item_ref (replaces) : NULL;
  g_set_object (&self->shop, till_session_get_shop (session));
  g_signal_connect_object (session, "notify::shop", G_CALLBACK (leave_other_shop), self, G_CONNECT_SWAPPED);

  till_upload_window_set_state (self, TILL_UPLOAD_STATE_NO_FILE);
  if (file != NULL)
    till_upload_window_set_file (self, file);

  return GTK_WIDGET (self);
}
