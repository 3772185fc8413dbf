ALTER TABLE activities DROP COLUMN entities;
