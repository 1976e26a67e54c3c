/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults on order: which are ordered, and which one a request gets. */
#include "config.h"

#include "till-sandbox-fault.h"

#include <string.h>

#include "till-error.h"
#include "till-escape.h"

#define SHOWN_CHARS 60
#define MOST_TIMES 1000000
#define MOST_ORDERS 1000
#define MOST_SECONDS 86400
#define FIRST_DRIP_MS 1000

#define WORDS(...) ((const char * const[]) { __VA_ARGS__, NULL })
#define NO_VALUE ((const char * const[]) { NULL })

static const TillSandboxAssumption table[TILL_N_FAULTS + 1] = {
  [TILL_FAULT_STATUS] = { "status", WORDS ("503", "408", "425", "429", "500", "504"),
    "this status, with Retry-After where it is 429 or 503; nothing is done" },
  [TILL_FAULT_REDIRECT] = { "redirect", NULL,
    "a redirect (302) to the same path of the host given as value; nothing is done" },
  [TILL_FAULT_HTML] = { "html", NO_VALUE,
    "a login page as of a guest network, status 200; nothing is done" },
  [TILL_FAULT_CUT_BEFORE_ANSWER] = { "cut-before-answer", NO_VALUE,
    "the connection ends before anything is done" },
  [TILL_FAULT_LOST_ANSWER] = { "lost-answer", NO_VALUE,
    "the request is done and kept, then the connection ends without an answer" },
  [TILL_FAULT_CUT_IN_ANSWER] = { "cut-in-answer", NO_VALUE,
    "the request is done, then the connection ends in the middle of the answer" },
  [TILL_FAULT_DRIP] = { "drip", NULL,
    "the request is done, the answer comes byte by byte; value: milliseconds between two (1000)" },
  [TILL_FAULT_EMPTY] = { "empty", NO_VALUE,
    "the request is done, the answer has its status and no body" },
  [TILL_FAULT_TRUNCATED] = { "truncated", NO_VALUE,
    "the request is done, the JSON of the answer stops half-way, its length is that of the half" },
  [TILL_FAULT_NOT_JSON] = { "not-json", NO_VALUE,
    "the request is done, the body of the answer says so in plain words" },
  [TILL_FAULT_WRONG_CONTENT_TYPE] = { "wrong-content-type", NO_VALUE,
    "the request is done, the JSON of the answer is called text/html" },
  [TILL_FAULT_SLOW] = { "slow", NULL,
    "the value in seconds goes by between taking the request and doing it; goes together with others" },
  [TILL_FAULT_DATE_SKEW] = { "date-skew", NULL,
    "the Date of the answer is off by the value in seconds, which may be negative; goes together with others" },
  [TILL_FAULT_ERROR_SHAPE] = { "error-shape", WORDS ("array", "object", "nested", "gateway", "details"),
    "as the assumption error-shape, for this answer only; goes together with others" },
  [TILL_FAULT_TERMINAL_IDENTITY] = { "terminal-identity", WORDS ("other-serial", "other-root", "expired", "not-yet"),
    "the certificate that the terminal shows in a handshake is not its own" },
  [TILL_FAULT_TERMINAL_ALERT] = { "terminal-alert", WORDS ("certificate-unknown", "bad-certificate", "unknown-ca",
                                                           "handshake-failure"),
    "a handshake with the terminal ends in this alert" },
  [TILL_FAULT_TERMINAL_SILENCE] = { "terminal-silence", WORDS ("handshake", "request", "answer"),
    "the terminal takes the connection, the handshake, or the request, and says nothing more; in the last case it is done" },
  [TILL_FAULT_TERMINAL_SLOW] = { "terminal-slow", NULL,
    "the value in seconds goes by before the terminal does what it is asked for" },
  [TILL_FAULT_TERMINAL_CUT] = { "terminal-cut", WORDS ("before", "lost", "answer"),
    "the connection ends before anything is done, done but without an answer, or in the middle of the answer" },
  [TILL_FAULT_TERMINAL_REFUSE] = { "terminal-refuse", WORDS ("expired", "no-code", "locked", "duplicate", "starting"),
    "a pairing is refused in these words, whatever the code" },
  [TILL_FAULT_TERMINAL_ANSWER] = { "terminal-answer", WORDS ("reversed", "no-key", "wrong-key", "no-leaf",
                                                             "no-intermediate", "no-root", "other-root", "expired",
                                                             "truncated", "damaged", "empty", "chatter"),
    "key and certificates of a pairing are spoilt; it is done and counts as activated" },
  [TILL_FAULT_TERMINAL_CLOSE] = { "terminal-close", WORDS ("1006", "1000", "1001", "1002", "1003", "1007", "1008",
                                                           "1009", "1011", "1012", "1013"),
    "the terminal closes a WebSocket with this code instead of doing what it is asked for; 1006: without a word" },
};

typedef struct
{
  TillFaultKind  kind;
  char          *text;
  gint64         number;
  char          *prefix;
  gint64         left;
} Order;

static void
order_free (Order *order)
{
  g_free (order->text);
  g_free (order->prefix);
  g_free (order);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Order, order_free)

/**
 * till_sandbox_get_faults:
 *
 * An order is NAME, then "=VALUE" where it has one, then "@PREFIX" for requests
 * whose path begins so (all by default), then "*COUNT" for how many (1).
 *
 * Returns: (transfer none) (array): all of them, ended by one without a name;
 *   values is an empty array for one without a value
 */
const TillSandboxAssumption *
till_sandbox_get_faults (void)
{
  return table;
}

/**
 * till_faults_init:
 * @self: (out caller-allocates): faults
 *
 * Begins with none.
 */
void
till_faults_init (TillFaults *self)
{
  g_mutex_init (&self->lock);
  self->orders = g_ptr_array_new_with_free_func ((GDestroyNotify) order_free);
}

/**
 * till_faults_clear:
 * @self: faults
 *
 * Frees what @self holds.
 */
void
till_faults_clear (TillFaults *self)
{
  g_ptr_array_unref (self->orders);
  g_mutex_clear (&self->lock);
}

/**
 * till_faults_cancel:
 * @self: faults
 *
 * Forgets all that are still ordered.
 */
void
till_faults_cancel (TillFaults *self)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_set_size (self->orders, 0);
  g_mutex_unlock (&self->lock);
}

/* A name that stands in a header: of a host, with a port where there is one. */
static gboolean
is_host (const char *text)
{
  return text[0] != '\0' && strlen (text) <= 255 &&
         strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") == strlen (text);
}

static gboolean
check_value (Order *order)
{
  const TillSandboxAssumption *known = &table[order->kind];

  switch (order->kind)
    {
    case TILL_FAULT_REDIRECT:
      return order->text != NULL && is_host (order->text);

    case TILL_FAULT_DRIP:
      if (order->text != NULL)
        return g_ascii_string_to_signed (order->text, 10, 1, MOST_SECONDS, &order->number, NULL);
      order->number = FIRST_DRIP_MS;
      return TRUE;

    case TILL_FAULT_SLOW:
    case TILL_FAULT_TERMINAL_SLOW:
      return order->text != NULL &&
             g_ascii_string_to_signed (order->text, 10, 0, MOST_SECONDS, &order->number, NULL);

    case TILL_FAULT_DATE_SKEW:
      return order->text != NULL &&
             g_ascii_string_to_signed (order->text, 10, -36500 * (gint64) MOST_SECONDS,
                                       36500 * (gint64) MOST_SECONDS, &order->number, NULL);

    default:
      if (known->values[0] == NULL)
        return order->text == NULL;
      if (order->text == NULL || !g_strv_contains (known->values, order->text))
        return FALSE;
      order->number = g_ascii_strtoll (order->text, NULL, 10);
      return TRUE;
    }
}

static gboolean
parse_order (const char  *text,
             Order       *order)
{
  g_autofree char *rest = g_strdup (text);
  char *star = strrchr (rest, '*');
  char *at;
  char *equals;

  order->left = 1;
  if (star != NULL)
    {
      if (!g_ascii_string_to_signed (star + 1, 10, 1, MOST_TIMES, &order->left, NULL))
        return FALSE;
      *star = '\0';
    }

  at = strchr (rest, '@');
  if (at != NULL)
    {
      order->prefix = g_strdup (at + 1);
      *at = '\0';
    }

  equals = strchr (rest, '=');
  if (equals != NULL)
    {
      order->text = g_strdup (equals + 1);
      *equals = '\0';
    }

  for (order->kind = 0; order->kind < TILL_N_FAULTS; order->kind++)
    {
      if (strcmp (rest, table[order->kind].name) == 0)
        return (order->prefix == NULL || order->prefix[0] == '/') && check_value (order);
    }

  return FALSE;
}

/**
 * till_faults_order:
 * @self: faults
 * @text: what is ordered, see till_sandbox_get_faults()
 * @error: (out) (optional): %TILL_ERROR_REJECTED
 *
 * Returns: whether it could be ordered
 */
gboolean
till_faults_order (TillFaults  *self,
                   const char  *text,
                   GError     **error)
{
  g_autoptr(Order) order = g_new0 (Order, 1);
  gboolean room;

  if (!parse_order (text, order))
    {
      g_autofree char *shown = till_escape (text, -1, SHOWN_CHARS);

      till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_FIELD, shown, NULL,
                      "there is no fault \"%s\"; order one as NAME[=VALUE][@PATH][*COUNT], --help lists them", shown);
      return FALSE;
    }

  g_mutex_lock (&self->lock);
  room = self->orders->len < MOST_ORDERS;
  if (room)
    g_ptr_array_add (self->orders, g_steal_pointer (&order));
  g_mutex_unlock (&self->lock);

  if (!room)
    till_set_error (error, TILL_ERROR_REJECTED, TILL_REASON_TOO_MANY, NULL,
                    (gint64[]) { MOST_ORDERS + 1, MOST_ORDERS }, "too many faults are ordered at a time");
  return room;
}

/* A terminal has faults of its own, which are taken one at a time. */
static gboolean
is_of_terminal (const Order *order)
{
  return order->kind >= TILL_FAULT_TERMINAL_IDENTITY;
}

/* Whether this one may be added to what the plan has. */
static gboolean
add_to_plan (const Order   *order,
             TillFaultPlan *plan)
{
  switch (order->kind)
    {
    case TILL_FAULT_SLOW:
      if (plan->slow != 0)
        return FALSE;
      plan->slow = order->number;
      return TRUE;

    case TILL_FAULT_DATE_SKEW:
      if (plan->date_skew != 0)
        return FALSE;
      plan->date_skew = order->number;
      return TRUE;

    case TILL_FAULT_ERROR_SHAPE:
      if (plan->error_shape != NULL)
        return FALSE;
      plan->error_shape = g_strdup (order->text);
      return TRUE;

    default:
      if (plan->kind != TILL_N_FAULTS)
        return FALSE;
      plan->kind = order->kind;
      plan->text = g_strdup (order->text);
      plan->number = order->number;
      return TRUE;
    }
}

/**
 * till_faults_take:
 * @self: faults
 * @path: of a request, as sent
 * @plan: (out caller-allocates): what happens to it; free with till_fault_plan_clear()
 *
 * Takes the first one ordered for the path, and those that go together with
 * others. The rest waits for the next request.
 */
void
till_faults_take (TillFaults    *self,
                  const char    *path,
                  TillFaultPlan *plan)
{
  memset (plan, 0, sizeof *plan);
  plan->kind = TILL_N_FAULTS;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->orders->len;)
    {
      Order *order = g_ptr_array_index (self->orders, i);

      if (!is_of_terminal (order) && (order->prefix == NULL || g_str_has_prefix (path, order->prefix)) &&
          add_to_plan (order, plan) && --order->left == 0)
        g_ptr_array_remove_index (self->orders, i);
      else
        i++;
    }
  g_mutex_unlock (&self->lock);
}

/**
 * till_faults_take_one:
 * @self: faults
 * @kind: a fault of the terminal
 * @value: (nullable): only with this value
 * @path: of a request, as sent; "" where there is none yet
 *
 * Takes the first one of its kind that is ordered.
 *
 * Returns: (transfer full) (nullable): its value, %NULL where none is ordered
 */
char *
till_faults_take_one (TillFaults    *self,
                      TillFaultKind  kind,
                      const char    *value,
                      const char    *path)
{
  char *text = NULL;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->orders->len && text == NULL; i++)
    {
      Order *order = g_ptr_array_index (self->orders, i);

      if (order->kind != kind || (value != NULL && strcmp (order->text, value) != 0) ||
          (order->prefix != NULL && !g_str_has_prefix (path, order->prefix)))
        continue;

      text = g_strdup (order->text);
      if (--order->left == 0)
        g_ptr_array_remove_index (self->orders, i);
    }
  g_mutex_unlock (&self->lock);

  return text;
}

/**
 * till_fault_plan_clear:
 * @plan: what was ordered for a request
 *
 * Frees what @plan holds.
 */
void
till_fault_plan_clear (TillFaultPlan *plan)
{
  g_clear_pointer (&plan->text, g_free);
  g_clear_pointer (&plan->error_shape, g_free);
}
