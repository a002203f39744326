//! Rooms as rows.

use proto::{RoomId, api::Room};

use crate::ReadError;

/// Id, code, title, time of making.
pub type Row = (String, String, String, i64);

/// Reads a row. What we did not write ourselves is not trusted to be right.
pub fn read((id, code, title, created_at): Row) -> Result<Room, ReadError> {
    let Ok(parsed) = id.parse::<RoomId>() else {
        return Err(ReadError::Damaged { what: "room id", value: id });
    };
    let Ok(created_at) = u64::try_from(created_at) else {
        return Err(ReadError::Damaged { what: "room time", value: created_at.to_string() });
    };
    Ok(Room { id: parsed, code, title, created_at })
}

/// Milliseconds as the databases keep them; those past the year 292 million are all the same.
pub fn time(unix_ms: u64) -> i64 {
    i64::try_from(unix_ms).unwrap_or(i64::MAX)
}
