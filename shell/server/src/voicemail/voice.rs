//! Makes one recording of packets as they arrive: late, twice, out of order, or not at all.

use std::collections::BTreeMap;

use proto::media::Tapped;

use super::ogg::Ogg;

/// What somebody has said by now.
#[derive(Debug)]
pub struct Voice {
    ogg: Ogg,
    /// The stream that is heard, and the timestamp at which the recording begins.
    stream: Option<(u32, u32)>,
    /// Where the next packet belongs, in samples at 48 kHz.
    next: u32,
    /// Packets that wait for those which are still on their way, by where they belong.
    waiting: BTreeMap<u32, Vec<u8>>,
    /// The first byte of the last packet, which says what sound it holds (RFC 6716, section 3.1).
    toc: u8,
    /// The most samples, and the most bytes.
    longest: u32,
    largest: usize,
}

/// A recording that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// The file.
    pub sound: Vec<u8>,
    /// How long it is, in milliseconds.
    pub ms: u32,
}

impl Voice {
    /// Nothing was said yet, and at most so many seconds will be: [`SECONDS`] or fewer. The serial number tells the file's
    /// stream from others.
    pub fn new(serial: u32, seconds: u32) -> Self {
        let seconds = seconds.min(SECONDS);
        Self {
            ogg: Ogg::new(serial),
            stream: None,
            next: 0,
            waiting: BTreeMap::new(),
            toc: 0,
            longest: seconds * RATE,
            largest: largest(seconds),
        }
    }

    /// Takes a packet in. What is beyond the longest is left out.
    pub fn take(&mut self, packet: Tapped) {
        let Tapped { stream, timestamp, sound, message: _ } = packet;
        if sound.len() > LARGEST_PACKET {
            return;
        }
        let begins = match self.stream {
            Some((known, begins)) if known == stream => begins,
            // Another one goes on where the last has ended: nobody knows how long it was silent in between.
            _ => {
                self.settle();
                let begins = timestamp.wrapping_sub(self.next);
                self.stream = Some((stream, begins));
                begins
            }
        };
        let place = timestamp.wrapping_sub(begins);
        // Half of all numbers are before the beginning.
        if place >= self.longest || self.ogg.size() >= self.largest {
            return;
        }
        self.waiting.entry(place).or_insert(sound);
        while self.waiting.len() > HELD {
            self.write_first();
        }
    }

    /// The recording as it is now.
    pub fn finish(mut self) -> Spoken {
        self.settle();
        let ms = u32::try_from(self.ogg.samples() / SAMPLES_PER_MS).unwrap_or(u32::MAX);
        Spoken { sound: self.ogg.finish(), ms }
    }

    fn settle(&mut self) {
        while !self.waiting.is_empty() {
            self.write_first();
        }
    }

    fn write_first(&mut self) {
        let Some((place, sound)) = self.waiting.pop_first() else { return };
        let (Some(samples), Some(toc)) = (samples(&sound), sound.first()) else { return };
        // What comes after its turn has been passed over.
        if place < self.next || place + samples > self.longest {
            return;
        }
        self.fill(place - self.next);
        self.toc = *toc;
        self.ogg.packet(&sound, samples);
        self.next = place + samples;
    }

    /// Fills a gap, of what was lost or of what a silent microphone does not send, with packets that hold nothing: a player
    /// makes something up for them, and what follows is heard when it was said (RFC 7845, section 4.1).
    fn fill(&mut self, mut gap: u32) {
        // Of the same sort as the last one, as that section asks for; the first packet has none before it, and no gap.
        let same = (self.toc & !FRAMES, frame(self.toc));
        let short = SHORT.map(|(config, samples)| (config << 3 | self.toc & STEREO, samples));
        for (toc, samples) in std::iter::once(same).chain(short) {
            while gap >= samples {
                // RFC 6716, section 3.2.1: one frame of no bytes.
                self.ogg.packet(&[toc], samples);
                gap -= samples;
            }
        }
    }
}

/// How many samples at 48 kHz a packet holds; nothing when it is none (RFC 6716, sections 3.1 and 3.2).
fn samples(packet: &[u8]) -> Option<u32> {
    let toc = *packet.first()?;
    let frames = match toc & FRAMES {
        0 => 1,
        1 | 2 => 2,
        _ => u32::from(packet.get(1)? & 0x3f),
    };
    let samples = frames * frame(toc);
    (1..=MOST_SAMPLES).contains(&samples).then_some(samples)
}

/// The samples of one frame (RFC 6716, section 3.1, table 2).
fn frame(toc: u8) -> u32 {
    let config = usize::from(toc >> 3);
    match config {
        0..12 => [480, 960, 1_920, 2_880][config % 4],
        12..16 => [480, 960][config % 2],
        _ => [120, 240, 480, 960][config % 4],
    }
}

/// The bits of the first byte that say how many frames follow, and the one that says whether they are stereo.
const FRAMES: u8 = 0b11;
const STEREO: u8 = 0b100;
/// Short frames (CELT, full band), longest first, by the number of their configuration.
const SHORT: [(u8, u32); 3] = [(30, 480), (29, 240), (28, 120)];
/// A packet holds at most 120 ms (RFC 6716, section 3.4, R5).
const MOST_SAMPLES: u32 = 5_760;
/// Largest than any packet that a browser makes: 120 ms at 64 kbit/s, and at 510 kbit/s still 20 ms.
const LARGEST_PACKET: usize = 1_500;
/// Packets that wait for those before them: 160 ms of what browsers send, which is longer than a line turns them round for.
const HELD: usize = 8;
const SAMPLES_PER_MS: u64 = 48;
/// The longest message, in seconds.
pub const SECONDS: u32 = 180;
/// Samples in a second, as Opus counts them.
const RATE: u32 = 48_000;
/// The most bytes of one: three minutes at 90 kbit/s, where browsers send 32 unless somebody asks for more.
pub const LARGEST: usize = 2 * 1024 * 1024;

/// The most bytes of one of so many seconds, at the same rate.
pub const fn largest(seconds: u32) -> usize {
    LARGEST / SECONDS as usize * seconds as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voicemail::ogg::tests::pages;

    /// 20 ms, hybrid full band, one frame.
    const TOC: u8 = 15 << 3;

    fn packet(place: u32) -> Tapped {
        let sound = vec![TOC, (place / 960) as u8];
        // From a timestamp on behind which they begin anew.
        Tapped { message: 1.into(), stream: 7, timestamp: place.wrapping_sub(3_000), sound }
    }

    fn spoken(packets: impl IntoIterator<Item = Tapped>) -> (Vec<Vec<u8>>, u32) {
        let mut voice = Voice::new(1, SECONDS);
        packets.into_iter().for_each(|packet| voice.take(packet));
        let Spoken { sound, ms } = voice.finish();
        let pages = pages(&sound);
        let all = pages[2..].iter().flat_map(|page| page.packets.clone()).collect();
        let samples = pages.last().unwrap().granule;
        assert_eq!(u64::from(ms), samples.saturating_sub(312) / 48);
        (all, ms)
    }

    fn sound(number: u8) -> Vec<u8> {
        vec![TOC, number]
    }

    #[test]
    fn packets_are_put_in_order_and_written_once() {
        let order = [0_u32, 2, 1, 1, 3, 6, 5, 4, 7, 0, 8, 9];
        let (all, ms) = spoken(order.map(|n| packet(n * 960)));
        assert_eq!(all, (0..10).map(sound).collect::<Vec<_>>());
        assert_eq!(ms, 193, "200 ms without what a player leaves out");
    }

    #[test]
    fn what_was_lost_is_a_gap_of_the_same_length() {
        let (all, ms) = spoken([packet(0), packet(960), packet(4 * 960), packet(5 * 960)]);
        assert_eq!(all, [sound(0), sound(1), vec![TOC], vec![TOC], sound(4), sound(5)]);
        assert_eq!(ms, 113);
        // Silence is not sent: 400 ms of it, and a piece that is no multiple of what came before.
        let (all, _) = spoken([packet(0), packet(960 + 19_200 + 480 + 120)]);
        assert_eq!(all.len(), 2 + 20 + 2);
        assert_eq!(all[21..23], [vec![30 << 3], vec![28 << 3]]);
    }

    #[test]
    fn what_comes_too_late_is_left_out() {
        let late = (0..20).filter(|n| *n != 3).chain([3, 20]).map(|n| packet(n * 960));
        let (all, _) = spoken(late);
        assert_eq!(all.len(), 21);
        assert_eq!(all[3], vec![TOC]);
        let before = Tapped { timestamp: packet(0).timestamp.wrapping_sub(960), ..packet(0) };
        assert_eq!(spoken([packet(0), before, packet(960)]).0, [sound(0), sound(1)]);
    }

    #[test]
    fn another_stream_goes_on_where_the_last_has_ended() {
        let other = |place: u32| Tapped { stream: 8, timestamp: place + 1_000_000, ..packet(place) };
        let (all, _) = spoken([packet(0), packet(960), other(2 * 960), other(3 * 960)]);
        assert_eq!(all, (0..4).map(sound).collect::<Vec<_>>());
    }

    #[test]
    fn a_message_has_an_end() {
        let (all, ms) = spoken((0..10_000).map(|n| packet(n * 960)));
        assert_eq!(all.len(), 9_000);
        assert_eq!(ms, 179_993);
        // Whoever says that time has jumped fills nothing.
        assert_eq!(spoken([packet(0), packet(SECONDS * RATE), packet(u32::MAX / 2)]).0.len(), 1);
        let fat = |n: u32| Tapped { sound: [&[TOC][..], &[0; 1_400]].concat(), ..packet(n * 960) };
        let mut voice = Voice::new(1, SECONDS);
        (0..9_000).for_each(|n| voice.take(fat(n)));
        assert!(voice.finish().sound.len() < LARGEST + 64 * 1024);
        // One that may be shorter is smaller in the same measure.
        let mut short = Voice::new(1, 30);
        (0..9_000).for_each(|n| short.take(packet(n * 960)));
        assert_eq!(short.finish().ms, 29_993);
        let mut short = Voice::new(1, 30);
        (0..9_000).for_each(|n| short.take(fat(n)));
        assert!(short.finish().sound.len() < LARGEST / 6 + 64 * 1024);
    }

    #[test]
    fn what_is_no_sound_is_left_out() {
        let broken = [vec![], vec![TOC | 3], vec![TOC | 3, 0], vec![TOC | 3, 63], vec![TOC; 2_000]];
        for sound in broken {
            assert_eq!(spoken([Tapped { sound, ..packet(0) }]), (Vec::new(), 0));
        }
    }

    #[test]
    fn packets_say_how_long_they_are() {
        for (toc, expected) in [(0, 480), (3, 2_880), (12, 480), (13, 960), (16, 120), (31, 960)] {
            assert_eq!(samples(&[toc << 3]), Some(expected), "{toc}");
            assert_eq!(samples(&[toc << 3 | 1]), Some(2 * expected).filter(|n| *n <= MOST_SAMPLES));
        }
        assert_eq!(samples(&[31 << 3 | 3, 6]), Some(5_760));
        assert_eq!(samples(&[31 << 3 | 3, 7]), None, "more than 120 ms");
    }
}
