//! From an offer to its answer: who sends what on which section, and what each of the others carries.

use std::collections::BTreeMap;

use proto::{
    ParticipantId, TrackId,
    media::{Event, ExpectedTrack, Kind},
};
use str0m::{Rtc, format::PayloadParams, media::Mid};

use crate::{
    Sfu, demux,
    egress::outlet::Outlet,
    peer::{
        Peer,
        answer::{self, Answer, Changes, Role},
        offer,
        sections::Assigned,
        transport::{Fault, Transport},
    },
    slab::Key,
    track::{Subscription, Track, means},
};

/// Why an offer got no answer.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error(transparent)]
    Oversize(#[from] offer::Oversize),
    #[error(transparent)]
    Broken(#[from] Fault),
}

/// What came of an offer.
struct Negotiated {
    answer: Answer,
    /// Subscriptions that got a section.
    assigned: Vec<Assigned>,
    /// Announced tracks that got a section.
    matched: Vec<(Mid, ExpectedTrack)>,
}

/// By section: the first payload type of the answer and its codec's name.
type FirstCodecs = BTreeMap<String, (u8, String)>;

impl Sfu {
    /// Answers an offer.
    pub(crate) fn offer(&mut self, id: ParticipantId, number: u32, sdp: &str) {
        let Some(key) = self.peers_by_id.get(&id).copied() else {
            return;
        };
        match self.negotiate(key, sdp) {
            Ok(Negotiated { answer, assigned, matched }) => {
                let failed = self.start_flows(key, &assigned);
                self.allot(key);
                let sections = self.carried(key);
                self.tell(Event::Answer { peer: id, id: number, sdp: answer.sdp, sections });
                self.publish(key, matched, &answer.first_codecs);
                for Assigned { track, .. } in assigned {
                    let Some(track) = self.tracks.get(track).map(|t| t.id) else {
                        continue;
                    };
                    if failed.contains(&track) {
                        self.drop_subscription(key, track);
                        self.tell(Event::SubscriptionFailed { peer: id, track });
                    } else {
                        self.tell(Event::Subscribed { peer: id, track });
                    }
                }
                if let Some(peer) = self.peers.get_mut(key) {
                    peer.sections.answered(self.now);
                }
            }
            Err(refused) => {
                tracing::info!(peer = %id, %refused, "an offer was refused");
                if matches!(refused, Refused::Broken(Fault::Panicked | Fault::Failed(_))) {
                    self.counted.peers_broken += 1;
                }
                self.end_transport(key);
                self.tell(Event::OfferRefused { peer: id, why: refused.to_string() });
            }
        }
        self.mark_dirty(key);
    }

    fn negotiate(&mut self, key: Key<Peer>, sdp: &str) -> Result<Negotiated, Refused> {
        let offered = offer::sections(sdp)?;
        let (now, shard) = (self.now, self.config.shard);
        let chance = &mut self.chance;
        let mut next_ufrag = || demux::ufrag(shard, key, chance.draw() as u32);
        let peer = self.peers.get_mut(key).expect("the caller has just found it by its id");
        let id = peer.id;

        let changed = peer.sections.update(&offered);
        let transport = match &mut peer.transport {
            Some(transport) => transport,
            none => none.insert(Box::new(Transport::open(&self.settings, now, next_ufrag())?)),
        };
        let assigned = peer.sections.assign();
        assigned.iter().for_each(|assigned| transport.renew_stream(assigned.mid));
        let raw = transport.accept(sdp, offered.iter().map(|section| section.mid), next_ufrag)?;

        for track in changed.displaced {
            if let Some(subscription) = self.tracks.get_mut(track).and_then(|t| t.subscription(key)) {
                subscription.displace();
            }
        }
        for track in changed.ended {
            if let Some(track) = self.tracks.get(track).map(|t| t.id) {
                self.tell(Event::TrackEnded { peer: id, track });
            }
            self.end_track(track);
        }
        self.forget_formats(key);
        let matched = self.match_expected(key);
        let changes = Changes {
            roles: self.roles(key, &matched),
            credentials: raw.restarted.as_ref().map(|c| (c.ufrag.as_str(), c.pass.as_str())),
            public: &self.config.public,
        };
        Ok(Negotiated { answer: answer::rewrite(&raw.sdp, &changes), assigned, matched })
    }

    /// An offer may have given codecs other numbers, for what a peer sends as for what it takes.
    fn forget_formats(&mut self, key: Key<Peer>) {
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        peer.sources.clear();
        for track in &peer.published {
            self.tracks.get_mut(*track).into_iter().for_each(Track::forget_formats);
        }
        for track in peer.taken.values() {
            let subscription = self.tracks.get_mut(*track).and_then(|track| track.subscription(key));
            subscription.into_iter().for_each(Subscription::forget_terms);
        }
    }

    /// Takes the announced tracks of a peer whose sections are there.
    pub(crate) fn match_expected(&mut self, key: Key<Peer>) -> Vec<(Mid, ExpectedTrack)> {
        let Some(peer) = self.peers.get_mut(key) else {
            return Vec::new();
        };
        let announced: Vec<(Kind, &[String])> = peer.expected.iter().map(|e| (e.kind, e.cids.as_slice())).collect();
        let mids = peer.sections.match_tracks(&announced);
        let (mut matched, mut left) = (Vec::new(), Vec::new());
        for (mid, expected) in mids.into_iter().zip(std::mem::take(&mut peer.expected)) {
            match mid {
                Some(mid) => matched.push((mid, expected)),
                None => left.push(expected),
            }
        }
        peer.expected = left;
        matched
    }

    /// What each section of an answer is for.
    fn roles(&self, key: Key<Peer>, matched: &[(Mid, ExpectedTrack)]) -> BTreeMap<String, Role> {
        let Some(peer) = self.peers.get(key) else {
            return BTreeMap::new();
        };
        let carries = |track: Option<Key<Track>>| {
            let track = track.and_then(|key| self.tracks.get(key))?;
            Some(Role::Carries { publisher: self.peers.get(track.publisher)?.id, track: track.id })
        };
        let receiving = peer.sections.slots().map(|(mid, track)| (mid, carries(track).unwrap_or(Role::Idle)));
        let sending = peer.sections.sending().map(|(mid, track)| {
            let bound = track.and_then(|key| self.tracks.get(key)).map(|track| &track.codecs);
            let codecs = bound.or_else(|| matched.iter().find(|(m, _)| *m == mid).map(|(_, e)| &e.codecs));
            (mid, Role::Receives { codecs: codecs.cloned().unwrap_or_default() })
        });
        receiving.chain(sending).map(|(mid, role)| (mid.to_string(), role)).collect()
    }

    /// Which section carries which track to a peer.
    fn carried(&self, key: Key<Peer>) -> BTreeMap<String, TrackId> {
        let slots = self.peers.get(key).into_iter().flat_map(|peer| peer.sections.slots());
        slots.filter_map(|(mid, track)| Some((mid.to_string(), self.tracks.get(track?)?.id))).collect()
    }

    /// Begins to publish announced tracks on their sections.
    pub(crate) fn publish(&mut self, key: Key<Peer>, matched: Vec<(Mid, ExpectedTrack)>, first: &FirstCodecs) {
        for (mid, expected) in matched {
            let Some(peer) = self.peers.get_mut(key) else {
                return;
            };
            let (id, kind, track_id) = (peer.id, expected.kind, expected.track);
            let named = first.get(&*mid);
            let codec = peer.transport.as_mut().and_then(|t| t.with(|rtc| first_format(rtc, mid, named)).ok()?);
            let name = named.map(|(_, name)| name.clone()).or_else(|| codec.map(|c| c.spec().codec.to_string()));
            let mut track = Track::new(peer.room, key, expected);
            track.codec = codec;
            track.record(peer.tap);
            let track = self.tracks.insert(track);
            peer.published.push(track);
            peer.sections.bind(mid, track);
            self.tracks_by_id.insert(track_id, track);
            let major = if kind == Kind::Audio { "audio" } else { "video" };
            let mime = format!("{major}/{}", name.unwrap_or_default());
            self.tell(Event::TrackPublished { peer: id, track: track_id, mime, mid: mid.to_string() });
        }
    }

    /// Lets tracks flow to a peer through the sections they were given. Returns those that it cannot decode.
    fn start_flows(&mut self, key: Key<Peer>, assigned: &[Assigned]) -> Vec<TrackId> {
        let mut failed = Vec::new();
        for Assigned { mid, track: track_key } in assigned {
            let Some(track) = self.tracks.get_mut(*track_key) else {
                continue;
            };
            let (id, codec) = (track.id, track.codec);
            let (Some(subscription), Some(peer)) = (track.subscription(key), self.peers.get_mut(key)) else {
                continue;
            };
            let opened = peer.transport.as_mut().and_then(|transport| {
                let outlet = Outlet::open(*mid, transport.stream(*mid)?);
                // A codec that is not known yet is found out with the packets.
                let fits = |rtc: &mut Rtc| codec.is_none_or(|codec| outlet.can_carry(rtc, codec));
                transport.with(fits).ok()?.then_some(outlet)
            });
            match opened {
                Some(outlet) => {
                    peer.remember_stream(outlet.ssrc(), *track_key);
                    subscription.flow_through(outlet);
                }
                None => failed.push(id),
            }
            self.begin_limited(key, *track_key);
            self.aim(*track_key);
        }
        failed
    }
}

/// The description of the codec that an answer put first on section `mid`.
fn first_format(rtc: &Rtc, mid: Mid, named: Option<&(u8, String)>) -> Option<PayloadParams> {
    let negotiated = rtc.media(mid)?.remote_pts();
    let fits = |p: &PayloadParams| named.map_or_else(|| negotiated.contains(&p.pt()), |(pt, _)| means(p, (*pt).into()));
    rtc.codec_config().find(fits).copied()
}
