//! Who is large, and who leads: the spotlight, and handing over.

use crate::harness::check;

#[test]
fn one_person_is_in_the_spotlight_and_late_comers_learn_of_it() {
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
        olga: do spotlight mia
        server <- done
        olga <- page: meeting as owner: olga owner (d1), mia member (d1); light on mia
        mia <- page: meeting as member: olga owner (d1), mia member (d1); light on mia
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1), mia member (d1); light on mia; at the door gina guest
        mia <- page: meeting as member: olga owner (d1), mia member (d1); light on mia
        gina: attend
        gina <- page: waiting, somebody could let in
        olga: do admit gina
        gina <- page: come in, gina~d1 named gina {role=guest}, may publish all
        server <- done
        olga <- page: meeting as owner: olga owner (d1), mia member (d1); light on mia
        mia <- page: meeting as member: olga owner (d1), mia member (d1); light on mia
        gina: enter
        media <- add gina
        gina <- join standup, others: olga joined {role=owner}, mia joined {role=member}
        olga <- update gina joined {role=guest}
        mia <- update gina joined {role=guest}
        olga <- page: meeting as owner: olga owner (d1), mia member (d1), gina guest (d1); light on mia
        mia <- page: meeting as member: olga owner (d1), mia member (d1), gina guest (d1); light on mia
        gina <- page: meeting as guest: olga owner (d1), mia member (d1), gina guest (d1); light on mia
        olga: do spotlight gina
        server <- done
        olga <- page: meeting as owner: olga owner (d1), mia member (d1), gina guest (d1); light on gina
        mia <- page: meeting as member: olga owner (d1), mia member (d1), gina guest (d1); light on gina
        gina <- page: meeting as guest: olga owner (d1), mia member (d1), gina guest (d1); light on gina
        gina: do spotlight mia
        server <- refused not_allowed
        olga: do spotlight gina
        server <- done
        gina: leave
        gina <- closed
        olga <- update gina disconnected CLIENT_INITIATED
        mia <- update gina disconnected CLIENT_INITIATED
        media <- remove gina
        olga <- page: meeting as owner: olga owner (d1), mia member (d1)
        mia <- page: meeting as member: olga owner (d1), mia member (d1)
        gina <- page: outside
        olga: do spotlight gina
        server <- refused not_found
        olga: do spotlight olga
        server <- done
        olga <- page: meeting as owner: olga owner (d1), mia member (d1); light on olga
        mia <- page: meeting as member: olga owner (d1), mia member (d1); light on olga
        olga: do spotlight nobody
        server <- done
        olga <- page: meeting as owner: olga owner (d1), mia member (d1)
        mia <- page: meeting as member: olga owner (d1), mia member (d1)
        ",
    );
}

#[test]
fn the_last_who_leads_hands_over_and_leaves_in_one_step() {
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
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1), mia member (d1); at the door gina guest
        mia <- page: meeting as member: olga owner (d1), mia member (d1)
        gina: attend
        gina <- page: waiting, somebody could let in
        olga: do admit gina
        gina <- page: come in, gina~d1 named gina {role=guest}, may publish all
        server <- done
        olga <- page: meeting as owner: olga owner (d1), mia member (d1)
        mia <- page: meeting as member: olga owner (d1), mia member (d1)
        gina: enter
        media <- add gina
        gina <- join standup, others: olga joined {role=owner}, mia joined {role=member}
        olga <- update gina joined {role=guest}
        mia <- update gina joined {role=guest}
        olga <- page: meeting as owner: olga owner (d1), mia member (d1), gina guest (d1)
        mia <- page: meeting as member: olga owner (d1), mia member (d1), gina guest (d1)
        gina <- page: meeting as guest: olga owner (d1), mia member (d1), gina guest (d1)
        gina: do hand-over mia
        server <- refused not_allowed
        olga: do hand-over olga
        server <- refused not_found
        olga: do hand-over wim
        server <- refused not_found
        olga: do hand-over gina
        olga <- update gina joined {role=host}
        mia <- update gina joined {role=host}
        gina <- update gina joined {role=host}
        gina <- token for gina~d1 named gina {role=host}, may publish all
        mia <- update olga disconnected CLIENT_INITIATED
        gina <- update olga disconnected CLIENT_INITIATED
        media <- remove olga
        olga <- leave CLIENT_INITIATED DISCONNECT
        olga <- closed
        server <- done
        olga <- page: outside
        mia <- page: meeting as member: mia member (d1), gina host (d1)
        gina <- page: meeting as host: mia member (d1), gina host (d1)
        gina: do hand-over mia
        mia <- update mia joined {role=host}
        gina <- update mia joined {role=host}
        mia <- token for mia~d1 named mia {role=host}, may publish all
        mia <- update gina disconnected CLIENT_INITIATED
        media <- remove gina
        gina <- leave CLIENT_INITIATED DISCONNECT
        gina <- closed
        server <- done
        mia <- page: meeting as host: mia host (d1)
        gina <- page: outside
        mia: do pause
        server <- done
        mia <- page: meeting as host: mia host (d1); paused
        olga: knock
        server <- admitted olga~d1 named olga {role=owner}, may publish all
        mia <- page: meeting as host: mia host (d1); paused
        olga: enter
        media <- add olga
        olga <- join standup, others: mia joined {role=host}
        mia <- update olga joined {role=owner}
        olga <- page: meeting as owner: mia host (d1), olga owner (d1); paused
        mia <- page: meeting as host: mia host (d1), olga owner (d1); paused
        ",
    );
}

#[test]
fn a_host_makes_no_other_while_somebody_else_leads() {
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
        mia: knock
        server <- admitted mia~d1 named mia {role=member}, may publish all
        olga <- page: meeting as owner: olga owner (d1), hugo host (d1)
        mia: enter
        media <- add mia
        mia <- join standup, others: olga joined {role=owner}, hugo joined {role=host}
        olga <- update mia joined {role=member}
        hugo <- update mia joined {role=member}
        olga <- page: meeting as owner: olga owner (d1), hugo host (d1), mia member (d1)
        hugo: do hand-over mia
        server <- refused not_allowed
        hugo: do hand-over olga
        server <- refused not_allowed
        olga: do hand-over hugo
        hugo <- update olga disconnected CLIENT_INITIATED
        mia <- update olga disconnected CLIENT_INITIATED
        media <- remove olga
        olga <- leave CLIENT_INITIATED DISCONNECT
        olga <- closed
        server <- done
        olga <- page: outside
        hugo: do hand-over mia
        hugo <- update mia joined {role=host}
        mia <- update mia joined {role=host}
        mia <- token for mia~d1 named mia {role=host}, may publish all
        mia <- update hugo disconnected CLIENT_INITIATED
        media <- remove hugo
        hugo <- leave CLIENT_INITIATED DISCONNECT
        hugo <- closed
        server <- done
        ",
    );
}
