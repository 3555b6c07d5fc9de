-- The first tables. Ids are text: slugs and UUIDs; instants are RFC 3339 in UTC; trees are JSON.

-- One row an assessment: what a list shows. `key` is for joins in this file alone.
CREATE TABLE assessment (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    product TEXT NOT NULL,
    edition TEXT NOT NULL,
    pack TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    binned_at TEXT
) STRICT;

-- The assessment itself, apart from its row so that a list reads no documents.
CREATE TABLE document (
    assessment INTEGER PRIMARY KEY REFERENCES assessment (key) ON DELETE CASCADE,
    json TEXT NOT NULL
) STRICT;

-- What was worked out about a revision, kept so that a list need not work it out again.
CREATE TABLE progress (
    assessment INTEGER PRIMARY KEY REFERENCES assessment (key) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    json TEXT NOT NULL
) STRICT;

-- The history. `packed` is an entry's JSON, deflated: an entry says what stood before and after twice, once each way.
-- `hash` is the SHA-256 of that JSON; the entry after it names that hash.
CREATE TABLE history (
    key INTEGER PRIMARY KEY,
    assessment INTEGER NOT NULL REFERENCES assessment (key) ON DELETE CASCADE,
    sequence INTEGER NOT NULL,
    id TEXT NOT NULL,
    group_id TEXT NOT NULL,
    hash BLOB NOT NULL,
    packed BLOB NOT NULL,
    UNIQUE (assessment, sequence),
    UNIQUE (assessment, id)
) STRICT;
CREATE INDEX history_group ON history (assessment, group_id);

-- What is being typed and is no entry of the history yet; one a question.
CREATE TABLE draft (
    assessment INTEGER NOT NULL REFERENCES assessment (key) ON DELETE CASCADE,
    question TEXT NOT NULL,
    base INTEGER NOT NULL,
    at TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (assessment, question)
) STRICT;

-- Pictures by the SHA-256 of their bytes.
CREATE TABLE attachment (
    sha256 BLOB PRIMARY KEY,
    media_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

-- Editions and packs that came with a bundle, as their TOML text.
CREATE TABLE template (
    kind TEXT NOT NULL CHECK (kind IN ('edition', 'pack')),
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT;

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    json TEXT NOT NULL
) STRICT;

-- What can be searched: the words of one place of an assessment.
CREATE TABLE passage (
    key INTEGER PRIMARY KEY,
    assessment INTEGER NOT NULL REFERENCES assessment (key) ON DELETE CASCADE,
    place TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (assessment, place)
) STRICT;

-- Its words, folded before they come here, so that the tokenizer has only spaces to find.
CREATE VIRTUAL TABLE passage_index USING fts5 (
    words,
    content = '',
    contentless_delete = 1,
    tokenize = 'ascii',
    prefix = '2 3'
);
