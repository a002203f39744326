-- What becomes of calls to somebody; no row where nothing was wished.
CREATE TABLE call_wish (
    account TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    -- Where they go always, when busy, and when not answered: the id of an account, which may be gone; 'voicemail'; '' for nowhere.
    always_to TEXT NOT NULL,
    busy_to TEXT NOT NULL,
    unanswered_to TEXT NOT NULL,
    -- Whether favourites ring through do not disturb.
    favourites BIGINT NOT NULL
);
