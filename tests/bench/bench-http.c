/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GETs through our transport: bench-http URL CA-FILE COUNT AT-ONCE. Prints JSON. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "till-process.h"
#include "till-transport.h"

typedef struct
{
  TillTransport *transport;
  TillCall       call;
  guint          left;       /* to begin */
  guint          running;
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
  g_autoptr(GError) error = NULL;
  g_autoptr(TillAnswer) answer = till_transport_send_finish (TILL_TRANSPORT (source), result, &error);

  if (answer == NULL || answer->status != 200 || till_secret_get_size (answer->body) < 100)
    g_error ("no answer: %s", error != NULL ? error->message : "another than was due");

  run->running--;
  begin (run);
}

static void
begin (Run *run)
{
  if (run->left == 0)
    return;

  run->left--;
  run->running++;
  till_transport_send_async (run->transport, &run->call, NULL, done_cb, run);
}

int
main (int    argc,
      char **argv)
{
  gint64 wall = read_clock (CLOCK_MONOTONIC);
  gint64 cpu = read_clock (CLOCK_PROCESS_CPUTIME_ID);
  g_autoptr(TillClock) clock = NULL;
  g_autoptr(TillEndpoint) endpoint = NULL;
  g_autoptr(TillTransport) transport = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *ca = NULL;
  Run run = { NULL };
  guint at_once;

  if (argc != 5)
    return 2;

  till_process_start (argc, argv);
  clock = till_clock_new_system ();
  if ((endpoint = till_endpoint_new (argv[1], &error)) == NULL || !g_file_get_contents (argv[2], &ca, NULL, &error) ||
      (transport = till_transport_new (clock, ca, &error)) == NULL)
    g_error ("%s", error->message);

  run.transport = transport;
  run.call.endpoint = endpoint;
  run.call.method = "GET";
  run.call.path = "/record";
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
