CREATE TABLE content_keys_after (
  slot bigint NOT NULL PRIMARY KEY,
  key bytea NOT NULL
);
INSERT INTO content_keys_after (slot, key) SELECT DISTINCT slot, key FROM content_keys;
DROP TABLE content_keys;
DROP FUNCTION copy_keys(bigint);
DROP FUNCTION end_key_rewrite();
DROP FUNCTION begin_key_rewrite(bigint, bigint);
DROP FUNCTION current_key_side();
DROP TABLE content_key_sides;
ALTER TABLE content_keys_after RENAME TO content_keys;
ALTER INDEX content_keys_after_pkey RENAME TO content_keys_pkey;

DROP INDEX pool_sessions_revoked;
