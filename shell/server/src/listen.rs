//! Accepts connections: TCP_NODELAY, TLS where it is spoken, HTTP/1.1, limits on sockets.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    pin::pin,
    time::{Duration, Instant},
};

use axum::{Router, body::Body, http::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{timeout, timeout_at},
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::{
    crowd::{Crowd, TurnedAway},
    http::{Caller, Connection},
    tasks::Tasks,
    tls::is_check,
    turn::{self, Relay, stream::is_turn},
};

pub use crate::crowd::Place;

/// What to serve, and how.
pub struct Door {
    /// Where connections arrive.
    pub listener: TcpListener,
    /// TLS, if it is spoken.
    pub tls: Option<TlsAcceptor>,
    /// What answers.
    pub router: Router,
    /// What answers whoever speaks plain HTTP where TLS is spoken.
    pub plain: Router,
    /// What speaks TURN.
    pub relay: Relay,
    /// Whether all connections come from one proxy, so that counting them by address says nothing.
    pub behind_proxy: bool,
    /// Who is there.
    pub crowd: Crowd,
}

/// Accepts until the server stops.
pub async fn run(door: Door, tasks: Tasks) {
    loop {
        let (stream, peer) = match door.listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Most likely no file descriptors are left: connections that end give some back.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let address = peer.ip().to_canonical();
        // By those two: a machine has millions of other loopback addresses, from which a flood can be tried.
        let here = [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()].contains(&address);
        let counted = !door.behind_proxy && !here;
        let from = counted.then(|| Caller(address).group());
        let now = Instant::now();
        let place = match door.crowd.enter(now, from) {
            Ok(place) => place,
            Err(why) => {
                tracing::debug!(?why, "a connection was turned away");
                if door.crowd.has_words(now) {
                    let telling = turn_away(door.tls.clone(), stream, why);
                    // Whoever does not listen has heard enough.
                    tasks.spawn("turned away", &tasks.cut, async { drop(telling.await) });
                }
                continue;
            }
        };
        // Signalling is small messages that people wait for.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
        let (tls, router, relay) = (door.tls.clone(), door.router.clone(), door.relay.clone());
        let plain = door.plain.clone();
        let stop = tasks.stop.clone();
        let until = tokio::time::Instant::now() + SILENCE;
        tasks.spawn("connection", &tasks.cut, async move {
            let served = async {
                match tls {
                    // Whoever has not shaken hands when the server stops has asked for nothing yet.
                    Some(tls) => match stop.run_until_cancelled(secure(tls, stream)).await.transpose()? {
                        Some(Spoken::Plain(stream)) => {
                            place.spoke();
                            serve(stream, plain, Connection { peer, secure: false }, place, &stop).await
                        }
                        Some(Spoken::Tls(mut stream)) if is_check(stream.get_ref().1) => stream.shutdown().await,
                        Some(Spoken::Tls(mut stream)) => {
                            let local = stream.get_ref().0.local_addr()?;
                            let first = async { Ok(stream.fill_buf().await?.first().copied()) };
                            let first = first_byte(first, until, &stop).await?;
                            place.spoke();
                            match first {
                                Some(first) if is_turn(first) => {
                                    turn::stream::serve(stream, (peer, local), &relay, &stop).await
                                }
                                _ => serve(stream, router, Connection { peer, secure: true }, place, &stop).await,
                            }
                        }
                        None => Ok(()),
                    },
                    None => {
                        let mut first = [0];
                        let first = async { Ok((stream.peek(&mut first).await? > 0).then_some(first[0])) };
                        let first = first_byte(first, until, &stop).await?;
                        place.spoke();
                        if first.is_some_and(is_turn) {
                            let local = stream.local_addr()?;
                            turn::stream::serve(stream, (peer, local), &relay, &stop).await
                        } else {
                            serve(stream, router, Connection { peer, secure: false }, place, &stop).await
                        }
                    }
                }
            };
            if let Err(error) = served.await {
                tracing::trace!(%error, "a connection ended early");
            }
        });
    }
}

/// What a connection begins with; nothing when it ends before, or the server does.
async fn first_byte(
    first: impl Future<Output = io::Result<Option<u8>>>,
    until: tokio::time::Instant,
    stop: &tokio_util::sync::CancellationToken,
) -> io::Result<Option<u8>> {
    stop.run_until_cancelled(timeout_at(until, first)).await.transpose()?.transpose().map(Option::flatten)
}

/// What the other side speaks.
enum Spoken {
    Tls(Box<tokio_rustls::server::TlsStream<TcpStream>>),
    Plain(TcpStream),
}

/// Shakes hands, unless the other side speaks plain HTTP.
async fn secure(tls: TlsAcceptor, stream: TcpStream) -> io::Result<Spoken> {
    timeout(HANDSHAKE, async {
        let mut first = [0];
        stream.peek(&mut first).await?;
        // A TLS record of a handshake begins with 22; a request with a letter.
        if first[0].is_ascii_alphabetic() {
            return Ok(Spoken::Plain(stream));
        }
        tls.accept(stream).await.map(Box::new).map(Spoken::Tls)
    })
    .await?
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    connection: Connection,
    place: Place,
    stop: &tokio_util::sync::CancellationToken,
) -> io::Result<()> {
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(connection);
        request.extensions_mut().insert(place.clone());
        router.clone().oneshot(request.map(Body::new))
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut serving = pin!(serving);
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        () = stop.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    ended.map_err(io::Error::other)
}

/// Says why a connection is turned away, to whoever still listens.
async fn turn_away(tls: Option<TlsAcceptor>, stream: TcpStream, why: TurnedAway) -> io::Result<()> {
    let text = format!(
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nRetry-After: 10\r\nConnection: close\r\n\r\n{why}\n"
    );
    let telling = async {
        match tls {
            Some(tls) => {
                match secure(tls, stream).await? {
                    // A check of an ACME server wants no words (RFC 8737, section 3).
                    Spoken::Tls(stream) if is_check(stream.get_ref().1) => Ok(()),
                    Spoken::Tls(mut stream) => {
                        stream.write_all(text.as_bytes()).await?;
                        stream.shutdown().await
                    }
                    Spoken::Plain(stream) => tell(stream, &text).await,
                }
            }
            None => tell(stream, &text).await,
        }
    };
    timeout(AWAY, telling).await?
}

/// Says something in plain HTTP to whoever asked anything.
async fn tell(mut stream: TcpStream, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await?;
    // What was asked is read, or the reset for it would overtake the answer.
    while stream.read(&mut [0; 1024]).await? > 0 {}
    Ok(())
}

/// The pause after a failed accept.
const BREATH: Duration = Duration::from_millis(100);
/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a connection may say nothing: until it has shaken hands and the first byte of what it asks is there. Browsers that
/// connect ahead of need connect again.
const SILENCE: Duration = Duration::from_secs(10);
/// How long it may take to tell somebody why there is no place.
const AWAY: Duration = Duration::from_secs(3);
/// How long the head of a request may take, and how long a connection may idle between requests.
const HEAD: Duration = Duration::from_secs(30);
/// The largest head: the address of a join holds the token and an SDP, compressed to some 20 kB.
const HEAD_BYTES: usize = 128 * 1024;

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use axum::{Extension, extract::WebSocketUpgrade, routing::get};
    use tokio_util::sync::CancellationToken;

    use super::*;

    #[tokio::test]
    async fn a_socket_keeps_its_place_beyond_the_upgrade() {
        let crowd = Crowd::default();
        let place = crowd.enter(Instant::now(), None).unwrap();
        let (release, released) = tokio::sync::oneshot::channel::<()>();
        let released = Arc::new(Mutex::new(Some(released)));
        let upgrade = async move |Extension(place): Extension<Place>, upgrade: WebSocketUpgrade| {
            upgrade.on_upgrade(async move |_socket| {
                let released = released.lock().unwrap().take().unwrap();
                let _ = released.await;
                drop(place);
            })
        };
        let router = Router::new().route("/", get(upgrade));
        let (mut client, server) = tokio::io::duplex(4096);
        let connection = Connection { peer: "192.0.2.1:1".parse().unwrap(), secure: false };
        let ask = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\
            Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        client.write_all(ask).await.unwrap();
        serve(server, router, connection, place, &CancellationToken::new()).await.unwrap();
        let all = || crowd.open();
        assert_eq!(all(), 1, "the HTTP connection has ended, the socket has not");
        release.send(()).unwrap();
        while all() > 0 {
            tokio::task::yield_now().await;
        }
    }
}
