//! Everything that reads from the network, over the seeds of `fuzz/` and random changes of them: nothing may panic.
//!
//! This is no fuzzer: nothing guides the changes, so it finds shallow mistakes only. The same functions run under
//! libFuzzer with `cargo xtask fuzz`, which also starts this test for longer where there is no nightly toolchain.

#[path = "../../../fuzz/src/lib.rs"]
mod fuzz;

use std::{
    env, fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::{Duration, Instant},
};

use proto::id::IdSource;

#[test]
fn access_token() {
    hunt("access_token", 2_000);
}

#[test]
fn api_body() {
    hunt("api_body", 5_000);
}

#[test]
fn event_ask() {
    hunt("event_ask", 5_000);
}

#[test]
fn file() {
    hunt("file", 5_000);
}

#[test]
fn join_request() {
    hunt("join_request", 1_000);
}

#[test]
fn signal_request() {
    hunt("signal_request", 5_000);
}

#[test]
fn tcp_frames() {
    hunt("tcp_frames", 5_000);
}

#[test]
fn feeds() {
    hunt("feeds", 5_000);
}

#[test]
fn vcards() {
    hunt("vcards", 5_000);
}

#[test]
fn hub_calls() {
    hunt("hub_calls", 1_000);
}

#[test]
fn hub_invitations() {
    hunt("hub_invitations", 1_000);
}

#[test]
fn hub_messages() {
    hunt("hub_messages", 2_000);
}

#[test]
fn sfu_candidates() {
    hunt("sfu_candidates", 200);
}

#[test]
fn sfu_handshake() {
    hunt("sfu_handshake", 300);
}

#[test]
fn sfu_negotiate() {
    hunt("sfu_negotiate", 100);
}

#[test]
fn hub_conversation() {
    hunt("hub_conversation", 1_000);
}

#[test]
fn sfu_budgets() {
    hunt("sfu_budgets", 5_000);
}

#[test]
fn sfu_data() {
    hunt("sfu_data", 5_000);
}

#[test]
fn sfu_descriptor() {
    hunt("sfu_descriptor", 20_000);
}

#[test]
fn sfu_estimate() {
    hunt("sfu_estimate", 5_000);
}

#[test]
fn sfu_offer() {
    hunt("sfu_offer", 200);
}

#[test]
fn sfu_payload() {
    hunt("sfu_payload", 5_000);
}

#[test]
fn sfu_reports() {
    hunt("sfu_reports", 20_000);
}

#[test]
fn sfu_stun() {
    hunt("sfu_stun", 5_000);
}

#[test]
fn sfu_talk() {
    hunt("sfu_talk", 500);
}

#[test]
fn turn_framing() {
    hunt("turn_framing", 20_000);
}

#[test]
fn turn_message() {
    hunt("turn_message", 5_000);
}

#[test]
fn turn_session() {
    hunt("turn_session", 2_000);
}

#[test]
fn every_target_is_hunted_and_has_seeds() {
    for (name, _) in fuzz::TARGETS {
        assert!(!seeds(name).is_empty(), "fuzz/seeds/{name} is empty");
        assert!(include_str!("hostile.rs").contains(&format!("hunt(\"{name}\"")), "there is no test for {name}");
    }
}

/// Runs a target over its seeds and over `rounds` changed ones (as many as fit when `PARLOR_HOSTILE_SECONDS` is set).
fn hunt(name: &str, rounds: u32) {
    let seeds = seeds(name);
    for seed in &seeds {
        attempt(name, seed);
    }
    let time =
        env::var("PARLOR_HOSTILE_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
    let start = Instant::now();
    let mut chance = Chance(IdSource::new(SEED));
    let mut done = 0;
    while time.map_or(done < rounds, |time| start.elapsed() < time) {
        attempt(name, &chance.change(&seeds));
        done += 1;
    }
    println!("{name}: {} seeds and {done} changed inputs in {:.1} s", seeds.len(), start.elapsed().as_secs_f32());
}

fn attempt(name: &str, data: &[u8]) {
    if catch_unwind(AssertUnwindSafe(|| fuzz::run(name, data))).is_err() {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("hostile-{name}"));
        fs::write(&file, data).expect("cargo made the folder");
        panic!("{name} panicked; copy {} to fuzz/seeds/{name} to keep the case", file.display());
    }
}

fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(name);
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("each target has seeds")
        .map(|entry| entry.expect("the folder can be listed").path())
        .collect();
    // The order of a folder is anybody's; that of a test is fixed.
    files.sort();
    files.iter().map(|file| fs::read(file).expect("seeds can be read")).collect()
}

/// Changes inputs, the same way in each run.
struct Chance(IdSource);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.draw() % end.max(1) as u64).expect("below a usize")
    }

    fn byte(&mut self) -> u8 {
        // Borders are where mistakes live.
        match self.below(4) {
            0 => [0, 1, 0x7f, 0x80, 0xff, b'0', b' ', b'\n'][self.below(8)],
            _ => self.0.draw() as u8,
        }
    }

    fn noise(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most)).map(|_| self.byte()).collect()
    }

    fn change(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        if self.below(8) == 0 {
            return self.noise(600);
        }
        let mut data = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(6) {
            let at = self.below(data.len() + 1);
            let end = (at + self.below(16)).min(data.len());
            match self.below(7) {
                0 if at < data.len() => data[at] ^= 1 << self.below(8),
                1 if at < data.len() => data[at] = self.byte(),
                2 => drop(data.splice(at..at, self.noise(16))),
                3 => drop(data.drain(at..end)),
                4 => drop(data.splice(at..at, data[at..end].to_vec())),
                5 => data.truncate(at),
                _ => {
                    let other = &seeds[self.below(seeds.len())];
                    let from = self.below(other.len() + 1);
                    drop(data.splice(at..end, other[from..].iter().copied().take(64)));
                }
            }
        }
        data
    }
}

/// Any number; a fixed one, so that a failure fails again.
const SEED: u64 = 0x5ee_d0f_0a7;
