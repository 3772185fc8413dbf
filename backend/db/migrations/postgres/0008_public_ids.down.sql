ALTER TABLE activities DROP CONSTRAINT activities_user_uuid_fkey;
ALTER TABLE likes DROP CONSTRAINT likes_user_uuid_fkey;
ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_user_uuid_fkey;
UPDATE activities SET user_uuid = u.identity_id FROM users u WHERE u.uuid = activities.user_uuid;
UPDATE likes SET user_uuid = u.identity_id FROM users u WHERE u.uuid = likes.user_uuid;
UPDATE idempotency_keys SET user_uuid = u.identity_id FROM users u WHERE u.uuid = idempotency_keys.user_uuid;
UPDATE users SET uuid = identity_id;
ALTER TABLE users DROP COLUMN identity_id;
ALTER TABLE activities ADD CONSTRAINT activities_user_uuid_fkey
  FOREIGN KEY (user_uuid) REFERENCES users (uuid) ON DELETE CASCADE;
ALTER TABLE likes ADD CONSTRAINT likes_user_uuid_fkey
  FOREIGN KEY (user_uuid) REFERENCES users (uuid) ON DELETE CASCADE;
ALTER TABLE idempotency_keys ADD CONSTRAINT idempotency_keys_user_uuid_fkey
  FOREIGN KEY (user_uuid) REFERENCES users (uuid) ON DELETE CASCADE;
