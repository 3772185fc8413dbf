-- The local user pool. No password, code or token stands here: verifiers and private keys are sealed, codes and refresh tokens hashed.

CREATE TABLE pool_accounts (
  uuid uuid PRIMARY KEY,
  email text NOT NULL,
  email_verified bigint NOT NULL DEFAULT 0,
  handle text NOT NULL,
  display_name text NOT NULL,
  salt bytea NOT NULL,
  sealed_verifier bytea NOT NULL,
  pending_until bigint, -- unconfirmed until then; null: confirmed
  created_at bigint NOT NULL
);
CREATE UNIQUE INDEX pool_accounts_email_key ON pool_accounts (email);
CREATE UNIQUE INDEX pool_accounts_handle_key ON pool_accounts (handle);
CREATE INDEX pool_accounts_pending ON pool_accounts (pending_until) WHERE pending_until IS NOT NULL;

CREATE TABLE pool_codes (
  account_uuid uuid NOT NULL REFERENCES pool_accounts (uuid) ON DELETE CASCADE,
  purpose bigint NOT NULL, -- 0 sign-up, 1 password reset, 2 email change
  hash bytea NOT NULL,
  email text NOT NULL,
  tries bigint NOT NULL DEFAULT 0, -- wrong ones
  used bigint NOT NULL DEFAULT 0,
  expires_at bigint NOT NULL,
  PRIMARY KEY (account_uuid, purpose)
);
CREATE INDEX pool_codes_expiry ON pool_codes (expires_at);

CREATE TABLE pool_sessions (
  uuid uuid PRIMARY KEY, -- the tokens' origin_jti
  account_uuid uuid NOT NULL REFERENCES pool_accounts (uuid) ON DELETE CASCADE,
  refresh_hash bytea NOT NULL,
  previous_hash bytea, -- null: never rotated
  signed_in_at bigint NOT NULL,
  rotated_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  revoked_at bigint
);
CREATE INDEX pool_sessions_account ON pool_sessions (account_uuid);
CREATE INDEX pool_sessions_expiry ON pool_sessions (expires_at);

CREATE TABLE pool_used_challenges (
  nonce bytea NOT NULL,
  expires_at bigint NOT NULL
);
CREATE UNIQUE INDEX pool_used_challenges_nonce_key ON pool_used_challenges (nonce);
CREATE INDEX pool_used_challenges_expiry ON pool_used_challenges (expires_at);

-- One row; its number changes with every revocation.
CREATE TABLE pool_revocations (
  id bigint PRIMARY KEY CHECK (id = 1),
  epoch bigint NOT NULL
);
INSERT INTO pool_revocations (id, epoch) VALUES (1, 1);

CREATE TABLE pool_keys (
  name text PRIMARY KEY,
  sealed bytea NOT NULL,
  created_at bigint NOT NULL
);
