-- A word beside what somebody says of themselves; empty for none.
ALTER TABLE presence ADD COLUMN note TEXT COLLATE "C" NOT NULL DEFAULT '';

-- The phone book of each account: people of this server, and cards of others.
CREATE TABLE contact (
    owner TEXT COLLATE "C" NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    -- CO_ and 26 digits; sorts by the time of making.
    id TEXT COLLATE "C" NOT NULL,
    -- The person of this server; nothing for a card.
    account TEXT COLLATE "C" REFERENCES account (id) ON DELETE CASCADE,
    -- What the owner calls them, and puts them with; empty for nothing.
    name TEXT COLLATE "C" NOT NULL,
    circle TEXT COLLATE "C" NOT NULL,
    -- JSON: lists of texts.
    phones TEXT COLLATE "C" NOT NULL,
    mails TEXT COLLATE "C" NOT NULL,
    -- 1: is one of those whom the owner likes to hear.
    favourite BIGINT NOT NULL,
    -- 1: cannot reach the owner, and is not told why.
    blocked BIGINT NOT NULL,
    PRIMARY KEY (owner, id),
    UNIQUE (owner, account)
);

-- Entries go with the account that they are about.
CREATE INDEX contact_account ON contact (account);
