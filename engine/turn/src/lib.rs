//! A restricted TURN server (RFC 8656) as an engine: for clients whose network lets nothing out but a stream to port 443.
//!
//! **Restricted** means that the only peer anybody reaches through it is our own media plane. No socket is opened for an
//! allocation: its relayed address is a name out of a range that is routed nowhere ([`is_relayed`]), and payload goes from
//! the client's message straight to the media plane and back. So there is nobody to attack through it, no port to
//! exhaust, nothing to reflect. An operator can open it to real peers ([`Peers::Real`]); every special-purpose range
//! stays shut even then.
//!
//! **Credentials** are a user name with an end and a participant in it, and an HMAC of that as password ([`Secret`]). They
//! make new allocations for [`LIFE`]; an allocation lives on with refreshes until its client ends it, its connection
//! closes, or its participant leaves ([`Input::Revoke`]).
//!
//! # The contract
//!
//! [`Turn::handle`] takes one thing that happened. **Payload is its return value**, borrowed from the input and neither
//! copied nor queued; everything else waits in [`Turn::poll_output`], to be taken until there is nothing before the next
//! `handle`. [`Turn::poll_timeout`] says when to come back with [`Input::Timeout`]. Payload in either direction allocates
//! nothing.
//!
//! **One engine for each process**, owned by one task: quotas, revocations and relayed addresses hold for all clients,
//! whichever socket they come by. The tasks of the connections do the TLS and cut messages ([`Framing`]); the one task does the
//! little that is left. Several engines would each give their own quota, and hand out the same relayed addresses.
//!
//! The codec crate `stun-types` writes a line at `warn` for every malformed message, that is, whenever a stranger likes.
//! The shell turns its targets (`stun_types`, `turn_types`) off.
//!
//! # What it does not do
//!
//! TCP to peers (RFC 6062), ICMP to clients, reservations of ports, a second address family in one allocation, mobility,
//! user names as hashes. Each is refused as the RFC says.
//!
//! # An example
//!
//! A browser signs in, gets an allocation, binds a channel to the media plane, and payload flows both ways:
//!
//! ```
//! use std::time::{Duration, Instant};
//! use proto::ParticipantId;
//! use stun_types::{attribute::{Nonce, Realm, Username}, message::*, prelude::*};
//! use turn::{Carried, Client, Config, Input, Limits, Now, Output, Peers, Secret, Transport, Turn};
//! use turn_types::{attribute::*, message::*};
//!
//! let media = "203.0.113.1:7882".parse()?;
//! let secret = Secret::new(b"32 random bytes, kept in no file");
//! let now = Now { at: Instant::now(), unix: Duration::from_secs(1_700_000_000) };
//! let mut turn = Turn::new(Config {
//!     realm: "meet.example.org".into(),
//!     secret: secret.clone(),
//!     media: vec![turn::Media::from(media)],
//!     peers: Peers::None,
//!     limits: Limits::default(),
//!     seed: 7,
//! });
//! let client = Client {
//!     remote: "198.51.100.7:40000".parse()?,
//!     local: "203.0.113.1:443".parse()?,
//!     transport: Transport::Stream(1),
//! };
//!
//! // What a client sends, and what it gets; a request is sealed with the key when there is one.
//! let mut count = 0;
//! let mut ask = |turn: &mut Turn, method, attributes: &[&dyn AttributeWrite], key: Option<&IntegrityKey>| {
//!     count += 1;
//!     let kind = MessageType::from_class_method(MessageClass::Request, method);
//!     let mut request = Message::builder(kind, TransactionId::from(count), MessageWriteVec::new());
//!     for attribute in attributes {
//!         request.add_attribute(*attribute).expect("a valid request");
//!     }
//!     if let Some(key) = key {
//!         request.add_message_integrity_with_key(key, IntegrityAlgorithm::Sha1).expect("a valid request");
//!     }
//!     assert!(turn.handle(now, Input::Message { client, bytes: &request.finish() }).is_none());
//!     let Some(Output::ToClient { bytes, .. }) = turn.poll_output() else { panic!("no answer") };
//!     bytes
//! };
//!
//! // A stranger is told how to sign in.
//! let transport = RequestedTransport::new(RequestedTransport::UDP);
//! let answer = ask(&mut turn, ALLOCATE, &[&transport], None);
//! let answer = Message::from_bytes(&answer)?;
//! assert_eq!(answer.attribute::<stun_types::attribute::ErrorCode>()?.code(), 401);
//! let (realm, nonce) = (answer.attribute::<Realm>()?, answer.attribute::<Nonce>()?);
//!
//! // The server gave the page its credentials. The client makes an allocation with them.
//! let credentials = secret.credentials(ParticipantId::from(1), now.unix);
//! let username = Username::new(&credentials.username)?;
//! let key = LongTermCredentials::new(credentials.username, credentials.password)
//!     .to_key(realm.realm().into())
//!     .make_key(IntegrityAlgorithm::Sha1);
//! let answer = ask(&mut turn, ALLOCATE, &[&transport, &username, &realm, &nonce], Some(&key));
//! let answer = Message::from_bytes(&answer)?;
//! let relayed = answer.attribute::<XorRelayedAddress>()?.addr(answer.transaction_id());
//! assert!(turn::is_relayed(relayed));
//!
//! // A permission and a channel for the media plane; for anybody else there is neither.
//! for (peer, method, expected) in [
//!     (media, CREATE_PERMISSION, MessageClass::Success),
//!     (media, CHANNEL_BIND, MessageClass::Success),
//!     ("10.0.0.1:80".parse()?, CHANNEL_BIND, MessageClass::Error),
//! ] {
//!     // An address is XORed with the transaction id, which is the next number here.
//!     let peer = XorPeerAddress::new(peer, TransactionId::from(match (method, peer == media) {
//!         (CREATE_PERMISSION, _) => 3,
//!         (_, true) => 4,
//!         (_, false) => 5,
//!     }));
//!     let channel = ChannelNumber::new(0x4000);
//!     let answer = ask(&mut turn, method, &[&peer, &channel, &username, &realm, &nonce], Some(&key));
//!     assert_eq!(Message::from_bytes(&answer)?.class(), expected);
//! }
//!
//! // Payload, out and back.
//! let out = [0x40, 0x00, 0, 4, b'p', b'i', b'n', b'g'];
//! assert_eq!(
//!     turn.handle(now, Input::Message { client, bytes: &out }),
//!     Some(Carried::ToMedia { relayed, media, payload: b"ping" }),
//! );
//! let Some(Carried::ToClient { client: to, frame }) =
//!     turn.handle(now, Input::FromMedia { relayed, media, payload: b"pong" })
//! else {
//!     panic!("nothing came back")
//! };
//! assert_eq!(to, client);
//! let mut bytes = Vec::new();
//! frame.append_to(&mut bytes);
//! assert_eq!(bytes, [0x40, 0x00, 0, 4, b'p', b'o', b'n', b'g']);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod allocations;
mod answer;
pub mod asking;
mod auth;
mod frame;
mod framing;
#[doc(hidden)]
pub mod fuzzing;
mod pace;
mod peers;
mod relayed;
mod requests;
mod revoked;
mod secret;
mod wall;
mod words;

use std::{collections::VecDeque, net::SocketAddr, time::Instant};

use proto::id::IdSource;
use stun_types::{
    message::{Message, MessageClass, MessageHeader, StunParseError, TransactionId},
    prelude::AttributeStaticType,
};
use turn_types::{
    attribute::{Data, XorPeerAddress},
    channel::ChannelData,
    message::SEND,
};

use crate::{
    allocations::{Allocation, Allocations, State},
    pace::Paces,
    peers::{Place, Reach},
    relayed::Places,
    revoked::Revoked,
};

pub use frame::Frame;
pub use framing::{Framing, FramingError, MESSAGE};
pub use peers::{ParseRangeError, Peers, Range, SPECIAL, embedded, is_public};
pub use relayed::is_relayed;
pub use secret::{Credentials, LIFE, NONCE_LIFE, Secret};
pub use words::{AllocationId, Carried, Client, Config, Family, Input, Limits, Media, Now, Output, Stats, Transport};

/// The TURN server of a process.
#[derive(Debug)]
pub struct Turn {
    realm: String,
    secret: Secret,
    reach: Reach,
    limits: Limits,
    allocations: Allocations,
    places: Places,
    revoked: Revoked,
    paces: Paces,
    /// Makes transaction ids of indications.
    chance: IdSource,
    /// One input makes one for each allocation that it ends, and one answer.
    outputs: VecDeque<Output>,
    stats: Stats,
}

impl Turn {
    /// A server without allocations. Of the realm the first 127 characters count (RFC 8489, section 14.9).
    pub fn new(config: Config) -> Self {
        let mut chance = IdSource::new(config.seed);
        Self {
            realm: config.realm.chars().take(REALM).collect(),
            secret: config.secret,
            reach: Reach::new(config.media, config.peers),
            limits: config.limits,
            allocations: Allocations::default(),
            places: Places::new(chance.draw()),
            revoked: Revoked::default(),
            paces: Paces::new(config.limits.streams, chance.draw()),
            chance,
            outputs: VecDeque::new(),
            stats: Stats::default(),
        }
    }

    /// Takes one input, and returns the payload in it, if it may pass. Drain [`Turn::poll_output`] afterwards.
    pub fn handle<'a>(&mut self, now: Now, input: Input<'a>) -> Option<Carried<'a>> {
        while let Some(id) = self.allocations.due(now.at) {
            self.end(now.at, id, true);
        }
        let carried = match input {
            Input::Message { client, bytes } => self.message(now, client, bytes),
            Input::FromMedia { relayed, media, payload } => self.media_sent(now, relayed, media, payload),
            Input::FromPeer { allocation, peer, payload } => self.peer_sent(now, allocation, peer, payload),
            Input::Closed { client } => {
                self.paces.forget(&client);
                if let Some(id) = self.allocations.id_of(&client) {
                    self.end(now.at, id, true);
                }
                None
            }
            Input::Revoke { participant } => {
                self.revoked.add(now.unix, participant);
                for id in self.allocations.of_participant(participant) {
                    self.end(now.at, id, true);
                }
                None
            }
            Input::RelayOpened { allocation, address } => {
                self.opened(now, allocation, address, Some(address));
                None
            }
            Input::RelayFailed { allocation } => {
                self.failed(now, allocation);
                None
            }
            // Its work was done above, as before every input.
            Input::Timeout => None,
        };
        match &carried {
            Some(Carried::ToClient { .. }) => self.stats.to_clients += 1,
            Some(Carried::ToMedia { .. } | Carried::ToPeer { .. }) => self.stats.from_clients += 1,
            None => {}
        }
        carried
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to come back with [`Input::Timeout`], if nothing else happens.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.allocations.next_end()
    }

    /// What was counted and what is held.
    pub fn stats(&self) -> Stats {
        Stats { allocations: self.allocations.len(), ..self.stats }
    }

    fn message<'a>(&mut self, now: Now, client: Client, bytes: &'a [u8]) -> Option<Carried<'a>> {
        if bytes.len() > MESSAGE {
            self.stats.malformed += 1;
            return None;
        }
        // RFC 5766, section 11: the first two bits tell.
        match bytes.first() {
            Some(0x40..=0x7f) => return self.channel_data(now, client, bytes),
            Some(0x00..=0x3f) => {}
            _ => {
                self.stats.malformed += 1;
                return None;
            }
        }
        let is_whole = MessageHeader::from_bytes(bytes).is_ok_and(|header| {
            let body = usize::from(header.data_length());
            body % 4 == 0 && bytes.len() == MessageHeader::LENGTH + body
        });
        let message = if is_whole { Message::from_bytes(bytes) } else { Err(StunParseError::NotStun) };
        match message {
            Ok(message) if message.has_class(MessageClass::Request) => {
                self.request(now, client, &message);
                None
            }
            Ok(message) if message.has_class(MessageClass::Indication) => {
                if message.method() == SEND {
                    self.send(now, client, &message, bytes)
                } else {
                    None
                }
            }
            // We ask nothing, so there is nothing to respond to.
            Ok(_) | Err(_) => {
                self.stats.malformed += 1;
                None
            }
        }
    }

    /// RFC 8656, section 12.6.
    fn channel_data<'a>(&mut self, now: Now, client: Client, bytes: &'a [u8]) -> Option<Carried<'a>> {
        let payload = ChannelData::parse_header(bytes).ok().and_then(|(number, length)| {
            Some((number, bytes.get(framing::CHANNEL_HEADER..framing::CHANNEL_HEADER + length)?))
        });
        let Some((number, payload)) = payload else {
            self.stats.malformed += 1;
            return None;
        };
        let peer = self.allocations.of_client(&client).and_then(|(_, allocation)| allocation.peer(now.at, number));
        let Some(peer) = peer else {
            self.stats.dropped += 1;
            return None;
        };
        self.client_sent(client, peer, payload)
    }

    /// A Send indication (RFC 8656, section 11.2).
    fn send<'a>(&mut self, now: Now, client: Client, message: &Message<'_>, bytes: &'a [u8]) -> Option<Carried<'a>> {
        let mut known = message.iter_attributes().map(|(_, raw)| raw.header.get_type());
        let peer = message.attribute::<XorPeerAddress>().ok().map(|peer| peer.addr(message.transaction_id()));
        let data = message.raw_attribute_and_offset(Data::TYPE);
        let payload =
            data.and_then(|(offset, raw)| bytes.get(offset + ATTRIBUTE..offset + ATTRIBUTE + raw.value.len()));
        let (Some(peer), Some(payload), true) =
            (peer, payload, known.all(|kind| !kind.comprehension_required() || self.knows(kind)))
        else {
            self.stats.malformed += 1;
            return None;
        };
        let allocation = self.allocations.of_client(&client);
        if !allocation.is_some_and(|(_, allocation)| allocation.has_permission(now.at, peer.ip())) {
            self.stats.dropped += 1;
            return None;
        }
        self.client_sent(client, peer, payload)
    }

    /// Payload of a client that has a channel or a permission for its peer.
    fn client_sent<'a>(&mut self, client: Client, peer: SocketAddr, payload: &'a [u8]) -> Option<Carried<'a>> {
        let place = self.reach.place(peer);
        let (id, allocation) = self.allocations.of_client(&client)?;
        let is_open = matches!(allocation.state, State::Open { relay: Some(_), .. });
        match place {
            Some(Place::Media(media)) => {
                allocation.spoke_to(media, peer);
                Some(Carried::ToMedia { relayed: allocation.relayed, media, payload })
            }
            Some(Place::Real) if is_open => Some(Carried::ToPeer { allocation: id, peer, payload }),
            // A permission is for an address, not for all of its ports.
            Some(Place::Real) | None => {
                self.stats.dropped += 1;
                None
            }
        }
    }

    fn media_sent<'a>(
        &mut self,
        now: Now,
        relayed: SocketAddr,
        media: SocketAddr,
        payload: &'a [u8],
    ) -> Option<Carried<'a>> {
        let transaction = self.draw_transaction();
        let found = self.allocations.of_relayed(relayed).and_then(|allocation| {
            // As the client calls it; if it never did, as it may.
            let may = |peer: &SocketAddr| allocation.has_permission(now.at, peer.ip());
            let peer = allocation.spoken_to(media).filter(may).or_else(|| self.reach.names(media).find(may))?;
            outside(now.at, allocation, transaction, peer, payload)
        });
        self.stats.dropped += u64::from(found.is_none());
        found
    }

    fn peer_sent<'a>(
        &mut self,
        now: Now,
        id: AllocationId,
        peer: SocketAddr,
        payload: &'a [u8],
    ) -> Option<Carried<'a>> {
        let transaction = self.draw_transaction();
        // A socket of both families shows IPv4 peers as mapped; clients gave permissions to them as they are.
        let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
        // The media plane comes by its own way.
        let is_real = self.reach.place(peer) == Some(Place::Real);
        let found = self
            .allocations
            .get_mut(id)
            .filter(|allocation| is_real && allocation.has_permission(now.at, peer.ip()))
            .and_then(|allocation| outside(now.at, allocation, transaction, peer, payload));
        self.stats.dropped += u64::from(found.is_none());
        found
    }

    fn draw_transaction(&mut self) -> TransactionId {
        (u128::from(self.chance.draw()) << 64 | u128::from(self.chance.draw())).into()
    }

    /// Ends an allocation.
    fn end(&mut self, now: Instant, id: AllocationId, close: bool) -> Option<Allocation> {
        if close && self.reach.has_relays() {
            self.outputs.push_back(Output::CloseRelay { allocation: id });
        }
        let allocation = self.allocations.remove(id)?;
        self.places.leave(now, allocation.place);
        if let State::Open { relay: Some(relay), .. } = allocation.state {
            self.reach.close(relay);
        }
        Some(allocation)
    }
}

/// Payload for a client, as ChannelData where its peer has a channel.
fn outside<'a>(
    now: Instant,
    allocation: &Allocation,
    transaction: TransactionId,
    peer: SocketAddr,
    payload: &'a [u8],
) -> Option<Carried<'a>> {
    let client = allocation.client;
    if payload.len() > MESSAGE || matches!(allocation.state, State::Opening(_)) {
        return None;
    }
    let frame = match allocation.channel(now, peer) {
        Some(number) => Frame::channel(number, payload, matches!(client.transport, Transport::Stream(_))),
        None => Frame::indication(transaction, peer, payload),
    };
    Some(Carried::ToClient { client, frame })
}

/// RFC 8489, section 14.9.
const REALM: usize = 127;

/// Before the value of an attribute (RFC 8489, section 14).
const ATTRIBUTE: usize = 4;
