/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of the certificates, as the settings say. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * TillSortColumn:
 *
 * As the enumeration of "sort-column" in the settings.
 */
typedef enum
{
  TILL_SORT_ENDS,
  TILL_SORT_STATUS,
  TILL_SORT_NAME,
  TILL_SORT_IDENTIFIER,
  TILL_SORT_TEAM,
  TILL_SORT_USED_BY,
  TILL_SORT_PROVIDER,
} TillSortColumn;

#define TILL_N_SORT_COLUMNS 7

#define TILL_TYPE_CERTIFICATE_SORTER (till_certificate_sorter_get_type ())
G_DECLARE_FINAL_TYPE (TillCertificateSorter, till_certificate_sorter, TILL, CERTIFICATE_SORTER, GtkSorter)

TillCertificateSorter *till_certificate_sorter_new (GSettings *settings) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
