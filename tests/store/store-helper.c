/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program that works on a store until it is killed or fails, and says what was kept: for the crash tests. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store-test.h"

/* Written at once: a line is out when what it says is so. */
G_GNUC_PRINTF (1, 2)
static void
say (const char *format,
     ...)
{
  g_autofree char *line = NULL;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);

  if (write (STDOUT_FILENO, line, strlen (line)) < 0)
    _exit (3);
}

static const char *
word_of (const GError *error)
{
  switch (till_error_get_reason (error))
    {
    case TILL_REASON_NO_SPACE:
      return "no-space";
    case TILL_REASON_IO:
      return strstr (error->message, "shows at the next start") != NULL ? "unknown" : "io";
    case TILL_REASON_STORE_IN_USE:
      return "in-use";
    case TILL_REASON_STORE_READ_ONLY:
      return "read-only";
    case TILL_REASON_STORE_DAMAGED:
      return "damaged";
    default:
      return error->message;
    }
}

static gboolean
begin_work (TillTransaction  *transaction,
            gpointer          data,
            GError          **error)
{
  g_autoptr(TillProfile) profile = test_profile (TEST_PROFILE, "Shop", TILL_ENVIRONMENT_TEST);
  g_autofree char *last = till_transaction_dup_setting (transaction, "last", error);

  if (*error != NULL)
    return FALSE;

  *(gint64 *) data = last != NULL ? g_ascii_strtoll (last, NULL, 10) : 0;

  return till_transaction_put_profile (transaction, profile, error);
}

static gboolean
put_all_seen (TillTransaction  *transaction,
              gint64            i,
              GError          **error)
{
  g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func ((GDestroyNotify) till_seen_record_free);

  for (gint64 k = 0; k <= i % 5; k++)
    {
      TillSeenRecord *record = till_seen_record_new ();

      record->profile_id = g_strdup (TEST_PROFILE);
      record->id = g_strdup_printf ("wallet %d", (int) k);
      record->json = g_strdup_printf ("%d", (int) i);
      g_ptr_array_add (seen, record);
    }

  return till_transaction_replace_seen (transaction, TEST_PROFILE, seen, error);
}

/* Transaction i: a key, an intent, a line of the log, what was seen, a long text, and the number itself. */
static gboolean
step_work (TillTransaction  *transaction,
           gpointer          data,
           GError          **error)
{
  gint64 i = *(const gint64 *) data;
  g_autofree char *number = g_strdup_printf ("%d", (int) i);
  g_autoptr(TillKeyRecord) key = till_key_record_new ();
  g_autoptr(TillIntentRecord) intent = till_intent_record_new ();
  g_autoptr(TillLogRecord) line = till_log_record_new ();

  key->profile_id = g_strdup (TEST_PROFILE);
  key->key_id = g_strdup (number);
  key->answer = g_strnfill ((gsize) (i % 7) * 3000, 'x');
  intent->profile_id = g_strdup (TEST_PROFILE);
  intent->environment = TILL_ENVIRONMENT_TEST;
  intent->operation = g_strdup ("keys.generate");
  intent->request_id = g_strdup (number);
  line->event = g_strdup ("keys.generate");
  line->object = g_strdup (number);

  if (!till_transaction_put_intent (transaction, intent, error) ||
      !till_transaction_put_key (transaction, key, error) ||
      !put_all_seen (transaction, i, error) ||
      !till_transaction_append_log (transaction, line, error))
    return FALSE;

  intent->state = TILL_INTENT_DONE;

  return till_transaction_put_intent (transaction, intent, error) &&
         till_transaction_set_setting (transaction, "last", number, error);
}

/* Works for so many transactions, 0 for as long as it lives. */
static int
work (const char *folder,
      int         transactions)
{
  g_autoptr(GError) error = NULL;
  TillStore *store = test_open (folder, TILL_STORE_WAIT, &error);
  gint64 i;

  if (store == NULL)
    {
      say ("open %s\n", word_of (error));
      return 0;
    }

  if (!test_run (store, begin_work, &i, &error))
    {
      say ("begin %s\n", word_of (error));
      g_object_unref (store);
      return 0;
    }

  say ("begun %d\n", (int) i);
  i++;
  for (int n = 0; transactions == 0 || n < transactions; n++)
    {
      gboolean done = test_run (store, step_work, &i, &error);

      say ("%d %s\n", (int) i, done ? "kept" : word_of (error));

      /* After a failure of which nobody knows, the next start says. */
      if (!done && g_str_equal (word_of (error), "unknown"))
        break;
      g_clear_error (&error);
      if (done)
        i++;
    }

  g_object_unref (store);
  say ("end\n");

  return 0;
}

/* Holds the lock until standard input ends. */
static int
hold (const char *folder)
{
  g_autoptr(GError) error = NULL;
  TillStore *store = test_open (folder, TILL_STORE_WRITE, &error);
  char byte;

  say ("%s\n", store != NULL ? "held" : word_of (error));
  while (read (STDIN_FILENO, &byte, 1) > 0)
    ;
  g_clear_object (&store);

  return 0;
}

int
main (int    argc,
      char **argv)
{
  if (argc == 4 && g_str_equal (argv[1], "work"))
    return work (argv[2], atoi (argv[3]));
  if (argc == 3 && g_str_equal (argv[1], "hold"))
    return hold (argv[2]);

  return 2;
}
