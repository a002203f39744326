//! One direction of one line: what it admits, and when that comes out at the far end.
//!
//! The driver's contract: after each [`Path::carry`] or change, and whenever [`Path::poll_timeout`] is due, take
//! [`Path::poll_output`] until there is none. Moments must not go back.

use std::{cmp::Ordering, collections::BinaryHeap, time::Instant};

use super::{
    chance::Chance,
    counters::Counters,
    cut::{Cut, Cuts},
    impairment::{Impairment, Mtu},
    jitter::Jitter,
    loss::Loss,
    packet::Packet,
    queue::Queue,
};

/// One direction of a line.
#[derive(Debug)]
pub struct Path {
    impairment: Impairment,
    cuts: Cuts,
    chance: Chance,
    loss: Loss,
    jitter: Jitter,
    queue: Queue,
    under_way: BinaryHeap<Flight>,
    /// Numbers packets behind the queue, so that those due at the same moment keep their order.
    count: u64,
    counters: Counters,
}

/// Why a packet may not even enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barrier {
    /// The line is cut for it.
    Cut,
    /// It is too long. Says whether and what the sender is to be told.
    TooLong(Mtu),
}

#[derive(Debug)]
struct Flight {
    due: Instant,
    number: u64,
    packet: Packet,
}

impl Path {
    /// A direction that has carried nothing yet, with chance of its own.
    pub fn new(now: Instant, impairment: Impairment, chance: Chance) -> Self {
        Self {
            impairment,
            cuts: Cuts::default(),
            chance,
            loss: Loss::default(),
            jitter: Jitter::default(),
            queue: Queue::new(now, impairment.rate, impairment.queue),
            under_way: BinaryHeap::new(),
            count: 0,
            counters: Counters::default(),
        }
    }

    /// Treats packets differently from now on. Those behind the queue have their way already.
    pub fn set(&mut self, now: Instant, impairment: Impairment) {
        self.queue.change(now, impairment.rate, impairment.queue);
        self.impairment = impairment;
    }

    /// Lets no more of these in.
    pub fn cut(&mut self, cut: Cut) {
        self.cuts.add(cut);
    }

    /// Forgets all cuts.
    pub fn heal(&mut self) {
        self.cuts.clear();
    }

    /// Counts a packet that comes to the line, and says whether it may enter. Apart from [`Path::carry`] since a NAT
    /// stands between the two, and the answer to what is too long is for the address that stands before it.
    pub fn admit(&mut self, packet: &Packet) -> Result<(), Barrier> {
        self.counters.packets_in += 1;
        self.counters.bytes_in += packet.length() as u64;
        if self.cuts.stop(packet) {
            self.counters.dropped.cut += 1;
            return Err(Barrier::Cut);
        }
        match self.impairment.mtu {
            Some(mtu) if packet.length() > usize::from(mtu.bytes) => {
                self.counters.dropped.mtu += 1;
                Err(Barrier::TooLong(mtu))
            }
            _ => Ok(()),
        }
    }

    /// Puts an admitted packet into the queue, or drops it where that is full.
    pub fn carry(&mut self, now: Instant, packet: Packet) {
        if self.queue.push(now, packet).is_err() {
            self.counters.dropped.queue += 1;
        }
        self.handle_timeout(now);
    }

    /// Counts a packet that was dropped by somebody else at this line's ends.
    pub fn dropped(&mut self) -> &mut super::counters::Drops {
        &mut self.counters.dropped
    }

    /// The next packet that has arrived at the far end by now.
    pub fn poll_output(&mut self, now: Instant) -> Option<Packet> {
        self.handle_timeout(now);
        if self.under_way.peek()?.due > now {
            return None;
        }
        let packet = self.under_way.pop()?.packet;
        self.counters.packets_out += 1;
        self.counters.bytes_out += packet.length() as u64;
        Some(packet)
    }

    /// When to come back.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let arrival = self.under_way.peek().map(|flight| flight.due);
        [self.queue.poll_timeout(), arrival].into_iter().flatten().min()
    }

    /// What happened so far.
    pub fn counters(&self) -> Counters {
        Counters {
            queued_packets: self.queue.packets(),
            queued_bytes: self.queue.bytes(),
            under_way: self.under_way.len(),
            ..self.counters
        }
    }

    /// How it treats packets now.
    pub fn impairment(&self) -> Impairment {
        self.impairment
    }

    /// Sends on its way what has left the queue.
    fn handle_timeout(&mut self, now: Instant) {
        while let Some((left, packet)) = self.queue.pop(now) {
            if self.loss.takes(&self.impairment, &mut self.chance) {
                self.counters.dropped.loss += 1;
                continue;
            }
            let extra = self.jitter.at(left, self.impairment.jitter, &mut self.chance);
            let mut due = left + self.impairment.delay + extra;
            if self.chance.happens(self.impairment.reorder) {
                self.counters.late += 1;
                due += self.impairment.late_by;
            }
            if self.chance.happens(self.impairment.duplicate) {
                self.counters.duplicated += 1;
                self.send(due, packet.clone());
            }
            self.send(due, packet);
        }
    }

    fn send(&mut self, due: Instant, packet: Packet) {
        self.count += 1;
        self.under_way.push(Flight { due, number: self.count, packet });
    }
}

/// The earliest is the greatest, as a heap gives its greatest first.
impl Ord for Flight {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.due, other.number).cmp(&(self.due, self.number))
    }
}

impl PartialOrd for Flight {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Flight {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Flight {}

#[cfg(test)]
mod tests;
