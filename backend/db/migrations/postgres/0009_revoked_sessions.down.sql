DROP TRIGGER sessions_revoked ON pool_sessions;
DROP FUNCTION note_revoked_session();
DROP TABLE pool_revoked_sessions;
