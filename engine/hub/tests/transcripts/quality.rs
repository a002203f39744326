//! How media flows: what people are told, and what is kept of each minute.

use crate::harness::check;

#[test]
fn people_see_whose_line_is_bad_and_why() {
    check(
        "
        given: olga: knock; enter; attend; media: connected olga; gina: knock; attend; olga: do admit gina; gina: enter; attend; media: connected gina
        + 1s
        olga <- room_update 2 in, 0 publishing
        gina <- room_update 2 in, 0 publishing
        media: quality standup olga=excellent gina=excellent
        olga <- connection_quality olga EXCELLENT, gina EXCELLENT
        gina <- connection_quality olga EXCELLENT, gina EXCELLENT
        media: quality standup gina=poor:upload
        olga <- connection_quality gina POOR
        gina <- connection_quality gina POOR
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1); bad gina upload
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1); bad gina upload
        media: quality standup gina=poor:server
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1); bad gina server
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1); bad gina server
        media: quality standup gina=good
        olga <- connection_quality gina GOOD
        gina <- connection_quality gina GOOD
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1)
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1)
        ",
    );
}

#[test]
fn whoever_gets_smaller_pictures_for_want_of_room_is_told_until_there_is_enough() {
    check(
        "
        given: olga: knock; enter; attend; media: connected olga; gina: knock; attend; olga: do admit gina; gina: enter; attend; media: connected gina
        + 1s
        olga <- room_update 2 in, 0 publishing
        gina <- room_update 2 in, 0 publishing
        media: measured standup 5s olga=excellent gina=fuller
        media: measured standup 5s olga=excellent gina=smaller
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1); bad gina smaller
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1); bad gina smaller
        media: measured standup 5s olga=excellent gina=fuller
        media: measured standup 5s olga=excellent gina=excellent
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1)
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1)
        media: measured standup 5s olga=excellent gina=smaller
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1); bad gina smaller
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1); bad gina smaller
        media: measured standup 5s olga=excellent gina=paused
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1)
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1)
        ",
    );
}

#[test]
fn who_is_not_heard_is_told_and_so_are_the_others() {
    check(
        "
        given: olga: knock; enter; attend; media: connected olga; gina: knock; attend; olga: do admit gina; gina: enter; attend; media: connected gina
        + 1s
        olga <- room_update 2 in, 0 publishing
        gina <- room_update 2 in, 0 publishing
        media: unheard standup gina=blocked
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1); bad gina unheard blocked
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1); bad gina unheard blocked
        media: quality standup gina=poor:upload
        olga <- connection_quality gina POOR
        gina <- connection_quality gina POOR
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1); bad gina upload unheard blocked
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1); bad gina upload unheard blocked
        media: unheard standup gina=silent
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1); bad gina upload unheard silent
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1); bad gina upload unheard silent
        media: unheard standup gina=no
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1); bad gina upload
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1); bad gina upload
        media: unheard standup gina=no
        ",
    );
}

#[test]
fn a_minute_of_each_is_kept_and_the_last_one_when_somebody_leaves() {
    check(
        "
        given: olga: knock; enter; attend; media: connected olga; gina: knock; attend; olga: do admit gina; gina: enter; media: connected gina
        + 1s
        olga <- room_update 2 in, 0 publishing
        gina <- room_update 2 in, 0 publishing
        media: measured standup 5s olga=excellent gina=poor:upload
        media: measured standup 5s olga=excellent gina=poor:upload
        media: measured standup 5s olga=excellent gina=poor:download
        media: measured standup 5s olga=unheard gina=good
        gina: feels 30 0
        server <- taken
        + 60s
        store <- of standup: olga 60s unheard 5s, gina 60s bad upload 10s felt 30/0
        media: measured standup 5s olga=excellent gina=excellent
        media: disconnected gina
        media: connected gina
        + 10s
        gina: leave
        gina <- closed
        olga <- update gina disconnected CLIENT_INITIATED
        store <- of standup: gina 11s broken 1
        media <- remove gina
        olga <- page: meeting as owner: olga owner (d1)
        gina <- page: outside
        + 50s
        olga <- room_update 1 in, 0 publishing
        store <- of standup: olga 60s
        ",
    );
}

#[test]
fn the_word_of_a_client_that_its_computer_does_not_keep_up_counts_for_a_while() {
    check(
        "
        given: olga: knock; enter; attend; media: connected olga; gina: knock; attend; olga: do admit gina; gina: enter; media: connected gina
        + 1s
        olga <- room_update 2 in, 0 publishing
        gina <- room_update 2 in, 0 publishing
        gina: feels 0 499
        server <- taken
        gina: feels 0 500
        server <- taken
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1); bad gina computer
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1); bad gina computer
        media: measured standup 5s gina=excellent
        media: measured standup 5s gina=excellent
        media: quality standup gina=poor:upload
        olga <- connection_quality gina POOR
        gina <- connection_quality gina POOR
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1); bad gina upload
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1); bad gina upload
        media: quality standup gina=excellent
        olga <- connection_quality gina EXCELLENT
        gina <- connection_quality gina EXCELLENT
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1); bad gina computer
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1); bad gina computer
        + 50s
        media: measured standup 5s gina=excellent
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1)
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1)
        gina: feels 0 800
        server <- taken
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1); bad gina computer
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1); bad gina computer
        gina: feels 0 0
        server <- taken
        olga <- page: meeting as owner: olga owner (d1), gina guest (d1)
        gina <- page: meeting as guest: olga owner (d1), gina guest (d1)
        ",
    );
}

#[test]
fn nobody_measures_for_others_nor_all_the_time() {
    check(
        "
        given: olga: knock; enter; attend; media: connected olga; gina: knock; attend; olga: do admit gina; gina: enter; media: connected gina
        + 1s
        olga <- room_update 2 in, 0 publishing
        gina <- room_update 2 in, 0 publishing
        bob: feels 0 0
        server <- refused not_in
        gina2: feels 0 0
        server <- refused not_in
        gina: feels 0 0
        server <- taken
        gina: feels 0 0
        server <- taken
        gina: feels 0 0
        server <- taken
        gina: feels 0 0
        server <- taken
        gina: feels 0 0
        server <- refused too_often
        + 10s
        gina: feels 0 0
        server <- taken
        gina: feels 0 0
        server <- refused too_often
        ",
    );
}
