//! Messages that were spoken for whoever did not answer.

use proto::{AccountId, FileId, VoicemailId};
use store::{AddFileError, StoredGreeting, StoredVoicemail};

use crate::{
    people::{NOW, kept_account},
    support::on_both,
};

const QUOTA: u64 = 10_000;

fn message(number: u128, account: AccountId, sender: AccountId) -> StoredVoicemail {
    StoredVoicemail {
        id: VoicemailId::from(number),
        account,
        sender,
        name: "Ann 'the' Ärztin".to_owned(),
        avatar: None,
        at: NOW,
        ms: 1_993,
        file: FileId::from(1_000 + number),
        size: 4_000,
        heard: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_kept_heard_and_deleted_by_whose_they_are() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await, kept_account(&store, 2).await);
        let first = message(1, ann.id, bob.id);
        let gone = message(2, ann.id, AccountId::from(99));
        store.add_voicemail(&first, 9, QUOTA).await.unwrap();
        store.add_voicemail(&gone, 9, QUOTA).await.unwrap();
        let first = StoredVoicemail { name: bob.display_name.clone(), ..first };
        assert_eq!(
            store.voicemails(ann.id).await.unwrap(),
            [gone.clone(), first.clone()],
            "the last first, by their name now"
        );
        assert_eq!(store.voicemails(bob.id).await.unwrap(), []);
        assert_eq!(store.voicemail(ann.id, first.id).await.unwrap(), Some(first.clone()));
        assert_eq!(store.voicemail(bob.id, first.id).await.unwrap(), None);
        assert_eq!(store.voicemail_size(ann.id).await.unwrap(), (2, 8_000));
        assert_eq!(store.voicemail_size(bob.id).await.unwrap(), (0, 0));
        assert_eq!(store.unheard_voicemails(ann.id).await.unwrap(), 2);
        assert!(!store.hear_voicemail(bob.id, first.id, true).await.unwrap());
        assert!(store.hear_voicemail(ann.id, first.id, true).await.unwrap());
        assert_eq!(store.unheard_voicemails(ann.id).await.unwrap(), 1);
        assert!(store.hear_voicemail(ann.id, first.id, false).await.unwrap());
        assert_eq!(store.unheard_voicemails(ann.id).await.unwrap(), 2);
        assert_eq!(store.known_files(FileId::from(0), FileId::from(u128::MAX)).await.unwrap(), [first.file, gone.file]);
        assert_eq!(store.delete_voicemail(bob.id, first.id).await.unwrap(), None);
        assert_eq!(store.delete_voicemail(ann.id, first.id).await.unwrap(), Some(first.file));
        assert_eq!(store.delete_voicemail(ann.id, first.id).await.unwrap(), None);
        assert_eq!(store.known_files(FileId::from(0), FileId::from(u128::MAX)).await.unwrap(), [gone.file]);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_has_so_many_messages_of_so_many_bytes() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        let full = |kept| assert!(matches!(kept, Err(AddFileError::Full)), "{kept:?}");
        full(store.add_voicemail(&message(1, ann, bob), 0, QUOTA).await);
        full(store.add_voicemail(&message(1, AccountId::from(99), bob), 9, QUOTA).await);
        store.add_voicemail(&message(1, ann, bob), 1, QUOTA).await.unwrap();
        full(store.add_voicemail(&message(2, ann, bob), 1, QUOTA).await);
        store.add_voicemail(&message(2, ann, bob), 9, 8_000).await.unwrap();
        full(store.add_voicemail(&message(3, ann, bob), 9, 11_999).await);
        store.add_voicemail(&message(3, bob, ann), 1, QUOTA).await.unwrap();
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_has_one_greeting_at_most() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        let greeting =
            |account, file| StoredGreeting { account, at: NOW, ms: 4_000, file: FileId::from(file), size: 9 };
        assert_eq!(store.greeting(ann).await.unwrap(), None);
        assert_eq!(store.delete_greeting(ann).await.unwrap(), None);
        assert_eq!(store.set_greeting(&greeting(ann, 1)).await.unwrap(), None);
        assert_eq!(store.set_greeting(&greeting(bob, 2)).await.unwrap(), None);
        assert_eq!(store.set_greeting(&greeting(ann, 3)).await.unwrap(), Some(FileId::from(1)));
        assert_eq!(store.greeting(ann).await.unwrap(), Some(greeting(ann, 3)));
        let known = [FileId::from(2), FileId::from(3)];
        assert_eq!(store.known_files(FileId::from(0), FileId::from(u128::MAX)).await.unwrap(), known);
        // A file is one person's; what cannot be kept changes nothing.
        assert!(store.set_greeting(&greeting(ann, 2)).await.is_err());
        assert_eq!(store.greeting(ann).await.unwrap(), Some(greeting(ann, 3)));
        assert_eq!(store.delete_greeting(ann).await.unwrap(), Some(FileId::from(3)));
        assert_eq!(store.greeting(ann).await.unwrap(), None);
        assert_eq!(store.greeting(bob).await.unwrap(), Some(greeting(bob, 2)));
        store.close().await;
    })
    .await;
}
