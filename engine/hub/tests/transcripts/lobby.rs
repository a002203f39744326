//! Waiting in the lobby: knocking, being let in or not, and pages that come and go meanwhile.

use crate::harness::check;

#[test]
fn a_guest_waits_until_somebody_lets_them_in() {
    check(
        "
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: attend
        olga <- page: outside
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        olga <- page: meeting as owner: olga owner (d1)
        gina: door
        server <- door knock
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        gina: attend
        gina <- page: waiting, somebody could let in
        olga: do admit gina
        gina <- page: come in, gina~d1 named gina {role=guest}, may publish all
        server <- done
        olga <- page: meeting as owner: olga owner (d1)
        gina: enter
        media <- add gina
        gina <- join standup, others: olga joined {role=owner}
        olga <- update gina joined {role=guest}
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1)
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1)
        gina: knock
        server <- admitted gina~d1 named gina {role=guest}, may publish all
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1)
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1)
        ",
    );
}

#[test]
fn who_comes_early_is_still_held_when_the_host_comes() {
    check(
        "
        gina: knock
        log <- room opened on 0
        server <- waiting, nobody could let in
        gina: attend
        gina <- page: waiting, nobody could let in
        gus: knock
        server <- waiting, nobody could let in
        gus: attend
        gus <- page: waiting, nobody could let in
        + 600s
        olga: knock
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: attend
        olga <- page: outside
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest, gus guest
        gina <- page: waiting, somebody could let in
        gus <- page: waiting, somebody could let in
        olga: do admit-all
        gina <- page: come in, gina~d1 named gina {role=guest}, may publish all
        gus <- page: come in, gus~d1 named gus {role=guest}, may publish all
        server <- done
        olga <- page: meeting as owner: olga owner (d1)
        gus: enter
        media <- add gus
        gus <- join standup, others: olga joined {role=owner}
        olga <- update gus joined {role=guest}
        olga <- page: meeting as owner: olga owner (d1), gus guest (d1)
        gus <- page: meeting as guest: olga owner (d1), gus guest (d1)
        olga: leave
        olga <- closed
        gus <- update olga disconnected CLIENT_INITIATED
        media <- remove olga
        olga <- page: outside
        gus <- page: meeting as guest: gus guest (d1)
        + 20s
        gus <- room_update 1 in, 0 publishing
        ",
    );
}

#[test]
fn who_is_denied_may_knock_again() {
    check(
        "
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: attend
        olga <- page: outside
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        olga <- page: meeting as owner: olga owner (d1)
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        gina: attend
        gina <- page: waiting, somebody could let in
        olga: do deny gina
        gina <- page: denied
        server <- done
        olga <- page: meeting as owner: olga owner (d1)
        olga: do deny gina
        server <- refused not_found
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        gina <- page: waiting, somebody could let in
        gina: attend
        gina <- page: waiting, somebody could let in
        ",
    );
}

#[test]
fn a_knock_that_no_page_attends_is_forgotten_after_thirty_seconds() {
    check(
        "
        gina: knock
        log <- room opened on 0
        server <- waiting, nobody could let in
        + 29s
        + 1s
        gina: attend
        gina <- page: outside
        + 20s
        log <- room closed
        ",
    );
}

#[test]
fn a_page_that_is_lost_may_come_back_within_thirty_seconds() {
    check(
        "
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: attend
        olga <- page: outside
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        olga <- page: meeting as owner: olga owner (d1)
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        gina: attend
        gina <- page: waiting, somebody could let in
        gina: lose-line
        + 29s
        olga <- room_update 1 in, 0 publishing
        gina: attend
        gina <- page: waiting, somebody could let in
        + 60s
        media <- remove olga
        olga <- leave JOIN_FAILURE DISCONNECT
        olga <- closed
        olga <- page: outside
        gina <- page: waiting, nobody could let in
        gina: lose-line
        + 30s
        ",
    );
}

#[test]
fn who_stops_waiting_has_taken_the_knock_back() {
    check(
        "
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: attend
        olga <- page: outside
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        olga <- page: meeting as owner: olga owner (d1)
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        gina: attend
        gina <- page: waiting, somebody could let in
        gina2: attend
        gina2 <- page: waiting, somebody could let in
        gina: quit
        gina2: quit
        olga <- page: meeting as owner: olga owner (d1)
        olga: do admit gina
        server <- refused not_found
        gina: attend
        gina <- page: outside
        gina: quit
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        ",
    );
}

#[test]
fn a_room_ends_soon_after_the_last_who_waited_gave_up() {
    check(
        "
        gina: knock
        log <- room opened on 0
        server <- waiting, nobody could let in
        gina: attend
        gina <- page: waiting, nobody could let in
        + 60s
        gina: quit
        + 20s
        log <- room closed
        ",
    );
}

#[test]
fn who_was_let_in_and_quits_the_page_stays_in() {
    check(
        "
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: attend
        olga <- page: outside
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        olga <- page: meeting as owner: olga owner (d1)
        olga: quit
        olga: attend
        olga <- page: meeting as owner: olga owner (d1)
        ",
    );
}

#[test]
fn who_was_let_in_without_a_page_is_told_when_it_comes_back() {
    check(
        "
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: attend
        olga <- page: outside
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        olga <- page: meeting as owner: olga owner (d1)
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        gina: attend
        gina <- page: waiting, somebody could let in
        gina: lose-line
        olga: do admit gina
        server <- done
        olga <- page: meeting as owner: olga owner (d1)
        gina: attend
        gina <- page: come in, gina~d1 named gina {role=guest}, may publish all
        gina: attend
        gina <- page: outside
        ",
    );
}

#[test]
fn every_page_of_somebody_is_let_in_under_an_identity_of_its_own() {
    check(
        "
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: attend
        olga <- page: outside
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        olga <- page: meeting as owner: olga owner (d1)
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        gina: attend
        gina <- page: waiting, somebody could let in
        gina2: attend
        gina2 <- page: waiting, somebody could let in
        olga: do admit gina
        gina <- page: come in, gina~d1 named gina {role=guest}, may publish all
        gina2 <- page: come in, gina~d11 named gina {role=guest}, may publish all
        server <- done
        olga <- page: meeting as owner: olga owner (d1)
        ",
    );
}

#[test]
fn a_lobby_that_holds_fewer_lets_the_others_in() {
    check(
        "
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: attend
        olga <- page: outside
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        olga <- page: meeting as owner: olga owner (d1)
        olga: do lobby everyone
        server <- done, keep policy [lobby everyone]
        olga <- page: meeting as owner [lobby everyone]: olga owner (d1)
        mia: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner [lobby everyone]: olga owner (d1); at the door mia member
        mia: attend
        mia <- page: waiting, somebody could let in
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner [lobby everyone]: olga owner (d1); at the door mia member, gina guest
        gina: attend
        gina <- page: waiting, somebody could let in
        olga: do lobby guests
        mia <- page: come in, mia~d1 named mia {role=member}, may publish all
        server <- done, keep policy
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        olga: do lobby off
        gina <- page: come in, gina~d1 named gina {role=guest}, may publish all
        server <- done, keep policy [lobby off]
        olga <- page: meeting as owner [lobby off]: olga owner (d1)
        gus: knock
        server <- admitted gus~d1 named gus {role=guest}, may publish all
        olga <- page: meeting as owner [lobby off]: olga owner (d1)
        ",
    );
}

#[test]
fn people_are_seen_with_the_pictures_of_their_accounts() {
    check(
        "
        olga: knock picture=/lamp
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: attend picture=/lamp
        olga <- page: outside
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        olga <- page: meeting as owner: olga seen as /lamp owner (d1)
        gina: knock picture=/moth
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga seen as /lamp owner (d1); at the door gina seen as /moth guest
        server: running
        server <- running: standup with olga seen as /lamp
        olga: attend picture=/lantern
        olga <- page: meeting as owner: olga seen as /lantern owner (d1); at the door gina seen as /moth guest
        olga <- page: meeting as owner: olga seen as /lantern owner (d1); at the door gina seen as /moth guest
        ",
    );
}
