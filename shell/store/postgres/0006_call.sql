-- Calls: those that go on, and the history of each party.
CREATE TABLE call (
    -- CA_ and 26 digits; sorts by the time of making.
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- The code of the room that carries it; the room may be gone.
    room TEXT COLLATE "C" NOT NULL,
    -- Milliseconds since 1970; nothing while it goes on.
    began BIGINT NOT NULL,
    ended BIGINT,
    -- JSON: the call with its legs.
    record TEXT NOT NULL
);

-- What goes on when the server starts.
CREATE INDEX call_open ON call (ended);
-- Rooms of calls are not listed as rooms.
CREATE INDEX call_room ON call (room);

CREATE TABLE call_party (
    account TEXT COLLATE "C" NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    call TEXT COLLATE "C" NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    -- 1: was called, did not answer, and has not looked since. Nothing while that is not decided.
    missed BIGINT,
    PRIMARY KEY (account, call)
);

-- Parties go with their call.
CREATE INDEX call_party_call ON call_party (call);

-- What somebody says of themselves, when it is not what their devices show.
CREATE TABLE presence (
    account TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    chosen TEXT COLLATE "C" NOT NULL
);
