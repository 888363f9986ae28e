-- A record's history, and what lies between a stale form and the record, without reading the whole log.
CREATE INDEX changes_of_record ON changes (record_id, sequence);
