-- Rooms: the persistent places with a link.
CREATE TABLE room (
    -- RM_ and 26 digits; sorts by the time of making.
    id TEXT NOT NULL PRIMARY KEY,
    -- The short code in the link.
    code TEXT NOT NULL UNIQUE,
    -- What people call it.
    title TEXT NOT NULL,
    -- Milliseconds since 1970.
    created_at INTEGER NOT NULL
) STRICT;
