/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The address of a service, checked before anything is sent there (RELIABILITY.md G15). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TillEndpoint:
 *
 * A base URL: https only, no user info, no backslash, no query, host in ASCII,
 * exactly one "/" between base and path. Immutable, counted atomically.
 */
typedef struct _TillEndpoint TillEndpoint;

TillEndpoint *till_endpoint_new            (const char         *url,
                                            GError            **error) G_GNUC_WARN_UNUSED_RESULT;
TillEndpoint *till_endpoint_ref            (TillEndpoint       *self);
void          till_endpoint_unref          (TillEndpoint       *self);

const char   *till_endpoint_get_url        (const TillEndpoint *self);    /* normalised, no "/" at its end */
const char   *till_endpoint_get_host       (const TillEndpoint *self);    /* ASCII; an IPv6 address without brackets */
guint16       till_endpoint_get_port       (const TillEndpoint *self);
/* As the Host header says it. */
char         *till_endpoint_dup_authority  (const TillEndpoint *self) G_GNUC_WARN_UNUSED_RESULT;
char         *till_endpoint_resolve        (const TillEndpoint *self,
                                            const char         *path) G_GNUC_WARN_UNUSED_RESULT;
gboolean      till_endpoint_is_same_origin (const TillEndpoint *self,
                                            const char         *url);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillEndpoint, till_endpoint_unref)

G_END_DECLS
