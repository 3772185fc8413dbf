DROP TABLE pool_mail_allowances;
CREATE TABLE pool_mail_allowances (
  destination BLOB NOT NULL PRIMARY KEY,
  taker BLOB NOT NULL, -- who took from it last
  hour_full_at INTEGER NOT NULL,
  day_full_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX pool_mail_allowances_end ON pool_mail_allowances (day_full_at);
DROP TABLE pool_reserved_handles;
CREATE TABLE pool_reserved_handles (
  handle BLOB NOT NULL PRIMARY KEY,
  free_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX pool_reserved_handles_end ON pool_reserved_handles (free_at);

DROP TRIGGER pool_codes_key_changed;
DROP TRIGGER pool_codes_key_ended;
DROP INDEX pool_codes_slot_key;
ALTER TABLE pool_codes DROP COLUMN email_mac;
ALTER TABLE pool_codes DROP COLUMN sealed;
ALTER TABLE pool_codes DROP COLUMN slot;

DROP TRIGGER pool_accounts_key_changed;
DROP TRIGGER pool_accounts_key_ended;
DROP INDEX pool_accounts_handle_mac_key;
DROP INDEX pool_accounts_email_mac_key;
DROP INDEX pool_accounts_slot_key;
ALTER TABLE pool_accounts DROP COLUMN index_key;
ALTER TABLE pool_accounts DROP COLUMN handle_mac;
ALTER TABLE pool_accounts DROP COLUMN email_mac;
ALTER TABLE pool_accounts DROP COLUMN sealed;
ALTER TABLE pool_accounts DROP COLUMN slot;

DROP TRIGGER users_key_changed;
DROP TRIGGER users_key_ended;
DROP INDEX users_handle_mac_key;
DROP INDEX users_slot_key;
ALTER TABLE users DROP COLUMN index_key;
ALTER TABLE users DROP COLUMN handle_mac;
ALTER TABLE users DROP COLUMN sealed;
ALTER TABLE users DROP COLUMN slot;

DROP TABLE index_keys;
