//! A server of one client on str0m, which sends back what it gets; time is virtual and the network is perfect.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it has to be")]

use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    time::{Duration, Instant},
};

use client::{Action, Client, Config, Event, Input, Output};
use proto::{
    ParticipantId, TrackId,
    id::IdSource,
    livekit::{
        DataPacket, JoinResponse, MediaSectionsRequirement, ParticipantInfo, ParticipantUpdate, Pong,
        SessionDescription, TrackInfo, TrackPublishedResponse, signal_request::Message as Request,
        signal_response::Message as Response,
    },
    prost::Message as _,
};
use str0m::{
    Candidate, Event as Transport, Input as ToTransport, Output as FromTransport, Rtc, RtcConfig,
    change::SdpOffer,
    media::{KeyframeRequestKind, Mid, Rid},
    net::{Protocol, Receive},
    rtp::RtpWrite,
};

pub const CLIENT: &str = "10.0.0.1:5000";
pub const SERVER: &str = "10.0.0.2:7882";

pub struct Pair {
    pub now: Instant,
    pub client: Client,
    pub events: Vec<Event>,
    pub requests: Vec<Request>,
    pub offers: Vec<String>,
    /// Packets that the server got, by section and layer.
    pub arrived: BTreeMap<(String, Option<String>), u64>,
    pub answering: bool,
    rtc: Rtc,
    signals: VecDeque<Response>,
    ids: IdSource,
    me: ParticipantId,
    /// Sections which echo: from the client's sending section to one of its receiving ones.
    echoes: BTreeMap<Mid, (Mid, TrackId)>,
    next: BTreeMap<Mid, u64>,
}

impl Pair {
    #[expect(clippy::disallowed_methods, reason = "a test has to begin somewhere")]
    pub fn new(change: impl FnOnce(&mut Config)) -> Self {
        let now = Instant::now();
        let mut config = Config::new(CLIENT.parse().unwrap());
        change(&mut config);
        let mut rtc = RtcConfig::new().set_rtp_mode(true).set_ice_lite(true).build(now);
        rtc.add_local_candidate(Candidate::host(SERVER.parse().unwrap(), "udp").unwrap());
        let mut ids = IdSource::new(1);
        let me = ids.next(0);
        Self {
            now,
            client: Client::new(config, now),
            events: Vec::new(),
            requests: Vec::new(),
            offers: Vec::new(),
            arrived: BTreeMap::new(),
            answering: true,
            rtc,
            signals: VecDeque::new(),
            ids,
            me,
            echoes: BTreeMap::new(),
            next: BTreeMap::new(),
        }
    }

    pub fn act(&mut self, action: Action) {
        self.client.handle(self.now, Input::Do(action));
    }

    pub fn signal(&mut self, response: Response) {
        self.client.handle(self.now, Input::Signal(Box::new(response)));
    }

    /// Lets both sides run until `done`, at most for `limit`.
    pub fn run(&mut self, limit: Duration, mut done: impl FnMut(&Self) -> bool) -> bool {
        let end = self.now + limit;
        while self.now < end {
            self.settle();
            if done(self) {
                return true;
            }
            let server = server_timeout(&mut self.rtc, &mut |_| {});
            let next = self.client.poll_timeout().map_or(server, |at| at.min(server)).min(self.now + STEP);
            self.now = next.max(self.now + Duration::from_millis(1));
            self.client.handle(self.now, Input::Timeout);
            self.rtc.handle_input(ToTransport::Timeout(self.now)).unwrap();
        }
        done(self)
    }

    /// Another participant's track, so that a section has a name to go with.
    pub fn ask_for_sections(&mut self, audio: u32, video: u32) {
        self.signal(Response::MediaSectionsRequirement(MediaSectionsRequirement {
            num_audios: audio,
            num_videos: video,
        }));
    }

    pub fn ask_for_keyframe(&mut self, mid: &str, rid: Option<&str>) {
        let mut api = self.rtc.direct_api();
        let stream = api.stream_rx_by_mid(mid.into(), rid.map(Rid::from)).unwrap();
        stream.request_keyframe(KeyframeRequestKind::Pli);
        self.rtc.handle_input(ToTransport::Timeout(self.now)).unwrap();
    }

    fn settle(&mut self) {
        let mut moved = true;
        while moved {
            moved = false;
            while let Some(output) = self.client.poll_output() {
                moved = true;
                match output {
                    Output::Connect(join) => {
                        let me = ParticipantInfo {
                            sid: self.me.to_string(),
                            identity: "me".to_owned(),
                            ..Default::default()
                        };
                        self.signals.push_back(Response::Join(JoinResponse {
                            participant: Some(me),
                            ping_interval: 5,
                            ping_timeout: 15,
                            ..Default::default()
                        }));
                        if let Some(offer) = join.publisher_offer {
                            self.offered(offer);
                        }
                    }
                    Output::Request(request) => self.requested(*request),
                    Output::Transmit { source, destination, bytes } => {
                        assert_eq!(destination, SERVER.parse::<SocketAddr>().unwrap());
                        let receive = Receive::new(Protocol::Udp, source, destination, &bytes).unwrap();
                        self.rtc.handle_input(ToTransport::Receive(self.now, receive)).unwrap();
                        self.serve();
                    }
                    Output::Event(event) => self.events.push(event),
                }
            }
            moved |= self.serve();
            while let Some(response) = self.signals.pop_front() {
                moved = true;
                self.client.handle(self.now, Input::Signal(Box::new(response)));
            }
        }
    }

    fn requested(&mut self, request: Request) {
        match &request {
            Request::Offer(offer) => self.offered(offer.clone()),
            Request::AddTrack(add) => {
                let id: TrackId = self.ids.next(0);
                let track = TrackInfo { sid: id.to_string(), r#type: add.r#type, ..Default::default() };
                let published = TrackPublishedResponse { cid: add.cid.clone(), track: Some(track) };
                self.signals.push_back(Response::TrackPublished(published));
            }
            Request::PingReq(ping) => {
                let pong = Pong { last_ping_timestamp: ping.timestamp, timestamp: 0 };
                if self.answering {
                    self.signals.push_back(Response::PongResp(pong));
                }
            }
            _ => {}
        }
        self.requests.push(request);
    }

    /// Answers, and connects each sending section to a free receiving section of its kind.
    fn offered(&mut self, offer: SessionDescription) {
        self.offers.push(offer.sdp.clone());
        if !self.answering {
            return;
        }
        let answer = self.rtc.sdp_api().accept_offer(SdpOffer::from_sdp_string(&offer.sdp).unwrap()).unwrap();
        let mut free = sections(&offer.sdp, "recvonly");
        for (kind, mid) in sections(&offer.sdp, "sendonly") {
            if self.echoes.contains_key(&mid) {
                continue;
            }
            let taken: Vec<Mid> = self.echoes.values().map(|(to, _)| *to).collect();
            if let Some(at) = free.iter().position(|(k, m)| *k == kind && !taken.contains(m)) {
                let echo = self.ids.next(0);
                self.echoes.insert(mid, (free.remove(at).1, echo));
            }
        }
        let gone: Vec<Mid> = sections(&offer.sdp, "inactive").into_iter().map(|(_, m)| m).collect();
        self.echoes.retain(|mid, _| !gone.contains(mid));
        let mid_to_track_id = self.echoes.values().map(|(to, id)| (to.to_string(), id.to_string())).collect();
        let tracks = self.echoes.values().map(|(_, id)| TrackInfo { sid: id.to_string(), ..Default::default() });
        self.signals.push_back(Response::Update(ParticipantUpdate {
            participants: vec![ParticipantInfo {
                sid: ParticipantId::from(7).to_string(),
                identity: "echo".to_owned(),
                version: offer.id,
                tracks: tracks.collect(),
                ..Default::default()
            }],
        }));
        let sdp = assigned(&answer.to_sdp_string(), &self.echoes.values().map(|(to, _)| *to).collect::<Vec<_>>());
        let r#type = "answer".to_owned();
        self.signals.push_back(Response::Answer(SessionDescription { r#type, sdp, id: offer.id, mid_to_track_id }));
    }

    fn serve(&mut self) -> bool {
        let mut events = Vec::new();
        let mut datagrams = Vec::new();
        server_timeout(&mut self.rtc, &mut |output| match output {
            FromTransport::Transmit(t) => datagrams.push(t),
            FromTransport::Event(e) => events.push(e),
            FromTransport::Timeout(_) => {}
        });
        let moved = !events.is_empty() || !datagrams.is_empty();
        for t in datagrams {
            let input = Input::Datagram { source: t.source, destination: t.destination, bytes: &t.contents };
            self.client.handle(self.now, input);
        }
        for event in events {
            match event {
                Transport::ChannelData(data) => {
                    let mut packet = DataPacket::decode(data.data.as_slice()).unwrap();
                    packet.participant_identity = "echo".to_owned();
                    let bytes = packet.encode_to_vec();
                    assert!(self.rtc.channel(data.id).unwrap().write(true, &bytes).unwrap());
                    self.rtc.handle_input(ToTransport::Timeout(self.now)).unwrap();
                }
                Transport::RtpPacket(packet) => {
                    let mut api = self.rtc.direct_api();
                    let from = api.stream_rx(&packet.header.ssrc).unwrap();
                    let (mid, rid) = (from.mid(), from.rid());
                    *self.arrived.entry((mid.to_string(), rid.map(|r| r.to_string()))).or_default() += 1;
                    let Some((to, _)) = self.echoes.get(&mid) else { continue };
                    let next = self.next.entry(*to).or_insert(1);
                    let stream = api.stream_tx_by_mid(*to, None).unwrap();
                    let write = RtpWrite::new(
                        packet.header.payload_type,
                        (*next).into(),
                        packet.header.timestamp,
                        self.now,
                        packet.payload,
                    );
                    stream.write_rtp(write.marker(packet.header.marker));
                    *next += 1;
                    self.rtc.handle_input(ToTransport::Timeout(self.now)).unwrap();
                }
                _ => {}
            }
        }
        moved
    }
}

/// The media sections of one direction: kind and mid.
pub fn sections(sdp: &str, direction: &str) -> Vec<(String, Mid)> {
    let found = sdp.split("\r\nm=").skip(1).filter(|s| s.contains(&format!("\r\na={direction}\r\n")));
    let read = |s: &str| {
        let mid = s.split("\r\na=mid:").nth(1)?.split("\r\n").next()?;
        Some((s.split(' ').next()?.to_owned(), Mid::from(mid)))
    };
    found.filter_map(read).collect()
}

/// The answer as Parlor's server writes it: receiving sections that carry nothing are inactive and name no stream.
fn assigned(sdp: &str, used: &[Mid]) -> String {
    let mut parts = sdp.split("\r\nm=");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mid = part.split("\r\na=mid:").nth(1).and_then(|r| r.split("\r\n").next()).unwrap_or_default();
        let free = part.contains("\r\na=sendonly") && !used.contains(&Mid::from(mid));
        let lines = part.split("\r\n").filter(|l| !free || !(l.starts_with("a=ssrc") || l.starts_with("a=msid")));
        let lines = lines.map(|l| if free && l == "a=sendonly" { "a=inactive" } else { l });
        text.push_str("\r\nm=");
        text.push_str(&lines.collect::<Vec<_>>().join("\r\n"));
    }
    text
}

fn server_timeout(rtc: &mut Rtc, take: &mut impl FnMut(FromTransport)) -> Instant {
    loop {
        match rtc.poll_output().unwrap() {
            FromTransport::Timeout(at) => return at,
            other => take(other),
        }
    }
}

/// No step of virtual time is longer than this.
const STEP: Duration = Duration::from_millis(10);
