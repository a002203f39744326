//! Waiting until somebody is free, and being told.

use crate::harness::check;

#[test]
fn whoever_found_somebody_in_a_call_is_told_when_it_is_over() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here; mia: here; max: here; max: call mia; knock; enter; mia: ring; pick-up; knock; enter
        olga: call mia at planning
        server <- calls #2 to mia (busy): over on Laptop [over]
        olga <- page: calls: #2 to mia (busy): over on Laptop [over]
        mia <- page: calls: #1 from max (active): active on Laptop, #2 from olga (over): busy [over]
        olga: await mia
        olga <- page: waits for mia
        server <- done
        olga: await mia
        olga <- page: waits for mia
        server <- done
        max: hangup #1
        server <- done
        olga <- page: mia is available
        mia <- page: mia is available
        max <- page: mia is available
        olga <- page: max is available
        mia <- page: max is available
        max <- page: max is available
        push <- somebody is free, told olga but for d1
        olga <- page: mia is free
        mia <- page: calls: #1 from max (hungUp): over on Laptop [over], #2 from olga (over): busy [over]
        max <- page: calls: #1 to mia (over): hungUp on Laptop [over]
        + 1s
        max: call mia at office
        server <- calls #3 to mia (dialing): connecting on Laptop
        push <- #3 wakes mia but for d1
        olga <- page: max is in a call
        mia <- page: max is in a call
        max <- page: max is in a call
        mia <- page: calls: #1 from max (hungUp): over on Laptop [over], #2 from olga (over): busy [over], #3 from max (connecting): dialing
        max <- page: calls: #1 to mia (over): hungUp on Laptop [over], #3 to mia (dialing): connecting on Laptop
        mia: decline #3
        server <- done
        push <- #3 rings no more for mia but for d1
        olga <- page: max is available
        mia <- page: max is available
        max <- page: max is available
        mia <- page: calls: #1 from max (hungUp): over on Laptop [over], #2 from olga (over): busy [over], #3 from max (over): declined on Laptop [over]
        max <- page: calls: #1 to mia (over): hungUp on Laptop [over], #3 to mia (declined): over on Laptop [over]
        ",
    );
}

#[test]
fn whoever_is_free_already_is_told_at_once_unless_they_did_not_answer() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here; mia: here; max: here
        olga: await mia
        olga <- page: waits for mia
        server <- done
        push <- somebody is free, told olga but for d1
        olga <- page: mia is free
        max: await mia anew
        max <- page: waits for mia
        server <- done
        mia: choose away
        server <- told
        olga <- page: mia is away
        mia <- page: mia is away
        max <- page: mia is away
        + 2s
        mia: choose automatic
        server <- told
        olga <- page: mia is available
        mia <- page: mia is available
        max <- page: mia is available
        push <- somebody is free, told max but for d1
        max <- page: mia is free
        ",
    );
}

#[test]
fn only_who_can_be_reached_and_is_neither_busy_nor_away_is_free() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here
        olga: await mia
        olga <- page: waits for mia
        server <- done
        mia: here idle
        mia <- page: there: olga available
        olga <- page: mia is away
        mia <- page: mia is away
        mia <- page: calls: none
        + 1s
        mia: choose busy
        server <- told
        olga <- page: mia is busy
        mia <- page: mia is busy
        + 1s
        mia: choose dnd
        server <- told
        olga <- page: mia is not to be disturbed
        mia <- page: mia is not to be disturbed
        + 1s
        mia: choose away
        server <- told
        olga <- page: mia is away
        mia <- page: mia is away
        + 1s
        mia: here
        mia <- page: calls: none
        mia: choose automatic
        server <- told
        olga <- page: mia is available
        mia <- page: mia is available
        push <- somebody is free, told olga but for d1
        olga <- page: mia is free
        ",
    );
}

#[test]
fn a_line_that_is_lost_for_a_moment_makes_nobody_free_or_engaged() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here; mia: here
        olga: await mia anew
        olga <- page: waits for mia
        server <- done
        mia: lose-line
        + 3s
        mia: here
        mia <- page: there: olga available, mia available
        mia <- page: calls: none
        mia: lose-line
        olga: await mia
        olga <- page: waits for mia
        server <- done
        + 3s
        mia: here
        mia <- page: there: olga available, mia available
        push <- somebody is free, told olga but for d1
        olga <- page: mia is free
        mia <- page: calls: none
        ",
    );
}

#[test]
fn whoever_is_blocked_is_never_told_and_is_told_once_they_are_blocked_no_more() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here; max: here
        olga: await mia
        olga <- page: waits for mia
        server <- done
        max: await mia
        max <- page: waits for mia
        server <- done
        mia: here -olga
        mia <- page: there: olga available, max available
        max <- page: mia is available
        mia <- page: mia is available
        push <- somebody is free, told max but for d1
        max <- page: mia is free
        mia <- page: calls: none
        + 3600s
        mia: choose busy
        server <- told
        max <- page: mia is busy
        mia <- page: mia is busy
        mia: choose automatic
        server <- told
        max <- page: mia is available
        mia <- page: mia is available
        mia: book
        olga <- page: mia is available
        server <- told
        push <- somebody is free, told olga but for d1
        olga <- page: mia is free
        ",
    );
}

#[test]
fn whoever_does_not_show_themselves_cannot_be_waited_for() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here; max: here
        olga: await mia hidden
        server <- refused not_shown
        mia: here seen-by=nobody
        mia <- page: there: olga available, max available
        mia <- page: mia is available
        mia <- page: calls: none
        olga: await mia
        server <- refused not_shown
        mia: choose busy
        server <- told
        mia <- page: mia is busy
        mia: book
        olga <- page: mia is busy
        max <- page: mia is busy
        server <- told
        olga: await mia
        olga <- page: waits for mia
        server <- done
        mia: book seen-by=contacts
        olga <- page: mia is hidden
        max <- page: mia is hidden
        server <- told
        mia: choose automatic
        server <- told
        mia <- page: mia is available
        mia: book +olga seen-by=contacts
        olga <- page: mia is available
        server <- told
        push <- somebody is free, told olga but for d1
        olga <- page: mia is free
        ",
    );
}

#[test]
fn a_wish_is_taken_back_and_lasts_for_a_day() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here; olga2: here
        olga: await mia
        olga <- page: waits for mia
        olga2 <- page: waits for mia
        server <- done
        olga: await max
        olga <- page: waits for mia, max
        olga2 <- page: waits for mia, max
        server <- done
        olga2: await-no-more mia
        olga <- page: waits for max
        olga2 <- page: waits for max
        server <- told
        olga2: await-no-more mia
        server <- told
        mia: here
        mia <- page: there: olga available
        olga <- page: mia is available
        olga2 <- page: mia is available
        mia <- page: mia is available
        mia <- page: calls: none
        + 86399s
        olga: await mia
        olga <- page: waits for mia, max
        olga2 <- page: waits for mia, max
        server <- done
        push <- somebody is free, told olga but for d1, d2
        olga <- page: mia is free
        olga2 <- page: mia is free
        + 1s
        olga <- page: waits for none
        olga2 <- page: waits for none
        max: here
        max <- page: there: olga available, mia available
        olga <- page: max is available
        olga2 <- page: max is available
        mia <- page: max is available
        max <- page: max is available
        max <- page: calls: none
        ",
    );
}

#[test]
fn whoever_waits_and_has_no_page_is_woken_once_and_told_when_they_come() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here; max: here
        olga: await mia
        olga <- page: waits for mia
        server <- done
        olga: lose-line
        + 20s
        max <- page: olga is offline
        mia: here
        mia <- page: there: max available
        max <- page: mia is available
        mia <- page: mia is available
        push <- somebody is free, told olga
        mia <- page: calls: none
        mia: choose busy
        server <- told
        max <- page: mia is busy
        mia <- page: mia is busy
        mia: choose automatic
        server <- told
        max <- page: mia is available
        mia <- page: mia is available
        mia: choose busy
        server <- told
        max <- page: mia is busy
        mia <- page: mia is busy
        + 1s
        olga: here
        olga <- page: there: max available, mia busy; waits for mia
        olga <- page: olga is available
        max <- page: olga is available
        mia <- page: olga is available
        olga <- page: calls: none
        mia: choose automatic
        server <- told
        olga <- page: mia is available
        max <- page: mia is available
        mia <- page: mia is available
        olga <- page: mia is free
        mia: choose busy
        server <- told
        olga <- page: mia is busy
        max <- page: mia is busy
        mia <- page: mia is busy
        mia: choose automatic
        server <- told
        olga <- page: mia is available
        max <- page: mia is available
        mia <- page: mia is available
        ",
    );
}

#[test]
fn two_who_wait_for_each_other_are_both_told() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here; mia: here; max: here; max: call mia; knock; enter; mia: ring; pick-up; knock; enter
        olga: choose dnd
        server <- told
        olga <- page: olga is not to be disturbed
        mia <- page: olga is not to be disturbed
        max <- page: olga is not to be disturbed
        olga: await mia
        olga <- page: waits for mia
        server <- done
        mia: await olga
        mia <- page: waits for olga
        server <- done
        olga: choose automatic
        server <- told
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        push <- somebody is free, told mia but for d1
        mia <- page: olga is free
        mia: hangup
        server <- done
        olga <- page: mia is available
        mia <- page: mia is available
        max <- page: mia is available
        olga <- page: max is available
        mia <- page: max is available
        max <- page: max is available
        push <- somebody is free, told olga but for d1
        olga <- page: mia is free
        mia <- page: calls: #1 from max (over): hungUp on Laptop [over]
        max <- page: calls: #1 to mia (hungUp): over on Laptop [over]
        ",
    );
}

#[test]
fn whoever_signs_out_everywhere_waits_for_nobody_and_nobody_for_whom_is_shut_out() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here; max: here
        olga: await mia
        olga <- page: waits for mia
        server <- done
        max: await mia
        max <- page: waits for mia
        server <- done
        olga: sign-out-everywhere
        olga <- page: waits for none
        server <- told
        olga: sign-out
        max <- page: olga is offline
        mia: here
        mia <- page: there: max available
        max <- page: mia is available
        mia <- page: mia is available
        push <- somebody is free, told max but for d1
        max <- page: mia is free
        mia <- page: calls: none
        mia: sign-out
        max <- page: mia is offline
        max: await mia
        max <- page: waits for mia
        server <- done
        server: leave mia returnable
        server <- told
        server: leave mia
        max <- page: waits for none
        server <- told
        ",
    );
}

#[test]
fn nobody_waits_for_themselves_or_for_more_than_so_many() {
    check(
        "
        show: calls
        olga: await olga
        server <- refused own_number
        given: olga: await acc-a; await acc-b; await acc-c; await acc-d; await acc-e; await acc-f; await acc-g; await acc-h
        given: olga: await acc-i; await acc-j; await acc-k; await acc-l; await acc-m; await acc-n; await acc-o; await acc-p
        olga: await acc-q
        server <- refused too_many
        olga: await acc-a
        server <- done
        olga: await-no-more acc-b
        server <- told
        olga: await acc-q
        server <- done
        olga: here
        olga <- page: there: none; waits for acc-a, acc-c, acc-d, acc-e, acc-f, acc-g, acc-h, acc-i, acc-j, acc-k, acc-l, acc-m, acc-n, acc-o, acc-p, acc-q
        olga <- page: olga is available
        olga <- page: calls: none
        ",
    );
}

#[test]
fn whoever_talks_to_them_after_all_waits_no_more() {
    check(
        "
        show: calls
        given: olga: here; mia: here
        olga: await mia anew
        olga <- page: waits for mia
        server <- done
        given: olga: call mia; knock; enter; mia: ring; pick-up
        given: mia: knock; enter
        olga: hangup #1
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        olga <- page: mia is available
        mia <- page: mia is available
        olga <- page: calls: #1 to mia (over): hungUp on Laptop [over]
        mia <- page: calls: #1 from olga (hungUp): over on Laptop [over]
        ",
    );
}
