-- Users ask for access to a collection; an administrator of it decides.
CREATE TABLE registrations (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    collection TEXT NOT NULL REFERENCES collections (name),
    note       TEXT,
    state      TEXT NOT NULL CHECK (state IN ('pending', 'granted', 'rejected')),
    created_at INTEGER NOT NULL,
    decided_at INTEGER,
    decided_by TEXT,
    CHECK ((state = 'pending') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL))
) STRICT;

-- One open request of one user for one collection.
CREATE UNIQUE INDEX registrations_pending ON registrations (user_id, collection) WHERE state = 'pending';

-- Users order records; an administrator delivers the order or denies it.
CREATE TABLE orders (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    note       TEXT,
    state      TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'denied')),
    created_at INTEGER NOT NULL,
    decided_at INTEGER,
    decided_by TEXT,
    CHECK ((state = 'pending') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL))
) STRICT;

CREATE INDEX orders_by_user ON orders (user_id, id);

-- No reference to the record: an order says what was ordered, also when the record is gone.
CREATE TABLE order_records (
    order_id  INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    record_id INTEGER NOT NULL,
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;
