-- Beside its secret a hook may have a key pair: kind 'v1' is a whsec_ secret, 'v1a' a whsk_ key. Both encrypted with the host's data protection.
CREATE TABLE hook_secret_of_kind (
    hook_key       TEXT NOT NULL,
    kind           TEXT NOT NULL CHECK (kind IN ('v1', 'v1a')),
    secret         BLOB NOT NULL,
    created_at     INTEGER NOT NULL,
    retiring       BLOB,                    -- the secret before, signing beside the new one until retiring_until
    retiring_until INTEGER,
    PRIMARY KEY (hook_key, kind),
    CHECK ((retiring IS NULL) = (retiring_until IS NULL))
) STRICT, WITHOUT ROWID;

INSERT INTO hook_secret_of_kind (hook_key, kind, secret, created_at, retiring, retiring_until)
SELECT hook_key, 'v1', secret, created_at, retiring, retiring_until FROM hook_secret;

DROP TABLE hook_secret;

ALTER TABLE hook_secret_of_kind RENAME TO hook_secret;
