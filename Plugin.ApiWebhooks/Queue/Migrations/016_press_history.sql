-- The history of presses is looked through by button, user and state; by record and time it already is.
ALTER TABLE press ADD COLUMN state TEXT AS (
    CASE WHEN ended_at IS NULL THEN 'running' WHEN outcome = 'Succeeded' THEN 'succeeded' WHEN outcome = 'Lost' OR outcome = 'Interrupted' THEN 'unknown' ELSE 'failed' END) VIRTUAL;

CREATE INDEX press_of_button ON press (button_key, pressed_at);
CREATE INDEX press_of_user ON press (user_name COLLATE NOCASE, pressed_at);
CREATE INDEX press_of_state ON press (state, pressed_at);
