-- Changes of a span of time are found without reading the log, and old ones removed.
CREATE INDEX changes_by_time ON changes (occurred_at);

-- Up to which sequence changes were removed because of their age. Moves in the transaction that removes them.
CREATE TABLE change_log_start (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    up_to INTEGER NOT NULL CHECK (up_to >= 0)
) STRICT;

INSERT INTO change_log_start (one, up_to) VALUES (1, 0);

CREATE INDEX press_keys_by_time ON press_keys (created_at);
