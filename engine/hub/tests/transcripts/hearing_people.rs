//! How what pages and people hear looks in a transcript.

use hub::{Answer, Keep, Knocked, Pass};
use proto::{
    Policy,
    api::{Event, MeetingState},
};

use crate::{hearing::list, hearing_calls, words::Words};

/// `admitted as gina~d1, role guest, may publish microphone+camera`
pub fn passed(words: &Words, pass: &Pass) -> String {
    let person = proto::Person::of(&pass.identity);
    let device = pass.identity.as_str().rsplit_once('~').map_or("", |(_, device)| device);
    let sources: Vec<_> = pass.rights.sources.iter().map(|source| source.name()).collect();
    let may = match (pass.rights.publish, sources.len()) {
        (false, _) => "only watch".to_owned(),
        (true, 4) => "publish all".to_owned(),
        (true, _) => format!("publish {}", sources.join("+")),
    };
    let attributes = list(pass.attributes.iter().map(|(key, value)| format!("{key}={value}")));
    assert!(!pass.rights.own_metadata);
    format!("{}~{device} named {} {{{attributes}}}, may {may}", words.who(&person), pass.name)
}

pub fn event(words: &Words, event: &Event) -> String {
    match event {
        Event::Meeting { state } => meeting(words, state),
        Event::Waiting { host_present, moved } => {
            let (who, why) =
                (if *host_present { "somebody" } else { "nobody" }, if *moved { ", moved by a host" } else { "" });
            format!("waiting, {who} could let in{why}")
        }
        Event::Removed { may_return: true } => "removed, may return".to_owned(),
        Event::Removed { may_return: false } => "removed for good".to_owned(),
        Event::Reaction { person, emoji } => format!("{} reacts {emoji}", words.who(person)),
        Event::Muted { what } => format!("muted {what:?}").to_lowercase(),
        Event::Message { message } => format!("{} wrote {}", words.who(&message.from), message.text),
        Event::MessageDeleted { .. } => "message deleted".to_owned(),
        Event::Refused { problem } => format!("refused {}", problem.code),
        Event::Outside | Event::Denied | Event::Ended | Event::AskedToUnmute => format!("{event:?}").to_lowercase(),
        Event::People { .. }
        | Event::Presence { .. }
        | Event::Calls { .. }
        | Event::CallsLooked
        | Event::Awaited { .. }
        | Event::Free { .. }
        | Event::Invitations { .. }
        | Event::Voicemail
        | Event::Typing { .. } => hearing_calls::event(words, event),
        Event::Conversation { .. }
        | Event::ConversationLeft { .. }
        | Event::Line { .. }
        | Event::LineDeleted { .. }
        | Event::Read { .. }
        | Event::Admitted { .. }
        | Event::Pong => panic!("the shell says that"),
    }
}

/// `meeting as guest [locked]: olga owner (d1), gina guest (d1); hands gina; at the door mia`
fn meeting(words: &Words, state: &MeetingState) -> String {
    let people = state.people.iter().map(|attendee| {
        let devices = attendee.identities.iter().map(|id| id.as_str().rsplit('~').next().unwrap().to_owned());
        let (who, devices) = (words.who(&attendee.person), list(devices));
        let name = if attendee.name == who { String::new() } else { format!(" named {}", attendee.name) };
        format!("{who}{name}{} {} ({devices})", picture(attendee.avatar.as_deref()), attendee.role.name())
    });
    let mut text = format!("meeting as {}{}: {}", state.role.name(), policy(&state.policy), list(people));
    if !state.hands.is_empty() {
        text += &format!("; hands {}", list(state.hands.iter().map(|hand| words.who(&hand.person))));
    }
    if let Some(person) = &state.spotlight {
        text += &format!("; light on {}", words.who(person));
    }
    if state.paused {
        text += "; paused";
    }
    if !state.waiting.is_empty() {
        let waiting = state.waiting.iter().map(|knocker| {
            let picture = picture(knocker.avatar.as_deref());
            format!("{}{picture} {}", words.who(&knocker.person), knocker.role.name())
        });
        text += &format!("; at the door {}", list(waiting));
    }
    if !state.invited.is_empty() {
        let invited = state.invited.iter().map(|invitee| {
            let who = words.who(&proto::Person::Account(invitee.account));
            format!("{who} {:?}", invitee.answer).to_lowercase()
        });
        text += &format!("; invited {}", list(invited));
    }
    if !state.marks.is_empty() {
        let marks = state.marks.iter().map(|mark| {
            let cause = mark.cause.map(|cause| format!(" {}", cause.name())).unwrap_or_default();
            let unheard = mark.unheard.map(|why| format!(" unheard {why:?}").to_lowercase()).unwrap_or_default();
            let smaller = if mark.smaller { " smaller" } else { "" };
            format!("{}{cause}{unheard}{smaller}", words.called(&mark.identity))
        });
        text += &format!("; bad {}", list(marks));
    }
    text
}

fn picture(avatar: Option<&str>) -> String {
    avatar.map(|avatar| format!(" seen as {avatar}")).unwrap_or_default()
}

/// What differs from the policy of a room that somebody owns.
fn policy(policy: &Policy) -> String {
    let usual = Policy::OWNED;
    let mut words = Vec::new();
    if policy.lobby != usual.lobby {
        words.push(format!("lobby {:?}", policy.lobby).to_lowercase());
    }
    let flags = [
        (policy.locked, false, "locked"),
        (policy.guests, true, "members only"),
        (policy.microphone, true, "no microphone"),
        (policy.camera, true, "no camera"),
        (policy.share, true, "no share"),
        (policy.chat, true, "no chat"),
        (policy.history, true, "no history"),
    ];
    words.extend(flags.into_iter().filter(|(is, usual, _)| is != usual).map(|(_, _, word)| word.to_owned()));
    if words.is_empty() { String::new() } else { format!(" [{}]", words.join(", ")) }
}

pub fn answered(words: &Words, answer: &Answer) -> String {
    match answer {
        Answer::Role(role) => format!("is {role:?}"),
        Answer::Knock(Ok(Knocked::Admitted(pass))) => format!("admitted {}", passed(words, pass)),
        Answer::Knock(Ok(Knocked::Waiting { host_present: true })) => "waiting, somebody could let in".to_owned(),
        Answer::Knock(Ok(Knocked::Waiting { host_present: false })) => "waiting, nobody could let in".to_owned(),
        Answer::Act(Ok(keeps)) if keeps.is_empty() => "done".to_owned(),
        Answer::Act(Ok(keeps)) => format!("done, keep {}", list(keeps.iter().map(|keep| kept(words, keep)))),
        Answer::Chat(Ok(writer)) => {
            let from = if writer.from == 0 { "the beginning" } else { "the coming" };
            format!("chat as {} {}, from {from}", writer.name, writer.role.name())
        }
        Answer::Knock(Err(refusal)) | Answer::Act(Err(refusal)) | Answer::Chat(Err(refusal)) => {
            format!("refused {}", refusal.code())
        }
        Answer::Door(door) => format!("door {door:?}").to_lowercase(),
        Answer::Running(rooms) => format!(
            "running: {}",
            list(rooms.iter().map(|(name, since, people)| {
                assert!(*since > 0);
                format!(
                    "{name} with {}",
                    list(people.iter().map(|face| format!("{}{}", face.name, picture(face.avatar.as_deref()))))
                )
            }))
        ),
        Answer::Invited(Ok(())) => "done".to_owned(),
        Answer::Invited(Err(refusal)) => format!("refused {}", refusal.code()),
        Answer::Called(Ok(call)) => format!("calls {}", hearing_calls::call(words, call)),
        Answer::Called(Err(refusal)) | Answer::CallActed(Err(refusal)) => format!("refused {}", refusal.code()),
        Answer::Awaited(Ok(())) => "done".to_owned(),
        Answer::Awaited(Err(refusal)) => format!("refused {}", refusal.code()),
        Answer::CallActed(Ok(())) => "done".to_owned(),
        Answer::Measured(Ok(())) => "taken".to_owned(),
        Answer::Measured(Err(refusal)) => format!("refused {}", refusal.code()),
        Answer::Knows(known) => if *known { "known" } else { "unknown" }.to_owned(),
        Answer::Stays(stays) => format!("in with {stays}"),
        Answer::Whereabouts(rooms) => format!("in {}", list(rooms.iter().map(ToString::to_string))),
        Answer::Done => "told".to_owned(),
        Answer::Present(_) | Answer::Counts(_) => panic!("answered elsewhere"),
    }
}

fn kept(words: &Words, keep: &Keep) -> String {
    match keep {
        Keep::Policy(is) => format!("policy{}", policy(is)),
        Keep::Role(person, role) => format!("{} as {}", words.who(person), role.name()),
        Keep::Ban(person, name) if *name == words.who(person) => format!("{name} out"),
        Keep::Ban(person, name) => format!("{} named {name} out", words.who(person)),
    }
}
