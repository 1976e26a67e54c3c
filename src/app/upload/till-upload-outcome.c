/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of it: done, not confirmed, or not known, and then looked up (RELIABILITY.md G17, UX.md 1.15). */
#include "config.h"

#include <glib/gi18n.h>

#include "till-error.h"
#include "till-fact.h"
#include "till-text.h"
#include "till-upload-private.h"
#include "till-upload-words.h"

static const char *
get_operation (TillUploadKind kind)
{
  switch (kind)
    {
    case TILL_UPLOAD_ADD:
      return "certificates.add";

    case TILL_UPLOAD_REPLACE:
      return "certificates.replace";

    case TILL_UPLOAD_HUB:
    default:
      return "certificates.upload";
    }
}

/* Looks for our own change in the journal. */
typedef struct
{
  TillUploadWindow *self;          /* (owned) */
  GCancellable     *cancellable;   /* (owned): still the window's own as long as the window has it */
  char             *profile_id;
  const char       *operation;
  gint64            begun_at;
  TillIntentState   state;         /* output */
  gint64            id;            /* output; -1 for none */
} Search;

static void
search_free (Search *search)
{
  g_object_unref (search->self);
  g_object_unref (search->cancellable);
  g_free (search->profile_id);
  g_free (search);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Search, search_free)

static gboolean
search_work (TillTransaction  *transaction,
             gpointer          data,
             GError          **error)
{
  Search *search = data;
  g_autoptr(GPtrArray) intents = till_transaction_list_intents (transaction, search->profile_id, FALSE, error);

  if (intents == NULL)
    return FALSE;

  /* The newest of that kind: this window sends one at a time. */
  for (guint i = 0; i < intents->len; i++)
    {
      const TillIntentRecord *intent = intents->pdata[i];

      if (!g_str_equal (intent->operation, search->operation) || intent->begun_at < search->begun_at ||
          intent->id < search->id)
        continue;

      search->id = intent->id;
      search->state = intent->state;
    }

  return TRUE;
}

static void
searched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Search) search = user_data;
  TillUploadWindow *self = search->self;
  gboolean read = till_store_run_finish (TILL_STORE (source), result, NULL);

  if (self->session == NULL || self->sending != search->cancellable)
    return;

  g_clear_object (&self->sending);
  self->intent_id = read ? search->id : -1;
  if (self->intent_id < 0 || search->state == TILL_INTENT_UNKNOWN || search->state == TILL_INTENT_OPEN)
    {
      till_upload_window_set_state (self, TILL_UPLOAD_STATE_UNKNOWN);
    }
  else if (search->state == TILL_INTENT_DONE)
    {
      till_upload_window_succeed (self, NULL, till_upload_window_is_renewal (self));
    }
  else
    {
      g_free (self->notice);
      self->notice = g_strdup (_("The service shows no sign of it: it was not done. You can send it again."));
      till_upload_window_set_failure (self, NULL);
      till_upload_window_set_state (self, TILL_UPLOAD_STATE_READY);
    }
}

static void
search (TillUploadWindow *self)
{
  Search *search = g_new0 (Search, 1);

  search->self = g_object_ref (self);
  search->cancellable = g_object_ref (self->sending);
  search->profile_id = g_strdup (till_shop_get_profile (self->shop)->id);
  search->operation = get_operation (self->kind);
  search->begun_at = self->begun_at;
  search->id = -1;
  till_store_run_async (till_session_get_store (self->session), search_work, search, NULL, NULL, searched_cb, search);
}

typedef struct
{
  TillUploadWindow *self;          /* (owned) */
  TillSession      *session;       /* (owned) */
} Settle;

static void
settled_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Settle *settle = user_data;
  g_autoptr(TillUploadWindow) self = settle->self;
  g_autoptr(TillSession) session = settle->session;
  GPtrArray *unknown = till_shop_settle_finish (TILL_SHOP (source), result, NULL);

  /* However the look ended, the journal says what is known. */
  g_clear_pointer (&unknown, g_ptr_array_unref);
  g_free (settle);
  if (self->session != NULL)
    search (self);
  till_session_tell_changed (session);
}

/**
 * till_upload_window_look:
 * @self: a window whose answer was lost
 *
 * Looks at the service whether it was done; Commerce Hub, which can't be looked
 * at, is asked with the same request number, where its profile allows that.
 */
void
till_upload_window_look (TillUploadWindow *self)
{
  Settle *settle = g_new0 (Settle, 1);

  settle->self = g_object_ref (self);
  settle->session = g_object_ref (self->session);
  g_clear_object (&self->sending);
  self->sending = g_cancellable_new ();
  till_upload_window_set_state (self, TILL_UPLOAD_STATE_LOOKING);
  till_shop_settle_async (self->shop, self->sending, settled_cb, settle);
}

static void
quietly_settled_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(TillSession) session = user_data;
  GPtrArray *unknown = till_shop_settle_finish (TILL_SHOP (source), result, NULL);

  g_clear_pointer (&unknown, g_ptr_array_unref);
  till_session_tell_changed (session);
}

/**
 * till_upload_look_quietly:
 * @session: is told when it is over
 * @shop: whose changes are open
 *
 * Looks what became of a change whose window is gone.
 */
void
till_upload_look_quietly (TillSession *session,
                          TillShop    *shop)
{
  till_shop_settle_async (shop, NULL, quietly_settled_cb, g_object_ref (session));
}

typedef struct
{
  TillUploadWindow *self;          /* (owned) */
  gboolean          done;
} Mark;

static void
marked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Mark *mark = user_data;
  g_autoptr(TillUploadWindow) self = mark->self;
  gboolean done = mark->done;
  g_autoptr(GError) error = NULL;
  gboolean marked = till_shop_mark_intent_finish (TILL_SHOP (source), result, &error);

  g_free (mark);
  if (self->session == NULL)
    return;

  till_session_tell_changed (self->session);
  if (!marked)
    {
      till_upload_window_set_failure (self, error);
      till_upload_window_set_state (self, TILL_UPLOAD_STATE_UNKNOWN);
    }
  else if (done)
    {
      till_upload_window_tell_parent (self, _("Marked as done"));
      till_upload_window_emit_done (self, NULL);
      gtk_window_close (GTK_WINDOW (self));
    }
  else
    {
      g_free (self->notice);
      self->notice = g_strdup (_("Marked as not done. You can send it again."));
      till_upload_window_set_failure (self, NULL);
      till_upload_window_set_state (self, TILL_UPLOAD_STATE_READY);
    }
}

/**
 * till_upload_window_mark:
 * @self: a window that does not know the outcome
 * @done: what a person found out
 *
 * Writes it down. What was not done can be sent again.
 */
void
till_upload_window_mark (TillUploadWindow *self,
                         gboolean          done)
{
  Mark *mark;

  if (self->intent_id < 0)
    {
      till_upload_window_look (self);
      return;
    }

  mark = g_new0 (Mark, 1);
  mark->self = g_object_ref (self);
  mark->done = done;
  till_shop_mark_intent_async (self->shop, self->intent_id, done, NULL, marked_cb, mark);
}

static const char *
get_yes_or_no (gboolean yes)
{
  return yes ? _("Yes") : _("No");
}

/* What was sent for a member of the answer. */
static char *
dup_sent (TillUploadWindow *self,
          const char       *member)
{
  const TillCertificate *file = self->preflight != NULL ? self->preflight->certificate : NULL;

  if (g_str_equal (member, "baseName") && file != NULL)
    return till_text_dup_display (file->pass_type_id, TILL_TEXT_MAX_CHARS);
  if (g_str_equal (member, "teamIdentifier") && file != NULL)
    return till_text_dup_display (file->team_id, TILL_TEXT_MAX_CHARS);
  if (g_str_equal (member, "validityEnd") && file != NULL)
    return till_text_dup_date_time (file->not_after);
  if (g_str_equal (member, "name"))
    return till_text_dup_display (gtk_editable_get_text (self->name_row), TILL_TEXT_MAX_CHARS);
  if (g_str_equal (member, "comment"))
    return till_text_dup_display (gtk_editable_get_text (self->comment_row), TILL_TEXT_MAX_CHARS);
  if (g_str_equal (member, "enabled"))
    return g_strdup (get_yes_or_no (gtk_switch_get_active (self->enabled_switch)));
  if (g_str_equal (member, "default"))
    return g_strdup (get_yes_or_no (TRUE));
  if (g_str_equal (member, "publicKey") && self->document != NULL)
    return g_strdup (till_upload_words_get_public_key (self->document));

  return g_strdup (_("Unknown"));
}

/* What the service says. */
static char *
dup_said (const TillWalletCertificate *answer,
          const char                  *member)
{
  if (g_str_equal (member, "baseName"))
    return till_text_dup_display (answer->base_name, TILL_TEXT_MAX_CHARS);
  if (g_str_equal (member, "teamIdentifier"))
    return till_text_dup_display (answer->team_identifier, TILL_TEXT_MAX_CHARS);
  if (g_str_equal (member, "validityEnd"))
    return till_text_dup_date_time (answer->validity_end);
  if (g_str_equal (member, "name"))
    return till_text_dup_display (answer->name, TILL_TEXT_MAX_CHARS);
  if (g_str_equal (member, "comment"))
    return till_text_dup_display (answer->comment, TILL_TEXT_MAX_CHARS);
  if (g_str_equal (member, "enabled"))
    return g_strdup (get_yes_or_no (answer->enabled == TILL_TRI_TRUE));

  return g_strdup (get_yes_or_no (answer->is_default == TILL_TRI_TRUE));
}

/**
 * till_upload_window_doubt:
 * @self: a window
 * @changed: (transfer full): an answer that says otherwise than what was sent
 *
 * An answer is no proof: stays, and says what differs (UX.md 1.15).
 */
void
till_upload_window_doubt (TillUploadWindow *self,
                          TillShopChanged  *changed)
{
  const char *member = changed->differs;
  const char *title = till_upload_words_get_member (member);
  g_autofree char *sent = dup_sent (self, member);
  g_autofree char *sent_title = NULL;

  g_clear_pointer (&self->answer, till_shop_changed_free);
  g_clear_pointer (&self->differing, g_ptr_array_unref);
  self->answer = changed;
  self->differing = till_facts_new ();
  /* Translators: %s is what a fact is about: “Ends”, “Team”. */
  sent_title = g_strdup_printf (_("%s, as in the file"), title);
  till_facts_add (self->differing, sent_title, sent, sent);
  if (changed->item != NULL && changed->item->wallet != NULL)
    {
      g_autofree char *said = dup_said (changed->item->wallet, member);
      /* Translators: %s is what a fact is about: “Ends”, “Team”. */
      g_autofree char *said_title = g_strdup_printf (_("%s, as the service says"), title);

      till_facts_add_problem (self->differing, said_title, said);
    }
  else
    {
      till_facts_add_problem (self->differing, title, _("The file was changed after it was checked"));
    }

  till_upload_window_set_state (self, TILL_UPLOAD_STATE_DIFFERS);
}

static char *
dup_success (TillUploadWindow *self,
             gboolean          renewed)
{
  const TillCertificate *file = self->preflight != NULL ? self->preflight->certificate : NULL;
  const TillWalletCertificate *current = till_upload_window_get_current (self);
  g_autofree char *until = file != NULL ? till_text_dup_date (file->not_after) : NULL;
  g_autofree char *name = current != NULL ? till_upload_words_dup_name (current) : NULL;

  if (self->kind == TILL_UPLOAD_HUB)
    return g_strdup (_("Uploaded to Commerce Hub"));
  if (self->kind == TILL_UPLOAD_REPLACE)
    /* Translators: the first %s is the name of a certificate, the second a date. */
    return g_strdup_printf (_("“%s” is replaced and valid until %s"), name, until);
  if (renewed && name != NULL)
    /* Translators: the first %s is the name of a certificate, the second a date. */
    return g_strdup_printf (_("“%s” is renewed and valid until %s"), name, until);

  /* Translators: %s is a date. */
  return g_strdup_printf (_("Added to Airship, valid until %s"), until);
}

/**
 * till_upload_window_succeed:
 * @self: a window
 * @item: (nullable): as the service says it is now
 * @renewed: an existing certificate was renewed
 *
 * The service confirmed: says so in the window behind, and closes.
 */
void
till_upload_window_succeed (TillUploadWindow *self,
                            TillItem         *item,
                            gboolean          renewed)
{
  g_autofree char *text = dup_success (self, renewed);

  /* Not busy any more: nobody is asked whether to stop. */
  self->state = TILL_UPLOAD_STATE_READY;
  till_upload_window_tell_parent (self, text);
  till_upload_window_emit_done (self, item);
  gtk_window_close (GTK_WINDOW (self));
}
