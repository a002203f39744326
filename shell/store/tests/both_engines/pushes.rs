//! Browsers that are woken, and the sessions that they go with.

use store::{Account, AddPushError, StoredPush};

use crate::{
    people::{kept_account, session},
    support::on_both,
};

fn push(of: &Account, number: u8) -> StoredPush {
    StoredPush {
        session: format!("session-{number}"),
        account: of.id,
        device: format!("d{number}").parse().unwrap(),
        endpoint: format!("https://push.example/{number}"),
        key: vec![number; 65],
        secret: vec![number; 16],
        host: "talk.example".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_is_woken_as_long_as_its_session_lasts() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await, kept_account(&store, 2).await);
        for number in 1..=3 {
            store.open_session(&session(&ann, number), None).await.unwrap();
        }
        store.open_session(&session(&bob, 4), None).await.unwrap();
        store.add_push(&push(&ann, 1), 2).await.unwrap();
        store.add_push(&push(&ann, 2), 2).await.unwrap();
        assert!(matches!(store.add_push(&push(&ann, 3), 2).await, Err(AddPushError::Full)));
        assert!(matches!(store.add_push(&push(&bob, 3), 2).await, Err(AddPushError::NoSession)), "somebody else's");
        assert_eq!(store.pushes(ann.id).await.unwrap(), [push(&ann, 1), push(&ann, 2)]);
        assert!(store.has_push("session-1").await.unwrap() && !store.has_push("session-3").await.unwrap());

        // The same browser anew, with another key; and one that somebody else used before.
        let renewed = StoredPush { key: vec![9; 65], ..push(&ann, 1) };
        store.add_push(&renewed, 2).await.unwrap();
        let taken = StoredPush { endpoint: push(&ann, 2).endpoint, ..push(&bob, 4) };
        store.add_push(&taken, 2).await.unwrap();
        assert_eq!(store.pushes(ann.id).await.unwrap(), [renewed]);
        assert_eq!(store.pushes(bob.id).await.unwrap(), [taken]);

        store.close_session(ann.id, "session-1").await.unwrap();
        assert_eq!(store.pushes(ann.id).await.unwrap(), []);
        store.forget_push("https://push.example/2").await.unwrap();
        assert_eq!(store.pushes(bob.id).await.unwrap(), []);
        store.add_push(&push(&bob, 4), 2).await.unwrap();
        store.remove_push("session-4").await.unwrap();
        store.remove_push("session-4").await.unwrap();
        assert!(!store.has_push("session-4").await.unwrap());
        store.close().await;
    })
    .await;
}
