//! Tracks of others: which section carries which, and what arrives there.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use proto::{TrackId, media::Kind};
use str0m::{
    Rtc,
    format::Codec as Encoding,
    media::{KeyframeRequestKind, Mid},
    rtp::{RtpPacket, Ssrc},
};

use crate::{
    negotiation::{Negotiation, Sections},
    synthetic::starts_keyframe,
    words::Received,
};

/// What the last answer said, and the streams found since.
#[derive(Debug, Default)]
pub(crate) struct Receiving {
    sections: Sections,
    streams: BTreeMap<Ssrc, Stream>,
}

#[derive(Debug)]
struct Stream {
    mid: Mid,
    track: TrackId,
    kind: Kind,
    /// The decoder has seen a keyframe, or needs none.
    started: bool,
    asked: Option<Instant>,
}

/// How subscriptions changed with an answer.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    /// New ones.
    pub(crate) begun: Vec<(Mid, TrackId)>,
    /// Ended ones.
    pub(crate) ended: Vec<TrackId>,
}

impl Receiving {
    /// Takes the sections of an answer, which replace all from before.
    pub(crate) fn assign(&mut self, sections: Sections) -> Change {
        let gone = |(mid, track): &(&Mid, &TrackId)| sections.get(mid) != Some(track);
        let ended: Vec<TrackId> = self.sections.iter().filter(gone).map(|(_, t)| *t).collect();
        let new = |(mid, track): &(&Mid, &TrackId)| self.sections.get(mid) != Some(track);
        let begun = sections.iter().filter(new).map(|(m, t)| (*m, *t)).collect();
        self.sections = sections;
        self.streams.retain(|_, s| self.sections.get(&s.mid) == Some(&s.track));
        Change { begun, ended }
    }

    /// A packet arrived: what the application gets, and whether a keyframe was asked for.
    pub(crate) fn packet(
        &mut self,
        now: Instant,
        rtc: &mut Rtc,
        negotiation: &Negotiation,
        packet: RtpPacket,
    ) -> Option<(Received, bool)> {
        let ssrc = packet.header.ssrc;
        if !self.streams.contains_key(&ssrc) {
            let mid = packet.header.ext_vals.mid.or_else(|| Some(rtc.direct_api().stream_rx(&ssrc)?.mid()))?;
            let track = *self.sections.get(&mid)?;
            let kind = negotiation.kind(mid)?;
            if self.streams.len() >= MOST_STREAMS {
                return None;
            }
            let started = kind == Kind::Audio;
            self.streams.insert(ssrc, Stream { mid, track, kind, started, asked: None });
        }
        let stream = self.streams.get_mut(&ssrc)?;
        let asks = !stream.started && stream.waits_for_keyframe(now, rtc, &packet);
        if asks {
            ask(rtc, ssrc);
        }
        let received = Received {
            track: stream.track,
            kind: stream.kind,
            sequence: *packet.seq_no,
            time: packet.header.timestamp,
            marker: packet.header.marker,
            payload: packet.payload,
        };
        Some((received, asks))
    }

    /// Asks for a keyframe of a track; whether it has a stream.
    pub(crate) fn ask_for_keyframe(&mut self, rtc: &mut Rtc, track: TrackId) -> bool {
        let found = self.streams.iter().find(|(_, s)| s.track == track && s.kind == Kind::Video);
        found.map(|(ssrc, _)| ask(rtc, *ssrc)).is_some()
    }
}

impl Stream {
    /// As a decoder that cannot start does: asks at once, and again while nothing comes.
    fn waits_for_keyframe(&mut self, now: Instant, rtc: &Rtc, packet: &RtpPacket) -> bool {
        let pt = packet.header.payload_type;
        let vp8 = rtc.codec_config().find(|p| p.pt() == pt).is_some_and(|p| p.spec().codec == Encoding::Vp8);
        self.started = if vp8 { starts_keyframe(&packet.payload) } else { self.asked.is_some() };
        let patient = self.asked.is_some_and(|at| now < at + ASK_AGAIN);
        if self.started || patient {
            return false;
        }
        self.asked = Some(now);
        true
    }
}

fn ask(rtc: &mut Rtc, ssrc: Ssrc) {
    if let Some(stream) = rtc.direct_api().stream_rx(&ssrc) {
        stream.request_keyframe(KeyframeRequestKind::Pli);
    }
}

/// The most streams at once. Each belongs to a section that we offered; this bounds what a broken server can add.
const MOST_STREAMS: usize = 1024;

/// How long a decoder waits before it asks for a keyframe again, about as browsers do.
const ASK_AGAIN: Duration = Duration::from_millis(500);

#[cfg(test)]
mod tests {
    use proto::id::IdSource;

    use super::*;

    #[test]
    fn an_answer_replaces_all_sections() {
        let mut ids = IdSource::new(1);
        let (a, b): (TrackId, TrackId) = (ids.next(0), ids.next(0));
        let (one, two) = (Mid::from("1"), Mid::from("2"));
        let mut receiving = Receiving::default();
        assert_eq!(receiving.assign([(one, a)].into()).begun, [(one, a)]);
        let change = receiving.assign([(one, b), (two, a)].into());
        assert_eq!(change, Change { begun: vec![(one, b), (two, a)], ended: vec![a] });
        assert_eq!(receiving.assign([(one, b), (two, a)].into()), Change::default());
    }
}
