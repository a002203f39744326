//! Taking the tracks of others: by itself, by hand, as wanted, and as allowed.

use crate::harness::check;

#[test]
fn by_hand_nothing_is_taken_until_asked_for() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        bob: join standup by-hand
        media <- add bob
        bob <- join standup, others: ann joined
        ann <- update bob joined
        ann: publish cam
        media <- expect ann/cam video
        ann <- track_published ann/cam
        ann: publish mic
        media <- expect ann/mic audio
        ann <- track_published ann/mic audio/opus
        media: published ann/cam video/VP8 0
        bob <- update ann joined [cam VP8@0]
        media: published ann/mic audio/opus 1
        bob <- update ann joined [cam VP8@0, mic opus@1]
        bob: take ann/cam
        media <- subscribe bob ann/cam
        bob: take ann/cam
        bob: take-of ann ann/mic
        media <- subscribe bob ann/mic
        bob: drop ann/cam
        media <- unsubscribe bob ann/cam
        bob: take ann/cam
        media <- subscribe bob ann/cam
        ",
    );
}

#[test]
fn who_takes_all_may_drop_one() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        ann: publish cam
        media <- expect ann/cam video
        ann <- track_published ann/cam
        media: published ann/cam video/VP8 0
        bob: join standup offering 1
        media <- add bob
        bob <- join standup, others: ann joined [cam VP8@0]
        ann <- update bob joined
        media <- subscribe bob ann/cam
        media <- offer bob 1
        bob: drop ann/cam
        media <- unsubscribe bob ann/cam
        # what was dropped stays dropped
        ann: permit nobody
        ann: permit everybody
        bob: take ann/cam
        media <- subscribe bob ann/cam
        ",
    );
}

#[test]
fn sids_of_nothing_are_answered_and_do_no_harm() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        ann: publish cam
        media <- expect ann/cam video
        ann <- track_published ann/cam
        ann: take TR_nonsense ann PA_x ann/cam
        ann <- subscription_response TR_nonsense SE_TRACK_NOTFOUND
        ann <- subscription_response ann SE_TRACK_NOTFOUND
        ann <- subscription_response PA_x SE_TRACK_NOTFOUND
        ann <- subscription_response ann/cam SE_TRACK_NOTFOUND
        ann: drop TR_nonsense
        ann: prefer TR_nonsense low
        ann: take-of PA_nobody TR_01234567890123456789012345
        ann <- subscription_response TR_01234567890123456789012345 SE_TRACK_NOTFOUND
        ",
    );
}

#[test]
fn without_the_right_to_subscribe_nothing_comes() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        ann: publish cam
        media <- expect ann/cam video
        ann <- track_published ann/cam
        media: published ann/cam video/VP8 0
        bob: join standup without subscribe
        media <- add bob
        bob <- join standup, others: ann joined [cam VP8@0]
        ann <- update bob joined
        ann: publish mic
        media <- expect ann/mic audio
        ann <- track_published ann/mic audio/opus
        media: published ann/mic audio/opus 1
        bob <- update ann joined [cam VP8@0, mic opus@1]
        bob: take ann/cam
        bob <- subscription_permission_update may not take ann/cam
        bob: prefer ann/cam low
        ",
    );
}

#[test]
fn settings_become_wishes() {
    check(
        "
        given: ann: join standup; bob: join standup
        ann: publish cam
        media <- expect ann/cam video
        ann <- track_published ann/cam
        media: published ann/cam video/VP8 0
        bob <- update ann joined [cam VP8@0]
        media <- subscribe bob ann/cam
        bob: prefer ann/cam 640x360
        media <- prefer bob ann/cam 640x360
        bob: prefer ann/cam 640x360
        bob: prefer ann/cam medium
        media <- prefer bob ann/cam medium
        bob: prefer ann/cam paused
        media <- prefer bob ann/cam nothing
        bob: prefer ann/cam high
        media <- prefer bob ann/cam high
        bob: prefer ann/cam off
        media <- prefer bob ann/cam nothing
        # a wish outlives the subscription
        bob: drop ann/cam
        media <- unsubscribe bob ann/cam
        bob: prefer ann/cam low
        bob: take ann/cam
        media <- subscribe bob ann/cam
        media <- prefer bob ann/cam low
        ",
    );
}

#[test]
fn publisher_says_who_may_take_its_tracks() {
    check(
        "
        given: ann: join standup; bob: join standup; carl: join standup
        ann: publish cam
        media <- expect ann/cam video
        ann <- track_published ann/cam
        media: published ann/cam video/VP8 0
        bob <- update ann joined [cam VP8@0]
        carl <- update ann joined [cam VP8@0]
        media <- subscribe bob ann/cam
        media <- subscribe carl ann/cam
        ann: permit bob
        carl <- subscription_permission_update may not take ann/cam
        media <- unsubscribe carl ann/cam
        ann: permit bob=ann/cam sid:carl
        carl <- subscription_permission_update may take ann/cam
        media <- subscribe carl ann/cam
        ann: publish mic
        media <- expect ann/mic audio
        ann <- track_published ann/mic audio/opus
        media: published ann/mic audio/opus 1
        bob <- update ann joined [cam VP8@0, mic opus@1]
        carl <- update ann joined [cam VP8@0, mic opus@1]
        bob <- subscription_permission_update may not take ann/mic
        media <- subscribe carl ann/mic
        dora: join standup
        media <- add dora
        dora <- join standup, others: ann joined [cam VP8@0, mic opus@1], bob joined, carl joined
        ann <- update dora joined
        bob <- update dora joined
        carl <- update dora joined
        dora <- subscription_permission_update may not take ann/cam
        dora <- subscription_permission_update may not take ann/mic
        dora: take ann/cam
        ann: permit everybody
        bob <- subscription_permission_update may take ann/mic
        media <- subscribe bob ann/mic
        dora <- subscription_permission_update may take ann/cam
        media <- subscribe dora ann/cam
        dora <- subscription_permission_update may take ann/mic
        media <- subscribe dora ann/mic
        ann: permit nobody
        bob <- subscription_permission_update may not take ann/cam
        media <- unsubscribe bob ann/cam
        bob <- subscription_permission_update may not take ann/mic
        media <- unsubscribe bob ann/mic
        carl <- subscription_permission_update may not take ann/cam
        media <- unsubscribe carl ann/cam
        carl <- subscription_permission_update may not take ann/mic
        media <- unsubscribe carl ann/mic
        dora <- subscription_permission_update may not take ann/cam
        media <- unsubscribe dora ann/cam
        dora <- subscription_permission_update may not take ann/mic
        media <- unsubscribe dora ann/mic
        ",
    );
}

#[test]
fn track_in_no_codec_of_the_subscriber_is_told_as_such() {
    check(
        "
        given: ann: join standup; bob: join standup
        ann: publish cam av1
        media <- expect ann/cam video av1
        ann <- track_published ann/cam video/AV1
        media: published ann/cam video/AV1 0
        bob <- update ann joined [cam AV1@0]
        media <- subscribe bob ann/cam
        media: unsupported bob ann/cam
        media <- unsubscribe bob ann/cam
        bob <- subscription_response ann/cam SE_CODEC_UNSUPPORTED
        media: unsupported bob ann/cam
        server: counts
        server <- 1 rooms, 2 participants, 1 tracks, 0 subscriptions
        ",
    );
}

#[test]
fn media_sections_are_asked_for() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        media: requires ann 2 1
        ann <- media_sections_requirement 2 1
        media: requires ann 0 0
        ann <- media_sections_requirement 0 0
        ann: offer 2
        media <- offer ann 2
        ",
    );
}

#[test]
fn tracks_go_with_their_publisher() {
    check(
        "
        given: ann: join standup; bob: join standup
        ann: publish cam
        media <- expect ann/cam video
        ann <- track_published ann/cam
        media: published ann/cam video/VP8 0
        bob <- update ann joined [cam VP8@0]
        media <- subscribe bob ann/cam
        ann: publish mic
        media <- expect ann/mic audio
        ann <- track_published ann/mic audio/opus
        server: counts
        server <- 1 rooms, 2 participants, 1 tracks, 1 subscriptions
        ann: leave
        ann <- closed
        bob <- update ann disconnected CLIENT_INITIATED
        media <- remove ann
        server: counts
        server <- 1 rooms, 1 participants, 0 tracks, 0 subscriptions
        # reports that were on their way
        media: subscribed bob ann/cam
        media: ended ann/cam
        media: connected ann
        ",
    );
}
