/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bounds of the listener (RELIABILITY.md G21, G23, G25), for code and tests. */
#pragma once

/* One connection. */
#define TILL_GATE_HANDSHAKE_MS     5000
#define TILL_GATE_LIFE_MS          10000
#define TILL_GATE_BYTES            (16 * 1024)
#define TILL_GATE_HEAD_BYTES       4096
#define TILL_GATE_HEAD_FIELDS      32
#define TILL_GATE_BODY_BYTES       4096
#define TILL_GATE_FRAGMENTS        4
#define TILL_GATE_CONTROL_FRAMES   8

/* All of them. Who waits holds a socket and nothing else. */
#define TILL_GATE_INSIDE           8
#define TILL_GATE_INSIDE_PEER      2
#define TILL_GATE_BACKLOG          128
#define TILL_GATE_WAITING          256
/* Who has not got its request across by then makes room where somebody waits. */
#define TILL_GATE_PATIENCE_MS      1000

#define TILL_HOST_CONFIRM_SECONDS  600
#define TILL_HOST_REFRESHES        3
#define TILL_HOST_DEFAULT_PORT     8443
#define TILL_POS_ID_CHARS          64
