/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The five services, pretended on loopback over TLS (services/, API.md). Shares nothing with the clients. */
#pragma once

#include <gio/gio.h>

#include "till-clock.h"
#include "till-sandbox-terminal.h"

G_BEGIN_DECLS

/**
 * TillSandboxAssumption:
 * @name: as --assume takes it
 * @values: (array zero-terminated=1): what it may be, the default first; %NULL for a number (the summary has the default)
 * @summary: one line for --help, with what is undocumented about it
 *
 * A thing that no document settles, and that can therefore be switched (API.md 0).
 */
typedef struct
{
  const char         *name;
  const char * const *values;
  const char         *summary;
} TillSandboxAssumption;

/* Ended by one without a name. */
const TillSandboxAssumption *till_sandbox_get_assumptions (void);
/* The same for faults, ordered as NAME[=VALUE][@PATH-PREFIX][*COUNT]; values is an empty array for one without a
 * value, NULL for one whose summary says what it is. */
const TillSandboxAssumption *till_sandbox_get_faults      (void);

#define TILL_TYPE_SANDBOX (till_sandbox_get_type ())

/**
 * TillSandbox:
 *
 * Runs in a thread of its own, so that the main loop of who started it is never
 * held. Its state is in a folder and survives restarts.
 */
G_DECLARE_FINAL_TYPE (TillSandbox, till_sandbox, TILL, SANDBOX, GObject)

/**
 * TillSandboxInfo:
 *
 * How to reach it, once it runs. The secrets are those of a toy and may be shown.
 */
typedef struct
{
  char *hub_url;
  char *wallet_url;
  char *devices_url;
  char *ca_file;
  char *ca_pem;
  char *hub_merchant;
  char *hub_terminal;
  char *hub_key;
  char *hub_secret;
  char *wallet_user;
  char *wallet_secret;
  char *devices_organization;
  char *devices_key_id;
  char *devices_secret;
  char *terminal_https;
  char *terminal_wss;
  char *terminal_serial;
  char *terminal_root_file;
  char *terminal_root_pem;
} TillSandboxInfo;

/* folder: of its state, made where it is not there. */
TillSandbox           *till_sandbox_new          (const char           *folder,
                                                  TillClock            *clock) G_GNUC_WARN_UNUSED_RESULT;
/* Before or while it runs. */
gboolean               till_sandbox_assume       (TillSandbox          *self,
                                                  const char           *assumption,
                                                  GError              **error);
gboolean               till_sandbox_order_fault  (TillSandbox          *self,
                                                  const char           *fault,
                                                  GError              **error);
void                   till_sandbox_clear_faults (TillSandbox          *self);
/* Before it starts. port: that the terminal tries first (8443 is documented); any free one by default. */
void                   till_sandbox_set_terminal_port (TillSandbox    *self,
                                                       guint16         port);
/* Its screen, also while it does not run; see till-sandbox-terminal.h. */
TillSandboxTerminal   *till_sandbox_get_terminal      (TillSandbox    *self);
/* port: 0 for any free one. */
void                   till_sandbox_start_async  (TillSandbox          *self,
                                                  guint16               port,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean               till_sandbox_start_finish (TillSandbox          *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);
const TillSandboxInfo *till_sandbox_get_info     (TillSandbox          *self);
void                   till_sandbox_stop         (TillSandbox          *self);
/* Answers of the key service about the example keys, a JSON array: the service itself could not list them. */
char                  *till_sandbox_dup_example_keys (TillSandbox      *self) G_GNUC_WARN_UNUSED_RESULT;
/* A look-alike of Apple's pass certificates for practising (API.md 6.4); from any thread. */
GBytes                *till_sandbox_make_pass_p12 (TillSandbox         *self,
                                                  const char           *pass_type_id,
                                                  const char           *team_id,
                                                  gint64                not_before,
                                                  gint64                not_after,
                                                  gboolean              nfc,
                                                  const char           *password,
                                                  GError              **error) G_GNUC_WARN_UNUSED_RESULT;

/* JSON array of the service's own answers for the keys that are there from the first start, for importing. */
char                  *till_sandbox_dup_example_keys (TillSandbox     *self) G_GNUC_WARN_UNUSED_RESULT;
/* A look-alike .p12 of a pass certificate to practise with; from any thread. */
GBytes                *till_sandbox_make_pass_p12    (TillSandbox     *self,
                                                      const char      *pass_type_id,
                                                      const char      *team_id,
                                                      gint64           not_before,
                                                      gint64           not_after,
                                                      gboolean         nfc,
                                                      const char      *password,
                                                      GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
