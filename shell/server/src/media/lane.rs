//! The way from the hub to one media thread, as the hub's driver sees it: what the thread has no room for waits.
//!
//! It never waits itself, and it decides nothing: who cannot be served is told to the hub.

use std::mem;

use proto::{ParticipantId, Shard, media::Command};

use super::{Handle, Unsent, backlog::Backlog};

/// One media thread's queue and what waits before it.
#[derive(Debug)]
pub struct Lane {
    shard: Shard,
    handle: Handle,
    backlog: Backlog,
    state: State,
}

/// How the thread keeps up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It does.
    Flowing,
    /// Commands wait before its queue.
    Behind,
    /// More came than may wait: peers lose their place.
    Overflowing,
    /// It has ended and takes nothing any more.
    Ended,
}

/// A peer for whom something could not be handed over: it has to join anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unserved {
    /// Who.
    pub peer: ParticipantId,
    /// Why, for the log.
    pub why: &'static str,
}

impl Lane {
    /// The lane of a thread that has just started.
    pub fn new(shard: Shard, handle: Handle) -> Self {
        Self { shard, handle, backlog: Backlog::default(), state: State::Flowing }
    }

    /// Hands a command over, now or as soon as the thread has room for it, in order.
    ///
    /// # Errors
    /// When it can be neither. Commands that end something never fail.
    pub fn send(&mut self, command: Box<Command>) -> Result<(), Unserved> {
        let command = match self.state {
            State::Flowing => match self.handle.send(command) {
                Ok(()) => return Ok(()),
                Err(Unsent::Full(command)) => {
                    self.enter(State::Behind);
                    command
                }
                Err(Unsent::Ended(command)) => {
                    self.enter(State::Ended);
                    command
                }
            },
            _ => command,
        };
        let who = asks_for(&command);
        if self.state == State::Ended {
            return who.map_or(Ok(()), |peer| Err(Unserved { peer, why: "the media thread has ended" }));
        }
        self.backlog.keep(command).map_err(|peer| {
            self.enter(State::Overflowing);
            Unserved { peer, why: "the media thread does not keep up" }
        })
    }

    /// Hands over what waits, as far as the thread takes it.
    pub fn flush(&mut self) {
        while let Some((turn, command)) = self.backlog.next() {
            match self.handle.send(command) {
                Ok(()) => {}
                Err(Unsent::Full(command)) => return self.backlog.put_back(turn, command),
                Err(Unsent::Ended(_)) => return self.enter(State::Ended),
            }
        }
        if self.state != State::Ended {
            self.enter(State::Flowing);
        }
    }

    /// Whether something waits.
    pub fn is_waiting(&self) -> bool {
        !self.backlog.is_empty()
    }

    /// Says each change once.
    fn enter(&mut self, state: State) {
        let shard = self.shard.0;
        let former = mem::replace(&mut self.state, state);
        if former == state {
            return;
        }
        match state {
            State::Flowing => tracing::info!(shard, "media thread {shard} keeps up again"),
            State::Behind => tracing::warn!(shard, "media thread {shard} does not keep up; commands to it wait"),
            State::Overflowing => {
                tracing::error!(
                    shard,
                    "media thread {shard} is too far behind: people lose their place; if it stays, restart the server"
                );
            }
            State::Ended => {
                self.backlog = Backlog::default();
                tracing::error!(shard, "media thread {shard} has ended; restart the server");
            }
        }
    }
}

/// Who cannot go on without this command; `None` for those that end or only adjust something.
pub fn asks_for(command: &Command) -> Option<ParticipantId> {
    match command {
        Command::AddPeer(add) => Some(add.peer),
        Command::ExpectTrack { peer, .. }
        | Command::Offer { peer, .. }
        | Command::Subscribe { peer, .. }
        | Command::Prefer { peer, .. } => Some(*peer),
        Command::RemovePeer { .. }
        | Command::Unsubscribe { .. }
        | Command::RemoveTrack { .. }
        | Command::Mute { .. }
        | Command::AllowData { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use proto::{RoomId, media::AddPeer};

    use super::*;
    use crate::media::{Options, Threads, backlog::BACKLOG, start};

    fn lane() -> (Lane, Threads) {
        let (events, _hub) = tokio::sync::mpsc::channel(1);
        let addresses = vec!["127.0.0.1".parse().unwrap()];
        let threads = start(
            &Options { threads: 1, port: 0, addresses, public: Vec::new(), seed: 7 },
            events,
            crate::turn::trains().0,
            crate::voicemail::taps().0,
        )
        .unwrap();
        (Lane::new(Shard(0), threads.handles()[0].clone()), threads)
    }

    fn peer(number: usize) -> ParticipantId {
        ParticipantId::from(number as u128)
    }

    fn add(number: usize) -> Box<Command> {
        let (room, identity) = (RoomId::from(1), "ann".parse().unwrap());
        Box::new(Command::AddPeer(AddPeer {
            room,
            peer: peer(number),
            identity,
            may_send_data: true,
            hidden: false,
            tap: None,
        }))
    }

    fn remove(number: usize) -> Box<Command> {
        Box::new(Command::RemovePeer { peer: peer(number) })
    }

    #[tokio::test]
    async fn what_a_full_queue_does_not_take_comes_later_and_in_order() {
        let (mut lane, threads) = lane();
        let handle = &threads.handles()[0];
        lane.send(add(1)).unwrap();
        lane.send(add(2)).unwrap();
        let held = handle.hold();
        handle.fill();
        lane.send(remove(1)).unwrap();
        lane.send(add(3)).unwrap();
        lane.send(add(4)).unwrap();
        lane.send(remove(4)).unwrap();
        lane.flush();
        assert!(lane.is_waiting());
        assert_eq!(lane.state, State::Behind);
        drop(held);
        while lane.is_waiting() {
            lane.flush();
            tokio::task::yield_now().await;
        }
        assert_eq!(lane.state, State::Flowing);
        lane.send(remove(3)).unwrap();
        assert_eq!(handle.stats().await.unwrap().peers, 1, "the second alone is left");
    }

    #[tokio::test]
    async fn a_backlog_that_is_full_refuses_arrivals_and_loses_no_departure() {
        let (mut lane, threads) = lane();
        let handle = &threads.handles()[0];
        lane.send(add(0)).unwrap();
        let held = handle.hold();
        handle.fill();
        for number in 1..=BACKLOG {
            lane.send(add(number)).unwrap();
        }
        let why = "the media thread does not keep up";
        assert_eq!(lane.send(add(BACKLOG + 1)), Err(Unserved { peer: peer(BACKLOG + 1), why }));
        assert_eq!(lane.state, State::Overflowing);
        lane.send(remove(0)).unwrap();
        for number in 10..=BACKLOG {
            lane.send(remove(number)).unwrap();
        }
        lane.send(add(BACKLOG + 2)).unwrap();
        drop(held);
        while lane.is_waiting() {
            lane.flush();
            tokio::task::yield_now().await;
        }
        assert_eq!(handle.stats().await.unwrap().peers, 10);
        assert_eq!(lane.state, State::Flowing);
    }

    #[tokio::test]
    async fn a_thread_that_has_ended_serves_nobody() {
        let (mut lane, threads) = lane();
        threads.stop();
        let unserved = Unserved { peer: peer(1), why: "the media thread has ended" };
        assert_eq!(lane.send(add(1)), Err(unserved));
        assert_eq!(lane.send(remove(1)), Ok(()));
        assert_eq!(lane.send(add(1)), Err(unserved));
        assert!(!lane.is_waiting());
    }
}
