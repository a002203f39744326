//! Names and numbers of things, each its own type, parsed once at the edge.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Makes ids that are global and sort by time: a UUID of version 7 inside, a prefix outside.
///
/// Time and chance are arguments, so that a simulation can repeat a run (RFC 9562, section 5.7, for the layout).
#[derive(Debug, Clone)]
pub struct IdSource {
    chance: u64,
}

impl IdSource {
    /// A source whose sequence is fixed by `seed`; the shell seeds it from the operating system.
    pub fn new(seed: u64) -> Self {
        Self { chance: seed }
    }

    /// The next id for something which begins at `unix_ms`, milliseconds since 1970.
    pub fn next<T: From<u128>>(&mut self, unix_ms: u64) -> T {
        let high = u128::from(self.draw()) & 0xfff;
        let low = u128::from(self.draw()) & 0x3fff_ffff_ffff_ffff;
        let time = u128::from(unix_ms) & 0xffff_ffff_ffff;
        T::from(time << 80 | 0x7 << 76 | high << 64 | 0x2 << 62 | low)
    }

    /// The least id that something which begins at `unix_ms` can have: all that began before have lesser ones.
    pub fn least<T: From<u128>>(unix_ms: u64) -> T {
        // 48 bits of milliseconds are ten thousand years; what is beyond them is after everything.
        T::from(u128::from(unix_ms.min(0xffff_ffff_ffff)) << 80)
    }

    /// 64 random bits (SplitMix64: small, seeded, good enough for names; never for secrets).
    pub fn draw(&mut self) -> u64 {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.chance;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// Why a text is not an id or a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseIdError {
    /// The prefix belongs to another kind of thing, or there is none.
    #[error("expected an id that starts with {0}")]
    Prefix(&'static str),
    /// What follows the prefix is not 26 digits of base 32.
    #[error("expected 26 letters and digits after the prefix")]
    Digits,
    /// The name is empty or longer than the limit.
    #[error("expected 1 to {0} characters")]
    Length(usize),
    /// The name holds a control character.
    #[error("control characters are not allowed in a name")]
    Control,
}

/// Crockford's base 32: no letter that can be taken for a digit, so an id survives being read aloud.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn write_digits(f: &mut fmt::Formatter<'_>, value: u128) -> fmt::Result {
    let digits: [u8; 26] = std::array::from_fn(|place| DIGITS[(value >> ((25 - place) * 5) & 31) as usize]);
    f.write_str(std::str::from_utf8(&digits).map_err(|_| fmt::Error)?)
}

fn read_digits(text: &str) -> Option<u128> {
    if text.len() != 26 {
        return None;
    }
    let mut value = 0_u128;
    for byte in text.bytes() {
        let digit = DIGITS.iter().position(|d| *d == byte)?;
        if value >> 123 != 0 {
            return None; // 26 digits hold 130 bits; the first may carry only three
        }
        value = value << 5 | digit as u128;
    }
    Some(value)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl From<u128> for $name {
            fn from(value: u128) -> Self {
                Self(value)
            }
        }

        impl From<$name> for u128 {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($prefix)?;
                write_digits(f, self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                let digits = text.strip_prefix($prefix).ok_or(ParseIdError::Prefix($prefix))?;
                read_digits(digits).map(Self).ok_or(ParseIdError::Digits)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// A room: the persistent place with a link, and LiveKit's room `sid` while people are in it.
    RoomId,
    "RM_"
);
id!(
    /// One stay of a participant in a room (LiveKit's participant `sid`). Clients insist on the prefix `PA`.
    ParticipantId,
    "PA_"
);
id!(
    /// One published flow of audio or video (LiveKit's track `sid`). Clients insist on the prefix `TR`.
    TrackId,
    "TR_"
);

id!(
    /// An account.
    AccountId,
    "AC_"
);
id!(
    /// One line of a room's chat.
    MessageId,
    "MS_"
);
id!(
    /// One file that was given to a room's chat.
    FileId,
    "FI_"
);

id!(
    /// One call: a ring, and what came of it.
    CallId,
    "CA_"
);
id!(
    /// One entry of somebody's phone book.
    ContactId,
    "CO_"
);
id!(
    /// One message that somebody spoke for whoever did not answer.
    VoicemailId,
    "VM_"
);
id!(
    /// One webhook: an address outside of this server that is told what happens.
    HookId,
    "HK_"
);
id!(
    /// One thing that a webhook is told, however often that is tried.
    DeliveryId,
    "HD_"
);

/// A browser or an app of somebody with an account, as it calls itself: 1 to 32 letters and digits that it draws once and
/// keeps. All windows of one browser are one device. It tells the devices of one account apart and is no secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceKey(String);

impl DeviceKey {
    /// The most letters and digits.
    pub const MOST: usize = 32;

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DeviceKey {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        if text.is_empty() || text.len() > Self::MOST {
            return Err(ParseIdError::Length(Self::MOST));
        }
        let sound = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if sound { Ok(Self(text.to_owned())) } else { Err(ParseIdError::Digits) }
    }
}

impl fmt::Display for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for DeviceKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DeviceKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// One open event socket of a page. Counted by the shell, never reused while the process lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineId(pub u64);

/// One connected signalling socket. Counted by the shell, never reused while the process lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

/// One media thread, counted from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shard(pub u8);

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $most:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The most characters such a name may have.
            pub const MOST: usize = $most;

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                let text = text.trim();
                if text.is_empty() || text.chars().count() > $most {
                    return Err(ParseIdError::Length($most));
                }
                if text.chars().any(char::is_control) {
                    return Err(ParseIdError::Control);
                }
                Ok(Self(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

name!(
    /// What a media token calls a room: for rooms of our own the code in their link.
    RoomName,
    128
);
name!(
    /// A participant's stable name within a room, given by the media token.
    Identity,
    128
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_back_as_written_and_sort_by_time() {
        let mut source = IdSource::new(7);
        let first: TrackId = source.next(1_000);
        let second: TrackId = source.next(2_000);
        assert!(first < second);
        assert_eq!(first.to_string().parse::<TrackId>(), Ok(first));
        assert!(first.to_string().starts_with("TR_"));
        assert_eq!(first.to_string().parse::<RoomId>(), Err(ParseIdError::Prefix("RM_")));
    }

    #[test]
    fn what_is_not_an_id_is_refused() {
        for text in ["TR_", "TR_0123", "TR_zzzzzzzzzzzzzzzzzzzzzzzzzz", "TR_0123456789ABCDEFGHJKMNPQRS"] {
            assert!(text.parse::<TrackId>().is_err(), "{text}");
        }
    }

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!("  ann ".parse::<Identity>().unwrap().as_str(), "ann");
        assert!("".parse::<Identity>().is_err());
        assert!("x".repeat(129).parse::<Identity>().is_err());
        assert!("a\nb".parse::<Identity>().is_err());
    }
}
