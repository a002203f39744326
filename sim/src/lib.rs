//! The whole of Parlor in one thread and in virtual time: one `hub`, one `sfu`, several `client`s, and a network that
//! delays, loses, repeats and cuts.
//!
//! A [`Scenario`](scenario::play) is a list of [`Step`]s with a seed. The seed decides all chance that is ours: ids,
//! what the network does, the ids of clients. A seed that fails is kept as a constant in `tests/`.
//!
//! What it cannot show: keys, certificates, DTLS randoms, ICE names and SSRCs of clients come from str0m and the
//! operating system, so two runs of one seed differ in bytes and, where str0m keeps hash maps, in the order of a few
//! packets; we compare behaviour, never bytes. Signalling is a reliable pipe with a delay: WebSockets, HTTP, tokens,
//! threads and sockets are not here (see shell/server/tests). Media is valid but nobody decodes it. What a browser does is shown by `e2e/` alone.

#![forbid(unsafe_code)]

mod network;
mod person;
mod scenario;
mod world;

pub use network::{Bottleneck, Conditions};
pub use person::{Account, Medium};
pub use scenario::{Check, Failure, Step, play};
pub use world::World;
