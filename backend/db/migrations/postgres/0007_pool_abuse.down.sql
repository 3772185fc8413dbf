DROP TABLE pool_reserved_handles;
DROP TABLE pool_known_places;
DROP TABLE pool_sign_in_tries;
DROP TABLE pool_mail_allowances;
DROP TABLE pool_code_tries;
DROP TABLE pool_codes;
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
