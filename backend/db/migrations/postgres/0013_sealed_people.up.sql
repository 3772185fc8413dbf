-- What is known of people stands sealed too. Names are looked up by their MAC under an index key, which is sealed like a content
-- and renewed, so that nobody can match guessed names with an old copy of this database.
CREATE TABLE index_keys (
  generation bigint NOT NULL PRIMARY KEY,
  slot bigint NOT NULL,
  sealed bytea NOT NULL,
  made_at bigint NOT NULL,
  current_from bigint, -- null: announced
  replaced_at bigint -- null: not yet
);
CREATE UNIQUE INDEX index_keys_slot_key ON index_keys (slot);
CREATE TRIGGER index_keys_key_ended AFTER DELETE ON index_keys FOR EACH ROW EXECUTE FUNCTION end_key();
CREATE TRIGGER index_keys_key_changed AFTER UPDATE OF slot ON index_keys FOR EACH ROW
WHEN (NEW.slot IS DISTINCT FROM OLD.slot) EXECUTE FUNCTION end_key();

ALTER TABLE users ADD COLUMN slot bigint; -- null: the account has ended
ALTER TABLE users ADD COLUMN sealed bytea; -- handle, display name and bio
ALTER TABLE users ADD COLUMN handle_mac text;
ALTER TABLE users ADD COLUMN index_key bigint; -- the generation that the MAC is made with
CREATE UNIQUE INDEX users_slot_key ON users (slot);
CREATE UNIQUE INDEX users_handle_mac_key ON users (handle_mac);
CREATE TRIGGER users_key_ended AFTER DELETE ON users FOR EACH ROW WHEN (OLD.slot IS NOT NULL) EXECUTE FUNCTION end_key();
CREATE TRIGGER users_key_changed AFTER UPDATE OF slot ON users FOR EACH ROW
WHEN (OLD.slot IS NOT NULL AND NEW.slot IS DISTINCT FROM OLD.slot) EXECUTE FUNCTION end_key();

ALTER TABLE pool_accounts ADD COLUMN slot bigint;
ALTER TABLE pool_accounts ADD COLUMN sealed bytea; -- email, handle and display name
ALTER TABLE pool_accounts ADD COLUMN email_mac text;
ALTER TABLE pool_accounts ADD COLUMN handle_mac text;
ALTER TABLE pool_accounts ADD COLUMN index_key bigint; -- the generation that the MACs are made with
CREATE UNIQUE INDEX pool_accounts_slot_key ON pool_accounts (slot);
CREATE UNIQUE INDEX pool_accounts_email_mac_key ON pool_accounts (email_mac);
CREATE UNIQUE INDEX pool_accounts_handle_mac_key ON pool_accounts (handle_mac);
CREATE TRIGGER pool_accounts_key_ended AFTER DELETE ON pool_accounts FOR EACH ROW WHEN (OLD.slot IS NOT NULL) EXECUTE FUNCTION end_key();
CREATE TRIGGER pool_accounts_key_changed AFTER UPDATE OF slot ON pool_accounts FOR EACH ROW
WHEN (OLD.slot IS NOT NULL AND NEW.slot IS DISTINCT FROM OLD.slot) EXECUTE FUNCTION end_key();

ALTER TABLE pool_codes ADD COLUMN slot bigint; -- null: of no email change
ALTER TABLE pool_codes ADD COLUMN sealed bytea; -- the new email
ALTER TABLE pool_codes ADD COLUMN email_mac text; -- of the new email
CREATE UNIQUE INDEX pool_codes_slot_key ON pool_codes (slot);
CREATE TRIGGER pool_codes_key_ended AFTER DELETE ON pool_codes FOR EACH ROW WHEN (OLD.slot IS NOT NULL) EXECUTE FUNCTION end_key();
CREATE TRIGGER pool_codes_key_changed AFTER UPDATE OF slot ON pool_codes FOR EACH ROW
WHEN (OLD.slot IS NOT NULL AND NEW.slot IS DISTINCT FROM OLD.slot) EXECUTE FUNCTION end_key();

-- Both held hashes under a key that was never renewed, of names that stand nowhere else: they begin anew.
DROP TABLE pool_reserved_handles;
CREATE TABLE pool_reserved_handles (
  handle_mac text NOT NULL PRIMARY KEY,
  index_key bigint NOT NULL REFERENCES index_keys (generation),
  free_at bigint NOT NULL
);
CREATE INDEX pool_reserved_handles_end ON pool_reserved_handles (free_at);
CREATE INDEX pool_reserved_handles_index_key ON pool_reserved_handles (index_key);

DROP TABLE pool_mail_allowances;
CREATE TABLE pool_mail_allowances (
  destination_mac text NOT NULL PRIMARY KEY,
  taker bytea NOT NULL, -- who took from it last
  hour_full_at bigint NOT NULL,
  day_full_at bigint NOT NULL
);
CREATE INDEX pool_mail_allowances_end ON pool_mail_allowances (day_full_at);
