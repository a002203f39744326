//! A client with real sockets that is looked at from outside: what counts is which datagrams reach its UDP socket, not
//! what it says of itself.
//!
//! It is of bad will: it sends whatever it published until it is dropped, muted or not, and when the server sends it away
//! it hears none of that and keeps its socket open.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use client::{
    Action, Client, Codec, Config, Event, Input, Message, Output, Packet, Track,
    synthetic::{Picture, Tone},
    wire,
};
use proto::{
    Source, TrackId,
    livekit::{signal_request::Message as Request, signal_response::Message as Response},
    media::{Kind, Layer, Quality},
};
use tokio::{net::UdpSocket, sync::mpsc, task::JoinHandle, time::timeout_at};

use crate::harness::{Server, Socket};

/// An RTP packet that reached the socket.
#[derive(Debug, Clone, Copy)]
pub struct Rtp {
    pub at: Instant,
    /// Sound or pictures; `None` for a payload type that this client has not offered.
    pub kind: Option<Kind>,
}

/// Somebody in a room, as a task.
pub struct Peer {
    orders: mpsc::UnboundedSender<Order>,
    arrivals: mpsc::UnboundedReceiver<Rtp>,
    words: mpsc::UnboundedReceiver<String>,
    sent: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

enum Order {
    Publish(Source),
    Mute(Source, bool),
    Say(String),
}

impl Peer {
    /// Joins with a token; the error is what the server answered instead of opening the socket.
    pub async fn join(server: &Server, token: &str) -> Self {
        let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let local = udp.local_addr().unwrap();
        let mut client = Client::new(Config::new(local), Instant::now());
        let Some(Output::Connect(join)) = client.poll_output() else { panic!("a client begins with its join request") };
        let query = format!("access_token={token}&join_request={}", wire::join_parameter(&join));
        let socket = server.socket(&query, &[]).await.expect("a good token");
        let (orders, ordered) = mpsc::unbounded_channel();
        let (seen, arrivals) = mpsc::unbounded_channel();
        let (told, words) = mpsc::unbounded_channel();
        let sent = Arc::new(AtomicU64::new(0));
        let mut stay = Stay {
            client,
            socket: Some(socket),
            udp,
            local,
            inside: false,
            devices: Vec::new(),
            formats: BTreeMap::new(),
            seen,
            told,
            sent: sent.clone(),
            start: Instant::now(),
        };
        stay.learn(join.publisher_offer.as_ref().map_or("", |offer| &offer.sdp));
        Self { orders, arrivals, words, sent, task: tokio::spawn(stay.run(ordered)) }
    }

    /// Publishes, and sends from then on.
    pub fn publish(&self, source: Source) {
        self.orders.send(Order::Publish(source)).ok().unwrap();
    }

    /// Asks for it over signalling, and sends as before.
    pub fn mute(&self, source: Source, muted: bool) {
        self.orders.send(Order::Mute(source, muted)).ok().unwrap();
    }

    /// Waits until a packet of that kind arrives that comes from now on.
    #[track_caller]
    pub fn flows(&mut self, kind: Kind) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        let from = Instant::now();
        async move {
            loop {
                match timeout_at((from + PATIENCE).into(), self.arrivals.recv()).await {
                    Ok(Some(rtp)) if rtp.at >= from && rtp.kind == Some(kind) => return,
                    Ok(Some(_)) => {}
                    Ok(None) => panic!("{caller}: the client ended"),
                    Err(_) => panic!("{caller}: no {kind:?} in {PATIENCE:?}"),
                }
            }
        }
    }

    /// That from a second after `since` on, for two more, not one RTP packet arrives: of that kind, or (`None`) of any.
    #[track_caller]
    pub fn is_left_alone(&mut self, kind: Option<Kind>, since: Instant) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        let (from, until) = (since + WITHIN, since + WITHIN + FOR);
        async move {
            loop {
                match timeout_at(until.into(), self.arrivals.recv()).await {
                    Ok(Some(rtp)) => {
                        // What was never offered counts for everything.
                        let counts = kind.is_none() || rtp.kind.is_none() || rtp.kind == kind;
                        assert!(!counts || rtp.at < from, "{caller}: {rtp:?}, {:?} after", rtp.at - since);
                    }
                    Ok(None) => panic!("{caller}: the client ended"),
                    Err(_) => return,
                }
            }
        }
    }

    /// Lets all of these say their names in data packets again and again, and gives back whom it hears: all who are
    /// expected, and whoever else is heard a second after `since` or later.
    pub async fn hears(&mut self, speakers: &[(&str, Self)], expected: &[&str], since: Instant) -> BTreeSet<String> {
        let mut heard = BTreeSet::new();
        let mut beat = tokio::time::interval_at((since + WITHIN).into(), SAID_EACH);
        loop {
            tokio::select! {
                at = beat.tick() => {
                    let all = expected.iter().all(|name| heard.contains(*name));
                    if all && at.into_std() > since + WITHIN + FOR {
                        return heard;
                    }
                    assert!(at.into_std() < since + PATIENCE, "of {expected:?} only {heard:?} are heard");
                    for (name, speaker) in speakers {
                        speaker.orders.send(Order::Say(format!("{since:?} {name}"))).ok().unwrap();
                    }
                }
                word = self.words.recv() => {
                    let word = word.expect("the client goes on");
                    heard.extend(word.strip_prefix(&format!("{since:?} ")).map(str::to_owned));
                }
            }
        }
    }

    /// How many RTP packets left this client's socket so far.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Stay {
    client: Client,
    /// The signalling socket, until the server closes it.
    socket: Option<Socket>,
    udp: UdpSocket,
    local: SocketAddr,
    /// Whether the server let us in: before, no order makes sense.
    inside: bool,
    devices: Vec<Device>,
    /// Which payload types were offered for what.
    formats: BTreeMap<u8, Kind>,
    seen: mpsc::UnboundedSender<Rtp>,
    told: mpsc::UnboundedSender<String>,
    sent: Arc<AtomicU64>,
    start: Instant,
}

struct Device {
    source: Source,
    id: Option<TrackId>,
    next: Instant,
    time: u32,
    maker: Maker,
}

enum Maker {
    Sound(Tone),
    Pictures { picture: Box<Picture>, key: bool },
}

impl Stay {
    async fn run(mut self, mut orders: mpsc::UnboundedReceiver<Order>) {
        let mut buffer = vec![0; 2_048];
        loop {
            let now = Instant::now();
            for device in &mut self.devices {
                device.capture(now, self.start, &mut self.client);
            }
            while let Some(output) = self.client.poll_output() {
                self.carry_out(output).await;
            }
            let capture = self.devices.iter().filter(|device| device.id.is_some()).map(|device| device.next).min();
            let wake = [self.client.poll_timeout(), capture].into_iter().flatten().min();
            tokio::select! {
                received = self.udp.recv_from(&mut buffer) => {
                    let (length, source) = received.unwrap();
                    self.receive(source, &buffer[..length]);
                }
                response = next(&mut self.socket) => self.hear(response),
                order = orders.recv(), if self.inside => match order {
                    Some(order) => self.obey(order),
                    None => return,
                },
                () = tokio::time::sleep_until(wake.unwrap_or(now + PATIENCE).into()) => {
                    self.client.handle(Instant::now(), Input::Timeout);
                }
            }
        }
    }

    fn obey(&mut self, order: Order) {
        let action = match order {
            Order::Publish(source) => {
                self.devices.push(Device::new(source, self.devices.len()));
                Action::Publish(track(source))
            }
            Order::Mute(source, muted) => {
                let own = self.devices.iter().find(|device| device.source == source).and_then(|device| device.id);
                Action::Mute { track: own.expect("it is published"), muted }
            }
            Order::Say(text) => {
                let message = Message { reliable: true, topic: None, payload: text.into_bytes() };
                Action::SendData { message, to: Vec::new() }
            }
        };
        self.client.handle(Instant::now(), Input::Do(action));
    }

    async fn carry_out(&mut self, output: Output) {
        match output {
            Output::Connect(_) => {}
            Output::Request(request) => {
                if let Request::Offer(offer) = request.as_ref() {
                    self.learn(&offer.sdp);
                }
                if let Some(socket) = &mut self.socket {
                    let frame = wire::encode(*request).into();
                    // Closed by the server: what it does not want to hear.
                    let _ = socket.message(tokio_tungstenite::tungstenite::Message::Binary(frame)).await;
                }
            }
            Output::Transmit { destination, bytes, .. } => {
                if rtp(&bytes).is_some() {
                    self.sent.fetch_add(1, Ordering::Relaxed);
                }
                self.udp.send_to(&bytes, destination).await.unwrap();
            }
            Output::Event(Event::Joined { .. }) => self.inside = true,
            Output::Event(Event::Published { cid, track }) => {
                let own = self.devices.iter_mut().find(|device| cid_of(device.source) == cid).unwrap();
                (own.id, own.next) = (Some(track), Instant::now());
            }
            Output::Event(Event::KeyframeWanted { track, .. }) => {
                for device in self.devices.iter_mut().filter(|device| device.id == Some(track)) {
                    if let Maker::Pictures { key, .. } = &mut device.maker {
                        *key = true;
                    }
                }
            }
            Output::Event(Event::Data { message, .. }) => {
                // Whoever does not listen any more has heard enough.
                let _ = self.told.send(String::from_utf8(message.payload).unwrap());
            }
            Output::Event(_) => {}
        }
    }

    fn hear(&mut self, response: Option<Response>) {
        match response {
            // From here on whatever the server says to end it is not heard.
            Some(Response::Leave(_)) | None => self.socket = None,
            Some(response) => self.client.handle(Instant::now(), Input::Signal(Box::new(response))),
        }
    }

    fn receive(&mut self, source: SocketAddr, bytes: &[u8]) {
        let now = Instant::now();
        if let Some(payload_type) = rtp(bytes) {
            // Whoever does not look any more has seen enough.
            let _ = self.seen.send(Rtp { at: now, kind: self.formats.get(&payload_type).copied() });
        }
        // DTLS would say goodbye.
        let is_goodbye = self.socket.is_none() && matches!(bytes, [20..=63, ..]);
        if !is_goodbye {
            self.client.handle(now, Input::Datagram { source, destination: self.local, bytes });
        }
    }

    /// Notes which payload types an offer gives to what.
    fn learn(&mut self, sdp: &str) {
        let mut kind = Kind::Audio;
        for line in sdp.lines() {
            match line.split_once([':', ' ']) {
                Some(("m=audio", _)) => kind = Kind::Audio,
                Some(("m=video", _)) => kind = Kind::Video,
                Some(("a=rtpmap", map)) => {
                    let payload_type = map.split(' ').next().and_then(|number| number.parse().ok());
                    self.formats.insert(payload_type.unwrap(), kind);
                }
                _ => {}
            }
        }
    }
}

async fn next(socket: &mut Option<Socket>) -> Option<Response> {
    match socket {
        Some(socket) => socket.response().await,
        None => std::future::pending().await,
    }
}

impl Device {
    fn new(source: Source, number: usize) -> Self {
        let maker = match track(source).codec.kind() {
            Kind::Audio => Maker::Sound(Tone::new(number as u32)),
            Kind::Video => {
                Maker::Pictures { picture: Box::new(Picture::new(number as u32, 0, WIDTH, HEIGHT)), key: true }
            }
        };
        Self { source, id: None, next: Instant::now(), time: 0, maker }
    }

    fn capture(&mut self, now: Instant, start: Instant, client: &mut Client) {
        let Some(track) = self.id else { return };
        while self.next <= now {
            self.next += Tone::INTERVAL;
            let sent = now.saturating_duration_since(start);
            let (payloads, ticks, level) = match &mut self.maker {
                Maker::Sound(tone) => (vec![tone.packet(sent)], Tone::TICKS, Some(-30)),
                Maker::Pictures { picture, key } => (picture.frame(sent, std::mem::take(key), 500), 90_000 / 50, None),
            };
            self.time = self.time.wrapping_add(ticks);
            let last = payloads.len() - 1;
            for (nth, payload) in payloads.into_iter().enumerate() {
                let marker = level.is_none() && nth == last;
                let packet = Packet { track, layer: None, time: self.time, marker, level, payload: payload.into() };
                client.handle(now, Input::Do(Action::Media(packet)));
            }
        }
    }
}

fn cid_of(source: Source) -> String {
    format!("{source:?}")
}

pub fn track(source: Source) -> Track {
    let (codec, layers) = match source {
        Source::Microphone | Source::ScreenAudio => (Codec::Opus, Vec::new()),
        Source::Camera | Source::Screen => {
            (Codec::Vp8, vec![Layer { quality: Quality::High, width: WIDTH.into(), height: HEIGHT.into() }])
        }
    };
    Track { cid: cid_of(source), name: String::new(), source, codec, layers, muted: false }
}

/// The payload type of an RTP packet; `None` for STUN, DTLS and everything else that shares the port (RFC 7983), and for
/// RTCP (RFC 5761).
pub fn rtp(datagram: &[u8]) -> Option<u8> {
    match datagram {
        [128..=191, 192..=223, ..] => None,
        [128..=191, second, ..] => Some(second & 0x7f),
        _ => None,
    }
}

/// What is forbidden may go on for this long (issue: "within a second").
const WITHIN: Duration = Duration::from_secs(1);
/// How often what is to be heard is said.
const SAID_EACH: Duration = Duration::from_millis(100);
/// How long it is looked at afterwards: a hundred packets of every device.
const FOR: Duration = Duration::from_secs(2);
/// How long anything may take that has to happen; only a failing test waits for it.
pub const PATIENCE: Duration = Duration::from_secs(20);
const WIDTH: u16 = 160;
const HEIGHT: u16 = 90;
