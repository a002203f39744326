//! Calls on hold, and two calls at once.

use crate::harness::check;

#[test]
fn nothing_passes_while_one_has_the_call_on_hold() {
    check(
        "
        given: olga: here; mia: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        given: olga: publish mic; media: published olga/mic audio/opus 0; mia: publish cam; media: published mia/cam video/VP8 0
        olga: hold
        server <- done
        media <- prefer olga mia/cam nothing
        media <- prefer mia olga/mic nothing
        olga <- page: calls: #1 to mia (active): held on Laptop
        mia <- page: calls: #1 from olga (held): active on Laptop
        mia: publish mic
        media <- expect mia/mic audio
        mia <- track_published mia/mic audio/opus
        media: published mia/mic audio/opus 1
        olga <- update mia joined [cam VP8@0, mic opus@1] {role=host}
        media <- subscribe olga mia/mic
        media <- prefer olga mia/mic nothing
        olga: go-on
        server <- done
        media <- prefer olga mia/cam high
        media <- prefer olga mia/mic high
        media <- prefer mia olga/mic high
        olga <- page: calls: #1 to mia (active): active on Laptop
        mia <- page: calls: #1 from olga (active): active on Laptop
        ",
    );
}

#[test]
fn the_other_is_told_and_either_ends_it() {
    check(
        "
        show: calls
        given: olga: here; mia: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        olga: hold
        server <- done
        olga <- page: calls: #1 to mia (active): held on Laptop
        mia <- page: calls: #1 from olga (held): active on Laptop
        olga: hold
        server <- done
        mia: hold
        server <- done
        olga <- page: calls: #1 to mia (held): held on Laptop
        mia <- page: calls: #1 from olga (held): held on Laptop
        olga: go-on
        server <- done
        olga <- page: calls: #1 to mia (held): active on Laptop
        mia <- page: calls: #1 from olga (active): held on Laptop
        mia: go-on
        server <- done
        olga <- page: calls: #1 to mia (active): active on Laptop
        mia <- page: calls: #1 from olga (active): active on Laptop
        olga: hold
        server <- done
        olga <- page: calls: #1 to mia (active): held on Laptop
        mia <- page: calls: #1 from olga (held): active on Laptop
        mia: hangup
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        olga <- page: mia is available
        mia <- page: mia is available
        olga <- page: calls: #1 to mia (hungUp): over on Laptop [over]
        mia <- page: calls: #1 from olga (over): hungUp on Laptop [over]
        olga: go-on
        server <- refused call_over
        ",
    );
}

#[test]
fn whoever_has_it_on_hold_may_leave_the_room_and_comes_back() {
    check(
        "
        show: calls
        given: olga: here; mia: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter; media: connected olga; media: connected mia
        olga: hold
        server <- done
        olga <- page: calls: #1 to mia (active): held on Laptop
        mia <- page: calls: #1 from olga (held): active on Laptop
        olga: leave
        + 400s
        olga: go-on
        server <- done
        olga <- page: calls: #1 to mia (active): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): active on Laptop
        given: olga: knock
        olga: enter
        olga <- page: calls: #1 to mia (active): active on Laptop
        mia <- page: calls: #1 from olga (active): active on Laptop
        ",
    );
}

#[test]
fn whoever_goes_on_and_does_not_come_is_lost() {
    check(
        "
        show: calls
        given: olga: here; mia: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter; olga: hold; leave
        olga: go-on
        server <- done
        olga <- page: calls: #1 to mia (active): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): active on Laptop
        + 30s
        olga <- page: olga is available
        mia <- page: olga is available
        olga <- page: mia is available
        mia <- page: mia is available
        olga <- page: calls: #1 to mia (over): lost on Laptop [over]
        mia <- page: calls: #1 from olga (lost): over on Laptop [over]
        ",
    );
}

#[test]
fn a_held_call_outlives_its_empty_room() {
    check(
        "
        show: calls
        given: olga: here; mia: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        given: olga: hold; leave; mia: hold; leave
        + 60s
        olga: go-on
        server <- done
        olga <- page: calls: #1 to mia (held): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): held on Laptop
        given: olga: knock
        olga: enter
        olga <- page: calls: #1 to mia (held): active on Laptop
        mia <- page: calls: #1 from olga (active): held on Laptop
        ",
    );
}

#[test]
fn whoever_is_nowhere_is_waited_for_as_long_as_for_a_seat() {
    check(
        "
        config: seat 60
        show: calls
        given: olga: here; mia: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter; media: connected olga; media: connected mia
        given: olga: hold; leave; lose-line
        + 59s
        olga: here
        olga <- page: there: olga in a call, mia in a call
        olga <- page: calls: #1 to mia (active): held on Laptop
        olga: lose-line
        + 59s
        + 1s
        mia <- page: olga is offline
        mia <- page: mia is available
        mia <- page: calls: #1 from olga (lost): over on Laptop [over]
        ",
    );
}

#[test]
fn a_second_call_puts_the_first_on_hold() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        given: max: call mia anyway at planning; knock at planning; enter at planning
        mia: ring #2
        server <- done
        mia <- page: calls: #1 from olga (active): active on Laptop, #2 from max (active): ringing
        max <- page: calls: #2 to mia (ringing on 1): active on Laptop
        mia: pick-up #2 hold
        server <- done
        olga <- page: calls: #1 to mia (held): active on Laptop
        mia <- page: calls: #1 from olga (active): held on Laptop, #2 from max (active): connecting on Laptop
        max <- page: calls: #2 to mia (connecting): active on Laptop
        given: mia: leave; knock at planning; enter at planning
        mia: go-on #1
        server <- done
        olga <- page: calls: #1 to mia (connecting): active on Laptop
        mia <- page: calls: #1 from olga (active): connecting on Laptop, #2 from max (active): held on Laptop
        max <- page: calls: #2 to mia (held): active on Laptop
        given: mia: leave; knock; enter
        mia: go-on #2
        server <- done
        olga <- page: calls: #1 to mia (held): active on Laptop
        mia <- page: calls: #1 from olga (active): held on Laptop, #2 from max (active): connecting on Laptop
        max <- page: calls: #2 to mia (connecting): active on Laptop
        max: hangup #2
        server <- done
        olga <- page: max is available
        mia <- page: max is available
        max <- page: max is available
        mia <- page: calls: #1 from olga (active): held on Laptop, #2 from max (hungUp): over on Laptop [over]
        max <- page: calls: #2 to mia (over): hungUp on Laptop [over]
        mia: go-on #1
        server <- done
        olga <- page: calls: #1 to mia (active): active on Laptop
        mia <- page: calls: #1 from olga (active): active on Laptop, #2 from max (hungUp): over on Laptop [over]
        ",
    );
}

#[test]
fn whoever_calls_somebody_else_has_the_first_on_hold_unless_nobody_is_there() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here dnd
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        olga: call max at planning
        server <- calls #2 to max (doNotDisturb): over on Laptop [over]
        olga <- page: calls: #1 to mia (active): active on Laptop, #2 to max (doNotDisturb): over on Laptop [over]
        max <- page: calls: #2 from olga (over): doNotDisturb [over]
        given: max: choose automatic
        olga: call max at planning
        server <- calls #3 to max (dialing): connecting on Laptop
        olga <- page: calls: #1 to mia (active): held on Laptop, #2 to max (doNotDisturb): over on Laptop [over], #3 to max (dialing): connecting on Laptop
        mia <- page: calls: #1 from olga (held): active on Laptop
        max <- page: calls: #2 from olga (over): doNotDisturb [over], #3 from olga (connecting): dialing
        ",
    );
}

#[test]
fn a_call_taken_on_another_device_holds_nothing() {
    check(
        "
        show: calls
        given: olga: here; mia: here; mia2: here; max: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        given: max: call mia anyway at planning
        mia2: pick-up #2 hold
        server <- done
        mia <- page: calls: #1 from olga (active): active on Laptop, #2 from max (connecting): connecting on Telephone
        mia2 <- page: calls: #1 from olga (active): active on Laptop, #2 from max (connecting): connecting on Telephone
        max <- page: calls: #2 to mia (connecting): connecting on Laptop
        ",
    );
}
