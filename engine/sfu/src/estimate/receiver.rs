//! A receiver for tests: it makes transport-wide feedback as Chromium's does.

use std::collections::BTreeMap;

use super::{bed::Chance, report};

/// Reports ten to twenty times a second what came, from the first unreported number on; late packets again with all
/// behind them.
pub(super) struct Receiver {
    every: f64,
    next: f64,
    /// Of its clock, in ms.
    offset: f64,
    unwrapped: Option<u64>,
    /// Times of arrival in multiples of 250 us, by unwrapped number.
    arrivals: BTreeMap<u64, i64>,
    begin: u64,
}

impl Receiver {
    pub(super) fn new(chance: &mut Chance) -> Self {
        let every = 50.0 + 50.0 * chance.draw();
        // Near the end of its 24 bits, so that they begin anew in each test.
        let offset = 64.0 * f64::from((1 << 24) - 100 - chance.below(100) as u32);
        Self { every, next: every, offset, unwrapped: None, arrivals: BTreeMap::new(), begin: u64::MAX }
    }

    /// Notes a packet.
    pub(super) fn note(&mut self, ms: f64, place: u16) {
        let last = self.unwrapped.unwrap_or((1 << 20) + u64::from(place));
        let step = place.wrapping_sub(last as u16) as i16;
        let number = last.wrapping_add_signed(i64::from(step));
        self.unwrapped = Some(last.max(number));
        self.arrivals.insert(number, ((ms + self.offset) * 4.0) as i64);
        self.begin = self.begin.min(number);
    }

    /// The body of the report that is due.
    pub(super) fn report(&mut self, ms: f64) -> Option<Vec<u8>> {
        if ms < self.next {
            return None;
        }
        self.next = ms + self.every;
        let last = *self.arrivals.range(self.begin..).next_back()?.0;
        let statuses: Vec<_> = (self.begin..=last).map(|number| self.arrivals.get(&number).copied()).collect();
        let body = encode(self.begin as u16, &statuses);
        self.begin = last + 1;
        self.arrivals.retain(|number, _| number + 500 > last);
        Some(body)
    }
}

/// The body of a report: a number for the first, times of arrival in multiples of 250 us.
pub(super) fn encode(base: u16, statuses: &[Option<i64>]) -> Vec<u8> {
    let ticks = report::REFERENCE / 250;
    let reference = statuses.iter().flatten().next().map_or(0, |at| at.div_euclid(ticks));
    let (mut at, mut deltas) = (reference * ticks, Vec::new());
    let symbols: Vec<u16> = statuses
        .iter()
        .map(|status| {
            let Some(arrival) = status else { return 0 };
            let delta = (arrival - at).clamp(-32_768, 32_767);
            at += delta;
            if let Ok(small) = u8::try_from(delta) {
                deltas.push(small);
                return 1;
            }
            deltas.extend((delta as i16).to_be_bytes());
            2
        })
        .collect();
    let mut body = vec![0, 0, 0, 1, 0, 0, 0, 2];
    body.extend(base.to_be_bytes());
    body.extend((statuses.len() as u16).to_be_bytes());
    body.extend(&(reference as u32).to_be_bytes()[1..]);
    body.push(0);
    let mut rest = &symbols[..];
    while let Some(first) = rest.first() {
        let run = rest.iter().take_while(|symbol| *symbol == first).count().min(8191);
        let bits = |count: usize, each: u16| {
            rest.iter()
                .take(count)
                .enumerate()
                .fold(0, |word, (at, symbol)| word | symbol << (14 - each * (at as u16 + 1)))
        };
        let narrow = rest.iter().take(14).all(|symbol| *symbol < 2);
        let (chunk, taken) = match (run >= 14 || run == rest.len(), narrow) {
            (true, _) => (first << 13 | run as u16, run),
            (_, true) => (1 << 15 | bits(14, 1), 14),
            _ => (3 << 14 | bits(7, 2), 7),
        };
        body.extend(chunk.to_be_bytes());
        rest = &rest[taken.min(rest.len())..];
    }
    body.extend(deltas);
    body
}
