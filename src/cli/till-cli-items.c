/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Things that end, as JSON and for people (CLI.md, "certificates"). */
#include "config.h"

#include "till-cli-items.h"

#include "inspect-rows.h"
#include "till-cli-report.h"
#include "till-cli-table.h"
#include "till-cli-values.h"

/**
 * till_cli_item_get_source:
 * @item: a thing that ends
 *
 * Returns: (transfer none): where it is listed from, as --source takes it
 */
const char *
till_cli_item_get_source (const TillItem *item)
{
  switch (item->ending.kind)
    {
    case TILL_ENDING_WALLET:
      return "wallet";
    case TILL_ENDING_UPLOAD:
      return "hub";
    case TILL_ENDING_KEY:
      return "keys";
    case TILL_ENDING_TOKEN:
      return "credentials";
    case TILL_ENDING_DEVICE:
      return "devices";
    case TILL_ENDING_FILE:
    default:
      return "files";
    }
}

/**
 * till_cli_state_to_words:
 * @state: a state
 *
 * Returns: (transfer none): it for a person
 */
const char *
till_cli_state_to_words (TillValidityState state)
{
  return state == TILL_VALIDITY_ACT ? "act now" : till_validity_state_to_word (state);
}

/**
 * till_cli_item_dup_left:
 * @item: a thing that ends
 * @now: the moment
 *
 * Returns: (transfer full): how long it lasts, or how long ago it ended, in words
 */
char *
till_cli_item_dup_left (const TillItem *item,
                        gint64          now)
{
  g_autofree char *days = NULL;
  gint64 until = item->ending.until;

  if (until == TILL_TIME_INVALID)
    return g_strdup ("end not known");
  if (until == TILL_TIME_NEVER)
    return g_strdup ("has no end");

  days = till_inspect_format_days (until >= now ? until - now : now - until);

  return until >= now ? g_strdup_printf ("ends in %s", days) : g_strdup_printf ("ended %s ago", days);
}

static void
write_templates (TillJsonWriter              *writer,
                 const TillWalletCertificate *wallet)
{
  till_json_writer_member (writer, "templates");

  if (!wallet->has_templates)
    {
      till_json_writer_null (writer);
      return;
    }

  till_json_writer_begin_array (writer);
  for (guint i = 0; i < wallet->templates->len; i++)
    {
      const TillWalletTemplate *template = g_ptr_array_index (wallet->templates, i);

      till_json_writer_begin_object (writer);
      till_cli_write_text (writer, "id", template->id);
      till_cli_write_text (writer, "name", template->name);
      till_json_writer_end_object (writer);
    }
  till_json_writer_end_array (writer);
}

static void
write_wallet (TillJsonWriter              *writer,
              const TillWalletCertificate *wallet)
{
  till_cli_write_text (writer, "vendor", wallet->vendor);
  till_cli_write_text (writer, "name", wallet->name);
  till_cli_write_text (writer, "comment", wallet->comment);
  till_cli_write_text (writer, "baseName", wallet->base_name);
  till_cli_write_text (writer, "teamIdentifier", wallet->team_identifier);
  till_cli_write_tri (writer, "nfcSupport", wallet->nfc_support);
  till_cli_write_tri (writer, "enabled", wallet->enabled);
  till_cli_write_tri (writer, "default", wallet->is_default);
  till_cli_write_time (writer, "createdAt", wallet->created_at);
  till_cli_write_time (writer, "updatedAt", wallet->updated_at);
  till_cli_write_time (writer, "validityStart", wallet->validity_start);
  till_cli_write_time (writer, "validityEnd", wallet->validity_end);
  till_cli_write_tri (writer, "expired", wallet->expired);
  write_templates (writer, wallet);
}

/**
 * till_cli_upload_write:
 * @writer: in an object
 * @upload: a client certificate of Commerce Hub
 *
 * Writes its members.
 */
void
till_cli_upload_write (TillJsonWriter         *writer,
                       const TillUploadRecord *upload)
{
  till_cli_write_text (writer, "clientKeyId", upload->client_key_id);
  till_cli_write_text (writer, "name", upload->name);
  till_cli_write_text (writer, "algorithm", upload->algorithm);
  till_cli_write_text (writer, "sha256", upload->sha256);
  till_cli_write_text (writer, "publicKeySha256", upload->public_key_sha256);
  till_cli_write_text (writer, "publicKeyHash", upload->public_key_hash);
  till_cli_write_time (writer, "validityStart", upload->not_before);
  till_cli_write_time (writer, "validityEnd", upload->not_after);
  till_cli_write_time (writer, "uploadedAt", upload->uploaded_at);
  till_cli_write_text (writer, "traceId", upload->trace_id);
}

static void
write_file (TillJsonWriter  *writer,
            const TillItem  *item)
{
  const TillCertificate *certificate = item->certificate;

  till_cli_write_text (writer, "name", item->title);
  till_cli_write_text (writer, "subject", certificate != NULL ? certificate->subject : NULL);
  till_cli_write_text (writer, "sha256", certificate != NULL ? certificate->sha256 : NULL);
  till_cli_write_text (writer, "baseName", certificate != NULL ? certificate->pass_type_id : NULL);
  till_cli_write_text (writer, "teamIdentifier", certificate != NULL ? certificate->team_id : NULL);
  till_cli_write_time (writer, "validityStart", item->ending.from);
  till_cli_write_time (writer, "validityEnd", item->ending.until);
}

/**
 * till_cli_item_write_members:
 * @writer: in an object
 * @item: a thing that ends
 *
 * Writes its members: those that all have, and those of its kind.
 */
void
till_cli_item_write_members (TillJsonWriter *writer,
                             const TillItem *item)
{
  till_cli_write_text (writer, "source", till_cli_item_get_source (item));
  till_cli_write_text (writer, "id", item->id);
  till_cli_write_text (writer, "state", till_validity_state_to_word (item->ending.state));
  till_cli_write_time (writer, "actBy", item->ending.act_by);

  if (item->wallet != NULL)
    write_wallet (writer, item->wallet);
  else if (item->upload != NULL)
    till_cli_upload_write (writer, item->upload);
  else
    write_file (writer, item);

  till_cli_write_text (writer, "note", item->note);
}

/**
 * till_cli_item_write:
 * @writer: where an object may stand
 * @item: a thing that ends
 *
 * Writes it as an object.
 */
void
till_cli_item_write (TillJsonWriter *writer,
                     const TillItem *item)
{
  till_json_writer_begin_object (writer);
  till_cli_item_write_members (writer, item);
  till_json_writer_end_object (writer);
}

static const char *
get_yes_no (TillTri value)
{
  return value == TILL_TRI_TRUE ? "yes" : value == TILL_TRI_FALSE ? "no" : "not known";
}

static void
append_optional (GString    *out,
                 const char *label,
                 const char *value)
{
  if (value != NULL && *value != '\0')
    till_inspect_append_row (out, label, value);
}

static void
append_wallet (GString                     *out,
               const TillWalletCertificate *wallet)
{
  append_optional (out, "Vendor", wallet->vendor);
  append_optional (out, "Comment", wallet->comment);
  append_optional (out, "Pass type ID", wallet->base_name);
  append_optional (out, "Team ID", wallet->team_identifier);
  till_inspect_append_row (out, "NFC", get_yes_no (wallet->nfc_support));
  till_inspect_append_row (out, "Enabled", get_yes_no (wallet->enabled));
  till_inspect_append_row (out, "Default", get_yes_no (wallet->is_default));

  for (guint i = 0; i < wallet->templates->len; i++)
    {
      const TillWalletTemplate *template = g_ptr_array_index (wallet->templates, i);

      till_inspect_append_row (out, i == 0 ? "Used by" : "", template->name != NULL ? template->name : template->id);
    }

  till_inspect_append_time (out, "Added", wallet->created_at);
  till_inspect_append_time (out, "Changed", wallet->updated_at);
}

/**
 * till_cli_item_append:
 * @out: where to append it
 * @item: a thing that ends
 * @now: the moment
 *
 * Appends it for a person, one fact a row.
 */
void
till_cli_item_append (GString        *out,
                      const TillItem *item,
                      gint64          now)
{
  g_autofree char *left = till_cli_item_dup_left (item, now);
  g_autofree char *state = g_strdup_printf ("%s: %s", till_cli_state_to_words (item->ending.state), left);

  till_cli_append_safe (out, item->title);
  g_string_append_c (out, '\n');
  till_inspect_append_row (out, "ID", item->id);
  till_inspect_append_row (out, "State", state);
  till_inspect_append_time (out, "Starts", item->ending.from);
  till_inspect_append_time (out, "Ends", item->ending.until);

  if (item->wallet != NULL)
    append_wallet (out, item->wallet);
  if (item->upload != NULL)
    {
      append_optional (out, "Algorithm", item->upload->algorithm);
      append_optional (out, "Key SHA-256", item->upload->public_key_sha256);
      append_optional (out, "Service's hash", item->upload->public_key_hash);
    }
  append_optional (out, "Note", item->note);
}

/**
 * till_cli_items_append:
 * @out: where to append them
 * @items: (element-type TillItem): things that end
 * @now: the moment
 *
 * Appends a table of them.
 */
void
till_cli_items_append (GString   *out,
                       GPtrArray *items,
                       gint64     now)
{
  g_autoptr(TillCliTable) table = till_cli_table_new ("STATE", "NAME", "SOURCE", "ID", "ACT BY", "ENDS", NULL);

  for (guint i = 0; i < items->len; i++)
    {
      const TillItem *item = g_ptr_array_index (items, i);
      g_autofree char *act_by = till_cli_format_time (item->ending.act_by);
      g_autofree char *left = till_cli_item_dup_left (item, now);

      till_cli_table_add (table, till_cli_state_to_words (item->ending.state));
      till_cli_table_add (table, item->title);
      till_cli_table_add (table, till_cli_item_get_source (item));
      till_cli_table_add (table, item->id);
      till_cli_table_add (table, act_by);
      till_cli_table_add (table, left);
    }

  till_cli_table_append (table, out);
}
