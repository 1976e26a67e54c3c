/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading JSON of others: strictly scanned, each field checked (RELIABILITY.md G10). */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * TillJsonReader:
 *
 * A place in a document: its root, a member or an element. Lives on the stack
 * and owns nothing; the root and the readers above must outlive it, and not be
 * placed elsewhere meanwhile. Every getter takes the name of a member, or %NULL for the place itself:
 *
 * |[<!-- language="C" -->
 * TillJsonReader reader, details;
 *
 * till_json_reader_init (&reader, root);
 * if (!till_json_reader_object (&reader, "asymmetricKeyDetails", &details, error) ||
 *     !till_json_reader_time (&details, "validTo", &valid_to, error))
 *   return FALSE;
 * ]|
 *
 * An error is %TILL_ERROR_PROTOCOL, names the full path of the field in its
 * message and holds it as its detail; the value is in neither, but for times.
 * Members that nobody asks for are ignored. A member that is null counts as
 * left out.
 */
typedef struct _TillJsonReader TillJsonReader;

struct _TillJsonReader
{
  /*< private >*/
  const TillJsonReader *parent;
  const char           *name;     /* %NULL: an element, or the root */
  guint                 index;
  JsonNode             *node;     /* %NULL: left out */
};

JsonNode *till_json_parse                   (const char            *text,
                                             gsize                  length,
                                             gsize                  limit,
                                             GError               **error) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *till_json_parse_bytes             (GBytes                *bytes,
                                             gsize                  limit,
                                             GError               **error) G_GNUC_WARN_UNUSED_RESULT;

void      till_json_reader_init             (TillJsonReader        *self,
                                             JsonNode              *root);
gboolean  till_json_reader_is_present       (const TillJsonReader  *self);
gboolean  till_json_reader_has              (const TillJsonReader  *self,
                                             const char            *member);
char     *till_json_reader_dup_path         (const TillJsonReader  *self,
                                             const char            *member) G_GNUC_WARN_UNUSED_RESULT;

gboolean  till_json_reader_object           (const TillJsonReader  *self,
                                             const char            *member,
                                             TillJsonReader        *object,
                                             GError               **error);
gboolean  till_json_reader_optional_object  (const TillJsonReader  *self,
                                             const char            *member,
                                             TillJsonReader        *object,
                                             GError               **error);
gboolean  till_json_reader_array            (const TillJsonReader  *self,
                                             const char            *member,
                                             TillJsonReader        *array,
                                             GError               **error);
gboolean  till_json_reader_optional_array   (const TillJsonReader  *self,
                                             const char            *member,
                                             TillJsonReader        *array,
                                             GError               **error);
guint     till_json_reader_get_length       (const TillJsonReader  *array);
void      till_json_reader_element          (const TillJsonReader  *array,
                                             guint                  index,
                                             TillJsonReader        *element);

gboolean  till_json_reader_string           (const TillJsonReader  *self,
                                             const char            *member,
                                             gsize                  min_chars,
                                             gsize                  max_chars,
                                             const char           **value,
                                             GError               **error);
gboolean  till_json_reader_optional_string  (const TillJsonReader  *self,
                                             const char            *member,
                                             gsize                  max_chars,
                                             const char           **value,
                                             GError               **error);
char     *till_json_reader_dup_text         (const TillJsonReader  *self,
                                             const char            *member,
                                             gsize                  min_chars,
                                             gsize                  max_chars,
                                             GError               **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  till_json_reader_int              (const TillJsonReader  *self,
                                             const char            *member,
                                             gint64                 min,
                                             gint64                 max,
                                             gint64                *value,
                                             GError               **error);
gboolean  till_json_reader_optional_int     (const TillJsonReader  *self,
                                             const char            *member,
                                             gint64                 min,
                                             gint64                 max,
                                             gint64                 fallback,
                                             gint64                *value,
                                             GError               **error);
gboolean  till_json_reader_bool             (const TillJsonReader  *self,
                                             const char            *member,
                                             gboolean              *value,
                                             GError               **error);
gboolean  till_json_reader_optional_bool    (const TillJsonReader  *self,
                                             const char            *member,
                                             gboolean               fallback,
                                             gboolean              *value,
                                             GError               **error);
gboolean  till_json_reader_time             (const TillJsonReader  *self,
                                             const char            *member,
                                             gint64                *seconds,
                                             GError               **error);
gboolean  till_json_reader_optional_time    (const TillJsonReader  *self,
                                             const char            *member,
                                             gint64                 fallback,
                                             gint64                *seconds,
                                             GError               **error);

G_END_DECLS
