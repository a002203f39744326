//! Answers to who asks under which address we see it: STUN without ICE (RFC 8489, section 12).
//!
//! The media port answers as any STUN server does, so that a connection test and an operator's tools learn whether UDP gets
//! through. An answer is hardly longer than its question, and all strangers together get so many in a second.

use std::{
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

/// The answer to a binding request that names nobody; `None` for everything else.
pub(crate) fn answer(request: &[u8], source: SocketAddr) -> Option<Vec<u8>> {
    let header = request.get(..HEADER)?;
    let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
    if header[..2] != REQUEST || header[4..8] != COOKIE || request.len() != HEADER + length {
        return None;
    }
    let mut unknown = Vec::new();
    let mut rest = &request[HEADER..];
    while let Some(head) = rest.get(..4) {
        let kind = u16::from_be_bytes([head[0], head[1]]);
        match kind {
            // A check of ICE for somebody who is not here: it is told nothing.
            USERNAME | INTEGRITY => return None,
            // What may be passed over by who does not know it.
            OPTIONAL.. => {}
            _ if unknown.len() < MOST_UNKNOWN => unknown.push(kind),
            _ => return None,
        }
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        rest = rest.get(4 + length.next_multiple_of(4)..)?;
    }
    if !rest.is_empty() {
        return None;
    }
    let mut attributes = Vec::with_capacity(40);
    let kind = if unknown.is_empty() {
        mapped(&mut attributes, source, &header[4..HEADER]);
        SUCCESS
    } else {
        attribute(&mut attributes, ERROR_CODE, b"\0\0\x04\x14Unknown Attribute");
        let listed: Vec<u8> = unknown.iter().flat_map(|kind| kind.to_be_bytes()).collect();
        attribute(&mut attributes, UNKNOWN_ATTRIBUTES, &listed);
        ERROR
    };
    let mut answer = Vec::with_capacity(HEADER + attributes.len());
    answer.extend(kind);
    answer.extend(u16::try_from(attributes.len()).ok()?.to_be_bytes());
    answer.extend(&header[4..]);
    answer.extend(attributes);
    Some(answer)
}

/// XOR-MAPPED-ADDRESS (RFC 8489, section 14.2).
fn mapped(attributes: &mut Vec<u8>, source: SocketAddr, mask: &[u8]) {
    let port = source.port() ^ u16::from_be_bytes([mask[0], mask[1]]);
    let (family, bytes) = match source.ip().to_canonical() {
        IpAddr::V4(ip) => (1, ip.octets().to_vec()),
        IpAddr::V6(ip) => (2, ip.octets().to_vec()),
    };
    let mut value = vec![0, family];
    value.extend(port.to_be_bytes());
    value.extend(bytes.iter().zip(mask).map(|(byte, mask)| byte ^ mask));
    attribute(attributes, XOR_MAPPED_ADDRESS, &value);
}

fn attribute(attributes: &mut Vec<u8>, kind: u16, value: &[u8]) {
    attributes.extend(kind.to_be_bytes());
    attributes.extend((value.len() as u16).to_be_bytes());
    attributes.extend(value);
    attributes.resize(attributes.len().next_multiple_of(4), 0);
}

/// How many strangers are answered.
#[derive(Debug, Default)]
pub(crate) struct Strangers {
    since: Option<Instant>,
    answered: u32,
}

impl Strangers {
    /// Whether one more is answered.
    pub(crate) fn may_ask(&mut self, now: Instant) -> bool {
        if self.since.is_none_or(|since| now.saturating_duration_since(since) >= SECOND) {
            *self = Self { since: Some(now), answered: 0 };
        }
        self.answered += 1;
        self.answered <= ANSWERS
    }
}

const SECOND: Duration = Duration::from_secs(1);
/// Answers in a second: far more than people test their connection, far less than would be felt.
const ANSWERS: u32 = 500;
/// RFC 8489, section 5.
const HEADER: usize = 20;
const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
/// Method Binding: request, success, error.
const REQUEST: [u8; 2] = [0, 1];
const SUCCESS: [u8; 2] = [1, 1];
const ERROR: [u8; 2] = [1, 0x11];
/// RFC 8489, section 18.3.
const USERNAME: u16 = 0x0006;
const INTEGRITY: u16 = 0x0008;
const ERROR_CODE: u16 = 0x0009;
const UNKNOWN_ATTRIBUTES: u16 = 0x000a;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;
/// From here on attributes need not be understood.
const OPTIONAL: u16 = 0x8000;
/// More attributes that nobody knows are no question.
const MOST_UNKNOWN: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;

    /// The transaction of RFC 5769, section 2, and what the address in its answers is asked for.
    const TRANSACTION: [u8; 12] = [0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae];

    fn request(attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        attributes.iter().for_each(|(kind, value)| attribute(&mut body, *kind, value));
        let mut request = REQUEST.to_vec();
        request.extend((body.len() as u16).to_be_bytes());
        request.extend(COOKIE);
        request.extend(TRANSACTION);
        request.extend(body);
        request
    }

    #[test]
    fn addresses_are_those_of_the_test_vectors() {
        // RFC 5769, sections 2.2 and 2.3.
        let four = answer(&request(&[]), "192.0.2.1:32853".parse().unwrap()).unwrap();
        assert_eq!(four[HEADER..], [0, 0x20, 0, 8, 0, 1, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43]);
        assert_eq!((&four[..4], &four[4..HEADER]), ([1, 1, 0, 12].as_slice(), &request(&[])[4..HEADER]));
        let six =
            answer(&request(&[(0x8022, b"a name")]), "[2001:db8:1234:5678:11:2233:4455:6677]:32853".parse().unwrap());
        let expected = [
            0, 0x20, 0, 0x14, 0, 2, 0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa, 0xa5, 0xd3, 0xf1, 0x79, 0xbc, 0x25, 0xf4, 0xb5,
            0xbe, 0xd2, 0xb9, 0xd9,
        ];
        assert_eq!(six.unwrap()[HEADER..], expected);
    }

    #[test]
    fn what_has_to_be_understood_and_is_not_is_named() {
        // CHANGE-REQUEST (RFC 5780), which is for servers with two addresses.
        let answer = answer(&request(&[(3, &[0, 0, 0, 6])]), "192.0.2.1:1".parse().unwrap()).unwrap();
        assert_eq!(answer[..2], ERROR);
        assert_eq!(answer[HEADER + 4..HEADER + 8], [0, 0, 4, 20]);
        assert!(answer.ends_with(&[0, 0x0a, 0, 2, 0, 3, 0, 0]), "{answer:x?}");
    }

    #[test]
    fn nobody_else_is_answered() {
        let source = "192.0.2.1:1".parse().unwrap();
        assert_eq!(answer(&request(&[(USERNAME, b"x:y")]), source), None);
        let good = request(&[(0x8022, b"a name")]);
        for end in 0..good.len() {
            assert_eq!(answer(&good[..end], source), None, "{end}");
        }
        assert_eq!(answer(&[good.as_slice(), &[0]].concat(), source), None);
        for (place, value) in [(0, 1), (1, 2), (4, 0), (20, 0)] {
            let mut other = good.clone();
            other[place] = value;
            assert!(answer(&other, source).is_none_or(|answer| answer[..2] == ERROR), "{place}");
        }
        assert_eq!(answer(&request(&[(1, b"".as_slice()); 9]), source), None, "that is no question");
    }

    #[test]
    fn so_many_strangers_are_answered_in_a_second() {
        let (mut strangers, now) = (Strangers::default(), start());
        assert_eq!((0..2 * ANSWERS).filter(|_| strangers.may_ask(now)).count(), ANSWERS as usize);
        assert!(!strangers.may_ask(now + SECOND / 2));
        assert!(strangers.may_ask(now + SECOND));
    }
}
