/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starts a program and says how long its first window took to be mapped and to be painted. */

#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <X11/Xlib.h>
#include <X11/Xutil.h>

#define GIVE_UP_MS 60000.0
#define COLOURS_WANTED 9

static double
now_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int
ignore_error (Display     *display,
              XErrorEvent *event)
{
  (void) display;
  (void) event;
  return 0;
}

/* Does the window show at least COLOURS_WANTED different colours? Looks at every third pixel of every third line. */
static int
is_painted (Display *display,
            Window   window)
{
  unsigned long seen[COLOURS_WANTED];
  int n = 0;
  XWindowAttributes attributes;
  XImage *image;

  if (!XGetWindowAttributes (display, window, &attributes))
    return 0;

  image = XGetImage (display, window, 0, 0, attributes.width, attributes.height, AllPlanes, ZPixmap);
  if (image == NULL)
    return 0;

  for (int y = 0; y < image->height && n < COLOURS_WANTED; y += 3)
    for (int x = 0; x < image->width && n < COLOURS_WANTED; x += 3)
      {
        unsigned long pixel = XGetPixel (image, x, y);
        int i;

        for (i = 0; i < n; i++)
          if (seen[i] == pixel)
            break;
        if (i == n)
          seen[n++] = pixel;
      }

  XDestroyImage (image);
  return n >= COLOURS_WANTED;
}

/* Proportional set size of a process in KiB, 0 where it can't be read. */
static long
read_pss (pid_t pid)
{
  char path[64];
  char line[256];
  long pss = 0;
  FILE *file;

  snprintf (path, sizeof path, "/proc/%d/smaps_rollup", (int) pid);
  file = fopen (path, "r");
  if (file == NULL)
    return 0;
  while (fgets (line, sizeof line, file) != NULL)
    if (sscanf (line, "Pss: %ld kB", &pss) == 1)
      break;
  fclose (file);
  return pss;
}

int
main (int    argc,
      char **argv)
{
  Display *display;
  Window window = None;
  double start, mapped = 0, painted = 0;
  struct timespec pause = { 0, 500000 };
  pid_t pid;
  long pss;

  if (argc < 2)
    {
      fprintf (stderr, "usage: first-paint PROGRAM [ARGUMENT]...\n");
      return 2;
    }

  display = XOpenDisplay (NULL);
  if (display == NULL)
    {
      fprintf (stderr, "first-paint: there is no display\n");
      return 1;
    }
  XSetErrorHandler (ignore_error);
  XSelectInput (display, DefaultRootWindow (display), SubstructureNotifyMask);
  XSync (display, False);

  start = now_ms ();
  pid = fork ();
  if (pid == 0)
    {
      close (ConnectionNumber (display));
      execvp (argv[1], argv + 1);
      _exit (127);
    }

  while (painted == 0 && now_ms () - start < GIVE_UP_MS)
    {
      while (XPending (display) > 0)
        {
          XEvent event;
          XWindowAttributes attributes;

          XNextEvent (display, &event);
          if (event.type == MapNotify && window == None
              && XGetWindowAttributes (display, event.xmap.window, &attributes)
              && attributes.width >= 100 && attributes.height >= 100)
            {
              window = event.xmap.window;
              mapped = now_ms () - start;
            }
        }
      if (window != None && is_painted (display, window))
        painted = now_ms () - start;
      else
        nanosleep (&pause, NULL);
      if (waitpid (pid, NULL, WNOHANG) == pid)
        {
          fprintf (stderr, "first-paint: %s ended before its window was painted\n", argv[1]);
          return 1;
        }
    }

  usleep (400000);
  pss = read_pss (pid);
  kill (pid, SIGTERM);
  waitpid (pid, NULL, 0);
  XCloseDisplay (display);

  if (painted == 0)
    {
      fprintf (stderr, "first-paint: no window was painted\n");
      return 1;
    }
  printf ("{\"mapped\": %.1f, \"painted\": %.1f, \"pss\": %ld}\n", mapped, painted, pss);
  return 0;
}
