//! Sessions and passkeys.

use proto::AccountId;
use store::{Passkey, Session, WriteError};

use crate::{
    people::{NOW, account, kept_account, session},
    support::{execute, on_both},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_found_by_the_hash_of_its_cookie_alone() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await, kept_account(&store, 2).await);
        store.open_session(&session(&ann, 1), None).await.unwrap();
        store.open_session(&session(&bob, 2), None).await.unwrap();
        assert_eq!(store.session(&[1; 32]).await.unwrap(), Some((session(&ann, 1), ann.clone())));
        assert_eq!(store.session(&[2; 32]).await.unwrap(), Some((session(&bob, 2), bob)));
        for secret in [&[][..], &[3; 32], &[1; 31], b"session-1"] {
            assert_eq!(store.session(secret).await.unwrap(), None);
        }
        // The same cookie twice would be a mistake of the caller.
        let twice = Session { id: "other".to_owned(), ..session(&ann, 1) };
        assert!(matches!(store.open_session(&twice, None).await, Err(WriteError::Database(_))));
        assert!(!store.open_session(&session(&account(9), 9), None).await.unwrap());
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_seen_listed_and_closed() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await, kept_account(&store, 2).await);
        for number in 1..=4 {
            store.open_session(&session(&ann, number), None).await.unwrap();
        }
        store.open_session(&session(&bob, 5), None).await.unwrap();
        store.touch_session("session-1", NOW + 100).await.unwrap();
        store.touch_session("session-1", NOW + 50).await.unwrap();
        store.touch_session("session-77", NOW).await.unwrap();
        let ids = async |account: AccountId| -> Vec<String> {
            store.sessions(account).await.unwrap().into_iter().map(|session| session.id).collect()
        };
        assert_eq!(ids(ann.id).await, ["session-1", "session-4", "session-3", "session-2"]);
        assert_eq!(store.sessions(ann.id).await.unwrap()[0].seen_at, NOW + 100, "never back in time");

        assert!(!store.close_session(ann.id, "session-5").await.unwrap(), "somebody else's");
        assert!(store.close_session(ann.id, "session-4").await.unwrap());
        assert!(!store.close_session(ann.id, "session-4").await.unwrap());
        assert_eq!(ids(ann.id).await, ["session-1", "session-3", "session-2"]);
        assert_eq!(ids(bob.id).await, ["session-5"]);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_and_the_end_of_other_sessions_are_one() {
    on_both(async |store, target| {
        let (ann, bob) = (kept_account(&store, 1).await, kept_account(&store, 2).await);
        for number in 1..=3 {
            store.open_session(&session(&ann, number), None).await.unwrap();
        }
        store.open_session(&session(&bob, 5), None).await.unwrap();
        let ids = async |account: AccountId| -> Vec<String> {
            store.sessions(account).await.unwrap().into_iter().map(|session| session.id).collect()
        };
        let password = async |id: AccountId| store.account(id).await.unwrap().unwrap().password;
        assert!(store.change_password(ann.id, "new hash", Some("session-2")).await.unwrap());
        assert_eq!(password(ann.id).await.as_deref(), Some("new hash"));
        assert_eq!(ids(ann.id).await, ["session-2"]);
        assert_eq!(store.session(&[1; 32]).await.unwrap(), None);
        assert!(store.change_password(ann.id, "newer hash", None).await.unwrap());
        assert_eq!(ids(ann.id).await, [""; 0]);
        assert!(!store.change_password(AccountId::from(77), "hash", None).await.unwrap());
        assert_eq!((password(bob.id).await, ids(bob.id).await), (bob.password.clone(), vec!["session-5".to_owned()]));

        // Where the second cannot be done, the first is not either.
        execute(&target, "ALTER TABLE session RENAME COLUMN account TO whose").await;
        assert!(store.change_password(bob.id, "half", None).await.is_err());
        assert_eq!(password(bob.id).await, bob.password);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_and_idle_sessions_are_forgotten() {
    on_both(async |store, _| {
        let ann = kept_account(&store, 1).await;
        let times = [(NOW, NOW + 90), (NOW + 50, NOW + 60), (NOW + 50, NOW + 90)];
        for (number, (created_at, seen_at)) in (1..).zip(times) {
            store.open_session(&Session { created_at, seen_at, ..session(&ann, number) }, None).await.unwrap();
        }
        assert_eq!(store.forget_sessions(NOW, NOW).await.unwrap(), 0);
        assert_eq!(store.forget_sessions(NOW + 70, NOW + 10).await.unwrap(), 2);
        let left = store.sessions(ann.id).await.unwrap();
        assert_eq!(left.iter().map(|session| session.id.as_str()).collect::<Vec<_>>(), ["session-3"]);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn passkeys_are_kept_used_and_removed() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await, kept_account(&store, 2).await);
        let key = |id: &str, account, created_at| Passkey {
            id: id.to_owned(),
            account,
            name: "Telephone".to_owned(),
            credential: r#"{"counter":0}"#.to_owned(),
            created_at,
        };
        let (old, new, other) = (key("z", ann.id, NOW), key("a", ann.id, NOW + 1), key("b", bob.id, NOW));
        for key in [&new, &old, &other] {
            assert!(store.add_passkey(key).await.unwrap());
        }
        assert!(!store.add_passkey(&key("z", bob.id, NOW)).await.unwrap(), "a credential belongs to one account");
        assert_eq!(store.passkeys(ann.id).await.unwrap(), [old.clone(), new.clone()]);
        assert_eq!(store.passkey("z").await.unwrap(), Some(old.clone()));
        assert_eq!(store.passkey("Z").await.unwrap(), None, "ids differ by case");

        assert!(store.update_passkey("z", r#"{"counter":1}"#).await.unwrap());
        assert!(!store.update_passkey("Z", r#"{"counter":1}"#).await.unwrap());
        let used = Passkey { credential: r#"{"counter":1}"#.to_owned(), ..old };
        assert_eq!(store.passkeys(ann.id).await.unwrap(), [used, new.clone()]);

        assert!(!store.remove_passkey(bob.id, "z").await.unwrap(), "somebody else's");
        assert!(store.remove_passkey(ann.id, "z").await.unwrap());
        assert_eq!(store.passkeys(ann.id).await.unwrap(), [new]);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_was_changed_meanwhile_opens_nothing_and_comes_not_back() {
    on_both(async |store, _| {
        let ann = kept_account(&store, 1).await;
        store.change_password(ann.id, "old", None).await.unwrap();
        assert!(store.renew_password(ann.id, "old", "old, hashed anew").await.unwrap());
        assert!(store.open_session(&session(&ann, 1), Some("old, hashed anew")).await.unwrap());
        store.change_password(ann.id, "new", None).await.unwrap();
        assert!(!store.renew_password(ann.id, "old, hashed anew", "old, hashed a third time").await.unwrap());
        assert_eq!(store.account(ann.id).await.unwrap().unwrap().password.as_deref(), Some("new"));
        assert!(!store.open_session(&session(&ann, 2), Some("old, hashed anew")).await.unwrap());
        assert_eq!(store.sessions(ann.id).await.unwrap(), []);
        assert!(store.open_session(&session(&ann, 3), None).await.unwrap(), "a passkey needs no password");
        store.close().await;
    })
    .await;
}
