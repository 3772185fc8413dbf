DROP TRIGGER sessions_revoked;
DROP TABLE pool_revoked_sessions;
