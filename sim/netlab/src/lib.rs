//! Networks as they are, for programs as they are.
//!
//! A [`Lab`] is a server and several clients, each in a network namespace of its own, and between them a router in user
//! space: it takes every IPv4 packet from a TUN device, and a line that delays, loses, reorders, queues and is cut
//! decides when, and whether, it comes out at the other end. Browsers, Python, our server: they run inside unchanged.
//!
//! Two halves, as everywhere in Parlor. [`engine`] decides and is pure: time is an argument and chance has a seed, so
//! that its tests are arithmetic. The rest acts, on Linux only: namespaces, devices, and the one thread that pumps.
//! Start reading at [`engine::router`], then [`Lab`].
//!
//! What it is not: a model of congestion between many (each line is alone), of radio, or of IPv6.

pub mod engine;

#[cfg(target_os = "linux")]
mod shell;

pub mod action;
pub mod scenario;
pub mod topology;
mod value;

pub use action::Action;
pub use engine::{
    counters::{Counters, Drops},
    impairment::{Burst, Impairment, Limit, Mtu, Rate},
    nat::Kind,
    router::Direction,
};
pub use scenario::Scenario;
#[cfg(target_os = "linux")]
pub use shell::{
    janitor::{self, Record},
    lab::{self, ClientHost, Host, Lab, StartError},
    namespace::Namespace,
};
pub use topology::{Client, Topology};
