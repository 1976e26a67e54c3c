/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Airship Wallet certificates, pretended: those of the example shop. */
#include "config.h"

#include "till-sandbox-wallet-private.h"

#define DAY G_GINT64_CONSTANT (86400)
#define LIFE_DAYS 365
#define TEAM "ABCDE12345"

/* How many made-up ones end within a year, so that all states are met. */
#define SPREAD_DAYS 380

/**
 * Example:
 * @ends: days from now
 *
 * A certificate for each state that one can be in.
 */
typedef struct
{
  const char *name;
  const char *comment;
  const char *base_name;
  gint64      ends;
  gboolean    enabled;
  gboolean    nfc;
  const char *templates[3];
} Example;

static const Example examples[] = {
  { "Loyalty card", "The card that every customer has", "pass.com.example.shop.loyalty", 240, TRUE, FALSE,
    { "Loyalty card", "Loyalty card, gold" } },
  { "Coupons", "Ends in three weeks", "pass.com.example.shop.coupons", 20, TRUE, FALSE, { NULL } },
  { "Gift cards", "Ends this week", "pass.com.example.shop.gifts", 3, TRUE, FALSE, { NULL } },
  { "Summer festival", "Nobody renewed it", "pass.com.example.shop.festival", -3, TRUE, FALSE, { NULL } },
  { "Staff passes", "Switched off until the new office opens", "pass.com.example.shop.staff", 180, FALSE, FALSE,
    { NULL } },
  { "Door and till", "For the readers at the doors", "pass.com.example.shop.door", 300, TRUE, TRUE, { NULL } },
};

static TillWalletCertificate *
add (TillWallet *self,
     const char *base_name,
     const char *name,
     gint64      ends)
{
  gint64 now = till_clock_get_now (self->server->clock);
  TillWalletCertificate *certificate = g_new0 (TillWalletCertificate, 1);

  certificate->id = g_uuid_string_random ();
  certificate->name = g_strdup (name);
  certificate->enabled = TRUE;
  certificate->identity.base_name = g_strdup (base_name);
  certificate->identity.team = g_strdup (TEAM);
  certificate->identity.end = now + ends * DAY;
  certificate->identity.start = certificate->identity.end - LIFE_DAYS * DAY;
  certificate->created = certificate->identity.start;
  certificate->updated = certificate->identity.start;
  g_ptr_array_add (self->certificates, certificate);

  return certificate;
}

/**
 * till_wallet_fill_examples:
 * @self: the service, still empty
 *
 * Adds the certificates of a shop; the first one is the default.
 */
void
till_wallet_fill_examples (TillWallet *self)
{
  gint64 template_id = 123;

  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      const Example *example = &examples[i];
      TillWalletCertificate *certificate = add (self, example->base_name, example->name, example->ends);

      certificate->comment = g_strdup (example->comment);
      certificate->enabled = example->enabled;
      certificate->identity.nfc = example->nfc;
      for (guint j = 0; example->templates[j] != NULL; j++)
        {
          TillWalletTemplate *one = g_new0 (TillWalletTemplate, 1);

          if (certificate->templates == NULL)
            certificate->templates = g_ptr_array_new_with_free_func ((GDestroyNotify) till_wallet_template_free);
          one->id = template_id++;
          one->name = g_strdup (example->templates[j]);
          g_ptr_array_add (certificate->templates, one);
        }
      if (i == 0)
        self->default_id = g_strdup (certificate->id);
    }

  till_wallet_changed (self);
}

/**
 * till_wallet_fill_size:
 * @self: the service
 * @size: how many there shall be at least besides the example
 *
 * Adds made-up certificates.
 */
void
till_wallet_fill_size (TillWallet *self,
                       gint64      size)
{
  gint64 wanted = size > 0 ? size + (gint64) G_N_ELEMENTS (examples) : 0;

  while ((gint64) self->certificates->len < wanted)
    {
      guint number = self->certificates->len;
      g_autofree char *base_name = g_strdup_printf ("pass.com.example.made-up.%06u", number);
      g_autofree char *name = g_strdup_printf ("Made-up certificate %06u", number);

      add (self, base_name, name, number % SPREAD_DAYS + 1);
      till_wallet_changed (self);
    }
}
