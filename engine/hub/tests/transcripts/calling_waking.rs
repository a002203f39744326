//! Calls to people who are not here, and whose browsers can be woken.

use crate::harness::check;

#[test]
fn whoever_can_be_woken_is_waited_for_and_rings_once_a_device_says_so() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here
        olga: call mia asleep
        server <- calls #1 to mia (dialing): connecting on Laptop
        push <- #1 wakes mia
        olga <- page: olga is in a call
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        + 12s
        mia: here
        mia <- page: there: olga in a call
        olga <- page: mia is available
        mia <- page: mia is available
        mia <- page: calls: #1 from olga (connecting): dialing
        mia: ring
        server <- done
        olga <- page: calls: #1 to mia (ringing on 1): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): ringing
        given: olga: knock; enter
        mia: pick-up
        server <- done
        push <- #1 rings no more for mia but for d1
        olga <- page: mia is in a call
        mia <- page: mia is in a call
        olga <- page: calls: #1 to mia (connecting): active on Laptop
        mia <- page: calls: #1 from olga (active): connecting on Laptop
        ",
    );
}

#[test]
fn whoever_is_woken_and_does_not_come_was_not_reachable_and_has_missed_the_call() {
    check(
        "
        config: rings 7
        show: calls
        show: wakes
        given: olga: here
        olga: call mia asleep
        server <- calls #1 to mia (dialing): connecting on Laptop
        push <- #1 wakes mia
        olga <- page: olga is in a call
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        + 7s
        push <- #1 was missed by mia
        olga <- page: olga is available
        olga <- page: calls: #1 to mia (unreachable): over on Laptop [over]
        olga: call mia
        server <- calls #2 to mia (unreachable): over on Laptop [over]
        olga <- page: calls: #1 to mia (unreachable): over on Laptop [over], #2 to mia (unreachable): over on Laptop [over]
        ",
    );
}

#[test]
fn the_devices_that_are_here_are_not_woken() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here; mia: here; max: here dnd
        olga: call mia
        server <- calls #1 to mia (dialing): connecting on Laptop
        push <- #1 wakes mia but for d1
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        max <- page: olga is in a call
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): dialing
        mia: decline
        server <- done
        push <- #1 rings no more for mia but for d1
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: calls: #1 to mia (declined): over on Laptop [over]
        mia <- page: calls: #1 from olga (over): declined on Laptop [over]
        olga: call max asleep
        server <- calls #2 to max (doNotDisturb): over on Laptop [over]
        olga <- page: calls: #1 to mia (declined): over on Laptop [over], #2 to max (doNotDisturb): over on Laptop [over]
        max <- page: calls: #2 from olga (over): doNotDisturb [over]
        ",
    );
}

#[test]
fn a_device_that_does_not_say_that_it_rings_is_woken_like_one_that_is_not_here() {
    check(
        "
        config: rings 7
        show: wakes
        given: olga: here; mia: here; mia2: here
        olga: call mia
        server <- calls #1 to mia (dialing): connecting on Laptop
        push <- #1 wakes mia but for d1, d2
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        mia2 <- page: olga is in a call
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): dialing
        mia2 <- page: calls: #1 from olga (connecting): dialing
        mia2: ring
        server <- done
        olga <- page: calls: #1 to mia (ringing on 1): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): ringing
        mia2 <- page: calls: #1 from olga (connecting): ringing
        + 3s
        push <- #1 wakes mia but for d2
        + 4s
        push <- #1 was missed by mia but for d2
        olga <- page: olga is available
        mia <- page: olga is available
        mia2 <- page: olga is available
        olga <- page: calls: #1 to mia (noAnswer): over on Laptop [over]
        mia <- page: calls: #1 from olga (over): noAnswer [over]
        mia2 <- page: calls: #1 from olga (over): noAnswer [over]
        ",
    );
}

#[test]
fn where_all_devices_ring_nobody_is_woken_again() {
    check(
        "
        show: wakes
        given: olga: here; mia: here
        olga: call mia
        server <- calls #1 to mia (dialing): connecting on Laptop
        push <- #1 wakes mia but for d1
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): dialing
        mia: ring
        server <- done
        olga <- page: calls: #1 to mia (ringing on 1): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): ringing
        + 3s
        mia: decline
        server <- done
        push <- #1 rings no more for mia but for d1
        olga <- page: olga is available
        mia <- page: olga is available
        olga <- page: calls: #1 to mia (declined): over on Laptop [over]
        mia <- page: calls: #1 from olga (over): declined on Laptop [over]
        ",
    );
}

#[test]
fn a_device_that_said_nothing_learns_of_a_call_that_was_soon_given_up() {
    check(
        "
        show: wakes
        given: olga: here; mia: here; mia2: here
        olga: call mia
        server <- calls #1 to mia (dialing): connecting on Laptop
        push <- #1 wakes mia but for d1, d2
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        mia2 <- page: olga is in a call
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): dialing
        mia2 <- page: calls: #1 from olga (connecting): dialing
        mia: ring
        server <- done
        olga <- page: calls: #1 to mia (ringing on 1): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): ringing
        mia2 <- page: calls: #1 from olga (connecting): ringing
        + 1s
        olga: hangup
        server <- done
        push <- #1 wakes mia but for d1
        push <- #1 was missed by mia but for d1
        olga <- page: olga is available
        mia <- page: olga is available
        mia2 <- page: olga is available
        olga <- page: calls: #1 to mia (cancelled): hungUp on Laptop [over]
        mia <- page: calls: #1 from olga (hungUp): cancelled [over]
        mia2 <- page: calls: #1 from olga (hungUp): cancelled [over]
        ",
    );
}

#[test]
fn a_caller_who_gives_up_ends_what_was_woken() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here
        olga: call mia asleep
        server <- calls #1 to mia (dialing): connecting on Laptop
        push <- #1 wakes mia
        olga <- page: olga is in a call
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        olga: hangup
        server <- done
        push <- #1 was missed by mia
        olga <- page: olga is available
        olga <- page: calls: #1 to mia (cancelled): hungUp on Laptop [over]
        ",
    );
}

#[test]
fn a_call_is_left_to_somebody_who_is_woken_and_comes_back_when_they_do_not_come() {
    check(
        "
        config: rings 7
        show: calls
        show: wakes
        given: olga: here; mia: here; olga: call mia; knock; enter; mia: ring; pick-up; knock; enter
        olga: transfer max asleep
        server <- done
        push <- #1 wakes max
        olga <- page: olga is available
        mia <- page: olga is available
        olga <- page: calls: #1 to mia (active), max (dialing): transferred on Laptop
        mia <- page: calls: #1 from olga (transferred), max (dialing): active on Laptop
        + 7s
        push <- #1 was missed by max
        push <- #1 wakes olga but for d1
        olga <- page: calls: #1 to mia (active), max (unreachable): dialing [returned from max]
        mia <- page: calls: #1 from max (unreachable), olga (dialing): active on Laptop
        ",
    );
}

#[test]
fn nobody_is_woken_for_whom_they_have_blocked() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here
        olga: call mia asleep barred
        server <- calls #1 to mia (unreachable): over on Laptop [over]
        olga <- page: calls: #1 to mia (unreachable): over on Laptop [over]
        ",
    );
}

#[test]
fn a_browser_whose_last_page_closes_while_it_rings_is_woken_too() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here; mia: here
        olga: call mia asleep
        server <- calls #1 to mia (dialing): connecting on Laptop
        push <- #1 wakes mia but for d1
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): dialing
        mia: ring
        server <- done
        olga <- page: calls: #1 to mia (ringing on 1): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): ringing
        + 5s
        mia: lose-line
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        + 9s
        + 1s
        push <- #1 wakes mia
        olga <- page: mia is offline
        # not again and again
        given: mia: here; mia: ring
        mia: sign-out
        olga <- page: mia is offline
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        + 15s
        push <- #1 was missed by mia
        olga <- page: olga is available
        olga <- page: calls: #1 to mia (cancelled): failed on Laptop [over]
        ",
    );
}
