//! Which section of a client carries which track, in both directions, and when to ask for more.
//!
//! Every section that a client offers to receive on is a slot. Subscriptions wait until an offer brings a slot of
//! their kind; a subscription that ends frees its slot for the next one. The server never offers: it asks the client
//! to, at most once at a time. Pure bookkeeping; SDP is `offer`'s and `answer`'s, SSRCs are `egress`'s business.

use std::{
    collections::{BTreeSet, VecDeque},
    time::{Duration, Instant},
};

use proto::media::Kind;
use str0m::media::Mid;

use super::offer::{Flow, Section};
use crate::{slab::Key, track::Track};

/// The sections of one client.
pub(crate) struct Sections {
    slots: Vec<Slot>,
    sending: Vec<Sending>,
    waiting: VecDeque<(Key<Track>, Kind)>,
    asking: Asking,
}

/// A section on which the client receives.
struct Slot {
    mid: Mid,
    kind: Kind,
    used: bool,
    carries: Option<Key<Track>>,
}

/// A section on which the client sends.
struct Sending {
    mid: Mid,
    kind: Kind,
    cid: Option<String>,
    bound: Bound,
}

#[derive(PartialEq)]
enum Bound {
    /// No track yet.
    Open,
    /// To this one.
    To(Key<Track>),
    /// Its track has ended while the section lives on; only the track's very id may bind it again.
    Spent,
}

/// Whether the client was asked to offer.
enum Asking {
    No,
    /// About to be: more may come together.
    At(Instant),
    /// It was; again at this time if nothing comes.
    Again(Instant),
}

/// What an offer changed.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    /// Published tracks whose section sends no more.
    pub(crate) ended: Vec<Key<Track>>,
    /// Taken tracks whose slot went away; they wait again.
    pub(crate) displaced: Vec<Key<Track>>,
}

/// A waiting subscription that got a slot.
#[derive(Debug, PartialEq)]
pub(crate) struct Assigned {
    pub(crate) mid: Mid,
    pub(crate) track: Key<Track>,
    /// Whether the slot carried another track before.
    pub(crate) recycled: bool,
}

impl Sections {
    pub(crate) fn new() -> Self {
        Self { slots: Vec::new(), sending: Vec::new(), waiting: VecDeque::new(), asking: Asking::No }
    }

    /// Takes over the sections of an offer.
    pub(crate) fn update(&mut self, offered: &[Section]) -> Changed {
        self.asking = Asking::No;
        let mut changed = Changed::default();
        let of = |flow: Flow| offered.iter().filter(move |s| s.flow == flow);

        let receiving: BTreeSet<Mid> = of(Flow::Receiving).map(|s| s.mid).collect();
        for slot in self.slots.extract_if(.., |s| !receiving.contains(&s.mid)) {
            if let Some(track) = slot.carries {
                changed.displaced.push(track);
                self.waiting.push_front((track, slot.kind));
            }
        }
        for section in of(Flow::Receiving) {
            if !self.slots.iter().any(|s| s.mid == section.mid) {
                self.slots.push(Slot { mid: section.mid, kind: section.kind, used: false, carries: None });
            }
        }

        let sending: BTreeSet<Mid> = of(Flow::Sending).map(|s| s.mid).collect();
        for gone in self.sending.extract_if(.., |s| !sending.contains(&s.mid)) {
            if let Bound::To(track) = gone.bound {
                changed.ended.push(track);
            }
        }
        for section in of(Flow::Sending) {
            let Section { mid, kind, cid, .. } = section.clone();
            match self.sending.iter_mut().find(|s| s.mid == mid) {
                Some(known) => known.cid = cid,
                None => self.sending.push(Sending { mid, kind, cid, bound: Bound::Open }),
            }
        }
        changed
    }

    /// Notes that `track` is to be received.
    pub(crate) fn wait(&mut self, now: Instant, track: Key<Track>, kind: Kind) {
        self.waiting.push_back((track, kind));
        self.ask_soon(now);
    }

    /// Gives free slots to those who wait, first come, first served.
    pub(crate) fn assign(&mut self) -> Vec<Assigned> {
        let mut assigned = Vec::new();
        self.waiting.retain(|(track, kind)| {
            let Some(slot) = self.slots.iter_mut().find(|s| s.kind == *kind && s.carries.is_none()) else {
                return true;
            };
            slot.carries = Some(*track);
            let recycled = std::mem::replace(&mut slot.used, true);
            assigned.push(Assigned { mid: slot.mid, track: *track, recycled });
            false
        });
        assigned
    }

    /// Ends the reception of `track`.
    pub(crate) fn release(&mut self, now: Instant, track: Key<Track>) {
        self.waiting.retain(|(waiting, _)| *waiting != track);
        if let Some(slot) = self.slots.iter_mut().find(|s| s.carries == Some(track)) {
            slot.carries = None;
            self.ask_soon(now);
        }
    }

    /// The sections on which the client receives and what they carry.
    pub(crate) fn slots(&self) -> impl Iterator<Item = (Mid, Option<Key<Track>>)> {
        self.slots.iter().map(|s| (s.mid, s.carries))
    }

    /// The track that section `mid` carries to the client.
    pub(crate) fn carried(&self, mid: Mid) -> Option<Key<Track>> {
        self.slots.iter().find(|s| s.mid == mid)?.carries
    }

    /// The sections on which the client sends and their tracks.
    pub(crate) fn sending(&self) -> impl Iterator<Item = (Mid, Option<Key<Track>>)> {
        self.sending.iter().map(|s| (s.mid, s.track()))
    }

    /// The track which the client sends on `mid`.
    pub(crate) fn sent(&self, mid: Mid) -> Option<Key<Track>> {
        self.sending.iter().find(|s| s.mid == mid)?.track()
    }

    /// The sections of announced tracks, each given as its kind and ids: the section that says one of the ids, else
    /// (Firefox invents its own) the first of the kind that has no track and is nobody else's.
    pub(crate) fn match_tracks(&self, announced: &[(Kind, &[String])]) -> Vec<Option<Mid>> {
        let mut open: Vec<&Sending> = self.sending.iter().filter(|s| !matches!(s.bound, Bound::To(_))).collect();
        let mut take = |fits: &dyn Fn(&Sending) -> bool| {
            let at = open.iter().position(|s| fits(s))?;
            Some(open.remove(at).mid)
        };
        let mut matched: Vec<Option<Mid>> = announced
            .iter()
            .map(|(kind, cids)| take(&|s| s.kind == *kind && s.cid.as_ref().is_some_and(|cid| cids.contains(cid))))
            .collect();
        for ((kind, _), mid) in announced.iter().zip(&mut matched) {
            *mid = mid.or_else(|| take(&|s| s.kind == *kind && s.bound == Bound::Open));
        }
        matched
    }

    /// Notes that the client sends `track` on `mid`.
    pub(crate) fn bind(&mut self, mid: Mid, track: Key<Track>) {
        if let Some(section) = self.sending.iter_mut().find(|s| s.mid == mid) {
            section.bound = Bound::To(track);
        }
    }

    /// Notes that a published track is no more, whatever its section does.
    pub(crate) fn unbind(&mut self, track: Key<Track>) {
        if let Some(section) = self.sending.iter_mut().find(|s| s.bound == Bound::To(track)) {
            section.bound = Bound::Spent;
        }
    }

    /// After an answer: asks for another offer if somebody still waits.
    pub(crate) fn answered(&mut self, now: Instant) {
        if !self.waiting.is_empty() {
            self.ask_soon(now);
        }
    }

    /// When to look whether to ask.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        match self.asking {
            Asking::No => None,
            Asking::At(at) | Asking::Again(at) => Some(at),
        }
    }

    /// Whether it is time to ask, and then for how many sections of sound and of pictures beyond those there are.
    pub(crate) fn take_request(&mut self, now: Instant) -> Option<(u32, u32)> {
        if self.deadline()? > now {
            return None;
        }
        self.asking = Asking::Again(now + REPEAT);
        let missing = |kind: Kind| {
            let waiting = self.waiting.iter().filter(|(_, k)| *k == kind).count();
            let free = self.slots.iter().filter(|s| s.kind == kind && s.carries.is_none()).count();
            waiting.saturating_sub(free) as u32
        };
        Some((missing(Kind::Audio), missing(Kind::Video)))
    }

    fn ask_soon(&mut self, now: Instant) {
        if let Asking::No = self.asking {
            self.asking = Asking::At(now + DEBOUNCE);
        }
    }
}

impl Sending {
    fn track(&self) -> Option<Key<Track>> {
        match self.bound {
            Bound::To(track) => Some(track),
            Bound::Open | Bound::Spent => None,
        }
    }
}

/// What comes within this time is asked for together: a person joins with sound and pictures.
const DEBOUNCE: Duration = Duration::from_millis(150);
/// An offer takes a round trip and some work in a busy page; later than this the request was lost with a connection.
const REPEAT: Duration = Duration::from_secs(3);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;

    fn section(mid: &str, kind: Kind, flow: Flow, cid: Option<&str>) -> Section {
        Section { mid: mid.into(), kind, flow, cid: cid.map(str::to_owned) }
    }

    fn receiving(mid: &str) -> Section {
        section(mid, Kind::Video, Flow::Receiving, None)
    }

    fn track(slot: u32) -> Key<Track> {
        Key::new(slot, 0)
    }

    #[test]
    fn who_waits_gets_the_next_free_slot() {
        let (mut sections, now) = (Sections::new(), start());
        sections.update(&[receiving("a")]);
        sections.wait(now, track(1), Kind::Video);
        sections.wait(now, track(2), Kind::Video);
        let assigned = sections.assign();
        assert_eq!(assigned, [Assigned { mid: "a".into(), track: track(1), recycled: false }]);
        assert_eq!(sections.take_request(now), None, "more may come");
        assert_eq!(sections.take_request(now + DEBOUNCE), Some((0, 1)));
        assert_eq!(sections.take_request(now + DEBOUNCE), None, "one request at a time");
        assert_eq!(sections.take_request(now + DEBOUNCE + REPEAT), Some((0, 1)));

        sections.release(now, track(1));
        sections.update(&[receiving("a")]);
        let assigned = sections.assign();
        assert_eq!(assigned, [Assigned { mid: "a".into(), track: track(2), recycled: true }]);
        sections.answered(now);
        assert_eq!(sections.deadline(), None);
    }

    #[test]
    fn a_freed_slot_asks_for_an_offer_and_no_more() {
        let (mut sections, now) = (Sections::new(), start());
        sections.update(&[receiving("a")]);
        sections.wait(now, track(1), Kind::Video);
        sections.update(&[receiving("a")]);
        sections.assign();
        sections.release(now, track(1));
        assert_eq!(sections.take_request(now + DEBOUNCE), Some((0, 0)));
    }

    #[test]
    fn a_slot_that_goes_away_sends_its_track_back_to_wait() {
        let (mut sections, now) = (Sections::new(), start());
        sections.update(&[receiving("a")]);
        sections.wait(now, track(1), Kind::Video);
        sections.assign();
        let changed = sections.update(&[receiving("b")]);
        assert_eq!(changed.displaced, [track(1)]);
        assert_eq!(sections.assign()[0].mid, "b".into());
    }

    #[test]
    fn tracks_find_their_sections_by_id_or_by_kind() {
        let mut sections = Sections::new();
        let sending = |mid, kind, cid| section(mid, kind, Flow::Sending, Some(cid));
        let offered = [
            sending("0", Kind::Audio, "mic"),
            sending("1", Kind::Video, "{firefox}"),
            sending("2", Kind::Video, "screen"),
        ];
        sections.update(&offered);
        let cids = |cid: &str| [cid.to_owned()];
        let (camera, screen, other) = (cids("camera"), cids("screen"), cids("{firefox}"));
        let matched = sections.match_tracks(&[(Kind::Video, &camera), (Kind::Video, &screen), (Kind::Video, &camera)]);
        assert_eq!(matched, [Some("1".into()), Some("2".into()), None]);
        sections.bind("1".into(), track(5));
        sections.bind("2".into(), track(6));
        assert_eq!(sections.match_tracks(&[(Kind::Video, &camera)]), [None]);

        sections.unbind(track(5));
        assert_eq!(sections.match_tracks(&[(Kind::Video, &camera)]), [None], "a spent section is not guessed");
        assert_eq!(sections.match_tracks(&[(Kind::Video, &other)]), [Some("1".into())]);

        let mut stopped = offered.to_vec();
        stopped[2].flow = Flow::Nothing;
        assert_eq!(sections.update(&stopped).ended, [track(6)]);
    }
}
