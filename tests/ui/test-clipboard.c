/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A secret on the clipboard, as a second client sees it. */
#include "config.h"

#include "till-clipboard.h"

#include <string.h>

#include "till-ui-test.h"

#define TOKEN "HBdxmHBdxmHBdxmHBdxmHBdxm123"

typedef struct
{
  TillClock     *clock;
  TillClipboard *clipboard;
  guint          n_ended;
  gboolean       replaced;
} Fixture;

static void
ended_cb (Fixture  *fixture,
          gboolean  replaced)
{
  fixture->n_ended++;
  fixture->replaced = replaced;
}

static gboolean
set_flag_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

/* To the millisecond, not with the patience of other waits. */
static void
wait_for (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, set_flag_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  GdkDisplay *display = gdk_display_get_default ();

  fixture->clock = till_clock_new_fixed (TILL_UI_NOW);
  fixture->clipboard = till_clipboard_new (gdk_display_get_clipboard (display), fixture->clock);
  g_signal_connect_swapped (fixture->clipboard, "ended", G_CALLBACK (ended_cb), fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->clipboard != NULL)
    g_assert_finalize_object (fixture->clipboard);
  till_clock_unref (fixture->clock);

  /* Time on X11 has milliseconds. Where a copy has the same as the clearing before it, GDK 4.8 (its comparison is
   * "older than") takes the late SelectionClear for another program's copy: it then believes that the clipboard is
   * not its own, and answers no request at all, while the X server still sends them here. */
  wait_for (20);
}

static void
copy (Fixture *fixture)
{
  g_autoptr(TillSecret) secret = till_secret_new_copy (TOKEN, strlen (TOKEN));

  till_clipboard_copy (fixture->clipboard, secret);
  g_assert_true (till_clipboard_holds (fixture->clipboard));
}

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* (nullable): what another program gets when it asks for that. */
static char *
ask (const char *type)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) xclip = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autofree char *text = NULL;

  xclip = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                            "timeout", "20", "xclip", "-o", "-selection", "clipboard", "-t", type, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (xclip, NULL, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  g_assert_true (g_subprocess_communicate_utf8_finish (xclip, result, &text, NULL, &error));
  g_assert_no_error (error);

  /* Refused is an answer, too; that of timeout(1) is none. */
  g_assert_true (g_subprocess_get_if_exited (xclip));
  g_assert_cmpint (g_subprocess_get_exit_status (xclip), !=, 124);

  return g_subprocess_get_successful (xclip) ? g_steal_pointer (&text) : NULL;
}

static gboolean
offers_secret (void)
{
  g_autofree char *text = ask ("UTF8_STRING");

  return g_strcmp0 (text, TOKEN) == 0;
}

/* Another program copies. */
static void
copy_theirs (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) xclip = NULL;
  g_autoptr(GAsyncResult) result = NULL;

  xclip = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                            G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "xclip", "-i", "-selection", "clipboard", NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (xclip, "theirs", NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  g_assert_true (g_subprocess_communicate_utf8_finish (xclip, result, NULL, NULL, &error));
  g_assert_no_error (error);
}

static void
test_copy (Fixture       *fixture,
           gconstpointer  data)
{
  GdkClipboard *own = gdk_display_get_clipboard (gdk_display_get_default ());
  g_autoptr(GdkContentFormats) storable = NULL;
  g_autofree char *targets = NULL;
  g_autofree char *text = NULL;
  g_autofree char *plain = NULL;

  copy (fixture);
  targets = ask ("TARGETS");
  text = ask ("UTF8_STRING");
  plain = ask ("text/plain");
  g_assert_nonnull (strstr (targets, "x-kde-passwordManagerHint"));
  g_assert_cmpstr (text, ==, TOKEN);
  g_assert_cmpstr (plain, ==, TOKEN);

  /* Nobody is given it when the program ends. */
  storable = gdk_content_provider_ref_storable_formats (gdk_clipboard_get_content (own));
  g_assert_false (gdk_content_formats_contain_mime_type (storable, "text/plain"));
  g_assert_false (gdk_content_formats_contain_mime_type (storable, "text/plain;charset=utf-8"));

  till_clipboard_clear (fixture->clipboard);
  g_assert_false (till_clipboard_holds (fixture->clipboard));
  g_assert_cmpuint (fixture->n_ended, ==, 1);
  g_assert_false (fixture->replaced);
  g_assert_false (offers_secret ());
}

/* The value of the hint, as far as it is ours to give: GDK passes requests on for types with a slash in their names
 * only, here as on Wayland, so other programs see that it is offered, and get no value. */
static void
test_hint (Fixture       *fixture,
           gconstpointer  data)
{
  GdkClipboard *own = gdk_display_get_clipboard (gdk_display_get_default ());
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *value = NULL;

  copy (fixture);
  gdk_content_provider_write_mime_type_async (gdk_clipboard_get_content (own), "x-kde-passwordManagerHint", stream,
                                              G_PRIORITY_DEFAULT, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  g_assert_true (gdk_content_provider_write_mime_type_finish (gdk_clipboard_get_content (own), result, &error));
  g_assert_no_error (error);
  value = g_strndup (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                     g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)));
  g_assert_cmpstr (value, ==, "secret");

  /* No program is left waiting. A GDK that answers answers this. */
  g_free (value);
  value = ask ("x-kde-passwordManagerHint");
  g_assert_true (value == NULL || g_str_equal (value, "secret"));
}

/* The computer slept: what counts is the boot time. */
static void
test_sleep (Fixture       *fixture,
            gconstpointer  data)
{
  copy (fixture);
  till_clock_advance (fixture->clock, TILL_CLIPBOARD_SECONDS - 1);
  wait_for (1300);
  g_assert_true (till_clipboard_holds (fixture->clipboard));

  till_clock_advance (fixture->clock, 2);
  WAIT_UNTIL (!till_clipboard_holds (fixture->clipboard));
  g_assert_false (offers_secret ());
  g_assert_cmpuint (fixture->n_ended, ==, 1);
}

/* Awake, for as long as it takes: 29.9 s there, 30.1 s gone. */
static void
test_half_minute (Fixture       *fixture,
                  gconstpointer  data)
{
  copy (fixture);
  wait_for (29900);
  g_assert_true (till_clipboard_holds (fixture->clipboard));
  wait_for (200);
  g_assert_false (till_clipboard_holds (fixture->clipboard));
  g_assert_false (offers_secret ());
}

/* What others copy is left alone. */
static void
test_replaced (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *text = NULL;

  copy (fixture);
  g_assert_true (offers_secret ());
  copy_theirs ();
  WAIT_UNTIL (fixture->n_ended == 1);
  g_assert_true (fixture->replaced);
  g_assert_false (till_clipboard_holds (fixture->clipboard));

  till_clipboard_clear (fixture->clipboard);
  till_clock_advance (fixture->clock, 2 * TILL_CLIPBOARD_SECONDS);
  wait_for (1300);
  text = ask ("UTF8_STRING");
  g_assert_cmpstr (text, ==, "theirs");
  g_assert_cmpuint (fixture->n_ended, ==, 1);
}

/* A second copy begins anew and is not taken for another program's. */
static void
test_again (Fixture       *fixture,
            gconstpointer  data)
{
  copy (fixture);
  till_clock_advance (fixture->clock, TILL_CLIPBOARD_SECONDS - 1);
  copy (fixture);
  till_clock_advance (fixture->clock, TILL_CLIPBOARD_SECONDS - 1);
  wait_for (1300);
  g_assert_true (till_clipboard_holds (fixture->clipboard));
  g_assert_cmpuint (fixture->n_ended, ==, 0);
}

static void
test_dispose (Fixture       *fixture,
              gconstpointer  data)
{
  copy (fixture);
  g_assert_true (offers_secret ());
  g_assert_finalize_object (g_steal_pointer (&fixture->clipboard));
  g_assert_false (offers_secret ());
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *xclip = NULL;

  till_ui_test_init (&argc, &argv);
  /* GDK passes over types without a slash when it reads; so this needs another reader. */
  xclip = g_find_program_in_path ("xclip");
  if (xclip == NULL)
    {
      g_print ("1..0 # SKIP xclip is not installed\n");
      return 0;
    }

  g_test_add ("/clipboard/copy", Fixture, NULL, set_up, test_copy, tear_down);
  g_test_add ("/clipboard/hint", Fixture, NULL, set_up, test_hint, tear_down);
  g_test_add ("/clipboard/again", Fixture, NULL, set_up, test_again, tear_down);
  g_test_add ("/clipboard/dispose", Fixture, NULL, set_up, test_dispose, tear_down);
  g_test_add ("/clipboard/sleep", Fixture, NULL, set_up, test_sleep, tear_down);
  g_test_add ("/clipboard/half-minute", Fixture, NULL, set_up, test_half_minute, tear_down);
  g_test_add ("/clipboard/replaced", Fixture, NULL, set_up, test_replaced, tear_down);

  return g_test_run ();
}
