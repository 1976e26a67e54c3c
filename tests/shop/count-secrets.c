/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says how many secrets the keyring has, of whatever profile: past the vault, which asks for one profile at a time.
 * Each has the name of a service; nobody can be asked for all. */
#include "config.h"

#include <libsecret/secret.h>
#include <stdio.h>

static const SecretSchema schema = {
  .name = "io.github.tillkeeper.Secret",
  .flags = SECRET_SCHEMA_DONT_MATCH_NAME,
  .attributes = {
    { "profile", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "name", SECRET_SCHEMA_ATTRIBUTE_STRING },
  },
};

int
main (int    argc,
      char **argv)
{
  const char * const names[] = { "hub", "wallet", "devices", "ca" };
  guint count = 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GError) error = NULL;
      GList *items = secret_password_search_sync (&schema, SECRET_SEARCH_ALL, NULL, &error, "name", names[i], NULL);

      g_assert_no_error (error);
      count += g_list_length (items);
      g_list_free_full (items, g_object_unref);
    }

  printf ("%u\n", count);

  return 0;
}
