//! One message to one browser (RFC 8030), tried again as long as it matters.

use std::time::Duration;

use axum::body::Bytes;
use http_body_util::Full;
use hyper::{HeaderMap, Method, Request, StatusCode, Uri, header};
use store::StoredPush;
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep, timeout_at},
};

use super::{Browser, Push};
use crate::clock;

/// What a push service is to carry.
pub(super) struct Message {
    /// What the browser reads.
    pub(super) text: Vec<u8>,
    /// A later message of the same topic takes the place of this one (RFC 8030, section 5.4).
    pub(super) topic: String,
    /// Until when it matters.
    pub(super) until: Instant,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// The push service has it.
    Yes,
    /// It does not take it, or not in time.
    No,
    /// It says that the browser is not reached there any more.
    Never,
}

/// How many requests may be under way at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slots<'all> {
    /// Of everybody.
    pub(super) all: &'all Semaphore,
    /// Of one person: push services that one of them named and that do not answer hold up nobody else.
    pub(super) own: &'all Semaphore,
}

/// Brings a message to the push service of a browser.
pub(super) async fn deliver(push: &Push, slots: Slots<'_>, browser: &StoredPush, message: &Message) -> Reached {
    let Ok(endpoint) = browser.endpoint.parse::<Uri>() else { return Reached::Never };
    let Some(keys) = Browser::read(&browser.key, &browser.secret) else { return Reached::Never };
    // Its path is what makes it secret.
    let host = endpoint.host().unwrap_or_default().to_owned();
    let trouble = |why: &dyn std::fmt::Display| tracing::warn!(host, "a browser was not woken by {host}: {why}");
    // A message that matters for longer than this was at least tried for as long as a ring lasts.
    let ends = message.until.min(Instant::now() + PATIENCE);
    let mut tries = 0;
    loop {
        let left = message.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Reached::No;
        }
        let Some(request) = request(push, &endpoint, browser, &keys, message, left) else {
            trouble(&"the message could not be made");
            return Reached::No;
        };
        let answer = {
            // Where nobody answers in time what waits gives way: it would only make the next wait longer.
            let Ok(Ok(_own)) = timeout_at(ends, slots.own.acquire()).await else { return Reached::No };
            let Ok(Ok(_slot)) = timeout_at(ends, slots.all.acquire()).await else { return Reached::No };
            push.outgoing.send(request).await
        };
        let pause = match answer {
            Ok(answer) => match verdict(answer.status(), answer.headers(), tries) {
                Verdict::Is(reached) => {
                    if reached == Reached::No {
                        trouble(&answer.status());
                    }
                    return reached;
                }
                Verdict::Again(pause) => pause,
            },
            Err(error) => {
                trouble(&error);
                pause(tries)
            }
        };
        tries += 1;
        if tries >= TRIES || pause >= ends.saturating_duration_since(Instant::now()) {
            return Reached::No;
        }
        sleep(pause).await;
    }
}

fn request(
    push: &Push,
    endpoint: &Uri,
    browser: &StoredPush,
    keys: &Browser,
    message: &Message,
    left: Duration,
) -> Option<Request<Full<Bytes>>> {
    let body = keys.seal(&message.text).ok()?;
    let audience = format!("{}://{}", endpoint.scheme_str()?, endpoint.authority()?);
    Request::builder()
        .method(Method::POST)
        .uri(endpoint)
        .header(header::AUTHORIZATION, push.vapid.authorization(&audience, &browser.host, clock::unix()))
        .header(header::CONTENT_ENCODING, "aes128gcm")
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .header("ttl", left.as_secs())
        .header("urgency", "high")
        .header("topic", &message.topic)
        .body(Full::new(body.into()))
        .ok()
}

/// What an answer comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Is(Reached),
    /// The push service is to be asked again after a pause.
    Again(Duration),
}

/// What an answer says, after so many tries before (RFC 8030, sections 5 and 7.3).
fn verdict(status: StatusCode, headers: &HeaderMap, tries: u32) -> Verdict {
    match status {
        status if status.is_success() => Verdict::Is(Reached::Yes),
        StatusCode::NOT_FOUND | StatusCode::GONE => Verdict::Is(Reached::Never),
        status if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() => {
            Verdict::Again(asked_for(headers).unwrap_or(pause(tries)))
        }
        _ => Verdict::Is(Reached::No),
    }
}

/// How long a push service asks to be left alone.
fn asked_for(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// Ever longer: a push service that is too busy is not helped by more of it.
fn pause(tries: u32) -> Duration {
    FIRST * 2_u32.saturating_pow(tries)
}

/// The first pause before another try.
const FIRST: Duration = Duration::from_millis(500);
/// For how long a message is tried, however long it matters: what waits here is memory, and a push service says itself when it is
/// to be asked again, be it tomorrow. Twice the longest ring.
const PATIENCE: Duration = Duration::from_secs(120);
/// So many tries reach over a minute, which is longer than most rings.
const TRIES: u32 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: u16, retry_after: Option<&'static str>, tries: u32) -> Verdict {
        let mut headers = HeaderMap::new();
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, header::HeaderValue::from_static(seconds));
        }
        verdict(StatusCode::from_u16(status).unwrap(), &headers, tries)
    }

    #[test]
    fn who_is_gone_is_asked_no_more_and_who_is_busy_later() {
        assert_eq!(said(201, None, 0), Verdict::Is(Reached::Yes));
        assert_eq!(said(404, None, 0), Verdict::Is(Reached::Never));
        assert_eq!(said(410, Some("1"), 0), Verdict::Is(Reached::Never));
        for refused in [301, 400, 403, 413] {
            assert_eq!(said(refused, None, 0), Verdict::Is(Reached::No), "{refused}");
        }
        for busy in [429, 500, 503] {
            assert_eq!(said(busy, Some("7"), 3), Verdict::Again(Duration::from_secs(7)), "{busy}");
            assert_eq!(said(busy, None, 0), Verdict::Again(FIRST), "{busy}");
            assert_eq!(said(busy, Some("Wed, 21 Oct 2015 07:28:00 GMT"), 1), Verdict::Again(FIRST * 2), "{busy}");
        }
    }

    #[test]
    fn pauses_grow_and_all_tries_reach_over_the_longest_ring() {
        let pauses: Vec<_> = (0..TRIES - 1).map(pause).collect();
        assert!(pauses.windows(2).all(|two| two[0] < two[1]));
        assert!(pauses.iter().sum::<Duration>() > Duration::from_secs(60));
        assert_eq!(pause(u32::MAX), pause(40), "and never overflow");
    }
}
