/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which member of which record stands in which column. */
#include "config.h"

#include "till-sqlite-private.h"

#define TEXT(type, member, limit, required) \
  { #member, TILL_COLUMN_TEXT, G_STRUCT_OFFSET (type, member), TILL_STORE_##limit##_BYTES, required }
#define BYTES(type, member, limit) \
  { #member, TILL_COLUMN_BYTES, G_STRUCT_OFFSET (type, member), TILL_STORE_##limit##_BYTES, FALSE }
#define VALUE(type, member, kind, required) \
  { #member, TILL_COLUMN_##kind, G_STRUCT_OFFSET (type, member), 0, required }

static const TillColumn profiles_columns[] = {
  TEXT (TillProfile, id, SHORT, TRUE),
  VALUE (TillProfile, environment, ENVIRONMENT, TRUE),
  TEXT (TillProfile, name, SHORT, TRUE),
  TEXT (TillProfile, hub_url, MEDIUM, FALSE),
  TEXT (TillProfile, hub_merchant, SHORT, FALSE),
  TEXT (TillProfile, hub_terminal, SHORT, FALSE),
  TEXT (TillProfile, hub_key, SHORT, FALSE),
  TEXT (TillProfile, wallet_url, MEDIUM, FALSE),
  TEXT (TillProfile, wallet_user, SHORT, FALSE),
  TEXT (TillProfile, devices_url, MEDIUM, FALSE),
  TEXT (TillProfile, devices_organization, SHORT, FALSE),
  TEXT (TillProfile, devices_key_id, SHORT, FALSE),
  VALUE (TillProfile, devices_signature, INT, TRUE),
  TEXT (TillProfile, ca_pem, LONG, FALSE),
  VALUE (TillProfile, repeat_lost, INT, TRUE),
  VALUE (TillProfile, created_at, TIME, FALSE),
};

const TillTable till_table_profiles = {
  .name = "profiles",
  .columns = profiles_columns,
  .n_columns = G_N_ELEMENTS (profiles_columns),
  .key = "id",
  .of_profile = FALSE,
  .make = (gpointer (*) (void)) till_profile_new,
  .destroy = (GDestroyNotify) till_profile_free,
};

static const TillColumn keys_columns[] = {
  TEXT (TillKeyRecord, profile_id, SHORT, TRUE),
  TEXT (TillKeyRecord, key_id, SHORT, TRUE),
  TEXT (TillKeyRecord, encryption_type, SHORT, FALSE),
  VALUE (TillKeyRecord, modulus, NUMBER, TRUE),
  BYTES (TillKeyRecord, spki, MEDIUM),
  TEXT (TillKeyRecord, public_key_sha256, SHORT, FALSE),
  VALUE (TillKeyRecord, valid_from, TIME, FALSE),
  VALUE (TillKeyRecord, valid_to, TIME, FALSE),
  TEXT (TillKeyRecord, status, SHORT, FALSE),
  VALUE (TillKeyRecord, in_use, INT, TRUE),
  VALUE (TillKeyRecord, offline_limit, NUMBER, TRUE),
  TEXT (TillKeyRecord, offline_currency, SHORT, FALSE),
  TEXT (TillKeyRecord, client_request_id, SHORT, FALSE),
  TEXT (TillKeyRecord, trace_id, SHORT, FALSE),
  TEXT (TillKeyRecord, answer, LONG, FALSE),
  VALUE (TillKeyRecord, known_at, TIME, FALSE),
  VALUE (TillKeyRecord, revoked_at, TIME, FALSE),
  VALUE (TillKeyRecord, imported, INT, TRUE),
};

const TillTable till_table_keys = {
  .name = "keys",
  .columns = keys_columns,
  .n_columns = G_N_ELEMENTS (keys_columns),
  .key = "profile_id, environment, key_id",
  .of_profile = TRUE,
  .make = (gpointer (*) (void)) till_key_record_new,
  .destroy = (GDestroyNotify) till_key_record_free,
};

static const TillColumn uploads_columns[] = {
  TEXT (TillUploadRecord, profile_id, SHORT, TRUE),
  TEXT (TillUploadRecord, client_key_id, SHORT, TRUE),
  TEXT (TillUploadRecord, name, SHORT, FALSE),
  TEXT (TillUploadRecord, sha256, SHORT, FALSE),
  TEXT (TillUploadRecord, public_key_sha256, SHORT, FALSE),
  TEXT (TillUploadRecord, public_key_hash, SHORT, FALSE),
  TEXT (TillUploadRecord, algorithm, SHORT, FALSE),
  VALUE (TillUploadRecord, not_before, TIME, FALSE),
  VALUE (TillUploadRecord, not_after, TIME, FALSE),
  VALUE (TillUploadRecord, uploaded_at, TIME, FALSE),
  TEXT (TillUploadRecord, trace_id, SHORT, FALSE),
};

const TillTable till_table_uploads = {
  .name = "uploads",
  .columns = uploads_columns,
  .n_columns = G_N_ELEMENTS (uploads_columns),
  .key = "profile_id, environment, client_key_id",
  .of_profile = TRUE,
  .make = (gpointer (*) (void)) till_upload_record_new,
  .destroy = (GDestroyNotify) till_upload_record_free,
};

static const TillColumn seen_columns[] = {
  TEXT (TillSeenRecord, profile_id, SHORT, TRUE),
  TEXT (TillSeenRecord, id, SHORT, TRUE),
  TEXT (TillSeenRecord, json, LONG, TRUE),
  VALUE (TillSeenRecord, seen_at, TIME, FALSE),
};

const TillTable till_table_seen = {
  .name = "seen",
  .columns = seen_columns,
  .n_columns = G_N_ELEMENTS (seen_columns),
  .key = "profile_id, environment, id",
  .of_profile = TRUE,
  .make = (gpointer (*) (void)) till_seen_record_new,
  .destroy = (GDestroyNotify) till_seen_record_free,
};

static const TillColumn files_columns[] = {
  TEXT (TillFileRecord, uri, MEDIUM, TRUE),
  TEXT (TillFileRecord, sha256, SHORT, FALSE),
  VALUE (TillFileRecord, not_after, TIME, FALSE),
  VALUE (TillFileRecord, added_at, TIME, FALSE),
};

const TillTable till_table_files = {
  .name = "files",
  .columns = files_columns,
  .n_columns = G_N_ELEMENTS (files_columns),
  .key = "uri",
  .of_profile = FALSE,
  .make = (gpointer (*) (void)) till_file_record_new,
  .destroy = (GDestroyNotify) till_file_record_free,
};

static const TillColumn devices_columns[] = {
  TEXT (TillDeviceRecord, profile_id, SHORT, TRUE),
  TEXT (TillDeviceRecord, serial, SHORT, TRUE),
  TEXT (TillDeviceRecord, pos_id, SHORT, TRUE),
  TEXT (TillDeviceRecord, address, SHORT, FALSE),
  VALUE (TillDeviceRecord, not_before, TIME, FALSE),
  VALUE (TillDeviceRecord, not_after, TIME, FALSE),
  VALUE (TillDeviceRecord, paired_at, TIME, FALSE),
  VALUE (TillDeviceRecord, last_contact, TIME, FALSE),
  TEXT (TillDeviceRecord, state, SHORT, TRUE),
  TEXT (TillDeviceRecord, certificate_pem, MEDIUM, FALSE),
  TEXT (TillDeviceRecord, kind, SHORT, FALSE),
  TEXT (TillDeviceRecord, terminal_serial, SHORT, FALSE),
  TEXT (TillDeviceRecord, root_pem, MEDIUM, FALSE),
};

const TillTable till_table_devices = {
  .name = "devices",
  .columns = devices_columns,
  .n_columns = G_N_ELEMENTS (devices_columns),
  .key = "profile_id, environment, serial",
  .of_profile = TRUE,
  .make = (gpointer (*) (void)) till_device_record_new,
  .destroy = (GDestroyNotify) till_device_record_free,
};

static const TillColumn intents_columns[] = {
  VALUE (TillIntentRecord, id, ROW, TRUE),
  TEXT (TillIntentRecord, profile_id, SHORT, TRUE),
  VALUE (TillIntentRecord, environment, ENVIRONMENT, TRUE),
  TEXT (TillIntentRecord, operation, SHORT, TRUE),
  TEXT (TillIntentRecord, request_id, SHORT, TRUE),
  TEXT (TillIntentRecord, subject, SHORT, FALSE),
  TEXT (TillIntentRecord, path, MEDIUM, FALSE),
  TEXT (TillIntentRecord, body, LONG, FALSE),
  TEXT (TillIntentRecord, body_sha256, SHORT, FALSE),
  VALUE (TillIntentRecord, state, STATE, TRUE),
  VALUE (TillIntentRecord, begun_at, TIME, FALSE),
  VALUE (TillIntentRecord, ended_at, TIME, FALSE),
  VALUE (TillIntentRecord, tries, INT, TRUE),
  TEXT (TillIntentRecord, note, MEDIUM, FALSE),
};

const TillTable till_table_intents = {
  .name = "intents",
  .columns = intents_columns,
  .n_columns = G_N_ELEMENTS (intents_columns),
  .of_profile = FALSE,
  .make = (gpointer (*) (void)) till_intent_record_new,
  .destroy = (GDestroyNotify) till_intent_record_free,
};

static const TillColumn log_columns[] = {
  VALUE (TillLogRecord, sequence, NUMBER, TRUE),
  VALUE (TillLogRecord, at, TIME, TRUE),
  TEXT (TillLogRecord, actor, SHORT, TRUE),
  TEXT (TillLogRecord, event, SHORT, TRUE),
  TEXT (TillLogRecord, object, SHORT, FALSE),
  TEXT (TillLogRecord, profile, SHORT, FALSE),
  TEXT (TillLogRecord, environment, SHORT, FALSE),
  TEXT (TillLogRecord, peer, SHORT, FALSE),
  TEXT (TillLogRecord, outcome, SHORT, FALSE),
  TEXT (TillLogRecord, request_id, SHORT, FALSE),
  TEXT (TillLogRecord, trace_id, SHORT, FALSE),
  TEXT (TillLogRecord, detail, MEDIUM, FALSE),
  TEXT (TillLogRecord, hash, SHORT, TRUE),
};

const TillTable till_table_log = {
  .name = "log",
  .columns = log_columns,
  .n_columns = G_N_ELEMENTS (log_columns),
  .of_profile = FALSE,
  .make = (gpointer (*) (void)) till_log_record_new,
  .destroy = (GDestroyNotify) till_log_record_free,
};
