//! Accepts connections: TCP_NODELAY, TLS where it is spoken, HTTP/1.1, limits on sockets.

use std::{
    collections::BTreeMap,
    io,
    net::IpAddr,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, body::Body, http::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::{
    http::{Caller, Connection},
    tasks::Tasks,
    turn::{self, Relay, stream::is_turn},
};

/// What to serve, and how.
pub struct Door {
    /// Where connections arrive.
    pub listener: TcpListener,
    /// TLS, if it is spoken.
    pub tls: Option<TlsAcceptor>,
    /// What answers.
    pub router: Router,
    /// What speaks TURN.
    pub relay: Relay,
    /// Whether all connections come from one proxy, so that counting them by address says nothing.
    pub behind_proxy: bool,
}

/// Accepts until the server stops.
pub async fn run(door: Door, tasks: Tasks) {
    let crowd = Crowd::default();
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
        let counted = !door.behind_proxy && !peer.ip().to_canonical().is_loopback();
        let Some(place) = crowd.enter(counted.then(|| Caller(peer.ip().to_canonical()).group())) else {
            tracing::debug!("a connection was refused: too many are open");
            continue;
        };
        // Signalling is small messages that people wait for.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
        let (tls, router, relay) = (door.tls.clone(), door.router.clone(), door.relay.clone());
        let stop = tasks.stop.clone();
        tasks.spawn("connection", &tasks.cut, async move {
            let served = async {
                match tls {
                    // Whoever has not shaken hands when the server stops has asked for nothing yet.
                    Some(tls) => match stop.run_until_cancelled(secure(tls, stream)).await.transpose()? {
                        Some(Some(mut stream)) => {
                            let local = stream.get_ref().0.local_addr()?;
                            let first = async { Ok(stream.fill_buf().await?.first().copied()) };
                            match first_byte(first, &stop).await? {
                                Some(first) if is_turn(first) => {
                                    turn::stream::serve(stream, (peer, local), &relay, &stop).await
                                }
                                _ => serve(stream, router, Connection { peer, secure: true }, place, &stop).await,
                            }
                        }
                        Some(None) | None => Ok(()),
                    },
                    None => {
                        let mut first = [0];
                        let first = async { Ok((stream.peek(&mut first).await? > 0).then_some(first[0])) };
                        if first_byte(first, &stop).await?.is_some_and(is_turn) {
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
    stop: &tokio_util::sync::CancellationToken,
) -> io::Result<Option<u8>> {
    stop.run_until_cancelled(timeout(HEAD, first)).await.transpose()?.transpose().map(Option::flatten)
}

/// Shakes hands; `None` when the other side spoke plain HTTP and was told so.
async fn secure(
    tls: TlsAcceptor,
    mut stream: TcpStream,
) -> io::Result<Option<tokio_rustls::server::TlsStream<TcpStream>>> {
    timeout(HANDSHAKE, async {
        let mut first = [0];
        stream.peek(&mut first).await?;
        // A TLS record of a handshake begins with 22; a request with a letter.
        if first[0].is_ascii_alphabetic() {
            stream.write_all(PLAIN).await?;
            stream.shutdown().await?;
            return Ok(None);
        }
        tls.accept(stream).await.map(Some)
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

/// How many connections are open, in all and from each address.
///
/// A lock and not a task: it is held for one look into a map when a connection comes or goes.
#[derive(Debug, Clone, Default)]
struct Crowd(Arc<Mutex<Count>>);

#[derive(Debug, Default)]
struct Count {
    all: usize,
    from: BTreeMap<IpAddr, usize>,
}

/// One connection's place; given back when the last copy is dropped.
///
/// Each request carries a copy. An upgrade takes the socket out of the connection, which ends then: whoever goes on with
/// the socket keeps the place as long.
#[derive(Debug, Clone)]
pub struct Place {
    _kept: Arc<Kept>,
}

#[derive(Debug)]
struct Kept {
    crowd: Crowd,
    from: Option<IpAddr>,
}

impl Crowd {
    fn enter(&self, from: Option<IpAddr>) -> Option<Place> {
        let mut count = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if count.all >= SOCKETS {
            return None;
        }
        if let Some(address) = from {
            let here = count.from.entry(address).or_default();
            if *here >= SOCKETS_EACH {
                return None;
            }
            *here += 1;
        }
        count.all += 1;
        Some(Place { _kept: Arc::new(Kept { crowd: self.clone(), from }) })
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let mut count = self.crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
        count.all -= 1;
        if let Some(address) = self.from
            && let Some(here) = count.from.get_mut(&address)
        {
            *here -= 1;
            if *here == 0 {
                count.from.remove(&address);
            }
        }
    }
}

/// Connections in all. Beyond it new ones are closed at once; those that are open go on.
const SOCKETS: usize = 20_000;
/// Connections from one address, or one /64 of IPv6 (R17). This machine and a proxy are not counted.
const SOCKETS_EACH: usize = 200;
/// The pause after a failed accept.
const BREATH: Duration = Duration::from_millis(100);
/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long the head of a request may take, and how long a connection may idle between requests.
const HEAD: Duration = Duration::from_secs(30);
/// The largest head: the address of a join holds the token and an SDP, compressed to some 20 kB.
const HEAD_BYTES: usize = 128 * 1024;
/// The answer to plain HTTP where TLS is spoken.
const PLAIN: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n\
    This server speaks HTTPS. Open the same address with https:// in front.\n";

#[cfg(test)]
mod tests {
    use axum::{Extension, extract::WebSocketUpgrade, routing::get};
    use tokio_util::sync::CancellationToken;

    use super::*;

    #[tokio::test]
    async fn a_socket_keeps_its_place_beyond_the_upgrade() {
        let crowd = Crowd::default();
        let place = crowd.enter(None).unwrap();
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
        let all = || crowd.0.lock().unwrap().all;
        assert_eq!(all(), 1, "the HTTP connection has ended, the socket has not");
        release.send(()).unwrap();
        while all() > 0 {
            tokio::task::yield_now().await;
        }
    }

    #[test]
    fn one_address_gets_so_many_sockets_and_gives_them_back() {
        let crowd = Crowd::default();
        let ann = Some("192.0.2.1".parse().unwrap());
        let places: Vec<_> = (0..SOCKETS_EACH).map(|_| crowd.enter(ann).unwrap()).collect();
        assert!(crowd.enter(ann).is_none());
        assert!(crowd.enter(Some("192.0.2.2".parse().unwrap())).is_some());
        assert!(crowd.enter(None).is_some());
        drop(places);
        assert!(crowd.enter(ann).is_some());
        assert_eq!(crowd.0.lock().unwrap().all, 0);
        assert!(crowd.0.lock().unwrap().from.is_empty());
    }
}
