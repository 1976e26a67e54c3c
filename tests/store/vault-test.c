/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vault, waited for. */
#include "config.h"

#include <dlfcn.h>
#include <string.h>

#include "vault-test.h"

/* libsecret's file forgets the etag that it had when it gets a new one.
 * Remembered here it is no leak, and the leaks that a sanitizer finds are ours. */
static void
remember (gboolean   done,
          char     **etag)
{
  static GPtrArray *etags;

  if (etags == NULL)
    etags = g_ptr_array_new ();
  if (done && etag != NULL)
    g_ptr_array_add (etags, *etag);
}

gboolean
g_file_replace_contents_finish (GFile         *file,
                                GAsyncResult  *result,
                                char         **new_etag,
                                GError       **error)
{
  gboolean (*original) (GFile *, GAsyncResult *, char **, GError **);
  gboolean done;

  *(void **) &original = dlsym (RTLD_NEXT, "g_file_replace_contents_finish");
  done = original (file, result, new_etag, error);
  remember (done, new_etag);

  return done;
}

gboolean
g_file_load_contents_finish (GFile         *file,
                             GAsyncResult  *result,
                             char         **contents,
                             gsize         *length,
                             char         **etag_out,
                             GError       **error)
{
  gboolean (*original) (GFile *, GAsyncResult *, char **, gsize *, char **, GError **);
  gboolean done;

  *(void **) &original = dlsym (RTLD_NEXT, "g_file_load_contents_finish");
  done = original (file, result, contents, length, etag_out, error);
  remember (done, etag_out);

  return done;
}

gboolean
test_vault_store (TillVault   *vault,
                  const char  *profile_id,
                  const char  *name,
                  TillSecret  *secret,
                  GError     **error)
{
  TestWait wait = { 0 };
  gboolean done;

  till_vault_store_async (vault, profile_id, name, secret, NULL, test_wait_cb, &wait);
  test_wait (&wait);
  done = till_vault_store_finish (vault, wait.result, error);
  g_object_unref (wait.result);

  return done;
}

TillSecret *
test_vault_load (TillVault   *vault,
                 const char  *profile_id,
                 const char  *name,
                 GError     **error)
{
  TestWait wait = { 0 };
  TillSecret *secret;

  till_vault_load_async (vault, profile_id, name, NULL, test_wait_cb, &wait);
  test_wait (&wait);
  secret = till_vault_load_finish (vault, wait.result, error);
  g_object_unref (wait.result);

  return secret;
}

char **
test_vault_list (TillVault   *vault,
                 const char  *profile_id,
                 GError     **error)
{
  TestWait wait = { 0 };
  char **names;

  till_vault_list_async (vault, profile_id, NULL, test_wait_cb, &wait);
  test_wait (&wait);
  names = till_vault_list_finish (vault, wait.result, error);
  g_object_unref (wait.result);

  return names;
}

gboolean
test_vault_remove (TillVault   *vault,
                   const char  *profile_id,
                   const char  *name,
                   GError     **error)
{
  TestWait wait = { 0 };
  gboolean done;

  till_vault_remove_async (vault, profile_id, name, NULL, test_wait_cb, &wait);
  test_wait (&wait);
  done = till_vault_remove_finish (vault, wait.result, error);
  g_object_unref (wait.result);

  return done;
}

TillSecret *
test_secret (const char *text)
{
  return till_secret_new_copy (text, strlen (text));
}
