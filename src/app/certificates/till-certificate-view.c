/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything known of one certificate, or of a file without one. */
#include "config.h"

#include "till-certificate-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "till-certificate-facts.h"
#include "till-certificate-words.h"
#include "till-fact-row.h"
#include "till-flip-box.h"
#include "till-status-shape.h"
#include "till-text.h"
#include "till-validity-bar.h"

/**
 * TillCertificateView:
 *
 * Plain words first (UX.md 2.3). What stands behind an expander is made when
 * it is opened, so that going through a list stays quick; an expander that is
 * open stays open from one certificate to the next.
 */

typedef enum
{
  SECTION_TECHNICAL,
  SECTION_EXTENSIONS,
  SECTION_CHAIN,
  SECTION_PLACE,
  N_SECTIONS,
} SectionId;

/* Rows that are made at a stroke; more would be felt as a jolt on a slow computer. */
#define ROWS_AT_ONCE 8

typedef struct
{
  AdwExpanderRow *expander;
  GPtrArray      *rows;       /* (element-type GtkWidget) (nullable) as long as it is not filled */
  GPtrArray      *facts;      /* (element-type TillFact) (nullable) that rows are still to be made of */
  guint           n_made;     /* of them */
} Section;

struct _TillCertificateView
{
  GtkWidget            parent_instance;

  GtkScrolledWindow   *scroller;
  GtkWidget           *back_button;
  GtkLabel            *back_label;
  GtkWidget           *reading;
  GtkSpinner          *spinner;
  GtkLabel            *name;
  TillStatusShape     *shape;
  GtkLabel            *status;
  GtkLabel            *date;
  TillValidityBar     *bar;
  GtkLabel            *used;
  GtkLabel            *reason;
  GtkLabel            *consequence;
  GtkWidget           *calendar_button;
  GtkListBox          *plain_list;
  GtkWidget           *notes_group;
  GtkListBox          *notes_list;
  Section              sections[N_SECTIONS];
  AdwExpanderRow      *technical_row;
  AdwExpanderRow      *extensions_row;
  AdwExpanderRow      *chain_row;
  AdwExpanderRow      *place_row;

  TillCertificateItem *item;           /* (nullable) */
  TillDocument        *document;       /* (nullable) the one that is shown */
  TillChain           *chain;          /* (nullable) from the certificate that is shown */
  int                  certificate;    /* index, -1: a file without one */
  GCancellable        *cancellable;    /* (nullable) of the question for the file's date */
  guint                making_rows;    /* source that makes the rest of the rows */
};

G_DEFINE_FINAL_TYPE (TillCertificateView, till_certificate_view, GTK_TYPE_WIDGET)

static const TillCertificate *
get_certificate (TillCertificateView *self)
{
  if (self->certificate < 0 || self->document == NULL)
    return NULL;

  return self->document->certificates->pdata[self->certificate];
}

static gboolean
is_items_own (TillCertificateView *self)
{
  return self->certificate == till_certificate_item_get_leaf (self->item);
}

static void
set_text (GtkLabel   *label,
          const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static void
set_style (GtkWidget  *widget,
           const char *style)
{
  static const char * const styles[] = { "success", "warning", "error", "dim-label" };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (styles); i++)
    gtk_widget_remove_css_class (widget, styles[i]);
  gtk_widget_add_css_class (widget, style);
}

static void
fill_list (GtkListBox *list,
           GPtrArray  *facts)
{
  GtkWidget *child;
  guint i;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, child);

  for (i = 0; i < facts->len; i++)
    gtk_list_box_append (list, till_fact_row_new (facts->pdata[i]));
}

static void
add_section_row (Section   *section,
                 GtkWidget *row)
{
  g_ptr_array_add (section->rows, row);
  adw_expander_row_add_row (section->expander, row);
}

static void
make_some_rows (Section *section)
{
  guint end = MIN (section->n_made + ROWS_AT_ONCE, section->facts->len);

  for (; section->n_made < end; section->n_made++)
    add_section_row (section, till_fact_row_new (section->facts->pdata[section->n_made]));

  if (section->n_made == section->facts->len)
    g_clear_pointer (&section->facts, g_ptr_array_unref);
}

static gboolean
make_rows_cb (gpointer user_data)
{
  TillCertificateView *self = TILL_CERTIFICATE_VIEW (user_data);
  SectionId id;

  for (id = 0; id < N_SECTIONS; id++)
    if (self->sections[id].facts != NULL)
      {
        make_some_rows (&self->sections[id]);
        return G_SOURCE_CONTINUE;
      }

  self->making_rows = 0;

  return G_SOURCE_REMOVE;
}

/* Takes @facts. The first rows are there at once. */
static void
add_section_facts (TillCertificateView *self,
                   Section             *section,
                   GPtrArray           *facts)
{
  if (section->facts != NULL)
    {
      g_ptr_array_extend_and_steal (section->facts, facts);
      return;
    }

  section->facts = facts;
  section->n_made = 0;
  make_some_rows (section);
  if (section->facts != NULL && self->making_rows == 0)
    self->making_rows = g_idle_add (make_rows_cb, self);
}

/* Which of the chain's certificates ends first matters only where not all end together. */
static char *
dup_link_text (TillCertificateView *self,
               guint                index,
               TillItemStatus      *status)
{
  const TillCertificate *link = self->document->certificates->pdata[index];
  gint64 now = till_clock_get_now (till_certificate_item_get_clock (self->item));
  g_autofree char *words = NULL;
  g_autofree char *until = till_text_dup_date (link->not_after);
  g_autofree char *text = NULL;

  *status = till_words_dup_status (link->not_before, link->not_after, now, &words);

  /* Translators: a status such as “Valid, ends in 210 days”, then the day of the end. */
  text = g_strdup_printf (_("%s — %s"), words, until);

  if (self->chain->n_order > 1 && self->chain->ends_index == index)
    {
      g_autofree char *first = g_strdup_printf ("%s\n%s", text, _("Ends first"));

      return g_steal_pointer (&first);
    }

  return g_steal_pointer (&text);
}

static GtkWidget *
new_chain_row (TillCertificateView *self,
               guint                position)
{
  guint index = self->chain->order[position];
  g_autofree char *name = till_words_dup_link_name (self->document, self->chain, position);
  TillItemStatus status;
  g_autofree char *text = dup_link_text (self, index, &status);
  gboolean own = (int) index == self->certificate;
  GtkWidget *row;
  GtkWidget *shape;

  row = g_object_new (ADW_TYPE_ACTION_ROW,
                      "use-markup", FALSE,
                      "title", name,
                      "subtitle", text,
                      "title-lines", 0,
                      "subtitle-lines", 0,
                      NULL);

  shape = till_status_shape_new ();
  till_status_shape_set_status (TILL_STATUS_SHAPE (shape), status);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), shape);

  if (own)
    {
      GtkWidget *mark = gtk_label_new (_("Shown"));

      gtk_widget_add_css_class (mark, "dim-label");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), mark);
    }
  else
    {
      GtkWidget *arrow = g_object_new (GTK_TYPE_IMAGE,
                                       "icon-name", "go-next-symbolic",
                                       "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                       NULL);

      adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "i", (int) index);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "detail.show-certificate");
    }

  return row;
}

static void
fill_chain (TillCertificateView *self,
            Section             *section)
{
  GPtrArray *facts = till_facts_new ();
  g_autofree char *state = till_words_dup_chain (self->document, self->chain);
  guint i;

  for (i = 0; i < self->chain->n_order; i++)
    add_section_row (section, new_chain_row (self, i));

  if (self->chain->complete)
    till_facts_add (facts, _("Complete"), state, NULL);
  else
    till_facts_add (facts, _("Not Complete"), state, NULL);
  add_section_facts (self, section, facts);
}

static void
date_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(TillCertificateView) self = TILL_CERTIFICATE_VIEW (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, &error);
  g_autoptr(GDateTime) changed = NULL;
  GPtrArray *facts;
  g_autofree char *text = NULL;

  /* Cancelled: another certificate is shown, or none. A file that has gone has no date. */
  if (info == NULL)
    return;

  changed = g_file_info_get_modification_date_time (info);
  if (changed == NULL || self->sections[SECTION_PLACE].rows == NULL)
    return;

  facts = till_facts_new ();
  text = till_text_dup_date_time (g_date_time_to_unix (changed));
  till_facts_add (facts, _("Last Changed"), text, NULL);
  add_section_facts (self, &self->sections[SECTION_PLACE], facts);
}

static GtkWidget *
new_folder_row (void)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW,
                                 "use-markup", FALSE,
                                 "title", _("Show in Folder"),
                                 "activatable", TRUE,
                                 "action-name", "detail.show-folder",
                                 NULL);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE,
                                  "icon-name", "folder-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                  NULL);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), icon);

  return row;
}

static void
fill_place (TillCertificateView *self,
            Section             *section)
{
  TillFileEntry *entry = till_certificate_item_get_entry (self->item);
  GFile *file = till_file_entry_get_file (entry);

  add_section_facts (self, section, till_facts_new_place (entry));
  if (file == NULL)
    return;

  if (till_facts_has_folder (entry))
    add_section_row (section, new_folder_row ());

  self->cancellable = g_cancellable_new ();
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_TIME_MODIFIED "," G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC,
                           G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT, self->cancellable,
                           date_read_cb, g_object_ref (self));
}

static void
fill_section (TillCertificateView *self,
              SectionId            id)
{
  Section *section = &self->sections[id];

  if (section->rows != NULL)
    return;

  section->rows = g_ptr_array_new ();
  switch (id)
    {
    case SECTION_TECHNICAL:
      add_section_facts (self, section, till_facts_new_technical (self->document, (guint) self->certificate));
      break;

    case SECTION_EXTENSIONS:
      add_section_facts (self, section, till_facts_new_extensions (self->document, (guint) self->certificate));
      break;

    case SECTION_CHAIN:
      fill_chain (self, section);
      break;

    case SECTION_PLACE:
      fill_place (self, section);
      break;

    case N_SECTIONS:
    default:
      g_assert_not_reached ();
    }
}

static void
empty_section (Section *section)
{
  guint i;

  if (section->rows == NULL)
    return;

  for (i = 0; i < section->rows->len; i++)
    adw_expander_row_remove (section->expander, section->rows->pdata[i]);
  g_clear_pointer (&section->rows, g_ptr_array_unref);
  g_clear_pointer (&section->facts, g_ptr_array_unref);
}

static void
update_sections (TillCertificateView *self)
{
  const TillCertificate *certificate = get_certificate (self);
  SectionId id;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  for (id = 0; id < N_SECTIONS; id++)
    {
      empty_section (&self->sections[id]);
      gtk_widget_set_visible (GTK_WIDGET (self->sections[id].expander),
                              self->document != NULL &&
                              (id == SECTION_PLACE ||
                               (certificate != NULL && (id != SECTION_CHAIN || self->chain != NULL))));
    }

  if (self->chain != NULL)
    {
      /* Translators: %u is how many certificates the chain has. */
      g_autofree char *title = g_strdup_printf (ngettext ("Chain (%u)", "Chain (%u)", self->chain->n_order),
                                                self->chain->n_order);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->chain_row), title);
    }

  for (id = 0; id < N_SECTIONS; id++)
    if (adw_expander_row_get_expanded (self->sections[id].expander) &&
        gtk_widget_get_visible (GTK_WIDGET (self->sections[id].expander)))
      fill_section (self, id);
}

static void
expanded_cb (AdwExpanderRow      *expander,
             GParamSpec          *pspec,
             TillCertificateView *self)
{
  SectionId id;

  /* What does not apply is hidden, and filled when it applies again. */
  if (!adw_expander_row_get_expanded (expander) || !gtk_widget_get_visible (GTK_WIDGET (expander)))
    return;

  for (id = 0; id < N_SECTIONS; id++)
    if (self->sections[id].expander == expander)
      fill_section (self, id);
}

/* “Ends 3 March 2027, because its issuer “X” ends then.” */
static char *
dup_reason (TillCertificateView *self)
{
  g_autofree char *name = NULL;
  g_autofree char *day = NULL;
  guint position;

  if (self->chain == NULL || self->chain->ends_because != TILL_CHAIN_ENDS_ISSUER)
    return NULL;

  for (position = 0; position < self->chain->n_order - 1; position++)
    if (self->chain->order[position] == self->chain->ends_index)
      break;
  name = till_words_dup_link_name (self->document, self->chain, position);
  day = till_text_dup_date (self->chain->effective_not_after);

  if (till_clock_get_now (till_certificate_item_get_clock (self->item)) > self->chain->effective_not_after)
    /* Translators: a day, then the name of the issuer. */
    return g_strdup_printf (_("Ended %s because its issuer “%s” ended then."), day, name);

  /* Translators: a day, then the name of the issuer. */
  return g_strdup_printf (_("Ends %s because its issuer “%s” ends then."), day, name);
}

static void
update_card_of_certificate (TillCertificateView   *self,
                            const TillCertificate *certificate)
{
  gint64 now = till_clock_get_now (till_certificate_item_get_clock (self->item));
  gint64 end = self->chain != NULL ? self->chain->effective_not_after : certificate->not_after;
  g_autofree char *words = NULL;
  g_autofree char *date = NULL;
  g_autofree char *reason = dup_reason (self);
  g_autofree char *consequence = NULL;
  TillItemStatus status = till_words_dup_status (certificate->not_before, end, now, &words);

  /* The row in the list knows of more: a key that does not match, weak protection. */
  if (is_items_own (self) && till_certificate_item_get_status (self->item) == TILL_STATUS_PROBLEM)
    {
      status = TILL_STATUS_PROBLEM;
      g_free (words);
      words = till_certificate_item_dup_status_text (self->item);
    }

  if (now < certificate->not_before && certificate->not_before - now < 24 * 60 * 60)
    {
      g_free (reason);
      reason = g_strdup (_("It begins within a day. If it should be valid already, this computer’s clock may be "
                           "wrong."));
    }

  date = till_text_dup_date_time (end);
  if (end != TILL_TIME_INVALID && now > end)
    consequence = till_words_dup_consequence (certificate);

  till_status_shape_set_status (self->shape, status);
  set_text (self->status, words);
  set_style (GTK_WIDGET (self->bar), till_words_get_status_style (status));
  set_text (self->date, date);
  till_validity_bar_set (self->bar, certificate->not_before, end, now);
  set_text (self->used, till_validity_bar_get_text (self->bar));
  set_text (self->reason, reason);
  set_text (self->consequence, consequence);
}

static void
update_card_of_file (TillCertificateView *self)
{
  g_autofree char *words = till_certificate_item_dup_status_text (self->item);
  TillItemStatus status = till_certificate_item_get_status (self->item);

  till_status_shape_set_status (self->shape, status);
  set_text (self->status, words);
  set_text (self->date, _("It has no end date."));
  till_validity_bar_set (self->bar, TILL_TIME_INVALID, TILL_TIME_INVALID, 0);
  set_text (self->used, NULL);
  set_text (self->reason, NULL);
  set_text (self->consequence, NULL);
}

static void
till_certificate_view_dispose (GObject *object)
{
  TillCertificateView *self = TILL_CERTIFICATE_VIEW (object);
  SectionId id;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->making_rows, g_source_remove);
  for (id = 0; id < N_SECTIONS; id++)
    {
      g_clear_pointer (&self->sections[id].rows, g_ptr_array_unref);
      g_clear_pointer (&self->sections[id].facts, g_ptr_array_unref);
    }

  gtk_widget_dispose_template (GTK_WIDGET (self), TILL_TYPE_CERTIFICATE_VIEW);

  g_clear_pointer (&self->chain, till_chain_free);
  g_clear_pointer (&self->document, till_document_unref);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (till_certificate_view_parent_class)->dispose (object);
}

static void
till_certificate_view_class_init (TillCertificateViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = till_certificate_view_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tillkeeper/Tillkeeper/till-certificate-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, scroller);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, back_button);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, back_label);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, reading);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, spinner);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, name);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, shape);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, status);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, date);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, bar);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, used);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, reason);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, consequence);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, calendar_button);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, plain_list);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, notes_group);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, notes_list);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, technical_row);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, extensions_row);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, chain_row);
  gtk_widget_class_bind_template_child (widget_class, TillCertificateView, place_row);
  gtk_widget_class_bind_template_callback (widget_class, expanded_cb);
}

static void
till_certificate_view_init (TillCertificateView *self)
{
  g_type_ensure (TILL_TYPE_STATUS_SHAPE);
  g_type_ensure (TILL_TYPE_VALIDITY_BAR);
  g_type_ensure (TILL_TYPE_FLIP_BOX);
  gtk_widget_init_template (GTK_WIDGET (self));

  self->certificate = -1;
  self->sections[SECTION_TECHNICAL].expander = self->technical_row;
  self->sections[SECTION_EXTENSIONS].expander = self->extensions_row;
  self->sections[SECTION_CHAIN].expander = self->chain_row;
  self->sections[SECTION_PLACE].expander = self->place_row;
}

/**
 * till_certificate_view_new:
 *
 * Returns: (transfer floating): a view that shows nothing yet
 */
TillCertificateView *
till_certificate_view_new (void)
{
  return g_object_new (TILL_TYPE_CERTIFICATE_VIEW, NULL);
}

/**
 * till_certificate_view_show:
 * @self: a view
 * @item: a row whose entry has a document
 * @certificate: index of the certificate to show, or -1: the file
 * @back_to: (nullable): name of what one comes from; a way back is offered then
 *
 * Shows a certificate from its top.
 */
void
till_certificate_view_show (TillCertificateView *self,
                            TillCertificateItem *item,
                            int                  certificate,
                            const char          *back_to)
{
  TillDocument *document;
  g_autoptr(GPtrArray) facts = NULL;
  g_autoptr(GPtrArray) notes = NULL;
  g_autofree char *name = NULL;
  g_autofree char *back = NULL;

  g_return_if_fail (TILL_IS_CERTIFICATE_VIEW (self));
  g_return_if_fail (TILL_IS_CERTIFICATE_ITEM (item));

  document = till_file_entry_get_document (till_certificate_item_get_entry (item));
  g_return_if_fail (document != NULL && certificate < (int) document->certificates->len);

  g_set_object (&self->item, item);
  till_document_ref (document);
  g_clear_pointer (&self->document, till_document_unref);
  self->document = document;
  self->certificate = certificate;
  g_clear_pointer (&self->chain, till_chain_free);
  if (certificate >= 0)
    self->chain = till_document_build_chain (document, (guint) certificate);

  /* Translators: leads back to a certificate; %s is its name. */
  back = back_to != NULL ? g_strdup_printf (_("Back to “%s”"), back_to) : NULL;
  gtk_label_set_label (self->back_label, back != NULL ? back : "");
  gtk_widget_set_visible (self->back_button, back != NULL);

  if (certificate >= 0)
    {
      name = is_items_own (self) ? g_strdup (till_certificate_item_get_name (item))
                                 : till_words_dup_name (get_certificate (self));
      facts = till_facts_new_plain (document, (guint) certificate);
    }
  else
    {
      name = g_strdup (till_certificate_item_get_name (item));
      facts = till_facts_new_others (document);
    }
  notes = till_facts_new_notes (document);

  set_text (self->name, name);
  fill_list (self->plain_list, facts);
  fill_list (self->notes_list, notes);
  gtk_widget_set_visible (self->notes_group, notes->len > 0);
  gtk_widget_set_visible (self->calendar_button, certificate >= 0);

  till_certificate_view_update_status (self);
  update_sections (self);

  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

/**
 * till_certificate_view_clear:
 * @self: a view
 *
 * Shows nothing, and lets go of what was shown.
 */
void
till_certificate_view_clear (TillCertificateView *self)
{
  g_return_if_fail (TILL_IS_CERTIFICATE_VIEW (self));

  g_clear_object (&self->item);
  g_clear_pointer (&self->document, till_document_unref);
  g_clear_pointer (&self->chain, till_chain_free);
  self->certificate = -1;
  update_sections (self);
}

/**
 * till_certificate_view_update_status:
 * @self: a view
 *
 * Brings the card up to date: time has gone by.
 */
void
till_certificate_view_update_status (TillCertificateView *self)
{
  const TillCertificate *certificate;

  g_return_if_fail (TILL_IS_CERTIFICATE_VIEW (self));

  if (self->document == NULL)
    return;

  certificate = get_certificate (self);
  if (certificate != NULL)
    update_card_of_certificate (self, certificate);
  else
    update_card_of_file (self);
}

/**
 * till_certificate_view_set_reading:
 * @self: a view
 * @reading: whether the file is being read again
 *
 * Says so above what was known before, with a way to stop it.
 */
void
till_certificate_view_set_reading (TillCertificateView *self,
                                   gboolean             reading)
{
  g_return_if_fail (TILL_IS_CERTIFICATE_VIEW (self));

  gtk_widget_set_visible (self->reading, reading);
  gtk_spinner_set_spinning (self->spinner, reading);
}
