/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Standard output, written in large pieces and checked. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TillCliOutput:
 * @text: append to it, then call till_cli_output_drain() now and then
 *
 * What a command writes to standard output. A failure sticks: nothing is
 * written after it, and till_cli_output_finish() reports it.
 */
typedef struct
{
  GString  *text;
  int       fd;
  int       failure;      /* errno of the first failure, 0 for none */
} TillCliOutput;

void      till_cli_output_init   (TillCliOutput  *self,
                                  int             fd);
gboolean  till_cli_output_drain  (TillCliOutput  *self);
void      till_cli_output_flush  (TillCliOutput  *self);
gboolean  till_cli_output_finish (TillCliOutput  *self,
                                  GError        **error);

G_END_DECLS
