//! Who is removed, whose meeting ends, and whose token counts no more.

use crate::harness::check;

#[test]
fn a_removed_person_may_knock_again_and_its_token_is_void() {
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
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        gina: attend
        gina <- page: waiting, somebody could let in
        olga: do admit gina
        gina <- page: come in, gina~d1 named gina {role=guest}, may publish all
        server <- done
        olga <- page: meeting as owner: olga owner (d1)
        gina: enter
        media <- add gina
        gina <- join standup, others: olga joined {role=owner}
        olga <- update gina joined {role=guest}
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1)
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1)
        olga: do remove gina
        gina <- page: removed, may return
        olga <- update gina disconnected PARTICIPANT_REMOVED
        media <- remove gina
        gina <- leave PARTICIPANT_REMOVED DISCONNECT
        gina <- closed
        server <- done
        olga <- page: meeting as owner: olga owner (d1)
        gina: enter
        log <- refused gina removed
        gina <- leave PARTICIPANT_REMOVED DISCONNECT
        gina <- closed
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        gina <- page: waiting, somebody could let in
        olga: do admit gina
        gina <- page: come in, gina~d1 named gina {role=guest}, may publish all
        server <- done
        olga <- page: meeting as owner: olga owner (d1)
        gina: enter
        media <- add gina
        gina <- join standup, others: olga joined {role=owner}
        olga <- update gina joined {role=guest}
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1)
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1)
        ",
    );
}

#[test]
fn who_is_removed_for_good_does_not_come_back() {
    check(
        "
        given: olga: knock; attend; enter; mia: knock; attend; enter
        olga: do ban mia
        mia <- page: removed for good
        olga <- update mia disconnected PARTICIPANT_REMOVED
        media <- remove mia
        mia <- leave PARTICIPANT_REMOVED DISCONNECT
        mia <- closed
        server <- done, keep mia out
        olga <- page: meeting as owner: olga owner (d1)
        mia: enter
        log <- refused mia removed
        mia <- leave PARTICIPANT_REMOVED DISCONNECT
        mia <- closed
        mia: knock
        server <- refused removed
        mia: door
        server <- door removed
        olga: leave
        olga <- closed
        media <- remove olga
        olga <- page: outside
        + 60s
        log <- room closed
        mia: enter
        log <- refused mia removed
        mia <- leave PARTICIPANT_REMOVED DISCONNECT
        mia <- closed
        ",
    );
}

#[test]
fn a_host_does_nothing_to_an_owner() {
    check(
        "
        given: olga: knock; attend; enter; hugo: knock; enter
        hugo: do remove olga
        server <- refused not_allowed
        hugo: do mute olga microphone
        server <- refused not_allowed
        hugo: do rename olga Nobody
        server <- refused not_allowed
        olga: do remove hugo
        olga <- update hugo disconnected PARTICIPANT_REMOVED
        media <- remove hugo
        hugo <- leave PARTICIPANT_REMOVED DISCONNECT
        hugo <- closed
        server <- done
        olga <- page: meeting as owner: olga owner (d1)
        ",
    );
}

#[test]
fn an_ended_meeting_is_over_for_all() {
    check(
        "
        given: olga: knock; attend; enter; mia: knock; attend; enter
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1), mia member (d1); at the door gina guest
        mia <- page: meeting as member: olga owner (d1), mia member (d1)
        gina: attend
        gina <- page: waiting, somebody could let in
        olga: do end
        media <- remove olga
        olga <- leave ROOM_DELETED DISCONNECT
        olga <- closed
        media <- remove mia
        mia <- leave ROOM_DELETED DISCONNECT
        mia <- closed
        olga <- page: ended
        mia <- page: ended
        gina <- page: ended
        log <- room closed
        server <- done
        mia: enter
        log <- refused mia removed
        mia <- leave PARTICIPANT_REMOVED DISCONNECT
        mia <- closed
        olga: enter
        log <- refused olga removed
        olga <- leave PARTICIPANT_REMOVED DISCONNECT
        olga <- closed
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        ",
    );
}

#[test]
fn a_deleted_room_and_a_shut_out_account_end() {
    check(
        "
        given: olga: knock; attend; enter; mia: knock; attend; enter
        server: running
        server <- running: standup with olga, mia
        server: end mia
        mia <- page: removed for good
        olga <- update mia disconnected PARTICIPANT_REMOVED
        media <- remove mia
        mia <- leave PARTICIPANT_REMOVED DISCONNECT
        mia <- closed
        server <- told
        olga <- page: meeting as owner: olga owner (d1)
        mia: enter
        log <- refused mia removed
        mia <- leave PARTICIPANT_REMOVED DISCONNECT
        mia <- closed
        server: end
        media <- remove olga
        olga <- leave ROOM_DELETED DISCONNECT
        olga <- closed
        olga <- page: ended
        log <- room closed
        server <- told
        server: running
        server <- running: none
        ",
    );
}

#[test]
fn who_came_by_the_operators_word_is_never_held_and_can_be_removed() {
    check(
        "
        stored: lobby=everyone locked
        given: olga: knock; attend; enter; bot: join standup
        olga: do remove bot
        olga <- update bot disconnected PARTICIPANT_REMOVED
        media <- remove bot
        bot <- leave PARTICIPANT_REMOVED DISCONNECT
        bot <- closed
        server <- done
        olga <- page: meeting as owner [lobby everyone, locked]: olga owner (d1)
        bot: join standup
        media <- add bot
        bot <- join standup, others: olga joined {role=owner}
        olga <- update bot joined
        olga <- page: meeting as owner [lobby everyone, locked]: olga owner (d1), bot member (bot)
        olga: do ban bot
        olga <- update bot disconnected PARTICIPANT_REMOVED
        media <- remove bot
        bot <- leave PARTICIPANT_REMOVED DISCONNECT
        bot <- closed
        server <- done, keep bot out
        olga <- page: meeting as owner [lobby everyone, locked]: olga owner (d1)
        bot: join standup
        log <- refused bot removed
        bot <- leave PARTICIPANT_REMOVED DISCONNECT
        bot <- closed
        ",
    );
}

#[test]
fn who_is_not_in_does_nothing() {
    check(
        "
        given: olga: knock; attend; enter
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        gina: attend
        gina <- page: waiting, somebody could let in
        gina: do hand up
        server <- refused not_in
        gus: do hand up
        server <- refused not_in
        mia: knock
        server <- admitted mia~d1 named mia {role=member}, may publish all
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        mia: do hand up
        server <- refused not_in
        olga: do mute gina microphone
        server <- refused not_found
        olga: do mute gus microphone
        server <- refused not_found
        ",
    );
}
