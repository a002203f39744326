//! Accounts, set-up and settings.

use proto::AccountId;
use sqlx::{Executor, PgConnection, SqliteConnection};
use store::{Account, AccountChange, ChangeAccountError, CreateAccountError, ReadError, Store, Target, WriteError};

use crate::{
    people::{account, kept_account, session},
    support::{execute, on_both, postgres, sqlite},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_set_up_once_and_with_its_settings() {
    on_both(async |store, _| {
        assert!(!store.is_set_up().await.unwrap());
        let member = kept_account(&store, 1).await;
        assert!(!store.is_set_up().await.unwrap(), "a member administers nothing");

        let taken = Account { name: member.name.to_uppercase(), ..account(10) };
        assert!(!store.set_up(&taken, &[("name", "Never")]).await.unwrap());
        assert!(store.set_up(&account(10), &[("name", "Ours"), ("rooms", "everybody")]).await.unwrap());
        assert!(store.is_set_up().await.unwrap());
        assert!(!store.set_up(&account(20), &[("name", "Theirs")]).await.unwrap());

        assert_eq!(store.account(AccountId::from(10)).await.unwrap(), Some(account(10)));
        assert_eq!(store.account(AccountId::from(20)).await.unwrap(), None);
        let settings = store.settings().await.unwrap();
        let settings: Vec<_> = settings.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(settings, [("name", "Ours"), ("rooms", "everybody")]);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_set_the_server_up_at_once_one_succeeds() {
    on_both(async |store, _| {
        let many = (1..=20).map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let name = number.to_string();
                store.set_up(&account(number * 10), &[("name", &name)]).await.unwrap().then_some(name)
            })
        });
        let mut winners = Vec::new();
        for one in many.collect::<Vec<_>>() {
            winners.extend(one.await.unwrap());
        }
        assert_eq!(winners.len(), 1, "{winners:?}");
        assert_eq!(store.setting("name").await.unwrap().as_ref(), winners.first());
        assert_eq!(store.accounts(None, 100).await.unwrap().len(), 1);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_set_together_and_again() {
    on_both(async |store, _| {
        assert_eq!(store.setting("name").await.unwrap(), None);
        store.set_settings(&[]).await.unwrap();
        store.set_settings(&[("name", "A"), ("accent", "#123456")]).await.unwrap();
        store.set_settings(&[("name", "B"), ("empty", "")]).await.unwrap();
        assert_eq!(store.setting("name").await.unwrap().as_deref(), Some("B"));
        assert_eq!(store.setting("accent").await.unwrap().as_deref(), Some("#123456"));
        assert_eq!(store.setting("empty").await.unwrap().as_deref(), Some(""));
        assert_eq!(store.settings().await.unwrap().len(), 3);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_kept_and_found_by_its_name_in_whatever_case() {
    on_both(async |store, _| {
        let ann = Account { name: "Änn.Ö".to_owned(), avatar: Some("v1".to_owned()), ..account(1) };
        assert_eq!(store.account_by_name("änn.ö").await.unwrap(), None);
        store.create_account(&ann, None).await.unwrap();
        for name in ["Änn.Ö", "änn.ö", "ÄNN.Ö"] {
            assert_eq!(store.account_by_name(name).await.unwrap().as_ref(), Some(&ann), "{name}");
        }
        assert_eq!(store.account(ann.id).await.unwrap().as_ref(), Some(&ann));
        let second = Account { name: "äNN.ö".to_owned(), ..account(2) };
        assert!(matches!(store.create_account(&second, None).await, Err(CreateAccountError::NameTaken)));
        let twice = Account { name: "another".to_owned(), ..account(1) };
        let error = store.create_account(&twice, None).await.unwrap_err();
        assert!(matches!(error, CreateAccountError::Write(WriteError::Database(_))), "{error}");
        assert_eq!(store.accounts(None, 10).await.unwrap(), [ann]);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_listed_in_pages_in_the_order_of_their_making() {
    on_both(async |store, _| {
        for number in [3, 1, 5, 2, 4] {
            kept_account(&store, number).await;
        }
        let first = store.accounts(None, 3).await.unwrap();
        let second = store.accounts(first.last().map(|account| account.id), 3).await.unwrap();
        let all: Vec<Account> = first.into_iter().chain(second).collect();
        assert_eq!(all, (1..=5).map(account).collect::<Vec<_>>());
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_account_changes_what_is_named_and_nothing_else() {
    on_both(async |store, _| {
        let other = kept_account(&store, 2).await;
        let mut ann = kept_account(&store, 1).await;
        store.change_account(ann.id, &AccountChange::default()).await.unwrap();
        assert_eq!(store.account(ann.id).await.unwrap().as_ref(), Some(&ann));

        let change = AccountChange { display_name: Some("Ann".to_owned()), ..AccountChange::default() };
        store.change_account(ann.id, &change).await.unwrap();
        ann.display_name = "Ann".to_owned();
        let change = AccountChange {
            password: Some("$argon2id$other".to_owned()),
            admin: Some(true),
            may_create: Some(false),
            avatar: Some(Some("v7".to_owned())),
            ..AccountChange::default()
        };
        store.change_account(ann.id, &change).await.unwrap();
        ann =
            Account { password: change.password, admin: true, may_create: false, avatar: Some("v7".to_owned()), ..ann };
        assert_eq!(store.account(ann.id).await.unwrap().as_ref(), Some(&ann));

        store.change_account(ann.id, &AccountChange { avatar: Some(None), ..AccountChange::default() }).await.unwrap();
        assert_eq!(store.account(ann.id).await.unwrap(), Some(Account { avatar: None, ..ann }));
        assert_eq!(store.account(other.id).await.unwrap(), Some(other));
        let nobody = store.change_account(AccountId::from(77), &AccountChange::default()).await;
        assert!(matches!(nobody, Err(ChangeAccountError::Unknown)));
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_shut_out_is_signed_out_everywhere() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await, kept_account(&store, 2).await);
        for session in [session(&ann, 1), session(&ann, 2), session(&bob, 3)] {
            store.open_session(&session, None).await.unwrap();
        }
        let out = AccountChange { disabled: Some(true), ..AccountChange::default() };
        store.change_account(ann.id, &out).await.unwrap();
        assert_eq!(store.sessions(ann.id).await.unwrap(), []);
        assert_eq!(store.sessions(bob.id).await.unwrap(), [session(&bob, 3)]);
        store.open_session(&session(&ann, 4), None).await.unwrap();
        assert_eq!(store.session(&[4; 32]).await.unwrap(), None, "one opened in the same moment opens nothing");
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_always_administers_the_server() {
    on_both(async |store, _| {
        assert!(store.set_up(&account(10), &[]).await.unwrap());
        let ann = account(10);
        let demote = AccountChange { admin: Some(false), ..AccountChange::default() };
        let shut_out = AccountChange { disabled: Some(true), ..AccountChange::default() };
        for change in [&demote, &shut_out] {
            let error = store.change_account(ann.id, change).await.unwrap_err();
            assert!(matches!(error, ChangeAccountError::LastAdmin), "{error}");
        }
        assert_eq!(store.account(ann.id).await.unwrap(), Some(ann.clone()));
        let rename =
            AccountChange { display_name: Some("A".to_owned()), admin: Some(true), ..AccountChange::default() };
        store.change_account(ann.id, &rename).await.unwrap();

        // An administrator who is shut out does not count.
        let bob = kept_account(&store, 20).await;
        store.change_account(bob.id, &shut_out).await.unwrap();
        assert!(matches!(store.change_account(ann.id, &demote).await, Err(ChangeAccountError::LastAdmin)));
        store
            .change_account(bob.id, &AccountChange { disabled: Some(false), ..AccountChange::default() })
            .await
            .unwrap();
        store.change_account(ann.id, &demote).await.unwrap();
        assert!(matches!(store.change_account(bob.id, &demote).await, Err(ChangeAccountError::LastAdmin)));
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_two_administrators_cannot_demote_each_other_at_two_nodes() {
    on_both(async |store, target| {
        let (ann, bob) = (kept_account(&store, 10).await, kept_account(&store, 20).await);
        let demote = AccountChange { admin: Some(false), ..AccountChange::default() };
        // Another node is in the middle of demoting the other one, and ends when it sees us wait or done.
        let open = in_the_middle_of_demoting(&target, &ann).await;
        let ours = tokio::spawn({
            let store = store.clone();
            async move { store.change_account(bob.id, &demote).await }
        });
        open.end(&ours).await;
        let error = ours.await.unwrap().unwrap_err();
        assert!(matches!(error, ChangeAccountError::LastAdmin), "{error}");
        assert!(store.is_set_up().await.unwrap());
        store.close().await;
    })
    .await;
}

/// A transaction of another node that has done all but its commit.
enum Open {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

async fn in_the_middle_of_demoting(target: &Target, account: &Account) -> Open {
    const DEMOTE: &str = "UPDATE account SET admin = 0 WHERE id = $1";
    match target {
        Target::Sqlite(folder) => {
            let mut connection = sqlite(folder).await;
            connection.execute("BEGIN IMMEDIATE").await.unwrap();
            connection.execute(sqlx::query(DEMOTE).bind(account.id.to_string())).await.unwrap();
            Open::Sqlite(connection)
        }
        Target::Postgres(url) => {
            let mut connection = postgres(url).await;
            connection.execute("BEGIN").await.unwrap();
            connection.execute(sqlx::query(DEMOTE).bind(account.id.to_string())).await.unwrap();
            Open::Postgres(connection)
        }
    }
}

impl Open {
    /// Commits as soon as the other side waits for it, or has not waited.
    async fn end<T>(self, other: &tokio::task::JoinHandle<T>) {
        match self {
            // One file has one writer: whoever comes waits before it reads anything.
            Self::Sqlite(mut connection) => drop(connection.execute("COMMIT").await.unwrap()),
            Self::Postgres(mut connection) => {
                let waiting = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND pid IN \
                               (SELECT pid FROM pg_stat_activity WHERE datname = current_database())";
                loop {
                    let (count,): (i64,) = sqlx::query_as(waiting).fetch_one(&mut connection).await.unwrap();
                    if count > 0 || other.is_finished() {
                        break;
                    }
                }
                connection.execute("COMMIT").await.unwrap();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_an_account_goes_with_it() {
    on_both(async |store, target| {
        let ann = kept_account(&store, 1).await;
        store.open_session(&session(&ann, 1), None).await.unwrap();
        store.close().await;
        execute(&target, "DELETE FROM account").await;
        let store = Store::open(&target).await.unwrap();
        assert_eq!(store.sessions(ann.id).await.unwrap(), []);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_account_is_an_error_and_shows_no_hash() {
    on_both(async |store, target| {
        let ann = kept_account(&store, 1).await;
        let change = AccountChange { password: ann.password.clone(), ..AccountChange::default() };
        for text in [format!("{ann:?}"), format!("{change:?}")] {
            assert!(!text.contains("argon2id"), "{text}");
        }
        execute(&target, "UPDATE account SET created_at = -1").await;
        let error = store.account(ann.id).await.unwrap_err();
        assert!(matches!(error, ReadError::Damaged { .. }), "{error}");
        store.close().await;
    })
    .await;
}
