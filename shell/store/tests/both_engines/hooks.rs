//! Webhooks, what waits for each, and their logs.

use proto::{
    DeliveryId, HookId,
    api::{HookStopped, HookTrouble},
};
use store::{StoredDelivery, StoredHook, Tried};

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

        assert!(store.change_hook(HookId::from(1), false, true, Some(HookStopped::Gone)).await.unwrap());
        store.give_up_deliveries(HookId::from(1), HookTrouble::Gone, 50).await.unwrap();
        let changed = StoredHook { rooms: false, calls: true, stopped: Some(HookStopped::Gone), ..hook(1) };
        assert_eq!(store.hooks().await.unwrap()[0], changed);
        assert_eq!(store.waiting_deliveries().await.unwrap().len(), 1, "of the other alone");

        assert!(store.remove_hook(HookId::from(1)).await.unwrap());
        assert!(!store.remove_hook(HookId::from(1)).await.unwrap());
        assert!(!store.change_hook(HookId::from(1), true, true, None).await.unwrap());
        assert_eq!(store.deliveries(HookId::from(1), 50).await.unwrap(), [], "its log goes with it");
        store.close().await;
    })
    .await;
}
