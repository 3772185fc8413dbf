-- By now the program has sealed every text; the first statement fails where it has not.
INSERT INTO ended_keys (slot, ended_at)
SELECT 0, NULL FROM activities WHERE slot IS NULL AND user_uuid IS NOT NULL LIMIT 1;
ALTER TABLE activities DROP COLUMN message;
ALTER TABLE activities DROP COLUMN entities;
