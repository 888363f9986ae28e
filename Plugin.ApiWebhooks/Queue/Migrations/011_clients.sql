-- Programs that act for users by OAuth 2.0. Secrets, codes and tokens are random, and only their SHA-256 is kept.
CREATE TABLE client_application (
    id             INTEGER PRIMARY KEY AUTOINCREMENT, -- never given again: change logs name it
    client_id      TEXT NOT NULL UNIQUE,
    secret_hash    BLOB,                              -- NULL for a public client, which can keep no secret
    name           TEXT NOT NULL,
    description    TEXT NOT NULL,
    website        TEXT NOT NULL,
    owner          TEXT NOT NULL COLLATE NOCASE,      -- the user's name
    redirect_uri   TEXT NOT NULL,                     -- '' for none; compared as it stands
    by_code        INTEGER NOT NULL CHECK (by_code IN (0, 1)),
    by_credentials INTEGER NOT NULL CHECK (by_credentials IN (0, 1)),
    created_at     INTEGER NOT NULL,
    CHECK (by_credentials = 0 OR secret_hash IS NOT NULL),
    CHECK (by_code = 0 OR redirect_uri <> '')
) STRICT;

CREATE INDEX client_application_owner ON client_application (owner);

-- A used code is kept for a while: seen again, it was stolen, and what it gave is taken back.
CREATE TABLE client_code (
    hash           BLOB PRIMARY KEY,
    application_id INTEGER NOT NULL REFERENCES client_application (id) ON DELETE CASCADE,
    user_name      TEXT NOT NULL,
    user_id        INTEGER,
    consent        TEXT NOT NULL,                     -- which consent it came from; its tokens have the same
    redirect_uri   TEXT,                              -- as the request named it; NULL when it named none
    challenge      TEXT,                              -- PKCE, S256
    expires_at     INTEGER NOT NULL,
    remove_at      INTEGER NOT NULL,
    used           INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE INDEX client_code_application ON client_code (application_id);
CREATE INDEX client_code_removal ON client_code (remove_at);

CREATE TABLE client_token (
    hash           BLOB PRIMARY KEY,
    kind           TEXT NOT NULL CHECK (kind IN ('access', 'refresh')),
    application_id INTEGER NOT NULL REFERENCES client_application (id) ON DELETE CASCADE,
    user_name      TEXT NOT NULL,
    user_id        INTEGER,
    consent        TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    retired        INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1)), -- a refresh token that was exchanged for the next
    CHECK (retired = 0 OR kind = 'refresh')
) STRICT, WITHOUT ROWID;

CREATE INDEX client_token_application ON client_token (application_id, user_name, kind, created_at);
CREATE INDEX client_token_consent ON client_token (consent);
CREATE INDEX client_token_expiry ON client_token (expires_at);
