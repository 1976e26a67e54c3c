/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks before an act that can't be taken back: what it does, for whom, and no answer by accident. */
#include "config.h"

#include "till-question.h"

#include <glib/gi18n.h>

#include "till-key-dialog.h"
#include "till-text.h"

/* A dialog that has just come up takes no Enter that was meant for what was there before. */
#define ARM_MS 1000

typedef struct
{
  AdwMessageDialog *dialog;       /* owns this */
  char             *wanted;       /* (nullable): what has to be typed */
  char             *response;     /* (nullable) until it is asked */
  GtkEditable      *entry;        /* (nullable) */
  guint             arm_id;
  gboolean          armed;
} Question;

#define DATA_KEY "till-question"

static gboolean is_typing = TRUE;

static void
free_question (gpointer data)
{
  Question *question = data;

  g_clear_handle_id (&question->arm_id, g_source_remove);
  g_free (question->wanted);
  g_free (question->response);
  g_free (question);
}

static void
update_question (Question *question)
{
  gboolean typed = question->wanted == NULL ||
                   g_strcmp0 (gtk_editable_get_text (question->entry), question->wanted) == 0;

  if (question->response != NULL)
    adw_message_dialog_set_response_enabled (question->dialog, question->response, question->armed && typed);
}

static gboolean
arm_cb (gpointer user_data)
{
  Question *question = user_data;

  question->arm_id = 0;
  question->armed = TRUE;
  update_question (question);

  return G_SOURCE_REMOVE;
}

static void
add_entry (Question  *question,
           GtkWidget *box)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = adw_entry_row_new ();
  g_autofree char *shown = till_text_dup_display (question->wanted, TILL_TEXT_MAX_CHARS);
  g_autofree char *title = NULL;

  /* Translators: %s is what has to be typed: a name, or the last characters of a key's id. */
  title = g_strdup_printf (_("Type %s to go on"), shown);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  gtk_box_append (GTK_BOX (box), list);

  question->entry = GTK_EDITABLE (row);
  g_signal_connect_swapped (row, "changed", G_CALLBACK (update_question), question);
}

/**
 * till_question_new:
 * @widget: in whose window it is asked
 * @profile: (nullable): what it is done to belongs to it; the dialog names it
 * @heading: the question
 * @body: what the act does
 * @typed: (nullable): what has to be typed before the act
 *
 * Returns: (transfer none): a dialog that is not shown yet; GTK owns it
 */
AdwMessageDialog *
till_question_new (GtkWidget         *widget,
                   const TillProfile *profile,
                   const char        *heading,
                   const char        *body,
                   const char        *typed)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  Question *question = g_new0 (Question, 1);

  question->dialog =
    ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, heading, body));
  /* What belongs to no profile can't be looked up anywhere afterwards: that is always asked. */
  if (profile != NULL && !is_typing)
    typed = NULL;
  question->wanted = g_strdup (typed);
  g_object_set_data_full (G_OBJECT (question->dialog), DATA_KEY, question, free_question);

  if (profile != NULL)
    gtk_box_append (GTK_BOX (box), till_key_dialog_new_environment (profile));
  if (typed != NULL)
    add_entry (question, box);
  adw_message_dialog_set_extra_child (question->dialog, box);

  adw_message_dialog_add_response (question->dialog, "cancel", _("Cancel"));
  adw_message_dialog_set_default_response (question->dialog, "cancel");
  adw_message_dialog_set_close_response (question->dialog, "cancel");

  return question->dialog;
}

/**
 * till_question_set_typing:
 * @typing: whether names are asked for
 *
 * For questions that are asked from now on. What is done to everything at once
 * is always typed.
 */
void
till_question_set_typing (gboolean typing)
{
  is_typing = typing;
}

/**
 * till_question_ask:
 * @dialog: made by till_question_new(), with all its responses
 * @response: that of the act
 *
 * Shows the dialog.
 */
void
till_question_ask (AdwMessageDialog *dialog,
                   const char       *response)
{
  Question *question = g_object_get_data (G_OBJECT (dialog), DATA_KEY);

  g_return_if_fail (question != NULL && question->response == NULL);

  question->response = g_strdup (response);
  update_question (question);
  question->arm_id = g_timeout_add (ARM_MS, arm_cb, question);
  gtk_window_present (GTK_WINDOW (dialog));
}
