//! The one task that writes, with group commit.
//!
//! A commit that survives a power cut costs a flush of the disk, about ten milliseconds. So requests are collected for a
//! moment, written in one transaction, and answered after its commit: a hundred of them cost as much as one.
//!
//! | from, to | capacity | when full |
//! | --- | --- | --- |
//! | all callers to the writer | [`QUEUE`] | the call fails at once with [`WriteError::Busy`] |

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout_at},
};

use crate::{
    WriteError,
    change::{Change, Done, Outcome},
    engine::{Pool, bind, on},
};

/// The way to the writer.
#[derive(Debug, Clone)]
pub struct Writer {
    inbox: mpsc::Sender<Request>,
}

#[derive(Debug)]
enum Request {
    Write(Pending),
    /// Write what came before, close the database, answer.
    Close(oneshot::Sender<()>),
}

/// A change and the caller who waits for it.
#[derive(Debug)]
struct Pending {
    change: Change,
    answer: oneshot::Sender<Result<Outcome, WriteError>>,
}

/// Starts the writer; `pools` are all to close at the end, the last of them writes.
pub fn start(readers: Pool, pool: Pool) -> Writer {
    let (sender, inbox) = mpsc::channel(QUEUE);
    tokio::spawn(run(readers, pool, inbox));
    Writer { inbox: sender }
}

impl Writer {
    /// Writes a change; when this says that it is done, it is on the disk.
    pub async fn write(&self, change: Change) -> Result<Outcome, WriteError> {
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
        Ok(outcomes) => {
            for (pending, outcome) in group.into_iter().zip(outcomes) {
                // Whoever asked may be gone; it is written all the same.
                drop(pending.answer.send(Ok(outcome)));
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

/// Runs the statements of a change on a connection of either engine, up to the first that should have touched a row and did
/// not; then what the change did before is taken back.
macro_rules! apply {
    ($connection:expr, $change:expr) => {
        async {
            let change: &Change = $change;
            // Setting a mark costs a turn to the database, so only where somebody may come back to it.
            let marked = change.may_turn_back();
            if marked {
                sqlx::query(MARK).execute($connection).await?;
            }
            let mut outcome = Outcome::Done(Done::default());
            for (place, statement) in change.statements.iter().enumerate() {
                let touched = if statement.returns {
                    let query = bind!(sqlx::query_as::<_, (String,)>(statement.sql), statement.values);
                    let rows = query.fetch_all($connection).await?;
                    let touched = rows.len() as u64;
                    if let Outcome::Done(done) = &mut outcome {
                        done.returned.extend(rows.into_iter().map(|(text,)| text));
                    }
                    touched
                } else {
                    bind!(sqlx::query(statement.sql), statement.values).execute($connection).await?.rows_affected()
                };
                if touched == 0 && statement.needed {
                    if marked {
                        sqlx::query(TURN_BACK).execute($connection).await?;
                    }
                    outcome = Outcome::Stopped(place);
                    break;
                }
                if let Outcome::Done(done) = &mut outcome {
                    done.touched = touched;
                }
            }
            if marked {
                sqlx::query(UNMARK).execute($connection).await?;
            }
            Ok::<_, sqlx::Error>(outcome)
        }
    };
}
async fn try_commit(pool: &Pool, group: &[Pending]) -> Result<Vec<Outcome>, Failure> {
    let mut outcomes = Vec::with_capacity(group.len());
    if group.is_empty() {
        return Ok(outcomes);
    }
    let begin = pool.begin();
    on!(pool, pool => {
        let mut transaction = pool.begin_with(begin).await.map_err(Failure::Transaction)?;
        for pending in group {
            let outcome = apply!(&mut *transaction, &pending.change);
            outcomes.push(outcome.await.map_err(Failure::Statement)?);
        }
        transaction.commit().await.map_err(Failure::Transaction)?;
    });
    Ok(outcomes)
}

/// Where a change begins within the transaction of its group.
const MARK: &str = "SAVEPOINT change";

/// Nothing of the change has happened.
const TURN_BACK: &str = "ROLLBACK TO SAVEPOINT change";

/// The change is over, whichever way.
const UNMARK: &str = "RELEASE SAVEPOINT change";

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
    use crate::column::values;

    fn request(number: u32) -> Request {
        let change = Change::tries("DELETE FROM setting WHERE key = $1", values![number.to_string()]);
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
        let error = writer.write(Change::default()).await.unwrap_err();
        assert!(matches!(error, WriteError::Busy), "{error}");
    }
}
