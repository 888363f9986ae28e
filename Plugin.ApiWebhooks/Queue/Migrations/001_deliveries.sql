-- Instants are Unix milliseconds, UTC.

-- How far a reader of the host's change log has come. Moves in the transaction that stores what was read.
CREATE TABLE reader (
    name     TEXT PRIMARY KEY,
    position INTEGER NOT NULL CHECK (position >= 0)
) STRICT, WITHOUT ROWID;

-- One row per start of the plugin: the upper half of every lease token, so that a token never comes again.
CREATE TABLE session (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at INTEGER NOT NULL
) STRICT;

-- Who is owed changes. A hook of config.json is found by its key; taken out of the file it is kept as removed, with what it is owed.
CREATE TABLE subscription (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    key           TEXT NOT NULL UNIQUE,
    label         TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('active', 'paused', 'disabled', 'removed')),
    state_reason  TEXT,
    -- Changes up to here are not its: it was not there yet.
    starts_after  INTEGER NOT NULL CHECK (starts_after >= 0),
    created_at    INTEGER NOT NULL,
    -- Since when there were failures and nothing else; NULL after a success.
    failing_since INTEGER
) STRICT;

-- The frozen bytes of one change in one rendering. Never updated.
CREATE TABLE message (
    id              INTEGER PRIMARY KEY,
    change_sequence INTEGER NOT NULL,
    change_id       TEXT NOT NULL,
    kind            TEXT NOT NULL,
    record_id       INTEGER,
    occurred_at     INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    content_type    TEXT NOT NULL,
    body            BLOB NOT NULL
) STRICT;

-- One message owed to one subscription. The life of a delivery is drawn in Queue/DeliveryState.cs; the last CHECK holds each state to its columns.
-- (One CASE, and no IN: for each IN of a CHECK, SQLite makes a temporary table on every write of a row, which doubles its cost.)
CREATE TABLE delivery (
    id              INTEGER PRIMARY KEY,
    subscription_id INTEGER NOT NULL REFERENCES subscription (id),
    change_sequence INTEGER NOT NULL,
    message_id      INTEGER NOT NULL REFERENCES message (id),
    state           TEXT NOT NULL,
    -- When it next wants attention. pending: at once; in_flight: the end of the lease; waiting: the next attempt.
    due_at          INTEGER,
    lease_token     INTEGER,
    attempts        INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    created_at      INTEGER NOT NULL,
    finished_at     INTEGER,
    -- One change is owed to one subscription once, however often it is read.
    UNIQUE (subscription_id, change_sequence),
    CHECK (CASE state
        -- Without a due time a pending delivery is blocked by one before it, and so not to be claimed.
        WHEN 'pending'   THEN                        lease_token IS NULL     AND finished_at IS NULL
        WHEN 'in_flight' THEN due_at IS NOT NULL AND lease_token IS NOT NULL AND finished_at IS NULL
        WHEN 'waiting'   THEN due_at IS NOT NULL AND lease_token IS NULL     AND finished_at IS NULL
        WHEN 'held'      THEN due_at IS NULL     AND lease_token IS NULL     AND finished_at IS NULL
        WHEN 'delivered' THEN due_at IS NULL     AND lease_token IS NULL     AND finished_at IS NOT NULL
        WHEN 'exhausted' THEN due_at IS NULL     AND lease_token IS NULL     AND finished_at IS NOT NULL
        WHEN 'cancelled' THEN due_at IS NULL     AND lease_token IS NULL     AND finished_at IS NOT NULL
        ELSE 0
    END)
) STRICT;

-- What can be claimed, and nothing else: finished, held and blocked deliveries are not in it, however many there are.
CREATE INDEX delivery_due ON delivery (subscription_id, state, due_at) WHERE due_at IS NOT NULL;

-- What is held, to be found again on resuming.
CREATE INDEX delivery_held ON delivery (subscription_id, id) WHERE state = 'held';

CREATE INDEX delivery_message ON delivery (message_id);

-- Every POST that was made for a delivery.
CREATE TABLE attempt (
    delivery_id  INTEGER NOT NULL REFERENCES delivery (id),
    number       INTEGER NOT NULL CHECK (number > 0),
    started_at   INTEGER NOT NULL,
    duration_ms  INTEGER NOT NULL CHECK (duration_ms >= 0),
    outcome      TEXT NOT NULL,
    status       INTEGER,
    url          TEXT NOT NULL,
    detail       TEXT,
    answer_type  TEXT,
    answer       BLOB,
    answer_cut   INTEGER NOT NULL DEFAULT 0 CHECK (answer_cut IN (0, 1)),
    PRIMARY KEY (delivery_id, number)
) STRICT, WITHOUT ROWID;
