/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists all certificates of a wallet over pages through our client: how long it takes, how long the main loop is held
 * meanwhile, and what memory it takes. Prints one line of JSON. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "till-process.h"
#include "till-wallet.h"

/* How often the heart should beat. */
#define BEAT_MS 1

typedef struct
{
  GMainLoop *loop;
  gint64     begun;
  gint64     last_beat;
  gint64     held;         /* the longest time without a beat */
  gint64     first_page;
} Bench;

static gboolean
beat_cb (gpointer user_data)
{
  Bench *bench = user_data;
  gint64 now = g_get_monotonic_time ();

  if (bench->last_beat != 0)
    bench->held = MAX (bench->held, now - bench->last_beat - BEAT_MS * 1000);
  bench->last_beat = now;

  return G_SOURCE_CONTINUE;
}

static void
page_cb (GPtrArray *certificates,
         gpointer   user_data)
{
  Bench *bench = user_data;

  if (bench->first_page == 0)
    bench->first_page = g_get_monotonic_time ();
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Bench *bench = user_data;
  gint64 now = g_get_monotonic_time ();
  g_autoptr(TillWalletList) list = NULL;
  g_autoptr(GError) error = NULL;
  struct rusage usage;

  list = till_wallet_list_finish (TILL_WALLET (source), result, &error);
  if (list == NULL)
    g_error ("%s", error->message);

  getrusage (RUSAGE_SELF, &usage);
  g_print ("{\"count\": %u, \"wall\": %.1f, \"first\": %.1f, \"held\": %.1f, \"cpu\": %.1f, \"peak\": %ld}\n",
           list->certificates->len, (now - bench->begun) / 1000.0, (bench->first_page - bench->begun) / 1000.0,
           bench->held / 1000.0,
           (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000.0 +
           (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000.0, usage.ru_maxrss);
  g_main_loop_quit (bench->loop);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(TillClock) clock = NULL;
  g_autoptr(TillSecret) secret = NULL;
  g_autoptr(TillTransport) transport = NULL;
  g_autoptr(TillWallet) wallet = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *ca = NULL;
  TillWalletQuery query = { .enabled = TILL_TRI_UNKNOWN };
  Bench bench = { 0 };

  till_process_start (argc, argv);
  if (argc != 6 || !g_file_get_contents (argv[4], &ca, NULL, &error))
    g_error ("usage: bench-wallet URL USER SECRET CA PAGE-SIZE");

  clock = till_clock_new_system ();
  secret = till_secret_new_copy (argv[3], strlen (argv[3]));
  bench.loop = g_main_loop_new (NULL, FALSE);
  bench.begun = g_get_monotonic_time ();
  g_timeout_add_full (G_PRIORITY_HIGH, BEAT_MS, beat_cb, &bench, NULL);
  transport = till_transport_new (clock, ca, &error);
  if (transport != NULL)
    wallet = till_wallet_new (transport, argv[1], argv[2], secret, &error);
  if (wallet == NULL)
    g_error ("%s", error->message);

  query.page_size = atoi (argv[5]);
  till_wallet_list_async (wallet, &query, page_cb, &bench, NULL, listed_cb, &bench);
  g_main_loop_run (bench.loop);
  g_main_loop_unref (bench.loop);

  return 0;
}
