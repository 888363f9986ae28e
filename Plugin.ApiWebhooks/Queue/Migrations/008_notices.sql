-- Notices are messages of the plugin's own, about itself: they come from no change of the host. Their sequences are negative, counted here, so that they never
-- meet a change's.
CREATE TABLE notice_count (
    notices INTEGER NOT NULL CHECK (notices >= 0)
) STRICT;

INSERT INTO notice_count (notices) VALUES (0);
