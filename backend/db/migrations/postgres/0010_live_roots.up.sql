-- Posts by how long they live, and then by id. Of one lifetime those that live are one range of ids, so a list is read without
-- passing over what has expired and is not yet swept, however much that is. The lifetimes are those of domain/time_to_live.hpp.
-- A person's replies stand behind all of their posts.
DROP INDEX activities_home;
DROP INDEX activities_author;
DROP INDEX activities_author_posts;
CREATE INDEX activities_live ON activities ((CASE
  WHEN expires_at - created_at <= 3600000 THEN 0
  WHEN expires_at - created_at <= 10800000 THEN 1
  WHEN expires_at - created_at <= 43200000 THEN 2
  WHEN expires_at - created_at <= 86400000 THEN 3
  WHEN expires_at - created_at <= 259200000 THEN 4
  WHEN expires_at - created_at <= 604800000 THEN 5
  WHEN expires_at - created_at <= 2592000000 THEN 6
  ELSE 7 END), uuid DESC) WHERE root_uuid IS NULL AND user_uuid IS NOT NULL;
CREATE INDEX activities_author ON activities (user_uuid, (CASE
  WHEN root_uuid IS NOT NULL THEN 8
  WHEN expires_at - created_at <= 3600000 THEN 0
  WHEN expires_at - created_at <= 10800000 THEN 1
  WHEN expires_at - created_at <= 43200000 THEN 2
  WHEN expires_at - created_at <= 86400000 THEN 3
  WHEN expires_at - created_at <= 259200000 THEN 4
  WHEN expires_at - created_at <= 604800000 THEN 5
  WHEN expires_at - created_at <= 2592000000 THEN 6
  ELSE 7 END), uuid DESC) WHERE user_uuid IS NOT NULL;
