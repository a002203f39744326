//! The hub task with real media threads.

use std::{collections::BTreeMap, time::Instant};

use hub::Hub;
use proto::{
    Person, Rights, Role,
    livekit::{self, DisconnectReason},
    time::Calendar,
};

use super::*;
use crate::{
    keys::Keys,
    media::{self, Threads},
};

fn stage(threads: usize) -> (Driver, Control, Threads) {
    stage_as(threads, hub::Config::default())
}

fn stage_as(threads: usize, config: hub::Config) -> (Driver, Control, Threads) {
    let (events, reports) = events();
    let addresses = vec!["127.0.0.1".parse().unwrap()];
    let options = media::Options { threads, port: 0, addresses, public: Vec::new(), seed: 7 };
    let started = media::start(&options, events, crate::turn::trains().0, crate::voicemail::taps().0).unwrap();
    let keys = Keys::of(BTreeMap::from([("key".to_owned(), "secret".to_owned())])).unwrap();
    let now = Instant::now();
    let config = hub::Config { shards: threads as u8, ..config };
    let hub = Hub::new(config, now, Calendar::new(now, 1_700_000_000_000), 1);
    let relay = crate::turn::tests::relay();
    let heralds = crate::hooks::Heralds::to_nobody();
    let ways = Ways { memories: memories::queue().0, push: crate::push::queue().0, heralds };
    let (driver, control) = Driver::new(hub, keys, started.handles().to_vec(), relay, reports, ways);
    (driver, control, started)
}

fn join(room: &str, identity: &str) -> Join {
    Join {
        room: room.parse().unwrap(),
        identity: identity.parse().unwrap(),
        name: identity.to_owned(),
        metadata: String::new(),
        attributes: Vec::new(),
        rights: Rights::FULL,
        auto_subscribe: true,
        resume: None,
        add_tracks: Vec::new(),
        offer: None,
        client: None,
        policy: None,
        role: None,
    }
}

fn visit(room: &str) -> Visit {
    Visit {
        room: room.parse().unwrap(),
        person: Person::Guest("0123456789abcdef".to_owned()),
        name: "ann".to_owned(),
        avatar: None,
        role: Role::Owner,
        policy: Policy::OPEN,
        banned: false,
        from: None,
    }
}

fn offer(sdp: &str) -> livekit::SessionDescription {
    livekit::SessionDescription { r#type: "offer".to_owned(), sdp: sdp.to_owned(), id: 1, ..Default::default() }
}

/// The reason of the `leave` that a session ends with.
async fn left(line: &mut Line) -> DisconnectReason {
    let reading = async {
        loop {
            match line.outbox.recv().await.expect("a `leave` before the end") {
                Outgoing::Response(response) => {
                    if let Response::Leave(leave) = *response {
                        return leave.reason();
                    }
                }
                Outgoing::Close => panic!("closed without a `leave`"),
            }
        }
    };
    timeout(LONG, reading).await.expect("a `leave`")
}

/// Long enough for a busy machine; nothing waits for it that works.
const LONG: Duration = Duration::from_secs(30);

#[tokio::test]
async fn commands_for_a_full_media_thread_wait_and_other_threads_go_on() {
    let (driver, control, threads) = stage(2);
    let running = tokio::spawn(driver.run());
    // The first room lives on the first thread, the second on the other.
    let early = control.open(join("full", "early")).await.unwrap();
    let first = &threads.handles()[0];
    timeout(LONG, async { while first.stats().await.unwrap().peers == 0 {} }).await.unwrap();

    let held = first.hold();
    first.fill();
    control.gone(early.session, false).await;
    let mut ann = control.open(Join { offer: Some(offer("unreadable")), ..join("full", "ann") }).await.unwrap();
    let brief = control.open(join("full", "brief")).await.unwrap();
    control.gone(brief.session, false).await;
    let _stays = control.open(join("full", "stays")).await.unwrap();
    let mut bob = control.open(Join { offer: Some(offer("unreadable")), ..join("other", "bob") }).await.unwrap();
    assert_eq!(left(&mut bob).await, DisconnectReason::MediaFailure, "the other thread has answered");
    assert_eq!(control.report().await.unwrap().counts.participants, 2, "ann waits");

    drop(held);
    assert_eq!(left(&mut ann).await, DisconnectReason::MediaFailure, "her offer was handed over and refused");
    timeout(LONG, async { while first.stats().await.unwrap().peers != 1 {} })
        .await
        .expect("who came and went meanwhile is gone, who stayed is there");
    // And what comes now goes straight through.
    let mut carl = control.open(Join { offer: Some(offer("unreadable")), ..join("full", "carl") }).await.unwrap();
    assert_eq!(left(&mut carl).await, DisconnectReason::MediaFailure);
    drop(control);
    running.await.unwrap();
}

#[tokio::test]
async fn an_offer_that_cannot_even_wait_ends_with_a_reason() {
    let (mut driver, control, threads) = stage(1);
    let held = threads.handles()[0].hold();
    threads.handles()[0].fill();
    let mut ann = control.open(join("full", "ann")).await.unwrap();
    let mut bob = control.open(join("full", "bob")).await.unwrap();
    driver.catch_up();
    let huge = "x".repeat(media::OFFERED + 1);
    control.signal(ann.session, Box::new(Request::Offer(offer(&huge)))).await.unwrap();
    driver.catch_up();
    assert_eq!(left(&mut ann).await, DisconnectReason::MediaFailure);
    assert!(matches!(ann.outbox.recv().await, Some(Outgoing::Close)));
    // The others are not touched.
    control.signal(bob.session, Box::new(Request::Ping(1))).await.unwrap();
    driver.catch_up();
    let answered = std::iter::from_fn(|| bob.outbox.try_recv().ok())
        .any(|outgoing| matches!(outgoing, Outgoing::Response(response) if matches!(*response, Response::Pong(_))));
    assert!(answered);
    drop(held);
}

#[tokio::test]
async fn a_session_that_does_not_keep_up_is_cut_and_counted_once() {
    let (mut driver, control, _threads) = stage(1);
    let mut ann = control.open(join("room", "ann")).await.unwrap();
    driver.catch_up();
    for _ in 0..OUTBOX - 5 {
        control.signal(ann.session, Box::new(Request::Ping(1))).await.unwrap();
        driver.catch_up();
    }
    assert!(!ann.cut.is_cancelled());
    // One request with many answers.
    let track_sids: Vec<String> = (0..50).map(|n| format!("TR_{n}")).collect();
    let request = livekit::UpdateSubscription { track_sids, subscribe: true, ..Default::default() };
    control.signal(ann.session, Box::new(Request::Subscription(request))).await.unwrap();
    driver.catch_up();
    assert!(ann.cut.is_cancelled());
    assert_eq!(driver.reported().overflowed, 1);
    let mut all = Vec::new();
    while let Ok(Outgoing::Response(response)) = ann.outbox.try_recv() {
        all.push(response);
    }
    assert_eq!(all.len(), OUTBOX, "what was there before the gap and nothing after it");
}

#[tokio::test]
async fn the_word_to_stop_waits_for_a_hub_that_hangs_no_longer_than_it_may() {
    let (mut driver, control, _threads) = stage(1);
    for number in 0..INBOX as u64 {
        control.gone(SessionId(number), false).await;
    }
    assert!(!control.stop(Duration::from_millis(10)).await, "nobody takes anything out");
    driver.catch_up();
    assert!(control.stop(LONG).await);
    drop(driver);
    assert!(!control.stop(LONG).await);
}

#[tokio::test]
async fn a_panic_in_one_room_ends_that_room_and_no_other() {
    let (mut driver, control, threads) = stage(1);
    let mut ann = control.open(join("broken", "ann")).await.unwrap();
    let mut bob = control.open(join("broken", "bob")).await.unwrap();
    let mut cid = control.open(join("whole", "cid")).await.unwrap();
    driver.catch_up();
    while cid.outbox.try_recv().is_ok() {}
    driver.plant("broken");
    control.gone(bob.session, false).await;
    driver.catch_up();
    // Bob's socket is gone already.
    assert_eq!(left(&mut ann).await, DisconnectReason::StateMismatch);
    while bob.outbox.try_recv().is_ok() {}
    assert!(cid.outbox.try_recv().is_err(), "whoever is in another room hears nothing");
    let report = driver.reported();
    assert_eq!((report.broken, report.rooms_broken), (1, 1));
    timeout(LONG, async { while threads.handles()[0].stats().await.unwrap().peers > 1 {} }).await.unwrap();

    // They come back into the same room; nothing is left of the other.
    let mut again = control.open(join("broken", "ann")).await.unwrap();
    driver.catch_up();
    let Some(Outgoing::Response(response)) = again.outbox.recv().await else { panic!("a welcome") };
    let Response::Join(welcome) = *response else { panic!("{response:?}") };
    assert_eq!(welcome.other_participants.len(), 0);
    let more = control.open(join("whole", "dan")).await.unwrap();
    driver.catch_up();
    drop(more);
    assert!(cid.outbox.try_recv().is_ok(), "the other room goes on");
}

#[tokio::test]
async fn a_panic_over_what_is_due_swallows_nobodys_message() {
    // A room to which nobody comes is over in an instant, and due with the next that happens.
    let (mut driver, control, _threads) =
        stage_as(1, hub::Config { empty_timeout: Duration::from_nanos(1), ..hub::Config::default() });
    let knock = control.ask(Question::Knock { visit: Box::new(visit("broken")), device: "d".to_owned() });
    let (knocked, ()) = tokio::join!(biased; knock, async { driver.catch_up() });
    assert!(matches!(knocked, Ok(Answer::Knock(Ok(hub::Knocked::Admitted(_))))), "{knocked:?}");
    driver.plant("broken");
    let mut bob = control.open(join("whole", "bob")).await.unwrap();
    driver.catch_up();
    let report = driver.reported();
    assert_eq!((report.broken, report.rooms_broken), (1, 1));
    let Ok(Outgoing::Response(response)) = bob.outbox.try_recv() else { panic!("a welcome") };
    assert!(matches!(*response, Response::Join(_)), "{response:?}");
}

#[tokio::test]
async fn whoever_a_room_breaks_over_before_having_a_place_is_cut_and_comes_anew() {
    let (mut driver, control, _threads) = stage(1);
    let mut ann = control.open(join("broken", "ann")).await.unwrap();
    driver.catch_up();
    driver.plant("broken");
    let mut bob = control.open(join("broken", "bob")).await.unwrap();
    driver.catch_up();
    assert!(bob.cut.is_cancelled(), "it would wait for its welcome for ever");
    assert!(bob.outbox.recv().await.is_none());
    assert_eq!(left(&mut ann).await, DisconnectReason::StateMismatch);
    assert!(matches!(ann.outbox.recv().await, Some(Outgoing::Close)));
    assert!(!ann.cut.is_cancelled(), "it still has that to read");

    // Somebody with a place is told, also of what broke over its own request.
    let mut ann = control.open(join("broken", "ann")).await.unwrap();
    driver.catch_up();
    driver.plant("broken");
    control.signal(ann.session, Box::new(Request::Ping(1))).await.unwrap();
    driver.catch_up();
    assert_eq!(left(&mut ann).await, DisconnectReason::StateMismatch);
    assert!(!ann.cut.is_cancelled());

    // A page has asked for a state and would wait for it.
    let _again = control.open(join("broken", "ann")).await.unwrap();
    let page = control.listen().await.unwrap();
    driver.catch_up();
    driver.plant("broken");
    control.attend(page.line, visit("broken")).await.unwrap();
    driver.catch_up();
    assert!(page.cut.is_cancelled());
    assert_eq!((driver.reported().rooms_broken, driver.reported().pages), (3, 0));
}
