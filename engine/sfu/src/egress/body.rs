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

    /// The same without what a packet brings copies of.
    pub(super) fn alone<'a>(&self, packet: &'a Packet) -> (Pt, Body<'a>) {
        (self.media, Body::Whole(packet.sound()))
    }

    /// Whether the subscriber can be sent copies of what is `before` a packet.
    pub(super) fn takes(&self, before: &Before<'_>) -> bool {
        before.has_copies && self.red.is_some()
    }

    /// The same for somebody who loses many packets and [takes](Self::takes) copies: with those of the pieces `before` it.
    pub(super) fn guarded<'a>(&self, packet: &'a Packet, before: Before<'a>) -> (Pt, Body<'a>) {
        let newest = packet.sound();
        match self.red {
            Some(number) if !newest.is_empty() => (number, Body::Guarded { sound: self.media, before, newest }),
            _ => self.body(packet),
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
    /// A piece of sound behind copies of those before it.
    Guarded { sound: Pt, before: Before<'a>, newest: &'a [u8] },
}

impl Body<'_> {
    /// Its length in bytes.
    pub(super) fn length(&self) -> usize {
        match self {
            Body::Whole(payload) | Body::Copies { payload, .. } => payload.len(),
            Body::Guarded { before, newest, .. } => {
                before.pieces().map(|(_, piece)| COPY_HEADER + piece.len()).sum::<usize>() + 1 + newest.len()
            }
        }
    }

    /// Appends it.
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        let start = bytes.len();
        match self {
            Body::Whole(payload) => bytes.extend_from_slice(payload),
            Body::Copies { red, sound, payload } => {
                bytes.extend_from_slice(payload);
                red.rename(&mut bytes[start..], *sound);
            }
            Body::Guarded { sound, before, newest } => Red::write(bytes, *sound, before.pieces(), newest),
        }
    }
}

/// The sound before a packet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Before<'a> {
    /// Whether its publisher sends copies. Where it does not, sound may be encrypted end to end, and nobody finds its parts
    /// in what we would make of it.
    pub(crate) has_copies: bool,
    /// The newest first.
    pub(crate) pieces: [Option<Piece<'a>>; MOST_BEFORE],
}

/// A piece of sound from before a packet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece<'a> {
    /// The publisher's sequence number, with rollovers.
    pub(crate) sequence: u64,
    /// By how much of the clock it is earlier.
    pub(crate) ticks: u16,
    pub(crate) sound: &'a [u8],
}

impl<'a> Before<'a> {
    /// What is left of it for somebody who got the packets that `got` says.
    pub(super) fn heard_by(self, got: impl Fn(u64) -> bool) -> Self {
        Self { pieces: self.pieces.map(|piece| piece.filter(|piece| got(piece.sequence))), ..self }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pieces.iter().all(Option::is_none)
    }

    fn pieces(&self) -> impl DoubleEndedIterator<Item = (u16, &'a [u8])> + Clone {
        self.pieces.into_iter().flatten().map(|piece| (piece.ticks, piece.sound))
    }
}

/// So many copies of each piece of sound go to somebody who loses many packets. Of packets that are lost one in ten, as
/// chance has it, one piece in a thousand is missing then; a third copy would cost a quarter more for what nobody hears.
pub(crate) const MOST_BEFORE: usize = 2;
/// RFC 2198, section 3.
const COPY_HEADER: usize = 4;
