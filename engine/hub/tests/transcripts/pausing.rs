//! A host pauses everything: who is stopped, who waits, and how it ends.

use crate::harness::check;

#[test]
fn a_pause_stops_everybody_and_gives_back_what_the_room_allows() {
    check(
        "
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: attend
        olga <- page: outside
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        olga <- page: meeting as owner: olga owner (d1)
        mia: knock
        server <- admitted mia~d1 named mia {role=member}, may publish all
        olga <- page: meeting as owner: olga owner (d1)
        mia: attend
        mia <- page: outside
        mia: enter
        media <- add mia
        mia <- join standup, others: olga joined {role=owner}
        olga <- update mia joined {role=member}
        olga <- page: meeting as owner: olga owner (d1), mia member (d1)
        mia <- page: meeting as member: olga owner (d1), mia member (d1)
        olga: do forbid share
        olga <- update mia joined {role=member}
        mia <- update mia joined {role=member}
        mia <- token for mia~d1 named mia {role=member}, may publish camera+microphone
        server <- done, keep policy [no share]
        olga <- page: meeting as owner [no share]: olga owner (d1), mia member (d1)
        mia <- page: meeting as member [no share]: olga owner (d1), mia member (d1)
        olga: publish mic
        media <- expect olga/mic audio
        olga <- track_published olga/mic audio/opus
        media: published olga/mic audio/opus 0
        mia <- update olga joined [mic opus@0] {role=owner}
        media <- subscribe mia olga/mic
        mia: publish mic
        media <- expect mia/mic audio
        mia <- track_published mia/mic audio/opus
        media: published mia/mic audio/opus 0
        olga <- update mia joined [mic opus@0] {role=member}
        media <- subscribe olga mia/mic
        mia: publish cam
        media <- expect mia/cam video
        mia <- track_published mia/cam
        media: published mia/cam video/VP8 1
        olga <- update mia joined [mic opus@0, cam VP8@1] {role=member}
        media <- subscribe olga mia/cam
        + 1s
        olga <- room_update 2 in, 2 publishing
        mia <- room_update 2 in, 2 publishing
        olga: do pause
        media <- allow data mia false
        media <- mute mia/mic
        mia <- mute mia/mic
        media <- mute mia/cam
        mia <- mute mia/cam
        olga <- update mia joined [mic opus@0 muted, cam VP8@1 muted] {role=member}
        mia <- update mia joined [mic opus@0 muted, cam VP8@1 muted] {role=member}
        mia <- token for mia~d1 named mia {role=member}, may only watch
        mia <- page: muted microphone
        mia <- page: muted camera
        media <- mute olga/mic
        olga <- mute olga/mic
        olga <- update olga joined [mic opus@0 muted] {role=owner}
        mia <- update olga joined [mic opus@0 muted] {role=owner}
        olga <- page: muted microphone
        server <- done
        olga <- page: meeting as owner [no share]: olga owner (d1), mia member (d1); paused
        mia <- page: meeting as member [no share]: olga owner (d1), mia member (d1); paused
        olga: do pause
        server <- done
        mia: unmute mia/mic
        mia <- mute mia/mic
        mia <- request_response 0 NOT_ALLOWED mute
        log <- refused mia not_allowed
        mia: publish screen
        mia <- request_response 0 NOT_ALLOWED add_track
        log <- refused mia not_allowed
        mia: may-write
        server <- refused not_allowed
        olga: may-write
        server <- chat as olga owner, from the beginning
        olga: unmute olga/mic
        media <- unmute olga/mic
        olga <- update olga joined [mic opus@0] {role=owner}
        mia <- update olga joined [mic opus@0] {role=owner}
        mike: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner [no share]: olga owner (d1), mia member (d1); paused; at the door mike guest
        mia <- page: meeting as member [no share]: olga owner (d1), mia member (d1); paused
        mia2: knock
        server <- admitted mia~d2 named mia {role=member}, may only watch
        olga <- page: meeting as owner [no share]: olga owner (d1), mia member (d1); paused; at the door mike guest
        mia <- page: meeting as member [no share]: olga owner (d1), mia member (d1); paused
        olga: do allow share
        server <- done, keep policy
        olga <- page: meeting as owner: olga owner (d1), mia member (d1); paused; at the door mike guest
        mia <- page: meeting as member: olga owner (d1), mia member (d1); paused
        olga: do resume
        media <- allow data mia true
        olga <- update mia joined [mic opus@0 muted, cam VP8@1 muted] {role=member}
        mia <- update mia joined [mic opus@0 muted, cam VP8@1 muted] {role=member}
        mia <- token for mia~d1 named mia {role=member}, may publish all
        server <- done
        olga <- page: meeting as owner: olga owner (d1), mia member (d1); at the door mike guest
        mia <- page: meeting as member: olga owner (d1), mia member (d1)
        mia: unmute mia/mic
        media <- unmute mia/mic
        olga <- update mia joined [mic opus@0, cam VP8@1 muted] {role=member}
        mia <- update mia joined [mic opus@0, cam VP8@1 muted] {role=member}
        mia: may-write
        server <- chat as mia member, from the beginning
        ",
    );
}

#[test]
fn during_a_pause_nobody_new_comes_in_by_itself() {
    check(
        "
        stored: lobby=off
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: attend
        olga <- page: outside
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        olga <- page: meeting as owner [lobby off]: olga owner (d1)
        mia: knock
        server <- admitted mia~d1 named mia {role=member}, may publish all
        olga <- page: meeting as owner [lobby off]: olga owner (d1)
        mia: attend
        mia <- page: outside
        mia: enter
        media <- add mia
        mia <- join standup, others: olga joined {role=owner}
        olga <- update mia joined {role=member}
        olga <- page: meeting as owner [lobby off]: olga owner (d1), mia member (d1)
        mia <- page: meeting as member [lobby off]: olga owner (d1), mia member (d1)
        otto: knock
        server <- admitted otto~d1 named otto {role=guest}, may publish all
        olga <- page: meeting as owner [lobby off]: olga owner (d1), mia member (d1)
        mia <- page: meeting as member [lobby off]: olga owner (d1), mia member (d1)
        gina: knock
        server <- admitted gina~d1 named gina {role=guest}, may publish all
        olga <- page: meeting as owner [lobby off]: olga owner (d1), mia member (d1)
        mia <- page: meeting as member [lobby off]: olga owner (d1), mia member (d1)
        olga: do pause
        media <- allow data mia false
        olga <- update mia joined {role=member}
        mia <- update mia joined {role=member}
        mia <- token for mia~d1 named mia {role=member}, may only watch
        server <- done
        olga <- page: meeting as owner [lobby off]: olga owner (d1), mia member (d1); paused
        mia <- page: meeting as member [lobby off]: olga owner (d1), mia member (d1); paused
        gina: door
        server <- door knock
        gina: enter
        log <- refused gina removed
        gina <- leave PARTICIPANT_REMOVED DISCONNECT
        gina <- closed
        wim: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner [lobby off]: olga owner (d1), mia member (d1); paused; at the door wim guest
        mia <- page: meeting as member [lobby off]: olga owner (d1), mia member (d1); paused
        wim: attend
        wim <- page: waiting, somebody could let in
        olga: do admit wim
        wim <- page: come in, wim~d1 named wim {role=guest}, may only watch
        server <- done
        olga <- page: meeting as owner [lobby off]: olga owner (d1), mia member (d1); paused
        mia <- page: meeting as member [lobby off]: olga owner (d1), mia member (d1); paused
        wim: enter
        media <- add wim without data
        wim <- join standup, only to watch, others: olga joined {role=owner}, mia joined {role=member}
        olga <- update wim joined {role=guest}
        mia <- update wim joined {role=guest}
        olga <- page: meeting as owner [lobby off]: olga owner (d1), mia member (d1), wim guest (d1); paused
        mia <- page: meeting as member [lobby off]: olga owner (d1), mia member (d1), wim guest (d1); paused
        wim <- page: meeting as guest [lobby off]: olga owner (d1), mia member (d1), wim guest (d1); paused
        walt: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner [lobby off]: olga owner (d1), mia member (d1), wim guest (d1); paused; at the door walt guest
        mia <- page: meeting as member [lobby off]: olga owner (d1), mia member (d1), wim guest (d1); paused
        wim <- page: meeting as guest [lobby off]: olga owner (d1), mia member (d1), wim guest (d1); paused
        walt: attend
        walt <- page: waiting, somebody could let in
        olga: do resume
        media <- allow data mia true
        olga <- update mia joined {role=member}
        mia <- update mia joined {role=member}
        wim <- update mia joined {role=member}
        mia <- token for mia~d1 named mia {role=member}, may publish all
        media <- allow data wim true
        olga <- update wim joined {role=guest}
        mia <- update wim joined {role=guest}
        wim <- update wim joined {role=guest}
        wim <- token for wim~d1 named wim {role=guest}, may publish all
        walt <- page: come in, walt~d1 named walt {role=guest}, may publish all
        server <- done
        olga <- page: meeting as owner [lobby off]: olga owner (d1), mia member (d1), wim guest (d1)
        mia <- page: meeting as member [lobby off]: olga owner (d1), mia member (d1), wim guest (d1)
        wim <- page: meeting as guest [lobby off]: olga owner (d1), mia member (d1), wim guest (d1)
        walt: enter
        media <- add walt
        walt <- join standup, others: olga joined {role=owner}, mia joined {role=member}, wim joined {role=guest}
        olga <- update walt joined {role=guest}
        mia <- update walt joined {role=guest}
        wim <- update walt joined {role=guest}
        olga <- page: meeting as owner [lobby off]: olga owner (d1), mia member (d1), wim guest (d1), walt guest (d1)
        mia <- page: meeting as member [lobby off]: olga owner (d1), mia member (d1), wim guest (d1), walt guest (d1)
        wim <- page: meeting as guest [lobby off]: olga owner (d1), mia member (d1), wim guest (d1), walt guest (d1)
        walt <- page: meeting as guest [lobby off]: olga owner (d1), mia member (d1), wim guest (d1), walt guest (d1)
        ",
    );
}

#[test]
fn a_pause_ends_with_the_meeting() {
    check(
        "
        stored: lobby=off
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: attend
        olga <- page: outside
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        olga <- page: meeting as owner [lobby off]: olga owner (d1)
        mia: knock
        server <- admitted mia~d1 named mia {role=member}, may publish all
        olga <- page: meeting as owner [lobby off]: olga owner (d1)
        mia: attend
        mia <- page: outside
        mia: enter
        media <- add mia
        mia <- join standup, others: olga joined {role=owner}
        olga <- update mia joined {role=member}
        olga <- page: meeting as owner [lobby off]: olga owner (d1), mia member (d1)
        mia <- page: meeting as member [lobby off]: olga owner (d1), mia member (d1)
        olga: do pause
        media <- allow data mia false
        olga <- update mia joined {role=member}
        mia <- update mia joined {role=member}
        mia <- token for mia~d1 named mia {role=member}, may only watch
        server <- done
        olga <- page: meeting as owner [lobby off]: olga owner (d1), mia member (d1); paused
        mia <- page: meeting as member [lobby off]: olga owner (d1), mia member (d1); paused
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner [lobby off]: olga owner (d1), mia member (d1); paused; at the door gina guest
        mia <- page: meeting as member [lobby off]: olga owner (d1), mia member (d1); paused
        gina: attend
        gina <- page: waiting, somebody could let in
        olga: leave
        olga <- closed
        mia <- update olga disconnected CLIENT_INITIATED
        media <- remove olga
        olga <- page: outside
        mia <- page: meeting as member [lobby off]: mia member (d1); paused
        gina <- page: waiting, nobody could let in
        mia: leave
        mia <- closed
        media <- remove mia
        gina <- page: come in, gina~d1 named gina {role=guest}, may publish all
        mia <- page: outside
        gina: enter
        media <- add gina
        gina <- join standup, others: none
        gina <- page: meeting as guest [lobby off]: gina guest (d1)
        ",
    );
}
