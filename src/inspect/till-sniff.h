/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file looks like that is no certificate file: a web page, a picture, a Java key store. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TillSniff:
 * @what: (static) (nullable): in words, with its article: "a web page"
 * @advice: (static) (nullable): what to do about it, a clause of a sentence
 */
typedef struct
{
  const char *what;
  const char *advice;
} TillSniff;

gboolean till_sniff (const guint8 *data,
                     gsize         size,
                     TillSniff    *result);

void     till_sniff_set_error (const guint8  *data,
                               gsize          size,
                               GError       **error);

G_END_DECLS
