-- Those who receive copies, and what they were sent. Ids are UUIDs as text, digests blobs of 32 bytes, instants RFC 3339
-- in UTC.

-- A school or trust. `email` and `reference` are empty where none is known.
CREATE TABLE client (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (name <> ''),
    email TEXT NOT NULL,
    reference TEXT NOT NULL
) STRICT;

-- One row a copy that was issued, never changed: it names the client and the product as the copy does, and stays
-- whatever becomes of either. `content` is the SHA-256 of what the copy says, `included` the internal sections that went
-- along, as a JSON list.
CREATE TABLE issued (
    key INTEGER PRIMARY KEY,
    assessment TEXT NOT NULL,
    product TEXT NOT NULL,
    revision INTEGER NOT NULL,
    client TEXT,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    reference TEXT NOT NULL,
    at TEXT NOT NULL,
    file TEXT NOT NULL,
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    certificate BLOB NOT NULL CHECK (length(certificate) = 32),
    content BLOB NOT NULL CHECK (length(content) = 32),
    included TEXT NOT NULL
) STRICT;
CREATE INDEX issued_assessment ON issued (assessment, key);
