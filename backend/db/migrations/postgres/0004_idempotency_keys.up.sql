-- The keys of requests that made an activity: so that a repeated request makes nothing, also after the activity's end.
-- Once that has come, only who used which key stays, until forget_at.
CREATE TABLE idempotency_keys (
  user_uuid uuid NOT NULL REFERENCES users (uuid) ON DELETE CASCADE,
  token uuid NOT NULL,
  activity_uuid uuid, -- what it made; null from its end on
  ended text CHECK (ended IN ('expired', 'deleted')), -- how it ended
  forget_at bigint NOT NULL,
  PRIMARY KEY (user_uuid, token),
  CHECK ((activity_uuid IS NULL) = (ended IS NOT NULL))
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (forget_at);

INSERT INTO idempotency_keys (user_uuid, token, activity_uuid, forget_at)
SELECT user_uuid, client_token, uuid, expires_at + 86400000 FROM activities
WHERE user_uuid IS NOT NULL AND client_token IS NOT NULL;

DROP INDEX activities_client_token_key;
ALTER TABLE activities ADD COLUMN request_mac bytea; -- a random key and the request's HMAC under it; with the text it goes
