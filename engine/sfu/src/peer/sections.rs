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
    /// Whether the offer at hand came after we had asked.
    asked: bool,
    /// How often in a row asking brought nothing for those who wait.
    fruitless: u32,
}

/// A section on which the client receives.
struct Slot {
    mid: Mid,
    kind: Kind,
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
}

impl Sections {
    pub(crate) fn new() -> Self {
        Self {
            slots: Vec::new(),
            sending: Vec::new(),
            waiting: VecDeque::new(),
            asking: Asking::No,
            asked: false,
            fruitless: 0,
        }
    }

    /// Takes over the sections of an offer.
    pub(crate) fn update(&mut self, offered: &[Section]) -> Changed {
        self.asked = matches!(self.asking, Asking::Again(_));
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
                self.slots.push(Slot { mid: section.mid, kind: section.kind, carries: None });
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
        if std::mem::take(&mut self.fruitless) > 0 {
            self.asking = Asking::No; // what the client could not give before it may give now
        }
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
            assigned.push(Assigned { mid: slot.mid, track: *track });
            false
        });
        let fruitless = self.asked && assigned.is_empty() && !self.waiting.is_empty();
        self.fruitless = if fruitless { self.fruitless.saturating_add(1) } else { 0 };
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
        if self.waiting.is_empty() {
            return;
        }
        match self.fruitless {
            0 => self.ask_soon(now),
            // A client that cannot give what it was asked for would otherwise be asked as fast as it answers.
            times => self.asking = Asking::Again(now + (REPEAT * times).min(PATIENCE)),
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
        let slots = |kind: Kind| self.slots.iter().filter(move |s| s.kind == kind);
        let free = |kind: Kind| slots(kind).filter(|s| s.carries.is_none()).count();
        let waiting = |kind: Kind| self.waiting.iter().filter(|(_, k)| *k == kind).count();
        let missing = |kind: Kind| waiting(kind).saturating_sub(free(kind));
        let room = MOST_SECTIONS.saturating_sub(self.slots.len() + self.sending.len());
        let audio = missing(Kind::Audio).min(room);
        let pictures = MOST_PICTURES.saturating_sub(slots(Kind::Video).count());
        let video = missing(Kind::Video).min(room - audio).min(pictures);
        let helps = |kind: Kind| waiting(kind) > 0 && free(kind) > 0;
        let in_vain = !self.waiting.is_empty() && audio + video == 0 && !helps(Kind::Audio) && !helps(Kind::Video);
        if in_vain {
            // Nothing can be had until a slot is released, which asks again.
            self.asking = Asking::No;
            return None;
        }
        self.asking = Asking::Again(now + REPEAT);
        Some((audio as u32, video as u32))
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
/// The longest time between two requests that bring nothing.
const PATIENCE: Duration = Duration::from_secs(30);
/// Sections of a client that we let it come to, with those it sends on: an offer of more than 128 would be refused.
const MOST_SECTIONS: usize = 112;
/// Of them for pictures: Chromium spends 5 kB on each in an offer of which the signalling takes 256 kB. Who comes later
/// is heard and not seen, until somebody leaves.
const MOST_PICTURES: usize = 32;
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
        assert_eq!(assigned, [Assigned { mid: "a".into(), track: track(1) }]);
        assert_eq!(sections.take_request(now), None, "more may come");
        assert_eq!(sections.take_request(now + DEBOUNCE), Some((0, 1)));
        assert_eq!(sections.take_request(now + DEBOUNCE), None, "one request at a time");
        assert_eq!(sections.take_request(now + DEBOUNCE + REPEAT), Some((0, 1)));

        sections.release(now, track(1));
        sections.update(&[receiving("a")]);
        let assigned = sections.assign();
        assert_eq!(assigned, [Assigned { mid: "a".into(), track: track(2) }]);
        sections.answered(now);
        assert_eq!(sections.deadline(), None);
    }

    #[test]
    fn no_more_is_asked_for_than_an_offer_can_hold() {
        let (mut sections, now) = (Sections::new(), start());
        for person in 0..200 {
            sections.wait(now, track(2 * person), Kind::Audio);
            sections.wait(now, track(2 * person + 1), Kind::Video);
        }
        assert_eq!(sections.take_request(now + DEBOUNCE), Some((MOST_SECTIONS as u32, 0)), "sound goes first");

        let (mut sections, now) = (Sections::new(), start());
        (0..200).for_each(|person| sections.wait(now, track(person), Kind::Video));
        assert_eq!(sections.take_request(now + DEBOUNCE), Some((0, MOST_PICTURES as u32)));
        let full: Vec<Section> = (0..MOST_PICTURES).map(|mid| receiving(&mid.to_string())).collect();
        sections.update(&full);
        assert_eq!(sections.assign().len(), MOST_PICTURES);
        sections.answered(now);
        assert_eq!(sections.take_request(now + DEBOUNCE), None, "there is nothing to be had");
        sections.release(now, track(0));
        assert_eq!(sections.take_request(now + DEBOUNCE), Some((0, 0)), "now there is");
    }

    #[test]
    fn a_client_that_cannot_give_more_is_asked_ever_more_rarely() {
        let (mut sections, start) = (Sections::new(), start());
        sections.wait(start, track(1), Kind::Video);
        let (mut now, mut asked) = (start, 0);
        while now < start + Duration::from_secs(60) {
            if sections.take_request(now).is_some() {
                asked += 1;
                sections.update(&[]);
                sections.assign();
                sections.answered(now);
            }
            now += DEBOUNCE;
        }
        assert!((4..=8).contains(&asked), "asked {asked} times");
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
