/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The upload window over services in the process, with files good and bad made on the spot. */
#pragma once

#include "till-ui-test.h"

#include "till-sandbox.h"
#include "till-upload-window.h"

G_BEGIN_DECLS

/* Of the services' examples: the default one, used by two templates; and one with NFC. */
#define LOYALTY      "pass.com.example.shop.loyalty"
#define LOYALTY_ENDS (TILL_UI_NOW + 240 * TILL_UI_DAY)
#define DOOR         "pass.com.example.shop.door"
#define STAFF        "pass.com.example.shop.staff"
#define TEAM         "ABCDE12345"

/* Nobody may see it. */
#define PASSWORD "correct-horse-7"

typedef struct
{
  TillTestDir *dir;
  TillClock   *clock;
  TillVault   *vault;
  TillSession *session;
  TillSandbox *sandbox;     /* (nullable) */
  GtkWidget   *parent;      /* with the action "win.toast" */
  GtkWidget   *window;      /* (nullable) until shown, and once it is gone */
  gboolean     alive;       /* of @window, as long as somebody holds it */
  char        *toast;       /* (nullable): the last one of @parent */
  guint        n_done;      /* how often "done" came */
  char        *done_id;     /* (nullable): of its item */
  guint        n_files;
  gboolean     repeat_lost; /* of the profile: whether lost answers are asked for again by itself */
} TillUploadTest;

TillUploadTest *till_upload_test_new         (void) G_GNUC_WARN_UNUSED_RESULT;
void            till_upload_test_free        (TillUploadTest   *self);
/* A profile over services of its own. secret: (nullable): another one than the right one. */
void            till_upload_test_connect     (TillUploadTest   *self,
                                              TillEnvironment   environment,
                                              const char       *secret);
/* A profile over a wallet at that address, and nothing else. */
void            till_upload_test_connect_to  (TillUploadTest   *self,
                                              const char       *wallet_url,
                                              const char       *ca_pem);
void            till_upload_test_fault       (TillUploadTest   *self,
                                              const char       *fault);

/* base_name: (nullable): of what is to be replaced. */
void            till_upload_test_show        (TillUploadTest   *self,
                                              TillUploadKind    kind,
                                              const char       *base_name,
                                              GFile            *file,
                                              int               width,
                                              int               height);
/* Waits until the window has gone, with all that it held. */
void            till_upload_test_wait_gone   (TillUploadTest   *self);
void            till_upload_test_close       (TillUploadTest   *self);
void            till_upload_test_type        (TillUploadTest   *self,
                                              const char       *password);
/* Waits for a button that can be pressed. */
void            till_upload_test_wait_button (TillUploadTest   *self,
                                              const char       *label);
/* A row of the checklist whose accessible name begins so. */
gboolean        till_upload_test_has_check   (TillUploadTest   *self,
                                              const char       *name);

/* (nullable): none of that pass type */
TillItem       *till_upload_test_dup_item    (TillUploadTest   *self,
                                              const char       *base_name) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray      *till_upload_test_list        (TillUploadTest   *self,
                                              guint             sources) G_GNUC_WARN_UNUSED_RESULT;
/* (element-type TillIntentRecord): changes of that kind, in the order of the store */
GPtrArray      *till_upload_test_list_intents (TillUploadTest  *self,
                                              const char       *operation) G_GNUC_WARN_UNUSED_RESULT;

/* Files. */
GFile          *till_upload_test_write       (TillUploadTest   *self,
                                              const char       *name,
                                              GBytes           *bytes) G_GNUC_WARN_UNUSED_RESULT;
GFile          *till_upload_test_make_pass   (TillUploadTest   *self,
                                              const char       *base_name,
                                              const char       *team,
                                              gint64            from,
                                              gint64            to,
                                              gboolean          nfc,
                                              const char       *password) G_GNUC_WARN_UNUSED_RESULT;
/* A .p12 of EC keys. with_key: 0 without, 1 the certificate's, 2 another one. */
GBytes         *till_upload_test_make_p12    (const char       *base_name,
                                              guint             with_key,
                                              const char       *password) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillUploadTest, till_upload_test_free)

G_END_DECLS
