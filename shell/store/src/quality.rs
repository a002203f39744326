//! How meetings were: one row for each participant and minute. Bounded by age and by how many a room keeps.

use proto::{
    Person, RoomId,
    api::Attended,
    quality::{Cause, Record},
};

use crate::{
    ReadError, Store, WriteError,
    change::{Change, Outcome},
    column::{number, parsed, person, values},
};

/// The stay of somebody in the last meeting that they were in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// When the meeting began, in milliseconds since 1970.
    pub began: u64,
    /// From when on they were in.
    pub from: u64,
    /// Until when.
    pub until: u64,
}

/// A minute of somebody that was bad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTrouble {
    /// When the meeting began, in milliseconds since 1970.
    pub began: u64,
    /// When the minute began.
    pub at: u64,
    /// How many seconds of it they were in.
    pub seconds: u32,
    /// Who.
    pub person: Person,
    /// The name that was shown.
    pub name: String,
    /// What made it bad.
    pub cause: Cause,
    /// For how many seconds.
    pub bad_for: u32,
}

impl Store {
    /// Keeps minutes of the room of a code. What is older than `forget` goes, and of that room the oldest beyond
    /// [`MOST_RECORDS`]. Nothing happens when there is no such room.
    pub async fn keep_quality(&self, code: &str, records: &[Record], forget: u64) -> Result<(), WriteError> {
        let mut change = Change::default();
        for record in records {
            let minute = serde_json::to_string(&record.minute).expect("a minute is an object of numbers");
            let Record { at, began, identity, person, name, seconds, bad, bad_for, minute: _ } = record;
            let bad = bad.map(Cause::name);
            // PostgreSQL has no text with it, and would take none of these minutes.
            let name = name.replace('\0', "");
            let values = values![code, *at, identity.as_str(), *began, person, name, *seconds, bad, *bad_for, minute];
            change = change.and_tries(KEEP, values);
        }
        change = change.and_tries(FORGET, values![code, forget]).and_tries(FORGET_MOST, values![code, MOST_RECORDS]);
        self.write(change).await.map(drop)
    }

    /// Removes what is older than `before` from all rooms, also those in which nobody meets any more; how many minutes that were.
    pub async fn forget_quality(&self, before: u64) -> Result<u64, WriteError> {
        match self.write(Change::tries(FORGET_ALL, values![before])).await? {
            Outcome::Done(done) => Ok(done.touched),
            Outcome::Stopped(_) => Ok(0),
        }
    }

    /// The last meetings of a room: when each began, and until when somebody was seen in it; the last first.
    pub async fn past_meetings(&self, room: RoomId, most: u32) -> Result<Vec<(u64, u64)>, ReadError> {
        let rows: Vec<(i64, i64)> = self.rows(MEETINGS, values![room, most]).await?;
        rows.into_iter().map(|(began, until)| Ok((number(BEGAN, began)?, number(AT, until)?))).collect()
    }

    /// Who was in the meetings of a room that began at `since` or later, with when each began; in order of coming.
    pub async fn attended(&self, room: RoomId, since: u64) -> Result<Vec<(u64, Attended)>, ReadError> {
        let rows: Vec<(i64, String, String, i64, i64)> = self.rows(ATTENDED, values![room, since]).await?;
        let read = |(began, who, name, from, until)| {
            let (from, until) = (number(AT, from)?, number(AT, until)?);
            Ok((number(BEGAN, began)?, Attended { person: person(who)?, name, from, until }))
        };
        rows.into_iter().map(read).collect()
    }

    /// The bad minutes of the meetings of a room that began from `since` up to `until`, in the order of time.
    pub async fn bad_minutes(&self, room: RoomId, since: u64, until: u64) -> Result<Vec<StoredTrouble>, ReadError> {
        let rows: Vec<(i64, i64, i64, String, String, String, i64)> =
            self.rows(BAD, values![room, since, until]).await?;
        let read = |(began, at, seconds, who, name, bad, bad_for): (i64, i64, i64, String, String, String, i64)| {
            Ok(StoredTrouble {
                began: number(BEGAN, began)?,
                at: number(AT, at)?,
                seconds: number("seconds of a minute", seconds)?,
                person: person(who)?,
                name,
                cause: Cause::from_name(&bad).ok_or(ReadError::Damaged { what: "cause", value: bad })?,
                bad_for: number("seconds of a minute", bad_for)?,
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// The stay of somebody in the last meeting of a room that they were in since `since`.
    pub async fn last_stay(&self, room: RoomId, person: &Person, since: u64) -> Result<Option<Stay>, ReadError> {
        let row: Option<(i64, i64, i64)> = self.row(STAY, values![room, person, since]).await?;
        let read = |(began, from, until)| {
            Ok(Stay { began: number(BEGAN, began)?, from: number(AT, from)?, until: number(AT, until)? })
        };
        row.map(read).transpose()
    }

    /// All minutes of one meeting, in the order of time.
    pub async fn quality(&self, room: RoomId, began: u64) -> Result<Vec<Record>, ReadError> {
        type Row = (i64, String, String, String, i64, Option<String>, i64, String);
        let rows: Vec<Row> = self.rows(MINUTES, values![room, began]).await?;
        let read = |(at, identity, who, name, seconds, bad, bad_for, minute): Row| {
            let cause = |bad: String| Cause::from_name(&bad).ok_or(ReadError::Damaged { what: "cause", value: bad });
            Ok(Record {
                at: number(AT, at)?,
                began,
                identity: parsed("identity", identity)?,
                person: person(who)?,
                name,
                seconds: number("seconds of a minute", seconds)?,
                bad: bad.map(cause).transpose()?,
                bad_for: number("seconds of a minute", bad_for)?,
                // Written by a version that measured other things.
                minute: serde_json::from_str(&minute).unwrap_or_default(),
            })
        };
        rows.into_iter().map(read).collect()
    }
}

/// The most minutes that are kept of one room: ten people for an hour a day, for six weeks; some megabytes.
pub const MOST_RECORDS: u32 = 20_000;

/// What a time in a damaged row is called.
const AT: &str = "quality time";
const BEGAN: &str = "meeting time";

/// No row is written when there is no such room, or the minute is there: somebody came in anew within a millisecond.
const KEEP: &str = "INSERT INTO quality (room, at, identity, began, person, name, seconds, bad, bad_for, minute) \
                    SELECT r.id, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM room r WHERE r.code = $1 \
                    ON CONFLICT (room, at, identity) DO NOTHING";

const FORGET: &str = "DELETE FROM quality WHERE room = (SELECT r.id FROM room r WHERE r.code = $1) AND at < $2";

/// By room, since minutes stand in the order of rooms.
const FORGET_ALL: &str = "DELETE FROM quality WHERE room IN (SELECT id FROM room) AND at < $1";

const FORGET_MOST: &str = "DELETE FROM quality WHERE room = (SELECT r.id FROM room r WHERE r.code = $1) AND at <= \
                           (SELECT q.at FROM quality q JOIN room r ON r.id = q.room WHERE r.code = $1 \
                           ORDER BY q.at DESC LIMIT 1 OFFSET $2)";

const MEETINGS: &str = "SELECT began, MAX(at + seconds * 1000) FROM quality WHERE room = $1 \
                        GROUP BY began ORDER BY began DESC LIMIT $2";

/// No more than the minutes kept, and as many as people were in.
const ATTENDED: &str = "SELECT began, person, MAX(name), MIN(at), MAX(at + seconds * 1000) FROM quality \
                        WHERE room = $1 AND began >= $2 GROUP BY began, person ORDER BY began, MIN(at), person";

const BAD: &str = "SELECT began, at, seconds, person, name, bad, bad_for FROM quality \
                   WHERE room = $1 AND began >= $2 AND began <= $3 AND bad IS NOT NULL ORDER BY at, identity";

const STAY: &str = "SELECT began, MIN(at), MAX(at + seconds * 1000) FROM quality \
                    WHERE room = $1 AND person = $2 AND at >= $3 GROUP BY began ORDER BY began DESC LIMIT 1";

const MINUTES: &str = "SELECT at, identity, person, name, seconds, bad, bad_for, minute FROM quality \
                       WHERE room = $1 AND began = $2 ORDER BY at, identity";
