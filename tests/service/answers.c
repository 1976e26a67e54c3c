/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers made by hand, for tests that need no network. */
#include "config.h"

#include "answers.h"

#include <string.h>

TillAnswer *
answer_new (guint       status,
            const char *content_type,
            const char *body)
{
  TillAnswer *self = g_new0 (TillAnswer, 1);

  self->status = status;
  self->body = secret_of (body != NULL ? body : "");
  self->content_type = g_strdup (content_type);
  self->retry_after = -1;
  self->skew = G_MININT64;
  self->tries = 1;

  return self;
}

void
answer_drop (TillAnswer *self)
{
  till_secret_unref (self->body);
  g_free (self->content_type);
  g_free (self->trace_id);
  g_free (self);
}

TillHubAnswer *
hub_answer_new (guint       status,
                const char *body)
{
  TillHubAnswer *self = g_new0 (TillHubAnswer, 1);

  self->status = status;
  self->body = secret_of (body);
  self->trace_id = g_strdup ("trace-of-the-header");
  self->skew = G_MININT64;
  self->tries = 1;

  return self;
}

char *
quoted (const char *text)
{
  char *made = g_strdup (text);

  for (char *p = made; *p != '\0'; p++)
    if (*p == '\'')
      *p = '"';

  return made;
}

TillSecret *
secret_of (const char *text)
{
  return till_secret_new_copy (text, strlen (text));
}
