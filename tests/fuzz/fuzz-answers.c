/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as the answer of a service: the first byte says of which call, the rest is its body. */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "till-devices-private.h"
#include "till-error.h"
#include "till-hub.h"
#include "till-json-reader.h"
#include "till-json-scan.h"
#include "till-limits.h"
#include "till-service-private.h"
#include "till-wallet-private.h"

/* What every failure must be. */
static void
check_error (const GError *error)
{
  g_assert (error != NULL && error->domain == TILL_ERROR);
  g_assert (g_utf8_validate (error->message, -1, NULL));
  for (const char *p = error->message; *p != '\0'; p++)
    g_assert (!g_ascii_iscntrl (*p));
}

static void
check_key (TillHubKey *key)
{
  TillServiceCut cut = { .name = "encodedPrivateKey" };
  g_autoptr(TillSecret) answer = NULL;
  g_autoptr(TillSecret) rest = NULL;
  g_autoptr(TillHubKey) again = NULL;
  g_autoptr(GError) error = NULL;

  g_assert (key->key_id[0] != '\0' && g_utf8_strlen (key->key_id, -1) <= 64);
  g_assert (key->status[0] != '\0');
  g_assert (key->public_key == NULL || !key->public_key->is_private);

  /* What is kept holds no private key, and reads as the same key. */
  if (till_json_scan (key->answer, strlen (key->answer), TILL_LIMIT_JSON_BYTES, NULL))
    {
      answer = till_secret_new_copy (key->answer, strlen (key->answer));
      rest = till_service_cut (answer, &cut, 1);
      g_assert (cut.value == NULL || till_secret_get_size (cut.value) < 4);
      till_service_cuts_clear (&cut, 1);
      again = till_hub_key_new_from_json (key->answer, strlen (key->answer), &error);
      g_assert (again != NULL && strcmp (again->key_id, key->key_id) == 0 && again->valid_to == key->valid_to);
    }
  else
    {
      g_assert (key->had_private_key);
    }
}

static void
read_hub (char              which,
          TillSecret       *body)
{
  const TillHubAnswer answer = { .status = 201, .body = body };
  g_autoptr(GError) error = NULL;

  if (which == 'k')
    {
      g_autoptr(TillHubKey) key = till_hub_key_new (&answer, &error);

      if (key != NULL)
        check_key (key);
      g_assert ((key == NULL) == (error != NULL));
    }
  else if (which == 'u')
    {
      g_autoptr(TillHubUploaded) uploaded = till_hub_uploaded_new (&answer, &error);

      g_assert ((uploaded == NULL) == (error != NULL));
    }
  else
    {
      g_autoptr(TillHubCredentials) credentials = till_hub_credentials_new (&answer, &error);

      g_assert ((credentials == NULL) == (error != NULL));
      if (credentials != NULL)
        {
          g_assert (till_secret_get_size (credentials->access_token) > 0);
          g_assert (credentials->time_to_live >= 0 && credentials->time_to_live <= 1800);
        }
    }

  if (error != NULL)
    {
      check_error (error);
      g_assert (till_error_get_outcome (error) == TILL_OUTCOME_UNKNOWN);
    }
}

static gboolean
same (const TillWalletCertificate *a,
      const TillWalletCertificate *b)
{
  return g_strcmp0 (a->id, b->id) == 0 && g_strcmp0 (a->vendor, b->vendor) == 0 && g_strcmp0 (a->name, b->name) == 0 &&
         g_strcmp0 (a->comment, b->comment) == 0 && g_strcmp0 (a->base_name, b->base_name) == 0 &&
         g_strcmp0 (a->team_identifier, b->team_identifier) == 0 && g_strcmp0 (a->problem, b->problem) == 0 &&
         a->nfc_support == b->nfc_support && a->enabled == b->enabled && a->is_default == b->is_default &&
         a->expired == b->expired && a->created_at == b->created_at && a->updated_at == b->updated_at &&
         a->validity_start == b->validity_start && a->validity_end == b->validity_end &&
         a->has_templates == b->has_templates && a->templates->len == b->templates->len;
}

/* The fast way of a list and the way over json-glib are of one mind. */
static void
check_page (TillWalletPage *page,
            TillSecret     *body)
{
  g_autoptr(JsonNode) root = till_wallet_parse (body, TILL_LIMIT_JSON_LIST_BYTES, NULL);
  TillJsonReader reader;
  TillJsonReader array;
  TillJsonReader element;

  g_assert (root != NULL);
  till_json_reader_init (&reader, root);
  g_assert (till_json_reader_array (&reader, "certificates", &array, NULL));
  g_assert (till_json_reader_get_length (&array) == page->certificates->len);

  for (guint i = 0; i < page->certificates->len; i++)
    {
      g_autoptr(TillWalletCertificate) other = NULL;
      TillWalletCertificate *certificate = g_ptr_array_index (page->certificates, i);

      till_json_reader_element (&array, i, &element);
      other = till_wallet_certificate_read (&element, NULL);
      g_assert (other != NULL);
      g_assert (same (certificate, other));
    }
}

static void
read_wallet (char        which,
             TillSecret *body)
{
  g_autoptr(GError) error = NULL;

  if (which == 'w')
    {
      g_autoptr(TillWalletCertificate) certificate = till_wallet_certificate_new (body, &error);

      g_assert ((certificate == NULL) == (error != NULL));
    }
  else
    {
      g_autoptr(TillWalletPage) page = till_wallet_page_new (body, &error);

      g_assert ((page == NULL) == (error != NULL));
      if (page != NULL)
        check_page (page, body);
    }

  if (error != NULL)
    check_error (error);
}

static void
read_devices (TillSecret *body)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *pem = till_devices_chain_from_json (body, &error);

  g_assert ((pem == NULL) == (error != NULL));
  if (pem != NULL)
    {
      g_assert (g_str_has_prefix (pem, "-----BEGIN CERTIFICATE-----\n"));
      g_assert (strstr (pem, "PRIVATE") == NULL);
    }
  else
    {
      check_error (error);
    }
}

static void
read_failure (guint       status,
              TillSecret *body)
{
  for (int service = TILL_SERVICE_HUB; service <= TILL_SERVICE_DEVICES; service++)
    {
      const TillAnswer answer = { .status = status, .body = body, .retry_after = -1, .skew = G_MININT64 };
      g_autoptr(GError) error = NULL;

      g_assert (!till_service_check_answer ((TillService) service, &answer, TRUE, &error));
      check_error (error);
      g_assert (g_utf8_strlen (error->message, -1) < 800);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(TillSecret) body = NULL;

  if (size == 0)
    return 0;

  body = till_secret_new_copy (data + 1, size - 1);
  switch (data[0])
    {
    case 'k':
    case 'u':
    case 'c':
      read_hub ((char) data[0], body);
      break;

    case 'w':
    case 'l':
      read_wallet ((char) data[0], body);
      break;

    case 'd':
      read_devices (body);
      break;

    default:
      read_failure (400 + data[0] % 105, body);
      break;
    }

  return 0;
}
