/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks each service of a profile something harmless, and says in one line each how it went. */
#include "config.h"

#include "till-connection-test.h"

#include <glib/gi18n.h>

#include "till-error-details.h"
#include "till-error-text.h"
#include "till-error.h"
#include "till-text.h"

/**
 * TillConnectionTest:
 *
 * A row with the button, and below it a row for each service once it has been
 * asked. What failed unfolds to its details.
 */

/* Clocks that differ less than this agree (RELIABILITY.md G19). */
#define SKEW_SECONDS 120

struct _TillConnectionTest
{
  AdwPreferencesGroup  parent_instance;

  GtkWidget           *button;
  GtkSpinner          *spinner;
  GPtrArray           *rows;          /* (element-type GtkWidget): not owned */
  GCancellable        *cancellable;
  gboolean             busy;
  guint                frames;        /* since there were new rows */
};

typedef enum
{
  PROP_BUSY = 1,
} TillConnectionTestProperty;

static GParamSpec *properties[PROP_BUSY + 1];

G_DEFINE_FINAL_TYPE (TillConnectionTest, till_connection_test, ADW_TYPE_PREFERENCES_GROUP)

/* The clock in words; %NULL where it is not known. */
static char *
dup_clock (gint64 skew)
{
  g_autofree char *span = NULL;

  if (skew == G_MININT64)
    return NULL;

  if (ABS (skew) <= SKEW_SECONDS)
    return g_strdup (_("clocks agree"));

  span = till_text_dup_span (skew);
  /* Translators: %s is a length of time, such as “7 minutes”. */
  return skew > 0 ? g_strdup_printf (_("this computer’s clock is %s fast"), span)
                  : g_strdup_printf (_("this computer’s clock is %s slow"), span);
}

/**
 * till_connection_test_dup_words:
 * @probe: what came of asking a service
 *
 * Returns: (transfer full): one line: that it works, how long it took, until when the server's certificate is valid
 *   and whether the clocks agree; or why it does not work
 */
char *
till_connection_test_dup_words (const TillShopProbe *probe)
{
  g_autoptr(GString) text = NULL;
  g_autofree char *clock = NULL;

  if (probe->error != NULL)
    {
      if (!probe->configured && till_error_get_reason (probe->error) == TILL_REASON_FIELD)
        return g_strdup (_("Not set up: an entry is missing."));
      if (!probe->configured && till_error_get_reason (probe->error) == TILL_REASON_SECRET_MISSING)
        return g_strdup (_("Not set up: the secret is missing."));

      return till_error_text_dup_body (probe->error);
    }

  text = g_string_new (NULL);
  /* Translators: %d is a number of milliseconds. */
  g_string_append_printf (text, _("Works. %d ms."), (int) CLAMP (probe->milliseconds, 0, G_MAXINT));

  if (probe->certificate_not_after > 0)
    {
      g_autofree char *date = till_text_dup_date (probe->certificate_not_after);

      g_string_append_c (text, ' ');
      /* Translators: %s is a date. */
      g_string_append_printf (text, _("Certificate valid until %s."), date);
    }

  clock = dup_clock (probe->skew);
  if (clock != NULL)
    {
      g_autofree char *first = g_utf8_strup (clock, g_utf8_next_char (clock) - clock);

      g_string_append_printf (text, " %s%s.", first, g_utf8_next_char (clock));
    }

  return g_strdup (text->str);
}

static const char *
get_icon_name (const TillShopProbe *probe)
{
  if (probe->error == NULL)
    return "emblem-ok-symbolic";

  return probe->configured ? "dialog-warning-symbolic" : "action-unavailable-symbolic";
}

static void
add_row (TillConnectionTest *self,
         GtkWidget          *row)
{
  g_ptr_array_add (self->rows, row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
}

static void
add_details (TillConnectionTest *self,
             const GError       *error)
{
  GtkWidget *details = till_error_details_new (error);

  gtk_widget_set_margin_top (details, 12);
  g_ptr_array_add (self->rows, details);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), details);
}

/* Once the rows have their places: they are below the button, at the end of a long page. */
static gboolean
scroll_cb (GtkWidget     *widget,
           GdkFrameClock *frame_clock,
           gpointer       user_data)
{
  TillConnectionTest *self = TILL_CONNECTION_TEST (widget);
  GtkWidget *scrolled = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment;

  if (++self->frames < 3)
    return G_SOURCE_CONTINUE;

  if (scrolled != NULL)
    {
      adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
    }

  return G_SOURCE_REMOVE;
}

static void
scroll_to_rows (TillConnectionTest *self)
{
  self->frames = 0;
  gtk_widget_add_tick_callback (GTK_WIDGET (self), scroll_cb, NULL, NULL);
}

static void
show_probes (TillConnectionTest *self,
             GPtrArray          *probes)
{
  const GError *worst = NULL;
  guint i;

  for (i = 0; i < probes->len; i++)
    {
      const TillShopProbe *probe = probes->pdata[i];
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *icon = gtk_image_new_from_icon_name (get_icon_name (probe));
      g_autofree char *words = till_connection_test_dup_words (probe);

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), till_error_text_get_service_name (probe->service));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words);
      gtk_widget_add_css_class (icon, probe->error == NULL ? "success" : probe->configured ? "warning" : "dim-label");
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
      gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
      add_row (self, row);

      if (probe->configured && probe->error != NULL && worst == NULL)
        worst = probe->error;
    }

  if (worst != NULL)
    add_details (self, worst);
  scroll_to_rows (self);
}

static void
tested_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TillConnectionTest) self = user_data;
  g_autoptr(GPtrArray) probes = NULL;
  g_autoptr(GError) error = NULL;

  probes = till_shop_test_finish (TILL_SHOP (source), result, &error);
  /* Cancelled means disposed, or that something else was entered meanwhile. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (error, TILL_ERROR, TILL_ERROR_CANCELLED) || self->button == NULL)
    return;

  till_connection_test_clear (self);
  if (probes == NULL)
    till_connection_test_show_error (self, error);
  else
    show_probes (self, probes);
}

static void
till_connection_test_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  switch ((TillConnectionTestProperty) prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, TILL_CONNECTION_TEST (object)->busy);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
till_connection_test_dispose (GObject *object)
{
  TillConnectionTest *self = TILL_CONNECTION_TEST (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->button = NULL;

  G_OBJECT_CLASS (till_connection_test_parent_class)->dispose (object);
}

static void
till_connection_test_finalize (GObject *object)
{
  g_ptr_array_unref (TILL_CONNECTION_TEST (object)->rows);

  G_OBJECT_CLASS (till_connection_test_parent_class)->finalize (object);
}

static void
till_connection_test_class_init (TillConnectionTestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = till_connection_test_get_property;
  object_class->dispose = till_connection_test_dispose;
  object_class->finalize = till_connection_test_finalize;

  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE,
                                                G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
till_connection_test_init (TillConnectionTest *self)
{
  GtkWidget *row = adw_action_row_new ();

  self->rows = g_ptr_array_new ();
  self->cancellable = g_cancellable_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Test Connection"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _("Saves the profile, then asks each service something harmless"));

  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->spinner), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Asking the services"), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), GTK_WIDGET (self->spinner));

  /* Translators: a button that tests the connection to services. */
  self->button = gtk_button_new_with_label (_("Test"));
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), "editor.test");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Test Connection"), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), self->button);

  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
}

/**
 * till_connection_test_new:
 *
 * Returns: (transfer floating): a group of rows
 */
GtkWidget *
till_connection_test_new (void)
{
  return g_object_new (TILL_TYPE_CONNECTION_TEST, NULL);
}

/**
 * till_connection_test_set_busy:
 * @self: a group
 * @busy: whether something is under way
 *
 * Shows that something is done.
 */
void
till_connection_test_set_busy (TillConnectionTest *self,
                               gboolean            busy)
{
  g_return_if_fail (TILL_IS_CONNECTION_TEST (self));

  if (self->busy == busy)
    return;

  self->busy = busy;
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

/**
 * till_connection_test_clear:
 * @self: a group
 *
 * Takes away what was found, and stops what is under way.
 */
void
till_connection_test_clear (TillConnectionTest *self)
{
  guint i;

  g_return_if_fail (TILL_IS_CONNECTION_TEST (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();

  for (i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  till_connection_test_set_busy (self, FALSE);
}

/**
 * till_connection_test_run:
 * @self: a group
 * @shop: the profile at work
 *
 * Asks its services, and shows what came of it.
 */
void
till_connection_test_run (TillConnectionTest *self,
                          TillShop           *shop)
{
  g_return_if_fail (TILL_IS_CONNECTION_TEST (self));
  g_return_if_fail (TILL_IS_SHOP (shop));

  till_connection_test_clear (self);
  till_connection_test_set_busy (self, TRUE);
  till_shop_test_async (shop, self->cancellable, tested_cb, g_object_ref (self));
}

/**
 * till_connection_test_show_error:
 * @self: a group
 * @error: why the test could not be done
 *
 * Says it in a row.
 */
void
till_connection_test_show_error (TillConnectionTest *self,
                                 const GError       *error)
{
  GtkWidget *row;
  g_autofree char *body = NULL;

  g_return_if_fail (TILL_IS_CONNECTION_TEST (self));

  till_connection_test_clear (self);
  row = adw_action_row_new ();
  body = till_error_text_dup_body (error);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), till_error_text_get_title (error));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), body);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("dialog-warning-symbolic"));
  add_row (self, row);
  add_details (self, error);
  scroll_to_rows (self);
}
