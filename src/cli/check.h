/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `check` has found, and the four forms it is written in. */
#pragma once

#include "till-cli-session.h"
#include "till-item.h"

G_BEGIN_DECLS

/* Exit statuses of monitoring plugins. */
typedef enum
{
  TILL_CHECK_OK = 0,
  TILL_CHECK_WARNING = 1,
  TILL_CHECK_CRITICAL = 2,
  TILL_CHECK_UNKNOWN = 3,
} TillCheckGrade;

/**
 * TillCheckReport:
 * @list: everything that ends
 * @profile: name of the profile
 * @environment: its word
 * @now: the moment
 * @warning: days before the end from which it is a warning
 * @critical: days before the end from which it is critical
 * @grades: (element-type TillCheckGrade): one for each item
 * @counts: how many items have which grade
 * @no_key: there are keys, and none of them is usable
 * @grade: of all
 */
typedef struct
{
  TillItemList   *list;
  const char     *profile;
  const char     *environment;
  gint64          now;
  guint           warning;
  guint           critical;
  GArray         *grades;
  guint           counts[4];
  gboolean        no_key;
  TillCheckGrade  grade;
} TillCheckReport;

const char *till_check_grade_to_word      (TillCheckGrade         grade);
gint64      till_check_get_days           (const TillItem        *item,
                                           gint64                 now);
void        till_check_get_thresholds     (const TillCheckReport *report,
                                           const TillItem        *item,
                                           guint                 *warning,
                                           guint                 *critical);
void        till_check_grade              (TillCheckReport       *report);
void        till_check_append_text        (GString               *out,
                                           const TillCheckReport *report);
void        till_check_write_json         (TillJsonWriter        *writer,
                                           const TillCheckReport *report);
void        till_check_append_prometheus  (GString               *out,
                                           const TillCheckReport *report);
void        till_check_append_calendar    (GString               *out,
                                           const TillCheckReport *report);

G_END_DECLS
