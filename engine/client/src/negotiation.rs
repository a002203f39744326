//! Offers and answers: which sections there are, what waits to be offered, and what the last answer said.
//!
//! The client alone offers, one offer at a time. It keeps receiving sections ready before anybody needs them and offers
//! every unused one as `recvonly` again each time, so that the server can use it.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use proto::{
    TrackId,
    livekit::{MediaSectionsRequirement, SessionDescription},
    media::Kind,
};
use str0m::{
    Rtc,
    change::{SdpAnswer, SdpPendingOffer},
    channel::{ChannelConfig, Reliability},
    media::{Direction, MediaKind, Mid, Simulcast, SimulcastLayer},
};

use crate::{data, sending::Sending};

/// The state of the negotiation with the server.
#[derive(Debug)]
pub(crate) struct Negotiation {
    slots: Vec<(Mid, Kind)>,
    flying: Option<Flying>,
    /// An offer has to be made as soon as none is under way.
    wanted: bool,
    more: (u32, u32),
    retired: Vec<Mid>,
    restart: bool,
    last_id: u32,
}

#[derive(Debug)]
struct Flying {
    id: u32,
    pending: SdpPendingOffer,
    deadline: Instant,
}

/// What an answer says beyond its SDP: which section carries which track.
pub(crate) type Sections = BTreeMap<Mid, TrackId>;

impl Negotiation {
    /// Nothing offered yet; the first offer has [`FIRST_SLOTS`] sections of each kind and the data channels.
    pub(crate) fn new() -> Self {
        Self {
            slots: Vec::new(),
            flying: None,
            wanted: true,
            more: (FIRST_SLOTS, FIRST_SLOTS),
            retired: Vec::new(),
            restart: false,
            last_id: 0,
        }
    }

    /// The server asks for another offer, with this many receiving sections more than now.
    pub(crate) fn require(&mut self, more: MediaSectionsRequirement) {
        self.more = (more.num_audios.min(MOST_SLOTS), more.num_videos.min(MOST_SLOTS));
        self.wanted = true;
    }

    /// An own track is ready to be offered.
    pub(crate) fn want(&mut self) {
        self.wanted = true;
    }

    /// An own track ended: its section is offered as inactive.
    pub(crate) fn retire(&mut self, mid: Mid) {
        self.retired.push(mid);
        self.wanted = true;
    }

    /// The next offer brings new ICE credentials.
    pub(crate) fn restart_ice(&mut self) {
        self.restart = true;
        self.wanted = true;
    }

    /// The next offer, if one is due and none is under way.
    pub(crate) fn offer(&mut self, now: Instant, rtc: &mut Rtc, sending: &mut Sending) -> Option<SessionDescription> {
        if !self.wanted || self.flying.is_some() {
            return None;
        }
        self.wanted = false;
        let idle: Vec<Mid> = self.slots_where(rtc, |d| d != Direction::RecvOnly);
        let busy = self.slots_where(rtc, |d| d == Direction::RecvOnly).first().copied();
        let first = self.slots.is_empty();
        let mut changes = rtc.sdp_api();
        for mid in idle {
            changes.set_direction(mid, Direction::RecvOnly);
        }
        for mid in self.retired.drain(..) {
            changes.set_direction(mid, Direction::Inactive);
        }
        for (kind, count) in [(Kind::Audio, self.more.0), (Kind::Video, self.more.1)] {
            let there = self.slots.iter().filter(|(_, k)| *k == kind).count() as u32;
            for _ in 0..count.min(MOST_SLOTS.saturating_sub(there)) {
                let mid = changes.add_media(media_kind(kind), Direction::RecvOnly, None, None, None);
                self.slots.push((mid, kind));
            }
        }
        self.more = (0, 0);
        if first {
            for label in [data::LOSSY, data::RELIABLE, data::TRACKS] {
                changes.add_channel_with_config(channel(label));
            }
        }
        sending.offered(|track| {
            let layers = (track.layers.len() > 1).then(|| {
                let mut simulcast = Simulcast::new();
                simulcast.send =
                    track.layers.iter().map(|l| SimulcastLayer::new(crate::sending::rid(l.quality))).collect();
                simulcast
            });
            let stream = Some(track.source.name().to_owned());
            let kind = media_kind(track.codec.kind());
            changes.add_media(kind, Direction::SendOnly, stream, Some(track.cid.clone()), layers)
        });
        if std::mem::take(&mut self.restart) {
            changes.ice_restart(true);
        }
        if !changes.has_changes()
            && let Some(mid) = busy
        {
            // The server wants to answer, whatever we offer. str0m makes an offer only when something changed; there
            // and back again is a change that resets nothing, since this section never sends.
            changes.set_direction(mid, Direction::SendRecv);
            changes.set_direction(mid, Direction::RecvOnly);
        }
        let (offer, pending) = changes.apply()?;
        self.last_id += 1;
        self.flying = Some(Flying { id: self.last_id, pending, deadline: now + ANSWER_WITHIN });
        Some(SessionDescription {
            r#type: "offer".to_owned(),
            sdp: without_promises(&offer.to_sdp_string()),
            id: self.last_id,
            ..Default::default()
        })
    }

    /// Takes an answer. `None` when it answers no offer of ours.
    pub(crate) fn answer(&mut self, rtc: &mut Rtc, answer: &SessionDescription) -> Option<Result<Sections, String>> {
        let flying = self.flying.take_if(|f| answer.id == 0 || answer.id == f.id)?;
        let sdp = match SdpAnswer::from_sdp_string(&answer.sdp) {
            Ok(sdp) => sdp,
            Err(error) => return Some(Err(error.to_string())),
        };
        if let Err(error) = rtc.sdp_api().accept_answer(flying.pending, sdp) {
            return Some(Err(error.to_string()));
        }
        for (mid, _) in &self.slots {
            // str0m prepares to send on every section that it offers. Each stream costs time for every packet that
            // comes or goes, and these would never send.
            let ssrc = rtc.direct_api().stream_tx_by_mid(*mid, None).map(|s| s.ssrc());
            if let Some(ssrc) = ssrc {
                rtc.direct_api().remove_stream_tx(ssrc);
            }
        }
        let known = |mid: &str| self.slots.iter().map(|(m, _)| *m).find(|m| **m == *mid);
        let sections = answer.mid_to_track_id.iter();
        Some(Ok(sections.filter_map(|(mid, sid)| Some((known(mid)?, sid.parse().ok()?))).collect()))
    }

    /// The kind of a receiving section.
    pub(crate) fn kind(&self, mid: Mid) -> Option<Kind> {
        self.slots.iter().find(|(m, _)| *m == mid).map(|(_, k)| *k)
    }

    /// When the answer under way is overdue.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.flying.as_ref().map(|f| f.deadline)
    }

    fn slots_where(&self, rtc: &Rtc, wanted: impl Fn(Direction) -> bool) -> Vec<Mid> {
        let mids = self.slots.iter().map(|(mid, _)| *mid);
        mids.filter(|mid| rtc.media(*mid).is_some_and(|m| wanted(m.direction()))).collect()
    }
}

fn media_kind(kind: Kind) -> MediaKind {
    match kind {
        Kind::Audio => MediaKind::Audio,
        Kind::Video => MediaKind::Video,
    }
}

fn channel(label: &str) -> ChannelConfig {
    let reliable = label == data::RELIABLE;
    ChannelConfig {
        label: label.to_owned(),
        ordered: reliable,
        reliability: if reliable { Reliability::Reliable } else { Reliability::MaxRetransmits { retransmits: 0 } },
        ..Default::default()
    }
}

/// The offer without the promise to send anything on sections that only receive, as browsers write it.
fn without_promises(sdp: &str) -> String {
    let mut text = String::with_capacity(sdp.len());
    for section in sections(sdp) {
        let receives = section.contains("\r\na=recvonly\r\n");
        for line in section.split_inclusive("\r\n") {
            let promise = line.starts_with("a=msid:") || line.starts_with("a=ssrc");
            if !(receives && promise) {
                text.push_str(line);
            }
        }
    }
    text
}

/// The session part, then each media section.
fn sections(sdp: &str) -> impl Iterator<Item = &str> {
    let mut rest = sdp;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.find("\r\nm=").map_or(rest.len(), |at| at + 2);
        let (section, tail) = rest.split_at(end);
        rest = tail;
        Some(section)
    })
}

/// Receiving sections of each kind in the first offer, as the JavaScript SDK has them.
const FIRST_SLOTS: u32 = 3;

/// The most receiving sections of one kind: more than people can follow, and a bound on what a server can make us
/// allocate. What goes beyond is not offered.
const MOST_SLOTS: u32 = 256;

/// How long an answer may take: what the JavaScript SDK allows before it joins anew.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receiving_sections_promise_nothing() {
        let sdp = "v=0\r\ns=-\r\nm=audio 9 X 111\r\na=recvonly\r\na=msid:a b\r\na=ssrc:1 cname:x\r\nm=video 9 X 96\r\n\
                   a=sendonly\r\na=msid:c d\r\na=ssrc-group:FID 2 3\r\n";
        let expected = "v=0\r\ns=-\r\nm=audio 9 X 111\r\na=recvonly\r\nm=video 9 X 96\r\n\
                        a=sendonly\r\na=msid:c d\r\na=ssrc-group:FID 2 3\r\n";
        assert_eq!(without_promises(sdp), expected);
    }
}
