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

/* prefix: of the functions that make a record and free it. */
#define TABLE(table, its_columns, its_key, with_profile, prefix) \
  { \
    .name = table, \
    .columns = its_columns, \
    .n_columns = G_N_ELEMENTS (its_columns), \
    .key = its_key, \
    .of_profile = with_profile, \
    .make = (gpointer (*) (void)) prefix##_new, \
    .destroy = (GDestroyNotify) prefix##_free, \
  }

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

const TillTable till_table_profiles = TABLE ("profiles", profiles_columns, "id", FALSE, till_profile);

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

const TillTable till_table_keys =
  TABLE ("keys", keys_columns, "profile_id, environment, key_id", TRUE, till_key_record);

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

const TillTable till_table_uploads =
  TABLE ("uploads", uploads_columns, "profile_id, environment, client_key_id", TRUE, till_upload_record);

static const TillColumn seen_columns[] = {
  TEXT (TillSeenRecord, profile_id, SHORT, TRUE),
  TEXT (TillSeenRecord, id, SHORT, TRUE),
  TEXT (TillSeenRecord, json, LONG, TRUE),
  VALUE (TillSeenRecord, seen_at, TIME, FALSE),
};

const TillTable till_table_seen =
  TABLE ("seen", seen_columns, "profile_id, environment, id", TRUE, till_seen_record);

static const TillColumn files_columns[] = {
  TEXT (TillFileRecord, uri, MEDIUM, TRUE),
  TEXT (TillFileRecord, sha256, SHORT, FALSE),
  VALUE (TillFileRecord, not_after, TIME, FALSE),
  VALUE (TillFileRecord, added_at, TIME, FALSE),
};

const TillTable till_table_files = TABLE ("files", files_columns, "uri", FALSE, till_file_record);

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

const TillTable till_table_devices =
  TABLE ("devices", devices_columns, "profile_id, environment, serial", TRUE, till_device_record);

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

const TillTable till_table_intents = TABLE ("intents", intents_columns, NULL, FALSE, till_intent_record);

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

const TillTable till_table_log = TABLE ("log", log_columns, NULL, FALSE, till_log_record);
