//! Who takes which track: what is wanted, what is allowed, and what the media thread is therefore told.

use std::collections::BTreeSet;

use proto::{
    AccountId, ParticipantId, Person, TrackId,
    livekit::{self, SubscriptionError, signal_response::Message as Response},
    media::{Command, Wish},
};

use super::{Room, roles};
use crate::{
    desk::Desk,
    participant::{
        Participant,
        subscription::{Permission, wish_of},
    },
};

/// The most tracks that one request speaks of: all tracks of the largest room. The rest is dropped.
const SIDS: usize = 4_000;

impl Room {
    /// Brings one subscription in line with what is wanted and allowed.
    pub(super) fn settle(&mut self, desk: &mut Desk, subscriber: ParticipantId, track: TrackId) {
        let shard = self.shard;
        let Some((publisher, _)) = self.live(track) else { return };
        let Some(taker) = self.participants.get(&subscriber) else { return };
        let publisher_id = publisher.id;
        if publisher_id == subscriber || !roles::may_see(taker, publisher) {
            return;
        }
        // Without the right to subscribe, "automatically" means nothing; only who asks by hand is told no.
        let by_itself = roles::may_subscribe(taker) && taker.subscriptions.wants(track);
        let wanted = by_itself || taker.subscriptions.asked(track);
        let allowed = roles::may_take(taker, publisher, track);
        let wish = self.passed(taker, track);

        let Some(taker) = self.participants.get_mut(&subscriber) else { return };
        let subscriptions = &mut taker.subscriptions;
        if wanted && !allowed && subscriptions.denied.insert(track) {
            desk.tell(taker.session, permission(publisher_id, track, false));
        } else if allowed && subscriptions.denied.remove(&track) {
            desk.tell(taker.session, permission(publisher_id, track, true));
        }
        if wanted && allowed {
            if subscriptions.taken.insert(track) {
                desk.media(shard, Command::Subscribe { peer: subscriber, track });
                if wish != Wish::default() {
                    desk.media(shard, Command::Prefer { peer: subscriber, track, wish });
                }
            }
        } else if subscriptions.leave(track) {
            desk.media(shard, Command::Unsubscribe { peer: subscriber, track });
        }
    }

    /// How a track is passed on to somebody who takes it: as they wish, and not at all while one of both has the call on hold.
    pub(super) fn passed(&self, taker: &Participant, track: TrackId) -> Wish {
        let wish = taker.subscriptions.wish(track);
        let owner = self.owners.get(&track).and_then(|owner| self.participants.get(owner));
        let rests = self.rests(taker) || owner.is_some_and(|owner| self.rests(owner));
        Wish { enabled: wish.enabled && !rests, ..wish }
    }

    fn rests(&self, participant: &Participant) -> bool {
        matches!(participant.person, Person::Account(account) if self.held.contains(&account))
    }

    /// These have the call on hold now. What passes between them and the others stops, or goes on, at once: it keeps its place, so
    /// that nothing has to be negotiated again.
    pub(crate) fn hold(&mut self, desk: &mut Desk, held: BTreeSet<AccountId>) {
        if self.held == held {
            return;
        }
        let wishes = |room: &Self| -> Vec<(ParticipantId, TrackId, Wish)> {
            let of = |taker: &Participant, track: &TrackId| (taker.id, *track, room.passed(taker, *track));
            let takers = room.participants.values();
            takers.flat_map(|taker| taker.subscriptions.taken.iter().map(move |track| of(taker, track))).collect()
        };
        let before = wishes(self);
        self.held = held;
        for (was, is) in before.into_iter().zip(wishes(self)) {
            if was != is {
                let (peer, track, wish) = is;
                desk.media(self.shard, Command::Prefer { peer, track, wish });
            }
        }
    }

    /// Takes or leaves tracks by hand.
    pub(super) fn update_subscription(
        &mut self,
        desk: &mut Desk,
        from: ParticipantId,
        request: &livekit::UpdateSubscription,
    ) {
        for sid in sids(request) {
            let known = self.choose(desk, from, sid, request.subscribe);
            if !known && request.subscribe {
                let session = self.participants.get(&from).and_then(|participant| participant.session);
                desk.tell(session, failed(sid.to_owned(), SubscriptionError::SeTrackNotfound));
            }
        }
    }

    /// Notes one choice; says whether there is such a track for this participant.
    fn choose(&mut self, desk: &mut Desk, from: ParticipantId, sid: &str, subscribe: bool) -> bool {
        let Some(track) = self.visible(from, sid) else { return false };
        if let Some(taker) = self.participants.get_mut(&from) {
            taker.subscriptions.choose(track, subscribe);
        }
        self.choose_in_pace(desk, from, track, subscribe);
        true
    }

    /// Notes how tracks are wanted.
    pub(super) fn update_track_settings(
        &mut self,
        desk: &mut Desk,
        from: ParticipantId,
        settings: &livekit::UpdateTrackSettings,
    ) {
        let wish = wish_of(settings);
        for sid in settings.track_sids.iter().take(SIDS) {
            self.prefer(desk, from, sid, |_| wish);
        }
    }

    fn prefer(&mut self, desk: &mut Desk, from: ParticipantId, sid: &str, next: impl FnOnce(Wish) -> Wish) {
        // Clients send settings for tracks that have just ended: no answer.
        let Some(track) = self.visible(from, sid) else { return };
        let Some(taker) = self.participants.get_mut(&from) else { return };
        let wish = next(taker.subscriptions.wish(track));
        if taker.subscriptions.set_wish(track, wish) && taker.subscriptions.taken.contains(&track) {
            self.prefer_in_pace(desk, from, track);
        }
    }

    /// A publisher says who may take its tracks.
    pub(super) fn permit(&mut self, desk: &mut Desk, from: ParticipantId, request: &livekit::SubscriptionPermission) {
        let Some(publisher) = self.participants.get_mut(&from) else { return };
        publisher.permission = Permission::new(request);
        self.permit_in_pace(desk, from);
    }

    /// Brings all subscriptions of one publisher in line.
    pub(super) fn settle_all(&mut self, desk: &mut Desk, of: ParticipantId) {
        let Some(publisher) = self.participants.get(&of) else { return };
        let tracks: Vec<TrackId> = publisher.tracks.values().filter(|track| track.is_live()).map(|t| t.id).collect();
        let subscribers: Vec<ParticipantId> = self.participants.keys().copied().collect();
        for subscriber in subscribers {
            for track in &tracks {
                self.settle(desk, subscriber, *track);
            }
        }
    }

    /// A client, back after a loss, repeats what it takes and publishes: what it changed meanwhile counts.
    pub(super) fn sync_state(&mut self, desk: &mut Desk, from: ParticipantId, state: &livekit::SyncState) {
        if let Some(request) = &state.subscription {
            for sid in sids(request) {
                // A track that ended meanwhile is no error here: the update before this told of it.
                self.choose(desk, from, sid, request.subscribe);
            }
        }
        for sid in state.track_sids_disabled.iter().take(SIDS) {
            self.prefer(desk, from, sid, |wish| Wish { enabled: false, ..wish });
        }
        self.disown(desk, from, &state.publish_tracks);
    }

    /// The media thread gave a subscription its section; the publisher hears of the first.
    pub(super) fn subscribed(&mut self, desk: &mut Desk, track: TrackId) {
        let Some(publisher) = self.owners.get(&track).and_then(|owner| self.participants.get_mut(owner)) else {
            return;
        };
        let session = publisher.session;
        if let Some(own) = publisher.tracks.get_mut(&track).filter(|own| !own.taken_once) {
            own.taken_once = true;
            desk.tell(session, Response::TrackSubscribed(livekit::TrackSubscribed { track_sid: track.to_string() }));
        }
    }

    /// The media thread has nothing to send that the subscriber understands.
    pub(super) fn subscription_failed(&mut self, desk: &mut Desk, subscriber: ParticipantId, track: TrackId) {
        let shard = self.shard;
        let Some(taker) = self.participants.get_mut(&subscriber) else { return };
        if taker.subscriptions.leave(track) {
            desk.media(shard, Command::Unsubscribe { peer: subscriber, track });
            desk.tell(taker.session, failed(track.to_string(), SubscriptionError::SeCodecUnsupported));
        }
    }

    /// The track of this sid, if it is live, another's, and its publisher seen.
    fn visible(&self, viewer: ParticipantId, sid: &str) -> Option<TrackId> {
        let track = sid.parse().ok()?;
        let (publisher, _) = self.live(track)?;
        let viewer = self.participants.get(&viewer)?;
        (publisher.id != viewer.id && roles::may_see(viewer, publisher)).then_some(track)
    }
}

/// All sids of a request: alone or grouped by publisher, which says nothing more.
fn sids(request: &livekit::UpdateSubscription) -> impl Iterator<Item = &str> {
    let grouped = request.participant_tracks.iter().flat_map(|group| &group.track_sids);
    request.track_sids.iter().chain(grouped).map(String::as_str).take(SIDS)
}

/// Tells a subscriber whether it may take a track.
pub(super) fn permission(publisher: ParticipantId, track: TrackId, allowed: bool) -> Response {
    Response::SubscriptionPermissionUpdate(livekit::SubscriptionPermissionUpdate {
        participant_sid: publisher.to_string(),
        track_sid: track.to_string(),
        allowed,
    })
}

fn failed(track_sid: String, error: SubscriptionError) -> Response {
    Response::SubscriptionResponse(livekit::SubscriptionResponse { track_sid, err: error.into() })
}
