-- In which order a subscription is sent its changes. While reorders is 1, what it is owed is being put into the streams of another order than before: all of
-- it is held meanwhile, and what comes new too.
ALTER TABLE subscription ADD COLUMN ordering TEXT NOT NULL DEFAULT 'none' CHECK (CASE ordering WHEN 'none' THEN 1 WHEN 'record' THEN 1 WHEN 'strict' THEN 1 ELSE 0 END);
ALTER TABLE subscription ADD COLUMN reorders INTEGER NOT NULL DEFAULT 0 CHECK (reorders = 0 OR reorders = 1);

CREATE INDEX subscription_ordered ON subscription (id) WHERE ordering <> 'none' OR reorders = 1;

-- What arrives in order: 0 for all changes of the subscription, else the record. NULL for a delivery that stands in no order.
ALTER TABLE delivery ADD COLUMN stream INTEGER;
-- When a blocked delivery was to be due; it is not opened earlier.
ALTER TABLE delivery ADD COLUMN not_before INTEGER;

-- At most one delivery of a stream can be claimed or is claimed.
CREATE UNIQUE INDEX delivery_open ON delivery (subscription_id, stream) WHERE stream IS NOT NULL AND due_at IS NOT NULL;

-- What of a stream is still owed, the oldest first.
CREATE INDEX delivery_stream ON delivery (subscription_id, stream, id) WHERE stream IS NOT NULL AND finished_at IS NULL;

-- What is blocked, to be counted and held.
CREATE INDEX delivery_blocked ON delivery (subscription_id, id) WHERE state = 'pending' AND due_at IS NULL;
