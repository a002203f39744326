//! Scenarios as data: who does what, how the network behaves, and what everybody should have noticed.

use std::{collections::BTreeMap, fmt, time::Duration};

use client::{Action, Message};
use proto::{
    Rights,
    media::{Kind, Quality, Wish},
};

use crate::{
    network::{Bottleneck, Conditions},
    person::{Medium, Person},
    world::World,
};

/// One step of a scenario. People are known by name, which is also their identity.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Somebody opens the room; they are inside some time later.
    Join(&'static str),
    /// The same, with fewer rights.
    JoinWith(&'static str, Rights),
    /// The same, taking tracks only by hand, that is never.
    JoinDeaf(&'static str),
    /// Somebody publishes.
    Publish(&'static str, Medium),
    /// Somebody stops publishing.
    Unpublish(&'static str, Medium),
    /// Somebody mutes.
    Mute(&'static str, Medium),
    /// Somebody unmutes.
    Unmute(&'static str, Medium),
    /// Somebody speaks.
    Speak(&'static str),
    /// Somebody falls silent.
    Hush(&'static str),
    /// Somebody wants to see everybody in that quality.
    Prefer(&'static str, Quality),
    /// Somebody wants to see nobody, or everybody again.
    See(&'static str, bool),
    /// What may be sent to somebody, in bit/s; `None` is everything.
    Budget(&'static str, Option<u64>),
    /// Somebody sends a data packet to all, or to one.
    Say {
        /// Who.
        from: &'static str,
        /// To whom; `None` is to all.
        to: Option<&'static str>,
        /// In order and for certain, or at once.
        reliable: bool,
        /// What.
        text: &'static str,
    },
    /// Somebody leaves.
    Leave(&'static str),
    /// Somebody is gone without a word.
    Vanish(&'static str),
    /// The network changes for everybody.
    Conditions(Conditions),
    /// The way to somebody becomes narrow.
    Narrow(&'static str, Bottleneck),
    /// It is wide again.
    Widen(&'static str),
    /// Somebody is cut off: datagrams vanish, signalling waits.
    Cut(&'static str),
    /// The network is whole again for them.
    Heal(&'static str),
    /// Time passes.
    Run(Duration),
    /// All devices stop and everything under way arrives, so that what is missing is lost.
    Quiet,
    /// Accounts begin anew, and devices go on.
    Afresh,
    /// What people should notice now.
    Check(Check),
}

/// What people should notice.
#[derive(Debug, Clone, PartialEq)]
pub enum Check {
    /// Everybody inside sees exactly these people, themselves included.
    Present(&'static [&'static str]),
    /// Everybody gets every track of that kind of everybody else, and at most this share of its packets is missing,
    /// from the first that arrived to the last that was sent.
    All(Kind, f64),
    /// Somebody gets every track of that kind of one other, with at most this share missing.
    Gets {
        /// Who receives.
        by: &'static str,
        /// Who sends.
        of: &'static str,
        /// Sound or pictures.
        kind: Kind,
        /// The share that may be missing.
        missing: f64,
    },
    /// Nobody was without packets of any track that is published and that they take, for longer than this.
    Silence(Duration),
    /// Nobody took longer than this to get a packet of that kind, from the device on.
    Delay(Kind, Duration),
    /// Nothing waited longer than this at somebody's bottleneck.
    Stood(&'static str, Duration),
    /// Somebody gets nothing of another.
    Nothing {
        /// Who receives nothing.
        by: &'static str,
        /// Who sends.
        of: &'static str,
    },
    /// Everybody else sees these people marked as speaking, and nobody beside them.
    Speaking(&'static [&'static str]),
    /// The last packets that somebody got of another's camera were of this layer, lowest is zero.
    Layer {
        /// Who receives.
        by: &'static str,
        /// Who sends.
        of: &'static str,
        /// Which layer.
        layer: u8,
    },
    /// Of so many tracks somebody was told that there is no bandwidth for them.
    Paused(&'static str, usize),
    /// So many layers of each picture somebody makes: the others are wanted by nobody.
    Makes(&'static str, usize),
    /// The same, but of this layer or a lower one.
    AtMost {
        /// Who receives.
        by: &'static str,
        /// Who sends.
        of: &'static str,
        /// Which layer.
        layer: u8,
    },
    /// The data packets that somebody got, in order: from whom and what.
    Heard(&'static str, &'static [(&'static str, &'static str)]),
    /// Somebody was refused something.
    Refused(&'static str),
    /// Somebody's stay has ended although they did not leave.
    Ended(&'static str),
}

/// Where a scenario went wrong. It prints as what a person needs to repeat it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    seed: u64,
    step: usize,
    what: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed {}, step {}: {}", self.seed, self.step, self.what)
    }
}

/// Plays a scenario to its end or to the first thing that is not as it should be.
///
/// # Errors
/// What was not as it should be.
pub fn play(seed: u64, steps: &[Step]) -> Result<World, Failure> {
    let mut world = World::new(seed);
    for (at, step) in steps.iter().enumerate() {
        take(&mut world, step).map_err(|what| Failure { seed, step: at, what: format!("{step:?}: {what}") })?;
    }
    Ok(world)
}

fn take(world: &mut World, step: &Step) -> Result<(), String> {
    match step {
        Step::Join(who) => world.join(who, Rights::FULL, true),
        Step::JoinWith(who, rights) => world.join(who, rights.clone(), true),
        Step::JoinDeaf(who) => world.join(who, Rights::FULL, false),
        Step::Publish(who, medium) => world.publish(who, *medium),
        Step::Unpublish(who, medium) => world.unpublish(who, *medium),
        Step::Mute(who, medium) => world.mute(who, *medium, true),
        Step::Unmute(who, medium) => world.mute(who, *medium, false),
        Step::Speak(who) => world.speak(who, true),
        Step::Hush(who) => world.speak(who, false),
        Step::Prefer(who, quality) => prefer(world, who, Wish { quality: *quality, ..Wish::default() })?,
        Step::See(who, enabled) => prefer(world, who, Wish { enabled: *enabled, ..Wish::default() })?,
        Step::Budget(who, budget) => world.budget(who, *budget),
        Step::Say { from, to, reliable, text } => {
            let message = Message { reliable: *reliable, topic: None, payload: text.as_bytes().to_vec() };
            let to = to.map(|name| name.parse()).transpose().map_err(|e| format!("{e}"))?;
            world.act(from, Action::SendData { message, to: to.into_iter().collect() });
        }
        Step::Leave(who) => world.leave(who),
        Step::Vanish(who) => world.vanish(who),
        Step::Conditions(conditions) => world.conditions(*conditions),
        Step::Narrow(who, bottleneck) => world.narrow(who, Some(*bottleneck)),
        Step::Widen(who) => world.narrow(who, None),
        Step::Cut(who) => world.cut(who),
        Step::Heal(who) => world.heal(who),
        Step::Run(span) => world.run(*span),
        Step::Quiet => {
            world.devices(false);
            world.run(SETTLED);
        }
        Step::Afresh => {
            world.forget();
            world.devices(true);
        }
        Step::Check(check) => return verify(world, check),
    }
    Ok(())
}

fn prefer(world: &mut World, who: &str, wish: Wish) -> Result<(), String> {
    let pictures = person(world, who)?.remote.iter().filter(|(_, kind)| **kind == Kind::Video);
    let tracks: Vec<_> = pictures.map(|(track, _)| *track).collect();
    for track in tracks {
        world.act(who, Action::Prefer { track, wish });
    }
    Ok(())
}

fn verify(world: &World, check: &Check) -> Result<(), String> {
    match check {
        Check::Present(names) => present(world, names),
        Check::All(kind, missing) => pairs(world).try_for_each(|(by, of)| gets(world, by, of, *kind, *missing)),
        Check::Gets { by, of, kind, missing } => gets(world, by, of, *kind, *missing),
        Check::Silence(longest) => pairs(world).try_for_each(|(by, of)| {
            for (flow, medium, _) in person(world, of)?.flows() {
                let account = person(world, by)?.accounts.get(&flow);
                let silence = account.map(|a| a.silence_by(world.now()));
                if silence.is_none_or(|s| s > *longest) {
                    return Err(format!("{by} had {silence:?} of silence of {of}'s {medium:?}"));
                }
            }
            Ok(())
        }),
        Check::Delay(kind, longest) => pairs(world).try_for_each(|(by, of)| {
            for (flow, medium, _) in person(world, of)?.flows().into_iter().filter(|(_, m, _)| m.kind() == *kind) {
                let slowest = person(world, by)?.accounts.get(&flow).map(|account| account.slowest);
                if slowest.is_some_and(|slowest| slowest > *longest) {
                    return Err(format!("{by} got a packet of {of}'s {medium:?} after {slowest:?}"));
                }
            }
            Ok(())
        }),
        Check::Stood(who, longest) => {
            let stood = world.stood(who);
            if stood <= *longest { Ok(()) } else { Err(format!("something waited for {stood:?} before {who}")) }
        }
        Check::Nothing { by, of } => {
            let flows = person(world, of)?.flows();
            let got = flows.iter().find(|(flow, ..)| person(world, by).is_ok_and(|p| p.accounts.contains_key(flow)));
            got.map_or(Ok(()), |(_, medium, _)| Err(format!("{by} got {of}'s {medium:?}")))
        }
        Check::Speaking(names) => world.people().iter().try_for_each(|(by, person)| {
            let mut seen: Vec<&str> = person.speaking.iter().filter_map(|id| world.named(*id)).collect();
            let mut expected: Vec<&str> = names.to_vec();
            // Whether the server tells a speaker of their own level is not our matter here.
            seen.retain(|name| name != by);
            expected.retain(|name| name != by);
            seen.sort_unstable();
            expected.sort_unstable();
            if seen == expected { Ok(()) } else { Err(format!("{by} sees {seen:?} speaking, not {expected:?}")) }
        }),
        Check::AtMost { by, of, layer } => {
            let seen = layers(world, by, of)?;
            let fits = seen.iter().all(|seen| seen.is_none_or(|seen| seen <= *layer));
            if fits { Ok(()) } else { Err(format!("{by} sees {seen:?} of {of}")) }
        }
        Check::Layer { by, of, layer } => {
            let layers = layers(world, by, of)?;
            if layers == [Some(*layer)] { Ok(()) } else { Err(format!("{by} sees {layers:?} of {of}")) }
        }
        Check::Paused(by, expected) => {
            let paused = person(world, by)?.paused.len();
            if paused == *expected { Ok(()) } else { Err(format!("{by} was told that {paused} tracks stopped")) }
        }
        Check::Makes(who, expected) => {
            let makes = person(world, who)?.layers_made();
            let same = makes.iter().all(|layers| layers == expected);
            if same && !makes.is_empty() { Ok(()) } else { Err(format!("{who} makes {makes:?} layers")) }
        }
        Check::Heard(by, expected) => {
            let heard = person(world, by)?.messages.iter();
            let heard: Vec<(String, String)> =
                heard.map(|(from, m)| (from.to_string(), String::from_utf8_lossy(&m.payload).into_owned())).collect();
            let same = heard.iter().map(|(f, t)| (f.as_str(), t.as_str())).eq(expected.iter().copied());
            if same { Ok(()) } else { Err(format!("{by} heard {heard:?}")) }
        }
        Check::Refused(who) => {
            if person(world, who)?.refusals.is_empty() {
                Err(format!("{who} was not refused"))
            } else {
                Ok(())
            }
        }
        Check::Ended(who) => {
            if person(world, who)?.ended.is_some() {
                Ok(())
            } else {
                Err(format!("{who} is still there"))
            }
        }
    }
}

/// The layer that somebody got last of each camera of another.
fn layers(world: &World, by: &str, of: &str) -> Result<Vec<Option<u8>>, String> {
    let flows = person(world, of)?.flows();
    let pictures = flows.iter().filter(|(_, medium, _)| medium.kind() == Kind::Video);
    let accounts = &person(world, by)?.accounts;
    Ok(pictures.map(|(flow, ..)| accounts.get(flow).map(|a| a.layer)).collect())
}

fn present(world: &World, names: &[&str]) -> Result<(), String> {
    for (by, person) in world.people() {
        if !names.contains(&by.as_str()) {
            return Err(format!("{by} should not be inside"));
        }
        if let Some(end) = &person.ended {
            return Err(format!("{by} is out: {end}"));
        }
        if person.me.is_none() {
            return Err(format!("{by} was not let in"));
        }
        if !person.client.is_connected() {
            return Err(format!("{by} has no media connection"));
        }
        let mut seen: Vec<&str> = person.others.values().map(proto::Identity::as_str).collect();
        let mut expected: Vec<&str> = names.iter().copied().filter(|name| name != by).collect();
        seen.sort_unstable();
        expected.sort_unstable();
        if seen != expected {
            return Err(format!("{by} sees {seen:?}, not {expected:?}"));
        }
    }
    let missing = names.iter().find(|name| !world.people().contains_key(**name));
    missing.map_or(Ok(()), |name| Err(format!("{name} is not there")))
}

fn gets(world: &World, by: &str, of: &str, kind: Kind, allowed: f64) -> Result<(), String> {
    let accounts = &person(world, by)?.accounts;
    for (flow, medium, made) in person(world, of)?.flows() {
        if medium.kind() != kind {
            continue;
        }
        let Some(account) = accounts.get(&flow) else { return Err(format!("{by} got nothing of {of}'s {medium:?}")) };
        // A subscriber gets one layer at a time, so of several layers only the RTP numbers are without gaps.
        let account = match made.as_slice() {
            [made] => {
                let mut account = account.layers.get(&0).cloned().unwrap_or_default();
                account.ended(u64::from(made.saturating_sub(1)));
                account
            }
            _ => account.stream.clone(),
        };
        let missing = account.lost() as f64 / account.expected().max(1) as f64;
        if missing > allowed {
            let (lost, expected) = (account.lost(), account.expected());
            let which: Vec<u64> = account.missing().take(10).collect();
            return Err(format!("{by} misses {lost} of {expected} packets of {of}'s {medium:?}: {which:?}"));
        }
    }
    Ok(())
}

fn pairs(world: &World) -> impl Iterator<Item = (&str, &str)> {
    let people: &BTreeMap<String, Person> = world.people();
    let inside = || people.iter().filter(|(_, p)| p.me.is_some()).map(|(name, _)| name.as_str());
    inside().flat_map(move |by| inside().filter(move |of| *of != by).map(move |of| (by, of)))
}

fn person<'a>(world: &'a World, name: &str) -> Result<&'a Person, String> {
    world.people().get(name).ok_or_else(|| format!("{name} is not there"))
}

/// How long everything under way may take to arrive: several round trips of the slowest network in use, with
/// retransmission of what was retransmitted.
const SETTLED: Duration = Duration::from_secs(2);
