//! The loop of one media thread. It decides nothing: see `sfu` for that, and `udp` for the sockets.

use std::{
    collections::BTreeSet,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::Receiver,
    },
    time::{Duration, Instant},
};

use mio::{Events, Poll, Token};
use proto::{ParticipantId, media::Command};
use sfu::{Config, Input, Output, Sfu};

use super::{
    COMMANDS, Counted, Message,
    reports::{Overflow, Reports},
};
use crate::udp::Sockets;

/// Everything that one media thread owns.
pub struct Thread {
    config: Config,
    sfu: Sfu,
    sockets: Sockets,
    poll: Poll,
    events: Events,
    inbox: Receiver<Message>,
    reports: Reports,
    stop: Arc<AtomicBool>,
    /// Who has a place here: those to tell of when the `Sfu` is lost.
    peers: BTreeSet<ParticipantId>,
    /// When the `Sfu` wants to be woken.
    due: Option<Instant>,
}

impl Thread {
    pub fn new(
        config: Config,
        sockets: Sockets,
        poll: Poll,
        inbox: Receiver<Message>,
        reports: Reports,
        stop: Arc<AtomicBool>,
    ) -> Self {
        let sfu = Sfu::new(config.clone(), Instant::now());
        let events = Events::with_capacity(EVENTS);
        Self { config, sfu, sockets, poll, events, inbox, reports, stop, peers: BTreeSet::new(), due: None }
    }

    pub fn run(mut self) {
        while !self.stop.load(Ordering::Acquire) {
            self.wait();
            let now = Instant::now();
            // Whatever breaks in there is thrown away as a whole, so that nobody sees it half changed.
            match catch_unwind(AssertUnwindSafe(|| self.tick(now))) {
                Ok(Ok(())) => {}
                Ok(Err(Overflow)) => self.begin_anew(now, "the control plane does not keep up"),
                Err(_panic) => self.begin_anew(now, "the media plane broke"),
            }
            self.reports.flush();
            self.sockets.flush(self.poll.registry());
        }
        tracing::debug!(traffic = ?self.sockets.traffic(), "media thread ends");
    }

    /// Sleeps until a datagram, a command or the next timer.
    fn wait(&mut self) {
        let mut timeout = self.due.map(|due| due.saturating_duration_since(Instant::now()));
        if self.sockets.is_ready() {
            timeout = Some(Duration::ZERO);
        } else if self.reports.is_waiting() {
            timeout = Some(timeout.map_or(TELL_AGAIN, |timeout| timeout.min(TELL_AGAIN)));
        }
        if let Err(error) = self.poll.poll(&mut self.events, timeout) {
            self.events.clear();
            if error.kind() != std::io::ErrorKind::Interrupted {
                tracing::error!(%error, "cannot wait for media");
            }
        }
        for event in &self.events {
            // The waker's own token is nobody's socket.
            self.sockets.wake(event.token(), event.is_readable(), event.is_writable());
        }
    }

    /// One round: all that has come is handled at one reading of the clock, then all that follows goes out together.
    fn tick(&mut self, now: Instant) -> Result<(), Overflow> {
        self.commands(now);
        self.datagrams(now);
        self.timers(now);
        self.outputs()
    }

    fn commands(&mut self, now: Instant) {
        for message in self.inbox.try_iter().take(COMMANDS) {
            match message {
                Message::Command(command) => {
                    match &*command {
                        Command::AddPeer(add) => drop(self.peers.insert(add.peer)),
                        Command::RemovePeer { peer } => drop(self.peers.remove(peer)),
                        _ => {}
                    }
                    self.sfu.handle(now, Input::Command(*command));
                }
                Message::Count(answer) => {
                    let counted = Counted { sfu: self.sfu.stats(), traffic: self.sockets.traffic() };
                    // Whoever asked may have gone.
                    let _ = answer.send(counted);
                }
                #[cfg(test)]
                Message::Break => panic!("broken on purpose"),
            }
        }
    }

    fn datagrams(&mut self, now: Instant) {
        self.sockets.receive(|source, destination, bytes| {
            self.sfu.handle(now, Input::Datagram { source, destination, bytes });
        });
    }

    fn timers(&mut self, now: Instant) {
        if self.sfu.poll_timeout().is_some_and(|due| due <= now) {
            self.sfu.handle(now, Input::Timeout);
        }
    }

    fn outputs(&mut self) -> Result<(), Overflow> {
        while let Some(output) = self.sfu.poll_output() {
            match output {
                Output::Transmit { source, destination, bytes } => self.sockets.queue(source, destination, bytes),
                Output::Event(event) => self.reports.tell(event)?,
            }
        }
        self.due = self.sfu.poll_timeout();
        Ok(())
    }

    /// Ends all rooms of this thread and carries on with none.
    fn begin_anew(&mut self, now: Instant, why: &'static str) {
        let peers = mem::take(&mut self.peers);
        tracing::error!(shard = self.config.shard.0, peers = peers.len(), why, "all rooms of a media thread end");
        self.reports.lose(peers, why);
        // Names in use before must not come back: packets of the old peers would find new ones.
        self.config.seed = self.config.seed.wrapping_add(1);
        let broken = mem::replace(&mut self.sfu, Sfu::new(self.config.clone(), now));
        // What broke may break again while it is taken apart.
        if catch_unwind(AssertUnwindSafe(|| drop(broken))).is_err() {
            tracing::error!(shard = self.config.shard.0, "the broken media plane could not be taken apart");
        }
        self.due = Some(now);
    }
}

/// The token of the waker; sockets are counted from zero.
pub const WAKE: Token = Token(usize::MAX);

/// Sockets per thread that the poll can name at once; one more round finds the others.
const EVENTS: usize = 64;

/// How soon a hub whose inbox was full is tried again: short for people, long for a processor.
const TELL_AGAIN: Duration = Duration::from_millis(5);
