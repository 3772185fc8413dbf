-- What is to go is marked first, which hides it at once, and then deleted in batches.

ALTER TABLE users ADD COLUMN removed INTEGER NOT NULL DEFAULT 0; -- 1: the account has ended; the row goes last
CREATE INDEX users_removed ON users (uuid) WHERE removed = 1;

-- 0: stays. 1: a tombstone whose likes are to go. 2: the likes and then the row are to go. -1: has expired, and its likes are going.
ALTER TABLE activities ADD COLUMN ending INTEGER NOT NULL DEFAULT 0;
CREATE INDEX activities_ending ON activities (uuid) WHERE ending > 0;

-- Accounts that are no more, so that a sign-in under way can't make their profiles anew.
CREATE TABLE ended_people (
  uuid BLOB NOT NULL PRIMARY KEY CHECK (length(uuid) = 16),
  ended_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX ended_people_age ON ended_people (ended_at);

-- The count of what is about to go is of no use to anybody.
DROP TRIGGER likes_uncounted;
CREATE TRIGGER likes_uncounted AFTER DELETE ON likes BEGIN
  UPDATE activities SET likes_count = likes_count - 1, revision = revision + 1
  WHERE uuid = OLD.activity_uuid AND ending = 0;
END;
