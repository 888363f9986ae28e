-- A delivery is named by the change and the subscription: one change is owed to one subscription once, without an index of its own to see to it.
-- Rows that are written for every delivery refer to others without a declared reference: SQLite would look the other row up each time, and the one class that
-- writes them (Queue/DeliveryQueue.cs) writes both sides.
CREATE TABLE delivery_new (
    -- DeliveryId.cs: the change's sequence, and in the lower twenty bits the subscription.
    id              INTEGER PRIMARY KEY,
    message_id      INTEGER NOT NULL,
    state           TEXT NOT NULL,
    -- When it next wants attention. pending: at once; in_flight: the end of the lease; waiting: the next attempt.
    due_at          INTEGER,
    lease_token     INTEGER,
    attempts        INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    created_at      INTEGER NOT NULL,
    finished_at     INTEGER,
    subscription_id INTEGER NOT NULL AS (id & 1048575) VIRTUAL,
    change_sequence INTEGER NOT NULL AS (id >> 20) VIRTUAL,
    -- (One CASE, and no IN: for each IN of a CHECK, SQLite makes a temporary table on every write of a row, which doubles its cost.)
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

CREATE TABLE attempt_new (
    delivery_id  INTEGER NOT NULL,
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

INSERT INTO delivery_new (id, message_id, state, due_at, lease_token, attempts, created_at, finished_at)
SELECT (change_sequence << 20) | subscription_id, message_id, state, due_at, lease_token, attempts, created_at, finished_at FROM delivery
ORDER BY change_sequence, subscription_id;

INSERT INTO attempt_new
SELECT (d.change_sequence << 20) | d.subscription_id, a.number, a.started_at, a.duration_ms, a.outcome, a.status, a.url, a.detail, a.answer_type, a.answer, a.answer_cut
FROM attempt a JOIN delivery d ON d.id = a.delivery_id
ORDER BY 1, 2;

DROP TABLE attempt;
DROP TABLE delivery;
ALTER TABLE delivery_new RENAME TO delivery;
ALTER TABLE attempt_new RENAME TO attempt;

-- What can be claimed, and nothing else: finished, held and blocked deliveries are not in it, however many there are.
CREATE INDEX delivery_due ON delivery (subscription_id, state, due_at) WHERE due_at IS NOT NULL;

-- What is held, to be found again on resuming.
CREATE INDEX delivery_held ON delivery (subscription_id, id) WHERE state = 'held';
