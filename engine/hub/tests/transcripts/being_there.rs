//! Who is there, on which devices, and how others find them.

use crate::harness::check;

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
fn what_somebody_chooses_their_other_devices_know_though_nobody_sees_a_difference() {
    check(
        "
        show: calls
        given: olga: here; mia: here idle; mia2: here idle
        mia: choose away
        server <- told
        mia <- page: mia is away
        mia2 <- page: mia is away
        mia: choose away
        server <- told
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

#[test]
fn a_device_that_a_page_is_of_no_more_does_not_ring() {
    check(
        "
        show: calls
        given: olga: here; mia: here
        given: olga: call mia; mia: ring
        mia: here on=d3
        olga <- page: calls: #1 to mia (dialing): connecting on Laptop
        mia <- page: calls: #1 from olga (connecting): dialing
        ",
    );
}

#[test]
fn a_device_that_made_place_does_not_ring() {
    let mut text = String::from("\n        show: calls\n        given: olga: here; mia: here\n");
    text += "        given: olga: call mia; mia: ring\n";
    for window in 3..26 {
        text += &format!("        given: mia{window}: here on=d3\n");
    }
    text += "        # the oldest\n        mia26: here on=d3\n";
    text += "        mia <- page: refused too_many\n        mia26 <- page: there: olga in a call, mia available\n";
    text += "        olga <- page: calls: #1 to mia (dialing): connecting on Laptop\n";
    for window in 3..27 {
        text += &format!("        mia{window} <- page: calls: #1 from olga (connecting): dialing\n");
    }
    check(&text);
}

#[test]
fn what_was_read_before_a_wish_does_not_undo_it() {
    check(
        "
        show: calls
        given: mia: here
        mia: choose dnd
        server <- told
        mia <- page: mia is not to be disturbed
        mia2: here
        mia2 <- page: there: mia not to be disturbed
        mia <- page: calls: none
        mia2 <- page: calls: none
        ",
    );
}

#[test]
fn who_changes_all_the_time_is_told_of_once_a_second() {
    let mut text = String::from("\n        show: calls\n        given: olga: here; mia: here\n");
    for turn in 0..20 {
        let (how, is) = if turn % 2 == 0 { ("away", "away") } else { ("automatic", "available") };
        text += &format!("        mia: choose {how}\n        server <- told\n");
        // Her coming was the first.
        if turn < 9 {
            text += &format!("        olga <- page: mia is {is}\n        mia <- page: mia is {is}\n");
        }
    }
    text += "        + 999ms\n        + 1ms\n        olga <- page: mia is available\n        mia <- page: mia is available\n        + 60s\n";
    check(&text);
}

#[test]
fn who_signed_out_is_gone_at_once_and_rings_no_more() {
    check(
        "
        show: calls
        given: olga: here; mia: here; mia2: here
        given: olga: call mia; mia: ring; mia2: ring
        mia: sign-out
        olga <- page: calls: #1 to mia (ringing on 1): connecting on Laptop
        mia2 <- page: calls: #1 from olga (connecting): ringing
        mia2: sign-out
        olga <- page: olga is available
        olga <- page: mia is offline
        olga <- page: calls: #1 to mia (unreachable): over on Laptop [over]
        + 60s
        olga <- page: calls: none
        ",
    );
}

#[test]
fn a_note_is_told_with_how_somebody_is_to_be_found() {
    check(
        "
        show: calls
        given: olga: here
        mia: here note=Library
        mia <- page: there: olga available
        olga <- page: mia is available (Library)
        mia <- page: mia is available (Library)
        mia <- page: calls: none
        mia: choose busy note=Library
        server <- told
        olga <- page: mia is busy (Library)
        mia <- page: mia is busy (Library)
        mia: choose busy note=Cellar
        server <- told
        olga <- page: mia is busy (Cellar)
        mia <- page: mia is busy (Cellar)
        mia: choose busy
        server <- told
        olga <- page: mia is busy
        mia <- page: mia is busy
        mia: choose automatic note=Attic
        server <- told
        olga <- page: mia is available (Attic)
        mia <- page: mia is available (Attic)
        max: here
        max <- page: there: olga available, mia available (Attic)
        olga <- page: max is available
        mia <- page: max is available
        max <- page: max is available
        max <- page: calls: none
        mia: lose-line
        + 10s
        olga <- page: mia is offline
        max <- page: mia is offline
        mia: choose note=Nowhere
        server <- told
        ",
    );
}

#[test]
fn that_missed_calls_were_looked_at_all_devices_are_told() {
    check(
        "
        show: calls
        given: olga: here; mia: here; mia2: here
        mia: look
        mia <- page: calls were looked at
        mia2 <- page: calls were looked at
        server <- told
        ",
    );
}

#[test]
fn who_is_blocked_finds_nobody() {
    check(
        "
        show: calls
        given: olga: here; mia: here note=Library; max: here
        mia: book -olga
        olga <- page: mia is offline
        server <- told
        mia: choose busy note=Cellar
        server <- told
        mia <- page: mia is busy (Cellar)
        max <- page: mia is busy (Cellar)
        olga: lose-line
        + 10s
        mia <- page: olga is offline
        max <- page: olga is offline
        olga: here
        olga <- page: there: max available
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: calls: none
        mia: lose-line
        + 10s
        max <- page: mia is offline
        mia: here -olga
        mia <- page: there: olga available, max available
        mia <- page: mia is available
        max <- page: mia is available
        mia <- page: calls: none
        mia: book -olga
        server <- told
        mia: book +olga
        olga <- page: mia is available
        server <- told
        mia: book -max
        max <- page: mia is offline
        server <- told
        mia: book
        max <- page: mia is available
        server <- told
        ",
    );
}

#[test]
fn who_sees_somebody_is_theirs_to_choose_and_counts_at_once() {
    check(
        "
        show: calls
        given: olga: here; mia: here note=Library; max: here
        mia: book +olga seen-by=contacts
        max <- page: mia is hidden
        server <- told
        mia: choose busy note=Cellar
        server <- told
        olga <- page: mia is busy (Cellar)
        mia <- page: mia is busy (Cellar)
        mia: book +olga seen-by=nobody
        olga <- page: mia is hidden
        server <- told
        mia: choose away
        server <- told
        mia <- page: mia is away
        mia: lose-line
        mia: here +olga seen-by=nobody
        mia <- page: there: olga available, mia away, max available
        mia <- page: calls: none
        max: lose-line
        max: here
        max <- page: there: olga available, max available, mia hidden
        max <- page: calls: none
        mia: book +olga
        olga <- page: mia is away
        max <- page: mia is away
        server <- told
        mia: book -olga seen-by=contacts
        olga <- page: mia is hidden
        max <- page: mia is hidden
        server <- told
        mia: book
        olga <- page: mia is away
        max <- page: mia is away
        server <- told
        ",
    );
}

#[test]
fn who_does_not_see_somebody_calls_them_all_the_same() {
    check(
        "
        show: calls
        given: olga: here; mia: here seen-by=nobody; max: here -olga seen-by=nobody
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
        mia: decline
        server <- done
        olga <- page: olga is available
        mia <- page: olga is available
        max <- page: olga is available
        olga <- page: calls: #1 to mia (declined): over on Laptop [over]
        mia <- page: calls: #1 from olga (over): declined on Laptop [over]
        mia: choose dnd
        server <- told
        mia <- page: mia is not to be disturbed
        olga: call mia
        server <- calls #2 to mia (doNotDisturb): over on Laptop [over]
        olga <- page: calls: #1 to mia (declined): over on Laptop [over], #2 to mia (doNotDisturb): over on Laptop [over]
        mia <- page: calls: #1 from olga (over): declined on Laptop [over], #2 from olga (over): doNotDisturb [over]
        olga: call max
        server <- calls #3 to max (unreachable): over on Laptop [over]
        olga <- page: calls: #1 to mia (declined): over on Laptop [over], #2 to mia (doNotDisturb): over on Laptop [over], #3 to max (unreachable): over on Laptop [over]
        ",
    );
}

#[test]
fn what_is_told_to_people_reaches_every_device_of_theirs_and_nobody_else() {
    check(
        "
        show: calls
        given: olga: here; mia: here; mia2: here; max: here; mia2: lose-line
        olga: typing for mia max
        mia <- page: olga is writing
        max <- page: olga is writing
        server <- told
        mia2: here
        mia2 <- page: there: olga available, mia available, max available
        mia <- page: calls: none
        mia2 <- page: calls: none
        olga: typing for mia
        mia <- page: olga is writing
        mia2 <- page: olga is writing
        server <- told
        ",
    );
}
