//! Data packets over the data channels that LiveKit clients open.

use std::collections::VecDeque;

use proto::{
    Identity,
    livekit::{DataPacket, UserPacket, data_packet},
    prost::Message as _,
};
use str0m::{
    Rtc,
    channel::{ChannelData, ChannelId},
};

use crate::words::Message;

/// The channel without order and without retransmission.
pub(crate) const LOSSY: &str = "_lossy";
/// The channel in order and for certain.
pub(crate) const RELIABLE: &str = "_reliable";
/// The channel for data tracks, which is opened as other clients do, and not used.
pub(crate) const TRACKS: &str = "_data_track";

/// The data channels and what waits for them.
#[derive(Debug, Default)]
pub(crate) struct Channels {
    lossy: Option<ChannelId>,
    reliable: Option<ChannelId>,
    waiting: VecDeque<Vec<u8>>,
    sequence: u32,
}

impl Channels {
    /// A channel opened.
    pub(crate) fn opened(&mut self, id: ChannelId, label: &str) {
        match label {
            LOSSY => self.lossy = Some(id),
            RELIABLE => self.reliable = Some(id),
            _ => {}
        }
    }

    /// Sends a packet, or keeps a reliable one until it can be sent; whether it was taken.
    pub(crate) fn send(&mut self, rtc: &mut Rtc, message: Message, to: &[Identity]) -> bool {
        let reliable = message.reliable;
        if reliable {
            if self.waiting.len() >= MOST_WAITING {
                return false;
            }
            self.sequence += 1;
        }
        let packet = encode(message, to, if reliable { self.sequence } else { 0 });
        if reliable {
            self.waiting.push_back(packet);
            self.flush(rtc);
            true
        } else {
            self.lossy.is_some_and(|id| write(rtc, id, &packet))
        }
    }

    /// Sends what waits, as far as the channel takes it.
    pub(crate) fn flush(&mut self, rtc: &mut Rtc) {
        let Some(id) = self.reliable else { return };
        while let Some(packet) = self.waiting.front() {
            if !write(rtc, id, packet) {
                break;
            }
            self.waiting.pop_front();
        }
    }
}

/// What arrived on a channel: from whom, and what. `None` for packets of other kinds.
pub(crate) fn decode(data: &ChannelData) -> Option<(Identity, Message)> {
    let packet = DataPacket::decode(data.data.as_slice()).ok()?;
    #[expect(deprecated, reason = "the field is how packets say it on the wire")]
    let reliable = packet.kind == i32::from(data_packet::Kind::Reliable);
    let Some(data_packet::Value::User(user)) = packet.value else { return None };
    let identity = packet.participant_identity.parse().ok()?;
    Some((identity, Message { reliable, topic: user.topic, payload: user.payload }))
}

fn encode(message: Message, to: &[Identity], sequence: u32) -> Vec<u8> {
    let kind = if message.reliable { data_packet::Kind::Reliable } else { data_packet::Kind::Lossy };
    let user = UserPacket { payload: message.payload, topic: message.topic, ..Default::default() };
    #[expect(deprecated, reason = "the field is how packets say it on the wire")]
    let packet = DataPacket {
        kind: kind.into(),
        destination_identities: to.iter().map(ToString::to_string).collect(),
        sequence,
        value: Some(data_packet::Value::User(user)),
        ..Default::default()
    };
    packet.encode_to_vec()
}

/// A refused or impossible write leaves the packet with us; a closed channel shows as a broken transport elsewhere.
fn write(rtc: &mut Rtc, id: ChannelId, packet: &[u8]) -> bool {
    rtc.channel(id).is_some_and(|mut channel| channel.write(true, packet).unwrap_or(false))
}

/// Reliable packets that wait for the channel. Further ones are refused and counted: the application is faster than
/// the network, and only it can know what to leave out.
const MOST_WAITING: usize = 1024;
