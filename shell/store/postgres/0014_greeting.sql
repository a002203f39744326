-- What people have their callers told before these speak a message: one of each person. Its sound lies where that of messages lies.
CREATE TABLE greeting (
    -- Whose it is.
    account TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    -- Since when, in milliseconds since 1970.
    at BIGINT NOT NULL,
    -- How long it is, in milliseconds.
    ms BIGINT NOT NULL,
    -- The file, and its bytes.
    file TEXT COLLATE "C" NOT NULL UNIQUE,
    size BIGINT NOT NULL
);
