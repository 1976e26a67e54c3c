/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which key to use when: the dated example, every boundary, and what always holds. */
#include "config.h"

#include "till-advice.h"
#include "till-time.h"

#define HOUR G_GINT64_CONSTANT (3600)

static gint64
at_time (const char *text)
{
  g_autoptr(GError) error = NULL;
  gint64 seconds;

  g_assert_true (till_time_parse (text, &seconds, &error));
  g_assert_no_error (error);

  return seconds;
}

static TillKeyRecord *
add_key (GPtrArray  *keys,
         const char *id,
         gint64      from,
         gint64      to,
         const char *status)
{
  TillKeyRecord *key = till_key_record_new ();

  key->key_id = g_strdup (id);
  key->valid_from = from;
  key->valid_to = to;
  key->status = g_strdup (status);
  key->revoked_at = TILL_TIME_UNKNOWN;
  g_ptr_array_add (keys, key);

  return key;
}

static GPtrArray *
new_keys (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) till_key_record_free);
}

/* services/commerce-hub-keys.md, "Key Expiry Example" */
static GPtrArray *
new_example (void)
{
  GPtrArray *keys = new_keys ();

  add_key (keys, "2", at_time ("2023-01-06T00:00:00Z"), at_time ("2023-01-12T23:59:59Z"), "ACTIVE");
  add_key (keys, "3", at_time ("2023-01-11T08:00:01Z"), at_time ("2023-01-18T20:00:00Z"), "ACTIVE");
  add_key (keys, "1", at_time ("2023-01-01T00:00:00Z"), at_time ("2023-01-07T23:59:59Z"), "ACTIVE");

  return keys;
}

static char *
join_ids (GPtrArray *keys)
{
  g_autoptr(GString) ids = g_string_new (NULL);

  for (guint i = 0; i < keys->len; i++)
    g_string_append (ids, ((TillKeyRecord *) g_ptr_array_index (keys, i))->key_id);

  return g_string_free (g_steal_pointer (&ids), FALSE);
}

static void
assert_advice (TillAdvice *advice,
               const char *use,
               const char *accepted,
               const char *not_accepted)
{
  g_autofree char *accepted_ids = join_ids (advice->accepted);
  g_autofree char *not_accepted_ids = join_ids (advice->not_accepted);

  g_assert_cmpstr (advice->use != NULL ? advice->use->key_id : NULL, ==, use);
  g_assert_cmpstr (accepted_ids, ==, accepted);
  g_assert_cmpstr (not_accepted_ids, ==, not_accepted);
}

typedef struct
{
  const char *at;
  const char *use;
  const char *accepted;
  const char *not_accepted;
} Moment;

static void
test_example (void)
{
  static const Moment moments[] = {
    /* Before any of them, and each one's first and last second with its neighbours. */
    { "2022-12-31T23:59:59Z", NULL, "", "321" },
    { "2023-01-01T00:00:00Z", "1", "", "32" },
    { "2023-01-05T23:59:59Z", "1", "", "32" },
    { "2023-01-06T00:00:00Z", "2", "1", "3" },
    { "2023-01-07T23:59:59Z", "2", "1", "3" },
    { "2023-01-08T00:00:00Z", "2", "", "31" },
    { "2023-01-11T08:00:00Z", "2", "", "31" },
    { "2023-01-11T08:00:01Z", "3", "2", "1" },
    { "2023-01-12T23:59:59Z", "3", "2", "1" },
    { "2023-01-13T00:00:00Z", "3", "", "21" },
    { "2023-01-18T20:00:00Z", "3", "", "21" },
    { "2023-01-18T20:00:01Z", NULL, "", "321" },
    /* The three of the text. */
    { "2023-01-02T14:30:00Z", "1", "", "32" },
    { "2023-01-06T08:30:00Z", "2", "1", "3" },
    { "2023-01-11T23:45:00Z", "3", "2", "1" },
  };
  g_autoptr(GPtrArray) keys = new_example ();

  for (gsize i = 0; i < G_N_ELEMENTS (moments); i++)
    {
      g_autoptr(TillAdvice) advice = till_advice_new (keys, at_time (moments[i].at));

      g_test_message ("%s", moments[i].at);
      g_assert_cmpint (advice->at, ==, at_time (moments[i].at));
      assert_advice (advice, moments[i].use, moments[i].accepted, moments[i].not_accepted);
    }
}

static void
test_standings (void)
{
  static const struct
  {
    const char      *status;
    gint64           from;
    gint64           to;
    gint64           revoked_at;
    TillKeyStanding  standing;
    const char      *word;
  } rows[] = {
    { "ACTIVE", 0, 1000, TILL_TIME_UNKNOWN, TILL_KEY_USE, "use" },
    { "ACTIVE", 500, 500, TILL_TIME_UNKNOWN, TILL_KEY_USE, "use" },
    { "ACTIVE", 501, 1000, TILL_TIME_UNKNOWN, TILL_KEY_NOT_YET, "not-yet" },
    { "ACTIVE", 0, 499, TILL_TIME_UNKNOWN, TILL_KEY_ENDED, "ended" },
    { "ACTIVE", 0, 1000, 200, TILL_KEY_REVOKED, "revoked" },
    { "REVOKED", 0, 1000, TILL_TIME_UNKNOWN, TILL_KEY_REVOKED, "revoked" },
    { "REVOKED", 0, 499, TILL_TIME_UNKNOWN, TILL_KEY_REVOKED, "revoked" },
    { "INACTIVE", 0, 1000, TILL_TIME_UNKNOWN, TILL_KEY_INACTIVE, "inactive" },
    { "LEGACY", 0, 1000, TILL_TIME_UNKNOWN, TILL_KEY_LEGACY, "legacy" },
    { "SUSPENDED", 0, 1000, TILL_TIME_UNKNOWN, TILL_KEY_UNUSABLE, "unusable" },
    { "active", 0, 1000, TILL_TIME_UNKNOWN, TILL_KEY_UNUSABLE, "unusable" },
    { "", 0, 1000, TILL_TIME_UNKNOWN, TILL_KEY_UNUSABLE, "unusable" },
    { NULL, 0, 1000, TILL_TIME_UNKNOWN, TILL_KEY_UNUSABLE, "unusable" },
    /* RELIABILITY.md 5.2, row 49: it ends before it begins; its times are not known. */
    { "ACTIVE", 600, 400, TILL_TIME_UNKNOWN, TILL_KEY_UNUSABLE, "unusable" },
    { "ACTIVE", 501, 500, TILL_TIME_UNKNOWN, TILL_KEY_UNUSABLE, "unusable" },
    { "ACTIVE", TILL_TIME_UNKNOWN, 1000, TILL_TIME_UNKNOWN, TILL_KEY_UNUSABLE, "unusable" },
    { "ACTIVE", 0, TILL_TIME_UNKNOWN, TILL_TIME_UNKNOWN, TILL_KEY_UNUSABLE, "unusable" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GPtrArray) keys = new_keys ();
      g_autoptr(TillAdvice) advice = NULL;

      add_key (keys, "k", rows[i].from, rows[i].to, rows[i].status)->revoked_at = rows[i].revoked_at;
      advice = till_advice_new (keys, 500);

      g_test_message ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, rows[i].status, rows[i].from, rows[i].to);
      g_assert_cmpint (advice->standings->len, ==, 1);
      g_assert_cmpint (g_array_index (advice->standings, TillKeyStanding, 0), ==, rows[i].standing);
      g_assert_cmpstr (till_key_standing_to_word (rows[i].standing), ==, rows[i].word);
      g_assert_cmpint (advice->use != NULL, ==, rows[i].standing == TILL_KEY_USE);
    }

  g_assert_cmpstr (till_key_standing_to_word (TILL_KEY_ACCEPTED), ==, "accepted");
}

static void
test_rotation (void)
{
  gint64 end = at_time ("2023-04-18T13:55:20Z");
  const struct
  {
    gint64   before;
    gboolean open;
    gboolean late;
  } rows[] = {
    { 20 * 24 * HOUR, FALSE, FALSE },
    { 48 * HOUR + 1, FALSE, FALSE },
    { 48 * HOUR, TRUE, FALSE },
    { 47 * HOUR + 1, TRUE, FALSE },
    { 47 * HOUR, TRUE, TRUE },
    { 0, TRUE, TRUE },
  };
  g_autoptr(GPtrArray) keys = new_keys ();

  add_key (keys, "k", end - 20 * 24 * HOUR, end, "ACTIVE");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(TillAdvice) advice = till_advice_new (keys, end - rows[i].before);

      g_assert_cmpint (advice->ends, ==, end);
      g_assert_cmpint (advice->rotate_from, ==, at_time ("2023-04-16T13:55:20Z"));
      g_assert_cmpint (advice->reminders[0], ==, at_time ("2023-04-16T14:55:20Z"));
      g_assert_cmpint (advice->reminders[1], ==, at_time ("2023-04-16T17:55:20Z"));
      g_assert_cmpint (advice->reminders[2], ==, at_time ("2023-04-16T20:55:20Z"));
      g_assert_cmpint (advice->rotation_open, ==, rows[i].open);
      g_assert_cmpint (advice->rotation_late, ==, rows[i].late);
    }
}

/* Nothing usable: a new one is due now, and there is nothing to be reminded of. */
static void
test_none (void)
{
  for (int n = 0; n < 2; n++)
    {
      g_autoptr(GPtrArray) keys = new_keys ();
      g_autoptr(TillAdvice) advice = NULL;

      if (n == 1)
        add_key (keys, "k", 0, 1000, "REVOKED");

      advice = till_advice_new (keys, 500);
      g_assert_null (advice->use);
      g_assert_cmpint (advice->rotate_from, ==, 500);
      g_assert_true (advice->rotation_open);
      g_assert_false (advice->rotation_late);
      g_assert_cmpint (advice->ends, ==, TILL_TIME_UNKNOWN);
      for (gsize i = 0; i < G_N_ELEMENTS (advice->reminders); i++)
        g_assert_cmpint (advice->reminders[i], ==, TILL_TIME_UNKNOWN);
    }
}

/* A whole life under 48 h: the next one is due at once (API.md 3.4). */
static void
test_short_life (void)
{
  g_autoptr(GPtrArray) keys = new_keys ();
  g_autoptr(TillAdvice) advice = NULL;

  add_key (keys, "k", 1000000, 1000000 + 47 * HOUR, "ACTIVE");
  advice = till_advice_new (keys, 1000000);

  g_assert_cmpint (advice->rotate_from, ==, 1000000);
  g_assert_true (advice->rotation_open);
  g_assert_true (advice->rotation_late);
}

/* One that was generated and begins later carries on: not yet another one. */
static void
test_successor (void)
{
  gint64 end = 1000 * HOUR;
  const struct
  {
    gint64      from;
    gint64      to;
    const char *status;
    gboolean    open;
  } rows[] = {
    { end - HOUR, end + 100 * HOUR, "ACTIVE", FALSE },
    { end + 1, end + 100 * HOUR, "ACTIVE", FALSE },
    { end + 2, end + 100 * HOUR, "ACTIVE", TRUE },       /* a gap */
    { end - HOUR, end, "ACTIVE", TRUE },                 /* does not last longer */
    { end - HOUR, end + 100 * HOUR, "REVOKED", TRUE },
    { end - HOUR, end + 100 * HOUR, "LEGACY", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GPtrArray) keys = new_keys ();
      g_autoptr(TillAdvice) advice = NULL;

      add_key (keys, "k", 0, end, "ACTIVE");
      add_key (keys, "next", rows[i].from, rows[i].to, rows[i].status);
      advice = till_advice_new (keys, end - 2 * HOUR);

      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_cmpstr (advice->use->key_id, ==, "k");
      g_assert_cmpint (advice->rotate_from, ==, end - 48 * HOUR);
      g_assert_cmpint (advice->rotation_open, ==, rows[i].open);
      g_assert_cmpint (advice->rotation_late, ==, rows[i].open);
    }
}

/* The newest that counts decides, not the one that lasts longest. */
static void
test_newest (void)
{
  g_autoptr(GPtrArray) keys = new_keys ();
  g_autoptr(TillAdvice) advice = NULL;

  add_key (keys, "a", 0, 1000 * HOUR, "ACTIVE");
  add_key (keys, "b", 10, 500 * HOUR, "ACTIVE");
  add_key (keys, "c", 10, 400 * HOUR, "ACTIVE");
  add_key (keys, "d", 20, 900 * HOUR, "REVOKED");
  advice = till_advice_new (keys, 100);

  assert_advice (advice, "b", "ca", "d");
  g_assert_cmpint (advice->rotate_from, ==, 452 * HOUR);
}

/* Times as far away as can be. */
static void
test_extremes (void)
{
  static const gint64 times[] = { G_MININT64, G_MININT64 + 1, -1, 0, 1, G_MAXINT64 - 1, G_MAXINT64 };
  const gsize n = G_N_ELEMENTS (times);

  for (gsize i = 0; i < n * n * n; i++)
    {
      g_autoptr(GPtrArray) keys = new_keys ();
      g_autoptr(TillAdvice) advice = NULL;
      gint64 from = times[i / n / n], to = times[i / n % n], at = times[i % n];

      add_key (keys, "k", from, to, "ACTIVE");
      advice = till_advice_new (keys, at);
      g_assert_cmpint (advice->use != NULL, ==,
                       from != TILL_TIME_UNKNOWN && to != TILL_TIME_UNKNOWN && from <= at && at <= to);

      if (advice->use != NULL)
        {
          g_assert_cmpint (advice->rotate_from, >=, from);
          g_assert_cmpint (advice->rotate_from, <=, to);
          g_assert_cmpint (advice->reminders[0], <=, advice->reminders[2]);
          g_assert_cmpint (advice->reminders[2], <=, to);
        }
    }
}

static TillKeyRecord *
add_random_key (GPtrArray *keys,
                guint      number)
{
  static const char * const statuses[] = { "ACTIVE", "ACTIVE", "ACTIVE", "REVOKED", "INACTIVE", "LEGACY", "SUSPENDED" };
  g_autofree char *id = g_strdup_printf ("%c", 'a' + number);
  gint64 from = g_test_rand_int_range (0, 40) * 10;
  TillKeyRecord *key;

  key = add_key (keys, id, from, from + g_test_rand_int_range (-3, 20) * 10,
                 statuses[g_test_rand_int_range (0, G_N_ELEMENTS (statuses))]);
  key->known_at = g_test_rand_int_range (0, 3);
  if (g_test_rand_int_range (0, 10) == 0)
    key->revoked_at = from;
  if (g_test_rand_int_range (0, 20) == 0)
    key->valid_to = TILL_TIME_UNKNOWN;

  return key;
}

static void
shuffle (GPtrArray *array)
{
  for (guint i = array->len; i > 1; i--)
    {
      guint other = g_test_rand_int_range (0, i);
      gpointer item = array->pdata[i - 1];

      array->pdata[i - 1] = array->pdata[other];
      array->pdata[other] = item;
    }
}

static void
check_random_advice (GPtrArray  *keys,
                     TillAdvice *advice)
{
  guint n_use = 0, n_accepted = 0;

  g_assert_cmpint (advice->standings->len, ==, keys->len);

  for (guint i = 0; i < keys->len; i++)
    {
      TillKeyRecord *key = g_ptr_array_index (keys, i);
      TillKeyStanding standing = g_array_index (advice->standings, TillKeyStanding, i);
      gboolean counts = g_str_equal (key->status, "ACTIVE") && key->revoked_at == TILL_TIME_UNKNOWN &&
                        key->valid_to != TILL_TIME_UNKNOWN && key->valid_from <= advice->at && advice->at <= key->valid_to;

      g_assert_cmpint (standing == TILL_KEY_USE || standing == TILL_KEY_ACCEPTED, ==, counts);
      g_assert_cmpint (standing == TILL_KEY_USE, ==, advice->use == key);
      n_use += standing == TILL_KEY_USE;
      n_accepted += standing == TILL_KEY_ACCEPTED;

      if (counts)
        g_assert_cmpint (key->valid_from, <=, advice->use->valid_from);
    }

  g_assert_cmpint (n_use, ==, advice->use != NULL);
  g_assert_cmpint (n_accepted, ==, advice->accepted->len);
  g_assert_cmpint (n_use + n_accepted + advice->not_accepted->len, ==, keys->len);
}

/* Never one that does not count, each key in one place, and the same whatever their order. */
static void
test_properties (void)
{
  for (int round = 0; round < 3000; round++)
    {
      g_autoptr(GPtrArray) keys = new_keys ();
      g_autoptr(TillAdvice) first = NULL, second = NULL;
      g_autofree char *accepted = NULL, *not_accepted = NULL;
      guint n = g_test_rand_int_range (0, 9);
      gint64 at = g_test_rand_int_range (-10, 600);

      for (guint i = 0; i < n; i++)
        add_random_key (keys, i);

      first = till_advice_new (keys, at);
      check_random_advice (keys, first);

      shuffle (keys);
      second = till_advice_new (keys, at);
      check_random_advice (keys, second);

      accepted = join_ids (first->accepted);
      not_accepted = join_ids (first->not_accepted);
      assert_advice (second, first->use != NULL ? first->use->key_id : NULL, accepted, not_accepted);
      g_assert_cmpint (second->rotate_from, ==, first->rotate_from);
      g_assert_cmpint (second->rotation_open, ==, first->rotation_open);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/advice/example", test_example);
  g_test_add_func ("/advice/standings", test_standings);
  g_test_add_func ("/advice/rotation", test_rotation);
  g_test_add_func ("/advice/none", test_none);
  g_test_add_func ("/advice/short-life", test_short_life);
  g_test_add_func ("/advice/successor", test_successor);
  g_test_add_func ("/advice/newest", test_newest);
  g_test_add_func ("/advice/extremes", test_extremes);
  g_test_add_func ("/advice/properties", test_properties);

  return g_test_run ();
}
