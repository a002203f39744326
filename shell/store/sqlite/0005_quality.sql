-- How meetings were: one row for each participant and minute.
CREATE TABLE quality (
    room TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    -- When the minute began.
    at INTEGER NOT NULL,
    -- The device of a person.
    identity TEXT NOT NULL,
    -- When the meeting began.
    began INTEGER NOT NULL,
    -- A person, as in ban, and the name that was shown.
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    -- How many seconds of the minute the participant was in.
    seconds INTEGER NOT NULL,
    -- What made it bad, if anything did for long enough, and for how many seconds.
    bad TEXT,
    bad_for INTEGER NOT NULL,
    -- JSON: the numbers.
    minute TEXT NOT NULL,
    PRIMARY KEY (room, at, identity)
) STRICT;

-- The last meetings of a room, and those of one person.
CREATE INDEX quality_meeting ON quality (room, began, person);
