/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The upload window over services in the process, with files good and bad made on the spot. */
#include "config.h"

#include "till-upload-test.h"

#include <gnutls/abstract.h>
#include <gnutls/pkcs12.h>
#include <string.h>

#include "till-keys-test.h"
#include "till-profiles.h"
#include "till-upload-private.h"

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

static void
toast_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  TillUploadTest *self = user_data;

  g_free (self->toast);
  self->toast = g_variant_dup_string (parameter, NULL);
}

/**
 * till_upload_test_new:
 *
 * Returns: (transfer full): a store without a profile, and a window behind
 */
TillUploadTest *
till_upload_test_new (void)
{
  TillUploadTest *self = g_new0 (TillUploadTest, 1);
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr(GSimpleAction) toast = g_simple_action_new ("toast", G_VARIANT_TYPE_STRING);

  self->dir = till_test_dir_new ();
  self->clock = till_clock_new_fixed (TILL_UI_NOW);
  self->vault = till_vault_new_memory ();
  self->session = till_session_new (self->dir->path, self->vault, self->clock);
  till_session_start (self->session);
  WAIT_UNTIL (till_session_get_state (self->session) == TILL_SESSION_NONE);

  self->parent = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->parent), 300, 200);
  g_signal_connect (toast, "activate", G_CALLBACK (toast_cb), self);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (toast));
  gtk_widget_insert_action_group (self->parent, "win", G_ACTION_GROUP (group));
  gtk_window_present (GTK_WINDOW (self->parent));

  return self;
}

/**
 * till_upload_test_free:
 * @self: (transfer full): a test
 *
 * Lets go of everything and sees it go.
 */
void
till_upload_test_free (TillUploadTest *self)
{
  g_autoptr(GAsyncResult) result = NULL;
  gboolean alive;

  if (self->window != NULL)
    till_upload_test_close (self);
  gtk_window_destroy (GTK_WINDOW (self->parent));

  till_session_close_async (self->session, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  g_assert_true (till_session_close_finish (self->session, result, NULL));
  g_clear_object (&result);
  till_ui_watch_life (self->session, &alive);
  g_object_unref (self->session);
  WAIT_UNTIL (!alive);

  if (self->sandbox != NULL)
    till_sandbox_stop (self->sandbox);
  g_clear_object (&self->sandbox);
  g_object_unref (self->vault);
  till_clock_unref (self->clock);
  till_test_dir_free (self->dir);
  g_free (self->toast);
  g_free (self->done_id);
  g_free (self);
}

static void
keep_secret (TillUploadTest *self,
             const char     *name,
             const char     *service,
             const char     *text)
{
  g_autoptr(TillSecret) secret = till_secret_new_copy (text, strlen (text));
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(TillProfile) kept = NULL;
  g_autoptr(GError) error = NULL;

  till_profiles_secret_async (till_session_get_store (self->session), self->vault, name, service, secret, NULL,
                              result_cb, &result);
  WAIT_UNTIL (result != NULL);
  kept = till_profiles_done_finish (result, &error);
  g_assert_no_error (error);
}

static void
put_profile (TillUploadTest *self,
             TillProfile    *profile)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(TillProfile) put = NULL;
  g_autoptr(GError) error = NULL;

  till_profiles_put_async (till_session_get_store (self->session), profile, TILL_UI_NOW, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  put = till_profiles_done_finish (result, &error);
  g_assert_no_error (error);
}

static void
start_sandbox (TillUploadTest *self)
{
  g_autofree char *folder = till_test_dir_file (self->dir, "services");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  self->sandbox = till_sandbox_new (folder, self->clock);
  till_sandbox_start_async (self->sandbox, 0, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  g_assert_true (till_sandbox_start_finish (self->sandbox, result, &error));
  g_assert_no_error (error);
}

/**
 * till_upload_test_connect:
 * @self: a test
 * @environment: of the profile
 * @secret: (nullable): of the wallet, where it is not to be the right one
 *
 * Starts services and opens a profile that uses them.
 */
void
till_upload_test_connect (TillUploadTest  *self,
                          TillEnvironment  environment,
                          const char      *secret)
{
  g_autoptr(TillProfile) profile = till_profile_new ();
  const TillSandboxInfo *info;

  start_sandbox (self);
  info = till_sandbox_get_info (self->sandbox);
  profile->name = g_strdup ("Acme Cafés");
  profile->environment = environment;
  profile->hub_url = g_strdup (info->hub_url);
  profile->hub_merchant = g_strdup (info->hub_merchant);
  profile->hub_terminal = g_strdup (info->hub_terminal);
  profile->hub_key = g_strdup (info->hub_key);
  profile->wallet_url = g_strdup (info->wallet_url);
  profile->wallet_user = g_strdup (info->wallet_user);
  profile->ca_pem = g_strdup (info->ca_pem);
  profile->repeat_lost = self->repeat_lost;
  put_profile (self, profile);
  keep_secret (self, profile->name, "hub", info->hub_secret);
  keep_secret (self, profile->name, "wallet", secret != NULL ? secret : info->wallet_secret);

  till_session_use (self->session, profile->name);
  WAIT_UNTIL (till_session_get_state (self->session) == TILL_SESSION_OPEN);
}

/**
 * till_upload_test_connect_to:
 * @self: a test
 * @wallet_url: of somebody's wallet
 * @ca_pem: that its server's certificate is issued by
 *
 * Opens a profile that uses it; the services run beside it, to make files.
 */
void
till_upload_test_connect_to (TillUploadTest *self,
                             const char     *wallet_url,
                             const char     *ca_pem)
{
  g_autoptr(TillProfile) profile = till_profile_new ();

  start_sandbox (self);
  profile->name = g_strdup ("Neighbour");
  profile->environment = TILL_ENVIRONMENT_TEST;
  profile->wallet_url = g_strdup (wallet_url);
  profile->wallet_user = g_strdup ("user");
  profile->ca_pem = g_strdup (ca_pem);
  put_profile (self, profile);
  keep_secret (self, profile->name, "wallet", "secret");

  till_session_use (self->session, profile->name);
  WAIT_UNTIL (till_session_get_state (self->session) == TILL_SESSION_OPEN);
}

/**
 * till_upload_test_fault:
 * @self: a test that is connected
 * @fault: as the sandbox takes it
 *
 * Orders something to go wrong.
 */
void
till_upload_test_fault (TillUploadTest *self,
                        const char     *fault)
{
  g_autoptr(GError) error = NULL;

  till_sandbox_order_fault (self->sandbox, fault, &error);
  g_assert_no_error (error);
}

/**
 * till_upload_test_list:
 * @self: a test
 * @sources: #TillShopSource
 *
 * Returns: (transfer full) (element-type TillItem): what is there
 */
GPtrArray *
till_upload_test_list (TillUploadTest *self,
                       guint           sources)
{
  TillShop *shop = till_session_get_shop (self->session);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(TillItemList) list = NULL;

  till_shop_list_async (shop, sources, NULL, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  list = till_shop_list_finish (shop, result, NULL);
  g_assert_nonnull (list);
  g_assert_no_error (list->error);

  return g_ptr_array_ref (list->items);
}

/**
 * till_upload_test_dup_item:
 * @self: a test
 * @base_name: a pass type
 *
 * Returns: (transfer full) (nullable): the certificate of that type, as the service says it is now
 */
TillItem *
till_upload_test_dup_item (TillUploadTest *self,
                           const char     *base_name)
{
  g_autoptr(GPtrArray) items = till_upload_test_list (self, TILL_SOURCE_WALLET);

  for (guint i = 0; i < items->len; i++)
    {
      TillItem *item = items->pdata[i];

      if (g_strcmp0 (item->wallet->base_name, base_name) == 0)
        return till_item_ref (item);
    }

  return NULL;
}

typedef struct
{
  const char *profile_id;
  const char *operation;
  GPtrArray  *found;
} Query;

static gboolean
query_work (TillTransaction  *transaction,
            gpointer          data,
            GError          **error)
{
  Query *query = data;

  query->found = till_transaction_list_intents (transaction, query->profile_id, FALSE, error);
  for (guint i = 0; query->found != NULL && i < query->found->len; )
    if (g_str_equal (((const TillIntentRecord *) query->found->pdata[i])->operation, query->operation))
      i++;
    else
      g_ptr_array_remove_index (query->found, i);

  return query->found != NULL;
}

/**
 * till_upload_test_list_intents:
 * @self: a test
 * @operation: such as "certificates.add"
 *
 * Returns: (transfer full) (element-type TillIntentRecord): what the journal has of that kind
 */
GPtrArray *
till_upload_test_list_intents (TillUploadTest *self,
                               const char     *operation)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  Query query = { till_session_get_current (self->session)->id, operation, NULL };

  till_store_run_async (till_session_get_store (self->session), query_work, &query, NULL, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  till_store_run_finish (till_session_get_store (self->session), result, &error);
  g_assert_no_error (error);

  return query.found;
}

static void
done_cb (TillUploadTest *self,
         TillItem       *item)
{
  self->n_done++;
  g_free (self->done_id);
  self->done_id = item != NULL ? g_strdup (item->id) : NULL;
}

/**
 * till_upload_test_show:
 * @self: a test that is connected
 * @kind: what for
 * @base_name: (nullable): of what is to be replaced
 * @file: (nullable): chosen already
 * @width: of the window
 * @height: of the window
 *
 * Shows the window.
 */
void
till_upload_test_show (TillUploadTest *self,
                       TillUploadKind  kind,
                       const char     *base_name,
                       GFile          *file,
                       int             width,
                       int             height)
{
  g_autoptr(TillItem) item = base_name != NULL ? till_upload_test_dup_item (self, base_name) : NULL;

  self->window = till_upload_window_new (GTK_WINDOW (self->parent), self->session, kind, item, file);
  till_ui_watch_life (self->window, &self->alive);
  g_signal_connect_swapped (self->window, "done", G_CALLBACK (done_cb), self);
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
  gtk_window_present (GTK_WINDOW (self->window));
  WAIT_UNTIL (gtk_widget_get_mapped (self->window) && gtk_widget_get_width (self->window) > 0);
}

/**
 * till_upload_test_wait_gone:
 * @self: a test
 *
 * Waits until the window has gone, with its password and its preflight.
 */
void
till_upload_test_wait_gone (TillUploadTest *self)
{
  WAIT_UNTIL (!self->alive);
  self->window = NULL;
}

/**
 * till_upload_test_close:
 * @self: a test
 *
 * Closes the window and sees it go.
 */
void
till_upload_test_close (TillUploadTest *self)
{
  gtk_window_close (GTK_WINDOW (self->window));
  till_upload_test_wait_gone (self);
}

/**
 * till_upload_test_type:
 * @self: a test
 * @password: what to type
 *
 * Types it, one character after the other, as soon as it is asked for.
 */
void
till_upload_test_type (TillUploadTest *self,
                       const char     *password)
{
  GtkWidget *row = NULL;

  WAIT_UNTIL ((row = till_ui_find (self->window, ADW_TYPE_PASSWORD_ENTRY_ROW, NULL)) != NULL &&
              gtk_widget_get_mapped (row));
  gtk_editable_set_text (GTK_EDITABLE (row), "");
  for (const char *p = password; *p != '\0'; p++)
    {
      int position = -1;

      gtk_editable_set_position (GTK_EDITABLE (row), -1);
      position = gtk_editable_get_position (GTK_EDITABLE (row));
      gtk_editable_insert_text (GTK_EDITABLE (row), p, 1, &position);
    }
}

/**
 * till_upload_test_wait_button:
 * @self: a test
 * @label: what it says
 *
 * Waits for a button that can be pressed.
 */
void
till_upload_test_wait_button (TillUploadTest *self,
                              const char     *label)
{
  GtkWidget *button = NULL;

  WAIT_UNTIL ((button = till_keys_test_find_button (self->window, label)) != NULL && gtk_widget_is_sensitive (button));
}

/* GTK 4.8 can't be asked for a property, only whether it has that value. */
static gboolean
has_name (GtkWidget  *row,
          const char *name)
{
  g_autofree char *differs = gtk_test_accessible_check_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                                                 name, NULL);

  return differs == NULL;
}

/**
 * till_upload_test_has_check:
 * @self: a test
 * @name: such as “Passed: Password opens the file”
 *
 * Returns: whether a row of the checklist is read aloud so, and seen so
 */
gboolean
till_upload_test_has_check (TillUploadTest *self,
                            const char     *name)
{
  GtkWidget *checklist = till_ui_find (self->window, TILL_TYPE_CHECKLIST, NULL);
  GtkWidget *list = gtk_widget_get_first_child (checklist);
  g_auto(GStrv) parts = g_strsplit (name, ": ", 2);
  GPtrArray *entries;

  if (!gtk_widget_get_mapped (checklist))
    return FALSE;

  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL; row = gtk_widget_get_next_sibling (row))
    if (has_name (row, name))
      return till_keys_test_sees (row, parts[0]) && till_keys_test_sees (row, parts[1]);

  entries = TILL_UPLOAD_WINDOW (self->window)->entries;
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    g_test_message ("it says: %s", ((const TillChecklistEntry *) entries->pdata[i])->text);

  return FALSE;
}

/**
 * till_upload_test_write:
 * @self: a test
 * @name: of the file
 * @bytes: what is in it
 *
 * Returns: (transfer full): a file
 */
GFile *
till_upload_test_write (TillUploadTest *self,
                        const char     *name,
                        GBytes         *bytes)
{
  g_autofree char *path = till_test_dir_file (self->dir, name);
  g_autoptr(GError) error = NULL;
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  g_assert_true (g_file_set_contents (path, data, (gssize) size, &error));
  g_assert_no_error (error);

  return g_file_new_for_path (path);
}

/**
 * till_upload_test_make_pass:
 * @self: a test that is connected
 * @base_name: pass type
 * @team: at Apple
 * @from: seconds since 1970
 * @to: likewise
 * @nfc: whether it is for NFC
 * @password: of the file
 *
 * Returns: (transfer full): a .p12 that the wallet takes
 */
GFile *
till_upload_test_make_pass (TillUploadTest *self,
                            const char     *base_name,
                            const char     *team,
                            gint64          from,
                            gint64          to,
                            gboolean        nfc,
                            const char     *password)
{
  g_autofree char *name = g_strdup_printf ("shop-%u.p12", ++self->n_files);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = till_sandbox_make_pass_p12 (self->sandbox, base_name, team, from, to, nfc, password, &error);

  g_assert_no_error (error);

  return till_upload_test_write (self, name, bytes);
}

static gnutls_x509_privkey_t
import_key (const char *pem)
{
  gnutls_datum_t datum = { (unsigned char *) pem, (unsigned int) strlen (pem) };
  gnutls_x509_privkey_t key;

  g_assert_cmpint (gnutls_x509_privkey_init (&key), ==, 0);
  g_assert_cmpint (gnutls_x509_privkey_import2 (key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0), ==, 0);

  return key;
}

/**
 * till_upload_test_make_p12:
 * @base_name: pass type
 * @with_key: 0 for no key, 1 for that of the certificate, 2 for another one
 * @password: of the file
 *
 * Returns: (transfer full): a .p12
 */
GBytes *
till_upload_test_make_p12 (const char *base_name,
                           guint       with_key,
                           const char *password)
{
  const TillUiCertificate certificate = {
    .name = base_name, .pass_type = base_name, .team = TEAM, .not_before = TILL_UI_NOW - TILL_UI_DAY,
    .not_after = TILL_UI_NOW + 400 * TILL_UI_DAY,
  };
  g_autofree char *pem = till_ui_make_pem (&certificate);
  g_autofree char *key_pem = with_key == 2 ? till_ui_make_other_key_pem () : till_ui_make_key_pem ();
  gnutls_datum_t pem_datum = { (unsigned char *) pem, (unsigned int) strlen (pem) };
  gnutls_x509_privkey_t key = import_key (key_pem);
  gnutls_x509_crt_t crt;
  gnutls_pkcs12_bag_t bag;
  gnutls_pkcs12_t p12;
  gnutls_datum_t key_der, datum;
  GBytes *bytes;

  g_assert_cmpint (gnutls_x509_crt_init (&crt), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_import (crt, &pem_datum, GNUTLS_X509_FMT_PEM), ==, 0);
  g_assert_cmpint (gnutls_pkcs12_init (&p12), ==, 0);
  g_assert_cmpint (gnutls_pkcs12_bag_init (&bag), ==, 0);
  g_assert_cmpint (gnutls_pkcs12_bag_set_crt (bag, crt), >=, 0);
  g_assert_cmpint (gnutls_pkcs12_bag_encrypt (bag, password, GNUTLS_PKCS_PBES2_AES_256), ==, 0);
  g_assert_cmpint (gnutls_pkcs12_set_bag (p12, bag), ==, 0);
  gnutls_pkcs12_bag_deinit (bag);

  if (with_key > 0)
    {
      g_assert_cmpint (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_DER, password, GNUTLS_PKCS_PBES2_AES_256,
                                                          &key_der), ==, 0);
      g_assert_cmpint (gnutls_pkcs12_bag_init (&bag), ==, 0);
      g_assert_cmpint (gnutls_pkcs12_bag_set_data (bag, GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, &key_der), >=, 0);
      g_assert_cmpint (gnutls_pkcs12_set_bag (p12, bag), ==, 0);
      gnutls_pkcs12_bag_deinit (bag);
      gnutls_free (key_der.data);
    }

  g_assert_cmpint (gnutls_pkcs12_generate_mac2 (p12, GNUTLS_MAC_SHA256, password), ==, 0);
  g_assert_cmpint (gnutls_pkcs12_export2 (p12, GNUTLS_X509_FMT_DER, &datum), ==, 0);
  bytes = g_bytes_new (datum.data, datum.size);
  gnutls_free (datum.data);
  gnutls_pkcs12_deinit (p12);
  gnutls_x509_crt_deinit (crt);
  gnutls_x509_privkey_deinit (key);

  return bytes;
}
