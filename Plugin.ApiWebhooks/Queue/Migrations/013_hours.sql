-- What the pages show at a glance, kept so that reading it costs the same however much was delivered.

-- How the last attempt of a delivery that failed ended, by the name of its outcome; why it was refused; 'Cancelled' when a person gave it up. NULL for one that
-- did not fail, and so for almost all.
ALTER TABLE delivery ADD COLUMN failure TEXT;

UPDATE delivery
SET failure = CASE state WHEN 'cancelled' THEN 'Cancelled' ELSE coalesce(
    (SELECT reason FROM refusal WHERE delivery_id = delivery.id),
    (SELECT outcome FROM attempt WHERE delivery_id = delivery.id AND outcome <> 'Succeeded' AND outcome <> 'Interrupted' ORDER BY number DESC LIMIT 1),
    CASE state WHEN 'exhausted' THEN 'Unknown' END) END
WHERE state <> 'delivered' AND (attempts > 0 OR finished_at IS NOT NULL);

-- What failed and was not delivered since, by its reason: what waits after a failure, and all that was given up.
CREATE INDEX delivery_failure ON delivery (subscription_id, state, failure) WHERE failure IS NOT NULL;

-- What became of deliveries in each hour.
CREATE TABLE subscription_hour (
    subscription_id INTEGER NOT NULL,
    hour            INTEGER NOT NULL,           -- since 1970, in UTC; 0 holds the sum of all hours that are not kept any more
    delivered       INTEGER NOT NULL DEFAULT 0, -- taken by the receiver
    repeated        INTEGER NOT NULL DEFAULT 0, -- delivered once, and made owed again: what was delivered in all is the one less the other
    given_up        INTEGER NOT NULL DEFAULT 0, -- exhausted, or refused
    cancelled       INTEGER NOT NULL DEFAULT 0, -- by a person
    failed          INTEGER NOT NULL DEFAULT 0, -- attempts
    -- From the commit of the change to its delivery; those that were sent again are left out.
    lag_count       INTEGER NOT NULL DEFAULT 0,
    lag_ms          INTEGER NOT NULL DEFAULT 0, -- the sum
    lag_max_ms      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (subscription_id, hour)
) STRICT, WITHOUT ROWID;

-- Of what was delivered before, the last two days by their hours.
WITH finished AS (
    SELECT subscription_id, state, finished_at, message_id,
           CASE WHEN finished_at > (SELECT coalesce(max(finished_at), 0) - 172800000 FROM delivery) THEN finished_at / 3600000 ELSE 0 END AS hour
    FROM delivery WHERE finished_at IS NOT NULL
), lags AS (
    SELECT subscription_id, state, hour,
           CASE WHEN hour > 0 AND state = 'delivered' THEN max(0, finished_at - (SELECT occurred_at FROM message WHERE id = message_id)) END AS lag
    FROM finished
)
INSERT INTO subscription_hour (subscription_id, hour, delivered, given_up, cancelled, lag_count, lag_ms, lag_max_ms)
SELECT subscription_id, hour, sum(state = 'delivered'), sum(state = 'exhausted'), sum(state = 'cancelled'), count(lag), coalesce(sum(lag), 0), coalesce(max(lag), 0)
FROM lags GROUP BY subscription_id, hour;

INSERT INTO subscription_hour (subscription_id, hour, failed)
SELECT delivery_id & 1048575,
       CASE WHEN started_at > (SELECT coalesce(max(finished_at), 0) - 172800000 FROM delivery) THEN started_at / 3600000 ELSE 0 END,
       count(*)
FROM attempt WHERE outcome <> 'Succeeded' AND outcome <> 'Interrupted' GROUP BY 1, 2
ON CONFLICT DO UPDATE SET failed = excluded.failed;
