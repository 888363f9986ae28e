-- Replays, what could not be sent, and how far the past is known. Instants are UTC, in Unix milliseconds.

-- A job that makes one subscription owed what the change log already has. Its position moves in the transaction that stores what it makes owed.
CREATE TABLE replay (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription_id INTEGER NOT NULL,
    cause           TEXT NOT NULL CHECK (cause = 'request' OR cause = 'start'),
    which           TEXT NOT NULL CHECK (which = 'all' OR which = 'failed' OR which = 'neverDelivered'),
    dry_run         INTEGER NOT NULL CHECK (dry_run = 0 OR dry_run = 1),
    state           TEXT NOT NULL CHECK (state = 'running' OR state = 'done' OR state = 'cancelled'),
    -- The window: changes after the one position, up to and with the other, and of them those of a span of time.
    after_position  INTEGER NOT NULL CHECK (after_position >= 0),
    up_to           INTEGER NOT NULL CHECK (up_to >= after_position),
    from_at         INTEGER,
    before_at       INTEGER,
    position        INTEGER NOT NULL,
    seen            INTEGER NOT NULL DEFAULT 0,
    owed            INTEGER NOT NULL DEFAULT 0,
    skipped         INTEGER NOT NULL DEFAULT 0,
    refused         INTEGER NOT NULL DEFAULT 0,
    -- The change log had nothing any more up to here, although the window begins before.
    missing_up_to   INTEGER,
    created_at      INTEGER NOT NULL,
    created_by      TEXT,
    finished_at     INTEGER,
    CHECK ((state = 'running') = (finished_at IS NULL))
) STRICT;

CREATE INDEX replay_running ON replay (subscription_id, id) WHERE state = 'running';

-- Why a delivery that has no bytes was given up without an attempt.
CREATE TABLE refusal (
    delivery_id     INTEGER PRIMARY KEY,
    subscription_id INTEGER NOT NULL,
    reason          TEXT NOT NULL,
    detail          TEXT NOT NULL,
    refused_at      INTEGER NOT NULL
) STRICT;

CREATE INDEX refusal_of_subscription ON refusal (subscription_id);

-- What was held up to this sequence stays held although the subscription is served: a person asked for that.
ALTER TABLE subscription ADD COLUMN kept_up_to INTEGER;

-- Up to this sequence finished deliveries were removed because of their age: what became of a change before is not known any more.
ALTER TABLE subscription ADD COLUMN forgotten_up_to INTEGER;
