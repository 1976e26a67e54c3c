/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The entries of a profile, each with room for what is wrong with it. */
#include "config.h"

#include "till-profile-form.h"

#include <glib/gi18n.h>
#include <string.h>

#include "till-ca-row.h"
#include "till-label.h"
#include "till-profile-words.h"
#include "till-profiles.h"

/**
 * TillProfileForm:
 *
 * Secrets are typed into rows whose buffer is locked and wiped; they leave it
 * as TillSecret only, and are never shown again once they are kept.
 */

/* What is shown in clear is hidden again after so long, and when the focus goes (RELIABILITY.md G3). */
#define REVEAL_SECONDS 30

typedef enum
{
  GROUP_HUB,
  GROUP_WALLET,
  GROUP_DEVICES,
  N_GROUPS,
} FormGroup;

static const struct
{
  const char *title;
  const char *description;
} groups[N_GROUPS] = {
  [GROUP_HUB] = { "Commerce Hub", N_("Encryption keys, access tokens, and certificates of points of sale.") },
  [GROUP_WALLET] = { "Airship Wallet", N_("Certificates that sign passes for phones.") },
  [GROUP_DEVICES] = { "Acceptance Devices", N_("Terminals and tills that are paired with each other.") },
};

/* Members as the core names them in errors, and as they stand in TillProfile. */
static const struct
{
  FormGroup   group;
  const char *member;
  glong       offset;
  const char *title;
  gboolean    is_address;
} entries[] = {
  { GROUP_HUB, "hub-url", G_STRUCT_OFFSET (TillProfile, hub_url), N_("Address"), TRUE },
  { GROUP_HUB, "hub-merchant", G_STRUCT_OFFSET (TillProfile, hub_merchant), N_("Merchant ID"), FALSE },
  { GROUP_HUB, "hub-terminal", G_STRUCT_OFFSET (TillProfile, hub_terminal), N_("Terminal ID (may be left out)"), FALSE },
  { GROUP_HUB, "hub-key", G_STRUCT_OFFSET (TillProfile, hub_key), N_("API Key"), FALSE },
  { GROUP_WALLET, "wallet-url", G_STRUCT_OFFSET (TillProfile, wallet_url), N_("Address"), TRUE },
  { GROUP_WALLET, "wallet-user", G_STRUCT_OFFSET (TillProfile, wallet_user), N_("Project Key or E-Mail"), FALSE },
  { GROUP_DEVICES, "devices-url", G_STRUCT_OFFSET (TillProfile, devices_url), N_("Address"), TRUE },
  { GROUP_DEVICES, "devices-organization", G_STRUCT_OFFSET (TillProfile, devices_organization),
    N_("Organization ID"), FALSE },
  { GROUP_DEVICES, "devices-key-id", G_STRUCT_OFFSET (TillProfile, devices_key_id), N_("Key ID"), FALSE },
};

static const struct
{
  const char *service;
  const char *title;
} secrets[N_GROUPS] = {
  [GROUP_HUB] = { "hub", N_("API Secret") },
  [GROUP_WALLET] = { "wallet", N_("Project Secret or API Key") },
  [GROUP_DEVICES] = { "devices", N_("Shared Secret") },
};

typedef struct
{
  const char *member;
  GtkWidget  *row;
  GtkWidget  *error_row;
  GtkLabel   *error;
} FormField;

struct _TillProfileForm
{
  GtkWidget       parent_instance;

  TillProfile    *profile;         /* as it was last saved, or as a new one begins */
  AdwPreferencesPage *page;
  GtkWidget      *groups[N_GROUPS];
  GArray         *fields;          /* (element-type FormField) */
  GtkEditable    *name;
  AdwComboRow    *environment;     /* (nullable): of a new one; else it never changes */
  GtkLabel       *meaning;
  GtkEditable    *entries[G_N_ELEMENTS (entries)];
  GtkEditable    *secrets[N_GROUPS];
  GtkLabel       *kept[N_GROUPS];
  guint           hide_ids[N_GROUPS];
  AdwComboRow    *signature;
  GtkWidget      *ca_row;
  GtkSwitch      *repeat;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TillProfileForm, till_profile_form, GTK_TYPE_WIDGET)

static TillEnvironment
get_environment (TillProfileForm *self)
{
  return self->environment != NULL ? (TillEnvironment) adw_combo_row_get_selected (self->environment)
                                   : self->profile->environment;
}

static char **
get_member (TillProfile *profile,
            gsize        i)
{
  return &G_STRUCT_MEMBER (char *, profile, entries[i].offset);
}

static void
set_invalid (FormField  *field,
             const char *text)
{
  gtk_label_set_label (field->error, text != NULL ? text : "");
  gtk_widget_set_visible (field->error_row, text != NULL);

  if (text != NULL)
    {
      gtk_widget_add_css_class (field->row, "error");
      gtk_accessible_update_state (GTK_ACCESSIBLE (field->row), GTK_ACCESSIBLE_STATE_INVALID,
                                   GTK_ACCESSIBLE_INVALID_TRUE, -1);
    }
  else
    {
      gtk_widget_remove_css_class (field->row, "error");
      gtk_accessible_reset_state (GTK_ACCESSIBLE (field->row), GTK_ACCESSIBLE_STATE_INVALID);
    }
}

static FormField *
find_field (TillProfileForm *self,
            const char      *member,
            GtkWidget       *row)
{
  guint i;

  for (i = 0; i < self->fields->len; i++)
    {
      FormField *field = &g_array_index (self->fields, FormField, i);

      if (field->row == row || g_strcmp0 (field->member, member) == 0)
        return field;
    }

  return NULL;
}

static void
row_changed_cb (TillProfileForm *self,
                GtkWidget       *row)
{
  FormField *field = find_field (self, NULL, row);

  if (field != NULL)
    set_invalid (field, NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
entry_changed_cb (GtkEditable *row,
                  gpointer     user_data)
{
  row_changed_cb (user_data, GTK_WIDGET (row));
}

/* Adds a row, and one below it that is there when something is wrong. */
static void
add_field (TillProfileForm *self,
           GtkWidget       *group,
           const char      *member,
           GtkWidget       *row)
{
  GtkWidget *error_row = adw_preferences_row_new ();
  GtkWidget *label = till_label_new ("");
  FormField field = { member, row, error_row, GTK_LABEL (label) };

  gtk_widget_add_css_class (label, "error");
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_set_margin_top (label, 6);
  gtk_widget_set_margin_bottom (label, 6);
  gtk_widget_set_margin_start (label, 12);
  gtk_widget_set_margin_end (label, 12);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (error_row), label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (error_row), FALSE);
  gtk_widget_set_focusable (error_row, FALSE);
  gtk_widget_set_visible (error_row, FALSE);

  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), error_row);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, label, NULL, -1);
  g_array_append_val (self->fields, field);
}

static GtkEditable *
add_entry (TillProfileForm *self,
           GtkWidget       *group,
           const char      *member,
           const char      *title,
           GtkInputPurpose  purpose)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (row), purpose);
  adw_entry_row_set_input_hints (ADW_ENTRY_ROW (row), GTK_INPUT_HINT_NO_SPELLCHECK | GTK_INPUT_HINT_NO_EMOJI |
                                                      GTK_INPUT_HINT_PRIVATE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect (row, "changed", G_CALLBACK (entry_changed_cb), self);
  add_field (self, group, member, row);

  return GTK_EDITABLE (row);
}

static void
hide_secret (TillProfileForm *self,
             guint            i)
{
  GtkEditable *delegate = gtk_editable_get_delegate (self->secrets[i]);

  g_clear_handle_id (&self->hide_ids[i], g_source_remove);
  if (GTK_IS_TEXT (delegate))
    gtk_text_set_visibility (GTK_TEXT (delegate), FALSE);
}

static guint
find_secret (TillProfileForm *self,
             gpointer         delegate)
{
  guint i;

  for (i = 0; i < N_GROUPS - 1; i++)
    if ((gpointer) gtk_editable_get_delegate (self->secrets[i]) == delegate)
      break;

  return i;
}

typedef struct
{
  TillProfileForm *form;
  guint            i;
} Hiding;

static gboolean
hide_cb (gpointer user_data)
{
  Hiding *hiding = user_data;

  hiding->form->hide_ids[hiding->i] = 0;
  hide_secret (hiding->form, hiding->i);

  return G_SOURCE_REMOVE;
}

static void
visibility_changed_cb (GtkText    *text,
                       GParamSpec *pspec,
                       gpointer    user_data)
{
  TillProfileForm *self = user_data;
  guint i = find_secret (self, text);

  g_clear_handle_id (&self->hide_ids[i], g_source_remove);
  if (gtk_text_get_visibility (text))
    {
      Hiding *hiding = g_new (Hiding, 1);

      hiding->form = self;
      hiding->i = i;
      self->hide_ids[i] = g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, REVEAL_SECONDS, hide_cb, hiding, g_free);
    }
}

static void
secret_left_cb (GtkEventControllerFocus *controller,
                gpointer                 user_data)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));

  hide_secret (user_data, find_secret (user_data, gtk_editable_get_delegate (GTK_EDITABLE (row))));
}

static void
add_secret (TillProfileForm *self,
            guint            i)
{
  GtkWidget *row = adw_password_entry_row_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkWidget *kept = gtk_label_new (NULL);

  self->secrets[i] = GTK_EDITABLE (row);
  self->kept[i] = GTK_LABEL (kept);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(secrets[i].title));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, _(secrets[i].title), -1);
  gtk_widget_add_css_class (kept, "dim-label");
  gtk_widget_add_css_class (kept, "caption");
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), kept);
  gtk_widget_set_visible (kept, FALSE);

  g_signal_connect (row, "changed", G_CALLBACK (entry_changed_cb), self);
  g_signal_connect (focus, "leave", G_CALLBACK (secret_left_cb), self);
  gtk_widget_add_controller (row, focus);
  g_signal_connect_object (gtk_editable_get_delegate (GTK_EDITABLE (row)), "notify::visibility",
                           G_CALLBACK (visibility_changed_cb), self, 0);
  add_field (self, self->groups[i], secrets[i].service, row);
}

static void
add_group (TillProfileForm *self,
           FormGroup        group)
{
  gsize i;

  self->groups[group] = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->groups[group]), groups[group].title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->groups[group]), _(groups[group].description));

  for (i = 0; i < G_N_ELEMENTS (entries); i++)
    if (entries[i].group == group)
      self->entries[i] = add_entry (self, self->groups[group], entries[i].member, _(entries[i].title),
                                    entries[i].is_address ? GTK_INPUT_PURPOSE_URL : GTK_INPUT_PURPOSE_FREE_FORM);

  add_secret (self, group);
  adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (self->groups[group]));
}

static void
choice_changed_cb (TillProfileForm *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
add_signature (TillProfileForm *self)
{
  const char *const names[] = { "HTTP Signature", "JSON Web Token", NULL };
  g_autoptr(GtkStringList) model = gtk_string_list_new (names);

  self->signature = ADW_COMBO_ROW (adw_combo_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->signature), _("Signature"));
  adw_combo_row_set_model (self->signature, G_LIST_MODEL (model));
  adw_combo_row_set_selected (self->signature, self->profile->devices_signature == 1 ? 1 : 0);
  g_signal_connect_swapped (self->signature, "notify::selected", G_CALLBACK (choice_changed_cb), self);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->groups[GROUP_DEVICES]), GTK_WIDGET (self->signature));
}

static void
add_network (TillProfileForm *self)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Network"));

  self->ca_row = till_ca_row_new (self->profile->ca_pem);
  g_signal_connect_swapped (self->ca_row, "changed", G_CALLBACK (choice_changed_cb), self);
  add_field (self, group, "ca", self->ca_row);

  self->repeat = GTK_SWITCH (gtk_switch_new ());
  gtk_switch_set_active (self->repeat, self->profile->repeat_lost);
  gtk_widget_set_valign (GTK_WIDGET (self->repeat), GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->repeat, "notify::active", G_CALLBACK (choice_changed_cb), self);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Ask Again for Lost Answers"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _("With the same request number, so that nothing is done twice"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), GTK_WIDGET (self->repeat));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), GTK_WIDGET (self->repeat));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);

  adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (group));
}

/* Addresses that nobody has touched follow the environment. */
static void
fill_addresses (TillProfileForm *self,
                TillEnvironment  from,
                TillEnvironment  to)
{
  g_autoptr(TillProfile) before = till_profile_new ();
  g_autoptr(TillProfile) after = till_profile_new ();
  gsize i;

  before->environment = from;
  after->environment = to;
  till_profile_fill_defaults (before);
  till_profile_fill_defaults (after);

  for (i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      const char *preset = *get_member (before, i);
      const char *text = gtk_editable_get_text (self->entries[i]);

      if (entries[i].is_address && (*text == '\0' || g_strcmp0 (text, preset) == 0))
        gtk_editable_set_text (self->entries[i], *get_member (after, i) != NULL ? *get_member (after, i) : "");
    }
}

/* The built-in services of Practice need nothing. */
static void
update_groups (TillProfileForm *self)
{
  TillEnvironment environment = get_environment (self);
  gboolean built_in = environment == TILL_ENVIRONMENT_PRACTICE && self->profile->hub_url == NULL &&
                      self->profile->wallet_url == NULL;
  guint i;

  for (i = 0; i < N_GROUPS; i++)
    gtk_widget_set_visible (self->groups[i], !built_in);
  gtk_widget_set_visible (gtk_widget_get_ancestor (self->ca_row, ADW_TYPE_PREFERENCES_GROUP), !built_in);
  gtk_label_set_label (self->meaning, till_profile_words_get_meaning (environment));
}

static void
environment_changed_cb (TillProfileForm *self)
{
  TillEnvironment environment = get_environment (self);

  fill_addresses (self, self->profile->environment, environment);
  self->profile->environment = environment;
  update_groups (self);
  choice_changed_cb (self);
}

static void
add_environment (TillProfileForm *self,
                 GtkWidget       *group)
{
  GtkWidget *row, *icon;

  if (self->profile->id != NULL)
    {
      const char *word = till_profile_words_get_environment (self->profile->environment);

      row = adw_action_row_new ();
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), word);
      icon = gtk_image_new_from_icon_name (till_profile_words_get_icon_name (self->profile->environment));
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
    }
  else
    {
      const char *const names[] = {
        till_profile_words_get_environment (TILL_ENVIRONMENT_PRACTICE),
        till_profile_words_get_environment (TILL_ENVIRONMENT_TEST),
        till_profile_words_get_environment (TILL_ENVIRONMENT_LIVE),
        NULL
      };
      g_autoptr(GtkStringList) model = gtk_string_list_new (names);

      row = adw_combo_row_new ();
      self->environment = ADW_COMBO_ROW (row);
      adw_combo_row_set_model (self->environment, G_LIST_MODEL (model));
      adw_combo_row_set_selected (self->environment, self->profile->environment);
      g_signal_connect_swapped (row, "notify::selected", G_CALLBACK (environment_changed_cb), self);
    }

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Environment"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
}

static void
build (TillProfileForm *self)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *meaning = till_label_new ("");
  guint i;

  self->name = add_entry (self, group, "name", _("Name"), GTK_INPUT_PURPOSE_FREE_FORM);
  add_environment (self, group);
  self->meaning = GTK_LABEL (meaning);
  gtk_widget_add_css_class (meaning, "dim-label");
  gtk_widget_add_css_class (meaning, "caption");
  gtk_widget_set_margin_top (meaning, 6);
  gtk_widget_set_margin_start (meaning, 12);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), meaning);
  adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (group));

  for (i = 0; i < N_GROUPS; i++)
    add_group (self, i);
  add_signature (self);
  add_network (self);

  if (self->profile->name != NULL)
    gtk_editable_set_text (self->name, self->profile->name);
  for (i = 0; i < G_N_ELEMENTS (entries); i++)
    if (*get_member (self->profile, i) != NULL)
      gtk_editable_set_text (self->entries[i], *get_member (self->profile, i));
  if (self->environment != NULL)
    fill_addresses (self, self->profile->environment, self->profile->environment);
  update_groups (self);
}

static gboolean
till_profile_form_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (TILL_PROFILE_FORM (widget)->name));
}

static void
till_profile_form_dispose (GObject *object)
{
  TillProfileForm *self = TILL_PROFILE_FORM (object);
  guint i;

  for (i = 0; i < N_GROUPS; i++)
    g_clear_handle_id (&self->hide_ids[i], g_source_remove);
  if (self->page != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->page));
  self->page = NULL;

  G_OBJECT_CLASS (till_profile_form_parent_class)->dispose (object);
}

static void
till_profile_form_finalize (GObject *object)
{
  TillProfileForm *self = TILL_PROFILE_FORM (object);

  g_array_unref (self->fields);
  g_clear_pointer (&self->profile, till_profile_free);

  G_OBJECT_CLASS (till_profile_form_parent_class)->finalize (object);
}

static void
till_profile_form_class_init (TillProfileFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = till_profile_form_dispose;
  G_OBJECT_CLASS (klass)->finalize = till_profile_form_finalize;
  widget_class->grab_focus = till_profile_form_grab_focus;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  signals[CHANGED] = g_signal_new ("changed", TILL_TYPE_PROFILE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
till_profile_form_init (TillProfileForm *self)
{
  self->fields = g_array_new (FALSE, FALSE, sizeof (FormField));
  self->page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  gtk_widget_set_parent (GTK_WIDGET (self->page), GTK_WIDGET (self));
}

/**
 * till_profile_form_new:
 * @profile: (nullable): what to begin with; copied. %NULL for a new one, of the environment Test
 *
 * Returns: (transfer floating): a form
 */
GtkWidget *
till_profile_form_new (const TillProfile *profile)
{
  TillProfileForm *self = g_object_new (TILL_TYPE_PROFILE_FORM, NULL);

  if (profile != NULL)
    {
      self->profile = till_profile_copy (profile);
    }
  else
    {
      self->profile = till_profile_new ();
      self->profile->environment = TILL_ENVIRONMENT_TEST;
      self->profile->repeat_lost = TRUE;
    }
  build (self);

  return GTK_WIDGET (self);
}

/**
 * till_profile_form_add:
 * @self: a form
 * @group: an #AdwPreferencesGroup
 *
 * Adds a group below those of the form.
 */
void
till_profile_form_add (TillProfileForm *self,
                       GtkWidget       *group)
{
  g_return_if_fail (TILL_IS_PROFILE_FORM (self));

  adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (group));
}

/* Returns: (nullable): what was typed, without the blanks that pasting brings */
static char *
dup_text (GtkEditable *row)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (row)));

  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

/**
 * till_profile_form_dup_profile:
 * @self: a form
 *
 * Returns: (transfer full): what was entered; not checked
 */
TillProfile *
till_profile_form_dup_profile (TillProfileForm *self)
{
  TillProfile *profile;
  gsize i;

  g_return_val_if_fail (TILL_IS_PROFILE_FORM (self), NULL);

  profile = till_profile_copy (self->profile);
  profile->environment = get_environment (self);
  g_free (profile->name);
  profile->name = dup_text (self->name);
  for (i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_free (*get_member (profile, i));
      *get_member (profile, i) = gtk_widget_get_visible (self->groups[entries[i].group]) ? dup_text (self->entries[i])
                                                                                         : NULL;
    }
  profile->devices_signature = adw_combo_row_get_selected (self->signature) == 1 ? 1 : 0;
  profile->repeat_lost = gtk_switch_get_active (self->repeat);
  g_free (profile->ca_pem);
  profile->ca_pem = g_strdup (till_ca_row_get_pem (TILL_CA_ROW (self->ca_row)));

  return profile;
}

static int
get_secret_index (const char *service)
{
  int i;

  for (i = 0; i < N_GROUPS; i++)
    if (g_strcmp0 (secrets[i].service, service) == 0)
      return i;

  return -1;
}

/**
 * till_profile_form_dup_secret:
 * @self: a form
 * @service: "hub", "wallet" or "devices"
 *
 * Returns: (transfer full) (nullable): what was typed; %NULL where nothing was
 */
TillSecret *
till_profile_form_dup_secret (TillProfileForm *self,
                              const char      *service)
{
  int i = get_secret_index (service);
  const char *typed;

  g_return_val_if_fail (TILL_IS_PROFILE_FORM (self), NULL);
  g_return_val_if_fail (i >= 0, NULL);

  /* Lent by the buffer of the row, which is locked. */
  typed = gtk_editable_get_text (self->secrets[i]);

  return *typed != '\0' ? till_secret_new_copy (typed, strlen (typed)) : NULL;
}

/**
 * till_profile_form_secret_kept:
 * @self: a form
 * @service: "hub", "wallet" or "devices"
 * @session_only: whether it is gone when the program ends
 *
 * Wipes what was typed, and says where it is now.
 */
void
till_profile_form_secret_kept (TillProfileForm *self,
                               const char      *service,
                               gboolean         session_only)
{
  int i = get_secret_index (service);

  g_return_if_fail (TILL_IS_PROFILE_FORM (self));
  g_return_if_fail (i >= 0);

  hide_secret (self, (guint) i);
  g_signal_handlers_block_by_func (self->secrets[i], entry_changed_cb, self);
  gtk_editable_set_text (self->secrets[i], "");
  g_signal_handlers_unblock_by_func (self->secrets[i], entry_changed_cb, self);
  gtk_label_set_label (self->kept[i], session_only ? _("Kept for this session only") : _("Kept"));
  gtk_widget_set_visible (GTK_WIDGET (self->kept[i]), TRUE);
}

/**
 * till_profile_form_set_saved:
 * @self: a form
 * @profile: as it is kept
 *
 * Makes further changes be about it, and shows how it was understood.
 */
void
till_profile_form_set_saved (TillProfileForm   *self,
                             const TillProfile *profile)
{
  gsize i;

  g_return_if_fail (TILL_IS_PROFILE_FORM (self));
  g_return_if_fail (profile != NULL);

  till_profile_free (self->profile);
  self->profile = till_profile_copy (profile);
  /* An environment never changes. */
  if (self->environment != NULL)
    gtk_widget_set_sensitive (GTK_WIDGET (self->environment), FALSE);

  for (i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      const char *value = *get_member (self->profile, i);

      if (g_strcmp0 (gtk_editable_get_text (self->entries[i]), value != NULL ? value : "") != 0)
        gtk_editable_set_text (self->entries[i], value != NULL ? value : "");
    }
}

/**
 * till_profile_form_show_error:
 * @self: a form
 * @member: (nullable): as the core names it, or a service for its secret
 * @text: what is wrong
 *
 * Returns: whether there is such an entry: then it says so, and has the focus
 */
gboolean
till_profile_form_show_error (TillProfileForm *self,
                              const char      *member,
                              const char      *text)
{
  FormField *field;

  g_return_val_if_fail (TILL_IS_PROFILE_FORM (self), FALSE);

  field = member != NULL ? find_field (self, member, NULL) : NULL;
  if (field == NULL)
    return FALSE;

  set_invalid (field, text);
  gtk_widget_grab_focus (field->row);

  return TRUE;
}

/**
 * till_profile_form_clear_errors:
 * @self: a form
 *
 * Takes back all that was said to be wrong.
 */
void
till_profile_form_clear_errors (TillProfileForm *self)
{
  guint i;

  g_return_if_fail (TILL_IS_PROFILE_FORM (self));

  for (i = 0; i < self->fields->len; i++)
    set_invalid (&g_array_index (self->fields, FormField, i), NULL);
}
