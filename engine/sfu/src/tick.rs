//! What happens by the clock: wake-ups of single peers, speakers, connection quality, layers that died or that nobody
//! wants, budgets.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use proto::{
    ParticipantId, RoomId,
    media::{Event, Kind, Speaker},
    quality::Unheard,
};

use crate::{
    Place, Sfu,
    egress::wire::Wire,
    forward::choice::LAYERS,
    hearing::Seen,
    peer::Peer,
    quality::{self, Facts},
    reports,
    slab::Key,
    speakers,
    track::Track,
};

/// When the common work is next done. While there are no rooms, nothing is.
#[derive(Default)]
pub(crate) struct Ticks {
    speakers: Option<Instant>,
    quality: Option<Instant>,
    reports: Option<Instant>,
    /// When it was last worked out what layers take.
    pub(crate) measured: Option<Instant>,
    late: Late,
    /// Whose turn it is to get reports.
    phase: u32,
}

/// How late this thread was: how long after the time that was asked for it came back.
#[derive(Default)]
struct Late {
    sum: Duration,
    times: u32,
}

impl Late {
    fn note(&mut self, due: Option<Instant>, now: Instant) {
        self.sum += due.map_or(Duration::ZERO, |due| now.saturating_duration_since(due));
        self.times += 1;
    }

    /// On average, since this was last asked.
    fn take(&mut self) -> Duration {
        let Self { sum, times } = std::mem::take(self);
        sum / times.max(1)
    }
}

impl Ticks {
    pub(crate) fn next(&self, needed: bool) -> Option<Instant> {
        [self.speakers, self.quality, self.reports].into_iter().flatten().min().filter(|_| needed)
    }

    /// Starts, if it stood still.
    pub(crate) fn start(&mut self, now: Instant) {
        self.speakers = self.speakers.max(Some(now + speakers::TICK));
        self.quality = self.quality.max(Some(now + quality::TICK));
        self.reports = self.reports.max(Some(now + reports::INTERVAL / reports::PHASES));
    }
}

impl Sfu {
    /// Does what is due: for each peer and each track behind a wall of its own, so that whatever breaks over one, the others
    /// have their turn, and what was found out about them is told.
    pub(crate) fn wake(&mut self) {
        let now = self.now;
        while let Some(key) = self.timers.pop_due(now) {
            self.walled_for(key, |sfu| {
                sfu.ask_for_sections(key);
                sfu.mark_dirty(key);
            });
        }
        if self.rooms.is_empty() {
            return;
        }
        self.keep_pace();
        if self.ticks.speakers.is_none_or(|at| at <= now) {
            self.ticks.late.note(self.ticks.speakers, now);
            self.ticks.speakers = Some(now + speakers::TICK);
            self.tell_speakers();
            self.for_each_peer(Self::look_for_silence);
            self.for_each_track(Self::tend);
            self.allot_all();
        }
        if self.ticks.quality.is_none_or(|at| at <= now) {
            self.ticks.quality = Some(now + quality::TICK);
            self.tell_quality();
        }
        if self.ticks.reports.is_none_or(|at| at <= now) {
            self.ticks.reports = Some(now + reports::INTERVAL / reports::PHASES);
            self.ticks.phase = (self.ticks.phase + 1) % reports::PHASES;
            let turn = self.ticks.phase;
            self.for_each_peer(|sfu, key| {
                if key.slot % reports::PHASES == turn {
                    sfu.pass(key, Place::Reports);
                    sfu.tell_reports(key);
                }
            });
        }
    }

    fn ask_for_sections(&mut self, key: Key<Peer>) {
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        if peer.transport.is_none() {
            return; // its first offer comes by itself
        }
        if let Some((audio, video)) = peer.sections.take_request(self.now) {
            let peer = peer.id;
            self.tell(Event::SectionsRequired { peer, audio, video });
        }
    }

    /// Tells who speaks, and whose open microphone nobody hears.
    fn tell_speakers(&mut self) {
        let mut speakers: BTreeMap<RoomId, Vec<Speaker>> = BTreeMap::new();
        let mut unheard: BTreeMap<RoomId, Vec<_>> = BTreeMap::new();
        self.for_each_peer(|sfu, key| {
            sfu.pass(key, Place::Tick);
            let Some((room, seen, change)) = sfu.listen(key) else {
                return;
            };
            speakers.entry(room).or_default().extend(change);
            unheard.entry(room).or_default().extend(sfu.look_for_unheard(key, seen));
        });
        for (room, changes) in speakers.into_iter().filter(|(_, changes)| !changes.is_empty()) {
            self.tell(Event::Speakers { room, changes });
        }
        for (room, changes) in unheard.into_iter().filter(|(_, changes)| !changes.is_empty()) {
            self.tell(Event::Unheard { room, changes });
        }
    }

    /// Looks at what came of somebody's sound since the last time, and what there is to tell of that.
    fn listen(&mut self, key: Key<Peer>) -> Option<(RoomId, Seen, Option<Speaker>)> {
        let peer = self.peers.get_mut(key)?;
        let mut loudness = 0.0_f32;
        let mut unmuted = false;
        let mut seen = Seen::default();
        for track in &peer.published {
            if let Some(track) = self.tracks.get_mut(*track).filter(|t| t.kind == Kind::Audio) {
                if track.is_voice() && !track.muted {
                    let (came, sounded) = track.voice.traces();
                    // Before it was ever connected it is on the way in.
                    seen.open |= peer.wire.is_some();
                    seen.came |= came;
                    seen.sounded |= sounded;
                }
                let loud = track.voice.take();
                if !track.muted {
                    unmuted = true;
                    loudness = loudness.max(loud);
                }
            }
        }
        let may_speak = unmuted && !peer.hidden;
        let change = if may_speak { peer.speaking.tick(loudness) } else { peer.speaking.hush() };
        seen.speaks = peer.speaking.is_active();
        if seen.speaks {
            peer.spoke = Some(self.now);
        }
        let change = change.map(|level| Speaker { peer: peer.id, level, active: level > 0.0 });
        Some((peer.room, seen, change))
    }

    /// Whether somebody's open microphone is heard, if that is news.
    fn look_for_unheard(&mut self, key: Key<Peer>, mut seen: Seen) -> Option<(ParticipantId, Option<Unheard>)> {
        self.pass(key, Place::Hearing);
        seen.untaken = seen.speaks && self.is_untaken(key);
        let peer = self.peers.get_mut(key)?;
        peer.hearing.look(self.now, seen).map(|why| (peer.id, why))
    }

    /// Whether others are there, and nobody who is takes the voice of this peer. Asked of those who speak alone.
    fn is_untaken(&self, key: Key<Peer>) -> bool {
        let there = |other: Key<Peer>| self.peers.get(other).is_some_and(|peer| peer.connected && !peer.hidden);
        let Some(peer) = self.peers.get(key) else {
            return false;
        };
        let members = self.rooms.get(&peer.room).map(|room| &room.members);
        let voices = || peer.published.iter().filter_map(|track| self.tracks.get(*track)).filter(|t| t.is_voice());
        let taken = |track: &Track| track.subscriptions.iter().any(|s| s.outlet.is_some() && there(s.peer));
        members.is_some_and(|members| members.iter().any(|other| *other != key && there(*other)))
            && !voices().any(taken)
    }

    fn look_for_silence(&mut self, key: Key<Peer>) {
        self.pass(key, Place::Silence);
        if self.peers.get(key).is_some_and(|peer| peer.connected && peer.is_silent(self.now)) {
            self.disconnected(key);
        }
    }

    fn tell_quality(&mut self) {
        let mut changes: BTreeMap<RoomId, Vec<_>> = BTreeMap::new();
        let mut samples: BTreeMap<RoomId, Vec<_>> = BTreeMap::new();
        let late = self.ticks.late.take();
        self.for_each_peer(|sfu, key| {
            let Some(peer) = sfu.peers.get_mut(key) else {
                return;
            };
            let facts = Facts {
                connected: peer.connected,
                round_trip: peer.wire.as_ref().and_then(Wire::round_trip),
                deficit: peer.allotment.deficit(),
                paused: peer.allotment.is_paused(),
                late,
                way: peer.way.path().map(|path| path.over.way()),
                unheard: peer.hearing.told(),
            };
            if let Some((sample, news)) = peer.line.judge(&facts) {
                samples.entry(peer.room).or_default().push((peer.id, sample));
                if news {
                    changes.entry(peer.room).or_default().push((peer.id, sample.verdict));
                }
            }
        });
        for (room, changes) in changes {
            self.tell(Event::Quality { room, changes });
        }
        for (room, samples) in samples {
            self.tell(Event::Measured { room, span: quality::TICK, samples });
        }
    }

    /// Turns subscriptions away from layers that have died, repeats requests that nothing came of, and tells which layers
    /// are wanted.
    fn tend(&mut self, key: Key<Track>) {
        self.aim(key);
        self.tell_layers_wanted(key);
    }

    /// Aims the subscriptions of one track anew and asks for the keyframes that takes.
    pub(crate) fn aim(&mut self, track: Key<Track>) {
        let now = self.now;
        let Some(track) = self.tracks.get_mut(track) else {
            return;
        };
        track.aim(now);
        let requests: Vec<_> = requests_of(track, now).collect();
        for (publisher, ssrc) in requests {
            self.request_keyframe(publisher, ssrc);
        }
    }
}

fn requests_of(track: &mut Track, now: Instant) -> impl Iterator<Item = (Key<Peer>, str0m::rtp::Ssrc)> {
    let publisher = track.publisher;
    LAYERS.into_iter().filter_map(move |layer| Some((publisher, track.take_request(now, layer)?)))
}
