/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replays committed inputs through a fuzz target as an ordinary test. */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "fuzz.h"

static void
test_file (gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *bytes = NULL;
  uint8_t *copy;
  gsize size;

  g_file_get_contents (data, &bytes, &size, &error);
  g_assert_no_error (error);

  /* In a block of just its size, so that a checker sees one byte too many. */
  copy = g_memdup2 (bytes, size);
  g_assert_cmpint (LLVMFuzzerTestOneInput (copy, size), ==, 0);
  g_free (copy);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/* fuzz-replay FOLDER...: each file of each folder is one test */
int
main (int    argc,
      char **argv)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  g_test_init (&argc, &argv, NULL);

  for (int i = 1; i < argc; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GDir) dir = g_dir_open (argv[i], 0, &error);
      const char *name;

      if (dir == NULL)
        g_error ("%s", error->message);
      while ((name = g_dir_read_name (dir)) != NULL)
        g_ptr_array_add (names, g_build_filename (argv[i], name, NULL));
    }

  /* An empty corpus tests nothing. */
  if (names->len == 0)
    g_error ("there is nothing to replay");

  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *base = g_path_get_basename (g_ptr_array_index (names, i));
      g_autofree char *path = g_strconcat ("/replay/", base, NULL);

      g_test_add_data_func (path, g_ptr_array_index (names, i), test_file);
    }

  return g_test_run ();
}
