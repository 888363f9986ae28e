-- The newest batch that each host has committed, written in the batch's own transaction. A host whose answer to COMMIT was lost reads here whether it was made; also after a
-- failover, where transaction numbers begin anew and would tell of somebody else's. Rows of hosts that are gone are removed after a day.
-- Hot: one row of 40 bytes moves with each batch. No column that moves has an index, so each new version stays on the page and the next write clears the old ones away.
CREATE TABLE commits (
    host  uuid PRIMARY KEY,
    batch bigint NOT NULL,
    at    timestamptz NOT NULL DEFAULT now()
);

-- Records are updated in place, mostly without a column that has an index. Room on the page keeps such an update there: no index is written, and the old version goes with the
-- next write to the page instead of waiting for vacuum. Only pages filled from now on have it.
ALTER TABLE records SET (fillfactor = 85);

-- Only appended to, and removed from at its old end in small pieces. Frozen at the first vacuum, since no row ever changes: the whole table need not be read again for that later.
-- Vacuumed after a hundredth was removed or appended: a fifth, the default, is millions of rows that the search for the oldest change would step over.
ALTER TABLE changes SET (
    autovacuum_freeze_min_age = 0,
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_insert_scale_factor = 0.01,
    autovacuum_analyze_scale_factor = 0.02
);

-- The one-row tables accounts_version and change_log_start need nothing: a page has room for a hundred versions of such a row, and no index holds a column that moves.
