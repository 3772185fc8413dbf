-- What is known of people stands sealed too. Names are looked up by their MAC under an index key, which is sealed like a content
-- and renewed, so that nobody can match guessed names with an old copy of this database.
CREATE TABLE index_keys (
  generation INTEGER NOT NULL PRIMARY KEY,
  slot INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  current_from INTEGER, -- null: announced
  replaced_at INTEGER -- null: not yet
);
CREATE UNIQUE INDEX index_keys_slot_key ON index_keys (slot);
CREATE TRIGGER index_keys_key_ended AFTER DELETE ON index_keys BEGIN
  INSERT INTO ended_keys (slot, ended_at) VALUES (OLD.slot, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));
END;
CREATE TRIGGER index_keys_key_changed AFTER UPDATE OF slot ON index_keys WHEN NEW.slot IS NOT OLD.slot BEGIN
  INSERT INTO ended_keys (slot, ended_at) VALUES (OLD.slot, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));
END;

ALTER TABLE users ADD COLUMN slot INTEGER; -- null: the account has ended
ALTER TABLE users ADD COLUMN sealed BLOB; -- handle, display name and bio
ALTER TABLE users ADD COLUMN handle_mac TEXT;
ALTER TABLE users ADD COLUMN index_key INTEGER; -- the generation that the MAC is made with
CREATE UNIQUE INDEX users_slot_key ON users (slot);
CREATE UNIQUE INDEX users_handle_mac_key ON users (handle_mac);
CREATE TRIGGER users_key_ended AFTER DELETE ON users WHEN OLD.slot IS NOT NULL BEGIN
  INSERT INTO ended_keys (slot, ended_at) VALUES (OLD.slot, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));
END;
CREATE TRIGGER users_key_changed AFTER UPDATE OF slot ON users WHEN OLD.slot IS NOT NULL AND NEW.slot IS NOT OLD.slot BEGIN
  INSERT INTO ended_keys (slot, ended_at) VALUES (OLD.slot, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));
END;

ALTER TABLE pool_accounts ADD COLUMN slot INTEGER;
ALTER TABLE pool_accounts ADD COLUMN sealed BLOB; -- email, handle and display name
ALTER TABLE pool_accounts ADD COLUMN email_mac TEXT;
ALTER TABLE pool_accounts ADD COLUMN handle_mac TEXT;
ALTER TABLE pool_accounts ADD COLUMN index_key INTEGER; -- the generation that the MACs are made with
CREATE UNIQUE INDEX pool_accounts_slot_key ON pool_accounts (slot);
CREATE UNIQUE INDEX pool_accounts_email_mac_key ON pool_accounts (email_mac);
CREATE UNIQUE INDEX pool_accounts_handle_mac_key ON pool_accounts (handle_mac);
CREATE TRIGGER pool_accounts_key_ended AFTER DELETE ON pool_accounts WHEN OLD.slot IS NOT NULL BEGIN
  INSERT INTO ended_keys (slot, ended_at) VALUES (OLD.slot, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));
END;
CREATE TRIGGER pool_accounts_key_changed AFTER UPDATE OF slot ON pool_accounts
WHEN OLD.slot IS NOT NULL AND NEW.slot IS NOT OLD.slot BEGIN
  INSERT INTO ended_keys (slot, ended_at) VALUES (OLD.slot, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));
END;

ALTER TABLE pool_codes ADD COLUMN slot INTEGER; -- null: of no email change
ALTER TABLE pool_codes ADD COLUMN sealed BLOB; -- the new email
ALTER TABLE pool_codes ADD COLUMN email_mac TEXT; -- of the new email
CREATE UNIQUE INDEX pool_codes_slot_key ON pool_codes (slot);
CREATE TRIGGER pool_codes_key_ended AFTER DELETE ON pool_codes WHEN OLD.slot IS NOT NULL BEGIN
  INSERT INTO ended_keys (slot, ended_at) VALUES (OLD.slot, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));
END;
CREATE TRIGGER pool_codes_key_changed AFTER UPDATE OF slot ON pool_codes
WHEN OLD.slot IS NOT NULL AND NEW.slot IS NOT OLD.slot BEGIN
  INSERT INTO ended_keys (slot, ended_at) VALUES (OLD.slot, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));
END;

-- Both held hashes under a key that was never renewed, of names that stand nowhere else: they begin anew.
DROP TABLE pool_reserved_handles;
CREATE TABLE pool_reserved_handles (
  handle_mac TEXT NOT NULL PRIMARY KEY,
  index_key INTEGER NOT NULL REFERENCES index_keys (generation),
  free_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX pool_reserved_handles_end ON pool_reserved_handles (free_at);
CREATE INDEX pool_reserved_handles_index_key ON pool_reserved_handles (index_key);

DROP TABLE pool_mail_allowances;
CREATE TABLE pool_mail_allowances (
  destination_mac TEXT NOT NULL PRIMARY KEY,
  taker BLOB NOT NULL, -- who took from it last
  hour_full_at INTEGER NOT NULL,
  day_full_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX pool_mail_allowances_end ON pool_mail_allowances (day_full_at);
