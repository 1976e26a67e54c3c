/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is looked at before a certificate is sent anywhere (UX.md 2.3, "Replace"). Pure. */
#pragma once

#include <glib.h>

#include "till-document.h"
#include "till-wallet.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_CHECK_OPENS,            /* the password opens the file */
  TILL_CHECK_KEY,              /* one private key, and it matches the certificate */
  TILL_CHECK_STRENGTH,         /* key and signature are strong enough */
  TILL_CHECK_ISSUER,           /* issued by Apple's Worldwide Developer Relations */
  TILL_CHECK_IDENTITY,         /* same pass type identifier and team: passes keep working */
  TILL_CHECK_VALIDITY,         /* valid now, and longer than the one that it replaces */
  TILL_CHECK_NFC,              /* NFC is kept */
} TillCheckKind;

typedef enum
{
  TILL_CHECK_GOOD,
  TILL_CHECK_WARN,             /* can be sent, and somebody should know */
  TILL_CHECK_STOP,             /* must not be sent as it is */
} TillCheckState;

/**
 * TillCheck:
 * @text: a sentence in plain English, for the command line and the log
 * @number: what belongs to it: days longer or shorter; 0 for none
 */
typedef struct
{
  TillCheckKind   kind;
  TillCheckState  state;
  char           *text;
  gint64          number;
} TillCheck;

/**
 * TillPreflight:
 * @checks: (element-type TillCheck): in the order in which they are shown
 * @certificate: (nullable): the one that belongs to the private key
 * @p12: the file as it is sent: DER, whatever it came as
 * @password: (nullable): of @p12
 * @replaces: (nullable): what the file was held against: the one to be replaced, or the one an upload would renew
 * @other_identity: pass type or team differ from those of the certificate to be replaced
 * @stop: (nullable): the first reason why it must not be sent, as an error
 */
typedef struct
{
  GPtrArray             *checks;
  TillCertificate       *certificate;
  TillSecret            *p12;
  TillSecret            *password;
  TillWalletCertificate *replaces;
  gboolean               other_identity;
  GError                *stop;
} TillPreflight;

/* file: what was read. document: what it holds. replaces: (nullable). must_match: @replaces is the one to be
 * replaced, so that another identity stops it. */
TillPreflight *till_preflight_new  (TillSecret            *file,
                                    TillDocument          *document,
                                    TillSecret            *password,
                                    TillWalletCertificate *replaces,
                                    gboolean               must_match,
                                    gint64                 now) G_GNUC_WARN_UNUSED_RESULT;
void           till_preflight_free (TillPreflight         *self);

/* Of those that are there, the one that an upload of this pass type and team would renew. (nullable) */
TillWalletCertificate *till_preflight_find_renewed (GPtrArray    *certificates,
                                                    TillDocument *document);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillPreflight, till_preflight_free)

G_END_DECLS
