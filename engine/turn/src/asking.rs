//! The other side: a client that asks a TURN server over a stream for an allocation, and sends through it.
//!
//! It is for trying a server out. It holds one allocation for some minutes, uses indications and no channels, and knows the
//! one way of signing in that browsers know (RFC 8489, section 9.2, with MD5).

use std::{collections::BTreeSet, net::SocketAddr};

use stun_types::{
    attribute::{ErrorCode, Nonce, Realm, Username},
    message::{
        IntegrityAlgorithm, IntegrityKey, LongTermCredentials, Message, MessageClass, MessageType, MessageWriteVec,
        Method, TransactionId,
    },
    prelude::*,
};
use turn_types::{
    attribute::{Data, RequestedTransport, XorPeerAddress, XorRelayedAddress},
    message::{ALLOCATE, CREATE_PERMISSION, DATA, SEND},
};

/// A client of a TURN server.
#[derive(Debug)]
pub struct Asking {
    username: String,
    password: String,
    /// What the server said of signing in, once it did.
    signed: Option<Signed>,
    permitted: BTreeSet<std::net::IpAddr>,
    /// The last transaction. They begin with a random number, so that nobody else's answer is taken for ours.
    last: u128,
}

#[derive(Debug)]
struct Signed {
    realm: String,
    nonce: String,
    key: IntegrityKey,
}

/// What a message of the server means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Say this to get on.
    Say(Vec<u8>),
    /// The allocation is there, under this address.
    Allocated(SocketAddr),
    /// A peer sent something.
    Came {
        /// Who.
        peer: SocketAddr,
        /// What.
        payload: Vec<u8>,
    },
    /// The server refuses, with this code (RFC 8656, section 19).
    Refused(u16),
    /// Nothing that matters here.
    Nothing,
}

impl Asking {
    /// A client that signs in like this. `chance` is a random number.
    pub fn new(username: &str, password: &str, chance: u64) -> Self {
        Self {
            username: username.to_owned(),
            password: password.to_owned(),
            signed: None,
            permitted: BTreeSet::new(),
            last: u128::from(chance) << 16,
        }
    }

    /// The first message: it is refused, and the refusal says how to sign in.
    pub fn begin(&mut self) -> Vec<u8> {
        self.request(ALLOCATE, None)
    }

    /// Takes one message of the server, as [`crate::Framing`] cuts them.
    pub fn hear(&mut self, bytes: &[u8]) -> Heard {
        let Ok(message) = Message::from_bytes(bytes) else { return Heard::Nothing };
        match (message.method(), message.class()) {
            (ALLOCATE, MessageClass::Success) => {
                let relayed = message.attribute::<XorRelayedAddress>();
                relayed.map_or(Heard::Nothing, |address| Heard::Allocated(address.addr(message.transaction_id())))
            }
            (method, MessageClass::Error) => {
                let code = message.attribute::<ErrorCode>().map_or(0, |error| error.code());
                if method == ALLOCATE && self.sign(&message) {
                    return Heard::Say(self.request(ALLOCATE, None));
                }
                Heard::Refused(code)
            }
            (DATA, MessageClass::Indication) => {
                let peer = message.attribute::<XorPeerAddress>().map(|peer| peer.addr(message.transaction_id()));
                match (peer, message.attribute::<Data>()) {
                    (Ok(peer), Ok(data)) => Heard::Came { peer, payload: data.data().to_vec() },
                    _ => Heard::Nothing,
                }
            }
            _ => Heard::Nothing,
        }
    }

    /// The bytes which send something to a peer: a permission first, where there is none yet. A stream keeps their order.
    pub fn send(&mut self, peer: SocketAddr, payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        if self.permitted.insert(peer.ip()) {
            bytes = self.request(CREATE_PERMISSION, Some(peer));
        }
        let transaction = self.next();
        let kind = MessageType::from_class_method(MessageClass::Indication, SEND);
        let mut indication = Message::builder(kind, transaction, MessageWriteVec::new());
        // A datagram is shorter than what a message may hold; what is not is left out, as a network would.
        let whole = indication.add_attribute(&XorPeerAddress::new(peer, transaction)).is_ok()
            && indication.add_attribute(&Data::new(payload)).is_ok();
        if whole {
            bytes.extend(indication.finish());
        }
        bytes
    }

    /// Learns how to sign in; `false` when that was known already, so that it was no challenge but a refusal.
    fn sign(&mut self, challenge: &Message<'_>) -> bool {
        let (Ok(realm), Ok(nonce)) = (challenge.attribute::<Realm>(), challenge.attribute::<Nonce>()) else {
            return false;
        };
        if self.signed.is_some() {
            return false;
        }
        let credentials = LongTermCredentials::new(self.username.clone(), self.password.clone());
        let key = credentials.to_key(realm.realm().to_owned()).make_key(IntegrityAlgorithm::Sha1);
        self.signed = Some(Signed { realm: realm.realm().to_owned(), nonce: nonce.nonce().to_owned(), key });
        true
    }

    fn next(&mut self) -> TransactionId {
        self.last = self.last.wrapping_add(1);
        self.last.into()
    }

    fn request(&mut self, method: Method, peer: Option<SocketAddr>) -> Vec<u8> {
        let transaction = self.next();
        let kind = MessageType::from_class_method(MessageClass::Request, method);
        let mut request = Message::builder(kind, transaction, MessageWriteVec::new());
        // What the server said of itself fits into a message: it came in one.
        let _ = match peer {
            Some(peer) => request.add_attribute(&XorPeerAddress::new(peer, transaction)),
            None => request.add_attribute(&RequestedTransport::new(RequestedTransport::UDP)),
        };
        if let Some(signed) = &self.signed
            && let (Ok(username), Ok(realm), Ok(nonce)) =
                (Username::new(&self.username), Realm::new(&signed.realm), Nonce::new(&signed.nonce))
        {
            let _ = request.add_attribute(&username);
            let _ = request.add_attribute(&realm);
            let _ = request.add_attribute(&nonce);
            let _ = request.add_message_integrity_with_key(&signed.key, IntegrityAlgorithm::Sha1);
        }
        request.finish()
    }
}
