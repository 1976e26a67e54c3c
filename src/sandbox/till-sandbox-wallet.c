/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Airship Wallet certificates, pretended: which call it is, who asks, and the shapes of answers. */
#include "config.h"

#include "till-sandbox-wallet.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "till-sandbox-wallet-private.h"

#define LIST "/v1/certificates"
#define REVISION "1.2"

/* API.md 6.9: fixed words for each status. */
static const struct
{
  guint       status;
  const char *description;
} descriptions[] = {
  { 400, "Invalid Request Parameters" },
  { 401, "Unauthorized" },
  { 404, "The resource is no longer at that location." },
  { 405, "Method Not Allowed" },
  { 406, "Not Acceptable Request" },
  { 500, "Internal Server Error" },
};

/**
 * till_wallet_assumed_status:
 * @call: a call
 * @which: an assumption whose words are statuses
 *
 * Returns: the status that is assumed
 */
guint
till_wallet_assumed_status (TillCall    *call,
                            TillAssumed  which)
{
  return (guint) g_ascii_strtoull (till_assumptions_word (&call->server->assumptions, which), NULL, 10);
}

/**
 * till_wallet_send:
 * @call: (transfer full): a call whose answer is written
 *
 * Sends the answer.
 */
void
till_wallet_send (TillCall *call)
{
  if (call->content_type != NULL)
    call->content_type = "application/json; charset=utf-8";
  till_call_set_header (call, "Cache-Control", "no-store");
  till_call_answer (call);
}

/**
 * till_wallet_refuse:
 * @call: (transfer full): a call
 * @status: of the answer
 * @format: what is wrong, for "details"
 *
 * Answers with an error.
 */
void
till_wallet_refuse (TillCall   *call,
                    guint       status,
                    const char *format,
                    ...)
{
  g_autofree char *details = NULL;
  const char *description = NULL;
  TillJsonWriter writer;
  va_list args;

  va_start (args, format);
  details = g_strdup_vprintf (format, args);
  va_end (args);

  for (guint i = 0; i < G_N_ELEMENTS (descriptions); i++)
    {
      if (descriptions[i].status == status)
        description = descriptions[i].description;
    }
  g_assert (description != NULL);

  till_call_begin (call, status, &writer);
  till_json_writer_begin_object (&writer);
  till_sandbox_write_int (call->server, &writer, "code", status);
  till_sandbox_write_text (&writer, "description", description);
  till_sandbox_write_text (&writer, "details", details);
  till_json_writer_end_object (&writer);
  till_wallet_send (call);
}

static void
write_templates (TillCall        *call,
                 TillJsonWriter  *writer,
                 const GPtrArray *templates)
{
  gboolean as_text = till_assumptions_is (&call->server->assumptions, TILL_ASSUME_WALLET_TEMPLATE_ID, "text");

  till_json_writer_member (writer, "templates");
  till_json_writer_begin_array (writer);
  for (guint i = 0; i < templates->len; i++)
    {
      const TillWalletTemplate *one = g_ptr_array_index (templates, i);
      g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, one->id);

      till_json_writer_begin_object (writer);
      if (as_text)
        till_sandbox_write_text (writer, "id", id);
      else
        till_sandbox_write_int (call->server, writer, "id", one->id);
      till_sandbox_write_text (writer, "name", one->name);
      till_json_writer_end_object (writer);
    }
  till_json_writer_end_array (writer);
}

/**
 * till_wallet_write:
 * @call: a call
 * @writer: of its answer
 * @certificate: a certificate
 * @brief: only what the documented answer to POST has
 *
 * Writes @certificate as an object.
 */
void
till_wallet_write (TillCall                    *call,
                   TillJsonWriter              *writer,
                   const TillWalletCertificate *certificate,
                   gboolean                     brief)
{
  const char *show = till_assumptions_word (&call->server->assumptions, TILL_ASSUME_WALLET_SHOW_DEFAULT);
  gboolean is_default = g_strcmp0 (certificate->id, call->server->wallet->default_id) == 0;
  TillSandboxServer *server = call->server;

  till_json_writer_begin_object (writer);
  till_sandbox_write_text (writer, "id", certificate->id);
  till_sandbox_write_text (writer, "vendor", "Apple");
  till_sandbox_write_text (writer, "name", certificate->name);
  till_sandbox_write_text (writer, "baseName", certificate->identity.base_name);
  till_sandbox_write_text (writer, "comment", certificate->comment);
  till_sandbox_write_text (writer, "teamIdentifier", certificate->identity.team);
  if (!brief)
    till_sandbox_write_bool (writer, "nfcSupport", certificate->identity.nfc);
  till_sandbox_write_bool (writer, "enabled", certificate->enabled);
  if (strcmp (show, "always") == 0 || (strcmp (show, "true") == 0 && is_default))
    till_sandbox_write_bool (writer, "default", is_default);
  till_sandbox_write_time (server, writer, "createdAt", certificate->created);
  till_sandbox_write_time (server, writer, "updatedAt", certificate->updated);
  if (!brief)
    {
      till_sandbox_write_time (server, writer, "validityStart", certificate->identity.start);
      till_sandbox_write_time (server, writer, "validityEnd", certificate->identity.end);
      till_sandbox_write_bool (writer, "expired", certificate->identity.end < till_clock_get_now (server->clock));
      if (certificate->templates != NULL)
        write_templates (call, writer, certificate->templates);
    }
  till_json_writer_end_object (writer);
}

/**
 * till_wallet_find:
 * @self: the service
 * @id: of a certificate; upper case counts as lower case
 *
 * Returns: (transfer none) (nullable): the certificate
 */
TillWalletCertificate *
till_wallet_find (TillWallet *self,
                  const char *id)
{
  for (guint i = 0; i < self->certificates->len; i++)
    {
      TillWalletCertificate *certificate = g_ptr_array_index (self->certificates, i);

      if (g_ascii_strcasecmp (certificate->id, id) == 0)
        return certificate;
    }

  return NULL;
}

/**
 * till_wallet_keep:
 * @call: a call that changed something
 *
 * Writes the change to the disk, before it is told.
 *
 * Returns: whether it is there; otherwise the call is answered and freed
 */
gboolean
till_wallet_keep (TillCall *call)
{
  g_autoptr(GError) error = NULL;

  till_wallet_changed (call->server->wallet);
  if (till_wallet_save (call->server->wallet, &error))
    return TRUE;

  till_wallet_refuse (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, "%s", error->message);
  return FALSE;
}

static void
show_certificate (TillCall *call)
{
  TillWalletCertificate *certificate = till_wallet_find (call->server->wallet, call->details);
  TillJsonWriter writer;

  till_call_begin (call, SOUP_STATUS_OK, &writer);
  till_wallet_write (call, &writer, certificate, FALSE);
  till_wallet_send (call);
}

static void
remove_certificate (TillCall *call)
{
  TillAssumptions *assumptions = &call->server->assumptions;
  TillWallet *self = call->server->wallet;
  TillWalletCertificate *certificate = till_wallet_find (self, call->details);
  gboolean was_default = g_strcmp0 (certificate->id, self->default_id) == 0;

  if (was_default && till_assumptions_is (assumptions, TILL_ASSUME_WALLET_DELETE_DEFAULT, "refuse"))
    {
      till_wallet_refuse (call, SOUP_STATUS_BAD_REQUEST,
                          "The default certificate can not be removed! Make another one the default first.");
      return;
    }
  if (certificate->templates != NULL && till_assumptions_is (assumptions, TILL_ASSUME_WALLET_DELETE_USED, "refuse"))
    {
      till_wallet_refuse (call, SOUP_STATUS_BAD_REQUEST, "The certificate is used by %u templates!",
                          certificate->templates->len);
      return;
    }

  g_ptr_array_remove (self->certificates, certificate);
  if (was_default)
    {
      g_free (self->default_id);
      self->default_id = self->certificates->len > 0
        ? g_strdup (((TillWalletCertificate *) g_ptr_array_index (self->certificates, 0))->id) : NULL;
    }

  if (!till_wallet_keep (call))
    return;
  call->status = SOUP_STATUS_NO_CONTENT;
  till_wallet_send (call);
}

/* What is done with one certificate, while it is surely there. */
static void
work_on_one (TillCall *call)
{
  if (till_wallet_find (call->server->wallet, call->details) == NULL)
    {
      gboolean valid = g_uuid_string_is_valid (call->details);

      till_wallet_refuse (call, till_wallet_assumed_status (call, valid ? TILL_ASSUME_WALLET_UNKNOWN_ID
                                                                        : TILL_ASSUME_WALLET_BAD_ID),
                          "object not found :Certificate not found! Please pass a valid id.");
      return;
    }

  if (strcmp (call->method, "GET") == 0)
    show_certificate (call);
  else if (strcmp (call->method, "PUT") == 0)
    till_wallet_update (call);
  else
    remove_certificate (call);
}

static gboolean
check_login (TillCall *call)
{
  const TillSandboxInfo *info = &call->server->info;
  g_autofree char *pair = g_strconcat (info->wallet_user, ":", info->wallet_secret, NULL);
  g_autofree char *right = g_base64_encode ((const guchar *) pair, strlen (pair));
  const char *given = till_call_get_header (call, "Authorization");

  if (given != NULL && g_ascii_strncasecmp (given, "Basic ", strlen ("Basic ")) == 0)
    {
      const char *text = given + strlen ("Basic ");

      if (strlen (text) == strlen (right) && gnutls_memcmp (text, right, strlen (right)) == 0)
        return TRUE;
    }

  if (till_assumptions_is (&call->server->assumptions, TILL_ASSUME_WALLET_BAD_LOGIN, "500"))
    {
      till_wallet_refuse (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, "Error reading the api key");
      return FALSE;
    }

  till_call_set_header (call, "WWW-Authenticate", "Basic realm=\"Wallet\", charset=\"UTF-8\"");
  till_wallet_refuse (call, SOUP_STATUS_UNAUTHORIZED, "The user name or the password is wrong.");
  return FALSE;
}

static gboolean
check_revision (TillCall *call)
{
  const char *revision = till_call_get_header (call, "Api-Revision");

  if ((revision != NULL && strcmp (revision, REVISION) == 0) ||
      till_assumptions_is (&call->server->assumptions, TILL_ASSUME_WALLET_REVISION, "ignore"))
    return TRUE;

  till_wallet_refuse (call, till_wallet_assumed_status (call, TILL_ASSUME_WALLET_REVISION),
                      "The header Api-Revision must be " REVISION ".");
  return FALSE;
}

static gboolean
check_method (TillCall           *call,
              const char * const *methods)
{
  gboolean hidden = till_assumptions_is (&call->server->assumptions, TILL_ASSUME_WRONG_METHOD, "404");
  g_autofree char *allowed = NULL;

  if (g_strv_contains (methods, call->method))
    return TRUE;

  allowed = g_strjoinv (", ", (char **) methods);
  if (!hidden)
    till_call_set_header (call, "Allow", allowed);
  till_wallet_refuse (call, hidden ? SOUP_STATUS_NOT_FOUND : SOUP_STATUS_METHOD_NOT_ALLOWED,
                      "This path takes %s.", allowed);
  return FALSE;
}

/**
 * till_wallet_handle:
 * @call: (transfer full): a call to a path below "/v1/"
 *
 * Looks at the request and does it.
 */
void
till_wallet_handle (TillCall *call)
{
  static const char * const list_methods[] = { "GET", "POST", NULL };
  static const char * const one_methods[] = { "GET", "PUT", "DELETE", NULL };
  const char *rest = g_str_has_prefix (call->path, LIST) ? call->path + strlen (LIST) : NULL;
  gboolean is_list = rest != NULL && rest[0] == '\0';

  if (!is_list && (rest == NULL || rest[0] != '/' || rest[1] == '\0' || strchr (rest + 1, '/') != NULL))
    {
      till_wallet_refuse (call, SOUP_STATUS_NOT_FOUND, "There is nothing at this path.");
      return;
    }

  if (!check_method (call, is_list ? list_methods : one_methods) || !check_login (call) || !check_revision (call))
    return;

  if (is_list)
    {
      till_call_work (call, strcmp (call->method, "GET") == 0 ? till_wallet_list : till_wallet_add);
    }
  else
    {
      call->details = g_strdup (rest + 1);
      call->details_free = g_free;
      till_call_work (call, work_on_one);
    }
}
