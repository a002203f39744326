//! The server around the engines: sockets, HTTP, TLS, tokens, threads, files.
//!
//! It decides nothing about rooms, people or packets: that is done in `hub` and `sfu`, which never meet but here. Start
//! with [`run`], which lists all parts; then [`control`] (the hub task), [`session`] (one signalling socket), `http`
//! (the table of routes) and [`media`] (the threads that carry packets).

pub mod account;
pub mod addresses;
pub mod allocations;
pub mod attendants;
mod clock;
pub mod code;
pub mod config;
pub mod control;
mod crowd;
pub mod events;
pub mod files;
pub mod folder;
pub mod hooks;
pub mod http;
pub mod keys;
mod listen;
pub mod media;
pub mod news;
mod outgoing;
pub mod push;
mod random;
mod run;
pub mod session;
pub mod tasks;
mod tcp;
pub mod tls;
pub mod token;
pub mod trials;
pub mod turn;
pub mod udp;
mod unused;
mod vcard;
pub mod voicemail;

pub use clock::unix;
pub use config::{Config, ConfigError};
pub use run::{Exit, RunError, Started, run};

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Entry points for the fuzzer: whatever the bytes are, none of them panics.
#[doc(hidden)]
pub mod fuzzing {
    use std::collections::BTreeMap;

    use crate::{events, files, http, keys::Keys, news, session, tcp, token, vcard};

    /// A `join_request` as it stands in an address.
    pub fn join_request(data: &[u8]) {
        let _ = session::join::decode(&String::from_utf8_lossy(data));
    }

    /// A frame of a signalling socket.
    pub fn signal_request(data: &[u8]) {
        let _ = session::request(data);
    }

    /// An access token as it stands in an address or a header.
    pub fn access_token(data: &[u8]) {
        let _ = token::check(&keys(), &String::from_utf8_lossy(data), Some("room"), 1_800_000_000);
    }

    /// A body of `/api/v1`.
    pub fn api_body(data: &[u8]) {
        http::api_body(data);
    }

    /// A message of an event socket.
    pub fn event_ask(data: &[u8]) {
        let _ = events::ask(&String::from_utf8_lossy(data));
    }

    /// A stream of datagrams behind their lengths. The first byte says in what pieces it arrives, which must change nothing.
    pub fn tcp_frames(data: &[u8]) {
        let Some((step, stream)) = data.split_first() else {
            return;
        };
        let pieces = tcp::fuzzing::frames(stream, usize::from(*step).max(1));
        assert_eq!(pieces, tcp::fuzzing::frames(stream, stream.len().max(1)), "pieces change what is in a stream");
    }

    /// A file that somebody gives to a chat.
    pub fn file(data: &[u8]) {
        for name in ["file", "a.png", "a.jpg", "a.gif", "a.webp"] {
            let _ = files::inspect::inspect(data, name);
        }
    }

    /// A feed of RSS or Atom.
    pub fn feeds(data: &[u8]) {
        news::fuzz(data);
    }

    /// A vCard file: what is read of it is written, and read back as it was.
    pub fn vcards(data: &[u8]) {
        let (cards, _) = vcard::read(data, 100);
        let (again, left_out) = vcard::read(vcard::write(cards.iter()).as_bytes(), 100);
        assert!(again == cards && left_out == 0, "{cards:?} came back as {again:?}");
    }

    fn keys() -> Keys {
        Keys::of(BTreeMap::from([("key".to_owned(), "secret".to_owned())])).expect("there is one")
    }
}
