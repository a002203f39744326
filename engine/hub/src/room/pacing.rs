//! How fast one participant may make work for the others and for the media thread.
//!
//! What is too fast waits and is gathered, since only the last state counts; nothing that a client takes for done is
//! refused afterwards. `update_metadata` alone is refused, because it has an answer of its own. `add_track` needs no
//! pace: others hear of a track only once an offer brought it.

use std::time::Duration;

use proto::{ParticipantId, TrackId, livekit, media::Command};

use super::{Room, telling::Audience};
use crate::{
    desk::Desk,
    participant::{pace::Rate, profile::Profile},
    timers::Timer,
};

/// The messages that one participant's requests may make each of the others hear. Nobody clicks that fast for long; the
/// burst covers a page that mutes everything at once, and is less than a tenth of what may wait for a client (256 messages).
const TOLD: Rate = Rate { burst: 20, each: Duration::from_millis(200) };

/// A message of more than this counts as several, so that 20 of the largest stay well under the megabyte that may wait
/// for a client.
const TOLD_BYTES: usize = 16_000;

/// The offers of one participant. A browser makes a few when it joins and one for each change after that, and waits for
/// the answer before the next; each costs the media thread of the whole room some milliseconds.
const OFFERS: Rate = Rate { burst: 10, each: Duration::from_millis(500) };

/// The tracks that one participant takes, leaves or wants in another size by itself. Who turns a page of 49 tiles leaves
/// 98 tracks and takes 98; the media thread of the whole room decides anew about sections and layers for each.
const CHOSEN: Rate = Rate { burst: 200, each: Duration::from_millis(20) };

/// What the others still have to hear of a participant.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Owed {
    view: bool,
    permission: bool,
}

impl Room {
    /// Tells all of a change that a participant made in itself, now or a little later.
    pub(super) fn announce_in_pace(&mut self, desk: &mut Desk, of: ParticipantId) {
        let Some(changed) = self.participants.get_mut(&of) else { return };
        let uses = told_uses(&changed.profile);
        let wait = changed.told.wait(desk.now, TOLD, uses);
        if wait.is_zero() {
            changed.told.take(desk.now, TOLD, uses);
            return self.announce(desk, of, Audience::All);
        }
        // Who comes in meanwhile sees the change already, and must not see it under the old number.
        changed.touch();
        changed.owed.view = true;
        owe(desk, of, wait);
    }

    /// Puts a publisher's permission, noted already, into effect for all, now or a little later.
    pub(super) fn permit_in_pace(&mut self, desk: &mut Desk, of: ParticipantId) {
        let Some(publisher) = self.participants.get_mut(&of) else { return };
        // Each of the others may hear one message for each track.
        let uses = publisher.tracks.values().filter(|track| track.is_live()).map(|_| 1).sum();
        let wait = publisher.told.wait(desk.now, TOLD, uses);
        if wait.is_zero() {
            publisher.told.take(desk.now, TOLD, uses);
            return self.settle_all(desk, of);
        }
        publisher.owed.permission = true;
        owe(desk, of, wait);
    }

    /// Whether a participant may tell all of a new profile now; counts it if so.
    pub(super) fn may_tell(&mut self, desk: &Desk, of: ParticipantId, profile: &Profile) -> bool {
        let Some(participant) = self.participants.get_mut(&of) else { return false };
        let uses = told_uses(profile);
        let there = participant.told.wait(desk.now, TOLD, uses).is_zero();
        if there {
            participant.told.take(desk.now, TOLD, uses);
        }
        there
    }

    /// The time has come for what is owed.
    pub(crate) fn pay(&mut self, desk: &mut Desk, of: ParticipantId) {
        let Some(participant) = self.participants.get_mut(&of) else { return };
        let owed = std::mem::take(&mut participant.owed);
        if owed.view {
            participant.told.take(desk.now, TOLD, told_uses(&participant.profile));
        }
        if owed.permission {
            let uses = participant.tracks.values().filter(|track| track.is_live()).map(|_| 1).sum();
            participant.told.take(desk.now, TOLD, uses);
        }
        if owed.view {
            self.announce(desk, of, Audience::All);
        }
        if owed.permission {
            self.settle_all(desk, of);
        }
    }

    /// Passes an offer on. An earlier answer may still be on its way; offers are answered in order. Too many wait, the
    /// newest in place of those before it: an offer says everything, and clients look at the answer to their last alone.
    pub(super) fn offer(&mut self, desk: &mut Desk, from: ParticipantId, offer: livekit::SessionDescription) {
        let shard = self.shard;
        let Some(participant) = self.participants.get_mut(&from) else { return };
        let wait = participant.offers.wait(desk.now, OFFERS, 1);
        if wait.is_zero() && participant.late_offer.is_none() {
            participant.offers.take(desk.now, OFFERS, 1);
            return desk.media(shard, Command::Offer { peer: from, id: offer.id, sdp: offer.sdp });
        }
        participant.late_offer = Some(offer);
        let at = desk.now + wait;
        desk.timers.set_once(Timer::OfferDue(from), at);
    }

    /// The time has come for the offer that waits.
    pub(crate) fn offer_due(&mut self, desk: &mut Desk, from: ParticipantId) {
        if let Some(offer) = self.participants.get_mut(&from).and_then(|participant| participant.late_offer.take()) {
            self.offer(desk, from, offer);
        }
    }

    /// Takes or leaves a track as was just chosen, now or a little later.
    pub(super) fn choose_in_pace(&mut self, desk: &mut Desk, from: ParticipantId, track: TrackId, subscribe: bool) {
        let Some(taker) = self.participants.get_mut(&from) else { return };
        let subscriptions = &mut taker.subscriptions;
        if subscriptions.taken.contains(&track) == subscribe {
            // As it is, or as it still is.
            subscriptions.late.remove(&track);
            return;
        }
        let wait = subscriptions.chosen.wait(desk.now, CHOSEN, 1);
        if wait.is_zero() {
            subscriptions.chosen.take(desk.now, CHOSEN, 1);
            subscriptions.late.remove(&track);
            return self.settle(desk, from, track);
        }
        subscriptions.late.insert(track);
        let at = desk.now + wait;
        desk.timers.set_once(Timer::ChoicesDue(from), at);
    }

    /// Passes on how a track that is taken is wanted, now or a little later.
    pub(super) fn prefer_in_pace(&mut self, desk: &mut Desk, from: ParticipantId, track: TrackId) {
        let shard = self.shard;
        let Some(taker) = self.participants.get_mut(&from) else { return };
        let subscriptions = &mut taker.subscriptions;
        let wait = subscriptions.chosen.wait(desk.now, CHOSEN, 1);
        if wait.is_zero() {
            subscriptions.chosen.take(desk.now, CHOSEN, 1);
            subscriptions.late_wishes.remove(&track);
            let Some(wish) = self.participants.get(&from).map(|taker| self.passed(taker, track)) else { return };
            return desk.media(shard, Command::Prefer { peer: from, track, wish });
        }
        subscriptions.late_wishes.insert(track);
        let at = desk.now + wait;
        desk.timers.set_once(Timer::ChoicesDue(from), at);
    }

    /// The time has come for some of what was chosen too fast.
    pub(crate) fn choices_due(&mut self, desk: &mut Desk, from: ParticipantId) {
        while let Some(taker) = self.participants.get_mut(&from) {
            let subscriptions = &mut taker.subscriptions;
            let Some(track) = subscriptions.late.first().or(subscriptions.late_wishes.first()).copied() else { return };
            let wait = subscriptions.chosen.wait(desk.now, CHOSEN, 1);
            if !wait.is_zero() {
                let at = desk.now + wait;
                return desk.timers.set_once(Timer::ChoicesDue(from), at);
            }
            if subscriptions.late.remove(&track) {
                subscriptions.chosen.take(desk.now, CHOSEN, 1);
                self.settle(desk, from, track);
            } else if subscriptions.late_wishes.remove(&track) && subscriptions.taken.contains(&track) {
                self.prefer_in_pace(desk, from, track);
            }
        }
    }
}

fn owe(desk: &mut Desk, of: ParticipantId, wait: Duration) {
    let at = desk.now + wait;
    desk.timers.set_once(Timer::Owed(of), at);
}

fn told_uses(profile: &Profile) -> u32 {
    u32::try_from(1 + profile.bytes() / TOLD_BYTES).unwrap_or(u32::MAX)
}
