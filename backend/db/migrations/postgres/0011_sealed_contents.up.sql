-- What people write stands sealed, each content under a key of its own. `slot` is the key's number. When a content goes, the slot
-- is written down here in the same transaction, and its key is destroyed.
CREATE TABLE ended_keys (
  slot bigint NOT NULL PRIMARY KEY,
  ended_at bigint NOT NULL
);
CREATE INDEX ended_keys_age ON ended_keys (ended_at, slot);

-- One row: the store of the keys that this database was used with last.
CREATE TABLE content_key_store (
  id smallint NOT NULL PRIMARY KEY CHECK (id = 1),
  store uuid NOT NULL,
  generation bigint NOT NULL
);

-- Slots are given out in blocks of 1,024; a block stands here until it is known which of its keys are in use.
CREATE TABLE content_key_reservations (
  first bigint NOT NULL GENERATED ALWAYS AS IDENTITY (INCREMENT 1024) PRIMARY KEY,
  reserved_at bigint NOT NULL
);
-- The keys themselves, where they are kept in this database.
CREATE TABLE content_keys (
  slot bigint NOT NULL PRIMARY KEY,
  key bytea NOT NULL
);

ALTER TABLE activities ADD COLUMN slot bigint; -- null: a tombstone
ALTER TABLE activities ADD COLUMN sealed bytea; -- message and entities
CREATE UNIQUE INDEX activities_slot_key ON activities (slot) WHERE slot IS NOT NULL;

CREATE FUNCTION end_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ended_keys (slot, ended_at) VALUES (OLD.slot, CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint));
  RETURN NULL;
END $$;
CREATE TRIGGER activities_key_ended AFTER DELETE ON activities FOR EACH ROW WHEN (OLD.slot IS NOT NULL) EXECUTE FUNCTION end_key();
CREATE TRIGGER activities_key_changed AFTER UPDATE OF slot ON activities FOR EACH ROW
WHEN (OLD.slot IS NOT NULL AND NEW.slot IS DISTINCT FROM OLD.slot) EXECUTE FUNCTION end_key();
