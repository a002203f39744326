//! Messages that are being spoken for whoever did not answer a call.
//!
//! Whoever leaves one enters a room of its own, `parlor-voicemail:` and the message, and publishes the microphone there; the
//! media thread that carries the room hands over a copy of each packet ([`proto::media::Tapped`]), and [`voice`] makes a file
//! of them. Until its speaker sends it, a message lies in memory alone: nothing of it is stored, listed or told, and whoever
//! closes the page leaves nothing behind. A message that was sent is a file like those of chats, see [`crate::files`].
//!
//! The greeting that somebody's callers hear is spoken in the same way, and sent to nobody: it is kept in place of the one before.
//!
//! | from, to | capacity | when full |
//! | --- | --- | --- |
//! | media threads to the recorder | [`TAPS`] | the packet is dropped: a gap in the sound, as if the network had lost it |

pub mod ogg;
pub mod voice;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::body::Bytes;
use hub::Pass;
use proto::{
    AccountId, CallId, Rights, RoomName, Source, VoicemailId,
    media::{MESSAGE_ROOM, Tapped, message_room, spoken_in},
};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use voice::{Spoken, Voice};

/// All messages that are being spoken, or wait to be sent. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Voicemail {
    spoken: Arc<Mutex<BTreeMap<VoicemailId, Draft>>>,
    /// What was delivered a while ago.
    delivered: Arc<Mutex<BTreeMap<VoicemailId, Delivered>>>,
}

/// What is known of a message that was delivered, or of a greeting that is kept: whoever did not hear so asks once more.
#[derive(Debug, Clone, Copy)]
struct Delivered {
    about: About,
    until: Instant,
}

/// Who speaks, and what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Whoever speaks.
    pub by: AccountId,
    /// What they speak.
    pub what: What,
}

/// What is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A message for whoever did not answer.
    Message(Message),
    /// What the callers of whoever speaks will hear before the tone.
    Greeting,
}

/// A message for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// Whom it is for.
    pub to: AccountId,
    /// After which call.
    pub call: CallId,
    /// Whether whom it is for has blocked whoever speaks, who is not to learn that: it is never delivered.
    pub barred: bool,
}

/// What was not sent.
#[derive(Debug)]
struct Draft {
    about: About,
    ends: Instant,
    sound: Sound,
    /// Held by whoever sends it or throws it away: it is done once, and whoever asks meanwhile waits for what comes of it.
    turn: Arc<Turn>,
}

#[derive(Debug)]
enum Sound {
    /// It is being spoken.
    Live(Box<Voice>),
    /// It is complete.
    Whole(Whole),
}

/// Who may send a message or throw it away now.
pub type Turn = tokio::sync::Mutex<()>;

/// A message that is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The file.
    pub file: Bytes,
    /// How long it is, in milliseconds.
    pub ms: u32,
}

/// As many messages are being spoken as may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// A room of a message that is not being spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this message is not being recorded; begin another")]
pub struct Over;

impl Voicemail {
    /// Begins a message. What its speaker did not send of an earlier one is forgotten; which that was.
    ///
    /// # Errors
    /// When [`MOST`] are there already.
    pub fn begin(&self, now: Instant, id: VoicemailId, about: About, serial: u32) -> Result<Option<VoicemailId>, Full> {
        let mut spoken = self.lock();
        spoken.retain(|_, message| message.ends > now);
        let former = spoken.iter().find(|(_, message)| message.about.by == about.by).map(|(id, _)| *id);
        // One that could not be sent may lie there beside another.
        spoken.retain(|_, message| message.about.by != about.by);
        if spoken.len() >= MOST {
            return Err(Full);
        }
        let sound = Sound::Live(Box::new(Voice::new(serial, about.what.seconds())));
        spoken.insert(id, Draft { about, ends: now + LASTS, sound, turn: Arc::default() });
        Ok(former)
    }

    /// Takes in what a media thread heard. Whatever belongs to no message that is being spoken is dropped.
    pub fn hear(&self, packet: Tapped) {
        if let Some(Draft { sound: Sound::Live(voice), .. }) = self.lock().get_mut(&packet.message) {
            voice.take(packet);
        }
    }

    /// Ends the recording of a message. One that is shorter than [`SHORTEST`] is forgotten, and `None` where its speaker has none
    /// of that id.
    pub fn stop(&self, id: VoicemailId, by: AccountId) -> Option<Whole> {
        let mut spoken = self.lock();
        let message = spoken.get_mut(&id).filter(|message| message.about.by == by)?;
        if let Sound::Live(voice) = &mut message.sound {
            let Spoken { sound, ms } = std::mem::replace(&mut **voice, Voice::new(0, 0)).finish();
            message.sound = Sound::Whole(Whole { file: sound.into(), ms });
        }
        let Sound::Whole(whole) = &message.sound else { return None };
        let whole = whole.clone();
        if !whole.is_long_enough() {
            spoken.remove(&id);
        }
        Some(whole)
    }

    /// A complete message of its speaker.
    pub fn whole(&self, id: VoicemailId, by: AccountId) -> Option<Whole> {
        match self.lock().get(&id).filter(|message| message.about.by == by)? {
            Draft { sound: Sound::Whole(whole), .. } => Some(whole.clone()),
            _ => None,
        }
    }

    /// The turn to send a message of its speaker, or to throw it away; `None` where there is none of that id.
    pub fn turn(&self, id: VoicemailId, by: AccountId) -> Option<Arc<Turn>> {
        self.lock().get(&id).filter(|message| message.about.by == by).map(|message| message.turn.clone())
    }

    /// A complete message of its speaker, with whom it is for. It stays where it is until it was delivered.
    pub fn complete(&self, id: VoicemailId, by: AccountId) -> Option<(About, Whole)> {
        match self.lock().get(&id).filter(|message| message.about.by == by)? {
            Draft { sound: Sound::Whole(whole), about, .. } => Some((*about, whole.clone())),
            _ => None,
        }
    }

    /// A message was delivered, or a greeting is kept.
    pub fn was_delivered(&self, now: Instant, id: VoicemailId, about: About) {
        let mut delivered = self.lock_delivered();
        delivered.retain(|_, known| known.until > now);
        delivered.insert(id, Delivered { about, until: now + AFTER });
        drop(delivered);
        self.forget(id, about.by);
    }

    /// Whether that is so.
    pub fn is_delivered(&self, id: VoicemailId, by: AccountId) -> bool {
        self.lock_delivered().get(&id).is_some_and(|known| known.about.by == by)
    }

    /// Whether one message was sent after a call: whoever has more to say calls again, and one call fills nobody's mailbox.
    pub fn has_answered(&self, call: CallId) -> bool {
        let of = |known: &Delivered| matches!(known.about.what, What::Message(message) if message.call == call);
        self.lock_delivered().values().any(of)
    }

    /// Forgets a message of its speaker. `false` when there is none of that id.
    pub fn forget(&self, id: VoicemailId, by: AccountId) -> bool {
        let mut spoken = self.lock();
        let theirs = spoken.get(&id).is_some_and(|message| message.about.by == by);
        if theirs {
            spoken.remove(&id);
        }
        theirs
    }

    /// Whether somebody may come into a room: into every one that is none of a message, and into one of a message while it is being
    /// spoken.
    ///
    /// # Errors
    /// When it is not.
    pub fn may_enter(&self, room: &RoomName) -> Result<(), Over> {
        if !room.as_str().starts_with(MESSAGE_ROOM) {
            return Ok(());
        }
        let id = spoken_in(room).ok_or(Over)?;
        let live = self.lock().get(&id).is_some_and(|message| matches!(message.sound, Sound::Live(_)));
        live.then_some(()).ok_or(Over)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<VoicemailId, Draft>> {
        // A panic elsewhere leaves the map whole; a recording that broke is of sound alone.
        self.spoken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_delivered(&self) -> MutexGuard<'_, BTreeMap<VoicemailId, Delivered>> {
        self.delivered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl What {
    /// The most that is recorded of it.
    pub const fn seconds(self) -> u32 {
        match self {
            Self::Message(_) => voice::SECONDS,
            Self::Greeting => GREETING,
        }
    }
}

impl Whole {
    /// Whether it is long enough to be one.
    pub fn is_long_enough(&self) -> bool {
        u128::from(self.ms) >= SHORTEST.as_millis()
    }
}

/// The way from the media threads to the recorder.
pub fn taps() -> (Sender<Tapped>, Receiver<Tapped>) {
    channel(TAPS)
}

/// Records whatever is spoken, as long as there is a media thread.
pub async fn run(voicemail: Voicemail, mut taps: Receiver<Tapped>) {
    while let Some(packet) = taps.recv().await {
        voicemail.hear(packet);
    }
}

/// What whoever speaks a message may do in its room: send a microphone.
pub fn pass(id: VoicemailId) -> Pass {
    Pass {
        room: message_room(id),
        name: "caller".to_owned(),
        identity: "caller".parse().expect("a short word is an identity"),
        metadata: String::new(),
        attributes: Vec::new(),
        rights: Rights {
            publish: true,
            sources: vec![Source::Microphone],
            subscribe: false,
            data: false,
            own_metadata: false,
            hidden: false,
        },
    }
}

/// How long after a call a message can be begun: as long as its page may stand there.
pub const AFTER: Duration = Duration::from_secs(3_600);
/// A message that is shorter is none: somebody thought better of it.
pub const SHORTEST: Duration = Duration::from_secs(1);
/// The longest greeting, in seconds: every caller hears all of it before they may speak, and nobody's patience is longer.
pub const GREETING: u32 = 30;
/// How long the room of a message is open: for the greeting, and the longest message.
pub const SPEAKING: Duration = Duration::from_secs(voice::SECONDS as u64 + GREETING as u64 + 30);
/// How long a message is kept for whoever spoke it: to hear it again and to think about it.
pub const LASTS: Duration = Duration::from_secs(900);
/// Messages at once that are not sent yet. Each holds [`voice::LARGEST`] bytes of memory at most, and a fourth of that as a rule.
pub const MOST: usize = 48;
/// Packets on their way to the recorder: more than a second of all the messages that there may be.
pub const TAPS: usize = 4_096;

#[cfg(test)]
mod tests {
    use super::*;

    fn about(by: u128) -> About {
        About {
            by: AccountId::from(by),
            what: What::Message(Message { to: AccountId::from(99), call: CallId::from(1), barred: false }),
        }
    }

    fn id(number: u128) -> VoicemailId {
        VoicemailId::from(number)
    }

    fn speak(voicemail: &Voicemail, number: u128, packets: u32) {
        for n in 0..packets {
            voicemail.hear(Tapped { message: id(number), stream: 1, timestamp: n * 960, sound: vec![15 << 3, 1] });
        }
    }

    #[test]
    fn a_message_is_its_speakers_until_it_is_sent() {
        let (voicemail, now) = (Voicemail::default(), Instant::now());
        assert_eq!(voicemail.begin(now, id(1), about(1), 7), Ok(None));
        assert_eq!(voicemail.may_enter(&message_room(id(1))), Ok(()));
        speak(&voicemail, 1, 100);
        assert_eq!(voicemail.complete(id(1), about(1).by), None, "it is still being spoken");
        assert_eq!(voicemail.stop(id(1), about(2).by), None, "another's");
        let whole = voicemail.stop(id(1), about(1).by).unwrap();
        assert_eq!(whole.ms, 1_993);
        assert_eq!(voicemail.may_enter(&message_room(id(1))), Err(Over));
        speak(&voicemail, 1, 200);
        assert_eq!(voicemail.stop(id(1), about(1).by), Some(whole.clone()), "said once, it stays so");
        assert_eq!(voicemail.whole(id(1), about(2).by), None);
        assert_eq!(voicemail.whole(id(1), about(1).by), Some(whole.clone()));
        assert!(!voicemail.forget(id(1), about(2).by));
        assert_eq!(voicemail.complete(id(1), about(2).by), None);
        assert_eq!(voicemail.complete(id(1), about(1).by), Some((about(1), whole.clone())));
        assert_eq!(voicemail.whole(id(1), about(1).by), Some(whole), "it may not arrive");
        assert!(!voicemail.is_delivered(id(1), about(1).by) && !voicemail.has_answered(CallId::from(1)));
        voicemail.was_delivered(now, id(1), about(1));
        assert_eq!(voicemail.whole(id(1), about(1).by), None);
        assert!(voicemail.is_delivered(id(1), about(1).by) && !voicemail.is_delivered(id(1), about(2).by));
        assert!(voicemail.has_answered(CallId::from(1)) && !voicemail.has_answered(CallId::from(2)));
        voicemail.was_delivered(now + AFTER, id(2), About { what: What::Greeting, ..about(1) });
        assert!(!voicemail.is_delivered(id(1), about(1).by), "long ago");
    }

    #[test]
    fn one_at_a_time_sends_a_message_or_throws_it_away() {
        let voicemail = Voicemail::default();
        voicemail.begin(Instant::now(), id(1), about(1), 7).unwrap();
        let turn = voicemail.turn(id(1), about(1).by).unwrap();
        let first = turn.try_lock().unwrap();
        let again = voicemail.turn(id(1), about(1).by).unwrap();
        assert!(again.try_lock().is_err());
        drop(first);
        assert!(again.try_lock().is_ok());
        assert!(voicemail.turn(id(1), about(2).by).is_none());
    }

    #[test]
    fn what_is_too_short_is_forgotten() {
        let voicemail = Voicemail::default();
        voicemail.begin(Instant::now(), id(1), about(1), 7).unwrap();
        speak(&voicemail, 1, 50);
        assert!(!voicemail.stop(id(1), about(1).by).unwrap().is_long_enough());
        assert_eq!(voicemail.stop(id(1), about(1).by), None);
    }

    #[test]
    fn a_greeting_is_shorter_than_a_message() {
        let voicemail = Voicemail::default();
        voicemail.begin(Instant::now(), id(1), About { what: What::Greeting, ..about(1) }, 7).unwrap();
        speak(&voicemail, 1, 2_000);
        assert_eq!(voicemail.stop(id(1), about(1).by).map(|whole| whole.ms), Some(29_993));
    }

    #[test]
    fn everybody_has_one_and_there_is_a_most_of_all() {
        let (voicemail, now) = (Voicemail::default(), Instant::now());
        voicemail.begin(now, id(1), about(1), 7).unwrap();
        assert_eq!(voicemail.begin(now, id(2), about(1), 7), Ok(Some(id(1))));
        assert_eq!(voicemail.stop(id(1), about(1).by), None);
        for number in 3..MOST as u128 + 2 {
            assert_eq!(voicemail.begin(now, id(number), about(number), 7), Ok(None));
        }
        assert_eq!(voicemail.begin(now, id(500), about(500), 7), Err(Full));
        assert_eq!(voicemail.begin(now + LASTS, id(500), about(500), 7), Ok(None), "those before are over");
    }

    #[test]
    fn rooms_of_messages_open_while_they_are_spoken_and_no_longer() {
        let voicemail = Voicemail::default();
        assert_eq!(voicemail.may_enter(&"standup".parse().unwrap()), Ok(()));
        for made_up in ["parlor-voicemail:", "parlor-voicemail:abc", message_room(id(3)).as_str()] {
            assert_eq!(voicemail.may_enter(&made_up.parse().unwrap()), Err(Over), "{made_up}");
        }
        let rights = pass(id(1)).rights;
        assert!(rights.may_publish(Some(Source::Microphone)) && !rights.may_publish(Some(Source::Camera)));
        assert!(!rights.may_publish(None) && !rights.subscribe && !rights.data);
    }
}
