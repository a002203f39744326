-- People around the rooms: accounts, what is kept of a meeting, and the chat.
-- Of secrets (passwords, cookies, links) there are hashes only. Times are milliseconds since 1970, truth is 0 or 1.

-- What the administrator chose.
CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Those who can sign in.
CREATE TABLE account (
    -- AC_ and 26 digits; sorts by the time of making.
    id TEXT NOT NULL PRIMARY KEY,
    -- The name in small letters, by which accounts are told apart.
    name_key TEXT NOT NULL UNIQUE,
    -- The name to sign in with, as it was typed.
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    -- A hash in PHC form.
    password TEXT,
    admin INTEGER NOT NULL,
    may_create INTEGER NOT NULL,
    disabled INTEGER NOT NULL,
    -- A text that changes with each picture.
    avatar TEXT,
    created_at INTEGER NOT NULL
) STRICT;

-- Who could be the last administrator.
CREATE INDEX account_admin ON account (admin);

-- Browsers that are signed in.
CREATE TABLE session (
    -- Names it to people; opens nothing.
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    -- SHA-256 of the cookie.
    secret BLOB NOT NULL UNIQUE,
    agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

CREATE INDEX session_account ON session (account);

CREATE TABLE passkey (
    -- The credential's id, in base64url.
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- JSON of the library that checks it; holds no secret.
    credential TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX passkey_account ON passkey (account);

-- Links with which accounts are made.
CREATE TABLE invitation (
    -- Names it to people; opens nothing.
    id TEXT NOT NULL PRIMARY KEY,
    -- SHA-256 of what stands in the link.
    secret BLOB NOT NULL UNIQUE,
    name TEXT,
    uses_left INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    may_create INTEGER NOT NULL,
    created_by TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX invitation_created_by ON invitation (created_by);

-- Links with which a password is set anew, one for each account.
CREATE TABLE reset (
    account TEXT NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    -- SHA-256 of what stands in the link.
    secret BLOB NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL
) STRICT;

-- The rooms that were there before belong to nobody and stay open to everybody.
ALTER TABLE room ADD COLUMN owner TEXT REFERENCES account (id) ON DELETE SET NULL;
ALTER TABLE room ADD COLUMN description TEXT NOT NULL DEFAULT '';
-- Whether it stands among the rooms of its owner.
ALTER TABLE room ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;
-- When somebody last came in, to the day; 0 for never.
ALTER TABLE room ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
-- JSON: what it lets people do.
ALTER TABLE room ADD COLUMN policy TEXT NOT NULL DEFAULT
    '{"guests":true,"lobby":"off","locked":false,"microphone":true,"camera":true,"share":true,"chat":true,"history":true}';

CREATE INDEX room_owner ON room (owner);

-- Accounts with a role of their own in a room.
CREATE TABLE room_member (
    room TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    -- "host" or "member".
    role TEXT NOT NULL,
    -- Whether it is one only because a meeting made it a host, and is none when it leads no more.
    passing INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (room, account)
) STRICT;

CREATE INDEX room_member_account ON room_member (account);

-- People who may not come back to a room. A person is an account's id, "guest_" and its letters, or "=" and an identity.
CREATE TABLE ban (
    room TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    person TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- How the person was called then.
    name TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (room, person)
) STRICT;

-- Lines of the chat.
CREATE TABLE message (
    -- MS_ and 26 digits; sorts by the time of writing.
    id TEXT NOT NULL PRIMARY KEY,
    room TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    -- A person, as in ban.
    sender TEXT NOT NULL,
    -- The name that was shown then.
    name TEXT NOT NULL,
    -- The only other person who may read it.
    recipient TEXT,
    at INTEGER NOT NULL,
    text TEXT NOT NULL,
    -- The line that it answers, which may be gone: then the answer still says that it was one.
    reply_to TEXT,
    edited INTEGER NOT NULL
) STRICT;

-- A page of the chat, from its end.
CREATE INDEX message_room ON message (room, id);

CREATE TABLE reaction (
    message TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    emoji TEXT NOT NULL,
    -- As in ban.
    person TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (message, emoji, person)
) STRICT;

-- Files of rooms; their bytes lie in the data folder under the id.
CREATE TABLE file (
    -- FI_ and 26 digits.
    id TEXT NOT NULL PRIMARY KEY,
    room TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    -- Who gave it, as in ban.
    person TEXT NOT NULL,
    at INTEGER NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    kind TEXT NOT NULL,
    -- In pixels, when there is a preview.
    preview_width INTEGER,
    preview_height INTEGER,
    -- The line that it came with; none until that is written.
    message TEXT UNIQUE REFERENCES message (id) ON DELETE CASCADE
) STRICT;

-- What a room holds already.
CREATE INDEX file_room ON file (room);
