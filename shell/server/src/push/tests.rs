use std::sync::Arc;

use axum::{Router, extract::Request};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use store::{Account, Session, Target};
use tokio::{net::TcpListener, sync::Semaphore};

use super::*;
use crate::folder::Folder;

/// The browser of RFC 8291, section 5.
const KEY: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

fn id(number: usize) -> AccountId {
    AccountId::from(number as u128 + 1)
}

/// Somebody with a browser that is reached at this address.
async fn with_browser(store: &Store, number: usize, endpoint: String) {
    let account = Account {
        id: id(number),
        name: format!("ann-{number}"),
        display_name: format!("Ann {number}"),
        password: None,
        admin: false,
        may_create: false,
        disabled: false,
        avatar: None,
        created_at: 0,
    };
    store.create_account(&account, None).await.unwrap();
    let (session, secret) = (format!("session-{number}"), number.to_be_bytes().repeat(4));
    let agent = "Firefox on Linux".to_owned();
    let opened = Session { id: session.clone(), account: account.id, secret, agent, created_at: 0, seen_at: 0 };
    assert!(store.open_session(&opened, None).await.unwrap());
    let (key, secret) = (BASE64.decode(KEY).unwrap(), vec![7; 16]);
    let (device, host) = ("d1".parse().unwrap(), "talk.example".to_owned());
    let push = StoredPush { session, account: account.id, device, endpoint, key, secret, host };
    store.add_push(&push, 10).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_are_told_at_once_that_somebody_is_free_than_so_many() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Target::Sqlite(folder.path().to_owned())).await.unwrap();
    let vapid = Vapid::open(&Folder::open(folder.path()).unwrap()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (told, mut tells) = mpsc::unbounded_channel();
    let may_answer = Arc::new(Semaphore::new(0));
    let waits = Arc::clone(&may_answer);
    let app = Router::new().fallback(async move |request: Request| {
        told.send(request.uri().path().to_owned()).unwrap();
        waits.acquire().await.unwrap().forget();
    });
    let service = tokio::spawn(async move { axum::serve(listener, app).await });
    join_all((0..=FREES).map(|number| with_browser(&store, number, format!("http://{address}/{number}")))).await;

    let (heralds, notices) = queue();
    let running = tokio::spawn(run(Push { vapid, outgoing: Outgoing::new(true) }, store.clone(), notices));
    let free = async |number| heralds.send(Notice::Free { account: id(number), here: Vec::new() }).await.unwrap();
    // Who is being told already is no other one; the last finds no place.
    for number in (0..FREES).chain([0, 1]).chain([FREES]) {
        free(number).await;
    }
    while heralds.capacity() < QUEUE {
        tokio::task::yield_now().await;
    }
    may_answer.add_permits(FREES + 2);
    let first = tells.recv().await.unwrap();
    let mut reached = BTreeSet::from([first.clone()]);
    for _ in 1..FREES {
        assert!(reached.insert(tells.recv().await.unwrap()), "told twice");
    }
    assert_eq!(reached, (0..FREES).map(|number| format!("/{number}")).collect());
    // Whoever waited for a place would come before this one, who was told long ago.
    free(first[1..].parse().unwrap()).await;
    assert_eq!(tells.recv().await.unwrap(), first);
    // There are places again.
    free(FREES).await;
    assert_eq!(tells.recv().await.unwrap(), format!("/{FREES}"));
    running.abort();
    service.abort();
    store.close().await;
}
