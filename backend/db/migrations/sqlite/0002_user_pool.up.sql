-- The local user pool. No password, code or token stands here: verifiers and private keys are sealed, codes and refresh tokens hashed.

CREATE TABLE pool_accounts (
  uuid BLOB NOT NULL PRIMARY KEY CHECK (length(uuid) = 16),
  email TEXT NOT NULL,
  email_verified INTEGER NOT NULL DEFAULT 0,
  handle TEXT NOT NULL,
  display_name TEXT NOT NULL,
  salt BLOB NOT NULL,
  sealed_verifier BLOB NOT NULL,
  pending_until INTEGER, -- unconfirmed until then; null: confirmed
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX pool_accounts_email_key ON pool_accounts (email);
CREATE UNIQUE INDEX pool_accounts_handle_key ON pool_accounts (handle);
CREATE INDEX pool_accounts_pending ON pool_accounts (pending_until) WHERE pending_until IS NOT NULL;

CREATE TABLE pool_codes (
  account_uuid BLOB NOT NULL REFERENCES pool_accounts (uuid) ON DELETE CASCADE,
  purpose INTEGER NOT NULL, -- 0 sign-up, 1 password reset, 2 email change
  hash BLOB NOT NULL,
  email TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0, -- wrong ones
  used INTEGER NOT NULL DEFAULT 0,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (account_uuid, purpose)
) WITHOUT ROWID;
CREATE INDEX pool_codes_expiry ON pool_codes (expires_at);

CREATE TABLE pool_sessions (
  uuid BLOB NOT NULL PRIMARY KEY CHECK (length(uuid) = 16), -- the tokens' origin_jti
  account_uuid BLOB NOT NULL REFERENCES pool_accounts (uuid) ON DELETE CASCADE,
  refresh_hash BLOB NOT NULL,
  previous_hash BLOB, -- null: never rotated
  signed_in_at INTEGER NOT NULL,
  rotated_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER
) WITHOUT ROWID;
CREATE INDEX pool_sessions_account ON pool_sessions (account_uuid);
CREATE INDEX pool_sessions_expiry ON pool_sessions (expires_at);

CREATE TABLE pool_used_challenges (
  nonce BLOB NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX pool_used_challenges_nonce_key ON pool_used_challenges (nonce);
CREATE INDEX pool_used_challenges_expiry ON pool_used_challenges (expires_at);

-- One row; its number changes with every revocation.
CREATE TABLE pool_revocations (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  epoch INTEGER NOT NULL
);
INSERT INTO pool_revocations (id, epoch) VALUES (1, 1);

CREATE TABLE pool_keys (
  name TEXT NOT NULL PRIMARY KEY,
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
