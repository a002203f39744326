//! A host moves somebody back to the lobby.

use crate::harness::check;

#[test]
fn who_is_moved_to_the_lobby_waits_and_is_let_in_by_hand() {
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
        + 1s
        olga <- room_update 2 in, 1 publishing
        mia <- room_update 2 in, 1 publishing
        olga: do spotlight mia
        server <- done
        olga <- page: meeting as owner: olga owner (d1), mia member (d1); light on mia
        mia <- page: meeting as member: olga owner (d1), mia member (d1); light on mia
        olga: do to-lobby mia
        olga <- update mia disconnected MIGRATION
        media <- remove mia
        mia <- leave MIGRATION DISCONNECT
        mia <- closed
        mia <- page: waiting, somebody could let in, moved by a host
        server <- done
        olga <- page: meeting as owner: olga owner (d1); at the door mia member
        mia: enter
        log <- refused mia removed
        mia <- leave PARTICIPANT_REMOVED DISCONNECT
        mia <- closed
        mia: door
        server <- door knock
        mia: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1); at the door mia member
        olga: do lobby guests
        server <- done
        olga: do lobby off
        server <- done, keep policy [lobby off]
        olga <- page: meeting as owner [lobby off]: olga owner (d1); at the door mia member
        mia: may-write
        server <- refused not_in
        olga: do admit mia
        mia <- page: come in, mia~d1 named mia {role=member}, may publish all
        server <- done
        olga <- page: meeting as owner [lobby off]: olga owner (d1)
        mia: enter
        media <- add mia
        mia <- join standup, others: olga joined {role=owner}
        olga <- update mia joined {role=member}
        olga <- page: meeting as owner [lobby off]: olga owner (d1), mia member (d1)
        mia <- page: meeting as member [lobby off]: olga owner (d1), mia member (d1)
        olga: do to-lobby mia
        olga <- update mia disconnected MIGRATION
        media <- remove mia
        mia <- leave MIGRATION DISCONNECT
        mia <- closed
        mia <- page: waiting, somebody could let in, moved by a host
        server <- done
        olga <- page: meeting as owner [lobby off]: olga owner (d1); at the door mia member
        olga: do deny mia
        mia <- page: denied
        server <- done
        olga <- page: meeting as owner [lobby off]: olga owner (d1)
        mia: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner [lobby off]: olga owner (d1); at the door mia member
        mia <- page: waiting, somebody could let in, moved by a host
        ",
    );
}

#[test]
fn who_left_the_lobby_that_a_host_chose_comes_back_to_it() {
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
        olga: do to-lobby mia
        olga <- update mia disconnected MIGRATION
        media <- remove mia
        mia <- leave MIGRATION DISCONNECT
        mia <- closed
        mia <- page: waiting, somebody could let in, moved by a host
        server <- done
        olga <- page: meeting as owner [lobby off]: olga owner (d1); at the door mia member
        mia: quit
        olga <- page: meeting as owner [lobby off]: olga owner (d1)
        mia: enter
        log <- refused mia removed
        mia <- leave PARTICIPANT_REMOVED DISCONNECT
        mia <- closed
        mia: door
        server <- door knock
        mia: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner [lobby off]: olga owner (d1); at the door mia member
        mia: attend
        mia <- page: waiting, somebody could let in, moved by a host
        mia: lose-line
        + 30s
        olga <- room_update 1 in, 0 publishing
        olga <- page: meeting as owner [lobby off]: olga owner (d1)
        mia: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner [lobby off]: olga owner (d1); at the door mia member
        olga: do promote mia
        server <- refused not_found
        server: changed mia host
        server <- told
        olga <- page: meeting as owner [lobby off]: olga owner (d1)
        mia: door
        server <- door open
        ",
    );
}

#[test]
fn those_who_lead_and_those_of_the_operator_are_not_moved() {
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
        hugo: knock
        server <- admitted hugo~d1 named hugo {role=host}, may publish all
        olga <- page: meeting as owner: olga owner (d1)
        hugo: enter
        media <- add hugo
        hugo <- join standup, others: olga joined {role=owner}
        olga <- update hugo joined {role=host}
        olga <- page: meeting as owner: olga owner (d1), hugo host (d1)
        bot: join standup
        media <- add bot
        bot <- join standup, others: olga joined {role=owner}, hugo joined {role=host}
        olga <- update bot joined
        hugo <- update bot joined
        olga <- page: meeting as owner: olga owner (d1), hugo host (d1), bot member (bot)
        mia: knock
        server <- admitted mia~d1 named mia {role=member}, may publish all
        olga <- page: meeting as owner: olga owner (d1), hugo host (d1), bot member (bot)
        mia: enter
        media <- add mia
        mia <- join standup, others: olga joined {role=owner}, hugo joined {role=host}, bot joined
        olga <- update mia joined {role=member}
        hugo <- update mia joined {role=member}
        bot <- update mia joined {role=member}
        olga <- page: meeting as owner: olga owner (d1), hugo host (d1), bot member (bot), mia member (d1)
        mia: leave
        mia <- closed
        olga <- update mia disconnected CLIENT_INITIATED
        hugo <- update mia disconnected CLIENT_INITIATED
        bot <- update mia disconnected CLIENT_INITIATED
        media <- remove mia
        olga <- page: meeting as owner: olga owner (d1), hugo host (d1), bot member (bot)
        olga: do to-lobby hugo
        server <- refused not_allowed
        hugo: do to-lobby olga
        server <- refused not_allowed
        olga: do to-lobby bot
        server <- refused not_allowed
        olga: do to-lobby mia
        server <- refused not_found
        hugo: do to-lobby hugo
        server <- refused not_allowed
        ",
    );
}
