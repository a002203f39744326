//! What a subscriber takes of a packet's payload, and under which number.

use str0m::media::Pt;

use super::history::Packet;
use crate::forward::red::Red;

/// A subscriber's numbers for a codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Format {
    pub(super) media: Pt,
    pub(super) repair: Option<Pt>,
    /// For sound with copies of earlier sound (RFC 2198).
    pub(super) red: Option<Pt>,
}

impl Format {
    /// What a subscriber takes of a packet, and under which number.
    pub(super) fn body<'a>(&self, packet: &'a Packet) -> (Pt, Body<'a>) {
        match (packet.red, self.red) {
            (None, _) => (self.media, Body::Whole(&packet.payload)),
            (Some(red), None) => (self.media, Body::Whole(red.newest(&packet.payload))),
            (Some(red), Some(number)) => (number, Body::Copies { red, sound: self.media, payload: &packet.payload }),
        }
    }
}

/// The payload for one subscriber.
#[derive(Clone, Copy)]
pub(super) enum Body<'a> {
    /// As it is.
    Whole(&'a [u8]),
    /// Sound with copies of earlier sound, in which the subscriber's number for the sound has to stand.
    Copies { red: Red, sound: Pt, payload: &'a [u8] },
}

impl<'a> Body<'a> {
    pub(super) fn bytes(&self) -> &'a [u8] {
        match self {
            Body::Whole(payload) | Body::Copies { payload, .. } => payload,
        }
    }
}
