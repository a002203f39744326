-- Passwords of programs and devices: each opens attendance alone.
CREATE TABLE app_password (
    -- Names it to people; opens nothing.
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- SHA-256 of the password.
    secret BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    -- Nothing before the first time.
    used_at BIGINT
);

CREATE INDEX app_password_account ON app_password (account);
