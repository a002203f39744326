//! Streams with layers as encoders make them, a network that loses, delays and repeats, a subscriber who changes its mind
//! all the time, and what must hold of all that leaves whatever happens.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use proto::media::{Kind, Quality, Wish};
use str0m::format::Codec;

use super::{
    Forward, Verdict,
    counters::Counters,
    frame::{Reader, Seen},
    rewrite::{Arrival, Numbers},
};
use crate::{
    descriptor::{DependencyDescriptor, bits::Pen},
    testing::start,
};

/// How a stream is made and described.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mode {
    pub(super) spatial: u8,
    pub(super) temporal: u8,
    /// Whether upper spatial layers refer to lower ones in keyframes only.
    pub(super) key: bool,
    pub(super) told: Told,
}

/// By what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Told {
    Descriptor,
    Vp8,
    Vp9Flexible,
    Vp9Fixed,
}

/// A packet of a publisher.
#[derive(Debug, Clone)]
pub(super) struct Packet {
    sequence: u64,
    timestamp: u32,
    marker: bool,
    frame: usize,
    payload: Vec<u8>,
    descriptor: Option<DependencyDescriptor>,
}

#[derive(Debug, Clone)]
pub(super) struct Made {
    picture: usize,
    spatial: u8,
    temporal: u8,
    keyframe: bool,
    refers: Vec<usize>,
}

/// A stream as it is published.
pub(super) struct Stream {
    mode: Mode,
    frames: Vec<Made>,
    packets: Vec<Packet>,
}

pub(super) struct Chance(u64);

impl Chance {
    fn below(&mut self, values: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % values
    }

    fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

impl Mode {
    fn codec(self) -> Codec {
        match self.told {
            Told::Descriptor => Codec::Av1,
            Told::Vp8 => Codec::Vp8,
            Told::Vp9Flexible | Told::Vp9Fixed => Codec::Vp9,
        }
    }

    /// Decode targets: spatial layer, temporal layer.
    fn targets(self) -> Vec<(u8, u8)> {
        (0..self.spatial).flat_map(|s| (0..self.temporal).map(move |t| (s, t))).collect()
    }

    /// What a frame is to a decode target: absent, discardable, switch, required.
    fn indication(self, frame: &Made, (spatial, temporal): (u8, u8)) -> u32 {
        let tied = !self.key || frame.keyframe;
        match () {
            () if spatial < frame.spatial || temporal < frame.temporal => 0,
            () if spatial > frame.spatial && !tied => 0,
            () if spatial > frame.spatial => 3 - u32::from(frame.keyframe),
            () if frame.temporal > 0 && frame.temporal == temporal => 1,
            () => 2,
        }
    }
}

impl Stream {
    /// Makes `pictures` pictures with a keyframe now and then.
    pub(super) fn make(mode: Mode, pictures: usize, chance: &mut Chance) -> Self {
        let mut stream = Self { mode, frames: Vec::new(), packets: Vec::new() };
        let (mut sequence, first) = (chance.below(70_000), chance.below(65_536) as usize);
        let mut since_key = 0;
        let mut base = 0;
        // The last frame of each layer since the keyframe.
        let mut last: BTreeMap<(u8, u8), usize> = BTreeMap::new();
        for picture in 0..pictures {
            let keyframe = picture == 0 || (since_key > 8 && chance.one_in(40));
            since_key = if keyframe { 0 } else { since_key + 1 };
            if keyframe {
                last.clear();
            }
            let temporal = match (mode.temporal, since_key % 4) {
                (1, _) | (_, 0) => 0,
                (2, place) => (place % 2) as u8,
                (_, 2) => 1,
                _ => 2,
            };
            base += usize::from(temporal == 0);
            // Now and then an upper temporal layer goes on from itself, so that it cannot be begun there.
            let sticks = mode.told != Told::Descriptor && mode.told != Told::Vp9Fixed && (since_key / 4) % 4 != 0;
            let mut below = None;
            for spatial in 0..mode.spatial {
                let lower = |t: u8| t < temporal.max(1);
                let refers = last.iter().filter(|((s, t), _)| *s == spatial && lower(*t)).map(|(_, frame)| *frame);
                let mut refers: BTreeSet<usize> = refers.max().into_iter().collect();
                refers.extend(last.get(&(spatial, temporal)).filter(|_| sticks));
                refers.extend(below.filter(|_| keyframe || !mode.key));
                let number = stream.frames.len();
                let refers = refers.into_iter().collect();
                stream.frames.push(Made { picture, spatial, temporal, keyframe, refers });
                below = Some(number);
                last.insert((spatial, temporal), number);
                let count = 1 + chance.below(3);
                for place in 0..count {
                    let packet = Packet {
                        sequence,
                        timestamp: 3000 * picture as u32,
                        marker: spatial + 1 == mode.spatial && place + 1 == count,
                        frame: number,
                        payload: Vec::new(),
                        descriptor: None,
                    };
                    sequence += 1;
                    let described = stream.describe(packet, first, base, place == 0, place + 1 == count);
                    stream.packets.push(described);
                }
            }
        }
        stream
    }

    fn describe(&self, mut packet: Packet, first: usize, base: usize, begins: bool, ends: bool) -> Packet {
        let frame = &self.frames[packet.frame];
        let [high, low] = (((first + frame.picture) & 0x7fff) as u16).to_be_bytes();
        let refers = || frame.refers.iter().map(|other| &self.frames[*other]);
        match self.mode.told {
            Told::Descriptor => {
                packet.payload = vec![0x10, 1];
                packet.descriptor = Some(self.descriptor(packet.frame, first, begins, ends).into());
            }
            Told::Vp8 => {
                let sync = refers().all(|other| other.temporal == 0);
                let layer = (frame.temporal << 6) | (u8::from(sync) << 5);
                let start = if begins { 0x90 } else { 0x80 };
                packet.payload =
                    vec![start, 0xe0, 0x80 | high, low, base as u8, layer, u8::from(!(frame.keyframe && begins))];
            }
            Told::Vp9Flexible | Told::Vp9Fixed => {
                let flexible = self.mode.told == Told::Vp9Flexible;
                let apart: Vec<u8> =
                    refers().map(|other| (frame.picture - other.picture) as u8).filter(|apart| *apart > 0).collect();
                let inter_layer = refers().any(|other| other.picture == frame.picture);
                let mut flags = 0xa0 | (u8::from(flexible) << 4) | (u8::from(begins) << 3) | (u8::from(ends) << 2);
                flags |= u8::from(!apart.is_empty()) << 6;
                let up = u8::from(!flexible && frame.temporal + 1 < self.mode.temporal);
                let layer = (frame.temporal << 5) | (up << 4) | (frame.spatial << 1) | u8::from(inter_layer);
                packet.payload = vec![flags, 0x80 | high, low, layer];
                match flexible {
                    true => {
                        let last = apart.len().saturating_sub(1);
                        let more = |place: usize| u8::from(place != last);
                        packet.payload.extend(apart.iter().enumerate().map(|(place, ago)| (ago << 1) | more(place)));
                    }
                    false => packet.payload.push(base as u8),
                }
                packet.payload.push(0);
            }
        }
        packet
    }

    /// The templates: layers and indications, ordered by layers.
    fn templates(&self) -> BTreeSet<(u8, u8, Vec<u32>)> {
        let mut templates = BTreeSet::new();
        for spatial in 0..self.mode.spatial {
            for temporal in 0..self.mode.temporal {
                for keyframe in [true, false].into_iter().filter(|keyframe| temporal == 0 || !keyframe) {
                    let frame = Made { picture: 0, spatial, temporal, keyframe, refers: Vec::new() };
                    templates.insert((spatial, temporal, self.indications(&frame)));
                }
            }
        }
        templates
    }

    fn indications(&self, frame: &Made) -> Vec<u32> {
        self.mode.targets().into_iter().map(|target| self.mode.indication(frame, target)).collect()
    }

    pub(super) fn descriptor(&self, number: usize, first: usize, begins: bool, ends: bool) -> Vec<u8> {
        let frame = &self.frames[number];
        let templates = self.templates();
        let own = (frame.spatial, frame.temporal, self.indications(frame));
        let template = templates.iter().position(|template| *template == own).unwrap();
        let structured = frame.keyframe && frame.spatial == 0 && begins;
        let mut bytes = [0; 255];
        let mut used = 0;
        let mut pen = Pen::new(&mut bytes);
        let mut put = |value: u32, count: u32| {
            used += count as usize;
            pen.put(value, count).unwrap();
        };
        put(begins.into(), 1);
        put(ends.into(), 1);
        put((template as u32 + OFFSET) % 64, 6);
        put(((first + number) & 0xffff) as u32, 16);
        put(if structured { 0b10010 } else { 0b00010 }, 5); // custom references
        if structured {
            put(OFFSET, 6);
            put(self.mode.targets().len() as u32 - 1, 5);
            let layers: Vec<_> = templates.iter().map(|(s, t, _)| (*s, *t)).collect();
            for pair in layers.windows(2) {
                put(
                    if pair[0] == pair[1] {
                        0
                    } else if pair[0].0 == pair[1].0 {
                        1
                    } else {
                        2
                    },
                    2,
                );
            }
            put(3, 2);
            templates.iter().flat_map(|(_, _, indications)| indications).for_each(|indication| put(*indication, 2));
            for _ in &templates {
                put(0b10_0100, 6); // one reference, three frames ago; each frame says its own anyway
            }
            let targets = self.mode.targets().len() as u32;
            let width = u32::BITS - (targets + 1).leading_zeros();
            put(0, width - 1); // no chains: zero is short, unless there is no short number
            if (1 << width) - (targets + 1) == 0 {
                put(0, 1);
            }
            put(1, 1);
            (0..self.mode.spatial).for_each(|_| put(0x0280_0168, 32));
        }
        for other in &frame.refers {
            put(2, 2);
            put((number - other - 1) as u32, 8);
        }
        put(0, 2);
        bytes[..used.div_ceil(8)].to_vec()
    }
}

/// Where template ids begin in these streams: so high that they wrap.
const OFFSET: u32 = 60;

/// What left under one number.
#[derive(Debug, Clone)]
struct Left {
    stream: usize,
    packet: usize,
    numbers: Numbers,
    counters: Option<Counters>,
}

/// All that happens to one subscriber.
struct Run {
    streams: Vec<Stream>,
    readers: Vec<Reader>,
    forward: Forward,
    left: BTreeMap<u64, Left>,
    /// Which packets were decided about, and from which number on the present piece goes.
    decided: BTreeSet<(usize, usize)>,
    piece: u64,
    begun: Option<usize>,
    clock: u64,
}

impl Run {
    fn new(streams: Vec<Stream>) -> Self {
        let readers = streams.iter().map(|_| Reader::default()).collect();
        let mut forward = Forward::new(Kind::Video);
        forward.aim(Some(LAYERS[0]));
        let (left, decided) = (BTreeMap::new(), BTreeSet::new());
        Self { streams, readers, forward, left, decided, piece: 0, begun: None, clock: 0 }
    }

    fn see(&mut self, stream: usize, packet: usize) -> (Seen, Arrival) {
        let (codec, source) = (self.streams[stream].mode.codec(), (stream as u32 + 1).into());
        let packet = &self.streams[stream].packets[packet];
        let seen = self.readers[stream].read(source, codec, &packet.payload, packet.descriptor.as_ref());
        self.clock += 1;
        let at = start_of_time() + Duration::from_millis(self.clock);
        let Packet { sequence, timestamp, marker, .. } = *packet;
        let arrival = Arrival { sequence, timestamp, marker, at, clock: 90_000, places: seen.places };
        (seen, arrival)
    }

    /// A packet arrives.
    fn arrive(&mut self, stream: usize, packet: usize) {
        let (seen, arrival) = self.see(stream, packet);
        let verdict = self.forward.decide(LAYERS[stream], (stream as u32 + 1).into(), &seen.frame, &arrival);
        if self.forward.wish().enabled && self.begun == Some(stream) {
            self.decided.insert((stream, packet));
        }
        let Verdict::Send { numbers, .. } = verdict else {
            return;
        };
        if self.begun != Some(stream) {
            (self.begun, self.piece) = (Some(stream), numbers.sequence);
            self.decided = BTreeSet::from([(stream, packet)]);
        }
        let counters = arrival.places.map(|places| numbers.counters.unwrap_or(places.counters()));
        let left = Left { stream, packet, numbers, counters };
        match self.left.get(&numbers.sequence) {
            // A number is used once: the lane of the outlet sees to that. But what wants it must be the same packet.
            Some(old) => assert_eq!((old.stream, old.packet), (stream, packet), "two packets under one number"),
            None => {
                if numbers.empty {
                    self.forward.emptied(numbers.sequence);
                }
                self.left.insert(numbers.sequence, left);
            }
        }
    }

    fn pause(&mut self, paused: bool) {
        self.forward.set_wish(Wish { enabled: !paused, ..Wish::default() });
        if paused {
            self.begun = None;
        }
    }

    /// Whatever is asked for is what was sent, or nothing; and nothing is missing but what has not come.
    fn check_latest(&mut self) {
        let Some(last) = self.left.keys().next_back().copied() else {
            return;
        };
        for number in last.saturating_sub(150).max(1000)..=last {
            let origin = self.forward.origin(number as u16);
            let Some(left) = self.left.get(&number) else {
                let Some(origin) = origin.filter(|_| number >= self.piece) else {
                    continue;
                };
                let stream = *origin.source as usize - 1;
                let packets = &self.streams[stream].packets;
                let packet = packets.iter().position(|packet| packet.sequence == origin.sequence).unwrap();
                assert!(!self.decided.contains(&(stream, packet)), "{number} was kept for a packet that has come");
                continue;
            };
            let packet = &self.streams[left.stream].packets[left.packet];
            let origin = origin.unwrap_or_else(|| panic!("nothing was sent under {number}"));
            assert_eq!((*origin.source as usize - 1, origin.sequence), (left.stream, packet.sequence));
            let arrival = Arrival {
                sequence: packet.sequence,
                timestamp: packet.timestamp,
                marker: packet.marker,
                at: start_of_time(),
                clock: 90_000,
                places: Reader::default()
                    .read(1.into(), self.streams[left.stream].mode.codec(), &packet.payload, None)
                    .places,
            };
            let again = self.forward.renumber(&origin, &arrival).unwrap();
            assert_eq!(Numbers { active: None, ..again }, Numbers { active: None, ..left.numbers });
        }
    }

    /// What a receiver sees of all of it.
    fn check_whole(&self) {
        let packet_of = |left: &Left| &self.streams[left.stream].packets[left.packet];
        let mut before: Option<(&u64, &Left)> = None;
        let mut ended = BTreeSet::new();
        for (number, left) in self.left.iter().filter(|(_, left)| !left.numbers.empty) {
            let place = (left.stream, packet_of(left).timestamp);
            assert!(!ended.contains(&left.numbers.timestamp), "{number} comes behind the end of its picture");
            if left.numbers.marker {
                ended.insert(left.numbers.timestamp);
            }
            if let Some((old_number, old)) = before {
                let passed = left.numbers.timestamp.wrapping_sub(old.numbers.timestamp);
                assert!(passed < 1 << 30, "time goes back at {number}");
                let same = place == (old.stream, packet_of(old).timestamp);
                assert_eq!(same, passed == 0, "one picture has one time at {number}");
                let ids = (old.counters.and_then(|c| c.picture), left.counters.and_then(|c| c.picture));
                let gapless = self.streams[left.stream].mode.told == Told::Vp8;
                if let ((Some(old_id), Some(id)), true) = (ids, gapless && old_number + 1 == *number) {
                    let ahead = id.wrapping_sub(old_id) & 0x7fff;
                    assert_eq!(ahead, u16::from(!same), "picture ids at {number}");
                }
            }
            before = Some((number, left));
        }
    }

    /// Whatever went out refers to what went out, or did not come.
    fn check_references(&self, from: u64, stream: usize) {
        let packets = &self.streams[stream].packets;
        let sent = self.left.range(from..).filter(|(_, left)| left.stream == stream && !left.numbers.empty);
        let whole: BTreeSet<usize> = sent.map(|(_, left)| left.packet).collect();
        let frames: BTreeSet<usize> = whole.iter().map(|packet| packets[*packet].frame).collect();
        let came: BTreeSet<usize> = self.decided.iter().map(|(_, packet)| packets[*packet].frame).collect();
        for frame in &frames {
            for other in &self.streams[stream].frames[*frame].refers {
                assert!(
                    frames.contains(other) || !came.contains(other),
                    "frame {frame} {:?} went out without {other} {:?}",
                    self.streams[stream].frames[*frame],
                    self.streams[stream].frames[*other]
                );
            }
        }
        for (_, packet) in &self.decided {
            let frame = packets[*packet].frame;
            assert!(whole.contains(packet) || !frames.contains(&frame), "a part of frame {frame} was left out");
        }
    }
}

fn start_of_time() -> std::time::Instant {
    std::thread_local! {
        static START: std::time::Instant = start();
    }
    START.with(|start| *start)
}

const LAYERS: [Quality; 3] = [Quality::Low, Quality::Medium, Quality::High];

/// One random life: packets that come in order, late, twice or never, and a subscriber who wants this and that.
fn live(mode: Mode, seed: u64, lossy: bool) {
    let mut chance = Chance(seed);
    let streams: Vec<Stream> = (0..2).map(|_| Stream::make(mode, 400, &mut chance)).collect();
    // When each packet arrives, in packets.
    let mut arrivals: Vec<(u64, usize, usize)> = Vec::new();
    for (stream, made) in streams.iter().enumerate() {
        for packet in 0..made.packets.len() {
            let time = 10 * packet as u64;
            let late = match chance.below(if lossy { 40 } else { u64::MAX >> 33 }) {
                0 => continue,
                1 | 2 => 10 + chance.below(400),
                3 => 11 + chance.below(20),
                _ => 0,
            };
            arrivals.push((time + late, stream, packet));
            if lossy && chance.one_in(50) {
                arrivals.push((time + late + chance.below(300), stream, packet));
            }
        }
    }
    arrivals.sort_unstable();
    let mut run = Run::new(streams);
    let (mut piece, mut changed) = (0, 0);
    for (count, (_, stream, packet)) in arrivals.into_iter().enumerate() {
        if chance.one_in(60) && count > changed + 80 {
            changed = count;
            run.forward.limit(chance.below(4) as u8, chance.below(4) as u8);
        }
        if chance.one_in(400) {
            run.forward.aim(Some(LAYERS[chance.below(2) as usize]));
        }
        if chance.one_in(700) {
            run.pause(true);
        } else if chance.one_in(100) {
            run.pause(false);
        }
        let (begun, decided) = (run.begun, run.decided.clone());
        run.arrive(stream, packet);
        if run.piece != piece {
            if let Some(old) = begun {
                let now = std::mem::replace(&mut run.decided, decided);
                let newer = run.left.split_off(&run.piece);
                run.check_references(piece, old);
                run.left.extend(newer);
                run.decided = now;
            }
            piece = run.piece;
        }
        if count % 16 == 0 {
            run.check_latest();
        }
    }
    run.check_latest();
    run.check_whole();
    if let Some(stream) = run.begun {
        run.check_references(piece, stream);
    }
}

fn lives(spatial: u8, temporal: u8, key: bool, told: &[Told]) {
    for told in told {
        for seed in 0..SEEDS {
            let mode = Mode { spatial, temporal, key, told: *told };
            let outcome = std::panic::catch_unwind(|| live(mode, seed, seed % 4 != 0));
            assert!(outcome.is_ok(), "{mode:?} with seed {seed}");
        }
    }
}

/// How many lives of each kind.
const SEEDS: u64 = 8;

const SVC: [Told; 3] = [Told::Descriptor, Told::Vp9Flexible, Told::Vp9Fixed];

#[test]
fn one_layer() {
    lives(1, 1, false, &[Told::Descriptor, Told::Vp8, Told::Vp9Flexible, Told::Vp9Fixed]);
}

#[test]
fn temporal_layers() {
    lives(1, 2, false, &[Told::Descriptor, Told::Vp8, Told::Vp9Flexible, Told::Vp9Fixed]);
    lives(1, 3, false, &[Told::Descriptor, Told::Vp8, Told::Vp9Flexible, Told::Vp9Fixed]);
}

#[test]
fn spatial_layers() {
    lives(2, 1, false, &SVC);
    lives(3, 3, false, &SVC);
}

#[test]
fn spatial_layers_tied_by_keyframes() {
    lives(2, 1, true, &SVC);
    lives(3, 3, true, &SVC);
}

/// What a subscriber gets of each picture: the highest spatial layer, or `-`.
fn shown(mode: Mode, limits: &[(usize, u8, u8)]) -> (String, usize) {
    let mut run = Run::new(vec![Stream::make(Mode { ..mode }, 24, &mut Chance(1))]);
    let mut awaited = 0;
    for packet in 0..run.streams[0].packets.len() {
        let picture = run.streams[0].frames[run.streams[0].packets[packet].frame].picture;
        if let Some((_, spatial, temporal)) = limits.iter().rfind(|(from, ..)| *from <= picture) {
            run.forward.limit(*spatial, *temporal);
        }
        let (seen, arrival) = run.see(0, packet);
        let verdict = run.forward.decide(LAYERS[0], 1.into(), &seen.frame, &arrival);
        awaited += usize::from(verdict == Verdict::AwaitKeyframe);
        if let Verdict::Send { numbers, .. } = verdict {
            run.left.insert(numbers.sequence, Left { stream: 0, packet, numbers, counters: None });
        }
    }
    let mut tops: BTreeMap<usize, (u8, bool)> = BTreeMap::new();
    for left in run.left.values() {
        let packet = &run.streams[0].packets[left.packet];
        let frame = &run.streams[0].frames[packet.frame];
        let top = tops.entry(frame.picture).or_default();
        *top = (top.0.max(frame.spatial), left.numbers.marker);
    }
    assert!(tops.values().all(|(_, ended)| *ended), "each picture ends with a marker");
    let top = |picture: usize| tops.get(&picture).map_or('-', |(top, _)| char::from(b'0' + top));
    ((0..24).map(top).collect(), awaited)
}

#[test]
fn less_is_shown_at_once_and_more_where_it_can_begin() {
    let mode = |spatial, temporal, key, told| Mode { spatial, temporal, key, told };
    let pictures = [(0, 9, 9), (6, 9, 0), (13, 9, 9)];
    for told in [Told::Descriptor, Told::Vp9Fixed] {
        assert_eq!(shown(mode(1, 3, false, told), &pictures).0, "000000--0---000000000000", "{told:?}");
    }
    assert_eq!(shown(mode(1, 3, false, Told::Vp8), &pictures).0, "000000--0---0---0-0-0-0-");
    let detail = [(0, 9, 9), (6, 0, 9), (13, 9, 9)];
    for told in SVC {
        let (full, awaited) = shown(mode(3, 1, false, told), &detail);
        assert_eq!(full, "222222000000000000000000", "{told:?}");
        assert!(awaited > 0, "a keyframe is asked for");
    }
    assert_eq!(shown(mode(3, 1, true, Told::Vp9Flexible), &detail).0, "222222000000000000000000");
    let (kept, awaited) = shown(mode(3, 1, true, Told::Descriptor), &detail[..2]);
    assert_eq!(kept, "222222222222222222222222", "the lower layers were not sent, so that they cannot be gone back to");
    assert!(awaited > 0);
}
