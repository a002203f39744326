//! Own tracks: from the wish to publish to the packet that leaves.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use proto::{
    Source, TrackId,
    livekit::{AddTrackRequest, SimulcastCodec, TrackSource, TrackType, VideoLayer, VideoQuality},
    media::{Kind, Quality},
};
use str0m::{
    Rtc,
    format::Codec as Encoding,
    media::{Mid, Pt},
    rtp::{ExtensionValues, RtpWrite},
};

use crate::words::{Codec, Packet, Track};

/// The tracks that this client publishes or wants to.
#[derive(Debug, Default)]
pub(crate) struct Sending {
    tracks: Vec<Own>,
}

#[derive(Debug)]
struct Own {
    track: Track,
    stage: Stage,
    /// Which layers anybody wants, lowest first.
    wanted: [bool; 3],
}

#[derive(Debug)]
enum Stage {
    /// The server was asked and has not answered.
    Asked,
    /// The server knows it; its section waits for the next offer.
    Known(TrackId),
    /// Its section is in the offer under way.
    Offered(TrackId, Mid),
    /// It is negotiated.
    Live(Live),
}

#[derive(Debug)]
struct Live {
    id: TrackId,
    mid: Mid,
    payload_type: Pt,
    /// The next sequence number of each layer.
    next: BTreeMap<Option<Quality>, u64>,
}

/// What became of the tracks in an offer that was answered.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Packets may be sent.
    Live {
        /// The client's own id.
        cid: String,
        /// The server's.
        id: TrackId,
    },
    /// The server takes no codec that we have for it.
    NoCodec {
        /// The client's own id.
        cid: String,
    },
}

impl Sending {
    /// Begins to publish; `None` when the id is taken, or too much is published.
    pub(crate) fn ask(&mut self, track: Track) -> Option<AddTrackRequest> {
        if self.tracks.len() >= MOST_TRACKS || self.tracks.iter().any(|own| own.track.cid == track.cid) {
            return None;
        }
        let request = add_track(&track);
        self.tracks.push(Own { track, stage: Stage::Asked, wanted: [true; 3] });
        Some(request)
    }

    /// The server gave a track its id; whether that was news.
    pub(crate) fn known(&mut self, cid: &str, id: TrackId) -> bool {
        let Some(own) = self.tracks.iter_mut().find(|own| own.track.cid == cid) else { return false };
        let asked = matches!(own.stage, Stage::Asked);
        if asked {
            own.stage = Stage::Known(id);
        }
        asked
    }

    /// The server refused a track.
    pub(crate) fn refused(&mut self, cid: &str) {
        self.tracks.retain(|own| own.track.cid != cid || !matches!(own.stage, Stage::Asked));
    }

    /// Puts each track that waits into the offer being made.
    pub(crate) fn offered(&mut self, mut section: impl FnMut(&Track) -> Mid) {
        for own in &mut self.tracks {
            if let Stage::Known(id) = own.stage {
                own.stage = Stage::Offered(id, section(&own.track));
            }
        }
    }

    /// The offer was answered.
    pub(crate) fn answered(&mut self, rtc: &Rtc) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        self.tracks.retain_mut(|own| {
            let Stage::Offered(id, mid) = own.stage else { return true };
            let cid = own.track.cid.clone();
            match payload_type(rtc, mid, own.track.codec) {
                Some(payload_type) => {
                    own.stage = Stage::Live(Live { id, mid, payload_type, next: BTreeMap::new() });
                    outcomes.push(Outcome::Live { cid, id });
                    true
                }
                None => {
                    outcomes.push(Outcome::NoCodec { cid });
                    false
                }
            }
        });
        outcomes
    }

    /// Ends a track. `None`: there is none; `Some(None)`: it had no section yet.
    pub(crate) fn remove(&mut self, id: TrackId) -> Option<Option<Mid>> {
        let at = self.tracks.iter().position(|own| own.stage.id() == Some(id))?;
        Some(match self.tracks.remove(at).stage {
            Stage::Live(live) => Some(live.mid),
            Stage::Offered(_, mid) => Some(mid),
            Stage::Asked | Stage::Known(_) => None,
        })
    }

    /// Whether `id` is one of ours.
    pub(crate) fn owns(&self, id: TrackId) -> bool {
        self.tracks.iter().any(|own| own.stage.id() == Some(id))
    }

    /// Notes which layers of a track anybody wants; whether it is one of ours.
    pub(crate) fn want(&mut self, id: TrackId, layers: [bool; 3]) -> bool {
        let own = self.tracks.iter_mut().find(|own| own.stage.id() == Some(id));
        own.map(|own| own.wanted = layers).is_some()
    }

    /// Whether anybody wants a packet. A track without layers is wanted or not as a whole, under any name.
    pub(crate) fn wants(&self, packet: &Packet) -> bool {
        let Some(own) = self.tracks.iter().find(|own| own.stage.id() == Some(packet.track)) else { return true };
        match packet.layer.filter(|_| own.track.layers.len() > 1) {
            Some(layer) => own.wanted[layer as usize],
            None => own.wanted.contains(&true),
        }
    }

    /// Hands a packet to the transport; whether it could be.
    pub(crate) fn write(&mut self, now: Instant, rtc: &mut Rtc, packet: Packet) -> bool {
        let Some((track, live)) = self.tracks.iter_mut().find_map(|own| match &mut own.stage {
            Stage::Live(live) if live.id == packet.track => Some((&own.track, live)),
            _ => None,
        }) else {
            return false;
        };
        let layer = packet.layer.filter(|_| track.layers.len() > 1);
        let rid = layer.map(|quality| rid(quality).into());
        let mut api = rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(live.mid, rid) else { return false };
        let next = live.next.entry(layer).or_insert(FIRST_SEQUENCE);
        let levels = ExtensionValues {
            audio_level: packet.level,
            voice_activity: packet.level.map(|l| l > VOICE),
            ..Default::default()
        };
        let write = RtpWrite::new(live.payload_type, (*next).into(), packet.time, now, packet.payload)
            .marker(packet.marker)
            .ext_vals(levels)
            .nackable(track.codec.kind() == Kind::Video);
        *next += 1;
        stream.write_rtp(write);
        true
    }

    /// The track and layer which a section and restriction id stand for.
    pub(crate) fn source(&self, mid: Mid, rid_: Option<&str>) -> Option<(TrackId, Option<Quality>)> {
        self.tracks.iter().find_map(|own| match &own.stage {
            Stage::Live(live) if live.mid == mid => {
                let layer = rid_.and_then(|r| own.track.layers.iter().map(|l| l.quality).find(|q| rid(*q) == r));
                Some((live.id, layer))
            }
            _ => None,
        })
    }
}

impl Stage {
    fn id(&self) -> Option<TrackId> {
        match self {
            Self::Asked => None,
            Self::Known(id) | Self::Offered(id, _) => Some(*id),
            Self::Live(live) => Some(live.id),
        }
    }
}

/// The restriction id of a layer, as LiveKit's SDKs name them.
pub(crate) fn rid(quality: Quality) -> &'static str {
    match quality {
        Quality::Low => "q",
        Quality::Medium => "h",
        Quality::High => "f",
    }
}

/// LiveKit's word for a layer.
pub(crate) fn video_quality(quality: Quality) -> VideoQuality {
    match quality {
        Quality::Low => VideoQuality::Low,
        Quality::Medium => VideoQuality::Medium,
        Quality::High => VideoQuality::High,
    }
}

fn payload_type(rtc: &Rtc, mid: Mid, codec: Codec) -> Option<Pt> {
    let agreed = rtc.media(mid)?.remote_pts();
    let encoding = match codec {
        Codec::Opus => Encoding::Opus,
        Codec::Vp8 => Encoding::Vp8,
        Codec::Vp9 => Encoding::Vp9,
        Codec::H264 => Encoding::H264,
        Codec::Av1 => Encoding::Av1,
    };
    rtc.codec_config().find(|p| p.spec().codec == encoding && agreed.contains(&p.pt())).map(|p| p.pt())
}

fn add_track(track: &Track) -> AddTrackRequest {
    let layers: Vec<VideoLayer> = track
        .layers
        .iter()
        .enumerate()
        .map(|(at, layer)| VideoLayer {
            quality: video_quality(layer.quality).into(),
            width: layer.width,
            height: layer.height,
            rid: if track.layers.len() > 1 { rid(layer.quality).to_owned() } else { String::new() },
            spatial_layer: at as i32,
            ..Default::default()
        })
        .collect();
    let largest = track.layers.last();
    let (kind, source) = match track.source {
        Source::Camera => (TrackType::Video, TrackSource::Camera),
        Source::Microphone => (TrackType::Audio, TrackSource::Microphone),
        Source::Screen => (TrackType::Video, TrackSource::ScreenShare),
        Source::ScreenAudio => (TrackType::Audio, TrackSource::ScreenShareAudio),
    };
    let codecs = match track.codec.kind() {
        Kind::Audio => Vec::new(),
        Kind::Video => vec![SimulcastCodec {
            codec: track.codec.name().to_owned(),
            cid: track.cid.clone(),
            layers: layers.clone(),
            ..Default::default()
        }],
    };
    AddTrackRequest {
        cid: track.cid.clone(),
        name: track.name.clone(),
        r#type: kind.into(),
        source: source.into(),
        width: largest.map_or(0, |l| l.width),
        height: largest.map_or(0, |l| l.height),
        muted: track.muted,
        layers,
        simulcast_codecs: codecs,
        disable_red: true,
        ..Default::default()
    }
}

/// The most own tracks: as many announcements as LiveKit's server lets wait, and far more than a person has devices.
const MOST_TRACKS: usize = 20;

/// The first sequence number. SRTP wants it in the first of its rounds, so below 65536; small, so that a round lasts.
const FIRST_SEQUENCE: u64 = 1;

/// From which level on a packet says that somebody speaks, in dBov: what browsers' detectors make of quiet speech.
const VOICE: i8 = -50;

/// How long the server may take to connect media before the stay counts as failed: as the JavaScript SDK has it.
pub(crate) const CONNECT_WITHIN: Duration = Duration::from_secs(15);
