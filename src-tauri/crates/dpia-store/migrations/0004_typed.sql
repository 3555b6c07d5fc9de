-- What is typed is kept whole.

-- Nothing reads the revision that a draft was begun at.
ALTER TABLE draft DROP COLUMN base;

-- What was typed, where an answer cannot hold all of it yet, such as half a date. JSON with a version of its own.
ALTER TABLE draft ADD COLUMN typed TEXT;
