-- Instants are Unix milliseconds (UTC). AUTOINCREMENT everywhere: an id is never used again.

CREATE TABLE users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT NOT NULL COLLATE NOCASE UNIQUE,
    display_name  TEXT NOT NULL,
    email         TEXT,
    language      TEXT,
    password_hash TEXT NOT NULL,
    -- Changes with the password: a cookie made before is worth nothing afterwards.
    stamp         TEXT NOT NULL,
    failed_count  INTEGER NOT NULL DEFAULT 0,
    locked_until  INTEGER,
    created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE collections (
    name       TEXT PRIMARY KEY,
    label      TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE user_roles (
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- The empty text stands for everywhere.
    collection TEXT NOT NULL,
    role       TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'admin', 'sysadmin')),
    PRIMARY KEY (user_id, collection, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE api_keys (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL UNIQUE,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- SHA-256 of the key, lower-case hexadecimal. The key itself is nowhere.
    key_hash   TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE records (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    pid            TEXT NOT NULL UNIQUE,
    type           TEXT NOT NULL,
    title          TEXT NOT NULL,
    language       TEXT NOT NULL,
    owner          TEXT NOT NULL,
    collection     TEXT REFERENCES collections (name),
    is_private     INTEGER NOT NULL CHECK (is_private IN (0, 1)),
    is_draft       INTEGER NOT NULL CHECK (is_draft IN (0, 1)),
    workflow_state TEXT,
    version        INTEGER NOT NULL CHECK (version > 0),
    parent_id      INTEGER REFERENCES records (id),
    created_at     INTEGER NOT NULL,
    created_by     TEXT NOT NULL,
    modified_at    INTEGER NOT NULL,
    modified_by    TEXT NOT NULL,
    -- {"name":["value",...],...}, title included.
    fields         TEXT NOT NULL,
    -- Every value, folded to lower case, for searching.
    search_text    TEXT NOT NULL
) STRICT;

CREATE INDEX records_by_parent ON records (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE files (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    pid         TEXT NOT NULL UNIQUE,
    record_id   INTEGER NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    media_type  TEXT NOT NULL,
    length      INTEGER NOT NULL CHECK (length >= 0),
    sha256      TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    modified_at INTEGER NOT NULL
) STRICT;

CREATE INDEX files_by_record ON files (record_id, id);
CREATE INDEX files_by_content ON files (sha256);

CREATE TABLE feeds (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    title       TEXT NOT NULL,
    description TEXT NOT NULL,
    is_public   INTEGER NOT NULL CHECK (is_public IN (0, 1)),
    owner       TEXT NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE feed_entries (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    feed_id      INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    title        TEXT NOT NULL,
    description  TEXT NOT NULL,
    author_name  TEXT NOT NULL,
    author_email TEXT,
    -- ["name",...]
    notified     TEXT NOT NULL,
    -- [id,...]
    record_ids   TEXT NOT NULL,
    created_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX feed_entries_by_feed ON feed_entries (feed_id, id);

-- The keys of presses whose save was committed: a form sent twice is saved once.
CREATE TABLE press_keys (
    press_key  TEXT PRIMARY KEY,
    record_id  INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row per change, written in the save's own transaction. One writer at a time, so that sequence order is commit order.
CREATE TABLE changes (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL,
    kind        TEXT NOT NULL,
    record_id   INTEGER,
    occurred_at INTEGER NOT NULL,
    -- The whole change as UTF-8 JSON, without its sequence.
    body        BLOB NOT NULL
) STRICT;
