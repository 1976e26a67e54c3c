-- SPDX-License-Identifier: GPL-3.0-or-later
-- A store of schema version 3 with a record of each kind, as it was written then. Never edited.
PRAGMA application_id = 1416195180;
PRAGMA user_version = 3;
BEGIN TRANSACTION;
CREATE TABLE devices (  profile_id TEXT NOT NULL,  environment TEXT NOT NULL,  serial TEXT NOT NULL,  pos_id TEXT NOT NULL,  address TEXT,  not_before INTEGER,  not_after INTEGER,  paired_at INTEGER,  last_contact INTEGER,  state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'revoked')),  certificate_pem TEXT,  PRIMARY KEY (profile_id, environment, serial),  FOREIGN KEY (profile_id, environment) REFERENCES profiles (id, environment) ON DELETE CASCADE) STRICT;
INSERT INTO "devices" VALUES('00112233445566778899aabbccddeeff','test','0123456789abcdef0123456789abcdef','COUNTER-03','192.0.2.31',1700000000,1734300799,1700000010,1700000011,'active','-----BEGIN CERTIFICATE-----
MA==
-----END CERTIFICATE-----
');
CREATE TABLE files (  uri TEXT NOT NULL PRIMARY KEY,  sha256 TEXT,  not_after INTEGER,  added_at INTEGER) STRICT;
INSERT INTO "files" VALUES('file:///home/anna/shop.p12','5656565656565656565656565656565656565656565656565656565656565656',1721536000,1700000700);
CREATE TABLE intents (  id INTEGER PRIMARY KEY AUTOINCREMENT,  profile_id TEXT NOT NULL,  environment TEXT NOT NULL CHECK (environment IN ('practice', 'test', 'live')),  operation TEXT NOT NULL,  request_id TEXT NOT NULL,  subject TEXT,  path TEXT,  body TEXT,  body_sha256 TEXT,  state TEXT NOT NULL CHECK (state IN ('open', 'done', 'refused', 'unknown')),  begun_at INTEGER,  ended_at INTEGER,  tries INTEGER NOT NULL,  note TEXT) STRICT;
INSERT INTO "intents" VALUES(1,'00112233445566778899aabbccddeeff','test','keys.generate','request-1',NULL,'/security/v1/keys/generate','{"a":1}','cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd','done',1700000000,1700000001,1,NULL);
INSERT INTO "intents" VALUES(2,'ffeeddccbbaa99887766554433221100','live','keys.revoke','request-2','key-1','/security/v1/keys','{"b":2}','efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef','unknown',1700200000,1700200300,3,'no answer in 240 s');
CREATE TABLE keys (  profile_id TEXT NOT NULL,  environment TEXT NOT NULL,  key_id TEXT NOT NULL,  encryption_type TEXT,  modulus INTEGER NOT NULL,  spki BLOB,  public_key_sha256 TEXT,  valid_from INTEGER,  valid_to INTEGER,  status TEXT,  in_use INTEGER NOT NULL,  client_request_id TEXT,  trace_id TEXT,  answer TEXT,  known_at INTEGER,  revoked_at INTEGER,  imported INTEGER NOT NULL, offline_limit INTEGER NOT NULL DEFAULT -1, offline_currency TEXT,  PRIMARY KEY (profile_id, environment, key_id),  FOREIGN KEY (profile_id, environment) REFERENCES profiles (id, environment) ON DELETE CASCADE) STRICT;
INSERT INTO "keys" VALUES('00112233445566778899aabbccddeeff','test','key-1','RSA',2048,X'300300FF01','abababababababababababababababababababababababababababababababab',1700000000,1700172800,'ACTIVE',1,'request-1','trace-1','{"keyId":"key-1"}',1700000001,NULL,0,-1,NULL);
INSERT INTO "keys" VALUES('00112233445566778899aabbccddeeff','test','key-2','RSA',2048,NULL,NULL,1700100000,1700272800,'REVOKED',0,NULL,NULL,NULL,1700100001,1700100500,1,5000,'EUR');
INSERT INTO "keys" VALUES('ffeeddccbbaa99887766554433221100','live','key-1','RSA',2048,NULL,NULL,1700100000,1700272800,'ACTIVE',0,NULL,NULL,NULL,1700100001,NULL,1,-1,NULL);
CREATE TABLE log (  sequence INTEGER PRIMARY KEY,  at INTEGER NOT NULL,  actor TEXT NOT NULL,  event TEXT NOT NULL,  object TEXT,  profile TEXT,  environment TEXT,  peer TEXT,  outcome TEXT,  request_id TEXT,  trace_id TEXT,  detail TEXT,  hash TEXT NOT NULL) STRICT;
INSERT INTO "log" VALUES(1,1700000001,'anna','profile.add',NULL,'Corner shop „Käse“','test','hub.example','done','request-1',NULL,NULL,'80f163a3960f40276ed86225c8222a1ec889fe8ee110d12385a05c700a7e1b8e');
INSERT INTO "log" VALUES(2,1700000002,'anna','keys.generate','key-1','Corner shop „Käse“','test','hub.example','done','request-2',NULL,'','7825761f30bc33adedac7b3bffa01c2941a0f005108923e54f42bc2aa2bd0317');
INSERT INTO "log" VALUES(3,1700000003,'anna','keys.revoke','key-1','Market stall','live','hub.example','unknown','request-3',NULL,NULL,'758a757597c95275163ae314538bd5d26f441bdb38341b5c4a5f3d2597593d65');
CREATE TABLE log_head (  id INTEGER PRIMARY KEY CHECK (id = 1),  lines INTEGER NOT NULL,  hash TEXT NOT NULL) STRICT;
INSERT INTO "log_head" VALUES(1,3,'758a757597c95275163ae314538bd5d26f441bdb38341b5c4a5f3d2597593d65');
CREATE TABLE profiles (  id TEXT NOT NULL PRIMARY KEY,  environment TEXT NOT NULL CHECK (environment IN ('practice', 'test', 'live')),  name TEXT NOT NULL UNIQUE,  hub_url TEXT,  hub_merchant TEXT,  hub_terminal TEXT,  hub_key TEXT,  wallet_url TEXT,  wallet_user TEXT,  devices_url TEXT,  devices_organization TEXT,  devices_key_id TEXT,  devices_signature INTEGER NOT NULL,  ca_pem TEXT,  repeat_lost INTEGER NOT NULL,  created_at INTEGER,  UNIQUE (id, environment)) STRICT;
INSERT INTO "profiles" VALUES('00112233445566778899aabbccddeeff','test','Corner shop „Käse“','https://hub.example/','100008000003683','10000001','the-key-id','https://wallet.example/','shop','https://devices.example/','org','devkey',1,'-----BEGIN CERTIFICATE-----
MA==
-----END CERTIFICATE-----
',0,1700000000);
INSERT INTO "profiles" VALUES('ffeeddccbbaa99887766554433221100','live','Market stall',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,1,NULL);
CREATE TABLE seen (  profile_id TEXT NOT NULL,  environment TEXT NOT NULL,  id TEXT NOT NULL,  json TEXT NOT NULL,  seen_at INTEGER,  PRIMARY KEY (profile_id, environment, id),  FOREIGN KEY (profile_id, environment) REFERENCES profiles (id, environment) ON DELETE CASCADE) STRICT;
INSERT INTO "seen" VALUES('00112233445566778899aabbccddeeff','test','wallet-9','{"id":"wallet-9","name":"Käse"}',1700000600);
CREATE TABLE settings (  name TEXT NOT NULL PRIMARY KEY,  value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "settings" VALUES('current','00112233445566778899aabbccddeeff');
CREATE TABLE uploads (  profile_id TEXT NOT NULL,  environment TEXT NOT NULL,  client_key_id TEXT NOT NULL,  name TEXT,  sha256 TEXT,  public_key_sha256 TEXT,  public_key_hash TEXT,  algorithm TEXT,  not_before INTEGER,  not_after INTEGER,  uploaded_at INTEGER,  trace_id TEXT,  PRIMARY KEY (profile_id, environment, client_key_id),  FOREIGN KEY (profile_id, environment) REFERENCES profiles (id, environment) ON DELETE CASCADE) STRICT;
INSERT INTO "uploads" VALUES('00112233445566778899aabbccddeeff','test','client-1','shop.p12','1212121212121212121212121212121212121212121212121212121212121212','3434343434343434343434343434343434343434343434343434343434343434','c2hhMjU2','JWE',1690000000,1721536000,1700000500,'trace-2');
CREATE TRIGGER profiles_environment BEFORE UPDATE ON profiles  WHEN NEW.id <> OLD.id OR NEW.environment <> OLD.environment BEGIN  SELECT RAISE (ABORT, 'the environment of a profile can never change; add another profile');END;
CREATE INDEX intents_unsettled ON intents (state) WHERE state IN ('open', 'unknown');
CREATE TRIGGER intents_insert BEFORE INSERT ON intents  WHEN NOT EXISTS (SELECT 1 FROM profiles WHERE id = NEW.profile_id AND environment = NEW.environment) BEGIN  SELECT RAISE (ABORT, 'there is no such profile in this environment');END;
CREATE TRIGGER intents_update BEFORE UPDATE ON intents  WHEN NEW.id <> OLD.id OR NEW.profile_id <> OLD.profile_id OR NEW.environment <> OLD.environment    OR NEW.operation <> OLD.operation OR NEW.request_id <> OLD.request_id OR NEW.path IS NOT OLD.path    OR NEW.body IS NOT OLD.body OR NEW.body_sha256 IS NOT OLD.body_sha256    OR NEW.begun_at IS NOT OLD.begun_at BEGIN  SELECT RAISE (ABORT, 'what was written before it was sent can never change');END;
CREATE TRIGGER intents_delete BEFORE DELETE ON intents BEGIN  SELECT RAISE (ABORT, 'what was written before it was sent is never deleted');END;
CREATE TRIGGER profiles_insert BEFORE INSERT ON profiles  WHEN EXISTS (SELECT 1 FROM intents WHERE profile_id = NEW.id AND environment <> NEW.environment)    OR EXISTS (SELECT 1 FROM profiles WHERE id = NEW.id AND environment <> NEW.environment) BEGIN  SELECT RAISE (ABORT, 'the environment of a profile can never change; add another profile');END;
CREATE TRIGGER log_insert BEFORE INSERT ON log  WHEN EXISTS (SELECT 1 FROM log WHERE sequence = NEW.sequence) BEGIN  SELECT RAISE (ABORT, 'a line of the log can never change');END;
CREATE TRIGGER log_update BEFORE UPDATE ON log BEGIN  SELECT RAISE (ABORT, 'a line of the log can never change');END;
CREATE TRIGGER log_delete BEFORE DELETE ON log BEGIN  SELECT RAISE (ABORT, 'a line of the log is never deleted');END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('intents',2);
COMMIT;
