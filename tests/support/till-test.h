/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small things that all suites share. GLib only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TillTestDir:
 *
 * A private folder for one test, removed with all that is in it.
 */
typedef struct
{
  char *path;
} TillTestDir;

TillTestDir *till_test_dir_new        (void) G_GNUC_WARN_UNUSED_RESULT;
void         till_test_dir_free       (TillTestDir  *self);
char        *till_test_dir_file       (TillTestDir  *self,
                                       const char   *name) G_GNUC_WARN_UNUSED_RESULT;
char        *till_test_dir_write      (TillTestDir  *self,
                                       const char   *name,
                                       const void   *data,
                                       gssize        size) G_GNUC_WARN_UNUSED_RESULT;
guint        till_test_dir_count      (TillTestDir  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillTestDir, till_test_dir_free)

/**
 * TillTestRun:
 * @status: exit status, or 128 and the signal where one ended it
 * @dumped: whether it left a core dump
 * @output: standard output, with a NUL behind it
 * @errors: standard error, likewise
 */
typedef struct
{
  int       status;
  gboolean  dumped;
  char     *output;
  char     *errors;
} TillTestRun;

TillTestRun *till_test_run            (const char * const  *argv,
                                       const char * const  *environment,
                                       const char          *folder) G_GNUC_WARN_UNUSED_RESULT;
void         till_test_run_free       (TillTestRun         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillTestRun, till_test_run_free)

gint64       till_test_cpu_time       (void);
char        *till_test_built          (const char          *first,
                                       ...) G_GNUC_NULL_TERMINATED G_GNUC_WARN_UNUSED_RESULT;
guint        till_test_count_in_memory (const void         *needle,
                                        gsize               size);

G_END_DECLS
