-- Hooks that were made by a call or on a page, beside those of config.json. Instants are UTC, in Unix milliseconds.
CREATE TABLE stored_hook (
    id          TEXT PRIMARY KEY,           -- a UUID; what the outside calls it
    hook_key    TEXT NOT NULL UNIQUE,       -- under which its subscription and its deliveries stand
    dialect     TEXT NOT NULL,
    scope       TEXT NOT NULL,              -- what its dialect groups hooks by, such as a project; empty for none
    owner       TEXT NOT NULL,              -- the user whose rights decide what it is sent
    settings    BLOB NOT NULL,              -- an entry of hooks[] as JSON, encrypted with the host's data protection: it holds secrets
    extra       TEXT,                       -- JSON that its door gives back and nothing else needs
    version     INTEGER NOT NULL CHECK (version > 0),
    created_at  INTEGER NOT NULL,
    created_by  TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    modified_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What of the change goes into address and headers, as a JSON object of texts; NULL where these are the same for every change.
ALTER TABLE message ADD COLUMN address_values TEXT;
