//! What those outside of the server are told.

use crate::harness::check;

#[test]
fn a_meeting_is_told_from_its_beginning_to_its_end() {
    check(
        "
        show: heralds
        ann: join standup with mic
        outside <- room_started standup
        media: published ann/mic audio/opus 0
        media: connected ann
        outside <- participant_joined standup: ann
        outside <- track_published standup: ann, ann/mic
        bob: join standup
        media: connected bob
        outside <- participant_joined standup: bob
        bob: publish cam
        media: published bob/cam video/VP8 0
        outside <- track_published standup: bob, bob/cam
        media: ended bob/cam
        outside <- track_unpublished standup: bob, bob/cam
        bob: publish screen
        media: published bob/screen video/VP8 1
        outside <- track_published standup: bob, bob/screen
        bob: leave
        outside <- track_unpublished standup: bob, bob/screen
        outside <- participant_left standup: bob, CLIENT_INITIATED; 1 in
        media: disconnected ann
        media: connected ann
        ann: leave
        outside <- track_unpublished standup: ann, ann/mic
        outside <- participant_left standup: ann, CLIENT_INITIATED; 0 in
        + 60s
        outside <- room_finished standup, ROOM_END_IDLE_TIMEOUT
        ",
    );
}

#[test]
fn whoever_never_came_in_did_not_join_and_did_not_leave() {
    check(
        "
        show: heralds
        ann: join standup with mic
        outside <- room_started standup
        media: published ann/mic audio/opus 0
        ann: gone
        outside <- participant_connection_aborted standup: ann, SIGNAL_CLOSE; 0 in
        bob: join standup
        + 60s
        outside <- participant_connection_aborted standup: bob, JOIN_FAILURE; 0 in
        ",
    );
}

#[test]
fn whoever_takes_the_place_of_another_stay_joins_anew() {
    check(
        "
        show: heralds
        ann: join standup
        outside <- room_started standup
        media: connected ann
        outside <- participant_joined standup: ann
        ann2: join standup as ann
        outside <- participant_left standup: ann, DUPLICATE_IDENTITY; 0 in
        media: connected ann2
        outside <- participant_joined standup: ann2
        server: stop
        outside <- participant_left standup: ann2, SERVER_SHUTDOWN; 0 in
        outside <- room_finished standup, ROOM_END_SERVER_SHUTDOWN
        ",
    );
}

#[test]
fn what_the_server_before_told_is_not_told_again() {
    check(
        "
        show: heralds
        given: olga: knock; enter; media: connected olga
        server: restarts
        outside <- room_started standup
        + 600s
        outside <- room_finished standup, ROOM_END_IDLE_TIMEOUT
        ",
    );
}

#[test]
fn a_room_that_breaks_is_told_to_be_over() {
    check(
        "
        show: heralds
        ann: join standup
        outside <- room_started standup
        media: connected ann
        outside <- participant_joined standup: ann
        server: breaks over standup
        ann: ping
        outside <- room_finished standup, ROOM_END_UNKNOWN
        ",
    );
}

#[test]
fn a_call_is_told_when_it_begins_is_answered_and_ends() {
    check(
        "
        show: heralds
        given: olga: here; mia: here
        olga: call mia
        outside <- call_started #1: olga connecting, mia dialing
        mia: ring
        given: olga: knock; enter; media: connected olga
        mia: pick-up
        mia: knock
        mia: enter
        outside <- call_answered #1: olga active, mia active
        media: connected mia
        outside <- participant_joined standup: mia
        olga: hangup
        outside <- call_ended #1: olga hungUp, mia over
        outside <- participant_left standup: olga, CLIENT_INITIATED; 1 in
        outside <- participant_left standup: mia, CLIENT_INITIATED; 0 in
        outside <- room_finished standup, ROOM_END_API_DELETE
        olga: call mia
        outside <- call_started #2: olga connecting, mia dialing
        mia: decline
        outside <- call_ended #2: olga over, mia declined
        olga: call hugo
        outside <- call_started #3: olga over, hugo unreachable
        outside <- call_ended #3: olga over, hugo unreachable
        ",
    );
}

#[test]
fn whoever_comes_back_and_loses_the_socket_on_the_way_is_told_to_be_in_once_media_flows() {
    check(
        "
        show: heralds
        ann: join standup
        outside <- room_started standup
        media: connected ann
        outside <- participant_joined standup: ann
        ann2: join standup as ann
        outside <- participant_left standup: ann, DUPLICATE_IDENTITY; 0 in
        ann2: gone
        media: connected ann2
        outside <- participant_joined standup: ann2
        ",
    );
}

#[test]
fn a_share_that_is_stopped_by_whoever_leads_is_over() {
    check(
        "
        show: heralds
        given: olga: knock; attend; enter; mia: knock; attend; enter; media: connected olga; connected mia
        mia: publish screen
        media: published mia/screen video/VP8 0
        outside <- track_published standup: mia, mia/screen
        olga: do mute mia share
        outside <- track_unpublished standup: mia, mia/screen
        media: ended mia/screen
        ",
    );
}
