//! Tracks: announced, live, muted, ended.

use crate::harness::check;

#[test]
fn track_is_answered_at_once_and_seen_when_its_section_is_there() {
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
        ann: publish cam vp9 vp8 layers
        media <- expect ann/cam video vp9 vp8 Low:320x180 Medium:640x360 High:1280x720
        ann <- track_published ann/cam video/VP9+video/VP8
        ann: publish mic muted
        media <- expect ann/mic audio muted
        ann <- track_published ann/mic audio/opus
        ann: offer 1
        media <- offer ann 1
        media: published ann/cam video/VP9 0
        bob <- update ann joined [cam VP9@0]
        media <- subscribe bob ann/cam
        media: published ann/mic audio/opus 1
        bob <- update ann joined [cam VP9@0, mic opus@1 muted]
        media <- subscribe bob ann/mic
        media: answer ann 1
        ann <- answer 1 none
        media: subscribed bob ann/cam
        ann <- track_subscribed ann/cam
        + 1s
        ann <- room_update 2 in, 1 publishing
        bob <- room_update 2 in, 1 publishing
        carl: join standup
        media <- add carl
        carl <- join standup, others: ann joined [cam VP9@0, mic opus@1 muted], bob joined
        ann <- update carl joined
        bob <- update carl joined
        media <- subscribe carl ann/cam
        media <- subscribe carl ann/mic
        media: subscribed carl ann/cam
        ",
    );
}

#[test]
fn tracks_and_offer_that_come_with_the_join_are_answered_in_order() {
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
        bob: join standup with mic with cam offering 7
        media <- add bob
        bob <- join standup, others: ann joined [cam VP8@0]
        ann <- update bob joined
        media <- expect bob/mic audio
        bob <- track_published bob/mic audio/opus
        media <- expect bob/cam video
        bob <- track_published bob/cam
        media <- subscribe bob ann/cam
        media <- offer bob 7
        media: answer bob 7 0=ann/cam
        bob <- answer 7 0=ann/cam
        ",
    );
}

#[test]
fn another_codec_than_the_first_wish_is_told_as_it_is() {
    check(
        "
        given: ann: join standup; bob: join standup
        ann: publish cam av1 vp8
        media <- expect ann/cam video av1 vp8
        ann <- track_published ann/cam video/AV1+video/VP8
        media: published ann/cam video/VP8 0
        bob <- update ann joined [cam VP8@0]
        media <- subscribe bob ann/cam
        # a codec that nobody carries is left out; without any other the browser chooses
        ann: publish screen h265
        media <- expect ann/screen video
        ann <- track_published ann/screen
        media: published ann/screen video/H264 1
        bob <- update ann joined [cam VP8@0, screen H264@1]
        media <- subscribe bob ann/screen
        ",
    );
}

#[test]
fn mute_is_told_to_all_and_survives_into_the_view_of_newcomers() {
    check(
        "
        given: ann: join standup; bob: join standup
        ann: publish mic
        media <- expect ann/mic audio
        ann <- track_published ann/mic audio/opus
        ann: mute ann/mic
        media <- mute ann/mic
        media: published ann/mic audio/opus 0
        bob <- update ann joined [mic opus@0 muted]
        media <- subscribe bob ann/mic
        ann: unmute ann/mic
        media <- unmute ann/mic
        ann <- update ann joined [mic opus@0]
        bob <- update ann joined [mic opus@0]
        ann: unmute ann/mic
        ann: mute ann/mic
        media <- mute ann/mic
        ann <- update ann joined [mic opus@0 muted]
        bob <- update ann joined [mic opus@0 muted]
        carl: join standup
        media <- add carl
        carl <- join standup, others: ann joined [mic opus@0 muted], bob joined
        ann <- update carl joined
        bob <- update carl joined
        media <- subscribe carl ann/mic
        ",
    );
}

#[test]
fn unpublished_track_goes_and_may_come_again() {
    check(
        "
        given: ann: join standup; bob: join standup
        ann: publish cam
        media <- expect ann/cam video
        ann <- track_published ann/cam
        media: published ann/cam video/VP8 0
        bob <- update ann joined [cam VP8@0]
        media <- subscribe bob ann/cam
        ann: offer 2
        media <- offer ann 2
        media: ended ann/cam
        bob <- update ann joined
        ann: publish cam
        media <- expect ann/cam#2 video
        ann <- track_published ann/cam#2
        media: published ann/cam#2 video/VP8 1
        bob <- update ann joined [cam#2 VP8@1]
        media <- subscribe bob ann/cam#2
        # the same words twice, as after a lost answer, are one track
        ann: publish screen
        media <- expect ann/screen video
        ann <- track_published ann/screen
        ann: publish screen
        ann <- track_published ann/screen
        ",
    );
}

#[test]
fn republished_under_the_same_cid_before_the_first_has_ended() {
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
        ann: publish cam
        media <- expect ann/cam#2 video
        ann <- track_published ann/cam#2
        media: ended ann/cam
        media: published ann/cam#2 video/VP8 1
        ",
    );
}

#[test]
fn features_and_size_of_own_tracks_are_told() {
    check(
        "
        given: ann: join standup; bob: join standup
        ann: publish mic
        media <- expect ann/mic audio
        ann <- track_published ann/mic audio/opus
        ann: publish cam
        media <- expect ann/cam video
        ann <- track_published ann/cam
        media: published ann/mic audio/opus 0
        bob <- update ann joined [mic opus@0]
        media <- subscribe bob ann/mic
        media: published ann/cam video/VP8 1
        bob <- update ann joined [mic opus@0, cam VP8@1]
        media <- subscribe bob ann/cam
        ann: features ann/mic 0 3
        ann <- update ann joined [mic opus@0 features [0, 3], cam VP8@1]
        bob <- update ann joined [mic opus@0 features [0, 3], cam VP8@1]
        ann: resize ann/cam 640x360
        ann <- update ann joined [mic opus@0 features [0, 3], cam VP8@1 640x360]
        bob <- update ann joined [mic opus@0 features [0, 3], cam VP8@1 640x360]
        ",
    );
}

#[test]
fn sound_comes_with_copies_of_earlier_sound_where_the_client_lets_it() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        ann: publish mic copies
        media <- expect ann/mic audio red
        ann <- track_published ann/mic audio/opus
        ann: offer 1
        media <- offer ann 1
        media: published ann/mic audio/red 0
        media: answer ann 1
        ann <- answer 1 none
        bob: join standup
        media <- add bob
        bob <- join standup, others: ann joined [mic red@0]
        ann <- update bob joined
        media <- subscribe bob ann/mic
        ann: publish screen-audio copies encrypted
        media <- expect ann/screen-audio audio
        ann <- track_published ann/screen-audio audio/opus
        ",
    );
}

#[test]
fn whoever_speaks_a_message_is_recorded_and_nobody_else() {
    check(
        "
        ann: join parlor-voicemail:VM_00000000000000000000000001 only microphone without subscribe
        log <- room opened on 0
        media <- add ann, recorded as VM_00000000000000000000000001
        ann <- join parlor-voicemail:VM_00000000000000000000000001, others: none
        ann: publish mic
        media <- expect ann/mic audio
        ann <- track_published ann/mic audio/opus
        ann: publish cam
        ann <- request_response 0 NOT_ALLOWED add_track
        log <- refused ann not_allowed
        bob: join parlor-voicemail:of-nobody
        log <- room opened on 0
        media <- add bob
        bob <- join parlor-voicemail:of-nobody, others: none
        carl: join standup
        log <- room opened on 0
        media <- add carl
        carl <- join standup, others: none
        ",
    );
}
