/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What covers the window while it is locked. */
#include "config.h"

#include "till-lock-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "till-profile-words.h"
#include "till-text.h"

struct _TillLockPage
{
  GtkWidget   parent_instance;

  GtkWidget  *box;
  GtkWidget  *tag;              /* which profile is covered */
  GtkImage   *tag_icon;
  GtkLabel   *tag_label;
  GtkWidget  *button;
  GtkSpinner *spinner;
  GtkLabel   *problem;
};

G_DEFINE_FINAL_TYPE (TillLockPage, till_lock_page, GTK_TYPE_WIDGET)

static gboolean
till_lock_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (TILL_LOCK_PAGE (widget)->button);
}

static void
till_lock_page_dispose (GObject *object)
{
  g_clear_pointer (&TILL_LOCK_PAGE (object)->box, gtk_widget_unparent);

  G_OBJECT_CLASS (till_lock_page_parent_class)->dispose (object);
}

static void
till_lock_page_class_init (TillLockPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = till_lock_page_dispose;
  widget_class->grab_focus = till_lock_page_grab_focus;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "lockpage");
}

static GtkWidget *
new_tag (TillLockPage *self)
{
  self->tag = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->tag_icon = GTK_IMAGE (gtk_image_new ());
  self->tag_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->tag_label, TRUE);
  gtk_label_set_wrap_mode (self->tag_label, PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_halign (self->tag, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->tag, "environment");
  gtk_box_append (GTK_BOX (self->tag), GTK_WIDGET (self->tag_icon));
  gtk_box_append (GTK_BOX (self->tag), GTK_WIDGET (self->tag_label));

  return self->tag;
}

static GtkWidget *
new_controls (TillLockPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *clamp = adw_clamp_new ();

  self->button = gtk_button_new_with_label (_("Unlock"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), "win.unlock");
  gtk_widget_add_css_class (self->button, "pill");
  gtk_widget_add_css_class (self->button, "suggested-action");
  gtk_widget_set_halign (self->button, GTK_ALIGN_CENTER);

  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->spinner),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Asking the password store"), -1);

  self->problem = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, "wrap", TRUE,
                                "justify", GTK_JUSTIFY_CENTER, "visible", FALSE, NULL);

  gtk_box_append (GTK_BOX (box), new_tag (self));
  gtk_box_append (GTK_BOX (box), self->button);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->spinner));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 480);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);

  return clamp;
}

static void
till_lock_page_init (TillLockPage *self)
{
  GtkWidget *page = adw_status_page_new ();

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "system-lock-screen-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (page), _("Locked"));
  adw_status_page_set_description (ADW_STATUS_PAGE (page),
                                   _("Everything is covered; tokens and passwords were let go.\n\nUnlock asks this "
                                     "computer’s password store again. Where that stays open while you are signed in, "
                                     "anybody in front of this computer can unlock: when you leave, lock the screen, too."));
  adw_status_page_set_child (ADW_STATUS_PAGE (page), new_controls (self));
  gtk_widget_set_vexpand (page, TRUE);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (self->box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (self->box), page);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

/**
 * till_lock_page_new:
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
till_lock_page_new (void)
{
  return g_object_new (TILL_TYPE_LOCK_PAGE, NULL);
}

/**
 * till_lock_page_set_profile:
 * @self: a page
 * @profile: (nullable): which one is covered
 *
 * Says what is behind it: name and environment, nothing else.
 */
void
till_lock_page_set_profile (TillLockPage      *self,
                            const TillProfile *profile)
{
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (TILL_IS_LOCK_PAGE (self));

  gtk_widget_set_visible (self->tag, profile != NULL);
  if (profile == NULL)
    return;

  name = till_text_dup_display (profile->name, 64);
  /* Translators: a profile and its environment: “Acme Cafés: Live”. */
  text = g_strdup_printf (_("%1$s: %2$s"), name, till_profile_words_get_environment (profile->environment));
  gtk_label_set_text (self->tag_label, text);
  gtk_image_set_from_icon_name (self->tag_icon, till_profile_words_get_icon_name (profile->environment));
}

/**
 * till_lock_page_set_asking:
 * @self: a page
 * @asking: whether the password store is being asked
 * @problem: (nullable): why it was not unlocked
 *
 * Says how far unlocking is.
 */
void
till_lock_page_set_asking (TillLockPage *self,
                           gboolean      asking,
                           const char   *problem)
{
  g_return_if_fail (TILL_IS_LOCK_PAGE (self));

  gtk_spinner_set_spinning (self->spinner, asking);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), asking);
  gtk_label_set_text (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
}
