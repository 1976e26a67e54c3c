/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people call environments and the members of a profile, with their icons. */
#include "config.h"

#include "till-profile-words.h"

#include <glib/gi18n.h>

/**
 * till_profile_words_get_environment:
 * @environment: where a profile works
 *
 * Returns: (transfer none): “Practice”, “Test” or “Live”
 */
const char *
till_profile_words_get_environment (TillEnvironment environment)
{
  switch (environment)
    {
    case TILL_ENVIRONMENT_PRACTICE:
      /* Translators: an environment: services that are pretended on this computer. */
      return _("Practice");

    case TILL_ENVIRONMENT_TEST:
      /* Translators: an environment: the provider's real services, without real money. */
      return _("Test");

    case TILL_ENVIRONMENT_LIVE:
    default:
      /* Translators: an environment: real shops, real customers, real money. */
      return _("Live");
    }
}

/**
 * till_profile_words_get_icon_name:
 * @environment: where a profile works
 *
 * Returns: (transfer none): its icon: a flask, a wrench or a flag
 */
const char *
till_profile_words_get_icon_name (TillEnvironment environment)
{
  switch (environment)
    {
    case TILL_ENVIRONMENT_PRACTICE:
      return "till-flask-symbolic";

    case TILL_ENVIRONMENT_TEST:
      return "till-wrench-symbolic";

    case TILL_ENVIRONMENT_LIVE:
    default:
      return "till-flag-symbolic";
    }
}

/**
 * till_profile_words_get_meaning:
 * @environment: where a profile works
 *
 * Returns: (transfer none): a sentence that says what happens there
 */
const char *
till_profile_words_get_meaning (TillEnvironment environment)
{
  switch (environment)
    {
    case TILL_ENVIRONMENT_PRACTICE:
      return _("The services are pretended on this computer. Nothing leaves it, and nothing can break.");

    case TILL_ENVIRONMENT_TEST:
      return _("The provider’s services for trying things out. No real payments.");

    case TILL_ENVIRONMENT_LIVE:
    default:
      return _("Real shops and real customers. What you change here counts.");
    }
}

/**
 * till_profile_words_get_style_class:
 * @environment: where a profile works
 *
 * Returns: (transfer none): its style class
 */
const char *
till_profile_words_get_style_class (TillEnvironment environment)
{
  switch (environment)
    {
    case TILL_ENVIRONMENT_PRACTICE:
      return "practice";

    case TILL_ENVIRONMENT_TEST:
      return "test";

    case TILL_ENVIRONMENT_LIVE:
    default:
      return "live";
    }
}
