//! Real programs and sockets in real namespaces. Needs root and /dev/net/tun, else says loudly that it skips.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod command_line;
mod common;
mod lines;
mod places;
