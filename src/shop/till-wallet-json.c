/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wallet certificate as JSON under the service's own member names. */
#include "config.h"

#include "till-wallet-json.h"

static void
write_tri (TillJsonWriter *writer,
           const char     *name,
           TillTri         value)
{
  till_json_writer_member (writer, name);
  if (value == TILL_TRI_UNKNOWN)
    till_json_writer_null (writer);
  else
    till_json_writer_bool (writer, value == TILL_TRI_TRUE);
}

/**
 * till_wallet_json_write:
 * @writer: inside an object
 * @certificate: a certificate
 *
 * Writes the members of the certificate object (API.md 6.4) that the service sends.
 */
void
till_wallet_json_write (TillJsonWriter              *writer,
                        const TillWalletCertificate *certificate)
{
  till_json_writer_text (writer, "id", certificate->id);
  till_json_writer_text (writer, "vendor", certificate->vendor);
  till_json_writer_text (writer, "name", certificate->name);
  till_json_writer_text (writer, "comment", certificate->comment);
  till_json_writer_text (writer, "baseName", certificate->base_name);
  till_json_writer_text (writer, "teamIdentifier", certificate->team_identifier);
  write_tri (writer, "nfcSupport", certificate->nfc_support);
  write_tri (writer, "enabled", certificate->enabled);
  write_tri (writer, "default", certificate->is_default);
  till_json_writer_time (writer, "createdAt", certificate->created_at);
  till_json_writer_time (writer, "updatedAt", certificate->updated_at);
  till_json_writer_time (writer, "validityStart", certificate->validity_start);
  till_json_writer_time (writer, "validityEnd", certificate->validity_end);
  write_tri (writer, "expired", certificate->expired);

  till_json_writer_member (writer, "templates");
  till_json_writer_begin_array (writer);
  for (guint i = 0; i < certificate->templates->len; i++)
    {
      const TillWalletTemplate *template = certificate->templates->pdata[i];

      till_json_writer_begin_object (writer);
      till_json_writer_text (writer, "id", template->id);
      till_json_writer_text (writer, "name", template->name);
      till_json_writer_end_object (writer);
    }
  till_json_writer_end_array (writer);
}

/**
 * till_wallet_json_dup:
 * @certificate: a certificate
 *
 * Returns: (transfer full): one compact JSON object
 */
char *
till_wallet_json_dup (const TillWalletCertificate *certificate)
{
  GString *text = g_string_new (NULL);
  TillJsonWriter writer;

  till_json_writer_init (&writer, text, FALSE);
  till_json_writer_begin_object (&writer);
  till_wallet_json_write (&writer, certificate);
  till_json_writer_end_object (&writer);

  return g_string_free (text, FALSE);
}
