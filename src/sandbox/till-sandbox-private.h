/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server behind TillSandbox: what its services share. */
#pragma once

#include <libsoup/soup.h>

#include "till-sandbox-assume.h"
#include "till-sandbox-authority.h"
#include "till-sandbox-fault.h"
#include "till-sandbox-terminal.h"
#include "till-sandbox.h"

G_BEGIN_DECLS

typedef struct _TillHub TillHub;
typedef struct _TillWallet TillWallet;
typedef struct _TillHubKeyPool TillHubKeyPool;
typedef struct _TillTerminal TillTerminal;

/**
 * TillSandboxServer:
 * @folder: of the state
 * @clock: whose time the services keep
 * @assumptions: has a lock of its own
 * @faults: has a lock of its own
 * @pass_lock: held while what makes passes is opened, and while old temporary files go
 * @lock: guards @example_keys
 * @example_keys: (nullable): what till_sandbox_dup_example_keys() gives
 * @info: fixed once the server runs
 * @token_key: what access tokens are signed with
 * @device_root: the root certificate of devices, PEM
 * @device_authority: (nullable): of that certificate, while the server runs
 * @terminal_port: that the terminal tries first
 * @screen: of the terminal; outlives the server
 * @context: of the server's thread
 * @soup: (nullable): while it runs
 * @cancellable: ends what still goes on when the server stops
 * @jobs: how many threads and streams work for it
 * @waiting: (element-type TillCall): calls that were ordered to be slow
 * @lock_fd: holds the folder; -1 while it is not held
 *
 * All but what has a lock is used in the server's thread only while it runs.
 */
typedef struct
{
  char            *folder;
  TillClock       *clock;
  TillAssumptions  assumptions;
  TillFaults       faults;

  GMutex           pass_lock;
  GMutex           lock;
  char            *example_keys;

  TillSandboxInfo  info;
  char            *token_key;
  char            *device_root;
  TillAuthority   *device_authority;
  guint16          terminal_port;

  TillSandboxTerminal *screen;

  GMainContext    *context;
  SoupServer      *soup;
  GCancellable    *cancellable;
  guint            jobs;
  GPtrArray       *waiting;
  int              lock_fd;

  TillHubKeyPool     *pool;
  TillHub         *hub;
  TillWallet      *wallet;
  TillTerminal    *terminal;
} TillSandboxServer;

/* till-sandbox-server.c */
TillSandboxServer *till_sandbox_server_new   (const char         *folder,
                                              TillClock          *clock) G_GNUC_WARN_UNUSED_RESULT;
void               till_sandbox_server_free  (TillSandboxServer  *self);
gboolean           till_sandbox_server_open  (TillSandboxServer  *self,
                                              guint16             port,
                                              GError            **error);
void               till_sandbox_server_close (TillSandboxServer  *self);

G_END_DECLS
