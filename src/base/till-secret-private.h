/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the readers of src/base fill a secret from a descriptor. */
#pragma once

#include "till-secret.h"

G_BEGIN_DECLS

/* Text is told from binary by this many bytes at its start. */
#define TILL_SECRET_SNIFF_BYTES 65536

typedef enum
{
  TILL_SECRET_READ_DONE,
  TILL_SECRET_READ_FAILED,     /* errno says why */
  TILL_SECRET_READ_TOO_LARGE,
} TillSecretRead;

TillSecret     *till_secret_try_new  (gsize           size) G_GNUC_WARN_UNUSED_RESULT;
gboolean        till_secret_has_pem  (const guint8   *data,
                                      gsize           size);
TillSecretRead  till_secret_read_all (int             fd,
                                      gsize           expected,
                                      gsize           limit,
                                      gsize           text_limit,
                                      TillSecret    **secret,
                                      gsize          *n_read) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
