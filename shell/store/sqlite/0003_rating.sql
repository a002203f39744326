-- How people found the meetings of a room.
CREATE TABLE rating (
    room TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    -- A person, as in ban.
    person TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- 1 to 5.
    stars INTEGER NOT NULL,
    -- What was not good: 0 or 1 each.
    sound INTEGER NOT NULL,
    picture INTEGER NOT NULL,
    share INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    PRIMARY KEY (room, person, at)
) STRICT;

-- The last ones of a room.
CREATE INDEX rating_room ON rating (room, at);
