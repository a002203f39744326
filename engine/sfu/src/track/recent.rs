//! The last pieces of sound of a track.
//!
//! A packet that was lost on the way here is found again in the copies which later ones bring (RFC 2198), and goes to
//! everybody as if it had come late: also to those who take no copies, and into what is recorded. And to whoever loses many
//! packets on the way from here, earlier pieces go along with later ones (see [`Guard`](crate::egress::guard::Guard)).

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use str0m::rtp::Ssrc;

use crate::{
    egress::{
        body::{Before, MOST_BEFORE, Piece},
        header::Marks,
        history::Packet,
    },
    forward::red::{LONGEST_PIECE, MOST_TICKS},
};

/// A ring of packets, at the places of their sequence numbers.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    ring: [Option<Packet>; LENGTH],
    /// Whether packets come with copies at present.
    has_copies: bool,
}

impl Recent {
    /// Keeps a packet in place of an older one.
    pub(crate) fn keep(&mut self, packet: Packet) {
        let place = place(packet.sequence);
        self.ring[place] = Some(packet);
    }

    /// Whether packet `sequence` of `source` is here, by itself or found in a later one.
    pub(crate) fn has(&self, source: Ssrc, sequence: u64) -> bool {
        self.find(source, sequence).is_some()
    }

    /// Forgets all: what follows does not go on from here.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Notes a packet that came. Gives what is [found in](Self::found_in) it.
    pub(crate) fn arrived(&mut self, packet: &Packet) -> Vec<Packet> {
        self.has_copies = packet.red.is_some();
        self.found_in(packet)
    }

    /// The packets that `packet` brings copies of and that never came, oldest first. What was sent before the first that
    /// came is not missing.
    fn found_in(&self, packet: &Packet) -> Vec<Packet> {
        let mut found = Vec::new();
        let Some(red) = packet.red else {
            return found;
        };
        // Copies are of the packets just before, one for each.
        for (sequence, (ticks, sound)) in (0..packet.sequence).rev().zip(red.copies(&packet.payload)) {
            let timestamp = packet.timestamp.wrapping_sub(ticks.into());
            let mut same = self.of(packet.source, packet.at);
            let missing = same.clone().any(|kept| kept.sequence < sequence)
                && same.all(|kept| kept.sequence != sequence && kept.timestamp != timestamp);
            if missing && ticks > 0 && !sound.is_empty() {
                let Packet { source, format, at, .. } = *packet;
                let (payload, marks) = (Arc::from(sound), Marks::default());
                let lost = Packet {
                    source,
                    sequence,
                    timestamp,
                    marker: false,
                    format,
                    red: None,
                    payload,
                    places: None,
                    marks,
                    at,
                };
                found.push(lost);
            }
        }
        found.reverse();
        found
    }

    /// The pieces before `packet`, as far as one packet can bring them along.
    pub(crate) fn before(&self, packet: &Packet) -> Before<'_> {
        let mut room = MOST_BYTES.saturating_sub(packet.sound().len());
        let pieces = std::array::from_fn::<_, MOST_BEFORE, _>(|ago| {
            let sequence = packet.sequence.checked_sub(1 + ago as u64)?;
            let kept = self.find(packet.source, sequence).filter(|kept| is_recent(kept, packet.at))?;
            let ticks = packet.timestamp.wrapping_sub(kept.timestamp);
            let sound = kept.sound();
            let fits = (1..=MOST_TICKS).contains(&ticks) && (1..=room.min(LONGEST_PIECE)).contains(&sound.len());
            fits.then(|| {
                room -= sound.len();
                Piece { sequence, ticks: ticks as u16, sound }
            })
        });
        Before { has_copies: self.has_copies, pieces }
    }

    fn find(&self, source: Ssrc, sequence: u64) -> Option<&Packet> {
        self.ring[place(sequence)].as_ref().filter(|kept| kept.source == source && kept.sequence == sequence)
    }

    fn of(&self, source: Ssrc, now: Instant) -> impl Iterator<Item = &Packet> + Clone {
        self.ring.iter().flatten().filter(move |kept| kept.source == source && is_recent(kept, now))
    }
}

fn is_recent(kept: &Packet, now: Instant) -> bool {
    now.saturating_duration_since(kept.at) < TOO_OLD
}

fn place(sequence: u64) -> usize {
    (sequence % LENGTH as u64) as usize
}

/// More than a packet brings copies of: libwebrtc's default is one, ours are two, and before those there must be one that came.
const LENGTH: usize = 8;
/// Longer ago nothing of it is waited for.
const TOO_OLD: Duration = Duration::from_secs(1);
/// With headers and a seal it stays below what every line carries in one piece (1,200 bytes).
const MOST_BYTES: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{forward::red::Red, testing::start};

    /// A packet with its number in its payload, 20 ms behind the one before it, with so many copies.
    fn packet(sequence: u64, copies: u64) -> Packet {
        let pieces: Vec<_> = (1..=copies).map(|ago| (960 * ago as u16, [(sequence - ago) as u8; 3])).collect();
        let mut payload = Vec::new();
        if copies > 0 {
            let pieces = pieces.iter().map(|(ticks, piece)| (*ticks, &piece[..]));
            Red::write(&mut payload, 111.into(), pieces, &[sequence as u8; 3]);
        } else {
            payload.extend([sequence as u8; 3]);
        }
        Packet {
            source: 7.into(),
            sequence,
            timestamp: 960_u32.wrapping_mul(sequence as u32),
            marker: false,
            format: 111.into(),
            red: (copies > 0).then(|| Red::read(&payload).unwrap()),
            payload: payload.into(),
            places: None,
            marks: Marks::default(),
            at: start() + Duration::from_millis(20 * sequence),
        }
    }

    fn numbers(found: &[Packet]) -> Vec<(u64, u8)> {
        found.iter().map(|packet| (packet.sequence, packet.payload[0])).collect()
    }

    #[test]
    fn what_was_lost_is_found_in_what_follows_and_only_once() {
        let mut recent = Recent::default();
        recent.keep(packet(100, 2));
        assert!(recent.found_in(&packet(101, 2)).is_empty());
        let found = recent.found_in(&packet(103, 2));
        assert_eq!(numbers(&found), [(101, 101), (102, 102)]);
        assert!(found.iter().all(|lost| lost.timestamp == 960 * lost.sequence as u32 && lost.red.is_none()));
        found.into_iter().for_each(|lost| recent.keep(lost));
        recent.keep(packet(103, 2));
        assert!(recent.has(7.into(), 102) && !recent.has(8.into(), 102));
        assert!(recent.found_in(&packet(104, 2)).is_empty());
        let one = recent.found_in(&packet(106, 1));
        assert_eq!(numbers(&one), [(105, 105)], "104 has no copy any more");
    }

    #[test]
    fn what_was_sent_before_all_that_came_is_not_missing() {
        let mut recent = Recent::default();
        assert!(recent.found_in(&packet(100, 2)).is_empty());
        recent.keep(packet(100, 2));
        recent.forget();
        assert!(recent.found_in(&packet(102, 1)).is_empty(), "it was muted, and nobody is to hear what was said");
        recent.keep(packet(100, 2));
        assert!(recent.found_in(&packet(151, 1)).is_empty(), "too long ago");
    }

    #[test]
    fn a_number_that_carried_no_sound_is_not_filled_with_some() {
        let mut recent = Recent::default();
        recent.keep(packet(99, 0));
        // 101 would be a packet of filling; the piece that the copy is of has come as 100.
        recent.keep(packet(100, 0));
        let late = Packet { timestamp: 960 * 101, ..packet(102, 1) };
        assert!(recent.found_in(&late).is_empty());
    }

    #[test]
    fn pieces_before_are_those_that_fit() {
        let mut recent = Recent::default();
        recent.keep(packet(100, 2));
        recent.keep(packet(102, 0));
        let before = |recent: &Recent, packet: &Packet| -> Vec<(u64, u16, usize)> {
            recent
                .before(packet)
                .pieces
                .into_iter()
                .flatten()
                .map(|piece| (piece.sequence, piece.ticks, piece.sound.len()))
                .collect()
        };
        assert_eq!(before(&recent, &packet(101, 0)), [(100, 960, 3)]);
        assert_eq!(before(&recent, &packet(103, 0)), [(102, 960, 3)], "101 is not here");
        recent.keep(packet(101, 0));
        assert_eq!(before(&recent, &packet(103, 0)), [(102, 960, 3), (101, 1920, 3)]);
        let far = Packet { timestamp: 960 * 102 + 20_000, ..packet(103, 0) };
        assert!(before(&recent, &far).is_empty(), "its age cannot be said");
        let music = |sequence| Packet { payload: vec![5; 600].into(), ..packet(sequence, 0) };
        recent.keep(music(104));
        recent.keep(music(105));
        assert!(before(&recent, &music(106)).is_empty());
        assert_eq!(before(&recent, &packet(106, 0)), [(105, 960, 600)]);
    }
}
