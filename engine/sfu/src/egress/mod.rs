//! How packets leave. The only module that writes RTP, and the only one with keys to send under.
//!
//! A published packet is kept once and in the clear. For each subscriber it is written behind that subscriber's own
//! header into the [`train`] which leaves for it, and sealed there: one copy, in place, no allocation. (Sound for somebody who loses much is kept once more, sealed, to leave again.)
//! Rooms:
//!
//! - [`keys`]: where keys come from, and why str0m has none to send with; [`handshake`]: DTLS, which agrees on them;
//! - [`seal`]: SRTP and SRTCP, and the argument that no nonce comes twice; [`window`] is a part of it;
//! - [`outlet`]: one outgoing stream: its numbers, its packets, those sent again, its sender reports;
//! - [`wire`]: what all streams to one peer share; [`downlink`] what is known of its line, [`pace`] what waits for it;
//! - [`guard`]: who gets sound more than once;
//! - [`body`], [`header`], [`history`], [`train`], [`feedback`]: the pieces.

pub(crate) mod body;
pub(crate) mod downlink;
pub(crate) mod feedback;
pub(crate) mod guard;
mod handshake;
pub(crate) mod header;
pub(crate) mod history;
pub(crate) mod keys;
pub(crate) mod outlet;
pub(crate) mod pace;
pub(crate) mod seal;
pub(crate) mod train;
pub(crate) mod window;
pub(crate) mod wire;
