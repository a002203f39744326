//! A participant: joins a room, publishes, subscribes, speaks LiveKit's client protocol, as an engine without sockets.
//!
//! Bots, the load generator and the simulation are built on it. It encodes and decodes nothing: packets go in and come
//! out; [`synthetic`] makes valid ones that carry a stamp, so that a receiver can tell loss, order and delay.
//!
//! Start with [`Client`]: feed it with `handle`, then take `poll_output` until `None`, then wait for input or for
//! `poll_timeout`. [`wire`] has the text and bytes that go over the signalling connection.

#![forbid(unsafe_code)]

mod counting;
mod data;
mod engine;
mod negotiation;
mod receiving;
mod roster;
mod sending;
pub mod synthetic;
pub mod wire;
mod words;

pub use engine::Client;
pub use words::{
    Action, Codec, Config, End, Event, Input, Message, Output, Packet, Received, RemoteTrack, Stats, Track,
};
