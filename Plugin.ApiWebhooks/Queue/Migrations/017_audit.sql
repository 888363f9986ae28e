-- What people and programs did to subscriptions, deliveries, replays, applications: one row for each act, never changed.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    user_name TEXT NOT NULL COLLATE NOCASE,
    -- The name of the API key or of the application that acted for the user; NULL at a page.
    key_name TEXT,
    act TEXT NOT NULL,
    -- What it was done to, such as "subscription stored-…", and what people call that.
    subject TEXT NOT NULL,
    label TEXT,
    -- Whose it was at that time; NULL where it is nobody's.
    owner TEXT COLLATE NOCASE,
    detail TEXT
) STRICT;
CREATE INDEX audit_of_user ON audit (user_name, id);
CREATE INDEX audit_of_owner ON audit (owner, id) WHERE owner IS NOT NULL;
