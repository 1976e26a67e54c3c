/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small JSON over TLS for every request: serve-http CERTIFICATE KEY. Prints its port; ends with its input. */
#include <libsoup/soup.h>
#include <stdio.h>
#include <unistd.h>

static const char record[] =
  "{\"id\":\"3f2b8c1e-9d47-4a6b-8e15-7c0d2a9b4f61\",\"name\":\"A certificate of the benchmark\",\"enabled\":true,"
  "\"baseName\":\"pass.com.example.shop\",\"teamIdentifier\":\"ABCDE12345\",\"validityEnd\":\"2027-01-01T00:00:00.000Z\"}";

static void
answer (SoupServer        *server,
        SoupServerMessage *message,
        const char        *path,
        GHashTable        *query,
        gpointer           user_data)
{
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, record, sizeof record - 1);
}

static gboolean
end_cb (GIOChannel   *channel,
        GIOCondition  condition,
        gpointer      user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GTlsCertificate) certificate = NULL;
  g_autoptr(SoupServer) server = NULL;
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GIOChannel) input = g_io_channel_unix_new (STDIN_FILENO);
  g_autoptr(GError) error = NULL;
  GSList *uris;

  if (argc != 3)
    return 2;

  certificate = g_tls_certificate_new_from_files (argv[1], argv[2], &error);
  server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (server, NULL, answer, NULL, NULL);
  if (certificate == NULL ||
      !soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &error))
    g_error ("%s", error->message);

  uris = soup_server_get_uris (server);
  printf ("%d\n", g_uri_get_port (uris->data));
  fflush (stdout);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  g_io_add_watch (input, G_IO_IN | G_IO_HUP | G_IO_ERR, end_cb, loop);
  g_main_loop_run (loop);

  return 0;
}
