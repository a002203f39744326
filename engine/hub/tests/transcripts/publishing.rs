//! Tracks: announced, live, muted, ended; and refused.

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
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        bob: join standup
        media <- add bob
        bob <- join standup, others: ann joined
        ann <- update bob joined
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
fn nobody_mutes_the_tracks_of_others_or_none_at_all() {
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
        ann: publish mic
        media <- expect ann/mic audio
        ann <- track_published ann/mic audio/opus
        media: published ann/mic audio/opus 0
        bob <- update ann joined [mic opus@0]
        media <- subscribe bob ann/mic
        bob: mute ann/mic
        bob <- request_response 0 NOT_FOUND mute
        log <- refused bob not_found
        bob: mute TR_nonsense
        bob <- request_response 0 NOT_FOUND mute
        log <- refused bob not_found
        bob: features ann/mic 1
        bob <- request_response 0 NOT_FOUND update_audio_track
        log <- refused bob not_found
        bob: resize ann/mic 640x360
        bob <- request_response 0 NOT_FOUND update_video_track
        log <- refused bob not_found
        ",
    );
}

#[test]
fn unpublished_track_goes_and_may_come_again() {
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
fn without_the_right_to_publish_every_track_is_refused() {
    check(
        "
        ann: join standup without publish without data
        log <- room opened on 0
        media <- add ann without data
        ann <- join standup, only to watch, others: none
        ann: publish cam
        ann <- request_response 0 NOT_ALLOWED add_track
        log <- refused ann not_allowed
        bob: join standup with cam without publish
        media <- add bob
        bob <- join standup, only to watch, others: ann joined
        ann <- update bob joined
        bob <- request_response 0 NOT_ALLOWED add_track
        log <- refused bob not_allowed
        ",
    );
}

#[test]
fn only_the_sources_of_the_token_may_be_published() {
    check(
        "
        ann: join standup only microphone,screen_share
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        ann: publish mic
        media <- expect ann/mic audio
        ann <- track_published ann/mic audio/opus
        ann: publish cam
        ann <- request_response 0 NOT_ALLOWED add_track
        log <- refused ann not_allowed
        ann: publish screen
        media <- expect ann/screen video
        ann <- track_published ann/screen
        ann: publish any
        ann <- request_response 0 NOT_ALLOWED add_track
        log <- refused ann not_allowed
        ann: publish cam-as-mic
        ann <- request_response 0 NOT_ALLOWED add_track
        log <- refused ann not_allowed
        ",
    );
}

#[test]
fn more_tracks_than_the_limit_are_refused() {
    check(
        "
        config: tracks 2
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        ann: publish mic
        media <- expect ann/mic audio
        ann <- track_published ann/mic audio/opus
        ann: publish cam
        media <- expect ann/cam video
        ann <- track_published ann/cam
        ann: publish screen
        ann <- request_response 0 LIMIT_EXCEEDED add_track
        log <- refused ann too_many
        media: published ann/cam video/VP8 0
        media: ended ann/cam
        ann: publish screen
        media <- expect ann/screen video
        ann <- track_published ann/screen
        ",
    );
}

#[test]
fn what_is_no_track_here_is_refused() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        ann: publish data
        ann <- request_response 0 UNSUPPORTED_TYPE add_track
        ann: publish cam nameless
        ann <- request_response 0 INVALID_REQUEST add_track
        ann: publish cam named 257
        ann <- request_response 0 INVALID_REQUEST add_track
        ann: publish cam sid TR_other
        ann <- request_response 0 UNSUPPORTED_TYPE add_track
        ann: data-track
        ann <- request_response 0 UNSUPPORTED_TYPE publish_data_track
        ann: blob
        ann <- request_response 4 UNSUPPORTED_TYPE
        ",
    );
}

#[test]
fn announced_track_that_never_comes_is_forgotten() {
    check(
        "
        ann: join standup
        log <- room opened on 0
        media <- add ann
        ann <- join standup, others: none
        media: connected ann
        ann: publish cam
        media <- expect ann/cam video
        ann <- track_published ann/cam
        + 60s
        ann <- room_update 1 in, 0 publishing
        media <- remove ann/cam
        ann <- track_unpublished ann/cam
        # its section came too late
        media: published ann/cam video/VP8 0
        ",
    );
}

#[test]
fn track_whose_section_is_rejected_is_taken_back() {
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
        media: ended ann/cam
        ann <- track_unpublished ann/cam
        ",
    );
}

#[test]
fn features_and_size_of_own_tracks_are_told() {
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
