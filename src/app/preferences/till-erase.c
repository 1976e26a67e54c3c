/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erases everything that the program keeps on this computer. */
#include "config.h"

#include "till-erase.h"

/**
 * Erase:
 * @session: (owned): what is closed
 * @settings: (owned): what is reset
 * @ids: (owned) (element-type utf8): of the profiles whose secrets are still there
 *
 * The data of the task.
 */
typedef struct
{
  TillSession *session;
  GSettings   *settings;
  GPtrArray   *ids;
} Erase;

static void
free_erase (gpointer data)
{
  Erase *erase = data;

  g_object_unref (erase->session);
  g_object_unref (erase->settings);
  g_ptr_array_unref (erase->ids);
  g_free (erase);
}

static void
reset_settings (GSettings *settings)
{
  g_autoptr(GSettingsSchema) schema = NULL;
  g_auto(GStrv) keys = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (gsize i = 0; keys[i] != NULL; i++)
    g_settings_reset (settings, keys[i]);
}

/* Never through a link: what it leads to is not ours. */
static gboolean
remove_tree (GFile   *file,
             GError **error)
{
  g_autoptr(GFileEnumerator) children = NULL;
  g_autoptr(GError) local_error = NULL;

  children = g_file_enumerate_children (file, G_FILE_ATTRIBUTE_STANDARD_NAME, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL,
                                        &local_error);
  if (children == NULL && !g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY))
    {
      if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        return TRUE;

      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  while (children != NULL)
    {
      GFile *child;

      if (!g_file_enumerator_iterate (children, NULL, &child, NULL, error))
        return FALSE;
      if (child == NULL)
        break;
      if (g_file_query_file_type (child, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL) == G_FILE_TYPE_DIRECTORY
          ? !remove_tree (child, error) : !g_file_delete (child, NULL, error))
        return FALSE;
    }

  return g_file_delete (file, NULL, error);
}

static void
remove_folder_thread (GTask        *task,
                      gpointer      source_object,
                      gpointer      task_data,
                      GCancellable *cancellable)
{
  g_autoptr(GFile) folder = g_file_new_for_path (task_data);
  GError *error = NULL;

  if (remove_tree (folder, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Erase *erase = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, error);
      return;
    }

  reset_settings (erase->settings);
  g_task_return_boolean (task, TRUE);
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  TillSession *session = TILL_SESSION (source);
  g_autoptr(GTask) removing = g_task_new (session, NULL, removed_cb, user_data);

  g_task_set_source_tag (removing, closed_cb);
  /* What could not be written goes, too. */
  till_session_close_finish (session, result, NULL);
  g_task_set_task_data (removing, g_strdup (till_session_get_folder (session)), g_free);
  g_task_run_in_thread (removing, remove_folder_thread);
}

/* task: (transfer full) */
static void remove_next (GTask *task);

static void
secrets_removed_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Erase *erase = g_task_get_task_data (task);
  GError *error = NULL;

  if (!till_vault_remove_finish (TILL_VAULT (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  g_ptr_array_remove_index_fast (erase->ids, 0);
  remove_next (g_steal_pointer (&task));
}

static void
remove_next (GTask *task)
{
  Erase *erase = g_task_get_task_data (task);

  if (erase->ids->len > 0)
    till_vault_remove_async (till_session_get_vault (erase->session), erase->ids->pdata[0], NULL, NULL,
                             secrets_removed_cb, task);
  else
    till_session_close_async (erase->session, closed_cb, task);
}

/**
 * till_erase_async:
 * @session: whose folder and secrets go; it is closed
 * @settings: the application's
 * @callback: called when all is gone
 * @user_data: for @callback
 *
 * Erases everything.
 */
void
till_erase_async (TillSession         *session,
                  GSettings           *settings,
                  GAsyncReadyCallback  callback,
                  gpointer             user_data)
{
  GPtrArray *profiles;
  GTask *task;
  Erase *erase;

  g_return_if_fail (TILL_IS_SESSION (session));
  g_return_if_fail (G_IS_SETTINGS (settings));

  task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (task, till_erase_async);
  erase = g_new0 (Erase, 1);
  erase->session = g_object_ref (session);
  erase->settings = g_object_ref (settings);
  erase->ids = g_ptr_array_new_with_free_func (g_free);
  g_task_set_task_data (task, erase, free_erase);

  profiles = till_session_get_profiles (session);
  for (guint i = 0; i < profiles->len; i++)
    {
      const TillProfile *profile = profiles->pdata[i];

      if (profile->environment != TILL_ENVIRONMENT_PRACTICE)
        g_ptr_array_add (erase->ids, g_strdup (profile->id));
    }

  remove_next (task);
}

/**
 * till_erase_finish:
 * @result: as given to the callback
 * @error: why something is still there
 *
 * Returns: whether all is gone
 */
gboolean
till_erase_finish (GAsyncResult  *result,
                   GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
