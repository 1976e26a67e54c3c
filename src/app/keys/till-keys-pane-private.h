/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the keys pane share. */
#pragma once

#include <adwaita.h>

#include "till-adaptive-bin.h"
#include "till-error-details.h"
#include "till-key-shape.h"
#include "till-key-timeline.h"
#include "till-keys-pane.h"
#include "till-undo.h"

G_BEGIN_DECLS

struct _TillKeysPane
{
  GtkWidget         parent_instance;

  TillSession      *session;
  TillShop         *shop;               /* (nullable) whose keys are shown */
  GPtrArray        *keys;               /* (element-type TillKeyRecord) (nullable) until read */
  GPtrArray        *intents;            /* (element-type TillIntentRecord) (nullable): what is not settled */
  TillAdvice       *advice;             /* (nullable) about @keys */
  GCancellable     *loading;            /* (nullable) */
  GCancellable     *changing;           /* (nullable) of the change that runs */
  GError           *failure;            /* (nullable) what the failure box is about */
  GPtrArray        *rows;               /* (element-type TillKeyRow) */
  guint             n_shown;
  guint             tick_id;
  guint             grow_id;            /* makes the rest of the rows */
  int               as_list;            /* of the timeline: -1 as the width wants, else as the person wants */

  guint             undo_seconds;
  TillUndo         *undo;               /* of a key that is to be revoked */

  TillAdaptiveBin  *adaptive;
  GtkStack         *stack;
  AdwStatusPage    *failed_page;
  GtkSpinner       *opening_spinner;
  GtkLabel         *title;
  GtkWidget        *busy_box;
  GtkSpinner       *busy_spinner;
  GtkLabel         *busy_label;
  GtkWidget        *busy_cancel;
  GtkWidget        *failure_box;
  GtkLabel         *failure_title;
  GtkLabel         *failure_body;
  GtkWidget        *failure_profile;
  TillErrorDetails *failure_details;
  GtkWidget        *pending_group;
  GtkListBox       *pending_list;
  GtkWidget        *empty_page;
  GtkWidget        *content;
  GtkWidget        *none_box;
  TillKeyShape     *none_shape;
  GtkLabel         *none_title;
  GtkLabel         *none_body;
  GtkWidget        *card;
  TillKeyShape     *card_shape;
  GtkLabel         *card_id;
  GtkLabel         *card_kind;
  GtkLabel         *card_ends;
  GtkLabel         *card_accepted;
  GtkLabel         *card_not_accepted;
  GtkWidget        *step_box;
  GtkWidget        *step_sign;
  GtkLabel         *step_label;
  GtkWidget        *timeline_group;
  GtkWidget        *timeline_frame;
  TillKeyTimeline  *timeline;
  GtkListBox       *timeline_list;
  GtkToggleButton  *timeline_toggle;
  GtkListBox       *list;
  GtkWidget        *more_button;
};

/* till-keys-pane.c */
void                 till_keys_pane_load        (TillKeysPane         *self);
void                 till_keys_pane_update      (TillKeysPane         *self);
void                 till_keys_pane_toast       (TillKeysPane         *self,
                                                 const char           *text);
GCancellable        *till_keys_pane_begin       (TillKeysPane         *self,
                                                 const char           *text,
                                                 gboolean              cancellable);
void                 till_keys_pane_end         (TillKeysPane         *self);
void                 till_keys_pane_fail        (TillKeysPane         *self,
                                                 const GError         *error);
const TillKeyRecord *till_keys_pane_get_key     (TillKeysPane         *self,
                                                 const char           *key_id);
const TillKeyRecord *till_keys_pane_get_focused (TillKeysPane         *self);
TillKeyStanding      till_keys_pane_get_standing (TillKeysPane        *self,
                                                  const TillKeyRecord *key);

/* till-keys-view.c */
void                 till_keys_pane_update_view (TillKeysPane         *self);

/* till-keys-actions.c */
void                 till_keys_pane_class_install_actions (GtkWidgetClass *widget_class);
void                 till_keys_pane_update_actions        (TillKeysPane   *self);
void                 till_keys_pane_act                   (TillKeysPane   *self,
                                                           const char     *key_id,
                                                           const char     *action);
/* After a change whose outcome is unknown: asks with the same request number. */
void                 till_keys_pane_settle                (TillKeysPane   *self);

/* till-keys-revoke.c */
void                 till_keys_pane_ask_revoke  (TillKeysPane         *self,
                                                 const TillKeyRecord  *key);

/* till-keys-ready.c, till-keys-import.c, till-keys-export.c, till-keys-encrypt.c */
void                 till_keys_pane_show_ready  (TillKeysPane         *self,
                                                 const TillKeyRecord  *key);
void                 till_keys_pane_show_import (TillKeysPane         *self);
void                 till_keys_pane_show_export (TillKeysPane         *self,
                                                 const TillKeyRecord  *key);
void                 till_keys_pane_show_encrypt (TillKeysPane        *self,
                                                  const TillKeyRecord *key);

G_END_DECLS
