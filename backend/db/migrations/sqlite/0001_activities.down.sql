DROP TABLE gone_activities;
DROP TABLE likes;
DROP TABLE activities;
DROP TABLE users;
