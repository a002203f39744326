//! Doors for the benches: the pieces of the way out, each callable alone, with the real code behind them.

use std::{sync::Arc, time::Instant};

use proto::media::{Kind, Quality};
use str0m::{
    crypto::dtls::SrtpProfile,
    format::Codec,
    rtp::{Extension, ExtensionMap},
};

use crate::{
    egress::{
        header::{ExtensionIds, Header, Marks},
        history::{History, Packet},
        keys::Keying,
        seal::{Lane, Sender},
    },
    forward::{
        Forward, Verdict,
        frame::{Frame, Reader, View},
        rewrite::Arrival,
    },
};

/// Seals one packet after the other.
pub struct Sealing {
    lane: Lane,
    next: u64,
}

impl Sealing {
    /// With a key of so many bits, 128 or 256.
    pub fn new(bits: usize) -> Self {
        let profile = if bits == 128 { SrtpProfile::AEAD_AES_128_GCM } else { SrtpProfile::AEAD_AES_256_GCM };
        let material: Vec<u8> = (0..).take(bits / 4 + 24).collect();
        let keying = Keying::divide(profile, &material, true).expect("its length is right");
        let lane = Sender::new(keying.profile, &keying.ours).lane(1).expect("it is the first");
        Self { lane, next: 0 }
    }

    /// Writes header and payload into `out` and seals them there.
    pub fn packet(&mut self, header: &[u8], payload: &[u8], out: &mut Vec<u8>) {
        out.clear();
        out.extend_from_slice(header);
        out.extend_from_slice(payload);
        let claim = self.lane.claim(self.next).expect("numbers do not run out");
        self.next += 1;
        claim.seal(out, 0, header.len());
    }
}

/// Writes headers with what a browser negotiates for pictures.
pub struct Heading {
    ids: ExtensionIds,
    marks: Marks,
    header: Header,
}

impl Heading {
    /// The first of them.
    pub fn new() -> Self {
        let mut map = ExtensionMap::empty();
        map.set(3, Extension::TransportSequenceNumber);
        map.set(4, Extension::RtpMid);
        let header = Header {
            marker: false,
            payload_type: 96,
            sequence: 0,
            timestamp: 0,
            ssrc: 1,
            mid: None,
            transport: Some(0),
            send_time: None,
            active: None,
            padded: false,
        };
        Self { ids: ExtensionIds::read(&map), marks: Marks::default(), header }
    }

    /// Writes the next one.
    pub fn next(&mut self, out: &mut Vec<u8>) -> usize {
        out.clear();
        self.header.sequence = self.header.sequence.wrapping_add(1);
        self.header.transport = Some(self.header.sequence);
        self.header.write(out, &self.ids, &self.marks)
    }
}

impl Default for Heading {
    fn default() -> Self {
        Self::new()
    }
}

/// Numbers the packets of one layer for one subscriber.
pub struct Numbering {
    reader: Reader,
    forward: Forward,
    arrival: Arrival,
}

impl Numbering {
    /// The stream has begun.
    pub fn new(now: Instant) -> Self {
        let arrival = Arrival { sequence: 100_000, timestamp: 0, marker: true, at: now, clock: 90_000, places: None };
        let mut forward = Forward::new(Kind::Video);
        forward.aim(Some(Quality::High));
        let key = Frame { number: 0, keyframe: true, ends: true, view: View::Whole };
        forward.decide(Quality::High, 1.into(), &key, &arrival);
        Self { reader: Reader::default(), forward, arrival }
    }

    /// The number of the next packet, whose payload this is.
    pub fn next(&mut self, payload: &[u8]) -> u64 {
        self.arrival.sequence += 1;
        self.arrival.timestamp = self.arrival.timestamp.wrapping_add(300);
        let seen = self.reader.read(1.into(), Codec::Vp8, payload, None);
        self.arrival.places = seen.places;
        match self.forward.decide(Quality::High, 1.into(), &seen.frame, &self.arrival) {
            Verdict::Send { numbers, .. } => numbers.sequence,
            Verdict::Drop | Verdict::AwaitKeyframe => 0,
        }
    }

    /// Which packet was sent under the latest number but some.
    pub fn origin(&self, behind: u16) -> u64 {
        let latest = (self.arrival.sequence - 100_000 + 1_000) as u16;
        self.forward.origin(latest.wrapping_sub(behind)).map_or(0, |origin| origin.sequence)
    }
}

/// The history of one layer.
pub struct Keeping {
    history: History,
    next: u64,
    now: Instant,
}

impl Keeping {
    /// Nothing kept yet.
    pub fn new(now: Instant) -> Self {
        Self { history: History::default(), next: 0, now }
    }

    /// Keeps one more.
    pub fn keep(&mut self, payload: &Arc<[u8]>) {
        self.next += 1;
        self.history.keep(Packet {
            source: 1.into(),
            sequence: self.next,
            timestamp: 0,
            marker: false,
            format: 96.into(),
            payload: payload.clone(),
            places: None,
            red: None,
            marks: Marks::default(),
            at: self.now,
        });
    }

    /// Finds the latest but some; the length of its payload.
    pub fn find(&self, behind: u64) -> usize {
        let found = self.history.find(self.now, 1.into(), self.next.saturating_sub(behind));
        found.map_or(0, |packet| packet.payload.len())
    }
}
