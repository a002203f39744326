//! What flows: layers that nobody wants, tracks for which there is no bandwidth.

use crate::harness::check;

#[test]
fn publisher_alone_hears_which_layers_are_wanted() {
    check(
        "
        given: ann: join standup; bob: join standup; media: connected ann; media: connected bob; ann: publish cam vp9
        given: media: published ann/cam video/VP9 0
        media: wants ann/cam q
        ann <- subscribed_quality_update ann/cam vp9 q
        media: wants ann/cam none
        ann <- subscribed_quality_update ann/cam vp9 none
        media: wants ann/cam qhf
        ann <- subscribed_quality_update ann/cam vp9 qhf
        ",
    );
}

#[test]
fn subscriber_alone_hears_that_a_track_waits_for_bandwidth() {
    check(
        "
        given: ann: join standup; bob: join standup; media: connected ann; media: connected bob; ann: publish cam
        given: media: published ann/cam video/VP8 0; ann: publish screen; media: published ann/screen video/VP8 1
        media: flows bob ann/cam=off ann/screen=off
        bob <- stream_state_update ann/cam PAUSED, ann/screen PAUSED
        media: flows bob ann/cam=on
        bob <- stream_state_update ann/cam ACTIVE
        bob: drop ann/screen
        media <- unsubscribe bob ann/screen
        media: flows bob ann/screen=on
        ",
    );
}

#[test]
fn who_comes_back_over_a_new_socket_hears_both_again() {
    check(
        "
        given: ann: join standup; bob: join standup; media: connected ann; media: connected bob; ann: publish cam
        given: media: published ann/cam video/VP8 0; bob: publish cam; media: published bob/cam video/VP8 0
        + 1s
        ann <- room_update 2 in, 2 publishing
        bob <- room_update 2 in, 2 publishing
        ann: gone
        media: wants ann/cam qh
        media: flows ann bob/cam=off
        ann2: resume standup as ann
        ann2 <- reconnect
        ann2 <- update ann active [cam VP8@0], bob active [cam VP8@0]
        ann2 <- room_update 2 in, 2 publishing
        ann2 <- subscribed_quality_update ann/cam vp8 qh
        ann2 <- stream_state_update bob/cam PAUSED
        ann2 <- speakers_changed ann silent, bob silent
        ann2 <- token for standup as ann
        ann2: drop bob/cam
        media <- unsubscribe ann bob/cam
        ann2: take bob/cam
        media <- subscribe ann bob/cam
        ann2: gone
        # what is taken anew flows until something else is said
        ann3: resume standup as ann
        ann3 <- reconnect
        ann3 <- update ann active [cam VP8@0], bob active [cam VP8@0]
        ann3 <- room_update 2 in, 2 publishing
        ann3 <- subscribed_quality_update ann/cam vp8 qh
        ann3 <- speakers_changed ann silent, bob silent
        ann3 <- token for standup as ann
        ",
    );
}

#[test]
fn priority_of_a_client_comes_with_its_wish() {
    check(
        "
        given: ann: join standup; bob: join standup; media: connected ann; media: connected bob; ann: publish cam
        given: media: published ann/cam video/VP8 0
        bob: prefer ann/cam 640x360 first
        media <- prefer bob ann/cam 640x360 first
        bob: prefer ann/cam 640x360
        media <- prefer bob ann/cam 640x360
        ",
    );
}
