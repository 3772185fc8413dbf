PRAGMA defer_foreign_keys = ON;
UPDATE activities SET user_uuid = (SELECT u.identity_id FROM users u WHERE u.uuid = activities.user_uuid)
WHERE user_uuid IS NOT NULL;
UPDATE likes SET user_uuid = (SELECT u.identity_id FROM users u WHERE u.uuid = likes.user_uuid);
UPDATE idempotency_keys SET user_uuid = (SELECT u.identity_id FROM users u WHERE u.uuid = idempotency_keys.user_uuid);
UPDATE users SET uuid = identity_id;
DROP INDEX users_identity_id_key;
ALTER TABLE users DROP COLUMN identity_id;
