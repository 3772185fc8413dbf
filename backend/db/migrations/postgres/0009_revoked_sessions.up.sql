-- Which sessions were revoked, each with the number that pool_revocations had then: whoever has read up to a number asks for what
-- came after it. That row's lock makes the numbers follow the order of commits. Kept for as long as an access token of the session
-- may be good: a day, and a little for clocks that differ.
CREATE TABLE pool_revoked_sessions (
  session_uuid uuid PRIMARY KEY,
  version bigint NOT NULL,
  until bigint NOT NULL
);
CREATE INDEX pool_revoked_sessions_version ON pool_revoked_sessions (version);
CREATE INDEX pool_revoked_sessions_until ON pool_revoked_sessions (until);

INSERT INTO pool_revoked_sessions (session_uuid, version, until)
SELECT s.uuid, r.epoch, s.revoked_at + 86700000 FROM pool_sessions s, pool_revocations r WHERE s.revoked_at IS NOT NULL;

CREATE FUNCTION note_revoked_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE pool_revocations SET epoch = epoch + 1;
  INSERT INTO pool_revoked_sessions (session_uuid, version, until)
  SELECT NEW.uuid, epoch, NEW.revoked_at + 86700000 FROM pool_revocations;
  RETURN NULL;
END $$;
CREATE TRIGGER sessions_revoked AFTER UPDATE OF revoked_at ON pool_sessions
  FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION note_revoked_session();
