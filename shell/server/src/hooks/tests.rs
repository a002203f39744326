use std::collections::BTreeMap;

use hub::Happening;
use proto::livekit::Room;
use store::{Store, Target as Place};

use super::*;

fn begins(room: &str) -> Box<Happened> {
    let room = Room { name: room.to_owned(), ..Room::default() };
    Box::new(Happened { at: 1_700_000_000_000, what: Happening::RoomStarted { room } })
}

#[tokio::test]
async fn what_waits_for_a_hook_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Place::Sqlite(folder.path().to_owned())).await.unwrap();
    let keys = Keys::of(BTreeMap::from([("key".to_owned(), "secret".to_owned())])).unwrap();
    let stored = |number: u128, rooms| StoredHook {
        id: number.into(),
        address: "https://hooks.example/".to_owned(),
        rooms,
        calls: true,
        signer: None,
        stopped: None,
        created_at: 0,
    };
    store.add_hook(&stored(1, true), MOST).await.unwrap();
    store.add_hook(&stored(2, false), MOST).await.unwrap();
    let courier = Courier { store: store.clone(), outgoing: Outgoing::new(false), keys };
    let (heralds, hooks, mut telling) = new(courier);
    telling.read_hooks().await;
    let told = telling::tell(*begins("standup"), "EV_1".to_owned()).unwrap();
    telling.take(&vec![told; WAITING + 5]).await;
    telling.say_standing();
    assert_eq!(hooks.standing()[&1_u128.into()], Standing { waiting: WAITING, left_out: 5 });
    assert_eq!(hooks.standing()[&2_u128.into()], Standing::default(), "it does not want to hear of rooms");
    assert_eq!(store.waiting_deliveries().await.unwrap().len(), WAITING);

    // The hub never waits: what this task does not take is left out, and nothing is handed over when there is no hook.
    for _ in 0..QUEUE + 5 {
        heralds.tell(begins("standup"));
    }
    assert_eq!(telling.happened.len(), QUEUE);
    for number in [1_u128, 2] {
        store.remove_hook(number.into()).await.unwrap();
    }
    telling.read_hooks().await;
    while telling.happened.try_recv().is_ok() {}
    heralds.tell(begins("standup"));
    assert!(telling.happened.is_empty());
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
