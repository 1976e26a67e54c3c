/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes a command line apart, and says what is wrong with it. */
#pragma once

#include "till-cli.h"

G_BEGIN_DECLS

extern const TillCliOption till_cli_global_options[];

gboolean    till_cli_parse   (TillCli                       *self,
                              const TillCliCommand * const  *commands,
                              int                            argc,
                              char                         **argv,
                              char                         **message);
void        till_cli_clear   (TillCli                       *self);
const char *till_cli_nearest (const char                    *word,
                              const char * const            *names);

G_END_DECLS
