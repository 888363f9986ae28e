-- How long an attempt's phases took, and the header lines that went and came. NULL where it is not known, or did not happen.

-- Method and header lines of a request, secrets starred. Attempts by one way have the same: it is kept once, named by a hash of its text (Send/RequestHead.cs).
CREATE TABLE request_head (
    id      INTEGER PRIMARY KEY,
    lines   TEXT NOT NULL,
    used_at INTEGER NOT NULL -- the last use, to the day
) STRICT;

ALTER TABLE attempt ADD COLUMN request_head INTEGER;
-- In place of the former where it is this attempt's own: its headers hold values of the message.
ALTER TABLE attempt ADD COLUMN request_lines TEXT;
ALTER TABLE attempt ADD COLUMN answer_head TEXT;

-- Microseconds.
ALTER TABLE attempt ADD COLUMN dns_us INTEGER;
ALTER TABLE attempt ADD COLUMN connect_us INTEGER;
ALTER TABLE attempt ADD COLUMN tls_us INTEGER;
ALTER TABLE attempt ADD COLUMN first_byte_us INTEGER;
ALTER TABLE attempt ADD COLUMN body_us INTEGER;
