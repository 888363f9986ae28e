-- Presses of buttons, and the generated secrets of hooks. Instants are UTC, in Unix milliseconds.

-- One row for each press, made before its POST leaves. It is never sent again: a row still running when the plugin starts was cut off.
CREATE TABLE press (
    press_key    TEXT PRIMARY KEY,
    button_key   TEXT NOT NULL,
    button_label TEXT NOT NULL,
    record_id    INTEGER NOT NULL,
    record_pid   TEXT NOT NULL,
    user_name    TEXT NOT NULL,
    language     TEXT NOT NULL,
    pressed_at   INTEGER NOT NULL,
    url          TEXT NOT NULL,             -- without user info
    request      TEXT NOT NULL,             -- header lines with starred values, an empty line, the body
    ended_at     INTEGER,                   -- null while it runs
    outcome      TEXT,                      -- AttemptOutcome, or Lost
    status       INTEGER,
    reason       TEXT,                      -- the reason phrase
    duration_ms  INTEGER,
    location     TEXT,                      -- where a redirect pointed
    detail       TEXT,                      -- what exactly went wrong
    answer_type  TEXT,
    answer       TEXT,                      -- the beginning of the answer
    message      TEXT,                      -- what the target itself said
    CHECK ((ended_at IS NULL) = (outcome IS NULL)),
    CHECK (outcome IS NULL OR outcome = 'Lost' OR duration_ms IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE INDEX press_of_record ON press (record_id, pressed_at);
CREATE INDEX press_by_time ON press (pressed_at);
CREATE INDEX press_running ON press (press_key) WHERE ended_at IS NULL;

-- Encrypted with the host's data protection.
CREATE TABLE hook_secret (
    hook_key       TEXT PRIMARY KEY,
    secret         BLOB NOT NULL,
    created_at     INTEGER NOT NULL,
    retiring       BLOB,                    -- the secret before, signing beside the new one until retiring_until
    retiring_until INTEGER,
    CHECK ((retiring IS NULL) = (retiring_until IS NULL))
) STRICT, WITHOUT ROWID;
