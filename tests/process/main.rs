//! The real binary as a process: exit codes, signals, `kill -9`, and what a flood takes of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

mod doctor;
mod flooding;
mod killing;
mod running;
mod starting;
