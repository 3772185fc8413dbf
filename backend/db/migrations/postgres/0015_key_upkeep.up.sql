-- Of what is lost with its key it is known that it was lost.
ALTER TABLE gone_activities DROP CONSTRAINT gone_activities_reason_check;
ALTER TABLE gone_activities ADD CONSTRAINT gone_activities_reason_check CHECK (reason IN ('expired', 'deleted', 'lost'));

-- Names this database in its backups, also when its keys are kept elsewhere later.
CREATE TABLE database_identity (
  id smallint NOT NULL PRIMARY KEY CHECK (id = 1),
  uuid uuid NOT NULL
);
INSERT INTO database_identity VALUES (1, gen_random_uuid());

-- The store that keys were moved from, until they are destroyed there; the nil UUID is this database.
CREATE TABLE former_key_store (
  id smallint NOT NULL PRIMARY KEY CHECK (id = 1),
  store uuid NOT NULL
);

-- The process that has the key file, or moves the keys. No other does, until it has not said for a while that it lives.
CREATE TABLE key_holder (
  id smallint NOT NULL PRIMARY KEY CHECK (id = 1),
  holder uuid NOT NULL,
  renewed_at bigint NOT NULL
);
