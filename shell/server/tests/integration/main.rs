//! The real server on free ports with a temporary folder, asked over real sockets.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

mod api;
mod harness;
mod pages;
mod rtc;
mod session;
mod start;
