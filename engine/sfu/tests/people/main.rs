//! The engine with real str0m clients, in memory and on virtual time.

#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect, in its helpers too")]

mod breaking;
mod budgets;
mod codecs;
mod departures;
mod hearing;
mod hostile;
mod intruders;
mod meeting;
mod recording;
mod signals;
mod sound;
mod world;
