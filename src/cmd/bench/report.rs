//! What everybody saw, added up, and how it is shown.

use std::{collections::BTreeMap, time::Duration};

use client::synthetic::Flow;
use proto::TrackId;

use super::{
    Args,
    histogram::Histogram,
    server::{Reading, Spent},
};

/// What one participant saw.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Which one it was.
    pub number: u32,
    /// Which room it was in.
    pub room: u32,
    /// Whether it came when others already sent.
    pub is_subscriber: bool,
    /// Whether it only counted packets.
    pub counts: bool,
    /// How long it took from the first byte to connected media.
    pub joined: Option<Duration>,
    /// How long it took from the first byte to the first packet received; for publishers, until they could send.
    pub ready: Option<Duration>,
    /// What went wrong.
    pub failure: Option<String>,
    /// Packets made, by flow and layer.
    pub made: BTreeMap<u32, Vec<u32>>,
    /// Packets of ours received, by flow and layer, by the sender's count.
    pub layers: BTreeMap<(u32, u8), Flow>,
    /// The same by flow and RTP sequence number.
    pub streams: BTreeMap<u32, Flow>,
    /// Packets that were only counted, by RTP sequence number, one account for each stream.
    pub counted: Vec<Flow>,
    /// Packets of others in the room, by track.
    pub foreign: BTreeMap<TrackId, Flow>,
    /// How long packets took.
    pub latency: Histogram,
    /// Packets handed to the transport.
    pub sent: u64,
    /// Packets received while it was measured.
    pub window: u64,
}

/// What all saw together.
#[derive(Debug, Default)]
pub struct Report {
    people: u64,
    rooms: u32,
    seconds: u64,
    /// Tracks in each room.
    tracks: usize,
    /// Participants who did not get all sections in time.
    unsubscribed: usize,
    failures: Vec<(u32, String)>,
    connects: Vec<Duration>,
    joins: Vec<Duration>,
    publishes: Vec<Duration>,
    sent: u64,
    expected: u64,
    received: u64,
    window: u64,
    lost: u64,
    late: u64,
    twice: u64,
    foreign_received: u64,
    foreign_lost: u64,
    latency: Histogram,
    cost: Cost,
}

/// What it cost.
#[derive(Debug, Default)]
struct Cost {
    spent: Spent,
    /// The server's memory in KiB before anybody came, and while media flowed.
    idle: Option<u64>,
    flowing: Option<u64>,
    /// Our own processor time, and datagrams that we did not read in time.
    own: Option<Duration>,
    own_overflow: Option<u64>,
    /// Packets that the server held back from narrow lines until they were too late, as it says. They have numbers, so
    /// that they are missing to whoever counts; but they were not lost.
    given_up: Option<f64>,
}

impl Report {
    /// Nothing seen yet. `unsubscribed` did not get all sections in time.
    pub fn new(args: &Args, unsubscribed: usize) -> Self {
        let (people, rooms, seconds, tracks) = (args.people(), args.rooms, args.seconds, args.tracks());
        Self { people, rooms, seconds, tracks, unsubscribed, ..Self::default() }
    }

    /// Takes in what was read of the server before anybody came, when the measurement began, and at its end; and what this
    /// process spent and missed.
    pub fn cost(&mut self, idle: &Reading, from: &Reading, to: &Reading, own: Option<Duration>, missed: Option<u64>) {
        let spent = to.since(from);
        let given_up = to.since(idle).given_up;
        self.cost = Cost { spent, idle: idle.resident, flowing: to.resident, own, own_overflow: missed, given_up };
    }

    /// Takes in what each saw.
    pub fn add(&mut self, outcomes: Vec<Outcome>) {
        let made: BTreeMap<(u32, u32), Vec<u32>> =
            outcomes.iter().flat_map(|o| o.made.iter().map(|(flow, made)| ((o.room, *flow), made.clone()))).collect();
        for mut outcome in outcomes {
            self.sent += outcome.sent;
            self.window += outcome.window;
            self.connects.extend(outcome.joined);
            let kind = if outcome.is_subscriber { &mut self.joins } else { &mut self.publishes };
            kind.extend(outcome.ready);
            for flow in outcome.foreign.values() {
                self.foreign_received += flow.received();
                self.foreign_lost += flow.lost();
            }
            if outcome.counts {
                self.count(&outcome);
            } else {
                self.check(&mut outcome, &made);
            }
            self.latency.merge(&outcome.latency);
            self.failures.extend(outcome.failure.map(|why| (outcome.number, why)));
        }
        for times in [&mut self.connects, &mut self.joins, &mut self.publishes] {
            times.sort_unstable();
        }
        self.failures.sort_unstable();
    }

    /// Somebody who reads stamps.
    fn check(&mut self, outcome: &mut Outcome, made: &BTreeMap<(u32, u32), Vec<u32>>) {
        let others = made.range((outcome.room, 0)..=(outcome.room, u32::MAX));
        for ((_, flow), layers) in others.filter(|((_, flow), _)| flow / 2 != outcome.number) {
            // Of one layer everything has to arrive: for those who were there from the first packet on, for those who came
            // later from the first that they got. Of several each receiver gets one at a time, so there only gaps in the
            // RTP numbers tell.
            let (account, expected) = match layers.as_slice() {
                [made] => {
                    let mut account = outcome.layers.get_mut(&(*flow, 0));
                    if let Some(account) = &mut account {
                        account.ended(u64::from(*made).saturating_sub(1));
                    }
                    let from_now_on = account.as_ref().map_or(1, |account| account.expected());
                    let expected = if outcome.is_subscriber { from_now_on } else { u64::from(*made) };
                    (account.map(|account| &*account), expected)
                }
                _ => {
                    let stream = outcome.streams.get(flow);
                    (stream, stream.map_or(1, Flow::expected))
                }
            };
            let received = account.map_or(0, Flow::received);
            self.expected += expected;
            self.received += received;
            self.lost += expected.saturating_sub(received);
            self.late += account.map_or(0, Flow::late);
            self.twice += account.map_or(0, Flow::twice);
        }
    }

    /// Somebody who counts. A stream that never came is one packet lost, since nobody knows how many it had.
    fn count(&mut self, outcome: &Outcome) {
        let streams = self.tracks - outcome.made.len();
        let absent = streams.saturating_sub(outcome.counted.len()) as u64;
        self.expected += absent;
        self.lost += absent;
        for flow in &outcome.counted {
            self.expected += flow.expected();
            self.received += flow.received();
            self.lost += flow.lost();
            self.late += flow.late();
            self.twice += flow.twice();
        }
    }

    /// Whether everybody got everything that was sent to them.
    pub fn is_right(&self) -> bool {
        let missing = (self.lost + self.foreign_lost) as f64;
        self.failures.is_empty() && self.unsubscribed == 0 && missing <= self.cost.given_up.unwrap_or_default()
    }

    /// For programs. What is not known is `null`.
    pub fn json(&self) -> serde_json::Value {
        let times = |times: &[Duration]| (!times.is_empty()).then(|| quantiles(times));
        serde_json::json!({
            "participants": self.people,
            "rooms": self.rooms,
            "seconds": self.seconds,
            "joined": self.connects.len(),
            "failed": self.failures.iter().map(|(number, why)| format!("{number}: {why}")).collect::<Vec<_>>(),
            "not_subscribed": self.unsubscribed,
            "connect_ms": times(&self.connects),
            "join_ms": times(&self.joins),
            "publish_ms": times(&self.publishes),
            "packets": {
                "sent": self.sent,
                "expected": self.expected,
                "received": self.received,
                "received_per_second": self.per_second(self.window as f64),
                "lost": self.lost,
                "late": self.late,
                "twice": self.twice,
            },
            "of_others": { "received": self.foreign_received, "lost": self.foreign_lost },
            "latency_ms": {
                "p50": self.latency.quantile(0.5),
                "p99": self.latency.quantile(0.99),
                "p99_9": self.latency.quantile(0.999),
                "max": self.latency.quantile(1.0),
            },
            "server": self.server(),
            "generator": {
                "cores": self.cost.own.map(|own| self.per_second(own.as_secs_f64())),
                "overflowed": self.cost.own_overflow,
            },
            "lost": self.lost + self.foreign_lost,
            "right": self.is_right(),
        })
    }

    fn server(&self) -> serde_json::Value {
        let Cost { spent, idle, flowing, .. } = &self.cost;
        let micros = |time: Duration| time.as_secs_f64() * 1e6;
        let each = |time: Option<Duration>| Some(micros(time?) / self.forwarded());
        serde_json::json!({
            "cpu_us_per_packet": each(spent.busy),
            "media_cpu_us_per_packet": each(spent.media),
            "cores": spent.busy.map(|busy| self.per_second(busy.as_secs_f64())),
            "media_cores": spent.media.map(|media| self.per_second(media.as_secs_f64())),
            "packets_in_per_second": spent.received.map(|n| self.per_second(n)),
            "packets_forwarded": spent.forwarded,
            "packets_forwarded_per_second": spent.forwarded.map(|n| self.per_second(n)),
            "packets_in": spent.received,
            "packets_repaired": spent.repaired,
            "packets_given_up": self.cost.given_up,
            "packets_per_send_call": spent.forwarded.zip(spent.send_calls).map(|(packets, calls)| packets / calls),
            "dropped_at_socket": spent.dropped,
            "overflowed": spent.overflowed,
            "allocations": spent.allocations,
            "memory_kib": {
                "idle": idle,
                "flowing": flowing,
                "per_participant": self.memory_each(),
            },
        })
    }

    /// Packets that left for one receiver: as the server counts, else as they arrived.
    fn forwarded(&self) -> f64 {
        self.cost.spent.forwarded.unwrap_or(self.window as f64).max(1.0)
    }

    fn memory_each(&self) -> Option<f64> {
        let (idle, flowing) = self.cost.idle.zip(self.cost.flowing)?;
        Some((flowing as f64 - idle as f64) / self.people as f64)
    }

    fn per_second(&self, number: f64) -> f64 {
        number / self.cost.spent.span.as_secs_f64().max(self.seconds as f64).max(f64::MIN_POSITIVE)
    }

    /// For people.
    pub fn table(&self) -> String {
        use std::fmt::Write as _;
        let mut text = String::new();
        let mut row = |name: &str, value: String| {
            let _ = writeln!(text, "{name:<22} {value}");
        };
        row("participants", format!("{} in {} ({} joined)", self.people, self.rooms, self.connects.len()));
        row("media for", format!("{} s", self.seconds));
        for (name, times) in
            [("connect", &self.connects), ("join to first packet", &self.joins), ("join to published", &self.publishes)]
        {
            if !times.is_empty() {
                let [p50, p99] = [0.5, 0.99].map(|share| milliseconds(times, share));
                row(name, format!("p50 {p50:.0} / p99 {p99:.0} ms"));
            }
        }
        row("packets sent", self.sent.to_string());
        row("expected / received", format!("{} / {}", self.expected, self.received));
        row("received each second", format!("{:.0}", self.per_second(self.window as f64)));
        row("lost", self.lost.to_string());
        row("late / twice", format!("{} / {}", self.late, self.twice));
        if self.foreign_received > 0 {
            row("of others", format!("{} received, {} lost", self.foreign_received, self.foreign_lost));
        }
        let q = |share| self.latency.quantile(share);
        row("one way p50", format!("{:.2} ms", q(0.5)));
        row("        p99 / p99.9", format!("{:.2} / {:.2} ms", q(0.99), q(0.999)));
        row("        longest", format!("{:.2} ms", q(1.0)));
        self.costs(&mut row);
        if self.unsubscribed > 0 {
            row("without all tracks", self.unsubscribed.to_string());
        }
        for (number, why) in &self.failures {
            row(&format!("participant {number}"), why.clone());
        }
        row("verdict", if self.is_right() { "right" } else { "not right" }.to_owned());
        text
    }

    fn costs(&self, row: &mut impl FnMut(&str, String)) {
        let Cost { spent, idle, flowing, own, own_overflow, given_up } = &self.cost;
        let each = |time: Duration| time.as_secs_f64() * 1e6 / self.forwarded();
        if let Some(busy) = spent.busy {
            let media = spent.media.map(|media| format!(", media threads {:.2}", each(media)));
            let cores = self.per_second(busy.as_secs_f64());
            row("server per packet", format!("{:.2} us{}", each(busy), media.unwrap_or_default()));
            row("server", format!("{cores:.2} of a core"));
        }
        if let Some(forwarded) = spent.forwarded {
            row("forwarded each second", format!("{:.0}", self.per_second(forwarded)));
        }
        if let Some(given_up) = given_up.filter(|given_up| *given_up > 0.0) {
            row("held back too long", format!("{given_up:.0} packets, for lines that became narrow"));
        }
        if let (Some(idle), Some(flowing), Some(each)) = (idle, flowing, self.memory_each()) {
            row("server memory", format!("{idle} KiB, then {flowing}: {each:.0} for each participant"));
        }
        if let Some(dropped) = spent.dropped {
            let overflowed = spent.overflowed.map_or("?".to_owned(), |n| n.to_string());
            row("server dropped", format!("{dropped} on the way out, {overflowed} on the way in"));
        }
        if let Some(own) = own {
            let missed = own_overflow.map_or("?".to_owned(), |n| n.to_string());
            row("this program", format!("{:.2} of a core, {missed} not read", self.per_second(own.as_secs_f64())));
        }
    }
}

/// The time in milliseconds below which this share of some lies, which are sorted.
fn milliseconds(times: &[Duration], share: f64) -> f64 {
    let at = (share * times.len() as f64).ceil() as usize;
    let time = times.get(at.saturating_sub(1)).or(times.last());
    time.map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

fn quantiles(times: &[Duration]) -> serde_json::Value {
    serde_json::json!({ "p50": milliseconds(times, 0.5), "p99": milliseconds(times, 0.99) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_arrived_counts_as_lost() {
        let mut flow = Flow::new();
        (1..9).for_each(|sequence| flow.arrived(sequence));
        let ann = Outcome { number: 0, made: [(0, vec![10])].into(), ..Outcome::default() };
        let bob = Outcome { number: 1, layers: [((0, 0), flow)].into(), ..Outcome::default() };
        let cy = Outcome { number: 2, ..Outcome::default() };
        let mut report = Report::default();
        report.add(vec![ann, bob, cy]);
        assert_eq!((report.expected, report.received, report.lost), (20, 8, 12));
        assert!(!report.is_right());
        report.cost.given_up = Some(11.0);
        assert!(!report.is_right(), "one of them was not held back");
        report.cost.given_up = Some(12.0);
        assert!(report.is_right());
    }

    #[test]
    fn who_came_later_misses_what_was_sent_since() {
        let mut flow = Flow::new();
        (5..9).for_each(|sequence| flow.arrived(sequence));
        let ann = Outcome { number: 0, made: [(0, vec![10])].into(), ..Outcome::default() };
        let bob = Outcome { number: 1, is_subscriber: true, layers: [((0, 0), flow)].into(), ..Outcome::default() };
        let mut report = Report::default();
        report.add(vec![ann, bob]);
        assert_eq!((report.expected, report.received, report.lost), (5, 4, 1));
    }

    #[test]
    fn who_counts_misses_a_stream_that_never_came() {
        let mut flow = Flow::new();
        [1, 2, 4].into_iter().for_each(|sequence| flow.arrived(sequence));
        let ann = Outcome { number: 0, made: [(0, vec![10]), (1, vec![10])].into(), ..Outcome::default() };
        let bob = Outcome { number: 1, counts: true, counted: vec![flow], ..Outcome::default() };
        let mut report = Report { tracks: 2, ..Report::default() };
        report.add(vec![ann, bob]);
        assert_eq!((report.expected, report.received, report.lost), (5, 3, 2));
    }

    #[test]
    fn what_nobody_knows_is_absent() {
        let json = Report::default().json();
        assert!(json["server"]["cpu_us_per_packet"].is_null() && json["join_ms"].is_null());
    }
}
