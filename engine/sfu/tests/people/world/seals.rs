//! Watches the wire for the one thing that must never happen there: two packets sealed under the same number.
//!
//! What a nonce is made of stands in clear in each packet (SSRC and sequence number, or the count of a report), and each
//! client of these tests has one key for its whole life, so that a repetition is seen from outside. No test runs through
//! 65,536 packets of a stream, so the number is unique without its rollovers.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
};

/// All that was seen.
#[derive(Default)]
pub struct Seals {
    packets: BTreeMap<(SocketAddr, u32, u16), Vec<u8>>,
    reports: BTreeSet<(SocketAddr, [u8; 4])>,
}

impl Seals {
    /// Notes a datagram to a client.
    pub fn note(&mut self, destination: SocketAddr, bytes: &[u8]) {
        let word = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
        match bytes {
            [128..=191, 192..=223, ..] => {
                let count = *bytes.last_chunk().expect("a sealed report has a count");
                assert!(count[0] & 0x80 != 0, "a report in the clear");
                assert!(self.reports.insert((destination, count)), "two reports under one count");
            }
            [128..=191, ..] => {
                let sequence = u16::from_be_bytes([bytes[2], bytes[3]]);
                let place = (destination, word(8), sequence);
                // What leaves a second time as it was is no second seal, as little as what a network doubles.
                let first = self.packets.entry(place).or_insert_with(|| bytes.to_vec());
                assert_eq!(first, bytes, "two packets under one number: {place:?}");
            }
            _ => {}
        }
    }

    /// How many packets and reports there were.
    pub fn counts(&self) -> (usize, usize) {
        (self.packets.len(), self.reports.len())
    }
}
