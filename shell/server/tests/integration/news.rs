//! News: feeds of a real server on this machine, which administrators name and everybody reads.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use proto::api::{Feed, FeedTrouble, NewsItem};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::{
    harness::Server,
    people::{Browser, admin as admin_of, sign_up},
};

/// A server of feeds: what it answers, and the heads of what it was asked.
struct Paper {
    address: String,
    answer: Arc<Mutex<String>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Paper {
    async fn new(answer: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/feed?key=secret", listener.local_addr().unwrap());
        let paper = Self { address, answer: Arc::new(Mutex::new(answer)), asked: Arc::default() };
        let (answer, asked) = (paper.answer.clone(), paper.asked.clone());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = vec![0; 4_096];
                let read = stream.read(&mut head).await.unwrap_or_default();
                let head = String::from_utf8_lossy(&head[..read]).into_owned();
                asked.lock().unwrap_or_else(PoisonError::into_inner).push(head);
                let answer = answer.lock().unwrap_or_else(PoisonError::into_inner).clone();
                // Whoever asked may not read all of it.
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        paper
    }

    fn answers(&self, answer: String) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = answer;
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn feed(titles: &[&str]) -> String {
    let items: String = titles
        .iter()
        .map(|title| format!("<item><title>{title}</title><link>https://mill.example/1</link></item>"))
        .collect();
    let body = format!("<rss version=\"2.0\"><channel><title>Mill News</title>{items}</channel></rss>");
    answer("200 OK", "etag: \"one\"\r\nlast-modified: Mon, 06 Sep 2021 00:01:00 GMT\r\n", &body)
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

async fn feeds(admin: &Browser<'_>) -> Vec<Feed> {
    admin.get("/api/v1/news/feeds").await.right()
}

/// The feeds, once all have been asked for since `since`.
async fn asked_since(admin: &Browser<'_>, since: u64) -> Vec<Feed> {
    loop {
        let feeds = feeds(admin).await;
        if feeds.iter().all(|feed| feed.asked_at.is_some_and(|at| at > since)) {
            return feeds;
        }
        tokio::task::yield_now().await;
    }
}

/// The first feed, once it was asked for since `since`.
async fn asked_at_last(admin: &Browser<'_>, since: u64) -> Feed {
    loop {
        let first = feeds(admin).await.remove(0);
        if first.asked_at.is_some_and(|at| at > since) {
            return first;
        }
        tokio::task::yield_now().await;
    }
}

async fn titles(browser: &Browser<'_>) -> Vec<String> {
    browser.get("/api/v1/news").await.right::<Vec<NewsItem>>().into_iter().map(|item| item.title).collect()
}

/// Lets so many hours pass, for whatever waits for them.
async fn hours_later(hours: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(3_601 * hours)).await;
    tokio::time::resume();
}

#[tokio::test]
async fn feeds_are_named_by_administrators_and_read_by_everybody() {
    let server = Server::start_with(|raw| raw.outgoing_private = Some(true)).await;
    let (admin, bob) = (admin_of(&server).await, sign_up(&server, "bob").await);
    let paper = Paper::new(feed(&["First &lt;b&gt;bold&lt;/b&gt;", "Second"])).await;
    assert_eq!(titles(&bob).await, Vec::<String>::new());
    let named: Vec<Feed> = admin
        .put("/api/v1/news/feeds", json!({"addresses": [format!(" {} ", paper.address), paper.address]}))
        .await
        .right();
    assert_eq!(named.iter().map(|feed| &feed.address).collect::<Vec<_>>(), [&paper.address], "each once");
    let known = asked_since(&admin, 0).await.remove(0);
    assert_eq!((known.title.as_deref(), known.trouble), (Some("Mill News"), None));
    let items: Vec<NewsItem> = bob.get("/api/v1/news").await.right();
    let shown: Vec<_> =
        items.iter().map(|item| (item.title.as_str(), item.source.as_str(), item.link.as_str())).collect();
    let link = "https://mill.example/1";
    assert_eq!(shown, [("First bold", "Mill News", link), ("Second", "Mill News", link)]);
    assert!(paper.asked()[0].starts_with("GET /feed?key=secret HTTP/1.1\r\n"), "{:?}", paper.asked());

    admin.put("/api/v1/news/feeds", json!({"addresses": []})).await.right::<Vec<Feed>>();
    while !titles(&bob).await.is_empty() {}
    assert_eq!(paper.asked().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn they_are_asked_each_hour_whether_there_is_something_new() {
    let server = Server::start_with(|raw| raw.outgoing_private = Some(true)).await;
    let admin = admin_of(&server).await;
    let paper = Paper::new(feed(&["First"])).await;
    admin.put("/api/v1/news/feeds", json!({"addresses": [paper.address]})).await.right::<Vec<Feed>>();
    let first = asked_since(&admin, 0).await.remove(0).asked_at.unwrap();

    paper.answers(answer("304 Not Modified", "", ""));
    hours_later(1).await;
    let second = asked_since(&admin, first).await.remove(0);
    assert_eq!(second.trouble, None);
    assert_eq!(titles(&admin).await, ["First"], "it is what it was");
    let asked = paper.asked()[1].to_lowercase();
    assert!(asked.contains("if-none-match: \"one\"\r\n"), "{asked}");
    assert!(asked.contains("if-modified-since: mon, 06 sep 2021 00:01:00 gmt\r\n"), "{asked}");

    assert_eq!(second.again_at, None, "in an hour, as all of them");
    assert_eq!(server.metric("parlor_tasks_broken_total ").await, "0");
    server.stop().await;
}

#[tokio::test]
async fn one_that_goes_wrong_is_asked_ever_more_seldom() {
    let server = Server::start_with(|raw| raw.outgoing_private = Some(true)).await;
    let admin = admin_of(&server).await;
    let (paper, other) = (Paper::new(feed(&["First"])).await, Paper::new(feed(&["Other"])).await);
    for (addresses, shown) in [([&other, &paper], ["Other", "First"]), ([&paper, &other], ["First", "Other"])]
        .map(|(papers, shown)| (papers.map(|paper| &paper.address), shown))
    {
        admin.put("/api/v1/news/feeds", json!({"addresses": addresses})).await.right::<Vec<Feed>>();
        asked_since(&admin, 0).await;
        while titles(&admin).await != shown {
            tokio::task::yield_now().await;
        }
    }
    let mut last = asked_since(&admin, 0).await.iter().filter_map(|feed| feed.asked_at).max().unwrap();
    let elsewhere = Paper::new(feed(&["Private"])).await;
    let moved = format!("location: {}\r\n", elsewhere.address);
    let bomb = r#"<!DOCTYPE l [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;">]><rss version="2.0"><channel><title>&b;</title></channel></rss>"#;
    let hostile = [
        (answer("500 Oh", "", ""), FeedTrouble::Refused),
        (answer("301 Moved", &moved, ""), FeedTrouble::Elsewhere),
        (answer("200 OK", "", "<html></html>"), FeedTrouble::NoFeed),
        (answer("200 OK", "content-type: image/png\r\n", "\u{89}PNG"), FeedTrouble::NoFeed),
        (answer("200 OK", "", bomb), FeedTrouble::NoFeed),
        (answer("200 OK", "", &"<a>".repeat(100_000)), FeedTrouble::NoFeed),
        // Larger than anything that is taken.
        (answer("200 OK", "", &"<a>".repeat(400_000)), FeedTrouble::Unreachable),
        ("nonsense\r\n\r\n".to_owned(), FeedTrouble::Unreachable),
    ];
    let pauses = [1, 2, 4, 8, 16, 24, 24, 24];
    let mut asked = 1;
    for ((said, trouble), (before, after)) in hostile.into_iter().zip([1].into_iter().chain(pauses).zip(pauses)) {
        paper.answers(said);
        if before > 1 {
            // The others are asked as ever.
            let others = other.asked().len();
            hours_later(before - 1).await;
            while other.asked().len() == others {
                tokio::task::yield_now().await;
            }
            assert_eq!(paper.asked().len(), asked, "not before {before} hours");
        }
        hours_later(1).await;
        let known = asked_at_last(&admin, last).await;
        last = known.asked_at.unwrap();
        assert_eq!(known.trouble, Some(trouble));
        let hours = known.again_at.map(|at| (at - last) / 3_600_000);
        assert_eq!(hours, (after > 1).then_some(after));
        assert_eq!(titles(&admin).await, ["First", "Other"], "what came before is still shown");
        asked += 1;
    }
    assert_eq!(paper.asked().len(), asked);
    assert_eq!(elsewhere.asked(), Vec::<String>::new(), "nobody named that one");

    paper.answers(feed(&["Second"]));
    hours_later(24).await;
    let known = asked_at_last(&admin, last).await;
    assert_eq!((known.trouble, known.again_at), (None, None));
    assert_eq!(titles(&admin).await, ["Second", "Other"]);
    assert_eq!(server.metric("parlor_tasks_broken_total ").await, "0");
    server.stop().await;
}

#[tokio::test]
async fn nothing_private_is_asked_unless_the_operator_allows_it() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let paper = Paper::new(feed(&["First"])).await;
    let many: Vec<String> = (0..11).map(|number| format!("https://feeds.example/{number}")).collect();
    admin.put("/api/v1/news/feeds", json!({"addresses": many})).await.refused(409, "too_many");
    for address in [
        paper.address.as_str(),
        "http://feeds.example/",
        "ftp://feeds.example/",
        "feeds",
        "",
        "https://a:b@feeds.example/",
    ] {
        admin.put("/api/v1/news/feeds", json!({"addresses": [address]})).await.refused(422, "bad_setting");
    }
    let private = paper.address.replace("http://", "https://");
    admin.put("/api/v1/news/feeds", json!({"addresses": [private]})).await.right::<Vec<Feed>>();
    let known = asked_since(&admin, 0).await.remove(0);
    assert_eq!(known.trouble, Some(FeedTrouble::Private));
    assert_eq!(paper.asked(), Vec::<String>::new());
    server.stop().await;
}
