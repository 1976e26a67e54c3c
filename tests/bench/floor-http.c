/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same GETs with bare libsoup: floor-http URL CA-FILE COUNT AT-ONCE. Prints JSON. */
#include <libsoup/soup.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct
{
  SoupSession *session;
  char        *url;
  guint        left;
  guint        running;
} Run;

static gint64
read_clock (clockid_t id)
{
  struct timespec ts;

  clock_gettime (id, &ts);

  return (gint64) ts.tv_sec * G_USEC_PER_SEC + ts.tv_nsec / 1000;
}

static void begin (Run *run);

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Run *run = user_data;
  SoupMessage *message = soup_session_get_async_result_message (SOUP_SESSION (source), result);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);

  if (body == NULL || soup_message_get_status (message) != 200 || g_bytes_get_size (body) < 100)
    g_error ("no answer: %s", error != NULL ? error->message : "another than was due");

  run->running--;
  begin (run);
}

static void
begin (Run *run)
{
  g_autoptr(SoupMessage) message = NULL;

  if (run->left == 0)
    return;

  run->left--;
  run->running++;
  message = soup_message_new ("GET", run->url);
  soup_session_send_and_read_async (run->session, message, G_PRIORITY_DEFAULT, NULL, done_cb, run);
}

int
main (int    argc,
      char **argv)
{
  gint64 wall = read_clock (CLOCK_MONOTONIC);
  gint64 cpu = read_clock (CLOCK_PROCESS_CPUTIME_ID);
  g_autoptr(GTlsDatabase) database = NULL;
  g_autoptr(SoupSession) session = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *url = NULL;
  Run run = { NULL };
  guint at_once;

  if (argc != 5)
    return 2;

  g_setenv ("SOUP_FORCE_HTTP1", "1", TRUE);
  database = g_tls_file_database_new (argv[2], &error);
  if (database == NULL)
    g_error ("%s", error->message);

  session = soup_session_new_with_options ("tls-database", database, "max-conns", 8, "max-conns-per-host", 8, NULL);
  url = g_strconcat (argv[1], "/record", NULL);
  run.session = session;
  run.url = url;
  run.left = (guint) atoi (argv[3]);
  at_once = (guint) atoi (argv[4]);

  for (guint i = 0; i < at_once; i++)
    begin (&run);
  while (run.running > 0)
    g_main_context_iteration (NULL, TRUE);

  printf ("{\"wall\": %.3f, \"cpu\": %.3f}\n", (double) (read_clock (CLOCK_MONOTONIC) - wall) / 1000,
          (double) (read_clock (CLOCK_PROCESS_CPUTIME_ID) - cpu) / 1000);

  return 0;
}
