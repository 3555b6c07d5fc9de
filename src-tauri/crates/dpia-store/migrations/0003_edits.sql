-- An edit writes fewer pages.

-- Places whose words were edited and are not in `passage` and its index yet: an edit does not wait for those, which take
-- more pages than all the rest of it.
CREATE TABLE passage_waiting (
    assessment INTEGER NOT NULL REFERENCES assessment (key) ON DELETE CASCADE,
    place TEXT NOT NULL,
    PRIMARY KEY (assessment, place)
) STRICT, WITHOUT ROWID;

-- An entry says itself which group it is of, and nothing is looked up by it.
DROP INDEX history_group;
ALTER TABLE history DROP COLUMN group_id;
