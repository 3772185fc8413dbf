CREATE OR REPLACE FUNCTION add_to_likes_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE activities SET likes_count = likes_count + 1, revision = revision + 1 WHERE uuid = NEW.activity_uuid;
  ELSE
    UPDATE activities SET likes_count = likes_count - 1, revision = revision + 1 WHERE uuid = OLD.activity_uuid;
  END IF;
  RETURN NULL;
END $$;
DROP TABLE ended_people;
DROP INDEX activities_ending;
ALTER TABLE activities DROP COLUMN ending;
DROP INDEX users_removed;
ALTER TABLE users DROP COLUMN removed;
