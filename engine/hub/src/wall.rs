//! What stands between rooms: whoever drives the hub catches a panic, and [`Hub::give_up`] then ends the room for which
//! something was being done, and no other.
//!
//! **Nobody sees what a panic left half changed.** A room is thrown away whole. What all rooms share is on the desk, and is
//! changed by single calls that are through or were never begun; timers of participants who are gone find nobody. People are
//! told to come anew, and media threads to forget them. What is kept of the meeting for a restart stays as it was.

use proto::{
    ParticipantId, RoomId, RoomName, SessionId, api,
    livekit::{DisconnectReason, leave_request::Action},
    media::Command,
};

use crate::{Hub, Note, lines::Told, timers::Timer};

impl Hub {
    /// Ends the room for which something was being done when it broke. `false` when no room can be blamed.
    pub fn give_up(&mut self) -> bool {
        let Some(id) = self.desk.at_work.take() else { return false };
        let Some(room) = self.rooms.remove(&id) else { return false };
        self.names.remove(&room.name);
        for timer in [Timer::RoomEnds, Timer::RoomTold, Timer::MeetingTold, Timer::DoorWatched] {
            self.desk.timers.clear(timer(id));
        }
        self.desk.stirred.remove(&id);
        let at_home = |(participant, home): (&ParticipantId, &RoomId)| (*home == id).then_some(*participant);
        let members: Vec<ParticipantId> = self.desk.homes.iter().filter_map(at_home).collect();
        let sitting = |(session, seat): (&SessionId, &ParticipantId)| members.contains(seat).then_some(*session);
        let sessions: Vec<SessionId> = self.desk.seats.iter().filter_map(sitting).collect();
        for session in sessions {
            self.desk.dismiss(session, DisconnectReason::StateMismatch, Action::Reconnect);
        }
        for peer in &members {
            self.desk.homes.remove(peer);
            self.desk.media(room.shard, Command::RemovePeer { peer: *peer });
        }
        for (line, _) in self.desk.lines.in_room(&room.name) {
            if self.desk.lines.tell(line, Told::Outside) {
                self.desk.tell_line(line, api::Event::Outside);
            }
        }
        self.desk.note(Note::RoomBroken { room: id, participants: members.len() });
        true
    }

    /// Lets the next thing that is done for a room end in a panic; for tests, and in their builds alone.
    #[doc(hidden)]
    pub fn plant(&mut self, room: &RoomName) {
        self.planted = self.names.get(room).copied();
    }

    /// Notes for which room the next thing is done.
    pub(crate) fn work_for(&mut self, room: RoomId) {
        self.desk.at_work = Some(room);
        if cfg!(debug_assertions) && self.planted.take_if(|planted| *planted == room).is_some() {
            panic!("planted by a test");
        }
    }
}
