//! One signalling socket: bytes to requests, responses to bytes. It knows no rooms and decides nothing.
//!
//! A client that says something unreadable gets one `leave` with the reason, and the socket is closed. A client that
//! floods is read more slowly; one that does not read is cut (see [`crate::control`]); a silent one is given up.

pub mod join;
pub mod pace;

use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use proto::{
    api::TrialOver,
    livekit::{
        DisconnectReason, LeaveRequest, SignalRequest, SignalResponse, leave_request::Action,
        signal_request::Message as Request, signal_response::Message as Response,
    },
    prost::Message as _,
};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite;

use crate::{
    control::{Control, Line, Outgoing},
    trials,
    turn::Signpost,
};
use pace::Pace;

/// What is added to, or left out of, what the hub tells one client.
#[derive(Debug)]
pub struct Told {
    /// Where the relay is, where there is one.
    pub signpost: Option<Signpost>,
    /// The one way of media that is tried, in a connection test.
    pub trial: Option<TrialOver>,
}

impl Told {
    fn apply(&mut self, response: &mut Response) {
        self.signpost.iter_mut().for_each(|signpost| signpost.furnish(response));
        if let Some(over) = self.trial {
            trials::narrow(over, response);
        }
    }
}

/// Carries one socket until it ends, and says so to the hub.
pub async fn run(socket: WebSocket, line: Line, control: Control, told: Told) {
    let session = line.session;
    tracing::debug!(session.id = session.0, "session {} opened", session.0);
    let cut = line.cut.clone();
    let ended = AssertUnwindSafe(cut.run_until_cancelled(Box::pin(converse(socket, line, &control, told))))
        .catch_unwind()
        .await;
    control.gone(session, matches!(ended, Ok(Some(End::Away)))).await;
    let end = ended.unwrap_or_else(|panic| resume_unwind(panic)).map_or("cut", End::name);
    tracing::debug!(session.id = session.0, end, "session {} ended", session.0);
}

/// How a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The hub said so.
    Closed,
    /// The client closed the socket, or the network did.
    Gone,
    /// The client closed the socket because it goes away, as browsers do with a page that is closed (RFC 6455, 7.4.1).
    Away,
    /// Nothing was heard for too long.
    Silent,
    /// The client sent what is no request.
    Unreadable,
    /// The client sent a message beyond the limit.
    TooLarge,
    /// The client takes nothing.
    Stuck,
}

impl End {
    fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed by the hub",
            Self::Gone => "closed by the client",
            Self::Away => "client goes away",
            Self::Silent => "silent",
            Self::Unreadable => "unreadable message",
            Self::TooLarge => "message too large",
            Self::Stuck => "client takes nothing",
        }
    }

    /// What the client is told before the socket closes, where it does not know already.
    fn farewell(self) -> Option<(Action, DisconnectReason, u16)> {
        match self {
            Self::Closed | Self::Gone | Self::Away | Self::Stuck => None,
            // It may only have lost its network for a while, and the hub keeps its seat: let it come back to it.
            Self::Silent => Some((Action::Resume, DisconnectReason::ConnectionTimeout, close_code::POLICY)),
            Self::Unreadable => Some((Action::Disconnect, DisconnectReason::SignalClose, close_code::PROTOCOL)),
            Self::TooLarge => Some((Action::Disconnect, DisconnectReason::SignalClose, close_code::SIZE)),
        }
    }
}

async fn converse(socket: WebSocket, mut line: Line, control: &Control, mut told: Told) -> End {
    let (mut sink, mut stream) = socket.split();
    let session = line.session;
    let outbox = &mut line.outbox;
    let write = async {
        loop {
            let sent = match outbox.recv().await {
                Some(Outgoing::Response(mut response)) => {
                    let size = response.encoded_len();
                    told.apply(&mut response);
                    let bytes = SignalResponse { message: Some(*response) }.encode_to_vec();
                    let sent = timeout(STUCK, sink.send(Message::Binary(bytes.into()))).await;
                    line.waiting.fetch_sub(size, Ordering::Relaxed);
                    sent
                }
                Some(Outgoing::Close) | None => return End::Closed,
            };
            match sent {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return End::Gone,
                Err(_) => return End::Stuck,
            }
        }
    };
    let read = async {
        let mut pace = Pace::new(Instant::now());
        loop {
            let message = match timeout(SILENT, stream.next()).await {
                Err(_) => return End::Silent,
                Ok(None) => return End::Gone,
                Ok(Some(Err(error))) if is_too_large(&error) => return End::TooLarge,
                Ok(Some(Err(_))) => return End::Gone,
                Ok(Some(Ok(message))) => message,
            };
            let wait = pace.take(Instant::now());
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
            match message {
                Message::Binary(bytes) => match request(&bytes) {
                    Ok(Some(request)) => {
                        if control.signal(session, Box::new(request)).await.is_err() {
                            return End::Closed;
                        }
                    }
                    // A message from the future: its kind is not known to us.
                    Ok(None) => {}
                    Err(Unreadable) => return End::Unreadable,
                },
                Message::Text(_) => return End::Unreadable,
                Message::Close(Some(frame)) if frame.code == close_code::AWAY => return End::Away,
                Message::Close(_) => return End::Gone,
                // Answered by the WebSocket layer.
                Message::Ping(_) | Message::Pong(_) => {}
            }
        }
    };
    let end = tokio::select! {
        end = write => end,
        end = read => end,
    };
    // What the hub sent before the client fell silent or spoke nonsense is of no use to it any more.
    let goodbye = async {
        let code = match end.farewell() {
            Some((action, reason, code)) => {
                let leave = LeaveRequest {
                    can_reconnect: action != Action::Disconnect,
                    reason: reason.into(),
                    action: action.into(),
                    regions: None,
                };
                let bytes = SignalResponse { message: Some(Response::Leave(leave)) }.encode_to_vec();
                sink.send(Message::Binary(bytes.into())).await?;
                code
            }
            None => close_code::NORMAL,
        };
        sink.send(Message::Close(Some(CloseFrame { code, reason: end.name().into() }))).await
    };
    if !matches!(end, End::Gone | End::Away | End::Stuck) && matches!(timeout(GOODBYE, goodbye).await, Ok(Ok(()))) {
        // Reading on until the client has closed too: dropping a socket with unread bytes in it would reset the
        // connection, and the reason could be lost on its way.
        let _ = timeout(GOODBYE, async { while let Some(Ok(_)) = stream.next().await {} }).await;
    }
    end
}

/// The bytes are no message of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// Decodes one request; `None` for a kind that is not known (yet).
///
/// # Errors
/// When the bytes are no message at all.
pub fn request(bytes: &[u8]) -> Result<Option<Request>, Unreadable> {
    SignalRequest::decode(bytes).map(|request| request.message).map_err(|_| Unreadable)
}

fn is_too_large(error: &axum::Error) -> bool {
    let source = std::error::Error::source(error).and_then(|source| source.downcast_ref());
    matches!(source, Some(tungstenite::Error::Capacity(_)))
}

/// The largest message. An offer with 60 sections is some 150 kB; nothing else comes near.
pub const LARGEST: usize = 256 * 1024;
/// What is read from a socket at once, in bytes. The buffer lasts as long as the socket, and is filled with zeros at every
/// read: the usual 128 KiB would be more than all else that a quiet participant costs.
pub const READ_BUFFER: usize = 4 * 1024;
/// Silence after which a socket is given up. Clients send a ping every 5 s (`ping_interval` of `join`), and the hub gives
/// up after 15 s those who have pinged before; this is for the rest.
const SILENT: Duration = Duration::from_secs(30);
/// How long one message may wait for the client's network to take it.
const STUCK: Duration = Duration::from_secs(15);
/// How long a last word may take.
const GOODBYE: Duration = Duration::from_secs(2);
