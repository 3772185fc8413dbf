-- By now the program has sealed what is known of people; each of the first statements fails where it has not.
INSERT INTO ended_keys (slot, ended_at) SELECT 0, NULL FROM users WHERE slot IS NULL AND removed = 0 LIMIT 1;
INSERT INTO ended_keys (slot, ended_at) SELECT 0, NULL FROM pool_accounts WHERE slot IS NULL LIMIT 1;
INSERT INTO ended_keys (slot, ended_at) SELECT 0, NULL FROM pool_codes WHERE slot IS NULL AND purpose = 2 LIMIT 1;

DROP INDEX users_handle_key;
ALTER TABLE users DROP COLUMN handle;
ALTER TABLE users DROP COLUMN display_name;
ALTER TABLE users DROP COLUMN bio;
DROP INDEX pool_accounts_email_key;
DROP INDEX pool_accounts_handle_key;
ALTER TABLE pool_accounts DROP COLUMN email;
ALTER TABLE pool_accounts DROP COLUMN handle;
ALTER TABLE pool_accounts DROP COLUMN display_name;
ALTER TABLE pool_codes DROP COLUMN email;

-- Tables whose old pages hold clear text still: the program rewrites them and takes them off.
CREATE TABLE pending_rewrites (
  table_name text NOT NULL PRIMARY KEY
);
INSERT INTO pending_rewrites (table_name) SELECT 'activities'
WHERE EXISTS (SELECT 1 FROM users) OR EXISTS (SELECT 1 FROM pool_accounts) OR EXISTS (SELECT 1 FROM gone_activities);
INSERT INTO pending_rewrites (table_name) SELECT 'users' FROM pending_rewrites WHERE table_name = 'activities';
INSERT INTO pending_rewrites (table_name) SELECT 'pool_accounts' FROM pending_rewrites WHERE table_name = 'activities';
INSERT INTO pending_rewrites (table_name) SELECT 'pool_codes' FROM pending_rewrites WHERE table_name = 'activities';
