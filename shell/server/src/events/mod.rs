//! One event socket: `Ask`s in, `Event`s out, as JSON. It decides nothing; what it tells comes from the hub.
//!
//! A page that says something unreadable gets one `refused` with the reason, and the socket is closed. A page that floods
//! is read more slowly; one that does not read is cut (see [`crate::control::pages`]); a silent one is given up.

pub mod endings;

use std::{
    future::pending,
    panic::{AssertUnwindSafe, resume_unwind},
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use hub::{Arrival, Pass};
use proto::{
    DeviceKey, LineId, Refusal,
    api::{Ask, Event, Problem},
};
use tokio::{
    sync::mpsc,
    time::{timeout, timeout_at},
};
use tokio_tungstenite::tungstenite;

use crate::{
    control::pages::{News, Page},
    http::{
        App, Caller, Fault, contacts, is_shallow, rooms,
        who::{SignedIn, Somebody},
    },
    session::pace::Pace,
};

/// Whose page it is.
#[derive(Debug)]
pub struct Visitor {
    /// Who, when the socket was opened.
    pub somebody: Somebody,
    /// The secret of the session by which we know, when there is one: it is asked again whether it is still good.
    pub secret: Option<String>,
    /// From where; wrong room codes count here too.
    pub caller: Caller,
}

/// Carries one socket until it ends, and says so to the hub.
pub async fn run(socket: WebSocket, page: Page, visitor: Visitor, app: &Arc<App>) {
    let line = page.line;
    tracing::debug!(line.id = line.0, "event socket {} opened", line.0);
    let cut = page.cut.clone();
    let ended = AssertUnwindSafe(cut.run_until_cancelled(converse(socket, page, &visitor, app))).catch_unwind().await;
    app.control.deaf(line).await;
    let end = ended.unwrap_or_else(|panic| resume_unwind(panic)).map_or("cut", End::name);
    tracing::debug!(line.id = line.0, end, "event socket {} ended", line.0);
}

/// How an event socket ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The server stops.
    Stopping,
    /// The page closed the socket, or the network did.
    Gone,
    /// Nothing was heard for too long.
    Silent,
    /// The page sent what is no `Ask`.
    Unreadable,
    /// The page sent a message beyond the limit.
    TooLarge,
    /// The session by which we knew the page is over.
    SignedOut,
    /// Who the page belongs to could not be found out: it comes back and says so again.
    Failed,
    /// The page takes nothing.
    Stuck,
}

impl End {
    fn name(self) -> &'static str {
        match self {
            Self::Stopping => "server stops",
            Self::Gone => "closed by the page",
            Self::Silent => "silent",
            Self::Unreadable => "unreadable message",
            Self::TooLarge => "message too large",
            Self::SignedOut => "signed out",
            Self::Failed => "something failed",
            Self::Stuck => "page takes nothing",
        }
    }

    /// The code with which the socket is closed, and what the page is told before, where it does not know already.
    fn farewell(self) -> Option<(u16, Option<Fault>)> {
        match self {
            Self::Gone | Self::Stuck => None,
            // It is expected back: pages say so.
            Self::Stopping => Some((close_code::RESTART, None)),
            Self::Silent => Some((close_code::POLICY, None)),
            Self::Unreadable => Some((close_code::PROTOCOL, Some(Fault::BadRequest))),
            Self::TooLarge => Some((close_code::SIZE, Some(Fault::TooLarge))),
            Self::SignedOut => Some((close_code::POLICY, Some(Refusal::SignInFirst.into()))),
            Self::Failed => Some((close_code::ERROR, Some(Fault::Internal))),
        }
    }
}

async fn converse(socket: WebSocket, mut page: Page, visitor: &Visitor, app: &Arc<App>) -> End {
    let (mut sink, mut stream) = socket.split();
    let line = page.line;
    let (reply, mut replies) = mpsc::channel(REPLIES);
    let write = async {
        loop {
            // News first: a state that is told late is only newer.
            let event = tokio::select! {
                biased;
                Some(event) = replies.recv() => Some(event),
                Some(news) = page.news.recv() => {
                    page.waiting.fetch_sub(news.weight(), Ordering::Relaxed);
                    match news {
                        News::Event(event) => Some(*event),
                        News::Admit(pass) => Some(admitted(app, &pass).await),
                    }
                }
                Ok(()) = page.state.changed() => {
                    let state = page.state.borrow_and_update().clone();
                    state.map(|state| Event::Meeting { state: state.as_ref().clone() })
                }
                else => return End::Stopping,
            };
            // The state was taken back before it was told.
            let Some(event) = event else { continue };
            match timeout(STUCK, sink.send(text(&event))).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return End::Gone,
                Err(_) => return End::Stuck,
            }
        }
    };
    let read = async {
        let mut pace = Pace::new(Instant::now());
        // A deadline: what is no ask does not put it off.
        let mut patience = tokio::time::Instant::now() + FIRST;
        loop {
            let message = match timeout_at(patience, stream.next()).await {
                Err(_) => return End::Silent,
                Ok(None) => return End::Gone,
                Ok(Some(Ok(message))) => message,
                Ok(Some(Err(error))) if is_too_large(&error) => return End::TooLarge,
                Ok(Some(Err(_))) => return End::Gone,
            };
            let wait = pace.take(Instant::now());
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
            let ask = match message {
                Message::Text(text) => match ask(&text) {
                    Ok(ask) => ask,
                    Err(Unreadable) => return End::Unreadable,
                },
                Message::Binary(_) => return End::Unreadable,
                Message::Close(_) => return End::Gone,
                // Answered by the WebSocket layer. They are no first message, and no sign of a page that is awake.
                Message::Ping(_) | Message::Pong(_) => continue,
            };
            patience = tokio::time::Instant::now() + SILENT;
            if matches!(ask, Ask::Here { .. }) {
                (1..HERE).for_each(|_| _ = pace.take(Instant::now()));
            }
            let answer = match carry_out(app, line, visitor, ask).await {
                Ok(answer) => answer,
                Err(end) => return end,
            };
            if let Some(answer) = answer
                && reply.send(answer).await.is_err()
            {
                return End::Stopping;
            }
        }
    };
    let end = tokio::select! {
        end = write => end,
        end = read => end,
        () = visitor.is_over(app) => End::SignedOut,
        () = app.tasks.stop.cancelled() => End::Stopping,
    };
    if end == End::SignedOut {
        // Before the page takes its leave, for which it may need a while.
        let _ = app.control.signed_out(line).await;
    }
    let goodbye = async {
        let Some((code, fault)) = end.farewell() else { return Ok(()) };
        if let Some(fault) = fault {
            sink.send(text(&Event::Refused { problem: problem(fault) })).await?;
        }
        sink.send(Message::Close(Some(CloseFrame { code, reason: end.name().into() }))).await
    };
    if end != End::Gone && end != End::Stuck && matches!(timeout(GOODBYE, goodbye).await, Ok(Ok(()))) {
        // As for signalling sockets: dropping a socket with unread bytes in it would reset the connection.
        let _ = timeout(GOODBYE, async { while let Some(Ok(_)) = stream.next().await {} }).await;
    }
    end
}

/// Does what a page asks; gives back what it is told at once.
async fn carry_out(app: &Arc<App>, line: LineId, visitor: &Visitor, ask: Ask) -> Result<Option<Event>, End> {
    let refused = |fault: Fault| Ok(Some(Event::Refused { problem: problem(fault) }));
    match ask {
        Ask::Attend { code } => {
            let somebody = match visitor.now(app).await {
                Ok(Some(somebody)) => somebody,
                Ok(None) => return Err(End::SignedOut),
                Err(fault) => return refused(fault),
            };
            let visit = match rooms::attend(app, visitor.caller, &somebody, &code).await {
                Ok(visit) => visit,
                Err(fault) => {
                    // Whoever asks for another room attends the last one no more.
                    app.control.quit(line).await.map_err(|_| End::Stopping)?;
                    return refused(fault);
                }
            };
            app.control.attend(line, visit).await.map_err(|_| End::Stopping)?;
            Ok(None)
        }
        Ask::Quit => {
            app.control.quit(line).await.map_err(|_| End::Stopping)?;
            Ok(None)
        }
        Ask::Here { device, idle } => {
            let signed_in = match visitor.now(app).await {
                Ok(Some(Somebody::Account(signed_in))) => signed_in,
                Ok(Some(Somebody::Guest(_))) => return refused(Refusal::SignInFirst.into()),
                Ok(None) => return Err(End::SignedOut),
                // A page says this once: it would never ring, and not know.
                Err(_) => return Err(End::Failed),
            };
            let Ok(arrival) = arrival(app, &signed_in, device, idle).await else { return Err(End::Failed) };
            app.control.here(line, arrival).await.map_err(|_| End::Stopping)?;
            Ok(None)
        }
        Ask::Ping => match visitor.now(app).await {
            Ok(Some(_)) => Ok(Some(Event::Pong)),
            Ok(None) => Err(End::SignedOut),
            Err(fault) => refused(fault),
        },
    }
}

/// A page of somebody with an account, with what is kept about both.
async fn arrival(app: &App, signed_in: &SignedIn, device: DeviceKey, idle: bool) -> Result<Arrival, Fault> {
    let account = signed_in.account.id;
    let name = signed_in.agent(&app.store).await?;
    let said = app.store.chosen(account).await?;
    let book = contacts::kept(app, account).await?;
    let unseen = app.store.unseen(account).await?.into_iter().collect();
    Ok(Arrival { account, device, name, idle, said, book, unseen })
}

impl Visitor {
    /// Waits until the session by which we know who it is is over, whatever the page asks or does not.
    async fn is_over(&self, app: &Arc<App>) {
        let Some(account) = self.somebody.account().map(|account| account.id) else { return pending().await };
        endings::over(&app.endings, account, || async move { Ok(self.now(app).await?.is_some()) }).await;
    }

    /// Who it is now: an account may have been changed, shut out or signed out from another place since.
    async fn now(&self, app: &Arc<App>) -> Result<Option<Somebody>, Fault> {
        match &self.secret {
            Some(secret) => Somebody::of_session(app, secret).await,
            None => Ok(Some(self.somebody.clone())),
        }
    }
}

/// What somebody is told whom the hub lets in.
async fn admitted(app: &App, pass: &Pass) -> Event {
    let ticket = match app.store.room_by_code(pass.room.as_str()).await {
        Ok(Some(stored)) => Ok(rooms::ticket(app, pass, stored.room)),
        Ok(None) => Err(Refusal::RoomUnknown.into()),
        Err(error) => Err(Fault::from(error)),
    };
    match ticket {
        Ok(ticket) => Event::Admitted { ticket },
        Err(fault) => Event::Refused { problem: problem(fault) },
    }
}

/// The text is no `Ask`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// Reads what a page asks.
///
/// # Errors
/// When it is no `Ask`.
pub fn ask(text: &str) -> Result<Ask, Unreadable> {
    if !is_shallow(text.as_bytes()) {
        return Err(Unreadable);
    }
    serde_json::from_str(text).map_err(|_| Unreadable)
}

fn text(event: &Event) -> Message {
    Message::Text(serde_json::to_string(event).expect("events have no maps whose keys are no texts").into())
}

fn problem(fault: Fault) -> Problem {
    fault.problem()
}

/// Whether a socket failed because a message was beyond its limit.
pub fn is_too_large(error: &axum::Error) -> bool {
    let source = std::error::Error::source(error).and_then(|source| source.downcast_ref());
    matches!(source, Some(tungstenite::Error::Capacity(_)))
}

/// The largest message (R4). The largest honest one names a room.
pub const LARGEST: usize = 64 * 1024;
/// See [`crate::session::READ_BUFFER`]: pages listen far more than they ask.
pub const READ_BUFFER: usize = crate::session::READ_BUFFER;
/// How long a page may take for its first word (R4): it knows the room before it opens the socket.
const FIRST: Duration = Duration::from_secs(10);
/// Silence after which a socket is given up: three signs of life that did not come.
const SILENT: Duration = Duration::from_secs(65);
/// As many messages one `here` counts for (R4): it reads six times, and a page says it when somebody comes or goes.
const HERE: u32 = 10;
/// How long one event may wait for the page's network to take it.
const STUCK: Duration = Duration::from_secs(15);
/// How long a last word may take.
const GOODBYE: Duration = Duration::from_secs(2);
/// Answers waiting to be written; when full, the page is read no further.
const REPLIES: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_ask_is_unreadable() {
        assert_eq!(ask(r#"{"ask":"ping"}"#), Ok(Ask::Ping));
        assert_eq!(ask(r#"{"ask":"attend","code":"x"}"#), Ok(Ask::Attend { code: "x".to_owned() }));
        let deep = format!(r#"{{"ask":"attend","code":{}"#, "[".repeat(40_000));
        for text in ["", "{}", "null", r#"{"ask":"dance"}"#, r#"{"ask":"attend","code":"x","more":1}"#, &deep] {
            assert_eq!(ask(text), Err(Unreadable), "{text:.60}");
        }
    }
}
