//! Tickets: what opens the room again, and what is no way around the door.

use crate::harness::check;

#[test]
fn after_a_restart_a_token_of_ours_opens_the_room_again() {
    check(
        "
        stored: no-share
        given: gina: attend; enter
        gina: publish screen
        gina <- request_response 0 NOT_ALLOWED add_track
        log <- refused gina not_allowed
        mia: knock
        server <- admitted mia~d1 named mia {role=member}, may publish camera+microphone
        gina <- page: meeting as guest [no share]: gina guest (d1)
        ",
    );
}

#[test]
fn an_old_token_is_no_way_around_the_lobby() {
    check(
        "
        given: olga: knock; attend; enter
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        gina: attend
        gina <- page: waiting, somebody could let in
        gina: enter
        log <- refused gina not_allowed
        gina <- leave JOIN_FAILURE DISCONNECT
        gina <- closed
        ",
    );
}

#[test]
fn a_ticket_that_nobody_uses_is_no_way_around_the_lock() {
    check(
        "
        stored: lobby=off
        given: olga: knock; enter; attend
        gina: knock
        server <- admitted gina~d1 named gina {role=guest}, may publish all
        olga <- page: meeting as owner [lobby off]: olga owner (d1)
        gina: attend
        gina <- page: outside
        gina: may-read
        server <- refused not_in
        gina: may-write
        server <- refused not_in
        gina: do hand up
        server <- refused not_in
        olga: wrote hello
        olga <- page: olga wrote hello
        server <- told
        olga: do lock
        server <- done, keep policy [lobby off, locked]
        olga <- page: meeting as owner [lobby off, locked]: olga owner (d1)
        gina: door
        server <- door locked
        gina: knock
        server <- refused locked
        gina: enter
        log <- refused gina removed
        gina <- leave PARTICIPANT_REMOVED DISCONNECT
        gina <- closed
        olga: do unlock
        server <- done, keep policy [lobby off]
        olga <- page: meeting as owner [lobby off]: olga owner (d1)
        gina: knock
        server <- admitted gina~d1 named gina {role=guest}, may publish all
        olga <- page: meeting as owner [lobby off]: olga owner (d1)
        gina: enter
        media <- add gina
        gina <- join standup, others: olga joined {role=owner}
        olga <- update gina joined {role=guest}
        olga <- page: meeting as owner [lobby off]: olga owner (d1), gina guest (d1)
        gina <- page: meeting as guest [lobby off]: olga owner (d1), gina guest (d1)
        ",
    );
}

#[test]
fn a_lobby_opened_later_holds_those_who_only_took_a_ticket() {
    check(
        "
        stored: lobby=off
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        gina: knock
        server <- admitted gina~d1 named gina {role=guest}, may publish all
        gus: knock
        server <- admitted gus~d1 named gus {role=guest}, may publish all
        gus: enter
        media <- add gus
        gus <- join standup, others: olga joined {role=owner}
        olga <- update gus joined {role=guest}
        mia: knock
        server <- admitted mia~d1 named mia {role=member}, may publish all
        olga: do lobby guests
        server <- done, keep policy
        gina: enter
        log <- refused gina removed
        gina <- leave PARTICIPANT_REMOVED DISCONNECT
        gina <- closed
        gina: knock
        server <- waiting, somebody could let in
        gus: knock
        server <- admitted gus~d1 named gus {role=guest}, may publish all
        mia: enter
        media <- add mia
        mia <- join standup, others: olga joined {role=owner}, gus joined {role=guest}
        olga <- update mia joined {role=member}
        gus <- update mia joined {role=member}
        ",
    );
}

#[test]
fn whom_somebody_let_in_comes_in_although_the_room_is_locked_meanwhile() {
    check(
        "
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        gina: knock
        server <- waiting, somebody could let in
        gina: attend
        gina <- page: waiting, somebody could let in
        olga: do admit gina
        gina <- page: come in, gina~d1 named gina {role=guest}, may publish all
        server <- done
        olga: do lock
        server <- done, keep policy [locked]
        gina: door
        server <- door open
        gina: enter
        media <- add gina
        gina <- join standup, others: olga joined {role=owner}
        olga <- update gina joined {role=guest}
        gina <- page: meeting as guest [locked]: olga owner (d1), gina guest (d1)
        ",
    );
}

#[test]
fn a_ticket_of_a_room_that_ended_opens_no_other_meeting() {
    check(
        "
        stored: lobby=off
        gina: knock
        log <- room opened on 0
        server <- admitted gina~d1 named gina {role=guest}, may publish all
        + 300s
        log <- room closed
        gina: enter
        log <- refused gina removed
        gina <- leave PARTICIPANT_REMOVED DISCONNECT
        gina <- closed
        gina: knock
        log <- room opened on 0
        server <- admitted gina~d1 named gina {role=guest}, may publish all
        gina: enter
        media <- add gina
        gina <- join standup, others: none
        ",
    );
}

#[test]
fn the_store_knows_better_than_a_token_what_an_account_is() {
    check(
        "
        hugo: enter stored member
        log <- room opened on 0
        media <- add hugo
        hugo <- join standup, others: none
        hugo: do lock
        server <- refused not_allowed
        ",
    );
}
