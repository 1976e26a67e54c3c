/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The application: one window, files from the command line, settings, keys. */
#include "config.h"

#include "till-application.h"

#include <glib/gi18n.h>

#include "till-about.h"
#include "till-watched-files.h"
#include "till-window.h"

/**
 * TillApplication:
 *
 * A second start hands its files to the first one and ends.
 */

struct _TillApplication
{
  AdwApplication    parent_instance;

  TillClock        *clock;
  GSettings        *settings;    /* (nullable) before startup */
  TillWatchedFiles *files;       /* (nullable) before startup */
  TillSession      *session;     /* (nullable) before startup, and once it closes */
};

G_DEFINE_TYPE (TillApplication, till_application, ADW_TYPE_APPLICATION)

static void
color_scheme_changed_cb (TillApplication *self)
{
  static const AdwColorScheme schemes[] = {
    ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT, ADW_COLOR_SCHEME_FORCE_DARK,
  };
  int scheme = g_settings_get_enum (self->settings, "color-scheme");

  adw_style_manager_set_color_scheme (adw_application_get_style_manager (ADW_APPLICATION (self)),
                                      schemes[CLAMP (scheme, 0, (int) G_N_ELEMENTS (schemes) - 1)]);
}

static TillWindow *
get_window (TillApplication *self)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));

  for (; windows != NULL; windows = windows->next)
    if (TILL_IS_WINDOW (windows->data))
      return windows->data;

  return TILL_WINDOW (till_window_new (GTK_APPLICATION (self), self->files, self->session, self->settings));
}

static void
about_activated_cb (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  till_about_show (gtk_application_get_active_window (GTK_APPLICATION (user_data)));
}

/* Closing lets the window keep its size. */
static void
quit_activated_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  g_autoptr(GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (user_data)));
  GList *l;

  for (l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
}

/* In the order of UX.md 2.1. */
static void
add_pane_keys (TillApplication *self)
{
  static const char *const panes[] = { "certificates", "keys", "credentials" };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (panes); i++)
    {
      g_autofree char *action = g_strdup_printf ("win.visible-pane('%s')", panes[i]);
      g_autofree char *key = g_strdup_printf ("<Control>%u", i + 1);

      gtk_application_set_accels_for_action (GTK_APPLICATION (self), action, (const char *[]) { key, NULL });
    }
}

static void
add_actions (TillApplication *self)
{
  static const GActionEntry entries[] = {
    { .name = "about", .activate = about_activated_cb },
    { .name = "quit", .activate = quit_activated_cb },
  };
  static const struct
  {
    const char *action;
    const char *keys[3];
  } accels[] = {
    { "app.quit", { "<Control>q" } },
    { "win.open", { "<Control>o" } },
    { "win.search", { "<Control>f" } },
    { "win.refresh", { "F5", "<Control>r" } },
    { "win.switch-profile", { "<Control><Shift>p" } },
    { "win.lock", { "<Control>l" } },
    { "win.preferences", { "<Control>comma" } },
    { "win.show-help-overlay", { "<Control>question" } },
    { "window.close", { "<Control>w" } },
  };
  guint i;

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action, accels[i].keys);
  add_pane_keys (self);
}

/* Without the description of the settings GSettings would end the program on the spot, with a core dump. */
static gboolean
has_schema (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, TILL_APP_ID, TRUE);

  return schema != NULL;
}

static int
till_application_handle_local_options (GApplication *application,
                                       GVariantDict *options)
{
  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("Tillkeeper %s\n", TILL_VERSION);
      return 0;
    }

  if (!has_schema ())
    {
      /* Translators: %s is the name of a file; do not translate the environment variable. */
      g_printerr (_("tillkeeper: the description of its settings (%s) is not installed; install Tillkeeper, "
                    "or set GSETTINGS_SCHEMA_DIR to the folder that holds it compiled\n"), TILL_APP_ID ".gschema.xml");
      return 1;
    }

  return -1;
}

static void
make_session (TillApplication *self)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "tillkeeper", NULL);
  g_autoptr(TillVault) vault = till_vault_new ();

  self->session = till_session_new (folder, vault, self->clock);
  g_clear_object (&self->files);
  self->files = till_watched_files_new (self->session, self->settings);
}

static void
session_closed_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GApplication) application = user_data;
  g_autoptr(GError) error = NULL;

  if (!till_session_close_finish (TILL_SESSION (source), result, &error))
    g_warning ("the records could not be closed: %s", error->message);
  g_application_release (application);
}

/* With the last window goes the session; the program stays until all is written. */
static void
till_application_window_removed (GtkApplication *application,
                                 GtkWindow      *window)
{
  TillApplication *self = TILL_APPLICATION (application);
  gboolean is_ours = TILL_IS_WINDOW (window);

  if (is_ours && self->session != NULL)
    {
      g_autoptr(TillSession) session = g_steal_pointer (&self->session);

      make_session (self);
      g_application_hold (G_APPLICATION (application));
      till_session_close_async (session, session_closed_cb, g_object_ref (application));
    }

  GTK_APPLICATION_CLASS (till_application_parent_class)->window_removed (application, window);
}

static void
till_application_startup (GApplication *application)
{
  TillApplication *self = TILL_APPLICATION (application);

  G_APPLICATION_CLASS (till_application_parent_class)->startup (application);

  self->settings = g_settings_new (TILL_APP_ID);
  make_session (self);

  g_signal_connect_swapped (self->settings, "changed::color-scheme", G_CALLBACK (color_scheme_changed_cb), self);
  color_scheme_changed_cb (self);
  add_actions (self);
}

static void
till_application_activate (GApplication *application)
{
  gtk_window_present (GTK_WINDOW (get_window (TILL_APPLICATION (application))));
}

static void
till_application_open (GApplication  *application,
                       GFile        **files,
                       int            n_files,
                       const char    *hint)
{
  TillWindow *window = get_window (TILL_APPLICATION (application));
  g_autoptr(GPtrArray) array = g_ptr_array_new ();
  int i;

  for (i = 0; i < n_files; i++)
    g_ptr_array_add (array, files[i]);

  till_window_open_files (window, array);
  gtk_window_present (GTK_WINDOW (window));
}

static void
till_application_shutdown (GApplication *application)
{
  TillApplication *self = TILL_APPLICATION (application);

  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->session);
  g_clear_object (&self->files);
  g_clear_object (&self->settings);

  G_APPLICATION_CLASS (till_application_parent_class)->shutdown (application);
}

static void
till_application_finalize (GObject *object)
{
  g_clear_pointer (&TILL_APPLICATION (object)->clock, till_clock_unref);

  G_OBJECT_CLASS (till_application_parent_class)->finalize (object);
}

static void
till_application_class_init (TillApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = till_application_finalize;

  application_class->handle_local_options = till_application_handle_local_options;
  application_class->startup = till_application_startup;
  application_class->activate = till_application_activate;
  application_class->open = till_application_open;
  application_class->shutdown = till_application_shutdown;
  GTK_APPLICATION_CLASS (klass)->window_removed = till_application_window_removed;
}

static void
till_application_init (TillApplication *self)
{
  static const GOptionEntry options[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the version and end"), NULL },
    { NULL }
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _("[FILE…]"));
}

/**
 * till_application_new:
 * @clock: what time it is
 *
 * Returns: (transfer full): the application
 */
TillApplication *
till_application_new (TillClock *clock)
{
  TillApplication *self = g_object_new (TILL_TYPE_APPLICATION,
                                        "application-id", TILL_APP_ID,
                                        "flags", G_APPLICATION_HANDLES_OPEN,
                                        NULL);

  self->clock = till_clock_ref (clock);

  return self;
}
