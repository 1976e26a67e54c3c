/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waiting for a shop. */
#pragma once

#include "till-error.h"
#include "till-shop.h"
#include "till-sqlite-store.h"
#include "till-test.h"

G_BEGIN_DECLS

/* 2026-11-22T09:00:00Z */
#define TEST_NOW G_GINT64_CONSTANT (1795338000)

/* A callback that keeps its result for shop_wait(). */
void          shop_result_cb (GObject       *source,
                              GAsyncResult  *result,
                              gpointer       user_data);
/* Waits, at most a minute, until something has come. (transfer none), until the next one */
GAsyncResult *shop_wait      (void);

/* Lets the last result go, and what it holds. */
void          shop_forget    (void);

TillStore    *shop_open_store  (TillTestDir  *dir) G_GNUC_WARN_UNUSED_RESULT;
void          shop_close_store (TillStore    *store);

/* Checks code and reason at once. */
#define shop_assert_error(error, code, reason) \
  G_STMT_START { \
    g_assert_error (error, TILL_ERROR, code); \
    g_assert_cmpint (till_error_get_reason (error), ==, reason); \
  } G_STMT_END

G_END_DECLS
