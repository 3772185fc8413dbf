-- Times are Unix milliseconds. Ids are version 7 UUIDs, so their order is the order of time.

CREATE TABLE users (
  uuid BLOB NOT NULL PRIMARY KEY CHECK (length(uuid) = 16),
  handle TEXT NOT NULL,
  display_name TEXT NOT NULL,
  bio TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX users_handle_key ON users (handle);

CREATE TABLE activities (
  uuid BLOB NOT NULL PRIMARY KEY CHECK (length(uuid) = 16),
  user_uuid BLOB REFERENCES users (uuid) ON DELETE CASCADE, -- null: deleted by its author, kept above its replies
  message TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  reply_to_uuid BLOB,
  root_uuid BLOB REFERENCES activities (uuid) ON DELETE CASCADE, -- null: a root
  likes_count INTEGER NOT NULL DEFAULT 0,
  replies_count INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  client_token BLOB, -- the author's idempotency key
  CHECK ((reply_to_uuid IS NULL) = (root_uuid IS NULL))
) WITHOUT ROWID;
CREATE INDEX activities_home ON activities (uuid DESC) WHERE root_uuid IS NULL AND user_uuid IS NOT NULL;
CREATE INDEX activities_author ON activities (user_uuid, uuid DESC) WHERE user_uuid IS NOT NULL;
CREATE INDEX activities_replies ON activities (reply_to_uuid, uuid) WHERE reply_to_uuid IS NOT NULL;
CREATE INDEX activities_root ON activities (root_uuid) WHERE root_uuid IS NOT NULL;
CREATE INDEX activities_expiry ON activities (expires_at) WHERE root_uuid IS NULL;
CREATE UNIQUE INDEX activities_client_token_key ON activities (user_uuid, client_token) WHERE client_token IS NOT NULL;

CREATE TABLE likes (
  activity_uuid BLOB NOT NULL REFERENCES activities (uuid) ON DELETE CASCADE,
  user_uuid BLOB NOT NULL REFERENCES users (uuid) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (activity_uuid, user_uuid)
) WITHOUT ROWID;
CREATE INDEX likes_user ON likes (user_uuid, activity_uuid);

-- What a deep link to a post that is no more may know: that it was, and how it ended.
CREATE TABLE gone_activities (
  uuid BLOB NOT NULL PRIMARY KEY,
  reason TEXT NOT NULL CHECK (reason IN ('expired', 'deleted')),
  gone_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX gone_activities_age ON gone_activities (gone_at);

-- Counts change with the rows they count, in the same transaction.
CREATE TRIGGER likes_counted AFTER INSERT ON likes BEGIN
  UPDATE activities SET likes_count = likes_count + 1, revision = revision + 1 WHERE uuid = NEW.activity_uuid;
END;
CREATE TRIGGER likes_uncounted AFTER DELETE ON likes BEGIN
  UPDATE activities SET likes_count = likes_count - 1, revision = revision + 1 WHERE uuid = OLD.activity_uuid;
END;
CREATE TRIGGER replies_counted AFTER INSERT ON activities WHEN NEW.reply_to_uuid IS NOT NULL BEGIN
  UPDATE activities SET replies_count = replies_count + 1, revision = revision + 1 WHERE uuid = NEW.reply_to_uuid;
END;
CREATE TRIGGER replies_uncounted AFTER DELETE ON activities WHEN OLD.reply_to_uuid IS NOT NULL AND OLD.user_uuid IS NOT NULL BEGIN
  UPDATE activities SET replies_count = replies_count - 1, revision = revision + 1 WHERE uuid = OLD.reply_to_uuid;
END;
CREATE TRIGGER tombstones_uncounted AFTER UPDATE OF user_uuid ON activities
WHEN OLD.user_uuid IS NOT NULL AND NEW.user_uuid IS NULL AND OLD.reply_to_uuid IS NOT NULL BEGIN
  UPDATE activities SET replies_count = replies_count - 1, revision = revision + 1 WHERE uuid = OLD.reply_to_uuid;
END;
