-- Sessions that were revoked are deleted before their time is over.
CREATE INDEX pool_sessions_revoked ON pool_sessions (revoked_at) WHERE revoked_at IS NOT NULL;
