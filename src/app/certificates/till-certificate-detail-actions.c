/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one can do on the detail side: copy, export, remind, read again, go along the chain. */
#include "config.h"

#include "till-certificate-detail-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "till-certificate-calendar.h"
#include "till-export.h"
#include "till-save.h"

static void
say (TillCertificateDetail *self,
     const char            *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

/**
 * till_certificate_detail_get_current:
 * @self: a detail side
 *
 * Returns: index of the certificate that is shown; -1 for a file without one,
 *   or while nothing is shown
 */
int
till_certificate_detail_get_current (TillCertificateDetail *self)
{
  if (self->trail->len == 0)
    return -1;

  return g_array_index (self->trail, int, self->trail->len - 1);
}

static const TillCertificate *
get_current_certificate (TillCertificateDetail *self)
{
  int current = till_certificate_detail_get_current (self);

  if (current < 0 || self->shown == NULL)
    return NULL;

  return self->shown->certificates->pdata[current];
}

/* What a person would paste elsewhere: the item's identifier, or the name of an issuer. */
static const char *
get_current_identifier (TillCertificateDetail *self)
{
  const TillCertificate *certificate = get_current_certificate (self);

  if (certificate == NULL)
    return NULL;

  if (certificate->pass_type_id != NULL)
    return certificate->pass_type_id;

  if (self->trail->len == 1)
    return till_certificate_item_get_identifier (self->item);

  return certificate->common_name;
}

/**
 * till_certificate_detail_update_actions:
 * @self: a detail side
 *
 * Lets be done what can be done with what is shown, and nothing else.
 */
void
till_certificate_detail_update_actions (TillCertificateDetail *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean content = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "content") == 0;
  const TillCertificate *certificate = content ? get_current_certificate (self) : NULL;
  const char *identifier = certificate != NULL ? get_current_identifier (self) : NULL;
  g_autoptr(GBytes) part = NULL;

  if (content && self->shown != NULL)
    part = till_export_make (self->shown, till_certificate_detail_get_current (self), TILL_EXPORT_DER);

  gtk_widget_action_set_enabled (widget, "detail.copy-identifier", identifier != NULL && *identifier != '\0');
  gtk_widget_action_set_enabled (widget, "detail.export", part != NULL);
  gtk_widget_action_set_enabled (widget, "detail.export-der", part != NULL);
  gtk_widget_action_set_enabled (widget, "detail.export-chain",
                                 certificate != NULL && self->shown->certificates->len > 1);
  gtk_widget_action_set_enabled (widget, "detail.add-to-calendar",
                                 certificate != NULL && certificate->not_after != TILL_TIME_INVALID &&
                                 certificate->not_after != TILL_TIME_NEVER);
  gtk_widget_action_set_enabled (widget, "detail.show-folder",
                                 self->entry != NULL && till_file_entry_get_file (self->entry) != NULL);
  gtk_widget_action_set_enabled (widget, "detail.back", content && self->trail->len > 1);
}

static void
read_again_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(TillCertificateDetail) self = TILL_CERTIFICATE_DETAIL (user_data);

  /* The source's state says how it went, and we follow that. */
  till_file_entry_load_finish (TILL_FILE_ENTRY (source), result, NULL);

  if (self->entry == TILL_FILE_ENTRY (source))
    till_certificate_detail_update (self);
}

static void
read_again (TillCertificateDetail *self)
{
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  till_file_entry_load_async (self->entry, NULL, self->cancellable, read_again_cb, g_object_ref (self));
}

static void
retry_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (widget);

  if (self->entry == NULL)
    return;

  self->stopped = FALSE;
  read_again (self);
  till_certificate_detail_update (self);
}

static void
cancel_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (widget);

  if (self->entry == NULL)
    return;

  self->stopped = TRUE;
  till_certificate_detail_clear_spinner (self);
  if (self->cancellable == NULL || g_cancellable_is_cancelled (self->cancellable))
    {
      /* Somebody else began this reading. A newer one takes its place, and ends at once. */
      read_again (self);
    }
  g_cancellable_cancel (self->cancellable);
}

static void
copy_text (TillCertificateDetail *self,
           const char            *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  say (self, _("Copied"));
}

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  copy_text (TILL_CERTIFICATE_DETAIL (widget), g_variant_get_string (parameter, NULL));
}

static void
copy_identifier_action (GtkWidget  *widget,
                        const char *name,
                        GVariant   *parameter)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (widget);
  const char *identifier = get_current_identifier (self);

  if (identifier != NULL)
    copy_text (self, identifier);
}

static void
export (TillCertificateDetail *self,
        TillExportFormat       format)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *name = NULL;

  if (self->shown == NULL)
    return;

  bytes = till_export_make (self->shown, till_certificate_detail_get_current (self), format);
  if (bytes == NULL)
    return;

  name = till_export_dup_name (self->shown, till_certificate_detail_get_current (self), format);
  till_save_ask (GTK_WIDGET (self), _("Export Public Part"), name,
                 format == TILL_EXPORT_DER ? TILL_FILE_KIND_DER : TILL_FILE_KIND_PEM,
                 bytes, self->saving);
}

static void
export_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  export (TILL_CERTIFICATE_DETAIL (widget), TILL_EXPORT_PEM);
}

static void
export_der_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  export (TILL_CERTIFICATE_DETAIL (widget), TILL_EXPORT_DER);
}

static void
export_chain_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  export (TILL_CERTIFICATE_DETAIL (widget), TILL_EXPORT_CHAIN);
}

static void
add_to_calendar_action (GtkWidget  *widget,
                        const char *action,
                        GVariant   *parameter)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (widget);
  const TillCertificate *certificate = get_current_certificate (self);
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *name = NULL;
  char *text;

  if (certificate == NULL)
    return;

  text = till_certificate_calendar_format (self->shown, (guint) till_certificate_detail_get_current (self),
                                           till_file_entry_get_title (self->entry),
                                           till_clock_get_now (till_certificate_item_get_clock (self->item)));
  bytes = g_bytes_new_take (text, strlen (text));
  name = till_save_dup_safe_name (get_current_identifier (self), ".ics");
  till_save_ask (widget, _("Add to Calendar"), name, TILL_FILE_KIND_CALENDAR, bytes, self->saving);
}

static void
folder_shown_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(TillCertificateDetail) self = TILL_CERTIFICATE_DETAIL (user_data);

  if (!g_app_info_launch_default_for_uri_finish (result, NULL))
    say (self, _("No program here can show the folder"));
}

static void
show_folder_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (widget);
  GFile *file = self->entry != NULL ? till_file_entry_get_file (self->entry) : NULL;
  g_autoptr(GFile) folder = file != NULL ? g_file_get_parent (file) : NULL;
  g_autoptr(GAppLaunchContext) context = NULL;
  g_autofree char *uri = NULL;

  if (folder == NULL)
    return;

  uri = g_file_get_uri (folder);
  context = G_APP_LAUNCH_CONTEXT (gdk_display_get_app_launch_context (gtk_widget_get_display (widget)));
  g_app_info_launch_default_for_uri_async (uri, context, self->saving, folder_shown_cb, g_object_ref (self));
}

static void
show_certificate_action (GtkWidget  *widget,
                         const char *name,
                         GVariant   *parameter)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (widget);
  int certificate = g_variant_get_int32 (parameter);

  if (self->shown == NULL || certificate < 0 || certificate >= (int) self->shown->certificates->len)
    return;

  g_array_append_val (self->trail, certificate);
  till_certificate_detail_show_current (self);
  till_certificate_detail_focus (self);
}

static void
back_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TillCertificateDetail *self = TILL_CERTIFICATE_DETAIL (widget);

  if (self->trail->len < 2)
    return;

  g_array_set_size (self->trail, self->trail->len - 1);
  till_certificate_detail_show_current (self);
  till_certificate_detail_focus (self);
}

/**
 * till_certificate_detail_install_actions:
 * @widget_class: of the detail side
 *
 * Gives the class its actions.
 */
void
till_certificate_detail_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "detail.copy", "s", copy_action);
  gtk_widget_class_install_action (widget_class, "detail.copy-identifier", NULL, copy_identifier_action);
  gtk_widget_class_install_action (widget_class, "detail.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "detail.export-der", NULL, export_der_action);
  gtk_widget_class_install_action (widget_class, "detail.export-chain", NULL, export_chain_action);
  gtk_widget_class_install_action (widget_class, "detail.add-to-calendar", NULL, add_to_calendar_action);
  gtk_widget_class_install_action (widget_class, "detail.show-folder", NULL, show_folder_action);
  gtk_widget_class_install_action (widget_class, "detail.show-certificate", "i", show_certificate_action);
  gtk_widget_class_install_action (widget_class, "detail.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "detail.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "detail.cancel", NULL, cancel_action);

  /* While there is a way back in the chain; else the key is the pane's. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "detail.back", NULL);
}
