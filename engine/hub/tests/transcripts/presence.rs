//! Coming, being seen, changing one's name, and leaving.

use crate::harness::check;

#[test]
fn two_people_meet_and_part() {
    check(
        "
        ann: join standup offering 1
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        media <- offer ann 1
        bob: join standup offering 1
        media <- add bob
        bob <- join standup, others: ann joined
        ann <- update bob joined
        media <- offer bob 1
        media: answer bob 1
        bob <- answer 1 none
        media: connected bob
        ann <- update bob active
        media: connected ann
        bob <- update ann active
        + 1s
        ann <- room_update 2 in, 0 publishing
        bob <- room_update 2 in, 0 publishing
        server: who standup
        server <- present: ann name=ann, bob name=bob
        server: counts
        server <- 1 rooms, 2 participants, 0 tracks, 0 subscriptions
        bob: leave
        bob <- closed
        ann <- update bob disconnected CLIENT_INITIATED
        media <- remove bob
        + 1s
        ann <- room_update 1 in, 0 publishing
        server: who standup
        server <- present: ann name=ann
        ",
    );
}

#[test]
fn same_identity_again_replaces_the_first() {
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
        ann: publish cam
        media <- expect ann/cam video
        ann <- track_published ann/cam
        media: published ann/cam video/VP8 0
        bob <- update ann joined [cam VP8@0]
        media <- subscribe bob ann/cam
        ann2: join standup as ann
        media <- remove ann
        ann <- leave DUPLICATE_IDENTITY DISCONNECT
        ann <- closed
        media <- add ann
        ann2 <- join standup, others: bob joined
        bob <- update ann disconnected DUPLICATE_IDENTITY, ann2 joined
        # the first socket's end, and what was still on its way, change nothing
        ann: publish mic
        ann: gone
        + 1s
        bob <- room_update 2 in, 0 publishing
        ann2 <- room_update 2 in, 0 publishing
        ",
    );
}

#[test]
fn hidden_participant_sees_and_is_not_seen() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        eve: join standup hidden without publish
        media <- add eve hidden
        eve <- join standup, only to watch, others: ann joined
        media: connected eve
        ann: publish cam
        media <- expect ann/cam video
        ann <- track_published ann/cam
        media: published ann/cam video/VP8 0
        eve <- update ann joined [cam VP8@0]
        media <- subscribe eve ann/cam
        media: speakers standup ann=0.5 eve=0.3
        ann <- speakers_changed ann 0.5
        eve <- speakers_changed ann 0.5, eve 0.3
        media: quality standup ann=good eve=poor
        ann <- connection_quality ann GOOD
        eve <- connection_quality ann GOOD, eve POOR
        eve: become hand=up
        eve <- update eve active {hand=up}
        eve <- request_response 9 OK
        + 1s
        ann <- room_update 1 in, 1 publishing
        eve <- room_update 1 in, 1 publishing
        server: who standup
        server <- present: ann name=ann
        eve: leave
        eve <- closed
        media <- remove eve
        + 1s
        ann <- room_update 1 in, 1 publishing
        ",
    );
}

#[test]
fn tracks_of_a_hidden_participant_cannot_be_taken_by_guessing() {
    check(
        "
        eve: join standup hidden
        log <- room opened on 0
        media <- add eve hidden
        eve <- join standup, others: none
        bob: join standup
        media <- add bob
        bob <- join standup, others: none
        eve <- update bob joined
        eve: publish cam
        media <- expect eve/cam video
        eve <- track_published eve/cam
        media: published eve/cam video/VP8 0
        bob: take eve/cam
        bob <- subscription_response eve/cam SE_TRACK_NOTFOUND
        bob: prefer eve/cam low
        ",
    );
}

#[test]
fn name_metadata_and_attributes_are_changed_by_oneself() {
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
        ann: become name=Anna metadata=hello hand=up mood=fine
        ann <- update ann joined name=Anna metadata=hello {hand=up, mood=fine}
        bob <- update ann joined name=Anna metadata=hello {hand=up, mood=fine}
        ann <- request_response 9 OK
        ann: become hand=
        ann <- update ann joined name=Anna metadata=hello {mood=fine}
        bob <- update ann joined name=Anna metadata=hello {mood=fine}
        ann <- request_response 9 OK
        # nothing new is no news
        ann: become name=Anna
        ann <- request_response 9 OK
        carl: join standup
        media <- add carl
        carl <- join standup, others: ann joined name=Anna metadata=hello {mood=fine}, bob joined
        ann <- update carl joined
        bob <- update carl joined
        ",
    );
}

#[test]
fn metadata_is_refused_without_the_right_or_beyond_the_limit() {
    check(
        "
        ann: join standup without metadata
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        bob: join standup
        media <- add bob
        bob <- join standup, others: ann joined
        ann <- update bob joined
        ann: become name=Anna
        ann <- request_response 9 NOT_ALLOWED update_metadata
        log <- refused ann not_allowed
        bob: become metadata=*64001
        bob <- request_response 9 LIMIT_EXCEEDED update_metadata
        log <- refused bob too_many
        bob: become name=*257
        bob <- request_response 9 LIMIT_EXCEEDED update_metadata
        log <- refused bob too_many
        bob: become a=*40000
        ann <- update bob joined {a=*40000}
        bob <- update bob joined {a=*40000}
        bob <- request_response 9 OK
        bob: become b=*40000
        bob <- request_response 9 LIMIT_EXCEEDED update_metadata
        log <- refused bob too_many
        ",
    );
}

#[test]
fn full_room_takes_nobody_but_the_same_identity() {
    check(
        "
        config: participants 2, rooms 1
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        bob: join standup
        media <- add bob
        bob <- join standup, others: ann joined
        ann <- update bob joined
        carl: join standup
        log <- refused carl room_full
        carl <- leave JOIN_FAILURE DISCONNECT
        carl <- closed
        bob2: join standup as bob
        media <- remove bob
        bob <- leave DUPLICATE_IDENTITY DISCONNECT
        bob <- closed
        media <- add bob
        bob2 <- join standup, others: ann joined
        ann <- update bob disconnected DUPLICATE_IDENTITY, bob2 joined
        dora: join planning
        log <- refused dora server_full
        dora <- leave JOIN_FAILURE DISCONNECT
        dora <- closed
        ",
    );
}

#[test]
fn who_brings_too_much_is_turned_away() {
    check(
        "
        ann: join standup metadata *64001
        log <- refused ann too_many
        ann <- leave JOIN_FAILURE DISCONNECT
        ann <- closed
        server: counts
        server <- 0 rooms, 0 participants, 0 tracks, 0 subscriptions
        ",
    );
}

#[test]
fn speakers_are_told_as_changes_and_to_who_comes_later() {
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
        media: speakers standup ann=0.5
        ann <- speakers_changed ann 0.5
        bob <- speakers_changed ann 0.5
        media: speakers standup ann=0.25 bob=0.5
        ann <- speakers_changed ann 0.25, bob 0.5
        bob <- speakers_changed ann 0.25, bob 0.5
        carl: join standup
        media <- add carl
        carl <- join standup, others: ann joined, bob joined
        ann <- update carl joined
        bob <- update carl joined
        carl <- speakers_changed ann 0.25, bob 0.5
        media: speakers standup ann=0
        ann <- speakers_changed ann silent
        bob <- speakers_changed ann silent
        carl <- speakers_changed ann silent
        bob: leave
        bob <- closed
        ann <- update bob disconnected CLIENT_INITIATED
        carl <- update bob disconnected CLIENT_INITIATED
        media <- remove bob
        dora: join standup
        media <- add dora
        dora <- join standup, others: ann joined, carl joined
        ann <- update dora joined
        carl <- update dora joined
        ",
    );
}

#[test]
fn connection_quality_is_passed_on_and_told_to_who_comes_later() {
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
        media: quality standup ann=lost bob=excellent
        ann <- connection_quality ann LOST, bob EXCELLENT
        bob <- connection_quality ann LOST, bob EXCELLENT
        carl: join standup
        media <- add carl
        carl <- join standup, others: ann joined, bob joined
        ann <- update carl joined
        bob <- update carl joined
        carl <- connection_quality ann LOST, bob EXCELLENT
        ",
    );
}

#[test]
fn a_new_room_goes_to_the_media_thread_with_the_fewest_people() {
    check(
        "
        config: shards 2
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        bob: join planning
        log <- room opened on 1
        media1 <- add bob
        bob <- join planning, others: none
        carl: join standup
        media <- add carl
        carl <- join standup, others: ann joined
        ann <- update carl joined
        dora: join retro
        log <- room opened on 1
        media1 <- add dora
        dora <- join retro, others: none
        ",
    );
}
