//! Asking people into a meeting who can be found.

use crate::harness::check;

#[test]
fn who_is_asked_sees_it_on_all_devices_and_comes_past_the_lobby_and_the_lock() {
    check(
        "
        stored: lobby=everyone
        given: mia: here; mia2: here; acc-bob: here; olga: knock; attend; enter
        olga: do lock
        server <- done, keep policy [lobby everyone, locked]
        olga <- page: meeting as owner [lobby everyone, locked]: olga owner (d1)
        olga: invite mia
        server <- done
        olga <- page: meeting as owner [lobby everyone, locked]: olga owner (d1); invited mia waiting
        mia <- page: invited into: standup by olga
        mia2 <- page: invited into: standup by olga
        mia: door
        server <- door open
        mia2: come
        server <- done
        olga <- page: meeting as owner [lobby everyone, locked]: olga owner (d1); invited mia coming
        mia <- page: invited into: none
        mia2 <- page: invited into: none
        mia: door
        server <- door open
        mia: knock
        server <- admitted mia~d1 named mia {role=member}, may publish all
        olga <- page: meeting as owner [lobby everyone, locked]: olga owner (d1); invited mia coming
        mia: enter
        media <- add mia
        mia <- join standup, others: olga joined {role=owner}
        olga <- update mia joined {role=member}
        olga <- page: meeting as owner [lobby everyone, locked]: olga owner (d1), mia member (d1)
        mia <- page: mia is in a call
        mia2 <- page: mia is in a call
        acc-bob <- page: mia is in a call
        acc-bob: door
        server <- door locked
        ",
    );
}

#[test]
fn not_now_on_one_device_is_the_answer_of_all_and_those_who_lead_read_it() {
    check(
        "
        given: mia: here; mia2: here; hugo: here; olga: knock; attend; enter; max: knock; attend; enter; hugo: knock; attend; enter; media: connected olga; connected hugo; connected max
        olga: invite mia
        server <- done
        hugo <- page: meeting as host: olga owner (d1), max host (d1), hugo host (d1); invited mia waiting
        olga <- page: meeting as owner: olga owner (d1), max host (d1), hugo host (d1); invited mia waiting
        max <- page: meeting as host: olga owner (d1), max host (d1), hugo host (d1); invited mia waiting
        mia <- page: invited into: standup by olga
        mia2 <- page: invited into: standup by olga
        mia: not-now
        server <- done
        hugo <- page: meeting as host: olga owner (d1), max host (d1), hugo host (d1); invited mia notnow
        olga <- page: meeting as owner: olga owner (d1), max host (d1), hugo host (d1); invited mia notnow
        max <- page: meeting as host: olga owner (d1), max host (d1), hugo host (d1); invited mia notnow
        mia <- page: invited into: none
        mia2 <- page: invited into: none
        mia2: not-now
        server <- refused not_found
        # A moment later the same person does not ask again; another who leads may.
        olga: invite mia
        server <- refused too_often
        hugo: invite mia
        server <- done
        hugo <- page: meeting as host: olga owner (d1), max host (d1), hugo host (d1); invited mia waiting
        olga <- page: meeting as owner: olga owner (d1), max host (d1), hugo host (d1); invited mia waiting
        max <- page: meeting as host: olga owner (d1), max host (d1), hugo host (d1); invited mia waiting
        mia <- page: invited into: standup by hugo
        mia2 <- page: invited into: standup by hugo
        mia2: not-now
        server <- done
        hugo <- page: meeting as host: olga owner (d1), max host (d1), hugo host (d1); invited mia notnow
        olga <- page: meeting as owner: olga owner (d1), max host (d1), hugo host (d1); invited mia notnow
        max <- page: meeting as host: olga owner (d1), max host (d1), hugo host (d1); invited mia notnow
        mia <- page: invited into: none
        mia2 <- page: invited into: none
        + 31s
        olga <- room_update 3 in, 0 publishing
        max <- room_update 3 in, 0 publishing
        hugo <- room_update 3 in, 0 publishing
        olga: invite mia
        server <- done
        hugo <- page: meeting as host: olga owner (d1), max host (d1), hugo host (d1); invited mia waiting
        olga <- page: meeting as owner: olga owner (d1), max host (d1), hugo host (d1); invited mia waiting
        max <- page: meeting as host: olga owner (d1), max host (d1), hugo host (d1); invited mia waiting
        mia <- page: invited into: standup by olga
        mia2 <- page: invited into: standup by olga
        # Minutes later nothing of it is told any more.
        mia: not-now
        server <- done
        hugo <- page: meeting as host: olga owner (d1), max host (d1), hugo host (d1); invited mia notnow
        olga <- page: meeting as owner: olga owner (d1), max host (d1), hugo host (d1); invited mia notnow
        max <- page: meeting as host: olga owner (d1), max host (d1), hugo host (d1); invited mia notnow
        mia <- page: invited into: none
        mia2 <- page: invited into: none
        + 300s
        olga <- token for olga~d1 named olga {role=owner}, may publish all
        max <- token for max~d1 named max {role=host}, may publish all
        hugo <- token for hugo~d1 named hugo {role=host}, may publish all
        hugo <- page: meeting as host: olga owner (d1), max host (d1), hugo host (d1)
        olga <- page: meeting as owner: olga owner (d1), max host (d1), hugo host (d1)
        max <- page: meeting as host: olga owner (d1), max host (d1), hugo host (d1)
        ",
    );
}

#[test]
fn who_does_not_answer_in_a_minute_is_asked_no_more() {
    check(
        "
        given: mia: here; olga: knock; attend; enter; media: connected olga
        olga: invite mia
        server <- done
        olga <- page: meeting as owner: olga owner (d1); invited mia waiting
        mia <- page: invited into: standup by olga
        + 59s
        olga <- room_update 1 in, 0 publishing
        + 1s
        olga <- page: meeting as owner: olga owner (d1); invited mia noanswer
        mia <- page: invited into: none
        mia: come
        server <- refused not_found
        + 300s
        olga <- token for olga~d1 named olga {role=owner}, may publish all
        olga <- page: meeting as owner: olga owner (d1)
        ",
    );
}

#[test]
fn those_not_to_be_disturbed_those_who_are_away_and_those_who_block_are_not_found_and_hear_nothing() {
    check(
        "
        given: olga: knock; attend; enter; mia: here dnd; max: here -olga; acc-ida: here; acc-lea: here; acc-lea: lose-line
        + 11s
        olga <- room_update 1 in, 0 publishing
        mia <- page: acc-lea is offline
        max <- page: acc-lea is offline
        acc-ida <- page: acc-lea is offline
        olga: invite mia max acc-lea acc-ida acc-jon banned=acc-ida
        server <- done
        olga <- page: meeting as owner: olga owner (d1); invited mia unreachable, max unreachable, acc-lea unreachable, acc-ida unreachable, acc-jon unreachable
        max: come
        server <- refused not_found
        mia: door
        server <- door open
        ",
    );
}

#[test]
fn who_blocks_after_being_asked_sees_it_no_more_and_nobody_learns_of_it() {
    check(
        "
        given: mia: here; olga: knock; attend; enter; media: connected olga
        olga: invite mia
        server <- done
        olga <- page: meeting as owner: olga owner (d1); invited mia waiting
        mia <- page: invited into: standup by olga
        mia: book -olga
        server <- told
        mia <- page: invited into: none
        mia: come
        server <- refused not_found
        mia: not-now
        server <- refused not_found
        + 60s
        olga <- room_update 1 in, 0 publishing
        olga <- page: meeting as owner: olga owner (d1); invited mia noanswer
        ",
    );
}

#[test]
fn members_and_guests_ask_nobody_and_neither_does_who_is_not_in() {
    check(
        "
        stored: lobby=off
        given: max: here; olga: knock; attend; enter; mia: knock; enter; gina: knock; enter
        mia: invite max
        server <- refused not_allowed
        gina: invite max
        server <- refused not_allowed
        hugo: invite max
        server <- refused not_in
        olga: do promote gina
        olga <- update gina joined {role=host}
        mia <- update gina joined {role=host}
        gina <- update gina joined {role=host}
        gina <- token for gina~d1 named gina {role=host}, may publish all
        server <- done
        olga <- page: meeting as owner [lobby off]: olga owner (d1), mia member (d1), gina host (d1)
        # Who leads and has no account knows nobody whom they could ask.
        gina: invite max
        server <- refused not_allowed
        ",
    );
}

#[test]
fn who_waits_at_the_door_is_let_in_and_who_is_in_is_not_asked() {
    check(
        "
        stored: lobby=everyone
        given: mia: here; max: here; olga: here; olga: knock; attend; enter
        mia: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner [lobby everyone]: olga owner (d1); at the door mia member
        mia: attend
        mia <- page: waiting, somebody could let in
        olga: invite mia olga
        mia <- page: come in, mia~d1 named mia {role=member}, may publish all
        server <- done
        olga <- page: meeting as owner [lobby everyone]: olga owner (d1)
        mia: enter
        media <- add mia
        mia <- join standup, others: olga joined {role=owner}
        olga <- update mia joined {role=member}
        mia <- page: meeting as member [lobby everyone]: olga owner (d1), mia member (d1)
        olga <- page: meeting as owner [lobby everyone]: olga owner (d1), mia member (d1)
        mia <- page: mia is in a call
        max <- page: mia is in a call
        olga <- page: mia is in a call
        olga: invite mia
        server <- done
        ",
    );
}

#[test]
fn who_comes_by_the_link_has_answered() {
    check(
        "
        stored: lobby=everyone
        given: mia: here; olga: knock; attend; enter
        olga: invite mia
        server <- done
        olga <- page: meeting as owner [lobby everyone]: olga owner (d1); invited mia waiting
        mia <- page: invited into: standup by olga
        mia2: knock
        server <- admitted mia~d2 named mia {role=member}, may publish all
        olga <- page: meeting as owner [lobby everyone]: olga owner (d1); invited mia coming
        mia <- page: invited into: none
        mia2: enter
        media <- add mia2
        mia2 <- join standup, others: olga joined {role=owner}
        olga <- update mia2 joined {role=member}
        olga <- page: meeting as owner [lobby everyone]: olga owner (d1), mia member (d2)
        mia <- page: mia is in a call
        ",
    );
}

#[test]
fn it_is_taken_back_when_the_meeting_is_over_or_nobody_is_in_any_more() {
    check(
        "
        given: mia: here; olga: knock; attend; enter
        olga: invite mia
        server <- done
        olga <- page: meeting as owner: olga owner (d1); invited mia waiting
        mia <- page: invited into: standup by olga
        olga: do end
        media <- remove olga
        olga <- leave ROOM_DELETED DISCONNECT
        olga <- closed
        olga <- page: ended
        log <- room closed
        server <- done
        mia <- page: invited into: none
        mia: come
        server <- refused not_found
        given: olga: knock; enter
        + 31s
        olga <- room_update 1 in, 0 publishing
        olga: invite mia
        server <- done
        olga <- page: meeting as owner: olga owner (d1); invited mia waiting
        mia <- page: invited into: standup by olga
        olga: leave
        olga <- closed
        media <- remove olga
        olga <- page: outside
        mia <- page: invited into: none
        mia: not-now
        server <- refused not_found
        ",
    );
}

#[test]
fn a_page_that_comes_later_is_told_and_one_that_has_nothing_to_be_told_is_not() {
    check(
        "
        given: mia: here; olga: knock; attend; enter
        olga: invite mia
        server <- done
        olga <- page: meeting as owner: olga owner (d1); invited mia waiting
        mia <- page: invited into: standup by olga
        mia2: here
        mia2 <- page: there: mia available
        mia2 <- page: invited into: standup by olga
        mia <- page: calls: none
        mia2 <- page: calls: none
        mia: lose-line
        mia: here
        mia <- page: there: mia available
        mia <- page: invited into: standup by olga
        mia <- page: calls: none
        mia2 <- page: calls: none
        mia: come
        server <- done
        olga <- page: meeting as owner: olga owner (d1); invited mia coming
        mia <- page: invited into: none
        mia2 <- page: invited into: none
        mia: lose-line
        mia: here
        mia <- page: there: mia available
        mia <- page: calls: none
        mia2 <- page: calls: none
        ",
    );
}

#[test]
fn nobody_is_let_in_who_was_removed_for_good_since() {
    check(
        "
        given: mia: here; olga: knock; attend; enter
        olga: invite mia
        server <- done
        olga <- page: meeting as owner: olga owner (d1); invited mia waiting
        mia <- page: invited into: standup by olga
        mia: door banned
        server <- door removed
        mia: come banned
        server <- refused removed
        mia: not-now
        server <- done
        olga <- page: meeting as owner: olga owner (d1); invited mia notnow
        mia <- page: invited into: none
        ",
    );
}

#[test]
fn a_full_room_is_told_and_the_invitation_stays() {
    check(
        "
        config: participants 2
        given: mia: here; olga: knock; attend; enter; hugo: knock; enter
        olga: invite mia
        server <- done
        olga <- page: meeting as owner: olga owner (d1), hugo host (d1); invited mia waiting
        mia <- page: invited into: standup by olga
        mia: come
        server <- refused room_full
        hugo: leave
        hugo <- closed
        olga <- update hugo disconnected CLIENT_INITIATED
        media <- remove hugo
        olga <- page: meeting as owner: olga owner (d1); invited mia waiting
        mia: come
        server <- done
        olga <- page: meeting as owner: olga owner (d1); invited mia coming
        mia <- page: invited into: none
        ",
    );
}

#[test]
fn no_more_than_a_few_stand_open_for_one_person() {
    check(
        "
        given: mia: here
        given: olga: enter at one; hugo: enter at two; max: enter at three
        given: olga2: enter at four; hugo2: enter at five; max2: enter at six
        given: media: connected olga; connected hugo; connected max; connected olga2; connected hugo2; connected max2
        given: olga: attend at one; invite mia at one; hugo: invite mia at two; max: invite mia at three
        + 31s
        olga <- room_update 1 in, 0 publishing
        hugo <- room_update 1 in, 0 publishing
        max <- room_update 1 in, 0 publishing
        olga2 <- room_update 1 in, 0 publishing
        hugo2 <- room_update 1 in, 0 publishing
        max2 <- room_update 1 in, 0 publishing
        olga2: invite mia at four
        server <- done
        mia <- page: invited into: one by olga, two by hugo, three by max, four by olga
        hugo2: invite mia at five
        server <- done
        mia <- page: invited into: one by olga, two by hugo, three by max, four by olga, five by hugo
        max2: attend at six
        max2 <- page: meeting as host: max host (d2)
        max2: invite mia at six
        server <- done
        max2 <- page: meeting as host: max host (d2); invited mia unreachable
        # The first three end, and there is place again.
        + 29s
        olga <- page: meeting as owner: olga owner (d1); invited mia noanswer
        mia <- page: invited into: four by olga, five by hugo
        + 1s
        max2: invite mia at six
        server <- done
        max2 <- page: meeting as host: max host (d2); invited mia waiting
        mia <- page: invited into: four by olga, five by hugo, six by max
        ",
    );
}

#[test]
fn a_call_is_rung_into_and_nobody_is_asked() {
    check(
        "
        given: mia: here; max: here; olga: here; olga: call mia; enter
        olga: invite max
        server <- refused not_allowed
        ",
    );
}

#[test]
fn what_somebody_asked_who_leads_no_more_lets_nobody_in() {
    check(
        "
        stored: lobby=everyone
        given: mia: here; hugo: here; olga: knock; attend; enter; hugo: knock; attend; enter; media: connected olga; connected hugo
        hugo: invite mia
        server <- done
        hugo <- page: meeting as host [lobby everyone]: olga owner (d1), hugo host (d1); invited mia waiting
        olga <- page: meeting as owner [lobby everyone]: olga owner (d1), hugo host (d1); invited mia waiting
        mia <- page: invited into: standup by hugo
        olga: do demote hugo
        olga <- update hugo active {role=member}
        hugo <- update hugo active {role=member}
        hugo <- token for hugo~d1 named hugo {role=member}, may publish all
        server <- done, keep hugo as member
        hugo <- page: meeting as member [lobby everyone]: olga owner (d1), hugo member (d1)
        olga <- page: meeting as owner [lobby everyone]: olga owner (d1), hugo member (d1)
        mia <- page: invited into: none
        mia: door
        server <- door knock
        mia: come
        server <- refused not_found
        ",
    );
}
