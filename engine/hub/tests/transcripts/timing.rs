//! What happens by itself when time passes.

use crate::harness::check;

#[test]
fn empty_room_ends_after_its_time_out() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        ann: leave
        ann <- closed
        media <- remove ann
        + 19s
        bob: join standup
        media <- add bob
        bob <- join standup, others: none
        bob: leave
        bob <- closed
        media <- remove bob
        + 19s
        + 1s
        log <- room closed
        server: counts
        server <- 0 rooms, 0 participants, 0 tracks, 0 subscriptions
        bob2: join standup as bob
        log <- room opened on 0
        media <- add bob
        bob2 <- join standup, others: none
        ",
    );
}

#[test]
fn newcomer_whose_media_never_connects_is_removed() {
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
        media: connected bob
        ann <- update bob active
        + 60s
        ann <- room_update 2 in, 0 publishing
        bob <- room_update 2 in, 0 publishing
        bob <- update ann disconnected JOIN_FAILURE
        media <- remove ann
        ann <- leave JOIN_FAILURE DISCONNECT
        ann <- closed
        ",
    );
}

#[test]
fn pings_are_answered_and_missed() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        media: connected ann
        ann: ping
        ann <- pong
        ann: ping_req
        ann <- pong_resp 5
        + 14s
        ann <- room_update 1 in, 0 publishing
        ann: ping_req
        ann <- pong_resp 5
        + 14s
        + 1s
        ann <- closed
        # media lives: the seat is kept
        ann2: resume standup as ann
        ann2 <- reconnect
        ann2 <- update ann active
        ann2 <- room_update 1 in, 0 publishing
        ann2 <- speakers_changed ann silent
        ann2 <- token for standup as ann
        ",
    );
}

#[test]
fn who_never_pings_is_not_expected_to() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        media: connected ann
        + 200s
        ann <- room_update 1 in, 0 publishing
        ",
    );
}

#[test]
fn token_is_renewed_while_the_socket_is_open() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        media: connected ann
        ann: become name=Anna
        ann <- update ann active name=Anna
        ann <- request_response 9 OK
        + 300s
        ann <- room_update 1 in, 0 publishing
        ann <- token for standup as Anna
        + 300s
        ann <- token for standup as Anna
        ann: gone
        + 300s
        ",
    );
}
