//! How fast one participant may make work for the others: what is too fast waits, and the last word counts.

use crate::harness::check;

const TWO: &str = "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        bob: join standup
        media <- add bob
        bob <- join standup, others: ann joined
        ann <- update bob joined
        ann: publish mic
        media <- expect ann/mic audio
        ann <- track_published ann/mic audio/opus
        media: published ann/mic audio/opus 0
        bob <- update ann joined [mic opus@0]
        media <- subscribe bob ann/mic
        + 1s
        ann <- room_update 2 in, 1 publishing
        bob <- room_update 2 in, 1 publishing
        ";

#[test]
fn mute_beyond_the_burst_is_gathered_and_the_last_word_is_told() {
    let at_once = "
        ann: mute ann/mic
        media <- mute ann/mic
        ann <- update ann joined [mic opus@0 muted]
        bob <- update ann joined [mic opus@0 muted]
        ann: unmute ann/mic
        media <- unmute ann/mic
        ann <- update ann joined [mic opus@0]
        bob <- update ann joined [mic opus@0]
        "
    .repeat(10);
    let later = "
        ann: mute ann/mic
        media <- mute ann/mic
        ann: unmute ann/mic
        media <- unmute ann/mic
        "
    .repeat(40);
    check(&format!(
        "{TWO}{at_once}{later}
        ann: mute ann/mic
        media <- mute ann/mic
        + 199ms
        + 1ms
        ann <- update ann joined [mic opus@0 muted]
        bob <- update ann joined [mic opus@0 muted]
        + 4s
        ann: unmute ann/mic
        media <- unmute ann/mic
        ann <- update ann joined [mic opus@0]
        bob <- update ann joined [mic opus@0]
        "
    ));
}

#[test]
fn permission_beyond_the_burst_is_gathered_and_the_last_word_counts() {
    let at_once = "
        ann: permit nobody
        bob <- subscription_permission_update may not take ann/mic
        media <- unsubscribe bob ann/mic
        ann: permit everybody
        bob <- subscription_permission_update may take ann/mic
        media <- subscribe bob ann/mic
        "
    .repeat(10);
    let later = "
        ann: permit nobody
        ann: permit everybody
        "
    .repeat(40);
    check(&format!(
        "{TWO}{at_once}{later}
        ann: permit nobody
        + 200ms
        bob <- subscription_permission_update may not take ann/mic
        media <- unsubscribe bob ann/mic
        + 10s
        "
    ));
}

#[test]
fn metadata_beyond_the_burst_is_refused_and_nothing_changes() {
    let at_once: String = (0..20)
        .map(|n| {
            format!(
                "
        ann: become hand={n}
        ann <- update ann joined [mic opus@0] {{hand={n}}}
        bob <- update ann joined [mic opus@0] {{hand={n}}}
        ann <- request_response 9 OK
        "
            )
        })
        .collect();
    check(&format!(
        "{TWO}{at_once}
        ann: become hand=up
        ann <- request_response 9 LIMIT_EXCEEDED update_metadata
        log <- refused ann too_often
        + 200ms
        ann: become hand=up
        ann <- update ann joined [mic opus@0] {{hand=up}}
        bob <- update ann joined [mic opus@0] {{hand=up}}
        ann <- request_response 9 OK
        "
    ));
}

#[test]
fn offers_beyond_the_burst_wait_and_the_newest_is_passed_on() {
    let at_once: String =
        (1..=10).map(|n| format!("\n        ann: offer {n}\n        media <- offer ann {n}\n        ")).collect();
    check(&format!(
        "{TWO}{at_once}
        ann: offer 11
        ann: offer 12
        ann: offer 13
        + 499ms
        + 1ms
        media <- offer ann 13
        ann: offer 14
        + 500ms
        media <- offer ann 14
        + 10s
        ann: offer 15
        media <- offer ann 15
        ann: offer 16
        media <- offer ann 16
        "
    ));
}

#[test]
fn no_more_than_sixteen_tracks_are_taken_from_a_join() {
    let taken = "        ann <- request_response 0 INVALID_REQUEST add_track\n".repeat(16);
    check(&format!(
        "
        ann: join standup with-many 131072
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        log <- refused ann too_many
{taken}"
    ));
}

#[test]
fn large_metadata_counts_as_several_messages() {
    let at_once: String = [50_000, 50_001, 50_002, 50_003, 50_004]
        .map(|n| {
            format!(
                "
        ann: become metadata=*{n}
        ann <- update ann joined [mic opus@0] metadata=*{n}
        bob <- update ann joined [mic opus@0] metadata=*{n}
        ann <- request_response 9 OK
        "
            )
        })
        .concat();
    check(&format!(
        "{TWO}{at_once}
        ann: become metadata=*50005
        ann <- request_response 9 LIMIT_EXCEEDED update_metadata
        log <- refused ann too_often
        ann: mute ann/mic
        media <- mute ann/mic
        + 800ms
        ann <- update ann joined [mic opus@0 muted] metadata=*50004
        bob <- update ann joined [mic opus@0 muted] metadata=*50004
        "
    ));
}

#[test]
fn tracks_chosen_beyond_the_burst_wait_and_the_last_choice_counts() {
    let at_once = "
        bob: drop ann/mic
        media <- unsubscribe bob ann/mic
        bob: take ann/mic
        media <- subscribe bob ann/mic
        "
    .repeat(100);
    let later = "
        bob: drop ann/mic
        bob: take ann/mic
        "
    .repeat(40);
    check(&format!(
        "{TWO}{at_once}{later}
        # nothing has changed in the end
        + 20ms
        bob: drop ann/mic
        media <- unsubscribe bob ann/mic
        bob: take ann/mic
        bob: drop ann/mic
        bob: take ann/mic
        # what was the case already costs nothing
        bob: take ann/mic
        + 19ms
        + 1ms
        media <- subscribe bob ann/mic
        + 10s
        bob: drop ann/mic
        media <- unsubscribe bob ann/mic
        bob: take ann/mic
        media <- subscribe bob ann/mic
        "
    ));
}

#[test]
fn tracks_chosen_too_fast_come_one_by_one_and_those_that_end_are_forgotten() {
    let at_once = "
        bob: drop ann/mic
        media <- unsubscribe bob ann/mic
        bob: take ann/mic
        media <- subscribe bob ann/mic
        "
    .repeat(100);
    check(&format!(
        "{TWO}
        ann: publish cam
        media <- expect ann/cam video
        ann <- track_published ann/cam
        media: published ann/cam video/VP8 1
        bob <- update ann joined [mic opus@0, cam VP8@1]
        media <- subscribe bob ann/cam
        ann: publish screen
        media <- expect ann/screen video
        ann <- track_published ann/screen
        media: published ann/screen video/VP8 2
        bob <- update ann joined [mic opus@0, cam VP8@1, screen VP8@2]
        media <- subscribe bob ann/screen
        {at_once}
        bob: drop ann/mic ann/cam ann/screen
        media: ended ann/mic
        bob <- update ann joined [cam VP8@1, screen VP8@2]
        + 20ms
        media <- unsubscribe bob ann/cam
        + 20ms
        media <- unsubscribe bob ann/screen
        bob: take ann/cam
        bob: leave
        bob <- closed
        ann <- update bob disconnected CLIENT_INITIATED
        media <- remove bob
        + 10s
        ann <- room_update 1 in, 1 publishing
        "
    ));
}

#[test]
fn wishes_beyond_the_burst_wait_and_the_last_one_counts() {
    let at_once = "
        bob: prefer ann/mic low
        media <- prefer bob ann/mic low
        bob: prefer ann/mic high
        media <- prefer bob ann/mic high
        "
    .repeat(100);
    check(&format!(
        "{TWO}{at_once}
        bob: prefer ann/mic low
        bob: prefer ann/mic medium
        + 19ms
        + 1ms
        media <- prefer bob ann/mic medium
        bob: prefer ann/mic low
        bob: drop ann/mic
        # a track that is left is wanted in no size
        + 20ms
        media <- unsubscribe bob ann/mic
        + 10s
        bob: take ann/mic
        media <- subscribe bob ann/mic
        media <- prefer bob ann/mic low
        "
    ));
}
