//! The way in: every reason why not, and who needs none.

use crate::harness::check;

#[test]
fn those_who_lead_never_wait() {
    check(
        "
        stored: lobby=everyone locked
        hugo: door
        server <- door open
        hugo: knock
        log <- room opened on 0
        server <- admitted hugo~d1 named hugo {role=host}, may publish all
        mia: door
        server <- door locked
        mia: knock
        server <- refused locked
        gina: door
        server <- door locked
        ",
    );
}

#[test]
fn in_a_room_for_members_guests_find_no_door() {
    check(
        "
        stored: members-only lobby=off
        gina: door
        server <- door membersonly
        gina: knock
        server <- refused members_only
        mia: door
        server <- door open
        mia: knock
        log <- room opened on 0
        server <- admitted mia~d1 named mia {role=member}, may publish all
        mia: enter
        media <- add mia
        mia <- join standup, others: none
        gina: knock
        server <- refused members_only
        ",
    );
}

#[test]
fn a_locked_room_takes_back_those_who_were_in_and_nobody_new() {
    check(
        "
        given: olga: knock; attend; enter; mia: knock; enter
        mia: leave
        mia <- closed
        olga <- update mia disconnected CLIENT_INITIATED
        media <- remove mia
        olga <- page: meeting as owner: olga owner (d1)
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        gina: attend
        gina <- page: waiting, somebody could let in
        olga: do lock
        server <- done, keep policy [locked]
        olga <- page: meeting as owner [locked]: olga owner (d1); at the door gina guest
        gus: knock
        server <- refused locked
        gus: door
        server <- door locked
        mia: door
        server <- door open
        mia: knock
        server <- admitted mia~d1 named mia {role=member}, may publish all
        olga <- page: meeting as owner [locked]: olga owner (d1); at the door gina guest
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner [locked]: olga owner (d1); at the door gina guest
        olga: do admit gina
        gina <- page: come in, gina~d1 named gina {role=guest}, may publish all
        server <- done
        olga <- page: meeting as owner [locked]: olga owner (d1)
        ",
    );
}

#[test]
fn a_full_room_is_full_for_all() {
    check(
        "
        config: participants 1
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        mia: door
        server <- door full
        mia: knock
        server <- refused room_full
        gina: knock
        server <- refused room_full
        ",
    );
}

#[test]
fn a_banned_person_finds_no_door() {
    check(
        "
        gina: door banned
        server <- door removed
        gina: knock banned
        server <- refused removed
        ",
    );
}

#[test]
fn the_stored_policy_counts_when_it_is_changed_outside() {
    check(
        "
        given: olga: knock; attend; enter
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        gina: attend
        gina <- page: waiting, somebody could let in
        stored: lobby=off
        server: changed policy
        gina <- page: come in, gina~d1 named gina {role=guest}, may publish all
        server <- told
        olga <- page: meeting as owner [lobby off]: olga owner (d1)
        gus: knock
        server <- admitted gus~d1 named gus {role=guest}, may publish all
        olga <- page: meeting as owner [lobby off]: olga owner (d1)
        gus: attend
        gus <- page: outside
        ",
    );
}

#[test]
fn guests_who_wait_are_turned_away_when_the_room_is_for_members() {
    check(
        "
        given: olga: knock; attend; enter
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        gina: attend
        gina <- page: waiting, somebody could let in
        stored: members-only
        server: changed policy
        gina <- page: denied
        server <- told
        olga <- page: meeting as owner [members only]: olga owner (d1)
        ",
    );
}

#[test]
fn somebody_made_host_while_waiting_comes_in() {
    check(
        "
        stored: lobby=everyone
        mia: knock
        log <- room opened on 0
        server <- waiting, nobody could let in
        mia: attend
        mia <- page: waiting, nobody could let in
        server: changed mia host
        mia <- page: come in, mia~d1 named mia {role=host}, may publish all
        server <- told
        ",
    );
}

#[test]
fn a_line_attends_one_room_and_hears_of_its_end() {
    check(
        "
        given: mia: attend; knock; enter
        mia: leave
        mia <- closed
        media <- remove mia
        mia <- page: outside
        + 20s
        log <- room closed
        mia: knock
        log <- room opened on 0
        server <- admitted mia~d1 named mia {role=member}, may publish all
        mia: quit
        ",
    );
}

#[test]
fn the_ninth_page_of_one_person_takes_the_place_of_the_first() {
    check(
        "
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: attend
        olga <- page: outside
        olga2: attend
        olga2 <- page: outside
        olga3: attend
        olga3 <- page: outside
        olga4: attend
        olga4 <- page: outside
        olga5: attend
        olga5 <- page: outside
        olga6: attend
        olga6 <- page: outside
        olga7: attend
        olga7 <- page: outside
        olga8: attend
        olga8 <- page: outside
        olga9: attend
        olga <- page: refused too_many
        olga9 <- page: outside
        ",
    );
}

#[test]
fn a_locked_room_keeps_those_who_wait_when_the_lobby_is_given_up() {
    check(
        "
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        gina: knock
        server <- waiting, somebody could let in
        gina: attend
        gina <- page: waiting, somebody could let in
        olga: do lock
        server <- done, keep policy [locked]
        olga: do lobby off
        server <- done, keep policy [lobby off, locked]
        olga: do unlock
        gina <- page: come in, gina~d1 named gina {role=guest}, may publish all
        server <- done, keep policy [lobby off]
        ",
    );
}

#[test]
fn who_comes_back_may_have_another_name_unless_somebody_gave_them_theirs() {
    check(
        "
        stored: lobby=off
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        gina: knock as Gnia
        server <- admitted gina~d1 named Gnia {role=guest}, may publish all
        gina: enter
        media <- add gina
        gina <- join standup, others: olga joined {role=owner}
        olga <- update gina joined name=Gnia {role=guest}
        gina: leave
        gina <- closed
        olga <- update gina disconnected CLIENT_INITIATED
        media <- remove gina
        gina: knock as Gina
        server <- admitted gina~d1 named Gina {role=guest}, may publish all
        olga: do rename gina Georgina
        server <- done
        gina: knock as Gina
        server <- admitted gina~d1 named Georgina {role=guest}, may publish all
        ",
    );
}

#[test]
fn an_account_leaves_all_its_meetings_at_once() {
    check(
        "
        given: olga: knock; enter; mia: knock; enter; attend
        server: whereabouts mia
        server <- in standup
        server: leave mia returnable
        mia <- page: removed, may return
        olga <- update mia disconnected PARTICIPANT_REMOVED
        media <- remove mia
        mia <- leave PARTICIPANT_REMOVED DISCONNECT
        mia <- closed
        server <- told
        mia: enter
        log <- refused mia removed
        mia <- leave PARTICIPANT_REMOVED DISCONNECT
        mia <- closed
        mia: door
        server <- door open
        mia: knock
        server <- admitted mia~d1 named mia {role=member}, may publish all
        mia: enter
        media <- add mia
        mia <- join standup, others: olga joined {role=owner}
        olga <- update mia joined {role=member}
        mia <- page: meeting as member: olga owner (d1), mia member (d1)
        server: leave mia
        mia <- page: removed for good
        olga <- update mia disconnected PARTICIPANT_REMOVED
        media <- remove mia
        mia <- leave PARTICIPANT_REMOVED DISCONNECT
        mia <- closed
        server <- told
        mia: door
        server <- door removed
        server: whereabouts mia
        server <- in none
        ",
    );
}

#[test]
fn who_was_removed_for_good_may_be_let_back_to_the_door() {
    check(
        "
        stored: lobby=off
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        gina: knock as Gina
        server <- admitted gina~d1 named Gina {role=guest}, may publish all
        gina: enter
        media <- add gina
        gina <- join standup, others: olga joined {role=owner}
        olga <- update gina joined name=Gina {role=guest}
        server: knows gina
        server <- known
        olga: do ban gina
        olga <- update gina disconnected PARTICIPANT_REMOVED
        media <- remove gina
        gina <- leave PARTICIPANT_REMOVED DISCONNECT
        gina <- closed
        server <- done, keep gina named Gina out
        server: knows gina
        server <- unknown
        gina: door
        server <- door removed
        server: pardon gina
        server <- told
        gina: enter
        log <- refused gina removed
        gina <- leave PARTICIPANT_REMOVED DISCONNECT
        gina <- closed
        gina: door
        server <- door open
        gina: knock
        server <- admitted gina~d1 named gina {role=guest}, may publish all
        ",
    );
}
