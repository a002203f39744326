//! One track of a publisher: announced, then live.
//!
//! Whether it may be published is `room::roles`; who takes it is `subscription`.

use proto::{
    TrackId,
    api::Allowed,
    livekit,
    media::{ExpectedTrack, Kind, Layer, Quality},
};

use super::source_of;
use crate::{
    config::{LIST, SHORT_TEXT},
    room::roles,
};

/// The codecs that publishers may send, best known first, as [`livekit::JoinResponse`] lists them.
pub(crate) const CODECS: [&str; 6] = ["audio/opus", "audio/red", "video/VP8", "video/VP9", "video/AV1", "video/H264"];

/// Sound with copies of earlier sound (RFC 2198), as the media thread names it.
const RED: &str = "red";

/// How far a track has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// `add_track` was answered; its section is not there yet, and others do not know of it.
    Announced,
    /// It has a section: others may take it.
    Live,
}

/// One track.
#[derive(Debug)]
pub(crate) struct Track {
    /// Its id.
    pub(crate) id: TrackId,
    /// The client's own id for it.
    pub(crate) cid: String,
    /// How far it has come.
    pub(crate) stage: Stage,
    /// How clients see it.
    pub(crate) described: livekit::TrackInfo,
    /// Whether its publisher was told that somebody takes it.
    pub(crate) taken_once: bool,
    /// Which layers its publisher was told to be wanted, lowest first; none yet while it was told nothing.
    pub(crate) layers_wanted: Option<[bool; 3]>,
}

/// Why an announcement cannot be a track here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// A text in it is too long, or the client id is missing.
    Malformed,
    /// It is neither sound nor pictures, or a second codec for a track that is there.
    Unsupported,
}

impl Track {
    /// The track that a client announced, and what the media thread has to know of it.
    pub(crate) fn announced(id: TrackId, request: &livekit::AddTrackRequest) -> Result<(Self, ExpectedTrack), Unfit> {
        let codecs = || request.simulcast_codecs.iter().take(LIST);
        let texts = [&request.cid, &request.name, &request.stream];
        let short = texts.into_iter().chain(codecs().flat_map(|c| [&c.codec, &c.cid])).all(|t| t.len() <= SHORT_TEXT);
        if request.cid.is_empty() || !short {
            return Err(Unfit::Malformed);
        }
        if !request.sid.is_empty() {
            return Err(Unfit::Unsupported);
        }
        let kind = match livekit::TrackType::try_from(request.r#type) {
            Ok(livekit::TrackType::Audio) => Kind::Audio,
            Ok(livekit::TrackType::Video) => Kind::Video,
            Ok(livekit::TrackType::Data) | Err(_) => return Err(Unfit::Unsupported),
        };
        let described = describe(id, kind, request);
        let mut cids = vec![request.cid.clone()];
        cids.extend(codecs().map(|codec| &codec.cid).filter(|cid| !cid.is_empty() && **cid != request.cid).cloned());
        let expected = ExpectedTrack {
            track: id,
            kind,
            source: source_of(request.source),
            cids,
            codecs: wanted(kind, request),
            layers: described.codecs.first().map_or(Vec::new(), |codec| layers(&codec.layers)),
            muted: request.muted,
        };
        let cid = request.cid.clone();
        let (stage, taken_once, layers_wanted) = (Stage::Announced, false, None);
        let track = Self { id, cid, stage, described, taken_once, layers_wanted };
        Ok((track, expected))
    }

    /// Whether others may take it.
    pub(crate) fn is_live(&self) -> bool {
        self.stage == Stage::Live
    }

    /// What its publisher is to be told of the layers that anybody wants, if anything.
    #[expect(deprecated, reason = "clients from before 2023 read `subscribed_qualities`")]
    pub(crate) fn subscribed_quality(&self) -> Option<livekit::SubscribedQualityUpdate> {
        let layers = self.layers_wanted?;
        let quality = |(quality, enabled)| livekit::SubscribedQuality { quality, enabled };
        let qualities: Vec<_> = (0..).zip(layers).map(quality).collect();
        // Clients compare this with the name under which they announced the codec.
        let codec = bare(&self.described.mime_type).to_lowercase();
        Some(livekit::SubscribedQualityUpdate {
            track_sid: self.id.to_string(),
            subscribed_qualities: qualities.clone(),
            subscribed_codecs: vec![livekit::SubscribedCodec { codec, qualities }],
        })
    }

    /// Its section is there.
    pub(crate) fn begin(&mut self, mime: &str, mid: &str) {
        self.stage = Stage::Live;
        let described = &mut self.described;
        mime.clone_into(&mut described.mime_type);
        mid.clone_into(&mut described.mid);
        // The codec that was negotiated comes first; a client publishes the others only when asked to.
        if let Some(at) = described.codecs.iter().position(|codec| codec.mime_type.eq_ignore_ascii_case(mime)) {
            described.codecs.swap(0, at);
        }
        if let Some(codec) = described.codecs.first_mut() {
            mime.clone_into(&mut codec.mime_type);
            mid.clone_into(&mut codec.mid);
        }
    }
}

/// The codecs that a client wants to send, best first. Sound comes with copies of earlier sound (RED) unless the client
/// or what it encrypts rules that out: at 5 % loss nothing is missing then, and twice a microphone is still little.
fn wanted(kind: Kind, request: &livekit::AddTrackRequest) -> Vec<String> {
    let encrypted = request.encryption != i32::from(livekit::encryption::Type::None);
    let copies = kind == Kind::Audio && !request.disable_red && !encrypted;
    let named = request.simulcast_codecs.iter().take(LIST).filter_map(|codec| mime(kind, &codec.codec));
    copies.then(|| RED.to_owned()).into_iter().chain(named.map(|mime| bare(mime).to_lowercase())).collect()
}

#[expect(deprecated, reason = "clients from before 2025 read `simulcast`, `layers`, `stereo` and `disable_dtx`")]
fn describe(id: TrackId, kind: Kind, request: &livekit::AddTrackRequest) -> livekit::TrackInfo {
    let layers_of = |layers: &[livekit::VideoLayer]| -> Vec<livekit::VideoLayer> {
        let chosen = if layers.is_empty() { &request.layers[..] } else { layers };
        chosen.iter().take(LIST).cloned().collect()
    };
    let mut codecs: Vec<livekit::SimulcastCodecInfo> = request
        .simulcast_codecs
        .iter()
        .take(LIST)
        .filter_map(|codec| {
            Some(livekit::SimulcastCodecInfo {
                mime_type: mime(kind, &codec.codec)?.to_owned(),
                cid: codec.cid.clone(),
                layers: layers_of(&codec.layers),
                video_layer_mode: codec.video_layer_mode,
                ..livekit::SimulcastCodecInfo::default()
            })
        })
        .collect();
    if codecs.is_empty() {
        codecs.push(livekit::SimulcastCodecInfo {
            // Only sound has one codec; which pictures it will be is known when the section is.
            mime_type: if kind == Kind::Audio { CODECS[0].to_owned() } else { String::new() },
            cid: request.cid.clone(),
            layers: layers_of(&[]),
            ..livekit::SimulcastCodecInfo::default()
        });
    }
    let stream = if request.stream.is_empty() { stream(request.source) } else { &request.stream };
    livekit::TrackInfo {
        sid: id.to_string(),
        r#type: request.r#type,
        name: request.name.clone(),
        muted: request.muted,
        width: request.width,
        height: request.height,
        simulcast: kind == Kind::Video && codecs[0].layers.len() > 1,
        disable_dtx: request.disable_dtx,
        source: livekit::TrackSource::try_from(request.source).unwrap_or_default().into(),
        layers: codecs[0].layers.clone(),
        mime_type: codecs[0].mime_type.clone(),
        codecs,
        stereo: request.stereo,
        disable_red: request.disable_red,
        encryption: livekit::encryption::Type::try_from(request.encryption).unwrap_or_default().into(),
        stream: stream.to_owned(),
        audio_features: known::<livekit::AudioTrackFeature>(&request.audio_features),
        backup_codec_policy: livekit::BackupCodecPolicy::try_from(request.backup_codec_policy)
            .unwrap_or_default()
            .into(),
        packet_trailer_features: known::<livekit::PacketTrailerFeature>(&request.packet_trailer_features),
        ..livekit::TrackInfo::default()
    }
}

/// Those numbers of a list that its kind has: clients of a later protocol may send others, which we could not tell anybody.
pub(crate) fn known<Kind: TryFrom<i32>>(numbers: &[i32]) -> Vec<i32> {
    numbers.iter().copied().filter(|number| Kind::try_from(*number).is_ok()).take(LIST).collect()
}

/// Which use of the media plane a track is. One that names no source counts by its kind.
pub(crate) fn what_of(track: &livekit::TrackInfo) -> Allowed {
    match source_of(track.source) {
        Some(source) => roles::use_of(source),
        None if track.r#type() == livekit::TrackType::Audio => Allowed::Microphone,
        None => Allowed::Camera,
    }
}

/// The stream of a track that names none: what is recorded together plays together.
fn stream(source: i32) -> &'static str {
    match livekit::TrackSource::try_from(source).unwrap_or(livekit::TrackSource::Unknown) {
        livekit::TrackSource::Camera | livekit::TrackSource::Microphone => "camera",
        livekit::TrackSource::ScreenShare | livekit::TrackSource::ScreenShareAudio => "screen_share",
        livekit::TrackSource::Unknown => "",
    }
}

/// The full name of a codec that a client names `vp9`, `VP9` or `video/VP9`; `None` for those we do not carry.
fn mime(kind: Kind, codec: &str) -> Option<&'static str> {
    let family = match kind {
        Kind::Audio => "audio/",
        Kind::Video => "video/",
    };
    CODECS.into_iter().find(|mime| mime.starts_with(family) && bare(mime).eq_ignore_ascii_case(bare(codec)))
}

fn bare(codec: &str) -> &str {
    codec.rsplit('/').next().unwrap_or(codec)
}

/// One layer of each quality; a second one of the same quality is dropped, and so is what is no layer.
fn layers(announced: &[livekit::VideoLayer]) -> Vec<Layer> {
    let mut layers: Vec<Layer> = Vec::new();
    for layer in announced {
        let quality = quality(layer.quality).filter(|quality| layers.iter().all(|known| known.quality != *quality));
        layers.extend(quality.map(|quality| Layer { quality, width: layer.width, height: layer.height }));
    }
    layers
}

/// The layer that a number stands for; `None` for "off" and for what is no number of a layer.
pub(crate) fn quality(number: i32) -> Option<Quality> {
    match livekit::VideoQuality::try_from(number) {
        Ok(livekit::VideoQuality::Low) => Some(Quality::Low),
        Ok(livekit::VideoQuality::Medium) => Some(Quality::Medium),
        Ok(livekit::VideoQuality::High) => Some(Quality::High),
        Ok(livekit::VideoQuality::Off) | Err(_) => None,
    }
}
