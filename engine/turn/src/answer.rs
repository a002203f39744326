//! Responses: how they begin, what seals them.

use stun_types::{
    attribute::{
        AttributeType, AttributeWrite, ErrorCode, Fingerprint, Nonce, PasswordAlgorithmValue, PasswordAlgorithms,
        Realm, UnknownAttributes,
    },
    message::{
        IntegrityAlgorithm, IntegrityKey, Message, MessageClass, MessageType, MessageWriteVec, Method, TransactionId,
    },
    prelude::{AttributeStaticType, MessageWrite, MessageWriteExt},
};

/// What of a request its response repeats.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    method: Method,
    pub(crate) transaction: TransactionId,
    /// RFC 8489, section 7, leaves FINGERPRINT to the usage, and TURN (RFC 8656, section 5) does not ask for it: who sends it
    /// gets it, which is what telling STUN from other traffic needs.
    fingerprint: bool,
}

/// What a response to a known client is sealed with: the key that the request was sealed with, and in the same way.
#[derive(Debug, Clone)]
pub(crate) struct Seal {
    pub(crate) key: IntegrityKey,
    pub(crate) algorithm: IntegrityAlgorithm,
}

/// An Allocate request that is answered when its socket is open.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) head: Head,
    pub(crate) seal: Seal,
    /// Whether the client asked for a second family, which it does not get.
    pub(crate) wants_second: bool,
}

/// Why a request is not done.
#[derive(Debug)]
pub(crate) enum Refused {
    /// With an error code.
    Code(u16),
    /// With an error code, and with what the client needs to sign in: 401 and 438.
    Challenge(u16),
    /// With 420: it has attributes that we do not know.
    Unknown(Vec<AttributeType>),
    /// Nothing is said.
    Silent,
}

impl Head {
    pub(crate) fn of(request: &Message<'_>) -> Self {
        Self {
            method: request.method(),
            transaction: request.transaction_id(),
            fingerprint: request.has_attribute(Fingerprint::TYPE),
        }
    }

    /// A response that says yes.
    pub(crate) fn success(&self) -> MessageWriteVec {
        self.begin(MessageClass::Success)
    }

    /// A response that says no; nothing where nothing is to be said.
    pub(crate) fn error(
        &self,
        refused: &Refused,
        challenge: impl FnOnce() -> (Realm, Nonce),
    ) -> Option<MessageWriteVec> {
        let mut write = self.begin(MessageClass::Error);
        let code = match refused {
            Refused::Code(code) | Refused::Challenge(code) => *code,
            Refused::Unknown(_) => ErrorCode::UNKNOWN_ATTRIBUTE,
            Refused::Silent => return None,
        };
        let reason = ErrorCode::default_reason_for_code(code);
        put(&mut write, &ErrorCode::new(code, reason).expect("our codes are between 300 and 699, their reasons short"));
        match refused {
            Refused::Unknown(types) => put(&mut write, &UnknownAttributes::new(types)),
            Refused::Challenge(_) => {
                let (realm, nonce) = challenge();
                put(&mut write, &realm);
                put(&mut write, &nonce);
                put(&mut write, &PasswordAlgorithms::new(&ALGORITHMS));
            }
            Refused::Code(_) | Refused::Silent => {}
        }
        Some(write)
    }

    /// Ends a response.
    pub(crate) fn finish(&self, mut write: MessageWriteVec, seal: Option<&Seal>) -> Vec<u8> {
        if let Some(Seal { key, algorithm }) = seal {
            write.add_message_integrity_with_key(key, *algorithm).expect("nothing was sealed yet");
        }
        if self.fingerprint {
            write.add_fingerprint().expect("it has none yet");
        }
        write.finish()
    }

    fn begin(&self, class: MessageClass) -> MessageWriteVec {
        let kind = MessageType::from_class_method(class, self.method);
        Message::builder(kind, self.transaction, MessageWriteVec::with_capacity(ROOM))
    }
}

/// Adds an attribute to a response of ours.
pub(crate) fn put(write: &mut MessageWriteVec, attribute: &dyn AttributeWrite) {
    write.add_attribute(attribute).expect("attributes are added before the seal, and a vector has room");
}

/// How keys may be made, the best first (RFC 8489, section 18.5). All browsers take the second.
pub(crate) const ALGORITHMS: [PasswordAlgorithmValue; 2] =
    [PasswordAlgorithmValue::SHA256, PasswordAlgorithmValue::MD5];

/// Most responses: header, addresses, lifetime, SHA-1 and fingerprint.
const ROOM: usize = 128;
