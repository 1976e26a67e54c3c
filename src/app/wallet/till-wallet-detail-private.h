/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the details page of a certificate at a service share. */
#pragma once

#include <adwaita.h>

#include "till-error-details.h"
#include "till-status-shape.h"
#include "till-undo.h"
#include "till-validity-bar.h"
#include "till-wallet-detail.h"

G_BEGIN_DECLS

/* What waits for the time to undo. */
typedef enum
{
  TILL_LEAVE_REMOVE,
  TILL_LEAVE_SWITCH_OFF,
} TillLeave;

/* Makes one row of those behind an expander. */
typedef GtkWidget *(*TillMakeRow) (TillWalletDetail *self,
                                   guint             index);

/* Rows that one expander has, made a few at a time when it is opened. */
typedef struct
{
  AdwExpanderRow *row;
  GPtrArray      *rows;            /* (element-type GtkWidget) (nullable) until it is filled */
  guint           n_wanted;
  TillMakeRow     make;
} TillUnfolded;

struct _TillWalletDetail
{
  GtkWidget         parent_instance;

  TillSession      *session;
  TillShop         *shop;          /* (nullable) */
  TillItem         *item;          /* (nullable) */
  gint64            seen_at;       /* of the item */
  TillItem         *before;        /* (nullable): as it was before somebody else changed it */
  GHashTable       *drafts;        /* of id to what was typed for it and not sent */
  char             *base_name;     /* what the rows showed before anything was typed */
  char             *base_comment;
  gboolean          filling;       /* the rows, by us */

  GCancellable     *changing;      /* (nullable) of the change that runs */
  GCancellable     *looking;       /* (nullable) of what is read for the item */
  GCancellable     *saving;        /* of files that are written */
  GError           *failure;       /* (nullable) what the failure box is about */
  GPtrArray        *intents;       /* (element-type TillIntentRecord) (nullable): of the item, not settled */
  GPtrArray        *log;           /* (element-type TillLogRecord) (nullable): of the item, newest first */
  guint             tick_id;
  guint             unfolding_id;

  TillUndo         *undo;
  guint             undo_seconds;
  TillLeave         leave;         /* of what waits */
  TillItem         *leave_item;    /* (nullable) as it was when the waiting began */

  GtkStack         *stack;
  GtkScrolledWindow *scroller;
  GtkWidget        *busy_box;
  GtkSpinner       *busy_spinner;
  GtkLabel         *busy_label;
  GtkWidget        *waiting_box;
  GtkLabel         *waiting_label;
  GtkWidget        *failure_box;
  TillStatusShape  *failure_shape;
  GtkLabel         *failure_title;
  GtkLabel         *failure_body;
  GtkWidget        *failure_profile;
  TillErrorDetails *failure_details;
  GtkWidget        *pending_group;
  GtkListBox       *pending_list;
  GtkLabel         *name;
  TillStatusShape  *shape;
  GtkLabel         *status;
  GtkLabel         *date;
  TillValidityBar  *bar;
  GtkLabel         *used;
  GtkLabel         *note;
  GtkLabel         *consequence;
  GtkButton        *replace_button;
  GtkLabel         *replace_reason;
  GtkWidget        *conflict_group;
  GtkListBox       *conflict_list;
  GtkWidget        *conflict_mine;
  GtkButton        *conflict_theirs;
  GtkWidget        *templates_list;
  AdwExpanderRow   *templates_row;
  GtkListBox       *facts_list;
  GtkWidget        *change_box;
  AdwActionRow     *default_row;
  GtkWidget        *default_button;
  AdwActionRow     *enabled_row;
  GtkWidget        *enabled_switch;
  GtkEditable      *name_row;
  GtkEditable      *comment_row;
  GtkLabel         *change_reason;
  GtkWidget        *edit_group;
  GtkListBox       *edit_list;
  GtkWidget        *save_button;
  AdwExpanderRow   *technical_row;
  AdwExpanderRow   *history_row;
  AdwExpanderRow   *raw_row;
  GtkWidget        *remove_box;
  GtkLabel         *remove_reason;

  TillUnfolded      templates;
  TillUnfolded      technical;
  TillUnfolded      history;
  TillUnfolded      raw;
};

/* till-wallet-detail.c */
void          till_wallet_detail_update          (TillWalletDetail  *self);
void          till_wallet_detail_toast           (TillWalletDetail  *self,
                                                  const char        *text);
GCancellable *till_wallet_detail_begin           (TillWalletDetail  *self,
                                                  const char        *text);
void          till_wallet_detail_end             (TillWalletDetail  *self);
void          till_wallet_detail_fail            (TillWalletDetail  *self,
                                                  const GError      *error);
/* (nullable): why nothing can be changed. */
char         *till_wallet_detail_dup_lock        (TillWalletDetail  *self) G_GNUC_WARN_UNUSED_RESULT;
/* A fresh state of the item that is shown. */
void          till_wallet_detail_take            (TillWalletDetail  *self,
                                                  TillItem          *item);
void          till_wallet_detail_notify_enabled  (TillWalletDetail  *self);

/* till-wallet-view.c */
void          till_wallet_detail_update_view     (TillWalletDetail  *self);
void          till_wallet_detail_update_card     (TillWalletDetail  *self);
void          till_wallet_detail_unfold          (TillWalletDetail  *self);
void          till_wallet_detail_fold            (TillWalletDetail  *self);
/* The log was read. */
void          till_wallet_detail_refresh_history (TillWalletDetail  *self);

/* till-wallet-edit.c */
/* change: (out): its texts belong to the rows. Returns whether anything was typed. */
gboolean      till_wallet_detail_get_change      (TillWalletDetail  *self,
                                                  TillWalletChange  *change);
void          till_wallet_detail_keep_draft      (TillWalletDetail  *self);
/* From the item, and from what was typed for it. */
void          till_wallet_detail_fill_edit       (TillWalletDetail  *self,
                                                  gboolean           discard);
void          till_wallet_detail_update_edit     (TillWalletDetail  *self);
/* always: also where nothing that was typed is concerned. */
void          till_wallet_detail_show_conflict   (TillWalletDetail  *self,
                                                  TillItem          *before,
                                                  gboolean           always);
GHashTable   *till_wallet_detail_new_drafts      (void) G_GNUC_WARN_UNUSED_RESULT;

/* till-wallet-actions.c */
void          till_wallet_detail_class_install_actions (GtkWidgetClass   *widget_class);
void          till_wallet_detail_update_actions        (TillWalletDetail *self);
void          till_wallet_detail_set_enabled           (TillWalletDetail *self,
                                                        gboolean          enabled);

/* till-wallet-send.c */
/* doing: “Saving…”; done: the toast. */
void          till_wallet_detail_send            (TillWalletDetail       *self,
                                                  const char             *id,
                                                  const TillWalletChange *change,
                                                  gint64                  known_updated_at,
                                                  const char             *doing,
                                                  const char             *done);
void          till_wallet_detail_send_removal    (TillWalletDetail       *self,
                                                  const char             *id);
void          till_wallet_detail_settle          (TillWalletDetail       *self);
void          till_wallet_detail_mark            (TillWalletDetail       *self,
                                                  gint64                  intent_id,
                                                  gboolean                done);

/* till-wallet-leave.c */
void          till_wallet_detail_ask_remove      (TillWalletDetail  *self);
void          till_wallet_detail_leave           (TillWalletDetail  *self,
                                                  TillLeave          leave,
                                                  TillItem          *item);

/* till-wallet-past.c */
void          till_wallet_detail_look            (TillWalletDetail  *self);
void          till_wallet_detail_update_pending  (TillWalletDetail  *self);
GtkWidget    *till_wallet_past_new_row           (const TillLogRecord *record,
                                                  gint64             now);

G_END_DECLS
