//! Starts a server, speaks HTTP and WebSocket to it.

use std::{net::SocketAddr, path::Path};

use jsonwebtoken::{EncodingKey, Header};
use proto::{
    livekit::{
        SignalRequest, SignalResponse, signal_request::Message as Request, signal_response::Message as Response,
    },
    prost::Message as _,
};
use server::{
    Config, Exit, RunError, Started,
    config::{
        Raw,
        raw::{Addresses, ApiKeys},
    },
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
    sync::oneshot,
    task::JoinHandle,
};
use tokio_tungstenite::{WebSocketStream, tungstenite};

/// The API key of all tests, and its secret.
pub const KEY: &str = "test-key";
pub const SECRET: &str = "a secret of more than thirty-two characters";

/// The administrator of all tests, who signs in with these.
pub const ADMIN: &str = "admin";
pub const PASSWORD: &str = "a password for the tests";

pub struct Server {
    pub started: Started,
    /// The cookie of the administrator, as a `cookie` header carries it. Empty before the set-up.
    pub admin: String,
    stop: oneshot::Sender<()>,
    running: JoinHandle<Result<Exit, RunError>>,
    pub folder: TempDir,
}

impl Server {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// A server that was set up: anybody may make rooms and accounts.
    pub async fn start_with(change: impl FnOnce(&mut Raw)) -> Self {
        let mut server = Self::start_bare(change).await;
        server.set_up().await;
        server
    }

    /// Sets it up with the code that it printed.
    pub async fn set_up(&mut self) {
        let code = self.started.set_up_code.as_deref().expect("it was not set up");
        let wanted = serde_json::json!({
            "code": code, "serverName": "Test", "create": "anyone", "signUp": true,
            "account": {"name": ADMIN, "displayName": "Ada", "password": PASSWORD},
        });
        let reply = self.post("/api/v1/setup", &wanted.to_string()).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        self.admin = reply.cookie();
    }

    /// A server as it is at its first start.
    pub async fn start_bare(change: impl FnOnce(&mut Raw)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut raw = settings(folder.path());
        change(&mut raw);
        let config = Config::load(raw, None, |_| None).unwrap();
        let (stop, stopped) = oneshot::channel();
        let (announce, announced) = oneshot::channel();
        let shutdown = async move { drop(stopped.await) };
        let running = tokio::spawn(server::run(config, shutdown, move |started| drop(announce.send(started))));
        match announced.await {
            Ok(started) => Self { started, admin: String::new(), stop, running, folder },
            Err(_) => panic!("the server did not start: {:?}", running.await.unwrap()),
        }
    }

    pub fn web(&self) -> SocketAddr {
        self.started.web
    }

    pub async fn stop(self) -> (Exit, TempDir) {
        drop(self.stop);
        (self.running.await.unwrap().unwrap(), self.folder)
    }

    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Reply {
        let stream = TcpStream::connect(self.web()).await.unwrap();
        ask(stream, method, path, headers, body).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[], "").await
    }

    /// Asks as whoever has this cookie.
    pub async fn by(&self, cookie: &str, method: &str, path: &str, body: &str) -> Reply {
        self.ask(method, path, &[("content-type", "application/json"), ("cookie", cookie)], body).await
    }

    /// Asks as the administrator.
    pub async fn by_admin(&self, method: &str, path: &str, body: &str) -> Reply {
        self.by(&self.admin, method, path, body).await
    }

    /// Makes an account, and gives back its cookie.
    pub async fn sign_up(&self, name: &str) -> String {
        let body = format!(r#"{{"name":"{name}","password":"{PASSWORD}"}}"#);
        let reply = self.post("/api/v1/accounts", &body).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.cookie()
    }

    pub async fn post(&self, path: &str, body: &str) -> Reply {
        self.ask("POST", path, &[("content-type", "application/json")], body).await
    }

    /// The text of `/metrics` behind a name.
    pub async fn metric(&self, name: &str) -> String {
        let page = self.get("/metrics").await.body;
        let line = page.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("no {name} in {page}"));
        line[name.len()..].trim().to_owned()
    }

    /// Opens a signalling socket; the error is the answer in place of an upgrade.
    pub async fn socket(&self, query: &str, headers: &[(&str, &str)]) -> Result<Socket, Reply> {
        let mut request = tungstenite::http::Request::builder()
            .uri(format!("ws://{}/rtc/v1?{query}", self.web()))
            .header("host", self.web().to_string())
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", tungstenite::handshake::client::generate_key());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let stream = TcpStream::connect(self.web()).await.unwrap();
        match tokio_tungstenite::client_async(request.body(()).unwrap(), stream).await {
            Ok((socket, _)) => Ok(Socket(socket)),
            Err(tungstenite::Error::Http(response)) => Err(Reply {
                status: response.status().as_u16(),
                headers: Vec::new(),
                body: String::from_utf8(response.body().clone().unwrap_or_default()).unwrap(),
            }),
            Err(error) => panic!("{error}"),
        }
    }

    /// A socket of somebody who was let in: the first response is `join`.
    pub async fn join(&self, room: &str, identity: &str) -> Socket {
        let mut socket =
            self.socket(&format!("access_token={}", token(room, identity)), &[]).await.expect("a good token");
        match socket.response().await {
            Some(Response::Join(_)) => socket,
            other => panic!("expected join, got {other:?}"),
        }
    }
}

/// Settings for a server that meets nobody else's.
pub fn settings(folder: &Path) -> Raw {
    Raw {
        data: Some(folder.to_owned()),
        listen: Some("127.0.0.1:0".parse().unwrap()),
        media_port: Some(0),
        media_threads: Some(1),
        media_address: Some(Addresses(vec!["127.0.0.1".parse().unwrap()])),
        api_keys: Some(ApiKeys([(KEY.to_owned(), SECRET.to_owned())].into())),
        ..Raw::default()
    }
}

/// Why a server with these settings does not start.
pub async fn refusal(raw: Raw) -> RunError {
    let config = Config::load(raw, None, |_| None).unwrap();
    server::run(config, std::future::pending(), |_| panic!("it started")).await.unwrap_err()
}

#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// The session's cookie that it sets, as a `cookie` header carries it.
    pub fn cookie(&self) -> String {
        let set = self.headers.iter().find(|(name, value)| name == "set-cookie" && value.contains("parlor_session="));
        let (_, value) = set.unwrap_or_else(|| panic!("no session: {self:?}"));
        value.split(';').next().unwrap().to_owned()
    }

    pub fn json<T: serde::de::DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// One request over a fresh connection.
pub async fn ask(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: impl AsRef<[u8]>,
) -> Reply {
    let body = body.as_ref();
    let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    if !headers.iter().any(|(name, _)| *name == "host") {
        head += "host: parlor.test\r\n";
    }
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    let request = [head.as_bytes(), b"\r\n", body].concat();
    stream.write_all(&request).await.unwrap();
    let mut bytes = Vec::new();
    // A peer that hangs up after its answer (TLS without a goodbye, an unread body) has still answered.
    let _ = stream.read_to_end(&mut bytes).await;
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer to {method} {path}: {text}"));
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Reply { status, headers, body: body.to_owned() }
}

pub struct Socket(pub WebSocketStream<TcpStream>);

impl Socket {
    /// The next response; `None` once the socket is closed.
    pub async fn response(&mut self) -> Option<Response> {
        use futures_util::StreamExt as _;
        loop {
            match self.0.next().await? {
                Ok(tungstenite::Message::Binary(bytes)) => return SignalResponse::decode(bytes).unwrap().message,
                Ok(tungstenite::Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// Reads until the socket is closed, and gives back the last `leave`.
    pub async fn leave(&mut self) -> Option<proto::livekit::LeaveRequest> {
        let mut last = None;
        while let Some(response) = self.response().await {
            if let Response::Leave(leave) = response {
                last = Some(leave);
            }
        }
        last
    }

    pub async fn send(&mut self, request: Request) {
        self.raw(SignalRequest { message: Some(request) }.encode_to_vec()).await;
    }

    pub async fn raw(&mut self, bytes: Vec<u8>) {
        self.message(tungstenite::Message::Binary(bytes.into())).await.unwrap();
    }

    pub async fn message(&mut self, message: tungstenite::Message) -> Result<(), tungstenite::Error> {
        use futures_util::SinkExt as _;
        self.0.send(message).await
    }
}

pub fn claims(room: &str, identity: &str) -> serde_json::Value {
    serde_json::json!({
        "iss": KEY, "sub": identity, "name": identity, "nbf": server::unix() - 5, "exp": server::unix() + 60,
        "video": {"room": room, "roomJoin": true},
    })
}

pub fn token(room: &str, identity: &str) -> String {
    sign(&claims(room, identity), SECRET)
}

pub fn sign(claims: &serde_json::Value, secret: &str) -> String {
    jsonwebtoken::encode(&Header::default(), claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
}
