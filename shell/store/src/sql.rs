//! Every query, in words that SQLite and PostgreSQL share.
//!
//! Types that both have: `TEXT`, 64-bit integers (times in milliseconds, truth as 0 and 1), bytes. Placeholders are `$1`.
//! Each constant is run on both engines by `tests/both_engines.rs`.

/// Columns in the order of [`crate::room::Row`].
pub const ROOM_BY_CODE: &str = "SELECT id, code, title, created_at FROM room WHERE code = $1";

/// As above.
pub const ROOM_BY_ID: &str = "SELECT id, code, title, created_at FROM room WHERE id = $1";

/// Ids sort by time, so that a page begins where the last one ended. The empty text is before every id.
pub const LIST_ROOMS: &str = "SELECT id, code, title, created_at FROM room WHERE id > $1 ORDER BY id LIMIT $2";

/// No row is written when the code is taken.
pub const CREATE_ROOM: &str =
    "INSERT INTO room (id, code, title, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (code) DO NOTHING";

/// No row is changed when there is no such room.
pub const RENAME_ROOM: &str = "UPDATE room SET title = $2 WHERE id = $1";

/// As above.
pub const DELETE_ROOM: &str = "DELETE FROM room WHERE id = $1";
