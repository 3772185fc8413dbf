-- Posts by how long they live, and then by id. Of one lifetime those that live are one range of ids, so a list is read without
-- passing over what has expired and is not yet swept, however much that is. The classes are those of adapters/sql/live_roots.hpp:
-- a column and no expression, which PostgreSQL would read anew with every INSERT. A person's replies stand before all of their posts.
ALTER TABLE activities ADD COLUMN lifetime_class INTEGER NOT NULL DEFAULT -1;
UPDATE activities SET lifetime_class = CASE
  WHEN root_uuid IS NOT NULL THEN -1
  WHEN expires_at - created_at <= 3600000 THEN 0
  WHEN expires_at - created_at <= 10800000 THEN 1
  WHEN expires_at - created_at <= 43200000 THEN 2
  WHEN expires_at - created_at <= 86400000 THEN 3
  WHEN expires_at - created_at <= 259200000 THEN 4
  WHEN expires_at - created_at <= 604800000 THEN 5
  WHEN expires_at - created_at <= 2592000000 THEN 6
  ELSE 7 END;
DROP INDEX activities_home;
DROP INDEX activities_author;
DROP INDEX activities_author_posts;
-- What else is asked before a row is read stands in the indices too.
CREATE INDEX activities_live ON activities (lifetime_class, uuid, expires_at, user_uuid) WHERE lifetime_class >= 0 AND user_uuid IS NOT NULL;
CREATE INDEX activities_author ON activities (user_uuid, lifetime_class, uuid, expires_at) WHERE user_uuid IS NOT NULL;
