-- Conversations between people: rooms without a door. What is written in them, and given to them, lies where that of rooms lies.
CREATE TABLE conversation (
    room TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES room (id) ON DELETE CASCADE,
    -- Between two: both accounts, so that there is one for each pair. Nothing for a group.
    pair TEXT COLLATE "C" UNIQUE,
    -- Counts what happened in it.
    number BIGINT NOT NULL
);

CREATE TABLE conversation_member (
    room TEXT COLLATE "C" NOT NULL REFERENCES conversation (room) ON DELETE CASCADE,
    account TEXT COLLATE "C" NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    -- From when on they read, in milliseconds since 1970.
    since BIGINT NOT NULL,
    -- The last line that they have read; empty before the first.
    seen TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (room, account)
);

CREATE INDEX conversation_member_account ON conversation_member (account);

-- JSON: what was done to the conversation, in place of a text.
ALTER TABLE message ADD COLUMN deed TEXT;
-- The text, and the name of its file, in small letters: what is searched. Nothing in lines from before.
ALTER TABLE message ADD COLUMN folded TEXT;
