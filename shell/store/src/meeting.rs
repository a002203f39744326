//! Meetings that go on, as far as they outlive the server; see [`Memory`].

use proto::{Memory, Policy};

use crate::{
    ReadError, Store, WriteError,
    change::Change,
    column::{number, policy, values},
};

/// A meeting that went on when the server ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMeeting {
    /// The code of its room.
    pub code: String,
    /// What the room lets people do.
    pub policy: Policy,
    /// What was kept of it. Nothing, when a version wrote it that thought otherwise of meetings: those go on as if nobody had
    /// been in.
    pub memory: Memory,
    /// When the server that held it last gave a sign of life, in milliseconds since 1970.
    pub seen_at: u64,
}

impl Store {
    /// Keeps what has to be known again of the meeting in the room of a code; what is empty is forgotten. Nothing happens when
    /// there is no such room.
    pub async fn remember(&self, code: &str, memory: &Memory, seen_at: u64) -> Result<(), WriteError> {
        let change = if memory.is_empty() {
            Change::tries(FORGET, values![code])
        } else {
            let memory = serde_json::to_string(memory).expect("a memory is an object of names and plain values");
            Change::tries(REMEMBER, values![code, memory, seen_at])
        };
        self.write(change).await.map(drop)
    }

    /// A sign of life of the server that has held meetings since `since`.
    pub async fn touch_meetings(&self, since: u64, seen_at: u64) -> Result<(), WriteError> {
        self.write(Change::tries(TOUCH, values![since, seen_at])).await.map(drop)
    }

    /// Forgets the meetings that were last seen before `before`.
    pub async fn forget_meetings(&self, before: u64) -> Result<(), WriteError> {
        self.write(Change::tries(FORGET_OLD, values![before])).await.map(drop)
    }

    /// All meetings that are remembered.
    pub async fn meetings(&self) -> Result<Vec<StoredMeeting>, ReadError> {
        let rows: Vec<(String, String, String, i64)> = self.rows(ALL, values![]).await?;
        let read = |(code, rules, memory, seen_at): (String, String, String, i64)| {
            Ok(StoredMeeting {
                code,
                policy: policy(rules)?,
                memory: serde_json::from_str(&memory).unwrap_or_default(),
                seen_at: number("meeting time", seen_at)?,
            })
        };
        rows.into_iter().map(read).collect()
    }
}

/// No row is written when there is no such room.
const REMEMBER: &str = "INSERT INTO meeting (room, memory, seen_at) SELECT r.id, $2, $3 FROM room r WHERE r.code = $1 \
                        ON CONFLICT (room) DO UPDATE SET memory = excluded.memory, seen_at = excluded.seen_at";

const FORGET: &str = "DELETE FROM meeting WHERE room = (SELECT r.id FROM room r WHERE r.code = $1)";

const TOUCH: &str = "UPDATE meeting SET seen_at = $2 WHERE seen_at >= $1";

const FORGET_OLD: &str = "DELETE FROM meeting WHERE seen_at < $1";

const ALL: &str =
    "SELECT r.code, r.policy, m.memory, m.seen_at FROM meeting m JOIN room r ON r.id = m.room ORDER BY r.code";
