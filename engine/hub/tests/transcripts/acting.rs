//! What people do in a meeting, and what its pages are told.

use crate::harness::check;

#[test]
fn hands_are_raised_in_order_and_lowered() {
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
        mia: do hand up
        olga <- update mia joined {hand=up, role=member}
        mia <- update mia joined {hand=up, role=member}
        server <- done
        olga <- page: meeting as owner: olga owner (d1), mia member (d1); hands mia
        mia <- page: meeting as member: olga owner (d1), mia member (d1); hands mia
        + 1s
        olga <- room_update 2 in, 0 publishing
        mia <- room_update 2 in, 0 publishing
        olga: do hand up
        olga <- update olga joined {hand=up, role=owner}
        mia <- update olga joined {hand=up, role=owner}
        server <- done
        olga <- page: meeting as owner: olga owner (d1), mia member (d1); hands mia, olga
        mia <- page: meeting as member: olga owner (d1), mia member (d1); hands mia, olga
        mia: do hand up
        server <- done
        olga: do lower mia
        olga <- update mia joined {role=member}
        mia <- update mia joined {role=member}
        server <- done
        olga <- page: meeting as owner: olga owner (d1), mia member (d1); hands olga
        mia <- page: meeting as member: olga owner (d1), mia member (d1); hands olga
        olga: do lower-all
        olga <- update olga joined {role=owner}
        mia <- update olga joined {role=owner}
        server <- done
        olga <- page: meeting as owner: olga owner (d1), mia member (d1)
        mia <- page: meeting as member: olga owner (d1), mia member (d1)
        mia: do hand up
        olga <- update mia joined {hand=up, role=member}
        mia <- update mia joined {hand=up, role=member}
        server <- done
        olga <- page: meeting as owner: olga owner (d1), mia member (d1); hands mia
        mia <- page: meeting as member: olga owner (d1), mia member (d1); hands mia
        mia: leave
        mia <- closed
        olga <- update mia disconnected CLIENT_INITIATED
        media <- remove mia
        olga <- page: meeting as owner: olga owner (d1)
        mia <- page: outside
        ",
    );
}

#[test]
fn hands_and_reactions_have_a_pace() {
    check(
        "
        given: mia: knock; attend; enter
        mia: do react 👍
        mia <- page: mia reacts 👍
        server <- done
        mia: do react 👍
        mia <- page: mia reacts 👍
        server <- done
        mia: do react 👍
        mia <- page: mia reacts 👍
        server <- done
        mia: do react 👍
        mia <- page: mia reacts 👍
        server <- done
        mia: do react 👨‍👩‍👧‍👦
        mia <- page: mia reacts 👨‍👩‍👧‍👦
        server <- done
        mia: do react 👍
        server <- refused too_often
        + 500ms
        mia: do react 👍
        mia <- page: mia reacts 👍
        server <- done
        mia: do react hello
        server <- refused bad_text
        mia: do react <b>
        server <- refused bad_text
        mia: do hand up
        mia <- update mia joined {hand=up, role=member}
        server <- done
        mia <- page: meeting as member: mia member (d1); hands mia
        mia: do hand down
        mia <- update mia joined {role=member}
        server <- done
        mia <- page: meeting as member: mia member (d1)
        mia: do hand up
        mia <- update mia joined {hand=up, role=member}
        server <- done
        mia <- page: meeting as member: mia member (d1); hands mia
        mia: do hand down
        mia <- update mia joined {role=member}
        server <- done
        mia <- page: meeting as member: mia member (d1)
        mia: do hand up
        mia <- update mia joined {hand=up, role=member}
        server <- done
        mia <- page: meeting as member: mia member (d1); hands mia
        mia: do hand down
        server <- refused too_often
        ",
    );
}

#[test]
fn a_host_is_made_and_unmade() {
    check(
        "
        given: olga: knock; attend; enter
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        gina: attend
        gina <- page: waiting, somebody could let in
        mia: knock
        server <- admitted mia~d1 named mia {role=member}, may publish all
        olga <- page: meeting as owner: olga owner (d1); at the door gina guest
        mia: enter
        media <- add mia
        mia <- join standup, others: olga joined {role=owner}
        olga <- update mia joined {role=member}
        olga <- page: meeting as owner: olga owner (d1), mia member (d1); at the door gina guest
        mia: do lock
        server <- refused not_allowed
        olga: do promote mia
        olga <- update mia joined {role=host}
        mia <- update mia joined {role=host}
        mia <- token for mia~d1 named mia {role=host}, may publish all
        server <- done, keep mia as host
        olga <- page: meeting as owner: olga owner (d1), mia host (d1); at the door gina guest
        olga: do promote mia
        server <- done
        mia: do lock
        server <- done, keep policy [locked]
        olga <- page: meeting as owner [locked]: olga owner (d1), mia host (d1); at the door gina guest
        mia: do admit gina
        gina <- page: come in, gina~d1 named gina {role=guest}, may publish all
        server <- done
        olga <- page: meeting as owner [locked]: olga owner (d1), mia host (d1)
        mia: do promote gina
        server <- refused not_allowed
        gina: enter
        media <- add gina
        gina <- join standup, others: olga joined {role=owner}, mia joined {role=host}
        olga <- update gina joined {role=guest}
        mia <- update gina joined {role=guest}
        olga <- page: meeting as owner [locked]: olga owner (d1), mia host (d1), gina guest (d1)
        gina <- page: meeting as guest [locked]: olga owner (d1), mia host (d1), gina guest (d1)
        olga: do promote gina
        olga <- update gina joined {role=host}
        mia <- update gina joined {role=host}
        gina <- update gina joined {role=host}
        gina <- token for gina~d1 named gina {role=host}, may publish all
        server <- done
        olga <- page: meeting as owner [locked]: olga owner (d1), mia host (d1), gina host (d1)
        gina <- page: meeting as host [locked]: olga owner (d1), mia host (d1), gina host (d1)
        olga: do demote mia
        olga <- update mia joined {role=member}
        mia <- update mia joined {role=member}
        gina <- update mia joined {role=member}
        mia <- token for mia~d1 named mia {role=member}, may publish all
        server <- done, keep mia as member
        olga <- page: meeting as owner [locked]: olga owner (d1), mia member (d1), gina host (d1)
        gina <- page: meeting as host [locked]: olga owner (d1), mia member (d1), gina host (d1)
        mia: do unlock
        server <- refused not_allowed
        olga: do demote gina
        olga <- update gina joined {role=guest}
        mia <- update gina joined {role=guest}
        gina <- update gina joined {role=guest}
        gina <- token for gina~d1 named gina {role=guest}, may publish all
        server <- done
        olga <- page: meeting as owner [locked]: olga owner (d1), mia member (d1), gina guest (d1)
        gina <- page: meeting as guest [locked]: olga owner (d1), mia member (d1), gina guest (d1)
        olga: do demote olga
        server <- refused not_allowed
        ",
    );
}

#[test]
fn a_stored_role_that_changes_counts_at_once() {
    check(
        "
        given: olga: knock; attend; enter; mia: knock; attend; enter
        server: changed mia host
        olga <- update mia joined {role=host}
        mia <- update mia joined {role=host}
        mia <- token for mia~d1 named mia {role=host}, may publish all
        server <- told
        olga <- page: meeting as owner: olga owner (d1), mia host (d1)
        mia <- page: meeting as host: olga owner (d1), mia host (d1)
        ",
    );
}

#[test]
fn somebody_is_given_another_name() {
    check(
        "
        given: olga: knock; attend; enter
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
        olga: do rename gina Gina_from_Genoa
        olga <- update gina joined name=Gina from Genoa {role=guest}
        gina <- update gina joined name=Gina from Genoa {role=guest}
        gina <- token for gina~d1 named Gina from Genoa {role=guest}, may publish all
        server <- done
        olga <- page: meeting as owner: olga owner (d1), gina named Gina from Genoa guest (d1)
        gina <- page: meeting as guest: olga owner (d1), gina named Gina from Genoa guest (d1)
        olga: do rename gina
        server <- refused bad_name
        gina: do rename gina Boss
        server <- refused not_allowed
        gina2: enter
        media <- add gina2
        gina2 <- join standup, others: olga joined {role=owner}, gina joined name=Gina from Genoa {role=guest}
        olga <- update gina2 joined name=Gina from Genoa {role=guest}
        gina <- update gina2 joined name=Gina from Genoa {role=guest}
        olga <- page: meeting as owner: olga owner (d1), gina named Gina from Genoa guest (d1, d2)
        gina <- page: meeting as guest: olga owner (d1), gina named Gina from Genoa guest (d1, d2)
        ",
    );
}

#[test]
fn much_at_once_is_told_in_a_while() {
    check(
        "
        given: olga: knock; attend; enter
        olga: do lock
        server <- done, keep policy [locked]
        olga <- page: meeting as owner [locked]: olga owner (d1)
        olga: do unlock
        server <- done, keep policy
        olga <- page: meeting as owner: olga owner (d1)
        olga: do lock
        server <- done, keep policy [locked]
        olga <- page: meeting as owner [locked]: olga owner (d1)
        olga: do unlock
        server <- done, keep policy
        olga <- page: meeting as owner: olga owner (d1)
        olga: do lock
        server <- done, keep policy [locked]
        olga <- page: meeting as owner [locked]: olga owner (d1)
        olga: do unlock
        server <- done, keep policy
        olga <- page: meeting as owner: olga owner (d1)
        olga: do lock
        server <- done, keep policy [locked]
        olga <- page: meeting as owner [locked]: olga owner (d1)
        olga: do unlock
        server <- done, keep policy
        olga <- page: meeting as owner: olga owner (d1)
        olga: do lock
        server <- done, keep policy [locked]
        olga <- page: meeting as owner [locked]: olga owner (d1)
        olga: do unlock
        server <- done, keep policy
        olga <- page: meeting as owner: olga owner (d1)
        olga: do lock
        server <- done, keep policy [locked]
        olga <- page: meeting as owner [locked]: olga owner (d1)
        olga: do unlock
        server <- done, keep policy
        olga <- page: meeting as owner: olga owner (d1)
        olga: do lock
        server <- done, keep policy [locked]
        olga <- page: meeting as owner [locked]: olga owner (d1)
        olga: do unlock
        server <- done, keep policy
        olga <- page: meeting as owner: olga owner (d1)
        olga: do lock
        server <- done, keep policy [locked]
        olga <- page: meeting as owner [locked]: olga owner (d1)
        olga: do unlock
        server <- done, keep policy
        olga <- page: meeting as owner: olga owner (d1)
        olga: do lock
        server <- done, keep policy [locked]
        olga <- page: meeting as owner [locked]: olga owner (d1)
        olga: do unlock
        server <- done, keep policy
        olga <- page: meeting as owner: olga owner (d1)
        olga: do lock
        server <- done, keep policy [locked]
        olga <- page: meeting as owner [locked]: olga owner (d1)
        olga: do unlock
        server <- done, keep policy
        olga: do lock
        server <- done, keep policy [locked]
        olga: do unlock
        server <- done, keep policy
        olga: do lock
        server <- done, keep policy [locked]
        olga: do unlock
        server <- done, keep policy
        + 50ms
        olga <- page: meeting as owner: olga owner (d1)
        + 1s
        olga <- room_update 1 in, 0 publishing
        ",
    );
}
