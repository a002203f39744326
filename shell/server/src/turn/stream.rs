//! One connection of a TURN client: bytes to messages, and back.

use std::{io, net::SocketAddr, time::Duration};

use ::turn::Framing;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    sync::mpsc,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::{Event, Messages, OUTBOX, Relay};

/// Whether a stream that begins with this byte speaks TURN: a STUN request, whose two first bits are zero. A request of HTTP begins with a letter.
pub fn is_turn(first: u8) -> bool {
    first <= 3
}

/// Carries a connection until either side ends it.
///
/// # Errors
/// What broke the connection; a client that sends no messages is an error, too.
pub async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    (remote, local): (SocketAddr, SocketAddr),
    relay: &Relay,
    stop: &CancellationToken,
) -> io::Result<()> {
    let client = relay.next(remote, local);
    let (outbox, outgoing) = mpsc::channel(OUTBOX);
    let cut = CancellationToken::new();
    if relay.events.send(Event::Opened { client, outbox, cut: cut.clone() }).await.is_err() {
        return Ok(());
    }
    let (reader, writer) = tokio::io::split(stream);
    let carried = tokio::select! {
        read = read(reader, client, relay) => read,
        written = write(writer, outgoing) => written,
        () = cut.cancelled() => Ok(()),
        () = stop.cancelled() => Ok(()),
    };
    // The relay ends with the server, and has nothing to forget then.
    let _ = relay.events.send(Event::Closed { client }).await;
    carried
}

async fn read(mut reader: impl AsyncRead + Unpin, client: ::turn::Client, relay: &Relay) -> io::Result<()> {
    let mut framing = Framing::new();
    loop {
        let count = timeout(IDLE, reader.read(framing.space())).await??;
        if count == 0 {
            return Ok(());
        }
        framing.filled(count);
        let mut messages = Messages::default();
        while let Some(message) = framing.next_message().map_err(io::Error::other)? {
            messages.push(message);
        }
        if !messages.lengths.is_empty() && relay.events.send(Event::Messages { client, messages }).await.is_err() {
            return Ok(());
        }
    }
}

async fn write(mut writer: impl AsyncWrite + Unpin, mut outgoing: mpsc::Receiver<Vec<u8>>) -> io::Result<()> {
    while let Some(bytes) = outgoing.recv().await {
        timeout(STUCK, writer.write_all(&bytes)).await??;
        if outgoing.is_empty() {
            timeout(STUCK, writer.flush()).await??;
        }
    }
    Ok(())
}

/// Longer than an allocation lasts without a refresh (600 s): who is silent for so long has none.
const IDLE: Duration = Duration::from_secs(660);

/// How long a network may take to take a piece.
const STUCK: Duration = Duration::from_secs(15);
