/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs tillkeeperctl as a child, and makes files for it to read. */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

#include "till-test.h"

G_BEGIN_DECLS

/* No output may ever hold it. */
#define CLI_PASSWORD "canary-Pa55-7f3a9c51d2e8"

/**
 * CliChild:
 * @status: exit status, or 128 and the signal that ended it
 * @output: standard output, and a NUL
 * @output_size: its length
 * @errors: standard error
 * @json: (nullable): @output parsed, where it is JSON
 */
typedef struct
{
  int          status;
  char        *output;
  gsize        output_size;
  char        *errors;
  JsonParser  *json;
} CliChild;

/**
 * CliInput:
 * @password: (nullable): what file descriptor 3 gives, closed where there is none
 * @input: (nullable): what standard input gives; /dev/null where there is none
 * @input_size: its length, -1 for a text
 * @environment: (nullable): "NAME=VALUE" to set besides our own
 */
typedef struct
{
  const char          *password;
  const char          *input;
  gssize               input_size;
  const char * const  *environment;
} CliInput;

const char *cli_program        (void);
CliChild   *cli_run            (const CliInput  *input,
                                const char      *first,
                                ...) G_GNUC_NULL_TERMINATED G_GNUC_WARN_UNUSED_RESULT;
void        cli_child_free     (CliChild        *self);
JsonNode   *cli_child_get_root (CliChild        *self);
JsonObject *cli_child_get_object (CliChild      *self);
JsonObject *cli_child_get_error (CliChild       *self);

void        cli_execute        (TillTestDir     *dir,
                                const char      *first,
                                ...) G_GNUC_NULL_TERMINATED;
void        cli_make_fixtures  (TillTestDir     *dir);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliChild, cli_child_free)

G_END_DECLS
