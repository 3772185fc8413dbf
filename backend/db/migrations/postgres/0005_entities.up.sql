-- Mentions, tags and links of the message, as the API gives them (JSON). Null in rows from before: they are found at each
-- reading, for the days that such a row still has.
ALTER TABLE activities ADD COLUMN entities TEXT;
