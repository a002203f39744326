//! What all rooms share: the time, the source of ids, the timers, the way out, and who sits behind which socket.
//!
//! It decides nothing.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::{Duration, Instant},
};

use proto::{
    AccountId, CallId, DeviceKey, LineId, Memory, ParticipantId, Refusal, RoomId, RoomName, SessionId, Shard, api,
    call::CallRecord,
    id::IdSource,
    livekit::{
        self, DisconnectReason,
        leave_request::Action,
        request_response::{Reason, Request as Refused},
        signal_response::Message as Response,
    },
    media,
    quality::Record,
    time::Calendar,
};

use crate::{
    Config, Happened, Happening, Note, Output, Pass,
    barred::Barred,
    inviting::Inviting,
    lines::Lines,
    timers::{Timer, Timers},
};

/// What all rooms share.
#[derive(Debug)]
pub(crate) struct Desk {
    /// The settings.
    pub(crate) config: Config,
    /// The room for which something is being done: see [`crate::wall`].
    pub(crate) at_work: Option<RoomId>,
    /// The time of the input that is being handled.
    pub(crate) now: Instant,
    /// What becomes due when.
    pub(crate) timers: Timers,
    /// Who sits behind which socket: one entry per open socket that has joined.
    pub(crate) seats: BTreeMap<SessionId, ParticipantId>,
    /// The room of every participant.
    pub(crate) homes: BTreeMap<ParticipantId, RoomId>,
    /// Which pages attend which rooms.
    pub(crate) lines: Lines,
    /// Whose tokens count no more.
    pub(crate) barred: Barred,
    /// Who is asked into which meeting.
    pub(crate) inviting: Inviting,
    /// The rooms of which something changed that pages are told of; emptied after each input.
    pub(crate) stirred: BTreeSet<RoomId>,
    /// Who may be found in another way than before; emptied after each input.
    pub(crate) stirred_people: BTreeSet<AccountId>,
    /// Whose calls changed; emptied after each input.
    pub(crate) stirred_calls: BTreeSet<AccountId>,
    /// Who may be asked into other meetings than before; emptied after each input.
    pub(crate) stirred_invited: BTreeSet<AccountId>,
    calendar: Calendar,
    ids: IdSource,
    last_id_ms: u64,
    // Emptied after each input, so it never holds more than one input's consequences: a few messages per participant of
    // one room.
    outputs: VecDeque<Output>,
}

impl Desk {
    /// A desk that opens at `now`.
    pub(crate) fn new(config: Config, now: Instant, calendar: Calendar, seed: u64) -> Self {
        Self {
            config,
            at_work: None,
            now,
            timers: Timers::default(),
            seats: BTreeMap::new(),
            homes: BTreeMap::new(),
            lines: Lines::default(),
            barred: Barred::default(),
            inviting: Inviting::default(),
            stirred: BTreeSet::new(),
            stirred_people: BTreeSet::new(),
            stirred_calls: BTreeSet::new(),
            stirred_invited: BTreeSet::new(),
            calendar,
            ids: IdSource::new(seed),
            last_id_ms: 0,
            outputs: VecDeque::new(),
        }
    }

    /// Milliseconds since 1970.
    pub(crate) fn unix_ms(&self) -> u64 {
        self.calendar.unix_ms(self.now)
    }

    /// Milliseconds since 1970 at another time.
    pub(crate) fn unix_ms_at(&self, at: Instant) -> u64 {
        self.calendar.unix_ms(at)
    }

    /// The time so many milliseconds since 1970, when that is still to come; else now.
    pub(crate) fn at(&self, unix_ms: u64) -> Instant {
        let span = Duration::from_millis(unix_ms.saturating_sub(self.unix_ms()));
        // A clock that was set wrong must not reach beyond time.
        self.now.checked_add(span).unwrap_or(self.now)
    }

    /// A fresh id. Ids sort in the order in which they were made, also within one millisecond: rooms keep their
    /// participants and participants their tracks in that order.
    pub(crate) fn next_id<T: From<u128>>(&mut self) -> T {
        self.last_id_ms = self.unix_ms().max(self.last_id_ms + 1);
        self.ids.next(self.last_id_ms)
    }

    /// Sets a timer that is due after `span`.
    pub(crate) fn after(&mut self, span: Duration, timer: Timer) {
        self.timers.set(timer, self.now + span);
    }

    /// Sends a response to a participant; one whose socket is lost hears nothing and is told everything on its resume.
    pub(crate) fn tell(&mut self, session: Option<SessionId>, response: Response) {
        if let Some(session) = session {
            self.outputs.push_back(Output::Send { session, response: Box::new(response) });
        }
    }

    /// Tells a media thread.
    pub(crate) fn media(&mut self, shard: Shard, command: media::Command) {
        self.outputs.push_back(Output::Media { shard, command: Box::new(command) });
    }

    /// Writes a line in the log.
    pub(crate) fn note(&mut self, note: Note) {
        self.outputs.push_back(Output::Note(note));
    }

    /// Tells those outside of this server who want to hear of it.
    pub(crate) fn happened(&mut self, what: Happening) {
        let at = self.unix_ms();
        self.outputs.push_back(Output::Happened(Box::new(Happened { at, what })));
    }

    /// Closes a socket after what was sent to it, and forgets it.
    pub(crate) fn close(&mut self, session: SessionId) {
        self.seats.remove(&session);
        self.outputs.push_back(Output::Close { session });
    }

    /// Says `leave` and closes the socket.
    pub(crate) fn dismiss(&mut self, session: SessionId, reason: DisconnectReason, action: Action) {
        let leave = livekit::LeaveRequest {
            // What clients from before `action` read.
            can_reconnect: action != Action::Disconnect,
            reason: reason.into(),
            action: action.into(),
            regions: None,
        };
        self.tell(Some(session), Response::Leave(leave));
        self.close(session);
    }

    /// Says what became of a request.
    pub(crate) fn respond(
        &mut self,
        session: Option<SessionId>,
        request_id: u32,
        reason: Reason,
        message: &str,
        request: Option<Refused>,
    ) {
        let response =
            livekit::RequestResponse { request_id, reason: reason.into(), message: message.to_owned(), request };
        self.tell(session, Response::RequestResponse(response));
    }

    /// Refuses a request because the rules say no.
    pub(crate) fn refuse(
        &mut self,
        session: Option<SessionId>,
        request_id: u32,
        refusal: Refusal,
        request: Option<Refused>,
    ) {
        let reason = match refusal {
            Refusal::NotAllowed => Reason::NotAllowed,
            Refusal::NotFound => Reason::NotFound,
            Refusal::TooMany | Refusal::TooOften => Reason::LimitExceeded,
            Refusal::BadName => Reason::InvalidName,
            // Said at the door or over HTTP only, where the answer is not a `request_response`.
            _ => Reason::UnclassifiedError,
        };
        self.respond(session, request_id, reason, &refusal.to_string(), request);
        if let Some(session) = session {
            self.note(Note::Refused { session, refusal });
        }
    }

    /// Hands over one output.
    pub(crate) fn take_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Queues an answer to a question.
    pub(crate) fn answer(&mut self, ask: u64, answer: crate::Answer) {
        self.outputs.push_back(Output::Answer { ask, answer });
    }

    /// Asks for a fresh token for a socket.
    pub(crate) fn refresh_token(&mut self, session: SessionId, pass: Pass) {
        self.outputs.push_back(Output::RefreshToken { session, pass: Box::new(pass) });
    }

    /// Keeps something of a meeting.
    pub(crate) fn remember(&mut self, room: &RoomName, memory: Memory) {
        self.outputs.push_back(Output::Remember { room: room.clone(), memory: Box::new(memory) });
    }

    /// Keeps how a minute of a meeting was.
    pub(crate) fn measured(&mut self, room: &RoomName, records: Vec<Record>) {
        self.outputs.push_back(Output::Measured { room: room.clone(), records });
    }

    /// Keeps how a call is now.
    pub(crate) fn keep_call(&mut self, record: CallRecord) {
        self.outputs.push_back(Output::KeepCall(Box::new(record)));
    }

    /// Wakes the browsers of somebody for whom it begins to ring.
    pub(crate) fn wake(&mut self, call: CallId, account: AccountId, until: u64, here: Vec<DeviceKey>) {
        self.outputs.push_back(Output::Wake { call, account, until, here });
    }

    /// Tells those that it rings no more.
    pub(crate) fn hush(&mut self, call: CallId, account: AccountId, missed: bool, here: Vec<DeviceKey>) {
        self.outputs.push_back(Output::Hush { call, account, missed, here });
    }

    /// Wakes the browsers of somebody: somebody for whom they wait is free.
    pub(crate) fn tell_free(&mut self, account: AccountId, here: Vec<DeviceKey>) {
        self.outputs.push_back(Output::Free { account, here });
    }

    /// Tells a page something.
    pub(crate) fn tell_line(&mut self, line: LineId, event: api::Event) {
        self.outputs.push_back(Output::Tell { line, event: Box::new(event) });
    }

    /// Tells a page that its request is refused.
    pub(crate) fn refuse_line(&mut self, line: LineId, refusal: Refusal) {
        let problem = api::Problem { code: refusal.code().to_owned(), message: refusal.to_string(), wait: None };
        self.tell_line(line, api::Event::Refused { problem });
    }

    /// Asks for a media token for somebody who was let in.
    pub(crate) fn admit(&mut self, line: LineId, pass: Pass) {
        self.outputs.push_back(Output::Admit { line, pass: Box::new(pass) });
    }
}
