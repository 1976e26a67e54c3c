/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The addresses of this computer that a till can reach. */
#include "config.h"

#include "till-lan.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include "till-error.h"
#include "till-gate.h"

/**
 * till_lan_address_free:
 * @self: (transfer full): an address
 */
void
till_lan_address_free (TillLanAddress *self)
{
  g_clear_object (&self->address);
  g_free (self->interface);
  g_free (self);
}

static GInetAddress *
read_address (const struct ifaddrs *entry)
{
  if (entry->ifa_addr == NULL || (entry->ifa_flags & IFF_UP) == 0)
    return NULL;

  if (entry->ifa_addr->sa_family == AF_INET)
    return g_inet_address_new_from_bytes ((const guint8 *) &((struct sockaddr_in *) (void *) entry->ifa_addr)->sin_addr,
                                          G_SOCKET_FAMILY_IPV4);
  if (entry->ifa_addr->sa_family == AF_INET6)
    return g_inet_address_new_from_bytes ((const guint8 *) &((struct sockaddr_in6 *) (void *) entry->ifa_addr)->sin6_addr,
                                          G_SOCKET_FAMILY_IPV6);

  return NULL;
}

/* Which of our addresses the system would use to reach the world. Nothing is sent:
 * connecting a datagram socket only looks up the route. The addresses are those of
 * documentation (RFC 5737, RFC 3849). */
static GInetAddress *
find_route (GSocketFamily  family,
            const char    *towards)
{
  g_autoptr(GSocket) socket = g_socket_new (family, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr(GSocketAddress) remote = g_inet_socket_address_new_from_string (towards, 9);
  g_autoptr(GSocketAddress) local = NULL;

  if (socket == NULL || !g_socket_connect (socket, remote, NULL, NULL))
    return NULL;

  local = g_socket_get_local_address (socket, NULL);

  return local == NULL ? NULL : g_object_ref (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (local)));
}

/**
 * till_lan_list:
 *
 * Lists where a listener makes sense.
 *
 * Returns: (transfer full) (element-type TillLanAddress): the addresses
 */
GPtrArray *
till_lan_list (void)
{
  g_autoptr(GInetAddress) route = find_route (G_SOCKET_FAMILY_IPV4, "192.0.2.1");
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) till_lan_address_free);
  struct ifaddrs *entries = NULL;

  if (getifaddrs (&entries) < 0)
    return list;

  for (struct ifaddrs *entry = entries; entry != NULL; entry = entry->ifa_next)
    {
      g_autoptr(GInetAddress) address = read_address (entry);
      TillLanAddress *item;

      if (address == NULL || g_inet_address_get_is_loopback (address) || g_inet_address_get_is_link_local (address) ||
          !till_address_is_local (address))
        continue;

      item = g_new0 (TillLanAddress, 1);
      item->interface = g_strdup (entry->ifa_name);
      item->is_default = route != NULL && g_inet_address_equal (route, address);
      item->address = g_steal_pointer (&address);
      g_ptr_array_insert (list, item->is_default ? 0 : -1, item);
    }
  freeifaddrs (entries);

  return list;
}

/**
 * till_lan_find_default:
 * @error: (out) (optional): %TILL_ERROR_UNAVAILABLE
 *
 * Returns: (transfer full) (nullable): the address of the interface of the default route, else any local one
 */
GInetAddress *
till_lan_find_default (GError **error)
{
  g_autoptr(GPtrArray) list = till_lan_list ();

  if (list->len > 0)
    return g_object_ref (((TillLanAddress *) list->pdata[0])->address);

  till_set_error (error, TILL_ERROR_UNAVAILABLE, TILL_REASON_NO_ROUTE, NULL, NULL,
                  "there is no local network; connect this computer to the one that the till is in");

  return NULL;
}

/**
 * till_lan_has:
 * @address: one that was listened at
 *
 * Returns: whether this computer has it still
 */
gboolean
till_lan_has (GInetAddress *address)
{
  struct ifaddrs *entries = NULL;
  gboolean found = FALSE;

  if (g_inet_address_get_is_loopback (address) || getifaddrs (&entries) < 0)
    return TRUE;

  for (struct ifaddrs *entry = entries; entry != NULL && !found; entry = entry->ifa_next)
    {
      g_autoptr(GInetAddress) other = read_address (entry);

      found = other != NULL && g_inet_address_equal (other, address);
    }
  freeifaddrs (entries);

  return found;
}
