-- What people write stands sealed, each content under a key of its own that is kept outside this database. `slot` is the key's
-- number. When a content goes, the slot is written down here in the same transaction, and its key is destroyed.
CREATE TABLE ended_keys (
  slot INTEGER NOT NULL PRIMARY KEY,
  ended_at INTEGER NOT NULL
);
CREATE INDEX ended_keys_age ON ended_keys (ended_at, slot);

-- One row: the store of the keys that this database was used with last.
CREATE TABLE content_key_store (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  store BLOB NOT NULL,
  generation INTEGER NOT NULL
);

ALTER TABLE activities ADD COLUMN slot INTEGER; -- null: a tombstone
ALTER TABLE activities ADD COLUMN sealed BLOB; -- message and entities
CREATE UNIQUE INDEX activities_slot_key ON activities (slot) WHERE slot IS NOT NULL;

CREATE TRIGGER activities_key_ended AFTER DELETE ON activities WHEN OLD.slot IS NOT NULL BEGIN
  INSERT INTO ended_keys (slot, ended_at) VALUES (OLD.slot, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));
END;
CREATE TRIGGER activities_key_changed AFTER UPDATE OF slot ON activities
WHEN OLD.slot IS NOT NULL AND NEW.slot IS NOT OLD.slot BEGIN
  INSERT INTO ended_keys (slot, ended_at) VALUES (OLD.slot, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));
END;
