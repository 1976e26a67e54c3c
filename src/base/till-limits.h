/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every bound of RELIABILITY.md in one place, so that code and tests read the same numbers. */
#pragma once

/* G9: certificate files. A PEM text may be a bundle of very many certificates,
 * so it has a bound of its own; everything else is held to 1 MiB. */
#define TILL_LIMIT_FILE_BYTES            (1024 * 1024)
#define TILL_LIMIT_PEM_BUNDLE_BYTES      (32 * 1024 * 1024)
#define TILL_LIMIT_MAC_ITERATIONS        2000000
#define TILL_LIMIT_KDF_ITERATIONS        10485760
#define TILL_LIMIT_SCRYPT_BYTES          (256 * 1024 * 1024)
#define TILL_LIMIT_BAG_ELEMENTS          512
#define TILL_LIMIT_CHAIN                 10
#define TILL_LIMIT_INSPECT_SECONDS       5
#define TILL_LIMIT_PASSWORD_BYTES        4096
#define TILL_LIMIT_DER_DEPTH             32

/* G10: JSON. */
#define TILL_LIMIT_JSON_DEPTH            32
#define TILL_LIMIT_JSON_BYTES            (1024 * 1024)
#define TILL_LIMIT_JSON_LIST_BYTES       (4 * 1024 * 1024)
#define TILL_LIMIT_JSON_PAIRING_BYTES    4096
#define TILL_LIMIT_JSON_CONTAINER        10000

/* G14, G15, G16, G17, G19: calls to services. */
#define TILL_LIMIT_CONNECT_SECONDS       10
#define TILL_LIMIT_CALL_SECONDS          30
#define TILL_LIMIT_UPLOAD_SECONDS        60
#define TILL_LIMIT_ANSWER_BYTES          (1024 * 1024)
#define TILL_LIMIT_ANSWER_HEADER_BYTES   (64 * 1024)
#define TILL_LIMIT_CONNECTIONS           8
#define TILL_LIMIT_GET_TRIES             3
#define TILL_LIMIT_BACKOFF_MS            500
#define TILL_LIMIT_RETRY_AFTER_SECONDS   60
#define TILL_LIMIT_REPEATS               2
#define TILL_LIMIT_REPEAT_SECONDS        240
#define TILL_LIMIT_SKEW_WARN_SECONDS     120
#define TILL_LIMIT_SKEW_BLAME_SECONDS    240
#define TILL_LIMIT_PAGES                 1000
#define TILL_LIMIT_LISTED                10000
