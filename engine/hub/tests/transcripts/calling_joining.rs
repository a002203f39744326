//! How calls become one, how somebody is rung into one, and how the others are left to somebody.

use crate::harness::check;

#[test]
fn two_calls_become_one() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        given: olga: call max at planning; leave; knock at planning; enter at planning; max: pick-up #2; knock at planning; enter at planning
        olga: merge #2 with 1
        server <- done
        olga <- page: calls: #1 to mia (merged): merged on Laptop [over], #2 to max (active), mia (connecting): active on Laptop
        mia <- page: calls: #1 from olga (merged): merged on Laptop [over], #2 from olga (active), max (active): connecting on Laptop
        max <- page: calls: #2 from olga (active), mia (connecting): active on Laptop
        given: mia: knock at planning
        mia: enter at planning
        olga <- page: calls: #1 to mia (merged): merged on Laptop [over], #2 to max (active), mia (active): active on Laptop
        mia <- page: calls: #1 from olga (merged): merged on Laptop [over], #2 from olga (active), max (active): active on Laptop
        max <- page: calls: #2 from olga (active), mia (active): active on Laptop
        olga: merge #2 with 1
        server <- refused call_over
        mia: hangup #2
        server <- done
        olga <- page: mia is available
        mia <- page: mia is available
        max <- page: mia is available
        olga <- page: calls: #1 to mia (merged): merged on Laptop [over], #2 to max (active), mia (hungUp): active on Laptop
        mia <- page: calls: #1 from olga (merged): merged on Laptop [over], #2 from olga (active), max (active): hungUp on Laptop
        max <- page: calls: #2 from olga (active), mia (hungUp): active on Laptop
        ",
    );
}

#[test]
fn somebody_is_rung_into_a_call_that_goes_on() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        mia: add max
        server <- done
        olga <- page: calls: #1 to mia (active), max (dialing): active on Laptop
        mia <- page: calls: #1 from olga (active), max (dialing): active on Laptop
        max <- page: calls: #1 from olga (active), mia (active): dialing
        max: ring
        server <- done
        olga <- page: calls: #1 to mia (active), max (ringing): active on Laptop
        mia <- page: calls: #1 from olga (active), max (ringing on 1): active on Laptop
        max <- page: calls: #1 from olga (active), mia (active): ringing
        max: decline later
        server <- done
        olga <- page: calls: #1 to mia (active), max (declined): active on Laptop
        mia <- page: calls: #1 from olga (active), max (declined, says later): active on Laptop
        max <- page: calls: #1 from olga (active), mia (active): declined on Laptop
        mia: add max
        server <- done
        olga <- page: calls: #1 to mia (active), max (dialing): active on Laptop
        mia <- page: calls: #1 from olga (active), max (dialing): active on Laptop
        max <- page: calls: #1 from olga (active), mia (active): dialing
        given: max: ring; pick-up; knock
        max: enter
        olga <- page: calls: #1 to mia (active), max (active): active on Laptop
        mia <- page: calls: #1 from olga (active), max (active): active on Laptop
        max <- page: calls: #1 from olga (active), mia (active): active on Laptop
        mia: add max
        server <- done
        olga <- page: calls: #1 to mia (active), max (active): active on Laptop
        mia <- page: calls: #1 from olga (active), max (active): active on Laptop
        max <- page: calls: #1 from olga (active), mia (active): active on Laptop
        mia: add mia
        server <- refused own_number
        olga: hangup
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: calls: #1 to mia (active), max (active): hungUp on Laptop
        mia <- page: calls: #1 from olga (hungUp), max (active): active on Laptop
        max <- page: calls: #1 from olga (hungUp), mia (active): active on Laptop
        ",
    );
}

#[test]
fn whoever_cannot_be_asked_in_is_told_why() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here dnd
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        olga: add max
        server <- done
        olga <- page: calls: #1 to mia (active), max (doNotDisturb): active on Laptop
        mia <- page: calls: #1 from olga (active), max (doNotDisturb): active on Laptop
        max <- page: calls: #1 from olga (active), mia (active): doNotDisturb
        olga: transfer max
        server <- done
        olga <- page: calls: #1 to mia (active), max (doNotDisturb): active on Laptop
        mia <- page: calls: #1 from olga (active), max (doNotDisturb): active on Laptop
        max <- page: calls: #1 from olga (active), mia (active): doNotDisturb
        ",
    );
}

#[test]
fn the_other_is_left_to_somebody_else() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        olga: transfer max
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: calls: #1 to mia (active), max (dialing): transferred on Laptop
        mia <- page: calls: #1 from olga (transferred), max (dialing): active on Laptop
        max <- page: calls: #1 from olga (transferred), mia (active): dialing
        max: ring
        server <- done
        olga <- page: calls: #1 to mia (active), max (ringing on 1): transferred on Laptop
        mia <- page: calls: #1 from olga (transferred), max (ringing): active on Laptop
        max <- page: calls: #1 from olga (transferred), mia (active): ringing
        max: pick-up
        server <- done
        olga <- page: max is in a call
        mia <- page: max is in a call
        max <- page: max is in a call
        olga <- page: calls: #1 to mia (active), max (connecting): transferred on Laptop
        mia <- page: calls: #1 from olga (transferred), max (connecting): active on Laptop
        max <- page: calls: #1 from olga (transferred), mia (active): connecting on Laptop
        given: max: knock
        max: enter
        olga <- page: calls: #1 to mia (active), max (active): transferred on Laptop
        mia <- page: calls: #1 from olga (transferred), max (active): active on Laptop
        max <- page: calls: #1 from olga (transferred), mia (active): active on Laptop
        ",
    );
}

#[test]
fn a_call_comes_back_from_whoever_does_not_answer() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        olga: transfer max
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: calls: #1 to mia (active), max (dialing): transferred on Laptop
        mia <- page: calls: #1 from olga (transferred), max (dialing): active on Laptop
        max <- page: calls: #1 from olga (transferred), mia (active): dialing
        max: ring
        server <- done
        olga <- page: calls: #1 to mia (active), max (ringing on 1): transferred on Laptop
        mia <- page: calls: #1 from olga (transferred), max (ringing): active on Laptop
        max <- page: calls: #1 from olga (transferred), mia (active): ringing
        + 30s
        olga <- page: calls: #1 to mia (active), max (noAnswer): dialing [returned from max]
        mia <- page: calls: #1 from max (noAnswer), olga (dialing): active on Laptop
        max <- page: calls: #1 from mia (active), olga (dialing): noAnswer
        olga: ring
        server <- done
        olga <- page: calls: #1 to mia (active), max (noAnswer): ringing [returned from max]
        mia <- page: calls: #1 from max (noAnswer), olga (ringing): active on Laptop
        max <- page: calls: #1 from mia (active), olga (ringing): noAnswer
        olga: pick-up
        server <- done
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        max <- page: olga is in a call
        olga <- page: calls: #1 to mia (active), max (noAnswer): connecting on Laptop [returned from max]
        mia <- page: calls: #1 from max (noAnswer), olga (connecting): active on Laptop
        max <- page: calls: #1 from mia (active), olga (connecting): noAnswer
        given: olga: knock
        olga: enter
        olga <- page: calls: #1 to mia (active), max (noAnswer): active on Laptop [returned from max]
        mia <- page: calls: #1 from max (noAnswer), olga (active): active on Laptop
        max <- page: calls: #1 from mia (active), olga (active): noAnswer
        ",
    );
}

#[test]
fn a_call_that_comes_back_and_is_not_taken_is_over() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter; olga: transfer max
        max: decline
        server <- done
        olga <- page: calls: #1 to mia (active), max (declined): dialing [returned from max]
        mia <- page: calls: #1 from max (declined), olga (dialing): active on Laptop
        max <- page: calls: #1 from mia (active), olga (dialing): declined on Laptop
        + 30s
        olga <- page: mia is available
        mia <- page: mia is available
        max <- page: mia is available
        olga <- page: calls: #1 to mia (over), max (declined): unreachable [returned from max] [over]
        mia <- page: calls: #1 from max (declined), olga (unreachable): over on Laptop [over]
        max <- page: calls: #1 from mia (over), olga (unreachable): declined on Laptop [over]
        ",
    );
}

#[test]
fn whoever_was_asked_first_takes_the_call() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        given: olga: call max at planning; leave; knock at planning; enter at planning; max: pick-up #2; knock at planning; enter at planning
        olga: hand-over #1 with 2
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: calls: #1 to mia (active), max (connecting): transferred on Laptop, #2 to max (merged): transferred on Laptop [over]
        mia <- page: calls: #1 from olga (transferred), max (connecting): active on Laptop
        max <- page: calls: #1 from olga (transferred), mia (active): connecting on Laptop, #2 from olga (transferred): merged on Laptop [over]
        given: max: knock
        max: enter
        olga <- page: calls: #1 to mia (active), max (active): transferred on Laptop, #2 to max (merged): transferred on Laptop [over]
        mia <- page: calls: #1 from olga (transferred), max (active): active on Laptop
        max <- page: calls: #1 from olga (transferred), mia (active): active on Laptop, #2 from olga (transferred): merged on Laptop [over]
        ",
    );
}

#[test]
fn whoever_was_asked_first_and_does_not_come_gives_it_back() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        given: olga: call max at planning; leave; knock at planning; enter at planning; max: pick-up #2; knock at planning; enter at planning
        given: olga: hand-over #1 with 2
        + 30s
        olga <- page: max is available
        mia <- page: max is available
        max <- page: max is available
        olga <- page: calls: #1 to mia (active), max (failed): dialing [returned from max], #2 to max (merged): transferred on Laptop [over]
        mia <- page: calls: #1 from max (failed), olga (dialing): active on Laptop
        max <- page: calls: #1 from mia (active), olga (dialing): failed on Laptop, #2 from olga (transferred): merged on Laptop [over]
        ",
    );
}

#[test]
fn whoever_was_asked_first_says_no_and_the_first_call_goes_on() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        given: olga: call max at planning; leave; knock at planning; enter at planning
        max: decline #2
        server <- done
        olga <- page: calls: #1 to mia (active): held on Laptop, #2 to max (declined): over on Laptop [over]
        max <- page: calls: #2 from olga (over): declined on Laptop [over]
        olga: go-on #1
        server <- done
        olga <- page: calls: #1 to mia (active): connecting on Laptop, #2 to max (declined): over on Laptop [over]
        mia <- page: calls: #1 from olga (connecting): active on Laptop
        ",
    );
}

#[test]
fn nobody_takes_part_after_their_end() {
    check(
        "
        stored: lobby=everyone
        given: olga: here; mia: here; max: here; hugo: here
        given: olga: call mia max hugo; knock; enter; mia: pick-up; knock; enter; hugo: pick-up; knock; enter
        max: decline
        server <- done
        olga <- page: calls: #1 to mia (active), max (declined), hugo (active): active on Laptop
        mia <- page: calls: #1 from olga (active), max (declined), hugo (active): active on Laptop
        max <- page: calls: #1 from olga (active), mia (active), hugo (active): declined on Laptop
        hugo <- page: calls: #1 from olga (active), mia (active), max (declined): active on Laptop
        max: door
        server <- door knock
        mia: hangup
        server <- done
        olga <- update mia disconnected CLIENT_INITIATED
        hugo <- update mia disconnected CLIENT_INITIATED
        media <- remove mia
        mia <- leave CLIENT_INITIATED DISCONNECT
        mia <- closed
        olga <- page: mia is available
        mia <- page: mia is available
        max <- page: mia is available
        hugo <- page: mia is available
        olga <- page: calls: #1 to mia (hungUp), max (declined), hugo (active): active on Laptop
        mia <- page: calls: #1 from olga (active), max (declined), hugo (active): hungUp on Laptop
        max <- page: calls: #1 from olga (active), mia (hungUp), hugo (active): declined on Laptop
        hugo <- page: calls: #1 from olga (active), mia (hungUp), max (declined): active on Laptop
        mia: enter
        log <- refused mia removed
        mia <- leave PARTICIPANT_REMOVED DISCONNECT
        mia <- closed
        mia: knock
        server <- waiting, somebody could let in
        mia: door
        server <- door knock
        ",
    );
}

#[test]
fn what_was_on_hold_before_a_crash_is_so_after_it() {
    check(
        "
        show: calls
        given: olga: here; mia: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter; olga: hold; leave
        server: restarts
        olga: here
        olga <- page: there: none
        olga <- page: olga is in a call
        olga <- page: calls: #1 to mia (active): held on Laptop
        mia: here
        mia <- page: there: olga in a call
        olga <- page: mia is in a call
        mia <- page: mia is in a call
        mia <- page: calls: #1 from olga (held): active on Laptop
        olga: go-on
        server <- done
        olga <- page: calls: #1 to mia (active): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): active on Laptop
        ",
    );
}

#[test]
fn whoever_was_left_to_somebody_whom_a_crash_silenced_comes_back() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter; olga: transfer max; max: ring
        server: restarts
        max: here
        max <- page: there: none
        max <- page: max is available
        max <- page: calls: #1 from mia (active), olga (dialing): failed
        mia: here
        mia <- page: there: max available
        mia <- page: mia is in a call
        max <- page: mia is in a call
        mia <- page: calls: #1 from max (failed), olga (dialing): active on Laptop
        olga: here
        olga <- page: there: mia in a call, max available
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: calls: #1 to mia (active), max (failed): dialing [returned from max]
        olga: ring
        server <- done
        olga <- page: calls: #1 to mia (active), max (failed): ringing [returned from max]
        mia <- page: calls: #1 from max (failed), olga (ringing): active on Laptop
        max <- page: calls: #1 from mia (active), olga (ringing): failed
        olga: pick-up
        server <- done
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        max <- page: olga is in a call
        olga <- page: calls: #1 to mia (active), max (failed): connecting on Laptop [returned from max]
        mia <- page: calls: #1 from max (failed), olga (connecting): active on Laptop
        max <- page: calls: #1 from mia (active), olga (connecting): failed
        ",
    );
}

#[test]
fn whoever_is_in_by_the_link_is_added_without_a_ring_and_stays() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia; knock; enter; mia: pick-up; knock; enter
        given: max: knock; olga: do admit max; max: enter
        olga: add max
        server <- done
        olga <- page: calls: #1 to mia (active), max (active): active on Laptop
        mia <- page: calls: #1 from olga (active), max (active): active on Laptop
        max <- page: calls: #1 from olga (active), mia (active): active
        olga: hangup
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: calls: #1 to mia (active), max (active): hungUp on Laptop
        mia <- page: calls: #1 from olga (hungUp), max (active): active on Laptop
        max <- page: calls: #1 from olga (hungUp), mia (active): active
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
        max <- page: calls: #1 from olga (hungUp), mia (hungUp): over [over]
        ",
    );
}

#[test]
fn a_call_that_is_left_to_somebody_who_rings_already_comes_back_when_they_do_not_come() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        given: olga: call mia; knock; enter; mia: ring; pick-up; knock; enter; olga: add max; max: ring
        olga: transfer max
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: calls: #1 to mia (active), max (ringing on 1): transferred on Laptop
        mia <- page: calls: #1 from olga (transferred), max (ringing): active on Laptop
        max <- page: calls: #1 from olga (transferred), mia (active): ringing
        max: decline
        server <- done
        olga <- page: calls: #1 to mia (active), max (declined): dialing [returned from max]
        mia <- page: calls: #1 from max (declined), olga (dialing): active on Laptop
        max <- page: calls: #1 from mia (active), olga (dialing): declined on Laptop
        ",
    );
}
