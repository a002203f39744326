//! Commands for which a media thread's queue had no room, in order, each superseded one left out.
//!
//! What ends something always finds a place: there is at most one such command for each peer, track and subscription
//! that the thread has, and it takes the place of all that waited for the same.

use std::collections::BTreeMap;

use proto::{ParticipantId, TrackId, media::Command};

use super::lane::asks_for;

/// What waits for one media thread.
#[derive(Debug, Default)]
pub struct Backlog {
    /// In the order in which it came.
    waiting: BTreeMap<u64, Box<Command>>,
    /// Where in `waiting` the command about something is.
    turns: BTreeMap<Subject, u64>,
    next_turn: u64,
    /// The bytes of all offers in `waiting`.
    offered: usize,
}

/// What a command is about: of two about the same, the newer one counts. Those of one peer stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Subject {
    peer: Option<ParticipantId>,
    track: Option<TrackId>,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Arrival,
    Departure,
    Announced,
    Offer,
    Taking,
    Leaving,
    Wish,
    Muted,
    Ended,
    Data,
}

impl Backlog {
    /// Keeps a command after all others.
    ///
    /// # Errors
    /// When there is no place for it: whom it was for.
    pub fn keep(&mut self, command: Box<Command>) -> Result<(), ParticipantId> {
        let known = match &*command {
            Command::RemovePeer { peer } => !self.drop_peer(*peer).contains(&What::Arrival),
            Command::RemoveTrack { track } => !self.drop_track(*track).contains(&What::Announced),
            Command::Unsubscribe { peer, track } => {
                let about = |what| Subject { peer: Some(*peer), track: Some(*track), what };
                self.drop_one(about(What::Wish));
                !self.drop_one(about(What::Taking))
            }
            _ => true,
        };
        if !known {
            return Ok(()); // the thread never heard of what ends here
        }
        let subject = Subject::of(&command);
        let size = self.size_of_offer(subject);
        let offered = self.offered - size + offer_bytes(&command);
        if let Some(peer) = asks_for(&command) {
            let more = !self.turns.contains_key(&subject);
            if (more && self.waiting.len() >= BACKLOG) || (offered > self.offered && offered > OFFERED) {
                return Err(peer);
            }
        }
        self.drop_one(subject);
        let turn = self.next_turn;
        self.next_turn += 1;
        self.put_back(turn, command);
        Ok(())
    }

    /// Takes the oldest command out, with its turn.
    pub fn next(&mut self) -> Option<(u64, Box<Command>)> {
        let (turn, command) = self.waiting.pop_first()?;
        self.offered -= offer_bytes(&command);
        self.turns.remove(&Subject::of(&command));
        Some((turn, command))
    }

    /// Puts a command back that could not be handed over.
    pub fn put_back(&mut self, turn: u64, command: Box<Command>) {
        self.offered += offer_bytes(&command);
        self.turns.insert(Subject::of(&command), turn);
        self.waiting.insert(turn, command);
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    fn size_of_offer(&self, subject: Subject) -> usize {
        let offer = self.turns.get(&subject).and_then(|turn| self.waiting.get(turn));
        offer.map_or(0, |command| offer_bytes(command))
    }

    fn drop_one(&mut self, subject: Subject) -> bool {
        let Some(command) = self.turns.remove(&subject).and_then(|turn| self.waiting.remove(&turn)) else {
            return false;
        };
        self.offered -= offer_bytes(&command);
        true
    }

    fn drop_peer(&mut self, peer: ParticipantId) -> Vec<What> {
        let first = Subject { peer: Some(peer), track: None, what: What::Arrival };
        let all = self.turns.range(first..).map(|(about, _)| *about).take_while(|about| about.peer == Some(peer));
        self.drop_all(all.collect())
    }

    /// Looks at everything that waits: tracks end without their peer only when they were announced and never came.
    fn drop_track(&mut self, track: TrackId) -> Vec<What> {
        self.drop_all(self.turns.keys().filter(|about| about.track == Some(track)).copied().collect())
    }

    fn drop_all(&mut self, all: Vec<Subject>) -> Vec<What> {
        let dropped = all.into_iter().filter(|about| self.drop_one(*about));
        dropped.map(|about| about.what).collect()
    }
}

impl Subject {
    fn of(command: &Command) -> Self {
        let of_peer = |peer: &ParticipantId, what| Self { peer: Some(*peer), track: None, what };
        let of_track = |track: &TrackId, what| Self { peer: None, track: Some(*track), what };
        let of_both = |peer, track| Self { peer: Some(peer), track: Some(track), what: What::Announced };
        match command {
            Command::AddPeer(add) => of_peer(&add.peer, What::Arrival),
            Command::RemovePeer { peer } => of_peer(peer, What::Departure),
            Command::ExpectTrack { peer, track } => of_both(*peer, track.track),
            Command::Offer { peer, .. } => of_peer(peer, What::Offer),
            Command::Subscribe { peer, track } => Self { what: What::Taking, ..of_both(*peer, *track) },
            Command::Unsubscribe { peer, track } => Self { what: What::Leaving, ..of_both(*peer, *track) },
            Command::Prefer { peer, track, .. } => Self { what: What::Wish, ..of_both(*peer, *track) },
            Command::Mute { track, .. } => of_track(track, What::Muted),
            Command::RemoveTrack { track } => of_track(track, What::Ended),
            Command::AllowData { peer, .. } => of_peer(peer, What::Data),
        }
    }
}

fn offer_bytes(command: &Command) -> usize {
    if let Command::Offer { sdp, .. } = command { sdp.len() } else { 0 }
}

/// Commands that wait before the queue of one media thread, those that end something not counted against themselves.
///
/// As many as the queue holds, see [`super::COMMANDS`]. On overflow whoever the next command is for loses its place and
/// joins anew, which also takes its other commands out.
pub const BACKLOG: usize = 16_384;

/// Bytes of offers that wait before the queue of one media thread: those of 500 people who join at once, at 20 to 60 kB
/// each. On overflow whoever offers loses its place and joins anew.
pub const OFFERED: usize = 32 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use proto::{
        RoomId,
        media::{AddPeer, ExpectedTrack, Kind, Wish},
    };

    use super::*;

    fn peer(number: u128) -> ParticipantId {
        ParticipantId::from(number)
    }

    fn track(number: u128) -> TrackId {
        TrackId::from(number)
    }

    fn add(number: u128) -> Command {
        let identity = "ann".parse().unwrap();
        let room = RoomId::from(1);
        Command::AddPeer(AddPeer { room, peer: peer(number), identity, may_send_data: true, hidden: false, tap: None })
    }

    fn remove(number: u128) -> Command {
        Command::RemovePeer { peer: peer(number) }
    }

    fn expect(by: u128, number: u128) -> Command {
        let (cids, codecs, layers) = (Vec::new(), Vec::new(), Vec::new());
        let (kind, source, muted) = (Kind::Audio, None, false);
        let track = ExpectedTrack { track: track(number), kind, source, cids, codecs, layers, muted };
        Command::ExpectTrack { peer: peer(by), track }
    }

    fn offer(by: u128, id: u32) -> Command {
        Command::Offer { peer: peer(by), id, sdp: "v=0".to_owned() }
    }

    fn take(by: u128, of: u128) -> Command {
        Command::Subscribe { peer: peer(by), track: track(of) }
    }

    fn leave(by: u128, of: u128) -> Command {
        Command::Unsubscribe { peer: peer(by), track: track(of) }
    }

    fn prefer(by: u128, of: u128, enabled: bool) -> Command {
        Command::Prefer { peer: peer(by), track: track(of), wish: Wish { enabled, ..Wish::default() } }
    }

    fn mute(of: u128, muted: bool) -> Command {
        Command::Mute { track: track(of), muted }
    }

    fn end(of: u128) -> Command {
        Command::RemoveTrack { track: track(of) }
    }

    #[track_caller]
    fn left(commands: impl IntoIterator<Item = Command>, expected: impl IntoIterator<Item = Command>) {
        let mut backlog = Backlog::default();
        for command in commands {
            backlog.keep(Box::new(command)).unwrap();
        }
        let mut all = Vec::new();
        while let Some((_, command)) = backlog.next() {
            all.push(*command);
        }
        assert_eq!(all, expected.into_iter().collect::<Vec<_>>());
        assert!(backlog.is_empty() && backlog.turns.is_empty() && backlog.offered == 0);
    }

    #[test]
    fn the_order_is_kept() {
        let all = || [add(1), expect(1, 5), offer(1, 1), add(2), take(2, 5), mute(5, true), leave(1, 9)];
        left(all(), all());
    }

    #[test]
    fn the_newer_word_on_the_same_takes_the_place_of_the_older() {
        left([offer(1, 1), expect(1, 5), offer(1, 2)], [expect(1, 5), offer(1, 2)]);
        left([mute(5, true), mute(6, true), mute(5, false)], [mute(6, true), mute(5, false)]);
        left([prefer(1, 5, true), prefer(1, 5, false)], [prefer(1, 5, false)]);
    }

    #[test]
    fn who_leaves_before_the_thread_heard_of_it_leaves_nothing_behind() {
        left([add(1), expect(1, 5), offer(1, 1), take(1, 7), prefer(1, 7, false), add(2), remove(1)], [add(2)]);
        left([take(1, 7), offer(1, 1), take(2, 7), remove(1)], [take(2, 7), remove(1)]);
    }

    #[test]
    fn taking_and_leaving_cancel_each_other_out() {
        left([take(1, 7), prefer(1, 7, false), leave(1, 7)], []);
        left([leave(1, 7), take(1, 7), leave(1, 7)], [leave(1, 7)]);
        left([leave(1, 7), take(1, 7)], [leave(1, 7), take(1, 7)]);
    }

    #[test]
    fn a_track_that_ends_takes_all_about_it_along() {
        left([expect(1, 5), mute(5, true), end(5)], []);
        left([take(2, 5), prefer(2, 5, false), mute(5, true), end(5), end(5)], [end(5)]);
    }

    #[test]
    fn what_ends_something_finds_a_place_when_there_is_none() {
        let mut backlog = Backlog::default();
        for number in 0..BACKLOG as u128 {
            backlog.keep(Box::new(take(1, number))).unwrap();
        }
        assert_eq!(backlog.keep(Box::new(take(2, 0))), Err(peer(2)));
        assert_eq!(backlog.keep(Box::new(offer(3, 1))), Err(peer(3)));
        assert_eq!(backlog.keep(Box::new(add(4))), Err(peer(4)));
        for command in [remove(5), leave(6, 1), end(BACKLOG as u128 + 1), mute(7, true)] {
            assert_eq!(backlog.keep(Box::new(command)), Ok(()));
        }
        assert_eq!(backlog.keep(Box::new(remove(1))), Ok(()));
        assert_eq!(backlog.waiting.len(), 5, "who goes makes room");
        assert_eq!(backlog.keep(Box::new(take(2, 0))), Ok(()));
    }

    #[test]
    fn offers_are_bounded_by_their_bytes() {
        let large = |by, bytes| Box::new(Command::Offer { peer: peer(by), id: 1, sdp: "x".repeat(bytes) });
        let mut backlog = Backlog::default();
        backlog.keep(large(1, OFFERED)).unwrap();
        assert_eq!(backlog.keep(large(2, 1)), Err(peer(2)));
        assert_eq!(backlog.keep(large(1, OFFERED + 1)), Err(peer(1)));
        backlog.keep(large(1, OFFERED - 1)).unwrap();
        backlog.keep(large(2, 1)).unwrap();
        backlog.keep(Box::new(remove(1))).unwrap();
        assert_eq!(backlog.offered, 1);
    }
}
