//! The end of the server, and messages without consequence.

use crate::harness::check;

#[test]
fn stop_sends_everybody_to_join_anew() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        bob: join standup
        media <- add bob
        bob <- join standup, others: ann joined
        ann <- update bob joined
        carl: join planning
        log <- room opened on 0
        media <- add carl
        carl <- join planning, others: none
        media: connected carl
        carl: gone
        server: stop
        media <- remove ann
        ann <- leave SERVER_SHUTDOWN RECONNECT
        ann <- closed
        media <- remove bob
        bob <- leave SERVER_SHUTDOWN RECONNECT
        bob <- closed
        log <- room closed
        media <- remove carl
        log <- room closed
        dora: join standup
        log <- refused dora stopping
        dora <- leave SERVER_SHUTDOWN RECONNECT
        dora <- closed
        server: counts
        server <- 0 rooms, 0 participants, 0 tracks, 0 subscriptions
        ann: gone
        + 600s
        ",
    );
}

#[test]
fn what_needs_no_answer_gets_none() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        ann: answer
        ann: trickle
        ann: simulate
        ann: prefer TR_nonsense low
        # a socket that nobody joined over
        eve: publish cam
        eve: gone
        ",
    );
}
