/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two files of the session share. */
#pragma once

#include "till-session.h"

G_BEGIN_DECLS

#define TILL_SESSION_N_KINDS (TILL_ENDING_DEVICE + 1)

struct _TillSession
{
  GObject           parent_instance;

  char             *folder;
  TillVault        *vault;
  TillClock        *clock;

  TillSessionState  state;
  TillStore        *store;            /* (nullable) until it is open */
  TillShop         *shop;             /* (nullable) */
  TillProfile      *current;          /* (nullable): open or being opened */
  GPtrArray        *profiles;         /* (element-type TillProfile) */
  GError           *error;            /* (nullable) */
  TillVaultState    vault_state;
  guint             attention;
  guint             attentions[TILL_SESSION_N_KINDS];

  GCancellable     *cancellable;      /* of what is being opened, or of what is read for the open one */
  GCancellable     *counting;         /* (nullable) */
  gboolean          wants_practice;   /* before the store is open: what to begin with */
  char             *wanted;           /* (nullable) */
  gboolean          closing;
  gboolean          locked;           /* nothing is opened; the last wish is remembered */
};

/* till-session.c */
/* error: (transfer full) (nullable) */
void till_session_set_state (TillSession      *self,
                             TillSessionState  state,
                             GError           *error);
void till_session_set_shop  (TillSession      *self,
                             TillShop         *shop);
void till_session_drop_shop (TillSession      *self);

/* till-session-opening.c */
void till_session_begin     (TillSession      *self,
                             gboolean          practice,
                             const char       *name);

G_END_DECLS
