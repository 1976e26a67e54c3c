/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records: their words, and that each member of each is made, copied, kept and freed. */
#include "config.h"

#include <string.h>

#include "store-test.h"
#include "till-sqlite-private.h"

static const TillTable * const tables[] = {
  &till_table_profiles, &till_table_keys, &till_table_uploads, &till_table_seen,
  &till_table_files, &till_table_devices, &till_table_intents, &till_table_log,
};

static const gsize sizes[] = {
  sizeof (TillProfile), sizeof (TillKeyRecord), sizeof (TillUploadRecord), sizeof (TillSeenRecord),
  sizeof (TillFileRecord), sizeof (TillDeviceRecord), sizeof (TillIntentRecord), sizeof (TillLogRecord),
};

static gsize
size_of (const TillColumn *column)
{
  switch (column->kind)
    {
    case TILL_COLUMN_INT:
    case TILL_COLUMN_ENVIRONMENT:
    case TILL_COLUMN_STATE:
      return sizeof (int);

    case TILL_COLUMN_TEXT:
    case TILL_COLUMN_BYTES:
    case TILL_COLUMN_NUMBER:
    case TILL_COLUMN_ROW:
    case TILL_COLUMN_TIME:
    default:
      return 8;
    }
}

/* The bytes of each record are columns, but for what aligns them: no member is forgotten. */
static void
test_complete (void)
{
  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    {
      g_autofree guint8 *covered = g_malloc0 (sizes[t]);
      gsize gap = 0;

      for (guint i = 0; i < tables[t]->n_columns; i++)
        {
          const TillColumn *column = &tables[t]->columns[i];

          g_assert_cmpuint (column->offset + size_of (column), <=, sizes[t]);
          for (gsize k = 0; k < size_of (column); k++)
            {
              g_assert_cmpuint (covered[column->offset + k], ==, 0);
              covered[column->offset + k] = 1;
            }
        }

      for (gsize k = 0; k < sizes[t]; k++)
        {
          gap = covered[k] ? 0 : gap + 1;
          g_assert_cmpuint (gap, <=, 4);
        }
    }
}

/* What is not given is not known, not zero. */
static void
test_new (void)
{
  g_autoptr(TillKeyRecord) key = till_key_record_new ();
  g_autoptr(TillProfile) profile = till_profile_new ();
  g_autoptr(TillLogRecord) line = till_log_record_new ();

  g_assert_cmpint (key->offline_limit, ==, -1);
  g_assert_cmpint (key->revoked_at, ==, TILL_TIME_UNKNOWN);
  g_assert_true (profile->repeat_lost);
  g_assert_cmpint (line->at, ==, TILL_TIME_UNKNOWN);

  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    {
      gpointer record = tables[t]->make ();

      for (guint i = 0; i < tables[t]->n_columns; i++)
        {
          const TillColumn *column = &tables[t]->columns[i];

          if (column->kind == TILL_COLUMN_TIME)
            g_assert_cmpint (G_STRUCT_MEMBER (gint64, record, column->offset), ==, TILL_TIME_UNKNOWN);
        }
      tables[t]->destroy (record);
    }
}

/* Each text and each run of bytes of a copy is its own. */
static void
check_copy (const TillTable *table,
            gpointer       (*copy) (gconstpointer))
{
  gpointer record = table->make ();
  gpointer other;

  for (guint i = 0; i < table->n_columns; i++)
    {
      gpointer *member = &G_STRUCT_MEMBER (gpointer, record, table->columns[i].offset);

      if (table->columns[i].kind == TILL_COLUMN_TEXT)
        *member = g_strdup (table->columns[i].name);
      else if (table->columns[i].kind == TILL_COLUMN_BYTES)
        *member = g_bytes_new_static ("spki", 4);
    }

  other = copy (record);
  for (guint i = 0; i < table->n_columns; i++)
    {
      gconstpointer mine = G_STRUCT_MEMBER_P (record, table->columns[i].offset);
      gconstpointer theirs = G_STRUCT_MEMBER_P (other, table->columns[i].offset);

      if (table->columns[i].kind == TILL_COLUMN_TEXT)
        {
          g_assert_cmpstr (*(char * const *) theirs, ==, table->columns[i].name);
          g_assert_true (*(char * const *) theirs != *(char * const *) mine);
        }
      else
        {
          g_assert_cmpmem (mine, size_of (&table->columns[i]), theirs, size_of (&table->columns[i]));
        }
    }

  table->destroy (record);
  table->destroy (other);
}

static void
test_copy (void)
{
  check_copy (&till_table_profiles, (gpointer (*) (gconstpointer)) till_profile_copy);
  check_copy (&till_table_keys, (gpointer (*) (gconstpointer)) till_key_record_copy);
}

static void
test_words (void)
{
  TillEnvironment environment = TILL_ENVIRONMENT_LIVE;

  g_assert_cmpstr (till_environment_to_word (TILL_ENVIRONMENT_PRACTICE), ==, "practice");
  g_assert_cmpstr (till_environment_to_word (TILL_ENVIRONMENT_TEST), ==, "test");
  g_assert_cmpstr (till_environment_to_word (TILL_ENVIRONMENT_LIVE), ==, "live");

  for (int i = TILL_ENVIRONMENT_PRACTICE; i <= TILL_ENVIRONMENT_LIVE; i++)
    {
      g_assert_true (till_environment_from_word (till_environment_to_word ((TillEnvironment) i), &environment));
      g_assert_cmpint (environment, ==, i);
    }

  environment = TILL_ENVIRONMENT_TEST;
  g_assert_false (till_environment_from_word ("Live", &environment));
  g_assert_false (till_environment_from_word ("", &environment));
  g_assert_false (till_environment_from_word (NULL, &environment));
  g_assert_cmpint (environment, ==, TILL_ENVIRONMENT_TEST);

  g_assert_cmpstr (till_intent_state_to_word (TILL_INTENT_OPEN), ==, "open");
  g_assert_cmpstr (till_intent_state_to_word (TILL_INTENT_DONE), ==, "done");
  g_assert_cmpstr (till_intent_state_to_word (TILL_INTENT_REFUSED), ==, "refused");
  g_assert_cmpstr (till_intent_state_to_word (TILL_INTENT_UNKNOWN), ==, "unknown");
}

static void
test_free_nothing (void)
{
  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    tables[t]->destroy (NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/record/complete", test_complete);
  g_test_add_func ("/record/new", test_new);
  g_test_add_func ("/record/copy", test_copy);
  g_test_add_func ("/record/words", test_words);
  g_test_add_func ("/record/free-nothing", test_free_nothing);

  return g_test_run ();
}
