DROP INDEX activities_live;
DROP INDEX activities_author;
CREATE INDEX activities_home ON activities (uuid DESC) WHERE root_uuid IS NULL AND user_uuid IS NOT NULL;
CREATE INDEX activities_author ON activities (user_uuid, uuid DESC) WHERE user_uuid IS NOT NULL;
CREATE INDEX activities_author_posts ON activities (user_uuid, uuid DESC) WHERE root_uuid IS NULL;
ALTER TABLE activities DROP COLUMN lifetime_class;
