/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys pane in a window of its own, with a profile, a clock and services that can be made to fail. */
#pragma once

#include "till-ui-test.h"

#include "till-keys-pane.h"
#include "till-sandbox.h"

G_BEGIN_DECLS

typedef struct
{
  TillTestDir *dir;
  TillClock   *clock;
  TillVault   *vault;
  TillSession *session;
  TillSandbox *sandbox;     /* (nullable) of a profile that is not Practice */
  GtkWidget   *window;      /* (nullable) until shown */
  GtkWidget   *pane;        /* (nullable) until shown */
} TillKeysTest;

TillKeysTest *till_keys_test_new           (void) G_GNUC_WARN_UNUSED_RESULT;
void          till_keys_test_free          (TillKeysTest    *self);
/* The pretended profile, with its three keys in overlap. */
void          till_keys_test_practise      (TillKeysTest    *self);
/* A profile of that environment with services of its own, and no key. */
void          till_keys_test_connect       (TillKeysTest    *self,
                                            TillEnvironment  environment,
                                            gboolean         repeat_lost);
void          till_keys_test_show          (TillKeysTest    *self,
                                            int              width,
                                            int              height);
void          till_keys_test_close         (TillKeysTest    *self);
void          till_keys_test_fault         (TillKeysTest    *self,
                                            const char      *fault);
/* Adds the example keys of the services. */
void          till_keys_test_add_examples  (TillKeysTest    *self);
void          till_keys_test_act           (TillKeysTest    *self,
                                            const char      *action);
/* Moves the clock and lets the pane look. */
void          till_keys_test_go_to         (TillKeysTest    *self,
                                            gint64           now);
/* The keys as the store has them, newest first. */
GPtrArray    *till_keys_test_list          (TillKeysTest    *self) G_GNUC_WARN_UNUSED_RESULT;
/* How many lines of the activity log are about that. */
guint         till_keys_test_count_log     (TillKeysTest    *self,
                                            const char      *event);
guint         till_keys_test_count_rows    (TillKeysTest    *self);
GtkWidget    *till_keys_test_get_row       (TillKeysTest    *self,
                                            guint            index);
/* Below @root, seen by a person: a label that holds the text. */
gboolean      till_keys_test_sees          (GtkWidget       *root,
                                            const char      *text);
GtkWidget    *till_keys_test_find_button   (GtkWidget       *root,
                                            const char      *label);
void          till_keys_test_press         (GtkWidget       *root,
                                            const char      *label);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillKeysTest, till_keys_test_free)

#define assert_sees(root, text) \
  G_STMT_START { \
    if (!till_keys_test_sees (root, text)) \
      g_error ("%s:%d: it does not say: %s", __FILE__, __LINE__, text); \
  } G_STMT_END

G_END_DECLS
