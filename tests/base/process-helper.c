/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program that starts as ours do and says what it finds; see test-process.c. */
#include "config.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "till-process.h"

/* Linked with --wrap=execv: a system where a program can't be started again. */
int __real_execv (const char *path, char *const argv[]);
int __wrap_execv (const char *path, char *const argv[]);

int
__wrap_execv (const char *path,
              char *const argv[])
{
  if (getenv ("HELPER_NO_EXEC") != NULL)
    {
      errno = ENOENT;
      return -1;
    }

  return __real_execv (path, argv);
}

/* What a library sees that looks at the environment when it is loaded. */
static void __attribute__ ((constructor))
look_early (void)
{
  const char *value = getenv ("SSLKEYLOGFILE");

  fprintf (stderr, "loaded with %s\n", value != NULL ? value : "nothing");
  if (getenv ("HELPER_STUBBORN") != NULL)
    setenv ("SSLKEYLOGFILE", "again", 1);
}

static void
say_environment (void)
{
  static const char * const names[] = {
    "SSLKEYLOGFILE", "GNUTLS_DEBUG_LEVEL", "GNUTLS_SYSTEM_PRIORITY_FILE", "GNUTLS_CPUID_OVERRIDE",
    "GNUTLS_SKIP_FIPS_INTEGRITY_CHECKS", "GIO_EXTRA_MODULES", "GIO_USE_TLS", "SOUP_SERVER_HTTP2", "G_DEBUG",
    "G_TLS_GNUTLS_PRIORITY", "SOUP_FORCE_HTTP1", "TILLKEEPER_STARTED", "HOME",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    printf ("%s=%s\n", names[i], getenv (names[i]) != NULL ? getenv (names[i]) : "-");
}

static void
say_process (int    argc,
             char **argv)
{
  char name[17] = "";
  struct rlimit core;
  mode_t mask = umask (0);

  prctl (PR_GET_NAME, (unsigned long) name, 0, 0, 0);
  getrlimit (RLIMIT_CORE, &core);
  printf ("name=%s\n", name);
  printf ("core=%llu/%llu\n", (unsigned long long) core.rlim_cur, (unsigned long long) core.rlim_max);
  printf ("dumpable=%d\n", prctl (PR_GET_DUMPABLE, 0, 0, 0, 0));
  printf ("umask=%03o\n", (unsigned) mask);
  for (int i = 0; i < argc; i++)
    printf ("argv[%d]=%s\n", i, argv[i]);
}

/* Passes bytes on from one end to the other until both are done. */
static int
shake_hands (gnutls_session_t client,
             gnutls_session_t server)
{
  int from_client = GNUTLS_E_AGAIN;
  int from_server = GNUTLS_E_AGAIN;

  for (int i = 0; i < 100 && (from_client != 0 || from_server != 0); i++)
    {
      if (from_client != 0)
        from_client = gnutls_handshake (client);
      if (from_server != 0)
        from_server = gnutls_handshake (server);
    }

  return from_client == 0 && from_server == 0 ? 0 : -1;
}

/* A TLS handshake with itself, for which GnuTLS would write a key log. */
static int
use_tls (void)
{
  const char *priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2:+ANON-ECDH";
  gnutls_anon_client_credentials_t client_credentials;
  gnutls_anon_server_credentials_t server_credentials;
  gnutls_session_t client;
  gnutls_session_t server;
  int fds[2];
  int result;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) != 0)
    return 1;

  gnutls_anon_allocate_client_credentials (&client_credentials);
  gnutls_anon_allocate_server_credentials (&server_credentials);
  gnutls_init (&client, GNUTLS_CLIENT);
  gnutls_init (&server, GNUTLS_SERVER);
  gnutls_priority_set_direct (client, priority, NULL);
  gnutls_priority_set_direct (server, priority, NULL);
  gnutls_credentials_set (client, GNUTLS_CRD_ANON, client_credentials);
  gnutls_credentials_set (server, GNUTLS_CRD_ANON, server_credentials);
  gnutls_transport_set_int (client, fds[0]);
  gnutls_transport_set_int (server, fds[1]);

  result = shake_hands (client, server);
  printf ("handshake=%d\n", result);

  gnutls_deinit (client);
  gnutls_deinit (server);
  gnutls_anon_free_client_credentials (client_credentials);
  gnutls_anon_free_server_credentials (server_credentials);
  close (fds[0]);
  close (fds[1]);

  return result == 0 ? 0 : 1;
}

static int
say_descriptor (int fd)
{
  char bytes[64];
  ssize_t n = read (fd, bytes, sizeof bytes);

  printf ("read=%.*s\n", (int) MAX (n, 0), bytes);

  return n < 0;
}

/* process-helper start|plain WHAT: with or without till_process_start() */
int
main (int    argc,
      char **argv)
{
  if (argc < 3)
    return 2;

  if (strcmp (argv[1], "start") == 0)
    till_process_start (argc, argv);

  if (strcmp (argv[2], "environment") == 0)
    say_environment ();
  else if (strcmp (argv[2], "process") == 0)
    say_process (argc, argv);
  else if (strcmp (argv[2], "tls") == 0)
    return use_tls ();
  else if (strcmp (argv[2], "descriptor") == 0)
    return say_descriptor (5);
  else if (strcmp (argv[2], "crash") == 0)
    raise (SIGSEGV);

  return 0;
}
