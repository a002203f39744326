//! Somebody, whatever device they sit at: an account or a guest's browser.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{AccountId, Identity, id::ParseIdError};

/// Somebody. Rights, hands, chat and removal belong to a person; tracks belong to a participant, of which one person may be
/// several (a laptop and a telephone).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Person {
    /// Has an account.
    Account(AccountId),
    /// Has a guest's cookie; the text is its 16 letters and digits.
    Guest(String),
    /// Came with a media token that this server's own pages did not ask for; the text is the token's identity.
    Other(Identity),
}

impl Person {
    /// What stands between the person and the device in the identities that we give out.
    const DEVICE: char = '~';
    const GUEST: &'static str = "guest_";
    /// Before the identities of others, so that none of them passes for one of us, however it is spelled.
    const OTHER: char = '=';

    /// The identity of one stay of this person; `device` is a few letters and digits that differ for each.
    pub fn identity(&self, device: &str) -> Identity {
        match self {
            Self::Other(identity) => identity.clone(),
            _ => format!("{self}{}{device}", Self::DEVICE)
                .parse()
                .expect("an id, a sign and a few letters are an identity"),
        }
    }

    /// The person behind an identity.
    pub fn of(identity: &Identity) -> Self {
        let own = identity.as_str().rsplit_once(Self::DEVICE).and_then(|(person, _)| person.parse().ok());
        own.filter(|person| !matches!(person, Self::Other(_))).unwrap_or_else(|| Self::Other(identity.clone()))
    }
}

impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(account) => account.fmt(f),
            Self::Guest(guest) => write!(f, "{}{guest}", Self::GUEST),
            Self::Other(identity) => write!(f, "{}{identity}", Self::OTHER),
        }
    }
}

impl FromStr for Person {
    type Err = ParseIdError;

    /// Reads what `Display` writes: an account, a guest, or the identity of somebody from outside behind a `=`.
    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        if let Some(guest) = text.strip_prefix(Self::GUEST) {
            let sound = guest.len() == 16 && guest.bytes().all(|byte| byte.is_ascii_alphanumeric());
            return if sound { Ok(Self::Guest(guest.to_owned())) } else { Err(ParseIdError::Digits) };
        }
        match text.strip_prefix(Self::OTHER) {
            Some(identity) => identity.parse().map(Self::Other),
            None => text.parse().map(Self::Account),
        }
    }
}

impl Serialize for Person {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Person {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_found_again_behind_each_of_its_identities() {
        let account = Person::Account(AccountId::from(77));
        let guest: Person = "guest_0123456789abcdef".parse().unwrap();
        for person in [account, guest] {
            assert_eq!(Person::of(&person.identity("k3")), person);
            assert_eq!(person.to_string().parse::<Person>().unwrap(), person);
        }
        let robot: Identity = "robot~1".parse().unwrap();
        assert_eq!(Person::of(&robot), Person::Other(robot.clone()));
    }

    #[test]
    fn nobody_from_outside_passes_for_one_of_us() {
        for text in ["guest_short", "guest_0123456789abcde!"] {
            assert!(text.parse::<Person>().is_err(), "{text}");
        }
        let robot: Identity = "AC_notanid~x".parse().unwrap();
        assert!(matches!(Person::of(&robot), Person::Other(_)));
        let disguised: Identity = "guest_0123456789abcdef".parse().unwrap();
        let person = Person::of(&disguised);
        assert_eq!(
            person.to_string().parse::<Person>().unwrap(),
            person,
            "its own text leads back to it, not to the guest"
        );
        assert_eq!(person.to_string(), "=guest_0123456789abcdef");
    }
}
