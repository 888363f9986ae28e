-- Records that are to be published at a later time. A record has a row here exactly while its workflow state is that of waiting for it.
CREATE TABLE scheduled_publications (
    record_id    INTEGER PRIMARY KEY REFERENCES records (id) ON DELETE CASCADE,
    publish_at   INTEGER NOT NULL,
    scheduled_by TEXT NOT NULL
) STRICT;

CREATE INDEX scheduled_publications_by_time ON scheduled_publications (publish_at);
