//! Payload on its way to a client, with what stands before and after it.

use std::net::SocketAddr;

use stun_types::{
    message::{Message, MessageClass, MessageType, MessageWriteMutSlice, TransactionId},
    prelude::{MessageWrite, MessageWriteExt},
};
use turn_types::{attribute::XorPeerAddress, message::DATA};

/// Payload on its way to a client: ChannelData or a Data indication. The payload is borrowed; what is around it stands
/// in here, so that nothing is allocated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame<'a> {
    head: [u8; HEAD],
    /// How much of `head` is used.
    length: u8,
    payload: &'a [u8],
    /// At most three bytes.
    padding: u8,
}

impl<'a> Frame<'a> {
    /// ChannelData (RFC 8656, section 12.4). Only streams need padding (12.5).
    pub(crate) fn channel(number: u16, payload: &'a [u8], in_stream: bool) -> Self {
        let mut head = [0; HEAD];
        head[..2].copy_from_slice(&number.to_be_bytes());
        head[2..4].copy_from_slice(&length_of(payload));
        Self { head, length: 4, payload, padding: if in_stream { padding(payload.len()) } else { 0 } }
    }

    /// A Data indication (RFC 8656, section 11.4).
    pub(crate) fn indication(transaction: TransactionId, peer: SocketAddr, payload: &'a [u8]) -> Self {
        let mut head = [0; HEAD];
        let kind = MessageType::from_class_method(MessageClass::Indication, DATA);
        let mut write = Message::builder(kind, transaction, MessageWriteMutSlice::new(&mut head));
        write.add_attribute(&XorPeerAddress::new(peer, transaction)).expect("HEAD has room for the longest address");
        let written = write.len();
        // The header of DATA, whose value is the payload; and the length of the whole.
        let padding = padding(payload.len());
        let body = written - 20 + 4 + payload.len() + usize::from(padding);
        head[2..4].copy_from_slice(&u16::try_from(body).unwrap_or(u16::MAX).to_be_bytes());
        head[written..written + 2].copy_from_slice(&0x0013_u16.to_be_bytes());
        head[written + 2..written + 4].copy_from_slice(&length_of(payload));
        Self { head, length: u8::try_from(written + 4).expect("HEAD is below 256"), payload, padding }
    }

    /// What to send, in this order: for one call that gathers, or three that follow each other.
    pub fn parts(&self) -> [&[u8]; 3] {
        [&self.head[..usize::from(self.length)], self.payload, &[0; 3][..usize::from(self.padding)]]
    }

    /// Writes it behind what is in `buffer`.
    pub fn append_to(&self, buffer: &mut Vec<u8>) {
        buffer.reserve(self.len());
        for part in self.parts() {
            buffer.extend_from_slice(part);
        }
    }

    /// How many bytes that are.
    #[expect(clippy::len_without_is_empty, reason = "a frame is never empty: it has a header")]
    pub fn len(&self) -> usize {
        usize::from(self.length) + self.payload.len() + usize::from(self.padding)
    }
}

/// `outside` in `lib.rs` lets nothing through that is longer than [`crate::MESSAGE`].
fn length_of(payload: &[u8]) -> [u8; 2] {
    u16::try_from(payload.len()).unwrap_or(u16::MAX).to_be_bytes()
}

fn padding(length: usize) -> u8 {
    u8::try_from(length.next_multiple_of(4) - length).unwrap_or(0)
}

/// A header of STUN (20), XOR-PEER-ADDRESS with an IPv6 address (4 + 20), the header of DATA (4).
const HEAD: usize = 48;
