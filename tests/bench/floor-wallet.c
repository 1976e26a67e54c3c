/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same list with bare libsoup and json-glib: one page after the other, text copied out. Prints one line of JSON. */
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

typedef struct
{
  char *texts[12];
} Row;

static void
copy_row (GArray     *rows,
          JsonObject *object)
{
  static const char * const members[] = {
    "id", "vendor", "name", "comment", "baseName", "teamIdentifier", "createdAt", "updatedAt", "validityStart",
    "validityEnd",
  };
  Row row = { { NULL } };

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      if (json_object_has_member (object, members[i]) && !json_object_get_null_member (object, members[i]))
        row.texts[i] = g_strdup (json_object_get_string_member (object, members[i]));
    }

  g_array_append_val (rows, row);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(SoupSession) session = NULL;
  g_autoptr(GTlsDatabase) database = NULL;
  g_autoptr(GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_autofree char *login = NULL;
  g_autofree char *base64 = NULL;
  g_autofree char *authorization = NULL;
  g_autoptr(GError) error = NULL;
  gint64 begun = g_get_monotonic_time ();
  struct rusage usage;
  guint size, got;

  if (argc != 6 || !(database = g_tls_file_database_new (argv[4], &error)))
    g_error ("usage: floor-wallet URL USER SECRET CA PAGE-SIZE");

  size = atoi (argv[5]);
  login = g_strconcat (argv[2], ":", argv[3], NULL);
  base64 = g_base64_encode ((const guchar *) login, strlen (login));
  authorization = g_strconcat ("Basic ", base64, NULL);
  session = soup_session_new_with_options ("tls-database", database, NULL);

  for (guint page = 1;; page++)
    {
      g_autofree char *url = g_strdup_printf ("%s/certificates?page=%u&pageSize=%u", argv[1], page, size);
      g_autoptr(SoupMessage) message = soup_message_new ("GET", url);
      SoupMessageHeaders *headers = soup_message_get_request_headers (message);
      g_autoptr(JsonParser) parser = json_parser_new ();
      g_autoptr(GBytes) body = NULL;
      JsonArray *array;

      soup_message_headers_append (headers, "Authorization", authorization);
      soup_message_headers_append (headers, "Api-Revision", "1.2");
      soup_message_headers_append (headers, "Content-Type", "application/json; charset=utf-8");
      body = soup_session_send_and_read (session, message, NULL, &error);
      if (body == NULL ||
          !json_parser_load_from_data (parser, g_bytes_get_data (body, NULL), g_bytes_get_size (body), &error))
        g_error ("%s", error->message);

      array = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "certificates");
      got = json_array_get_length (array);
      for (guint i = 0; i < got; i++)
        copy_row (rows, json_array_get_object_element (array, i));
      if (got < size)
        break;
    }

  getrusage (RUSAGE_SELF, &usage);
  g_print ("{\"count\": %u, \"wall\": %.1f, \"cpu\": %.1f, \"peak\": %ld}\n", rows->len,
           (g_get_monotonic_time () - begun) / 1000.0,
           (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000.0 +
           (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000.0, usage.ru_maxrss);

  return 0;
}
