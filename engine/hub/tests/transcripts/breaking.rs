//! What is left of a room that broke, and what of the others.

use crate::harness::check;

#[test]
fn a_ticket_of_a_room_that_broke_opens_no_other_meeting() {
    check(
        "
        stored: lobby=off
        given: olga: knock; enter
        gina: knock
        server <- admitted gina~d1 named gina {role=guest}, may publish all
        server: breaks over standup
        mia: knock
        olga <- leave STATE_MISMATCH RECONNECT
        olga <- closed
        media <- remove olga
        log <- room breaks with 1
        given: olga: enter; do lock
        gina: enter
        log <- refused gina removed
        gina <- leave PARTICIPANT_REMOVED DISCONNECT
        gina <- closed
        ",
    );
}

#[test]
fn a_minute_that_breaks_is_that_rooms_and_no_others() {
    check(
        "
        given: ann: join standup; bob: join retro
        media: connected ann
        media: connected bob
        + 30s
        ann <- room_update 1 in, 0 publishing
        bob <- room_update 1 in, 0 publishing
        server: breaks over standup
        + 31s
        ann <- leave STATE_MISMATCH RECONNECT
        ann <- closed
        media <- remove ann
        log <- room breaks with 1
        server: counts
        server <- 1 rooms, 1 participants, 0 tracks, 0 subscriptions
        ",
    );
}

#[test]
fn a_room_that_breaks_while_it_ends_is_gone() {
    check(
        "
        stored: lobby=off
        given: gina: knock
        server: breaks over standup
        + 300s
        log <- room breaks with 0
        server: counts
        server <- 0 rooms, 0 participants, 0 tracks, 0 subscriptions
        gina: enter
        log <- refused gina removed
        gina <- leave PARTICIPANT_REMOVED DISCONNECT
        gina <- closed
        ",
    );
}

#[test]
fn a_room_that_breaks_over_somebody_whose_account_ends_is_gone() {
    check(
        "
        given: olga: knock; enter
        server: breaks over standup
        server: leave olga
        olga <- leave STATE_MISMATCH RECONNECT
        olga <- closed
        media <- remove olga
        log <- room breaks with 1
        server: counts
        server <- 0 rooms, 0 participants, 0 tracks, 0 subscriptions
        ",
    );
}
