/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the upload window share. */
#pragma once

#include "till-checklist.h"
#include "till-error-details.h"
#include "till-upload-password.h"
#include "till-upload-window.h"

G_BEGIN_DECLS

/**
 * TillUploadState:
 * @TILL_UPLOAD_STATE_NO_FILE: none is chosen
 * @TILL_UPLOAD_STATE_CHECKING: it is being read, opened and held against what is there
 * @TILL_UPLOAD_STATE_PASSWORD: it waits for a password
 * @TILL_UPLOAD_STATE_FAILED: it did not open, or the service can't be asked; see failure
 * @TILL_UPLOAD_STATE_STOPPED: it opened, and must not be sent
 * @TILL_UPLOAD_STATE_READY: it can be sent; with failure: an earlier try was refused
 * @TILL_UPLOAD_STATE_SENDING: it is on its way
 * @TILL_UPLOAD_STATE_LOOKING: the answer was lost; it is being looked up
 * @TILL_UPLOAD_STATE_UNKNOWN: whether it was done can't be told; a person is asked
 * @TILL_UPLOAD_STATE_DIFFERS: the service answered about something else than was sent
 */
typedef enum
{
  TILL_UPLOAD_STATE_NO_FILE,
  TILL_UPLOAD_STATE_CHECKING,
  TILL_UPLOAD_STATE_PASSWORD,
  TILL_UPLOAD_STATE_FAILED,
  TILL_UPLOAD_STATE_STOPPED,
  TILL_UPLOAD_STATE_READY,
  TILL_UPLOAD_STATE_SENDING,
  TILL_UPLOAD_STATE_LOOKING,
  TILL_UPLOAD_STATE_UNKNOWN,
  TILL_UPLOAD_STATE_DIFFERS,
} TillUploadState;

struct _TillUploadWindow
{
  AdwWindow            parent_instance;

  TillSession         *session;           /* (nullable) once it is closed */
  TillShop            *shop;              /* (nullable) where no profile is open */
  TillUploadKind       kind;
  TillItem            *replaces;          /* (nullable) of TILL_UPLOAD_REPLACE */

  TillUploadState      state;
  GFile               *file;              /* (nullable) */
  gboolean             needs_password;
  gboolean             trimmed;           /* the password fits without the white space around it */
  guint                check_id;          /* begins a check when no key was pressed for a moment */
  GCancellable        *checking;          /* (nullable) */
  GCancellable        *choosing;          /* (nullable) while a file is being chosen */
  GPtrArray           *entries;           /* (element-type TillChecklistEntry) (nullable) */
  TillPreflight       *preflight;         /* (nullable) of the wallet */
  TillDocument        *document;          /* (nullable) of Commerce Hub */
  GError              *failure;           /* (nullable) */
  char                *notice;            /* (nullable) what became of an earlier try */
  char                *prefilled_from;    /* (nullable) id of the certificate whose name and comment were filled in */
  char                *prefilled_name;    /* (nullable) */
  char                *prefilled_comment; /* (nullable) */

  GCancellable        *sending;           /* (nullable) also while it is looked up */
  gint64               begun_at;
  gint64               intent_id;         /* of TILL_UPLOAD_STATE_UNKNOWN */
  gboolean             closing;           /* a person closed the window while it was being sent */
  TillShopChanged     *answer;            /* (nullable) of TILL_UPLOAD_STATE_DIFFERS */
  GPtrArray           *differing;         /* (element-type TillFact) (nullable) likewise */

  AdwWindowTitle      *title;
  GtkImage            *environment_icon;
  GtkWidget           *live_band;
  AdwToastOverlay     *toasts;
  GtkStack            *stack;
  GtkWidget           *drop_highlight;
  GtkWidget           *choose_button;
  AdwActionRow        *file_row;
  TillUploadPassword  *password;
  GtkWidget           *failure_box;
  GtkLabel            *failure_title;
  GtkLabel            *failure_body;
  GtkWidget           *retry_button;
  TillErrorDetails    *failure_details;
  TillChecklist       *checklist;
  GtkWidget           *lost_box;
  GtkLabel            *lost_body;
  GtkWidget           *renewal_box;
  GtkLabel            *renewal_label;
  GtkWidget           *current_group;
  GtkListBox          *current_list;
  GtkWidget           *naming_group;
  GtkEditable         *name_row;
  GtkEditable         *comment_row;
  GtkSwitch           *enabled_switch;
  AdwActionRow        *default_row;
  GtkSwitch           *default_switch;
  GtkWidget           *hub_group;
  GtkEditable         *key_id_row;
  GtkLabel            *key_id_hint;
  AdwComboRow         *algorithm_row;
  GtkLabel            *outcome_title;
  GtkLabel            *outcome_body;
  GtkListBox          *outcome_list;
  GtkWidget           *outcome_buttons;
  GtkWidget           *outcome_check;
  TillErrorDetails    *outcome_details;
  GtkSpinner          *spinner;
  GtkLabel            *reason;
  GtkWidget           *cancel_button;
  GtkWidget           *as_new_button;
  GtkWidget           *send_button;
};

/* till-upload-window.c */
void             till_upload_window_set_state    (TillUploadWindow    *self,
                                                  TillUploadState      state);
void             till_upload_window_set_file     (TillUploadWindow    *self,
                                                  GFile               *file);
void             till_upload_window_set_failure  (TillUploadWindow    *self,
                                                  const GError        *error);
gboolean         till_upload_window_is_busy      (TillUploadWindow    *self);
/* Its passes would be lost, and there is another way. */
gboolean         till_upload_window_is_lost      (TillUploadWindow    *self);
/* It renews what is there though it is added. */
gboolean         till_upload_window_is_renewal   (TillUploadWindow    *self);
/* What it takes the place of. (nullable), lent */
const TillWalletCertificate *till_upload_window_get_current (TillUploadWindow *self);
/* Says it where it stays to be read when this window is gone. */
void             till_upload_window_tell_parent  (TillUploadWindow    *self,
                                                  const char          *text);
void             till_upload_window_emit_done    (TillUploadWindow    *self,
                                                  TillItem            *item);

/* till-upload-view.c */
void             till_upload_window_build        (TillUploadWindow    *self);

/* till-upload-update.c */
void             till_upload_window_update       (TillUploadWindow    *self);

/* till-upload-check.c */
/* Now; what was under way is cancelled. */
void             till_upload_window_check        (TillUploadWindow    *self);
/* In a moment, when nothing more is typed. */
void             till_upload_window_check_soon   (TillUploadWindow    *self);
/* Forgets what was found, and stops looking. */
void             till_upload_window_forget_check (TillUploadWindow    *self);

/* till-upload-confirm.c */
/* Asks where it must; sends where nobody needs to be asked or the answer is yes. */
void             till_upload_window_ask_send     (TillUploadWindow    *self);
/* Asks whether to stop what is being sent. */
void             till_upload_window_ask_close    (TillUploadWindow    *self);

/* till-upload-send.c */
void             till_upload_window_send         (TillUploadWindow    *self);

/* till-upload-outcome.c */
/* After a lost answer: looks at the service, or asks with the same request number. */
void             till_upload_window_look         (TillUploadWindow    *self);
/* For a window that is gone: nobody waits for what comes of it. */
void             till_upload_look_quietly        (TillSession         *session,
                                                  TillShop            *shop);
void             till_upload_window_mark         (TillUploadWindow    *self,
                                                  gboolean             done);
/* changed: (transfer full): an answer that says otherwise than what was sent. */
void             till_upload_window_doubt        (TillUploadWindow    *self,
                                                  TillShopChanged     *changed);
void             till_upload_window_succeed      (TillUploadWindow    *self,
                                                  TillItem            *item,
                                                  gboolean             renewed);

G_END_DECLS
