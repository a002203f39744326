-- Passwords of programs and devices: each opens attendance alone.
CREATE TABLE app_password (
    -- Names it to people; opens nothing.
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- SHA-256 of the password.
    secret BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    -- Nothing before the first time.
    used_at INTEGER
) STRICT;

CREATE INDEX app_password_account ON app_password (account);
