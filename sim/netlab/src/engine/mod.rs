//! What decides about packets: no socket, no clock, no thread. Every method that needs the time takes it.
//!
//! The way of a packet from a client to the server, and back:
//!
//! ```text
//!  client ──> [admit: cuts, MTU] ──> [NAT out] ──> [up: queue, loss, delay] ──> core ──> server
//!  client <── [NAT in: filter] <── [down: queue, loss, delay] <── [admit: cuts, MTU] <── core <── server
//! ```
//!
//! The NAT stands at the client's end of the line, as in a household: a packet that was under way when the NAT forgot
//! its mapping meets a closed door.

pub mod chance;
pub mod checksum;
pub mod counters;
pub mod cut;
pub mod icmp;
pub mod impairment;
pub mod jitter;
pub mod loss;
pub mod nat;
pub mod packet;
pub mod path;
pub mod queue;
pub mod router;

#[cfg(test)]
mod forge;
