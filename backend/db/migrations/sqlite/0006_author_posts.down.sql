DROP INDEX activities_author_posts;
