//! Calls that go on to somebody else, or to a message; and favourites who ring all the same.

use crate::harness::check;

#[test]
fn a_call_that_is_forwarded_always_rings_the_other_who_sees_by_whom() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here; mia: here; max: here
        olga: call mia always>max
        server <- calls #1 to mia (forwarded), max (dialing, by mia): connecting on Laptop
        push <- #1 wakes max but for d1
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        max <- page: olga is in a call
        olga <- page: calls: #1 to mia (forwarded), max (dialing, by mia): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting), max (dialing, by mia): forwarded
        max <- page: calls: #1 from olga (connecting), mia (forwarded): dialing [by mia]
        max: ring
        server <- done
        olga <- page: calls: #1 to mia (forwarded), max (ringing on 1, by mia): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting), max (ringing, by mia): forwarded
        max <- page: calls: #1 from olga (connecting), mia (forwarded): ringing [by mia]
        max: pick-up
        server <- done
        push <- #1 rings no more for max but for d1
        olga <- page: max is in a call
        mia <- page: max is in a call
        max <- page: max is in a call
        olga <- page: calls: #1 to mia (forwarded), max (connecting, by mia): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting), max (connecting, by mia): forwarded
        max <- page: calls: #1 from olga (connecting), mia (forwarded): connecting on Laptop [by mia]
        given: olga: knock; enter; max: knock; enter
        mia: hangup
        server <- done
        olga: hangup
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: max is available
        mia <- page: max is available
        max <- page: max is available
        olga <- page: calls: #1 to mia (forwarded), max (over, by mia): hungUp on Laptop [over]
        mia <- page: calls: #1 from olga (hungUp), max (over, by mia): forwarded [over]
        max <- page: calls: #1 from olga (hungUp), mia (forwarded): over on Laptop [by mia] [over]
        ",
    );
}

#[test]
fn a_call_that_finds_somebody_in_a_call_goes_on() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here; hugo: here; mia: call hugo
        olga: call mia busy>max unanswered>voicemail at planning
        server <- calls #2 to mia (forwarded), max (dialing, by mia): connecting on Laptop
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        max <- page: olga is in a call
        hugo <- page: olga is in a call
        olga <- page: calls: #2 to mia (forwarded), max (dialing, by mia): connecting on Laptop
        mia <- page: calls: #1 to hugo (dialing): connecting on Laptop, #2 from olga (connecting), max (dialing, by mia): forwarded
        max <- page: calls: #2 from olga (connecting), mia (forwarded): dialing [by mia]
        max: decline later
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        hugo <- page: olga is available
        olga <- page: calls: #2 to mia (forwarded), max (declined, by mia, says later): over on Laptop [over]
        mia <- page: calls: #1 to hugo (dialing): connecting on Laptop, #2 from olga (over), max (declined, by mia): forwarded [over]
        max <- page: calls: #2 from olga (over), mia (forwarded): declined on Laptop [by mia] [over]
        ",
    );
}

#[test]
fn a_call_that_finds_somebody_who_does_not_want_to_be_disturbed_goes_on() {
    check(
        "
        show: calls
        given: olga: here; mia: here dnd; max: here
        olga: call mia busy>max
        server <- calls #1 to mia (forwarded), max (dialing, by mia): connecting on Laptop
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        max <- page: olga is in a call
        olga <- page: calls: #1 to mia (forwarded), max (dialing, by mia): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting), max (dialing, by mia): forwarded
        max <- page: calls: #1 from olga (connecting), mia (forwarded): dialing [by mia]
        olga: hangup
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: calls: #1 to mia (forwarded), max (cancelled, by mia): hungUp on Laptop [over]
        mia <- page: calls: #1 from olga (hungUp), max (cancelled, by mia): forwarded [over]
        max <- page: calls: #1 from olga (hungUp), mia (forwarded): cancelled [by mia] [over]
        ",
    );
}

#[test]
fn a_call_that_nobody_answers_goes_on_and_rings_anew() {
    check(
        "
        config: rings 7
        show: calls
        show: wakes
        given: olga: here; mia: here; max: here; olga: call mia unanswered>max; mia: ring
        + 7s
        push <- #1 rings no more for mia but for d1
        push <- #1 wakes max but for d1
        olga <- page: calls: #1 to mia (forwarded), max (dialing, by mia): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting), max (dialing, by mia): forwarded
        max <- page: calls: #1 from olga (connecting), mia (forwarded): dialing [by mia]
        mia: pick-up
        server <- refused call_over
        max: ring
        server <- done
        olga <- page: calls: #1 to mia (forwarded), max (ringing on 1, by mia): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting), max (ringing, by mia): forwarded
        max <- page: calls: #1 from olga (connecting), mia (forwarded): ringing [by mia]
        + 7s
        push <- #1 was missed by max but for d1
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: calls: #1 to mia (forwarded), max (noAnswer, by mia): over on Laptop [over]
        mia <- page: calls: #1 from olga (over), max (noAnswer, by mia): forwarded [over]
        max <- page: calls: #1 from olga (over), mia (forwarded): noAnswer [by mia] [over]
        ",
    );
}

#[test]
fn a_call_to_somebody_without_a_device_goes_on_at_once() {
    check(
        "
        show: calls
        given: olga: here; max: here
        olga: call mia unanswered>max
        server <- calls #1 to mia (forwarded), max (dialing, by mia): connecting on Laptop
        olga <- page: olga is in a call
        max <- page: olga is in a call
        olga <- page: calls: #1 to mia (forwarded), max (dialing, by mia): connecting on Laptop
        max <- page: calls: #1 from olga (connecting), mia (forwarded): dialing [by mia]
        max: pick-up
        server <- done
        olga <- page: max is in a call
        max <- page: max is in a call
        olga <- page: calls: #1 to mia (forwarded), max (connecting, by mia): connecting on Laptop
        max <- page: calls: #1 from olga (connecting), mia (forwarded): connecting on Laptop [by mia]
        ",
    );
}

#[test]
fn a_call_goes_to_a_message_always_when_busy_and_when_nobody_answers() {
    check(
        "
        config: rings 7
        show: calls
        given: olga: here; mia: here; hugo: here dnd
        olga: call mia always>voicemail
        server <- calls #1 to mia (voicemail): over on Laptop [over]
        olga <- page: calls: #1 to mia (voicemail): over on Laptop [over]
        mia <- page: calls: #1 from olga (over): voicemail [over]
        olga: call hugo busy>voicemail
        server <- calls #2 to hugo (voicemail): over on Laptop [over]
        olga <- page: calls: #1 to mia (voicemail): over on Laptop [over], #2 to hugo (voicemail): over on Laptop [over]
        hugo <- page: calls: #2 from olga (over): voicemail [over]
        olga: call max unanswered>voicemail
        server <- calls #3 to max (voicemail): over on Laptop [over]
        olga <- page: calls: #1 to mia (voicemail): over on Laptop [over], #2 to hugo (voicemail): over on Laptop [over], #3 to max (voicemail): over on Laptop [over]
        olga: call mia unanswered>voicemail
        server <- calls #4 to mia (dialing): connecting on Laptop
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        hugo <- page: olga is in a call
        olga <- page: calls: #1 to mia (voicemail): over on Laptop [over], #2 to hugo (voicemail): over on Laptop [over], #3 to max (voicemail): over on Laptop [over], #4 to mia (dialing): connecting on Laptop
        mia <- page: calls: #1 from olga (over): voicemail [over], #4 from olga (connecting): dialing
        mia: ring
        server <- done
        olga <- page: calls: #1 to mia (voicemail): over on Laptop [over], #2 to hugo (voicemail): over on Laptop [over], #3 to max (voicemail): over on Laptop [over], #4 to mia (ringing on 1): connecting on Laptop
        mia <- page: calls: #1 from olga (over): voicemail [over], #4 from olga (connecting): ringing
        + 7s
        olga <- page: olga is available
        mia <- page: olga is available
        hugo <- page: olga is available
        olga <- page: calls: #1 to mia (voicemail): over on Laptop [over], #2 to hugo (voicemail): over on Laptop [over], #3 to max (voicemail): over on Laptop [over], #4 to mia (voicemail): over on Laptop [over]
        mia <- page: calls: #1 from olga (over): voicemail [over], #4 from olga (over): voicemail [over]
        ",
    );
}

#[test]
fn nobody_is_rung_by_way_of_a_third_for_whom_they_have_blocked() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here -olga; hugo: here -mia
        olga: call mia always>max
        server <- calls #1 to mia (forwarded), max (unreachable, by mia): over on Laptop [over]
        olga <- page: calls: #1 to mia (forwarded), max (unreachable, by mia): over on Laptop [over]
        mia <- page: calls: #1 from olga (over), max (unreachable, by mia): forwarded [over]
        olga: call mia always>hugo
        server <- calls #2 to mia (forwarded), hugo (unreachable, by mia): over on Laptop [over]
        olga <- page: calls: #1 to mia (forwarded), max (unreachable, by mia): over on Laptop [over], #2 to mia (forwarded), hugo (unreachable, by mia): over on Laptop [over]
        mia <- page: calls: #1 from olga (over), max (unreachable, by mia): forwarded [over], #2 from olga (over), hugo (unreachable, by mia): forwarded [over]
        olga: call mia always>acc-ben!
        server <- calls #3 to mia (forwarded), acc-ben (unreachable, by mia): over on Laptop [over]
        olga <- page: calls: #1 to mia (forwarded), max (unreachable, by mia): over on Laptop [over], #2 to mia (forwarded), hugo (unreachable, by mia): over on Laptop [over], #3 to mia (forwarded), acc-ben (unreachable, by mia): over on Laptop [over]
        mia <- page: calls: #1 from olga (over), max (unreachable, by mia): forwarded [over], #2 from olga (over), hugo (unreachable, by mia): forwarded [over], #3 from olga (over), acc-ben (unreachable, by mia): forwarded [over]
        ",
    );
}

#[test]
fn whoever_is_blocked_finds_nobody_and_is_not_forwarded() {
    check(
        "
        show: calls
        given: olga: here; mia: here -olga; max: here
        olga: call mia always>max
        server <- calls #1 to mia (unreachable): over on Laptop [over]
        olga <- page: calls: #1 to mia (unreachable): over on Laptop [over]
        ",
    );
}

#[test]
fn whoever_calls_or_is_called_already_takes_nothing_over() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here
        olga: call mia always>olga
        server <- calls #1 to mia (dialing): connecting on Laptop
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        max <- page: olga is in a call
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): dialing
        olga: hangup
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: calls: #1 to mia (cancelled): hungUp on Laptop [over]
        mia <- page: calls: #1 from olga (hungUp): cancelled [over]
        olga: call mia max always>max
        server <- calls #2 to mia (dialing), max (dialing): connecting on Laptop
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        max <- page: olga is in a call
        olga <- page: calls: #1 to mia (cancelled): hungUp on Laptop [over], #2 to mia (dialing), max (dialing): connecting on Laptop
        mia <- page: calls: #1 from olga (hungUp): cancelled [over], #2 from olga (connecting), max (dialing): dialing
        max <- page: calls: #2 from olga (connecting), mia (dialing): dialing
        ",
    );
}

#[test]
fn who_takes_over_is_told_of_as_they_are_when_they_cannot_be_rung() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here dnd
        olga: call mia always>max
        server <- calls #1 to mia (forwarded), max (doNotDisturb, by mia): over on Laptop [over]
        olga <- page: calls: #1 to mia (forwarded), max (doNotDisturb, by mia): over on Laptop [over]
        mia <- page: calls: #1 from olga (over), max (doNotDisturb, by mia): forwarded [over]
        max <- page: calls: #1 from olga (over), mia (forwarded): doNotDisturb [by mia] [over]
        olga: call mia always>hugo
        server <- calls #2 to mia (forwarded), hugo (unreachable, by mia): over on Laptop [over]
        olga <- page: calls: #1 to mia (forwarded), max (doNotDisturb, by mia): over on Laptop [over], #2 to mia (forwarded), hugo (unreachable, by mia): over on Laptop [over]
        mia <- page: calls: #1 from olga (over), max (doNotDisturb, by mia): forwarded [over], #2 from olga (over), hugo (unreachable, by mia): forwarded [over]
        ",
    );
}

#[test]
fn a_call_that_is_left_to_somebody_goes_on_and_comes_back_when_nobody_takes_it() {
    check(
        "
        config: rings 7
        show: calls
        given: olga: here; mia: here; max: here; hugo: here
        given: olga: call mia; knock; enter; mia: ring; pick-up; knock; enter
        olga: transfer max unanswered>hugo
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        hugo <- page: olga is available
        olga <- page: calls: #1 to mia (active), max (dialing): transferred on Laptop
        mia <- page: calls: #1 from olga (transferred), max (dialing): active on Laptop
        max <- page: calls: #1 from olga (transferred), mia (active): dialing
        max: ring
        server <- done
        olga <- page: calls: #1 to mia (active), max (ringing on 1): transferred on Laptop
        mia <- page: calls: #1 from olga (transferred), max (ringing): active on Laptop
        max <- page: calls: #1 from olga (transferred), mia (active): ringing
        + 7s
        olga <- page: calls: #1 to mia (active), max (forwarded), hugo (dialing, by max): transferred on Laptop
        mia <- page: calls: #1 from olga (transferred), max (forwarded), hugo (dialing, by max): active on Laptop
        max <- page: calls: #1 from olga (transferred), mia (active), hugo (dialing, by max): forwarded
        hugo <- page: calls: #1 from olga (transferred), mia (active), max (forwarded): dialing [by max]
        hugo: ring
        server <- done
        olga <- page: calls: #1 to mia (active), max (forwarded), hugo (ringing on 1, by max): transferred on Laptop
        mia <- page: calls: #1 from olga (transferred), max (forwarded), hugo (ringing, by max): active on Laptop
        max <- page: calls: #1 from olga (transferred), mia (active), hugo (ringing, by max): forwarded
        hugo <- page: calls: #1 from olga (transferred), mia (active), max (forwarded): ringing [by max]
        + 7s
        olga <- page: calls: #1 to mia (active), max (forwarded), hugo (noAnswer, by max): dialing [returned from hugo]
        mia <- page: calls: #1 from max (forwarded), hugo (noAnswer, by max), olga (dialing): active on Laptop
        max <- page: calls: #1 from mia (active), hugo (noAnswer, by max), olga (dialing): forwarded
        hugo <- page: calls: #1 from mia (active), max (forwarded), olga (dialing): noAnswer [by max]
        ",
    );
}

#[test]
fn a_call_that_becomes_part_of_another_while_it_rings_for_a_third_is_still_theirs() {
    check(
        "
        config: rings 7
        show: calls
        show: wakes
        given: olga: here; mia: here; max: here; hugo: here
        given: olga: call hugo; knock; enter; hugo: pick-up; knock; enter
        given: olga: call mia always>max at planning; max: ring #2
        olga: merge #1 with 2
        server <- done
        push <- #1 wakes max but for d1
        push <- #2 rings no more for max but for d1
        olga <- page: calls: #1 to hugo (active), mia (forwarded), max (dialing, by mia): held on Laptop, #2 to mia (forwarded), max (merged, by mia): merged on Laptop [over]
        mia <- page: calls: #1 from olga (held), hugo (active), max (dialing, by mia): forwarded, #2 from olga (merged), max (merged, by mia): forwarded [over]
        max <- page: calls: #1 from olga (held), hugo (active), mia (forwarded): dialing [by mia], #2 from olga (merged), mia (forwarded): merged [by mia] [over]
        hugo <- page: calls: #1 from olga (held), mia (forwarded), max (dialing, by mia): active on Laptop
        given: max: ring #1
        + 7s
        push <- #1 was missed by max but for d1
        olga <- page: calls: #1 to hugo (active), mia (forwarded), max (noAnswer, by mia): held on Laptop, #2 to mia (forwarded), max (merged, by mia): merged on Laptop [over]
        mia <- page: calls: #1 from olga (held), hugo (active), max (noAnswer, by mia): forwarded, #2 from olga (merged), max (merged, by mia): forwarded [over]
        max <- page: calls: #1 from olga (held), hugo (active), mia (forwarded): noAnswer [by mia], #2 from olga (merged), mia (forwarded): merged [by mia] [over]
        hugo <- page: calls: #1 from olga (held), mia (forwarded), max (noAnswer, by mia): active on Laptop
        ",
    );
}

#[test]
fn who_was_in_a_call_already_is_named_by_it_as_whoever_forwards() {
    check(
        "
        config: rings 7
        show: calls
        given: olga: here; mia: here; max: here; hugo: here
        given: olga: call mia hugo; knock; enter; hugo: pick-up; knock; enter; mia: pick-up; knock; enter
        given: olga: call mia always>max at planning
        olga: hand-over #1 with 2
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        hugo <- page: olga is available
        olga <- page: calls: #1 to mia (active), hugo (active), max (dialing, by mia): transferred on Laptop, #2 to mia (forwarded), max (merged, by mia): transferred on Laptop [over]
        mia <- page: calls: #1 from olga (transferred), hugo (active), max (dialing, by mia): active on Laptop, #2 from olga (transferred), max (merged, by mia): forwarded [over]
        max <- page: calls: #1 from olga (transferred), mia (active), hugo (active): dialing [by mia], #2 from olga (transferred), mia (forwarded): merged [by mia] [over]
        hugo <- page: calls: #1 from olga (transferred), mia (active), max (dialing, by mia): active on Laptop
        + 7s
        olga <- page: calls: #1 to mia (active), hugo (active), max (unreachable, by mia): dialing [returned from max], #2 to mia (forwarded), max (merged, by mia): transferred on Laptop [over]
        mia <- page: calls: #1 from hugo (active), max (unreachable, by mia), olga (dialing): active on Laptop, #2 from olga (transferred), max (merged, by mia): forwarded [over]
        max <- page: calls: #1 from mia (active), hugo (active), olga (dialing): unreachable [by mia], #2 from olga (transferred), mia (forwarded): merged [by mia] [over]
        hugo <- page: calls: #1 from mia (active), max (unreachable, by mia), olga (dialing): active on Laptop
        ",
    );
}

#[test]
fn somebody_who_is_asked_in_may_let_another_come() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here; hugo: here
        given: olga: call mia; knock; enter; mia: ring; pick-up; knock; enter
        olga: add max always>hugo
        server <- done
        olga <- page: calls: #1 to mia (active), max (forwarded), hugo (dialing, by max): active on Laptop
        mia <- page: calls: #1 from olga (active), max (forwarded), hugo (dialing, by max): active on Laptop
        max <- page: calls: #1 from olga (active), mia (active), hugo (dialing, by max): forwarded
        hugo <- page: calls: #1 from olga (active), mia (active), max (forwarded): dialing [by max]
        hugo: pick-up
        server <- done
        olga <- page: hugo is in a call
        mia <- page: hugo is in a call
        max <- page: hugo is in a call
        hugo <- page: hugo is in a call
        olga <- page: calls: #1 to mia (active), max (forwarded), hugo (connecting, by max): active on Laptop
        mia <- page: calls: #1 from olga (active), max (forwarded), hugo (connecting, by max): active on Laptop
        max <- page: calls: #1 from olga (active), mia (active), hugo (connecting, by max): forwarded
        hugo <- page: calls: #1 from olga (active), mia (active), max (forwarded): connecting on Laptop [by max]
        ",
    );
}

#[test]
fn who_calls_back_whoever_rings_them_for_another_is_joined_with_them() {
    check(
        "
        show: calls
        given: olga: here; mia: here; max: here; olga: call mia always>max
        max: call olga at planning
        server <- calls #1 from olga (connecting), mia (forwarded): connecting on Laptop [by mia]
        olga <- page: max is in a call
        mia <- page: max is in a call
        max <- page: max is in a call
        olga <- page: calls: #1 to mia (forwarded), max (connecting, by mia): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting), max (connecting, by mia): forwarded
        max <- page: calls: #1 from olga (connecting), mia (forwarded): connecting on Laptop [by mia]
        ",
    );
}

#[test]
fn a_favourite_rings_through_do_not_disturb_but_not_into_a_call() {
    check(
        "
        show: calls
        show: wakes
        given: olga: here; mia: here dnd; hugo: here
        olga: call mia favoured
        server <- calls #1 to mia (dialing): connecting on Laptop
        push <- #1 wakes mia but for d1
        olga <- page: olga is in a call
        mia <- page: olga is in a call
        hugo <- page: olga is in a call
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): dialing
        mia: ring
        server <- done
        olga <- page: calls: #1 to mia (ringing on 1): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): ringing
        olga: hangup
        server <- done
        push <- #1 was missed by mia but for d1
        olga <- page: olga is available
        mia <- page: olga is available
        hugo <- page: olga is available
        olga <- page: calls: #1 to mia (cancelled): hungUp on Laptop [over]
        mia <- page: calls: #1 from olga (hungUp): cancelled [over]
        hugo: call mia
        server <- calls #2 to mia (doNotDisturb): over on Laptop [over]
        mia <- page: calls: #1 from olga (hungUp): cancelled [over], #2 from hugo (over): doNotDisturb [over]
        hugo <- page: calls: #2 to mia (doNotDisturb): over on Laptop [over]
        given: mia: call hugo
        olga: call mia favoured at planning
        server <- calls #4 to mia (busy): over on Laptop [over]
        olga <- page: calls: #1 to mia (cancelled): hungUp on Laptop [over], #4 to mia (busy): over on Laptop [over]
        mia <- page: calls: #1 from olga (hungUp): cancelled [over], #2 from hugo (over): doNotDisturb [over], #3 to hugo (dialing): connecting on Laptop, #4 from olga (over): busy [over]
        ",
    );
}

#[test]
fn a_favourite_does_not_ring_into_a_meeting_either() {
    check(
        "
        show: calls
        given: olga: here; mia: here dnd; mia: knock; attend; enter; media: connected mia
        olga: call mia favoured at planning
        server <- calls #1 to mia (busy): over on Laptop [over]
        olga <- page: calls: #1 to mia (busy): over on Laptop [over]
        mia <- page: calls: #1 from olga (over): busy [over]
        ",
    );
}
