//! Which of the latest numbers of a stream were used already.

/// A sliding window: each number can be taken once, and one that lies too far back not at all.
#[derive(Debug)]
pub(crate) struct Window {
    /// Above the highest number that was ever taken.
    next: u64,
    /// A bit for each of the last [`SPAN`] numbers, at the place of the number modulo `SPAN`.
    taken: [u64; WORDS],
}

impl Window {
    pub(crate) fn new() -> Self {
        Self { next: 0, taken: [0; WORDS] }
    }

    /// Takes `number`; `false` when it was taken before, or when nobody can know any more.
    pub(crate) fn take(&mut self, number: u64) -> bool {
        if number >= self.next {
            if number - self.next >= SPAN {
                self.taken = [0; WORDS];
            } else {
                (self.next..number).for_each(|skipped| self.clear(skipped));
            }
            self.next = number + 1;
            self.clear(number);
        } else if self.next - number > SPAN {
            return false;
        }
        let (word, bit) = Self::place(number);
        let before = self.taken[word];
        self.taken[word] |= bit;
        before & bit == 0
    }

    fn clear(&mut self, number: u64) {
        let (word, bit) = Self::place(number);
        self.taken[word] &= !bit;
    }

    fn place(number: u64) -> (usize, u64) {
        let at = number % SPAN;
        ((at / 64) as usize, 1 << (at % 64))
    }
}

/// How far back a packet may lie. A publisher's packet that was lost and sent again comes some hundred packets late at
/// most: half a second of the largest picture streams.
const SPAN: u64 = 64 * WORDS as u64;
/// 128 bytes for each outgoing stream.
const WORDS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_number_is_taken_once_in_any_order() {
        let mut window = Window::new();
        let brief = [5, 7, 6, 7, 5, 4].map(|n| window.take(1000 + n));
        assert_eq!(brief, [true, true, true, false, false, true]);
        assert!(window.take(1000 + 10 * SPAN));
        assert!(!window.take(1008), "too far back to know");
        assert!(window.take(1001 + 9 * SPAN) && !window.take(1001 + 9 * SPAN));
    }

    /// Numbers in all orders that a network and a switch of layers can make, against a set that forgets nothing.
    #[test]
    fn no_number_is_ever_taken_twice() {
        for seed in 1..50_u64 {
            let (mut window, mut seen, mut at, mut state) = (Window::new(), BTreeSet::new(), 1000_u64, seed);
            let mut draw = |below: u64| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % below
            };
            for _ in 0..5000 {
                at += match draw(20) {
                    0 => draw(3 * SPAN),
                    _ => draw(3),
                };
                let number = at - draw(2) * draw(SPAN + 200).min(at);
                let fresh = seen.insert(number);
                let took = window.take(number);
                assert!(!took || fresh, "{number} was taken twice");
                if fresh && number + 500 > at {
                    assert!(took, "{number} is new and near {at}");
                }
            }
        }
    }
}
