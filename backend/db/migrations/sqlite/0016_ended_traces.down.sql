DROP INDEX pool_sessions_revoked;
