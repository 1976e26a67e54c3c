/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the host and its attempts share. */
#pragma once

#include "till-client-trust.h"
#include "till-rsa-pool.h"
#include "till-pairing-host.h"
#include "till-pairing-limits.h"

G_BEGIN_DECLS

/* Why a call to the host was refused, as the till is told: never why in particular. */
#define TILL_HOST_REFUSED "{\"error\":\"refused\"}"

/**
 * TillPending:
 * @ends_at: boot time until which it has to show its identity
 */
typedef struct
{
  char   *serial;
  gint64  ends_at;
} TillPending;

struct _TillPairingHost
{
  GObject          parent_instance;

  /* Given. */
  TillStore       *store;
  TillVault       *vault;
  TillClock       *clock;
  TillProfile     *profile;
  guint            days;

  /* While it listens. */
  TillRegister    *devices;
  TillStoreCa     *ca;
  TillClientTrust *trust;
  TillGate        *gate;
  TillRsaPool     *keys;
  GInetAddress    *address;
  char            *https;
  char            *wss;
  gboolean         listening;
  guint            tick;
  guint            ticks;

  TillSetupCode   *code;           /* (nullable) */
  gint64           code_boot;      /* boot time when it was shown */
  gboolean         code_ended;     /* its end was told */
  guint            refreshes;      /* codes in a row that came by themselves */
  GHashTable      *replaceable;    /* POS IDs that a person has allowed */
  gboolean         replace_all;
  GPtrArray       *pending;        /* TillPending */
  GQueue           attempts;       /* one after the other: the first is under way */
};

typedef enum
{
  TILL_HOST_CODE,
  TILL_HOST_WRONG_CODE,
  TILL_HOST_CODE_DEAD,
  TILL_HOST_POS_ID_TAKEN,
  TILL_HOST_ISSUED,
  TILL_HOST_ACTIVATED,
  TILL_HOST_NOT_CONFIRMED,
  TILL_HOST_TURNED_AWAY,
  TILL_HOST_ENDED,
  TILL_HOST_N_SIGNALS,
} TillHostSignal;

extern guint till_pairing_host_signals[TILL_HOST_N_SIGNALS];

/* Of the attempts. */
void till_pairing_host_request_cb  (TillGate        *gate,
                                    TillGateRequest *request,
                                    TillPairingHost *self);
void till_pairing_host_drop        (TillPairingHost *self);
/* Of the host. */
void till_pairing_host_follow_gate (TillPairingHost *self);
void till_pairing_host_begin       (TillPairingHost *self);
void till_pairing_host_shut_gate   (TillPairingHost *self);
void till_pairing_host_add_pending (TillPairingHost *self,
                                    const char      *serial);
void till_pairing_host_withdraw    (TillPairingHost *self,
                                    const char      *serial);

G_END_DECLS
