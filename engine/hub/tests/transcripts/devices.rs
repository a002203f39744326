//! One person with several devices.

use crate::harness::check;

#[test]
fn two_devices_are_one_person() {
    check(
        "
        given: olga: knock; attend; enter; olga2: knock; enter
        olga: do hand up
        olga <- update olga joined {hand=up, role=owner}
        olga2 <- update olga joined {hand=up, role=owner}
        olga <- update olga2 joined {hand=up, role=owner}
        olga2 <- update olga2 joined {hand=up, role=owner}
        server <- done
        olga <- page: meeting as owner: olga owner (d1, d2); hands olga
        olga: leave
        olga <- closed
        olga2 <- update olga disconnected CLIENT_INITIATED
        media <- remove olga
        olga <- page: meeting as owner: olga owner (d2); hands olga
        olga2: leave
        olga2 <- closed
        media <- remove olga2
        olga <- page: outside
        ",
    );
}

#[test]
fn who_goes_on_with_one_device_leaves_on_the_others() {
    check(
        "
        stored: lobby=off
        olga: stays
        server <- in with 0
        olga: knock
        log <- room opened on 0
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        olga: enter
        media <- add olga
        olga <- join standup, others: none
        gina: knock
        server <- admitted gina~d1 named gina {role=guest}, may publish all
        gina: enter
        media <- add gina
        gina <- join standup, others: olga joined {role=owner}
        olga <- update gina joined {role=guest}
        olga: do hand up
        olga <- update olga joined {hand=up, role=owner}
        gina <- update olga joined {hand=up, role=owner}
        server <- done
        olga: stays
        server <- in with 1
        olga2: knock
        server <- admitted olga~d2 named olga {role=owner}, may publish all
        olga2: enter
        media <- add olga2
        olga2 <- join standup, others: olga joined {hand=up, role=owner}, gina joined {role=guest}
        olga <- update olga2 joined {hand=up, role=owner}
        gina <- update olga2 joined {hand=up, role=owner}
        olga: stays
        server <- in with 2
        gina: do move-here olga d2
        server <- refused not_allowed
        olga: do move-here olga d3
        server <- refused not_allowed
        olga: do move-here olga d2
        gina <- update olga disconnected DUPLICATE_IDENTITY
        olga2 <- update olga disconnected DUPLICATE_IDENTITY
        media <- remove olga
        olga <- leave DUPLICATE_IDENTITY DISCONNECT
        olga <- closed
        server <- done
        ",
    );
}
