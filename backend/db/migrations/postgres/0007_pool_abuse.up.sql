-- What keeps strangers from locking an account's owner out. No address and no handle stands here: places, destinations and
-- handles are keyed hashes.

-- Codes wait for names of nobody, too, so that asking for one and trying one are the same work. Old codes can't be mailed again,
-- so they go.
DROP TABLE pool_codes;
CREATE TABLE pool_codes (
  account_uuid uuid NOT NULL,
  purpose bigint NOT NULL, -- 0 sign-up, 1 password reset, 2 email change
  seed bytea NOT NULL, -- the digits are made of it with a key that is not here
  hash bytea NOT NULL,
  email text NOT NULL, -- the new one of an email change
  used bigint NOT NULL DEFAULT 0,
  made_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  PRIMARY KEY (account_uuid, purpose)
);
CREATE INDEX pool_codes_expiry ON pool_codes (expires_at);

-- One row. Every try of a code counts, so that each writes the same, whatever comes of it.
CREATE TABLE pool_code_tries (
  id bigint PRIMARY KEY CHECK (id = 1),
  tries bigint NOT NULL
);
INSERT INTO pool_code_tries (id, tries) VALUES (1, 0);

-- When a destination's allowance is whole again, by the hour and by the day.
CREATE TABLE pool_mail_allowances (
  destination bytea PRIMARY KEY,
  taker bytea NOT NULL, -- who took from it last
  hour_full_at bigint NOT NULL,
  day_full_at bigint NOT NULL
);
CREATE INDEX pool_mail_allowances_end ON pool_mail_allowances (day_full_at);

CREATE TABLE pool_sign_in_tries (
  account_uuid uuid NOT NULL,
  place bytea NOT NULL,
  known bigint NOT NULL, -- whether the account signed in there before
  tries bigint NOT NULL,
  tried_at bigint NOT NULL,
  free_at bigint NOT NULL, -- locked until then
  PRIMARY KEY (account_uuid, place)
);
CREATE INDEX pool_sign_in_tries_time ON pool_sign_in_tries (tried_at);

CREATE TABLE pool_known_places (
  account_uuid uuid NOT NULL REFERENCES pool_accounts (uuid) ON DELETE CASCADE,
  place bytea NOT NULL,
  seen_at bigint NOT NULL,
  PRIMARY KEY (account_uuid, place)
);
CREATE INDEX pool_known_places_time ON pool_known_places (seen_at);

CREATE TABLE pool_reserved_handles (
  handle bytea PRIMARY KEY,
  free_at bigint NOT NULL
);
CREATE INDEX pool_reserved_handles_end ON pool_reserved_handles (free_at);
