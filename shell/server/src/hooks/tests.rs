use std::{collections::BTreeMap, path::Path};

use axum::Router;
use futures_util::FutureExt as _;
use hub::{Happened, Happening};
use proto::livekit::{ParticipantInfo, Room};
use store::{HookChange, Store, StoredDelivery, Target as Place, Tried};
use tokio::net::TcpListener;

use super::*;

fn begins(room: &str) -> Box<Happened> {
    let room = Room { name: room.to_owned(), ..Room::default() };
    Box::new(Happened { at: 1_700_000_000_000, what: Happening::RoomStarted { room } })
}

fn told(room: &str) -> Told {
    telling::tell(*begins(room), "EV_1".to_owned()).unwrap()
}

async fn open(folder: &Path) -> Store {
    Store::open(&Place::Sqlite(folder.to_owned())).await.unwrap()
}

fn task(store: &Store) -> (Heralds, Hooks, Telling) {
    let keys = Keys::of(BTreeMap::from([("key".to_owned(), "secret".to_owned())])).unwrap();
    new(Courier { store: store.clone(), outgoing: Outgoing::new(true), keys })
}

fn hook(number: u128) -> StoredHook {
    StoredHook {
        id: number.into(),
        address: "https://hooks.example/".to_owned(),
        rooms: true,
        calls: true,
        signer: None,
        stopped: None,
        created_at: 0,
    }
}

/// What waits since before the server started, and is due in a while.
fn waits(number: u128, hook: u128) -> StoredDelivery {
    let tried = Tried { due: Some(clock::unix_ms() + 60_000), ..Tried::default() };
    let (event, body) = ("room_started".to_owned(), "{}".to_owned());
    StoredDelivery { id: number.into(), hook: hook.into(), event, body, at: 0, tried }
}

#[tokio::test]
async fn what_waits_for_a_hook_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    store.add_hook(&hook(1), MOST).await.unwrap();
    store.add_hook(&StoredHook { rooms: false, ..hook(2) }, MOST).await.unwrap();
    let (heralds, hooks, mut telling) = task(&store);
    telling.read().await;
    telling.take(&vec![told("standup"); WAITING + 5]).await;
    telling.say_standing();
    assert_eq!(hooks.standing()[&1_u128.into()], Standing { waiting: WAITING, left_out: 5 });
    assert_eq!(hooks.standing()[&2_u128.into()], Standing::default(), "it does not want to hear of rooms");
    assert_eq!(store.waiting_deliveries().await.unwrap().len(), WAITING);

    // The hub never waits: what this task does not take is left out and counted, and nothing is handed over when there is no hook.
    for _ in 0..QUEUE + 7 {
        heralds.tell(begins("standup"));
    }
    assert_eq!(telling.happened.queue.len(), QUEUE);
    telling.say_standing();
    telling.say_standing();
    assert_eq!(hooks.standing()[&1_u128.into()], Standing { waiting: WAITING, left_out: 12 });
    for number in [1_u128, 2] {
        store.remove_hook(number.into()).await.unwrap();
    }
    telling.read().await;
    while telling.happened.queue.try_recv().is_ok() {}
    heralds.tell(begins("standup"));
    assert!(telling.happened.queue.is_empty());
    store.close().await;
}

#[test]
fn rooms_that_the_server_makes_for_itself_are_nobodys_business() {
    let trial = crate::trials::PREFIX.to_owned() + "abc:udp";
    let message = proto::media::message_room(7.into()).to_string();
    for room in [trial, message] {
        assert_eq!(telling::tell(*begins(&room), String::new()), None, "{room}");
    }
}

#[test]
fn whatever_clients_say_of_themselves_can_be_told() {
    let participant =
        ParticipantInfo { identity: "eve".to_owned(), capabilities: vec![99], ..ParticipantInfo::default() };
    let what = Happening::ParticipantJoined { room: Room::default(), participant };
    let told = telling::tell(Happened { at: 0, what }, String::new()).unwrap();
    assert!(told.body.contains(r#""identity":"eve""#), "{}", told.body);
}

#[tokio::test]
async fn neither_who_asks_nor_what_is_on_its_way_waits_for_all_that_happens() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let (taken, mut takes) = mpsc::unbounded_channel();
    let app = Router::new().fallback(async move || taken.send(()).unwrap());
    let receiver = tokio::spawn(async move { axum::serve(listener, app).await });
    for number in 1..=3 {
        store.add_hook(&StoredHook { address: address.clone(), ..hook(number) }, MOST).await.unwrap();
    }
    let (heralds, hooks, telling) = task(&store);
    for _ in 0..QUEUE {
        heralds.tell(begins("standup"));
    }
    let running = tokio::spawn(telling.run());
    assert!(hooks.test(1_u128.into()).await);
    assert!(heralds.queue.capacity() < QUEUE, "who asked has an answer, and not all that happened was looked at");
    takes.recv().await.unwrap();
    assert!(heralds.queue.capacity() < QUEUE, "it was brought meanwhile");
    running.abort();
    receiver.abort();
    store.close().await;
}

#[tokio::test]
async fn a_store_that_is_busy_for_a_moment_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    store.add_hook(&hook(1), MOST).await.unwrap();
    let (_heralds, hooks, mut telling) = task(&store);
    telling.read().await;
    // More than its queue holds, before it can take any of it.
    while !matches!(store.remove_hook(9_u128.into()).now_or_never(), Some(Err(store::WriteError::Busy))) {}
    telling.take(&[told("standup")]).await;
    telling.say_standing();
    assert_eq!(hooks.standing()[&1_u128.into()], Standing { waiting: 1, left_out: 0 });
    store.close().await;
}

#[tokio::test]
async fn what_could_not_be_read_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    store.add_hook(&hook(1), MOST).await.unwrap();
    store.add_deliveries(&[waits(1, 1)]).await.unwrap();
    let (heralds, _hooks, mut telling) = task(&store);
    store.close().await;
    let before = Instant::now();
    telling.read().await;
    assert!(telling.next_due().unwrap() > before, "soon");
    assert!(!telling.known && telling.hooks.is_empty());
    heralds.tell(begins("standup"));
    assert_eq!(telling.happened.queue.len(), 1, "there may be one that wants it");

    let store = open(folder.path()).await;
    telling.courier.store = store.clone();
    telling.took_up = true;
    telling.read().await;
    assert_eq!(telling.hooks[&1_u128.into()].waiting.len(), 0);
    // As if that alone could not be read.
    telling.took_up = false;
    telling.take(&[told("standup")]).await;
    telling.read().await;
    assert_eq!(telling.hooks[&1_u128.into()].waiting.len(), 2, "what happened meanwhile is there once");
    assert_eq!(telling.again, None);
    telling.read().await;
    assert_eq!(telling.hooks[&1_u128.into()].waiting.len(), 2, "once is enough");
    store.close().await;
}

#[tokio::test]
async fn what_waits_for_a_hook_that_is_switched_off_is_given_up_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    for (number, stopped) in [(1, Some(HookStopped::Paused)), (2, Some(HookStopped::Gone)), (3, None)] {
        store.add_hook(&StoredHook { stopped, ..hook(number) }, MOST).await.unwrap();
        store.add_deliveries(&[waits(number, number)]).await.unwrap();
    }
    let (_heralds, _hooks, mut telling) = task(&store);
    telling.read().await;
    let waiting = store.waiting_deliveries().await.unwrap();
    assert_eq!(waiting.iter().map(|(id, ..)| u128::from(*id)).collect::<Vec<_>>(), [3]);
    for (number, trouble) in [(1_u128, HookTrouble::Paused), (2, HookTrouble::Gone)] {
        assert_eq!(store.deliveries(number.into(), 1).await.unwrap()[0].tried.trouble, Some(trouble));
    }
    store.close().await;
}

#[tokio::test]
async fn one_that_is_gone_keeps_what_was_changed_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    store.add_hook(&hook(1), MOST).await.unwrap();
    let (_heralds, _hooks, mut telling) = task(&store);
    telling.read().await;
    // The task has not heard of it yet.
    let change = HookChange { rooms: Some(false), ..HookChange::default() };
    assert!(store.change_hook(1_u128.into(), change).await.unwrap());
    telling.came_back(1_u128.into(), 1_u128.into(), Next::Gone).await;
    let known = StoredHook { rooms: false, stopped: Some(HookStopped::Gone), ..hook(1) };
    assert_eq!(store.hooks().await.unwrap(), [known]);
    store.close().await;
}

#[tokio::test]
async fn nothing_is_handed_to_a_task_that_broke() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let (heralds, _hooks, telling) = task(&store);
    drop(telling);
    heralds.tell(begins("standup"));
    assert!(!heralds.wanted.load(std::sync::atomic::Ordering::Relaxed), "said once");
    store.close().await;
}
