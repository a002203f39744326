//! What clients say of themselves made fit to be told: a number that has no name cannot be written, and nobody's own words fill the
//! database.

use std::collections::HashMap;

use proto::livekit::{
    AudioTrackFeature, BackupCodecPolicy, DataTrackInfo, DisconnectReason, PacketTrailerFeature, ParticipantInfo,
    SimulcastCodecInfo, TrackInfo, TrackSource, TrackType, VideoLayer, VideoQuality, WebhookEvent, client_info,
    data_track_frame_encoding::{self, WellKnownFrameEncoding},
    data_track_schema_encoding::{self, WellKnownSchemaEncoding},
    encryption, participant_info, video_layer,
};

/// Makes it fit: numbers without a name go, and words beyond [`WORDS`].
pub(super) fn fit(event: &mut WebhookEvent) {
    let mut left = WORDS;
    if let Some(participant) = &mut event.participant {
        shorten(&mut participant.metadata, &mut left);
        shorten_all(&mut participant.attributes, &mut left);
        fit_participant(participant);
    }
    if let Some(room) = &mut event.room {
        shorten(&mut room.metadata, &mut left);
    }
    if let Some(track) = &mut event.track {
        fit_track(track);
    }
}

/// Leaves a text out that does not fit in what is left: half a text is no text.
fn shorten(text: &mut String, left: &mut usize) {
    match left.checked_sub(text.len()) {
        Some(less) => *left = less,
        None => text.clear(),
    }
}

fn shorten_all(texts: &mut HashMap<String, String>, left: &mut usize) {
    match left.checked_sub(texts.iter().map(|(name, text)| name.len() + text.len()).sum()) {
        Some(less) => *left = less,
        None => texts.clear(),
    }
}

fn fit_participant(participant: &mut ParticipantInfo) {
    known::<participant_info::State>(&mut participant.state);
    known::<participant_info::Kind>(&mut participant.kind);
    known::<DisconnectReason>(&mut participant.disconnect_reason);
    all_known::<participant_info::KindDetail>(&mut participant.kind_details);
    all_known::<client_info::Capability>(&mut participant.capabilities);
    if let Some(permission) = &mut participant.permission {
        all_known::<TrackSource>(&mut permission.can_publish_sources);
    }
    participant.tracks.iter_mut().for_each(fit_track);
    participant.data_tracks.iter_mut().for_each(fit_data_track);
}

#[expect(deprecated, reason = "clients of before use the field all the same")]
fn fit_track(track: &mut TrackInfo) {
    known::<TrackType>(&mut track.r#type);
    known::<TrackSource>(&mut track.source);
    known::<encryption::Type>(&mut track.encryption);
    known::<BackupCodecPolicy>(&mut track.backup_codec_policy);
    all_known::<AudioTrackFeature>(&mut track.audio_features);
    all_known::<PacketTrailerFeature>(&mut track.packet_trailer_features);
    track.layers.iter_mut().for_each(fit_layer);
    for SimulcastCodecInfo { layers, video_layer_mode, .. } in &mut track.codecs {
        known::<video_layer::Mode>(video_layer_mode);
        layers.iter_mut().for_each(fit_layer);
    }
}

fn fit_layer(layer: &mut VideoLayer) {
    known::<VideoQuality>(&mut layer.quality);
}

fn fit_data_track(track: &mut DataTrackInfo) {
    known::<encryption::Type>(&mut track.encryption);
    if let Some(data_track_frame_encoding::Value::WellKnown(number)) =
        track.frame_encoding.as_mut().and_then(|encoding| encoding.value.as_mut())
    {
        known::<WellKnownFrameEncoding>(number);
    }
    let encoding = track.schema.as_mut().and_then(|schema| schema.encoding.as_mut());
    if let Some(data_track_schema_encoding::Value::WellKnown(number)) =
        encoding.and_then(|encoding| encoding.value.as_mut())
    {
        known::<WellKnownSchemaEncoding>(number);
    }
}

/// A number without a name is as good as none said: 0.
fn known<E: TryFrom<i32>>(number: &mut i32) {
    if E::try_from(*number).is_err() {
        *number = 0;
    }
}

fn all_known<E: TryFrom<i32>>(numbers: &mut Vec<i32>) {
    numbers.retain(|number| E::try_from(*number).is_ok());
}

/// So many bytes of metadata and attributes are told with one event: they may be 128 kB, and come with each event of whoever has them.
const WORDS: usize = 4_096;

#[cfg(test)]
mod tests {
    use proto::livekit::{
        DataTrackFrameEncoding, DataTrackSchemaEncoding, DataTrackSchemaId, ParticipantPermission, Room,
    };
    use serde_json::{Value, json};

    use super::*;

    fn layer() -> VideoLayer {
        VideoLayer { quality: 99, width: 640, ..VideoLayer::default() }
    }

    #[expect(deprecated, reason = "clients of before use the field all the same")]
    fn track() -> TrackInfo {
        TrackInfo {
            sid: "TR_1".to_owned(),
            r#type: 99,
            source: 99,
            encryption: 99,
            backup_codec_policy: 99,
            audio_features: vec![99, AudioTrackFeature::TfStereo.into()],
            packet_trailer_features: vec![99],
            layers: vec![layer()],
            codecs: vec![SimulcastCodecInfo {
                layers: vec![layer()],
                video_layer_mode: 99,
                ..SimulcastCodecInfo::default()
            }],
            ..TrackInfo::default()
        }
    }

    #[test]
    fn numbers_without_a_name_are_left_out() {
        let frame = data_track_frame_encoding::Value::WellKnown(99);
        let schema = data_track_schema_encoding::Value::WellKnown(99);
        let data_track = DataTrackInfo {
            encryption: 99,
            frame_encoding: Some(DataTrackFrameEncoding { value: Some(frame) }),
            schema: Some(DataTrackSchemaId {
                encoding: Some(DataTrackSchemaEncoding { value: Some(schema) }),
                ..DataTrackSchemaId::default()
            }),
            ..DataTrackInfo::default()
        };
        let participant = ParticipantInfo {
            sid: "PA_1".to_owned(),
            state: 99,
            kind: 99,
            disconnect_reason: -1,
            kind_details: vec![99],
            capabilities: vec![99, client_info::Capability::CapPacketTrailer.into(), i32::MIN],
            permission: Some(ParticipantPermission {
                can_publish_sources: vec![99, TrackSource::Camera.into()],
                ..ParticipantPermission::default()
            }),
            tracks: vec![track()],
            data_tracks: vec![data_track],
            ..ParticipantInfo::default()
        };
        let mut event =
            WebhookEvent { participant: Some(participant), track: Some(track()), ..WebhookEvent::default() };
        assert!(serde_json::to_value(&event).is_err(), "else there would be nothing to do here");
        fit(&mut event);
        let told = serde_json::to_value(&event).unwrap();
        assert_eq!(told["participant"]["capabilities"], json!(["CAP_PACKET_TRAILER"]));
        assert_eq!(told["participant"]["permission"]["canPublishSources"], json!(["CAMERA"]));
        assert_eq!(told["participant"]["tracks"][0], told["track"]);
        assert_eq!(told["track"]["audioFeatures"], json!(["TF_STEREO"]));
        assert_eq!(told["track"]["layers"], json!([{"width": 640}]));
        for absent in ["type", "source", "encryption", "backupCodecPolicy", "packetTrailerFeatures"] {
            assert_eq!(told["track"].get(absent).filter(|value| **value != json!([])), None, "{absent}");
        }
    }

    #[test]
    fn words_beyond_a_bound_are_left_out() {
        let told = |metadata: usize, attributes: usize, of_room: usize| {
            let participant = ParticipantInfo {
                metadata: "m".repeat(metadata),
                attributes: HashMap::from([("k".to_owned(), "v".repeat(attributes))]),
                ..ParticipantInfo::default()
            };
            let room = Room { metadata: "r".repeat(of_room), ..Room::default() };
            let mut event =
                WebhookEvent { room: Some(room), participant: Some(participant), ..WebhookEvent::default() };
            fit(&mut event);
            let value: Value = serde_json::to_value(event).unwrap();
            let is_there = |whose: &str, what: &str| value[whose].get(what).is_some();
            [is_there("participant", "metadata"), is_there("participant", "attributes"), is_there("room", "metadata")]
        };
        assert_eq!(told(1_000, 2_999, 96), [true, true, true]);
        assert_eq!(told(1_000, 2_999, 97), [true, true, false]);
        assert_eq!(told(1_000, 3_096, 97), [true, false, true]);
        assert_eq!(told(4_097, 99, 99), [false, true, true]);
        assert_eq!(told(65_536, 65_536, 65_536), [false, false, false]);
    }
}
