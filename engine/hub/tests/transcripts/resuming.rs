//! Losing a socket, media, or both; and coming back.

use crate::harness::check;

#[test]
fn resume_tells_everything_and_nobody_else_notices() {
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
        media: connected ann
        bob <- update ann active
        ann: publish cam
        media <- expect ann/cam video
        ann <- track_published ann/cam
        media: published ann/cam video/VP8 0
        bob <- update ann active [cam VP8@0]
        media <- subscribe bob ann/cam
        ann: gone
        bob: publish mic
        media <- expect bob/mic audio
        bob <- track_published bob/mic audio/opus
        media: published bob/mic audio/opus 0
        media <- subscribe ann bob/mic
        media: speakers standup bob=0.5
        bob <- speakers_changed bob 0.5
        ann2: resume standup as ann
        ann2 <- reconnect
        ann2 <- update ann active [cam VP8@0], bob joined [mic opus@0]
        ann2 <- room_update 2 in, 2 publishing
        ann2 <- speakers_changed ann silent
        ann2 <- speakers_changed bob 0.5
        ann2 <- token for standup as ann
        ann2: sync drop=bob/mic have=ann/cam have=TR_lost off=bob/mic
        media <- unsubscribe ann bob/mic
        ann2 <- track_unpublished TR_lost
        ann2: offer 3
        media <- offer ann 3
        media: answer ann 3 1=bob/mic
        ann2 <- answer 3 1=bob/mic
        ",
    );
}

#[test]
fn resume_while_the_former_socket_still_looks_alive() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        media: connected ann
        ann2: resume standup as ann
        ann <- closed
        ann2 <- reconnect
        ann2 <- update ann active
        ann2 <- room_update 1 in, 0 publishing
        ann2 <- speakers_changed ann silent
        ann2 <- token for standup as ann
        ann: gone
        ann2: ping
        ann2 <- pong
        ",
    );
}

#[test]
fn resume_of_nobody_or_of_somebody_else_means_to_join_anew() {
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
        ann: leave
        ann <- closed
        bob <- update ann disconnected CLIENT_INITIATED
        media <- remove ann
        ann2: resume standup as ann
        ann2 <- leave STATE_MISMATCH RECONNECT
        ann2 <- closed
        bob2: resume planning as bob
        bob2 <- leave STATE_MISMATCH RECONNECT
        bob2 <- closed
        eve: resume standup stay bob
        eve <- leave STATE_MISMATCH RECONNECT
        eve <- closed
        ann3: join standup as ann
        media <- add ann
        ann3 <- join standup, others: bob joined
        bob <- update ann3 joined
        ",
    );
}

#[test]
fn resume_repeats_which_tracks_may_be_taken() {
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
        ann: publish cam
        media <- expect ann/cam video
        ann <- track_published ann/cam
        media: published ann/cam video/VP8 0
        bob <- update ann joined [cam VP8@0]
        media <- subscribe bob ann/cam
        bob: gone
        ann: permit nobody
        media <- unsubscribe bob ann/cam
        bob2: resume standup as bob
        bob2 <- reconnect
        bob2 <- update bob active, ann joined [cam VP8@0]
        bob2 <- room_update 2 in, 1 publishing
        bob2 <- subscription_permission_update may not take ann/cam
        bob2 <- speakers_changed ann silent, bob silent
        bob2 <- token for standup as bob
        ",
    );
}

#[test]
fn lost_socket_alone_is_forgiven_while_media_lives() {
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
        media: connected ann
        bob <- update ann active
        ann: gone
        + 100s
        bob <- room_update 2 in, 0 publishing
        media <- remove bob
        bob <- leave JOIN_FAILURE DISCONNECT
        bob <- closed
        ",
    );
}

#[test]
fn socket_and_media_lost_ends_the_stay_after_a_while() {
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
        media: connected ann
        bob <- update ann active
        ann: gone
        + 10s
        bob <- room_update 2 in, 0 publishing
        media: disconnected ann
        + 14s
        + 1s
        ",
    );
}

#[test]
fn who_comes_back_in_time_stays() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        media: connected ann
        ann: gone
        media: disconnected ann
        + 10s
        ann2: resume standup as ann
        ann2 <- reconnect
        ann2 <- update ann active
        ann2 <- room_update 1 in, 0 publishing
        ann2 <- speakers_changed ann silent
        ann2 <- token for standup as ann
        + 40s
        media: connected ann
        ",
    );
}

#[test]
fn media_lost_and_socket_lost_later_is_the_same() {
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
        media: connected ann
        bob <- update ann active
        media: disconnected ann
        + 40s
        ann <- room_update 2 in, 0 publishing
        bob <- room_update 2 in, 0 publishing
        ann: gone
        + 14s
        media: connected ann
        + 40s
        ",
    );
}

#[test]
fn socket_lost_before_media_ever_flowed_ends_the_stay_at_once() {
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
        ann: gone
        bob <- update ann disconnected SIGNAL_CLOSE
        media <- remove ann
        ",
    );
}

#[test]
fn refused_offer_sends_the_client_to_join_anew() {
    check(
        "
        ann: join standup offering 1
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        media <- offer ann 1
        bob: join standup
        media <- add bob
        bob <- join standup, others: ann joined
        ann <- update bob joined
        media: refuses ann m-line 3 has no mid
        log <- offer of ann refused: m-line 3 has no mid
        bob <- update ann disconnected MEDIA_FAILURE
        media <- remove ann
        ann <- leave MEDIA_FAILURE RECONNECT
        ann <- closed
        ann2: join standup as ann
        media <- add ann
        ann2 <- join standup, others: bob joined
        bob <- update ann2 joined
        ",
    );
}

#[test]
fn resume_tells_who_left_and_who_fell_silent_meanwhile() {
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
        cat: join standup
        media <- add cat
        cat <- join standup, others: ann joined, bob joined
        ann <- update cat joined
        bob <- update cat joined
        dan: join standup hidden
        media <- add dan hidden
        dan <- join standup, others: ann joined, bob joined, cat joined
        media: connected ann
        bob <- update ann active
        cat <- update ann active
        dan <- update ann active
        media: connected bob
        ann <- update bob active
        cat <- update bob active
        dan <- update bob active
        media: speakers standup cat=0.5 ann=0.5
        ann <- speakers_changed cat 0.5, ann 0.5
        bob <- speakers_changed cat 0.5, ann 0.5
        cat <- speakers_changed cat 0.5, ann 0.5
        dan <- speakers_changed cat 0.5, ann 0.5
        bob: gone
        + 10s
        ann <- room_update 3 in, 0 publishing
        cat <- room_update 3 in, 0 publishing
        dan <- room_update 3 in, 0 publishing
        ann: leave
        ann <- closed
        cat <- update ann disconnected CLIENT_INITIATED
        dan <- update ann disconnected CLIENT_INITIATED
        media <- remove ann
        dan: leave
        dan <- closed
        media <- remove dan
        media: speakers standup cat=0
        cat <- speakers_changed cat silent
        eve: join standup
        media <- add eve
        eve <- join standup, others: bob active, cat joined
        cat <- update eve joined
        + 1s
        cat <- room_update 3 in, 0 publishing
        eve <- room_update 3 in, 0 publishing
        eve: leave
        eve <- closed
        cat <- update eve disconnected CLIENT_INITIATED
        media <- remove eve
        bob2: resume standup as bob
        bob2 <- reconnect
        bob2 <- update ann disconnected CLIENT_INITIATED, eve disconnected CLIENT_INITIATED, bob active, cat joined
        bob2 <- room_update 2 in, 0 publishing
        bob2 <- speakers_changed bob silent, cat silent
        bob2 <- token for standup as bob
        ann2: join standup as ann
        media <- add ann
        ann2 <- join standup, others: bob active, cat joined
        bob2 <- update ann2 joined
        cat <- update ann2 joined
        bob2: gone
        bob3: resume standup as bob
        bob3 <- reconnect
        bob3 <- update eve disconnected CLIENT_INITIATED, bob active, cat joined, ann2 joined
        bob3 <- room_update 3 in, 0 publishing
        bob3 <- speakers_changed bob silent, cat silent, ann2 silent
        bob3 <- token for standup as bob
        + 50s
        bob3 <- room_update 3 in, 0 publishing
        cat <- room_update 3 in, 0 publishing
        ann2 <- room_update 3 in, 0 publishing
        bob3 <- update cat disconnected JOIN_FAILURE
        ann2 <- update cat disconnected JOIN_FAILURE
        media <- remove cat
        cat <- leave JOIN_FAILURE DISCONNECT
        cat <- closed
        bob3 <- room_update 2 in, 0 publishing
        ann2 <- room_update 2 in, 0 publishing
        cat2: join standup as cat
        media <- add cat
        cat2 <- join standup, others: bob active, ann2 joined
        bob3 <- update cat2 joined
        ann2 <- update cat2 joined
        media: connected cat2
        bob3 <- update cat2 active
        ann2 <- update cat2 active
        cat3: resume standup as cat2
        cat2 <- closed
        cat3 <- reconnect
        cat3 <- update cat2 active, bob active, ann2 joined
        cat3 <- room_update 3 in, 0 publishing
        cat3 <- speakers_changed bob silent, ann2 silent, cat2 silent
        cat3 <- token for standup as cat
        ",
    );
}
