//! Coming back after long: a seat that is kept for minutes, a page that was closed, a server that was started anew.

use crate::harness::check;

#[test]
fn a_seat_is_kept_for_five_minutes_and_so_is_its_room() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        media: connected ann
        ann: gone
        media: disconnected ann
        + 299s
        server: counts
        server <- 1 rooms, 1 participants, 0 tracks, 0 subscriptions
        ann2: join standup as ann
        media <- remove ann
        media <- add ann
        ann2 <- join standup, others: none
        media: connected ann2
        ann2: gone
        media: disconnected ann2
        + 301s
        media <- remove ann2
        server: counts
        server <- 1 rooms, 0 participants, 0 tracks, 0 subscriptions
        + 20s
        log <- room closed
        server: counts
        server <- 0 rooms, 0 participants, 0 tracks, 0 subscriptions
        ",
    );
}

#[test]
fn a_page_that_was_closed_is_no_ghost_for_long() {
    check(
        "
        given: ann: join standup; media: connected ann; bob: join standup; media: connected bob
        ann: gone closed
        + 12s
        bob <- room_update 2 in, 0 publishing
        media: disconnected ann
        + 15s
        bob <- update ann disconnected CONNECTION_TIMEOUT
        media <- remove ann
        ",
    );
}

#[test]
fn who_came_back_and_is_lost_again_before_media_flows_is_still_waited_for() {
    check(
        "
        given: ann: join standup; media: connected ann; bob: join standup; media: connected bob
        + 1s
        ann <- room_update 2 in, 0 publishing
        bob <- room_update 2 in, 0 publishing
        ann2: join standup as ann
        media <- remove ann
        ann <- leave DUPLICATE_IDENTITY DISCONNECT
        ann <- closed
        media <- add ann
        ann2 <- join standup, others: bob active
        bob <- update ann disconnected DUPLICATE_IDENTITY, ann2 joined
        ann2: gone
        + 100s
        bob <- room_update 2 in, 0 publishing
        ann3: resume standup as ann2
        ann3 <- reconnect
        ann3 <- update ann2 active, bob active
        ann3 <- room_update 2 in, 0 publishing
        ann3 <- speakers_changed bob silent, ann2 silent
        ann3 <- token for standup as ann
        ann3: gone
        + 301s
        bob <- token for standup as bob
        bob <- update ann2 disconnected CONNECTION_TIMEOUT
        media <- remove ann2
        bob <- room_update 1 in, 0 publishing
        ",
    );
}

#[test]
fn a_new_page_takes_the_place_of_one_that_was_lost() {
    check(
        "
        given: mia: knock; enter; media: connected mia; olga: knock; enter; attend; media: connected olga
        + 1s
        mia <- room_update 2 in, 0 publishing
        olga <- room_update 2 in, 0 publishing
        mia: gone
        media: disconnected mia
        + 1s
        mia2: knock
        server <- admitted mia~d2 named mia {role=member}, may publish all
        olga <- page: meeting as owner: mia member (d1), olga owner (d1)
        mia2: enter
        media <- remove mia
        media <- add mia2
        mia2 <- join standup, others: olga active {role=owner}
        olga <- update mia disconnected DUPLICATE_IDENTITY, mia2 joined {role=member}
        olga <- page: meeting as owner: olga owner (d1), mia member (d2)
        ",
    );
}

#[test]
fn a_server_that_was_started_anew_knows_who_was_let_in_as_what_and_keeps_their_seats() {
    check(
        "
        given: olga: knock; enter; attend; media: connected olga; gina: knock; attend; olga: do admit gina; gina: enter; media: connected gina
        given: olga: do promote gina; olga: do rename gina Georgina; gina: do hand up; olga: do spotlight gina; olga: do pause
        + 1s
        olga <- room_update 2 in, 0 publishing
        gina <- room_update 2 in, 0 publishing
        server: restarts
        log <- room opened on 0
        log <- room goes on, 2 seats kept
        olga: attend
        olga <- page: meeting as owner: olga owner (d1), gina named Georgina host (d1); hands gina; light on gina; paused; bad olga lost, gina lost
        olga: enter
        media <- remove a kept seat
        media <- add olga
        olga <- join standup, others: gina active name=Georgina {hand=up, role=host}
        olga <- connection_quality gina LOST
        olga <- page: meeting as owner: gina named Georgina host (d1), olga owner (d1); hands gina; light on gina; paused; bad gina lost
        gina: enter
        media <- remove gina
        media <- add gina
        gina <- join standup, others: olga joined {role=owner}
        olga <- update gina disconnected DUPLICATE_IDENTITY, gina joined name=Georgina {hand=up, role=host}
        olga <- page: meeting as owner: olga owner (d1), gina named Georgina host (d1); hands gina; light on gina; paused
        gina: attend
        gina <- page: meeting as host: olga owner (d1), gina named Georgina host (d1); hands gina; light on gina; paused
        olga: do lower gina
        olga <- update gina joined name=Georgina {role=host}
        gina <- update gina joined name=Georgina {role=host}
        server <- done
        olga <- page: meeting as owner: olga owner (d1), gina named Georgina host (d1); light on gina; paused
        gina <- page: meeting as host: olga owner (d1), gina named Georgina host (d1); light on gina; paused
        ",
    );
}

#[test]
fn after_a_restart_who_was_let_in_need_not_knock_again_and_who_was_sent_out_may_not_use_an_old_token() {
    check(
        "
        given: olga: knock; enter; attend; media: connected olga
        given: gina: knock; attend; olga: do admit gina; gina: enter; leave
        given: gary: knock; attend; olga: do admit gary; gary: enter; olga: do remove gary
        given: greg: knock; attend; olga: do admit greg; greg: enter; olga: do to-lobby greg
        given: gwen: knock; attend; olga: do admit gwen
        server: restarts
        log <- room opened on 0
        log <- room goes on, 1 seats kept
        gina: knock
        server <- admitted gina~d1 named gina {role=guest}, may publish all
        gary: enter
        log <- refused gary removed
        gary <- leave PARTICIPANT_REMOVED DISCONNECT
        gary <- closed
        gary: knock
        server <- waiting, somebody could let in
        greg: enter
        log <- refused greg removed
        greg <- leave PARTICIPANT_REMOVED DISCONNECT
        greg <- closed
        gwen: enter
        media <- add gwen
        gwen <- join standup, others: olga active {role=owner}
        gwen <- connection_quality olga LOST
        ",
    );
}

#[test]
fn a_meeting_to_which_nobody_comes_back_after_a_restart_ends() {
    check(
        "
        given: olga: knock; enter; media: connected olga
        server: restarts
        log <- room opened on 0
        log <- room goes on, 1 seats kept
        + 299s
        server: counts
        server <- 1 rooms, 1 participants, 0 tracks, 0 subscriptions
        + 1s
        media <- remove a kept seat
        + 20s
        log <- room closed
        server: restarts
        server: counts
        server <- 0 rooms, 0 participants, 0 tracks, 0 subscriptions
        ",
    );
}

#[test]
fn what_was_paused_in_a_meeting_that_ended_is_not_paused_in_the_next() {
    check(
        "
        given: olga: knock; enter; media: connected olga; olga: do pause; leave
        + 21s
        log <- room closed
        server: restarts
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        olga: attend
        olga <- page: meeting as owner: olga owner (d1)
        ",
    );
}
