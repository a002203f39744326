//! What is kept of meetings that go on, on its way from the hub to the store: the newest of each room, whenever the one before
//! is written. The hub never waits for that; whoever did something that has to be kept does. Beside that, how each minute was:
//! nobody waits for that.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use futures_util::{
    FutureExt as _,
    future::{join, join_all},
};
use proto::{CallId, Memory, RoomName, call::CallRecord, quality::Record};
use store::{Store, WriteError};
use tokio::{
    sync::{mpsc, oneshot},
    time::{MissedTickBehavior, interval, sleep},
};

use crate::clock;

/// What is written together.
#[derive(Debug, Default)]
pub struct Batch {
    memories: BTreeMap<RoomName, Box<Memory>>,
    /// Calls, as they are now.
    calls: BTreeMap<CallId, Box<CallRecord>>,
    /// How minutes were, by room.
    records: BTreeMap<RoomName, Vec<Record>>,
    /// Who waits until all of it is written, or a call.
    waiting: Vec<(Option<CallId>, oneshot::Sender<bool>)>,
}

impl Batch {
    /// Takes what is to be kept of a room, in place of what is not written yet.
    pub fn put(&mut self, room: RoomName, memory: Box<Memory>) {
        self.memories.insert(room, memory);
    }

    /// Takes how a call is now, in place of what is not written yet.
    pub fn put_call(&mut self, record: Box<CallRecord>) {
        self.calls.insert(record.id, record);
    }

    /// Takes how a minute of a room was. With too many waiting already it is forgotten: meetings go before what is told of
    /// them.
    pub fn measure(&mut self, room: RoomName, records: Vec<Record>) {
        let waiting: usize = self.records.values().map(Vec::len).sum();
        if waiting + records.len() > RECORDS {
            tracing::warn!(waiting, "how a minute was is not kept: too much waits to be written");
            return;
        }
        self.records.entry(room).or_default().extend(records);
    }

    /// Tells `done`, once everything is written that was taken before, whether it could be: how this `call` is, or else how
    /// meetings are.
    pub fn tell(&mut self, call: Option<CallId>, done: oneshot::Sender<bool>) {
        self.waiting.push((call, done));
    }

    /// Takes calls again that could not be written, unless something newer of them is there.
    fn put_back(&mut self, calls: BTreeMap<CallId, Box<CallRecord>>) {
        for (id, record) in calls {
            self.calls.entry(id).or_insert(record);
        }
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.memories.is_empty() && self.calls.is_empty() && self.records.is_empty() && self.waiting.is_empty()
    }
}

/// The way from the hub task to [`run`]. One batch is written while the next gathers, so this is all that can wait.
pub fn queue() -> (mpsc::Sender<Batch>, mpsc::Receiver<Batch>) {
    mpsc::channel(1)
}

/// Writes batches, one after the other, and gives signs of life of the meetings held since `started`, until no batch can come
/// any more.
pub async fn run(store: Store, started: u64, mut batches: mpsc::Receiver<Batch>) {
    let mut alive = interval(Duration::from_millis(SIGN_OF_LIFE));
    alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // How calls ended is told once, and never again by the hub.
    let mut unwritten = BTreeMap::new();
    loop {
        tokio::select! {
            batch = batches.recv() => {
                let last = batch.is_none();
                let mut batch = batch.unwrap_or_default();
                batch.put_back(std::mem::take(&mut unwritten));
                unwritten = write(&store, batch).await;
                if last {
                    return;
                }
            }
            () = sleep(AGAIN), if !unwritten.is_empty() => {
                let calls = std::mem::take(&mut unwritten);
                unwritten = write(&store, Batch { calls, ..Batch::default() }).await;
            }
            _ = alive.tick() => {
                if let Err(error) = store.touch_meetings(started, clock::unix_ms()).await {
                    tracing::warn!(%error, "meetings could not be marked as going on");
                }
            }
        }
    }
}

/// Gives back the calls that could not be written.
async fn write(store: &Store, batch: Batch) -> BTreeMap<CallId, Box<CallRecord>> {
    let Batch { memories, mut calls, records, waiting } = batch;
    let now = clock::unix_ms();
    // At once, so that one commit serves all.
    let writes = memories.iter().map(|(room, memory)| store.remember(room.as_str(), memory, now));
    let kept = calls.iter().map(|(id, record)| store.keep_call(record).map(|kept| (*id, kept)));
    let (writes, kept) = join(join_all(writes), join_all(kept)).await;
    let meetings: Vec<WriteError> = writes.into_iter().filter_map(Result::err).collect();
    let (ids, errors): (BTreeSet<CallId>, Vec<WriteError>) =
        kept.into_iter().filter_map(|(id, kept)| Some((id, kept.err()?))).unzip();
    calls.retain(|id, _| ids.contains(id));
    if let Some(error) = meetings.first().or(errors.first()) {
        let count = meetings.len() + errors.len();
        tracing::error!(%error, count, "of {count} meetings and calls it could not be kept how they are");
    }
    while calls.len() > UNWRITTEN {
        calls.pop_first();
    }
    let forget = now.saturating_sub(KEPT);
    let minutes: Vec<_> = records.into_iter().collect();
    for some in minutes.chunks(AT_ONCE) {
        let writes = some.iter().map(|(room, records)| store.keep_quality(room.as_str(), records, forget));
        for error in join_all(writes).await.into_iter().filter_map(Result::err).take(1) {
            tracing::warn!(%error, "how meetings were could not be kept");
        }
    }
    for (call, done) in waiting {
        // Whoever asked may have gone away meanwhile.
        let _ = done.send(call.map_or(meetings.is_empty(), |call| !ids.contains(&call)));
    }
    calls
}

/// Calls that wait to be written again, when the disk is full or the database is away: the oldest are forgotten first.
const UNWRITTEN: usize = 4_096;

/// How long after it is tried again when nothing else is to be written.
const AGAIN: Duration = Duration::from_secs(5);

/// Minutes that wait to be written: of eight of the largest rooms at once. More are forgotten.
const RECORDS: usize = 4_096;

/// Rooms whose minutes are handed to the store together: as many as it writes in one commit, and few of the places in its queue,
/// which people need whose requests would fail.
const AT_ONCE: usize = 200;

/// How long it is kept how meetings were, in milliseconds: 90 days. Whoever wants to know why a call was bad asks within
/// weeks, and who was in when is nobody's business for longer.
pub const KEPT: u64 = 90 * 24 * 60 * 60 * 1_000;

/// How often meetings are marked as going on, in milliseconds: often against the minutes for which seats are kept, and one
/// small write for all of them.
pub const SIGN_OF_LIFE: u64 = 20_000;

#[cfg(test)]
mod tests {
    use std::{pin::pin, task::Poll};

    use proto::{Person, quality::Minute};
    use store::Target;

    use super::*;

    #[tokio::test]
    async fn minutes_of_many_rooms_leave_the_queue_to_people() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Target::Sqlite(folder.path().to_owned())).await.unwrap();
        let person = Person::Guest(format!("{:016}", 1));
        let record = Record {
            at: 1,
            began: 1,
            identity: person.identity("d1"),
            person,
            name: "Gus".to_owned(),
            seconds: 60,
            bad: None,
            bad_for: 0,
            minute: Minute::default(),
        };
        let mut batch = Batch::default();
        for room in 0..RECORDS {
            batch.measure(format!("room-{room}").parse().unwrap(), vec![record.clone()]);
        }
        let writes = store.clone();
        let mut writing = pin!(write(&writes, batch));
        let begun = std::future::poll_fn(|context| Poll::Ready(writing.as_mut().poll(context))).await;
        assert!(begun.is_pending(), "the writer had no turn yet");
        assert!(store.touch_meetings(0, 1).await.is_ok());
        writing.await;
        store.close().await;
    }

    fn call(number: u128, ended: Option<u64>) -> Box<CallRecord> {
        let room = format!("call-{number}").parse().unwrap();
        let (began, answered, legs) = (number as u64, None, Vec::new());
        Box::new(CallRecord { id: CallId::from(number), room, video: false, began, answered, ended, legs })
    }

    #[tokio::test]
    async fn calls_that_cannot_be_written_wait_and_only_who_asked_for_them_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Target::Sqlite(folder.path().to_owned())).await.unwrap();
        let mut batch = Batch::default();
        let asks = [Some(1), Some(9), None].map(|id| {
            let (done, asked) = oneshot::channel();
            batch.tell(id.map(|id: u128| CallId::from(id)), done);
            asked
        });
        batch.put_call(call(1, None));
        batch.put_call(call(2, None));
        store.clone().close().await;
        let unwritten = write(&store, batch).await;
        assert_eq!(unwritten.len(), 2);
        let mut told = Vec::new();
        for asked in asks {
            told.push(asked.await.unwrap());
        }
        assert_eq!(told, [false, true, true]);

        // What is newer goes before what waits.
        let mut batch = Batch::default();
        batch.put_call(call(1, Some(5)));
        batch.put_back(unwritten);
        assert_eq!(batch.calls.values().map(|call| call.ended).collect::<Vec<_>>(), [Some(5), None]);
    }
}
