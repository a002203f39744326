-- Rooms that were made for a call and that nobody kept: they stand in the history of calls, and go with it.
ALTER TABLE room ADD COLUMN of_call INTEGER NOT NULL DEFAULT 0;

UPDATE room SET of_call = 1 WHERE listed = 0 AND code IN (SELECT c.room FROM call c);
