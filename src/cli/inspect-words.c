/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `inspect` calls the weaknesses and oddities it finds: stable words, and sentences. */
#include "config.h"

#include "inspect-words.h"

#include "till-document.h"

const TillInspectWord till_inspect_weakness_words[] = {
  { TILL_WEAK_SMALL_KEY, "small-key", "the key is too short" },
  { TILL_WEAK_HASH, "weak-hash", "signed with a hash that can be forged" },
  { TILL_WEAK_CIPHER, "weak-cipher", "encrypted with a cipher of old times" },
  { TILL_WEAK_MAC, "weak-mac", "the integrity check uses a hash of old times" },
  { TILL_WEAK_ITERATIONS, "few-iterations", "the password can be tried very fast: under 1,000 rounds" },
  { TILL_WEAK_NO_MAC, "no-mac", "nothing shows whether the file was altered" },
  { TILL_WEAK_NO_PASSWORD, "no-password", "no password protects the private key" },
  { 0, NULL, NULL },
};

const TillInspectWord till_inspect_note_words[] = {
  { TILL_NOTE_TRAILING_BYTES, "trailing-bytes", "There are bytes behind the end; they were left out" },
  { TILL_NOTE_WAS_BASE64, "was-base64", "The file is Base64 text; it was decoded first" },
  { TILL_NOTE_WAS_UTF16, "was-utf16", "The file is UTF-16 text; it was converted first" },
  { TILL_NOTE_NO_END_LINE, "no-end-line", "The last PEM block has no END line" },
  { TILL_NOTE_NO_MAC, "no-mac", "The file has no integrity check" },
  { TILL_NOTE_MAC_NOT_CHECKED, "mac-not-checked",
    "The contents are in the clear; the integrity check needs the password and was not made" },
  { TILL_NOTE_TRUSTED_CERTIFICATE, "trusted-certificate", "OpenSSL's trust settings were left out" },
  { TILL_NOTE_SIGNATURE_ALGORITHMS_DIFFER, "signature-algorithms-differ",
    "A certificate names two different signature algorithms" },
  { TILL_NOTE_BLOCKS_SKIPPED, "blocks-skipped", "PEM blocks of other kinds were left out" },
  { TILL_NOTE_CHAIN_CUT, "chain-cut", "The chain is too long or goes round in a circle; it was cut" },
  { TILL_NOTE_TIMES_ODD, "times-odd", "A certificate ends before it starts, or has no valid time" },
  { TILL_NOTE_EMPTY_PASSWORD, "empty-password", "The file opened with an empty password" },
  { TILL_NOTE_BER, "ber", "The encoding is BER, not DER" },
  { 0, NULL, NULL },
};
