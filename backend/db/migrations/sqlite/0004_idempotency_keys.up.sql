-- The keys of requests that made an activity: so that a repeated request makes nothing, also after the activity's end.
-- Once that has come, only who used which key stays, until forget_at.
CREATE TABLE idempotency_keys (
  user_uuid BLOB NOT NULL REFERENCES users (uuid) ON DELETE CASCADE,
  token BLOB NOT NULL CHECK (length(token) = 16),
  activity_uuid BLOB, -- what it made; null from its end on
  ended TEXT CHECK (ended IN ('expired', 'deleted')), -- how it ended
  forget_at INTEGER NOT NULL,
  PRIMARY KEY (user_uuid, token),
  CHECK ((activity_uuid IS NULL) = (ended IS NOT NULL))
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_age ON idempotency_keys (forget_at);

INSERT INTO idempotency_keys (user_uuid, token, activity_uuid, forget_at)
SELECT user_uuid, client_token, uuid, expires_at + 86400000 FROM activities
WHERE user_uuid IS NOT NULL AND client_token IS NOT NULL;

DROP INDEX activities_client_token_key;
ALTER TABLE activities ADD COLUMN request_mac BLOB; -- a random key and the request's HMAC under it; with the text it goes
