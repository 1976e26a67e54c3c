/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pane that needs a profile, or what to do where there is none. */
#include "config.h"

#include "till-session-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "till-error-details.h"
#include "till-error-text.h"
#include "till-error.h"
#include "till-flip-box.h"

/**
 * TillSessionView:
 *
 * Shows the pane while a profile is at work or on its way: what was known stays
 * on screen. Else a page that says why there is none and what can be done.
 */

struct _TillSessionView
{
  GtkWidget         parent_instance;

  TillSession      *session;
  char             *icon_name;
  GtkStack         *stack;
  GtkWidget        *child;
  GtkWidget        *page;          /* (nullable) instead of the pane */
  TillSessionState  shown;         /* what page is about */
};

G_DEFINE_FINAL_TYPE (TillSessionView, till_session_view, GTK_TYPE_WIDGET)

static GtkWidget *
new_button (const char *text,
            const char *action,
            gboolean    suggested)
{
  GtkWidget *button = gtk_button_new_with_label (text);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_add_css_class (button, "pill");
  if (suggested)
    gtk_widget_add_css_class (button, "suggested-action");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);

  return button;
}

static GtkWidget *
new_button_box (void)
{
  GtkWidget *box = till_flip_box_new (12, 0);

  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);

  return box;
}

static GtkWidget *
new_page (const char *icon_name,
          const char *title,
          const char *description,
          GtkWidget  *child)
{
  GtkWidget *page = adw_status_page_new ();
  g_autofree char *escaped_title = g_markup_escape_text (title, -1);
  g_autofree char *escaped = g_markup_escape_text (description, -1);

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), icon_name);
  adw_status_page_set_title (ADW_STATUS_PAGE (page), escaped_title);
  adw_status_page_set_description (ADW_STATUS_PAGE (page), escaped);
  adw_status_page_set_child (ADW_STATUS_PAGE (page), child);

  return page;
}

static GtkWidget *
new_none_page (TillSessionView *self)
{
  GtkWidget *box;

  if (till_session_get_profiles (self->session)->len == 0)
    return new_page (self->icon_name, _("Nothing Connected Yet"),
                     _("Connect a provider to see what is there, or practise first with services that are pretended on "
                       "this computer.\n\nNothing leaves this computer until you press a button that says so."),
                     till_session_view_new_first_steps (TRUE));

  box = new_button_box ();
  gtk_widget_set_parent (new_button (_("Choose a Profile"), "win.switch-profile", TRUE), box);

  return new_page (self->icon_name, _("No Profile Chosen"),
                   _("The profile that was used last is gone. Live is never chosen by itself."), box);
}

static GtkWidget *
new_opening_page (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *spinner = gtk_spinner_new ();

  gtk_spinner_set_spinning (GTK_SPINNER (spinner), TRUE);
  gtk_widget_set_size_request (spinner, 32, 32);
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), spinner);
  gtk_box_append (GTK_BOX (box), gtk_label_new (_("Opening the records…")));

  return box;
}

/* What helps against an error of store or profile, besides trying again. */
static void
add_remedy (GtkWidget    *box,
            TillSession  *session,
            const GError *error)
{
  switch (till_error_get_reason (error))
    {
    case TILL_REASON_STORE_DAMAGED:
      /* Where no copy is whole that was said, and asking again does not help. */
      if (g_error_matches (error, TILL_ERROR, TILL_ERROR_DAMAGED))
        gtk_widget_set_parent (new_button (_("Restore the Last Backup"), "win.restore-backup", FALSE), box);
      gtk_widget_set_parent (new_button (_("Show Folder"), "win.show-data-folder", FALSE), box);
      break;

    case TILL_REASON_STORE_READ_ONLY:
      gtk_widget_set_parent (new_button (_("Show Folder"), "win.show-data-folder", FALSE), box);
      break;

    default:
      if (till_session_get_current (session) != NULL)
        gtk_widget_set_parent (new_button (_("Open Profile"), "win.edit-profile", FALSE), box);
      break;
    }
}

static GtkWidget *
new_failed_page (TillSessionView *self)
{
  const GError *error = till_session_get_error (self->session);
  g_autofree char *body = till_error_text_dup_body (error);
  GtkWidget *buttons = new_button_box ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *clamp = adw_clamp_new ();

  gtk_widget_set_parent (new_button (_("Try Again"), "win.try-again", TRUE), buttons);
  add_remedy (buttons, self->session, error);
  gtk_box_append (GTK_BOX (box), buttons);
  gtk_box_append (GTK_BOX (box), till_error_details_new (error));
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 480);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);

  return new_page ("dialog-warning-symbolic", till_error_text_get_title (error), body, clamp);
}

static void
update (TillSessionView *self)
{
  TillSessionState state = till_session_get_state (self->session);
  gboolean has_store = till_session_get_store (self->session) != NULL;
  gboolean had_focus = self->page != NULL && gtk_widget_get_focus_child (self->page) != NULL;
  GtkWidget *page = NULL;

  if (state == TILL_SESSION_NONE)
    page = new_none_page (self);
  else if (state == TILL_SESSION_FAILED)
    page = new_failed_page (self);
  else if ((state == TILL_SESSION_OPENING || state == TILL_SESSION_IDLE) && !has_store)
    page = new_opening_page ();

  if (page != NULL)
    gtk_stack_add_child (self->stack, page);
  gtk_stack_set_visible_child (self->stack, page != NULL ? page : self->child);
  if (self->page != NULL)
    gtk_stack_remove (self->stack, self->page);
  self->page = page;

  if (had_focus)
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static gboolean
till_session_view_grab_focus (GtkWidget *widget)
{
  TillSessionView *self = TILL_SESSION_VIEW (widget);

  if (self->page != NULL)
    return gtk_widget_child_focus (self->page, GTK_DIR_TAB_FORWARD);

  return gtk_widget_grab_focus (self->child) || gtk_widget_child_focus (self->child, GTK_DIR_TAB_FORWARD);
}

static void
till_session_view_dispose (GObject *object)
{
  TillSessionView *self = TILL_SESSION_VIEW (object);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  if (self->stack != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->stack));
  self->stack = NULL;
  self->child = NULL;
  self->page = NULL;

  G_OBJECT_CLASS (till_session_view_parent_class)->dispose (object);
}

static void
till_session_view_finalize (GObject *object)
{
  g_free (TILL_SESSION_VIEW (object)->icon_name);

  G_OBJECT_CLASS (till_session_view_parent_class)->finalize (object);
}

static void
till_session_view_class_init (TillSessionViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = till_session_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = till_session_view_finalize;
  widget_class->grab_focus = till_session_view_grab_focus;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
till_session_view_init (TillSessionView *self)
{
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_hhomogeneous (self->stack, FALSE);
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_widget_set_parent (GTK_WIDGET (self->stack), GTK_WIDGET (self));
}

/**
 * till_session_view_new:
 * @session: which profile is at work
 * @child: the pane
 * @icon_name: of the pane
 *
 * Returns: (transfer floating): the pane, or what to do instead
 */
GtkWidget *
till_session_view_new (TillSession *session,
                       GtkWidget   *child,
                       const char  *icon_name)
{
  TillSessionView *self;

  g_return_val_if_fail (TILL_IS_SESSION (session), NULL);
  g_return_val_if_fail (GTK_IS_WIDGET (child), NULL);

  self = g_object_new (TILL_TYPE_SESSION_VIEW, NULL);
  self->session = g_object_ref (session);
  self->icon_name = g_strdup (icon_name);
  self->child = child;
  gtk_stack_add_child (self->stack, child);

  g_signal_connect_swapped (session, "notify::state", G_CALLBACK (update), self);
  g_signal_connect_swapped (session, "notify::error", G_CALLBACK (update), self);
  update (self);

  return GTK_WIDGET (self);
}

/**
 * till_session_view_get_child:
 * @self: a view
 *
 * Returns: (transfer none): its pane
 */
GtkWidget *
till_session_view_get_child (TillSessionView *self)
{
  g_return_val_if_fail (TILL_IS_SESSION_VIEW (self), NULL);

  return self->child;
}

/**
 * till_session_view_new_first_steps:
 * @connect_is_suggested: whether it is the first thing to do on its page
 *
 * Returns: (transfer floating): the buttons Connect a Provider and Practise First
 */
GtkWidget *
till_session_view_new_first_steps (gboolean connect_is_suggested)
{
  GtkWidget *box = new_button_box ();

  gtk_widget_set_parent (new_button (_("Connect a Provider"), "win.add-profile", connect_is_suggested), box);
  gtk_widget_set_parent (new_button (_("Practise First"), "win.practise", FALSE), box);

  return box;
}
