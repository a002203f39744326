//! The hub as conversations: who says what, who hears what, in order, with time as `+ 30s`.
//!
//! Lines with `<-` are what is heard; all others are what happens. A person's name is its identity and its socket;
//! `ann2: join standup as ann` is a second socket of the same identity, and what enters over it is called `ann2` from
//! then on. Tracks are called `ann/cam`. What the language knows is in `script`; how answers look, in `hearing`.
//!
//! `PARLOR_UPDATE=1 cargo test -p hub -- --test-threads=1` writes what was heard into the tests; read the difference
//! before you believe it.

#![expect(clippy::unwrap_used, reason = "a transcript that is not well formed fails its test")]

mod harness;
mod hearing;
mod pacing;
mod presence;
mod publishing;
mod resuming;
mod script;
mod stopping;
mod subscribing;
mod timing;
mod words;
