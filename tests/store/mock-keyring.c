/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Secret Service with one locked item, whose question for the password is closed, or never answered. */
#include "config.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#define SERVICE_PATH    "/org/freedesktop/secrets"
#define COLLECTION_PATH "/org/freedesktop/secrets/collection/login"
#define ITEM_PATH       "/org/freedesktop/secrets/collection/login/1"
#define PROMPT_PATH     "/org/freedesktop/secrets/prompt/1"
#define SESSION_PATH    "/org/freedesktop/secrets/session/1"

/* The parts of the Secret Service API (0.2) that libsecret uses. */
static const char interfaces[] =
  "<node>"
  " <interface name='org.freedesktop.Secret.Service'>"
  "  <method name='OpenSession'><arg type='s' direction='in'/><arg type='v' direction='in'/>"
  "   <arg type='v' direction='out'/><arg type='o' direction='out'/></method>"
  "  <method name='SearchItems'><arg type='a{ss}' direction='in'/>"
  "   <arg type='ao' direction='out'/><arg type='ao' direction='out'/></method>"
  "  <method name='Unlock'><arg type='ao' direction='in'/>"
  "   <arg type='ao' direction='out'/><arg type='o' direction='out'/></method>"
  "  <method name='GetSecrets'><arg type='ao' direction='in'/><arg type='o' direction='in'/>"
  "   <arg type='a{o(oayays)}' direction='out'/></method>"
  "  <method name='ReadAlias'><arg type='s' direction='in'/><arg type='o' direction='out'/></method>"
  "  <property name='Collections' type='ao' access='read'/>"
  " </interface>"
  " <interface name='org.freedesktop.Secret.Collection'>"
  "  <method name='CreateItem'><arg type='a{sv}' direction='in'/><arg type='(oayays)' direction='in'/>"
  "   <arg type='b' direction='in'/><arg type='o' direction='out'/><arg type='o' direction='out'/></method>"
  "  <property name='Items' type='ao' access='read'/>"
  "  <property name='Label' type='s' access='read'/>"
  "  <property name='Locked' type='b' access='read'/>"
  "  <property name='Created' type='t' access='read'/>"
  "  <property name='Modified' type='t' access='read'/>"
  " </interface>"
  " <interface name='org.freedesktop.Secret.Item'>"
  "  <method name='Delete'><arg type='o' direction='out'/></method>"
  "  <property name='Attributes' type='a{ss}' access='read'/>"
  "  <property name='Label' type='s' access='read'/>"
  "  <property name='Type' type='s' access='read'/>"
  "  <property name='Locked' type='b' access='read'/>"
  "  <property name='Created' type='t' access='read'/>"
  "  <property name='Modified' type='t' access='read'/>"
  " </interface>"
  " <interface name='org.freedesktop.Secret.Session'><method name='Close'/></interface>"
  " <interface name='org.freedesktop.Secret.Prompt'>"
  "  <method name='Prompt'><arg type='s' direction='in'/></method>"
  "  <method name='Dismiss'/>"
  "  <signal name='Completed'><arg type='b'/><arg type='v'/></signal>"
  " </interface>"
  "</node>";

static gboolean answers;
static guint prompts;

static GVariant *
make_paths (const char *path)
{
  return path != NULL ? g_variant_new_objv (&path, 1) : g_variant_new_objv (NULL, 0);
}

/* The person closes the question. */
static gboolean
dismiss_cb (gpointer user_data)
{
  g_dbus_connection_emit_signal (user_data, NULL, PROMPT_PATH, "org.freedesktop.Secret.Prompt", "Completed",
                                 g_variant_new ("(bv)", TRUE, make_paths (NULL)), NULL);

  return G_SOURCE_REMOVE;
}

static void
method_cb (GDBusConnection       *connection,
           const char            *sender,
           const char            *path,
           const char            *interface,
           const char            *method,
           GVariant              *parameters,
           GDBusMethodInvocation *invocation,
           gpointer               user_data)
{
  const char *algorithm = NULL;
  GVariant *found[2];

  if (g_str_equal (method, "OpenSession"))
    {
      g_variant_get (parameters, "(&sv)", &algorithm, NULL);
      if (g_str_equal (algorithm, "plain"))
        g_dbus_method_invocation_return_value (invocation, g_variant_new ("(vo)", g_variant_new_string (""), SESSION_PATH));
      else
        g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR, G_DBUS_ERROR_NOT_SUPPORTED, "plain only");
    }
  else if (g_str_equal (method, "SearchItems"))
    {
      found[0] = make_paths (NULL);
      found[1] = make_paths (ITEM_PATH);
      g_dbus_method_invocation_return_value (invocation, g_variant_new_tuple (found, 2));
    }
  else if (g_str_equal (method, "Unlock"))
    {
      found[0] = make_paths (NULL);
      found[1] = g_variant_new_object_path (PROMPT_PATH);
      g_dbus_method_invocation_return_value (invocation, g_variant_new_tuple (found, 2));
    }
  else if (g_str_equal (method, "Prompt"))
    {
      printf ("prompt %u\n", ++prompts);
      fflush (stdout);
      g_dbus_method_invocation_return_value (invocation, NULL);
      if (answers)
        g_timeout_add (10, dismiss_cb, connection);
    }
  else if (g_str_equal (method, "ReadAlias"))
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", COLLECTION_PATH));
  else if (g_str_equal (method, "Close") || g_str_equal (method, "Dismiss"))
    g_dbus_method_invocation_return_value (invocation, NULL);
  else
    g_dbus_method_invocation_return_dbus_error (invocation, "org.freedesktop.Secret.Error.IsLocked", "it is locked");
}

static GVariant *
get_cb (GDBusConnection  *connection,
        const char       *sender,
        const char       *path,
        const char       *interface,
        const char       *property,
        GError          **error,
        gpointer          user_data)
{
  GVariantBuilder attributes;

  if (g_str_equal (property, "Collections"))
    return make_paths (COLLECTION_PATH);
  if (g_str_equal (property, "Items"))
    return make_paths (ITEM_PATH);
  if (g_str_equal (property, "Locked"))
    return g_variant_new_boolean (TRUE);
  if (g_str_equal (property, "Created") || g_str_equal (property, "Modified"))
    return g_variant_new_uint64 (1);
  if (!g_str_equal (property, "Attributes"))
    return g_variant_new_string ("");

  g_variant_builder_init (&attributes, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&attributes, "{ss}", "name", "hub");
  g_variant_builder_add (&attributes, "{ss}", "profile", "00112233445566778899aabbccddeeff");
  g_variant_builder_add (&attributes, "{ss}", "xdg:schema", "io.github.tillkeeper.Secret");

  return g_variant_builder_end (&attributes);
}

static void
acquired_cb (GDBusConnection *connection,
             const char      *name,
             gpointer         user_data)
{
  printf ("ready\n");
  fflush (stdout);
}

int
main (int    argc,
      char **argv)
{
  static const char * const paths[] = { SERVICE_PATH, COLLECTION_PATH, ITEM_PATH, SESSION_PATH, PROMPT_PATH };
  static const GDBusInterfaceVTable table = { method_cb, get_cb, NULL, { 0 } };
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (interfaces, &error);
  g_autoptr(GDBusConnection) bus = NULL;

  g_assert_no_error (error);
  answers = argc == 2 && g_str_equal (argv[1], "dismiss");
  bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_dbus_connection_register_object (bus, paths[i], info->interfaces[i], &table, NULL, NULL, &error);
      g_assert_no_error (error);
    }
  g_bus_own_name_on_connection (bus, "org.freedesktop.secrets", G_BUS_NAME_OWNER_FLAGS_NONE, acquired_cb, NULL, NULL, NULL);

  g_main_loop_run (loop);

  return 0;
}
