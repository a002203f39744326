//! The one task that writes, with group commit.
//!
//! A commit that survives a power cut costs a flush of the disk, about ten milliseconds. So requests are collected for a
//! moment, written in one transaction, and answered after its commit: a hundred of them cost as much as one.
//!
//! | from, to | capacity | when full |
//! | --- | --- | --- |
//! | all callers to the writer | [`QUEUE`] | the call fails at once with [`WriteError::Busy`] |

use std::{sync::Arc, time::Duration};

use proto::{RoomId, api::Room};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout_at},
};

use crate::{
    WriteError,
    engine::{Pool, on},
    room, sql,
};

/// The way to the writer.
#[derive(Debug, Clone)]
pub struct Writer {
    inbox: mpsc::Sender<Request>,
}

/// What can be written of rooms.
#[derive(Debug, Clone)]
pub enum Change {
    /// A room, unless its code is taken.
    Create(Room),
    /// Another title, if there is such a room.
    Rename { id: RoomId, title: String },
    /// No room any more, if there is one.
    Delete { id: RoomId },
}

#[derive(Debug)]
enum Request {
    Write(Pending),
    /// Write what came before, close the database, answer.
    Close(oneshot::Sender<()>),
}

/// A change and the caller who waits for it. The answer is the number of rows that it touched.
#[derive(Debug)]
struct Pending {
    change: Change,
    answer: oneshot::Sender<Result<u64, WriteError>>,
}

/// Starts the writer; `pools` are all to close at the end, the last of them writes.
pub fn start(readers: Pool, pool: Pool) -> Writer {
    let (sender, inbox) = mpsc::channel(QUEUE);
    tokio::spawn(run(readers, pool, inbox));
    Writer { inbox: sender }
}

impl Writer {
    /// Writes a change; when this returns it is on the disk. The number says how many rows it touched.
    pub async fn write(&self, change: Change) -> Result<u64, WriteError> {
        let (answer, written) = oneshot::channel();
        self.inbox.try_send(Request::Write(Pending { change, answer })).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => WriteError::Busy,
            mpsc::error::TrySendError::Closed(_) => WriteError::Closed,
        })?;
        written.await.unwrap_or(Err(WriteError::Closed))
    }

    /// Lets the writer finish. Waits for its turn, since this must not fail.
    pub async fn close(&self) {
        let (answer, closed) = oneshot::channel();
        // An error on either way says that it has closed already.
        if self.inbox.send(Request::Close(answer)).await.is_ok() {
            drop(closed.await);
        }
    }
}

async fn run(readers: Pool, pool: Pool, mut inbox: mpsc::Receiver<Request>) {
    let mut closing = Vec::new();
    while let Some(group) = next_group(&mut inbox, &mut closing).await {
        if !closing.is_empty() {
            inbox.close();
        }
        commit(&pool, group).await;
    }
    // The writer last: the last connection of SQLite empties the write-ahead log into the file.
    readers.close().await;
    pool.close().await;
    for answer in closing {
        // Whoever asked may not want to know any more.
        let _ = answer.send(());
    }
}

/// Waits for a request, then collects those which come shortly after. `None`: no more will come.
async fn next_group(
    inbox: &mut mpsc::Receiver<Request>,
    closing: &mut Vec<oneshot::Sender<()>>,
) -> Option<Vec<Pending>> {
    let mut group = Vec::new();
    let mut until = None;
    while group.len() < GROUP {
        let request = match until {
            None => inbox.recv().await,
            Some(until) => timeout_at(until, inbox.recv()).await.ok().flatten(),
        };
        match request {
            Some(Request::Write(pending)) => group.push(pending),
            Some(Request::Close(answer)) => {
                closing.push(answer);
                break;
            }
            None if group.is_empty() => return None,
            None => break,
        }
        until.get_or_insert_with(|| Instant::now() + COLLECT);
    }
    Some(group)
}

/// Writes a group in one transaction, then answers everybody in it.
async fn commit(pool: &Pool, group: Vec<Pending>) {
    match try_commit(pool, &group).await {
        Ok(counts) => {
            for (pending, count) in group.into_iter().zip(counts) {
                // Whoever asked may be gone; it is written all the same.
                drop(pending.answer.send(Ok(count)));
            }
        }
        // One of them cannot be written. Each on its own, so that only that one fails.
        Err(Failure::Statement(_)) if group.len() > 1 => {
            for pending in group {
                Box::pin(commit(pool, vec![pending])).await;
            }
        }
        Err(Failure::Statement(error) | Failure::Transaction(error)) => {
            let error = Arc::new(error);
            for pending in group {
                drop(pending.answer.send(Err(WriteError::Database(error.clone()))));
            }
        }
    }
}

enum Failure {
    /// The database refused a change; nothing was written.
    Statement(sqlx::Error),
    /// It could not begin or commit. After a commit that failed nobody knows, so nothing is tried again.
    Transaction(sqlx::Error),
}

async fn try_commit(pool: &Pool, group: &[Pending]) -> Result<Vec<u64>, Failure> {
    let mut counts = Vec::with_capacity(group.len());
    if group.is_empty() {
        return Ok(counts);
    }
    let begin = pool.begin();
    on!(pool, pool => {
        let mut transaction = pool.begin_with(begin).await.map_err(Failure::Transaction)?;
        for pending in group {
            let result = match &pending.change {
                Change::Create(room) => {
                    sqlx::query(sql::CREATE_ROOM)
                        .bind(room.id.to_string())
                        .bind(&room.code)
                        .bind(&room.title)
                        .bind(room::time(room.created_at))
                        .execute(&mut *transaction)
                        .await
                        .map(|done| done.rows_affected())
                }
                Change::Rename { id, title } => {
                    sqlx::query(sql::RENAME_ROOM)
                        .bind(id.to_string())
                        .bind(title)
                        .execute(&mut *transaction)
                        .await
                        .map(|done| done.rows_affected())
                }
                Change::Delete { id } => {
                    sqlx::query(sql::DELETE_ROOM)
                        .bind(id.to_string())
                        .execute(&mut *transaction)
                        .await
                        .map(|done| done.rows_affected())
                }
            };
            counts.push(result.map_err(Failure::Statement)?);
        }
        transaction.commit().await.map_err(Failure::Transaction)?;
    });
    Ok(counts)
}

/// Changes waiting to be written: two seconds of a slow disk with full groups. On overflow the call fails at once, so that
/// a caller is told to come back instead of waiting in a line that does not move.
const QUEUE: usize = 4_096;

/// The most changes of one transaction: more would only make the first of them wait longer.
const GROUP: usize = 200;

/// How long the first change of a group waits for company: less than the flush that it shares.
const COLLECT: Duration = Duration::from_millis(5);

#[cfg(test)]
mod tests {
    use super::*;

    fn request(number: u128) -> Request {
        let change = Change::Delete { id: RoomId::from(number) };
        Request::Write(Pending { change, answer: oneshot::channel().0 })
    }

    #[tokio::test]
    async fn what_waits_is_taken_in_groups() {
        let (sender, mut inbox) = mpsc::channel(QUEUE);
        for number in 0..500 {
            sender.try_send(request(number)).unwrap();
        }
        drop(sender);
        let mut sizes = Vec::new();
        while let Some(group) = next_group(&mut inbox, &mut Vec::new()).await {
            sizes.push(group.len());
        }
        assert_eq!(sizes, [200, 200, 100]);
    }

    #[tokio::test]
    async fn closing_ends_a_group_and_what_came_before_is_written() {
        let (sender, mut inbox) = mpsc::channel(QUEUE);
        let (answer, _closed) = oneshot::channel();
        sender.try_send(request(1)).unwrap();
        sender.try_send(Request::Close(answer)).unwrap();
        sender.try_send(request(2)).unwrap();
        let mut closing = Vec::new();
        assert_eq!(next_group(&mut inbox, &mut closing).await.unwrap().len(), 1);
        assert_eq!(closing.len(), 1);
        inbox.close();
        assert_eq!(next_group(&mut inbox, &mut closing).await.unwrap().len(), 1, "what is in the queue is kept");
        assert!(next_group(&mut inbox, &mut closing).await.is_none());
    }

    #[tokio::test]
    async fn a_full_queue_is_busy_at_once() {
        let (inbox, _receiver) = mpsc::channel(1);
        let writer = Writer { inbox };
        writer.inbox.try_send(request(1)).unwrap();
        let error = writer.write(Change::Delete { id: RoomId::from(2) }).await.unwrap_err();
        assert!(matches!(error, WriteError::Busy), "{error}");
    }
}
