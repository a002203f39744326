//! The test vectors of RFC 5769, and what the server does with the requests among them.

mod common;

use common::*;
use stun_types::{attribute::*, message::*};

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.split_whitespace().flat_map(str::bytes).collect();
    let pairs = digits.chunks(2).map(|pair| std::str::from_utf8(pair).expect("digits"));
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("digits")).collect()
}

/// Section 2.1: a request of ICE.
const REQUEST: &str = "
    00010058 2112a442 b7e7a701 bc34d686 fa87dfae
    80220010 5354554e 20746573 7420636c 69656e74
    00240004 6e0001ff 80290008 932ff9b1 51263b36
    00060009 6576746a 3a683676 59202020
    00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2 80280004 e57a3bcf";

/// Section 2.2: a response with an IPv4 address.
const RESPONSE_V4: &str = "
    0101003c 2112a442 b7e7a701 bc34d686 fa87dfae
    8022000b 74657374 20766563 746f7220 00200008 0001a147 e112a643
    00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7 80280004 c07d4c96";

/// Section 2.3: a response with an IPv6 address.
const RESPONSE_V6: &str = "
    01010048 2112a442 b7e7a701 bc34d686 fa87dfae
    8022000b 74657374 20766563 746f7220 00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9
    00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41 80280004 c8fb0b4c";

/// Section 2.4: a request with long-term credentials.
const LONG_TERM: &str = "
    00010060 2112a442 78ad3433 c6ad72c0 29da412e
    00060012 e3839ee3 8388e383 aae38383 e382afe3 82b90000
    0015001c 662f2f34 39396b39 35346436 4f4c3334 6f4c3946 53547679 36347341
    0014000b 6578616d 706c652e 6f726700
    00080014 f6702465 6dd64a3e 02b8e071 2e85c9a2 8ca89666";

#[test]
fn the_seals_of_the_vectors_are_good() {
    let short = ShortTermCredentials::new("VOkJxbRl1RmTxUk/WvJxBt".into()).make_key();
    for (vector, address) in [
        (REQUEST, None),
        (RESPONSE_V4, Some("192.0.2.1:32853")),
        (RESPONSE_V6, Some("[2001:db8:1234:5678:11:2233:4455:6677]:32853")),
    ] {
        let bytes = hex(vector);
        let message = Message::from_bytes(&bytes).expect("a vector can be read, with its fingerprint");
        assert!(message.validate_integrity_with_key(&short).is_ok());
        let found = message.attribute::<XorMappedAddress>().ok().map(|found| found.addr(message.transaction_id()));
        assert_eq!(found, address.map(at));
    }
    let bytes = hex(LONG_TERM);
    let message = Message::from_bytes(&bytes).expect("a vector can be read");
    let credentials = LongTermCredentials::new("マトリックス".into(), "TheMatrIX".into());
    let key = credentials.to_key("example.org".into()).make_key(IntegrityAlgorithm::Sha1);
    assert!(message.validate_integrity_with_key(&key).is_ok());
}

#[test]
fn the_server_answers_the_requests_of_the_vectors_and_no_response() {
    let mut world = World::new(config());
    let answer = world.give(datagram(1), &hex(REQUEST)).expect("an answer");
    assert_eq!(answer.code(), 420);
    let unknown = answer.message().attribute::<UnknownAttributes>().unwrap();
    assert!(unknown.has_attribute(0x0024.into()) && !unknown.has_attribute(0x8029.into()));
    let answer = world.give(datagram(1), &hex(LONG_TERM)).expect("an answer");
    assert_eq!((answer.code(), answer.mapped()), (0, at("198.51.100.1:40000")));
    for response in [RESPONSE_V4, RESPONSE_V6] {
        assert!(world.give(datagram(1), &hex(response)).is_none());
    }
    // As an Allocate request it is sealed with the wrong key, and in another realm.
    let mut bytes = hex(LONG_TERM);
    bytes[1] = 3;
    assert_eq!(world.give(datagram(1), &bytes).expect("an answer").code(), 401);
}
