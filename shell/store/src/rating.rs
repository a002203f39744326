//! How people found the meetings of a room: stars, and what was not good.

use proto::{Person, RoomId};

use crate::{
    ReadError, Store, WriteError,
    change::Change,
    column::{number, values},
};

/// What somebody thought of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredRating {
    /// When it was said, in milliseconds since 1970.
    pub at: u64,
    /// From 1 to 5.
    pub stars: u32,
    /// The sound was not good.
    pub sound: bool,
    /// The pictures were not good.
    pub picture: bool,
    /// A shared screen was not good.
    pub share: bool,
    /// The connection was not good.
    pub connection: bool,
}

impl Store {
    /// Keeps what somebody thought of a meeting, in place of what the same person said of the room since `replaces`; what is
    /// older than `forget` goes. `false` when there is no such room.
    pub async fn rate(
        &self,
        room: RoomId,
        person: &Person,
        rating: &StoredRating,
        replaces: u64,
        forget: u64,
    ) -> Result<bool, WriteError> {
        let StoredRating { at, stars, sound, picture, share, connection } = *rating;
        let change = Change::tries(FORGET, values![room, forget])
            .and_tries(REPLACE, values![room, person, replaces])
            .and_needs(RATE, values![room, person, at, stars, sound, picture, share, connection]);
        Ok(self.write(change).await?.is_done())
    }

    /// At most `most` of what people thought of the meetings of a room, the last first.
    pub async fn ratings(&self, room: RoomId, most: u32) -> Result<Vec<StoredRating>, ReadError> {
        let rows: Vec<(i64, i64, i64, i64, i64, i64)> = self.rows(RATINGS, values![room, most]).await?;
        let read = |(at, stars, sound, picture, share, connection)| {
            Ok(StoredRating {
                at: number("rating time", at)?,
                stars: number("stars", stars)?,
                sound: sound != 0,
                picture: picture != 0,
                share: share != 0,
                connection: connection != 0,
            })
        };
        rows.into_iter().map(read).collect()
    }
}

const FORGET: &str = "DELETE FROM rating WHERE room = $1 AND at < $2";

/// Of one meeting somebody thinks one thing: the last that was said.
const REPLACE: &str = "DELETE FROM rating WHERE room = $1 AND person = $2 AND at >= $3";

/// No row is written when there is no such room.
const RATE: &str = "INSERT INTO rating (room, person, at, stars, sound, picture, share, connection) \
                    SELECT r.id, $2, $3, $4, $5, $6, $7, $8 FROM room r WHERE r.id = $1";

const RATINGS: &str = "SELECT at, stars, sound, picture, share, connection FROM rating WHERE room = $1 \
                       ORDER BY at DESC, person LIMIT $2";
