//! One outgoing stream: a section of a subscriber, and the SSRC that it carries now.

use std::time::{Duration, Instant};

use str0m::{
    Rtc,
    format::{CodecConfig, PayloadParams},
    media::{Mid, Pt},
};

use super::{
    body::{Before, Body, Format, MOST_BEFORE},
    header::{ExtensionIds, Header, MOST_HEADER, Marks, send_time},
    history::{self, Packet},
    seal::{Claim, Lane, MOST_OVERHEAD},
    train::{Urgency, Yard},
    wire::{Note, Wire},
};
use crate::{estimate::Departure, forward::rewrite::Numbers, peer::transport::Announced};

/// The way of one subscription.
pub(crate) struct Outlet {
    mid: Mid,
    ssrc: u32,
    repair_ssrc: Option<u32>,
    /// Filled with the first packet: the keys come later than the section.
    lane: Option<Lane>,
    repair: Option<Lane>,
    next_repair: u64,
    repaired: Vec<Repaired>,
    passed: Passed,
    /// What leaves again, while it does.
    again: Option<Box<Again>>,
    /// The timestamp of the newest packet.
    timestamp: u32,
    terms: Option<Terms>,
    /// Whether the receiver has said that it knows the stream.
    known: bool,
    /// What the receiver last said of it: the highest number that came, and how many were missing in all.
    heard: Option<(u16, i32)>,
    packets: u32,
    octets: u32,
    reported: u32,
    last_report: Option<(u32, Instant)>,
}

/// What was negotiated for the section.
struct Terms {
    ids: ExtensionIds,
    /// The subscriber's numbers for codecs by the publisher's, filled as they turn up.
    formats: Vec<(Pt, Option<Format>)>,
}

/// A packet that was sent again.
#[derive(Debug, Clone, Copy, Default)]
struct Repaired {
    sequence: u16,
    times: u16,
    /// Milliseconds since the yard was opened.
    at: u32,
}

/// A packet on its way to one subscriber.
#[derive(Clone, Copy)]
pub(crate) struct Leaving<'a> {
    pub(crate) packet: &'a Packet,
    /// Where it is sound, the sound before it.
    pub(crate) before: Option<Before<'a>>,
    pub(crate) numbers: &'a Numbers,
    pub(crate) urgency: Urgency,
}

/// Which of the publisher's latest packets went this way: copies of others do not.
#[derive(Debug, Clone, Copy, Default)]
struct Passed {
    source: u32,
    newest: u64,
    /// The newest in the lowest bit.
    latest: u64,
}

/// The last datagrams, as they left. They leave again as they are: what is sealed once is never sealed a second time.
#[derive(Debug, Default)]
struct Again([Vec<u8>; 1 + MOST_BEFORE]);

/// A publisher's pair of times: its wall clock, and its stream's timestamp at that moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SourceClock {
    /// Seconds since 1900, with 32 bits behind the point.
    pub(crate) wall: u64,
    pub(crate) timestamp: u32,
    /// When we heard of it.
    pub(crate) at: Instant,
    /// Ticks of the timestamp in a second.
    pub(crate) rate: u32,
}

impl Outlet {
    /// The way through a section whose stream an answer announces.
    pub(crate) fn open(mid: Mid, stream: Announced) -> Self {
        Self {
            mid,
            ssrc: *stream.ssrc,
            repair_ssrc: stream.repair.map(|ssrc| *ssrc),
            lane: None,
            repair: None,
            next_repair: FIRST_REPAIR,
            repaired: Vec::new(),
            passed: Passed::default(),
            again: None,
            timestamp: 0,
            terms: None,
            known: false,
            heard: None,
            packets: 0,
            octets: 0,
            reported: 0,
            last_report: None,
        }
    }

    pub(crate) fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// The subscriber's number for what the publisher calls `params`; `None` when it offered nothing that fits.
    pub(crate) fn can_carry(&self, rtc: &Rtc, params: PayloadParams) -> bool {
        self.format_of(rtc, params).is_some()
    }

    /// Forgets what was negotiated: an offer may have changed it.
    pub(crate) fn forget_terms(&mut self) {
        self.terms = None;
    }

    /// Whether it is known what the subscriber calls the publisher's format `pt`; else it has to be [learned](Self::learn).
    pub(crate) fn knows(&self, pt: Pt) -> bool {
        self.terms.as_ref().is_some_and(|terms| terms.formats.iter().any(|(theirs, _)| *theirs == pt))
    }

    /// Looks up what the subscriber calls a format. Too slow for every packet.
    pub(crate) fn learn(&mut self, rtc: &Rtc, params: PayloadParams) {
        let format = self.format_of(rtc, params);
        let ids = rtc.media(self.mid).map(ExtensionIds::of).unwrap_or_default();
        let terms = self.terms.get_or_insert(Terms { ids, formats: Vec::new() });
        terms.formats.push((params.pt(), format));
    }

    /// Writes a packet for the subscriber. `false` when it cannot take it, or has it already.
    pub(crate) fn send(&mut self, wire: &mut Wire, yard: &mut Yard, now: Instant, leaving: Leaving<'_>) -> bool {
        let Leaving { packet, before, numbers, urgency } = leaving;
        let Some((ids, format)) = self.terms(packet.format) else {
            return false;
        };
        if self.lane.is_none() {
            self.lane = wire.sender.lane(self.ssrc);
        }
        let mid = (!self.known).then_some(self.mid);
        let Some(claim) = self.lane.as_mut().and_then(|lane| lane.claim(numbers.sequence)) else {
            return false;
        };
        // Of sound from before a subscription, or a pause of it, nothing goes along.
        let heard = |number| self.passed.has(*packet.source, number);
        let before = before.map(|before| before.heard_by(heard));
        let guarded = before.filter(|_| wire.downlink.is_guarded(now));
        let (payload_type, body) = match guarded {
            Some(before) if format.takes(&before) && !before.is_empty() => format.guarded(packet, before),
            _ if packet.copies().all(heard) => format.body(packet),
            _ => format.alone(packet),
        };
        let repeats = guarded.filter(|before| !format.takes(before));
        if repeats.is_none_or(|before| before.is_empty()) {
            self.again.iter_mut().for_each(|again| again.forget());
        }
        let again = repeats.map(|_| &mut **self.again.get_or_insert_default());
        self.heard.get_or_insert((claim.sequence().wrapping_sub(1), 0));
        let copy = Copy { packet, body, numbers, payload_type, ids: &ids, mid, repairs: None, again };
        copy.write(wire, yard, now, claim, urgency);
        self.again.iter().for_each(|again| again.depart(wire, yard, now, urgency));
        self.passed.note(*packet.source, packet.sequence);
        self.timestamp = numbers.timestamp;
        self.packets = self.packets.wrapping_add(1);
        self.octets = self.octets.wrapping_add(if numbers.empty { 0 } else { body.length() as u32 });
        true
    }

    /// Sends a packet again (RFC 4588). `false` when it was sent again so recently that it may still be under way, or
    /// too often.
    pub(crate) fn send_again(
        &mut self,
        wire: &mut Wire,
        yard: &mut Yard,
        now: Instant,
        packet: &Packet,
        numbers: &Numbers,
    ) -> bool {
        let Some((ids, format)) = self.terms(packet.format) else {
            return false;
        };
        let (Some(ssrc), Some(payload_type)) = (self.repair_ssrc, format.repair) else {
            return false;
        };
        let sequence = numbers.sequence as u16;
        if !self.may_repair(yard.millis(now), wire.round_trip(), sequence) {
            return false;
        }
        if self.repair.is_none() {
            self.repair = wire.sender.lane(ssrc);
        }
        let Some(claim) = self.repair.as_mut().and_then(|lane| lane.claim(self.next_repair)) else {
            return false;
        };
        self.next_repair += 1;
        let mid = Some(self.mid);
        let body = Body::Whole(&packet.payload);
        let repairs = Some(sequence);
        let copy = Copy { packet, body, numbers, payload_type, ids: &ids, mid, repairs, again: None };
        copy.write(wire, yard, now, claim, Urgency::Now);
        true
    }

    /// Sends a packet that holds nothing but filling, as a receiver takes it on the stream for packets sent again (RFC
    /// 3550, section 5.1: the last byte counts the filling). Returns its length, or `None` where there is no such stream.
    pub(crate) fn fill(&mut self, wire: &mut Wire, yard: &mut Yard, now: Instant) -> Option<usize> {
        let terms = self.terms.as_ref().filter(|terms| terms.ids.counts())?;
        let payload_type = terms.formats.iter().find_map(|(_, format)| (*format)?.repair)?;
        let (ssrc, ids) = (self.repair_ssrc?, terms.ids);
        if self.repair.is_none() {
            self.repair = wire.sender.lane(ssrc);
        }
        let place = wire.next_place()?;
        let claim = self.repair.as_mut()?.claim(self.next_repair)?;
        self.next_repair += 1;
        let what = Departure::Probe(wire.downlink.pace.row()?);
        let header = Header {
            marker: false,
            payload_type: *payload_type,
            sequence: claim.sequence(),
            timestamp: self.timestamp,
            ssrc: claim.ssrc(),
            mid: Some(self.mid),
            transport: Some(place),
            send_time: None,
            active: None,
            padded: true,
        };
        let bytes = wire.room(yard, MOST_HEADER + FILLING.len() + MOST_OVERHEAD);
        let start = bytes.len();
        let length = header.write(bytes, &ids, &Marks::default());
        bytes.extend_from_slice(&FILLING);
        claim.seal(bytes, start, length);
        let length = bytes.len() - start;
        wire.written(yard, now, length, Note { place: Some(place), along: 0, what, urgency: Urgency::Now });
        wire.downlink.pace.filled(length);
        Some(length)
    }

    /// Whether its receiver takes packets that bring copies of those before them.
    pub(crate) fn takes_copies(&self) -> bool {
        self.terms.as_ref().is_some_and(|terms| {
            terms.formats.iter().any(|(_, format)| format.is_some_and(|format| format.red.is_some()))
        })
    }

    /// Whether its datagrams leave again at present.
    pub(crate) fn repeats(&self) -> bool {
        self.again.as_ref().is_some_and(|again| !again.is_empty())
    }

    /// Notes which packet the receiver names as the newest, and how many it has missed in all. Tells the part that is new of
    /// that, from 0 to 1, once it is of enough packets to say something.
    pub(crate) fn lost(&mut self, highest: u32, missing: i32) -> Option<f32> {
        let (last, before) = self.heard?;
        let all = (highest as u16).wrapping_sub(last);
        if all < ENOUGH {
            return None;
        }
        self.heard = Some((highest as u16, missing));
        Some(((missing - before).max(0) as f32 / f32::from(all)).min(1.0))
    }

    /// Notes what the receiver says of the stream; tells how long the way there and back took.
    pub(crate) fn reception(&mut self, now: Instant, last_report: u32, delay: u32) -> Option<Duration> {
        self.known = true;
        let (_, at) = self.last_report.filter(|(name, _)| *name == last_report)?;
        let held = Duration::from_micros((u64::from(delay) * 1_000_000) >> 16);
        now.saturating_duration_since(at).checked_sub(held)
    }

    /// Appends a sender report (RFC 3550, section 6.4.1), if anything was sent since the last one. Its pair of times is
    /// the publisher's own, so that sound and pictures of one person fit together as that person's client meant; `shift`
    /// is how far this subscriber's timestamps are from the publisher's at the moment.
    pub(crate) fn report(&mut self, now: Instant, clock: &SourceClock, shift: u32, reports: &mut Vec<u8>) {
        if std::mem::replace(&mut self.reported, self.packets) == self.packets {
            return;
        }
        let passed = now.saturating_duration_since(clock.at).as_nanos();
        let wall = clock.wall.wrapping_add(((passed << 32) / 1_000_000_000) as u64);
        let ticks = (passed * u128::from(clock.rate) / 1_000_000_000) as u32;
        let timestamp = clock.timestamp.wrapping_add(ticks).wrapping_add(shift);
        self.last_report = Some(((wall >> 16) as u32, now));
        reports.extend_from_slice(&SENDER_REPORT);
        reports.extend_from_slice(&self.ssrc.to_be_bytes());
        reports.extend_from_slice(&wall.to_be_bytes());
        [timestamp, self.packets, self.octets].iter().for_each(|word| reports.extend_from_slice(&word.to_be_bytes()));
    }

    fn terms(&self, pt: Pt) -> Option<(ExtensionIds, Format)> {
        let terms = self.terms.as_ref()?;
        let (_, format) = terms.formats.iter().find(|(theirs, _)| *theirs == pt)?;
        Some((terms.ids, (*format)?))
    }

    fn format_of(&self, rtc: &Rtc, params: PayloadParams) -> Option<Format> {
        let negotiated = rtc.media(self.mid)?.remote_pts();
        // Only among what was negotiated: of two profiles of H264 a client may have taken the less fitting one.
        let usable = rtc.codec_config().params().iter().filter(|p| negotiated.contains(&p.pt())).copied();
        let usable = CodecConfig::new_from_payload_params(usable.collect());
        let ours = usable.match_params(params)?;
        Some(Format { media: ours.pt(), repair: ours.resend(), red: ours.red() })
    }

    /// Whether packet `sequence` is to be sent again now; each time it waits twice as long before the next.
    fn may_repair(&mut self, now: u32, round_trip: Option<Duration>, sequence: u16) -> bool {
        if self.repaired.is_empty() {
            self.repaired.resize(history::LENGTH, Repaired::default());
        }
        let entry = &mut self.repaired[usize::from(sequence) % history::LENGTH];
        if entry.sequence != sequence || entry.times == 0 {
            *entry = Repaired { sequence, times: 1, at: now };
            return true;
        }
        let half = round_trip.unwrap_or(USUAL_ROUND_TRIP).clamp(SHORTEST_ROUND_TRIP, LONGEST_ROUND_TRIP) / 2;
        let wait = half.as_millis() as u32 * (1 << (entry.times - 1).min(8));
        if now.wrapping_sub(entry.at) < wait || entry.times == MOST_TIMES {
            return false;
        }
        *entry = Repaired { sequence, times: entry.times + 1, at: now };
        true
    }
}

/// A packet as one subscriber is to see it.
struct Copy<'a> {
    packet: &'a Packet,
    body: Body<'a>,
    numbers: &'a Numbers,
    payload_type: Pt,
    ids: &'a ExtensionIds,
    mid: Option<Mid>,
    /// The number under which it was sent before.
    repairs: Option<u16>,
    /// Where it is kept, if it is to leave again.
    again: Option<&'a mut Again>,
}

impl Copy<'_> {
    fn write(self, wire: &mut Wire, yard: &mut Yard, now: Instant, claim: Claim<'_>, urgency: Urgency) {
        let Self { packet, body, numbers, payload_type, ids, mid, repairs, again } = self;
        // What leaves again keeps its place, and is seen to arrive late where it did not arrive at first. Without places nothing
        // would be known of a line that carries sound alone, and pictures would not come back to it.
        let transport = if ids.counts() { wire.next_place() } else { None };
        let send_time = ids.needs_send_time().then(|| send_time(yard.epoch(), now));
        let header = Header {
            marker: numbers.marker,
            padded: numbers.empty,
            payload_type: *payload_type,
            sequence: claim.sequence(),
            timestamp: numbers.timestamp,
            ssrc: claim.ssrc(),
            mid,
            transport,
            send_time,
            active: numbers.active,
        };
        let bytes = wire.room(yard, MOST_HEADER + 2 + body.length() + MOST_OVERHEAD);
        let start = bytes.len();
        let length = header.write(bytes, ids, &packet.marks);
        if let Some(original) = repairs {
            bytes.extend_from_slice(&original.to_be_bytes());
        }
        let payload = bytes.len();
        if numbers.empty {
            bytes.extend_from_slice(&NOTHING);
        } else {
            body.write(bytes);
        }
        if let (Some(places), Some(counters)) = (packet.places, numbers.counters) {
            places.write(counters, &mut bytes[payload..]);
        }
        claim.seal(bytes, start, length);
        let length = bytes.len() - start;
        let along = again.map_or(0, |again| {
            again.keep(&bytes[start..]);
            again.bytes()
        });
        wire.written(yard, now, length, Note { place: transport, along, what: Departure::Media, urgency });
    }
}

impl Again {
    /// What was kept leaves no more.
    fn forget(&mut self) {
        self.0.iter_mut().for_each(Vec::clear);
    }

    fn is_empty(&self) -> bool {
        self.0[0].is_empty()
    }

    /// How many bytes leave beside the newest datagram.
    fn bytes(&self) -> usize {
        self.0[1..].iter().map(Vec::len).sum()
    }

    /// Keeps a datagram in place of the oldest.
    fn keep(&mut self, datagram: &[u8]) {
        let Self(kept) = self;
        kept.rotate_right(1);
        kept[0].clear();
        kept[0].extend_from_slice(datagram);
    }

    /// Lets all but the newest leave again.
    fn depart(&self, wire: &mut Wire, yard: &mut Yard, now: Instant, urgency: Urgency) {
        for datagram in self.0[1..].iter().filter(|datagram| !datagram.is_empty()) {
            wire.room(yard, datagram.len()).extend_from_slice(datagram);
            wire.written(yard, now, datagram.len(), Note { place: None, along: 0, what: Departure::Media, urgency });
        }
    }
}

impl Passed {
    fn note(&mut self, source: u32, sequence: u64) {
        if self.source != source {
            *self = Self { source, newest: sequence, latest: 0 };
        }
        if let Some(ahead) = sequence.checked_sub(self.newest) {
            self.latest = u32::try_from(ahead).ok().and_then(|ahead| self.latest.checked_shl(ahead)).unwrap_or(0);
            self.newest = sequence;
        }
        self.latest |= self.bit(sequence);
    }

    fn has(&self, source: u32, sequence: u64) -> bool {
        self.source == source && self.latest & self.bit(sequence) != 0
    }

    fn bit(&self, sequence: u64) -> u64 {
        let ago = self.newest.checked_sub(sequence).and_then(|ago| u32::try_from(ago).ok());
        ago.and_then(|ago| 1_u64.checked_shl(ago)).unwrap_or(0)
    }
}

/// RFC 3550, section 6.4.1: version 2, nothing received, six words behind this one.
const SENDER_REPORT: [u8; 4] = [2 << 6, super::feedback::SENDER, 0, 6];
/// As much as one byte can count.
const FILLING: [u8; 255] = {
    let mut filling = [0; 255];
    filling[254] = 255;
    filling
};
/// RFC 3550, section 5.1: what an empty packet has in place of a payload, the count of bytes that mean nothing. Receivers
/// take a packet without a payload as there and as nothing to wait for; one byte keeps ciphers from empty texts.
const NOTHING: [u8; 1] = [1];
/// Where numbers of packets sent again begin; for the reasons of a stream's own first number.
const FIRST_REPAIR: u64 = 1000;
/// How long the way there and back is taken to be until the first report says.
const USUAL_ROUND_TRIP: Duration = Duration::from_millis(50);
/// Timers of receivers are no finer than this.
const SHORTEST_ROUND_TRIP: Duration = Duration::from_millis(10);
/// No way is longer, whatever a receiver says.
const LONGEST_ROUND_TRIP: Duration = Duration::from_secs(1);
/// A second of sound. Of fewer packets one that is lost would be many.
const ENOUGH: u16 = 50;
/// A packet that did not arrive so often will not; the receiver asks for a keyframe.
const MOST_TIMES: u16 = 6;
