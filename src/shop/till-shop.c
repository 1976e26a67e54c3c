/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile at work: what it is made of. */
#include "config.h"

#include "till-shop-private.h"

#include "till-error.h"

G_DEFINE_FINAL_TYPE (TillShop, till_shop, G_TYPE_OBJECT)

const char * const till_shop_service_names[TILL_SHOP_N_SERVICES] = {
  [TILL_SHOP_HUB] = "hub",
  [TILL_SHOP_WALLET] = "wallet",
  [TILL_SHOP_DEVICES] = "devices",
};

static void
till_shop_dispose (GObject *object)
{
  TillShop *self = TILL_SHOP (object);

  if (self->sandbox != NULL)
    till_sandbox_stop (self->sandbox);
  g_clear_object (&self->hub);
  g_clear_object (&self->wallet);
  g_clear_object (&self->devices);
  g_clear_object (&self->transport);
  g_clear_object (&self->sandbox);
  g_clear_object (&self->vault);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (till_shop_parent_class)->dispose (object);
}

static void
till_shop_finalize (GObject *object)
{
  TillShop *self = TILL_SHOP (object);

  g_clear_pointer (&self->clock, till_clock_unref);
  g_clear_pointer (&self->profile, till_profile_free);
  for (guint i = 0; i < TILL_SHOP_N_SERVICES; i++)
    g_clear_error (&self->why[i]);
  g_free (self->folder);

  G_OBJECT_CLASS (till_shop_parent_class)->finalize (object);
}

static void
till_shop_class_init (TillShopClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = till_shop_dispose;
  object_class->finalize = till_shop_finalize;
}

static void
till_shop_init (TillShop *self)
{
}

static const char *
get_url (const TillProfile *profile,
         TillShopService    service)
{
  switch (service)
    {
    case TILL_SHOP_HUB:
      return profile->hub_url;
    case TILL_SHOP_WALLET:
      return profile->wallet_url;
    case TILL_SHOP_DEVICES:
    case TILL_SHOP_N_SERVICES:
    default:
      return profile->devices_url;
    }
}

/* Which name of the profile a service can't do without. */
static const char *
get_missing_name (const TillProfile *profile,
                  TillShopService    service)
{
  switch (service)
    {
    case TILL_SHOP_HUB:
      return profile->hub_merchant == NULL ? "merchant ID" : profile->hub_key == NULL ? "API key" : NULL;
    case TILL_SHOP_WALLET:
      return profile->wallet_user == NULL ? "user name" : NULL;
    case TILL_SHOP_DEVICES:
    case TILL_SHOP_N_SERVICES:
    default:
      return profile->devices_organization == NULL ? "organization ID" :
             profile->devices_key_id == NULL ? "key ID" : NULL;
    }
}

static const char *
get_title (TillShopService service)
{
  static const char * const titles[TILL_SHOP_N_SERVICES] = {
    [TILL_SHOP_HUB] = "Commerce Hub",
    [TILL_SHOP_WALLET] = "Airship Wallet",
    [TILL_SHOP_DEVICES] = "Acceptance Devices",
  };

  return titles[service];
}

static void
set_why (TillShop        *self,
         TillShopService  service,
         GError          *error)
{
  g_clear_error (&self->why[service]);
  self->why[service] = error;
}

/**
 * till_shop_make_clients:
 * @self: a shop with its profile
 * @secrets: (array fixed-size=3) (nullable elements): of its services
 *
 * Makes a client for each service that the profile has all for, and keeps why
 * there is none for the others.
 */
void
till_shop_make_clients (TillShop    *self,
                        TillSecret **secrets)
{
  const TillProfile *p = self->profile;
  GError *error = NULL;

  self->transport = till_transport_new (self->clock, p->ca_pem, &error);

  for (int i = 0; i < TILL_SHOP_N_SERVICES; i++)
    {
      const char *missing = get_url (p, i) == NULL ? "address" : get_missing_name (p, i);

      if (self->transport == NULL)
        {
          set_why (self, i, g_error_copy (error));
          continue;
        }

      if (missing != NULL)
        {
          GError *why = NULL;

          till_set_error (&why, TILL_ERROR_REJECTED, TILL_REASON_FIELD, missing, NULL,
                          "the profile “%s” has no %s for %s; set it with “profile set”", p->name, missing, get_title (i));
          set_why (self, i, why);
          continue;
        }

      /* Why the vault did not give it was kept by who asked it. */
      if (secrets[i] == NULL)
        continue;

      if (i == TILL_SHOP_HUB)
        self->hub = till_hub_new (self->transport, p->hub_url, p->hub_merchant, p->hub_terminal, p->hub_key, secrets[i],
                                  &self->why[i]);
      else if (i == TILL_SHOP_WALLET)
        self->wallet = till_wallet_new (self->transport, p->wallet_url, p->wallet_user, secrets[i], &self->why[i]);
      else
        self->devices = till_devices_new (self->transport, p->devices_url, p->devices_organization, p->devices_key_id,
                                          secrets[i],
                                          p->devices_signature == 1 ? TILL_DEVICES_JWT : TILL_DEVICES_HTTP_SIGNATURE,
                                          TILL_SIGNATURE_DATE_REQUEST_TARGET, &self->why[i]);
    }

  g_clear_error (&error);
}

/**
 * till_shop_check_service:
 * @self: a shop
 * @service: one of its services
 * @error: why it can't be used
 *
 * Returns: whether there is a client for it
 */
gboolean
till_shop_check_service (TillShop         *self,
                         TillShopService   service,
                         GError          **error)
{
  if ((service == TILL_SHOP_HUB && self->hub != NULL) || (service == TILL_SHOP_WALLET && self->wallet != NULL) ||
      (service == TILL_SHOP_DEVICES && self->devices != NULL))
    return TRUE;

  if (self->why[service] != NULL)
    g_propagate_error (error, g_error_copy (self->why[service]));
  else
    till_set_error (error, TILL_ERROR_VAULT_UNAVAILABLE, TILL_REASON_SECRET_MISSING, till_shop_service_names[service], NULL,
                    "no secret for %s is kept for the profile “%s”; give it with “profile secret”", get_title (service),
                    self->profile->name);

  return FALSE;
}

/**
 * till_shop_dup_peer:
 * @self: a shop
 * @service: one of its services
 *
 * Returns: (transfer full) (nullable): the host that is asked
 */
char *
till_shop_dup_peer (TillShop        *self,
                    TillShopService  service)
{
  g_autoptr(TillEndpoint) endpoint = NULL;
  const char *url = get_url (self->profile, service);

  endpoint = url != NULL ? till_endpoint_new (url, NULL) : NULL;

  return endpoint != NULL ? g_strdup (till_endpoint_get_host (endpoint)) : NULL;
}

/**
 * till_shop_now:
 * @self: a shop
 *
 * Returns: seconds since 1970
 */
gint64
till_shop_now (TillShop *self)
{
  return till_clock_get_now (self->clock);
}

/**
 * till_shop_get_profile:
 * @self: a shop
 *
 * Returns: (transfer none): its profile; of Practice with the addresses of the sandbox that runs
 */
const TillProfile *
till_shop_get_profile (TillShop *self)
{
  g_return_val_if_fail (TILL_IS_SHOP (self), NULL);

  return self->profile;
}

/**
 * till_shop_get_skew:
 * @self: a shop
 *
 * Returns: seconds that this computer is ahead of the services, as last seen (G19);
 *   %G_MININT64 where none of them has told its time
 */
gint64
till_shop_get_skew (TillShop *self)
{
  gint64 skew = G_MININT64;

  g_return_val_if_fail (TILL_IS_SHOP (self), G_MININT64);

  if (self->hub != NULL)
    skew = till_hub_get_skew (self->hub);
  if (skew == G_MININT64 && self->wallet != NULL)
    skew = till_wallet_get_skew (self->wallet);
  if (skew == G_MININT64 && self->devices != NULL)
    skew = till_devices_get_skew (self->devices);

  return skew;
}
