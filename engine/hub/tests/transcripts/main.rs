//! The hub as conversations: who says what, who hears what, in order, with time as `+ 30s`.
//!
//! Lines with `<-` are what is heard; all others are what happens. A person's name is its identity and its socket;
//! `ann2: join standup as ann` is a second socket of the same identity, and what enters over it is called `ann2` from
//! then on. Tracks are called `ann/cam`. What the language knows is in `script`; how answers look, in `hearing`.
//! `server: breaks over standup`: the next thing that is done for that room ends in a panic.
//! `given: ann: knock; enter; bob: knock; enter` does all of that, and what is heard meanwhile is left out.
//! What pages and people do beside media, and hear, is in `script_people` and `hearing_people`; calls are in `script_calls` and
//! `hearing_calls`, and after `show: calls` nothing else is heard. After `show: heralds` nothing is heard but what those outside of
//! the server are told.
//!
//! `PARLOR_UPDATE=1 cargo test -p hub -- --test-threads=1` writes what was heard into the tests; read the difference
//! before you believe it.

#![expect(clippy::unwrap_used, reason = "a transcript that is not well formed fails its test")]

mod acting;
mod awaiting;
mod being_there;
mod breaking;
mod calling;
mod calling_forwarding;
mod calling_holding;
mod calling_joining;
mod calling_lasting;
mod calling_several;
mod calling_waking;
mod chatting;
mod controlling;
mod devices;
mod doors;
mod flowing;
mod harness;
mod hearing;
mod hearing_calls;
mod hearing_heralds;
mod hearing_people;
mod heralding;
mod inviting;
mod leading;
mod lobby;
mod moving;
mod pacing;
mod pausing;
mod presence;
mod publishing;
mod quality;
mod refusing;
mod removing;
mod resuming;
mod returning;
mod rights;
mod script;
mod script_calls;
mod script_people;
mod stopping;
mod subscribing;
mod tickets;
mod timing;
mod words;
