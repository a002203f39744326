-- Webhooks: addresses outside of this server that are told what happens in rooms and calls.
CREATE TABLE hook (
    -- HK_ and 26 digits.
    id TEXT NOT NULL PRIMARY KEY,
    address TEXT NOT NULL,
    -- 1: is told what happens in rooms, and of calls.
    rooms INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    -- The API key that signs; nothing: a secret of its own, which follows from the id and is kept nowhere.
    signer TEXT,
    -- Why it is told nothing: paused, gone. Nothing: it is told.
    stopped TEXT,
    created_at INTEGER NOT NULL
) STRICT;

-- What each is told, and the log of what it was told.
CREATE TABLE hook_delivery (
    -- HD_ and 26 digits; sorts by the time of making.
    id TEXT NOT NULL PRIMARY KEY,
    hook TEXT NOT NULL REFERENCES hook (id) ON DELETE CASCADE,
    -- The name of the event, and the whole of what is sent.
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    -- When it happened, in milliseconds since 1970.
    at INTEGER NOT NULL,
    -- When it is tried next; nothing: it is over.
    due INTEGER,
    tries INTEGER NOT NULL,
    -- When it was last tried, the status that was answered then, and what went wrong. Over and without trouble: it was taken.
    tried_at INTEGER,
    status INTEGER,
    trouble TEXT
) STRICT;

CREATE INDEX hook_delivery_hook ON hook_delivery (hook, id);
-- What is over, of which the last stay: whoever trims it looks at nothing that waits.
CREATE INDEX hook_delivery_over ON hook_delivery (hook, id) WHERE due IS NULL;
