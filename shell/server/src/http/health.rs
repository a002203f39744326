//! `GET /healthz`: whether the server does its work, for whoever supervises it.

use std::{sync::Arc, time::Duration};

use axum::{extract::State, http::StatusCode};
use futures_util::future::join_all;
use tokio::time::timeout;

use super::App;

/// `ok`, or 503 with what is wrong in one sentence. Nothing is remembered: what works again is healthy again.
pub async fn handle(State(app): State<Arc<App>>) -> (StatusCode, String) {
    match check(&app, PATIENCE).await {
        Ok(()) => (StatusCode::OK, "ok\n".to_owned()),
        Err(wrong) => (StatusCode::SERVICE_UNAVAILABLE, format!("{wrong}\n")),
    }
}

/// What does not do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Wrong {
    #[error("The server is stopping.")]
    Stopping,
    #[error("The hub does not answer.")]
    Hub,
    #[error("Media thread {0} does not answer.")]
    Media(usize),
    #[error("The database does not answer.")]
    DatabaseSilent,
    #[error("The database cannot be read.")]
    DatabaseUnreadable,
}

async fn check(app: &App, patience: Duration) -> Result<(), Wrong> {
    let (hub, media, database) = tokio::join!(hub(app, patience), media(app, patience), database(app, patience));
    hub.and(media).and(database)
}

async fn hub(app: &App, patience: Duration) -> Result<(), Wrong> {
    match timeout(patience, app.control.report()).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(_)) => Err(Wrong::Stopping),
        Err(_) => Err(Wrong::Hub),
    }
}

async fn media(app: &App, patience: Duration) -> Result<(), Wrong> {
    let answers = join_all(app.media.iter().map(|thread| thread.answers(patience))).await;
    answers.iter().position(|answers| !answers).map_or(Ok(()), |shard| Err(Wrong::Media(shard)))
}

/// One row by its key, which also a large database finds at once.
async fn database(app: &App, patience: Duration) -> Result<(), Wrong> {
    read(patience, app.store.list_rooms(None, 1)).await
}

async fn read<T>(patience: Duration, row: impl Future<Output = Result<T, store::ReadError>>) -> Result<(), Wrong> {
    match timeout(patience, row).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => {
            // Whoever asks for rooms is told with `error`; supervisors ask every few seconds.
            tracing::debug!(%error, "the database cannot be read");
            Err(Wrong::DatabaseUnreadable)
        }
        Err(_) => Err(Wrong::DatabaseSilent),
    }
}

/// All of them answer within milliseconds unless they hang.
const PATIENCE: Duration = Duration::from_secs(2);

#[cfg(test)]
pub mod tests {
    use std::{collections::BTreeMap, time::Instant};

    use hub::Hub;
    use proto::time::Calendar;
    use store::{Store, Target};
    use tempfile::TempDir;

    use super::*;
    use crate::{
        account::{Accounts, pool::Pool, setup::SetUp},
        config::Audience,
        control::{self, Driver},
        files::Files,
        folder::Folder,
        http::pace::Paces,
        keys::Keys,
        media,
        outgoing::Outgoing,
        push::{Push, Vapid},
        tasks::Tasks,
    };

    /// As short as a test can wait for what hangs, as long as the others may take on a busy machine.
    const MOMENT: Duration = Duration::from_secs(1);

    /// All that requests are answered from, with or without a hub that answers.
    pub async fn app(hub_runs: bool) -> (App, media::Threads, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Target::Sqlite(folder.path().to_owned())).await.unwrap();
        let (events, reports) = control::events();
        let options = media::Options {
            threads: 2,
            port: 0,
            addresses: vec!["127.0.0.1".parse().unwrap()],
            public: Vec::new(),
            seed: 7,
        };
        let threads = media::start(&options, events, crate::turn::trains().0, crate::voicemail::taps().0).unwrap();
        let keys = Keys::of(BTreeMap::from([("key".to_owned(), "secret".to_owned())])).unwrap();
        let now = Instant::now();
        let empty = Hub::new(hub::Config { shards: 2, ..hub::Config::default() }, now, Calendar::new(now, 0), 1);
        let relay = crate::turn::tests::relay();
        let (memories, push) = (control::memories::queue().0, crate::push::queue().0);
        let ways = control::Ways { memories, push, heralds: crate::hooks::Heralds::to_nobody() };
        let (driver, control) = Driver::new(empty, keys.clone(), threads.handles().to_vec(), relay, reports, ways);
        let tasks = Tasks::default();
        if hub_runs {
            tasks.spawn("hub", &tasks.cut, driver.run());
        } else {
            tasks.spawn("hub", &tasks.cut, async move {
                std::future::pending::<()>().await;
                drop(driver);
            });
        }
        let data = Folder::open(folder.path()).unwrap();
        let pool = Pool::new();
        let courier =
            crate::hooks::Courier { store: store.clone(), outgoing: Outgoing::new(false), keys: keys.clone() };
        let app = App {
            hooks: crate::hooks::new(courier).1,
            accounts: Accounts::open(&data, pool.clone(), SetUp::done()).unwrap(),
            files: Files::open(&data, None).unwrap(),
            guesses: Default::default(),
            changes: Default::default(),
            trials: crate::trials::Trials::new(crate::trials::Offered { udp: Vec::new(), tcp: Vec::new() }),
            voicemail: crate::voicemail::Voicemail::default(),
            mailboxes: crate::config::Mailboxes::default(),
            tls: None,
            writers: Paces::of_chat(),
            acts: Paces::of_acts(),
            calls: Paces::of_calls(),
            stays: crate::http::rooms::stays::Stays::default(),
            control,
            keys,
            media: threads.handles().to_vec(),
            relay: crate::turn::tests::relay(),
            tasks,
            behind_proxy: false,
            metrics: Audience::Loopback,
            limits: Default::default(),
            crowd: Default::default(),
            push: Push { vapid: Vapid::open(&data).unwrap(), outgoing: Outgoing::new(false) },
            endings: Default::default(),
            news: crate::news::new(store.clone(), Outgoing::new(false), pool.clone()).0,
            outgoing: Outgoing::new(false),
            attendants: Default::default(),
            old_attendance: false,
            notices: crate::http::pace::Paces::of_notices(),
            pool,
            store,
            answered: Default::default(),
        };
        (app, threads, folder)
    }

    #[tokio::test]
    async fn a_media_thread_that_hangs_is_named_until_it_answers_again() {
        let (app, threads, _folder) = app(true).await;
        assert_eq!(check(&app, PATIENCE).await, Ok(()));
        let held = threads.handles()[1].hold();
        assert_eq!(media(&app, MOMENT).await, Err(Wrong::Media(1)));
        threads.handles()[1].fill();
        assert_eq!(media(&app, MOMENT).await, Err(Wrong::Media(1)));
        drop(held);
        assert_eq!(check(&app, PATIENCE).await, Ok(()));
    }

    #[tokio::test]
    async fn a_queue_that_is_full_for_a_moment_is_no_fault() {
        let (app, threads, _folder) = app(true).await;
        let held = threads.handles()[0].hold();
        threads.handles()[0].fill();
        let release = async {
            tokio::task::yield_now().await;
            drop(held);
        };
        let (checked, ()) = tokio::join!(check(&app, PATIENCE), release);
        assert_eq!(checked, Ok(()));
    }

    #[tokio::test]
    async fn a_hub_that_hangs_is_named() {
        let (app, _threads, _folder) = app(false).await;
        assert_eq!(hub(&app, Duration::from_millis(10)).await, Err(Wrong::Hub));
        app.tasks.cut.cancel();
        while check(&app, PATIENCE).await != Err(Wrong::Stopping) {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_database_without_answer_is_named() {
        let (app, _threads, _folder) = app(true).await;
        let hangs = std::future::pending::<Result<(), store::ReadError>>();
        assert_eq!(read(Duration::from_millis(10), hangs).await, Err(Wrong::DatabaseSilent));
        assert_eq!(database(&app, PATIENCE).await, Ok(()));
        app.store.clone().close().await;
        assert_eq!(check(&app, PATIENCE).await, Err(Wrong::DatabaseUnreadable));
        let (status, text) = handle(State(Arc::new(app))).await;
        assert_eq!((status, text.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "The database cannot be read.\n"));
    }
}
