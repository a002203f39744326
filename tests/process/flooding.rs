//! What a flood of sign-ins takes of the machine (R1).

#![cfg(target_os = "linux")]

use std::{fs, thread};

use crate::running::Running;

#[test]
fn a_flood_of_sign_ins_takes_the_memory_of_a_few() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start_with(folder.path(), &["--behind-proxy"]);
    let sign_in = |n: usize| {
        let body = format!(r#"{{"name":"name{n}","password":"wrong"}}"#);
        let from = format!("content-type: application/json\r\nx-forwarded-for: 198.51.{}.{}\r\n", n / 250, n % 250 + 1);
        running.ask_with("POST", "/api/v1/session", &from, body.as_bytes()).unwrap().0
    };
    assert_eq!(sign_in(0), 401);
    let before = most_memory(&running);
    let statuses: Vec<u16> = thread::scope(|scope| {
        let tries: Vec<_> = (1..=FLOOD)
            .map(|n| {
                let sign_in = &sign_in;
                scope.spawn(move || sign_in(n))
            })
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(statuses.iter().all(|status| [401, 503].contains(status)), "{statuses:?}");
    let grown = most_memory(&running) - before;
    let cores = thread::available_parallelism().unwrap().get() as u64;
    assert!(grown < cores * KEPT * OF_ONE + OF_CONNECTIONS, "{} MiB more for {FLOOD} at once", grown >> 20);
    running.stop();
}

/// The most memory that the process ever held, in bytes.
fn most_memory(running: &Running) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", running.child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

/// So many sign in at the same time; hashed side by side they would take almost six gigabytes.
const FLOOD: usize = 300;
/// The memory of one hash.
const OF_ONE: u64 = 19 << 20;
/// How many of them the allocator keeps for each thread that hashes, one in use and the others freed: what is freed is cut
/// up by small things in between.
const KEPT: u64 = 6;
/// The memory of so many connections and their tasks, generously.
const OF_CONNECTIONS: u64 = 64 << 20;
