-- What people have their callers told before these speak a message: one of each person. Its sound lies where that of messages lies.
CREATE TABLE greeting (
    -- Whose it is.
    account TEXT NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    -- Since when, in milliseconds since 1970.
    at INTEGER NOT NULL,
    -- How long it is, in milliseconds.
    ms INTEGER NOT NULL,
    -- The file, and its bytes.
    file TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL
) STRICT;
