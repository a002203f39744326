//! Browsers of people: each with its cookies, some with an event socket and a place in a meeting.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use futures_util::{SinkExt as _, StreamExt as _};
use proto::{
    Identity, Person,
    api::{Entry, Event, File, Me, MeetingState, Message, Problem, RoomView, Ticket},
    livekit::signal_response::Message as Response,
};
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_tungstenite::{WebSocketStream, tungstenite};

use crate::harness::{ADMIN, PASSWORD, Server, Socket};

/// A browser with its cookies.
pub struct Browser<'a> {
    pub server: &'a Server,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// What was answered, its bytes as they came.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// What stands in a success.
    #[track_caller]
    pub fn right<T: DeserializeOwned>(&self) -> T {
        assert!(self.status < 300, "{} {}", self.status, String::from_utf8_lossy(&self.body));
        self.json()
    }

    #[track_caller]
    pub fn done(&self) {
        assert_eq!(self.status, 204, "{}", String::from_utf8_lossy(&self.body));
    }

    /// That it is a refusal with this status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        let body = String::from_utf8_lossy(&self.body).into_owned();
        assert_eq!((self.status, self.json::<Problem>().code.as_str()), (status, code), "{body}");
    }
}

impl<'a> Browser<'a> {
    pub fn new(server: &'a Server) -> Self {
        Self { server, cookies: Mutex::default() }
    }

    /// Its cookies, as a `cookie` header carries them.
    pub fn cookie(&self) -> Option<String> {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Begins to give a file, and sends nothing of it once the server asks for its bytes.
    pub async fn begin_to_give(&self, room: &str) -> TcpStream {
        let cookie = self.cookie().unwrap_or_default();
        let head = format!(
            "POST /api/v1/rooms/{room}/files?name=slow.bin HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\n\
             content-type: application/octet-stream\r\ncontent-length: 1000\r\nexpect: 100-continue\r\n\r\n",
            self.server.web()
        );
        let mut stream = TcpStream::connect(self.server.web()).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut said = [0; 12];
        stream.read_exact(&mut said).await.unwrap();
        assert_eq!(&said, b"HTTP/1.1 100");
        stream
    }

    /// Keeps a cookie that was set elsewhere.
    pub fn keep(&self, set: &str) {
        let (name, value) = set.split(';').next().and_then(|pair| pair.split_once('=')).unwrap();
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.insert(name.to_owned(), value.to_owned());
    }

    /// One request over a fresh connection. `headers` may replace what is sent by default.
    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\nhost: {}\r\n", self.server.web());
        let has = |wanted: &str| headers.iter().any(|(name, _)| *name == wanted);
        if !has("content-length") && !has("transfer-encoding") {
            head += &format!("content-length: {}\r\n", body.len());
        }
        if !has("content-type") {
            head += "content-type: application/json\r\n";
        }
        if let Some(cookie) = self.cookie() {
            head += &format!("cookie: {cookie}\r\n");
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        let mut stream = TcpStream::connect(self.server.web()).await.unwrap();
        stream.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
        let (mut reader, mut writer) = stream.split();
        let mut bytes = Vec::new();
        // Whoever is refused early reads the answer while the rest is still on its way.
        let write = async {
            let _ = writer.write_all(body).await;
        };
        let (_, _) = tokio::join!(write, reader.read_to_end(&mut bytes));
        let reply = parse(&bytes).unwrap_or_else(|| panic!("no answer to {method} {path}"));
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, cookie) in reply.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = cookie.split(';').next().and_then(|pair| pair.split_once('=')).unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        reply
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[], b"").await
    }

    pub async fn post(&self, path: &str, body: serde_json::Value) -> Reply {
        self.ask("POST", path, &[], body.to_string().as_bytes()).await
    }

    pub async fn put(&self, path: &str, body: serde_json::Value) -> Reply {
        self.ask("PUT", path, &[], body.to_string().as_bytes()).await
    }

    pub async fn patch(&self, path: &str, body: serde_json::Value) -> Reply {
        self.ask("PATCH", path, &[], body.to_string().as_bytes()).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.ask("DELETE", path, &[], b"").await
    }

    /// Makes a room, kept among mine.
    pub async fn make_room(&self) -> RoomView {
        self.post("/api/v1/rooms", json!({"title": "Stand-up", "listed": true})).await.right()
    }

    pub async fn join(&self, room: &str, name: &str) -> Reply {
        self.post(&format!("/api/v1/rooms/{room}/join"), json!({"name": name})).await
    }

    /// Knocks and is let in at once.
    pub async fn ticket(&self, room: &str, name: &str) -> Ticket {
        match self.join(room, name).await.right() {
            Entry::Admitted { ticket } => ticket,
            Entry::Waiting { .. } => panic!("{name} has to wait"),
        }
    }

    /// Comes in with a media socket.
    pub async fn enter(&self, room: &str, name: &str) -> Inside {
        let ticket = self.ticket(room, name).await;
        use_ticket(self.server, ticket).await
    }

    pub async fn act(&self, room: &str, act: serde_json::Value) -> Reply {
        self.post(&format!("/api/v1/rooms/{room}/acts"), act).await
    }

    pub async fn write(&self, room: &str, body: serde_json::Value) -> Reply {
        self.post(&format!("/api/v1/rooms/{room}/messages"), body).await
    }

    pub async fn say(&self, room: &str, text: &str) -> Message {
        self.write(room, json!({"text": text})).await.right()
    }

    pub async fn give(&self, room: &str, name: &str, bytes: &[u8]) -> Reply {
        let path = format!("/api/v1/rooms/{room}/files?name={name}");
        self.ask("POST", &path, &[("content-type", "application/octet-stream")], bytes).await
    }

    /// Gives a file and a line that carries it.
    pub async fn send_file(&self, room: &str, name: &str, bytes: &[u8]) -> File {
        let file: File = self.give(room, name, bytes).await.right();
        self.write(room, json!({"text": "", "file": file.id})).await.right::<Message>().file.unwrap()
    }

    /// The texts that this browser may read.
    pub async fn texts(&self, room: &str) -> Vec<String> {
        let history: proto::api::History = self.get(&format!("/api/v1/rooms/{room}/messages")).await.right();
        history.messages.into_iter().map(|message| message.text).collect()
    }

    /// Opens the event socket; the error is the status in place of an upgrade.
    pub async fn events_with(&self, headers: &[(&str, &str)]) -> Result<Events, u16> {
        let mut request = tungstenite::http::Request::builder()
            .uri(format!("ws://{}/api/v1/events", self.server.web()))
            .header("host", self.server.web().to_string())
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", tungstenite::handshake::client::generate_key());
        if let Some(cookie) = self.cookie() {
            request = request.header("cookie", cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let stream = TcpStream::connect(self.server.web()).await.unwrap();
        match tokio_tungstenite::client_async(request.body(()).unwrap(), stream).await {
            Ok((socket, _)) => Ok(Events(socket)),
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn events(&self) -> Events {
        self.events_with(&[]).await.expect("an event socket")
    }

    /// An event socket that attends a room.
    pub async fn attend(&self, room: &str) -> Events {
        let mut events = self.events().await;
        events.send(json!({"ask": "attend", "code": room})).await;
        events
    }
}

/// Somebody in a meeting; leaves it when dropped.
pub struct Inside {
    pub person: Person,
    pub identity: Identity,
    pub socket: Socket,
}

/// Opens the media socket with a ticket.
pub async fn use_ticket(server: &Server, ticket: Ticket) -> Inside {
    let mut socket = server.socket(&format!("access_token={}", ticket.token), &[]).await.expect("a good ticket");
    match socket.response().await {
        Some(Response::Join(_)) => Inside { person: ticket.person, identity: ticket.identity, socket },
        other => panic!("expected join, got {other:?}"),
    }
}

/// An event socket.
pub struct Events(WebSocketStream<TcpStream>);

impl Events {
    pub async fn send(&mut self, ask: serde_json::Value) {
        self.raw(tungstenite::Message::Text(ask.to_string().into())).await;
    }

    pub async fn raw(&mut self, message: tungstenite::Message) {
        // The server may have closed it; the next read says so.
        let _ = self.0.send(message).await;
    }

    /// The next event; `None` once the socket is closed.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            match self.0.next().await? {
                Ok(tungstenite::Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(tungstenite::Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The first event from now on of which `pick` makes something.
    pub async fn until<T>(&mut self, pick: impl Fn(Event) -> Option<T>) -> T {
        loop {
            let event = self.next().await.expect("the socket stays open until then");
            if let Some(picked) = pick(event) {
                return picked;
            }
        }
    }

    pub async fn meeting(&mut self, right: impl Fn(&MeetingState) -> bool) -> MeetingState {
        self.until(|event| match event {
            Event::Meeting { state } if right(&state) => Some(state),
            _ => None,
        })
        .await
    }

    pub async fn message(&mut self) -> Message {
        self.until(|event| match event {
            Event::Message { message } => Some(message),
            _ => None,
        })
        .await
    }

    /// Waits for this very event.
    pub async fn sees(&mut self, wanted: &Event) {
        self.until(|event| (event == *wanted).then_some(())).await;
    }

    /// Everything that was told before the answer to a ping.
    pub async fn so_far(&mut self) -> Vec<Event> {
        self.send(json!({"ask": "ping"})).await;
        let mut told = Vec::new();
        loop {
            match self.next().await {
                Some(Event::Pong) | None => return told,
                Some(event) => told.push(event),
            }
        }
    }
}

/// The administrator's browser.
pub async fn admin(server: &Server) -> Browser<'_> {
    sign_in(server, ADMIN).await
}

/// The browser of somebody who has an account.
pub async fn sign_in<'a>(server: &'a Server, name: &str) -> Browser<'a> {
    let browser = Browser::new(server);
    browser.post("/api/v1/session", json!({"name": name, "password": PASSWORD})).await.right::<Me>();
    browser
}

/// Somebody with a new account.
pub async fn sign_up<'a>(server: &'a Server, name: &str) -> Browser<'a> {
    let browser = Browser::new(server);
    browser.post("/api/v1/accounts", json!({"name": name, "password": PASSWORD})).await.right::<Me>();
    browser
}

fn parse(bytes: &[u8]) -> Option<Reply> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Some(Reply { status, headers, body: bytes[end + 4..].to_vec() })
}
