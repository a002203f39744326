//! The media plane: peers, tracks, forwarding, layers, speakers.
//!
//! It knows no users, no sockets and no clock. Start with [`Sfu::handle`]; `drain` is what happens to a packet after
//! it was decrypted, `control` what the hub can order, `negotiate` how an offer becomes an answer.
//!
//! **Handle, then drain.** After `handle` (or after a batch of them: packets to one subscriber then leave together)
//! take `poll_output` until `None`, then wait until `poll_timeout` or the next input. Trains that have left are best
//! given back ([`Sfu::take_back`]), so that their memory is used again.

#![forbid(unsafe_code)]

mod allocate;
mod allot;
#[doc(hidden)]
pub mod benching;
mod control;
mod data;
mod demux;
mod descriptor;
mod drain;
mod egress;
mod estimate;
mod forward;
#[doc(hidden)]
pub mod fuzzing;
mod hearing;
mod negotiate;
mod pacing;
mod path;
mod peer;
mod quality;
mod reports;
mod route;
mod slab;
mod speakers;
mod stun;
#[cfg(test)]
mod testing;
mod tick;
mod timers;
mod track;
mod wall;
mod words;

use std::{
    collections::{BTreeMap, VecDeque},
    time::Instant,
};

use proto::{ParticipantId, RoomId, TrackId, id::IdSource, media::Event};
use str0m::net::Receive;

pub use demux::shard_of;
pub use egress::train::Train;
pub use path::{End, Over, Path};
#[doc(hidden)]
pub use wall::Place;
pub use words::{Config, Input, Output, Stats};

use demux::Addresses;
use egress::{feedback, train::Yard};
use peer::{
    Peer, Room, admission,
    transport::{Fault, Settings},
    way::Heard,
};
use slab::{Key, Slab};
use stun::Strangers;
use tick::Ticks;
use timers::Timers;
use track::Track;

/// One media thread's engine: whole rooms, with all their peers.
pub struct Sfu {
    config: Config,
    settings: Settings,
    chance: IdSource,
    now: Instant,
    rooms: BTreeMap<RoomId, Room>,
    peers: Slab<Peer>,
    peers_by_id: BTreeMap<ParticipantId, Key<Peer>>,
    tracks: Slab<Track>,
    tracks_by_id: BTreeMap<TrackId, Key<Track>>,
    subscriptions: usize,
    addresses: Addresses,
    strangers: Strangers,
    /// Peers with something to drain, in the order in which they got it.
    dirty: VecDeque<Key<Peer>>,
    /// Peers whose transport gave out packets and was not asked for more.
    unsettled: Vec<Key<Peer>>,
    /// What waits to leave.
    yard: Yard,
    /// When each peer's transport, or its sections, want to go on.
    timers: Timers<Key<Peer>>,
    ticks: Ticks,
    desk: allot::Desk,
    outputs: VecDeque<Output>,
    counted: Stats,
    /// The room for which something is being done: see [`wall`].
    at_work: Option<RoomId>,
    lost: bool,
    planted: Option<(Key<Peer>, Place)>,
}

impl Sfu {
    /// An engine without rooms.
    pub fn new(config: Config, now: Instant) -> Self {
        Self {
            settings: Settings::new(config.addresses.clone()),
            chance: IdSource::new(config.seed),
            config,
            now,
            rooms: BTreeMap::new(),
            peers: Slab::new(),
            peers_by_id: BTreeMap::new(),
            tracks: Slab::new(),
            tracks_by_id: BTreeMap::new(),
            subscriptions: 0,
            addresses: Addresses::new(),
            strangers: Strangers::default(),
            dirty: VecDeque::new(),
            unsettled: Vec::new(),
            yard: Yard::new(now),
            timers: Timers::new(),
            ticks: Ticks::default(),
            desk: allot::Desk::default(),
            outputs: VecDeque::new(),
            counted: Stats::default(),
            at_work: None,
            lost: false,
            planted: None,
        }
    }

    /// Takes in one thing that happened.
    pub fn handle(&mut self, now: Instant, input: Input<'_>) {
        self.now = self.now.max(now);
        // Datagrams that come together are one batch; whatever else happens, happens after them.
        if !matches!(input, Input::Datagram { .. }) {
            self.settle();
        }
        self.walled(|sfu| match input {
            Input::Command(command) => sfu.control(command),
            Input::Datagram { path, bytes } => sfu.datagram(path, bytes),
            Input::Timeout => sfu.wake(),
        });
    }

    /// The next thing to do. Outputs to one destination come in a row.
    pub fn poll_output(&mut self) -> Option<Output> {
        loop {
            self.settle();
            if let Some(output) = self.outputs.pop_front() {
                return Some(output);
            }
            if let Some(train) = self.yard.next_full() {
                return Some(Output::Train(train));
            }
            if let Some(key) = self.dirty.pop_front() {
                if let Some(peer) = self.peers.get_mut(key) {
                    peer.dirty = false;
                    self.walled_for(key, |sfu| sfu.drain(key));
                }
                continue;
            }
            let key = self.yard.next(self.now)?;
            if let Some(train) = self.peers.get_mut(key).and_then(|peer| peer.wire.as_mut()?.take_train()) {
                return Some(Output::Train(train));
            }
        }
    }

    /// Takes a train back that has left, or was given up.
    pub fn take_back(&mut self, train: Train) {
        self.yard.take_back(train);
    }

    /// When to come back with [`Input::Timeout`], if nothing else happens.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let ticks = self.ticks.next(!self.rooms.is_empty());
        [self.timers.next(), ticks, self.yard.deadline()].into_iter().flatten().min()
    }

    /// Whether there is something to do for [`Input::Timeout`] already: nobody has to wake up for it before
    /// [`Sfu::poll_timeout`], but who is awake had better do it now.
    pub fn is_due(&self, now: Instant) -> bool {
        let ticks = self.ticks.next(!self.rooms.is_empty());
        self.timers.is_due(now) || [ticks, self.yard.deadline()].into_iter().flatten().any(|at| at <= now)
    }

    /// What was counted and what is held.
    pub fn stats(&self) -> Stats {
        Stats { peers: self.peers.len(), tracks: self.tracks.len(), subscriptions: self.subscriptions, ..self.counted }
    }

    /// Whether the peer at `end` has proved that it is there, so that what comes from there has an owner.
    pub fn knows(&self, end: End) -> bool {
        self.addresses.owner(end).is_some()
    }

    fn datagram(&mut self, path: Path, bytes: &[u8]) {
        self.counted.datagrams_in += 1;
        let known = self.addresses.owner(path.end());
        let check = demux::read_check(bytes);
        let named = check.and_then(|check| demux::read_ufrag(self.config.shard, check.target));
        let Some(key) = named.or(known) else {
            self.counted.datagrams_unknown += 1;
            return self.answer_stranger(path, bytes);
        };
        self.work_for(key);
        let kind = feedback::is_report(bytes);
        if known == Some(key) && kind == Some(true) && !self.report_arrived(key, path, bytes) {
            return;
        }
        if known == Some(key) && kind == Some(false) && !self.is_admitted(key, path, bytes) {
            self.counted.datagrams_forged += 1;
            return;
        }
        let Some((heard, transport)) = self.peers.get_mut(key).and_then(|peer| {
            let transport = peer.transport.as_mut()?;
            Some((&mut peer.heard, transport))
        }) else {
            self.counted.datagrams_unknown += 1;
            return;
        };
        // A name is no proof: before an address is learned, or anything is concluded from a check, the password is looked at.
        if let Some(check) = check {
            if !transport.accepts(&check, bytes) {
                self.counted.datagrams_forged += 1;
                return;
            }
            *heard = Some(self.now);
        }
        let Ok(receive) = Receive::new(path.over.protocol(), path.theirs, path.ours, bytes) else {
            return; // not one of the protocols that share the port
        };
        let received = transport.receive(str0m::Input::Receive(self.now, receive));
        if known != Some(key) {
            self.learn(path.end(), key);
        }
        let packets = self.counted.packets_in;
        match received {
            // One mutation, one packet taken out: str0m holds a single one. What this packet causes for other peers waits
            // until they are drained, so that more can join it.
            Ok(()) if kind == Some(false) => self.take_packet(key),
            Ok(()) => self.drain_received(key),
            Err(fault) => return self.end_broken(key, &fault),
        }
        let what = match check {
            _ if self.counted.packets_in > packets => Heard::Content,
            Some(check) if check.nominates => Heard::Nomination,
            _ => Heard::Other,
        };
        if let Some(peer) = self.peers.get_mut(key).filter(|_| what == Heard::Content) {
            peer.heard = Some(self.now);
        }
        self.hear(key, path, what);
    }

    /// Whether an RTP packet from a peer's address is of a stream that its transport may see: for the first of a stream, by
    /// its seal.
    fn is_admitted(&mut self, key: Key<Peer>, path: Path, packet: &[u8]) -> bool {
        let Some((ssrc, sequence, header)) = admission::read_header(packet) else {
            return false;
        };
        let Some(peer) = self.peers.get_mut(key) else {
            return false;
        };
        if peer.admission.has(ssrc) {
            return true;
        }
        if peer.admission.is_full(self.now) {
            return false;
        }
        // Before there are keys nothing can be opened.
        let (Some(wire), Some(transport)) = (&mut peer.wire, &mut peer.transport) else {
            return false;
        };
        let index = |round: &u64| round << 16 | u64::from(sequence);
        let sealed = |round: &u64| wire.witness.knows(packet, header, ssrc, index(round));
        let Some(round) = admission::ROUNDS.into_iter().find(sealed) else {
            return false;
        };
        let sections = &peer.sections;
        let used = transport.used(peer.admission.all(), |mid| sections.sent(mid).is_some());
        let admitted = peer.admission.admit(self.now, ssrc, &used);
        if admitted && round > 0 {
            self.begin_in_round(key, path, packet, (ssrc, round));
        }
        admitted
    }

    /// Tells a transport in which round the numbers of a stream are that begins. It counts from the first unless it is told, and
    /// can be told once it knows what the stream is for: that it finds out by the packet, which it cannot open yet.
    fn begin_in_round(&mut self, key: Key<Peer>, path: Path, packet: &[u8], (ssrc, round): (u32, u64)) {
        let Ok(receive) = Receive::new(path.over.protocol(), path.theirs, path.ours, packet) else {
            return;
        };
        let Some(transport) = self.peers.get_mut(key).and_then(|peer| peer.transport.as_mut()) else {
            return;
        };
        let packets = self.counted.packets_in;
        match transport.receive(str0m::Input::Receive(self.now, receive)) {
            Ok(()) => self.drain_received(key),
            Err(fault) => return self.end_broken(key, &fault),
        }
        // One that it knew of old it could open, and it must not take that packet for another.
        if self.counted.packets_in == packets
            && let Some(transport) = self.peers.get_mut(key).and_then(|peer| peer.transport.as_mut())
            && let Err(fault) = transport.with(|rtc| {
                rtc.direct_api().stream_rx(&ssrc.into()).into_iter().for_each(|stream| stream.reset_roc(round));
            })
        {
            self.end_broken(key, &fault);
        }
    }

    /// Notes by which way something came from a peer. One that comes out of silence begins with keyframes: asked for by itself
    /// picture by picture, they would come late, and what waits for them with them.
    fn hear(&mut self, key: Key<Peer>, path: Path, what: Heard) {
        if self.peers.get_mut(key).is_some_and(|peer| peer.hear(self.now, path, what)) {
            self.begin_pictures_again(key);
        }
    }

    fn answer_stranger(&mut self, path: Path, bytes: &[u8]) {
        // Whoever comes by a relay is told by that under which address it is known.
        if path.over == Over::Udp
            && let Some(bytes) = stun::answer(bytes, path.theirs)
            && self.strangers.may_ask(self.now)
        {
            self.outputs.push_back(Output::Transmit { path, bytes });
        }
    }

    fn learn(&mut self, end: End, key: Key<Peer>) {
        self.addresses.learn(end, key);
        if let Some(dropped) = self.peers.get_mut(key).and_then(|peer| peer.learn(end)) {
            self.addresses.forget(dropped, key);
        }
    }

    fn mark_dirty(&mut self, key: Key<Peer>) {
        if let Some(peer) = self.peers.get_mut(key)
            && !std::mem::replace(&mut peer.dirty, true)
        {
            self.dirty.push_back(key);
        }
    }

    fn tell(&mut self, event: Event) {
        self.outputs.push_back(Output::Event(event));
    }

    /// Ends the transport of a peer whose state broke; its room goes on.
    fn end_broken(&mut self, key: Key<Peer>, fault: &Fault) {
        let Some(peer) = self.peers.get(key) else {
            return;
        };
        let (peer, why) = (peer.id, fault.to_string());
        tracing::warn!(%peer, why, "a peer broke and was ended");
        self.counted.peers_broken += 1;
        self.end_transport(key);
        // As after an offer that could not be accepted: all that helps is to join anew.
        self.tell(Event::OfferRefused { peer, why });
    }
}
