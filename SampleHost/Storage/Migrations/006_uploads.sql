-- What a user wants the records of the next upload to begin with. No record: it is in no list, and its changes are not in the change log.
CREATE TABLE upload_templates (
    user_id     INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    type        TEXT NOT NULL,
    is_private  INTEGER NOT NULL CHECK (is_private IN (0, 1)),
    version     INTEGER NOT NULL CHECK (version > 1),
    created_at  INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    -- {"name":["value",...],...}
    fields      TEXT NOT NULL
) STRICT;

-- The records of a user's uploads that he has not looked through yet; in the order of their ids.
CREATE TABLE upload_reviews (
    user_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    record_id INTEGER NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, record_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX upload_reviews_of_record ON upload_reviews (record_id);
