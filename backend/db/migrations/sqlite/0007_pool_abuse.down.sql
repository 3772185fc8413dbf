DROP TABLE pool_reserved_handles;
DROP TABLE pool_known_places;
DROP TABLE pool_sign_in_tries;
DROP TABLE pool_mail_allowances;
DROP TABLE pool_code_tries;
DROP TABLE pool_codes;
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
