//! What hosts stop, and what a policy forbids.

use crate::harness::check;

#[test]
fn a_muted_person_is_muted_on_the_media_plane_and_may_unmute() {
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
        mia: publish screen
        media <- expect mia/screen video
        mia <- track_published mia/screen
        media: published mia/screen video/VP8 2
        olga <- update mia joined [mic opus@0, cam VP8@1, screen VP8@2] {role=member}
        media <- subscribe olga mia/screen
        + 1s
        olga <- room_update 2 in, 1 publishing
        mia <- room_update 2 in, 1 publishing
        olga: do mute mia microphone
        media <- mute mia/mic
        mia <- mute mia/mic
        olga <- update mia joined [mic opus@0 muted, cam VP8@1, screen VP8@2] {role=member}
        mia <- update mia joined [mic opus@0 muted, cam VP8@1, screen VP8@2] {role=member}
        mia <- page: muted microphone
        server <- done
        olga: do mute mia microphone
        server <- done
        mia: unmute mia/mic
        media <- unmute mia/mic
        olga <- update mia joined [mic opus@0, cam VP8@1, screen VP8@2] {role=member}
        mia <- update mia joined [mic opus@0, cam VP8@1, screen VP8@2] {role=member}
        olga: do mute mia camera
        media <- mute mia/cam
        mia <- mute mia/cam
        olga <- update mia joined [mic opus@0, cam VP8@1 muted, screen VP8@2] {role=member}
        mia <- update mia joined [mic opus@0, cam VP8@1 muted, screen VP8@2] {role=member}
        mia <- page: muted camera
        server <- done
        olga: do mute mia share
        media <- remove mia/screen
        mia <- track_unpublished mia/screen
        olga <- update mia joined [mic opus@0, cam VP8@1 muted] {role=member}
        mia <- update mia joined [mic opus@0, cam VP8@1 muted] {role=member}
        mia <- page: muted share
        server <- done
        olga: do mute mia chat
        server <- refused bad_setting
        olga: do ask mia
        mia <- page: askedtounmute
        server <- done
        olga: do ask-all
        mia <- page: askedtounmute
        server <- done
        ",
    );
}

#[test]
fn all_are_muted_but_those_who_lead() {
    check(
        "
        given: olga: knock; attend; enter
        olga: publish mic
        media <- expect olga/mic audio
        olga <- track_published olga/mic audio/opus
        media: published olga/mic audio/opus 0
        mia: knock
        server <- admitted mia~d1 named mia {role=member}, may publish all
        olga <- page: meeting as owner: olga owner (d1)
        mia: attend
        mia <- page: outside
        mia: enter
        media <- add mia
        mia <- join standup, others: olga joined [mic opus@0] {role=owner}
        olga <- update mia joined {role=member}
        media <- subscribe mia olga/mic
        olga <- page: meeting as owner: olga owner (d1), mia member (d1)
        mia <- page: meeting as member: olga owner (d1), mia member (d1)
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
        mia: publish screen
        media <- expect mia/screen video
        mia <- track_published mia/screen
        media: published mia/screen video/VP8 2
        olga <- update mia joined [mic opus@0, cam VP8@1, screen VP8@2] {role=member}
        media <- subscribe olga mia/screen
        + 1s
        olga <- room_update 2 in, 2 publishing
        mia <- room_update 2 in, 2 publishing
        olga: do mute-all
        media <- mute mia/mic
        mia <- mute mia/mic
        olga <- update mia joined [mic opus@0 muted, cam VP8@1, screen VP8@2] {role=member}
        mia <- update mia joined [mic opus@0 muted, cam VP8@1, screen VP8@2] {role=member}
        mia <- page: muted microphone
        server <- done
        olga: do stop-cameras
        media <- mute mia/cam
        mia <- mute mia/cam
        olga <- update mia joined [mic opus@0 muted, cam VP8@1 muted, screen VP8@2] {role=member}
        mia <- update mia joined [mic opus@0 muted, cam VP8@1 muted, screen VP8@2] {role=member}
        mia <- page: muted camera
        server <- done
        ",
    );
}

#[test]
fn what_is_forbidden_ends_and_cannot_begin_again() {
    check(
        "
        given: olga: knock; attend; enter; mia: knock; attend; enter
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
        mia: publish screen
        media <- expect mia/screen video
        mia <- track_published mia/screen
        media: published mia/screen video/VP8 2
        olga <- update mia joined [mic opus@0, cam VP8@1, screen VP8@2] {role=member}
        media <- subscribe olga mia/screen
        + 1s
        olga <- room_update 2 in, 1 publishing
        mia <- room_update 2 in, 1 publishing
        olga: do forbid microphone
        media <- mute mia/mic
        mia <- mute mia/mic
        olga <- update mia joined [mic opus@0 muted, cam VP8@1, screen VP8@2] {role=member}
        mia <- update mia joined [mic opus@0 muted, cam VP8@1, screen VP8@2] {role=member}
        mia <- token for mia~d1 named mia {role=member}, may publish camera+screen_share+screen_share_audio
        mia <- page: muted microphone
        server <- done, keep policy [no microphone]
        olga <- page: meeting as owner [no microphone]: olga owner (d1), mia member (d1)
        mia <- page: meeting as member [no microphone]: olga owner (d1), mia member (d1)
        mia: unmute mia/mic
        mia <- mute mia/mic
        mia <- request_response 0 NOT_ALLOWED mute
        log <- refused mia not_allowed
        olga: do forbid share
        media <- remove mia/screen
        mia <- track_unpublished mia/screen
        olga <- update mia joined [mic opus@0 muted, cam VP8@1] {role=member}
        mia <- update mia joined [mic opus@0 muted, cam VP8@1] {role=member}
        mia <- token for mia~d1 named mia {role=member}, may publish camera
        mia <- page: muted share
        server <- done, keep policy [no microphone, no share]
        olga <- page: meeting as owner [no microphone, no share]: olga owner (d1), mia member (d1)
        mia <- page: meeting as member [no microphone, no share]: olga owner (d1), mia member (d1)
        mia: publish screen
        mia <- request_response 0 NOT_ALLOWED add_track
        log <- refused mia not_allowed
        olga: do forbid camera
        media <- mute mia/cam
        mia <- mute mia/cam
        olga <- update mia joined [mic opus@0 muted, cam VP8@1 muted] {role=member}
        mia <- update mia joined [mic opus@0 muted, cam VP8@1 muted] {role=member}
        mia <- token for mia~d1 named mia {role=member}, may only watch
        mia <- page: muted camera
        server <- done, keep policy [no microphone, no camera, no share]
        olga <- page: meeting as owner [no microphone, no camera, no share]: olga owner (d1), mia member (d1)
        mia <- page: meeting as member [no microphone, no camera, no share]: olga owner (d1), mia member (d1)
        mia: unmute mia/cam
        mia <- mute mia/cam
        mia <- request_response 0 NOT_ALLOWED mute
        log <- refused mia not_allowed
        olga: do forbid chat
        media <- allow data mia false
        olga <- update mia joined [mic opus@0 muted, cam VP8@1 muted] {role=member}
        mia <- update mia joined [mic opus@0 muted, cam VP8@1 muted] {role=member}
        mia <- token for mia~d1 named mia {role=member}, may only watch
        server <- done, keep policy [no microphone, no camera, no share, no chat]
        olga <- page: meeting as owner [no microphone, no camera, no share, no chat]: olga owner (d1), mia member (d1)
        mia <- page: meeting as member [no microphone, no camera, no share, no chat]: olga owner (d1), mia member (d1)
        olga: publish screen
        media <- expect olga/screen video
        olga <- track_published olga/screen
        olga: do promote mia
        media <- allow data mia true
        olga <- update mia joined [mic opus@0 muted, cam VP8@1 muted] {role=host}
        mia <- update mia joined [mic opus@0 muted, cam VP8@1 muted] {role=host}
        mia <- token for mia~d1 named mia {role=host}, may publish all
        server <- done, keep mia as host
        olga <- page: meeting as owner [no microphone, no camera, no share, no chat]: olga owner (d1), mia host (d1)
        mia <- page: meeting as host [no microphone, no camera, no share, no chat]: olga owner (d1), mia host (d1)
        mia: unmute mia/mic
        media <- unmute mia/mic
        olga <- update mia joined [mic opus@0, cam VP8@1 muted] {role=host}
        mia <- update mia joined [mic opus@0, cam VP8@1 muted] {role=host}
        olga: do demote mia
        media <- allow data mia false
        media <- mute mia/mic
        mia <- mute mia/mic
        olga <- update mia joined [mic opus@0 muted, cam VP8@1 muted] {role=member}
        mia <- update mia joined [mic opus@0 muted, cam VP8@1 muted] {role=member}
        mia <- token for mia~d1 named mia {role=member}, may only watch
        mia <- page: muted microphone
        server <- done, keep mia as member
        olga <- page: meeting as owner [no microphone, no camera, no share, no chat]: olga owner (d1), mia member (d1)
        mia <- page: meeting as member [no microphone, no camera, no share, no chat]: olga owner (d1), mia member (d1)
        olga: do allow microphone
        olga <- update mia joined [mic opus@0 muted, cam VP8@1 muted] {role=member}
        mia <- update mia joined [mic opus@0 muted, cam VP8@1 muted] {role=member}
        mia <- token for mia~d1 named mia {role=member}, may publish microphone
        server <- done, keep policy [no camera, no share, no chat]
        olga <- page: meeting as owner [no camera, no share, no chat]: olga owner (d1), mia member (d1)
        mia <- page: meeting as member [no camera, no share, no chat]: olga owner (d1), mia member (d1)
        mia: unmute mia/mic
        media <- unmute mia/mic
        olga <- update mia joined [mic opus@0, cam VP8@1 muted] {role=member}
        mia <- update mia joined [mic opus@0, cam VP8@1 muted] {role=member}
        ",
    );
}

#[test]
fn a_track_still_to_come_is_stopped_too() {
    check(
        "
        given: olga: knock; enter; mia: knock; enter
        mia: publish screen
        media <- expect mia/screen video
        mia <- track_published mia/screen
        mia: publish mic
        media <- expect mia/mic audio
        mia <- track_published mia/mic audio/opus
        olga: do forbid share
        media <- remove mia/screen
        mia <- track_unpublished mia/screen
        olga <- update mia joined {role=member}
        mia <- update mia joined {role=member}
        mia <- token for mia~d1 named mia {role=member}, may publish camera+microphone
        server <- done, keep policy [no share]
        olga: do forbid microphone
        media <- mute mia/mic
        mia <- mute mia/mic
        olga <- update mia joined {role=member}
        mia <- update mia joined {role=member}
        mia <- token for mia~d1 named mia {role=member}, may publish camera
        server <- done, keep policy [no microphone, no share]
        ",
    );
}

#[test]
fn a_policy_narrows_what_the_operator_granted_while_it_stands() {
    check(
        "
        given: olga: knock; attend; enter; bot: join standup
        bot: publish any
        media <- expect bot/any video
        bot <- track_published bot/any
        media: published bot/any video/VP8 0
        olga <- update bot joined [any VP8@0]
        media <- subscribe olga bot/any
        olga: do forbid camera
        media <- mute bot/any
        bot <- mute bot/any
        olga <- update bot joined [any VP8@0 muted]
        bot <- update bot joined [any VP8@0 muted]
        bot <- token for standup as bot
        server <- done, keep policy [no camera]
        olga <- page: meeting as owner [no camera]: olga owner (d1), bot member (bot)
        bot: unmute bot/any
        bot <- mute bot/any
        bot <- request_response 0 NOT_ALLOWED mute
        log <- refused bot not_allowed
        bot: publish any
        bot <- request_response 0 NOT_ALLOWED add_track
        log <- refused bot not_allowed
        olga: do allow camera
        olga <- update bot joined [any VP8@0 muted]
        bot <- update bot joined [any VP8@0 muted]
        bot <- token for standup as bot
        server <- done, keep policy
        olga <- page: meeting as owner: olga owner (d1), bot member (bot)
        bot: unmute bot/any
        media <- unmute bot/any
        olga <- update bot joined [any VP8@0]
        bot <- update bot joined [any VP8@0]
        olga: do mute bot camera
        media <- mute bot/any
        bot <- mute bot/any
        olga <- update bot joined [any VP8@0 muted]
        bot <- update bot joined [any VP8@0 muted]
        server <- done
        ",
    );
}
