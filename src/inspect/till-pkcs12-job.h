/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is encrypted in a PKCS #12 file, and opening it on several threads where that pays. */
#pragma once

#include <glib.h>

#include "till-password.h"
#include "till-pbe.h"
#include "till-pkcs12.h"

G_BEGIN_DECLS

/**
 * TillPkcs12Job:
 *
 * One decryption, to be done once.
 */
typedef struct _TillPkcs12Job TillPkcs12Job;

TillPkcs12Job *till_pkcs12_job_new       (const TillPbe        *pbe,
                                          const TillDer        *input) G_GNUC_WARN_UNUSED_RESULT;
void           till_pkcs12_job_free      (TillPkcs12Job        *self);
TillDer        till_pkcs12_job_get_plain (const TillPkcs12Job  *self);

/* Opens @jobs with a password that may be wrong; the MAC decides where there is one. */
gboolean       till_pkcs12_jobs_open     (const TillPkcs12Mac  *mac,
                                          const TillDer        *content,
                                          GPtrArray            *jobs,
                                          const TillPassword   *password,
                                          gboolean              may_guess,
                                          const TillCancel     *cancel,
                                          GError              **error);
/* Opens @jobs with a password that is known to be right. */
gboolean       till_pkcs12_jobs_run      (GPtrArray            *jobs,
                                          const TillPassword   *password,
                                          const TillCancel     *cancel,
                                          GError              **error);

G_END_DECLS
