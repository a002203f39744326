-- Browsers that are woken when it rings for their person: one for each session, which it ends with.
CREATE TABLE push (
    session TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE,
    account TEXT COLLATE "C" NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    -- Which of the account's devices that is, as it says on the event socket.
    device TEXT COLLATE "C" NOT NULL,
    -- Where it is reached. Whoever knows it can wake it.
    endpoint TEXT COLLATE "C" NOT NULL UNIQUE,
    -- Its public key, and the secret that it shares with us: 65 and 16 bytes.
    key BYTEA NOT NULL,
    secret BYTEA NOT NULL,
    -- The host by which the browser knows us.
    host TEXT COLLATE "C" NOT NULL
);

CREATE INDEX push_account ON push (account);
