-- Of what is lost with its key it is known that it was lost.
CREATE TABLE gone_activities_new (
  uuid BLOB NOT NULL PRIMARY KEY,
  reason TEXT NOT NULL CHECK (reason IN ('expired', 'deleted', 'lost')),
  gone_at INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO gone_activities_new SELECT uuid, reason, gone_at FROM gone_activities;
DROP TABLE gone_activities;
ALTER TABLE gone_activities_new RENAME TO gone_activities;
CREATE INDEX gone_activities_age ON gone_activities (gone_at);

-- Names this database in its backups, also when its keys are kept elsewhere later.
CREATE TABLE database_identity (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  uuid BLOB NOT NULL
);
INSERT INTO database_identity VALUES (1, randomblob(16));

-- The store that keys were moved from, until they are destroyed there.
CREATE TABLE former_key_store (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  store BLOB NOT NULL
);
