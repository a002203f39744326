//! A world of one engine and some clients, each a real str0m instance, joined by a network without loss or delay, on
//! virtual time.

mod client;
mod seals;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use proto::{
    ParticipantId, RoomId, Shard, Source, TrackId,
    media::{AddPeer, Command, Event, ExpectedTrack, Kind, Layer, Quality, Tapped, Wish},
};
use sfu::{Config, End, Input, Output, Over, Path, Place, Sfu, Stats};
use str0m::{RtcConfig, format::Codec};

pub use client::{AUDIO, COPY, Client, Seen};
pub use seals::Seals;

/// All of it.
pub struct World {
    pub now: Instant,
    pub clients: BTreeMap<&'static str, Client>,
    pub events: Vec<Event>,
    /// What was recorded.
    pub tapped: Vec<Tapped>,
    sfu: Sfu,
    tracks: u128,
    joined: u8,
    sent: u64,
    /// Where the datagrams of the largest batch went, in order.
    pub largest_batch: Vec<SocketAddr>,
    /// Which of the datagrams to clients are lost.
    pub lose_every: Option<u64>,
    /// Of whose media packets to the server which are lost.
    pub lose_up: Option<(&'static str, u64)>,
    sent_up: u64,
    /// How many datagrams to clients arrive in a second, of all together; the others are lost.
    pub carries: Option<u64>,
    /// When this second began, and how many arrived in it.
    arrived: (Instant, u64),
    /// What was sealed under which number.
    pub seals: Seals,
    /// Who writes the addresses of clients on datagrams of its own.
    pub intruder: Option<Intruder>,
    /// Which datagrams of clients are lost on their way.
    pub withhold: Option<Withhold>,
    /// Datagrams that went where no client is.
    pub to_others: u64,
    pub bytes_to_others: u64,
}

/// Sees each datagram of a client on its way; says what arrives before it and behind it from the same address.
pub type Intruder = Box<dyn FnMut(&[u8]) -> (Vec<Vec<u8>>, Vec<Vec<u8>>)>;

pub const ROOM: u128 = 1;

/// Sees each datagram of a client; says whether it is lost.
pub type Withhold = Box<dyn FnMut(&[u8]) -> bool>;

impl World {
    #[expect(clippy::disallowed_methods, reason = "virtual time needs one real instant to start from")]
    pub fn new() -> Self {
        let now = Instant::now();
        let config = Config {
            shard: Shard(3),
            addresses: vec![End { over: Over::Udp, address: server() }],
            public: vec![End { over: Over::Udp, address: "203.0.113.1:7882".parse().unwrap() }],
            seed: 7,
        };
        Self {
            now,
            clients: BTreeMap::new(),
            events: Vec::new(),
            tapped: Vec::new(),
            sfu: Sfu::new(config, now),
            tracks: 0,
            joined: 0,
            sent: 0,
            largest_batch: Vec::new(),
            lose_every: None,
            lose_up: None,
            sent_up: 0,
            carries: None,
            arrived: (now, 0),
            seals: Seals::default(),
            intruder: None,
            withhold: None,
            to_others: 0,
            bytes_to_others: 0,
        }
    }

    /// A world in which these have joined and are connected.
    pub fn with(names: &[&'static str]) -> Self {
        let mut world = Self::new();
        names.iter().for_each(|name| world.join(name));
        world.run_until("all are connected", |world| {
            world.clients.values().all(|client| client.has_channels())
                && world.events.iter().filter(|e| matches!(e, Event::Connected { .. })).count() == names.len()
        });
        world
    }

    pub fn join(&mut self, name: &'static str) {
        self.join_with(name, RtcConfig::new(), Codec::Vp8);
    }

    /// Lets somebody join whose client has other codecs.
    pub fn join_with(&mut self, name: &'static str, config: RtcConfig, video: Codec) {
        let add = self.newcomer(name);
        self.enter(name, add, config, video);
        self.negotiate(name);
    }

    /// Somebody who may do all that people may.
    pub fn newcomer(&mut self, name: &'static str) -> AddPeer {
        self.joined += 1;
        AddPeer {
            room: RoomId::from(ROOM),
            peer: ParticipantId::from(100 + u128::from(self.joined)),
            identity: name.parse().unwrap(),
            may_send_data: true,
            hidden: false,
            tap: None,
        }
    }

    /// Takes somebody in, who has not offered yet.
    pub fn enter(&mut self, name: &'static str, add: AddPeer, config: RtcConfig, video: Codec) {
        let id = add.peer;
        self.command(Command::AddPeer(add));
        let address = SocketAddr::from(([10, 0, 0, self.joined], 5000));
        self.clients.insert(name, Client::new(id, address, config, video, self.now));
    }

    pub fn leave(&mut self, name: &'static str) {
        let client = self.clients.remove(name).unwrap();
        self.command(Command::RemovePeer { peer: client.id });
    }

    /// Lets the client offer what it has gathered and takes the answer back.
    pub fn negotiate(&mut self, name: &'static str) -> String {
        self.negotiate_changed(name, |sdp| sdp)
    }

    /// The same, with an offer that was changed on its way.
    pub fn negotiate_changed(&mut self, name: &'static str, change: impl FnOnce(String) -> String) -> String {
        let client = self.clients.get_mut(name).unwrap();
        let (peer, (id, sdp)) = (client.id, client.offer());
        let sdp = change(sdp);
        self.command(Command::Offer { peer, id, sdp });
        let answer = self.events.iter().rev().find_map(|event| match event {
            Event::Answer { peer: p, id: i, sdp, sections } if (*p, *i) == (peer, id) => {
                Some((sdp.clone(), sections.clone()))
            }
            _ => None,
        });
        let (sdp, sections) = answer.expect("every offer is answered at once");
        self.clients.get_mut(name).unwrap().answer(&sdp, sections);
        self.settle();
        sdp
    }

    /// Publishes a track and waits until it is announced.
    pub fn publish(&mut self, name: &'static str, kind: Kind, rids: &[&'static str]) -> TrackId {
        let track = self.expect(name, kind, true);
        self.clients.get_mut(name).unwrap().add_track(track, kind, rids);
        self.negotiate(name);
        assert!(
            self.events.iter().any(|e| matches!(e, Event::TrackPublished { track: t, .. } if *t == track)),
            "{:?}",
            self.events
        );
        track
    }

    pub fn expect(&mut self, name: &'static str, kind: Kind, by_cid: bool) -> TrackId {
        self.expect_in(name, kind, by_cid, &[])
    }

    pub fn expect_in(&mut self, name: &'static str, kind: Kind, by_cid: bool, codecs: &[&str]) -> TrackId {
        self.tracks += 1;
        let track = TrackId::from(self.tracks);
        let cid = if by_cid { Client::cid(track) } else { "unknown".into() };
        let layers = match kind {
            Kind::Audio => Vec::new(),
            Kind::Video => [(Quality::Low, 320, 180), (Quality::Medium, 640, 360), (Quality::High, 1280, 720)]
                .map(|(quality, width, height)| Layer { quality, width, height })
                .to_vec(),
        };
        let peer = self.clients[name].id;
        let track = ExpectedTrack {
            track,
            kind,
            source: (kind == Kind::Audio).then_some(Source::Microphone),
            cids: vec![cid],
            codecs: codecs.iter().map(|c| (*c).to_owned()).collect(),
            layers,
            muted: false,
        };
        self.command(Command::ExpectTrack { peer, track: track.clone() });
        track.track
    }

    pub fn subscribe(&mut self, name: &'static str, track: TrackId) {
        let peer = self.clients[name].id;
        self.command(Command::Subscribe { peer, track });
    }

    pub fn unsubscribe(&mut self, name: &'static str, track: TrackId) {
        let peer = self.clients[name].id;
        self.command(Command::Unsubscribe { peer, track });
    }

    pub fn mute(&mut self, track: TrackId, muted: bool) {
        self.command(Command::Mute { track, muted });
    }

    pub fn prefer(&mut self, name: &'static str, track: TrackId, wish: Wish) {
        let peer = self.clients[name].id;
        self.command(Command::Prefer { peer, track, wish });
    }

    /// What may be sent to somebody, in bit/s.
    pub fn limit(&mut self, name: &'static str, budget: Option<u64>) {
        self.sfu.cap(self.clients[name].id, budget);
        self.settle();
    }

    /// What would have to be sendable to somebody, in bit/s.
    pub fn wanted(&self, name: &str) -> Option<u64> {
        self.sfu.wanted(self.clients[name].id)
    }

    /// What somebody was told of tracks that stopped for want of bandwidth, since the last time.
    pub fn take_stream_states(&mut self, name: &str) -> Vec<(TrackId, bool)> {
        let id = self.clients[name].id;
        let told = self.events.extract_if(.., |e| matches!(e, Event::StreamStates { peer, .. } if *peer == id));
        let changes = |event| match event {
            Event::StreamStates { changes, .. } => changes,
            _ => Vec::new(),
        };
        told.flat_map(changes).collect()
    }

    /// What publishers were told of wanted layers, since the last time.
    pub fn take_layers_wanted(&mut self) -> Vec<(TrackId, [bool; 3])> {
        let told = self.events.extract_if(.., |e| matches!(e, Event::LayersWanted { .. }));
        let told = told.filter_map(|event| match event {
            Event::LayersWanted { track, layers, .. } => Some((track, layers)),
            _ => None,
        });
        told.collect()
    }

    pub fn command(&mut self, command: Command) {
        self.sfu.handle(self.now, Input::Command(command));
        self.settle();
    }

    pub fn datagram(&mut self, source: SocketAddr, bytes: &[u8]) {
        self.sfu.handle(self.now, Input::Datagram { path: Path::udp(server(), source), bytes });
        self.settle();
    }

    /// Lets something break that is done for somebody.
    pub fn plant(&mut self, name: &str, place: Place) {
        self.sfu.plant(self.clients[name].id, place);
    }

    /// Whether the engine does nothing more.
    pub fn is_lost(&self) -> bool {
        self.sfu.is_lost()
    }

    /// How many datagrams went to clients so far, with those that were lost.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    pub fn stats(&self) -> Stats {
        self.sfu.stats()
    }

    /// Lets time pass; clients answer requests for sections by themselves.
    pub fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.step();
        }
    }

    pub fn run_until(&mut self, what: &str, mut done: impl FnMut(&Self) -> bool) {
        let end = self.now + Duration::from_secs(20);
        while !done(self) {
            assert!(self.now < end, "never: {what}; seen: {:?}", self.events.iter().map(brief).collect::<Vec<_>>());
            self.step();
        }
    }

    fn step(&mut self) {
        self.now += STEP;
        if self.sfu.poll_timeout().is_some_and(|at| at <= self.now) {
            self.sfu.handle(self.now, Input::Timeout);
        }
        for client in self.clients.values_mut() {
            client.tick(self.now);
        }
        self.settle();
        let required = |event: &Event| match event {
            Event::SectionsRequired { peer, audio, video } => Some((*peer, *audio, *video)),
            _ => None,
        };
        let asked: Vec<_> = self.events.iter().filter_map(required).collect();
        self.events.retain(|event| !matches!(event, Event::SectionsRequired { .. }));
        for (peer, audio, video) in asked {
            let Some((name, client)) = self.clients.iter_mut().find(|(_, c)| c.id == peer) else {
                continue;
            };
            let name = *name;
            client.requests.push((audio, video));
            client.add_sections(audio, video);
            self.negotiate(name);
        }
    }

    /// Carries datagrams until nobody has any.
    fn settle(&mut self) {
        loop {
            let mut quiet = true;
            let mut batch = Vec::new();
            for (name, client) in &mut self.clients {
                for bytes in client.drain(self.now) {
                    quiet = false;
                    // RTP alone: reports have types from 192 to 223 in their second byte (RFC 5761, section 4).
                    let is_media = bytes.first().is_some_and(|first| (128..192).contains(first))
                        && bytes.get(1).is_some_and(|second| !(192..224).contains(second));
                    if let Some((who, nth)) = self.lose_up
                        && who == *name
                        && is_media
                    {
                        self.sent_up += 1;
                        if self.sent_up.is_multiple_of(nth) {
                            continue;
                        }
                    }
                    if self.withhold.as_mut().is_some_and(|withhold| withhold(&bytes)) {
                        continue;
                    }
                    let path = Path::udp(server(), client.address);
                    let (before, behind) = self.intruder.as_mut().map(|intrude| intrude(&bytes)).unwrap_or_default();
                    for bytes in before.iter().chain([&bytes]).chain(&behind) {
                        self.sfu.handle(self.now, Input::Datagram { path, bytes });
                    }
                }
            }
            while let Some(output) = self.sfu.poll_output() {
                match output {
                    Output::Event(event) => self.events.push(event),
                    Output::Tapped(tapped) => self.tapped.push(tapped),
                    Output::Transmit { path: Path { theirs: destination, .. }, bytes } => {
                        batch.push(destination);
                        quiet &= !self.carry(destination, &bytes);
                    }
                    Output::Train(train) => {
                        for bytes in train.datagrams() {
                            batch.push(train.path.theirs);
                            quiet &= !self.carry(train.path.theirs, bytes);
                        }
                        self.sfu.take_back(train);
                    }
                }
            }
            if batch.len() > self.largest_batch.len() {
                self.largest_batch = batch;
            }
            if quiet {
                return;
            }
        }
    }
}

impl World {
    /// Gives a datagram to the client it is for, if there is one.
    fn carry(&mut self, destination: SocketAddr, bytes: &[u8]) -> bool {
        let Some(client) = self.clients.values_mut().find(|c| c.address == destination) else {
            self.to_others += 1;
            self.bytes_to_others += bytes.len() as u64;
            return false;
        };
        self.sent += 1;
        self.seals.note(destination, bytes);
        if self.now - self.arrived.0 >= Duration::from_secs(1) {
            self.arrived = (self.now, 0);
        }
        self.arrived.1 += 1;
        let lost = self.lose_every.is_some_and(|nth| self.sent.is_multiple_of(nth))
            || self.carries.is_some_and(|most| self.arrived.1 > most);
        if !lost {
            client.receive(self.now, server(), bytes);
        }
        true
    }
}

/// An event without its SDP.
fn brief(event: &Event) -> String {
    let text = format!("{event:?}");
    text.split("sdp:").next().unwrap_or_default().to_owned()
}

fn server() -> SocketAddr {
    "192.0.2.1:7882".parse().unwrap()
}

/// Packets are made at this pace.
const STEP: Duration = Duration::from_millis(5);
