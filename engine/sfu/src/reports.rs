//! Reports (RTCP) between us and subscribers, about what we send them.
//!
//! What they say is read here, and str0m is not woken for it; what is about their own sending goes on to str0m. Our
//! sender reports leave once a second for each peer, all of its streams in one datagram.

use std::time::{Duration, UNIX_EPOCH};

use proto::media::Kind;
use str0m::media::SenderFeedback;

use crate::{
    Sfu,
    egress::{
        feedback::{self, Feedback, Reception},
        guard::Told,
        outlet::SourceClock,
    },
    path::Path,
    peer::{Peer, way::Heard},
    slab::Key,
    track::{Track, layer_of_rid},
};

impl Sfu {
    /// Takes in a datagram with reports. Returns whether str0m has to see it, too.
    pub(crate) fn report_arrived(&mut self, key: Key<Peer>, path: Path, datagram: &[u8]) -> bool {
        let Some(peer) = self.peers.get_mut(key) else {
            return false;
        };
        let Some(reports) = peer.wire.as_mut().and_then(|wire| wire.open(datagram)) else {
            return false; // before there are keys, damaged, or not for the first time
        };
        peer.heard = Some(self.now);
        self.hear(key, path, Heard::Content);
        feedback::read(&reports, |said| match said {
            Feedback::Reception(block) => self.reception(key, block),
            Feedback::Missing { ssrc, entries } => self.missing(key, ssrc, entries),
            Feedback::Arrivals { body } => self.arrivals(key, body),
            Feedback::Picture { ssrc } => self.picture_lost(key, ssrc),
        });
        let passes = feedback::concerns_sending(&reports);
        if let Some(wire) = self.peers.get_mut(key).and_then(|peer| peer.wire.as_mut()) {
            wire.give_back(reports);
        }
        passes
    }

    /// Notes what a publisher said of its clock.
    pub(crate) fn clock_told(&mut self, key: Key<Peer>, report: &SenderFeedback) {
        let track = self.peers.get(key).and_then(|peer| peer.sections.sent(report.mid));
        let Some(track) = track.and_then(|track| self.tracks.get_mut(track)) else {
            return;
        };
        // The time of a day long past is no clock, and no pair of times either.
        let Ok(wall) = report.sender_info.ntp_time.duration_since(UNIX_EPOCH) else {
            return;
        };
        let seconds = (wall.as_secs() + FROM_1900_TO_1970) << 32;
        let clock = SourceClock {
            wall: seconds | ((u64::from(wall.subsec_nanos()) << 32) / 1_000_000_000),
            timestamp: report.sender_info.rtp_time.numer() as u32,
            at: report.received_at,
            rate: track.clock_rate(),
        };
        track.set_clock(layer_of_rid(report.rid.as_deref()), report.sender_info.ssrc, clock);
    }

    /// Sends a peer the reports that are due on its streams.
    pub(crate) fn tell_reports(&mut self, key: Key<Peer>) {
        let Some(peer) = self.peers.get_mut(key).filter(|peer| peer.connected) else {
            return;
        };
        let Some(wire) = &mut peer.wire else {
            return;
        };
        let mut reports = wire.take_scratch();
        for track in peer.taken.values() {
            let Some(track) = self.tracks.get_mut(*track) else {
                continue;
            };
            let clocks = track.clocks();
            let Some(subscription) = track.subscription(key) else {
                continue;
            };
            let (Some(outlet), Some((source, shift))) = (&mut subscription.outlet, subscription.forward.clock()) else {
                continue;
            };
            if let Some((_, clock)) = clocks.into_iter().flatten().find(|(of, _)| *of == source) {
                outlet.report(self.now, &clock, shift, &mut reports);
            }
            if reports.len() >= REPORTS_BYTES {
                wire.report(&mut self.yard, self.now, &reports);
                reports.clear();
            }
        }
        if !reports.is_empty() {
            wire.report(&mut self.yard, self.now, &reports);
        }
        wire.give_back(reports);
        wire.downlink.judge(self.now);
        self.follow_line(key);
    }

    fn reception(&mut self, key: Key<Peer>, block: Reception) {
        let now = self.now;
        let Some((peer, track)) = self.carried_by(key, block.ssrc) else {
            return;
        };
        // What never came here is missing there as well, and is no fault of that line.
        let not_here = track.missing(now) * OF_OTHERS;
        let (is_sound, clock) = (track.kind == Kind::Audio, track.clock_rate());
        peer.line.lost_down((f32::from(block.lost) / 256.0 - not_here).max(0.0));
        if is_sound {
            let micros = u64::from(block.jitter) * 1_000_000 / u64::from(clock);
            peer.line.swings_down(Duration::from_micros(micros));
        }
        let outlet = track.subscription(key).and_then(|subscription| subscription.outlet.as_mut());
        let (Some(outlet), Some(wire)) = (outlet.filter(|outlet| outlet.ssrc() == block.ssrc), &mut peer.wire) else {
            return;
        };
        if is_sound && let Some(lost) = outlet.lost(block.highest, block.missing) {
            let told = Told { part: (lost - not_here).max(0.0), again: outlet.repeats() };
            wire.downlink.guard.reported(now, told);
        }
        if let Some(round_trip) = outlet.reception(now, block.last_report, block.delay) {
            wire.measured(round_trip);
        }
    }

    /// Sends again what did not come, from what the track remembers.
    fn missing(&mut self, key: Key<Peer>, ssrc: u32, entries: &[u8]) {
        let now = self.now;
        let Some(track) = self.peers.get(key).and_then(|peer| peer.streams.get(&ssrc)) else {
            return;
        };
        let (Some(track), Some(peer)) = (self.tracks.get_mut(*track), self.peers.get_mut(key)) else {
            return;
        };
        let clock = track.clock_rate();
        let (histories, subscription) = track.histories_and(key);
        let (Some(subscription), Some(wire)) = (subscription, &mut peer.wire) else {
            return;
        };
        let Some(outlet) = subscription.outlet.as_mut().filter(|outlet| outlet.ssrc() == ssrc) else {
            return;
        };
        for sequence in feedback::missing(entries) {
            let Some(origin) = subscription.forward.origin(sequence) else {
                continue;
            };
            let mut found = histories.iter().filter_map(|history| history.find(now, origin.source, origin.sequence));
            let Some(packet) = found.next() else {
                continue;
            };
            let Some(numbers) = subscription.forward.renumber(&origin, &packet.arrival(clock)) else {
                continue;
            };
            if !wire.downlink.pace.lacks(now) && outlet.send_again(wire, &mut self.yard, now, packet, &numbers) {
                self.counted.packets_repaired += 1;
            }
        }
    }

    fn picture_lost(&mut self, key: Key<Peer>, ssrc: u32) {
        if let Some(track) = self.peers.get(key).and_then(|peer| peer.streams.get(&ssrc).copied()) {
            self.keyframe_wanted(key, track, ssrc);
        }
    }

    fn carried_by(&mut self, key: Key<Peer>, ssrc: u32) -> Option<(&mut Peer, &mut Track)> {
        let peer = self.peers.get_mut(key)?;
        let track = self.tracks.get_mut(*peer.streams.get(&ssrc)?)?;
        Some((peer, track))
    }
}

/// How often a peer gets sender reports: as browsers send theirs for pictures.
pub(crate) const INTERVAL: Duration = Duration::from_secs(1);
/// In how many parts of that time peers get theirs, so that they do not all leave at once.
pub(crate) const PHASES: u32 = 10;
/// How much of what a publisher's line lost is taken off what its subscribers miss: twice as much, since a report speaks of
/// another moment than we do, and of few packets. Nobody's line can be told bad by what such a track misses.
const OF_OTHERS: f32 = 2.0;
/// What one datagram holds of them, with room up to 1,200 for one more and the seal.
const REPORTS_BYTES: usize = 1_100;
/// RFC 5905, section 6: seventy years, of which seventeen leap years.
const FROM_1900_TO_1970: u64 = 2_208_988_800;
