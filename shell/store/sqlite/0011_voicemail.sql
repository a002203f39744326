-- Messages that were spoken for whoever did not answer a call. Their sound lies beside the database, where files of chats lie.
CREATE TABLE voicemail (
    -- VM_ and 26 digits; sorts by the time of making.
    id TEXT NOT NULL PRIMARY KEY,
    -- Whose it is.
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    -- Who spoke it, by the name that they had then.
    sender TEXT NOT NULL,
    name TEXT NOT NULL,
    -- When it was sent, in milliseconds since 1970.
    at INTEGER NOT NULL,
    -- How long it is, in milliseconds.
    ms INTEGER NOT NULL,
    -- The file, and its bytes.
    file TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    -- 1: was heard.
    heard INTEGER NOT NULL
) STRICT;

CREATE INDEX voicemail_account ON voicemail (account, id);
