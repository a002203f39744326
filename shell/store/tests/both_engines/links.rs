//! Invitations and resets.

use proto::AccountId;
use store::{CreateAccountError, Invitation, Reset};

use crate::{
    people::{NOW, account, kept_account, session},
    support::on_both,
};

fn invitation(number: u8, by: AccountId) -> Invitation {
    Invitation {
        id: format!("invitation-{number}"),
        secret: vec![number; 32],
        name: (number == 1).then(|| "For Bob".to_owned()),
        uses_left: 2,
        expires_at: NOW + u64::from(number),
        may_create: number == 1,
        created_by: by,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invitations_are_kept_found_by_their_hash_and_taken_back() {
    on_both(async |store, _| {
        let admin = kept_account(&store, 10).await;
        let (first, second) = (invitation(1, admin.id), invitation(2, admin.id));
        store.create_invitation(&second).await.unwrap();
        store.create_invitation(&first).await.unwrap();
        assert_eq!(store.invitation(&[1; 32]).await.unwrap().as_ref(), Some(&first));
        assert_eq!(store.invitation(b"invitation-1").await.unwrap(), None);
        assert_eq!(store.invitations().await.unwrap(), [first, second.clone()]);
        assert!(store.delete_invitation("invitation-1").await.unwrap());
        assert!(!store.delete_invitation("invitation-1").await.unwrap());
        assert_eq!(store.invitations().await.unwrap(), [second]);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_makes_as_many_accounts_as_it_says() {
    on_both(async |store, _| {
        let admin = kept_account(&store, 10).await;
        let invitation = invitation(1, admin.id);
        store.create_invitation(&invitation).await.unwrap();
        let with = Some((invitation.id.as_str(), NOW));
        let uses = async || store.invitation(&invitation.secret).await.unwrap().unwrap().uses_left;

        let late = Some((invitation.id.as_str(), invitation.expires_at));
        let gone = |result| matches!(result, Err(CreateAccountError::InvitationGone));
        assert!(gone(store.create_account(&account(1), late).await), "it has ended");
        assert!(gone(store.create_account(&account(1), Some(("invitation-2", NOW))).await), "there is none");
        store.create_account(&account(1), with).await.unwrap();
        assert_eq!(uses().await, 1);
        // A name that is taken costs nothing: what was taken is given back.
        assert!(matches!(store.create_account(&account(1), with).await, Err(CreateAccountError::NameTaken)));
        assert_eq!(uses().await, 1);

        let many: Vec<_> = (2..30)
            .map(|number| {
                let (store, id) = (store.clone(), invitation.id.clone());
                tokio::spawn(async move { store.create_account(&account(number), Some((&id, NOW))).await })
            })
            .collect();
        let mut made = 0;
        for one in many {
            match one.await.unwrap() {
                Ok(()) => made += 1,
                Err(error) => assert!(matches!(error, CreateAccountError::InvitationGone), "{error}"),
            }
        }
        assert_eq!((made, uses().await), (1, 0));
        assert!(gone(store.create_account(&account(1), with).await), "who is not invited learns no names");
        assert_eq!(store.accounts(None, 100).await.unwrap().len(), 3);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_sets_the_password_once_and_signs_out_everywhere() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await, kept_account(&store, 2).await);
        for session in [session(&ann, 1), session(&ann, 2), session(&bob, 3)] {
            store.open_session(&session, None).await.unwrap();
        }
        let reset = |secret: u8| Reset { secret: vec![secret; 32], account: ann.id, expires_at: NOW + 10 };
        store.create_reset(&reset(1)).await.unwrap();
        store.create_reset(&reset(2)).await.unwrap();
        let password = async || store.account(ann.id).await.unwrap().unwrap().password;

        assert_eq!(store.use_reset(&[1; 32], NOW, "new").await.unwrap(), None, "a later one took its place");
        assert_eq!(store.use_reset(&[2; 32], NOW + 10, "new").await.unwrap(), None, "it has ended");
        assert_eq!(password().await, ann.password);
        assert_eq!(store.sessions(ann.id).await.unwrap().len(), 2, "what is refused signs nobody out");

        assert_eq!(store.use_reset(&[2; 32], NOW + 9, "new").await.unwrap(), Some(ann.id));
        assert_eq!(password().await.as_deref(), Some("new"));
        assert_eq!(store.sessions(ann.id).await.unwrap(), []);
        assert_eq!(store.sessions(bob.id).await.unwrap().len(), 1);
        assert_eq!(store.use_reset(&[2; 32], NOW + 9, "newer").await.unwrap(), None, "once");
        assert_eq!(password().await.as_deref(), Some("new"));
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_have_ended_are_forgotten() {
    on_both(async |store, _| {
        let admin = kept_account(&store, 10).await;
        for number in 1..=3 {
            store.create_invitation(&invitation(number, admin.id)).await.unwrap();
            let account = kept_account(&store, number.into()).await;
            let expires_at = NOW + u64::from(number);
            store.create_reset(&Reset { secret: vec![number; 32], account: account.id, expires_at }).await.unwrap();
        }
        store.forget_links(NOW + 2).await.unwrap();
        assert_eq!(store.invitations().await.unwrap(), [invitation(3, admin.id)]);
        // Even a clock that went back does not bring them again.
        assert_eq!(store.use_reset(&[2; 32], NOW, "new").await.unwrap(), None);
        assert_eq!(store.use_reset(&[3; 32], NOW, "new").await.unwrap(), Some(account(3).id));
        store.close().await;
    })
    .await;
}
