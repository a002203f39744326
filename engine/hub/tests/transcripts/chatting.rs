//! Who may write in the chat, and who is told.

use crate::harness::check;

#[test]
fn lines_are_told_to_those_inside_and_private_ones_to_two() {
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
        hugo: knock
        server <- admitted hugo~d1 named hugo {role=host}, may publish all
        olga <- page: meeting as owner: olga owner (d1), mia member (d1)
        mia <- page: meeting as member: olga owner (d1), mia member (d1)
        hugo: attend
        hugo <- page: outside
        hugo: enter
        media <- add hugo
        hugo <- join standup, others: olga joined {role=owner}, mia joined {role=member}
        olga <- update hugo joined {role=host}
        mia <- update hugo joined {role=host}
        olga <- page: meeting as owner: olga owner (d1), mia member (d1), hugo host (d1)
        mia <- page: meeting as member: olga owner (d1), mia member (d1), hugo host (d1)
        hugo <- page: meeting as host: olga owner (d1), mia member (d1), hugo host (d1)
        gina: knock
        server <- waiting, somebody could let in
        olga <- page: meeting as owner: olga owner (d1), mia member (d1), hugo host (d1); at the door gina guest
        mia <- page: meeting as member: olga owner (d1), mia member (d1), hugo host (d1)
        hugo <- page: meeting as host: olga owner (d1), mia member (d1), hugo host (d1); at the door gina guest
        gina: attend
        gina <- page: waiting, somebody could let in
        mia: may-write
        server <- chat as mia member, from the beginning
        gina: may-write
        server <- refused not_in
        gina: may-read
        server <- refused not_in
        mia: wrote hello
        olga <- page: mia wrote hello
        mia <- page: mia wrote hello
        hugo <- page: mia wrote hello
        server <- told
        mia: wrote psst to olga
        olga <- page: mia wrote psst
        mia <- page: mia wrote psst
        server <- told
        server: erased
        olga <- page: message deleted
        mia <- page: message deleted
        hugo <- page: message deleted
        server <- told
        mia: may-write olga
        server <- chat as mia member, from the beginning
        mia: may-write gina
        server <- refused not_found
        olga: do forbid chat
        media <- allow data mia false
        olga <- update mia joined {role=member}
        mia <- update mia joined {role=member}
        hugo <- update mia joined {role=member}
        mia <- token for mia~d1 named mia {role=member}, may publish all
        server <- done, keep policy [no chat]
        olga <- page: meeting as owner [no chat]: olga owner (d1), mia member (d1), hugo host (d1); at the door gina guest
        mia <- page: meeting as member [no chat]: olga owner (d1), mia member (d1), hugo host (d1)
        hugo <- page: meeting as host [no chat]: olga owner (d1), mia member (d1), hugo host (d1); at the door gina guest
        mia: may-write
        server <- refused not_allowed
        mia: may-read
        server <- chat as mia member, from the beginning
        olga: may-write
        server <- chat as olga owner, from the beginning
        ",
    );
}

#[test]
fn who_came_later_hears_nothing_of_before_without_history() {
    check(
        "
        stored: no-history
        given: olga: knock; attend; enter; mia: knock; attend; enter
        mia: may-read
        server <- chat as mia member, from the coming
        olga: may-read
        server <- chat as olga owner, from the beginning
        olga: wrote edited early
        olga <- page: olga wrote edited
        server <- told
        olga: wrote new
        olga <- page: olga wrote new
        mia <- page: olga wrote new
        server <- told
        ",
    );
}

#[test]
fn who_left_reads_and_does_not_write() {
    check(
        "
        mia: knock
        log <- room opened on 0
        server <- admitted mia~d1 named mia {role=member}, may publish all
        mia: enter
        media <- add mia
        mia <- join standup, others: none
        mia: leave
        mia <- closed
        media <- remove mia
        mia: may-read
        server <- chat as mia member, from the beginning
        mia: may-write
        server <- refused not_in
        ",
    );
}
