/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the wallet answers: the documents' own samples, what is tolerated, and everything else (API.md 6.4, 6.8, 6.10). */
#include "config.h"

#include <string.h>

#include "answers.h"
#include "till-error.h"
#include "till-limits.h"
#include "till-service-private.h"
#include "till-time.h"
#include "till-wallet-private.h"

static TillWalletCertificate *
read_certificate (const char  *text,
                  GError     **error)
{
  g_autofree char *json = quoted (text);
  g_autoptr(TillSecret) body = secret_of (json);

  return till_wallet_certificate_new (body, error);
}

static gint64
time_of (const char *text)
{
  gint64 seconds = 0;

  g_assert_true (till_time_parse (text, &seconds, NULL));

  return seconds;
}

/* The answer to GET, as it stands in the documents. */
static void
test_sample (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TillWalletCertificate) self = read_certificate (
    "{\n  'id': '9d9d28f2-4f63-44fc-82d2-ba101d2c4fd9',\n  'vendor': 'Apple',\n"
    "  'baseName': 'pass.com.company.sample.alpha',\n  'teamIdentifier': 'PGJV57GD94',\n  'nfcSupport': true,\n"
    "  'enabled': true,\n  'default': false,\n  'createdAt': '2022-04-05T03:22:47.000Z',\n"
    "  'updatedAt': '2022-04-05T03:22:47.000Z',\n  'validityStart': '2021-11-03T03:45:53.000Z',\n"
    "  'validityEnd': '2022-12-03T04:45:52.000Z',\n  'expired': true\n}\n", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (self->id, ==, "9d9d28f2-4f63-44fc-82d2-ba101d2c4fd9");
  g_assert_cmpstr (self->vendor, ==, "Apple");
  g_assert_null (self->name);
  g_assert_null (self->comment);
  g_assert_cmpstr (self->base_name, ==, "pass.com.company.sample.alpha");
  g_assert_cmpstr (self->team_identifier, ==, "PGJV57GD94");
  g_assert_cmpint (self->nfc_support, ==, TILL_TRI_TRUE);
  g_assert_cmpint (self->enabled, ==, TILL_TRI_TRUE);
  g_assert_cmpint (self->is_default, ==, TILL_TRI_FALSE);
  g_assert_cmpint (self->expired, ==, TILL_TRI_TRUE);
  g_assert_cmpint (self->created_at, ==, time_of ("2022-04-05T03:22:47Z"));
  g_assert_cmpint (self->validity_start, ==, time_of ("2021-11-03T03:45:53Z"));
  g_assert_cmpint (self->validity_end, ==, time_of ("2022-12-03T04:45:52Z"));
  g_assert_false (self->has_templates);
  g_assert_cmpuint (self->templates->len, ==, 0);
  g_assert_null (self->problem);
}

/* The answer to POST with its trailing comma taken out; updatedAt lies before createdAt there. */
static void
test_post_sample (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TillWalletCertificate) self = NULL;
  static const char broken[] =
    "{'id':'40adce15-5c52-479d-8620-54c21cd851a6','vendor':'Apple','name':'editable name',"
    "'createdAt':'2016-05-26T23:23:21Z','updatedAt':'2016-05-26T22:23:21Z',}";

  self = read_certificate (
    "{'id':'40adce15-5c52-479d-8620-54c21cd851a6','vendor':'Apple','name':'editable name',"
    "'baseName':'internal cert name','comment':'something about this cert','teamIdentifier':'XYZ','enabled':true,"
    "'default':false,'createdAt':'2016-05-26T23:23:21Z','updatedAt':'2016-05-26T22:23:21Z'}", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (self->name, ==, "editable name");
  g_assert_cmpstr (self->comment, ==, "something about this cert");
  g_assert_cmpint (self->nfc_support, ==, TILL_TRI_UNKNOWN);
  g_assert_cmpint (self->expired, ==, TILL_TRI_UNKNOWN);
  g_assert_cmpint (self->validity_end, ==, G_MININT64);
  g_assert_cmpint (self->updated_at, <, self->created_at);

  /* As it is printed it is no JSON, and no half of it is taken. */
  g_assert_null (read_certificate (broken, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
  g_assert_true (g_str_has_prefix (error->message, "the answer was damaged"));
}

/* What may be missing, null, or written otherwise. */
static void
test_tolerated (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TillWalletCertificate) self = NULL;
  g_autoptr(TillWalletCertificate) other = NULL;

  self = read_certificate ("{'id':7,'name':null,'comment':'','enabled':null,'unknown':{'a':[1]},"
                           "'validityEnd':'2023-01-28T15:00-05:00','createdAt':'2023-01-28 15:00:00.123456789Z',"
                           "'templates':[{'id':123,'name':'one'},{'id':'abc','name':''}]}", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (self->id, ==, "7");
  g_assert_null (self->name);
  g_assert_cmpstr (self->comment, ==, "");
  g_assert_cmpint (self->enabled, ==, TILL_TRI_UNKNOWN);
  g_assert_cmpint (self->is_default, ==, TILL_TRI_UNKNOWN);
  g_assert_cmpint (self->validity_end, ==, time_of ("2023-01-28T20:00:00Z"));
  g_assert_cmpint (self->created_at, ==, time_of ("2023-01-28T15:00:00Z"));
  g_assert_true (self->has_templates);
  g_assert_cmpuint (self->templates->len, ==, 2);
  g_assert_cmpstr (((TillWalletTemplate *) g_ptr_array_index (self->templates, 0))->id, ==, "123");
  g_assert_cmpstr (((TillWalletTemplate *) g_ptr_array_index (self->templates, 1))->id, ==, "abc");

  other = till_wallet_certificate_ref (self);
  g_assert_true (other == self);
}

static void
test_empty_templates (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TillWalletCertificate) self = read_certificate ("{'id':'a','templates':[]}", &error);

  g_assert_no_error (error);
  g_assert_true (self->has_templates);
  g_assert_cmpuint (self->templates->len, ==, 0);
}

/* A date that can't be read is named; the rest stands (rows 45 and 48). */
static void
test_problem (void)
{
  static const char * const dates[] = {
    "'2023-02-31T00:00:00Z'", "'2023-01-01T00:00:00'", "'2023-01-01'", "'soon'", "''", "1672531200000",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      g_autofree char *text = g_strdup_printf ("{'id':'a','validityStart':'2021-11-03T03:45:53Z','validityEnd':%s}",
                                               dates[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(TillWalletCertificate) self = read_certificate (text, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (self->problem, ==, "validityEnd");
      g_assert_cmpint (self->validity_end, ==, G_MININT64);
      g_assert_cmpint (self->validity_start, ==, time_of ("2021-11-03T03:45:53Z"));
    }
}

/* Each member in each type that it can't have: an error that names it. */
static void
test_wrong_types (void)
{
  static const struct
  {
    const char *member;
    gboolean    number;      /* may be a number or a string */
    gboolean    truth;
    gboolean    array;
  } members[] = {
    { "id", TRUE, FALSE, FALSE },
    { "vendor", TRUE, FALSE, FALSE },
    { "name", TRUE, FALSE, FALSE },
    { "comment", TRUE, FALSE, FALSE },
    { "baseName", TRUE, FALSE, FALSE },
    { "teamIdentifier", TRUE, FALSE, FALSE },
    { "createdAt", TRUE, FALSE, FALSE },
    { "updatedAt", TRUE, FALSE, FALSE },
    { "validityStart", TRUE, FALSE, FALSE },
    { "validityEnd", TRUE, FALSE, FALSE },
    { "nfcSupport", FALSE, TRUE, FALSE },
    { "enabled", FALSE, TRUE, FALSE },
    { "default", FALSE, TRUE, FALSE },
    { "expired", FALSE, TRUE, FALSE },
    { "templates", FALSE, FALSE, TRUE },
  };
  static const struct
  {
    const char *value;
    char        kind;
  } values[] = {
    { "{}", 'o' }, { "{'a':1}", 'o' }, { "[[]]", 'a' }, { "[7]", 'a' }, { "true", 't' }, { "7", 'n' }, { "1.5", 'f' },
    { "'text'", 's' },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (values); j++)
      {
        gboolean good = (members[i].number && (values[j].kind == 'n' || values[j].kind == 's')) ||
                        (members[i].truth && values[j].kind == 't');
        g_autofree char *id = g_str_equal (members[i].member, "id") ? g_strdup ("") : g_strdup ("'id':'a',");
        g_autofree char *text = g_strdup_printf ("{%s'%s':%s}", id, members[i].member, values[j].value);
        g_autoptr(GError) error = NULL;
        g_autoptr(TillWalletCertificate) self = read_certificate (text, &error);

        g_test_message ("%s", text);
        if (good)
          {
            g_assert_no_error (error);
            continue;
          }

        g_assert_null (self);
        g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
        g_assert_nonnull (strstr (error->message, members[i].member));
        g_assert_true (g_str_has_prefix (till_error_get_detail (error), members[i].member));
      }
}

static void
test_refused (void)
{
  static const struct
  {
    const char *text;
    const char *words;
  } cases[] = {
    { "{}", "field \"id\" is missing" },
    { "{'id':null}", "field \"id\" is null" },
    { "{'id':''}", "field \"id\" is too short" },
    { "[]", "an array where an object is expected" },
    { "'x'", "a string where an object is expected" },
    { "null", "is null" },
    { "{'id':'a','id':'b'}", "contradicts itself: it says \"id\" twice" },
    { "{'id':'a','templates':[{'name':'n'}]}", "templates[0].id" },
    { "{'id':'a','templates':[{'id':1}]}", "templates[0].name" },
    { "{'id':'a','templates':['t']}", "templates[0]" },
    { "{'id':100000000000000000000000000000}", "damaged" },
    { "{'id':'a','updatedAt':-1e400}", "damaged" },
    { "{'id':'a'", "ends too early" },
    { "", "empty" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (read_certificate (cases[i].text, &error));
      g_test_message ("%s: %s", cases[i].text, error->message);
      g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
      g_assert_nonnull (strstr (error->message, cases[i].words));
    }
}

static TillWalletPage *
read_page (const char  *text,
           GError     **error)
{
  g_autofree char *json = quoted (text);
  g_autoptr(TillSecret) body = secret_of (json);

  return till_wallet_page_new (body, error);
}

/* Both list samples of the documents; the second with its comma made a colon. */
static void
test_page_samples (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TillWalletPage) plain = NULL;
  g_autoptr(TillWalletPage) paged = NULL;
  TillWalletCertificate *item;
  static const char sample[] =
    "{'nextPage':'https://wallet.urbanairship.com/v1/certificates/list/?page=11&pageSize=10','count':2,"
    "'pagination':{'order':'name','page':1,'start':0,'direction':'DESC','pageSize':10},'certificates':["
    "{'id':'40adce15-5c52-479d-8620-54c21cd851a6','vendor':'Apple','baseName':'pass.com.myName.test',"
    "'name':'editable name','comment':'something about this cert','teamIdentifier':'9M8MY376H5','nfcSupport':false,"
    "'enabled':false,'createdAt':'2018-05-26T23:23:21Z','updatedAt':'2019-05-26T22:23:21Z','expired':false,"
    "'validityStart':'2018-05-26T23:45:00Z','validityEnd':'2019-05-26T23:45:00Z',"
    "'templates':[{'id':123,'name':'templateName1'},{'id':221,'name':'templateName2'}]},"
    "{'id':'12adce15-5c52-479d-8620-54c21cd851aa','vendor':'Apple','baseName'%s'pass.wallet.myName.anotherTest',"
    "'name':'editable name1','default':false,'templates':[{'id':123,'name':'templateName1'}]}]}";
  g_autofree char *good = g_strdup_printf (sample, ":");
  g_autofree char *broken = g_strdup_printf (sample, ", ");

  plain = read_page ("{'certificates':[{'id':'9d9d28f2-4f63-44fc-82d2-ba101d2c4fd9','default':false}]}", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plain->certificates->len, ==, 1);
  g_assert_false (plain->has_next);
  g_assert_cmpint (plain->page_size, ==, 0);

  paged = read_page (good, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (paged->certificates->len, ==, 2);
  g_assert_true (paged->has_next);
  g_assert_cmpint (paged->page_size, ==, 10);
  item = g_ptr_array_index (paged->certificates, 0);
  g_assert_cmpint (item->is_default, ==, TILL_TRI_UNKNOWN);
  g_assert_cmpint (item->expired, ==, TILL_TRI_FALSE);
  g_assert_cmpuint (item->templates->len, ==, 2);
  item = g_ptr_array_index (paged->certificates, 1);
  g_assert_cmpint (item->is_default, ==, TILL_TRI_FALSE);

  g_assert_null (read_page (broken, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
}

static char *
dump (const TillWalletCertificate *self)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%s|%s|%s|%s|%s|%s|%d%d%d%d|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT
                   "|%" G_GINT64_FORMAT "|%d|%s", self->id, self->vendor, self->name, self->comment, self->base_name,
                   self->team_identifier, self->nfc_support, self->enabled, self->is_default, self->expired,
                   self->created_at, self->updated_at, self->validity_start, self->validity_end, self->has_templates,
                   self->problem);
  for (guint i = 0; i < self->templates->len; i++)
    {
      const TillWalletTemplate *item = g_ptr_array_index (self->templates, i);

      g_string_append_printf (text, "|%s=%s", item->id, item->name);
    }

  return g_string_free (text, FALSE);
}

/* However an item is written, in a list it reads as it does by itself. */
static void
test_page_items (void)
{
  static const char * const items[] = {
    "{'id':'1'}",
    "{ 'id' : '2' , 'name' : null , 'enabled':true,'expired' :false\n}",
    "{'id':'3','name':'a \\'b\\' \\\\ \\u00e4\\ud83d\\ude00 \\/\\n\\t}],','comment':'\303\244 [{'}",
    "{'i\\u0064':'4','enabled':false}",
    "{'id':5,'vendor':7,'name':-1,'default':true}",
    "{'id':'6','templates':[{'id':123,'name':'one'},{'id':'x','name':'two'}],'nfcSupport':true}",
    "{'id':'7','templates':[]}",
    "{'id':'8','templates':null}",
    "{'id':'9','createdAt':'2022-04-05T03:22:47.123456789Z','updatedAt':'2023-01-28T15:00-05:00'}",
    "{'id':'10','createdAt':'some day','validityEnd':1672531200000}",
    "{'id':'11','createdAt':'2022-04-05T03:22:47.000Z0000000000000000000000000000000000000000000000000000000000000'}",
    "{'unknown':{'id':[{'id':'no'}]},'id':'12','more':[[],{},'',0.5e1,null]}",
    "{'id':'13','certificate':'MAMCAQc=','password':'pw','PASSWORD':{'a':1}}",
    "{'id':'14','validityStart':'2022-04-05T03:22:47\\u005a'}",
    "{'ID':'15x','id':'15'}",
    "{'id':'16','name':''}",
  };
  g_autofree char *all = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TillWalletPage) page = NULL;

  all = g_strjoin (" ,\n", items[0], items[1], items[2], items[3], items[4], items[5], items[6], items[7], items[8],
                   items[9], items[10], items[11], items[12], items[13], items[14], items[15], NULL);
  text = g_strdup_printf ("{'x':{'certificates':[7]},'y':'certificates','certificates' : [ %s ] ,'count':16,"
                          "'nextPage':'?page=2'}", all);
  page = read_page (text, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (page->certificates->len, ==, G_N_ELEMENTS (items));
  g_assert_true (page->has_next);

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_autoptr(TillWalletCertificate) alone = read_certificate (items[i], &error);
      g_autofree char *want = NULL;
      g_autofree char *got = NULL;
      g_autofree char *number = g_strdup_printf ("%u|", i + 1);

      g_assert_no_error (error);
      want = dump (alone);
      got = dump (g_ptr_array_index (page->certificates, i));
      g_assert_cmpstr (got, ==, want);
      g_assert_true (g_str_has_prefix (got, number));
    }
}

static void
test_page_members (void)
{
  static const struct
  {
    const char *text;
    gboolean    has_next;
    gint64      page_size;
    const char *wrong;      /* NULL: read */
  } cases[] = {
    { "{'certificates':[]}", FALSE, 0, NULL },
    { "{'certificates':[],'nextPage':null,'count':'2','pagination':null}", FALSE, 0, NULL },
    { "{'certificates':[],'nextPage':''}", FALSE, 0, NULL },
    { "{'certificates':[],'nextPage':'?page=2&pageSize=25'}", TRUE, 25, NULL },
    { "{'certificates':[],'nextPage':'not an address'}", TRUE, 0, NULL },
    { "{'certificates':[],'nextPage':'https://h/?pageSize=-1'}", TRUE, 0, NULL },
    { "{'certificates':[],'nextPage':'https://h/?pageSize=99999999999999999999'}", TRUE, 0, NULL },
    { "{'certificates':[],'nextPage':'https://h/?pageSize=%zz'}", TRUE, 0, NULL },
    { "{'certificates':[],'pagination':{'pageSize':'10','page':'1'}}", FALSE, 10, NULL },
    { "{'certificates':[],'pagination':{}}", FALSE, 0, NULL },
    { "{}", FALSE, 0, "certificates" },
    { "{'certificates':null}", FALSE, 0, "certificates" },
    { "{'certificates':{}}", FALSE, 0, "certificates" },
    { "{'certificates':[{'id':'a'},7]}", FALSE, 0, "certificates[1]" },
    { "{'certificates':[{'id':'a'},{'id':'b','enabled':'yes'}]}", FALSE, 0, "certificates[1].enabled" },
    { "{'certificates':[{'name':'n'}]}", FALSE, 0, "certificates[0].id" },
    { "{'certificates':[],'count':-1}", FALSE, 0, "count" },
    { "{'certificates':[],'count':1.5}", FALSE, 0, "count" },
    { "{'certificates':[],'count':[]}", FALSE, 0, "count" },
    { "{'certificates':[],'nextPage':7}", FALSE, 0, "nextPage" },
    { "{'certificates':[],'nextPage':{}}", FALSE, 0, "nextPage" },
    { "{'certificates':[],'pagination':[]}", FALSE, 0, "pagination" },
    { "{'certificates':[],'pagination':{'page':-1}}", FALSE, 0, "pagination.page" },
    { "{'certificates':[],'pagination':{'start':'x'}}", FALSE, 0, "pagination.start" },
    { "{'certificates':[],'pagination':{'pageSize':true}}", FALSE, 0, "pagination.pageSize" },
    { "[]", FALSE, 0, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TillWalletPage) page = read_page (cases[i].text, &error);

      g_test_message ("%s", cases[i].text);
      if (cases[i].wrong != NULL)
        {
          g_assert_null (page);
          g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
          g_assert_cmpstr (till_error_get_detail (error), ==, cases[i].wrong);
          continue;
        }

      g_assert_no_error (error);
      g_assert_true (page->has_next == cases[i].has_next);
      g_assert_cmpint (page->page_size, ==, cases[i].page_size);
    }
}

/* What an error of a field becomes on its way out: the finer reason, and what is not known now. */
static void
test_field_error (void)
{
  g_autoptr(GError) error = NULL;
  GError *reason = NULL;

  g_assert_null (read_certificate ("{'id':{}}", &reason));
  g_assert_false (till_service_fail_answer (&error, reason, TRUE, 201, "trace"));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_BAD_FIELD);
  g_assert_cmpstr (till_error_get_detail (error), ==, "id");
  g_assert_cmpint (till_error_get_outcome (error), ==, TILL_OUTCOME_UNKNOWN);
  g_assert_cmpint (till_error_get_http_status (error), ==, 201);
  g_assert_cmpstr (till_error_get_trace_id (error), ==, "trace");
  g_assert_cmpstr (error->message, ==,
                   "field \"id\" has an unexpected form: an object where a text is expected; the result is unknown");
}

static void
test_hostile (void)
{
  g_autofree char *deep = g_strnfill (75000, '[');
  g_autoptr(GString) many = g_string_new ("{'certificates':[");
  g_autoptr(GError) error = NULL;

  g_assert_null (read_certificate (deep, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
  g_clear_error (&error);

  for (int i = 0; i <= TILL_LIMIT_JSON_CONTAINER; i++)
    g_string_append_printf (many, "%s{'id':%d}", i > 0 ? "," : "", i);
  g_string_append (many, "]}");
  g_assert_null (read_page (many->str, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_PROTOCOL);
  g_assert_cmpint (till_error_get_reason (error), ==, TILL_REASON_TOO_MANY);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wallet/answer/sample", test_sample);
  g_test_add_func ("/wallet/answer/post-sample", test_post_sample);
  g_test_add_func ("/wallet/answer/tolerated", test_tolerated);
  g_test_add_func ("/wallet/answer/empty-templates", test_empty_templates);
  g_test_add_func ("/wallet/answer/problem", test_problem);
  g_test_add_func ("/wallet/answer/wrong-types", test_wrong_types);
  g_test_add_func ("/wallet/answer/refused", test_refused);
  g_test_add_func ("/wallet/answer/page-samples", test_page_samples);
  g_test_add_func ("/wallet/answer/page-items", test_page_items);
  g_test_add_func ("/wallet/answer/page-members", test_page_members);
  g_test_add_func ("/wallet/answer/field-error", test_field_error);
  g_test_add_func ("/wallet/answer/hostile", test_hostile);

  return g_test_run ();
}
