//! Reads what a receiver says of the arrival of packets: transport-wide feedback
//! (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1). It knows numbers and times of arrival, not
//! packets.

/// A report that can be read to its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Report<'a> {
    base: u16,
    count: u16,
    /// In 64 ms of a clock of the receiver's, modulo 2^24.
    pub(super) reference: u32,
    chunks: &'a [u8],
    deltas: &'a [u8],
}

impl<'a> Report<'a> {
    /// The report in the body of a packet: behind its first word, without padding. `None` unless all that it announces
    /// is there and means something, and is about no more than `most` packets.
    pub(super) fn read(body: &'a [u8], most: usize) -> Option<Self> {
        let (head, rest) = body.split_first_chunk::<HEAD>()?;
        let base = u16::from_be_bytes([head[8], head[9]]);
        let count = u16::from_be_bytes([head[10], head[11]]);
        let reference = u32::from_be_bytes([0, head[12], head[13], head[14]]);
        if usize::from(count) > most {
            return None;
        }
        let (mut told, mut bytes) = (0, 0);
        for chunk in rest.chunks_exact(2) {
            if told >= count {
                break;
            }
            told = told.saturating_add(Chunk::of(chunk).length());
            bytes += 2;
        }
        let (chunks, deltas) = rest.split_at_checked(bytes)?;
        let (mut listed, mut needed) = (0, 0);
        for symbol in symbols(chunks, count) {
            listed += 1;
            needed += match symbol {
                MISSING => 0,
                SMALL => 1,
                LARGE => 2,
                _ => return None, // nobody knows how long its delta would be
            };
        }
        (listed == count && needed <= deltas.len()).then_some(Self { base, count, reference, chunks, deltas })
    }

    /// Every packet that the report is about, in the order of sending: its number, and if it arrived, how many
    /// microseconds after the reference time (at times before it).
    pub(super) fn statuses(&self) -> impl Iterator<Item = (u16, Option<i64>)> {
        let (mut place, mut at, mut deltas) = (self.base, 0, self.deltas);
        symbols(self.chunks, self.count).map_while(move |symbol| {
            let this = place;
            place = place.wrapping_add(1);
            let ticks = match symbol {
                MISSING => return Some((this, None)),
                SMALL => {
                    let (delta, rest) = deltas.split_first_chunk::<1>()?;
                    deltas = rest;
                    i64::from(delta[0])
                }
                _ => {
                    let (delta, rest) = deltas.split_first_chunk::<2>()?;
                    deltas = rest;
                    i64::from(i16::from_be_bytes(*delta))
                }
            };
            at += ticks * TICK;
            Some((this, Some(at)))
        })
    }
}

/// Follows the reference times of reports, which begin anew after 12 days.
#[derive(Debug, Default)]
pub(super) struct Clock {
    last: Option<u32>,
    /// Microseconds, of `last`.
    at: i64,
}

impl Clock {
    /// The reference time in microseconds since that of the first report.
    pub(super) fn read(&mut self, reference: u32) -> i64 {
        if let Some(last) = self.last.replace(reference) {
            // Sign extension from 24 bits: a report may be older than the one before.
            let step = ((reference.wrapping_sub(last) << 8) as i32) >> 8;
            self.at = self.at.saturating_add(i64::from(step) * REFERENCE);
        }
        self.at
    }
}

/// Two bytes that say what became of up to 8,191 packets (sections 3.1.2 to 3.1.4).
#[derive(Debug, Clone, Copy)]
struct Chunk(u16);

impl Chunk {
    fn of(bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(0, |word, byte| word << 8 | u16::from(*byte)))
    }

    fn length(self) -> u16 {
        match self.0 >> 14 {
            0b10 => 14,
            0b11 => 7,
            _ => self.0 & 0x1fff,
        }
    }

    fn symbol(self, at: u16) -> u8 {
        let bits = match self.0 >> 14 {
            0b10 => self.0 >> 13_u16.saturating_sub(at) & 1,
            0b11 => self.0 >> (2 * 6_u16.saturating_sub(at)) & 3,
            _ => self.0 >> 13 & 3,
        };
        bits as u8
    }
}

fn symbols(chunks: &[u8], count: u16) -> impl Iterator<Item = u8> {
    let all = chunks.chunks_exact(2).map(Chunk::of);
    all.flat_map(|chunk| (0..chunk.length()).map(move |at| chunk.symbol(at))).take(usize::from(count))
}

/// Two SSRCs, the first number, how many, the reference time, the number of the report.
const HEAD: usize = 16;
/// Section 3.1.1.
const MISSING: u8 = 0;
const SMALL: u8 = 1;
const LARGE: u8 = 2;
/// Section 3.1.5: deltas are multiples of 250 us; here in microseconds.
const TICK: i64 = 250;
/// Section 3.1: reference times are multiples of 64 ms; here in microseconds.
pub(super) const REFERENCE: i64 = 64_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn body(base: u16, count: u16, reference: u32, chunks: &[u16], deltas: &[u8]) -> Vec<u8> {
        let mut body = vec![0, 0, 0, 1, 0, 0, 0, 2];
        body.extend(base.to_be_bytes());
        body.extend(count.to_be_bytes());
        body.extend(&reference.to_be_bytes()[1..]);
        body.push(0);
        chunks.iter().for_each(|chunk| body.extend(chunk.to_be_bytes()));
        body.extend(deltas);
        body
    }

    fn said(body: &[u8]) -> Option<Vec<(u16, Option<i64>)>> {
        Report::read(body, 8192).map(|report| report.statuses().collect())
    }

    #[test]
    fn runs_and_vectors_are_read() {
        // Two that came, then a vector of bits (came, missing, came, 11 beyond the end).
        let report = body(65_534, 5, 7, &[0x2002, 0b1010_1000_0000_0000], &[4, 0, 8, 255]);
        let expected = [(65_534, Some(1000)), (65_535, Some(1000)), (0, Some(3000)), (1, None), (2, Some(66_750))];
        assert_eq!(said(&report).unwrap(), expected);
        // Pairs of bits: missing, late, missing, large; the delta of the last is negative.
        let report = body(10, 4, 7, &[0b1100_0100_1000_0000], &[4, 0xff, 0xfe]);
        assert_eq!(said(&report).unwrap(), [(10, None), (11, Some(1000)), (12, None), (13, Some(500))]);
        // A long run of nothing.
        let report = body(0, 8000, 7, &[8000], &[]);
        assert!(said(&report).unwrap().iter().all(|(_, at)| at.is_none()));
    }

    #[test]
    fn a_report_that_promises_more_than_it_holds_is_not_read() {
        let whole = body(10, 9, 7, &[0x2002, 0b1101_0110_1000_0000], &[0; 8]);
        assert!(said(&whole).is_some());
        (0..whole.len()).for_each(|end| assert!(said(&whole[..end]).is_none(), "{end} bytes of it were read"));
        assert!(said(&body(10, 9, 7, &[0, 0, 0], &[0; 8])).is_none(), "runs of nothing reach no count");
        assert!(said(&body(10, 65_535, 7, &[8191; 8], &[])).is_none(), "more than is ever kept");
        assert!(said(&body(10, 1, 7, &[0b1111_0000_0000_0000], &[0; 8])).is_none(), "a reserved symbol");
        assert!(said(&body(10, 1, 7, &[0x6001], &[0; 8])).is_none(), "a run of a reserved symbol");
        assert_eq!(said(&body(10, 0, 7, &[], &[])).unwrap(), []);
    }

    #[test]
    fn the_receivers_clock_goes_on_where_its_24_bits_end() {
        let mut clock = Clock::default();
        let read = [0xff_fffe, 0xff_ffff, 1, 0, 0x7f_ffff].map(|reference| clock.read(reference) / REFERENCE);
        assert_eq!(read, [0, 1, 3, 2, 2 + 0x7f_ffff]);
    }
}
