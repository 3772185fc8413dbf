DROP TRIGGER likes_uncounted;
CREATE TRIGGER likes_uncounted AFTER DELETE ON likes BEGIN
  UPDATE activities SET likes_count = likes_count - 1, revision = revision + 1 WHERE uuid = OLD.activity_uuid;
END;
DROP TABLE ended_people;
DROP INDEX activities_ending;
ALTER TABLE activities DROP COLUMN ending;
DROP INDEX users_removed;
ALTER TABLE users DROP COLUMN removed;
