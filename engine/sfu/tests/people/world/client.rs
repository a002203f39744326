//! A client as the engine sees it: offers, sends, receives.

use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    time::{Duration, Instant, SystemTime},
};

use proto::{ParticipantId, TrackId, media::Kind};
use str0m::{
    Candidate, Event, Input, Output, Rtc, RtcConfig,
    change::{SdpAnswer, SdpPendingOffer},
    channel::{ChannelConfig, ChannelId, Reliability},
    format::Codec,
    media::{Direction, MediaKind, Mid, Simulcast, SimulcastLayer},
    net::{Protocol, Receive},
    rtp::{Extension, ExtensionSerializer, ExtensionValues, RtpPacket, RtpWrite, Vp8Descriptor},
};

/// One client.
pub struct Client {
    pub id: ParticipantId,
    pub address: SocketAddr,
    pub publications: Vec<Publication>,
    /// Which section carries what, as the last answer said.
    pub sections: BTreeMap<String, TrackId>,
    /// What arrived, by track.
    pub seen: BTreeMap<TrackId, Vec<Seen>>,
    /// What the server reported of each track's time.
    pub reports: BTreeMap<TrackId, Vec<Report>>,
    /// Data packets with their channel's label.
    pub data: Vec<(String, Vec<u8>)>,
    /// What the server asked for.
    pub requests: Vec<(u32, u32)>,
    video: Codec,
    rtc: Rtc,
    wanted: Wanted,
    receiving: Vec<Mid>,
    pending: Option<SdpPendingOffer>,
    offers: u32,
    open: Vec<(ChannelId, String)>,
    outgoing: VecDeque<Vec<u8>>,
    now: Instant,
}

/// What the next offer has to bring.
#[derive(Default)]
struct Wanted {
    channels: bool,
    sections: Vec<MediaKind>,
    tracks: Vec<(TrackId, Kind, Vec<&'static str>)>,
    stopped: Vec<Mid>,
    ice_restart: bool,
}

/// A track that the client sends.
pub struct Publication {
    pub track: TrackId,
    /// The loudness of its sound in dBov.
    pub level: i8,
    /// Whether its sound comes with a copy of the piece before (RFC 2198).
    pub copies: bool,
    /// Whether the lengths of those copies are wrong.
    pub broken: bool,
    /// Before each packet of sound, one that holds nothing and has a number: so browsers try what their line carries.
    pub fills: bool,
    /// The number before that of the first packet; layers begin so far from each other.
    pub first: u64,
    pub layers: Vec<SentLayer>,
    kind: Kind,
    mid: Mid,
    next: Instant,
}

/// A layer, or the whole of a track without layers.
pub struct SentLayer {
    pub rid: Option<&'static str>,
    pub sending: bool,
    /// When keyframes were asked for.
    pub requests: Vec<Instant>,
    frame: u64,
    packets: u64,
    keyframe: bool,
}

/// A packet that arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    pub at: Instant,
    pub ssrc: u32,
    pub sequence: u64,
    pub timestamp: u32,
    pub keyframe: bool,
    /// The first letter of the rid it was sent on, or `-`.
    pub layer: char,
    pub picture: Option<u16>,
    /// Whether its picture ends with it.
    pub marker: bool,
    pub codec: Codec,
    /// The length of the dependency descriptor.
    pub described: Option<usize>,
    /// Its number among all that goes to the client.
    pub place: Option<u16>,
    /// The payload of sound.
    pub sound: Option<Vec<u8>>,
}

/// A pair of times that arrived.
#[derive(Debug, Clone, Copy)]
pub struct Report {
    pub at: Instant,
    pub wall: Duration,
    pub timestamp: u32,
}

/// The dependency descriptor of a packet, as bytes.
#[derive(Debug, Default)]
struct Descriptor(Vec<u8>);

impl Descriptor {
    const URI: &str = "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";
}

impl ExtensionSerializer for Descriptor {
    fn write_to(&self, buf: &mut [u8], values: &ExtensionValues) -> usize {
        let Some(Self(bytes)) = values.user_values.get() else { return 0 };
        buf[..bytes.len()].copy_from_slice(bytes);
        bytes.len()
    }

    fn parse_value(&self, buf: &[u8], values: &mut ExtensionValues) -> bool {
        values.user_values.set(Self(buf.to_vec()));
        true
    }

    fn is_video(&self) -> bool {
        true
    }

    fn is_audio(&self) -> bool {
        false
    }

    fn requires_two_byte_form(&self, values: &ExtensionValues) -> bool {
        values.user_values.get().is_some_and(|Self(bytes)| bytes.len() > 16)
    }
}

impl Client {
    pub fn new(id: ParticipantId, address: SocketAddr, config: RtcConfig, video: Codec, now: Instant) -> Self {
        let extension = Extension::with_serializer(Descriptor::URI, Descriptor::default());
        let mut rtc = config.set_rtp_mode(true).set_extension(9, extension).build(now);
        rtc.add_local_candidate(Candidate::host(address, "udp").unwrap());
        let mut client = Self {
            id,
            address,
            publications: Vec::new(),
            sections: BTreeMap::new(),
            seen: BTreeMap::new(),
            reports: BTreeMap::new(),
            data: Vec::new(),
            requests: Vec::new(),
            video,
            rtc,
            wanted: Wanted { channels: true, ..Wanted::default() },
            receiving: Vec::new(),
            pending: None,
            offers: 0,
            open: Vec::new(),
            outgoing: VecDeque::new(),
            now,
        };
        client.add_sections(3, 3);
        client
    }

    /// The id that the client itself gives a track.
    pub fn cid(track: TrackId) -> String {
        format!("cid-{track}").replace('_', "-")
    }

    pub fn add_sections(&mut self, audio: u32, video: u32) {
        self.wanted.sections.extend((0..audio).map(|_| MediaKind::Audio));
        self.wanted.sections.extend((0..video).map(|_| MediaKind::Video));
    }

    pub fn add_track(&mut self, track: TrackId, kind: Kind, rids: &[&'static str]) {
        self.wanted.tracks.push((track, kind, rids.to_vec()));
    }

    /// The next offer will show the section of this track as inactive.
    pub fn stop_track(&mut self, track: TrackId) {
        let at = self.publications.iter().position(|p| p.track == track).unwrap();
        self.wanted.stopped.push(self.publications.remove(at).mid);
    }

    pub fn restart_ice(&mut self) {
        self.wanted.ice_restart = true;
    }

    pub fn has_channels(&self) -> bool {
        self.open.len() == 2
    }

    pub fn publication(&mut self, track: TrackId) -> &mut Publication {
        self.publications.iter_mut().find(|p| p.track == track).unwrap()
    }

    /// The packets of a track that arrived since `at`.
    pub fn since(&self, track: TrackId, at: Instant) -> impl Iterator<Item = &Seen> {
        self.seen.get(&track).into_iter().flatten().filter(move |s| s.at >= at)
    }

    pub fn offer(&mut self) -> (u32, String) {
        let wanted = std::mem::take(&mut self.wanted);
        let mut api = self.rtc.sdp_api();
        for mid in &self.receiving {
            // Twice, so that there is always something to offer; and an answer of `inactive` is no wish of ours.
            api.set_direction(*mid, Direction::SendRecv);
            api.set_direction(*mid, Direction::RecvOnly);
        }
        for kind in wanted.sections {
            self.receiving.push(api.add_media(kind, Direction::RecvOnly, None, None, None));
        }
        for (track, kind, rids) in wanted.tracks {
            let mut simulcast = Simulcast::new();
            rids.iter().for_each(|rid| simulcast.add_send_layer(SimulcastLayer::new(rid)));
            let media = if kind == Kind::Audio { MediaKind::Audio } else { MediaKind::Video };
            let simulcast = (!rids.is_empty()).then_some(simulcast);
            let mid =
                api.add_media(media, Direction::SendOnly, Some("stream".into()), Some(Self::cid(track)), simulcast);
            let rids = if rids.is_empty() { vec![None] } else { rids.into_iter().map(Some).collect() };
            let layer =
                |rid| SentLayer { rid, sending: true, requests: Vec::new(), frame: 0, packets: 0, keyframe: true };
            let layers = rids.into_iter().map(layer).collect();
            self.publications.push(Publication {
                track,
                kind,
                level: -127,
                copies: false,
                broken: false,
                fills: false,
                first: 7000,
                layers,
                mid,
                next: self.now,
            });
        }
        wanted.stopped.iter().for_each(|mid| api.set_direction(*mid, Direction::Inactive));
        if wanted.channels {
            api.add_channel("_reliable".into());
            api.add_channel_with_config(ChannelConfig {
                label: "_lossy".into(),
                ordered: false,
                reliability: Reliability::MaxRetransmits { retransmits: 0 },
                ..ChannelConfig::default()
            });
        }
        if wanted.ice_restart {
            api.ice_restart(true);
        }
        let (offer, pending) = api.apply().expect("there is always something to offer");
        self.pending = Some(pending);
        self.offers += 1;
        (self.offers, offer.to_sdp_string())
    }

    pub fn answer(&mut self, sdp: &str, sections: BTreeMap<String, TrackId>) {
        let answer = SdpAnswer::from_sdp_string(sdp).unwrap();
        self.rtc.sdp_api().accept_answer(self.pending.take().unwrap(), answer).unwrap();
        self.sections = sections;
        self.poll();
    }

    pub fn receive(&mut self, now: Instant, source: SocketAddr, bytes: &[u8]) {
        let receive = Receive::new(Protocol::Udp, source, self.address, bytes).unwrap();
        self.rtc.handle_input(Input::Receive(now, receive)).unwrap();
        self.now = now;
        self.poll();
    }

    pub fn send_data(&mut self, label: &str, bytes: &[u8]) {
        let (id, _) = self.open.iter().find(|(_, l)| *l == label).unwrap();
        assert!(self.rtc.channel(*id).unwrap().write(true, bytes).unwrap(), "the client's own channel is full");
        self.poll();
    }

    /// Lets time pass: sends what is due.
    pub fn tick(&mut self, now: Instant) {
        self.now = now;
        for publication in &mut self.publications {
            if publication.next <= now {
                publication.next = now + publication.interval();
                publication.send(&mut self.rtc, self.video, now);
            }
        }
        self.rtc.handle_input(Input::Timeout(now)).unwrap();
        self.poll();
    }

    pub fn drain(&mut self, now: Instant) -> VecDeque<Vec<u8>> {
        self.now = now;
        std::mem::take(&mut self.outgoing)
    }

    fn poll(&mut self) {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(_) => return,
                Output::Transmit(transmit) => self.outgoing.push_back(transmit.contents.to_vec()),
                Output::Event(event) => self.happened(event),
            }
        }
    }

    fn happened(&mut self, event: Event) {
        match event {
            Event::RtpPacket(packet) => self.arrived(&packet),
            Event::SenderFeedback(report) => {
                if let Some(track) = self.sections.get(&*report.mid) {
                    let wall = report.sender_info.ntp_time.duration_since(SystemTime::UNIX_EPOCH).unwrap();
                    let timestamp = report.sender_info.rtp_time.numer() as u32;
                    let reports = self.reports.entry(*track).or_default();
                    reports.push(Report { at: report.received_at, wall, timestamp });
                }
            }
            Event::ChannelOpen(id, label) => self.open.push((id, label)),
            Event::ChannelData(data) => {
                let (_, label) = self.open.iter().find(|(id, _)| *id == data.id).unwrap();
                self.data.push((label.clone(), data.data));
            }
            Event::KeyframeRequest(request) => {
                let publication = self.publications.iter_mut().find(|p| p.mid == request.mid).unwrap();
                let named = |layer: &&mut SentLayer| layer.rid.map(Into::into) == request.rid;
                let layer = publication.layers.iter_mut().find(named).unwrap();
                layer.requests.push(self.now);
                layer.keyframe = true;
            }
            _ => {}
        }
    }

    fn arrived(&mut self, packet: &RtpPacket) {
        let mid = self.rtc.direct_api().stream_rx(&packet.header.ssrc).unwrap().mid();
        let Some(track) = self.sections.get(&*mid) else {
            panic!("a packet on section {mid}, which carries nothing");
        };
        let pt = packet.header.payload_type;
        let format = self.rtc.codec_config().find(|p| p.pt() == pt || p.red() == Some(pt)).unwrap();
        let codec = if format.pt() == pt { format.spec().codec } else { Codec::Red };
        let video = codec.is_video();
        let vp8 = (codec == Codec::Vp8).then(|| Vp8Descriptor::parse(&packet.payload).unwrap());
        let seen = Seen {
            codec,
            described: packet.header.ext_vals.user_values.get::<Descriptor>().map(|d| d.0.len()),
            at: self.now,
            ssrc: *packet.header.ssrc,
            sequence: *packet.seq_no,
            timestamp: packet.header.timestamp,
            keyframe: video && packet.payload[6] & 1 == 0,
            layer: if video { char::from(packet.payload[7]) } else { '-' },
            marker: packet.header.marker,
            picture: vp8.and_then(|vp8| vp8.picture_id()),
            place: packet.header.ext_vals.transport_cc,
            sound: (!video).then(|| packet.payload.to_vec()),
        };
        self.seen.entry(*track).or_default().push(seen);
    }
}

impl Publication {
    fn interval(&self) -> Duration {
        Duration::from_millis(if self.kind == Kind::Audio { 20 } else { 30 })
    }

    /// Sends one packet on each layer: a whole frame, which fits. VP9 has three layers in one stream.
    fn send(&mut self, rtc: &mut Rtc, video: Codec, now: Instant) {
        let codec = if self.kind == Kind::Audio { Codec::Opus } else { video };
        let format = rtc.codec_config().find(|p| p.spec().codec == codec).unwrap();
        let (sound, red) = (format.pt(), format.red().filter(|_| self.copies));
        let pt = red.unwrap_or(sound);
        for (index, layer) in self.layers.iter_mut().enumerate() {
            let mut api = rtc.direct_api();
            let Some(stream) = api.stream_tx_by_mid(self.mid, layer.rid.map(Into::into)) else {
                continue;
            };
            if !layer.sending {
                continue;
            }
            layer.frame += 1;
            let mut values = ExtensionValues::default();
            let ticks = if self.kind == Kind::Audio { 960 } else { 2700 };
            let payloads = match codec {
                Codec::Vp8 => vec![vp8(layer, index)],
                Codec::Vp9 => vp9(layer),
                Codec::Av1 => vec![av1(layer, &mut values)],
                _ => {
                    (values.audio_level, values.voice_activity) = (Some(self.level), Some(self.level > -50));
                    let copy = red.map_or(Vec::new(), |_| with_copy(*sound, self.broken));
                    let filling = std::iter::repeat_n(Vec::new(), usize::from(self.fills));
                    filling.chain([[&copy[..], &AUDIO].concat()]).collect()
                }
            };
            let start = self.first * (index as u64 + 1);
            let time = (layer.frame * ticks) as u32 + 1_000_000 * index as u32;
            let last = payloads.len() - 1;
            for (place, payload) in payloads.into_iter().enumerate() {
                layer.packets += 1;
                let write = RtpWrite::new(pt, (start + layer.packets).into(), time, now, payload);
                stream.write_rtp(write.marker(place == last).ext_vals(values.clone()).nackable(true));
            }
        }
    }
}

/// A frame, the larger the higher the layer, with the long picture id and TL0PICIDX; behind the codec's header comes the name of its layer.
fn vp8(layer: &mut SentLayer, index: usize) -> Vec<u8> {
    let picture = (layer.frame as u16).wrapping_add(1000 * index as u16) & 0x7fff;
    let [high, low] = picture.to_be_bytes();
    let delta = u8::from(!std::mem::take(&mut layer.keyframe));
    let name = layer.rid.map_or(b'-', |rid| rid.as_bytes()[0]);
    let mut payload = vec![0x90, 0xe0, 0x80 | high, low, layer.frame as u8, 0x20, delta, name];
    payload.resize([200, 500, 1000][index], 0);
    payload
}

/// Three spatial layers, each of which refers to the one below and to its own last frame.
fn vp9(layer: &mut SentLayer) -> Vec<Vec<u8>> {
    let delta = u8::from(!std::mem::take(&mut layer.keyframe));
    let [high, low] = (layer.frame as u16 & 0x7fff).to_be_bytes();
    let frame = |spatial: u8| {
        let inter_layer = u8::from(spatial > 0);
        let mut payload = vec![0xbc | (delta << 6), 0x80 | high, low, (spatial << 1) | inter_layer, 2, 0, delta];
        payload.push(b'0' + spatial);
        payload.resize(200, 0);
        payload
    };
    (0..3).map(frame).collect()
}

/// The same for AV1: the keyframe shows in the aggregation header, and in the descriptor by its long form.
fn av1(layer: &mut SentLayer, values: &mut ExtensionValues) -> Vec<u8> {
    let keyframe = std::mem::take(&mut layer.keyframe);
    let [high, low] = (layer.frame as u16).to_be_bytes();
    let mut descriptor = vec![0xc0, high, low];
    if keyframe {
        descriptor.push(0x80);
        descriptor.resize(40, 0x55);
    }
    values.user_values.set(Descriptor(descriptor));
    let mut payload = vec![if keyframe { 0x18 } else { 0x10 }; 6];
    payload.extend([u8::from(!keyframe), b'-']);
    payload.resize(200, 0);
    payload
}

/// What comes before a piece of sound that a copy of the one 20 ms ago goes with.
fn with_copy(sound: u8, broken: bool) -> Vec<u8> {
    let [high, low] = (960_u16 << 2).to_be_bytes();
    let length = if broken { 200 } else { COPY.len() as u8 };
    [&[0x80 | sound, high, low, length, sound], &COPY[..]].concat()
}

pub const COPY: [u8; 3] = [0x78, 9, 9];
pub const AUDIO: [u8; 6] = [0x78, 1, 2, 3, 4, 5];
