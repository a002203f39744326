//! What stands between rooms: whoever drives the hub catches a panic, and [`Hub::give_up`] then ends the room for which
//! something was being done, and no other.
//!
//! **Nobody sees what a panic left half changed.** A room is thrown away whole. What all rooms share is on the desk, and is
//! changed by single calls that are through or were never begun; timers of tracks that are gone find none. People are
//! told to come anew, and media threads to forget them. Tickets that nobody used are good no more, as when a room ends by
//! itself. What is kept of the meeting for a restart stays as it was.

use proto::{
    ParticipantId, RoomId, RoomName, SessionId,
    livekit::{DisconnectReason, RoomEndReason, leave_request::Action},
    media::Command,
};

use crate::{Happening, Hub, Note, desk::Desk, room::Room};

impl Hub {
    /// Ends the room for which something was being done when it broke. `false` when no room can be blamed.
    pub fn give_up(&mut self) -> bool {
        let Some(id) = self.desk.at_work.take() else { return false };
        let Some(room) = self.take_out(id) else { return false };
        let at_home = |(participant, home): (&ParticipantId, &RoomId)| (*home == id).then_some(*participant);
        let members: Vec<ParticipantId> = self.desk.homes.iter().filter_map(at_home).collect();
        let sitting = |(session, seat): (&SessionId, &ParticipantId)| members.contains(seat).then_some(*session);
        let sessions: Vec<SessionId> = self.desk.seats.iter().filter_map(sitting).collect();
        for session in sessions {
            self.desk.dismiss(session, DisconnectReason::StateMismatch, Action::Reconnect);
        }
        for peer in &members {
            self.desk.homes.remove(peer);
            self.desk.timers.clear_participant(*peer);
            self.desk.media(room.shard, Command::RemovePeer { peer: *peer });
        }
        // Last, since this reads what may be half changed: all that people need was done by then.
        room.dismiss_lines(&mut self.desk);
        room.void_tickets(&mut self.desk);
        self.tell_people();
        self.desk.note(Note::RoomBroken { room: id, participants: members.len() });
        let (room, reason) = (room.view(&self.desk), RoomEndReason::RoomEndUnknown);
        self.desk.happened(Happening::RoomFinished { room, reason });
        true
    }

    /// Does something within a room, if there is one: **the only way to change one**, so that whatever breaks in there ends
    /// that room, and what breaks elsewhere ends none.
    pub(crate) fn within<T>(&mut self, room: RoomId, act: impl FnOnce(&mut Room, &mut Desk) -> T) -> Option<T> {
        self.desk.at_work = Some(room);
        if cfg!(debug_assertions) && self.planted.take_if(|planted| *planted == room).is_some() {
            panic!("planted by a test");
        }
        let done = self.rooms.get_mut(&room).map(|room| act(room, &mut self.desk));
        self.desk.at_work = None;
        done
    }

    /// Lets the next thing that is done for a room end in a panic; for tests, and in their builds alone.
    #[doc(hidden)]
    pub fn plant(&mut self, room: &RoomName) {
        self.planted = self.names.get(room).copied();
    }
}

#[cfg(test)]
mod tests {
    use std::{
        panic::{AssertUnwindSafe, catch_unwind},
        time::Instant,
    };

    use proto::{Rights, time::Calendar};

    use super::*;
    use crate::{Config, Input, Join};

    #[test]
    #[expect(clippy::disallowed_methods, reason = "any instant")]
    fn a_room_that_broke_leaves_no_timer_behind() {
        let (now, name) = (Instant::now(), "standup".parse::<RoomName>().expect("a name"));
        let mut hub = Hub::new(Config::default(), now, Calendar::new(now, 0), 1);
        let join = Join {
            room: name.clone(),
            identity: "ann".parse().expect("an identity"),
            name: String::new(),
            metadata: String::new(),
            attributes: Vec::new(),
            rights: Rights::FULL,
            auto_subscribe: true,
            resume: None,
            add_tracks: Vec::new(),
            offer: None,
            client: None,
            policy: None,
            role: None,
        };
        hub.handle(now, Input::Join { session: SessionId(1), join: Box::new(join) });
        hub.plant(&name);
        let gone = Input::Gone { session: SessionId(1), closed: false };
        assert!(hub.poll_timeout().is_some(), "of the room and of who is in");
        assert!(catch_unwind(AssertUnwindSafe(|| hub.handle(now, gone))).is_err());
        assert!(hub.give_up());
        assert_eq!(hub.poll_timeout(), None);
    }
}
