-- A person has two ids from here on: `uuid` is public and stands under each post, `identity_id` is the `sub` of the account's
-- tokens and is shown to nobody else. Accounts keep theirs, since their passwords' verifiers are bound to it, so every profile
-- gets a new public id.
ALTER TABLE activities DROP CONSTRAINT activities_user_uuid_fkey;
ALTER TABLE likes DROP CONSTRAINT likes_user_uuid_fkey;
ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_user_uuid_fkey;

ALTER TABLE users ADD COLUMN identity_id uuid;
UPDATE users SET identity_id = uuid, uuid = gen_random_uuid();
ALTER TABLE users ALTER COLUMN identity_id SET NOT NULL;
CREATE UNIQUE INDEX users_identity_id_key ON users (identity_id);

UPDATE activities SET user_uuid = u.uuid FROM users u WHERE u.identity_id = activities.user_uuid;
UPDATE likes SET user_uuid = u.uuid FROM users u WHERE u.identity_id = likes.user_uuid;
UPDATE idempotency_keys SET user_uuid = u.uuid FROM users u WHERE u.identity_id = idempotency_keys.user_uuid;

ALTER TABLE activities ADD CONSTRAINT activities_user_uuid_fkey
  FOREIGN KEY (user_uuid) REFERENCES users (uuid) ON DELETE CASCADE;
ALTER TABLE likes ADD CONSTRAINT likes_user_uuid_fkey
  FOREIGN KEY (user_uuid) REFERENCES users (uuid) ON DELETE CASCADE;
ALTER TABLE idempotency_keys ADD CONSTRAINT idempotency_keys_user_uuid_fkey
  FOREIGN KEY (user_uuid) REFERENCES users (uuid) ON DELETE CASCADE;
