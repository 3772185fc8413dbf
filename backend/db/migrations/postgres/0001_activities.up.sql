-- Times are Unix milliseconds. Ids are version 7 UUIDs, so their order is the order of time.

CREATE TABLE users (
  uuid uuid PRIMARY KEY,
  handle text NOT NULL,
  display_name text NOT NULL,
  bio text NOT NULL DEFAULT '',
  created_at bigint NOT NULL
);
CREATE UNIQUE INDEX users_handle_key ON users (handle);

CREATE TABLE activities (
  uuid uuid PRIMARY KEY,
  user_uuid uuid REFERENCES users (uuid) ON DELETE CASCADE, -- null: deleted by its author, kept above its replies
  message text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  reply_to_uuid uuid,
  root_uuid uuid REFERENCES activities (uuid) ON DELETE CASCADE, -- null: a root
  likes_count bigint NOT NULL DEFAULT 0,
  replies_count bigint NOT NULL DEFAULT 0,
  revision bigint NOT NULL DEFAULT 0,
  client_token uuid, -- the author's idempotency key
  CHECK ((reply_to_uuid IS NULL) = (root_uuid IS NULL))
) WITH (fillfactor = 80); -- room for counts to change in place
CREATE INDEX activities_home ON activities (uuid DESC) WHERE root_uuid IS NULL AND user_uuid IS NOT NULL;
CREATE INDEX activities_author ON activities (user_uuid, uuid DESC) WHERE user_uuid IS NOT NULL;
CREATE INDEX activities_replies ON activities (reply_to_uuid, uuid) WHERE reply_to_uuid IS NOT NULL;
CREATE INDEX activities_root ON activities (root_uuid) WHERE root_uuid IS NOT NULL;
CREATE INDEX activities_expiry ON activities (expires_at) WHERE root_uuid IS NULL;
CREATE UNIQUE INDEX activities_client_token_key ON activities (user_uuid, client_token) WHERE client_token IS NOT NULL;

CREATE TABLE likes (
  activity_uuid uuid NOT NULL REFERENCES activities (uuid) ON DELETE CASCADE,
  user_uuid uuid NOT NULL REFERENCES users (uuid) ON DELETE CASCADE,
  created_at bigint NOT NULL,
  PRIMARY KEY (activity_uuid, user_uuid)
);
CREATE INDEX likes_user ON likes (user_uuid, activity_uuid);

-- What a deep link to a post that is no more may know: that it was, and how it ended.
CREATE TABLE gone_activities (
  uuid uuid PRIMARY KEY,
  reason text NOT NULL CHECK (reason IN ('expired', 'deleted')),
  gone_at bigint NOT NULL
);
CREATE INDEX gone_activities_age ON gone_activities (gone_at);

-- Counts change with the rows they count, in the same transaction.
CREATE FUNCTION add_to_likes_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE activities SET likes_count = likes_count + 1, revision = revision + 1 WHERE uuid = NEW.activity_uuid;
  ELSE
    UPDATE activities SET likes_count = likes_count - 1, revision = revision + 1 WHERE uuid = OLD.activity_uuid;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER likes_counted AFTER INSERT OR DELETE ON likes FOR EACH ROW EXECUTE FUNCTION add_to_likes_count();

CREATE FUNCTION add_to_replies_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE activities SET replies_count = replies_count + 1, revision = revision + 1 WHERE uuid = NEW.reply_to_uuid;
  ELSE
    UPDATE activities SET replies_count = replies_count - 1, revision = revision + 1 WHERE uuid = OLD.reply_to_uuid;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER replies_counted AFTER INSERT ON activities
  FOR EACH ROW WHEN (NEW.reply_to_uuid IS NOT NULL) EXECUTE FUNCTION add_to_replies_count();
CREATE TRIGGER replies_uncounted AFTER DELETE ON activities
  FOR EACH ROW WHEN (OLD.reply_to_uuid IS NOT NULL AND OLD.user_uuid IS NOT NULL) EXECUTE FUNCTION add_to_replies_count();
CREATE TRIGGER tombstones_uncounted AFTER UPDATE OF user_uuid ON activities
  FOR EACH ROW WHEN (OLD.user_uuid IS NOT NULL AND NEW.user_uuid IS NULL AND OLD.reply_to_uuid IS NOT NULL)
  EXECUTE FUNCTION add_to_replies_count();
