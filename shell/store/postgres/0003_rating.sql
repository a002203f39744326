-- How people found the meetings of a room.
CREATE TABLE rating (
    room TEXT COLLATE "C" NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    -- A person, as in ban.
    person TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    -- 1 to 5.
    stars BIGINT NOT NULL,
    -- What was not good: 0 or 1 each.
    sound BIGINT NOT NULL,
    picture BIGINT NOT NULL,
    share BIGINT NOT NULL,
    connection BIGINT NOT NULL,
    PRIMARY KEY (room, person, at)
);

-- The last ones of a room.
CREATE INDEX rating_room ON rating (room, at);
