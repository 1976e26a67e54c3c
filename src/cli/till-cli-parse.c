/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes a command line apart, and says what is wrong with it.
 *
 * A parser of our own and not GOption or getopt_long: the one table of
 * options then makes the parsing, --help and the suggestions; names count only
 * in full, so that a new option never changes what a script meant by a
 * shortened one; and nothing is spent on it at start (PERFORMANCE.md 1). */
#include "config.h"

#include "till-cli-parse.h"

#include <string.h>

const TillCliOption till_cli_global_options[] = {
  { "profile", "NAME", "Use the profile NAME instead of the current one" },
  { "json", NULL, "Write one JSON document; errors as JSON on standard error" },
  { "verbose", NULL, "Say more on standard error about what is done" },
  { "help", NULL, "Show this help and end" },
  { "version", NULL, "Show the version and end" },
  { NULL, NULL, NULL },
};

/* How many edits (insert, delete, replace, swap two neighbours) lead from a to b. */
static guint
count_edits (const char *a,
             const char *b)
{
  enum { LONGEST = 32 };
  guint rows[3][LONGEST + 1];
  gsize a_length = strlen (a);
  gsize b_length = strlen (b);
  gsize i, j;

  if (a_length > LONGEST || b_length > LONGEST)
    return G_MAXUINT;

  for (j = 0; j <= b_length; j++)
    rows[0][j] = j;

  for (i = 1; i <= a_length; i++)
    {
      guint *row = rows[i % 3];
      const guint *above = rows[(i + 2) % 3];
      const guint *above_that = rows[(i + 1) % 3];

      row[0] = i;

      for (j = 1; j <= b_length; j++)
        {
          row[j] = above[j - 1] + (a[i - 1] != b[j - 1]);
          row[j] = MIN (row[j], above[j] + 1);
          row[j] = MIN (row[j], row[j - 1] + 1);

          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            row[j] = MIN (row[j], above_that[j - 2] + 1);
        }
    }

  return rows[a_length % 3][b_length];
}

/**
 * till_cli_nearest:
 * @word: what was typed
 * @names: (array zero-terminated=1): what there is
 *
 * Looks for the name that was probably meant: a shortened one, or one that
 * is a few slips of the finger away.
 *
 * Returns: (transfer none) (nullable): one of @names
 */
const char *
till_cli_nearest (const char         *word,
                  const char * const *names)
{
  const char *best = NULL;
  guint best_edits = G_MAXUINT;

  g_return_val_if_fail (word != NULL && names != NULL, NULL);

  for (; *names != NULL; names++)
    {
      guint edits = count_edits (word, *names);

      if (strlen (word) >= 2 && g_str_has_prefix (*names, word))
        edits = 0;

      if (edits < best_edits)
        {
          best_edits = edits;
          best = *names;
        }
    }

  /* More than a third of the letters wrong is another word. */
  if (best == NULL || best_edits > MAX (1, strlen (best) / 3))
    return NULL;

  return best;
}

static int
find_option (const TillCliOption *options,
             const char          *name,
             gsize                length)
{
  if (options == NULL)
    return -1;

  for (int i = 0; options[i].name != NULL; i++)
    {
      if (strlen (options[i].name) == length && memcmp (options[i].name, name, length) == 0)
        return i;
    }

  return -1;
}

static char *
refuse_option (const TillCli *self,
               const char    *argument)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autofree char *word = NULL;
  const char *nearest;

  for (const TillCliOption *option = till_cli_global_options; option->name != NULL; option++)
    g_ptr_array_add (names, (char *) option->name);

  if (self->command != NULL && self->command->options != NULL)
    {
      for (const TillCliOption *option = self->command->options; option->name != NULL; option++)
        g_ptr_array_add (names, (char *) option->name);
    }

  g_ptr_array_add (names, NULL);

  word = g_strndup (argument, strcspn (argument, "="));
  nearest = till_cli_nearest (word + strspn (word, "-"), (const char * const *) names->pdata);

  if (nearest != NULL)
    return g_strdup_printf ("unknown option “%s”; did you mean “--%s”?", word, nearest);

  return g_strdup_printf ("unknown option “%s”", word);
}

static char *
refuse_command (const TillCliCommand * const *commands,
                const char                   *word)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  const char *nearest;

  for (; *commands != NULL; commands++)
    g_ptr_array_add (names, (char *) (*commands)->name);

  g_ptr_array_add (names, NULL);

  nearest = till_cli_nearest (word, (const char * const *) names->pdata);

  if (nearest != NULL)
    return g_strdup_printf ("unknown command “%s”; did you mean “%s”?", word, nearest);

  return g_strdup_printf ("unknown command “%s”", word);
}

static void
set_global (TillCli    *self,
            const char *name,
            const char *value)
{
  if (g_str_equal (name, "profile"))
    self->profile = value;
  else if (g_str_equal (name, "json"))
    self->json = TRUE;
  else if (g_str_equal (name, "verbose"))
    self->verbose = TRUE;
  else if (g_str_equal (name, "help"))
    self->help = TRUE;
  else if (g_str_equal (name, "version"))
    self->version = TRUE;
  else
    g_assert_not_reached ();
}

static void
set_own (TillCli    *self,
         guint       option,
         const char *value)
{
  self->values[option] = value;
  self->given[self->n_given++] = (TillCliGiven) { option, value };
}

/* Takes the option at *position, and its value with it. Returns what is wrong, or NULL. */
static char *
take_option (TillCli *self,
             int     *position)
{
  const char *argument = self->argv[*position];
  const char *name = argument + 2;
  gsize length = strcspn (name, "=");
  const char *value = name[length] == '=' ? name + length + 1 : NULL;
  const TillCliOption *option = NULL;
  int global, own;

  if (g_str_equal (argument, "-h"))
    {
      self->help = TRUE;
      return NULL;
    }

  if (argument[1] != '-')
    return refuse_option (self, argument);

  global = find_option (till_cli_global_options, name, length);
  own = global < 0 && self->command != NULL ? find_option (self->command->options, name, length) : -1;

  if (global >= 0)
    option = &till_cli_global_options[global];
  else if (own >= 0)
    option = &self->command->options[own];
  else
    return refuse_option (self, argument);

  if (option->argument == NULL && value != NULL)
    return g_strdup_printf ("the option “--%s” takes no value", option->name);

  if (option->argument != NULL && value == NULL)
    {
      if (*position + 1 >= self->argc)
        return g_strdup_printf ("the option “--%s” needs a value: --%s %s",
                                option->name, option->name, option->argument);

      value = self->argv[++*position];
    }

  if (option->argument != NULL && *value == '\0')
    return g_strdup_printf ("the option “--%s” needs a value: --%s %s",
                            option->name, option->name, option->argument);

  if (global >= 0)
    set_global (self, option->name, value);
  else
    set_own (self, (guint) own, value != NULL ? value : "");

  return NULL;
}

/* Whether the next word is the name of a sub-command. Options of the command itself have come first then. */
static gboolean
takes_command (const TillCli *self)
{
  return self->command->commands != NULL && self->n_given == 0;
}

/* Takes a word as the name of a command. Returns what is wrong, or NULL. */
static char *
take_command (TillCli                      *self,
              const TillCliCommand * const *commands,
              const char                   *word)
{
  for (guint i = 0; commands[i] != NULL; i++)
    {
      if (g_str_equal (commands[i]->name, word))
        {
          self->command = commands[i];
          return NULL;
        }
    }

  return refuse_command (commands, word);
}

/**
 * till_cli_parse:
 * @self: filled in; clear it with till_cli_clear() in any case
 * @commands: (array zero-terminated=1): the command table
 * @argc: as given to main()
 * @argv: as given to main()
 * @message: (out): a sentence without a full stop where it returns %FALSE
 *
 * Takes a command line apart. Options and arguments may stand in any order;
 * "--" ends the options, and "-" is an argument. What follows the name of a
 * command of another program is left to that program.
 *
 * Returns: whether it can be understood
 */
gboolean
till_cli_parse (TillCli                       *self,
                const TillCliCommand * const  *commands,
                int                            argc,
                char                         **argv,
                char                         **message)
{
  gboolean options_ended = FALSE;

  memset (self, 0, sizeof *self);
  self->argc = argc;
  self->argv = argv;
  self->arguments = g_new0 (const char *, (gsize) MAX (argc, 0) + 1);
  self->given = g_new0 (TillCliGiven, (gsize) MAX (argc, 0) + 1);
  *message = NULL;

  for (int i = 1; i < argc; i++)
    {
      const char *argument = argv[i];

      if (!options_ended && g_str_equal (argument, "--"))
        {
          options_ended = TRUE;
        }
      else if (!options_ended && argument[0] == '-' && argument[1] != '\0')
        {
          *message = take_option (self, &i);
          if (*message != NULL)
            return FALSE;
        }
      else if (self->command != NULL && !takes_command (self))
        {
          self->arguments[self->n_arguments++] = argument;
        }
      else
        {
          *message = take_command (self, self->command != NULL ? self->command->commands : commands, argument);
          if (*message != NULL)
            return FALSE;

          if (self->command->program != NULL)
            return TRUE;
        }
    }

  if (self->help || self->version)
    return TRUE;

  if (self->command == NULL)
    *message = g_strdup ("a command is missing");
  else if (self->command->run == NULL)
    *message = g_strdup_printf ("what to do with “%s” is missing", self->command->name);

  return *message == NULL;
}

/**
 * till_cli_clear:
 * @self: a parsed command line
 *
 * Frees what till_cli_parse() allocated.
 */
void
till_cli_clear (TillCli *self)
{
  g_clear_pointer (&self->arguments, g_free);
  g_clear_pointer (&self->given, g_free);
}
