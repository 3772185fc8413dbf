DROP TABLE gone_activities;
DROP TABLE likes;
DROP TABLE activities;
DROP TABLE users;
DROP FUNCTION add_to_replies_count();
DROP FUNCTION add_to_likes_count();
