//! What everybody saw, added up, and how it is shown.

use std::{collections::BTreeMap, time::Duration};

use client::synthetic::Flow;
use proto::TrackId;

use super::histogram::Histogram;

/// What one participant saw.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Which one it was.
    pub number: u32,
    /// How long it took from the first byte to connected media.
    pub joined: Option<Duration>,
    /// What went wrong.
    pub failure: Option<String>,
    /// Packets made, by flow and layer.
    pub made: BTreeMap<u32, Vec<u32>>,
    /// Packets of ours received, by flow and layer, by the sender's count.
    pub layers: BTreeMap<(u32, u8), Flow>,
    /// The same by flow and RTP sequence number.
    pub streams: BTreeMap<u32, Flow>,
    /// Packets of others in the room, by track.
    pub foreign: BTreeMap<TrackId, Flow>,
    /// How long packets took.
    pub latency: Histogram,
    /// Packets handed to the transport.
    pub sent: u64,
}

/// What all saw together.
#[derive(Debug, Default)]
pub struct Report {
    people: u32,
    seconds: u64,
    /// Participants who did not get all sections in time.
    unsubscribed: usize,
    failures: Vec<(u32, String)>,
    joins: Vec<Duration>,
    sent: u64,
    expected: u64,
    received: u64,
    lost: u64,
    late: u64,
    twice: u64,
    foreign_received: u64,
    foreign_lost: u64,
    latency: Histogram,
}

impl Report {
    /// Nothing seen yet. `unsubscribed` did not get all sections in time.
    pub fn new(people: u32, seconds: u64, unsubscribed: usize) -> Self {
        Self { people, seconds, unsubscribed, ..Self::default() }
    }

    /// Takes in what each saw.
    pub fn add(&mut self, outcomes: Vec<Outcome>) {
        let made: BTreeMap<u32, Vec<u32>> = outcomes.iter().flat_map(|o| o.made.clone()).collect();
        for outcome in outcomes {
            self.sent += outcome.sent;
            self.joins.extend(outcome.joined);
            for flow in outcome.foreign.values() {
                self.foreign_received += flow.received();
                self.foreign_lost += flow.lost();
            }
            for (flow, layers) in made.iter().filter(|(flow, _)| **flow / 2 != outcome.number) {
                // Of one layer everything has to arrive, from the first packet to the last. Of several each receiver
                // gets one at a time, so there only gaps in the RTP numbers tell.
                let (account, expected) = match layers.as_slice() {
                    [made] => (outcome.layers.get(&(*flow, 0)), u64::from(*made)),
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
            self.latency.merge(&outcome.latency);
            self.failures.extend(outcome.failure.map(|why| (outcome.number, why)));
        }
        self.joins.sort_unstable();
        self.failures.sort_unstable();
    }

    /// Whether everybody got everything.
    pub fn is_right(&self) -> bool {
        self.failures.is_empty() && self.unsubscribed == 0 && self.lost == 0 && self.foreign_lost == 0
    }

    fn join(&self, share: f64) -> f64 {
        let at = (share * self.joins.len() as f64).ceil() as usize;
        let join = self.joins.get(at.saturating_sub(1)).or(self.joins.last());
        join.map_or(0.0, |d| d.as_secs_f64() * 1000.0)
    }

    /// For programs.
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "participants": self.people,
            "seconds": self.seconds,
            "joined": self.joins.len(),
            "failed": self.failures.iter().map(|(number, why)| format!("{number}: {why}")).collect::<Vec<_>>(),
            "not_subscribed": self.unsubscribed,
            "join_ms": { "p50": self.join(0.5), "p99": self.join(0.99) },
            "packets": {
                "sent": self.sent,
                "expected": self.expected,
                "received": self.received,
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
            "lost": self.lost + self.foreign_lost,
            "right": self.is_right(),
        })
    }

    /// For people.
    pub fn table(&self) -> String {
        use std::fmt::Write as _;
        let mut text = String::new();
        let mut row = |name: &str, value: String| {
            let _ = writeln!(text, "{name:<22} {value}");
        };
        row("participants", format!("{} ({} joined)", self.people, self.joins.len()));
        row("media for", format!("{} s", self.seconds));
        row("join p50 / p99", format!("{:.0} / {:.0} ms", self.join(0.5), self.join(0.99)));
        row("packets sent", self.sent.to_string());
        row("expected / received", format!("{} / {}", self.expected, self.received));
        row("lost", self.lost.to_string());
        row("late / twice", format!("{} / {}", self.late, self.twice));
        if self.foreign_received > 0 {
            row("of others", format!("{} received, {} lost", self.foreign_received, self.foreign_lost));
        }
        let q = |share| self.latency.quantile(share);
        row("one way p50", format!("{:.2} ms", q(0.5)));
        row("        p99 / p99.9", format!("{:.2} / {:.2} ms", q(0.99), q(0.999)));
        row("        longest", format!("{:.2} ms", q(1.0)));
        if self.unsubscribed > 0 {
            row("without all tracks", self.unsubscribed.to_string());
        }
        for (number, why) in &self.failures {
            row(&format!("participant {number}"), why.clone());
        }
        row("verdict", if self.is_right() { "right" } else { "not right" }.to_owned());
        text
    }
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
    }
}
