//! Who may do what in a meeting: every act of the protocol by everybody there is. An act that is not listed fails.

use std::time::Instant;

use hub::{Answer, Config, Hub, Input, Output};
use proto::{api::Act, time::Calendar};

use crate::{script, words::Words};

/// The people: `olga` owner, `hugo` host, `mia` member, `gina` guest, `wim` waits, `otto` outside, `rita` removed.
const PEOPLE: [&str; 7] = ["olga", "hugo", "mia", "gina", "wim", "otto", "rita"];

/// Every act as a transcript says it, with what it does to a guest and to the owner where it is done to somebody.
const ACTS: [&str; 39] = [
    "hand up",
    "react 👍",
    "admit wim",
    "admit-all",
    "deny wim",
    "lock",
    "lobby off",
    "allow share",
    "forbid share",
    "mute gus microphone",
    "mute olga microphone",
    "mute-all",
    "ask gus",
    "ask olga",
    "ask-all",
    "stop-cameras",
    "lower gus",
    "lower olga",
    "lower-all",
    "promote gus",
    "demote hugo",
    "demote olga",
    "rename gus Gustav",
    "rename olga Nobody",
    "remove gus",
    "remove olga",
    "ban gus",
    "ban olga",
    "spotlight gus",
    "spotlight olga",
    "spotlight nobody",
    "pause",
    "resume",
    "to-lobby gus",
    "to-lobby olga",
    "to-lobby hugo",
    "hand-over gus",
    "move-here mia d1",
    "end",
];

const TABLE: &str = "
                      olga        hugo        mia         gina        wim         otto        rita
hand up               yes         yes         yes         yes         not_in      not_in      not_in
react 👍               yes         yes         yes         yes         not_in      not_in      not_in
admit wim             yes         yes         not_allowed not_allowed not_in      not_in      not_in
admit-all             yes         yes         not_allowed not_allowed not_in      not_in      not_in
deny wim              yes         yes         not_allowed not_allowed not_in      not_in      not_in
lock                  yes         yes         not_allowed not_allowed not_in      not_in      not_in
lobby off             yes         yes         not_allowed not_allowed not_in      not_in      not_in
allow share           yes         yes         not_allowed not_allowed not_in      not_in      not_in
forbid share          yes         yes         not_allowed not_allowed not_in      not_in      not_in
mute gus microphone   yes         yes         not_allowed not_allowed not_in      not_in      not_in
mute olga microphone  yes         not_allowed not_allowed not_allowed not_in      not_in      not_in
mute-all              yes         yes         not_allowed not_allowed not_in      not_in      not_in
ask gus               yes         yes         not_allowed not_allowed not_in      not_in      not_in
ask olga              yes         yes         not_allowed not_allowed not_in      not_in      not_in
ask-all               yes         yes         not_allowed not_allowed not_in      not_in      not_in
stop-cameras          yes         yes         not_allowed not_allowed not_in      not_in      not_in
lower gus             yes         yes         not_allowed not_allowed not_in      not_in      not_in
lower olga            yes         yes         not_allowed not_allowed not_in      not_in      not_in
lower-all             yes         yes         not_allowed not_allowed not_in      not_in      not_in
promote gus           yes         not_allowed not_allowed not_allowed not_in      not_in      not_in
demote hugo           yes         not_allowed not_allowed not_allowed not_in      not_in      not_in
demote olga           not_allowed not_allowed not_allowed not_allowed not_in      not_in      not_in
rename gus Gustav     yes         yes         not_allowed not_allowed not_in      not_in      not_in
rename olga Nobody    yes         not_allowed not_allowed not_allowed not_in      not_in      not_in
remove gus            yes         yes         not_allowed not_allowed not_in      not_in      not_in
remove olga           yes         not_allowed not_allowed not_allowed not_in      not_in      not_in
ban gus               yes         yes         not_allowed not_allowed not_in      not_in      not_in
ban olga              yes         not_allowed not_allowed not_allowed not_in      not_in      not_in
spotlight gus         yes         yes         not_allowed not_allowed not_in      not_in      not_in
spotlight olga        yes         yes         not_allowed not_allowed not_in      not_in      not_in
spotlight nobody      yes         yes         not_allowed not_allowed not_in      not_in      not_in
pause                 yes         yes         not_allowed not_allowed not_in      not_in      not_in
resume                yes         yes         not_allowed not_allowed not_in      not_in      not_in
to-lobby gus          yes         yes         not_allowed not_allowed not_in      not_in      not_in
to-lobby olga         not_allowed not_allowed not_allowed not_allowed not_in      not_in      not_in
to-lobby hugo         not_allowed not_allowed not_allowed not_allowed not_in      not_in      not_in
hand-over gus         yes         not_allowed not_allowed not_allowed not_in      not_in      not_in
move-here mia d1      not_allowed not_allowed yes         not_allowed not_in      not_in      not_in
end                   yes         yes         not_allowed not_allowed not_in      not_in      not_in
";

#[test]
fn everybody_may_do_what_the_table_says_and_no_more() {
    let mut table = format!("\n{:22}{}\n", "", PEOPLE.map(|who| format!("{who:12}")).concat().trim_end());
    for act in ACTS {
        let row = PEOPLE.map(|who| format!("{:12}", outcome(who, act))).concat();
        table += &format!("{act:22}{}\n", row.trim_end());
    }
    assert_eq!(TABLE, table, "the table is now:\n{table}");
}

/// The compiler asks for a line here when there is a new act; the test below asks for one in the table then.
fn name(act: &Act) -> &'static str {
    match act {
        Act::Hand { .. } => "hand",
        Act::React { .. } => "react",
        Act::Admit { .. } => "admit",
        Act::AdmitAll => "admit-all",
        Act::Deny { .. } => "deny",
        Act::Lock { .. } => "lock",
        Act::Lobby { .. } => "lobby",
        Act::Allow { on: true, .. } => "allow",
        Act::Allow { on: false, .. } => "forbid",
        Act::Mute { .. } => "mute",
        Act::MuteAll => "mute-all",
        Act::AskToUnmute { person: Some(_) } => "ask",
        Act::AskToUnmute { person: None } => "ask-all",
        Act::StopCameras => "stop-cameras",
        Act::LowerHand { .. } => "lower",
        Act::LowerHands => "lower-all",
        Act::Promote { .. } => "promote",
        Act::Demote { .. } => "demote",
        Act::Rename { .. } => "rename",
        Act::Remove { may_return: true, .. } => "remove",
        Act::Remove { may_return: false, .. } => "ban",
        Act::Spotlight { .. } => "spotlight",
        Act::Pause { on: true } => "pause",
        Act::Pause { on: false } => "resume",
        Act::MoveToLobby { .. } => "to-lobby",
        Act::HandOver { .. } => "hand-over",
        Act::MoveHere { .. } => "move-here",
        Act::EndForAll => "end",
    }
}

/// As many as `name` tells apart.
const NAMES: usize = 28;

#[test]
fn every_act_is_in_the_table() {
    let listed: std::collections::BTreeSet<&str> = ACTS
        .iter()
        .map(|act| {
            let Input::Ask { question: hub::Question::Act { act: made, .. }, .. } =
                script::input(&mut Words::default(), &format!("olga: do {act}"))
            else {
                panic!("{act} is no act");
            };
            let name = name(&made);
            assert_eq!(act.split(' ').next(), Some(name));
            name
        })
        .collect();
    assert_eq!(listed.len(), NAMES);
}

/// What becomes of an act in a meeting that has just begun.
fn outcome(who: &str, act: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "a first instant; no other is needed")]
    let now = Instant::now();
    let mut hub = Hub::new(Config::default(), now, Calendar::new(now, 1_700_000_000_000), 7);
    let mut words = Words::default();
    let mut last = None;
    let mut play = |line: &str| {
        hub.handle(now, script::input(&mut words, line));
        while let Some(output) = hub.poll_output() {
            if let Output::Answer { answer: Answer::Act(done), .. } = output {
                last = Some(done);
            }
        }
    };
    for line in ["olga: knock", "olga: enter", "hugo: knock", "hugo: enter", "mia: knock", "mia: enter"] {
        play(line);
    }
    for guest in ["gina", "gus", "rita"] {
        for line in [format!("{guest}: knock"), format!("olga: do admit {guest}"), format!("{guest}: enter")] {
            play(&line);
        }
    }
    for line in ["olga: do ban rita", "wim: knock", "wim: attend", "otto: attend", "rita: attend"] {
        play(line);
    }
    play(&format!("{who}: do {act}"));
    match last.expect("every act is answered") {
        Ok(_) => "yes".to_owned(),
        Err(refusal) => refusal.code().to_owned(),
    }
}
