/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the window share: starting GTK, waiting, pictures, certificates made on the spot. */
#pragma once

#include <adwaita.h>

#include "till-clock.h"
#include "till-test.h"

G_BEGIN_DECLS

/* The moment at which the fixed clock of the tests stands: 22 November 2026, 12:00 UTC. */
#define TILL_UI_NOW G_GINT64_CONSTANT (1795348800)
#define TILL_UI_DAY G_GINT64_CONSTANT (86400)

/* How long a test waits for what must come, before it gives up. Far more than it takes, for slow machines. */
#define TILL_UI_PATIENCE_SECONDS 30

/* Runs the main loop until the condition holds. */
#define WAIT_UNTIL(condition) \
  G_STMT_START { \
    TillUiWait wait_; \
    till_ui_wait_start (&wait_); \
    while (!(condition)) \
      if (!till_ui_wait_more (&wait_)) \
        g_error ("%s:%d: waited in vain for: %s", __FILE__, __LINE__, #condition); \
    till_ui_wait_end (&wait_); \
  } G_STMT_END

typedef struct
{
  guint  source_id;
  gint64 deadline;
} TillUiWait;

/**
 * TillUiCertificate:
 * @name: (nullable): common name
 * @pass_type: (nullable): user ID, as Apple's pass certificates have it
 * @team: (nullable): organizational unit
 * @dns: (nullable): alternative name
 * @not_before: seconds since 1970
 * @not_after: seconds since 1970
 * @serial: number; 0 takes the next one
 * @rsa_bits: 0 for an elliptic curve key
 */
typedef struct
{
  const char *name;
  const char *pass_type;
  const char *team;
  const char *dns;
  gint64      not_before;
  gint64      not_after;
  guint       serial;
  guint       rsa_bits;
} TillUiCertificate;

void        till_ui_test_init       (int                      *argc,
                                     char                   ***argv);

void        till_ui_wait_start      (TillUiWait               *wait);
gboolean    till_ui_wait_more       (TillUiWait               *wait);
void        till_ui_wait_end        (TillUiWait               *wait);
void        till_ui_run_for         (guint                     milliseconds);

void        till_ui_picture         (GtkWidget                *window,
                                     const char               *name);
GtkWidget  *till_ui_find            (GtkWidget                *root,
                                     GType                     type,
                                     const char               *label);
GtkWidget  *till_ui_find_window     (GType                     type);

/* *@alive becomes FALSE when the object is finalized; a weak pointer would already be cleared when it is disposed. */
void        till_ui_watch_life      (gpointer                  object,
                                     gboolean                 *alive);

/* What this thread has worked, in microseconds. */
gint64      till_ui_get_cpu_time    (void);

/* How long the main loop was held at most, since the start. */
void        till_ui_heartbeat_start (void);
gboolean    till_ui_heartbeat_stop  (double                   *cpu_ms,
                                     double                   *wall_ms);

char       *till_ui_make_pem        (const TillUiCertificate  *certificate) G_GNUC_WARN_UNUSED_RESULT;
char       *till_ui_make_issued_pem (const TillUiCertificate  *certificate,
                                     const TillUiCertificate  *issuer) G_GNUC_WARN_UNUSED_RESULT;
char       *till_ui_make_key_pem    (void) G_GNUC_WARN_UNUSED_RESULT;
char       *till_ui_make_other_key_pem (void) G_GNUC_WARN_UNUSED_RESULT;
char       *till_ui_make_request_pem (const char              *name) G_GNUC_WARN_UNUSED_RESULT;
GBytes     *till_ui_make_p12        (const TillUiCertificate  *certificate,
                                     const char               *password) G_GNUC_WARN_UNUSED_RESULT;
char       *till_ui_make_bundle     (guint                     n) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
