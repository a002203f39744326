//! The narrowest place of a line: packets wait for their turn, and when too many wait, the newest is dropped.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use super::{
    impairment::{Limit, Rate},
    packet::Packet,
};

/// A queue in front of a wire of some rate.
///
/// A packet has passed when its last bit has. What is on the wire counts as waiting, as the buffer of a modem does.
#[derive(Debug)]
pub struct Queue {
    rate: Option<Rate>,
    limit: Limit,
    waiting: VecDeque<Packet>,
    bytes: usize,
    /// When the first of those waiting has passed. Says something only while somebody waits.
    first_done: Instant,
}

impl Queue {
    /// An empty one. Any moment will do for `now`; it is not looked at before something waits.
    pub fn new(now: Instant, rate: Option<Rate>, limit: Limit) -> Self {
        Self { rate, limit, waiting: VecDeque::new(), bytes: 0, first_done: now }
    }

    /// Changes the wire under way: what is on it goes on at the new rate. What waits stays, even beyond the new limit.
    pub fn change(&mut self, now: Instant, rate: Option<Rate>, limit: Limit) {
        if !self.waiting.is_empty() {
            let left = self.first_done.saturating_duration_since(now);
            self.first_done = match (self.rate, rate) {
                (Some(old), Some(new)) => now + left.mul_f64(old.as_bits() as f64 / new.as_bits() as f64),
                _ => now,
            };
        }
        (self.rate, self.limit) = (rate, limit);
    }

    /// Takes a packet, or gives it back because the queue is full.
    pub fn push(&mut self, now: Instant, packet: Packet) -> Result<(), Packet> {
        let bytes = self.bytes + packet.length();
        let is_full = match (self.limit, self.rate) {
            _ if self.waiting.is_empty() => false,
            (_, None) => false,
            (Limit::Bytes(most), _) => bytes > most,
            (Limit::Time(most), Some(rate)) => rate.time_for(bytes) > most,
        };
        if is_full {
            return Err(packet);
        }
        if self.waiting.is_empty() {
            self.first_done = now + self.time_for(&packet);
        }
        self.bytes = bytes;
        self.waiting.push_back(packet);
        Ok(())
    }

    /// The next packet that has passed by now, and when exactly it had: the wire does not pause because somebody looked
    /// late.
    pub fn pop(&mut self, now: Instant) -> Option<(Instant, Packet)> {
        let done = self.first_done;
        if done > now {
            return None;
        }
        let packet = self.waiting.pop_front()?;
        self.bytes -= packet.length();
        if let Some(next) = self.waiting.front() {
            self.first_done = done + self.time_for(next);
        }
        Some((done, packet))
    }

    /// When the next packet will have passed.
    pub fn poll_timeout(&self) -> Option<Instant> {
        (!self.waiting.is_empty()).then_some(self.first_done)
    }

    /// How many packets wait.
    pub fn packets(&self) -> usize {
        self.waiting.len()
    }

    /// How many bytes wait.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    fn time_for(&self, packet: &Packet) -> Duration {
        self.rate.map_or(Duration::ZERO, |rate| rate.time_for(packet.length()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Queue;
    use crate::engine::{
        forge::{self, at},
        impairment::{Limit, Rate},
        packet::Packet,
    };

    /// 1,250 bytes: 10 ms at a megabit per second.
    fn packet() -> Packet {
        forge::udp(at("10.77.1.2:5000"), at("10.77.0.1:80"), &[0; 1222])
    }

    const MEGABIT: Option<Rate> = Some(Rate::megabits(1));

    fn ms(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    #[test]
    fn packets_pass_one_behind_the_other_however_late_we_look() {
        let start = Instant::now();
        let mut queue = Queue::new(start, MEGABIT, Limit::Time(ms(100)));
        for _ in 0..3 {
            queue.push(start, packet()).unwrap();
        }
        assert_eq!(queue.pop(start + ms(9)), None);
        let passed: Vec<Duration> =
            std::iter::from_fn(|| queue.pop(start + ms(500))).map(|(at, _)| at - start).collect();
        assert_eq!(passed, [ms(10), ms(20), ms(30)]);
        queue.push(start + ms(500), packet()).unwrap();
        assert_eq!(queue.poll_timeout(), Some(start + ms(510)));
    }

    #[test]
    fn it_grows_to_its_limit_and_drops_what_is_on_top() {
        for limit in [Limit::Time(ms(100)), Limit::Bytes(12_500)] {
            let start = Instant::now();
            let mut queue = Queue::new(start, MEGABIT, limit);
            // Twice of what the wire carries, for a second.
            let (mut dropped, mut passed, mut longest) = (0, 0, Duration::ZERO);
            for index in 0..200 {
                let now = start + ms(5) * index;
                dropped += u32::from(queue.push(now, packet()).is_err());
                while queue.pop(now).is_some() {
                    passed += 1;
                }
                longest = longest.max(MEGABIT.unwrap().time_for(queue.bytes()));
            }
            assert_eq!(longest, ms(100), "{limit:?}");
            assert_eq!(passed, 99, "{limit:?}");
            assert_eq!(dropped, 200 - passed - queue.packets() as u32);
            assert!((85..=95).contains(&dropped), "{dropped} dropped with {limit:?}");
        }
    }

    #[test]
    fn one_packet_may_always_wait() {
        let start = Instant::now();
        let mut queue = Queue::new(start, MEGABIT, Limit::Bytes(1));
        assert!(queue.push(start, packet()).is_ok());
        assert!(queue.push(start, packet()).is_err());
    }

    #[test]
    fn a_change_of_rate_counts_from_now_on() {
        let start = Instant::now();
        let mut queue = Queue::new(start, MEGABIT, Limit::Time(ms(100)));
        queue.push(start, packet()).unwrap();
        queue.push(start, packet()).unwrap();
        queue.change(start + ms(5), Some(Rate::kilobits(500)), Limit::Time(ms(100)));
        assert_eq!(queue.pop(start + ms(50)).unwrap().0, start + ms(15), "half of it was left, at half the rate");
        assert_eq!(queue.pop(start + ms(50)).unwrap().0, start + ms(35));
        queue.push(start + ms(50), packet()).unwrap();
        queue.change(start + ms(51), None, Limit::Time(ms(100)));
        assert_eq!(queue.pop(start + ms(51)).unwrap().0, start + ms(51));
    }
}
