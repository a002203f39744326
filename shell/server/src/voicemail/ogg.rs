//! Writes Ogg Opus: packets of sound in pages (RFC 3533), with the two headers that say what they are (RFC 7845).

/// A file of one stream of Opus, as far as it is written.
#[derive(Debug)]
pub struct Ogg {
    bytes: Vec<u8>,
    /// What tells this stream from others in one file; there is none other.
    serial: u32,
    pages: u32,
    /// The page that is being filled: how long its packets are (RFC 3533, section 6, the segment table), and they.
    lacing: Vec<u8>,
    body: Vec<u8>,
    /// Samples in that page.
    held: u64,
    /// Samples up to its end, those included that a player leaves out at the beginning.
    granule: u64,
}

impl Ogg {
    /// A file with its headers.
    pub fn new(serial: u32) -> Self {
        let (bytes, lacing, body) = (Vec::new(), Vec::new(), Vec::new());
        let mut ogg = Self { bytes, serial, pages: 0, lacing, body, held: 0, granule: 0 };
        // RFC 7845, section 3: each header alone on pages of its own, whose granule position is zero.
        ogg.put(&head());
        ogg.close_page(FIRST);
        ogg.put(&tags());
        ogg.close_page(MIDDLE);
        ogg
    }

    /// Adds a packet that holds so many samples at 48 kHz.
    pub fn packet(&mut self, packet: &[u8], samples: u32) {
        let segments = packet.len() / SEGMENT + 1;
        // Behind the last packet of all stands the end, so that a full page waits until it is known not to hold it.
        if self.held >= PAGE_SAMPLES || self.lacing.len() + segments > MOST_SEGMENTS {
            self.close_page(MIDDLE);
        }
        self.put(packet);
        self.held += u64::from(samples);
        self.granule += u64::from(samples);
    }

    /// How long it is by now, in samples at 48 kHz.
    pub fn samples(&self) -> u64 {
        self.granule.saturating_sub(u64::from(PRE_SKIP))
    }

    /// How many bytes it has by now, about.
    pub fn size(&self) -> usize {
        self.bytes.len() + self.body.len()
    }

    /// The whole file.
    pub fn finish(mut self) -> Vec<u8> {
        self.close_page(LAST);
        self.bytes
    }

    fn put(&mut self, packet: &[u8]) {
        // RFC 3533, section 5: segments of 255 bytes, and one that is shorter, which ends the packet.
        self.lacing.extend(std::iter::repeat_n(u8::MAX, packet.len() / SEGMENT));
        self.lacing.push((packet.len() % SEGMENT) as u8);
        self.body.extend_from_slice(packet);
    }

    /// RFC 3533, section 6.
    fn close_page(&mut self, kind: u8) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(b"OggS");
        self.bytes.extend_from_slice(&[0, kind]);
        self.bytes.extend_from_slice(&self.granule.to_le_bytes());
        self.bytes.extend_from_slice(&self.serial.to_le_bytes());
        self.bytes.extend_from_slice(&self.pages.to_le_bytes());
        let check = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        self.bytes.push(self.lacing.len() as u8);
        self.bytes.append(&mut self.lacing);
        self.bytes.append(&mut self.body);
        let sum = checksum(&self.bytes[start..]).to_le_bytes();
        self.bytes[check..check + sum.len()].copy_from_slice(&sum);
        self.pages += 1;
        self.held = 0;
    }
}

/// What the stream is (RFC 7845, section 5.1): one channel, no gain, channel mapping family 0.
fn head() -> [u8; 19] {
    let mut head = *b"OpusHead\x01\x01\0\0\0\0\0\0\0\0\0";
    head[10..12].copy_from_slice(&PRE_SKIP.to_le_bytes());
    head[12..16].copy_from_slice(&RATE.to_le_bytes());
    head
}

/// Who wrote it, and nothing else (RFC 7845, section 5.2).
fn tags() -> Vec<u8> {
    let mut tags = b"OpusTags".to_vec();
    tags.extend_from_slice(&(VENDOR.len() as u32).to_le_bytes());
    tags.extend_from_slice(VENDOR.as_bytes());
    tags.extend_from_slice(&[0; 4]);
    tags
}

/// The checksum of a page, its own four bytes taken as zero (RFC 3533, section 6: generator 0x04c11db7, from zero on, nothing
/// turned round).
fn checksum(page: &[u8]) -> u32 {
    page.iter().fold(0, |sum, byte| (sum << 8) ^ TABLE[usize::from((sum >> 24) as u8 ^ byte)])
}

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < table.len() {
        let mut sum = (at as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            sum = (sum << 1) ^ if sum >> 31 == 1 { 0x04c1_1db7 } else { 0 };
            bit += 1;
        }
        table[at] = sum;
        at += 1;
    }
    table
};

/// Kinds of pages (RFC 3533, section 6): none of ours goes on with a packet of the one before.
const FIRST: u8 = 2;
const MIDDLE: u8 = 0;
const LAST: u8 = 4;
/// Bytes of a whole segment.
const SEGMENT: usize = 255;
/// Segments of a page.
const MOST_SEGMENTS: usize = 255;
/// RFC 7845, section 6 asks for pages of at most a second.
const PAGE_SAMPLES: u64 = 48_000 - 960;
/// Samples that a player leaves out at the beginning: the look-ahead of libopus, 6.5 ms at 48 kHz, which is what all browsers
/// send with.
pub const PRE_SKIP: u16 = 312;
/// Samples in a second, as Opus counts them.
const RATE: u32 = 48_000;
const VENDOR: &str = "Parlor";

/// And how files are read back.
#[cfg(test)]
pub mod tests {
    use super::*;

    /// A page of a file, read back.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Page {
        /// Its kind.
        pub kind: u8,
        /// Its granule position.
        pub granule: u64,
        /// Its number.
        pub number: u32,
        /// What it holds.
        pub packets: Vec<Vec<u8>>,
    }

    /// The pages of a file whose checksums are right; a panic when anything of them is not.
    pub fn pages(mut file: &[u8]) -> Vec<Page> {
        let mut pages = Vec::new();
        while !file.is_empty() {
            assert_eq!(&file[..5], b"OggS\0", "behind {} pages", pages.len());
            let number = |from: usize| u32::from_le_bytes(file[from..from + 4].try_into().unwrap());
            let segments = usize::from(file[26]);
            let (table, rest) = file[27..].split_at(segments);
            let length = 27 + segments + table.iter().map(|length| usize::from(*length)).sum::<usize>();
            let mut page = file[..length].to_vec();
            page[22..26].fill(0);
            assert_eq!(slow_checksum(&page), number(22), "page {}", pages.len());
            let (mut packets, mut packet, mut body) = (Vec::new(), Vec::new(), rest);
            for segment in table {
                let (part, behind) = body.split_at(usize::from(*segment));
                packet.extend_from_slice(part);
                body = behind;
                if *segment < u8::MAX {
                    packets.push(std::mem::take(&mut packet));
                }
            }
            assert!(packet.is_empty(), "no packet goes on in the next page");
            let granule = u64::from_le_bytes(file[6..14].try_into().unwrap());
            pages.push(Page { kind: file[5], granule, number: number(18), packets });
            file = &file[length..];
        }
        pages
    }

    /// Bit by bit, as the RFC has it.
    fn slow_checksum(bytes: &[u8]) -> u32 {
        let mut sum = 0_u32;
        for byte in bytes {
            sum ^= u32::from(*byte) << 24;
            for _ in 0..8 {
                sum = if sum >> 31 == 1 { (sum << 1) ^ 0x04c1_1db7 } else { sum << 1 };
            }
        }
        sum
    }

    #[test]
    fn the_checksum_is_that_of_the_polynomial() {
        // The published check value of this polynomial without reflection, from zero on (CRC-32/MPEG-2 has another start).
        assert_eq!(checksum(b"123456789"), 0x89a1_897f);
        assert_eq!(checksum(b"123456789"), slow_checksum(b"123456789"));
    }

    #[test]
    fn headers_come_first_and_each_on_its_own_page() {
        let pages = pages(&Ogg::new(7).finish());
        let kinds: Vec<_> = pages.iter().map(|page| (page.kind, page.granule, page.number)).collect();
        assert_eq!(kinds, [(FIRST, 0, 0), (MIDDLE, 0, 1), (LAST, 0, 2)]);
        assert_eq!(pages[0].packets, [b"OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0".to_vec()]);
        assert_eq!(pages[1].packets, [b"OpusTags\x06\0\0\0Parlor\0\0\0\0".to_vec()]);
    }

    #[test]
    fn packets_are_read_back_in_order_and_every_page_says_how_much_came() {
        let mut ogg = Ogg::new(7);
        let lengths = [0_usize, 1, 254, 255, 256, 510, 1275, 3].into_iter().cycle().take(200);
        let packets: Vec<Vec<u8>> = lengths.enumerate().map(|(n, length)| vec![n as u8; length]).collect();
        packets.iter().for_each(|packet| ogg.packet(packet, 960));
        assert_eq!(ogg.samples(), 200 * 960 - 312);
        let pages = pages(&ogg.finish());
        let sound = &pages[2..];
        assert!(sound.len() >= 4, "at most a second each");
        assert_eq!(sound.iter().flat_map(|page| page.packets.clone()).collect::<Vec<_>>(), packets);
        let mut granule = 0;
        for page in sound {
            granule += 960 * page.packets.len() as u64;
            assert_eq!(page.granule, granule);
            assert!(page.packets.len() <= 50);
        }
        assert!(pages.iter().enumerate().all(|(place, page)| page.number == place as u32));
        assert_eq!(pages.iter().filter(|page| page.kind == LAST).count(), 1);
        assert_eq!(pages.last().map(|page| page.kind), Some(LAST));
    }

    #[test]
    fn a_page_holds_as_many_segments_as_it_may() {
        let mut ogg = Ogg::new(7);
        (0..20).for_each(|_| ogg.packet(&[1; 20 * 255], 120));
        let pages = pages(&ogg.finish());
        assert!(pages[2..].iter().all(|page| page.packets.len() <= 255 / 21));
        assert_eq!(pages.iter().map(|page| page.packets.len()).sum::<usize>(), 2 + 20);
    }
}
