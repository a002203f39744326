//! Passwords of programs.

use proto::AccountId;
use store::{AccountChange, AddAppPasswordError, AppPassword};

use crate::{
    people::{NOW, kept_account},
    support::on_both,
};

fn password(of: AccountId, number: u8) -> AppPassword {
    AppPassword {
        id: format!("password-{number}"),
        account: of,
        name: format!("Türklingel {number}"),
        secret: vec![number; 32],
        created_at: NOW + u64::from(number),
        used_at: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn app_passwords_are_found_by_their_hash_and_removed_by_their_owner_alone() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await, kept_account(&store, 2).await);
        let (first, second) = (password(ann.id, 1), password(ann.id, 2));
        for one in [&second, &first, &password(bob.id, 3)] {
            store.add_app_password(one, 10).await.unwrap();
        }
        assert_eq!(store.app_passwords(ann.id).await.unwrap(), [first.clone(), second.clone()]);
        assert_eq!(store.app_password(&[1; 32]).await.unwrap(), Some((first, ann.clone())));
        assert_eq!(store.app_password(b"password-1").await.unwrap(), None);

        assert!(!store.remove_app_password(bob.id, "password-1").await.unwrap(), "it is another's");
        assert!(store.remove_app_password(ann.id, "password-1").await.unwrap());
        assert!(!store.remove_app_password(ann.id, "password-1").await.unwrap());
        assert_eq!(store.app_password(&[1; 32]).await.unwrap(), None);
        assert_eq!(store.app_passwords(ann.id).await.unwrap(), [second]);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_use_of_an_app_password_never_goes_back() {
    on_both(async |store, _| {
        let ann = kept_account(&store, 1).await;
        store.add_app_password(&password(ann.id, 1), 10).await.unwrap();
        for (used_at, kept) in [(NOW + 5, NOW + 5), (NOW + 3, NOW + 5), (NOW + 9, NOW + 9)] {
            store.touch_app_password("password-1", used_at).await.unwrap();
            assert_eq!(store.app_passwords(ann.id).await.unwrap()[0].used_at, Some(kept));
        }
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_so_many_app_passwords_and_none_when_it_is_shut_out() {
    on_both(async |store, _| {
        let ann = kept_account(&store, 1).await;
        let many: Vec<_> = (1..=20)
            .map(|number| {
                let (store, password) = (store.clone(), password(ann.id, number));
                tokio::spawn(async move { store.add_app_password(&password, 3).await })
            })
            .collect();
        let mut kept = 0;
        for one in many {
            match one.await.unwrap() {
                Ok(()) => kept += 1,
                Err(error) => assert!(matches!(error, AddAppPasswordError::Full), "{error}"),
            }
        }
        let listed = store.app_passwords(ann.id).await.unwrap();
        assert_eq!((kept, listed.len()), (3, 3));

        let out = AccountChange { disabled: Some(true), ..AccountChange::default() };
        store.change_account(ann.id, &out).await.unwrap();
        assert_eq!(store.app_password(&listed[0].secret).await.unwrap(), None);
        let added = store.add_app_password(&password(ann.id, 30), 30).await;
        assert!(matches!(added, Err(AddAppPasswordError::NoAccount)), "{added:?}");
        let added = store.add_app_password(&password(AccountId::from(99), 30), 30).await;
        assert!(matches!(added, Err(AddAppPasswordError::NoAccount)), "{added:?}");
        store.close().await;
    })
    .await;
}
