/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks for a password, or for a line of text, on the terminal.
 *
 * The echo is off while a password is typed. Whatever ends the question – the answer,
 * the end of input, a signal – the terminal is first put back as it was; a
 * signal then has its usual effect. The signals are blocked but while ppoll()
 * waits, so that none can slip in between looking and waiting. */
#include "config.h"

#include "till-cli-prompt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "till-cli-report.h"
#include "till-error.h"
#include "till-limits.h"

static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };

static volatile sig_atomic_t arrived;

static void
signal_cb (int number)
{
  arrived = number;
}

/**
 * till_cli_can_prompt:
 *
 * Returns: whether there is somebody to ask: standard input and standard
 *   error are a terminal
 */
gboolean
till_cli_can_prompt (void)
{
  return isatty (STDIN_FILENO) && isatty (STDERR_FILENO);
}

/* Reads up to the end of the line. Returns the length without it; -1 with errno on a failure or
 * a signal, and 0 with *ended at the end of input. */
static gssize
read_line (guint8         *buffer,
           gsize           size,
           const sigset_t *while_waiting,
           gboolean       *ended)
{
  gsize length = 0;

  *ended = FALSE;

  while (TRUE)
    {
      struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
      guint8 byte;
      gssize got;

      if (ppoll (&input, 1, NULL, while_waiting) < 0)
        return -1;

      got = read (STDIN_FILENO, &byte, 1);

      if (got < 0)
        return -1;

      if (got == 0)
        {
          *ended = length == 0;
          return length;
        }

      if (byte == '\n')
        return length;

      /* What is too long is read to its end all the same, so that nothing is left for the shell. */
      if (length < size)
        buffer[length++] = byte;

      till_wipe (&byte, sizeof byte);
    }
}

/* One question with the terminal prepared and put back. */
static gssize
ask (const char *question,
     gboolean    hidden,
     guint8     *buffer,
     gsize       size,
     gboolean   *ended)
{
  struct sigaction action = { .sa_handler = signal_cb };
  struct sigaction saved_actions[G_N_ELEMENTS (caught)];
  struct termios saved_terminal, terminal;
  sigset_t blocked, saved_mask;
  gssize length;
  int saved_errno;

  if (tcgetattr (STDIN_FILENO, &saved_terminal) != 0)
    return -1;

  arrived = 0;
  sigemptyset (&action.sa_mask);
  sigemptyset (&blocked);

  for (guint i = 0; i < G_N_ELEMENTS (caught); i++)
    sigaddset (&blocked, caught[i]);

  pthread_sigmask (SIG_BLOCK, &blocked, &saved_mask);

  for (guint i = 0; i < G_N_ELEMENTS (caught); i++)
    sigaction (caught[i], &action, &saved_actions[i]);

  terminal = saved_terminal;
  if (hidden)
    terminal.c_lflag &= ~(tcflag_t) (ECHO | ECHOE | ECHOK | ECHONL);
  terminal.c_lflag |= ICANON | ISIG;

  /* First the echo goes, then the question comes, so that nothing of a quick answer is shown. A
   * process in the background is stopped here by SIGTTOU, with the terminal as it was. */
  if (tcsetattr (STDIN_FILENO, TCSAFLUSH, &terminal) == 0)
    {
      till_cli_write_stderr (question);
      length = read_line (buffer, size, &saved_mask, ended);
    }
  else
    {
      length = -1;
    }

  saved_errno = errno;
  tcsetattr (STDIN_FILENO, TCSADRAIN, &saved_terminal);
  if (hidden || length < 0 || *ended)
    till_cli_write_stderr ("\n");

  for (guint i = 0; i < G_N_ELEMENTS (caught); i++)
    sigaction (caught[i], &saved_actions[i], NULL);

  /* The signal once more, with the effect that it has without us. */
  if (arrived != 0)
    raise (arrived);

  pthread_sigmask (SIG_SETMASK, &saved_mask, NULL);
  errno = saved_errno;

  return length;
}

/**
 * till_cli_prompt_password:
 * @question: what to ask, with the blank that follows it
 * @error: return location; %TILL_ERROR_PASSWORD_REQUIRED where there was no
 *   answer, %TILL_ERROR_UNREADABLE where the terminal failed
 *
 * Asks once, on standard error, and reads the answer from standard input
 * without showing it. A process that was suspended meanwhile asks again.
 *
 * Returns: (transfer full) (nullable): the password, which may be empty
 */
TillSecret *
till_cli_prompt_password (const char  *question,
                          GError     **error)
{
  g_autoptr(TillSecret) answer = till_secret_new (TILL_LIMIT_PASSWORD_BYTES + 1);
  gboolean ended = FALSE;
  gssize length;

  do
    length = ask (question, TRUE, till_secret_get_buffer (answer), till_secret_get_size (answer), &ended);
  while (length < 0 && errno == EINTR);

  if (length < 0)
    {
      till_set_error (error, TILL_ERROR_UNREADABLE, TILL_REASON_IO, g_strerror (errno), NULL,
                      "the password could not be read from the terminal: %s", g_strerror (errno));
      return NULL;
    }

  if (ended)
    {
      till_set_error (error, TILL_ERROR_PASSWORD_REQUIRED, TILL_REASON_NONE, NULL, NULL,
                      "a password is needed, and none was typed");
      return NULL;
    }

  if (length > TILL_LIMIT_PASSWORD_BYTES)
    {
      till_set_error (error, TILL_ERROR_WRONG_PASSWORD, TILL_REASON_TOO_LARGE, NULL, NULL,
                      "the password is too long: at most %d bytes are taken", TILL_LIMIT_PASSWORD_BYTES);
      return NULL;
    }

  till_secret_shrink (answer, length);

  return g_steal_pointer (&answer);
}

/**
 * till_cli_prompt_line:
 * @question: what to ask, with the blank that follows it
 *
 * Asks once, on standard error, and reads a line of text from standard input.
 *
 * Returns: (transfer full) (nullable): the answer; %NULL where there was none that can be used
 */
char *
till_cli_prompt_line (const char *question)
{
  guint8 answer[256] = { 0 };
  gboolean ended = FALSE;
  gssize length;

  do
    length = ask (question, FALSE, answer, sizeof answer - 1, &ended);
  while (length < 0 && errno == EINTR);

  if (length < 0 || ended || !g_utf8_validate ((const char *) answer, length, NULL))
    return NULL;

  return g_strndup ((const char *) answer, (gsize) length);
}
