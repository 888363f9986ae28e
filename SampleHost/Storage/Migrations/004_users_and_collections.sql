ALTER TABLE users ADD COLUMN first_name TEXT;
ALTER TABLE users ADD COLUMN last_name TEXT;

-- Records, feeds and the change log name people by their user names: such a name is not given to somebody else later.
CREATE TABLE former_users (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL COLLATE NOCASE UNIQUE,
    deleted_at INTEGER NOT NULL
) STRICT;

-- Counts up with each write that changes what is known of a user, also one of another process: who keeps users in memory asks whether it moved.
CREATE TABLE accounts_version (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL
) STRICT;

INSERT INTO accounts_version (one, version) VALUES (1, 1);

CREATE TRIGGER users_inserted AFTER INSERT ON users BEGIN UPDATE accounts_version SET version = version + 1; END;
CREATE TRIGGER users_deleted AFTER DELETE ON users BEGIN UPDATE accounts_version SET version = version + 1; END;
CREATE TRIGGER users_updated AFTER UPDATE OF name, display_name, first_name, last_name, email, language ON users
BEGIN UPDATE accounts_version SET version = version + 1; END;
CREATE TRIGGER user_roles_inserted AFTER INSERT ON user_roles BEGIN UPDATE accounts_version SET version = version + 1; END;
CREATE TRIGGER user_roles_deleted AFTER DELETE ON user_roles BEGIN UPDATE accounts_version SET version = version + 1; END;
CREATE TRIGGER user_roles_updated AFTER UPDATE ON user_roles BEGIN UPDATE accounts_version SET version = version + 1; END;

-- A stable number beside the name. Collections are never deleted, so the highest number plus one was never given before.
ALTER TABLE collections ADD COLUMN id INTEGER NOT NULL DEFAULT 0;
UPDATE collections SET id = (SELECT count(*) FROM collections AS earlier
    WHERE earlier.created_at < collections.created_at OR (earlier.created_at = collections.created_at AND earlier.name <= collections.name));
CREATE UNIQUE INDEX collections_by_id ON collections (id);
