//! One publisher and some who watch, connected to one engine in virtual time, over a network that does nothing.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use proto::{
    ParticipantId, RoomId, Shard, TrackId,
    media::{AddPeer, Command, Event, ExpectedTrack, Kind, Layer, Quality},
};
use sfu::{Config, End, Input, Output, Over, Path, Sfu};
use str0m::{
    Candidate, Rtc, RtcConfig,
    change::SdpAnswer,
    media::{Direction, MediaKind, Mid},
    net::{Protocol, Receive},
    rtp::RtpWrite,
};

/// All of it.
pub struct Meeting {
    sfu: Sfu,
    now: Instant,
    /// The publisher first.
    people: Vec<Person>,
    addresses: BTreeMap<SocketAddr, usize>,
    section: Mid,
    sent: u64,
}

struct Person {
    address: SocketAddr,
    rtc: Rtc,
    outgoing: Vec<Vec<u8>>,
}

impl Meeting {
    /// So many watch, and pictures flow.
    #[expect(clippy::disallowed_methods, reason = "virtual time needs one real instant to start from")]
    pub fn of(subscribers: usize) -> Self {
        let now = Instant::now();
        let config = Config {
            shard: Shard(0),
            addresses: vec![End { over: Over::Udp, address: server() }],
            public: Vec::new(),
            seed: 1,
        };
        let mut meeting = Self {
            sfu: Sfu::new(config, now),
            now,
            people: Vec::new(),
            addresses: BTreeMap::new(),
            section: Mid::from("0"),
            sent: 0,
        };
        let track = TrackId::from(1);
        meeting.section = meeting.join(|_| Vec::new(), Some(track));
        for _ in 0..subscribers {
            meeting.join(|peer| vec![Command::Subscribe { peer, track }], None);
        }
        meeting.run(Duration::from_secs(3));
        let first = meeting.packet();
        // Reports for the publisher may leave with it.
        assert!(meeting.route(&first) >= subscribers, "everybody gets the first packet");
        meeting
    }

    /// The publisher's next packet. Once a second everybody does what their timers ask for.
    pub fn packet(&mut self) -> Vec<u8> {
        self.now += PACE;
        if self.sent.is_multiple_of(250) {
            self.run(PACE);
        }
        self.sent += 1;
        let publisher = &mut self.people[0];
        let mut api = publisher.rtc.direct_api();
        let stream = api.stream_tx_by_mid(self.section, None).expect("it publishes");
        // A descriptor that begins a partition, then a frame that is a keyframe at the start and none afterwards.
        let mut payload = vec![7; PAYLOAD];
        payload[..2].copy_from_slice(&[0x10, u8::from(self.sent > 1)]);
        let write = RtpWrite::new(VP8.into(), self.sent.into(), self.sent as u32 * 360, self.now, payload);
        stream.write_rtp(write.marker(true));
        publisher.rtc.handle_input(str0m::Input::Timeout(self.now)).expect("the publisher is well");
        let mut found = None;
        for bytes in publisher.drain() {
            let is_packet = matches!(bytes.as_slice(), [0x80..=0xbf, 0..=191 | 224.., ..]);
            if is_packet && found.is_none() {
                found = Some(bytes);
            } else {
                self.hand_in(0, &bytes);
            }
        }
        self.deliver();
        found.expect("what is written leaves")
    }

    /// What is measured: the packet comes, and all that it causes leaves. Says how many datagrams that were.
    pub fn route(&mut self, datagram: &[u8]) -> usize {
        self.hand_in(0, datagram);
        let mut left = 0;
        while let Some(output) = self.sfu.poll_output() {
            match output {
                Output::Train(train) => {
                    left += train.lengths().len();
                    self.sfu.take_back(train);
                }
                Output::Transmit { .. } | Output::Event(_) | Output::Tapped(_) => {}
            }
        }
        left
    }

    fn join(&mut self, wishes: impl FnOnce(ParticipantId) -> Vec<Command>, publishes: Option<TrackId>) -> Mid {
        let number = self.people.len();
        let peer = ParticipantId::from(1 + number as u128);
        let identity = format!("person-{number}").parse().expect("it is a name");
        let add = AddPeer { room: RoomId::from(1), peer, identity, may_send_data: true, hidden: false, tap: None };
        self.command(Command::AddPeer(add));
        let [high, low] = (number as u16).to_be_bytes();
        let address = SocketAddr::from(([10, 0, high, low], 5_000));
        let mut rtc = RtcConfig::new().set_rtp_mode(true).clear_codecs().enable_vp8(true).build(self.now);
        rtc.add_local_candidate(Candidate::host(address, "udp").expect("it is an address"));
        let mut changes = rtc.sdp_api();
        let section = match publishes {
            Some(track) => {
                let layer = Layer { quality: Quality::High, width: 640, height: 360 };
                let track = ExpectedTrack {
                    track,
                    kind: Kind::Video,
                    source: None,
                    cids: vec!["camera".to_owned()],
                    codecs: Vec::new(),
                    layers: vec![layer],
                    muted: false,
                };
                self.sfu.handle(self.now, Input::Command(Command::ExpectTrack { peer, track }));
                let (stream, cid) = (Some("stream".to_owned()), Some("camera".to_owned()));
                changes.add_media(MediaKind::Video, Direction::SendOnly, stream, cid, None)
            }
            None => changes.add_media(MediaKind::Video, Direction::RecvOnly, None, None, None),
        };
        wishes(peer).into_iter().for_each(|wish| self.sfu.handle(self.now, Input::Command(wish)));
        let (offer, pending) = changes.apply().expect("a section was added");
        let offer = Command::Offer { peer, id: 1, sdp: offer.to_sdp_string() };
        self.people.push(Person { address, rtc, outgoing: Vec::new() });
        self.addresses.insert(address, number);
        let answer = self.command(offer).into_iter().find_map(|event| match event {
            Event::Answer { sdp, .. } => Some(sdp),
            _ => None,
        });
        let answer = SdpAnswer::from_sdp_string(&answer.expect("an offer is answered at once")).expect("it is SDP");
        self.people[number].rtc.sdp_api().accept_answer(pending, answer).expect("it fits the offer");
        self.run(Duration::from_millis(500));
        section
    }

    fn command(&mut self, command: Command) -> Vec<Event> {
        self.sfu.handle(self.now, Input::Command(command));
        self.deliver()
    }

    /// Lets time pass for everybody.
    fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now += Duration::from_millis(50).min(time);
            self.sfu.handle(self.now, Input::Timeout);
            for number in 0..self.people.len() {
                let timeout = str0m::Input::Timeout(self.now);
                self.people[number].rtc.handle_input(timeout).expect("people are well");
            }
            self.deliver();
        }
    }

    /// Carries datagrams until nobody has any; gives back what the engine told.
    fn deliver(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            let mut quiet = true;
            while let Some(output) = self.sfu.poll_output() {
                match output {
                    Output::Event(event) => events.push(event),
                    Output::Transmit { path, bytes } => self.carry(path.theirs, &bytes),
                    Output::Tapped(_) => {}
                    Output::Train(train) => {
                        train.datagrams().for_each(|bytes| self.carry(train.path.theirs, bytes));
                        self.sfu.take_back(train);
                    }
                }
            }
            for number in 0..self.people.len() {
                for bytes in self.people[number].drain() {
                    quiet = false;
                    self.hand_in(number, &bytes);
                }
            }
            if quiet {
                return events;
            }
        }
    }

    fn carry(&mut self, destination: SocketAddr, bytes: &[u8]) {
        if let Some(number) = self.addresses.get(&destination) {
            self.people[*number].receive(self.now, bytes);
        }
    }

    fn hand_in(&mut self, number: usize, bytes: &[u8]) {
        let source = self.people[number].address;
        self.sfu.handle(self.now, Input::Datagram { path: Path::udp(server(), source), bytes });
    }
}

impl Person {
    fn receive(&mut self, now: Instant, bytes: &[u8]) {
        let receive =
            Receive::new(Protocol::Udp, server(), self.address, bytes).expect("the engine sends what is known");
        self.rtc.handle_input(str0m::Input::Receive(now, receive)).expect("people are well");
        self.poll();
    }

    fn drain(&mut self) -> Vec<Vec<u8>> {
        self.poll();
        std::mem::take(&mut self.outgoing)
    }

    fn poll(&mut self) {
        loop {
            match self.rtc.poll_output().expect("people are well") {
                str0m::Output::Timeout(_) => return,
                str0m::Output::Transmit(transmit) => self.outgoing.push(transmit.contents.to_vec()),
                str0m::Output::Event(_) => {}
            }
        }
    }
}

fn server() -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 1], 7_882))
}

/// As a camera of 2.5 Mbit/s sends.
const PACE: Duration = Duration::from_millis(4);

/// As full as packets of pictures are.
const PAYLOAD: usize = 1_160;

/// str0m's number for VP8.
const VP8: u8 = 96;
