/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns errors of services, vault and store into sentences for people (RELIABILITY.md 5.2, 5.4). */
#include "config.h"

#include "till-error-text-private.h"

#include <glib/gi18n.h>

#include "till-error-text.h"
#include "till-error.h"
#include "till-text.h"

/* A name inside a sentence: short, and fit to be shown. (nullable) */
static char *
dup_name (const GError *error)
{
  const char *detail = till_error_get_detail (error);

  return detail != NULL && *detail != '\0' ? till_text_dup_display (detail, 80) : NULL;
}

/**
 * till_error_text_get_service_name:
 * @service: (nullable): "hub", "wallet" or "devices"
 *
 * Returns: (transfer none): what people call it; a product's name stays as it is in every language
 */
const char *
till_error_text_get_service_name (const char *service)
{
  if (g_strcmp0 (service, "hub") == 0)
    return "Commerce Hub";
  if (g_strcmp0 (service, "wallet") == 0)
    return "Airship Wallet";
  if (g_strcmp0 (service, "devices") == 0)
    return "Acceptance Devices";

  return _("the service");
}

/**
 * till_error_text_get_service_title:
 * @error: an error
 *
 * Returns: (transfer none) (nullable): the heading that its reason has of its own
 */
const char *
till_error_text_get_service_title (const GError *error)
{
  switch (till_error_get_reason (error))
    {
    case TILL_REASON_OFFLINE:
      return _("You Are Offline");

    case TILL_REASON_NO_SUCH_HOST:
      return _("Service Not Found");

    case TILL_REASON_PROXY_LOGIN:
    case TILL_REASON_PROXY_DOWN:
      return _("Proxy Does Not Let Through");

    case TILL_REASON_BUSY:
      return _("Service Is Busy");

    case TILL_REASON_WEB_PAGE:
      return _("A Web Page Answered");

    case TILL_REASON_CERTIFICATE_EXPIRED:
      return _("Server’s Certificate Has Expired");

    case TILL_REASON_OLD_TLS:
      return _("Outdated Encryption");

    case TILL_REASON_CHANGED_MEANWHILE:
      return _("Changed Meanwhile");

    case TILL_REASON_IN_USE:
      return _("Already in Use");

    case TILL_REASON_IS_DEFAULT:
      return _("One Must Stay the Default");

    case TILL_REASON_OTHER_IDENTITY:
      return _("These Passes Would Be Lost");

    case TILL_REASON_NO_USABLE_KEY:
      return _("No Usable Key");

    case TILL_REASON_VAULT_LOCKED:
      return _("Secrets Are Locked");

    case TILL_REASON_VAULT_DISMISSED:
      return _("Secrets Stay Locked");

    case TILL_REASON_VAULT_ABSENT:
      return _("No Place for Secrets");

    case TILL_REASON_VAULT_UNREADABLE:
      return _("Secrets Cannot Be Read");

    case TILL_REASON_SECRET_MISSING:
      return _("Secret Is Missing");

    case TILL_REASON_STORE_DAMAGED:
      return _("Records Are Damaged");

    case TILL_REASON_STORE_READ_ONLY:
      return _("Records Cannot Be Changed");

    case TILL_REASON_STORE_IN_USE:
      return _("Records in Use");

    default:
      return NULL;
    }
}

static char *
dup_unavailable (const GError *error)
{
  g_autofree char *name = dup_name (error);
  g_autofree char *span = NULL;

  switch (till_error_get_reason (error))
    {
    case TILL_REASON_OFFLINE:
      return g_strdup (_("This computer has no connection. Check the network, then try again."));

    case TILL_REASON_NO_SUCH_HOST:
      if (name != NULL)
        /* Translators: %s is the name of a computer on the network. */
        return g_strdup_printf (_("The server %s cannot be found. Check the address in the profile, or the network."), name);
      return g_strdup (_("The service’s address cannot be found. Check it in the profile, or the network."));

    case TILL_REASON_REFUSED:
      if (name != NULL)
        /* Translators: %s is the name of a computer on the network. */
        return g_strdup_printf (_("Nothing answers at %s: the connection was refused. Check the address and its port."),
                                name);
      return g_strdup (_("Nothing answers there: the connection was refused. Check the address and its port."));

    case TILL_REASON_NO_ROUTE:
      if (name != NULL)
        /* Translators: %s is the name of a computer on the network. */
        return g_strdup_printf (_("No way leads to %s from this network. Check the network, or ask who looks after it."),
                                name);
      return g_strdup (_("No way leads there from this network. Check the network, or ask who looks after it."));

    case TILL_REASON_RESET:
      return g_strdup (_("The connection broke before the answer was whole. Try again."));

    case TILL_REASON_PROXY_LOGIN:
      return g_strdup (_("The network’s proxy asks for a login. Sign in to it, or ask who looks after the network."));

    case TILL_REASON_PROXY_DOWN:
      return g_strdup (_("The network’s proxy does not answer. Ask who looks after the network."));

    case TILL_REASON_BUSY:
      if (till_error_get_have (error) <= 0)
        return g_strdup (_("The service has too much to do. Try again in a while."));
      span = till_text_dup_span (till_error_get_have (error));
      /* Translators: %s is a length of time, such as “2 minutes”. */
      return g_strdup_printf (_("The service has too much to do. Try again in %s."), span);

    case TILL_REASON_SERVICE_FAULT:
      return g_strdup (_("Something went wrong at the service. Try again later; Details help its support."));

    case TILL_REASON_CONNECT_TIMEOUT:
      if (name != NULL)
        /* Translators: %s is the name of a computer on the network. */
        return g_strdup_printf (_("The server %s does not answer. Check the network, or try again later."), name);
      return g_strdup (_("The service does not answer. Check the network, or try again later."));

    case TILL_REASON_DEADLINE:
    default:
      span = till_text_dup_span (till_error_get_have (error) > 0 ? till_error_get_have (error) : 30);
      /* Translators: %s is a length of time, such as “30 seconds”. */
      return g_strdup_printf (_("The answer was too slow; it was stopped after %s. Try again later."), span);
    }
}

static char *
dup_tls (const GError *error)
{
  switch (till_error_get_reason (error))
    {
    case TILL_REASON_CERTIFICATE_EXPIRED:
      return g_strdup (_("The server’s certificate has expired. Check this computer’s date; if it is right, "
                         "tell the provider."));

    case TILL_REASON_CERTIFICATE_NOT_YET:
      return g_strdup (_("The server’s certificate is not valid yet. Check this computer’s date and time."));

    case TILL_REASON_WRONG_HOST:
      return g_strdup (_("The server’s certificate is for another address. Check the address in the profile."));

    case TILL_REASON_UNTRUSTED:
      return g_strdup (_("The server’s certificate is not trusted: nobody that this computer knows has issued it. "
                         "If the provider has an authority of its own, add it to the profile."));

    case TILL_REASON_BAD_CHAIN:
      return g_strdup (_("The server’s certificate chain is invalid. Tell the provider, with the Details."));

    case TILL_REASON_OLD_TLS:
      return g_strdup (_("The server offers only outdated encryption, which is not used. Tell the provider."));

    case TILL_REASON_HANDSHAKE:
    default:
      return g_strdup (_("No secure connection came about. Check the address in the profile, and whether the network "
                         "lets it through."));
    }
}

static char *
dup_answer (const GError *error)
{
  g_autofree char *name = dup_name (error);

  switch (till_error_get_reason (error))
    {
    case TILL_REASON_REDIRECT:
      if (name != NULL)
        /* Translators: %s is the name of a computer on the network. */
        return g_strdup_printf (_("The server points to %s; that is not followed. Check the address in the profile."), name);
      return g_strdup (_("The server points to another place; that is not followed. Check the address in the profile."));

    case TILL_REASON_WEB_PAGE:
      return g_strdup (_("The answer is a web page, not data. Is it a login page of this network? "
                         "Open a web page to see, then try again."));

    case TILL_REASON_NOT_JSON:
      return g_strdup (_("The answer is not the kind of data that was expected. Check the address in the profile."));

    case TILL_REASON_ANSWER_CUT:
      return g_strdup (_("The answer was damaged: its end is missing. Try again."));

    case TILL_REASON_ANSWER_EMPTY:
      return g_strdup (_("The answer was empty. Refresh to see how things are."));

    case TILL_REASON_ANSWER_TOO_LARGE:
      return g_strdup (_("The answer is far larger than expected and was not read. Tell the provider, with the Details."));

    case TILL_REASON_CONTRADICTS:
      return g_strdup (_("The answer contradicts itself. Tell the provider, with the Details."));

    case TILL_REASON_BAD_FIELD:
      if (name != NULL)
        /* Translators: %s is the technical name of a field of an answer. */
        return g_strdup_printf (_("Field “%s” of the answer has an unexpected form. Tell the provider, with the Details."),
                                name);
      return g_strdup (_("The answer has an unexpected form. Tell the provider, with the Details."));

    case TILL_REASON_DIFFERS:
      if (name != NULL)
        /* Translators: %s is the technical name of a field of an answer. */
        return g_strdup_printf (_("The answer is not about what was sent: “%s” differs. Refresh and compare."), name);
      return g_strdup (_("The answer is not about what was sent. Refresh and compare."));

    case TILL_REASON_UNEXPECTED_STATUS:
    default:
      return g_strdup (_("The service answered in a way that it never should. Tell the provider, with the Details."));
    }
}

static char *
dup_refused (const GError *error)
{
  g_autofree char *name = dup_name (error);
  g_autofree char *date = NULL;

  switch (till_error_get_reason (error))
    {
    case TILL_REASON_FIELD:
      if (name == NULL)
        return g_strdup (_("The service did not accept it. Details say what it disliked."));
      if (till_error_get_http_status (error) > 0)
        /* Translators: %s is the technical name of a field. */
        return g_strdup_printf (_("The service did not accept “%s”. Details say what it disliked."), name);
      /* Translators: %s is the technical name of a field. */
      return g_strdup_printf (_("The entry “%s” is not as it must be. Correct it and try again."), name);

    case TILL_REASON_WEAK:
      return g_strdup (_("Its key or its signature is too weak to be safe. Ask for a stronger one."));

    case TILL_REASON_EXPIRED:
      if (till_error_get_have (error) <= 0)
        return g_strdup (_("It has expired. Get a new one from its issuer."));
      date = till_text_dup_date (till_error_get_have (error));
      /* Translators: %s is a date. */
      return g_strdup_printf (_("It expired on %s. Get a new one from its issuer."), date);

    case TILL_REASON_NOT_YET_VALID:
      if (till_error_get_have (error) <= 0)
        return g_strdup (_("It is not valid yet. Check this computer’s date."));
      date = till_text_dup_date (till_error_get_have (error));
      /* Translators: %s is a date. */
      return g_strdup_printf (_("It is valid from %s on, not before. Check this computer’s date."), date);

    case TILL_REASON_IS_DEFAULT:
      return g_strdup (_("One certificate must stay the default. Make another one the default first."));

    case TILL_REASON_OTHER_IDENTITY:
      return g_strdup (_("This file is for other passes. Those made with the present certificate could no longer "
                         "be updated."));

    case TILL_REASON_CHANGED_MEANWHILE:
      return g_strdup (_("Somebody changed it meanwhile. Refresh, compare, and try again."));

    case TILL_REASON_IN_USE:
      return g_strdup (_("It is in use elsewhere, so it stays as it is. Details say where."));

    case TILL_REASON_NO_USABLE_KEY:
    default:
      return g_strdup (_("No key would be left that tills can use. Generate one first."));
    }
}

static char *
dup_clock (const GError *error)
{
  gint64 ahead = till_error_get_have (error);
  g_autofree char *span = NULL;

  if (ahead == 0 || ahead == -1)
    return g_strdup (_("The clocks of this computer and of the service differ too much. "
                       "Set this computer’s date and time, then try again."));

  span = till_text_dup_span (ahead);
  /* Translators: %s is a length of time, such as “7 minutes”. */
  return g_strdup_printf (ahead > 0 ? _("This computer’s clock is %s fast, so signed requests are refused. "
                                        "Set its date and time, then try again; the secret may well be right.")
                                    : _("This computer’s clock is %s slow, so signed requests are refused. "
                                        "Set its date and time, then try again; the secret may well be right."),
                          span);
}

static char *
dup_vault (const GError *error)
{
  switch (till_error_get_reason (error))
    {
    case TILL_REASON_VAULT_LOCKED:
      return g_strdup (_("The keyring is locked and did not open. Unlock it, then try again."));

    case TILL_REASON_VAULT_DISMISSED:
      return g_strdup (_("The question for the keyring’s password was closed, so it stays locked. Try again to be asked "
                         "once more."));

    case TILL_REASON_VAULT_ABSENT:
      return g_strdup (_("This computer has no place to keep secrets. You can look at everything; connecting needs a "
                         "password store, such as GNOME Keyring."));

    case TILL_REASON_VAULT_UNREADABLE:
      return g_strdup (_("The keyring holds the secret but cannot read it. Was it reset? Enter the secret again in the "
                         "profile."));

    case TILL_REASON_SECRET_MISSING:
    default:
      /* Translators: %s is the name of a service, such as “Commerce Hub”. */
      return g_strdup_printf (_("No secret is kept for %s. Enter it in the profile."),
                              till_error_text_get_service_name (till_error_get_detail (error)));
    }
}

static char *
dup_store (const GError *error)
{
  g_autofree char *name = dup_name (error);

  switch (till_error_get_reason (error))
    {
    case TILL_REASON_STORE_IN_USE:
      if (name != NULL)
        /* Translators: %s is the name of a user of this computer. */
        return g_strdup_printf (_("Another Tillkeeper uses the records, started by %s. Close it and try again."), name);
      return g_strdup (_("Another Tillkeeper or a command uses the records. Close it and try again."));

    case TILL_REASON_STORE_READ_ONLY:
      return g_strdup (_("The folder with the records may not be written to. Check who owns it, then try again; "
                         "nothing was changed."));

    case TILL_REASON_STORE_DAMAGED:
    default:
      if (g_error_matches (error, TILL_ERROR, TILL_ERROR_NOT_FOUND))
        return g_strdup (_("The records cannot be read, and there is no copy of them that is whole. Nothing was changed."));
      return g_strdup (_("The records cannot be read. Nothing was changed, and no new ones were begun over them; copies of "
                         "the last days are in the folder “backup” beside them."));
    }
}

static char *
dup_reason_body (const GError *error)
{
  switch (till_error_get_reason (error))
    {
    case TILL_REASON_OFFLINE:
    case TILL_REASON_NO_SUCH_HOST:
    case TILL_REASON_REFUSED:
    case TILL_REASON_NO_ROUTE:
    case TILL_REASON_RESET:
    case TILL_REASON_PROXY_LOGIN:
    case TILL_REASON_PROXY_DOWN:
    case TILL_REASON_BUSY:
    case TILL_REASON_SERVICE_FAULT:
    case TILL_REASON_CONNECT_TIMEOUT:
    case TILL_REASON_DEADLINE:
      return dup_unavailable (error);

    case TILL_REASON_CERTIFICATE_EXPIRED:
    case TILL_REASON_CERTIFICATE_NOT_YET:
    case TILL_REASON_WRONG_HOST:
    case TILL_REASON_UNTRUSTED:
    case TILL_REASON_BAD_CHAIN:
    case TILL_REASON_OLD_TLS:
    case TILL_REASON_HANDSHAKE:
      return dup_tls (error);

    case TILL_REASON_REDIRECT:
    case TILL_REASON_WEB_PAGE:
    case TILL_REASON_NOT_JSON:
    case TILL_REASON_ANSWER_CUT:
    case TILL_REASON_ANSWER_EMPTY:
    case TILL_REASON_ANSWER_TOO_LARGE:
    case TILL_REASON_CONTRADICTS:
    case TILL_REASON_BAD_FIELD:
    case TILL_REASON_UNEXPECTED_STATUS:
    case TILL_REASON_DIFFERS:
      return dup_answer (error);

    case TILL_REASON_FIELD:
    case TILL_REASON_WEAK:
    case TILL_REASON_EXPIRED:
    case TILL_REASON_NOT_YET_VALID:
    case TILL_REASON_IS_DEFAULT:
    case TILL_REASON_OTHER_IDENTITY:
    case TILL_REASON_CHANGED_MEANWHILE:
    case TILL_REASON_IN_USE:
    case TILL_REASON_NO_USABLE_KEY:
      return dup_refused (error);

    case TILL_REASON_CLOCK:
      return dup_clock (error);

    case TILL_REASON_VAULT_LOCKED:
    case TILL_REASON_VAULT_DISMISSED:
    case TILL_REASON_VAULT_ABSENT:
    case TILL_REASON_VAULT_UNREADABLE:
    case TILL_REASON_SECRET_MISSING:
      return dup_vault (error);

    case TILL_REASON_STORE_IN_USE:
    case TILL_REASON_STORE_DAMAGED:
    case TILL_REASON_STORE_READ_ONLY:
      return dup_store (error);

    default:
      return NULL;
    }
}

/**
 * till_error_text_dup_service_body:
 * @error: an error
 *
 * Returns: (transfer full) (nullable): one to three sentences where the reason is about a service, the vault or
 *   the store; what a call may have changed is said with them
 */
char *
till_error_text_dup_service_body (const GError *error)
{
  g_autofree char *body = dup_reason_body (error);

  if (body == NULL || till_error_get_outcome (error) != TILL_OUTCOME_UNKNOWN)
    return g_steal_pointer (&body);

  /* Translators: %s are sentences that say what went wrong while something was sent. */
  return g_strdup_printf (_("%s Whether it was done is not known."), body);
}
