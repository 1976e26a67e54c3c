/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds two certificates against each other: what is the same, what differs, and what that means. */
#pragma once

#include "till-certificate-item.h"

G_BEGIN_DECLS

/**
 * TillCompareFact:
 * @title: what is compared
 * @first: of the first certificate, fit to be shown; "" where it has none
 * @second: likewise of the second
 * @differs: they are not the same
 */
typedef struct
{
  char     *title;
  char     *first;
  char     *second;
  gboolean  differs;
} TillCompareFact;

GPtrArray *till_compare_new_facts   (TillCertificateItem *first,
                                     TillCertificateItem *second) G_GNUC_WARN_UNUSED_RESULT;
char      *till_compare_dup_verdict (TillCertificateItem *first,
                                     TillCertificateItem *second) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
