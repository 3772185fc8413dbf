-- What keeps strangers from locking an account's owner out. No address and no handle stands here: places, destinations and
-- handles are keyed hashes.

-- Codes wait for names of nobody, too, so that asking for one and trying one are the same work. Old codes can't be mailed again,
-- so they go.
DROP TABLE pool_codes;
CREATE TABLE pool_codes (
  account_uuid BLOB NOT NULL,
  purpose INTEGER NOT NULL, -- 0 sign-up, 1 password reset, 2 email change
  seed BLOB NOT NULL, -- the digits are made of it with a key that is not here
  hash BLOB NOT NULL,
  email TEXT NOT NULL, -- the new one of an email change
  used INTEGER NOT NULL DEFAULT 0,
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (account_uuid, purpose)
) WITHOUT ROWID;
CREATE INDEX pool_codes_expiry ON pool_codes (expires_at);

-- One row. Every try of a code counts, so that each writes the same, whatever comes of it.
CREATE TABLE pool_code_tries (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  tries INTEGER NOT NULL
);
INSERT INTO pool_code_tries (id, tries) VALUES (1, 0);

-- When a destination's allowance is whole again, by the hour and by the day.
CREATE TABLE pool_mail_allowances (
  destination BLOB NOT NULL PRIMARY KEY,
  taker BLOB NOT NULL, -- who took from it last
  hour_full_at INTEGER NOT NULL,
  day_full_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX pool_mail_allowances_end ON pool_mail_allowances (day_full_at);

CREATE TABLE pool_sign_in_tries (
  account_uuid BLOB NOT NULL,
  place BLOB NOT NULL,
  known INTEGER NOT NULL, -- whether the account signed in there before
  tries INTEGER NOT NULL,
  tried_at INTEGER NOT NULL,
  free_at INTEGER NOT NULL, -- locked until then
  PRIMARY KEY (account_uuid, place)
) WITHOUT ROWID;
CREATE INDEX pool_sign_in_tries_time ON pool_sign_in_tries (tried_at);

CREATE TABLE pool_known_places (
  account_uuid BLOB NOT NULL REFERENCES pool_accounts (uuid) ON DELETE CASCADE,
  place BLOB NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (account_uuid, place)
) WITHOUT ROWID;
CREATE INDEX pool_known_places_time ON pool_known_places (seen_at);

CREATE TABLE pool_reserved_handles (
  handle BLOB NOT NULL PRIMARY KEY,
  free_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX pool_reserved_handles_end ON pool_reserved_handles (free_at);
