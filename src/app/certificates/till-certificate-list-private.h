/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list side of the Certificates pane inside: shared by the list and its two views. */
#pragma once

#include <adwaita.h>

#include "till-adaptive-bin.h"
#include "till-certificate-list.h"
#include "till-growing-rows.h"

G_BEGIN_DECLS

/* As the enumeration of "filter" in the settings. */
typedef enum
{
  FILTER_ALL,
  FILTER_ATTENTION,
  FILTER_EXPIRED,
  FILTER_UNUSED,
  N_FILTERS
} Filter;

struct _TillCertificateList
{
  GtkWidget             parent_instance;

  TillCertificateRows  *rows;
  GSettings            *settings;
  TillCertificateItem  *current;        /* (nullable) */

  Filter                filter;
  char                **terms;          /* (nullable) while nothing is searched for */
  gboolean              one_click;
  guint                 settle_id;
  gboolean              rows_came;      /* since it was settled */

  GtkCustomFilter      *custom_filter;
  GtkFilterListModel   *filtered;
  GtkSortListModel     *sorted;
  TillGrowingRows      *growing;
  GtkSingleSelection   *selection;

  GtkSearchBar         *search_bar;
  GtkSearchEntry       *search_entry;
  GtkWidget            *tools;
  GtkWidget            *filter_buttons[N_FILTERS];
  GtkLabel             *filter_counts[N_FILTERS];
  GtkMenuButton        *add_button;
  GtkWidget            *footer;
  GtkSpinner           *footer_spinner;
  GtkLabel             *footer_label;
  GtkWidget            *footer_stop;
  TillAdaptiveBin      *adaptive;
  TillAdaptiveBin      *some_room;
  TillAdaptiveBin      *all_room;
  GtkStack             *results;
  GtkScrolledWindow    *columns_window;
  GtkScrolledWindow    *rows_window;
  AdwBin               *no_results_bin;
  GtkWidget            *columns;        /* (nullable) until shown */
  GtkWidget            *list;           /* (nullable) until shown */
};

/* till-certificate-list.c */
void       till_certificate_list_emit_activated  (TillCertificateList *self);
void       till_certificate_list_emit_menu_asked (TillCertificateList *self,
                                                  GtkWidget           *relative_to,
                                                  double               x,
                                                  double               y);

/* till-certificate-list-views.c */
void       till_certificate_list_ensure_view     (TillCertificateList *self);
void       till_certificate_list_update_room     (TillCertificateList *self);
/* (nullable): the list view that scrolls and has the focus */
GtkWidget *till_certificate_list_get_view        (TillCertificateList *self);
void       till_certificate_list_scroll_to       (TillCertificateList *self,
                                                  guint                position);
/* The name of a filter for a screen reader. */
char      *till_certificate_list_dup_filter      (Filter               filter,
                                                  guint                n) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
