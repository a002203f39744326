//! Calls over a lost line and a crash of the server.

use crate::harness::check;

#[test]
fn a_call_goes_on_after_a_crash_and_one_that_rang_does_not() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        given: max: call mia anyway at planning; mia: ring
        server: restarts
        max: here
        max <- page: there: none
        max <- page: max is available
        max <- page: calls: #2 to mia (failed): failed on Laptop [over]
        olga: here
        olga <- page: there: max available
        olga <- page: olga is in a call
        max <- page: olga is in a call
        olga <- page: calls: #1 to mia (active): active on Laptop
        mia: here
        mia <- page: there: olga in a call, max available
        olga <- page: mia is in a call
        mia <- page: mia is in a call
        max <- page: mia is in a call
        mia <- page: calls: #1 from olga (active): active on Laptop, #2 from max (failed): failed [over]
        + 4s
        olga: hangup #1
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: mia is available
        mia <- page: mia is available
        max <- page: mia is available
        olga <- page: calls: #1 to mia (over): hungUp on Laptop [over]
        mia <- page: calls: #1 from olga (hungUp): over on Laptop [over], #2 from max (failed): failed [over]
        ",
    );
}

#[test]
fn who_does_not_come_back_after_a_crash_is_waited_for_and_then_given_up() {
    check(
        "
        config: seat 60
        show: calls
        given: olga: here; mia: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        server: restarts
        olga: here
        olga <- page: there: none
        olga <- page: olga is in a call
        olga <- page: calls: #1 to mia (active): active on Laptop
        + 60s
        olga <- page: olga is available
        olga <- page: calls: #1 to mia (over): lost on Laptop [over]
        ",
    );
}

#[test]
fn a_lost_line_ends_no_call() {
    check(
        "
        show: calls
        given: olga: here; mia: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter; media: connected olga; media: connected mia
        olga: lose-line
        olga: gone
        + 200s
        olga: here
        olga <- page: there: olga in a call, mia in a call
        olga <- page: calls: #1 to mia (active): active on Laptop
        ",
    );
}

#[test]
fn an_empty_room_is_kept_as_long_as_somebody_may_come() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia max; knock; enter; mia: ring; max: ring
        given: mia: pick-up; olga: leave
        + 25s
        mia: knock
        server <- admitted mia~d1 named mia {role=host}, may publish all
        mia: enter
        olga <- page: calls: #1 to mia (active), max (ringing on 1): hungUp on Laptop
        mia <- page: calls: #1 from olga (hungUp), max (ringing): active on Laptop
        max <- page: calls: #1 from olga (hungUp), mia (active): ringing
        ",
    );
}

#[test]
fn somebody_hidden_keeps_no_call_alive() {
    check(
        "
        show: calls
        given: olga: here; mia: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter; eve: join standup hidden
        mia: hangup
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        olga <- page: mia is available
        mia <- page: mia is available
        olga <- page: calls: #1 to mia (hungUp): over on Laptop [over]
        mia <- page: calls: #1 from olga (over): hungUp on Laptop [over]
        ",
    );
}

#[test]
fn a_socket_that_breaks_before_media_is_up_does_not_hang_up() {
    check(
        "
        show: calls
        given: olga: here; mia: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        mia: gone
        olga <- page: calls: #1 to mia (connecting): active on Laptop
        mia <- page: calls: #1 from olga (active): connecting on Laptop
        + 25s
        given: mia: knock
        mia2: enter
        olga <- page: calls: #1 to mia (active): active on Laptop
        mia <- page: calls: #1 from olga (active): active on Laptop
        mia2: gone closed
        olga <- page: calls: #1 to mia (connecting): active on Laptop
        mia <- page: calls: #1 from olga (active): connecting on Laptop
        + 30s
        olga <- page: olga is available
        mia <- page: olga is available
        olga <- page: mia is available
        mia <- page: mia is available
        olga <- page: calls: #1 to mia (lost): over on Laptop [over]
        mia <- page: calls: #1 from olga (over): lost on Laptop [over]
        ",
    );
}

#[test]
fn media_that_fails_does_not_hang_up_and_goodbye_does() {
    check(
        "
        show: calls
        given: olga: here; mia: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        media: refuses mia nonsense
        olga <- page: calls: #1 to mia (connecting): active on Laptop
        mia <- page: calls: #1 from olga (active): connecting on Laptop
        given: mia: knock; enter
        mia: leave
        olga <- page: olga is available
        mia <- page: olga is available
        olga <- page: mia is available
        mia <- page: mia is available
        olga <- page: calls: #1 to mia (hungUp): over on Laptop [over]
        mia <- page: calls: #1 from olga (over): hungUp on Laptop [over]
        ",
    );
}

#[test]
fn whoever_calls_somebody_whose_last_page_closes_is_told_that_nobody_is_reached() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here; mia: here; olga: call mia; knock; enter; mia: ring
        + 5s
        mia: lose-line
        olga <- page: calls: #1 to mia (dialing): active on Laptop
        + 9s
        + 1s
        push <- #1 was missed by mia
        olga <- page: olga is available
        olga <- page: mia is offline
        olga <- page: calls: #1 to mia (unreachable): over on Laptop [over]
        # and nobody answers any more who comes later
        mia: here
        mia <- page: there: olga available
        olga <- page: mia is available
        mia <- page: mia is available
        mia <- page: calls: #1 from olga (over): unreachable [over]
        mia: pick-up
        server <- refused call_over
        ",
    );
}

#[test]
fn a_page_that_is_opened_anew_goes_on_ringing() {
    check(
        "
        show: calls
        given: olga: here; mia: here; olga: call mia; knock; enter; mia: ring
        mia: lose-line
        olga <- page: calls: #1 to mia (dialing): active on Laptop
        + 9s
        mia: here
        mia <- page: there: olga in a call, mia available
        mia <- page: calls: #1 from olga (active): dialing
        mia: ring
        server <- done
        olga <- page: calls: #1 to mia (ringing on 1): active on Laptop
        mia <- page: calls: #1 from olga (active): ringing
        + 1s
        mia: pick-up
        server <- done
        olga <- page: mia is in a call
        mia <- page: mia is in a call
        olga <- page: calls: #1 to mia (connecting): active on Laptop
        mia <- page: calls: #1 from olga (active): connecting on Laptop
        ",
    );
}

#[test]
fn whoever_has_another_device_or_can_be_woken_is_waited_for() {
    check(
        "
        show: calls
        given: olga: here; mia: here; mia2: here; max: here; olga: call mia; knock; enter; mia: ring; mia2: ring
        mia: lose-line
        olga <- page: calls: #1 to mia (ringing on 1): active on Laptop
        mia2 <- page: calls: #1 from olga (active): ringing
        + 15s
        mia2: pick-up
        server <- done
        olga <- page: mia is in a call
        mia2 <- page: mia is in a call
        max <- page: mia is in a call
        olga <- page: calls: #1 to mia (connecting): active on Laptop
        mia2 <- page: calls: #1 from olga (active): connecting on Telephone
        olga: hangup
        server <- done
        olga <- page: olga is available
        mia2 <- page: olga is available
        max <- page: olga is available
        olga <- page: mia is available
        mia2 <- page: mia is available
        max <- page: mia is available
        olga <- page: calls: #1 to mia (over): hungUp on Laptop [over]
        mia2 <- page: calls: #1 from olga (hungUp): over on Telephone [over]
        olga: call max asleep at retro
        server <- calls #2 to max (dialing): connecting on Laptop
        olga <- page: olga is in a call
        mia2 <- page: olga is in a call
        max <- page: olga is in a call
        olga <- page: calls: #1 to mia (over): hungUp on Laptop [over], #2 to max (dialing): connecting on Laptop
        max <- page: calls: #2 from olga (connecting): dialing
        given: olga: knock at retro; enter at retro
        max: lose-line
        + 29s
        olga <- page: max is offline
        mia2 <- page: max is offline
        + 1s
        olga <- page: olga is available
        mia2 <- page: olga is available
        olga <- page: calls: #1 to mia (over): hungUp on Laptop [over], #2 to max (unreachable): over on Laptop [over]
        ",
    );
}

#[test]
fn whoever_signs_out_while_it_rings_is_not_waited_for() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here; olga: call mia; knock; enter; mia: ring
        mia: sign-out
        olga <- page: olga is available
        max <- page: olga is available
        olga <- page: mia is offline
        max <- page: mia is offline
        olga <- page: calls: #1 to mia (unreachable): over on Laptop [over]
        # where such calls go on, it goes on at once
        olga: call max unanswered>voicemail at retro
        server <- calls #2 to max (dialing): connecting on Laptop
        olga <- page: olga is in a call
        max <- page: olga is in a call
        olga <- page: calls: #1 to mia (unreachable): over on Laptop [over], #2 to max (dialing): connecting on Laptop
        max <- page: calls: #2 from olga (connecting): dialing
        max: sign-out
        olga <- page: olga is available
        olga <- page: max is offline
        olga <- page: calls: #1 to mia (unreachable): over on Laptop [over], #2 to max (voicemail): over on Laptop [over]
        ",
    );
}
