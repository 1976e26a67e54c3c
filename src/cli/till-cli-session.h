/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a command of tillkeeperctl-services works with: store, vault, shop, a main loop, and an end in time. */
#pragma once

#include <gio/gio.h>

#include "till-cli-output.h"
#include "till-cli.h"
#include "till-json-writer.h"
#include "till-shop.h"
#include "till-sqlite-store.h"

G_BEGIN_DECLS

/**
 * TillCliNeed:
 *
 * What is opened before a command begins.
 */
typedef enum
{
  TILL_CLI_NEED_NOTHING,
  TILL_CLI_NEED_READ,          /* the store, to read */
  TILL_CLI_NEED_WRITE,         /* the store, to change something in it */
  TILL_CLI_NEED_SHOP_LOOK,     /* the services; nothing is kept, and nobody is kept from the store meanwhile */
  TILL_CLI_NEED_SHOP_READ,     /* the services; what is seen is kept where nobody else has the store */
  TILL_CLI_NEED_SHOP_WRITE,    /* the services, to change something there */
} TillCliNeed;

/**
 * TillCliSession:
 * @data: what the command brought along
 * @folder: of the user's data
 * @clock: asks for the time
 * @store: (nullable): by need
 * @vault: (nullable): with @store
 * @shop: (nullable): by need
 * @cancellable: cancelled by SIGINT, SIGTERM and SIGHUP; to be handed to everything that is waited for
 * @output: what standard output gets where the command succeeds
 * @writer: writes JSON there
 * @status: what the process ends with where the command succeeds
 * @keep_output: standard output gets @output also where the command fails
 *
 * One command at work. Asynchronous functions are called with
 * till_cli_session_done_cb(); till_cli_session_wait() then runs the main loop
 * and lends the result for their _finish.
 */
typedef struct
{
  TillCli        *cli;
  gpointer        data;
  char           *folder;
  TillClock      *clock;
  TillStore      *store;
  TillVault      *vault;
  TillShop       *shop;
  GCancellable   *cancellable;
  TillCliOutput   output;
  TillJsonWriter  writer;
  TillCliStatus   status;
  gboolean        keep_output;

  /*< private >*/
  GAsyncResult   *result;
  GAsyncResult   *lent;
  guint           signals[3];
  guint           deadline;
  int             arrived;
} TillCliSession;

/**
 * TillCliWork:
 *
 * What a command does. Where it returns %FALSE with @error set the error is
 * reported, and the status is %TILL_CLI_FAILED.
 */
typedef gboolean (*TillCliWork) (TillCliSession  *session,
                                 GError         **error);

TillCliStatus  till_cli_session_run     (TillCli         *cli,
                                         TillCliNeed      need,
                                         TillCliWork      work,
                                         gpointer         data);
TillCliStatus  till_cli_session_run_for (TillCli         *cli,
                                         const char      *profile,
                                         TillCliNeed      need,
                                         TillCliWork      work,
                                         gpointer         data);
gboolean       till_cli_session_open    (TillCliSession  *self,
                                         const char      *profile,
                                         TillCliNeed      need,
                                         GError         **error);
void           till_cli_session_done_cb (GObject         *source,
                                         GAsyncResult    *result,
                                         gpointer         user_data);
GAsyncResult  *till_cli_session_wait    (TillCliSession  *self);
gboolean       till_cli_session_query   (TillCliSession  *self,
                                         TillStoreWork    work,
                                         gpointer         data,
                                         GError         **error);
void           till_cli_session_flush   (TillCliSession  *self);
gboolean       till_cli_session_confirm (TillCliSession  *self,
                                         const char      *question,
                                         const char      *to_type,
                                         GError         **error);

TillSecret    *till_cli_session_ask     (TillCliSession  *self,
                                         const char      *question,
                                         GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
