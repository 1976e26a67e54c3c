/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes secrets out of text before it is logged or shown. */
#include "config.h"

#include "till-redact.h"

#include <string.h>

#include "till-secret.h"

/*
 * One pass from left to right. A name that announces a secret, a scheme of
 * authentication, the user in an address and a PEM block open a hidden run.
 * What opened it says how it ends; whatever begins inside can only make it
 * longer. So nothing that one rule hides keeps another from seeing the secret
 * behind it, and what is cut off is hidden to the end of the text.
 *
 * A run that a name has opened ends only where a value of that name may end. So
 * a second pass finds "[redacted n]" and nothing more behind the name, and
 * changes nothing. For the same reason a word may begin where a run has ended.
 */

/* How a hidden value ends. */
typedef enum
{
  END_LINE = 1 << 0,        /* at the end of the line */
  END_HEADER = 1 << 1,      /* the same, but the line may be folded */
  END_WORD = 1 << 2,        /* at a blank or "&", as in a form or a query */
  END_BARE = 1 << 3,        /* at a comma, a closing bracket or the end of the line, as in JSON */
  END_BRACKET = 1 << 4,     /* behind the bracket that closes the first one */
  END_PEM = 1 << 5,         /* behind the END line */
  END_PLACE = 1 << 6,       /* at a known place */
  END_QUOTE_0 = 1 << 7,     /* at a quote; in JSON inside JSON it is behind 1 backslash, and so on */
  END_QUOTE_1 = 1 << 8,
  END_QUOTE_3 = 1 << 9,
  END_QUOTE_7 = 1 << 10,
} End;

#define END_QUOTES (END_QUOTE_0 | END_QUOTE_1 | END_QUOTE_3 | END_QUOTE_7)

static const struct
{
  End   end;
  gsize backslashes;
} quotes[] = {
  { END_QUOTE_0, 0 },
  { END_QUOTE_1, 1 },
  { END_QUOTE_3, 3 },
  { END_QUOTE_7, 7 },
};

typedef enum
{
  KIND_NONE,
  KIND_SECRET,          /* secret however it is written */
  KIND_HEADER,          /* the same, and it may be folded */
  KIND_DATA,            /* a word of plain speech too: not "name: value" */
} Kind;

/* Ends of names, lower case, without "-", "_" and ".": so "apikey" is
 * "Api-Key" and "x_api_key" as well. */
static const struct
{
  const char *name;
  Kind        kind;
} names[] = {
  { "authorization", KIND_HEADER },
  { "apikey", KIND_HEADER },
  { "signature", KIND_HEADER },
  { "cookie", KIND_HEADER },
  { "secret", KIND_SECRET },
  { "secretkey", KIND_SECRET },
  { "sharedkey", KIND_SECRET },
  { "privatekey", KIND_SECRET },
  { "accesstoken", KIND_SECRET },
  { "refreshtoken", KIND_SECRET },
  { "idtoken", KIND_SECRET },
  { "authtoken", KIND_SECRET },
  { "sessiontoken", KIND_SECRET },
  { "sessionid", KIND_SECRET },
  { "password", KIND_SECRET },
  { "passwd", KIND_SECRET },
  { "passphrase", KIND_SECRET },
  { "passcode", KIND_SECRET },
  { "pwd", KIND_SECRET },
  { "setupcode", KIND_SECRET },
  { "activationcode", KIND_SECRET },
  { "cryptographicresource", KIND_SECRET },
  { "certificate", KIND_DATA },
  { "pkcs12", KIND_DATA },
  { "p12", KIND_DATA },
  { "pfx", KIND_DATA },
};

/* How much of the line of a PEM block is looked at. */
#define PEM_LABEL_BYTES 80

typedef struct
{
  const char *text;
  gsize       length;
  gsize       at;

  GString    *out;
  gsize       shown;        /* where the last hidden run ended */

  /* Of the hidden run, while there is one. */
  gboolean    hiding;
  gsize       start;
  End         own;          /* how the value ends that a name has announced, or 0 */
  guint       pending;      /* what else must end before (End flags) */
  gsize       place;        /* END_PLACE */
  guint       n_brackets;   /* END_BRACKET: how many are open */
  End         in_string;    /* END_BRACKET: inside of a string, which ends so; or 0 */
  gsize       n_backslashes;/* how many stand right before here */
} Redactor;

static inline int
byte_at (const Redactor *self,
         gsize           at)
{
  return at < self->length ? (guint8) self->text[at] : -1;
}

static inline gboolean
is_token_char (int c)
{
  return g_ascii_isalnum (c) || (c > 0 && strchr ("-_.+/=~", c) != NULL);
}

static inline gboolean
is_blank (int c)
{
  return c == ' ' || c == '\t';
}

static inline gboolean
is_line_end (int c)
{
  return c == '\r' || c == '\n';
}

static gsize
skip_blanks (const Redactor *self,
             gsize           at,
             gboolean        lines)
{
  while (is_blank (byte_at (self, at)) || (lines && is_line_end (byte_at (self, at))))
    at++;

  return at;
}

static gboolean
starts_with (const Redactor *self,
             gsize           at,
             const char     *word)
{
  gsize size = strlen (word);

  return at <= self->length && self->length - at >= size &&
         g_ascii_strncasecmp (self->text + at, word, size) == 0;
}

/* Where a "[redacted n]" that begins at @at ends; @at where there is none. */
static gsize
skip_marker (const Redactor *self,
             gsize           at)
{
  static const char begin[] = "[redacted ";
  gsize p = at + strlen (begin);

  if (!starts_with (self, at, begin) || !g_ascii_isdigit (byte_at (self, p)))
    return at;

  while (g_ascii_isdigit (byte_at (self, p)))
    p++;

  return byte_at (self, p) == ']' ? p + 1 : at;
}

/* The quote, with its backslashes, that begins at @at; 0 where there is none. */
static End
find_quote (const Redactor *self,
            gsize           at,
            gsize          *behind)
{
  gsize p = at;

  while (byte_at (self, p) == '\\')
    p++;

  for (gsize i = 0; byte_at (self, p) == '"' && i < G_N_ELEMENTS (quotes); i++)
    if (p - at == quotes[i].backslashes)
      {
        *behind = p + 1;
        return quotes[i].end;
      }

  return 0;
}

/* Whether the quote here, with the backslashes before it, closes one of kind
 * @end; and how many of them are its own. Inside of a string once escaped,
 * \" closes, \\\" is a quote and \\\\\" a backslash and the close. */
static gboolean
closes_quote (const Redactor *self,
              End             end,
              gsize          *own_backslashes)
{
  for (gsize i = 0; i < G_N_ELEMENTS (quotes); i++)
    if (quotes[i].end == end)
      {
        *own_backslashes = quotes[i].backslashes;
        return byte_at (self, self->at) == '"' &&
               self->n_backslashes % (2 * (quotes[i].backslashes + 1)) == quotes[i].backslashes;
      }

  return FALSE;
}

/* Whether a value that ends so ends here; @end_at is where. */
static gboolean
ends_here (const Redactor *self,
           End             end,
           gsize          *end_at)
{
  int c = byte_at (self, self->at);
  gsize own_backslashes;

  *end_at = self->at;

  switch (end)
    {
    case END_LINE:
      return is_line_end (c);

    case END_HEADER:
      if (!is_line_end (c))
        return FALSE;
      return !is_blank (byte_at (self, self->at + (starts_with (self, self->at, "\r\n") ? 2 : 1)));

    case END_WORD:
      return is_blank (c) || is_line_end (c) || c == '&';

    case END_BARE:
      return c == ',' || c == ']' || c == '}' || is_line_end (c);

    case END_PLACE:
      return self->at >= self->place;

    case END_QUOTE_0:
    case END_QUOTE_1:
    case END_QUOTE_3:
    case END_QUOTE_7:
      if (!closes_quote (self, end, &own_backslashes))
        return FALSE;
      *end_at = self->at - own_backslashes;
      return TRUE;

    case END_BRACKET:
    case END_PEM:
    default:
      /* Their ends are found on the way, and become places. */
      return FALSE;
    }
}

static void
end_at_place (Redactor *self,
              End       end,
              gsize     place)
{
  self->pending &= ~(guint) end;
  self->pending |= END_PLACE;
  self->place = MAX (self->place, place);
}

/* Hides what begins at @value, or makes what is hidden already longer. */
static void
announce (Redactor *self,
          gsize     value,
          End       end,
          gsize     place)
{
  gboolean is_new = !self->hiding;

  if (is_new)
    {
      g_string_append_len (self->out, self->text + self->at, (gssize) (value - self->at));
      self->hiding = TRUE;
      self->start = value;
      self->own = 0;
      self->pending = 0;
      self->place = 0;
      self->n_brackets = 0;
      self->in_string = 0;
    }

  self->at = value;
  self->n_backslashes = 0;

  if (end == END_PLACE)
    end_at_place (self, END_PLACE, place);
  else if (is_new && end != END_PEM && end != END_BRACKET)
    self->own = end;
  else
    self->pending |= end;
}

static void
write_hidden (Redactor *self,
              gsize     end)
{
  gsize size = end - self->start;

  if (size > 0 && skip_marker (self, self->start) == end)
    g_string_append_len (self->out, self->text + self->start, (gssize) size);
  else if (size > 0)
    g_string_append_printf (self->out, "[redacted %" G_GSIZE_FORMAT "]", size);

  self->at = end;
  self->shown = end;
  self->hiding = FALSE;
}

static Kind
find_kind (const char *before,
           gsize       size)
{
  /* Most of what stands before a ":" or "=" in other texts is none. */
  if (size == 0 || !is_token_char ((guint8) before[size - 1]) || before[size - 1] == '=')
    return KIND_NONE;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gsize left = strlen (names[i].name);
      gsize p = size;

      while (left > 0 && p > 0)
        {
          char c = g_ascii_tolower (before[p - 1]);

          if (c == names[i].name[left - 1])
            left--;
          else if (c != '-' && c != '_' && c != '.')
            break;
          p--;
        }

      if (left == 0)
        return names[i].kind;
    }

  return KIND_NONE;
}

/* The name that ends right before the ":" or "=" here. */
static Kind
find_name (const Redactor *self,
           gboolean       *quoted)
{
  const char *before = self->text;
  gsize p = self->at;

  while (p > 0 && (is_blank (before[p - 1]) || is_line_end (before[p - 1])))
    p--;
  *quoted = p > 0 && (before[p - 1] == '"' || before[p - 1] == '\'');

  if (*quoted)
    {
      p--;
      while (p > 0 && before[p - 1] == '\\')
        p--;
    }
  else
    {
      p = self->at;
      while (p > 0 && is_blank (before[p - 1]))
        p--;
    }

  return find_kind (before, p);
}

/* null, true or false: nothing to hide, and good to know. */
static gboolean
is_literal (const Redactor *self,
            gsize           at)
{
  static const char * const words[] = { "null", "true", "false" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (starts_with (self, at, words[i]) && !is_token_char (byte_at (self, at + strlen (words[i]))))
      return TRUE;

  return FALSE;
}

/* How the value ends that a name announces, behind blanks at @value, which moves
 * behind its quote where it has one; 0 where it is no secret. */
static End
find_end (const Redactor *self,
          Kind            kind,
          gboolean        quoted,
          gboolean        assigned,
          gsize          *value)
{
  int c = byte_at (self, *value);
  End end;

  /* A line of its own: what looks like quotes may be a part of it. */
  if (!quoted && !assigned && kind != KIND_DATA)
    return kind == KIND_HEADER ? END_HEADER : END_LINE;

  end = find_quote (self, *value, value);
  if (end != 0)
    return end;

  if (!quoted && !assigned)
    return 0;
  if (c == '\'')
    return END_LINE;
  if (assigned && !quoted)
    return END_WORD;
  if (is_literal (self, *value))
    return 0;
  if (skip_marker (self, *value) > *value)
    return END_PLACE;

  return c == '[' || c == '{' ? END_BRACKET : END_BARE;
}

/* At a ":" or "=": name: value, name=value, "name": value. */
static gboolean
try_name (Redactor *self)
{
  gboolean assigned = byte_at (self, self->at) == '=';
  gboolean quoted;
  Kind kind = find_name (self, &quoted);
  gsize value = self->at + 1;
  End end;

  if (kind == KIND_NONE)
    return FALSE;

  if (byte_at (self, value) == (assigned ? '>' : '='))
    value++;
  value = skip_blanks (self, value, quoted);
  end = find_end (self, kind, quoted, assigned, &value);
  if (end == 0)
    return FALSE;

  announce (self, value, end, skip_marker (self, value));

  /* The quotes that were jumped over count for the brackets around them. */
  if (quoted)
    self->in_string = end & END_QUOTES;

  return TRUE;
}

/* At a blank: Bearer token, Basic token. */
static gboolean
try_scheme (Redactor *self)
{
  static const char * const schemes[] = { "bearer", "basic" };
  /* What follows "basic" in plain speech. */
  static const char * const plain[] = { "auth", "authentication", "authorization", "constraints" };
  gsize value;
  gsize end;

  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      gsize n = strlen (schemes[i]);

      if (self->at < n || !starts_with (self, self->at - n, schemes[i]))
        continue;
      if (self->at - n > self->shown && g_ascii_isalnum (self->text[self->at - n - 1]))
        continue;

      value = skip_blanks (self, self->at, FALSE);
      for (end = value; is_token_char (byte_at (self, end)); end++)
        continue;
      if (end == value)
        return FALSE;

      for (gsize j = 0; j < G_N_ELEMENTS (plain); j++)
        if (end - value == strlen (plain[j]) && starts_with (self, value, plain[j]))
          return FALSE;

      announce (self, value, END_PLACE, end);
      return TRUE;
    }

  return FALSE;
}

/* At "://": the user and password of an address. Where the "@" is missing (cut
 * off, as a rule) they look like host and port, but for what is no digit. */
static gboolean
try_address (Redactor *self)
{
  gsize value = self->at + 3;
  gsize end = value;
  gboolean colon = FALSE;
  gboolean digits = TRUE;
  gsize p;

  for (p = value; p < self->length; p++)
    {
      int c = byte_at (self, p);

      if (g_ascii_isspace (c) || strchr ("/?#\"'<>", c) != NULL || skip_marker (self, p) > p)
        break;

      if (c == '@')
        end = p;
      else if (c == ':')
        colon = TRUE;
      else if (colon && !g_ascii_isdigit (c))
        digits = FALSE;
    }

  if (end == value && colon && !digits && byte_at (self, value) != '[')
    end = p;
  if (end == value)
    return FALSE;

  announce (self, value, END_PLACE, end);
  return TRUE;
}

/* Whether a line of a PEM block with a private key is here; @end is behind it. */
static gboolean
is_private_pem (const Redactor *self,
                const char     *begin,
                gsize          *end)
{
  char label[PEM_LABEL_BYTES + 1];
  gsize size = 0;
  gsize p;

  if (!starts_with (self, self->at, begin))
    return FALSE;

  for (p = self->at + strlen (begin); p < self->length; p++)
    {
      if (is_line_end (self->text[p]) || starts_with (self, p, "-----") || skip_marker (self, p) > p)
        break;
      if (size < PEM_LABEL_BYTES)
        label[size++] = g_ascii_toupper (self->text[p]);
    }
  label[size] = '\0';
  *end = p + (starts_with (self, p, "-----") ? 5 : 0);

  return strstr (label, "PRIVATE") != NULL || strstr (label, "PKCS12") != NULL;
}

/* At a "-": the lines before and behind a private key. */
static gboolean
try_pem (Redactor *self)
{
  gsize end;

  if (is_private_pem (self, "-----BEGIN", &end))
    {
      announce (self, self->at, END_PEM, 0);
      self->at = end;
      return TRUE;
    }

  if (!is_private_pem (self, "-----END", &end))
    return FALSE;

  if (self->hiding && (self->pending & END_PEM))
    {
      end_at_place (self, END_PEM, end);
      self->at = end;
      self->n_backslashes = 0;
      return TRUE;
    }

  if (!self->hiding)
    {
      /* Its begin was cut off: what looks like Base64 before it goes as well. */
      gsize size = self->out->len;

      while (size > 0 && (g_ascii_isalnum (self->out->str[size - 1]) ||
                          strchr ("+/=\r\n\\", self->out->str[size - 1]) != NULL))
        size--;
      while (size < self->out->len && is_line_end (self->out->str[size]))
        size++;

      size = self->out->len - size;
      g_string_truncate (self->out, self->out->len - size);
      announce (self, self->at, END_PLACE, end);
      self->start -= size;
      return TRUE;
    }

  return FALSE;
}

static gboolean
try_all (Redactor *self)
{
  switch (byte_at (self, self->at))
    {
    case ':':
      return try_name (self) || (starts_with (self, self->at, "://") && try_address (self));

    case '=':
      return try_name (self);

    case ' ':
    case '\t':
      return try_scheme (self);

    case '-':
      return try_pem (self);

    default:
      return FALSE;
    }
}

/* Keeps count of the brackets of a hidden value. */
static void
count_brackets (Redactor *self)
{
  int c = byte_at (self, self->at);
  gsize ignored;

  if (self->in_string != 0)
    {
      if (closes_quote (self, self->in_string, &ignored))
        self->in_string = 0;
    }
  else if (c == '"')
    {
      for (gsize i = 0; i < G_N_ELEMENTS (quotes); i++)
        if (self->n_backslashes == quotes[i].backslashes)
          self->in_string = quotes[i].end;
    }
  else if (c == '[' || c == '{')
    {
      self->n_brackets++;
    }
  else if ((c == ']' || c == '}') && --self->n_brackets == 0)
    {
      end_at_place (self, END_BRACKET, self->at + 1);
    }
}

/* Whether the hidden run ended here. */
static gboolean
try_end (Redactor *self)
{
  gsize end = self->at;

  for (guint flag = 1; self->pending >= flag; flag <<= 1)
    if ((self->pending & flag) && ends_here (self, (End) flag, &end))
      self->pending &= ~flag;

  if (self->pending != 0)
    return FALSE;

  end = self->at;
  if (self->own != 0 && !ends_here (self, self->own, &end))
    return FALSE;

  write_hidden (self, end);
  return TRUE;
}

static void
redact (Redactor *self)
{
  while (self->at < self->length)
    {
      if (self->hiding)
        {
          gsize behind = skip_marker (self, self->at);

          if (try_end (self))
            continue;

          if (behind > self->at)
            {
              self->at = behind;
              self->n_backslashes = 0;
              continue;
            }
        }

      if (try_all (self))
        continue;

      if (self->hiding && (self->pending & END_BRACKET))
        count_brackets (self);
      if (!self->hiding)
        g_string_append_c (self->out, self->text[self->at]);

      self->n_backslashes = byte_at (self, self->at) == '\\' ? self->n_backslashes + 1 : 0;
      self->at++;
    }

  if (self->hiding)
    write_hidden (self, self->length);
}

/**
 * till_redact:
 * @text: (array length=length): any bytes
 * @length: how many, -1 where a NUL ends them
 *
 * Takes secrets out of a text that is to be logged or shown (RELIABILITY.md
 * G5): values of headers, JSON members, forms and "name: value" lines whose
 * name announces a secret, credentials of the schemes Basic and Bearer, users
 * in addresses, and PEM blocks with private keys, also cut off at either end.
 * Each becomes "[redacted n]", n being the number of bytes taken out. Letter
 * case makes no difference. Rather too much is hidden than too little.
 *
 * Bytes that are not UTF-8, and NUL, become U+FFFD first. Doing it twice
 * changes nothing more.
 *
 * Returns: (transfer full): valid UTF-8, at most three bytes for each of @text
 *   and sixteen more for each value hidden
 */
char *
till_redact (const char *text,
             gssize      length)
{
  Redactor redactor = { 0 };
  char *valid;

  g_return_val_if_fail (text != NULL, NULL);

  valid = g_utf8_make_valid (text, length);
  redactor.text = valid;
  redactor.length = strlen (valid);
  redactor.out = g_string_sized_new (redactor.length + 1);

  redact (&redactor);

  till_wipe (valid, redactor.length);
  g_free (valid);

  return g_string_free (redactor.out, FALSE);
}
