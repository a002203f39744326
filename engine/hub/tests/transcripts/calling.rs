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
        mia <- page: calls: #1 from olga (over): declined [over]
        mia2 <- page: calls: #1 from olga (over): declined [over]
        mia: pick-up
        server <- refused call_over
        mia2: decline
        server <- done
        olga: hangup
        server <- done
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
        mia <- page: calls: #1 from olga (connecting): connecting on Laptop, #2 from max (over): busy [over], #3 from max (over): declined [over]
        max <- page: calls: #2 to mia (busy): over on Laptop [over], #3 to mia (declined): over on Laptop [over]
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
fn the_devices_that_ring_are_those_that_are_there() {
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
        mia: lose-line
        olga <- page: calls: #1 to mia (ringing on 1): connecting on Laptop
        mia2 <- page: calls: #1 from olga (connecting): ringing
        mia2: lose-line
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        + 5s
        mia: here
        mia <- page: there: olga in a call, mia available
        mia <- page: calls: #1 from olga (connecting): dialing
        mia: ring
        server <- done
        olga <- page: calls: #1 to mia (ringing on 1): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): ringing
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
        max <- page: calls: #1 from olga (active), mia (active): declined
        olga: leave
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: mia is available
        mia <- page: mia is available
        max <- page: mia is available
        olga <- page: calls: #1 to mia (over), max (declined): hungUp on Laptop [over]
        mia <- page: calls: #1 from olga (hungUp), max (declined): over on Laptop [over]
        max <- page: calls: #1 from olga (hungUp), mia (over): declined [over]
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
        mia <- page: calls: #1 from olga (active), max (declined): declined
        max <- page: calls: #1 from olga (active), mia (declined): declined
        ",
    );
}

#[test]
fn presence_follows_from_devices_and_wishes() {
    check(
        "
        show: calls
        olga: here
        olga <- page: there: none
        olga <- page: olga is available
        olga <- page: calls: none
        mia: here idle
        mia <- page: there: olga available
        olga <- page: mia is away
        mia <- page: mia is away
        mia <- page: calls: none
        mia2: here
        mia2 <- page: there: olga available, mia away
        olga <- page: mia is available
        mia <- page: mia is available
        mia2 <- page: mia is available
        mia <- page: calls: none
        mia2 <- page: calls: none
        mia2: here idle
        olga <- page: mia is away
        mia <- page: mia is away
        mia2 <- page: mia is away
        mia <- page: calls: none
        mia2 <- page: calls: none
        mia: choose busy
        server <- told
        olga <- page: mia is busy
        mia <- page: mia is busy
        mia2 <- page: mia is busy
        mia: choose dnd
        server <- told
        olga <- page: mia is not to be disturbed
        mia <- page: mia is not to be disturbed
        mia2 <- page: mia is not to be disturbed
        mia: choose automatic
        server <- told
        olga <- page: mia is away
        mia <- page: mia is away
        mia2 <- page: mia is away
        mia: lose-line
        mia2: lose-line
        + 5s
        mia: here
        mia <- page: there: olga available, mia away
        olga <- page: mia is available
        mia <- page: mia is available
        mia <- page: calls: none
        mia: lose-line
        + 10s
        olga <- page: mia is offline
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
        mia <- page: calls: #1 from olga (connecting): dialing, #2 from olga (connecting): dialing, #3 from olga (connecting): dialing, #4 from olga (connecting): dialing, #5 from olga (connecting): dialing, #6 from olga (connecting): dialing, #7 from olga (connecting): dialing, #8 from olga (connecting): dialing, #9 from max (over): busy [over]
        max <- page: calls: #9 to mia (busy): over on Laptop [over]
        ",
    );
}

#[test]
fn the_oldest_page_makes_place() {
    let mut text = String::from("\n        show: calls\n");
    for window in 0..25 {
        text += &format!("        given: mia{window}: here\n");
    }
    text += "        mia: choose away\n        server <- told\n";
    for window in 1..25 {
        text += &format!("        mia{window} <- page: mia is away\n");
    }
    check(&text);
}
