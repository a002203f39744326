-- Meetings that go on: what has to be known of them when the server is started anew.
CREATE TABLE meeting (
    room TEXT NOT NULL PRIMARY KEY REFERENCES room (id) ON DELETE CASCADE,
    -- JSON: who was let in, as what, whose seats are kept, whose tokens count no more.
    memory TEXT NOT NULL,
    -- When the server that holds it last gave a sign of life.
    seen_at INTEGER NOT NULL
) STRICT;
