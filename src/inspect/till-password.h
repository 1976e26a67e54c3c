/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One password in the forms in which key derivations want it (RFC 7292 appendix B.1, RFC 8018). */
#pragma once

#include <glib.h>

#include "till-secret.h"

G_BEGIN_DECLS

/**
 * TillPassword:
 * @bytes: as typed, UTF-8 as a rule: what PBES2, PBES1 and old PEM files use
 * @bmp: UTF-16, big-endian, with two zero bytes behind it: what PKCS #12 uses;
 *   of no bytes at all where the password is absent rather than empty
 *
 * A password, or one of the ways in which programs have understood it.
 */
typedef struct
{
  TillSecret *bytes;
  TillSecret *bmp;
} TillPassword;

/* (element-type TillPassword), the likely one first, never empty. */
GPtrArray  *till_password_list       (const TillSecret   *given) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray  *till_password_list_odd   (const TillPassword *self) G_GNUC_WARN_UNUSED_RESULT;
void        till_password_free       (TillPassword       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillPassword, till_password_free)

G_END_DECLS
