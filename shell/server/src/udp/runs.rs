//! Which datagrams can leave as one message: pure arithmetic, no sockets.
//!
//! `UDP_SEGMENT` cuts one message into datagrams of one size, of which only the last may be shorter.

/// Datagrams of one train, one behind the other, that leave as one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The place of the train in its outbox.
    pub train: usize,
    /// Where its first datagram begins in the train.
    pub offset: usize,
    pub count: usize,
    /// The length of all but the last.
    pub size: usize,
    pub bytes: usize,
}

/// Appends the runs of datagrams with these lengths, of which the first begins at `offset` of its train, until there are
/// `wanted` in all.
///
/// With `most` 1 each datagram is its own run.
pub fn group(train: usize, lengths: &[u16], mut offset: usize, most: usize, wanted: usize, runs: &mut Vec<Run>) {
    let mut rest = lengths.iter().map(|length| usize::from(*length)).peekable();
    while runs.len() < wanted
        && let Some(size) = rest.next()
    {
        let mut run = Run { train, offset, count: 1, size, bytes: size };
        let mut closed = false;
        while !closed && let Some(length) = rest.next_if(|length| run.takes(*length, most)) {
            closed = length < size; // a shorter one ends the run
            run.count += 1;
            run.bytes += length;
        }
        offset += run.bytes;
        runs.push(run);
    }
}

impl Run {
    fn takes(&self, length: usize, most: usize) -> bool {
        self.count < most && length <= self.size && self.size <= LARGEST_SEGMENT && self.bytes + length <= MOST_BYTES
    }
}

/// The most segments that every kernel with `UDP_SEGMENT` takes in one message (`UDP_MAX_SEGMENTS`).
pub const MOST_SEGMENTS: usize = 64;

/// The most bytes of one message: a 16-bit length less the headers of IPv6 and UDP.
const MOST_BYTES: usize = 65_535 - 40 - 8;

/// A segment has to fit the path without fragments, or the kernel refuses the whole message; larger ones go alone.
/// 1,400 fits Ethernet with a tunnel or two; media packets have at most 1,200 and some.
const LARGEST_SEGMENT: usize = 1_400;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lengths: &[u16], most: usize, expected: &[&[u16]]) {
        let mut runs = Vec::new();
        group(3, lengths, 7, most, 100, &mut runs);
        let (mut at, mut offset, mut shown) = (0, 7, Vec::new());
        for run in &runs {
            shown.push(&lengths[at..at + run.count]);
            assert_eq!((run.train, run.offset, run.size), (3, offset, usize::from(lengths[at])));
            (at, offset) = (at + run.count, offset + run.bytes);
        }
        assert_eq!(shown, expected);
        assert_eq!(at, lengths.len());
    }

    #[test]
    fn equal_sizes_are_one_run() {
        check(&[100, 100, 100], 64, &[&[100, 100, 100]]);
        check(&[], 64, &[]);
        check(&[7], 64, &[&[7]]);
    }

    #[test]
    fn only_the_last_may_be_shorter() {
        check(&[100, 100, 40, 40, 100], 64, &[&[100, 100, 40], &[40], &[100]]);
        check(&[40, 100, 100], 64, &[&[40], &[100, 100]]);
        check(&[100, 40, 30], 64, &[&[100, 40], &[30]]);
    }

    #[test]
    fn a_run_is_bounded_in_number_and_bytes() {
        check(&[10; 5], 2, &[&[10, 10], &[10, 10], &[10]]);
        check(&[10, 10], 1, &[&[10], &[10]]);
        check(&[1_200; 100], MOST_SEGMENTS, &[&[1_200; 54], &[1_200; 46]]); // 54 x 1200 is the most below 65,487
        check(&[100; 100], MOST_SEGMENTS, &[&[100; 64], &[100; 36]]);
    }

    #[test]
    fn what_may_not_fit_the_path_goes_alone() {
        check(&[1_500, 1_500, 1_400, 1_400], 64, &[&[1_500], &[1_500], &[1_400, 1_400]]);
    }
}
