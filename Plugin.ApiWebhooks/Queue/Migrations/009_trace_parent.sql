-- The recorded span in which the change was made, so that attempts join its trace. NULL, which takes no room, unless the host records one.
ALTER TABLE message ADD COLUMN trace_parent TEXT;
