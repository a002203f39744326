//! Webhooks, what waits for each, and their logs.

use proto::{
    DeliveryId, HookId,
    api::{HookStopped, HookTrouble},
};
use store::{HookChange, StoredDelivery, StoredHook, Tried};

use crate::support::on_both;

fn hook(number: u128) -> StoredHook {
    StoredHook {
        id: HookId::from(number),
        address: format!("https://hooks.example/{number}"),
        rooms: true,
        calls: number.is_multiple_of(2),
        signer: (number == 2).then(|| "key".to_owned()),
        stopped: None,
        created_at: 7,
    }
}

fn delivery(number: u128, hook: u128) -> StoredDelivery {
    StoredDelivery {
        id: DeliveryId::from(number),
        hook: HookId::from(hook),
        event: "room_started".to_owned(),
        body: format!("{{\"id\":{number}}}"),
        at: 100,
        tried: Tried { due: Some(200), ..Tried::default() },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_a_hook_is_bounded_and_what_waits_outlives_the_store() {
    on_both(async |store, _| {
        assert!(store.add_hook(&hook(1), 2).await.unwrap());
        assert!(store.add_hook(&hook(2), 2).await.unwrap());
        assert!(!store.add_hook(&hook(3), 2).await.unwrap(), "there are two");
        assert_eq!(store.hooks().await.unwrap(), [hook(1), hook(2)]);

        let all: Vec<_> = (1..=5).map(|number| delivery(number, 1)).collect();
        store.add_deliveries(&all).await.unwrap();
        store.add_deliveries(&[delivery(6, 2), delivery(7, 3)]).await.unwrap();
        let waiting = store.waiting_deliveries().await.unwrap();
        let ids: Vec<u128> = waiting.iter().map(|(id, ..)| u128::from(*id)).collect();
        assert_eq!(ids, [1, 2, 3, 4, 5, 6], "none for a hook that is not there");
        assert_eq!(waiting[0], (DeliveryId::from(1), HookId::from(1), 200, 0));
        assert_eq!(store.delivery(DeliveryId::from(1)).await.unwrap(), Some(delivery(1, 1)));

        let again =
            Tried { due: Some(300), tries: 1, at: Some(250), status: Some(500), trouble: Some(HookTrouble::Refused) };
        store.note_delivery(HookId::from(1), DeliveryId::from(1), &again, 2).await.unwrap();
        let taken = Tried { due: None, tries: 1, at: Some(250), status: Some(200), trouble: None };
        for number in 2..=4 {
            store.note_delivery(HookId::from(1), DeliveryId::from(number), &taken, 2).await.unwrap();
        }
        let log = store.deliveries(HookId::from(1), 50).await.unwrap();
        let known: Vec<_> = log.iter().map(|one| (u128::from(one.id), one.tried.due, one.body.as_str())).collect();
        assert_eq!(
            known,
            [(5, Some(200), ""), (4, None, ""), (3, None, ""), (1, Some(300), "")],
            "the oldest that is over went"
        );
        assert_eq!(log[3].tried, again);
        store.note_delivery(HookId::from(1), DeliveryId::from(1), &again, 0).await.unwrap();
        assert_eq!(store.deliveries(HookId::from(1), 50).await.unwrap(), log, "nothing more is over");

        assert!(store.stop_hook(HookId::from(1), HookStopped::Gone).await.unwrap());
        store.give_up_deliveries(HookId::from(1), HookTrouble::Gone, 50).await.unwrap();
        assert_eq!(store.hooks().await.unwrap()[0], StoredHook { stopped: Some(HookStopped::Gone), ..hook(1) });
        assert_eq!(store.waiting_deliveries().await.unwrap().len(), 1, "of the other alone");

        assert!(store.remove_hook(HookId::from(1)).await.unwrap());
        assert!(!store.remove_hook(HookId::from(1)).await.unwrap());
        assert!(!store.change_hook(HookId::from(1), HookChange::default()).await.unwrap());
        assert!(!store.stop_hook(HookId::from(1), HookStopped::Gone).await.unwrap());
        assert_eq!(store.deliveries(HookId::from(1), 50).await.unwrap(), [], "its log goes with it");
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hook_that_alone_is_changed_which_is_asked() {
    on_both(async |store, _| {
        store.add_hook(&hook(1), 2).await.unwrap();
        store.add_hook(&hook(2), 2).await.unwrap();
        let (id, nothing) = (HookId::from(1), HookChange::default());
        let mut known = hook(1);
        let now = async || store.hooks().await.unwrap().remove(0);
        assert!(store.change_hook(id, HookChange { rooms: Some(false), ..nothing }).await.unwrap());
        known.rooms = false;
        assert_eq!(now().await, known);
        assert!(store.stop_hook(id, HookStopped::Gone).await.unwrap());
        assert!(store.change_hook(id, HookChange { calls: Some(true), ..nothing }).await.unwrap());
        (known.calls, known.stopped) = (true, Some(HookStopped::Gone));
        assert_eq!(now().await, known, "it is as gone as before");
        assert!(store.change_hook(id, HookChange { on: Some(true), ..nothing }).await.unwrap());
        known.stopped = None;
        assert_eq!(now().await, known);
        assert!(store.change_hook(id, HookChange { on: Some(false), ..nothing }).await.unwrap());
        assert!(store.change_hook(id, nothing).await.unwrap());
        known.stopped = Some(HookStopped::Paused);
        assert_eq!(now().await, known);
        assert_eq!(store.hooks().await.unwrap()[1], hook(2));
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_is_in_the_log_however_much_waits_behind_it() {
    on_both(async |store, _| {
        store.add_hook(&hook(1), 1).await.unwrap();
        let all: Vec<_> = (1..=9).map(|number| delivery(number, 1)).collect();
        store.add_deliveries(&all).await.unwrap();
        let tried = |due, at| Tried { due, tries: 1, at: Some(at), status: None, trouble: Some(HookTrouble::Slow) };
        for (number, due, at) in [(1, None, 210), (2, Some(300), 230), (3, Some(300), 220), (4, None, 240)] {
            store.note_delivery(HookId::from(1), DeliveryId::from(number), &tried(due, at), 5).await.unwrap();
        }
        let log = async |most| {
            let log = store.deliveries(HookId::from(1), most).await.unwrap();
            log.iter().map(|one| u128::from(one.id)).collect::<Vec<_>>()
        };
        assert_eq!(log(1).await, [4, 2], "the last that is over, and the last that was tried");
        assert_eq!(log(3).await, [9, 4, 3, 2, 1], "what was never tried comes after what was");
        assert_eq!(log(50).await, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
        store.close().await;
    })
    .await;
}
