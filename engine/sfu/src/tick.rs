//! What happens by the clock: wake-ups of single peers, speakers, connection quality, layers that died or that nobody
//! wants, budgets.

use std::{collections::BTreeMap, time::Instant};

use proto::{
    RoomId,
    media::{Event, Kind, Speaker},
};

use crate::{
    Place, Sfu, egress::wire::Wire, forward::choice::LAYERS, peer::Peer, quality, reports, slab::Key, speakers,
    track::Track,
};

/// When the common work is next done. While there are no rooms, nothing is.
#[derive(Default)]
pub(crate) struct Ticks {
    speakers: Option<Instant>,
    quality: Option<Instant>,
    reports: Option<Instant>,
    /// Whose turn it is to get reports.
    phase: u32,
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
        for (key, peer) in self.peers.iter_mut() {
            self.at_work = Some(peer.room);
            if cfg!(debug_assertions) && self.planted.take_if(|planted| *planted == (key, Place::Tick)).is_some() {
                panic!("planted by a test");
            }
            let mut loudness = 0.0_f32;
            let mut unmuted = false;
            for key in &peer.published {
                if let Some(track) = self.tracks.get_mut(*key).filter(|t| t.kind == Kind::Audio) {
                    let loud = track.voice.take();
                    if !track.muted {
                        unmuted = true;
                        loudness = loudness.max(loud);
                    }
                }
            }
            let may_speak = unmuted && !peer.hidden;
            let change = if may_speak { peer.speaking.tick(loudness) } else { peer.speaking.hush() };
            if peer.speaking.is_active() {
                peer.spoke = Some(self.now);
            }
            if let Some(level) = change {
                let speaker = Speaker { peer: peer.id, level, active: level > 0.0 };
                changes.entry(peer.room).or_default().push(speaker);
            }
        }
        for (room, changes) in changes {
            self.tell(Event::Speakers { room, changes });
        }
    }

    fn tell_silence(&mut self) {
        let now = self.now;
        let silent = |(key, peer): (Key<Peer>, &mut Peer)| (peer.connected && peer.is_silent(now)).then_some(key);
        let silent: Vec<Key<Peer>> = self.peers.iter_mut().filter_map(silent).collect();
        silent.into_iter().for_each(|key| self.disconnected(key));
    }

    fn tell_quality(&mut self) {
        let mut changes: BTreeMap<RoomId, Vec<_>> = BTreeMap::new();
        for (_, peer) in self.peers.iter_mut() {
            self.at_work = Some(peer.room);
            let round_trip = peer.wire.as_ref().and_then(Wire::round_trip);
            if let Some(verdict) = peer.line.judge(peer.connected, round_trip, peer.allotment.deficit()) {
                changes.entry(peer.room).or_default().push((peer.id, verdict));
            }
        }
        for (room, changes) in changes {
            self.tell(Event::Quality { room, changes });
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
