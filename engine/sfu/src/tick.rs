//! What happens by the clock: wake-ups of single peers, speakers, connection quality, layers that died or that nobody
//! wants, budgets.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use proto::{
    RoomId,
    media::{Event, Kind, Speaker},
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
    /// Does what is due.
    pub(crate) fn wake(&mut self) {
        let now = self.now;
        while let Some(key) = self.timers.pop_due(now) {
            self.work_for(key);
            self.ask_for_sections(key);
            self.mark_dirty(key);
        }
        self.at_work = None;
        if self.rooms.is_empty() {
            return;
        }
        self.keep_pace();
        self.at_work = None;
        if self.ticks.speakers.is_none_or(|at| at <= now) {
            self.ticks.late.note(self.ticks.speakers, now);
            self.ticks.speakers = Some(now + speakers::TICK);
            self.tell_speakers();
            self.tell_silence();
            self.aim_all();
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
            let turns = self.peers.iter_mut().map(|(key, _)| key).filter(|key| key.slot % reports::PHASES == turn);
            let turns: Vec<Key<Peer>> = turns.collect();
            for key in turns {
                self.work_for(key);
                self.pass(key, Place::Reports);
                self.tell_reports(key);
            }
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

    fn tell_speakers(&mut self) {
        let mut changes: BTreeMap<RoomId, Vec<Speaker>> = BTreeMap::new();
        let mut looks = Vec::new();
        for (peer_key, peer) in self.peers.iter_mut() {
            self.at_work = Some(peer.room);
            if cfg!(debug_assertions) && self.planted.take_if(|planted| *planted == (peer_key, Place::Tick)).is_some() {
                panic!("planted by a test");
            }
            let mut loudness = 0.0_f32;
            let mut unmuted = false;
            let mut seen = Seen::default();
            for key in &peer.published {
                if let Some(track) = self.tracks.get_mut(*key).filter(|t| t.kind == Kind::Audio) {
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
            looks.push((peer_key, seen));
            if let Some(level) = change {
                let speaker = Speaker { peer: peer.id, level, active: level > 0.0 };
                changes.entry(peer.room).or_default().push(speaker);
            }
        }
        for (room, changes) in changes {
            self.tell(Event::Speakers { room, changes });
        }
        self.tell_unheard(looks);
    }

    /// Tells whose open microphone nobody hears.
    fn tell_unheard(&mut self, looks: Vec<(Key<Peer>, Seen)>) {
        let mut changes: BTreeMap<RoomId, Vec<_>> = BTreeMap::new();
        for (key, mut seen) in looks {
            seen.untaken = seen.speaks && self.is_untaken(key);
            if let Some(peer) = self.peers.get_mut(key)
                && let Some(why) = peer.hearing.look(self.now, seen)
            {
                changes.entry(peer.room).or_default().push((peer.id, why));
            }
        }
        for (room, changes) in changes {
            self.tell(Event::Unheard { room, changes });
        }
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

    fn tell_silence(&mut self) {
        let now = self.now;
        let silent = |(key, peer): (Key<Peer>, &mut Peer)| (peer.connected && peer.is_silent(now)).then_some(key);
        let silent: Vec<Key<Peer>> = self.peers.iter_mut().filter_map(silent).collect();
        silent.into_iter().for_each(|key| self.disconnected(key));
    }

    fn tell_quality(&mut self) {
        let mut changes: BTreeMap<RoomId, Vec<_>> = BTreeMap::new();
        let mut samples: BTreeMap<RoomId, Vec<_>> = BTreeMap::new();
        let late = self.ticks.late.take();
        for (_, peer) in self.peers.iter_mut() {
            self.at_work = Some(peer.room);
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
        }
        for (room, changes) in changes {
            self.tell(Event::Quality { room, changes });
        }
        for (room, samples) in samples {
            self.tell(Event::Measured { room, span: quality::TICK, samples });
        }
    }

    /// Turns subscriptions away from layers that have died, and repeats requests that nothing came of.
    fn aim_all(&mut self) {
        let now = self.now;
        let mut requests = Vec::new();
        let mut wanted = Vec::new();
        for (_, track) in self.tracks.iter_mut() {
            self.at_work = Some(track.room);
            track.aim(now);
            requests.extend(requests_of(track, now));
            wanted.extend(track.layers_wanted(now).map(|layers| (track.publisher, track.id, layers)));
        }
        for (publisher, track, layers) in wanted {
            if let Some(peer) = self.peers.get(publisher).map(|peer| peer.id) {
                self.tell(Event::LayersWanted { peer, track, layers });
            }
        }
        for (publisher, ssrc) in requests {
            self.work_for(publisher);
            self.request_keyframe(publisher, ssrc);
        }
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
