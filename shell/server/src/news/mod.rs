//! News: what feeds say that the administrators named, fetched once an hour and shown on the first page.
//!
//! Fetched by the server alone, as [`crate::outgoing`] does, and shown as plain text: whoever reads the page is not seen by those who
//! write the feeds. What was fetched is kept in memory; a server that is started anew fetches it again.

mod essence;
mod read;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
};
use http_body_util::Full;
use hyper::{Request, Uri};
use proto::{
    Refusal,
    api::{Feed, FeedTrouble, NewsItem},
};
use store::Store;
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, MissedTickBehavior, interval},
};

use crate::{
    VERSION,
    account::pool::Pool,
    clock,
    http::Fault,
    outgoing::{Outgoing, OutgoingError},
};

pub(crate) use read::fuzz;

/// What the endpoints know of the news.
#[derive(Debug, Clone)]
pub struct News {
    latest: watch::Receiver<Arc<Page>>,
    /// Says that the feeds are other ones.
    changed: mpsc::Sender<()>,
}

/// The news as they are now.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The newest first.
    pub items: Vec<NewsItem>,
    /// All feeds, as the administrators named them.
    pub feeds: Vec<Feed>,
}

/// The task that fetches them.
#[derive(Debug)]
pub struct Fetching {
    store: Store,
    outgoing: Outgoing,
    pool: Pool,
    told: watch::Sender<Arc<Page>>,
    changes: mpsc::Receiver<()>,
    known: BTreeMap<String, Known>,
}

/// What was fetched of one feed.
#[derive(Debug, Clone, Default)]
struct Known {
    title: Option<String>,
    items: Vec<NewsItem>,
    asked_at: Option<u64>,
    trouble: Option<FeedTrouble>,
    /// How to ask whether there is something new (RFC 9110, section 13.1).
    tag: Option<HeaderValue>,
    modified: Option<HeaderValue>,
    /// How many times in a row it went wrong.
    failed: u32,
    /// In how many hours it is asked again, counted from when it was asked.
    pause: u32,
    /// From when on its hour is one in which it is asked again.
    due: Option<Instant>,
}

/// The news, and the task that fetches them.
pub fn new(store: Store, outgoing: Outgoing, pool: Pool) -> (News, Fetching) {
    let (told, latest) = watch::channel(Arc::default());
    let (changed, changes) = mpsc::channel(1);
    (News { latest, changed }, Fetching { store, outgoing, pool, told, changes, known: BTreeMap::new() })
}

impl News {
    /// As they are now.
    pub fn page(&self) -> Arc<Page> {
        self.latest.borrow().clone()
    }

    /// Has them fetched at once: the feeds are other ones.
    pub fn feeds_changed(&self) {
        // A full queue says so already.
        let _ = self.changed.try_send(());
    }
}

impl Fetching {
    /// Fetches them at once, every hour, and whenever the feeds are other ones, for ever.
    pub async fn run(mut self) {
        let mut hours = interval(EACH);
        hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let all = tokio::select! {
                _ = hours.tick() => true,
                Some(()) = self.changes.recv() => false,
            };
            match addresses(&self.store).await {
                Ok(addresses) => self.fetch(addresses, all).await,
                Err(_) => {
                    tracing::warn!("the list of feeds could not be read; it is tried again in a minute");
                    hours.reset_after(SOON);
                }
            }
        }
    }

    /// Fetches `all` of them, or those that were not asked for yet.
    async fn fetch(&mut self, addresses: Vec<String>, all: bool) {
        self.known.retain(|address, _| addresses.contains(address));
        for address in &addresses {
            let mut known = self.known.remove(address).unwrap_or_default();
            if known.is_due(all) {
                let trouble = self.ask(address, &mut known).await.err();
                known.asked(trouble);
            }
            self.known.insert(address.clone(), known);
        }
        // What has no time, or the same, stands in the order in which the feeds were named.
        let read = addresses.iter().filter_map(|address| self.known.get(address));
        let mut items: Vec<_> = read.flat_map(|known| known.items.iter().cloned()).collect();
        items.sort_by_key(|item| std::cmp::Reverse(item.at));
        let feeds = addresses.into_iter().map(|address| self.feed(address)).collect();
        items.truncate(SHOWN);
        // Nobody may be looking.
        self.told.send_replace(Arc::new(Page { items, feeds }));
    }

    fn feed(&self, address: String) -> Feed {
        let known = self.known.get(&address).cloned().unwrap_or_default();
        let again_at = known.again_at();
        Feed { title: known.title, asked_at: known.asked_at, trouble: known.trouble, again_at, address }
    }

    /// Asks one feed whether there is something new.
    async fn ask(&self, address: &str, known: &mut Known) -> Result<(), FeedTrouble> {
        let mut request = Request::get(address)
            .header(header::USER_AGENT, format!("Parlor/{VERSION}"))
            .header(header::ACCEPT, "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8");
        for (name, value) in [(header::IF_NONE_MATCH, &known.tag), (header::IF_MODIFIED_SINCE, &known.modified)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let request = request.body(Full::new(Bytes::new())).map_err(|_| FeedTrouble::Unreachable)?;
        let answer = self.outgoing.send(request).await.map_err(|error| {
            // Without its address, which may hold what only the administrators shall know.
            tracing::info!(%error, "a feed could not be fetched: {error}");
            if matches!(error, OutgoingError::Private) { FeedTrouble::Private } else { FeedTrouble::Unreachable }
        })?;
        match answer.status() {
            StatusCode::NOT_MODIFIED => return Ok(()),
            StatusCode::OK => {}
            status if status.is_redirection() => return Err(FeedTrouble::Elsewhere),
            _ => return Err(FeedTrouble::Refused),
        }
        let (tag, modified) = (kept(answer.headers(), header::ETAG), kept(answer.headers(), header::LAST_MODIFIED));
        let host = address.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned)).unwrap_or_default();
        let now = clock::unix_ms();
        let body = answer.into_body();
        let from = address.to_owned();
        let read = self.pool.run(move || read::read(&body, &from, &host, now)).await;
        // That nobody had time to read it says nothing of the feed; the next hour brings another.
        let (title, items) = read.map_err(|_| FeedTrouble::Unreachable)?.map_err(|read::NoFeed| FeedTrouble::NoFeed)?;
        (known.title, known.items, known.tag, known.modified) = (Some(title), items, tag, modified);
        Ok(())
    }
}

impl Known {
    /// Whether it is its turn; `hour`: whether an hour passed, and not only the feeds are other ones.
    fn is_due(&self, hour: bool) -> bool {
        self.asked_at.is_none() || hour && self.due.is_none_or(|due| due <= Instant::now())
    }

    /// It was asked just now. What goes wrong again and again is asked ever more seldom.
    fn asked(&mut self, trouble: Option<FeedTrouble>) {
        self.failed = if trouble.is_some() { self.failed.saturating_add(1) } else { 0 };
        self.pause = 2_u32.saturating_pow(self.failed.saturating_sub(1)).min(SELDOM);
        // The hour strikes when all feeds were asked, a moment earlier or later each time.
        self.due = Some(Instant::now() + EACH * self.pause - EACH / 2);
        self.trouble = trouble;
        self.asked_at = Some(clock::unix_ms());
    }

    /// When it is asked again, where that is later than in an hour.
    fn again_at(&self) -> Option<u64> {
        let asked_at = self.asked_at.filter(|_| self.pause > 1)?;
        Some(asked_at + u64::from(self.pause) * EACH.as_millis() as u64)
    }
}

/// A header that is given back at the next time, unless it is longer than any honest one.
fn kept(headers: &HeaderMap, name: HeaderName) -> Option<HeaderValue> {
    headers.get(name).filter(|value| value.len() <= TAG).cloned()
}

/// The addresses of the feeds.
///
/// # Errors
/// When the database fails.
pub async fn addresses(store: &Store) -> Result<Vec<String>, Fault> {
    let kept = store.setting(FEEDS).await?.unwrap_or_default();
    // Somebody may have edited it: what is no list is none.
    Ok(serde_json::from_str(&kept).unwrap_or_default())
}

/// Keeps the addresses of the feeds.
///
/// # Errors
/// When they cannot be used, or written.
pub async fn change(store: &Store, outgoing: &Outgoing, addresses: &[String]) -> Result<(), Fault> {
    let mut wanted: Vec<&str> = Vec::new();
    for address in addresses.iter().map(|address| address.trim()) {
        let uri = address.parse::<Uri>().map_err(|_| Refusal::BadSetting)?;
        if address.len() > ADDRESS || !outgoing.is_fit(&uri) {
            return Err(Refusal::BadSetting.into());
        }
        if !wanted.contains(&address) {
            wanted.push(address);
        }
    }
    if wanted.len() > FEEDS_AT_MOST {
        return Err(Refusal::TooMany.into());
    }
    let kept = serde_json::to_string(&wanted).expect("a list of texts is JSON");
    Ok(store.set_settings(&[(FEEDS, &kept)]).await?)
}

/// The setting with the addresses, as a list in JSON.
const FEEDS: &str = "feeds";
/// How often they are fetched.
const EACH: Duration = Duration::from_secs(60 * 60);
/// When the list of feeds is read again after the database failed: databases that are started anew are back within a minute.
const SOON: Duration = Duration::from_secs(60);
/// The longest pause after a feed went wrong again and again, in hours: a day.
const SELDOM: u32 = 24;
/// So many feeds: more than anybody reads the news of.
const FEEDS_AT_MOST: usize = 10;
/// The longest address of one.
const ADDRESS: usize = 500;
/// So many news are shown, of all feeds together.
const SHOWN: usize = 20;
/// The longest header that is given back.
const TAG: usize = 256;
