/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does to the vault what its arguments say, and says what came of each: for keyrings that need a process. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault-test.h"

static void
say_error (const char *what,
           GError     *error)
{
  static const struct
  {
    TillErrorReason  reason;
    const char      *word;
  } words[] = {
    { TILL_REASON_VAULT_LOCKED, "locked" },
    { TILL_REASON_VAULT_DISMISSED, "dismissed" },
    { TILL_REASON_VAULT_ABSENT, "absent" },
    { TILL_REASON_VAULT_UNREADABLE, "unreadable" },
    { TILL_REASON_SECRET_MISSING, "missing" },
  };
  const char *word = "other";

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (till_error_get_reason (error) == words[i].reason)
        word = words[i].word;
    }

  g_assert_error (error, TILL_ERROR, TILL_ERROR_VAULT_UNAVAILABLE);
  printf ("%s: %s\n", what, word);
  printf ("# %s\n", error->message);
}

/* Three at once. */
static void
load_thrice (TillVault  *vault,
             const char *name)
{
  TestWait waits[3] = { { 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    till_vault_load_async (vault, TEST_PROFILE, name, NULL, test_wait_cb, &waits[i]);

  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillSecret) secret = NULL;

      test_wait (&waits[i]);
      secret = till_vault_load_finish (vault, waits[i].result, &error);
      if (secret != NULL)
        printf ("load: %s\n", (const char *) till_secret_get_data (secret));
      else
        say_error ("load", error);
      g_object_unref (waits[i].result);
    }
}

static void
do_step (TillVault  *vault,
         const char *step)
{
  g_auto(GStrv) words = g_strsplit (step, ":", 3);
  const char *name = words[1];
  g_autoptr(GError) error = NULL;

  if (g_str_equal (words[0], "store"))
    {
      g_autoptr(TillSecret) secret = test_secret (words[2]);

      if (test_vault_store (vault, TEST_PROFILE, name, secret, &error))
        printf ("store: done%s\n", till_vault_is_session_only (vault, TEST_PROFILE, name) ? ", session only" : "");
    }
  else if (g_str_equal (words[0], "load"))
    {
      g_autoptr(TillSecret) secret = test_vault_load (vault, TEST_PROFILE, name, &error);

      if (secret != NULL)
        printf ("load: %s\n", (const char *) till_secret_get_data (secret));
    }
  else if (g_str_equal (words[0], "thrice"))
    {
      load_thrice (vault, name);
    }
  else if (g_str_equal (words[0], "list"))
    {
      g_auto(GStrv) names = test_vault_list (vault, TEST_PROFILE, &error);
      g_autofree char *all = names != NULL ? g_strjoinv (" ", names) : NULL;

      if (all != NULL)
        printf ("list: %s\n", all);
    }
  else
    {
      g_assert_cmpstr (words[0], ==, "remove");
      if (test_vault_remove (vault, TEST_PROFILE, name, &error))
        printf ("remove: done\n");
    }

  if (error != NULL)
    say_error (words[0], error);
  printf ("# %s\n", till_vault_state_to_word (till_vault_get_state (vault)));
}

int
main (int    argc,
      char **argv)
{
  const char *deadline = g_getenv ("TILL_TEST_DEADLINE");
  TillVault *vault = till_vault_new ();

  if (deadline != NULL)
    till_vault_set_deadline (vault, (guint) atoi (deadline));
  for (int i = 1; i < argc; i++)
    do_step (vault, argv[i]);
  g_object_unref (vault);

  return 0;
}
