/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of the certificates, as the settings say. */
#include "config.h"

#include "till-certificate-sorter.h"

#include <string.h>

#include "till-certificate-item-private.h"

/**
 * TillCertificateSorter:
 *
 * Compares numbers and keys that the rows have ready, so that 10,000 rows are
 * sorted within a frame. Follows "sort-column" and "sort-descending".
 */

struct _TillCertificateSorter
{
  GtkSorter       parent_instance;

  GSettings      *settings;
  TillSortColumn  column;
  gboolean        descending;
};

G_DEFINE_TYPE (TillCertificateSorter, till_certificate_sorter, GTK_TYPE_SORTER)

/* What most needs a look comes first. */
static int
get_rank (TillItemStatus status)
{
  switch (status)
    {
    case TILL_STATUS_EXPIRED:
      return 0;

    case TILL_STATUS_SOON:
      return 1;

    case TILL_STATUS_PROBLEM:
      return 2;

    case TILL_STATUS_LOCKED:
      return 3;

    case TILL_STATUS_VALID:
      return 4;

    case TILL_STATUS_NONE:
      return 5;

    case TILL_STATUS_OFF:
    default:
      return 6;
    }
}

/* By the day until which to act: for certificates that is their end. What is switched off asks for nothing. */
static int
compare_ends (TillCertificateItem *a,
              TillCertificateItem *b)
{
  gboolean off_a = till_certificate_item_get_status (a) == TILL_STATUS_OFF;
  gboolean off_b = till_certificate_item_get_status (b) == TILL_STATUS_OFF;
  gint64 ends_a = till_certificate_item_get_ends (a);
  gint64 ends_b = till_certificate_item_get_ends (b);

  if (off_a != off_b)
    return off_a ? 1 : -1;

  return (ends_a > ends_b) - (ends_a < ends_b);
}

static int
compare_names (TillCertificateItem *a,
               TillCertificateItem *b)
{
  return strcmp (till_certificate_item_get_name_key (a), till_certificate_item_get_name_key (b));
}

/* What says nothing comes last. */
static int
compare_texts (const char *a,
               const char *b)
{
  if ((*a == '\0') != (*b == '\0'))
    return *a == '\0' ? 1 : -1;

  return g_ascii_strcasecmp (a, b);
}

static GtkOrdering
till_certificate_sorter_compare (GtkSorter *sorter,
                                 gpointer   item1,
                                 gpointer   item2)
{
  TillCertificateSorter *self = TILL_CERTIFICATE_SORTER (sorter);
  TillCertificateItem *a = item1;
  TillCertificateItem *b = item2;
  int order = 0;

  switch (self->column)
    {
    case TILL_SORT_STATUS:
      order = get_rank (till_certificate_item_get_status (a)) - get_rank (till_certificate_item_get_status (b));
      break;

    case TILL_SORT_NAME:
      order = compare_names (a, b);
      break;

    case TILL_SORT_IDENTIFIER:
      order = g_ascii_strcasecmp (till_certificate_item_get_identifier (a), till_certificate_item_get_identifier (b));
      break;

    case TILL_SORT_TEAM:
      order = compare_texts (till_certificate_item_get_team (a), till_certificate_item_get_team (b));
      break;

    case TILL_SORT_USED_BY:
      order = compare_texts (till_certificate_item_get_used_by (a), till_certificate_item_get_used_by (b));
      break;

    case TILL_SORT_PROVIDER:
      order = compare_texts (till_certificate_item_get_provider (a), till_certificate_item_get_provider (b));
      break;

    case TILL_SORT_ENDS:
    default:
      break;
    }

  if (order == 0)
    order = compare_ends (a, b);
  if (order == 0)
    order = compare_names (a, b);

  return gtk_ordering_from_cmpfunc (self->descending ? -order : order);
}

static GtkSorterOrder
till_certificate_sorter_get_order (GtkSorter *sorter)
{
  return GTK_SORTER_ORDER_PARTIAL;
}

static void
settings_changed_cb (TillCertificateSorter *self)
{
  TillSortColumn column = (TillSortColumn) g_settings_get_enum (self->settings, "sort-column");
  gboolean descending = g_settings_get_boolean (self->settings, "sort-descending");

  if (column != self->column)
    {
      self->column = column;
      self->descending = descending;
      gtk_sorter_changed (GTK_SORTER (self), GTK_SORTER_CHANGE_DIFFERENT);
    }
  else if (descending != self->descending)
    {
      self->descending = descending;
      gtk_sorter_changed (GTK_SORTER (self), GTK_SORTER_CHANGE_INVERTED);
    }
}

static void
till_certificate_sorter_dispose (GObject *object)
{
  TillCertificateSorter *self = TILL_CERTIFICATE_SORTER (object);

  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (till_certificate_sorter_parent_class)->dispose (object);
}

static void
till_certificate_sorter_class_init (TillCertificateSorterClass *klass)
{
  GtkSorterClass *sorter_class = GTK_SORTER_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = till_certificate_sorter_dispose;

  sorter_class->compare = till_certificate_sorter_compare;
  sorter_class->get_order = till_certificate_sorter_get_order;
}

static void
till_certificate_sorter_init (TillCertificateSorter *self)
{
}

/**
 * till_certificate_sorter_new:
 * @settings: the application's
 *
 * Returns: (transfer full): a sorter for #TillCertificateItem
 */
TillCertificateSorter *
till_certificate_sorter_new (GSettings *settings)
{
  TillCertificateSorter *self;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (TILL_TYPE_CERTIFICATE_SORTER, NULL);
  self->settings = g_object_ref (settings);
  g_signal_connect_swapped (settings, "changed::sort-column", G_CALLBACK (settings_changed_cb), self);
  g_signal_connect_swapped (settings, "changed::sort-descending", G_CALLBACK (settings_changed_cb), self);
  settings_changed_cb (self);

  return self;
}
