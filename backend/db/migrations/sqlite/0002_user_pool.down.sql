DROP TABLE pool_keys;
DROP TABLE pool_revocations;
DROP TABLE pool_used_challenges;
DROP TABLE pool_sessions;
DROP TABLE pool_codes;
DROP TABLE pool_accounts;
