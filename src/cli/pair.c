/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command `pair` (CLI.md). */
#include "config.h"

#include "pair.h"

#include "services.h"
#include "till-cli-values.h"

/**
 * till_pair_load_register:
 * @session: a session with a shop
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the devices of the profile
 */
TillRegister *
till_pair_load_register (TillCliSession  *session,
                         GError         **error)
{
  g_autoptr(TillRegister) devices = till_register_new (session->store, session->clock,
                                                       till_shop_get_profile (session->shop));

  till_register_load_async (devices, session->cancellable, till_cli_session_done_cb, session);
  if (!till_register_finish (devices, till_cli_session_wait (session), error))
    return NULL;

  return g_steal_pointer (&devices);
}

/**
 * till_pair_write_device:
 * @writer: inside an object
 * @device: a device
 *
 * Writes what the register knows of it.
 */
void
till_pair_write_device (TillJsonWriter *writer,
                        TillDevice     *device)
{
  const TillDeviceRecord *record = till_device_get_record (device);

  till_cli_write_text (writer, "posId", record->pos_id);
  till_cli_write_text (writer, "kind", till_device_kind_to_word (till_device_get_kind (device)));
  till_cli_write_text (writer, "terminalSerial", record->terminal_serial);
  till_cli_write_text (writer, "address", record->address);
  till_cli_write_text (writer, "serial", record->serial);
  till_cli_write_time (writer, "notBefore", record->not_before);
  till_cli_write_time (writer, "notAfter", record->not_after);
  till_cli_write_text (writer, "state", till_device_state_to_word (till_device_get_state (device)));
  till_cli_write_time (writer, "pairedAt", record->paired_at);
  till_cli_write_time (writer, "lastContact", record->last_contact);
}

static const TillCliCommand * const pair_commands[] = { &till_command_pair_host, &till_command_pair_request, NULL };

const TillCliCommand till_command_pair = {
  .name = "pair",
  .summary = TILL_SUMMARY_PAIR,
  .synopsis = "COMMAND …",
  .help = "Pairs tills and payment terminals by a set-up code.\n",
  .commands = pair_commands,
};
