-- Only as long as nothing is sealed: what is can't be read by anything older.
INSERT INTO ended_keys (slot, ended_at) SELECT 0, NULL FROM activities WHERE slot IS NOT NULL LIMIT 1;
DROP TRIGGER activities_key_changed ON activities;
DROP TRIGGER activities_key_ended ON activities;
DROP FUNCTION end_key();
DROP INDEX activities_slot_key;
ALTER TABLE activities DROP COLUMN sealed;
ALTER TABLE activities DROP COLUMN slot;
DROP TABLE content_keys;
DROP TABLE content_key_reservations;
DROP TABLE content_key_store;
DROP TABLE ended_keys;
