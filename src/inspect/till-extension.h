/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extensions of certificates as lists (RFC 5280 4.2). */
#pragma once

#include <glib.h>

#include "till-der.h"
#include "till-oid.h"

G_BEGIN_DECLS

#define TILL_OID_OCSP        "1.3.6.1.5.5.7.48.1"
#define TILL_OID_CA_ISSUERS  "1.3.6.1.5.5.7.48.2"

char    **till_extension_dup_names               (TillDer      value) G_GNUC_WARN_UNUSED_RESULT;
char    **till_extension_dup_key_usage           (TillDer      value) G_GNUC_WARN_UNUSED_RESULT;
char    **till_extension_dup_purposes            (TillDer      value,
                                                  const char  *marked,
                                                  gboolean    *has_marked) G_GNUC_WARN_UNUSED_RESULT;
gboolean  till_extension_read_basic_constraints  (TillDer      value,
                                                  gboolean    *is_ca,
                                                  int         *path_length);
char    **till_extension_dup_access              (TillDer      value,
                                                  const char  *method) G_GNUC_WARN_UNUSED_RESULT;
char    **till_extension_dup_crl_addresses       (TillDer      value) G_GNUC_WARN_UNUSED_RESULT;
char    **till_extension_dup_policies            (TillDer      value) G_GNUC_WARN_UNUSED_RESULT;
char    **till_extension_dup_constraints         (TillDer      value,
                                                  gboolean     excluded) G_GNUC_WARN_UNUSED_RESULT;

char     *till_extension_strip_address           (char        *name);
gboolean  till_extension_read_access             (TillDer     *list,
                                                  char         method[TILL_OID_SIZE],
                                                  char       **location);
gboolean  till_extension_read_distribution_point (TillDer     *list,
                                                  GPtrArray   *names,
                                                  TillDer     *rest);

G_END_DECLS
