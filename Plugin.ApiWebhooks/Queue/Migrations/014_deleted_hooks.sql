-- A stored hook that was deleted can be had back until remove_at: until then it is kept whole, is sent nothing, and what it is owed is held.
ALTER TABLE stored_hook ADD COLUMN deleted_at INTEGER;
ALTER TABLE stored_hook ADD COLUMN deleted_by TEXT;
ALTER TABLE stored_hook ADD COLUMN remove_at INTEGER CHECK ((remove_at IS NULL) = (deleted_at IS NULL) AND (deleted_by IS NULL) = (deleted_at IS NULL));
