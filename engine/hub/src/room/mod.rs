//! One room: who is in, and what its participants tell each other.
//!
//! The parts: `entry` and `departure` (how participants come and go), `requests` (what they ask for), `publishing` and
//! `subscribing` (tracks), `reports` (what the media thread says), `quality` (how well media flows), `telling` (what participants are told), `heralding` (what those outside of the server are told), `roles` (who
//! may what), `pacing` (how fast). And of the people behind the participants: `attendance` (who was let in, who waits),
//! `door` (the way in), `recalling` (what outlives the server), `acts`, `control` and `leading` (what they do to the meeting and to each other), `chatting` (who
//! may write and is told), `attending` (what their pages are told).

mod acts;
mod attendance;
mod attending;
mod chatting;
mod control;
mod departure;
mod door;
mod entry;
mod heralding;
mod leading;
mod pacing;
mod publishing;
mod quality;
mod recalling;
mod reports;
mod requests;
pub(crate) mod roles;
mod subscribing;
mod telling;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use proto::{
    AccountId, Identity, Memory, ParticipantId, Person, Policy, RoomId, RoomName, Shard, TrackId, livekit,
    media::Speaker,
};

use crate::{
    Counts, Face,
    participant::{Participant, pace::Pace, publication::Track},
};
use attendance::{Attendance, Attendances};

pub(crate) use pacing::Owed;

/// A live room.
#[derive(Debug)]
pub(crate) struct Room {
    /// Its id.
    pub(crate) id: RoomId,
    /// What tokens call it.
    pub(crate) name: RoomName,
    /// The media thread that carries it.
    pub(crate) shard: Shard,
    /// Who is in, in order of joining. Bounded by [`crate::Config::participants_per_room`].
    pub(crate) participants: BTreeMap<ParticipantId, Participant>,
    /// The publisher of every live track.
    owners: BTreeMap<TrackId, ParticipantId>,
    /// Who speaks now, for those who come later.
    speaking: BTreeMap<ParticipantId, Speaker>,
    /// Who left of late and when, for those who come back over a new socket and did not hear it. The oldest first;
    /// bounded by `departure::DEPARTED`.
    departed: VecDeque<(u64, livekit::ParticipantInfo)>,
    opened_ms: u64,
    /// Since when somebody is in, if somebody is.
    began_ms: u64,
    /// What the room lets people do, as it is kept; see [`Room::rules`] for what counts now.
    policy: Policy,
    /// Whether a host paused everything.
    paused: bool,
    /// Who has the call that this room carries on hold: nothing passes from them or to them.
    pub(crate) held: BTreeSet<AccountId>,
    /// Who is shown large to everybody; somebody who is in.
    spotlight: Option<Person>,
    /// The people: who was let in, who waits.
    people: Attendances,
    /// What was last said of the meeting that outlives the server.
    memory: Memory,
    /// Counts the changes that pages are told. It begins with the time, so that it grows also from one meeting to the next.
    number: u64,
    /// How much pages were told of late.
    states: Pace,
    /// The accounts that went since it was last said who is in, and did not wish to.
    pub(crate) strays: BTreeSet<AccountId>,
    /// Whether the meeting was ended for everybody, and the room goes with it.
    pub(crate) ended: bool,
}

impl Room {
    /// An empty room.
    pub(crate) fn new(id: RoomId, name: RoomName, shard: Shard, opened_ms: u64, policy: Policy) -> Self {
        Self {
            id,
            name,
            shard,
            participants: BTreeMap::new(),
            owners: BTreeMap::new(),
            speaking: BTreeMap::new(),
            departed: VecDeque::new(),
            opened_ms,
            began_ms: opened_ms,
            policy,
            paused: false,
            held: BTreeSet::new(),
            spotlight: None,
            people: Attendances::default(),
            memory: Memory::default(),
            number: opened_ms,
            states: Pace::default(),
            strays: BTreeSet::new(),
            ended: false,
        }
    }

    /// Since when somebody is in, and who, if anybody is whom others see.
    pub(crate) fn running(&self) -> Option<(u64, Vec<Face>)> {
        let present = self.present();
        (!present.is_empty()).then_some((self.began_ms, present))
    }

    /// Whether somebody is in, waits, or is expected.
    pub(crate) fn knows(&self, person: &Person) -> bool {
        self.people.of(person).is_some()
    }

    /// Whether somebody is in, where others see it.
    pub(crate) fn has(&self, person: &Person) -> bool {
        self.people.of(person).is_some_and(Attendance::is_present)
    }

    /// Whether somebody waits at the door.
    pub(crate) fn keeps_waiting(&self, person: &Person) -> bool {
        self.people.of(person).is_some_and(Attendance::waits)
    }

    /// With how many devices somebody is in, as far as their sockets are open: one that was only lost is not counted.
    pub(crate) fn stays(&self, person: &Person) -> usize {
        let open = |stay: &&Participant| stay.person == *person && stay.session.is_some();
        self.participants.values().filter(open).count()
    }

    /// Whether this participant is in, under this identity.
    pub(crate) fn holds(&self, participant: ParticipantId, identity: &Identity) -> bool {
        self.participants.get(&participant).is_some_and(|present| present.identity == *identity)
    }

    /// All who are not hidden.
    pub(crate) fn present(&self) -> Vec<Face> {
        let seen = self.participants.values().filter(|participant| !participant.rights.hidden);
        let face = |participant: &Participant| Face {
            identity: participant.identity.clone(),
            name: participant.profile.name.clone(),
            avatar: self.people.of(&Person::of(&participant.identity)).and_then(|known| known.avatar.clone()),
        };
        seen.map(face).collect()
    }

    /// The accounts that are in now where others see them, and how many others.
    pub(crate) fn accounts(&self) -> (BTreeSet<AccountId>, usize) {
        let mut accounts = BTreeSet::new();
        let mut others = 0;
        let seen = |id: &ParticipantId| self.participants.get(id).is_some_and(|stay| !stay.rights.hidden);
        let present = |known: &Attendance| known.is_present() && known.participants.iter().any(seen);
        for (person, _) in self.people.iter().filter(|(_, known)| present(known)) {
            match person {
                Person::Account(account) => drop(accounts.insert(*account)),
                Person::Guest(_) | Person::Other(_) => others += 1,
            }
        }
        (accounts, others)
    }

    /// Whose account it is, if this is the only participant of somebody with an account.
    pub(crate) fn alone_with(&self, participant: ParticipantId) -> Option<AccountId> {
        let Person::Account(account) = self.participants.get(&participant)?.person else { return None };
        let stays = &self.people.of(&Person::Account(account))?.participants;
        (stays.len() == 1).then_some(account)
    }

    /// Adds what is here to the counts of the server.
    pub(crate) fn count(&self, counts: &mut Counts) {
        counts.participants += self.participants.len();
        counts.tracks += self.owners.len();
        counts.subscriptions += self.participants.values().map(|p| p.subscriptions.taken.len()).sum::<usize>();
    }

    /// A live track with its publisher.
    fn live(&self, track: TrackId) -> Option<(&Participant, &Track)> {
        let publisher = self.participants.get(self.owners.get(&track)?)?;
        Some((publisher, publisher.tracks.get(&track)?))
    }

    /// A participant's own track, announced or live.
    fn own(&mut self, publisher: ParticipantId, track: TrackId) -> Option<&mut Track> {
        self.participants.get_mut(&publisher)?.tracks.get_mut(&track)
    }
}
