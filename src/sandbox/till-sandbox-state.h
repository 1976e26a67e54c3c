/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of the sandbox's state, and what is random in them. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode *till_state_load       (const char   *folder,
                                 const char   *name,
                                 GError      **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  till_state_save       (const char   *folder,
                                 const char   *name,
                                 const char   *text,
                                 gsize         size,
                                 GError      **error);
void      till_state_set_aside  (const char   *folder,
                                 const char   *name,
                                 GError      **error);
void      till_state_sweep      (const char   *folder);
int       till_state_lock       (const char   *folder,
                                 GError      **error);

char     *till_random_text      (const char   *alphabet,
                                 guint         length) G_GNUC_WARN_UNUSED_RESULT;
char     *till_random_base64    (guint         bytes) G_GNUC_WARN_UNUSED_RESULT;

#define TILL_ALPHABET_62 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define TILL_ALPHABET_36 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define TILL_ALPHABET_HEX "0123456789abcdef"
#define TILL_ALPHABET_DIGITS "0123456789"

G_END_DECLS
