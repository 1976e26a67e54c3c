/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tillkeeper: the window. */
#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "till-application.h"
#include "till-process.h"

int
main (int    argc,
      char **argv)
{
  g_autoptr(TillClock) clock = NULL;
  g_autoptr(TillApplication) application = NULL;

  /* Before any library is used. */
  till_process_start (argc, argv);

  setlocale (LC_ALL, "");
  bindtextdomain (TILL_GETTEXT_PACKAGE, TILL_LOCALEDIR);
  bind_textdomain_codeset (TILL_GETTEXT_PACKAGE, "UTF-8");
  textdomain (TILL_GETTEXT_PACKAGE);

  clock = till_clock_new_system ();
  application = till_application_new (clock);

  return g_application_run (G_APPLICATION (application), argc, argv);
}
