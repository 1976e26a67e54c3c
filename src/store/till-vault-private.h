/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the vault and its calls of the Secret Service share. */
#pragma once

#include "till-vault.h"

G_BEGIN_DECLS

/* See till-vault.c for what always holds. */
struct _TillVault
{
  GObject         parent_instance;

  gboolean        memory;       /* never asks the Secret Service */
  guint           deadline;
  TillVaultState  state;
  GHashTable     *session;      /* (owned) (element-type utf8 TillSecret) */
  GQueue          waiting;      /* (owned) (element-type TillVaultCall) */
  gboolean        busy;
};

typedef enum
{
  TILL_VAULT_STORE,
  TILL_VAULT_LOAD,
  TILL_VAULT_LIST,
  TILL_VAULT_REMOVE,
} TillVaultCallKind;

/* Counted: what libsecret answers after the deadline finds it still. */
typedef struct
{
  /* input */
  TillVaultCallKind  kind;
  char              *profile_id;     /* (owned) */
  char              *name;           /* (owned) (nullable) */
  TillSecret        *secret;         /* (owned) (nullable) */

  /* in progress */
  GTask             *task;           /* (owned) (nullable) NULL once it has ended */
  GCancellable      *inner;          /* (owned) ends what libsecret does */
  GSource           *deadline;       /* (owned) (nullable) */
  GSource           *cancelled;      /* (owned) (nullable) */
} TillVaultCall;

TillVaultCall *till_vault_call_ref            (TillVaultCall  *self) G_GNUC_WARN_UNUSED_RESULT;
void           till_vault_call_unref          (TillVaultCall  *self);
void           till_vault_call_ask_service    (TillVaultCall  *self);
void           till_vault_call_return_state   (TillVaultCall  *self,
                                               TillVaultState  state);
void           till_vault_call_return_missing (TillVaultCall  *self);
void           till_vault_call_return_boolean (TillVaultCall  *self);
void           till_vault_call_return_pointer (TillVaultCall  *self,
                                               gpointer        value,
                                               GDestroyNotify  destroy);

void           till_vault_keep                (TillVault      *self,
                                               TillVaultCall  *call);
gboolean       till_vault_drop_session        (TillVault      *self,
                                               const char     *profile_id,
                                               const char     *name);
void           till_vault_add_session_names   (TillVault      *self,
                                               const char     *profile_id,
                                               GStrvBuilder   *names);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillVaultCall, till_vault_call_unref)

G_END_DECLS
