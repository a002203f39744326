//! Which datagrams can leave as one message: pure arithmetic, no sockets.
//!
//! `UDP_SEGMENT` cuts one message into datagrams of one size, of which only the last may be shorter.

use std::{net::SocketAddr, ops::Range};

/// Appends the runs of `datagrams` (destination and length, already in the order to send) to `runs`, as ranges of places.
///
/// With `most` 1 each datagram is its own run.
pub fn group(
    datagrams: impl Iterator<Item = (SocketAddr, usize)>,
    first: usize,
    most: usize,
    runs: &mut Vec<Range<usize>>,
) {
    let mut open: Option<Run> = None;
    for (place, (destination, length)) in (first..).zip(datagrams) {
        match &mut open {
            Some(run) if run.takes(destination, length, most) => run.push(length),
            _ => {
                let next = Run { destination, start: place, count: 1, size: length, bytes: length, closed: false };
                runs.extend(open.replace(next).map(|run| run.range()));
            }
        }
    }
    runs.extend(open.map(|run| run.range()));
}

struct Run {
    destination: SocketAddr,
    start: usize,
    count: usize,
    /// The length of all but the last.
    size: usize,
    bytes: usize,
    /// Whether a shorter one came: it ends the run.
    closed: bool,
}

impl Run {
    fn takes(&self, destination: SocketAddr, length: usize, most: usize) -> bool {
        !self.closed
            && self.destination == destination
            && self.count < most
            && length <= self.size
            && self.size <= LARGEST_SEGMENT
            && self.bytes + length <= MOST_BYTES
    }

    fn push(&mut self, length: usize) {
        self.closed = length < self.size;
        self.count += 1;
        self.bytes += length;
    }

    fn range(&self) -> Range<usize> {
        self.start..self.start + self.count
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

    /// One letter per destination, a length after it; the answer likewise, a run per word.
    fn check(datagrams: &str, most: usize, expected: &str) {
        let parse = |word: &str| {
            let (to, length) = word.split_at(1);
            (SocketAddr::from(([127, 0, 0, to.as_bytes()[0]], 9)), length.parse().unwrap())
        };
        let words: Vec<&str> = datagrams.split_whitespace().collect();
        let mut runs = Vec::new();
        group(words.iter().map(|word| parse(word)), 0, most, &mut runs);
        let shown: Vec<String> = runs.iter().map(|run| words[run.clone()].join("+")).collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn equal_sizes_to_one_destination_are_one_run() {
        check("a100 a100 a100", 64, "a100+a100+a100");
        check("", 64, "");
        check("a7", 64, "a7");
    }

    #[test]
    fn only_the_last_may_be_shorter() {
        check("a100 a100 a40 a40 a100", 64, "a100+a100+a40 a40 a100");
        check("a40 a100 a100", 64, "a40 a100+a100");
        check("a100 a40 a30", 64, "a100+a40 a30");
    }

    #[test]
    fn destinations_are_not_mixed() {
        check("a100 b100 b100 a100", 64, "a100 b100+b100 a100");
    }

    #[test]
    fn a_run_is_bounded_in_number_and_bytes() {
        check("a10 a10 a10 a10 a10", 2, "a10+a10 a10+a10 a10");
        check("a10 a10", 1, "a10 a10");
        let mut runs = Vec::new();
        let to = SocketAddr::from(([127, 0, 0, 1], 9));
        group(std::iter::repeat_n((to, 1_200), 100), 0, MOST_SEGMENTS, &mut runs);
        assert_eq!(runs, [0..54, 54..100], "54 x 1200 is the most below 65,487");
        runs.clear();
        group(std::iter::repeat_n((to, 100), 100), 5, MOST_SEGMENTS, &mut runs);
        assert_eq!(runs, [5..69, 69..105]);
    }

    #[test]
    fn what_may_not_fit_the_path_goes_alone() {
        check("a1500 a1500 a1400 a1400", 64, "a1500 a1500 a1400+a1400");
    }
}
