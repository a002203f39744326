//! Tracks that are refused, and those that never come.

use crate::harness::check;

#[test]
fn nobody_mutes_the_tracks_of_others_or_none_at_all() {
    check(
        "
        given: ann: join standup; bob: join standup
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
        given: ann: join standup; bob: join standup
        ann: publish cam
        media <- expect ann/cam video
        ann <- track_published ann/cam
        media: ended ann/cam
        ann <- track_unpublished ann/cam
        ",
    );
}
