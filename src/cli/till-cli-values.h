/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values that commands of tillkeeperctl-services take and give: secrets, numbers, times, members of JSON. */
#pragma once

#include <gio/gio.h>

#include "till-cli-session.h"
#include "till-secret.h"

G_BEGIN_DECLS

/* What is wrong with a command line; free it after till_cli_refuse(). */
const char *till_cli_check_arguments (const TillCli    *cli,
                                      guint             wanted,
                                      const char       *what);
const char *till_cli_check_fd        (const TillCli    *cli,
                                      const char       *option);
gboolean    till_cli_get_number      (const TillCli    *cli,
                                      const char       *option,
                                      guint             min,
                                      guint             max,
                                      guint            *value);

gboolean    till_cli_has_secret      (const TillCli    *cli,
                                      const char       *option);
TillSecret *till_cli_read_secret     (const TillCli    *cli,
                                      const char       *option,
                                      const char       *question,
                                      GError          **error) G_GNUC_WARN_UNUSED_RESULT;

void        till_cli_write_text      (TillJsonWriter   *writer,
                                      const char       *member,
                                      const char       *value);
void        till_cli_write_time      (TillJsonWriter   *writer,
                                      const char       *member,
                                      gint64            seconds);
void        till_cli_write_bool      (TillJsonWriter   *writer,
                                      const char       *member,
                                      gboolean          value);
void        till_cli_write_int       (TillJsonWriter   *writer,
                                      const char       *member,
                                      gint64            value);
void        till_cli_write_tri       (TillJsonWriter   *writer,
                                      const char       *member,
                                      TillTri           value);
void        till_cli_write_key       (TillJsonWriter   *writer,
                                      const char       *member,
                                      GBytes           *spki,
                                      const char       *sha256);

char       *till_cli_describe_key    (GBytes           *spki) G_GNUC_WARN_UNUSED_RESULT;
char       *till_cli_format_time     (gint64            seconds) G_GNUC_WARN_UNUSED_RESULT;
char       *till_cli_format_money    (gint64            minor_units,
                                      const char       *currency) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
