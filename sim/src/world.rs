//! Everything together: what each engine wants done is done to the others, one moment of virtual time after another.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use client::{Action, Client, Event, Output as FromClient};
use hub::{Hub, Join, Note};
use proto::{Identity, ParticipantId, Rights, RoomName, SessionId, Shard, livekit::JoinRequest, time::Calendar};
use sfu::Sfu;

use crate::{
    network::{Bottleneck, Conditions, Network, Parcel},
    person::{Medium, Person},
};

/// One server, one room, some people, and the network between.
pub struct World {
    start: Instant,
    now: Instant,
    hub: Hub,
    sfu: Sfu,
    network: Network,
    people: BTreeMap<String, Person>,
    /// What the hub noted, for whoever looks into a failure.
    notes: Vec<Note>,
    sessions: u64,
    flows: u32,
}

impl World {
    /// An empty world. `seed` decides all chance in it that is ours.
    pub fn new(seed: u64) -> Self {
        let now = Instant::now();
        let calendar = Calendar::new(now, SUNDAY);
        let config = sfu::Config {
            shard: Shard(0),
            addresses: vec![sfu::End { over: sfu::Over::Udp, address: SERVER }],
            public: Vec::new(),
            seed,
        };
        Self {
            start: now,
            now,
            hub: Hub::new(hub::Config { seat_kept: SEAT_KEPT, ..hub::Config::default() }, now, calendar, seed),
            sfu: Sfu::new(config, now),
            network: Network::new(seed),
            people: BTreeMap::new(),
            notes: Vec::new(),
            sessions: 0,
            flows: 0,
        }
    }

    /// Somebody opens the room. Rejoining replaces who was there under that name.
    pub fn join(&mut self, name: &str, rights: Rights, auto_subscribe: bool) {
        self.sessions += 1;
        let session = SessionId(self.sessions);
        let port = FIRST_PORT + self.sessions as u16;
        let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(10, 0, 1, 1)), port);
        let config = client::Config { auto_subscribe, ..client::Config::new(address) };
        let mut person = Person::new(self.now, session, address, config);
        if let Some(FromClient::Connect(request)) = person.client.poll_output() {
            let join = newcomer(name, rights, *request);
            self.network.signal(self.now, name, true, Parcel::Joined(session, Box::new(join)));
        }
        self.people.insert(name.to_owned(), person);
    }

    /// Somebody publishes.
    pub fn publish(&mut self, name: &str, medium: Medium) {
        self.flows += 1;
        let (now, flow) = (self.now, self.flows);
        if let Some(person) = self.people.get_mut(name) {
            person.publish(now, medium, flow);
        }
    }

    /// Somebody stops publishing; nobody expects anything of it any more.
    pub fn unpublish(&mut self, name: &str, medium: Medium) {
        let now = self.now;
        let ended = self.people.get_mut(name).map(|p| p.unpublish(now, medium)).unwrap_or_default();
        for person in self.people.values_mut() {
            ended.iter().for_each(|flow| drop(person.accounts.remove(flow)));
        }
    }

    /// Somebody mutes or unmutes.
    pub fn mute(&mut self, name: &str, medium: Medium, muted: bool) {
        let now = self.now;
        if let Some(person) = self.people.get_mut(name) {
            person.mute(now, medium, muted);
        }
    }

    /// Somebody does something else.
    pub fn act(&mut self, name: &str, action: Action) {
        let now = self.now;
        if let Some(person) = self.people.get_mut(name) {
            person.client.handle(now, client::Input::Do(action));
        }
    }

    /// Somebody speaks up or falls silent.
    pub fn speak(&mut self, name: &str, loud: bool) {
        if let Some(person) = self.people.get_mut(name) {
            person.loud = loud;
        }
    }

    /// Somebody leaves, and says so.
    pub fn leave(&mut self, name: &str) {
        self.act(name, Action::Leave);
        self.settle();
        self.people.remove(name);
    }

    /// Somebody's machine is switched off: nothing is said, and nothing more arrives.
    pub fn vanish(&mut self, name: &str) {
        if let Some(person) = self.people.remove(name) {
            self.network.signal(self.now, name, true, Parcel::Gone(person.session));
        }
    }

    /// The network changes.
    pub fn conditions(&mut self, conditions: Conditions) {
        self.network.set(conditions);
    }

    /// The way to somebody becomes narrow, or wide again.
    pub fn narrow(&mut self, name: &str, bottleneck: Option<Bottleneck>) {
        self.network.narrow(self.now, name, bottleneck);
    }

    /// The longest that anything waited at somebody's bottleneck since accounts began.
    pub fn stood(&self, name: &str) -> Duration {
        self.network.stood.get(name).copied().unwrap_or_default()
    }

    /// Somebody is cut off.
    pub fn cut(&mut self, name: &str) {
        self.network.cut(name);
    }

    /// That ends.
    pub fn heal(&mut self, name: &str) {
        self.network.heal(self.now, name);
    }

    /// Everybody's devices stop or go on.
    pub fn devices(&mut self, live: bool) {
        self.people.values_mut().for_each(|p| p.live = live);
    }

    /// Accounts begin anew.
    pub fn forget(&mut self) {
        let (now, clock) = (self.now, self.clock());
        self.people.values_mut().for_each(|p| p.forget(now, clock));
        self.network.stood.clear();
    }

    /// Time passes.
    pub fn run(&mut self, span: Duration) {
        let end = self.now + span;
        self.settle();
        while self.now < end {
            let next = self.next().map_or(end, |at| at.min(end));
            self.now = next.max(self.now + TICK);
            self.deliver();
            self.wake();
            self.settle();
        }
    }

    /// Now.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// What the hub noted so far.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The counts of the media plane.
    pub fn media(&self) -> sfu::Stats {
        self.sfu.stats()
    }

    /// Sets what may be sent to somebody, in bit/s.
    pub fn budget(&mut self, name: &str, budget: Option<u64>) {
        if let Some(me) = self.people.get(name).and_then(|person| person.me) {
            self.sfu.cap(me, budget);
            self.settle();
        }
    }

    /// Datagrams given to the network, and those that it lost.
    pub fn traffic(&self) -> (u64, u64) {
        (self.network.sent, self.network.lost)
    }

    pub(crate) fn people(&self) -> &BTreeMap<String, Person> {
        &self.people
    }

    pub(crate) fn named(&self, id: ParticipantId) -> Option<&str> {
        self.people.iter().find(|(_, p)| p.me == Some(id)).map(|(name, _)| name.as_str())
    }

    fn clock(&self) -> Duration {
        self.now.saturating_duration_since(self.start)
    }

    fn next(&self) -> Option<Instant> {
        let engines = [self.hub.poll_timeout(), self.sfu.poll_timeout(), self.network.next()];
        let people = self.people.values().flat_map(|p| [p.client.poll_timeout(), p.next()]);
        engines.into_iter().chain(people).flatten().min()
    }

    fn deliver(&mut self) {
        let now = self.now;
        while let Some(parcel) = self.network.arrived(self.now) {
            match parcel {
                Parcel::Datagram { source, destination, bytes } if destination == SERVER => {
                    self.sfu.handle(
                        self.now,
                        sfu::Input::Datagram { path: sfu::Path::udp(destination, source), bytes: &bytes },
                    );
                }
                Parcel::Datagram { source, destination, bytes } => {
                    if let Some(client) = self.client(|p| p.address == destination) {
                        client.handle(now, client::Input::Datagram { source, destination, bytes: &bytes });
                    }
                }
                Parcel::Joined(session, join) => self.hub.handle(self.now, hub::Input::Join { session, join }),
                Parcel::Request(session, request) => {
                    self.hub.handle(self.now, hub::Input::Signal { session, request });
                }
                Parcel::Gone(session) => self.hub.handle(self.now, hub::Input::Gone { session, closed: false }),
                Parcel::Response(session, response) => {
                    if let Some(client) = self.client(|p| p.session == session) {
                        client.handle(now, client::Input::Signal(response));
                    }
                }
                Parcel::Closed(session) => {
                    if let Some(client) = self.client(|p| p.session == session) {
                        client.handle(now, client::Input::SignalClosed);
                    }
                }
            }
        }
    }

    fn wake(&mut self) {
        let now = self.now;
        let due = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        if due(self.hub.poll_timeout()) {
            self.hub.handle(now, hub::Input::Timeout);
        }
        if due(self.sfu.poll_timeout()) {
            self.sfu.handle(now, sfu::Input::Timeout);
        }
        let clock = self.clock();
        for person in self.people.values_mut() {
            if due(person.client.poll_timeout()) {
                person.client.handle(now, client::Input::Timeout);
            }
            if due(person.next()) {
                person.capture(now, clock);
            }
        }
    }

    /// Does everything that anybody wants done at this moment.
    fn settle(&mut self) {
        let mut moved = true;
        while moved {
            moved = false;
            while let Some(output) = self.hub.poll_output() {
                moved = true;
                self.output_of_hub(output);
            }
            while let Some(output) = self.sfu.poll_output() {
                moved = true;
                self.output_of_sfu(output);
            }
            let names: Vec<String> = self.people.keys().cloned().collect();
            for name in names {
                while let Some(output) = self.people.get_mut(&name).and_then(|p| p.client.poll_output()) {
                    moved = true;
                    self.output_of_client(&name, output);
                }
            }
        }
    }

    fn output_of_hub(&mut self, output: hub::Output) {
        match output {
            hub::Output::Send { session, response } => self.down(session, Parcel::Response(session, response)),
            hub::Output::Close { session } => self.down(session, Parcel::Closed(session)),
            hub::Output::Media { command, .. } => self.sfu.handle(self.now, sfu::Input::Command(*command)),
            hub::Output::Note(note) => self.notes.push(note),
            // Nobody asks here, no page listens, and tokens belong to the server.
            hub::Output::RefreshToken { .. }
            | hub::Output::Answer { .. }
            | hub::Output::Remember { .. }
            | hub::Output::Measured { .. }
            | hub::Output::KeepCall(_)
            | hub::Output::Wake { .. }
            | hub::Output::Hush { .. }
            | hub::Output::Free { .. }
            | hub::Output::Tell { .. }
            | hub::Output::Happened(_)
            | hub::Output::Admit { .. } => {}
        }
    }

    fn down(&mut self, session: SessionId, parcel: Parcel) {
        if let Some((name, _)) = self.people.iter().find(|(_, p)| p.session == session) {
            self.network.signal(self.now, name, false, parcel);
        }
    }

    fn output_of_sfu(&mut self, output: sfu::Output) {
        match output {
            sfu::Output::Transmit { path, bytes } => self.send(path.ours, path.theirs, bytes),
            sfu::Output::Train(train) => {
                for bytes in train.datagrams() {
                    self.send(train.path.ours, train.path.theirs, bytes.to_vec());
                }
                self.sfu.take_back(train);
            }
            // Nobody here leaves a message.
            sfu::Output::Tapped(_) => {}
            sfu::Output::Event(event) => self.hub.handle(self.now, hub::Input::Media { shard: Shard(0), event }),
        }
    }

    fn send(&mut self, source: SocketAddr, destination: SocketAddr, bytes: Vec<u8>) {
        if let Some((name, _)) = self.people.iter().find(|(_, p)| p.address == destination) {
            self.network.datagram(self.now, name, false, (source, destination, bytes));
        }
    }

    fn output_of_client(&mut self, name: &str, output: FromClient) {
        let clock = self.clock();
        let Some(person) = self.people.get_mut(name) else { return };
        let session = person.session;
        match output {
            // Taken when the person joined; there is only one.
            FromClient::Connect(_) => {}
            FromClient::Request(request) => {
                self.network.signal(self.now, name, true, Parcel::Request(session, request));
            }
            FromClient::Transmit { source, destination, bytes } => {
                self.network.datagram(self.now, name, true, (source, destination, bytes));
            }
            FromClient::Event(event) => {
                if let Event::Ended(_) = event {
                    self.network.signal(self.now, name, true, Parcel::Gone(session));
                }
                person.hear(self.now, clock, event);
            }
        }
    }

    fn client(&mut self, is: impl Fn(&Person) -> bool) -> Option<&mut Client> {
        self.people.values_mut().find(|p| is(p)).map(|p| &mut p.client)
    }
}

/// What the server makes of a token and a join request.
fn newcomer(name: &str, rights: Rights, request: JoinRequest) -> Join {
    let identity: Identity = name.parse().expect("names in scenarios are short and plain");
    let room: RoomName = ROOM.parse().expect("it is short and plain");
    Join {
        room,
        identity,
        name: name.to_owned(),
        metadata: request.metadata,
        attributes: Vec::new(),
        rights,
        auto_subscribe: request.connection_settings.is_none_or(|s| s.auto_subscribe),
        resume: None,
        add_tracks: request.add_track_requests,
        offer: request.publisher_offer,
        client: request.client_info,
        policy: None,
        role: None,
    }
}

/// The one room.
const ROOM: &str = "standup";

/// Where media is served.
const SERVER: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)), 7882);

/// The port below those of people, so that nobody ever has the port of somebody before.
const FIRST_PORT: u16 = 20_000;

/// The shortest step of time: it keeps an engine that asks for "now" again from stopping the clock.
const TICK: Duration = Duration::from_micros(50);

/// 2026-01-04T00:00Z in milliseconds; any day would do.
const SUNDAY: u64 = 1_767_484_800_000;

/// Shorter than a server's five minutes, so that a scenario comes to the end of a seat within its seconds.
const SEAT_KEPT: Duration = Duration::from_secs(15);
