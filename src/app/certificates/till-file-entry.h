/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One source of certificates on this computer: a watched file, or pasted text. */
#pragma once

#include <gio/gio.h>

#include "till-clock.h"
#include "till-document.h"

G_BEGIN_DECLS

/**
 * TillFileState:
 *
 * Where the reading of a source stands.
 */
typedef enum
{
  TILL_FILE_LOADING,         /* being read; what was known before stays */
  TILL_FILE_READY,           /* document is there */
  TILL_FILE_NEEDS_PASSWORD,  /* error is PASSWORD_REQUIRED or WRONG_PASSWORD */
  TILL_FILE_FAILED,          /* error says why */
  TILL_FILE_MISSING,         /* the watched file has vanished */
} TillFileState;

#define TILL_TYPE_FILE_STATE (till_file_state_get_type ())
GType till_file_state_get_type (void);

#define TILL_TYPE_FILE_ENTRY (till_file_entry_get_type ())
G_DECLARE_FINAL_TYPE (TillFileEntry, till_file_entry, TILL, FILE_ENTRY, GObject)

/* Properties (read only, notify): "state" (TillFileState), "title" (the name shown: base name of the file, or
 * "Pasted text"), "busy". */
TillFileEntry *till_file_entry_new_for_file  (GFile                *file) G_GNUC_WARN_UNUSED_RESULT;
TillFileEntry *till_file_entry_new_for_bytes (GBytes               *bytes,
                                              const char           *title) G_GNUC_WARN_UNUSED_RESULT;

TillFileState  till_file_entry_get_state     (TillFileEntry        *self);
const char    *till_file_entry_get_title     (TillFileEntry        *self);
GFile         *till_file_entry_get_file      (TillFileEntry        *self);   /* (nullable) for pasted text */
TillDocument  *till_file_entry_get_document  (TillFileEntry        *self);   /* (nullable) */
const GError  *till_file_entry_get_error     (TillFileEntry        *self);   /* (nullable) */

/* Reads (again). With a password: tries it; it is never kept. The finish function gives FALSE and the reason
 * where it did not open; the entry's state says the same. Cancelling leaves the state as it was. */
void           till_file_entry_load_async    (TillFileEntry        *self,
                                              TillSecret           *password,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
gboolean       till_file_entry_load_finish   (TillFileEntry        *self,
                                              GAsyncResult         *result,
                                              GError              **error);

G_END_DECLS
