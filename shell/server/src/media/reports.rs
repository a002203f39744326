//! What a media thread has to tell the hub, kept while the hub's inbox is full.
//!
//! A media thread never waits, and a hub that is slow for a moment must not cost anyone a meeting.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    mem,
    time::Duration,
};

use proto::{
    ParticipantId, RoomId, Shard, TrackId,
    media::{Event, Speaker, Verdict},
    quality::{Sample, Unheard},
};
use tokio::sync::mpsc::{Sender, error::TrySendError};

/// The way from one media thread to the hub.
#[derive(Debug)]
pub struct Reports {
    shard: Shard,
    hub: Sender<hub::Input>,
    waiting: Waiting,
}

/// What the hub had no room for yet.
#[derive(Debug, Default)]
struct Waiting {
    /// Peers whose place was lost here, and why; told before anything else.
    lost: BTreeMap<ParticipantId, &'static str>,
    /// The life of peers and tracks, in order.
    life: VecDeque<Event>,
    /// The newest word on each speaker.
    speakers: Latest<Speaker>,
    /// The newest word on each connection.
    quality: Latest<Verdict>,
    /// The newest word on each voice that nobody hears.
    unheard: Latest<Option<Unheard>>,
    /// What was last counted of each peer: of a hub that does not listen, what was counted before is not worth telling.
    measured: Latest<(Duration, Sample)>,
    /// The newest word on each subscription's flow.
    streams: Flows<bool>,
    /// The newest word on the wanted layers of each track.
    layers: Flows<[bool; 3]>,
}

/// More happened than the hub could be told of; see [`LIFE_CYCLE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overflow;

type Latest<T> = BTreeMap<RoomId, BTreeMap<ParticipantId, T>>;

type Flows<T> = BTreeMap<ParticipantId, BTreeMap<TrackId, T>>;

impl Reports {
    pub fn new(shard: Shard, hub: Sender<hub::Input>) -> Self {
        Self { shard, hub, waiting: Waiting::default() }
    }

    /// Tells the hub, now or as soon as it listens.
    pub fn tell(&mut self, event: Event) -> Result<(), Overflow> {
        if !self.is_waiting() {
            match self.hub.try_reserve() {
                Ok(permit) => {
                    permit.send(hub::Input::Media { shard: self.shard, event });
                    return Ok(());
                }
                // The server stops: nobody needs to know any more.
                Err(TrySendError::Closed(())) => return Ok(()),
                Err(TrySendError::Full(())) => {}
            }
        }
        self.waiting.keep(event)
    }

    /// Forgets what waits: all these peers have lost their place.
    pub fn lose(&mut self, peers: BTreeSet<ParticipantId>, why: &'static str) {
        // Those who were lost before have not been told of yet.
        let mut lost = mem::take(&mut self.waiting).lost;
        lost.extend(peers.into_iter().map(|peer| (peer, why)));
        self.waiting.lost = lost;
    }

    /// Tells what waits, as far as the hub takes it.
    pub fn flush(&mut self) {
        while self.is_waiting() {
            match self.hub.try_reserve() {
                Ok(permit) => {
                    let event = self.waiting.next().expect("something is waiting");
                    permit.send(hub::Input::Media { shard: self.shard, event });
                }
                Err(TrySendError::Full(())) => return,
                Err(TrySendError::Closed(())) => self.waiting = Waiting::default(),
            }
        }
    }

    /// Whether something waits for the hub.
    pub fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }
}

impl Waiting {
    fn is_empty(&self) -> bool {
        let Self { lost, life, speakers, quality, unheard, measured, streams, layers } = self;
        let state = speakers.is_empty() && quality.is_empty() && unheard.is_empty() && measured.is_empty();
        let state = state && streams.is_empty() && layers.is_empty();
        lost.is_empty() && life.is_empty() && state
    }

    fn keep(&mut self, event: Event) -> Result<(), Overflow> {
        match event {
            Event::Speakers { room, changes } => {
                keep_latest(&mut self.speakers, room, changes.into_iter().map(|speaker| (speaker.peer, speaker)));
            }
            Event::Quality { room, changes } => keep_latest(&mut self.quality, room, changes.into_iter()),
            Event::Unheard { room, changes } => keep_latest(&mut self.unheard, room, changes.into_iter()),
            Event::Measured { room, span, samples } => {
                let samples = samples.into_iter().map(|(peer, sample)| (peer, (span, sample)));
                keep_latest(&mut self.measured, room, samples);
            }
            Event::StreamStates { peer, changes } => keep_latest(&mut self.streams, peer, changes.into_iter()),
            Event::LayersWanted { peer, track, layers } => {
                keep_latest(&mut self.layers, peer, std::iter::once((track, layers)));
            }
            _ if self.life.len() >= LIFE_CYCLE => return Err(Overflow),
            event => self.life.push_back(event),
        }
        Ok(())
    }

    /// Takes the next event out, the most important first.
    fn next(&mut self) -> Option<Event> {
        if let Some((peer, why)) = self.lost.pop_first() {
            return Some(Event::OfferRefused { peer, why: why.to_owned() });
        }
        if let Some(event) = self.life.pop_front() {
            return Some(event);
        }
        if let Some((room, changes)) = self.speakers.pop_first() {
            return Some(Event::Speakers { room, changes: changes.into_values().collect() });
        }
        if let Some((room, changes)) = self.quality.pop_first() {
            return Some(Event::Quality { room, changes: changes.into_iter().collect() });
        }
        if let Some((room, changes)) = self.unheard.pop_first() {
            return Some(Event::Unheard { room, changes: changes.into_iter().collect() });
        }
        if let Some((room, samples)) = self.measured.pop_first() {
            let span = samples.values().map(|(span, _)| *span).max().unwrap_or_default();
            let samples = samples.into_iter().map(|(peer, (_, sample))| (peer, sample)).collect();
            return Some(Event::Measured { room, span, samples });
        }
        if let Some((peer, changes)) = self.streams.pop_first() {
            return Some(Event::StreamStates { peer, changes: changes.into_iter().collect() });
        }
        let mut of_peer = self.layers.first_entry()?;
        let (peer, wanted) = (*of_peer.key(), of_peer.get_mut().pop_first());
        if of_peer.get().is_empty() {
            of_peer.remove();
        }
        wanted.map(|(track, layers)| Event::LayersWanted { peer, track, layers })
    }
}

fn keep_latest<A: Copy + Ord, B: Ord, T>(
    latest: &mut BTreeMap<A, BTreeMap<B, T>>,
    of: A,
    changes: impl Iterator<Item = (B, T)>,
) {
    let mut count: usize = latest.values().map(BTreeMap::len).sum();
    for (what, change) in changes {
        let known = latest.entry(of).or_default();
        match known.get_mut(&what) {
            Some(older) => drop(mem::replace(older, change)),
            None if count < LATEST => {
                known.insert(what, change);
                count += 1;
            }
            None => {}
        }
    }
    latest.retain(|_, changes| !changes.is_empty());
}

/// Life-cycle events waiting for the hub.
///
/// None of them may be lost, and a room of 500 people that falls apart at once makes about two thousand. A hub this far
/// behind hangs: on overflow the thread logs `error` and ends its rooms.
pub const LIFE_CYCLE: usize = 16_384;

/// Words of each sort that wait for the hub: on loudness and connections, one for each participant; on what flows, one for
/// each subscription or track.
///
/// More than a thread can carry. On overflow a further one is dropped; the next change corrects it.
pub const LATEST: usize = 8_192;

#[cfg(test)]
mod tests {
    use proto::media::Connection;
    use tokio::sync::mpsc::{Receiver, channel};

    use super::*;

    const SPAN: Duration = Duration::from_secs(5);

    fn reports() -> (Reports, Receiver<hub::Input>) {
        let (sender, inbox) = channel(1);
        (Reports::new(Shard(3), sender), inbox)
    }

    fn peer(number: u128) -> ParticipantId {
        ParticipantId::from(number)
    }

    fn verdict(connection: Connection) -> Verdict {
        Verdict { connection, cause: None }
    }

    fn connected(number: u128) -> Event {
        Event::Connected { peer: peer(number) }
    }

    fn speaks(room: u128, number: u128, level: f32) -> Event {
        let changes = vec![Speaker { peer: peer(number), level, active: level > 0.0 }];
        Event::Speakers { room: RoomId::from(room), changes }
    }

    /// All that the hub hears when it listens again.
    fn heard(reports: &mut Reports, inbox: &mut Receiver<hub::Input>) -> Vec<Event> {
        let mut all = Vec::new();
        while let Ok(input) = inbox.try_recv() {
            let hub::Input::Media { shard: Shard(3), event } = input else { panic!("{input:?}") };
            all.push(event);
            reports.flush();
        }
        all
    }

    #[test]
    fn life_cycle_events_keep_their_order_past_a_full_inbox() {
        let (mut reports, mut inbox) = reports();
        for number in 0..5 {
            reports.tell(connected(number)).unwrap();
        }
        assert!(reports.is_waiting());
        assert_eq!(heard(&mut reports, &mut inbox), (0..5).map(connected).collect::<Vec<_>>());
        assert!(!reports.is_waiting());
    }

    #[test]
    fn of_speakers_and_quality_only_the_newest_word_waits() {
        let (mut reports, mut inbox) = reports();
        reports.tell(connected(0)).unwrap();
        let room = RoomId::from(7);
        for connection in [Connection::Lost, Connection::Poor, Connection::Good] {
            reports.tell(Event::Quality { room, changes: vec![(peer(1), verdict(connection))] }).unwrap();
        }
        for level in [0.5, 0.0] {
            reports.tell(speaks(7, 1, level)).unwrap();
            reports.tell(speaks(8, 2, 1.0)).unwrap();
        }
        reports.tell(connected(1)).unwrap();
        for lost_up in [0.5, 0.1] {
            let sample = Sample { lost_up, ..Sample::GOOD };
            reports.tell(Event::Measured { room, span: SPAN, samples: vec![(peer(1), sample)] }).unwrap();
            let why = (lost_up < 0.2).then_some(Unheard::Blocked);
            reports.tell(Event::Unheard { room, changes: vec![(peer(1), why)] }).unwrap();
        }
        let unheard = Event::Unheard { room, changes: vec![(peer(1), Some(Unheard::Blocked))] };
        let last = Sample { lost_up: 0.1, ..Sample::GOOD };
        let measured = Event::Measured { room, span: SPAN, samples: vec![(peer(1), last)] };
        let quality = Event::Quality { room, changes: vec![(peer(1), verdict(Connection::Good))] };
        let expected = [connected(0), connected(1), speaks(7, 1, 0.0), speaks(8, 2, 1.0), quality, unheard, measured];
        assert_eq!(heard(&mut reports, &mut inbox), expected);
    }

    #[test]
    fn of_what_flows_only_the_newest_word_waits_and_behind_the_life_it_is_about() {
        let (mut reports, mut inbox) = reports();
        reports.tell(connected(0)).unwrap();
        let [one, two] = [1, 2].map(|number: u128| TrackId::from(number));
        let streams = |changes: &[(TrackId, bool)]| Event::StreamStates { peer: peer(1), changes: changes.to_vec() };
        let wanted = |track, layers| Event::LayersWanted { peer: peer(2), track, layers };
        reports.tell(streams(&[(one, false), (two, false)])).unwrap();
        reports.tell(wanted(one, [false; 3])).unwrap();
        reports.tell(wanted(two, [true; 3])).unwrap();
        reports.tell(connected(1)).unwrap();
        reports.tell(streams(&[(one, true)])).unwrap();
        reports.tell(wanted(one, [true, false, false])).unwrap();
        let expected = [
            connected(0),
            connected(1),
            streams(&[(one, true), (two, false)]),
            wanted(one, [true, false, false]),
            wanted(two, [true; 3]),
        ];
        assert_eq!(heard(&mut reports, &mut inbox), expected);
    }

    #[test]
    fn too_much_life_is_an_overflow_and_lost_peers_are_told_first() {
        let (mut reports, mut inbox) = reports();
        reports.tell(connected(0)).unwrap();
        for number in 0..LIFE_CYCLE as u128 {
            reports.tell(connected(number)).unwrap();
        }
        assert_eq!(reports.tell(connected(0)), Err(Overflow));
        assert_eq!(reports.tell(speaks(1, 1, 1.0)), Ok(()), "newest wins never overflows");
        reports.lose(BTreeSet::from([peer(4), peer(5)]), "gone");
        reports.tell(connected(9)).unwrap();
        let lost = |number| Event::OfferRefused { peer: peer(number), why: "gone".to_owned() };
        assert_eq!(heard(&mut reports, &mut inbox), [connected(0), lost(4), lost(5), connected(9)]);
    }

    #[test]
    fn the_newest_words_are_bounded() {
        let (mut reports, _inbox) = reports();
        reports.tell(connected(0)).unwrap();
        for number in 0..LATEST as u128 + 10 {
            reports.tell(speaks(number / 100, number, 1.0)).unwrap();
        }
        assert_eq!(reports.waiting.speakers.values().map(BTreeMap::len).sum::<usize>(), LATEST);
    }

    #[test]
    fn a_hub_that_is_gone_is_told_nothing() {
        let (mut reports, mut inbox) = reports();
        reports.tell(connected(0)).unwrap();
        reports.tell(connected(1)).unwrap();
        inbox.close();
        reports.flush();
        assert!(!reports.is_waiting());
        reports.tell(connected(2)).unwrap();
        assert!(!reports.is_waiting());
    }
}
