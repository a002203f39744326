//! Phone books.

use proto::{
    AccountId, ContactId,
    api::{BookEntry, ChangeContact},
};
use store::AddContactsError;

use crate::{
    people::kept_account,
    support::{execute, on_both},
};

fn entry(number: u128, account: Option<AccountId>) -> BookEntry {
    BookEntry {
        id: ContactId::from(number),
        account,
        name: "Ann 'the' Ärztin".to_owned(),
        circle: "Town, hall".to_owned(),
        phones: vec!["+33 \"1\"".to_owned(), "2".to_owned()],
        mails: Vec::new(),
        favourite: false,
        blocked: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_are_kept_changed_and_taken_away_by_their_owner_alone() {
    on_both(async |store, target| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        let (card, about) = (entry(1, None), entry(2, Some(bob)));
        assert_eq!(store.add_contacts(ann, &[card.clone(), about.clone()], 9).await.unwrap(), 2);
        assert_eq!(store.contacts(ann).await.unwrap(), [card.clone(), about.clone()]);
        assert_eq!(store.contacts(bob).await.unwrap(), []);
        assert_eq!(store.contact(ann, card.id).await.unwrap(), Some(card.clone()));
        assert_eq!(store.contact(bob, card.id).await.unwrap(), None);
        assert_eq!(store.contact_about(ann, bob).await.unwrap(), Some(about.clone()));
        // Twice the same account, or one that is not there, is left out; the rest is kept.
        let more = [entry(3, Some(bob)), entry(4, Some(AccountId::from(99))), entry(5, None)];
        assert_eq!(store.add_contacts(ann, &more, 9).await.unwrap(), 1);
        assert_eq!(store.add_contacts(bob, &[entry(1, None)], 9).await.unwrap(), 1, "ids are one's own");

        let change = ChangeContact {
            name: Some(String::new()),
            mails: Some(vec!["a@example.org".to_owned()]),
            favourite: Some(true),
            ..ChangeContact::default()
        };
        assert!(store.change_contact(ann, about.id, &change).await.unwrap());
        let changed =
            BookEntry { name: String::new(), mails: vec!["a@example.org".to_owned()], favourite: true, ..about };
        assert_eq!(store.contact(ann, changed.id).await.unwrap(), Some(changed.clone()));
        assert!(!store.change_contact(bob, changed.id, &change).await.unwrap());
        assert!(!store.delete_contact(bob, changed.id).await.unwrap());
        assert!(store.delete_contact(ann, card.id).await.unwrap());
        assert!(!store.delete_contact(ann, card.id).await.unwrap());

        execute(&target, "UPDATE contact SET phones = 'no list'").await;
        assert!(store.contacts(ann).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_too_many_entries_none_is_kept() {
    on_both(async |store, _| {
        let ann = kept_account(&store, 1).await.id;
        assert_eq!(store.add_contacts(ann, &[entry(1, None), entry(2, None)], 3).await.unwrap(), 2);
        let full = store.add_contacts(ann, &[entry(3, None), entry(4, None)], 3).await;
        assert!(matches!(full, Err(AddContactsError::Full)), "{full:?}");
        assert_eq!(store.contacts(ann).await.unwrap().len(), 2);
        assert_eq!(store.add_contacts(ann, &[entry(5, None)], 3).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_likes_to_hear_whom_is_read_from_both_ends() {
    on_both(async |store, _| {
        let mut people = Vec::new();
        for number in 1..=4 {
            people.push(kept_account(&store, number).await.id);
        }
        let [ann, bob, cy, dan] = people[..] else { panic!("four") };
        let entries = [
            BookEntry { favourite: true, ..entry(1, Some(bob)) },
            BookEntry { favourite: true, blocked: true, ..entry(2, Some(cy)) },
            BookEntry { favourite: true, ..entry(3, None) },
            entry(4, Some(dan)),
        ];
        store.add_contacts(ann, &entries, 9).await.unwrap();
        assert_eq!(store.likes(ann).await.unwrap(), (vec![bob], vec![cy]));
        assert_eq!(store.likes(bob).await.unwrap(), (vec![], vec![]));
        assert_eq!(store.blockers(cy).await.unwrap(), [ann]);
        assert_eq!(store.blockers(bob).await.unwrap(), []);
    })
    .await;
}
