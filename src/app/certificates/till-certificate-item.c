/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row of the Certificates pane: a certificate at a service or in a file, or a file that holds something else. */
#include "config.h"

#include "till-certificate-item-private.h"

#include <glib/gi18n.h>

#include "till-certificate-search.h"
#include "till-file-entry-private.h"
#include "till-service-words.h"
#include "till-status-words.h"
#include "till-text.h"

/**
 * TillCertificateItem:
 *
 * Keeps what it shows of its document alive, so that it can be read on while
 * its file is being read again. Texts are made when asked for; all of them are
 * fit to be shown, none is markup.
 */

#define DAY G_GINT64_CONSTANT (86400)

struct _TillCertificateItem
{
  GObject           parent_instance;

  TillFileEntry    *entry;         /* (nullable) of a file */
  TillItem         *item;          /* (nullable) of a service */
  gint64            seen_at;       /* of a service, see till_certificate_item_get_seen_at() */
  gboolean          leaving;       /* of a service: it waits to be removed */
  TillClock        *clock;
  TillLeaves       *leaves;        /* (nullable) for a row that stands for the whole file */
  int               index;         /* into leaves, or -1 */

  TillItemStatus    status;
  gint64            counted;       /* what the status text counts, or -1 */

  char             *name;          /* (nullable) until asked for */
  char             *identifier;    /* (nullable) until asked for */
  char             *team;          /* (nullable) until asked for */
  char             *used_by;       /* (nullable) until asked for */
  char             *ends_text;     /* (nullable) until asked for: the time zone is looked up for it on disk */
  char             *name_key;      /* (nullable) until asked for; unused where leaves has one */
  char             *search_text;   /* (nullable) until searched for */
};

typedef enum
{
  PROP_STATUS = 1,
  PROP_STATUS_TEXT,
  PROP_NAME,
  PROP_IDENTIFIER,
  PROP_ENDS_TEXT,
} TillCertificateItemProperty;

static GParamSpec *properties[PROP_ENDS_TEXT + 1];

G_DEFINE_ENUM_TYPE (TillItemStatus, till_item_status,
                    G_DEFINE_ENUM_VALUE (TILL_STATUS_VALID, "valid"),
                    G_DEFINE_ENUM_VALUE (TILL_STATUS_SOON, "soon"),
                    G_DEFINE_ENUM_VALUE (TILL_STATUS_EXPIRED, "expired"),
                    G_DEFINE_ENUM_VALUE (TILL_STATUS_PROBLEM, "problem"),
                    G_DEFINE_ENUM_VALUE (TILL_STATUS_LOCKED, "locked"),
                    G_DEFINE_ENUM_VALUE (TILL_STATUS_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (TILL_STATUS_OFF, "off"))

G_DEFINE_TYPE (TillCertificateItem, till_certificate_item, G_TYPE_OBJECT)

static const TillLeaf *
get_leaf (TillCertificateItem *self)
{
  return self->leaves != NULL ? &self->leaves->items[self->index] : NULL;
}

static TillItemStatus
find_status (TillCertificateItem *self,
             gint64              *counted)
{
  *counted = -1;

  if (self->leaves != NULL)
    return till_status_words_find_status (till_certificate_item_get_certificate (self), get_leaf (self),
                                          till_clock_get_now (self->clock), counted);

  if (self->item != NULL)
    return till_service_words_find_status (self->item, till_clock_get_now (self->clock), counted);

  switch (till_file_entry_get_state (self->entry))
    {
    case TILL_FILE_NEEDS_PASSWORD:
      return TILL_STATUS_LOCKED;

    case TILL_FILE_FAILED:
    case TILL_FILE_MISSING:
      return TILL_STATUS_PROBLEM;

    case TILL_FILE_LOADING:
    case TILL_FILE_READY:
    default:
      return TILL_STATUS_NONE;
    }
}

/* The same fact for the ear: whole words. */
static char *
dup_spoken_status (TillCertificateItem *self)
{
  int days = (int) (self->counted / DAY);

  if (self->status == TILL_STATUS_VALID && days > 0 && days < 2 * 365)
    /* Translators: %d is how many days a certificate is valid yet. */
    return g_strdup_printf (ngettext ("Valid for %d day", "Valid for %d days", days), days);

  return till_certificate_item_dup_status_text (self);
}

static void
till_certificate_item_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  TillCertificateItem *self = TILL_CERTIFICATE_ITEM (object);

  switch ((TillCertificateItemProperty) prop_id)
    {
    case PROP_STATUS:
      g_value_set_enum (value, self->status);
      break;

    case PROP_STATUS_TEXT:
      g_value_take_string (value, till_certificate_item_dup_status_text (self));
      break;

    case PROP_NAME:
      g_value_set_string (value, till_certificate_item_get_name (self));
      break;

    case PROP_IDENTIFIER:
      g_value_set_string (value, till_certificate_item_get_identifier (self));
      break;

    case PROP_ENDS_TEXT:
      g_value_take_string (value, till_certificate_item_dup_ends_text (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/* What was made of what is no longer so. */
static void
forget_texts (TillCertificateItem *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->identifier, g_free);
  g_clear_pointer (&self->team, g_free);
  g_clear_pointer (&self->used_by, g_free);
  g_clear_pointer (&self->ends_text, g_free);
  g_clear_pointer (&self->name_key, g_free);
  g_clear_pointer (&self->search_text, g_free);
}

static void
till_certificate_item_finalize (GObject *object)
{
  TillCertificateItem *self = TILL_CERTIFICATE_ITEM (object);

  g_clear_object (&self->entry);
  g_clear_pointer (&self->item, till_item_unref);
  g_clear_pointer (&self->clock, till_clock_unref);
  g_clear_pointer (&self->leaves, till_leaves_unref);
  forget_texts (self);

  G_OBJECT_CLASS (till_certificate_item_parent_class)->finalize (object);
}

static void
till_certificate_item_class_init (TillCertificateItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = till_certificate_item_get_property;
  object_class->finalize = till_certificate_item_finalize;

  properties[PROP_STATUS] =
    g_param_spec_enum ("status", NULL, NULL, TILL_TYPE_ITEM_STATUS, TILL_STATUS_NONE,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_STATUS_TEXT] =
    g_param_spec_string ("status-text", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_IDENTIFIER] =
    g_param_spec_string ("identifier", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ENDS_TEXT] =
    g_param_spec_string ("ends-text", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
till_certificate_item_init (TillCertificateItem *self)
{
  self->index = -1;
  self->status = TILL_STATUS_NONE;
  self->seen_at = TILL_TIME_UNKNOWN;
  self->counted = -1;
}

/**
 * till_certificate_item_new:
 * @entry: the file it comes from
 * @leaf: index of the certificate in the entry's document, or -1 for the whole file
 * @clock: what time it is
 *
 * Returns: (transfer full): a row
 */
TillCertificateItem *
till_certificate_item_new (TillFileEntry *entry,
                           int            leaf,
                           TillClock     *clock)
{
  TillCertificateItem *self;
  TillLeaves *leaves;

  g_return_val_if_fail (TILL_IS_FILE_ENTRY (entry), NULL);
  g_return_val_if_fail (clock != NULL, NULL);

  leaves = till_file_entry_get_leaves (entry);
  g_return_val_if_fail (leaf < 0 || (leaves != NULL && (guint) leaf < leaves->n_items), NULL);

  self = g_object_new (TILL_TYPE_CERTIFICATE_ITEM, NULL);
  self->entry = g_object_ref (entry);
  self->clock = till_clock_ref (clock);
  if (leaf >= 0)
    {
      self->leaves = till_leaves_ref (leaves);
      self->index = leaf;
    }
  self->status = find_status (self, &self->counted);

  return self;
}

/**
 * till_certificate_item_new_service:
 * @item: of the wallet or of Commerce Hub
 * @seen_at: %TILL_TIME_UNKNOWN where the service was asked just now; else when it was last known
 * @clock: what time it is
 *
 * Returns: (transfer full): a row
 */
TillCertificateItem *
till_certificate_item_new_service (TillItem  *item,
                                   gint64     seen_at,
                                   TillClock *clock)
{
  TillCertificateItem *self;

  g_return_val_if_fail (item != NULL && (item->wallet != NULL || item->upload != NULL), NULL);
  g_return_val_if_fail (clock != NULL, NULL);

  self = g_object_new (TILL_TYPE_CERTIFICATE_ITEM, NULL);
  self->item = till_item_ref (item);
  self->seen_at = seen_at;
  self->clock = till_clock_ref (clock);
  self->status = find_status (self, &self->counted);

  return self;
}

/**
 * till_certificate_item_get_item:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): what the service says of it; %NULL for a file
 */
TillItem *
till_certificate_item_get_item (TillCertificateItem *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (self), NULL);

  return self->item;
}

/**
 * till_certificate_item_get_seen_at:
 * @self: a row
 *
 * Returns: when it was last known, in seconds since 1970; %TILL_TIME_UNKNOWN where the service was asked just now
 */
gint64
till_certificate_item_get_seen_at (TillCertificateItem *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (self), TILL_TIME_UNKNOWN);

  return self->seen_at;
}

/**
 * till_certificate_item_get_entry:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the file it comes from; %NULL for one at a service
 */
TillFileEntry *
till_certificate_item_get_entry (TillCertificateItem *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (self), NULL);

  return self->entry;
}

/**
 * till_certificate_item_get_leaf:
 * @self: a row
 *
 * Returns: index into the certificates of the document, or -1
 */
int
till_certificate_item_get_leaf (TillCertificateItem *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (self), -1);

  return self->index;
}

/**
 * till_certificate_item_get_certificate:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the certificate; lives as long as @self
 */
TillCertificate *
till_certificate_item_get_certificate (TillCertificateItem *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (self), NULL);

  if (self->leaves == NULL)
    return NULL;

  return g_ptr_array_index (self->leaves->document->certificates, self->index);
}

/**
 * till_certificate_item_get_clock:
 * @self: a row
 *
 * Returns: (transfer none): what time it is
 */
TillClock *
till_certificate_item_get_clock (TillCertificateItem *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (self), NULL);

  return self->clock;
}

/**
 * till_certificate_item_get_status:
 * @self: a row
 *
 * Returns: its status when it was last refreshed
 */
TillItemStatus
till_certificate_item_get_status (TillCertificateItem *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (self), TILL_STATUS_NONE);

  return self->status;
}

/**
 * till_certificate_item_dup_status_text:
 * @self: a row
 *
 * Returns: (transfer full): the status in words, such as “Ends in 12 days”
 */
char *
till_certificate_item_dup_status_text (TillCertificateItem *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (self), NULL);

  if (self->leaving)
    /* Translators: the status of a certificate that will be deleted in a few seconds unless somebody presses Undo. */
    return g_strdup (_("Being deleted"));

  switch (self->status)
    {
    case TILL_STATUS_VALID:
      return till_status_words_dup_valid (self->counted);

    case TILL_STATUS_SOON:
      return till_status_words_dup_soon (self->counted);

    case TILL_STATUS_EXPIRED:
      return till_status_words_dup_expired (self->counted);

    case TILL_STATUS_OFF:
      /* Translators: the status of a certificate that is switched off. */
      return g_strdup (C_("status", "Off"));

    case TILL_STATUS_PROBLEM:
      if (self->item != NULL)
        return till_service_words_dup_problem (self->item, till_clock_get_now (self->clock));
      if (self->leaves != NULL)
        return till_status_words_dup_problem (till_certificate_item_get_certificate (self), get_leaf (self),
                                              till_clock_get_now (self->clock));
      return till_status_words_dup_failure (self->entry);

    case TILL_STATUS_LOCKED:
      return g_strdup (_("Password needed"));

    case TILL_STATUS_NONE:
    default:
      if (self->entry == NULL)
        return g_strdup ("");
      if (till_file_entry_get_document (self->entry) != NULL)
        return till_status_words_dup_contents (till_file_entry_get_document (self->entry));
      return g_strdup (_("Opening…"));
    }
}

/**
 * till_certificate_item_get_name:
 * @self: a row
 *
 * Returns: (transfer none): what a person would call it, fit to be shown
 */
const char *
till_certificate_item_get_name (TillCertificateItem *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (self), NULL);

  if (self->entry != NULL && self->leaves == NULL)
    return till_file_entry_get_title (self->entry);

  if (self->name == NULL)
    {
      if (self->item != NULL)
        self->name = till_text_dup_display (till_service_words_get_name (self->item), TILL_TEXT_MAX_CHARS);
      else if (get_leaf (self)->name != NULL)
        self->name = till_text_dup_display (get_leaf (self)->name, TILL_TEXT_MAX_CHARS);
      else
        self->name = g_strdup (_("Unnamed certificate"));
    }

  return self->name;
}

/**
 * till_certificate_item_get_identifier:
 * @self: a row
 *
 * Returns: (transfer none): what services call it, fit to be shown; "" where there is nothing
 */
const char *
till_certificate_item_get_identifier (TillCertificateItem *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (self), NULL);

  if (self->item == NULL && self->leaves == NULL)
    return "";

  if (self->identifier == NULL)
    self->identifier = till_text_dup_display (self->item != NULL ? till_service_words_get_identifier (self->item)
                                                                 : get_leaf (self)->identifier,
                                              TILL_TEXT_MAX_CHARS);

  return self->identifier;
}

/**
 * till_certificate_item_get_team:
 * @self: a row
 *
 * Returns: (transfer none): whose it is at Apple, fit to be shown; "" where there is none
 */
const char *
till_certificate_item_get_team (TillCertificateItem *self)
{
  const TillCertificate *certificate;

  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (self), NULL);

  certificate = till_certificate_item_get_certificate (self);
  if (self->item == NULL && certificate == NULL)
    return "";

  if (self->team == NULL)
    self->team = till_text_dup_display (self->item != NULL ? till_service_words_get_team (self->item)
                                                           : certificate->team_id,
                                        TILL_TEXT_MAX_CHARS);

  return self->team;
}

/**
 * till_certificate_item_get_used_by:
 * @self: a row
 *
 * Returns: (transfer none): what uses it, in a few words fit to be shown; "" where nothing can be said
 */
const char *
till_certificate_item_get_used_by (TillCertificateItem *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (self), NULL);

  if (self->item == NULL)
    return "";

  if (self->used_by == NULL)
    {
      g_autofree char *text = till_service_words_dup_used_by (self->item);

      self->used_by = till_text_dup_display (text, TILL_TEXT_MAX_CHARS);
    }

  return self->used_by;
}

/**
 * till_certificate_item_dup_used_by_tooltip:
 * @self: a row
 *
 * Returns: (transfer full): the templates that use it, one a line; "" where there are less than two
 */
char *
till_certificate_item_dup_used_by_tooltip (TillCertificateItem *self)
{
  return self->item != NULL ? till_service_words_dup_templates (self->item) : g_strdup ("");
}

/**
 * till_certificate_item_get_provider:
 * @self: a row
 *
 * Returns: (transfer none): who has it
 */
const char *
till_certificate_item_get_provider (TillCertificateItem *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (self), NULL);

  return self->item != NULL ? till_service_words_get_provider (self->item) : _("This computer");
}

static const char *
get_ends_text (TillCertificateItem *self)
{
  if (self->ends_text == NULL)
    self->ends_text = till_status_words_dup_day (till_certificate_item_get_ends (self));

  return self->ends_text;
}

/**
 * till_certificate_item_dup_ends_text:
 * @self: a row
 *
 * Returns: (transfer full): the day it ends, in the user's language; "" where there is none
 */
char *
till_certificate_item_dup_ends_text (TillCertificateItem *self)
{
  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (self), NULL);

  return g_strdup (get_ends_text (self));
}

/**
 * till_certificate_item_dup_ends_tooltip:
 * @self: a row
 *
 * Returns: (transfer full): the moment it ends, in local time and UTC; "" where there is none
 */
char *
till_certificate_item_dup_ends_tooltip (TillCertificateItem *self)
{
  gint64 ends = till_certificate_item_get_ends (self);

  return ends == G_MAXINT64 ? g_strdup ("") : till_text_dup_date_time (ends);
}

/**
 * till_certificate_item_dup_spoken:
 * @self: a row
 *
 * Returns: (transfer full): the whole row in one sentence, for a screen reader
 */
char *
till_certificate_item_dup_spoken (TillCertificateItem *self)
{
  g_autofree char *status = dup_spoken_status (self);
  const char *ends = get_ends_text (self);
  const char *name = till_certificate_item_get_name (self);
  const char *identifier = till_certificate_item_get_identifier (self);
  GString *spoken = g_string_new (name);

  g_string_append_printf (spoken, ", %s", status);
  if (*identifier != '\0' && !g_str_equal (identifier, name))
    g_string_append_printf (spoken, ", %s", identifier);
  if (*ends != '\0')
    g_string_append_printf (spoken, ", %s", ends);
  if (self->item != NULL)
    g_string_append_printf (spoken, ", %s", till_service_words_get_provider (self->item));

  return g_string_free (spoken, FALSE);
}

/**
 * till_certificate_item_get_ends:
 * @self: a row
 *
 * Returns: when it or one above it ends, in seconds since 1970; %G_MAXINT64 where nothing ends
 */
gint64
till_certificate_item_get_ends (TillCertificateItem *self)
{
  gint64 ends;

  g_return_val_if_fail (TILL_IS_CERTIFICATE_ITEM (self), G_MAXINT64);

  if (self->item == NULL && self->leaves == NULL)
    return G_MAXINT64;

  ends = self->item != NULL ? self->item->ending.until : get_leaf (self)->ends;
  return ends == TILL_TIME_INVALID || ends >= TILL_TIME_NEVER ? G_MAXINT64 : ends;
}

/**
 * till_certificate_item_refresh:
 * @self: a row
 *
 * Asks the clock and the entry again, and notifies where the status or its words changed.
 */
void
till_certificate_item_refresh (TillCertificateItem *self)
{
  TillItemStatus status;
  gint64 counted;
  gboolean other_status;

  g_return_if_fail (TILL_IS_CERTIFICATE_ITEM (self));

  status = find_status (self, &counted);
  other_status = status != self->status;

  /* The words of a row that stands for a file follow the entry's error. */
  if (!other_status && counted == self->counted && (self->leaves != NULL || self->item != NULL))
    return;

  self->status = status;
  self->counted = counted;
  if (other_status)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS_TEXT]);
}

/**
 * till_certificate_item_needs_attention:
 * @self: a row
 *
 * Returns: whether somebody should look at it
 */
gboolean
till_certificate_item_needs_attention (TillCertificateItem *self)
{
  return self->status != TILL_STATUS_VALID && self->status != TILL_STATUS_NONE && self->status != TILL_STATUS_OFF;
}

/**
 * till_certificate_item_is_unused:
 * @self: a row
 *
 * Returns: whether it could be used by templates of passes, and none does
 */
gboolean
till_certificate_item_is_unused (TillCertificateItem *self)
{
  return self->item != NULL && till_service_words_is_unused (self->item);
}

/**
 * till_certificate_item_set_item:
 * @self: a row of a service
 * @item: what is known of the same thing now
 * @seen_at: see till_certificate_item_get_seen_at()
 *
 * Returns: whether its row says anything else than before
 */
gboolean
till_certificate_item_set_item (TillCertificateItem *self,
                                TillItem            *item,
                                gint64               seen_at)
{
  g_return_val_if_fail (self->item != NULL, FALSE);

  self->seen_at = seen_at;
  if (till_service_words_equal (self->item, item))
    return FALSE;

  till_item_ref (item);
  till_item_unref (self->item);
  self->item = item;
  forget_texts (self);
  self->status = find_status (self, &self->counted);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS_TEXT]);

  return TRUE;
}

/**
 * till_certificate_item_get_leaving:
 * @self: a row
 *
 * Returns: whether it waits to be removed
 */
gboolean
till_certificate_item_get_leaving (TillCertificateItem *self)
{
  return self->leaving;
}

/**
 * till_certificate_item_set_leaving:
 * @self: a row
 * @leaving: whether it waits to be removed
 */
void
till_certificate_item_set_leaving (TillCertificateItem *self,
                                   gboolean             leaving)
{
  if (self->leaving == leaving)
    return;

  self->leaving = leaving;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS_TEXT]);
}

/**
 * till_certificate_item_stands_for:
 * @self: a row
 * @entry: a file
 * @leaf: index of a certificate in the document that @entry has now, or -1
 *
 * Returns: whether @self shows the same thing as a row made now would
 */
gboolean
till_certificate_item_stands_for (TillCertificateItem *self,
                                  TillFileEntry       *entry,
                                  int                  leaf)
{
  return self->entry == entry && self->item == NULL &&
         self->index == leaf &&
         (leaf < 0 || self->leaves == till_file_entry_get_leaves (entry));
}

/**
 * till_certificate_item_get_name_key:
 * @self: a row
 *
 * Returns: (transfer none): compares with others by strcmp() as the language sorts names
 */
const char *
till_certificate_item_get_name_key (TillCertificateItem *self)
{
  if (self->leaves != NULL && get_leaf (self)->name_key != NULL)
    return get_leaf (self)->name_key;

  if (self->name_key == NULL)
    self->name_key = g_utf8_collate_key (till_certificate_item_get_name (self), -1);

  return self->name_key;
}

/**
 * till_certificate_item_matches:
 * @self: a row
 * @terms: (array zero-terminated=1): from till_certificate_search_split()
 *
 * Returns: whether each term is in its name, identifier, team, subject, issuer, serial or file name
 */
gboolean
till_certificate_item_matches (TillCertificateItem *self,
                               const char * const  *terms)
{
  if (self->search_text == NULL)
    self->search_text = till_certificate_search_dup_text (self);

  return till_certificate_search_matches (self->search_text, terms);
}
