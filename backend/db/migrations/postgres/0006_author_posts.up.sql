-- A person's posts are read without passing over the person's replies, however many those are.
CREATE INDEX activities_author_posts ON activities (user_uuid, uuid DESC) WHERE root_uuid IS NULL;
