//! How values stand in columns, and how they are read back.
//!
//! Types that both engines have: text, 64-bit integers (times in milliseconds, truth as 0 and 1), bytes. What is read is not
//! trusted: somebody may have edited the file, so whatever does not parse is [`ReadError::Damaged`].

use std::{fmt, str::FromStr};

use proto::{
    AccountId, CallId, ContactId, DeliveryId, FileId, HookId, MessageId, Person, Policy, Role, RoomId, VoicemailId,
};

use crate::{ReadError, WriteError, change::Done};

/// A value to bind.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    Text(Option<String>),
    Integer(Option<i64>),
    Bytes(Vec<u8>),
}

/// The values of one statement, in the order of `$1`, `$2` ...
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::column::Value::from($value)),*] };
}
pub(crate) use values;

impl fmt::Debug for Value {
    /// Only the kind: a value may be what somebody wrote to somebody, or the hash of a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "text",
            Self::Integer(_) => "integer",
            Self::Bytes(_) => "bytes",
        })
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_owned())
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Integer(Some(i64::from(truth)))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Integer(Some(i64::from(number)))
    }
}

impl From<u64> for Value {
    /// Numbers that the databases cannot hold are all the same: the greatest one, for times the year 292 million.
    fn from(number: u64) -> Self {
        Self::Integer(Some(i64::try_from(number).unwrap_or(i64::MAX)))
    }
}

impl From<Option<bool>> for Value {
    fn from(truth: Option<bool>) -> Self {
        Self::Integer(truth.map(i64::from))
    }
}

impl From<Option<u64>> for Value {
    fn from(number: Option<u64>) -> Self {
        match number {
            Some(number) => Self::from(number),
            None => Self::Integer(None),
        }
    }
}

impl From<Option<u32>> for Value {
    fn from(number: Option<u32>) -> Self {
        Self::Integer(number.map(i64::from))
    }
}

impl From<&Person> for Value {
    /// Somebody from outside carries a mark, so that no identity of theirs is read back as an account or a guest of ours.
    fn from(person: &Person) -> Self {
        Self::from(match person {
            Person::Other(identity) => format!("{OUTSIDE}{identity}"),
            Person::Account(_) | Person::Guest(_) => person.to_string(),
        })
    }
}

impl From<Option<&Person>> for Value {
    fn from(person: Option<&Person>) -> Self {
        person.map_or(Self::Text(None), Self::from)
    }
}

impl From<Role> for Value {
    fn from(role: Role) -> Self {
        Self::from(role.name())
    }
}

impl From<&Policy> for Value {
    fn from(policy: &Policy) -> Self {
        Self::from(serde_json::to_string(policy).expect("a policy is an object of names and plain values"))
    }
}

impl From<Option<&Policy>> for Value {
    fn from(policy: Option<&Policy>) -> Self {
        policy.map_or(Self::Text(None), Self::from)
    }
}

macro_rules! ids {
    ($($id:ty),*) => {$(
        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Self::from(id.to_string())
            }
        }

        impl From<Option<$id>> for Value {
            fn from(id: Option<$id>) -> Self {
                Self::Text(id.map(|id| id.to_string()))
            }
        }
    )*};
}
ids!(RoomId, AccountId, MessageId, FileId, CallId, ContactId, VoicemailId, HookId, DeliveryId);

/// Reads what has a text form of its own.
pub fn parsed<T: FromStr>(what: &'static str, text: String) -> Result<T, ReadError> {
    text.parse().map_err(|_| ReadError::Damaged { what, value: text })
}

/// Reads what a change returned.
pub fn returned<T: FromStr>(what: &'static str, done: Done) -> Result<Vec<T>, WriteError> {
    let texts = done.returned.into_iter();
    texts.map(|text| text.parse().map_err(|_| WriteError::Damaged { what, value: text })).collect()
}

/// Reads a count or a time.
pub fn number<T: TryFrom<i64>>(what: &'static str, number: i64) -> Result<T, ReadError> {
    T::try_from(number).map_err(|_| ReadError::Damaged { what, value: number.to_string() })
}

/// Reads a person.
pub fn person(text: String) -> Result<Person, ReadError> {
    let person = match text.strip_prefix(OUTSIDE) {
        Some(identity) => identity.parse().ok().map(Person::Other),
        None => text.parse().ok().filter(|person| !matches!(person, Person::Other(_))),
    };
    person.ok_or(ReadError::Damaged { what: "person", value: text })
}

/// Reads a role.
pub fn role(name: String) -> Result<Role, ReadError> {
    Role::from_name(&name).ok_or(ReadError::Damaged { what: "role", value: name })
}

/// Reads a policy.
pub fn policy(text: String) -> Result<Policy, ReadError> {
    serde_json::from_str(&text).map_err(|_| ReadError::Damaged { what: "policy", value: text })
}

/// Before the identity of somebody from outside: no account and no guest begins with it.
const OUTSIDE: char = '=';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_from_outside_is_read_back_as_one_of_us() {
        let account = Person::Account(AccountId::from(7));
        let outside = Person::Other(account.to_string().parse().unwrap());
        for somebody in [account, Person::Guest("0123456789abcdef".to_owned()), outside] {
            let Value::Text(Some(text)) = Value::from(&somebody) else { panic!("a person is text") };
            assert_eq!(person(text).unwrap(), somebody);
        }
        for text in ["", "=", "somebody", "guest_short"] {
            assert!(person(text.to_owned()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_value_does_not_show_what_it_holds() {
        assert_eq!(format!("{:?}", values!["secret", &b"secret"[..], 7_u64]), "[text, bytes, integer]");
    }
}
