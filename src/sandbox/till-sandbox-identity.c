/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who the sandbox's merchant is: made at random at first start and kept. */
#include "config.h"

#include "till-sandbox-identity.h"

#include <string.h>

#include "till-json-reader.h"
#include "till-json-writer.h"
#include "till-sandbox-state.h"

#define IDENTITY_FILE "identity.json"
#define MAX_CHARS 200

typedef struct
{
  const char  *name;
  char       **value;
} Member;

#define N_MEMBERS 11

static void
list_members (TillSandboxServer *server,
              Member             members[N_MEMBERS])
{
  TillSandboxInfo *info = &server->info;
  const Member list[N_MEMBERS] = {
    { "merchantId", &info->hub_merchant },
    { "terminalId", &info->hub_terminal },
    { "apiKey", &info->hub_key },
    { "apiSecret", &info->hub_secret },
    { "tokenKey", &server->token_key },
    { "walletUser", &info->wallet_user },
    { "walletSecret", &info->wallet_secret },
    { "organizationId", &info->devices_organization },
    { "devicesKeyId", &info->devices_key_id },
    { "devicesSecret", &info->devices_secret },
    { NULL, NULL },
  };

  memcpy (members, list, sizeof list);
}

static void
make (TillSandboxServer *server)
{
  TillSandboxInfo *info = &server->info;
  g_autofree char *digits = till_random_text (TILL_ALPHABET_DIGITS, 9);

  info->hub_merchant = g_strdup_printf ("100%s000", digits);
  info->hub_terminal = g_strdup ("10000001");
  info->hub_key = till_random_text (TILL_ALPHABET_62, 32);
  info->hub_secret = till_random_text (TILL_ALPHABET_62, 43);
  server->token_key = till_random_text (TILL_ALPHABET_62, 43);
  info->wallet_user = till_random_text (TILL_ALPHABET_62, 22);
  info->wallet_secret = till_random_text (TILL_ALPHABET_62, 22);
  info->devices_organization = g_strdup ("practice_shop");
  info->devices_key_id = g_uuid_string_random ();
  info->devices_secret = till_random_base64 (32);
}

/**
 * till_identity_open:
 * @server: the server
 * @error: (out) (optional): %TILL_ERROR_DAMAGED or %TILL_ERROR_UNREADABLE
 *
 * Reads the names and secrets of the sandbox's merchant, or makes them.
 *
 * Returns: whether they are there
 */
gboolean
till_identity_open (TillSandboxServer  *server,
                    GError            **error)
{
  g_autoptr(GString) text = NULL;
  g_autoptr(GError) reason = NULL;
  g_autoptr(JsonNode) root = NULL;
  Member members[N_MEMBERS];
  TillJsonReader reader;
  TillJsonWriter writer;

  list_members (server, members);
  root = till_state_load (server->folder, IDENTITY_FILE, &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }

  if (root != NULL)
    {
      till_json_reader_init (&reader, root);
      for (const Member *member = members; member->name != NULL; member++)
        {
          *member->value = till_json_reader_dup_text (&reader, member->name, 1, MAX_CHARS, NULL);
          if (*member->value == NULL)
            {
              till_state_set_aside (server->folder, IDENTITY_FILE, error);
              return FALSE;
            }
        }
      return TRUE;
    }

  make (server);
  text = g_string_new (NULL);
  till_json_writer_init (&writer, text, TRUE);
  till_json_writer_begin_object (&writer);
  for (const Member *member = members; member->name != NULL; member++)
    {
      till_json_writer_member (&writer, member->name);
      till_json_writer_string (&writer, *member->value);
    }
  till_json_writer_end_object (&writer);

  return till_state_save (server->folder, IDENTITY_FILE, text->str, text->len, error);
}

/**
 * till_identity_clear:
 * @server: the server
 *
 * Forgets them, and where the server was reached.
 */
void
till_identity_clear (TillSandboxServer *server)
{
  Member members[N_MEMBERS];

  list_members (server, members);
  for (const Member *member = members; member->name != NULL; member++)
    g_clear_pointer (member->value, g_free);

  g_clear_pointer (&server->info.hub_url, g_free);
  g_clear_pointer (&server->info.wallet_url, g_free);
  g_clear_pointer (&server->info.devices_url, g_free);
  g_clear_pointer (&server->info.ca_file, g_free);
  g_clear_pointer (&server->info.ca_pem, g_free);
  g_clear_pointer (&server->info.terminal_https, g_free);
  g_clear_pointer (&server->info.terminal_wss, g_free);
  g_clear_pointer (&server->info.terminal_serial, g_free);
  g_clear_pointer (&server->info.terminal_root_file, g_free);
  g_clear_pointer (&server->info.terminal_root_pem, g_free);
  g_clear_pointer (&server->device_root, g_free);
}
