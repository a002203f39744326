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
use proto::{
    ParticipantId,
    media::{Command, Tapped},
};
use sfu::{Config, Input, Output, Over, Path, Sfu, Train};

use super::{
    Counted, Datagrams, Handle, Message,
    crossing::Crossing,
    reports::{Overflow, Reports},
};
use crate::{tcp::Connections, turn::Trains, udp::Sockets};

/// What a media thread is made of.
pub struct Parts {
    pub config: Config,
    pub sockets: Sockets,
    pub connections: Connections,
    pub crossing: Crossing,
    pub poll: Poll,
    pub inbox: Receiver<Message>,
    pub arrivals: Receiver<Datagrams>,
    pub trains: Trains,
    pub taps: tokio::sync::mpsc::Sender<Tapped>,
}

/// Everything that one media thread owns.
pub struct Thread {
    config: Config,
    sfu: Sfu,
    sockets: Sockets,
    connections: Connections,
    crossing: Crossing,
    poll: Poll,
    events: Events,
    inbox: Receiver<Message>,
    /// What came by the relay, and what goes there.
    arrivals: Receiver<Datagrams>,
    trains: Trains,
    /// What was heard of microphones that are recorded.
    taps: tokio::sync::mpsc::Sender<Tapped>,
    /// Trains that the relay had no room for.
    lost: u64,
    /// All media threads, by shard.
    threads: Arc<[Handle]>,
    reports: Reports,
    stop: Arc<AtomicBool>,
    /// Who has a place here: those to tell of when the `Sfu` is lost.
    peers: BTreeSet<ParticipantId>,
    /// When the `Sfu` wants to be woken.
    due: Option<Instant>,
    /// Whether commands or batches were left for the next round.
    more: bool,
}

impl Thread {
    pub fn new(parts: Parts, threads: Arc<[Handle]>, reports: Reports, stop: Arc<AtomicBool>) -> Self {
        let Parts { config, sockets, connections, crossing, poll, inbox, arrivals, trains, taps } = parts;
        let sfu = Sfu::new(config.clone(), Instant::now());
        let events = Events::with_capacity(EVENTS);
        Self {
            config,
            sfu,
            sockets,
            connections,
            crossing,
            poll,
            events,
            inbox,
            arrivals,
            trains,
            taps,
            lost: 0,
            threads,
            reports,
            stop,
            peers: BTreeSet::new(),
            due: None,
            more: false,
        }
    }

    pub fn run(mut self) {
        crate::allocations::begin_media();
        while !self.stop.load(Ordering::Acquire) {
            self.wait();
            let now = Instant::now();
            // Whatever breaks in there is thrown away as a whole, so that nobody sees it half changed.
            match catch_unwind(AssertUnwindSafe(|| self.tick(now))) {
                Ok(Err(Overflow)) => self.begin_anew(now, "the control plane does not keep up"),
                // It has walls between rooms itself; what gets through them concerns all of them.
                Ok(Ok(())) if self.sfu.is_lost() => self.begin_anew(now, "the media plane broke"),
                Ok(Ok(())) => {}
                Err(_panic) => self.begin_anew(now, "the media plane broke"),
            }
            self.reports.flush();
            self.sockets.flush(self.poll.registry());
            self.connections.flush(self.poll.registry());
            self.sockets.gone().for_each(|train| self.sfu.take_back(train));
        }
        tracing::debug!(traffic = ?self.sockets.traffic(), "media thread ends");
    }

    /// Sleeps until a datagram, a command or the next timer.
    fn wait(&mut self) {
        let mut timeout = self.due.map(|due| due.saturating_duration_since(Instant::now()));
        if let Some(tidy) = self.connections.deadline() {
            let left = tidy.saturating_duration_since(Instant::now());
            timeout = Some(timeout.map_or(left, |timeout| timeout.min(left)));
        }
        if self.more || self.sockets.is_ready() || self.connections.is_ready() {
            timeout = Some(Duration::ZERO);
        } else if self.reports.is_waiting() || self.crossing.is_waiting() {
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
            self.connections.wake(event.token(), event.is_readable(), event.is_writable());
        }
    }

    /// One round: all that has come is handled at one reading of the clock, then all that follows goes out together.
    fn tick(&mut self, now: Instant) -> Result<(), Overflow> {
        self.commands(now);
        self.datagrams(now);
        self.timers(now);
        self.outputs()
    }

    /// Takes commands, and leaves some for the next round where packets would wait too long for their turn.
    fn commands(&mut self, now: Instant) {
        let (mut taken, mut offers) = (0, 0);
        // Set before the work, since that may end in a panic.
        self.more = true;
        while taken < ROUND && offers < ROUND_OFFERS {
            let Ok(message) = self.inbox.try_recv() else {
                self.more = false;
                return;
            };
            taken += 1;
            match message {
                Message::Command(command) => {
                    match &*command {
                        Command::AddPeer(add) => drop(self.peers.insert(add.peer)),
                        Command::RemovePeer { peer } => drop(self.peers.remove(peer)),
                        Command::Offer { .. } => offers += 1,
                        _ => {}
                    }
                    self.sfu.handle(now, Input::Command(*command));
                }
                Message::Connection(connection) => {
                    self.connections.adopt(now, self.poll.registry(), *connection);
                }
                Message::Count(answer) => {
                    let (traffic, streams) = (self.sockets.traffic(), self.connections.traffic());
                    let counted =
                        Counted { sfu: self.sfu.stats(), traffic, streams, lost: self.lost + self.crossing.lost() };
                    // Whoever asked may have gone.
                    let _ = answer.send(counted);
                }
                #[cfg(test)]
                Message::Plant { peer, place } => self.sfu.plant(peer, place),
                #[cfg(test)]
                Message::Break => panic!("broken on purpose"),
                #[cfg(test)]
                Message::Hold { held, release } => {
                    held.send(()).expect("whoever holds the thread waits for this");
                    // Ends with an error when the other side is gone.
                    let _ = release.recv();
                }
            }
        }
    }

    fn datagrams(&mut self, now: Instant) {
        let Self { sfu, sockets, crossing, arrivals, .. } = self;
        crossing.learn(now);
        let mut own = |path: Path, bytes: &[u8]| {
            if !crossing.take(path, bytes, |end| sfu.knows(end)) {
                sfu.handle(now, Input::Datagram { path, bytes });
            }
        };
        sockets.receive(&mut own);
        let mut batches = 0;
        for batch in arrivals.try_iter().take(ROUND_BATCHES) {
            batches += 1;
            batch.all().for_each(|(path, bytes)| own(path, bytes));
        }
        crossing.depart();
        let crossed = crossing.arrive(|path, bytes, check| {
            sfu.handle(now, Input::Datagram { path, bytes });
            check && sfu.knows(path.end())
        });
        self.more |= crossed || batches == ROUND_BATCHES;
        if self.connections.is_ready() {
            self.streams(now);
        }
    }

    fn streams(&mut self, now: Instant) {
        let registry = self.poll.registry();
        self.connections.accept(now, registry);
        self.connections.receive(registry, sfu::shard_of, |path, bytes| {
            self.sfu.handle(now, Input::Datagram { path, bytes });
        });
        for (shard, connection) in self.connections.leaving() {
            // A thread without room for it, or none of that number: the client opens another.
            if let Some(thread) = self.threads.get(usize::from(shard.0)) {
                thread.hand_over(connection);
            }
        }
    }

    fn timers(&mut self, now: Instant) {
        if self.sfu.is_due(now) {
            self.sfu.handle(now, Input::Timeout);
        }
        self.connections.tidy(now, self.poll.registry(), |end| self.sfu.knows(end));
    }

    fn outputs(&mut self) -> Result<(), Overflow> {
        while let Some(output) = self.sfu.poll_output() {
            match output {
                // A train of one, whose memory is nobody's to use again.
                Output::Transmit { path, bytes } => drop(self.send(Train::single(path, bytes))),
                Output::Train(train) => {
                    self.send(train).into_iter().for_each(|train| self.sfu.take_back(train));
                }
                Output::Event(event) => self.reports.tell(event)?,
                // A recorder that does not keep up has a gap.
                Output::Tapped(packet) => drop(self.taps.try_send(packet)),
            }
        }
        self.due = self.sfu.poll_timeout();
        Ok(())
    }

    /// Puts a train on its way. One that needs no more keeping is given back.
    fn send(&mut self, train: Train) -> Option<Train> {
        match train.path.over {
            Over::Udp => self.sockets.queue(train),
            Over::Tcp => {
                self.connections.queue(&train);
                Some(train)
            }
            Over::Relay => {
                let datagrams = train.lengths().len() as u64;
                if self.trains.try_send(train).is_err() {
                    self.lost += datagrams;
                }
                None
            }
        }
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

/// Commands of one round. Each but an offer takes some microseconds, so that a round of them is over within the 20 ms
/// from one packet of sound to the next; the rest has its turn once packets had theirs.
const ROUND: usize = 1_024;

/// Batches from the relay of one round: what comes over UDP has its turn in between.
const ROUND_BATCHES: usize = 64;

/// Offers of one round. One with a hundred sections takes some milliseconds; a crowd that joins at once must not hold up
/// the sound of those who are there.
const ROUND_OFFERS: usize = 2;

/// Sockets per thread that the poll can name at once; one more round finds the others.
const EVENTS: usize = 64;

/// How soon a hub whose inbox was full, or a thread that has all the bundles, is tried again: short for people, long for a processor.
const TELL_AGAIN: Duration = Duration::from_millis(5);

#[cfg(test)]
mod tests {
    use std::{
        net::{Ipv4Addr, UdpSocket},
        sync::mpsc::sync_channel,
    };

    use proto::{
        RoomId, Shard,
        media::{AddPeer, Event},
    };
    use sfu::End;

    use crate::{media::crossing, tcp::Listeners};

    use super::*;

    #[test]
    fn packets_are_served_between_offers() {
        let crowd = 10 * ROUND_OFFERS;
        let mut sockets = Sockets::bind(&[Ipv4Addr::LOCALHOST.into()], 0).unwrap();
        let port = sockets.port();
        let poll = Poll::new().unwrap();
        sockets.register(poll.registry()).unwrap();
        let (commands, inbox) = sync_channel(100);
        let (events, mut hub) = tokio::sync::mpsc::channel(100);
        let addresses = sockets.addresses().into_iter().map(|address| End { over: Over::Udp, address }).collect();
        let config = Config { shard: Shard(0), addresses, public: Vec::new(), seed: 1 };
        let reports = Reports::new(Shard(0), events);
        let connections = Connections::new(Shard(0), Listeners::none());
        let (trains, _relay) = crate::turn::trains();
        let (taps, _recorder) = crate::voicemail::taps();
        let (_arrival, arrivals) = sync_channel(1);
        let waker = Arc::new(mio::Waker::new(poll.registry(), WAKE).unwrap());
        let crossing = crossing::between(&[waker]).pop().unwrap();
        let parts = Parts { config, sockets, connections, crossing, poll, inbox, arrivals, trains, taps };
        let mut thread = Thread::new(parts, Arc::new([]), reports, Arc::default());
        for number in 0..crowd {
            let (peer, identity) = (ParticipantId::from(number as u128), "ann".parse().unwrap());
            let add = AddPeer { room: RoomId::from(1), peer, identity, may_send_data: true, hidden: false, tap: None };
            commands.send(Message::Command(Box::new(Command::AddPeer(add)))).unwrap();
        }
        for number in 0..crowd {
            let peer = ParticipantId::from(number as u128);
            let offer = Command::Offer { peer, id: 1, sdp: "no offer at all".to_owned() };
            commands.send(Message::Command(Box::new(offer))).unwrap();
        }
        let stranger = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        stranger.send_to(b"noise", (Ipv4Addr::LOCALHOST, port)).unwrap();
        let mut answered = || std::iter::from_fn(|| hub.try_recv().ok()).map(offer_refused).sum::<usize>();

        thread.due = None;
        while thread.sockets.traffic().received == 0 {
            // Were it to sleep here, it would wait for a packet in vain.
            thread.wait();
            thread.tick(Instant::now()).unwrap();
            assert!(answered() <= ROUND_OFFERS, "the packet was there before the first offer");
        }
        let mut rounds = 1;
        while thread.more {
            thread.wait();
            thread.tick(Instant::now()).unwrap();
            assert!(answered() <= ROUND_OFFERS);
            rounds += 1;
        }
        assert_eq!(thread.sfu.stats().datagrams_unknown, 1);
        assert!(rounds >= crowd / ROUND_OFFERS, "{rounds}");
    }

    fn offer_refused(input: hub::Input) -> usize {
        match input {
            hub::Input::Media { event: Event::OfferRefused { .. }, .. } => 1,
            other => panic!("{other:?}"),
        }
    }
}
