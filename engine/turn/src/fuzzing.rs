//! Doors for the fuzzer: what reads bytes from the network, each callable alone. Nothing here may panic.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::{Duration, Instant},
};

use proto::ParticipantId;
use stun_types::{
    AddressFamily,
    attribute::{Nonce, Realm, Username},
    message::{
        BINDING, IntegrityAlgorithm, LongTermCredentials, Message, MessageClass, MessageType, MessageWriteVec, Method,
    },
    prelude::{MessageWrite, MessageWriteExt},
};
use turn_types::{
    attribute::{
        ChannelNumber, Data, DontFragment, EvenPort, Lifetime, RequestedAddressFamily, RequestedTransport,
        ReservationToken, XorPeerAddress,
    },
    message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH, SEND},
};

use crate::{
    AllocationId, Carried, Client, Config, Framing, Input, Limits, MESSAGE, Media, Now, Output, Peers, SPECIAL, Secret,
    Transport, Turn, is_relayed,
};

/// One message, to somebody new and to somebody with an allocation.
pub fn message(data: &[u8]) {
    let mut life = Life::new(Peers::None);
    life.give(0, data);
    life.ask(0, ALLOCATE, &[3, 0]);
    life.ask(0, CHANNEL_BIND, &[0, 0]);
    life.give(0, data);
    life.give(1, data);
}

/// A stream in pieces: the first byte says of which size. Whatever the pieces, the messages are the same.
pub fn framing(data: &[u8]) {
    let Some((size, stream)) = data.split_first() else {
        return;
    };
    let cut = |size: usize| {
        let (mut framing, mut found, mut rest) = (Framing::new(), Vec::new(), stream);
        while !rest.is_empty() {
            let taken = framing.push(&rest[..size.min(rest.len())]);
            assert!(taken > 0, "there is no space although all messages were taken");
            rest = &rest[taken..];
            loop {
                match framing.next_message() {
                    Ok(Some(message)) => {
                        assert!(message.len() <= MESSAGE, "a message of {} bytes", message.len());
                        found.push(message.to_vec());
                    }
                    Ok(None) => break,
                    Err(_) => return (found, true),
                }
            }
        }
        (found, false)
    };
    assert_eq!(cut(usize::from(*size).max(1)), cut(usize::MAX), "the pieces matter");
}

/// A whole life of the server: clients who sign in and ask for anything, messages that were damaged, payload from
/// everywhere, sockets that open and fail, participants who leave, time that passes.
pub fn session(data: &[u8]) {
    let Some((first, mut rest)) = data.split_first() else {
        return;
    };
    let peers = if first & 1 == 0 { Peers::None } else { Peers::Real { allowed: Vec::new() } };
    let mut life = Life::new(peers);
    let mut steps = 0;
    while let [what, who, length, behind @ ..] = rest {
        let (piece, next) = behind.split_at(usize::from(*length).min(behind.len()));
        rest = next;
        steps += 1;
        match what % 12 {
            0 => life.give(*who, piece),
            1..=6 => {
                let methods = [ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND, SEND, BINDING];
                life.ask(*who, methods[usize::from(what % 12) - 1], piece);
            }
            7 => life.pass(Duration::from_secs(u64::from(*who) << (what % 4))),
            8 => {
                let relayed = life.relayed.get(usize::from(*who) % life.relayed.len().max(1)).copied();
                let relayed = relayed.unwrap_or(([192, 0, 2, *who], 50_000).into());
                life.take(Input::FromMedia { relayed, media: MEDIA, payload: piece });
            }
            9 => life.take(Input::Revoke { participant: ParticipantId::from(u128::from(who % CLIENTS)) }),
            10 => life.take(Input::Closed { client: client(*who) }),
            _ => {
                let allocation = AllocationId(u64::from(who % 16));
                let address = SocketAddr::from(([1, 1, 1, *who], 50_000 + u16::from(*what)));
                life.take(match what / 12 % 3 {
                    0 => Input::RelayOpened { allocation, address },
                    1 => Input::RelayFailed { allocation },
                    _ => Input::FromPeer { allocation, peer: address, payload: piece },
                });
            }
        }
        if steps > STEPS {
            return;
        }
    }
}

/// A server and its clients, of whom all sign in with the right password.
struct Life {
    turn: Turn,
    secret: Secret,
    now: Now,
    asked: u128,
    relayed: Vec<SocketAddr>,
    has_relays: bool,
}

impl Life {
    fn new(peers: Peers) -> Self {
        #[expect(clippy::disallowed_methods, reason = "a first instant; all later ones are computed from it")]
        let now = Now { at: Instant::now(), unix: Duration::from_secs(1_700_000_000) };
        let secret = Secret::new(b"fuzz");
        let has_relays = peers != Peers::None;
        let limits = Limits {
            of_participant: 2,
            of_address: 3,
            allocations: 5,
            permissions: 3,
            channels: 2,
            ..Limits::default()
        };
        let config = Config {
            realm: "fuzz".into(),
            secret: secret.clone(),
            media: vec![Media::from(MEDIA)],
            peers,
            limits,
            seed: 1,
        };
        Self { turn: Turn::new(config), secret, now, asked: 0, relayed: Vec::new(), has_relays }
    }

    fn pass(&mut self, time: Duration) {
        self.now = Now { at: self.now.at + time, unix: self.now.unix + time };
        self.take(Input::Timeout);
        let next = self.turn.poll_timeout();
        assert!(next.is_none_or(|next| next > self.now.at), "a timer that is due stays, and its thread spins");
    }

    fn give(&mut self, who: u8, bytes: &[u8]) {
        self.take(Input::Message { client: client(who), bytes });
    }

    /// Asks as somebody with good credentials; what for, the bytes say.
    fn ask(&mut self, who: u8, method: Method, wishes: &[u8]) {
        self.asked += 1;
        let class = if method == SEND { MessageClass::Indication } else { MessageClass::Request };
        let transaction = self.asked.into();
        let kind = MessageType::from_class_method(class, method);
        let mut write = Message::builder(kind, transaction, MessageWriteVec::new());
        let byte = |place: usize| wishes.get(place).copied().unwrap_or(0);
        let flags = byte(0);
        let peer: SocketAddr = match byte(1) % 8 {
            0..=3 => MEDIA,
            4 => ([203, 0, 113, 1], u16::from(byte(2))).into(),
            5 => (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0x7f00, 1), 9).into(),
            6 => (Ipv4Addr::from_bits(u32::from_be_bytes([byte(2), byte(3), byte(4), byte(5)])), 9).into(),
            _ => ([1, 1, 1, byte(2)], 9).into(),
        };
        let add = |write: &mut MessageWriteVec, wanted, attribute: &dyn stun_types::prelude::AttributeWrite| {
            if wanted {
                write.add_attribute(attribute).expect("there is room");
            }
        };
        add(&mut write, method == ALLOCATE, &RequestedTransport::new(if flags & 64 == 0 { 17 } else { byte(2) }));
        add(&mut write, flags & 4 != 0, &Lifetime::new(u32::from(byte(2)) << (byte(3) % 25)));
        let family = if byte(3) & 1 == 0 { AddressFamily::IPV4 } else { AddressFamily::IPV6 };
        add(&mut write, flags & 8 != 0, &RequestedAddressFamily::new(family));
        add(&mut write, flags & 16 != 0, &EvenPort::new(byte(4) & 1 == 1));
        add(&mut write, flags & 32 != 0, &DontFragment::new());
        add(&mut write, flags & 128 != 0, &ReservationToken::new(7));
        add(&mut write, method == CHANNEL_BIND, &ChannelNumber::new(0x4000 + u16::from(byte(5))));
        add(&mut write, method != ALLOCATE, &XorPeerAddress::new(peer, transaction));
        add(&mut write, method == SEND, &Data::new(wishes));
        if method != SEND && method != BINDING {
            let nonce = self.secret.nonce(&client(who), self.now.unix);
            let credentials = self.secret.credentials(ParticipantId::from(u128::from(who % CLIENTS)), self.now.unix);
            add(&mut write, true, &Username::new(&credentials.username).expect("short"));
            add(&mut write, true, &Realm::new("fuzz").expect("short"));
            add(&mut write, true, &Nonce::new(&nonce).expect("short"));
            let key = LongTermCredentials::new(credentials.username, credentials.password)
                .to_key("fuzz".into())
                .make_key(IntegrityAlgorithm::Sha1);
            write.add_message_integrity_with_key(&key, IntegrityAlgorithm::Sha1).expect("there is room");
        }
        let bytes = write.finish();
        self.give(who, &bytes);
    }

    fn take(&mut self, input: Input<'_>) {
        match self.turn.handle(self.now, input) {
            Some(Carried::ToMedia { relayed, media, .. }) => {
                assert!(is_relayed(relayed), "the media plane hears from {relayed}");
                assert_eq!(media, MEDIA, "an address of the media plane that there is not");
                if !self.relayed.contains(&relayed) && self.relayed.len() < STEPS {
                    self.relayed.push(relayed);
                }
            }
            Some(Carried::ToPeer { peer, .. }) => {
                assert!(self.has_relays, "a peer is reached although only media may be");
                assert!(!SPECIAL.iter().any(|range| range.contains(peer.ip())), "{peer} was reached");
            }
            Some(Carried::ToClient { frame, .. }) => {
                let mut bytes = Vec::new();
                frame.append_to(&mut bytes);
                assert_eq!(bytes.len(), frame.len());
                let is_channel = bytes[0] & 0xf0 == 0x40;
                assert!(is_channel || Message::from_bytes(&bytes).is_ok(), "an indication that nobody can read");
            }
            None => {}
        }
        for _ in 0..OUTPUTS {
            match self.turn.poll_output() {
                Some(Output::ToClient { bytes, .. }) => {
                    let message = Message::from_bytes(&bytes).expect("our answers can be read");
                    assert!(message.is_response(), "an answer that is none");
                    assert!(bytes.len() <= 512, "an answer of {} bytes", bytes.len());
                }
                Some(Output::OpenRelay { .. }) => {
                    assert!(self.has_relays, "a socket although only media is reached");
                }
                // Also of sockets that nobody asked for.
                Some(Output::CloseRelay { .. }) => {}
                None => {
                    assert!(self.turn.stats().allocations <= 5, "more allocations than there may be");
                    return;
                }
            }
        }
        panic!("one input made more than {OUTPUTS} outputs");
    }
}

/// Three clients: two by streams, one by datagrams.
fn client(who: u8) -> Client {
    let transport = if who % CLIENTS == 2 { Transport::Datagram } else { Transport::Stream(u64::from(who % CLIENTS)) };
    Client { remote: ([198, 51, 100, 1], 40_000 + u16::from(who % CLIENTS)).into(), local: MEDIA, transport }
}

const CLIENTS: u8 = 3;

/// The one address of the media plane.
const MEDIA: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::new(203, 0, 113, 1)), 7882);

/// The longest life.
const STEPS: usize = 256;

/// More than one input can cause among five allocations.
const OUTPUTS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_gets_as_far_as_payload() {
        let mut life = Life::new(Peers::None);
        life.ask(1, ALLOCATE, &[]);
        life.ask(1, CHANNEL_BIND, &[]);
        life.ask(1, SEND, &[]);
        life.give(1, &[0x40, 0, 0, 1, 7]);
        assert_eq!(life.turn.stats().from_clients, 2);
        life.take(Input::FromMedia { relayed: life.relayed[0], media: MEDIA, payload: b"x" });
        assert_eq!(life.turn.stats().to_clients, 1);
        let mut life = Life::new(Peers::Real { allowed: Vec::new() });
        life.ask(1, ALLOCATE, &[]);
        life.take(Input::RelayOpened { allocation: AllocationId(1), address: ([1, 1, 1, 1], 50_000).into() });
        life.ask(1, CHANNEL_BIND, &[0, 7, 9]);
        life.ask(1, SEND, &[0, 7, 9]);
        assert_eq!(life.turn.stats().from_clients, 1);
    }
}
