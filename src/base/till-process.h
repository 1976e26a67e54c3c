/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both programs do before anything else (RELIABILITY.md G2, G7, G12). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TILL_TLS_PRIORITY \
  "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-RSA:+ECDHE-ECDSA:" \
  "-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:+CHACHA20-POLY1305:-MAC-ALL:+AEAD"

void till_process_start (int    argc,
                         char **argv);

G_END_DECLS
