/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The addresses of this computer that a till can reach. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TillLanAddress:
 * @interface: its name, as the system calls it
 * @is_default: of the interface of the default route
 */
typedef struct
{
  GInetAddress *address;
  char         *interface;
  gboolean      is_default;
} TillLanAddress;

void          till_lan_address_free  (TillLanAddress *self);
/* (element-type TillLanAddress), the default one first; without loopback, link-local and public ones */
GPtrArray    *till_lan_list          (void) G_GNUC_WARN_UNUSED_RESULT;
/* %TILL_ERROR_UNAVAILABLE with %TILL_REASON_NO_ROUTE where there is no local network */
GInetAddress *till_lan_find_default  (GError        **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean      till_lan_has           (GInetAddress   *address);

G_END_DECLS
