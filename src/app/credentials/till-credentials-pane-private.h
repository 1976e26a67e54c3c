/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the credentials pane share. */
#pragma once

#include <adwaita.h>

#include "till-clipboard.h"
#include "till-credentials-pane.h"
#include "till-error-details.h"
#include "till-secret-row.h"

G_BEGIN_DECLS

/* Before the end, where it is wished. */
#define TILL_CREDENTIALS_REFRESH_SECONDS 120

struct _TillCredentialsPane
{
  GtkWidget           parent_instance;

  TillSession        *session;
  TillShop           *shop;              /* (nullable) */
  TillClipboard      *clipboard;         /* (nullable) until something was copied */
  guint               clipboard_seconds;
  AdwToast           *clipboard_toast;   /* (nullable) while something of ours is on the clipboard */
  TillHubCredentials *credentials;       /* (nullable); once they have ended, without their secrets */
  GCancellable       *cancellable;       /* of dialogs; for as long as the pane is there */
  GCancellable       *asking;            /* (nullable) of the request that runs */
  GError             *failure;           /* (nullable) what the failure box is about */
  guint               asked_minutes;     /* of the request that runs or was the last */
  gint64              received_boot;     /* boot time */
  gint64              end_time;          /* wall time, for saying it */
  gboolean            ended;
  gboolean            refreshed;         /* by itself: once for each token, so that a refusal is not repeated */
  gint64              last_left;         /* seconds that were left when it was looked at last */
  guint               tick_id;
  gulong              active_id;
  GtkWindow          *window;            /* (nullable) whose focus is watched */

  GtkWidget          *scroller;
  GtkWidget          *get_button;
  GtkWidget          *busy_box;
  GtkSpinner         *busy_spinner;
  GtkLabel           *busy_label;
  GtkWidget          *failure_box;
  GtkWidget          *failure_sign;
  GtkLabel           *failure_title;
  GtkLabel           *failure_body;
  GtkWidget          *failure_again;
  GtkWidget          *failure_profile;
  GtkWidget          *failure_vault;
  TillErrorDetails   *failure_details;
  GtkWidget          *notice_box;
  GtkWidget          *notice_sign;
  GtkLabel           *notice_label;
  GtkWidget          *empty_page;
  GtkWidget          *content;
  GtkListBox         *list;
  TillSecretRow      *token_row;
  TillSecretRow      *session_row;
  GtkWidget          *header_row;
  GtkWidget          *key_row;
  GtkLabel           *key_kind;
  GtkLabel           *key_hash;
  GtkLabel           *facts_label;
  GtkSwitch          *auto_switch;
  GtkListBox         *answer_list;
  GtkWidget          *answer_group;
  AdwComboRow        *valid_for;
  GtkWidget          *custom_row;
  GtkSpinButton      *custom_spin;
  AdwEntryRow        *redirect_row;
  GtkWidget          *redirect_problem;
  AdwExpanderRow     *request_row;
  GPtrArray          *request_facts;     /* (element-type GtkWidget): rows of the profile in @request_row */
};

/* till-credentials-pane.c */
/* Looks at the clock: shows it, ends what has ended, gets a new one where that is wished. */
void     till_credentials_pane_update       (TillCredentialsPane *self);
/* Seconds until the end; G_MAXINT64 where there is none. */
gint64   till_credentials_pane_get_left     (TillCredentialsPane *self);
void     till_credentials_pane_get          (TillCredentialsPane *self);
void     till_credentials_pane_fail         (TillCredentialsPane *self,
                                             const GError        *error);
guint    till_credentials_pane_get_minutes  (TillCredentialsPane *self);
/* (nullable): why the address to go on to can't be sent. */
gboolean till_credentials_pane_redirect_is_fine (TillCredentialsPane *self);

/* till-credentials-view.c */
void     till_credentials_pane_show_received (TillCredentialsPane *self);
void     till_credentials_pane_show_request  (TillCredentialsPane *self);
void     till_credentials_pane_show_failure  (TillCredentialsPane *self);
void     till_credentials_pane_show_left     (TillCredentialsPane *self);
void     till_credentials_pane_show_units    (TillCredentialsPane *self);

/* till-credentials-actions.c */
void     till_credentials_pane_class_install_actions (GtkWidgetClass      *widget_class);
void     till_credentials_pane_update_actions        (TillCredentialsPane *self);
void     till_credentials_pane_mask                  (TillCredentialsPane *self);
void     till_credentials_pane_clear_clipboard       (TillCredentialsPane *self);

G_END_DECLS
