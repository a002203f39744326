//! A client of the TURN server on virtual time, made of the same codec crates, and short names for what it does.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::allow_attributes, reason = "an expectation would fail in the test files that use all of it")]

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use proto::ParticipantId;
use stun_types::{attribute::*, message::*};
use turn::*;
use turn_types::{attribute::*, message::*};

pub const MEDIA: &str = "203.0.113.1:7882";
pub const MEDIA6: &str = "[2001:db8::1]:7882";
pub const REALM: &str = "meet.example.org";
pub const STRANGER: Option<&Login> = None;

pub fn at(address: &str) -> SocketAddr {
    address.parse().expect("an address of a test")
}

pub fn config() -> Config {
    Config {
        realm: REALM.into(),
        secret: Secret::new(b"secret"),
        media: vec![at(MEDIA).into(), at(MEDIA6).into()],
        peers: Peers::None,
        limits: Limits::default(),
        seed: 7,
    }
}

pub fn real(allowed: &[&str]) -> Config {
    let allowed = allowed.iter().map(|range| range.parse().expect("a range")).collect();
    Config { peers: Peers::Real { allowed }, ..config() }
}

pub fn stream(number: u8) -> Client {
    client([198, 51, 100, number], Transport::Stream(number.into()))
}

pub fn datagram(number: u8) -> Client {
    client([198, 51, 100, number], Transport::Datagram)
}

pub fn client(ip: [u8; 4], transport: Transport) -> Client {
    Client { remote: (ip, 40_000).into(), local: at("203.0.113.1:443"), transport }
}

/// What a client signs with.
#[derive(Clone)]
pub struct Login {
    pub username: String,
    pub password: String,
    pub realm: String,
    pub nonce: String,
    /// None: as a browser, which knows of MD5 alone.
    pub algorithm: Option<PasswordAlgorithmValue>,
}

impl Login {
    pub fn key(&self) -> (IntegrityKey, IntegrityAlgorithm) {
        let algorithm = self.algorithm.map_or(IntegrityAlgorithm::Sha1, |chosen| chosen.as_integrity());
        let credentials = LongTermCredentials::new(self.username.clone(), self.password.clone());
        (credentials.to_key(self.realm.clone()).make_key(algorithm), algorithm)
    }
}

/// An answer, taken apart.
#[derive(Debug, Clone)]
pub struct Answer(pub Vec<u8>);

impl Answer {
    pub fn message(&self) -> Message<'_> {
        Message::from_bytes(&self.0).expect("we send what can be read")
    }

    /// 0 for a success.
    pub fn code(&self) -> u16 {
        let message = self.message();
        assert!(message.is_response());
        match message.class() {
            MessageClass::Success => 0,
            _ => message.attribute::<ErrorCode>().expect("errors have a code").code(),
        }
    }

    pub fn relayed(&self) -> SocketAddr {
        let message = self.message();
        message.attribute::<XorRelayedAddress>().expect("an allocation").addr(message.transaction_id())
    }

    pub fn mapped(&self) -> SocketAddr {
        let message = self.message();
        message.attribute::<XorMappedAddress>().expect("an address").addr(message.transaction_id())
    }

    pub fn lifetime(&self) -> u32 {
        self.message().attribute::<Lifetime>().expect("a lifetime").seconds()
    }

    pub fn is_sealed(&self, login: &Login) -> bool {
        self.message().validate_integrity_with_key(&login.key().0).is_ok()
    }
}

pub struct World {
    pub turn: Turn,
    pub now: Now,
    pub secret: Secret,
    pub count: u128,
}

/// One peer of a request. It is XORed with the transaction id, so it is named before it is written.
pub fn peer(address: &str) -> Box<dyn Fn(TransactionId) -> Box<dyn AttributeWrite>> {
    let address = at(address);
    Box::new(move |transaction| Box::new(XorPeerAddress::new(address, transaction)))
}

/// Any other attribute.
pub fn with<A: AttributeWrite + Clone + 'static>(
    attribute: A,
) -> Box<dyn Fn(TransactionId) -> Box<dyn AttributeWrite>> {
    Box::new(move |_| Box::new(attribute.clone()))
}

/// An attribute that this crate does not know how to write.
pub fn raw(kind: u16, value: &'static [u8]) -> Box<dyn Fn(TransactionId) -> Box<dyn AttributeWrite>> {
    Box::new(move |_| Box::new(RawAttribute::new(kind.into(), value)))
}

pub type Attributes = Vec<Box<dyn Fn(TransactionId) -> Box<dyn AttributeWrite>>>;

pub fn udp() -> Attributes {
    vec![with(RequestedTransport::new(RequestedTransport::UDP))]
}

impl World {
    pub fn new(config: Config) -> Self {
        #[expect(clippy::disallowed_methods, reason = "a first instant; all later ones are computed from it")]
        let now = Now { at: Instant::now(), unix: Duration::from_secs(1_700_000_000) };
        Self { secret: config.secret.clone(), turn: Turn::new(config), now, count: 0 }
    }

    pub fn pass(&mut self, seconds: u64) {
        self.now.at += Duration::from_secs(seconds);
        self.now.unix += Duration::from_secs(seconds);
    }

    /// The bytes of a request.
    pub fn request(&mut self, method: Method, attributes: &Attributes, login: Option<&Login>) -> Vec<u8> {
        self.count += 1;
        let kind = MessageType::from_class_method(MessageClass::Request, method);
        write(kind, self.count.into(), attributes, login).finish()
    }

    /// Gives bytes to the server; the only answer to them.
    pub fn give(&mut self, client: Client, bytes: &[u8]) -> Option<Answer> {
        assert_eq!(self.turn.handle(self.now, Input::Message { client, bytes }), None);
        let answer = match self.turn.poll_output() {
            Some(Output::ToClient { client: to, bytes }) => {
                assert_eq!(to, client);
                Some(Answer(bytes))
            }
            Some(other) => panic!("{other:?} and no answer"),
            None => None,
        };
        assert_eq!(self.turn.poll_output(), None);
        answer
    }

    pub fn ask(&mut self, client: Client, method: Method, attributes: &Attributes, login: Option<&Login>) -> Answer {
        let bytes = self.request(method, attributes, login);
        self.give(client, &bytes).expect("an answer")
    }

    /// What a challenge and new credentials make together.
    pub fn login(&mut self, client: Client, participant: u128) -> Login {
        let challenge = self.ask(client, REFRESH, &Vec::new(), STRANGER);
        assert_eq!(challenge.code(), 401);
        let credentials = self.secret.credentials(ParticipantId::from(participant), self.now.unix);
        Login {
            username: credentials.username,
            password: credentials.password,
            realm: challenge.message().attribute::<Realm>().expect("a realm").realm().into(),
            nonce: challenge.message().attribute::<Nonce>().expect("a nonce").nonce().into(),
            algorithm: None,
        }
    }

    /// Signs in and makes an allocation.
    pub fn allocate(&mut self, client: Client, participant: u128) -> (Login, SocketAddr) {
        let login = self.login(client, participant);
        let answer = self.ask(client, ALLOCATE, &udp(), Some(&login));
        assert_eq!(answer.code(), 0);
        assert!(answer.is_sealed(&login));
        (login, answer.relayed())
    }

    /// Signs in, asks for an allocation with a socket, and opens it.
    pub fn allocate_real(&mut self, client: Client, address: &str) -> (Login, AllocationId) {
        let login = self.login(client, 1);
        let bytes = self.request(ALLOCATE, &udp(), Some(&login));
        assert_eq!(self.turn.handle(self.now, Input::Message { client, bytes: &bytes }), None);
        let Some(Output::OpenRelay { allocation, family: Family::V4, .. }) = self.turn.poll_output() else {
            panic!("no socket is asked for");
        };
        assert_eq!(self.turn.handle(self.now, Input::RelayOpened { allocation, address: at(address) }), None);
        let Some(Output::ToClient { bytes, .. }) = self.turn.poll_output() else { panic!("no answer") };
        assert_eq!(Answer(bytes).relayed(), at(address));
        (login, allocation)
    }

    pub fn permit(&mut self, client: Client, login: &Login, to: &str) -> u16 {
        self.ask(client, CREATE_PERMISSION, &vec![peer(to)], Some(login)).code()
    }

    pub fn bind(&mut self, client: Client, login: &Login, number: u16, to: &str) -> u16 {
        self.ask(client, CHANNEL_BIND, &vec![with(ChannelNumber::new(number)), peer(to)], Some(login)).code()
    }

    /// What becomes of a payload that the media plane sends: none, or the bytes for the client.
    pub fn media_sends(&mut self, relayed: SocketAddr, media: &str, payload: &[u8]) -> Option<Vec<u8>> {
        let input = Input::FromMedia { relayed, media: at(media), payload };
        bytes(self.turn.handle(self.now, input))
    }

    /// The bytes of a Send indication.
    pub fn send(&mut self, to: &str, payload: &[u8]) -> Vec<u8> {
        self.count += 1;
        let kind = MessageType::from_class_method(MessageClass::Indication, SEND);
        let mut write = write(kind, self.count.into(), &vec![peer(to)], None);
        write.add_attribute(&turn_types::attribute::Data::new(payload)).expect("there is room");
        write.finish()
    }

    /// Where bytes of a client go: nowhere, or to the media plane.
    pub fn carried(&mut self, client: Client, bytes: &[u8]) -> Option<(SocketAddr, SocketAddr, Vec<u8>)> {
        let carried = self.turn.handle(self.now, Input::Message { client, bytes });
        assert_eq!(self.turn.poll_output(), None);
        carried.map(|carried| match carried {
            Carried::ToMedia { relayed, media, payload } => (relayed, media, payload.to_vec()),
            other => panic!("{other:?}"),
        })
    }
}

pub fn bytes(carried: Option<Carried<'_>>) -> Option<Vec<u8>> {
    carried.map(|carried| match carried {
        Carried::ToClient { frame, .. } => {
            let mut bytes = Vec::new();
            frame.append_to(&mut bytes);
            assert_eq!(bytes.len(), frame.len());
            assert_eq!(bytes, frame.parts().concat());
            bytes
        }
        other => panic!("{other:?}"),
    })
}

pub fn write(
    kind: MessageType,
    transaction: TransactionId,
    attributes: &Attributes,
    login: Option<&Login>,
) -> MessageWriteVec {
    let mut write = Message::builder(kind, transaction, MessageWriteVec::new());
    for attribute in attributes {
        write.add_attribute(&*attribute(transaction)).expect("there is room");
    }
    if let Some(login) = login {
        write.add_attribute(&Username::new(&login.username).expect("short")).expect("there is room");
        write.add_attribute(&Realm::new(&login.realm).expect("short")).expect("there is room");
        write.add_attribute(&Nonce::new(&login.nonce).expect("short")).expect("there is room");
        if let Some(algorithm) = login.algorithm {
            let offered = [PasswordAlgorithmValue::SHA256, PasswordAlgorithmValue::MD5];
            write.add_attribute(&PasswordAlgorithms::new(&offered)).expect("there is room");
            write.add_attribute(&PasswordAlgorithm::new(algorithm)).expect("there is room");
        }
        let (key, algorithm) = login.key();
        write.add_message_integrity_with_key(&key, algorithm).expect("there is room");
    }
    write
}

/// ChannelData, not padded.
pub fn channel(number: u16, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).expect("short");
    [&number.to_be_bytes()[..], &length.to_be_bytes()[..], payload].concat()
}
