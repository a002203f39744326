//! The relay over real connections: see also the tests of the crate `turn`, which has the rules.

use super::*;

/// A relay without a task, for those that only tell of it.
pub fn relay() -> Relay {
    let options = Options { realm: "parlor".to_owned(), media: Vec::new(), peers: Peers::None };
    new(options, trains().1, Vec::new()).0
}

/// A client of a relay whose other end is here.
async fn connect(relay: &Relay, number: u16) -> (Client, CancellationToken) {
    let client = relay.next(([192, 0, 2, 1], number).into(), ([192, 0, 2, 9], 443).into());
    let cut = CancellationToken::new();
    let (outbox, _) = mpsc::channel(1);
    assert!(relay.events.send(Event::Opened { client, outbox, cut: cut.clone() }).await.is_ok());
    (client, cut)
}

#[tokio::test]
async fn a_panic_over_one_client_ends_that_client_and_no_other() {
    let options = Options { realm: "parlor".to_owned(), media: Vec::new(), peers: Peers::None };
    let (_trains, arrivals) = trains();
    let (relay, task) = new(options, arrivals, Vec::new());
    let running = tokio::spawn(task);
    let (ann, ann_cut) = connect(&relay, 1).await;
    let (_, bob_cut) = connect(&relay, 2).await;
    assert!(relay.events.send(Event::Break(Some(ann))).await.is_ok());
    let counted = relay.count().await.unwrap();
    assert_eq!((counted.connections, counted.broken), (1, 1));
    assert!(ann_cut.is_cancelled() && !bob_cut.is_cancelled());

    // When nobody can be blamed, all begin anew.
    assert!(relay.events.send(Event::Break(None)).await.is_ok());
    let counted = relay.count().await.unwrap();
    assert_eq!((counted.connections, counted.broken), (0, 2));
    assert!(bob_cut.is_cancelled());
    let (_, cid_cut) = connect(&relay, 3).await;
    assert_eq!(relay.count().await.unwrap().connections, 1, "the relay goes on");
    assert!(!cid_cut.is_cancelled());
    running.abort();
}
