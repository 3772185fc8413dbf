-- A person has two ids from here on: `uuid` is public and stands under each post, `identity_id` is the `sub` of the account's
-- tokens and is shown to nobody else. Accounts keep theirs, since their passwords' verifiers are bound to it, so every profile
-- gets a new public id. The order of the commands is of no matter to the keys: they are checked at the end.
PRAGMA defer_foreign_keys = ON;

ALTER TABLE users ADD COLUMN identity_id BLOB NOT NULL DEFAULT x'';
UPDATE users SET identity_id = uuid;
CREATE UNIQUE INDEX users_identity_id_key ON users (identity_id);

-- Random, with the marks of version 4.
UPDATE users SET uuid = CAST(
  randomblob(6) || substr(x'404142434445464748494a4b4c4d4e4f', 1 + (random() & 15), 1) ||
  randomblob(1) || substr(x'8089929ba4adb6bf', 1 + (random() & 7), 1) || randomblob(7) AS BLOB);
UPDATE activities SET user_uuid = (SELECT u.uuid FROM users u WHERE u.identity_id = activities.user_uuid)
WHERE user_uuid IS NOT NULL;
UPDATE likes SET user_uuid = (SELECT u.uuid FROM users u WHERE u.identity_id = likes.user_uuid);
UPDATE idempotency_keys SET user_uuid = (SELECT u.uuid FROM users u WHERE u.identity_id = idempotency_keys.user_uuid);
