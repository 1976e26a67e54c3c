/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a profile for the window: which one is meant, making Practice, the last wish counts. */
#include "config.h"

#include "till-session-private.h"

#include "till-error.h"
#include "till-profiles.h"

/**
 * TillSessionOpening:
 * @session: (owned): who opens
 * @cancellable: (owned): its own; another one than the session's once it was overtaken
 * @practice: Practice is wanted, whatever its name
 * @name: (nullable): of the profile; %NULL for the current one
 */
typedef struct
{
  TillSession  *session;
  GCancellable *cancellable;
  gboolean      practice;
  char         *name;
} TillSessionOpening;

static void
till_session_opening_free (TillSessionOpening *opening)
{
  g_object_unref (opening->session);
  g_object_unref (opening->cancellable);
  g_free (opening->name);
  g_free (opening);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSessionOpening, till_session_opening_free)

static gboolean
is_overtaken (TillSessionOpening *opening)
{
  return opening->cancellable != opening->session->cancellable;
}

static void
shop_opened_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(TillSessionOpening) opening = user_data;
  TillSession *self = opening->session;
  g_autoptr(TillShop) shop = NULL;
  GError *error = NULL;

  shop = till_shop_open_finish (result, &error);
  if (is_overtaken (opening))
    {
      g_clear_error (&error);
      return;
    }

  if (shop == NULL)
    {
      till_session_set_state (self, TILL_SESSION_FAILED, error);
      return;
    }

  till_session_set_shop (self, shop);
}

/* opening: (transfer full) */
static void
open_shop (TillSessionOpening *opening)
{
  TillSession *self = opening->session;

  till_shop_open_async (self->store, self->vault, self->clock, self->folder, self->current->name, opening->cancellable,
                        shop_opened_cb, opening);
}

static void
used_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(TillSessionOpening) opening = user_data;
  g_autoptr(TillProfile) profile = NULL;
  GError *error = NULL;

  profile = till_profiles_done_finish (result, &error);
  if (is_overtaken (opening))
    {
      g_clear_error (&error);
      return;
    }

  /* A store that may only be read does not remember the choice; it can be worked with all the same. */
  if (profile == NULL && till_error_get_reason (error) != TILL_REASON_STORE_READ_ONLY)
    {
      till_session_set_state (opening->session, TILL_SESSION_FAILED, error);
      return;
    }

  g_clear_error (&error);
  open_shop (g_steal_pointer (&opening));
}

static gboolean
is_practice (const TillProfile *profile)
{
  return profile->environment == TILL_ENVIRONMENT_PRACTICE && profile->hub_url == NULL && profile->wallet_url == NULL;
}

/* Which profile is meant. Where the current one was removed Live is never chosen by itself. */
static const TillProfile *
choose (TillSession        *self,
        TillSessionOpening *opening,
        const char         *current)
{
  const TillProfile *chosen = NULL;
  guint i;

  for (i = 0; i < self->profiles->len; i++)
    {
      const TillProfile *profile = self->profiles->pdata[i];

      if (opening->practice ? is_practice (profile)
                            : g_strcmp0 (profile->name, opening->name) == 0 ||
                              (opening->name == NULL && g_strcmp0 (profile->id, current) == 0))
        return profile;

      if (!opening->practice && opening->name == NULL && profile->environment != TILL_ENVIRONMENT_LIVE && chosen == NULL)
        chosen = profile;
    }

  return chosen;
}

static gboolean
is_name_taken (TillSession *self,
               const char  *name)
{
  guint i;

  for (i = 0; i < self->profiles->len; i++)
    {
      const TillProfile *profile = self->profiles->pdata[i];

      if (g_str_equal (profile->name, name))
        return TRUE;
    }

  return FALSE;
}

static void load_profiles (TillSessionOpening *opening);

static void
practice_made_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(TillSessionOpening) opening = user_data;
  g_autoptr(TillProfile) profile = NULL;
  GError *error = NULL;

  profile = till_profiles_done_finish (result, &error);
  if (is_overtaken (opening))
    g_clear_error (&error);
  else if (profile == NULL)
    till_session_set_state (opening->session, TILL_SESSION_FAILED, error);
  else
    load_profiles (g_steal_pointer (&opening));
}

/* opening: (transfer full) */
static void
make_practice (TillSessionOpening *opening)
{
  TillSession *self = opening->session;
  g_autoptr(TillProfile) profile = till_profile_new ();
  guint number = 1;

  profile->environment = TILL_ENVIRONMENT_PRACTICE;
  profile->repeat_lost = TRUE;
  profile->name = g_strdup (TILL_PRACTICE_NAME);
  while (is_name_taken (self, profile->name))
    {
      g_free (profile->name);
      profile->name = g_strdup_printf ("%s %u", TILL_PRACTICE_NAME, ++number);
    }

  till_profiles_put_async (self->store, profile, till_clock_get_now (self->clock), opening->cancellable,
                           practice_made_cb, opening);
}

static void
profiles_loaded_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(TillSessionOpening) opening = user_data;
  TillSession *self = opening->session;
  g_autoptr(TillProfiles) profiles = NULL;
  const TillProfile *chosen;
  GError *error = NULL;

  profiles = till_profiles_load_finish (result, &error);
  if (is_overtaken (opening))
    {
      g_clear_error (&error);
      return;
    }

  if (profiles == NULL)
    {
      till_session_set_state (self, TILL_SESSION_FAILED, error);
      return;
    }

  g_ptr_array_unref (self->profiles);
  self->profiles = g_steal_pointer (&profiles->profiles);

  chosen = choose (self, opening, profiles->current);
  g_clear_pointer (&self->current, till_profile_free);
  self->current = chosen != NULL ? till_profile_copy (chosen) : NULL;
  g_object_notify (G_OBJECT (self), "profiles");

  if (chosen != NULL && g_strcmp0 (chosen->id, profiles->current) == 0)
    {
      open_shop (g_steal_pointer (&opening));
    }
  else if (chosen != NULL)
    {
      till_profiles_use_async (self->store, chosen->name, opening->cancellable, used_cb, opening);
      g_steal_pointer (&opening);
    }
  else if (opening->practice)
    {
      make_practice (g_steal_pointer (&opening));
    }
  else if (opening->name != NULL)
    {
      till_set_error (&error, TILL_ERROR_NOT_FOUND, TILL_REASON_NONE, opening->name, NULL,
                      "There is no profile with the name “%s”", opening->name);
      till_session_set_state (self, TILL_SESSION_FAILED, error);
    }
  else
    {
      till_session_set_state (self, TILL_SESSION_NONE, NULL);
    }
}

/* opening: (transfer full) */
static void
load_profiles (TillSessionOpening *opening)
{
  till_profiles_load_async (opening->session->store, opening->cancellable, profiles_loaded_cb, opening);
}

/**
 * till_session_begin:
 * @self: a session with a store
 * @practice: Practice is wanted, whatever its name
 * @name: (nullable): of the profile that is wanted; %NULL for the current one
 *
 * Leaves what is open, and opens a profile; overtakes what is being opened.
 */
void
till_session_begin (TillSession *self,
                    gboolean     practice,
                    const char  *name)
{
  TillSessionOpening *opening;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  if (self->locked)
    {
      g_autofree char *wanted = g_strdup (name);

      g_free (self->wanted);
      self->wanted = g_steal_pointer (&wanted);
      self->wants_practice = practice;
      return;
    }

  opening = g_new0 (TillSessionOpening, 1);
  self->cancellable = g_cancellable_new ();

  opening->session = g_object_ref (self);
  opening->cancellable = g_object_ref (self->cancellable);
  opening->practice = practice;
  opening->name = g_strdup (name);

  g_object_freeze_notify (G_OBJECT (self));
  till_session_drop_shop (self);
  till_session_set_state (self, TILL_SESSION_OPENING, NULL);
  g_object_thaw_notify (G_OBJECT (self));

  load_profiles (opening);
}
