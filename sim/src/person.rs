//! A virtual person: a client with a microphone and a camera that show nothing, and an account of what came.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    time::{Duration, Instant},
};

use client::{
    Action, Client, Codec, Config, Event, Input, Message, Packet, Track,
    synthetic::{Flow, Picture, Stamp, Tone},
};
use proto::{
    Identity, ParticipantId, SessionId, Source, TrackId,
    media::{Kind, Layer, Quality},
};

/// What a person publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Medium {
    /// A microphone: 50 packets of Opus a second.
    Microphone,
    /// A camera: 15 frames of VP8 a second, in one layer.
    Camera,
    /// A camera in three layers, of 40, 150 and 300 kbit/s.
    Simulcast,
    /// A good camera in three layers, of 150, 600 and 2,400 kbit/s.
    Sharp,
}

/// What one person got of one published flow.
#[derive(Debug, Clone)]
pub struct Account {
    /// Packets by the publisher's count, for each layer.
    pub layers: BTreeMap<u8, Flow>,
    /// Packets by RTP sequence number.
    pub stream: Flow,
    /// The last layer that came.
    pub layer: u8,
    /// The longest time without a packet, the time until the first one included.
    pub silence: Duration,
    /// The longest way that a packet took.
    pub slowest: Duration,
    last: Instant,
    newest: Option<u64>,
}

/// One person, inside or on the way in.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) client: Client,
    pub(crate) session: SessionId,
    pub(crate) address: SocketAddr,
    pub(crate) me: Option<ParticipantId>,
    pub(crate) ended: Option<client::End>,
    pub(crate) others: BTreeMap<ParticipantId, Identity>,
    pub(crate) speaking: BTreeSet<ParticipantId>,
    pub(crate) messages: Vec<(Identity, Message)>,
    pub(crate) refusals: Vec<&'static str>,
    pub(crate) accounts: BTreeMap<u32, Account>,
    pub(crate) loud: bool,
    /// Whether devices run; a closing scenario stops them so that everything under way can arrive.
    pub(crate) live: bool,
    pub(crate) remote: BTreeMap<TrackId, Kind>,
    /// Tracks of others that it was told to have stopped for want of bandwidth.
    pub(crate) paused: BTreeSet<TrackId>,
    devices: Vec<Device>,
    since: Instant,
    since_clock: Duration,
}

#[derive(Debug)]
struct Device {
    medium: Medium,
    flow: u32,
    cid: String,
    track: Option<TrackId>,
    next: Instant,
    ticks: u32,
    wants_key: BTreeSet<u8>,
    tone: Tone,
    layers: Vec<(Quality, Picture)>,
    muted: bool,
    /// Which layers anybody wants, lowest first.
    wanted: [bool; 3],
}

impl Person {
    pub(crate) fn new(now: Instant, session: SessionId, address: SocketAddr, config: Config) -> Self {
        Self {
            client: Client::new(config, now),
            session,
            address,
            me: None,
            ended: None,
            others: BTreeMap::new(),
            speaking: BTreeSet::new(),
            messages: Vec::new(),
            refusals: Vec::new(),
            accounts: BTreeMap::new(),
            loud: false,
            live: true,
            remote: BTreeMap::new(),
            paused: BTreeSet::new(),
            devices: Vec::new(),
            since: now,
            since_clock: Duration::ZERO,
        }
    }

    /// Begins to publish; packets are stamped with `flow`.
    pub(crate) fn publish(&mut self, now: Instant, medium: Medium, flow: u32) {
        let cid = format!("{medium:?}-{flow}");
        let sizes: &[(Quality, u16, u16)] = match medium {
            Medium::Microphone => &[],
            Medium::Camera => &[(Quality::High, 320, 180)],
            Medium::Simulcast => &[(Quality::Low, 160, 90), (Quality::Medium, 320, 180), (Quality::High, 640, 360)],
            Medium::Sharp => &[(Quality::Low, 320, 180), (Quality::Medium, 640, 360), (Quality::High, 1280, 720)],
        };
        let sound = medium == Medium::Microphone;
        let layer = |&(quality, width, height): &(Quality, u16, u16)| Layer {
            quality,
            width: width.into(),
            height: height.into(),
        };
        let track = Track {
            cid: cid.clone(),
            name: cid.clone(),
            source: if sound { Source::Microphone } else { Source::Camera },
            codec: if sound { Codec::Opus } else { Codec::Vp8 },
            layers: sizes.iter().map(layer).collect(),
            muted: false,
        };
        let picture = |(at, &(quality, width, height)): (usize, &(Quality, u16, u16))| {
            (quality, Picture::new(flow, at as u8, width, height))
        };
        self.devices.push(Device {
            medium,
            flow,
            cid,
            track: None,
            next: now,
            ticks: 0,
            wants_key: BTreeSet::new(),
            tone: Tone::new(flow),
            layers: sizes.iter().enumerate().map(picture).collect(),
            muted: false,
            wanted: [true; 3],
        });
        self.client.handle(now, Input::Do(Action::Publish(track)));
    }

    /// Ends what is published in that medium; the flows that ended.
    pub(crate) fn unpublish(&mut self, now: Instant, medium: Medium) -> Vec<u32> {
        let (ended, kept) = std::mem::take(&mut self.devices).into_iter().partition(|d: &Device| d.medium == medium);
        self.devices = kept;
        for track in ended.iter().filter_map(|d: &Device| d.track) {
            self.client.handle(now, Input::Do(Action::Unpublish(track)));
        }
        ended.into_iter().map(|d| d.flow).collect()
    }

    pub(crate) fn mute(&mut self, now: Instant, medium: Medium, muted: bool) {
        for device in self.devices.iter_mut().filter(|d| d.medium == medium) {
            device.muted = muted;
            if let Some(track) = device.track {
                self.client.handle(now, Input::Do(Action::Mute { track, muted }));
            }
        }
    }

    /// The flows that are published, each with the number of packets sent so far in each layer.
    pub(crate) fn flows(&self) -> Vec<(u32, Medium, Vec<u32>)> {
        let made = |d: &Device| match d.medium {
            Medium::Microphone => vec![d.tone.made()],
            Medium::Camera | Medium::Simulcast | Medium::Sharp => d.layers.iter().map(|(_, p)| p.made()).collect(),
        };
        self.devices.iter().map(|d| (d.flow, d.medium, made(d))).collect()
    }

    /// How many layers each camera makes.
    pub(crate) fn layers_made(&self) -> Vec<usize> {
        let cameras = self.devices.iter().filter(|d| d.medium.kind() == Kind::Video);
        cameras.map(|d| d.layers.iter().filter(|(quality, _)| d.makes(*quality)).count()).collect()
    }

    /// When a device has the next packet.
    pub(crate) fn next(&self) -> Option<Instant> {
        let running = |d: &&Device| self.live && d.track.is_some() && !d.muted;
        self.devices.iter().filter(running).map(|d| d.next).min()
    }

    /// Sends what the devices have by now. `clock` is what goes into stamps.
    pub(crate) fn capture(&mut self, now: Instant, clock: Duration) {
        if !self.live || !self.client.is_connected() {
            // Devices wait while there is no connection, so that a stamp is never skipped.
            self.devices.iter_mut().for_each(|d| d.next = d.next.max(now + Tone::INTERVAL));
            return;
        }
        let loud = self.loud;
        for device in &mut self.devices {
            let Some(track) = device.track.filter(|_| !device.muted) else { continue };
            while device.next <= now {
                device.next += device.medium.interval();
                for packet in device.packets(track, clock, loud) {
                    self.client.handle(now, Input::Do(Action::Media(packet)));
                }
            }
        }
    }

    /// Takes note of an event of the client.
    pub(crate) fn hear(&mut self, now: Instant, clock: Duration, event: Event) {
        match event {
            Event::Joined { participant, .. } => self.me = Some(participant),
            Event::Ended(end) => self.ended = Some(end),
            Event::ParticipantJoined { participant, identity } => {
                self.others.insert(participant, identity);
            }
            Event::ParticipantLeft { participant } => {
                self.others.remove(&participant);
                self.speaking.remove(&participant);
            }
            Event::TrackPublished { track, .. } => {
                self.remote.insert(track.track, track.kind);
            }
            Event::TrackUnpublished { track, .. } => {
                self.remote.remove(&track);
                self.paused.remove(&track);
            }
            Event::Published { cid, track } => {
                for device in self.devices.iter_mut().filter(|d| d.cid == cid) {
                    device.track = Some(track);
                    device.next = now;
                }
            }
            Event::KeyframeWanted { track, layer } => {
                for device in self.devices.iter_mut().filter(|d| d.track == Some(track)) {
                    let wanted = |(_, (quality, _)): &(usize, &(Quality, Picture))| layer.is_none_or(|l| l == *quality);
                    let layers = device.layers.iter().enumerate().filter(wanted).map(|(at, _)| at as u8);
                    device.wants_key.extend(layers);
                }
            }
            Event::Media(received) => {
                // What was sent before the accounts began may come in any order, and would begin them anywhere.
                if let Some(stamp) = Stamp::read(&received.payload).filter(|s| s.sent >= self.since_clock) {
                    let since = self.since;
                    let account = self.accounts.entry(stamp.flow).or_insert_with(|| Account::new(since));
                    account.arrived(now, clock, &stamp, received.sequence);
                }
            }
            Event::Data { from, message } => self.messages.push((from, message)),
            Event::Speakers(changes) => {
                for change in changes {
                    if change.active {
                        self.speaking.insert(change.peer);
                    } else {
                        self.speaking.remove(&change.peer);
                    }
                }
            }
            Event::LayersWanted { track, layers } => {
                for device in self.devices.iter_mut().filter(|d| d.track == Some(track)) {
                    device.want(layers);
                }
            }
            Event::StreamStates(changes) => {
                for (track, flows) in changes {
                    if flows {
                        self.paused.remove(&track);
                    } else {
                        self.paused.insert(track);
                    }
                }
            }
            Event::Refused { request, .. } => self.refusals.push(request),
            Event::Connected
            | Event::Disconnected
            | Event::TrackMuted { .. }
            | Event::TrackSubscribed { .. }
            | Event::TrackUnsubscribed { .. }
            | Event::Quality(_)
            | Event::Left { .. } => {}
        }
    }

    /// Begins all accounts anew.
    pub(crate) fn forget(&mut self, now: Instant, clock: Duration) {
        self.accounts.clear();
        self.since = now;
        self.since_clock = clock;
    }
}

impl Medium {
    /// Sound or pictures.
    pub fn kind(self) -> Kind {
        match self {
            Self::Microphone => Kind::Audio,
            Self::Camera | Self::Simulcast | Self::Sharp => Kind::Video,
        }
    }

    fn interval(self) -> Duration {
        match self {
            Self::Microphone => Tone::INTERVAL,
            Self::Camera | Self::Simulcast | Self::Sharp => FRAME,
        }
    }
}

impl Device {
    /// Makes these layers and no others from now on; those that were off begin with a keyframe, as encoders do.
    fn want(&mut self, layers: [bool; 3]) {
        let made = |device: &Self| device.layers.iter().map(|(quality, _)| device.makes(*quality)).collect::<Vec<_>>();
        let before = made(self);
        self.wanted = layers;
        let begun = made(self).into_iter().zip(before).enumerate().filter(|(_, (now, before))| *now && !before);
        self.wants_key.extend(begun.map(|(at, _)| at as u8));
    }

    /// Whether a layer is made. A camera of one layer is on as long as anybody wants any.
    fn makes(&self, layer: Quality) -> bool {
        self.wanted[layer as usize] || self.layers.len() == 1 && self.wanted.contains(&true)
    }

    fn packets(&mut self, track: TrackId, clock: Duration, loud: bool) -> Vec<Packet> {
        self.ticks += 1;
        if self.medium == Medium::Microphone {
            let level = if loud { LOUD } else { SILENT };
            return vec![Packet {
                track,
                layer: None,
                time: self.ticks * Tone::TICKS,
                marker: false,
                level: Some(level),
                payload: self.tone.packet(clock).into(),
            }];
        }
        let mut packets = Vec::new();
        let makes = [Quality::Low, Quality::Medium, Quality::High].map(|layer| self.makes(layer));
        for (at, (quality, picture)) in self.layers.iter_mut().enumerate() {
            if !makes[*quality as usize] {
                continue;
            }
            let key = self.ticks == 1 || self.wants_key.remove(&(at as u8));
            let each = match self.medium {
                Medium::Sharp => SHARP[at],
                _ => usize::from(picture.size().0) * BYTES_PER_COLUMN,
            };
            let size = each * if key { 3 } else { 1 };
            let payloads = picture.frame(clock, key, size);
            let last = payloads.len() - 1;
            packets.extend(payloads.into_iter().enumerate().map(|(place, payload)| Packet {
                track,
                layer: Some(*quality),
                time: self.ticks * FRAME_TICKS,
                marker: place == last,
                level: None,
                payload: payload.into(),
            }));
        }
        packets
    }
}

impl Account {
    fn new(since: Instant) -> Self {
        Self {
            layers: BTreeMap::new(),
            stream: Flow::new(),
            layer: 0,
            silence: Duration::ZERO,
            slowest: Duration::ZERO,
            last: since,
            newest: None,
        }
    }

    fn arrived(&mut self, now: Instant, clock: Duration, stamp: &Stamp, sequence: u64) {
        self.layers.entry(stamp.layer).or_default().arrived(stamp.sequence.into());
        self.stream.arrived(sequence);
        // One that is sent again, or overtaken, says nothing of what flows now.
        if self.newest.is_none_or(|newest| sequence > newest) {
            (self.newest, self.layer) = (Some(sequence), stamp.layer);
        }
        self.silence = self.silence_by(now);
        self.slowest = self.slowest.max(clock.saturating_sub(stamp.sent));
        self.last = now;
    }

    /// The longest silence, that which lasts until now included.
    pub fn silence_by(&self, now: Instant) -> Duration {
        self.silence.max(now.saturating_duration_since(self.last))
    }
}

/// 15 frames a second, as an economical camera has.
const FRAME: Duration = Duration::from_micros(66_667);

/// What one frame adds to the RTP timestamp at 90 kHz.
const FRAME_TICKS: u32 = 6_000;

/// Bytes of a frame per column of pixels: makes the large layer some 300 kbit/s, two to four packets a frame.
const BYTES_PER_COLUMN: usize = 4;

/// Bytes of a frame in each layer of a good camera: 150, 600 and 2,400 kbit/s.
const SHARP: [usize; 3] = [1_250, 5_000, 20_000];

/// The level of somebody who speaks, in dBov.
const LOUD: i8 = -20;

/// The level of digital silence (RFC 6464).
const SILENT: i8 = -127;
