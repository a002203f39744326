//! Calls of several people, several calls of one, and how many there may be.

use crate::harness::check;

#[test]
fn who_is_in_a_call_is_busy_unless_rung_anyway() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia; mia: pick-up
        max: call mia at planning
        server <- calls #2 to mia (busy): over on Laptop [over]
        mia <- page: calls: #1 from olga (connecting): connecting on Laptop, #2 from max (over): busy [over]
        max <- page: calls: #2 to mia (busy): over on Laptop [over]
        max: call mia anyway at planning
        server <- calls #3 to mia (dialing): connecting on Laptop
        olga <- page: max is in a call
        mia <- page: max is in a call
        max <- page: max is in a call
        mia <- page: calls: #1 from olga (connecting): connecting on Laptop, #2 from max (over): busy [over], #3 from max (connecting): dialing
        max <- page: calls: #2 to mia (busy): over on Laptop [over], #3 to mia (dialing): connecting on Laptop
        mia: ring #3
        server <- done
        mia <- page: calls: #1 from olga (connecting): connecting on Laptop, #2 from max (over): busy [over], #3 from max (connecting): ringing
        max <- page: calls: #2 to mia (busy): over on Laptop [over], #3 to mia (ringing on 1): connecting on Laptop
        mia: decline #3
        server <- done
        olga <- page: max is available
        mia <- page: max is available
        max <- page: max is available
        mia <- page: calls: #1 from olga (connecting): connecting on Laptop, #2 from max (over): busy [over], #3 from max (over): declined on Laptop [over]
        max <- page: calls: #2 to mia (busy): over on Laptop [over], #3 to mia (declined): over on Laptop [over]
        ",
    );
}

#[test]
fn several_are_called_at_once_and_those_who_come_stay() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        olga: call mia max
        server <- calls #1 to mia (dialing), max (dialing): connecting on Laptop
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        max <- page: olga is in a call
        olga <- page: calls: #1 to mia (dialing), max (dialing): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting), max (dialing): dialing
        max <- page: calls: #1 from olga (connecting), mia (dialing): dialing
        given: olga: knock; enter; mia: ring; max: ring; mia: pick-up; knock
        mia: enter
        olga <- page: calls: #1 to mia (active), max (ringing on 1): active on Laptop
        mia <- page: calls: #1 from olga (active), max (ringing): active on Laptop
        max <- page: calls: #1 from olga (active), mia (active): ringing
        max: decline
        server <- done
        olga <- page: calls: #1 to mia (active), max (declined): active on Laptop
        mia <- page: calls: #1 from olga (active), max (declined): active on Laptop
        max <- page: calls: #1 from olga (active), mia (active): declined on Laptop
        olga: leave
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: mia is available
        mia <- page: mia is available
        max <- page: mia is available
        olga <- page: calls: #1 to mia (over), max (declined): hungUp on Laptop [over]
        mia <- page: calls: #1 from olga (hungUp), max (declined): over on Laptop [over]
        max <- page: calls: #1 from olga (hungUp), mia (over): declined on Laptop [over]
        ",
    );
}

#[test]
fn those_who_were_called_go_on_without_the_caller() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia max; knock; enter; mia: pick-up; knock; enter; max: pick-up; knock; enter
        olga: hangup
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: calls: #1 to mia (active), max (active): hungUp on Laptop
        mia <- page: calls: #1 from olga (hungUp), max (active): active on Laptop
        max <- page: calls: #1 from olga (hungUp), mia (active): active on Laptop
        mia: hangup
        server <- done
        olga <- page: mia is available
        mia <- page: mia is available
        max <- page: mia is available
        olga <- page: max is available
        mia <- page: max is available
        max <- page: max is available
        olga <- page: calls: #1 to mia (hungUp), max (over): hungUp on Laptop [over]
        mia <- page: calls: #1 from olga (hungUp), max (over): hungUp on Laptop [over]
        max <- page: calls: #1 from olga (hungUp), mia (hungUp): over on Laptop [over]
        ",
    );
}

#[test]
fn who_declined_and_comes_by_the_link_after_all_is_let_stay() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia max; knock; enter; max: decline
        given: max: knock; enter
        mia: decline
        server <- done
        olga <- page: calls: #1 to mia (declined), max (declined): active on Laptop
        mia <- page: calls: #1 from olga (active), max (declined): declined on Laptop
        max <- page: calls: #1 from olga (active), mia (declined): declined on Laptop
        ",
    );
}

#[test]
fn nobody_rings_more_than_so_many() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia at r1; olga: call mia at r2; olga: call mia anyway at r3; olga: call mia anyway at r4
        given: olga: call mia anyway at r5; olga: call mia anyway at r6; olga: call mia anyway at r7; olga: call mia anyway at r8
        olga: call max at r9
        server <- refused too_many
        max: call mia anyway at r9
        server <- calls #9 to mia (busy): over on Laptop [over]
        mia <- page: calls: #1 from olga (held): dialing, #2 from olga (held): dialing, #3 from olga (held): dialing, #4 from olga (held): dialing, #5 from olga (held): dialing, #6 from olga (held): dialing, #7 from olga (held): dialing, #8 from olga (connecting): dialing, #9 from max (over): busy [over]
        max <- page: calls: #9 to mia (busy): over on Laptop [over]
        ",
    );
}

#[test]
fn so_many_are_called_at_once() {
    let people = |most: u8| (0..most).map(|number| format!("acc-{}", char::from(b'a' + number)));
    let whom = |most| people(most).collect::<Vec<_>>().join(" ");
    let legs = people(24).map(|name| format!("{name} (unreachable)")).collect::<Vec<_>>().join(", ");
    check(&format!(
        "
        show: calls
        olga: call {}
        server <- refused too_many
        olga: call {}
        server <- calls #1 to {legs}: over on  [over]
        ",
        whom(25),
        whom(24),
    ));
}

#[test]
fn who_is_blocked_reaches_nobody_and_does_not_learn_why() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here; mia: book -olga
        olga: call mia
        server <- calls #1 to mia (unreachable): over on Laptop [over]
        olga <- page: calls: #1 to mia (unreachable): over on Laptop [over]
        mia: pick-up #1
        server <- refused not_found
        + 60s
        olga <- page: calls: none
        olga: call mia max anyway at planning
        server <- calls #2 to mia (unreachable), max (dialing): connecting on Laptop
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        max <- page: olga is in a call
        olga <- page: calls: #2 to mia (unreachable), max (dialing): connecting on Laptop
        max <- page: calls: #2 from olga (connecting), mia (unreachable): dialing
        max: decline #2
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: calls: #2 to mia (unreachable), max (declined): over on Laptop [over]
        max <- page: calls: #2 from olga (over), mia (unreachable): declined on Laptop [over]
        # the other way it rings
        mia: call olga at retro
        server <- calls #3 to olga (dialing): connecting on Laptop
        mia <- page: mia is in a call
        max <- page: mia is in a call
        olga <- page: calls: #2 to mia (unreachable), max (declined): over on Laptop [over], #3 from mia (connecting): dialing
        mia <- page: calls: #3 to olga (dialing): connecting on Laptop
        olga: hangup #3
        server <- done
        mia <- page: mia is available
        max <- page: mia is available
        olga <- page: calls: #2 to mia (unreachable), max (declined): over on Laptop [over], #3 from mia (over): declined [over]
        mia <- page: calls: #3 to olga (declined): over on Laptop [over]
        # of whom nothing is here, what is kept is believed
        given: mia: lose-line
        + 70s
        max <- page: mia is offline
        olga <- page: calls: none
        max <- page: calls: none
        olga: call mia barred at r4
        server <- calls #4 to mia (unreachable): over on Laptop [over]
        olga <- page: calls: #4 to mia (unreachable): over on Laptop [over]
        mia: here
        mia <- page: there: olga available, max available
        olga <- page: mia is available
        mia <- page: mia is available
        max <- page: mia is available
        mia <- page: calls: none
        ",
    );
}
