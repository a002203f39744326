//! Calls between two, and what each of their devices is told.

use crate::harness::check;

#[test]
fn a_call_rings_everywhere_and_is_answered_once() {
    check(
        "
        show: calls
        olga: here
        olga <- page: there: none
        olga <- page: olga is available
        olga <- page: calls: none
        mia: here
        mia <- page: there: olga available
        olga <- page: mia is available
        mia <- page: mia is available
        mia <- page: calls: none
        mia2: here
        mia2 <- page: there: olga available, mia available
        mia <- page: calls: none
        mia2 <- page: calls: none
        olga: call mia
        server <- calls #1 to mia (dialing): connecting on Laptop
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
        mia2: ring
        server <- done
        olga <- page: calls: #1 to mia (ringing on 2): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): ringing
        mia2 <- page: calls: #1 from olga (connecting): ringing
        given: olga: knock; enter; media: connected olga
        mia: pick-up
        server <- done
        olga <- page: mia is in a call
        mia <- page: mia is in a call
        mia2 <- page: mia is in a call
        olga <- page: calls: #1 to mia (connecting): active on Laptop
        mia <- page: calls: #1 from olga (active): connecting on Laptop
        mia2 <- page: calls: #1 from olga (active): connecting on Laptop
        mia2: pick-up
        server <- refused answered_elsewhere
        given: mia: knock; enter; media: connected mia
        + 75s
        olga: hangup
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        mia2 <- page: olga is available
        olga <- page: mia is available
        mia <- page: mia is available
        mia2 <- page: mia is available
        olga <- page: calls: #1 to mia (over): hungUp on Laptop [over]
        mia <- page: calls: #1 from olga (hungUp): over on Laptop [over]
        mia2 <- page: calls: #1 from olga (hungUp): over on Laptop [over]
        + 60s
        olga <- page: calls: none
        mia <- page: calls: none
        mia2 <- page: calls: none
        ",
    );
}

#[test]
fn who_calls_enters_first_and_both_are_in_when_the_other_comes() {
    check(
        "
        show: calls
        given: olga: here; mia: here
        olga: call mia video
        server <- calls #1 with video to mia (dialing): connecting on Laptop
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        olga <- page: calls: #1 with video to mia (dialing): connecting on Laptop
        mia <- page: calls: #1 with video from olga (connecting): dialing
        given: olga: knock
        olga: enter
        olga <- page: calls: #1 with video to mia (dialing): active on Laptop
        mia <- page: calls: #1 with video from olga (active): dialing
        mia: ring
        server <- done
        olga <- page: calls: #1 with video to mia (ringing on 1): active on Laptop
        mia <- page: calls: #1 with video from olga (active): ringing
        mia: pick-up
        server <- done
        olga <- page: mia is in a call
        mia <- page: mia is in a call
        olga <- page: calls: #1 with video to mia (connecting): active on Laptop
        mia <- page: calls: #1 with video from olga (active): connecting on Laptop
        given: mia: knock
        mia: enter
        olga <- page: calls: #1 with video to mia (active): active on Laptop
        mia <- page: calls: #1 with video from olga (active): active on Laptop
        mia: leave
        olga <- page: olga is available
        mia <- page: olga is available
        olga <- page: mia is available
        mia <- page: mia is available
        olga <- page: calls: #1 with video to mia (hungUp): over on Laptop [over]
        mia <- page: calls: #1 with video from olga (over): hungUp on Laptop [over]
        ",
    );
}

#[test]
fn a_call_is_declined_on_all_devices_with_a_word() {
    check(
        "
        show: calls
        given: olga: here; mia: here; mia2: here
        olga: call mia
        server <- calls #1 to mia (dialing): connecting on Laptop
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        mia2 <- page: olga is in a call
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): dialing
        mia2 <- page: calls: #1 from olga (connecting): dialing
        given: mia: ring; mia2: ring
        mia2: decline later
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        mia2 <- page: olga is available
        olga <- page: calls: #1 to mia (declined, says later): over on Laptop [over]
        mia <- page: calls: #1 from olga (over): declined on Telephone [over]
        mia2 <- page: calls: #1 from olga (over): declined on Telephone [over]
        mia: pick-up
        server <- refused call_over
        mia: decline
        server <- done
        mia2: decline
        server <- done
        olga: hangup
        server <- done
        ",
    );
}

#[test]
fn a_browser_without_a_page_declines_and_one_of_old_does_not_say_where() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here; mia: here
        given: olga: call mia; mia: ring
        mia2: decline @Tablet
        server <- done
        push <- #1 rings no more for mia but for d1, d2
        olga <- page: olga is available
        mia <- page: olga is available
        olga <- page: calls: #1 to mia (declined): over on Laptop [over]
        mia <- page: calls: #1 from olga (over): declined on Tablet [over]
        given: olga: call mia; mia: ring
        mia: decline nowhere
        server <- done
        push <- #2 rings no more for mia but for d1
        olga <- page: olga is available
        mia <- page: olga is available
        olga <- page: calls: #1 to mia (declined): over on Laptop [over], #2 to mia (declined): over on Laptop [over]
        mia <- page: calls: #1 from olga (over): declined on Tablet [over], #2 from olga (over): declined [over]
        ",
    );
}

#[test]
fn nobody_answers() {
    check(
        "
        config: rings 7
        show: calls
        given: olga: here; mia: here; max: here
        olga: call mia
        server <- calls #1 to mia (dialing): connecting on Laptop
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        max <- page: olga is in a call
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): dialing
        mia: ring
        server <- done
        olga <- page: calls: #1 to mia (ringing on 1): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): ringing
        + 7s
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: calls: #1 to mia (noAnswer): over on Laptop [over]
        mia <- page: calls: #1 from olga (over): noAnswer [over]
        olga: call max
        server <- calls #2 to max (dialing): connecting on Laptop
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        max <- page: olga is in a call
        olga <- page: calls: #1 to mia (noAnswer): over on Laptop [over], #2 to max (dialing): connecting on Laptop
        max <- page: calls: #2 from olga (connecting): dialing
        + 7s
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: calls: #1 to mia (noAnswer): over on Laptop [over], #2 to max (unreachable): over on Laptop [over]
        max <- page: calls: #2 from olga (over): unreachable [over]
        ",
    );
}

#[test]
fn the_caller_gives_up() {
    check(
        "
        show: calls
        given: olga: here; mia: here
        olga: call mia
        server <- calls #1 to mia (dialing): connecting on Laptop
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): dialing
        mia: ring
        server <- done
        olga <- page: calls: #1 to mia (ringing on 1): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): ringing
        olga: hangup
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        olga <- page: calls: #1 to mia (cancelled): hungUp on Laptop [over]
        mia <- page: calls: #1 from olga (hungUp): cancelled [over]
        mia: pick-up
        server <- refused call_over
        mia: ring
        server <- done
        ",
    );
}

#[test]
fn what_cannot_ring_is_said_at_once() {
    check(
        "
        show: calls
        given: olga: here; max: here dnd
        olga: call mia
        server <- calls #1 to mia (unreachable): over on Laptop [over]
        olga <- page: calls: #1 to mia (unreachable): over on Laptop [over]
        olga: call max
        server <- calls #2 to max (doNotDisturb): over on Laptop [over]
        olga <- page: calls: #1 to mia (unreachable): over on Laptop [over], #2 to max (doNotDisturb): over on Laptop [over]
        max <- page: calls: #2 from olga (over): doNotDisturb [over]
        olga: call olga
        server <- refused own_number
        olga: call
        server <- refused not_found
        ",
    );
}

#[test]
fn two_who_call_each_other_are_joined_at_once() {
    check(
        "
        show: calls
        given: olga: here; mia: here
        olga: call mia
        server <- calls #1 to mia (dialing): connecting on Laptop
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): dialing
        mia: call olga at planning
        server <- calls #1 from olga (connecting): connecting on Laptop
        olga <- page: mia is in a call
        mia <- page: mia is in a call
        olga <- page: calls: #1 to mia (connecting): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): connecting on Laptop
        ",
    );
}

#[test]
fn whoever_answers_and_never_comes_has_failed() {
    check(
        "
        show: calls
        given: olga: here; mia: here
        given: olga: call mia; knock; enter; mia: ring
        mia: pick-up
        server <- done
        olga <- page: mia is in a call
        mia <- page: mia is in a call
        olga <- page: calls: #1 to mia (connecting): active on Laptop
        mia <- page: calls: #1 from olga (active): connecting on Laptop
        + 30s
        olga <- page: olga is available
        mia <- page: olga is available
        olga <- page: mia is available
        mia <- page: mia is available
        olga <- page: calls: #1 to mia (failed): over on Laptop [over]
        mia <- page: calls: #1 from olga (over): failed on Laptop [over]
        ",
    );
}
